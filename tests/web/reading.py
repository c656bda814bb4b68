"""A page as its reader meets it: headings, links, cards."""

from dataclasses import dataclass

from django.http import HttpResponse
from selectolax.lexbor import LexborHTMLParser, LexborNode


@dataclass(frozen=True, slots=True)
class Page:
    tree: LexborHTMLParser

    def one(self, selector: str) -> LexborNode:
        found = self.tree.css(selector)
        assert len(found) == 1, f"{selector}: {len(found)} of them"
        return found[0]

    def all(self, selector: str) -> list[str]:
        """The texts of what ``selector`` finds, white space closed up."""
        return [words(node) for node in self.tree.css(selector)]

    def text(self, selector: str) -> str:
        return words(self.one(selector))

    def link(self, words_of_it: str) -> str:
        """Where the link with these words leads; it must be the only one."""
        found = {node.attributes["href"] or "" for node in self.tree.css("a[href]") if words(node) == words_of_it}
        assert len(found) == 1, f"{words_of_it!r}: {found}"
        return found.pop()

    @property
    def titles(self) -> list[str]:
        return [words(node) for node in self.tree.css("[data-paper] h3 a")]

    @property
    def links(self) -> set[str]:
        return {node.attributes["href"] or "" for node in self.tree.css("a[href]")}


def words(node: LexborNode) -> str:
    return " ".join(node.text().split())


def read(response: HttpResponse, status: int = 200) -> Page:
    assert response.status_code == status, (response.status_code, response.get("Location"), response.content[:300])
    return Page(LexborHTMLParser(response.content.decode()))
