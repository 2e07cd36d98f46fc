"""The rulebase as a static site that works from the file system: ``site_files`` makes it, ``write_site`` writes it."""
