"""Drafts of rows from an export of CIViC."""
