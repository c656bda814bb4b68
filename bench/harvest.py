"""How fast arXiv's whole metadata is read by OAI-PMH from a server on this machine, and how much memory that takes.

    python -m bench.harvest [--pages 200] [--size 2000] [--store]

Reading only: asking, unpacking, parsing, checking. With ``--store`` the job itself: records, announcements, cursor and
run of every batch in one transaction, into a new SQLite file. Pages are sent packed, and the server runs in a process
of its own. Records are made up, of the size of real ones, and all edited yesterday: of them none may enter an edition.
"""

import argparse
import gzip
import http.server
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.measuring import peak
from broadsheet.sources.arxiv.oai.fetch import ArxivOAI
from broadsheet.sources.http import Client
from broadsheet.sources.pace import MachineClock
from broadsheet.sources.place import Wanted

TEXT = (
    "We show that sparse maps of large graphs can be folded in time linear in their boundary and give a bound of "
    "$O(n \\log n)$ for the number of creases under mild assumptions, which experiments on twelve sets confirm. "
) * 6


# As if everything was read on the day before.
BEGUN: dict[str, Any] = {"": {"read_on": "2026-11-19", "reading": None}}


class NoWait(MachineClock):
    """Waits for nothing: the server is our own."""

    def sleep(self, seconds: float) -> None:
        pass


def page(number: int, size: int, pages: int) -> bytes:
    """The page ``number`` of ``pages``; every record is of another paper."""
    listed = "".join(record(number * size + one) for one in range(size))
    token = f"<resumptionToken>{number + 1}</resumptionToken>" if number + 1 < pages else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>2026-11-20T03:00:00Z</responseDate><ListRecords>{listed}{token}</ListRecords></OAI-PMH>"
    ).encode()


def record(number: int) -> str:
    key = f"{10 + number // 1_200_000:02}{1 + number // 100_000 % 12:02}.{number % 100_000:05}"
    return (
        f"<record><header><identifier>oai:arXiv.org:{key}</identifier><datestamp>2026-11-19</datestamp>"
        "<setSpec>cs:cs:CG</setSpec></header><metadata>"
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{key}</id><submitter>A. Person</submitter>'
        '<version version="v1"><date>Mon, 2 Apr 2018 19:18:42 GMT</date><size>99kb</size></version>'
        '<version version="v2"><date>Tue, 24 Jul 2018 20:10:27 GMT</date><size>99kb</size></version>'
        f"<title>Folding Map {number}</title>"
        "<authors>A. Byron, J. van der Berg (Here), M. King Jr, W. Zhang and S. Other</authors>"
        "<categories>cs.CG math.CO</categories><comments>12 pages, 3 figures</comments>"
        "<license>http://creativecommons.org/licenses/by/4.0/</license>"
        f"<abstract>{TEXT}</abstract></arXivRaw></metadata></record>"
    )


def serve(told: Connection, size: int, pages: int) -> None:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            token = parse_qs(urlsplit(self.path).query).get("resumptionToken", ["0"])[0]
            body = gzip.compress(page(int(token), size, pages), compresslevel=1)
            self.send_response(200)
            for name, value in (("Content-Type", "text/xml"), ("Content-Encoding", "gzip")):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        told.send(server.server_port)
        server.serve_forever()


def read(source: ArxivOAI, client: Client) -> Iterator[int]:
    """How many records were read, after every batch."""
    for batch in source.fetch(client, Wanted(), BEGUN):
        yield batch.seen


def stored(folder: Path, source: ArxivOAI, client: Client) -> Iterator[int]:
    """How many were read and stored, after every batch; in the end, that none of them is in an edition."""
    os.environ |= {"BROADSHEET_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    from broadsheet.catalog.models import Entry, Paper, Route
    from broadsheet.jobs.harvest import HarvestTally, harvest

    call_command("migrate", verbosity=0)
    Route.objects.create(place="arxiv", route="oai", cursor=BEGUN)
    counts: list[int] = []

    def progress(done: HarvestTally) -> None:
        counts.append(done.seen)
        step = 40_000
        if done.seen // step > (counts[-2] if len(counts) > 1 else 0) // step:
            print(f"{done.seen:9,} stored, {peak():6.0f} MB at the most", flush=True)

    harvest(source, client, Wanted(), progress=progress)
    print(f"{Paper.objects.count():,} papers, {Entry.objects.count():,} places in editions")
    yield counts[-1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=100)
    options.add_argument("--size", type=int, default=2_000)
    options.add_argument("--store", action="store_true", help="store what is read, as the job does")
    chosen = options.parse_args()
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    server = spawn.Process(target=serve, args=(there, chosen.size, chosen.pages), daemon=True)
    server.start()
    source = ArxivOAI(f"http://127.0.0.1:{here.recv()}/oai")
    with tempfile.TemporaryDirectory() as folder:
        client = Client(Path(folder), private=True, clock=NoWait())
        step = chosen.size * 20
        began, worked, seen = time.perf_counter(), time.process_time(), 0
        for now in stored(Path(folder), source, client) if chosen.store else read(source, client):
            if now // step > seen // step:
                print(f"{now:9,} records, {peak():6.0f} MB at the most", flush=True)
            seen = now
        spent, used = time.perf_counter() - began, time.process_time() - worked
    server.terminate()
    print(
        f"{seen:,} records in {spent:.1f} s: {seen / spent:,.0f}/s, or {seen / used:,.0f} a second of one processor"
    )


if __name__ == "__main__":
    main()
