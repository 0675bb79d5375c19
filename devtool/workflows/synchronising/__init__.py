"""A checkout whose engine cannot see it: its source in a volume there, sent before each build."""
