"""Measurements: on real papers, by the real commands, never inside a test."""
