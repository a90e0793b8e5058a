from hypothesis import settings

# A shared or busy machine must not fail a property for being slow.
settings.register_profile("civicmap", deadline=None)
settings.load_profile("civicmap")
