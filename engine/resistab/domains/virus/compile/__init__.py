"""From the rule set to the program."""
