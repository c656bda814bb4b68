"""Saved pages of Daily Papers: as the text that a browser copies, and as HTML with the data the page came with."""
