"""Places that papers come from: their bytes in, our records out; nothing is stored here."""
