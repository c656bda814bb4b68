"""Made-up queries, papers and judgments, and every line that can be wrong with them."""

import gzip
from pathlib import Path

import pytest

from broadsheet.search import judged
from broadsheet.search.judged import NotJudgedError, Problem

QUERIES = '{"_id": "q1", "text": "folding umbrellas"}\n{"_id": "q2", "text": "lanterns"}\n'


def folder(path: Path, queries: str = QUERIES, qrels: str = "q1\tp1\t2\n") -> Path:
    (path / "queries.jsonl").write_text(queries, "utf-8")
    (path / "qrels.tsv").write_text(qrels, "utf-8")
    return path


def told(problems: list[Problem]) -> list[tuple[str, int, str]]:
    return [(one.file.name, one.line, one.reason) for one in problems]


def test_queries_and_graded_judgments_are_read(tmp_path):
    found = judged.read(folder(tmp_path, qrels="q1\tp1\t2\nq1\tp2\t0\nq2\tp1\t1\n"))
    assert found.queries == {"q1": "folding umbrellas", "q2": "lanterns"}
    assert found.gains == {"q1": {"p1": 2, "p2": 0}, "q2": {"p1": 1}}
    assert (found.corpus, found.problems) == (None, [])


def test_a_heading_over_the_judgments_is_passed_over(tmp_path):
    found = judged.read(folder(tmp_path, qrels="query-id\tcorpus-id\tscore\nq1\tp1\t1\n"))
    assert found.gains == {"q1": {"p1": 1}}
    assert found.problems == []


def test_the_layout_of_beir_is_read_packed_or_not(tmp_path):
    (tmp_path / "queries.jsonl.gz").write_bytes(gzip.compress(QUERIES.encode()))
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("q1\tp1\t1\n", "utf-8")
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(b'{"_id": "p1", "title": "T", "text": "A"}\n'))
    found = judged.read(tmp_path)
    assert found.gains == {"q1": {"p1": 1}}
    assert found.corpus == tmp_path / "corpus.jsonl.gz"


def test_a_line_that_is_no_json_is_told_with_its_number_and_the_rest_counts(tmp_path):
    found = judged.read(folder(tmp_path, queries='{"_id": "q1"\n[]\n\n{"_id": "q1", "text": "umbrellas"}\n'))
    assert found.queries == {"q1": "umbrellas"}
    assert [(name, line) for name, line, _ in told(found.problems)] == [("queries.jsonl", 1), ("queries.jsonl", 2)]


def test_a_query_without_text_and_one_that_came_before_are_told(tmp_path):
    found = judged.read(folder(tmp_path, queries=QUERIES + '{"_id": "q3"}\n{"_id": "q1", "text": "again"}\n'))
    assert found.queries["q1"] == "folding umbrellas"
    assert told(found.problems) == [
        ("queries.jsonl", 3, 'a query needs "_id" and "text"'),
        ("queries.jsonl", 4, "query 'q1' came before"),
    ]


@pytest.mark.parametrize("line", ["q1 p1 1", "q1\tp1", "q1\tp1\tnan", "q1\tp1\tvery"])
def test_a_judgment_without_query_paper_and_grade_is_told(tmp_path, line):
    found = judged.read(folder(tmp_path, qrels=f"q1\tp1\t1\n{line}\n"))
    assert found.gains == {"q1": {"p1": 1}}
    assert told(found.problems) == [("qrels.tsv", 2, "a judgment is a query, a paper and a grade, split by tabs")]


def test_a_judgment_of_a_query_that_is_not_there_is_told(tmp_path):
    found = judged.read(folder(tmp_path, qrels="q1\tp1\t1\nq9\tp1\t1\n"))
    assert told(found.problems) == [("qrels.tsv", 2, "there is no query 'q9'")]


def test_a_folder_without_judgments_names_what_is_missing(tmp_path):
    (tmp_path / "queries.jsonl").write_text(QUERIES, "utf-8")
    with pytest.raises(NotJudgedError, match=r"qrels\.tsv"):
        judged.read(tmp_path)


def test_judgments_of_which_none_can_be_used_are_no_judgments(tmp_path):
    with pytest.raises(NotJudgedError, match="no query 'q9'"):
        judged.read(folder(tmp_path, qrels="q9\tp1\t1\n"))


def test_papers_of_several_files_are_numbered_through_and_one_seen_before_is_told(tmp_path):
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    one.write_text('{"_id": "A", "title": "Lanterns", "text": "They glow."}\n', "utf-8")
    two.write_text('{"id": "A", "title": "Again"}\n{"id": "B", "title": "Kettles", "abstract": "Hot."}\n', "utf-8")
    problems: list[Problem] = []
    found = list(judged.papers([one, two], problems))
    assert [(name, paper.paper, paper.title, paper.abstract) for name, paper in found] == [
        ("A", 1, "Lanterns", "They glow."),
        ("B", 2, "Kettles", "Hot."),
    ]
    assert told(problems) == [("two.jsonl", 1, "'A' came before")]


def test_summaries_are_not_read(tmp_path):
    file = tmp_path / "papers.jsonl"
    file.write_text('{"id": "A", "title": "T", "abstract": "A.", "tldr": "leak", "ai_summary": "leak"}\n', "utf-8")
    [(_, paper)] = judged.papers([file], [])
    assert paper.summary == ""


def test_fields_of_another_form_are_left_out(tmp_path):
    file = tmp_path / "papers.jsonl"
    file.write_text(
        '{"id": 7, "title": null, "text": ["no"], "keywords": "k", "date": "1", "year": "x"}\n', "utf-8"
    )
    [(name, paper)] = judged.papers([file], [])
    assert name == "7"
    assert (paper.title, paper.abstract, paper.keywords, paper.published, paper.year) == ("", "", (), None, None)


def test_a_packed_file_that_breaks_off_is_told_and_what_came_before_counts(tmp_path):
    whole = gzip.compress("".join(f'{{"_id": "p{n}", "title": "{n * 7919}"}}\n' for n in range(5_000)).encode())
    file = tmp_path / "corpus.jsonl.gz"
    file.write_bytes(whole[: len(whole) // 2])
    problems: list[Problem] = []
    assert 0 < len(list(judged.papers([file], problems))) < 5_000
    assert "cannot be read further" in problems[-1].reason
