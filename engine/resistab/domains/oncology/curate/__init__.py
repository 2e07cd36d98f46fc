"""What curators of tumour rules have beside what all curators have."""
