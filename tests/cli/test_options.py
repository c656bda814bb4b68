"""A wrong option stops every command with one line that names it."""

from tests.cli.conftest import Command


def one_line(text: str) -> bool:
    return text.count("\n") == 1


def test_a_wrong_value_in_the_environment_is_named(broadsheet: Command) -> None:
    done = broadsheet.with_options(port="eight thousand")("edition", code=2)
    assert "BROADSHEET_PORT" in done.err
    assert "eight thousand" in done.err
    assert one_line(done.err)


def test_a_wrong_value_in_the_file_is_named_with_the_file(broadsheet: Command) -> None:
    (broadsheet.data / "broadsheet.toml").write_text("page_size = 7000\n")
    done = broadsheet("edition", code=2)
    assert "broadsheet.toml" in done.err
    assert "page_size" in done.err


def test_a_file_that_is_not_toml_is_named(broadsheet: Command) -> None:
    (broadsheet.data / "broadsheet.toml").write_text("port == 1\n")
    done = broadsheet("edition", code=2)
    assert "broadsheet.toml is not TOML" in done.err
    assert one_line(done.err)


def test_an_unknown_name_in_the_file_is_told_where_the_names_are(broadsheet: Command) -> None:
    (broadsheet.data / "broadsheet.toml").write_text("prot = 8001\n")
    done = broadsheet("edition", code=2)
    assert "'prot'" in done.err
    assert "doctor --options" in done.err


def test_a_secret_is_shown_nowhere_even_when_it_is_wrong(broadsheet: Command) -> None:
    done = broadsheet.with_options(database="mysql://me:hunter2@host/x")("edition", code=2)
    assert "BROADSHEET_DATABASE" in done.err
    assert "hunter2" not in done.err


def test_a_wrong_flag_value_is_refused_before_anything_happens(broadsheet: Command) -> None:
    done = broadsheet("serve", "--port", "70000", code=2)
    assert "70000" in done.err
    assert list(broadsheet.data.iterdir()) == []


def test_an_unknown_command_is_refused(broadsheet: Command) -> None:
    assert "'sreve'" in broadsheet("sreve", code=2).err


def test_options_are_listed_with_their_origin_and_without_secrets(broadsheet: Command) -> None:
    command = broadsheet.with_options(page_size="20", secret_key="s" * 50)
    rows = {row[0]: row for row in command("doctor", "--options").rows}
    assert rows["page_size"][1:3] == ["20", "BROADSHEET_PAGE_SIZE"]
    assert rows["port"][1:3] == ["8000", "default"]
    assert rows["secret_key"][1] == "(hidden)"


def test_data_may_stand_before_or_after_the_command(library: Command, broadsheet: Command) -> None:
    for words in (["--data", str(library.data), "edition"], ["edition", "--data", str(library.data)]):
        assert broadsheet(*words, "--json").json["total"] > 0
