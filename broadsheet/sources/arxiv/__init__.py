"""arXiv: the metadata snapshot that it publishes (JSON Lines)."""
