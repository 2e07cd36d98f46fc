"""Many tumours at once: what rows of a table say of each drug, as ``verdict_of`` would say of each tumour alone."""
