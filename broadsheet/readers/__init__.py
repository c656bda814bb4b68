"""People and what they keep."""
