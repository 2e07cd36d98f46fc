"""What is doubtful in a virus's sound rule set."""
