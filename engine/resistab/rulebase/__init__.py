"""Curated knowledge: its models, how it is read from YAML, checked and cached."""
