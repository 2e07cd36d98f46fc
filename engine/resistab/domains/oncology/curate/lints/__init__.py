"""What is doubtful in a sound rule set for tumours."""
