"""The names of papers and the names on them, written for a whole batch in the caller's transaction."""

from collections.abc import Container, Iterable, Mapping

from broadsheet.catalog.models import Author, Authorship, Identifier, Paper
from broadsheet.catalog.rows import insert
from broadsheet.core import text
from broadsheet.core.merge import Facts


def write_names(facts: Mapping[int, Facts], held: Container[int]) -> set[int]:
    """The names of the papers. Returns those of the papers in ``held`` that have other names than before."""
    wanted = {one.key: (one.key, one.scheme.value, paper) for paper, said in facts.items() for one in said.ids}
    before = Identifier.objects.filter(paper__in=[paper for paper in facts if paper in held])
    known = {(one.key, one.scheme, one.paper_id) for one in before}
    gone = known - set(wanted.values())
    if gone:
        Identifier.objects.filter(key__in=[key for key, _, _ in gone]).delete()
    new = [row for row in wanted.values() if row not in known]
    insert(Identifier, ("key", "scheme", "paper_id"), new)
    return {paper for _, _, paper in (*gone, *new) if paper in held}


def write_authors(facts: Mapping[int, Facts], before: Mapping[int, Paper]) -> None:
    """Authors and who wrote what; where the authors of a paper in ``before`` changed, all its authorships anew."""
    same = {paper for paper, held in before.items() if held.authors == list(facts[paper].authors)}
    if replaced := before.keys() - same:
        Authorship.objects.filter(paper__in=replaced).delete()
    written = [
        (paper, key, position)
        for paper, said in facts.items()
        if paper not in same
        for position, name in enumerate(said.authors)
        if (key := text.name_key(name))
    ]
    keys = {key for _, key, _ in written}
    numbers = _author_numbers(keys)
    if missing := sorted(keys - numbers.keys()):
        insert(Author, ("key",), [(key,) for key in missing])
        numbers |= _author_numbers(missing)
    insert(
        Authorship,
        ("paper_id", "author_id", "position"),
        [(paper, numbers[key], position) for paper, key, position in written],
    )


def _author_numbers(keys: Iterable[str]) -> dict[str, int]:
    wanted = list(keys)
    numbers: dict[str, int] = {}
    for start in range(0, len(wanted), 5_000):
        numbers |= dict(Author.objects.filter(key__in=wanted[start : start + 5_000]).values_list("key", "id"))
    return numbers
