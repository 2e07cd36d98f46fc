"""From a genotype to conclusions: the program, the observations, the two evaluators and their agreement."""
