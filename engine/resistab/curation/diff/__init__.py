"""What a change of rules does."""
