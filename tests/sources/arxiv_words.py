"""The small arXiv of `arxiv_truth` in the words of its three interfaces. Written from arXiv's documentation."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from xml.sax.saxutils import escape

from tests.sources.arxiv_truth import NEW_YORK, Line, Paper, World

ABSTRACT = "We fold a map of {key} & ask whether $a<b$ holds when nobody looks."
LICENCE = "http://creativecommons.org/licenses/by/4.0/"
_PHYSICS = ("astro-ph", "hep-th", "quant-ph")


def set_of(topic: str) -> str:
    archive, _, subject = topic.partition(".")
    group = "physics" if archive in _PHYSICS else archive
    return ":".join(part for part in (group, archive, subject) if part)


def stamp(paper: Paper) -> str:
    return f"{paper.modified:%Y-%m-%d}"


def oai(at: datetime, inner: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>{at:%Y-%m-%dT%H:%M:%SZ}</responseDate><request>http://oaipmh.arxiv.org/oai</request>{inner}</OAI-PMH>"
    )


def oai_error(at: datetime, code: str) -> str:
    return oai(at, f'<error code="{code}">as it says</error>')


def oai_list(at: datetime, papers: Iterable[Paper], token: str) -> str:
    resumed = f'<resumptionToken expires="{at:%Y-%m-%d}T23:59:59Z">{token}</resumptionToken>' if token else ""
    return oai(at, f"<ListRecords>{''.join(map(oai_record, papers))}{resumed}</ListRecords>")


def oai_record(paper: Paper) -> str:
    sets = "".join(f"<setSpec>{set_of(one)}</setSpec>" for one in paper.topics)
    header = f"<identifier>oai:arXiv.org:{paper.key}</identifier><datestamp>{stamp(paper)}</datestamp>{sets}"
    if paper.deleted:
        return f'<record><header status="deleted">{header}</header></record>'
    versions = "".join(
        f'<version version="v{number}"><date>{at:%a, %d %b %Y %H:%M:%S} GMT</date><size>9kb</size>'
        f"{'<source_type>I</source_type>' if paper.withdrawn and number == paper.version else ''}</version>"
        for number, at in enumerate(paper.versions, 1)
    )
    return (
        f"<record><header>{header}</header><metadata>"
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{paper.key}</id><submitter>A Person</submitter>{versions}'
        f"<title>{escape(paper.title)}</title><authors>{escape(', '.join(paper.authors))}</authors>"
        f"<categories>{' '.join(paper.topics)}</categories>{_maybe('comments', paper.comment)}"
        f"{_maybe('journal-ref', paper.journal_ref)}{_maybe('doi', paper.doi)}<license>{LICENCE}</license>"
        f"<abstract>{escape(ABSTRACT.format(key=paper.key))}</abstract></arXivRaw></metadata></record>"
    )


def rss(world: World, bears: date, topic: str, lines: Iterable[tuple[Line, str]]) -> str:
    items = "".join(_rss_item(world.papers[line.key], line, kind, bears) for line, kind in lines)
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">'
        f"<channel><title>{topic} updates on arXiv.org</title><link>http://rss.arxiv.org/rss/{topic}</link>"
        f"<lastBuildDate>{_rfc822(bears)}</lastBuildDate><pubDate>{_rfc822(bears)}</pubDate>"
        f"<skipDays><day>Saturday</day><day>Sunday</day></skipDays>{items}</channel></rss>"
    )


def _rss_item(paper: Paper, line: Line, kind: str, bears: date) -> str:
    topics = "".join(f"<category>{one}</category>" for one in paper.topics)
    abstract = escape(ABSTRACT.format(key=paper.key))
    return (
        f"<item><title>{escape(paper.title)}</title><link>https://arxiv.org/abs/{paper.key}</link>"
        f"<description>arXiv:{paper.key}v{line.version} Announce Type: {kind} \nAbstract: {abstract}</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{paper.key}v{line.version}</guid>{topics}'
        f"<pubDate>{_rfc822(bears)}</pubDate><arxiv:announce_type>{kind}</arxiv:announce_type>"
        f"<dc:rights>{LICENCE}</dc:rights><dc:creator>{escape(', '.join(paper.authors))}</dc:creator></item>"
    )


def atom(bears: date, topic: str, lines: Iterable[tuple[Line, str]], world: World) -> str:
    midnight = datetime.combine(bears, datetime.min.time(), NEW_YORK).isoformat()
    entries = "".join(
        f"<entry><id>oai:arXiv.org:{line.key}v{line.version}</id><title>{escape(world.papers[line.key].title)}</title>"
        f"<updated>{midnight}</updated><published>{midnight}</published>"
        f"<summary>arXiv:{line.key}v{line.version} Announce Type: {kind} \nAbstract: {escape(ABSTRACT)}</summary>"
        + "".join(f'<category term="{one}"/>' for one in world.papers[line.key].topics)
        + f"<arxiv:announce_type>{kind}</arxiv:announce_type>"
        f"<dc:creator>{escape(', '.join(world.papers[line.key].authors))}</dc:creator></entry>"
        for line, kind in lines
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<id>http://rss.arxiv.org/atom/{topic}</id><title>{topic} updates on arXiv.org</title>"
        f"<updated>{midnight}</updated>{entries}</feed>"
    )


def results(papers: Iterable[Paper], start: int, total: int) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom">'
        f"<title>arXiv Query</title><opensearch:totalResults>{total}</opensearch:totalResults>"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>{''.join(map(_result, papers))}</feed>"
    )


def _result(paper: Paper) -> str:
    authors = "".join(f"<author><name>{escape(one)}</name></author>" for one in paper.authors)
    topics = "".join(f'<category term="{one}" scheme="http://arxiv.org/schemas/atom"/>' for one in paper.topics)
    return (
        f"<entry><id>http://arxiv.org/abs/{paper.key}v{paper.version}</id><title>{escape(paper.title)}</title>"
        f"<updated>{paper.versions[-1]:%Y-%m-%dT%H:%M:%SZ}</updated>"
        f"<published>{paper.versions[0]:%Y-%m-%dT%H:%M:%SZ}</published>"
        f"<summary>{escape(ABSTRACT.format(key=paper.key))}</summary>{authors}{topics}"
        f'<arxiv:primary_category term="{paper.topics[0]}"/>{_maybe("arxiv:comment", paper.comment)}'
        f"{_maybe('arxiv:journal_ref', paper.journal_ref)}</entry>"
    )


def query_error(message: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        "<entry><id>http://arxiv.org/api/errors#a</id><title>Error</title>"
        f"<summary>{escape(message)}</summary></entry></feed>"
    )


def _maybe(name: str, said: str) -> str:
    return f"<{name}>{escape(said)}</{name}>" if said else ""


def _rfc822(day: date) -> str:
    at = datetime.combine(day, datetime.min.time(), NEW_YORK)
    hours = (at.utcoffset() or timedelta()).total_seconds() / 3600
    return f"{at:%a, %d %b %Y} 00:00:00 {int(hours):+03d}00"
