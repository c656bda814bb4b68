"""Any RSS or Atom feed of papers: a journal's, a repository's, a saved search's."""
