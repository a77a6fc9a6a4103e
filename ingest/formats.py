"""The formats we read, told apart by what is in a file, never by its name or a version attribute."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import ModuleType
from typing import Any, BinaryIO, Protocol, cast

from ingest import billstatus, billtext, committees, congress_api, congress_json, legislators, publiclaw, rollcall, uslm

HEAD = 8192
"""Bytes at the beginning of a file that readers may look at to recognise it."""


class Reader(Protocol):
    """What every reader module has."""

    NAME: str

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins so is of this format."""

    def read(self, stream: BinaryIO) -> Iterator[Any]:
        """The records of the file, with a `Rejected` for each document that is broken."""


def _reader(module: ModuleType) -> Reader:
    return cast(Reader, module)


LEGISLATORS = _reader(legislators)

READERS: tuple[Reader, ...] = (
    _reader(uslm),
    _reader(billstatus),
    _reader(congress_json),
    _reader(congress_api),
    _reader(rollcall),
    LEGISLATORS,
    _reader(committees),
    _reader(billtext),
    _reader(publiclaw),
)


def detect(stream: BinaryIO) -> Reader | None:
    """The reader whose format the stream is in, or ``None``. Looks ahead; the stream stays at its beginning."""
    head = cast(io.BufferedReader, stream).peek(HEAD)[:HEAD]
    return next((reader for reader in READERS if reader.recognises(head)), None)
