"""`broadsheet serve`: the site, from an empty folder to the first page."""

import http.client
import os
import socket
import time
from collections.abc import Callable
from threading import Thread
from typing import Any

import click

from broadsheet.cli.faults import ExitCode, Fault
from broadsheet.cli.start import Verb, ready_to_write, say, verb, warn_of_findings

_ANSWER_WAIT = 60.0
_STOP_WAIT = 8
# Room for the longest address that is answered (web.limits) and for what browsers send beside it.
_HEADER_BYTES = 65_536
_HEADER_MS = 10_000


def _taking(flag: str, **how: Any) -> Callable[[Verb], Verb]:
    """A flag that sets the option of its name, over the environment and the file."""

    def set_option(context: click.Context, parameter: click.Parameter, value: object) -> None:
        if value is not None:
            os.environ[f"BROADSHEET_{str(parameter.name).upper()}"] = str(value)

    return click.option(flag, expose_value=False, callback=set_option, **how)


@click.command(short_help="Serve the site until Ctrl-C.")
@_taking("--host", metavar="ADDRESS", help="Where to listen; else the option host.")
@_taking("--port", type=click.IntRange(1, 65535), help="Which port; else the option port.")
@_taking("--workers", type=click.IntRange(1, 64), help="How many server processes; else the option workers.")
@_taking(
    "--threads", type=click.IntRange(1, 64), help="Requests that each answers at a time; else the option threads."
)
@click.option("--empty", is_flag=True, help="Begin without the starter edition.")
@verb
def serve(empty: bool) -> int:
    """Serve the site until Ctrl-C. The first start makes the tables and puts the starter edition in.

    Papers imported meanwhile, by another terminal, are found within seconds. To listen on more than this
    machine give --host 0.0.0.0 and name the hosts that readers type: BROADSHEET_ALLOWED_HOSTS=papers.example.org.

    \b
    broadsheet serve
    broadsheet serve --port 8080 --data ~/papers
    BROADSHEET_ALLOWED_HOSTS=papers.local broadsheet serve --host 0.0.0.0
    """
    ready_to_write()
    from django.conf import settings

    from broadsheet.cli.press import bring_up_to_date, put_starter_in
    from broadsheet.cli.updating import workers

    host, port = settings.OPTIONS["host"], settings.OPTIONS["port"]
    _claim(host, port)
    warn_of_findings()
    if not empty:
        put_starter_in()
    bring_up_to_date()
    working = workers()
    for worker in working:
        worker.start()
    Thread(target=_tell_when_it_answers, args=(host, port), daemon=True).start()
    try:
        _server(settings.OPTIONS.values).serve()
    except SystemExit as ended:
        if ended.code:
            raise Fault("the server processes fail again and again: see the lines above") from None
    finally:
        for worker in working:
            worker.stop()
    return ExitCode.DONE


def _server(options: dict[str, Any]) -> Any:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LOGGING_CONFIG, LogLevels

    return Granian(
        "broadsheet.config.wsgi:application",
        address=options["host"],
        port=options["port"],
        interface=Interfaces.WSGI,
        workers=options["workers"],
        blocking_threads=options["threads"],
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_MS, max_buffer_size=_HEADER_BYTES),
        log_level=LogLevels.warning,
        log_dictconfig=_to_stderr(LOGGING_CONFIG),
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_WAIT,
        process_name=None,
    )


def _to_stderr(logging: dict[str, Any]) -> dict[str, Any]:
    handlers = {name: {**how, "stream": "ext://sys.stderr"} for name, how in logging["handlers"].items()}
    return {**logging, "handlers": handlers}


def _claim(host: str, port: int) -> None:
    """See that nobody else listens there: the server itself would share the port without a word.

    Raises:
        Fault: if somebody does, or if there is no such address here.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as wrong:
        raise Fault(
            f"{host!r} is no address of this machine: choose another with --host", ExitCode.MISUSED
        ) from wrong
    except PermissionError as wrong:
        raise Fault(f"port {port} is kept for the system: choose one from 1024 on with --port") from wrong
    except OSError as wrong:
        raise Fault(
            f"port {port} of {host} is taken by another program: stop it, or choose another with --port ({wrong.strerror})"
        ) from wrong


def _tell_when_it_answers(host: str, port: int) -> None:
    """Print the address once a page really comes from it."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 # asked of the user, not set here
    shown = f"[{near}]" if ":" in near else near
    until = time.monotonic() + _ANSWER_WAIT
    while time.monotonic() < until:
        asking = http.client.HTTPConnection(near, port, timeout=10)
        try:
            asking.request("GET", "/")
            if asking.getresponse().status < http.client.INTERNAL_SERVER_ERROR:
                click.echo(f"Broadsheet is at http://{shown}:{port}")
                return
            say(f"http://{shown}:{port} answers with an error: see the lines above")
            return
        except OSError:
            time.sleep(0.05)
        finally:
            asking.close()
    say(f"no answer at http://{shown}:{port} after {_ANSWER_WAIT:.0f} seconds: see the lines above")
