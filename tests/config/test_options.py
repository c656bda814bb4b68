"""Options: the environment wins over the file, the file over the default; what is wrong is told with a remedy."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from broadsheet.config.options import OPTIONS, BadOption, Settled, kept_secret, settle


def settled(data: Path, file: str = "", **environ: str) -> Settled:
    if file:
        (data / "broadsheet.toml").write_text(file, "utf-8")
    return settle(
        {"BROADSHEET_DATA": str(data), **{f"BROADSHEET_{name.upper()}": said for name, said in environ.items()}}
    )


def complaint(data: Path, file: str = "", **environ: str) -> str:
    with pytest.raises(BadOption) as told:
        settled(data, file, **environ)
    return str(told.value)


def test_the_default_holds_where_nothing_is_said(tmp_path: Path) -> None:
    options = settled(tmp_path)

    assert (options["port"], options.origins["port"]) == (8000, "default")
    assert options["allowed_hosts"] == ("localhost", "127.0.0.1", "[::1]")


def test_the_file_wins_over_the_default(tmp_path: Path) -> None:
    options = settled(tmp_path, "port = 8001")

    assert options["port"] == 8001
    assert options.origins["port"] == f"{tmp_path}/broadsheet.toml: port"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    options = settled(tmp_path, "port = 8001", port="8002")

    assert (options["port"], options.origins["port"]) == (8002, "BROADSHEET_PORT")


def test_another_file_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("port = 8003")

    assert settled(tmp_path, "port = 8001", config=str(tmp_path / "other.toml"))["port"] == 8003


def test_a_named_file_that_is_missing_is_told(tmp_path: Path) -> None:
    assert "BROADSHEET_CONFIG names" in complaint(tmp_path, config=str(tmp_path / "none.toml"))


def test_without_a_data_folder_the_platform_s_own_is_used(tmp_path: Path) -> None:
    options = settle({"HOME": str(tmp_path)})

    assert options["data"].is_absolute()
    assert options["data"].name == "broadsheet"


@pytest.mark.parametrize(
    ("name", "said", "remedy"),
    [
        ("port", "eighty", "say a whole number from 1 to 65535"),
        ("port", "0", "say a whole number from 1 to 65535"),
        ("port", "70000", "say a whole number from 1 to 65535"),
        ("workers", "-1", "say a whole number from 1 to 64"),
        ("page_size", "1000", "say a whole number from 5 to 100"),
        ("https", "perhaps", "say true or false"),
        ("debug", "2", "say true or false"),
        ("time_zone", "Mars/Olympus", "say a time zone such as Europe/Berlin or UTC"),
        ("time_zone", "../../etc/passwd", "say a time zone such as Europe/Berlin or UTC"),
        ("base_url", "ftp://papers.example", "say an address that begins with http:// or https://"),
    ],
)
def test_a_wrong_value_is_told_with_its_name_and_the_remedy(
    tmp_path: Path, name: str, said: str, remedy: str
) -> None:
    told = complaint(tmp_path, **{name: said})

    assert told == f"BROADSHEET_{name.upper()} is {said!r}: {remedy}."


def test_a_wrong_value_in_the_file_names_the_file(tmp_path: Path) -> None:
    assert complaint(tmp_path, 'workers = "many"') == (
        f"{tmp_path}/broadsheet.toml: workers is 'many': say a whole number from 1 to 64."
    )


def test_a_name_in_the_file_that_is_no_option_is_told(tmp_path: Path) -> None:
    told = complaint(tmp_path, "prot = 8001")

    assert "'prot' is not an option" in told
    assert "broadsheet doctor --options" in told


@pytest.mark.parametrize("file", ["port = ", "\x00", "port = 1\nport = 2"])
def test_a_file_that_is_not_toml_is_told(tmp_path: Path, file: str) -> None:
    assert "is not TOML" in complaint(tmp_path, file)


def test_a_file_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "broadsheet.toml").mkdir()

    assert "cannot be read (Is a directory)" in complaint(tmp_path)


@pytest.mark.parametrize("hosts", ["*", "papers.example,*"])
def test_every_host_is_no_host(tmp_path: Path, hosts: str) -> None:
    assert (
        complaint(tmp_path, allowed_hosts=hosts)
        == "BROADSHEET_ALLOWED_HOSTS holds '*': name the hosts that the site answers to."
    )


@pytest.mark.parametrize(("file", "environ"), [('allowed_hosts = ["a.example", "b.example"]', {}), ("", {"allowed_hosts": " a.example, b.example,"})])  # fmt: skip
def test_a_list_is_written_with_commas_or_as_toml_has_it(
    tmp_path: Path, file: str, environ: dict[str, str]
) -> None:
    assert settled(tmp_path, file, **environ)["allowed_hosts"] == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("said", "value"), [("1", True), ("Yes", True), ("on", True), ("false", False), ("", False)]
)
def test_a_flag_is_said_in_many_words(tmp_path: Path, said: str, value: bool) -> None:
    assert settled(tmp_path, https=said)["https"] is value


def test_a_wrong_secret_is_not_shown(tmp_path: Path) -> None:
    told = complaint(tmp_path, database="mysql://ada:lantern@db/papers")

    assert told.startswith("BROADSHEET_DATABASE is (hidden): say postgresql://")
    assert "lantern" not in told


def test_secrets_are_not_printed_with_the_options(tmp_path: Path) -> None:
    options = settled(tmp_path, secret_key="lantern-oil", database="postgresql://ada:lantern@db/papers")

    assert "lantern" not in repr(options)
    assert options["secret_key"] == "lantern-oil"


def test_every_option_is_explained_and_takes_its_own_default(tmp_path: Path) -> None:
    for option in OPTIONS:
        assert option.help.endswith(".")
        assert option.variable == f"BROADSHEET_{option.name.upper()}"
        if option.default not in ("", (), {}):
            written: Any = ",".join(option.default) if isinstance(option.default, tuple) else str(option.default)
            assert settled(tmp_path, **{option.name: written})[option.name] == option.default


def test_the_secret_key_is_made_once_and_kept(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"

    made = kept_secret(data)

    assert len(made) >= 50
    assert kept_secret(data) == made
    assert [one.name for one in data.iterdir()] == ["secret_key"]


def test_the_secret_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        kept_secret(tmp_path)
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_an_empty_secret_key_is_told_and_never_used(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()

    with pytest.raises(BadOption, match="secret_key is empty: remove it"):
        kept_secret(tmp_path)


def test_processes_that_start_together_share_one_secret_key(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from broadsheet.config.options import kept_secret;"
        "sys.stdin.readline(); print(kept_secret(Path(sys.argv[1])))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = [process.communicate("go\n", timeout=60)[0].strip() for process in started]

    assert len(set(said)) == 1
    assert len(said[0]) >= 50
