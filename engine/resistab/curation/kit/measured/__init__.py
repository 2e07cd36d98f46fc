"""Measured resistance of many samples: tables of it, and what a domain brings so that rules can be held against it."""
