"""Every option of Broadsheet: one row each, read from the environment or a TOML file.

The environment (``BROADSHEET_PORT=8001``) wins over the file (``port = 8001`` in ``broadsheet.toml``), the file
over the default. A wrong value is told at start, with the option's name, the value and the remedy.
"""

import os
import secrets
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
from django.core.exceptions import ImproperlyConfigured

from broadsheet.config import values

PREFIX = "BROADSHEET_"
FILE_NAME = "broadsheet.toml"


class BadOption(ImproperlyConfigured, ValueError):
    """An option that cannot be used. The message names it, its value and the remedy."""


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the table. ``read`` turns text or a TOML value into the value used, or raises ValueError."""

    name: str
    default: Any
    read: Callable[[Any], Any]
    kind: str
    help: str
    secret: bool = False

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()


OPTIONS = (
    Option("data", "", values.folder, "folder", "Where the database, the index and the log of rejects are kept."),
    Option("host", "127.0.0.1", values.text, "address", "The address that `broadsheet serve` listens on."),
    Option("port", 8000, values.whole(1, 65535), "whole number", "The port that `broadsheet serve` listens on."),
    Option("workers", 2, values.whole(1, 64), "whole number", "How many server processes answer requests."),
    Option(
        "threads", 2, values.whole(1, 64), "whole number", "How many requests one server process answers at a time."
    ),
    Option(
        "base_url",
        "",
        values.address,
        "address",
        "The public address of the site, for links in feeds and mail. Empty: taken from the request.",
    ),
    Option(
        "allowed_hosts",
        ("localhost", "127.0.0.1", "[::1]"),
        values.names,
        "list",
        "The host names the site answers to. `*` is refused: name them.",
    ),
    Option("https", False, values.flag, "true or false", "Whether readers come by HTTPS: secure cookies and HSTS."),
    Option(
        "proxies",
        0,
        values.whole(0, 8),
        "whole number",
        "How many proxies of yours stand before the site and add the reader's address to X-Forwarded-For. 0: none is believed.",
    ),
    Option(
        "database",
        "",
        values.database,
        "address",
        "PostgreSQL address; empty for SQLite in the data folder.",
        secret=True,
    ),
    Option(
        "secret_key",
        "",
        values.text,
        "text",
        "Signs cookies and links. Empty: made once and kept in the data folder.",
        secret=True,
    ),
    Option(
        "old_secret_keys",
        (),
        values.names,
        "list",
        "Former secret keys, so that links signed with them still work.",
        secret=True,
    ),
    Option("debug", False, values.flag, "true or false", "Show errors in the browser. Never on a public site."),
    Option("site_name", "Broadsheet", values.text, "text", "What the masthead says."),
    Option("time_zone", "UTC", values.zone, "time zone", "The zone in which times are shown."),
    Option(
        "encoder",
        "static",
        values.one_of("static", "hashed"),
        "static or hashed",
        "Which encoder makes the vectors.",
    ),
    Option(
        "encoder_threads",
        2,
        values.whole(1, 256),
        "whole number",
        "How many cores a network may use to encode papers or a query (`compact`, `transformer`).",
    ),
    Option(
        "encoder_device",
        "cpu",
        values.one_of("cpu", "gpu"),
        "cpu or gpu",
        "Where a network runs. A GPU wants onnxruntime-gpu, or PyTorch for it.",
    ),
    Option("index_memory", 256, values.whole(32, 16384), "MB", "How much memory building the word index may use."),
    Option(
        "contact",
        "",
        values.text,
        "address",
        "A mail or web address told to the places that are harvested, as their rules ask.",
    ),
    Option(
        "source_addresses",
        {},
        values.addresses,
        "list",
        "Other addresses of sources, for a mirror, such as `arxiv.oai=https://mirror.example.org/oai`.",
    ),
    Option(
        "private_sources",
        False,
        values.flag,
        "true or false",
        "Whether sources may be asked by http and in private networks, for a mirror of your own.",
    ),
    Option(
        "semanticscholar_key",
        "",
        values.text,
        "text",
        "Your key of the Semantic Scholar API. Empty: its allowance that all without a key share.",
        secret=True,
    ),
    Option(
        "openalex_key",
        "",
        values.text,
        "text",
        "Your key of the OpenAlex API, which is free. Empty: a small part of its daily allowance.",
        secret=True,
    ),
    Option(
        "github_key",
        "",
        values.text,
        "text",
        "A token of GitHub that may read public repositories. Empty: 60 requests an hour.",
        secret=True,
    ),
    Option(
        "openreview_key",
        "",
        values.text,
        "text",
        "Your account at OpenReview as name:password, or a token. Empty: as the public, which is often turned away.",
        secret=True,
    ),
    Option(
        "operator", "", values.text, "address", "Who is told by mail when a source is late or a paper is missing."
    ),
    Option(
        "smtp",
        "",
        values.relay,
        "address",
        "The mail relay: smtp://user:password@mail.example.org:587, or smtps:// where TLS comes first. Empty: no mail is sent.",
        secret=True,
    ),
    Option("page_size", 50, values.whole(5, 100), "whole number", "How many papers a page shows."),
)


@dataclass(frozen=True, slots=True)
class Settled:
    """The values in force: option name -> value, and where each came from (environment, file or default)."""

    values: dict[str, Any]
    origins: dict[str, str]

    def __repr__(self) -> str:
        """Without the secrets: a traceback or an error page may print this."""
        hidden = {row.name for row in self.rows if row.secret}
        shown = {name: "(hidden)" if name in hidden else value for name, value in self.values.items()}
        return f"Settled({shown!r})"

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def rows(self) -> tuple[Option, ...]:
        """The table itself."""
        return OPTIONS


def settle(environ: Mapping[str, str] | None = None) -> Settled:
    """Read every option.

    Raises:
        BadOption: for a value that cannot be used, or a name in the file that is no option.
    """
    environ = os.environ if environ is None else environ
    data = environ.get(f"{PREFIX}DATA") or platformdirs.user_data_dir("broadsheet", appauthor=False)
    file = Path(environ.get(f"{PREFIX}CONFIG") or Path(data) / FILE_NAME).expanduser()
    written = _read_file(file, must=f"{PREFIX}CONFIG" in environ)
    known = {option.name for option in OPTIONS}
    for name in written:
        if name not in known:
            raise BadOption(
                f"{file}: {name!r} is not an option. `broadsheet doctor --options` lists them; correct or remove it."
            )
    held: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for option in OPTIONS:
        if option.variable in environ:
            raw, origin = environ[option.variable], option.variable
        elif option.name in written:
            raw, origin = written[option.name], f"{file}: {option.name}"
        else:
            held[option.name], origins[option.name] = option.default, "default"
            continue
        try:
            held[option.name] = option.read(raw)
        except ValueError as wrong:
            shown = "(hidden)" if option.secret else repr(raw)
            raise BadOption(f"{origin} is {shown}: {wrong}.") from None
        origins[option.name] = origin
    if origins["data"] == "default":
        held["data"] = Path(data).absolute()
    if "*" in held["allowed_hosts"]:
        raise BadOption(f"{origins['allowed_hosts']} holds '*': name the hosts that the site answers to.")
    return Settled(held, origins)


def _read_file(file: Path, *, must: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        if must:
            raise BadOption(
                f"{PREFIX}CONFIG names {file}, which is not there: create it or unset the variable."
            ) from None
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise BadOption(f"{file} is not TOML ({wrong}): correct it.") from None
    except OSError as wrong:
        raise BadOption(f"{file} cannot be read ({wrong.strerror}): mend that or remove it.") from None


def kept_secret(data: Path) -> str:
    """The secret key of this data folder, made at the first call and readable by its owner alone.

    Of several processes that make one at the same moment, all get that of the first.

    Raises:
        BadOption: if the file that should hold it is empty.
    """
    file = data / "secret_key"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix="secret_key.", dir=data)  # readable by its owner alone
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(48))
        # A link appears whole or not at all, and never takes the place of one that is there.
        try:
            os.link(name, file)
        except FileExistsError:
            pass
        except OSError:  # a disk without links
            Path(name).replace(file)
        Path(name).unlink(missing_ok=True)
    if kept := file.read_text("ascii").strip():
        return kept
    raise BadOption(f"{file} is empty: remove it, and a new secret key is made (readers must then log in again).")
