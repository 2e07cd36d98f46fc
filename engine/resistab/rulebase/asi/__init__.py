"""Algorithms for HIV in the format ASI2, to and from rule sets."""
