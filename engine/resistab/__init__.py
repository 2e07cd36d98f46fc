"""Explained and cited interpretation of genotypes for drug resistance.

>>> import resistab
>>> interpreter = resistab.load("oncology")
>>> report = interpreter.evaluate(tumour="LUAD", findings=["EGFR L858R", "EGFR T790M"])
"""

__version__ = "0.1.0"
