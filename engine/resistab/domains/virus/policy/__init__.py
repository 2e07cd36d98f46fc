"""From rows that hold to scores, levels and verdicts."""
