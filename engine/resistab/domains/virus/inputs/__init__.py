"""Files of viruses: lists of mutations, and sequences."""
