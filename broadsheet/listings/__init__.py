"""The read side: every list the product shows, so that HTML, JSON, feeds and mail cannot disagree."""
