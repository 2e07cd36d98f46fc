"""A patient's dated samples beside each other."""
