"""The report: one typed model, rendered to JSON, HTML and the terminal."""
