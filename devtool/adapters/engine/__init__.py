"""The Docker engine: where it listens, what it knows, what runs in its containers."""
