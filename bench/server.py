"""A running `broadsheet serve`, and a plain HTTP client for it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

COMMAND = [str(Path(sys.executable).with_name("broadsheet"))]
LONGEST_START = 300.0


def folder_environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BROADSHEET_", "DJANGO_"))}
    return kept | {"BROADSHEET_DATA": str(folder)}


class Server:
    """``with Server(folder) as server``: serves ``folder`` on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def __enter__(self) -> "Server":
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(self.port)],
            env=folder_environment(self.folder),
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        limit = time.monotonic() + LONGEST_START
        while time.monotonic() < limit:
            try:
                connection = self.connect()
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                return self
            except OSError:
                time.sleep(0.2)
        self.process.kill()
        raise TimeoutError(f"the server did not answer in {LONGEST_START:.0f} s")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(20)

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def memory(self) -> float:
        """Resident memory of the server's processes together, each shared page once (PSS), in MB."""
        total = 0.0
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if os.getpgid(int(process.name)) != self.process.pid:
                    continue
                for line in (process / "smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        total += int(line.split()[1]) / 1024
            except (OSError, ValueError):
                continue
        return total


def get(
    connection: http.client.HTTPConnection,
    path: str,
    accept: str = "text/html",
    headers: Mapping[str, str] | None = None,
) -> tuple[int, bytes]:
    connection.request("GET", path, headers={"Accept": accept, **(headers or {})})
    response = connection.getresponse()
    return response.status, response.read()
