"""The write side: one verb per file, each safe to run twice."""
