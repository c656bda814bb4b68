"""arXiv by its RSS and Atom feeds: one listing a topic and day. The quick route, which alone says the day for certain."""
