"""Whether a rule set for tumours is sound, and its citations are those of the evidence."""
