"""Viruses: HIV-1, and what ASI2 can say."""
