"""arXiv by OAI-PMH: everything that changed since a day, with the history of versions. The route that misses nothing."""
