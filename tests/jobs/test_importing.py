"""Import: stopped anywhere it goes on from there, done twice it changes nothing, and no record stops it."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import DataError, OperationalError

from broadsheet.catalog.models import Outbox, Paper, Run
from broadsheet.jobs import importing, reading, storing
from broadsheet.jobs.importing import ImportProgress, ImportRunning, import_paths
from tests.catalog.tables import everything

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own; batches of three, so that small files have several."""
    settings.DATA = tmp_path / "data"
    monkeypatch.setattr(reading, "BATCH", 3)
    return tmp_path / "data"


def paper(number: int, **said: Any) -> dict[str, Any]:
    return {
        "id": f"2611.{number:05}",
        "title": f"Umbrella {number}",
        "authors": ["Ada Invented"],
        "source": "arxiv",
    } | said


def written(path: Path, papers: list[dict[str, Any]]) -> Path:
    path.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in papers))
    return path


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    """A file of ten papers: four batches."""
    return written(tmp_path / "ten.jsonl", [paper(number) for number in range(10)])


def stop_after(batches: int, wrong: BaseException) -> Callable[[ImportProgress], None]:
    """Raises ``wrong`` when that many batches are stored."""

    def progress(at: ImportProgress) -> None:
        if at.tally.added >= 3 * batches:
            raise wrong

    return progress


def rejects(run: Run, data: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (data / "rejects" / f"{run.pk}.jsonl").read_bytes().splitlines()]


def test_papers_of_a_file_are_stored_and_counted(ten: Path) -> None:
    tally = import_paths([ten])
    assert (tally.files, tally.added, tally.rejected, tally.records) == (1, 10, 0, 10)
    assert Paper.objects.count() == 10
    run = Run.objects.get()
    assert (run.state, run.cursor["position"], run.tally["added"]) == ("done", 10, 10)


def test_a_finished_file_is_not_read_again(ten: Path) -> None:
    import_paths([ten])
    before, waiting = everything(), Outbox.objects.count()
    tally = import_paths([ten])
    assert (tally.skipped, tally.records) == (1, 0)
    assert (everything(), Outbox.objects.count()) == (before, waiting)


def test_read_again_on_request_it_changes_nothing(ten: Path) -> None:
    import_paths([ten])
    before, waiting = everything(), Outbox.objects.count()
    tally = import_paths([ten], again=True)
    assert (tally.unchanged, tally.added, tally.changed) == (10, 0, 0)
    assert (everything(), Outbox.objects.count()) == (before, waiting)


def test_the_same_content_under_another_name_changes_nothing(ten: Path) -> None:
    import_paths([ten])
    tally = import_paths([ten.rename(ten.with_name("other.jsonl"))])
    assert (tally.unchanged, tally.added) == (10, 0)


def test_a_file_that_has_grown_is_read(ten: Path) -> None:
    import_paths([ten])
    with ten.open("ab") as file:
        file.write(orjson.dumps(paper(10)) + b"\n")
    tally = import_paths([ten])
    assert (tally.added, tally.unchanged) == (1, 10)


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_stopped_by_ctrl_c_the_next_run_goes_on_after_the_last_batch(ten: Path, batches: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        import_paths([ten], progress=stop_after(batches, KeyboardInterrupt()))
    assert Paper.objects.count() == 3 * batches
    assert Run.objects.get().state == "stopped"
    tally = import_paths([ten])
    assert (tally.added, tally.unchanged) == (10 - 3 * batches, 0)
    run = Run.objects.get()
    assert (run.state, run.tally["added"]) == ("done", 10)


def test_a_stopped_import_ends_in_the_same_tables_as_one_that_ran_through(ten: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        import_paths([ten], progress=stop_after(2, KeyboardInterrupt()))
    import_paths([ten])
    stopped = everything()
    Paper.objects.all().delete()
    Run.objects.all().delete()
    import_paths([ten])
    assert everything() == stopped


def test_a_run_that_died_without_a_word_is_taken_up(ten: Path) -> None:
    """As after SIGKILL: the row still says that it is running, but nobody holds the lock."""
    with pytest.raises(KeyboardInterrupt):
        import_paths([ten], progress=stop_after(1, KeyboardInterrupt()))
    Run.objects.update(state="running", finished_at=None)
    assert import_paths([ten]).added == 7


def test_a_bad_line_is_kept_with_file_line_and_reason(tmp_path: Path, data: Path) -> None:
    file = written(tmp_path / "x.jsonl", [paper(1), {"abstract": "Nameless.", "id": "x"}, paper(2)])
    tally = import_paths([file])
    assert (tally.added, tally.rejected) == (2, 1)
    assert tally.rejects_files == [data / "rejects" / f"{Run.objects.get().pk}.jsonl"]
    (kept,) = rejects(Run.objects.get(), data)
    assert (kept["file"], kept["line"]) == (str(file), 2)
    assert kept["reason"] == "its title is missing: every paper needs one"
    assert orjson.loads(kept["raw"]) == {"abstract": "Nameless.", "id": "x"}


def test_a_record_with_an_impossible_date_is_a_reject_too(tmp_path: Path, data: Path) -> None:
    import_paths([written(tmp_path / "x.jsonl", [paper(1, date="9999-01-01"), paper(2)])])
    (kept,) = rejects(Run.objects.get(), data)
    assert (kept["line"], "year 9999" in kept["reason"]) == (1, True)
    assert "Umbrella 1" in kept["raw"]


def test_rejects_of_a_batch_that_was_never_stored_are_not_kept_twice(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(
        tmp_path / "x.jsonl", [{"id": "x", "title": ""}, paper(1), paper(2), {"id": "y", "title": ""}, paper(3)]
    )
    append = importing.rejects.append

    def killed(path: Path, found: Any, at: int) -> int:
        end = append(path, found, at)
        if at:
            raise KeyboardInterrupt
        return end

    monkeypatch.setattr(importing.rejects, "append", killed)
    with pytest.raises(KeyboardInterrupt):
        import_paths([file])
    run = Run.objects.get()
    assert (len(rejects(run, data)), run.tally["rejected"]) == (2, 1)
    monkeypatch.undo()
    import_paths([file])
    assert [one["line"] for one in rejects(run, data)] == [1, 4]
    assert Run.objects.get().tally["rejected"] == 2


def test_a_record_that_the_database_cannot_hold_costs_only_itself(
    ten: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absorb = storing.absorb_batch

    def picky(records: list[Any], packed: list[bytes]) -> Any:
        if any(one.title == "Umbrella 4" for one in records):
            raise DataError("value too long")
        return absorb(records, packed)

    monkeypatch.setattr(storing, "absorb_batch", picky)
    tally = import_paths([ten])
    assert (tally.added, tally.rejected) == (9, 1)
    (kept,) = rejects(Run.objects.get(), data)
    assert (kept["line"], kept["reason"]) == (5, "the database cannot hold it: value too long")


def test_a_full_disk_stops_it_with_nothing_half_done(ten: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absorb = storing.absorb_batch

    def full(records: list[Any], packed: list[bytes]) -> Any:
        done = absorb(records, packed)
        if any(one.title == "Umbrella 4" for one in records):
            raise OperationalError("database or disk is full")
        return done

    monkeypatch.setattr(storing, "absorb_batch", full)
    with pytest.raises(OperationalError, match="disk is full"):
        import_paths([ten])
    assert Paper.objects.count() == 3
    assert (Run.objects.get().state, Run.objects.get().message) == ("failed", "database or disk is full")
    monkeypatch.undo()
    assert import_paths([ten]).added == 7


def test_a_file_in_no_known_format_is_named_and_tried_again_the_next_time(ten: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ada,\n")
    for _ in range(2):
        tally = import_paths([letter, ten])
        assert [(name, reason[:12]) for name, reason in tally.unread] == [(str(letter), "it is in non")]
    assert Paper.objects.count() == 10


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_does_not_stop_the_others(ten: Path, tmp_path: Path) -> None:
    locked = written(tmp_path / "a.jsonl", [paper(99)])
    locked.chmod(0)
    tally = import_paths([tmp_path])
    assert (tally.added, tally.unread) == (10, [(str(locked), "permission denied")])


def test_a_path_that_does_not_exist_stops_it_before_anything_is_done(ten: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.jsonl"):
        import_paths([ten, Path("/nowhere.jsonl")])
    assert Run.objects.count() == 0


def test_a_second_import_at_the_same_time_is_refused(ten: Path, data: Path) -> None:
    data.mkdir()
    with (data / "import.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ImportRunning, match="wait until it ends"):
            import_paths([ten])


def test_progress_runs_over_all_files(ten: Path, tmp_path: Path) -> None:
    other = written(tmp_path / "x.jsonl", [paper(number) for number in range(20, 24)])
    told: list[ImportProgress] = []
    import_paths([ten, other], progress=told.append)
    whole = ten.stat().st_size + other.stat().st_size
    assert {one.bytes_total for one in told} == {whole}
    assert [one.bytes_read for one in told] == sorted(one.bytes_read for one in told)
    assert told[-1].bytes_read == whole


def test_the_year_of_dates_without_one_can_be_told(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(
        "Daily Papers\nbyAK and the research community\nMar 14\nUmbrella\nWe fold one.\n• 2 authors\n·\nMar 2\n"
    )
    import_paths([page], year=2024)
    assert str(Paper.objects.get().published) == "2024-03-02"
