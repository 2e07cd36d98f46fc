"""Readers of the files that people have: one module for each kind, from a file to samples as given."""
