"""From rows that fired to scores, levels and verdicts."""
