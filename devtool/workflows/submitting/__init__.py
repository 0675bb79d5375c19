"""Pull requests before they are opened: what they carry, what the project will say, what to write."""
