"""A worker with a queue that waits seconds, not an hour, for a job whose worker died.

BROADSHEET_DATA=… python -m tests.jobs.redelivered FILE
"""

import os
import sys
import time
from pathlib import Path

RETRY = 8


def job(file: str) -> str:
    """Writes its process down; the first time it takes for ever, the second it ends."""
    with Path(file).open("a") as out:
        out.write(f"{os.getpid()}\n")
    if len(Path(file).read_text().splitlines()) == 1:
        time.sleep(600)
    Path(file).with_suffix(".done").touch()
    return "done"


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.config.settings"
    from broadsheet.config import settings

    settings.Q_CLUSTER |= {"retry": RETRY, "timeout": RETRY - 1, "poll": 0.2, "guard_cycle": 0.5}
    import django

    django.setup()
    from django.core.management import call_command
    from django_q.tasks import async_task

    from broadsheet.cli.work import _run

    call_command("migrate", verbosity=0)
    async_task("tests.jobs.redelivered.job", sys.argv[1])
    _run(None)


if __name__ == "__main__":
    main()
