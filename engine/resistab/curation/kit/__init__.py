"""What the shells and the domains share for curation."""
