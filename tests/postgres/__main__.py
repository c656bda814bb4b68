"""Run the suite on PostgreSQL: on the one that BROADSHEET_TEST_DATABASE names, else on one started for it.

python -m tests.postgres [pytest's arguments]
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

# What asks no database, or SQLite in a folder of its own whatever the suite runs on: once, on SQLite, is enough.
NO_DATABASE = (
    *(f"tests/{room}" for room in ("bench", "core", "ranking", "search", "sources")),
    *(str(file) for file in sorted(Path("tests/cli").glob("test_*.py")) if file.name != "test_postgresql.py"),
    "tests/jobs/test_worlds.py",
)


def main() -> int:
    address = os.environ.get("BROADSHEET_TEST_DATABASE")
    if address:
        return suite(address)
    programs = newest_programs()
    if programs is None:
        print("No PostgreSQL found. On Debian: apt install postgresql. Or name one in BROADSHEET_TEST_DATABASE.")
        return 1
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-postgres-"))
    port = free_port()
    try:
        start(programs, folder, port)
        return suite(f"postgresql://broadsheet@127.0.0.1:{port}/postgres")
    finally:
        call([str(programs / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "-w", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def suite(address: str) -> int:
    environment = os.environ | {"BROADSHEET_TEST_DATABASE": address}
    asked = sys.argv[1:] or [f"--ignore={one}" for one in NO_DATABASE]
    return subprocess.run([sys.executable, "-m", "pytest", *asked], env=environment, check=False).returncode


def newest_programs() -> Path | None:
    found = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda path: int(path.parent.name),
    )
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(programs: Path, folder: Path, port: int) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = str(folder / "data")
    call(
        [
            str(programs / "initdb"),
            "-D",
            data,
            "-U",
            "broadsheet",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ],
        must=True,
    )
    # Nothing here outlives the run: no need to wait for the disk.
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    call(
        [str(programs / "pg_ctl"), "-D", data, "-o", settings, "-l", str(folder / "log"), "-w", "start"], must=True
    )


def call(command: list[str], *, must: bool = False) -> None:
    """PostgreSQL refuses to run as root: as root, its own user runs it."""
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(
        command, user=user, cwd="/", check=must, stdout=subprocess.DEVNULL, extra_groups=[] if user else None
    )


if __name__ == "__main__":
    sys.exit(main())
