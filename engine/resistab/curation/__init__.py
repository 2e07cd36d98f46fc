"""What curators need to change rules with confidence."""
