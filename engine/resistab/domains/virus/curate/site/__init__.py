"""Pages of a virus's rule set."""
