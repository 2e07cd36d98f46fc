"""From what the evaluators derived to a verdict for each drug, with its derivation."""
