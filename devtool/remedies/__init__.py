"""Carrying out typed actions, remembering how each is taken back, and taking it back."""
