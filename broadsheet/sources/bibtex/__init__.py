"""BibTeX and BibLaTeX files, parsed by bibtexparser."""
