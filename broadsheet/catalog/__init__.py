"""Papers and what belongs to them, in tables."""
