"""Germline pharmacogenomics: from HLA alleles and diplotypes to whether a drug can be given."""
