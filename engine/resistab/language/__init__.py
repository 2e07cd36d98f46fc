"""The language of findings and conditions: protein changes, conditions, their text."""
