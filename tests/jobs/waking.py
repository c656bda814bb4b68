"""A machine that is woken by a test: each harvest is a process of its own, which the test may kill.

    python -m tests.jobs.waking        reads a line of JSON a job, says the number of its process, then how it ended

Django and the rooms are loaded once; every job is a fork with a connection to the database of its own.
"""

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Job:
    """A morning at ``at`` in the data folder ``data``. ``kill_at``: the statement of SQL before which it is killed.

    ``kill_like``: it is killed at the first statement that begins so, ``before`` it or after it.
    """

    data: str
    bases: dict[str, str]
    topics: tuple[str, ...]
    since: str
    at: str
    seed: int = 0
    only: tuple[str, ...] = ()
    kill_at: int = 0
    kill_like: str = ""
    before: bool = True
    migrate: bool = False


class Machine:
    """``wake`` does a job and says how its process ended: 0, or minus the signal that killed it."""

    def __init__(self) -> None:
        # A data folder of its own and SQLite in it, whatever database the suite runs on.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")}
        self._loaded = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.waking"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=kept,
        )

    def start(self, job: Job) -> int:
        """The number of the job's process."""
        assert self._loaded.stdin
        self._loaded.stdin.write(json.dumps(asdict(job)) + "\n")
        self._loaded.stdin.flush()
        return int(self._line())

    def ended(self) -> int:
        return int(self._line())

    def wake(self, job: Job) -> int:
        self.start(job)
        return self.ended()

    def close(self) -> None:
        assert self._loaded.stdin
        assert self._loaded.stdout
        self._loaded.stdin.close()
        self._loaded.wait(30)
        self._loaded.stdout.close()

    def _line(self) -> str:
        assert self._loaded.stdout
        return self._loaded.stdout.readline()


def main() -> None:
    import tests.environment  # noqa: F401  # no option of whoever runs this leaks in

    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.config.settings"
    import django

    django.setup()
    from broadsheet.jobs import edition, morning  # noqa: F401
    from broadsheet.sources.arxiv import routes  # noqa: F401
    from tests.sources import harvesting  # noqa: F401

    for line in sys.stdin:
        child = os.fork()
        if not child:
            code = 1
            try:
                _do(Job(**json.loads(line)))
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _do(job: Job) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    data = Path(job.data)
    settings.DATA = data
    connection.settings_dict["NAME"] = str(data / "broadsheet.sqlite3")
    if job.migrate:
        call_command("migrate", verbosity=0)
        connection.close()
        return
    with connection.execute_wrapper(_killer(job)):
        _morning(job, data)
    connection.close()


def _morning(job: Job, data: Path) -> None:
    from broadsheet.catalog.models import Order
    from broadsheet.jobs.edition import print_editions
    from broadsheet.jobs.morning import gather
    from broadsheet.sources import places
    from tests.sources.harvesting import client

    at = datetime.fromisoformat(job.at)
    asking = client(data / "sources", _at(at), seed=job.seed)
    routes = places.routes("arxiv", job.bases)
    for route in routes:
        asking.breaker(f"arxiv.{route.route}").reset()
    order, _ = Order.objects.get_or_create(
        place="arxiv", defaults={"topics": sorted(job.topics), "since": date.fromisoformat(job.since)}
    )
    gather(order, only=job.only, asking=asking, routes=routes, now=at)
    print_editions(at.date())


def _at(at: datetime) -> Any:
    """A clock whose time of day stands still: whatever is waited for, the world outside waits too."""
    from tests.sources.harvesting import ToldClock

    class Standing(ToldClock):
        def wall(self) -> float:
            return at.timestamp()

    return Standing(at, started=str(os.getpid()))


def _killer(job: Job) -> Callable[..., Any]:
    done = 0

    def kill(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        nonlocal done
        done += 1
        there = bool(job.kill_like) and sql.startswith(job.kill_like)
        if done == job.kill_at or (there and job.before):
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, parameters, many, context)
        if there:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return kill


if __name__ == "__main__":
    main()
