"""The index in use: opened once in a process, and again when a new generation is published, with no restart.

A command opens it when it asks, and looks at the pointer (one ``stat``) each time. A server has a thread for that
(``keep_open``): opening a large index takes seconds, and no reader pays them.
"""

import logging
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from broadsheet.ranking import hybrid
from broadsheet.ranking.hybrid import Found, Hit
from broadsheet.search.engine import SearchEngine
from broadsheet.search.filters import Filters
from broadsheet.search.generation import POINTER, NoIndexError, Verifier, open_current
from broadsheet.search.guard import Admitted
from broadsheet.search.manifest import DamagedError
from broadsheet.search.normalise import words
from broadsheet.search.spelling import Suggestion
from broadsheet.search.syntax import And, Query, Word, leaves

_log = logging.getLogger(__name__)
# After a failure the same files are not read again at every request.
_RETRY_AFTER = 5.0
# How often a server looks for a new generation, and how long a request waits for the first.
_LOOK_EVERY = 0.25
_PATIENCE = 3.0


_WORDS_OF_A_NAME = 4
_SHORTEST_NAME = 4


class NoIndex(Exception):
    """There is no index that can be opened; lists are answered from the database meanwhile."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A generation at work."""

    search_engine: SearchEngine

    @property
    def generation(self) -> int:
        return self.search_engine.generation.manifest.generation

    @property
    def documents(self) -> int:
        return self.search_engine.generation.manifest.documents

    def search(self, query: Query, **how: Any) -> Found:
        """See ``ranking.hybrid.search``."""
        return hybrid.search(self.search_engine, query, **how)

    def author(self, query: Query) -> str:
        """The name of an author, where ``query`` is nothing else: more papers are by them than have these words."""
        names = [leaf.text for leaf in leaves(query.root, positive=False) if isinstance(leaf, Word)]
        name, folded = " ".join(names), words(" ".join(names))
        if query.root not in (And(tuple(map(Word, names))), Word(name)) or query.filters.authors:
            return ""
        if query.like or query.unlike or query.pinned or not 1 <= len(folded) <= _WORDS_OF_A_NAME:
            return ""
        engine = self.search_engine
        by = replace(query, root=None, filters=Filters(authors=(name,)))
        mask = engine.allowed(by, engine.ask(by))
        written = 0 if mask is None else int(mask.sum())
        if not written or (len(folded) == 1 and len(folded[0]) < _SHORTEST_NAME):
            return ""
        anywhere = replace(query, filters=Filters())
        asked = engine.ask(anywhere)
        return name if written > len(engine.exact(asked, engine.allowed(anywhere, asked))) else ""

    def unknown(self, query: Query) -> list[str]:
        """What ``query`` names by an id that no paper here has."""
        words = self.search_engine.words
        seeds = {
            f"{sign}like:{one.key}": one.key
            for sign, given in (("", query.like), ("-", query.unlike))
            for one in given
        }
        named = {key: key for key in query.pinned}
        return [shown for shown, key in (named | seeds).items() if not len(words.by_id(key))]

    def suggest(self, admitted: Admitted) -> Suggestion | None:
        """See ``SearchEngine.suggest``."""
        return self.search_engine.suggest(admitted)

    def similar(self, papers: list[int], limit: int = 10) -> tuple[Hit, ...]:
        """See ``ranking.hybrid.similar``."""
        return hybrid.similar(self.search_engine, papers, limit)


class _Holder:
    """The engine of one index folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._verifier = Verifier()
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._seen: tuple[int, int] | None = None
        self._failed_at = float("-inf")
        self._failure = "the index is being opened"
        self._watched = False
        self._looked = threading.Event()

    def watch(self) -> None:
        """Open the index now and whenever it changes, in a thread that lives as long as the process."""
        self._watched = True
        threading.Thread(target=self._watch, name="index", daemon=True).start()

    def _watch(self) -> None:
        while True:
            pause = _LOOK_EVERY
            try:
                self._opened()
            except NoIndex:
                pass  # told in the log
            except BaseException:  # a panic inside the search library is no Exception, and this thread must go on
                _log.exception("the index cannot be opened")
                pause = _RETRY_AFTER
            self._looked.set()
            time.sleep(pause)

    def current(self) -> Engine:
        if not self._watched:
            return self._opened()
        if self._engine is None:
            self._looked.wait(_PATIENCE)
        if self._engine is None:
            raise NoIndex(self._failure)
        return self._engine

    def _opened(self) -> Engine:
        pointer = self._pointer()
        engine = self._engine
        if engine is not None and pointer == self._seen:
            return engine
        if engine is not None and not self._lock.acquire(blocking=False):
            return engine
        if engine is None:
            self._lock.acquire()
        try:
            return self._reopened(pointer)
        finally:
            self._lock.release()

    def _reopened(self, pointer: tuple[int, int] | None) -> Engine:
        if self._engine is not None and pointer == self._seen:
            return self._engine  # another thread has just done it
        if pointer == self._seen and time.monotonic() - self._failed_at < _RETRY_AFTER:
            raise NoIndex(self._failure)
        self._seen = pointer
        try:
            before = self._engine.search_engine if self._engine else None
            self._engine = Engine(SearchEngine(open_current(self._root, self._verifier), before=before))
        except (NoIndexError, DamagedError) as wrong:
            self._failed_at, self._failure = time.monotonic(), str(wrong)
            if self._engine is not None:
                _log.error("a new index cannot be opened (%s); the old one goes on", wrong)
                return self._engine
            _log.warning("search answers from the database: %s", wrong)
            raise NoIndex(str(wrong)) from wrong
        return self._engine

    def _pointer(self) -> tuple[int, int] | None:
        try:
            found = (self._root / POINTER).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino


_holders: dict[Path, _Holder] = {}
_holders_lock = threading.Lock()


def current_engine() -> Engine:
    """The engine of the newest whole generation.

    Raises:
        NoIndex: if there is none.
    """
    return _holder().current()


def keep_open() -> None:
    """For a server: see to it that requests find the index open. Called once in each of its processes."""
    _holder().watch()


def _holder() -> _Holder:
    root: Path = settings.DATA / "index"
    holder = _holders.get(root)
    if holder is None:
        with _holders_lock:
            holder = _holders.setdefault(root, _Holder(root))
    return holder
