"""arXiv by its query API: days in the past, and single papers that another route missed."""
