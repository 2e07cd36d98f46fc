"""ASI2, the format in which algorithms for HIV are published."""
