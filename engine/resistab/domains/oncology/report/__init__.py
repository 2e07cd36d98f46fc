"""The report on a tumour."""
