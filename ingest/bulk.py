"""Bringing a dump into a store while it is written: whole, or as the difference to an earlier release.

Loading costs more than all the rest of a build. So a new store is filled slice by slice on threads of its own (Oxigraph
works outside Python's lock), and where most files are as they were the earlier store is taken over: its files are never
written to again, so links to them do, and only the statements that went and came are carried out.
"""

from __future__ import annotations

import gzip
import shutil
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import pyoxigraph as ox

from ingest import kept

SLICE = 48 << 20
"""Bytes loaded at once, some 240,000 statements. In one go Oxigraph keeps all of it in memory, 2 GB for 2.4 million."""

LOADERS = 2
"""Slices loaded at the same time."""

MOST = 400_000
"""Statements that are carried out one by one; where more went or came, or an eighth of all, all are loaded."""

Taker = Callable[[bytes], None]


@contextmanager
def filling(folder: Path) -> Iterator[Taker]:
    """A taker of pieces of N-Quads that loads them into a new store in `folder`. Raises what loading raises."""
    with ThreadPoolExecutor(LOADERS) as pool:
        loads = _Loads(ox.Store(str(folder)), pool)
        yield loads.take
        loads.end()


class _Loads:
    """Slices on their way into a store; at most `LOADERS` at once, so that what is held stays small."""

    def __init__(self, store: ox.Store, pool: ThreadPoolExecutor) -> None:
        self._store, self._pool = store, pool
        self._held = bytearray()
        self._loads: deque[Future[None]] = deque()

    def take(self, piece: bytes) -> None:
        """Load the next piece, together with others."""
        self._held += piece
        while len(self._held) >= SLICE:
            self._load(self._held.rfind(b"\n", 0, SLICE) + 1 or self._held.find(b"\n", SLICE) + 1)

    def _load(self, size: int) -> None:
        if len(self._loads) == LOADERS:
            self._loads.popleft().result()
        content = bytes(self._held[:size])
        del self._held[:size]
        self._loads.append(self._pool.submit(self._store.bulk_load, input=content, format=ox.RdfFormat.N_QUADS))

    def end(self) -> None:
        """Load what is left, and let go of the store: while anyone has it no other can open it."""
        self._load(len(self._held))
        for load in self._loads:
            load.result()
        self._store.flush()
        del self._store


def fill(folder: Path, dump: Path) -> None:
    """Load a dump into a new store in `folder`."""
    with filling(folder) as take, dump.open("rb") as file:
        while piece := file.read(SLICE // 4) + file.readline():
            take(piece)


@contextmanager
def changing(folder: Path, release: Path, dump: Path) -> Iterator[Taker]:
    """A taker of the pieces of `dump` that makes the store of `release` that of the dump, in `folder`.

    Where much has changed the dump is loaded instead.
    """
    with gzip.open(release / "dump.nq.gz", "rb") as packed:
        changes = _Changes(cast(BinaryIO, packed))
        yield changes.take
        changes.end()
    if changes.number > min(MOST, changes.total // 8):
        fill(folder, dump)
        return
    _take_over(release / "store", folder)
    store = ox.Store(str(folder))
    gone = list(ox.parse(b"".join(changes.gone), ox.RdfFormat.N_QUADS))
    for quad in gone:
        store.remove(quad)
    store.bulk_load(input=b"".join(changes.come), format=ox.RdfFormat.N_QUADS)
    for graph in {quad.graph_name for quad in gone if isinstance(quad.graph_name, ox.NamedNode)}:
        if not any(True for _ in store.quads_for_pattern(None, None, None, graph)):
            store.remove_graph(graph)
    store.flush()


class _Changes:
    """The lines that went and came between an earlier dump and a new one; both are in order, so one pass finds them."""

    def __init__(self, before: BinaryIO) -> None:
        self.gone: list[bytes] = []
        self.come: list[bytes] = []
        self.number = self.total = 0
        self._before, self._left = before, b""

    def take(self, piece: bytes) -> None:
        """Go on with the next piece of the new dump."""
        self.total += piece.count(b"\n")
        if len(self._left) < len(piece):
            self._left += self._before.read(len(piece) - len(self._left))
        if self._left.startswith(piece):
            self._left = self._left[len(piece) :]
        else:
            new = set(piece.split(b"\n")[:-1])
            self._note(self._until(max(new)), new)

    def end(self) -> None:
        """The new dump is at its end: what is left of the earlier one went."""
        while self._more():
            self._note(self._until(b"\xff"), set())

    def _note(self, old: set[bytes], new: set[bytes]) -> None:
        gone, come = old - new, new - old
        self.number += len(gone) + len(come)
        if self.number <= MOST:
            self.gone += (line + b"\n" for line in gone)
            self.come += (line + b"\n" for line in come)

    def _until(self, last: bytes) -> set[bytes]:
        """The lines of the earlier dump that are not behind `last`."""
        found: set[bytes] = set()
        while True:
            if not self._left.endswith(b"\n"):
                self._left += self._before.readline()
            lines = self._left.split(b"\n")
            lines.pop()
            cut = bisect_right(lines, last)
            found.update(lines[:cut])
            self._left = b"\n".join((*lines[cut:], b""))
            if self._left or not self._more():
                return found

    def _more(self) -> bool:
        """Whether the earlier dump goes on; something of it is at hand then."""
        self._left = self._left or self._before.read(1 << 20)
        return bool(self._left)


def _take_over(store: Path, folder: Path) -> None:
    """The files of a store, in `folder`: tables as links, for none is ever written to again; the others as copies."""
    folder.mkdir()
    for path in store.iterdir():
        if path.suffix == ".sst":
            kept.same(path, folder / path.name)
        else:
            shutil.copyfile(path, folder / path.name)
