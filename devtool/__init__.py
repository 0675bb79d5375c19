"""devtool: from a fresh machine to a first accepted contribution."""

__version__ = "0.1.0"
