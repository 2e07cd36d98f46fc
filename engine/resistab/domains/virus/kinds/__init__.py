"""The kinds of files that a virus's rule set is made of."""
