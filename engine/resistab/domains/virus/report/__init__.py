"""The report on a virus."""
