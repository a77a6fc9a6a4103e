"""The spool: facts on their way from many documents to one sorted dump.

Mapping happens in several processes and yields more than fits in memory, so each document's facts are written to a file
at once and only an index of `Block` entries stays: what one document says of one thing, and where it lies. Merging
picks blocks by that index, and the dump is an external merge sort of the lines.
"""

from __future__ import annotations

import gzip
import hashlib
import heapq
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple

from graph.records import Day

CHUNK = 400_000
"""Lines sorted at once in memory; some 100 MB."""


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


class Spool:
    """One process's spool file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("ab")

    def write(self, lines: Iterable[str]) -> tuple[int, int]:
        """Append lines; where they lie, as (offset, length) in bytes."""
        content = "".join(f"{line}\n" for line in dict.fromkeys(lines)).encode()
        offset = self._file.tell()
        self._file.write(content)
        return offset, len(content)

    def flush(self) -> None:
        """Bring what was written to the file: a worker process ends without doing so."""
        self._file.flush()

    def close(self) -> None:
        """Flush, and close the file."""
        self._file.close()


class Lines:
    """Reads blocks back from their spool files."""

    def __init__(self) -> None:
        self._files: dict[str, BinaryIO] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def of(self, block: Block) -> list[str]:
        """The lines of a block."""
        if block.file not in self._files:
            opened = open(block.file, "rb")  # noqa: SIM115 - the stack closes it
            self._files[block.file] = self._stack.enter_context(opened)
        file = self._files[block.file]
        file.seek(block.offset)
        return file.read(block.length).decode().split("\n")[:-1]


def sort(lines: Iterable[str], folder: Path) -> Iterator[str]:
    """The distinct lines in order of code points, whatever their number; sorted runs go through `folder`."""
    runs: list[Path] = []
    chunk: list[str] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) >= CHUNK:
            runs.append(_run(chunk, folder, len(runs)))
            chunk = []
    chunk.sort()
    with ExitStack() as stack:
        files = [map(_bare, stack.enter_context(run.open(encoding="utf-8", newline="\n"))) for run in runs]
        yield from (line for line, _ in groupby(heapq.merge(chunk, *files)))
    for run in runs:
        run.unlink()


def dump(lines: Iterable[str], path: Path) -> tuple[int, str]:
    """Write lines to `path`; their number and the SHA-256 of the whole."""
    total, checksum = 0, hashlib.sha256()
    with path.open("wb") as file:
        for line in lines:
            content = line.encode() + b"\n"
            checksum.update(content)
            file.write(content)
            total += 1
    return total, checksum.hexdigest()


def pack(dump: Path) -> None:
    """Compress a dump in place, to ``.gz``; without a clock or a name in it, so that equal dumps stay equal."""
    with (
        dump.open("rb") as plain,
        dump.with_name(f"{dump.name}.gz").open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed,
    ):
        shutil.copyfileobj(plain, packed)
    dump.unlink()


def _run(chunk: list[str], folder: Path, position: int) -> Path:
    path = folder / f"run-{position}"
    chunk.sort()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in chunk)
    return path


def _bare(line: str) -> str:
    return line[:-1]
