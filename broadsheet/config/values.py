"""What a value of an option may be: each takes text or a TOML value and gives the value used, or raises ValueError
with what to say instead.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo


def text(value: Any) -> str:
    return str(value).strip()


def flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    match str(value).strip().lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off" | "":
            return False
    raise ValueError("say true or false")


def whole(least: int, most: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        try:
            number = int(str(value).strip())
        except ValueError:
            raise ValueError(f"say a whole number from {least} to {most}") from None
        if not least <= number <= most:
            raise ValueError(f"say a whole number from {least} to {most}")
        return number

    return read


def one_of(*choices: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if str(value).strip() not in choices:
            raise ValueError(f"say {' or '.join(choices)}")
        return str(value).strip()

    return read


def names(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else str(value).split(",")
    return tuple(name for part in parts if (name := str(part).strip()))


def folder(value: Any) -> Path:
    if not str(value).strip():
        raise ValueError("say a folder")
    return Path(str(value)).expanduser().absolute()


def zone(value: Any) -> str:
    try:
        ZoneInfo(str(value))
    except Exception:
        raise ValueError("say a time zone such as Europe/Berlin or UTC") from None
    return str(value)


def database(value: Any) -> str:
    address = str(value).strip()
    if address and not address.startswith(("postgresql://", "postgres://", "sqlite:///")):
        raise ValueError(
            "say postgresql://user:password@host:port/name, or leave it empty for SQLite in the data folder"
        )
    return address


def address(value: Any) -> str:
    address = str(value).strip().rstrip("/")
    if address and not address.startswith(("http://", "https://")):
        raise ValueError("say an address that begins with http:// or https://")
    return address


def addresses(value: Any) -> dict[str, str]:
    parts = [f"{name}={there}" for name, there in value.items()] if isinstance(value, dict) else names(value)
    found = {}
    for part in parts:
        name, _, there = part.partition("=")
        if not name.strip() or not there.strip().startswith(("http://", "https://")):
            raise ValueError("say place.route=address, such as arxiv.oai=https://mirror.example.org/oai")
        found[name.strip()] = there.strip().rstrip("/")
    return found


def relay(value: Any) -> str:
    address = str(value).strip()
    if address and not address.startswith(("smtp://", "smtps://")):
        raise ValueError("say smtp://user:password@host:port, or smtps:// where TLS comes first")
    return address
