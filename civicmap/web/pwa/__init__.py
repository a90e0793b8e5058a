"""civicmap on a phone's home screen and without network: service worker, manifest, offline page."""

from civicmap.web.pwa import manifest, worker  # noqa: F401 - views register themselves on import
