"""What pages of every rule set are made of."""
