"""From a sequence to mutations."""
