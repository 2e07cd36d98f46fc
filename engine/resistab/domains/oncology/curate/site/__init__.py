"""Pages of a rule set for tumours."""
