"""The engine: answers strangers' queries over a release, whatever they ask.

Evaluation cannot be cancelled from outside, so it happens in worker processes (`graph.worker`) that can be killed. A
query meets two lanes. In the **fast** one it has `SLICE` seconds and little memory, and its whole answer must be small;
most queries end there. What does not fit is stopped and begins again in the **slow** lane, which has the full memory
and streams. So plain queries stay quick while heavy ones burn. One deadline, held here, covers waiting, parsing,
evaluating and sending; whoever is past it, hangs up or takes too much costs a worker, which is replaced, and nothing
else.

The fast lane serves the newest first: under a flood, who came last is answered while the flood waits its turn. The slow
lane serves in order.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import struct
import sys
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from graph import iri, release
from graph.screen import screen, screen_for_server
from graph.store import LOOK_AGAIN, Endpoint, StoreError
from graph.vocabulary import PREFIXES
from graph.worker import ERROR, LAST

SLICE = 0.3
"""Seconds a query has in the fast lane while nobody waits; the more wait, the less it has."""

SHORTEST_SLICE = 0.1
"""Seconds a query has in the fast lane however many wait."""

FAST_MEMORY_MB = 128
"""Memory of a worker of the fast lane."""

SMALL = 1 << 20
"""Bytes of an answer that may leave through the fast lane, and be kept in the cache."""

CACHED = 32 << 20
"""Bytes of answers that are kept."""

REMEMBERED = 1_024
"""Queries that are known to be slow and go to the slow lane at once."""

_WORKER = str(Path(__file__).with_name("worker.py"))

_log = logging.getLogger("s230.engine")


class Query(NamedTuple):
    """A query with all that its answer depends on, apart from the release.

    `format` is json, xml, csv or tsv for SELECT and ASK; ttl, nt, rdf, jsonld, trig or nq for CONSTRUCT and DESCRIBE.
    `default` and `named` are the graphs of the protocol's dataset, both None where the query's own counts.
    """

    text: str
    format: str
    gzip: bool = False
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


class Answer(NamedTuple):
    """An answer: from which release, the first bytes, and those that follow; `rest` is None where `content` is all."""

    release: str
    content: bytes
    rest: AsyncIterator[bytes] | None

    @property
    def compressed(self) -> bool:
        """Whether the bytes are gzip: it was allowed, and worth it. No result format begins with gzip's mark."""
        return self.content[:2] == b"\x1f\x8b"


class QueryError(Exception):
    """A query that got no answer; the message says why."""


class MalformedError(QueryError):
    """The query is not SPARQL; `line` and `column` count from 1 (0 where unknown)."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line, self.column = line, column


class OverloadError(QueryError):
    """The queue is full; try again in a while."""


class DeadlineError(QueryError):
    """The deadline passed."""


class ExhaustionError(QueryError):
    """The worker ended by itself: the query took more memory, or deeper recursion, than a worker has."""


class EvaluationError(QueryError):
    """The engine gave up on a query that is SPARQL."""


class UnavailableError(QueryError):
    """The server behind this service gave no answer; `status` is 503 where it said that it will later, else 502."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Source(NamedTuple):
    """What workers answer from: the name of the release, the program that a worker runs, and what it is told."""

    release: str
    program: tuple[str, ...]
    setting: dict[str, Any]


def source_of(where: Path | Endpoint) -> Source:
    """The current release of a folder, or what an endpoint serves now. Raises `release.NoRelease` or `StoreError`."""
    if isinstance(where, Endpoint):
        return Source(where.name, ("-m", "graph.relay"), where.setting())
    folder = release.current(where)
    return Source(release.description(folder)["name"], (_WORKER,), {"store": str(folder / "store")})


class Worker:
    """One worker process; `clean` while it stands between two queries and can take another."""

    def __init__(self, process: asyncio.subprocess.Process, release_name: str) -> None:
        assert process.stdin and process.stdout
        self.process, self.release = process, release_name
        self._in, self._out = process.stdin, process.stdout
        self.clean = True

    async def frames(self, query: Query, seconds: float) -> AsyncIterator[bytes]:
        """The result of `query`, piece by piece. Raises `MalformedError`, `EvaluationError`, `ExhaustionError`."""
        self.clean = False
        self.tell(query._asdict() | {"seconds": math.ceil(seconds) + 1})
        while True:
            kind, content = await self._frame()
            if kind == ERROR:
                self.clean = True
                raise _failure(json.loads(content))
            if kind == LAST:
                self.clean = True
            yield content
            if kind == LAST:
                return

    def tell(self, request: dict[str, Any]) -> None:
        """Send a request, or before the first one the setting: arguments of a program can be read by others."""
        content = json.dumps(request).encode()
        self._in.write(struct.pack("!I", len(content)) + content)

    async def _frame(self) -> tuple[bytes, bytes]:
        try:
            head = await self._out.readexactly(5)
            return head[:1], await self._out.readexactly(struct.unpack("!I", head[1:])[0])
        except (asyncio.IncompleteReadError, ConnectionError):
            raise ExhaustionError("the query took more memory, or deeper recursion, than one query may have") from None

    async def end(self) -> None:
        """Kill the process, whatever it does, and let go of its pipes, in which a part of a result may stand."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()


def _failure(error: dict[str, Any]) -> QueryError:
    if "line" in error:
        return MalformedError(error["message"], error["line"], error["column"])
    if "status" in error:
        return UnavailableError(error["message"], error["status"])
    return EvaluationError(error["message"])


async def start_worker(source: Source, memory_mb: int, nice: int) -> Worker:
    """A worker over `source`, ready for its first query. Raises `OSError` if it does not come up."""
    setting = {"memory": memory_mb << 20, "nice": nice, "base": iri.BASE + "/", "prefixes": PREFIXES, **source.setting}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", *source.program),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, **_MALLOC, "PYTHONPATH": _packages()},
    )
    worker = Worker(process, source.release)
    try:
        worker.tell(setting)
        await worker._frame()
    except ExhaustionError:
        await worker.end()
        raise OSError(f"{source.release}: no worker could open this release") from None
    except asyncio.CancelledError:
        await worker.end()
        raise
    return worker


_MALLOC = {"MALLOC_ARENA_MAX": "1", "GLIBC_TUNABLES": "glibc.malloc.tcache_count=65535"}
"""One heap, whose bound is then that of the worker, and small blocks kept at hand: sorting and hashing take many."""


def _packages() -> str:
    """Where a worker finds our modules, whether they are installed or not."""
    return os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))


class Lane:
    """Workers of one kind, and those who wait for one."""

    def __init__(
        self, size: int, room: int, start: Callable[[Source], Awaitable[Worker]], *, newest_first: bool
    ) -> None:
        self.size, self.room, self.start = size, room, start
        self.idle: list[Worker] = []
        self.busy: set[Worker] = set()
        self.waiting: deque[asyncio.Future[Worker]] = deque()
        self.release, self.killed = "", 0
        self._next = self.waiting.pop if newest_first else self.waiting.popleft
        self._starting: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Task[None]] = set()

    def take_up(self, source: Source, workers: list[Worker]) -> None:
        """Go on with `workers`, a full set over `source`; the older ones end as they come free."""
        self._source, self.release = source, source.release
        older, self.idle = self.idle, []
        for worker in older:
            self._end(worker)
        for worker in workers:
            self._offer(worker)

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Worker]:
        """A worker of one's own; it is killed and replaced unless it was left clean. Raises `OverloadError`."""
        worker = await self._take()
        self.busy.add(worker)
        try:
            yield worker
        finally:
            self.busy.discard(worker)
            self._give_back(worker)

    async def close(self) -> None:
        """Kill all workers; nothing is answered any more."""
        self.release = ""
        for task in self._starting:
            task.cancel()
        for worker in (*self.idle, *self.busy):
            self._end(worker)
        await asyncio.gather(*self._starting, *self._ending, return_exceptions=True)

    async def _take(self) -> Worker:
        while self.idle:
            worker = self.idle.pop()
            if worker.process.returncode is None:
                return worker
            self._replace()
        if len(self.waiting) >= self.room:
            raise OverloadError("too many queries are waiting; try again in a while")
        place: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self.waiting.append(place)
        try:
            return await place
        except asyncio.CancelledError:
            if place.cancelled():
                self.waiting.remove(place)
            else:
                self._give_back(place.result())
            raise

    def _give_back(self, worker: Worker) -> None:
        current = worker.release == self.release
        if worker.clean and current:
            self._offer(worker)
            return
        if not worker.clean:
            self.killed += 1
        self._end(worker)
        if current:
            self._replace()

    def _offer(self, worker: Worker) -> None:
        while self.waiting:
            place = self._next()
            if not place.done():
                place.set_result(worker)
                return
        self.idle.append(worker)

    def _end(self, worker: Worker) -> None:
        _keep(self._ending, worker.end())

    def _replace(self) -> None:
        _keep(self._starting, self._start_one())

    async def _start_one(self) -> None:
        while True:
            try:
                worker = await self.start(self._source)
            except OSError as error:
                _log.error("a worker did not start: %s", error)
                await asyncio.sleep(1)
            else:
                self._give_back(worker)
                return


def _keep(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
    """Run `work` beside the rest; a task that nobody holds could be collected before its end."""
    task = asyncio.get_running_loop().create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


class Cache:
    """Small answers by release and query, at most `CACHED` bytes; the least recently used go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, Query], bytes] = OrderedDict()
        self.bytes = 0

    def get(self, release_name: str, query: Query) -> bytes | None:
        """The answer, if it is kept."""
        content = self._kept.get((release_name, query))
        if content is not None:
            self._kept.move_to_end((release_name, query))
        return content

    def put(self, release_name: str, query: Query, content: bytes) -> None:
        """Keep an answer."""
        if (release_name, query) in self._kept:
            return
        self._kept[release_name, query] = content
        self.bytes += _weight(query, content)
        while self.bytes > CACHED:
            (_, oldest), dropped = self._kept.popitem(last=False)
            self.bytes -= _weight(oldest, dropped)


def _weight(query: Query, content: bytes) -> int:
    return len(query.text) + len(content) + 512


class Engine:
    """Two lanes of workers over the current release of a folder, or over an endpoint, with a cache and a deadline.

    `timeout` in seconds; `memory_mb` for each of the `workers` of the slow lane; `queue` is how many may wait a lane.
    """

    def __init__(
        self, where: Path | Endpoint, *, timeout: float = 10, memory_mb: int = 1024, workers: int = 2, queue: int = 64
    ) -> None:
        self.where, self.timeout, self.memory_mb = where, timeout, memory_mb
        fast_memory = min(FAST_MEMORY_MB, memory_mb)
        self.fast = Lane(workers, queue, lambda source: start_worker(source, fast_memory, 0), newest_first=True)
        self.slow = Lane(workers, queue, lambda source: start_worker(source, memory_mb, 10), newest_first=False)
        self.screen = screen_for_server if isinstance(where, Endpoint) else screen
        self._current: Source | None = None
        self.cache = Cache()
        self._known_slow: OrderedDict[tuple[str, Query], None] = OrderedDict()
        self._watching: asyncio.Task[None] | None = None

    @property
    def release(self) -> str:
        """The name of the release that new queries see."""
        return self.fast.release

    async def start(self) -> None:
        """Start the workers and watch for new releases. Raises `OSError`, `release.NoRelease` or `StoreError`."""
        await self.roll()
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    async def close(self) -> None:
        """Stop."""
        if self._watching:
            self._watching.cancel()
        await asyncio.gather(self.fast.close(), self.slow.close())

    async def roll(self) -> bool:
        """Take up the newest release without dropping a query; whether there was one to take up.

        Raises `OSError`, `release.NoRelease` or `StoreError`; then the release before goes on being served.
        """
        newest = await asyncio.to_thread(source_of, self.where)
        if newest == self._current:
            return False
        size = self.fast.size
        starts = [lane.start(newest) for lane in (self.fast, self.slow) for _ in range(size)]
        workers: list[Worker] = []
        failures: list[BaseException] = []
        for started in await asyncio.gather(*starts, return_exceptions=True):
            if isinstance(started, Worker):
                workers.append(started)
            else:
                failures.append(started)
        if failures:
            await asyncio.gather(*(worker.end() for worker in workers))
            raise failures[0]
        self._current = newest
        self.fast.take_up(newest, workers[:size])
        self.slow.take_up(newest, workers[size:])
        return True

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            try:
                await self.roll()
            except (OSError, release.NoRelease, StoreError) as error:
                _log.error("the new release is not taken up: %s", error)

    @asynccontextmanager
    async def answer(self, query: Query, *, until: float | None = None, keep: bool = True) -> AsyncIterator[Answer]:
        """The answer to a screened query, open while it is sent: the deadline runs until the block is left.

        `until` is a time of the running loop (default: `timeout` from now); `keep` allows the cache. Raises
        a `QueryError`: `MalformedError`, `OverloadError`, and while `rest` is read too `DeadlineError`,
        `ExhaustionError`, `EvaluationError` and `UnavailableError`.
        """
        end = asyncio.get_running_loop().time() + self.timeout if until is None else until
        try:
            async with asyncio.timeout_at(end):
                whole = await self._whole(query, keep)
                if whole is not None:
                    yield whole
                    return
                async with self.slow.worker() as worker:
                    frames = worker.frames(query, self.timeout)
                    first = await anext(frames)
                    if worker.clean and keep and len(first) <= SMALL:
                        self.cache.put(worker.release, query, first)
                    yield Answer(worker.release, first, None if worker.clean else frames)
        except TimeoutError:
            raise DeadlineError(f"the query was stopped after {self.timeout:g} seconds") from None

    async def _whole(self, query: Query, keep: bool) -> Answer | None:
        """A small answer from the cache or the fast lane; None for what belongs to the slow one."""
        name = self.release
        kept = self.cache.get(name, query) if keep else None
        if kept is not None:
            return Answer(name, kept, None)
        if (name, query) in self._known_slow:
            return None
        async with self.fast.worker() as worker:
            seconds = max(SLICE / (1 + len(self.fast.waiting)), SHORTEST_SLICE)
            content = await _small(worker, query, seconds)
        if content is None:
            if seconds == SLICE:
                self._remember(name, query)
            return None
        if keep:
            self.cache.put(worker.release, query, content)
        return Answer(worker.release, content, None)

    def _remember(self, name: str, query: Query) -> None:
        self._known_slow[name, query] = None
        if len(self._known_slow) > REMEMBERED:
            self._known_slow.popitem(last=False)


async def _small(worker: Worker, query: Query, seconds: float) -> bytes | None:
    """The whole answer, if it comes within `seconds` and is small."""
    content = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for piece in worker.frames(query, seconds):
                content += piece
                if len(content) > SMALL:
                    return None
    except (TimeoutError, ExhaustionError):
        return None
    return bytes(content)
