"""What became of one source file in a build: read, skipped or rejected, and where its facts lie.

>>> outcome = Outcome("a.xml", "billstatus", "read", graphs=(("/graph/x", Source("family", "x")),), key="ab")
>>> from_line(to_line(outcome))._replace(path="a.xml") == outcome
True
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from graph.records import Path, Source
from ingest.spool import Stretch

KEPT = "kept"
"""The status of a file that need not be read: an earlier build did, and what it read is at hand."""


class Outcome(NamedTuple):
    """What became of one file: ``read``, ``skipped`` or ``rejected``, with the reason, its graphs and its facts.

    `rejections` are the documents in it that are broken: where, and why. `key` stands for what the file holds.
    """

    path: str
    format: str
    status: str
    reason: str = ""
    documents: int = 0
    records: int = 0
    quads: int = 0
    stretch: Stretch | None = None
    graphs: tuple[tuple[Path, Source], ...] = ()
    rejections: tuple[tuple[str, str], ...] = ()
    key: str = ""
    reused: bool = False

    def where(self, place: str) -> str:
        """A place in the file, as reports name it."""
        return f"{self.path}:{place}" if place else self.path


def to_line(outcome: Outcome) -> str:
    """An outcome as a line of JSON, without the path: the file may lie elsewhere the next time."""
    return json.dumps(outcome._replace(path=""), ensure_ascii=False)


def from_line(line: str | bytes) -> Outcome:
    """The outcome behind a line of JSON. Raises `ValueError` or `TypeError` for anything else."""
    found = Outcome(*json.loads(line))
    return found._replace(
        stretch=Stretch(*found.stretch) if found.stretch else None,
        graphs=tuple((path, _source(said)) for path, said in found.graphs),
        rejections=tuple((where, reason) for where, reason in found.rejections),
    )


def _source(said: Iterable[Any]) -> Source:
    source = Source(*said)
    return source._replace(derived_from=tuple(source.derived_from))
