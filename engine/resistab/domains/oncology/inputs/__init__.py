"""Files of patients with tumours, and from what is given to the genotype."""
