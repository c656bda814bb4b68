"""Pages: HTML and htmx fragments."""
