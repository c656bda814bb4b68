"""arXiv: its metadata snapshot (a file), and its three routes over the network: OAI-PMH, feeds and the query API."""
