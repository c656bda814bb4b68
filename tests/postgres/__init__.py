"""A throw-away PostgreSQL for the suite."""
