"""One file per family of pages: what is asked, which listing answers, which template shows it."""
