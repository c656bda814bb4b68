"""Whether a paper was withdrawn: arXiv keeps its page and says so in the comment, or in place of the abstract."""

import re

_SAID = re.compile(
    r"\b(?:this|the) (?:paper|article|submission|manuscript|work|preprint) (?:has been|was|is|had been) "
    r"(?:temporarily )?withdrawn\b|^\W*(?:paper |article )?withdrawn\b",
    re.IGNORECASE,
)
_WITHIN = 300


def is_said(abstract: str, comment: str) -> bool:
    return bool(_SAID.search(abstract.strip()[:_WITHIN]) or _SAID.search(comment))
