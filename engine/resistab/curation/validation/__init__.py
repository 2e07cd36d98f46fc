"""Do the rules hold? Verdicts of a rule set beside what was measured, or beside what happened to patients."""
