"""The kinds of files that a rule set for tumours is made of."""
