"""Whether a virus's rule set is sound."""
