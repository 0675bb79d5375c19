"""What a checkout asks of this machine, read from its own files and never from a table of versions."""
