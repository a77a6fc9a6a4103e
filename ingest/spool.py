"""The spool: facts on their way from many documents to one sorted dump.

Mapping happens in several processes and yields more than fits in memory, so each document's facts are written to a file
at once, and so is an index of `Block` entries: what one document says of one thing, and where it lies. Sorting goes
through files as well. What is held in memory does not grow with the number of facts.

Everything here is bytes in UTF-8, whose order is that of code points. A *piece* is any number of whole lines.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from io import FileIO
from itertools import chain, groupby
from json.encoder import encode_basestring_ascii as quoted
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple

from graph.records import Day

CHUNK = 300_000
"""Lines sorted at once in memory; some 100 MB."""

BUFFER = 1 << 20
"""Bytes read ahead of each sorted run."""


class Block(NamedTuple):
    """What one document says of one thing: where it lies in a spool file, and what decides its precedence."""

    thing: str
    family: str
    graph: str
    snapshot: Day | None
    confidence: str
    own: bool
    """Whether the document is the thing's own record, and not just one that names it."""
    file: str
    offset: int
    length: int
    role: str = ""
    """`EXTRACT`, `DISSENT`, or empty for a source that speaks for itself."""


EXTRACT = "extract"
"""The role of a block of our tables: it yields to the document that it was taken from."""
DISSENT = "dissent"
"""The role of a block with a value that a curated record knows of and does not take."""


class Stretch(NamedTuple):
    """Where the index of one source file's blocks lies, and how many bytes of facts they are."""

    file: str
    offset: int
    length: int
    facts: int


class Spool:
    """One process's spool: a file of facts, and beside it the index of its blocks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._facts = path.open("ab")
        self._index = _index_of(path).open("ab")
        self._begun = (self._index.tell(), self._facts.tell())

    def write(self, lines: Iterable[str]) -> tuple[int, int]:
        """Append lines; where they lie, as (offset, length) in bytes."""
        content = ("\n".join(dict.fromkeys(lines)) + "\n").encode()
        offset = self._facts.tell()
        self._facts.write(content)
        return offset, len(content)

    def note(self, blocks: Iterable[Block]) -> None:
        """Append blocks to the index; their file is this one."""
        self._index.write("".join(map(_entry, blocks)).encode())

    def stretch(self) -> Stretch:
        """Where what was noted since the last call lies. Brings all of it to the files: a worker ends without that."""
        self._facts.flush()
        self._index.flush()
        (index, facts), self._begun = self._begun, (self._index.tell(), self._facts.tell())
        return Stretch(self.path.name, index, self._begun[0] - index, self._begun[1] - facts)

    def close(self) -> None:
        """Flush, and close the files."""
        self._facts.close()
        self._index.close()


def new(folder: Path) -> Spool:
    """A spool of this process in a folder, with a name that no file there has."""
    number = 1 + max((int(path.stem.partition("-")[0]) for path in folder.glob("*-*.index")), default=0)
    return Spool(folder / f"{number}-{os.getpid()}")


def files_of(stretch: Stretch) -> tuple[str, str]:
    """The names of the files that a stretch lies in: facts and index."""
    return stretch.file, _index_of(Path(stretch.file)).name


def _index_of(facts: Path) -> Path:
    return facts.with_name(f"{facts.name}.index")


def holds_facts(path: Path) -> bool:
    """Whether a file of a spool is one of facts."""
    return path.suffix == ""


def _entry(block: Block) -> str:
    """A block as a line that begins with its thing, so that sorting brings the blocks of a thing together."""
    return f"[{quoted(block.thing)}, {json.dumps(block[1:])}]\n"


def block(entry: bytes) -> Block:
    """The block behind a line of an index."""
    thing, rest = json.loads(entry)
    return Block(thing, *rest)


class Lines:
    """Reads blocks, and stretches of the index, back from the spool files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, FileIO] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def content(self, block: Block) -> bytes:
        """The lines of a block as one piece."""
        return self._read(block.file, block.offset, block.length)

    def of(self, block: Block) -> list[str]:
        """The lines of a block."""
        return self.content(block).decode().split("\n")[:-1]

    def index(self, stretch: Stretch) -> bytes:
        """The entries of a stretch as one piece."""
        return self._read(files_of(stretch)[1], stretch.offset, stretch.length)

    def _read(self, name: str, offset: int, length: int) -> bytes:
        if name not in self._files:
            opened = (self._folder / name).open("rb", buffering=0)
            self._files[name] = self._stack.enter_context(opened)
        return os.pread(self._files[name].fileno(), length, offset)


def by_thing(entries: Iterable[bytes], folder: Path) -> Iterator[list[Block]]:
    """The blocks of each thing, from pieces of an index; what is sorted goes through `folder`."""
    of_thing = attrgetter("thing")
    for _, found in groupby(map(block, chain.from_iterable(map(bytes.splitlines, sort(entries, folder)))), of_thing):
        yield list(found)


# --- sorting ---------------------------------------------------------------------------------------------------------


def sort(pieces: Iterable[bytes], folder: Path) -> Iterator[bytes]:
    """The distinct lines of `pieces` in order of code points, as pieces, whatever their number.

    Sorted runs go through `folder`. They are merged a buffer at a time: what is in order in every run already is sorted
    again, because that is one call, and a merge line by line is millions.
    """
    runs: list[Path] = []
    chunk: list[bytes] = []
    for piece in pieces:
        chunk += piece.split(b"\n")
        chunk.pop()
        if len(chunk) >= CHUNK:
            runs.append(_run(chunk, folder / f"run-{len(runs)}"))
            chunk = []
    if not runs:
        if chunk:
            yield _joined(chunk)
        return
    if chunk:
        runs.append(_run(chunk, folder / f"run-{len(runs)}"))
    with ExitStack() as stack:
        yield from _merged([_buffers(stack.enter_context(run.open("rb"))) for run in runs])
    for run in runs:
        run.unlink()


def _run(chunk: list[bytes], path: Path) -> Path:
    path.write_bytes(_joined(chunk))
    return path


def _joined(lines: list[bytes]) -> bytes:
    """Lines sorted, once each, as one piece."""
    lines.sort()
    return b"\n".join((*dict.fromkeys(lines), b""))


def _buffers(run: BinaryIO) -> Iterator[list[bytes]]:
    while piece := run.read(BUFFER) + run.readline():
        yield piece.split(b"\n")[:-1]


def _merged(runs: list[Iterator[list[bytes]]]) -> Iterator[bytes]:
    """Take from every run what is not behind the last line of the one whose buffer ends first."""
    ahead = [(next(run), run) for run in runs]
    while ahead:
        last = min(buffer[-1] for buffer, _ in ahead)
        taken: list[bytes] = []
        left: list[tuple[list[bytes], Iterator[list[bytes]]]] = []
        for buffer, run in ahead:
            cut = bisect_right(buffer, last)
            taken += buffer[:cut]
            rest = buffer[cut:] or next(run, [])
            if rest:
                left.append((rest, run))
        yield _joined(taken)
        ahead = left


# --- the dump --------------------------------------------------------------------------------------------------------


def dump(pieces: Iterable[bytes], path: Path, taker: Callable[[bytes], None] = lambda piece: None) -> tuple[int, str]:
    """Write pieces to `path` and hand each to `taker`; the number of lines and the SHA-256 of the whole."""
    total, checksum = 0, hashlib.sha256()
    with path.open("wb") as file:
        for piece in pieces:
            checksum.update(piece)
            file.write(piece)
            taker(piece)
            total += piece.count(b"\n")
    return total, checksum.hexdigest()


def pack(dump: Path) -> None:
    """Compress a dump beside itself, to ``.gz``; without a clock or a name in it, so that equal dumps stay equal."""
    with (
        dump.open("rb") as plain,
        dump.with_name(f"{dump.name}.gz").open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed,
    ):
        shutil.copyfileobj(plain, packed, 1 << 20)
