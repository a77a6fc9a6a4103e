"""Former addresses of provisions: an address once given stays, and points on to a better one (TIME, rule 12).

`data/provision_aliases.csv` has a row for each: the old address, the one that replaces it, and why.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from pathlib import Path as File
from typing import NamedTuple

from data import ROOT
from graph.records import Path

FIELDS = ("old", "new", "why")

_PROVISION = re.compile(r"/provision/us/usc/t\w+/s[^@\s]+@\d{4}-\d{2}-\d{2}(?:;[^\s]+)?")


class Alias(NamedTuple):
    """That the provision at `old` is known under `new`."""

    old: Path
    new: Path
    why: str


def read(known: Collection[Path], file: File = ROOT / "provision_aliases.csv") -> tuple[Alias, ...]:
    """The former addresses in the order of the file; `known` are the provisions of the ledger.

    Raises `ValueError` naming file and line where an address is no provision's, an old one is in use or has two
    successors, or a new one is not in the ledger.
    """
    found: dict[Path, Alias] = {}
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        if tuple(rows.fieldnames or ()) != FIELDS:
            raise ValueError(f"{file.name}: the first line must be {','.join(FIELDS)}")
        for row in rows:
            try:
                alias = Alias(*(row[field] or "" for field in FIELDS))
                _check(alias, known, found)
            except ValueError as error:
                raise ValueError(f"{file.name}: line {rows.line_num}: {error}") from None
            found[alias.old] = alias
    return tuple(found.values())


def _check(alias: Alias, known: Collection[Path], before: Collection[Path]) -> None:
    if not _PROVISION.fullmatch(alias.old):
        raise ValueError(f"{alias.old!r} is no address of a provision (/provision/us/usc/t47/s230/c@1996-02-08)")
    if alias.old in known:
        raise ValueError(f"{alias.old} is in use: the ledger has a provision of that address")
    if alias.old in before:
        raise ValueError(f"{alias.old} has a successor in a line above")
    if alias.new not in known:
        raise ValueError(f"{alias.new!r} is no provision of the ledger")
    if not alias.why:
        raise ValueError("why is missing")
