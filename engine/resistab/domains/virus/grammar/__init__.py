"""Residues, and conditions on them."""
