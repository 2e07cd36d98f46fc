"""A local web page and HTTP API: what the command line does for one patient, asked from a browser or a program."""
