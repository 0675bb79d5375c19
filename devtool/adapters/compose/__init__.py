"""Docker Compose: which ones are here, and what its files say, read without it."""
