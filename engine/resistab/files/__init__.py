"""Files as people have them, read and written: compressed text, tables, YAML with its places; it knows no domain."""
