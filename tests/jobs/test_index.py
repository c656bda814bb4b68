"""The index follows the catalogue: nothing lost, nothing doubled, whenever the writer is stopped."""

from datetime import date
from functools import partial

import pytest

from broadsheet.catalog.models import Identifier, Outbox, Paper
from broadsheet.jobs import index
from broadsheet.listings.engine import NoIndex, current_engine
from broadsheet.search import generation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setitem(settings.OPTIONS.values, "encoder", "hashed")
    return tmp_path


def paper(key: str, title: str, **facts) -> Paper:
    made = Paper.objects.create(key=key, title=title, published=date(2026, 1, 2), **facts)
    Identifier.objects.create(key=key, scheme="arxiv", paper=made)
    Outbox.objects.create(paper=made.id)
    return made


def titled(title: str) -> list[int]:
    engine = current_engine().search_engine
    return engine.columns.papers[engine.words.by_title(title)].tolist()


def test_the_first_update_builds_the_index_and_empties_the_outbox():
    one = paper("2601.00001", "Otters Count Pebbles", links={"code": "https://example.org"}, signals={"a.votes": 3})
    done = index.update()
    assert (done.rebuilt, done.puts) == (True, 1)
    assert Outbox.objects.count() == 0
    assert titled("Otters Count Pebbles") == [one.id]
    columns = current_engine().search_engine.columns
    assert (columns.has_code.tolist(), columns.state["votes"].tolist()) == ([True], [3])


def test_with_an_empty_outbox_nothing_is_written():
    paper("2601.00001", "Otters Count Pebbles")
    index.update()
    assert index.update() == index.Indexed()
    assert current_engine().generation == 1


def test_a_new_paper_is_found_without_a_restart():
    paper("2601.00001", "Otters Count Pebbles")
    index.update()
    assert titled("Naming Rivers") == []
    new = paper("2601.00002", "Naming Rivers")
    done = index.update()
    assert (done.rebuilt, done.puts) == (False, 1)
    assert titled("Naming Rivers") == [new.id]


def test_deleted_and_withdrawn_papers_leave_the_index():
    one, two, three = (paper(f"2601.0000{n}", f"Title {n}") for n in (1, 2, 3))
    index.update()
    Outbox.objects.create(paper=one.id, verb=Outbox.Verb.DELETE)
    one.delete()
    Paper.objects.filter(id=two.id).update(withdrawn=True)
    Outbox.objects.create(paper=two.id)
    assert index.update().deletes == 2
    assert titled("Title 1") == titled("Title 2") == []
    assert titled("Title 3") == [three.id]


def test_a_change_written_while_the_index_is_built_stays_in_the_outbox(monkeypatch):
    one = paper("2601.00001", "Otters Count Pebbles")
    build = index.writer.rebuild

    def and_meanwhile(*arguments, **named):
        made = build(*arguments, **named)
        Paper.objects.filter(id=one.id).update(title="Otters Weigh Pebbles")
        Outbox.objects.create(paper=one.id)
        return made

    monkeypatch.setattr("broadsheet.search.writer.rebuild", and_meanwhile)
    index.update()
    assert Outbox.objects.count() == 1
    index.update()
    assert titled("Otters Weigh Pebbles") == [one.id]


def test_stopped_between_index_and_acknowledgement_the_same_rows_are_applied_again(monkeypatch):
    paper("2601.00001", "Otters Count Pebbles")
    index.update()
    two = paper("2601.00002", "Naming Rivers")
    with monkeypatch.context() as stopped:
        stopped.setattr(index, "_acknowledge", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            index.update()
    assert titled("Naming Rivers") == [two.id]
    index.update()
    assert titled("Naming Rivers") == [two.id]
    assert Outbox.objects.count() == 0
    assert index.verify().agrees


def test_verify_finds_what_differs():
    one, two = paper("2601.00001", "One"), paper("2601.00002", "Two")
    index.update()
    assert index.verify().agrees
    Paper.objects.filter(id=one.id).update(title="One, Changed Behind Our Back")
    three = Paper.objects.create(key="2601.00003", title="Three")
    number = two.id
    two.delete()
    found = index.verify()
    assert (found.different, found.missing, found.surplus) == ([one.id], [three.id], [number])
    assert not found.agrees


def test_verify_excuses_what_waits_in_the_outbox():
    paper("2601.00001", "One")
    index.update()
    paper("2601.00002", "Two")
    found = index.verify()
    assert found.agrees
    assert found.waiting == 1


def test_verify_names_a_damaged_generation():
    paper("2601.00001", "One")
    index.update()
    paper("2601.00002", "Two")
    index.update()
    state = generation.folder(index.spaces.index_root(), 2) / "state.npy"
    state.write_bytes(state.read_bytes()[:-1])
    found = index.verify()
    assert "generation 2 is damaged, generation 1 serves" in found.problems[0]


def test_another_encoder_rebuilds(settings, monkeypatch):
    paper("2601.00001", "One")
    index.update()
    monkeypatch.setattr(index, "chosen_encoder", lambda: index.encoders.Hashed(128))
    paper("2601.00002", "Two")
    assert index.update().rebuilt


def test_a_damaged_only_generation_is_rebuilt_from_the_catalogue():
    one = paper("2601.00001", "One")
    index.update()
    state = generation.folder(index.spaces.index_root(), 1) / "state.npy"
    state.write_bytes(b"")
    assert index.update().rebuilt
    assert titled("One") == [one.id]


def test_an_index_in_the_form_of_an_older_release_is_made_anew_and_said_to_be(monkeypatch):
    one = paper("2601.00001", "One")
    with monkeypatch.context() as older:
        older.setattr("broadsheet.search.manifest.SCHEMA", 1)
        older.setattr(index.writer, "Manifest", partial(index.writer.Manifest, schema=1))
        index.update()
    done = index.update()
    assert done.rebuilt
    assert "it has form 1, this version reads form" in done.why
    assert titled("One") == [one.id]


def test_without_an_index_the_engine_says_so(data):
    with pytest.raises(NoIndex, match="there is no index"):
        current_engine()
