"""A paper as the search room sees it: which of its facts are indexed, filtered and counted."""

import hashlib
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Document:
    """One paper to be indexed. Text fields may be empty, never None.

    ``paper`` is the database id, positive; ``ids`` are all known ids (arXiv, DOI, ...), lower-case;
    ``sources`` are source names; ``lang`` is an ISO 639-1 code or '' when unknown.
    """

    paper: int
    key: str
    title: str
    abstract: str = ""
    summary: str = ""
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    venue: str = ""
    sources: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    published: date | None = None
    year: int | None = None
    has_code: bool = False
    votes: int = 0
    citations: int = 0
    heat: float = 0.0
    lang: str = ""

    @property
    def meaning(self) -> str:
        """The text an encoder reads. Abstracts of megabytes are cut: what a paper is about stands at its start."""
        return f"{self.title}\n{self.abstract or self.summary}"[:6_000]

    @property
    def meaning_hash(self) -> int:
        """64 bits that differ when the text that an encoder reads differs."""
        raw = self.meaning.encode("utf-8", "replace")
        return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "little")

    @property
    def text_hash(self) -> int:
        """64 bits that differ when anything but the figures that move daily (votes, citations, heat) differs."""
        lists = (self.authors, self.topics, self.keywords, self.sources, self.ids)
        still = (
            f"{self.paper}\x1f{self.key}\x1f{self.title}\x1f{self.abstract}\x1f{self.summary}\x1f{self.venue}\x1f"
            f"{self.published}\x1f{self.year}\x1f{self.has_code}\x1f{self.lang}\x1f"
        )
        raw = (still + "\x1f".join("\x1e".join(one) for one in lists)).encode("utf-8", "replace")
        return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "little")
