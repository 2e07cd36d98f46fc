"""Conditions on tumours: parsed, and printed as they are parsed."""
