"""What deserves a second look in a virus's sound rule set."""
