"""What can be interpreted, a package each; every one has modules of the same names."""
