"""The WSGI application that `broadsheet serve` hands to its server processes."""

import multiprocessing
import os
import signal
import time
from threading import Thread

from django.core.wsgi import get_wsgi_application

# How long a server process whose parent was killed may go on with the requests it has.
_LAST_REQUESTS = 5.0


def _end_with_parent() -> None:
    """A killed `broadsheet serve` must not leave processes that keep the port: the next start needs it."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_LAST_REQUESTS)
        os._exit(1)

    Thread(target=watch, name="end-with-parent", daemon=True).start()


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.config.settings")
_end_with_parent()
application = get_wsgi_application()

from broadsheet.listings.engine import keep_open  # noqa: E402 # it needs the settings

keep_open()
