"""JSON with comments, as VS Code keeps its settings in it: read, cut and merged by spans of the text.

A library was refused: the one that gives every byte back (json-five) reads
100 KB a second and takes more than VS Code does, and inserting is left to us
all the same.
"""
