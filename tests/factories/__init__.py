"""Small believable objects for tests: a square city with two districts, and what happens in it."""
