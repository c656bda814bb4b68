"""GitHub: the stars of the code that papers link to."""
