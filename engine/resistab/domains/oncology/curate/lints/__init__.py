"""What deserves a second look in a sound rule set for tumours."""
