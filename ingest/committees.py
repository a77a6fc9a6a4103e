"""Committees of Congress and who sits on them, from unitedstates/congress-legislators.

Two shapes: the lists of committees (current and historical), and the membership of the current ones, whose records
carry only a code and members. Codes come out as BILLSTATUS writes them, in small letters with two digits, ``00`` for a
whole committee: ``HSIF`` is ``hsif00``, its subcommittee ``16`` is ``hsif16``.

Source of the shapes: the README of unitedstates/congress-legislators ("Committees Data Dictionary").

>>> import io
>>> read_one = b"HSIF16:\\n- {name: Ann Roe, party: majority, rank: 1, title: Chair, bioguide: R000001}"
>>> [(committee.code, committee.members) for committee in read(io.BytesIO(read_one))]
[('hsif16', (('R000001', 1, 'Chair'),))]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from graph.records import Committee, Rejected
from ingest.yaml import BrokenYAML, load, mapping, sequence, text

NAME = "committees"

CHAMBERS = {"house": "House", "senate": "Senate", "joint": "Joint"}

_CODE = re.compile(r"[A-Z]{4}([0-9]{2})?")
_BIOGUIDE = re.compile(r"[A-Z][0-9]{6}")
_MEMBERSHIP = re.compile(r"(?m)^'?[A-Z]{4}([0-9]{2})?'?:\s")


def recognises(head: bytes) -> bool:
    """Whether the first bytes of a file look like one of the two shapes."""
    start = head.decode("utf-8-sig", "replace")
    if _MEMBERSHIP.search(start):
        return "bioguide:" in start and "rank:" in start
    return re.search(r"(?m)^[- ] type: (house|senate|joint)\s*$", start) is not None and "thomas_id:" in start


def read(stream: BinaryIO) -> Iterator[Committee | Rejected]:
    """The committees in the file, each followed by its subcommittees; a `Rejected` for each that cannot be read."""
    try:
        document = load(stream)
    except BrokenYAML as error:
        yield Rejected(str(error))
        return
    if isinstance(document, dict):
        for code, members in document.items():
            yield from _checked(_seated(code, members), f"committee {code!s:.20}")
    elif isinstance(document, list):
        for place, entry in enumerate(document, 1):
            yield from _checked(_committee(entry), f"committee {place}")
    else:
        yield Rejected("expected a list of committees, or their members by code")


def _checked(committees: Iterator[Committee], where: str) -> Iterator[Committee | Rejected]:
    try:
        yield from committees
    except ValueError as error:
        yield Rejected(str(error), where)


def _seated(code: object, members: object) -> Iterator[Committee]:
    yield Committee(_code(code), "", "", members=tuple(_member(member) for member in sequence(members, "members")))


def _member(entry: object) -> tuple[str, int, str]:
    fields = mapping(entry, "member")
    bioguide, rank = text(fields.get("bioguide"), "bioguide"), fields.get("rank")
    if not _BIOGUIDE.fullmatch(bioguide):
        raise ValueError(f"{bioguide[:40]!r} is not a Bioguide id")
    if not isinstance(rank, int):
        raise ValueError(f"rank of {bioguide}: expected a number, found {type(rank).__name__}")
    return bioguide, rank, text(fields.get("title"), "title")


def _committee(entry: object) -> Iterator[Committee]:
    fields = mapping(entry, "committee")
    kind = text(fields.get("type"), "type")
    if kind not in CHAMBERS:
        raise ValueError(f"{kind[:40]!r} is not a chamber ({', '.join(CHAMBERS)})")
    published = text(fields.get("thomas_id"), "thomas_id")
    whole = Committee(_code(published), _name(fields), CHAMBERS[kind], congresses=_congresses(fields))
    yield whole
    for entry_below in sequence(fields.get("subcommittees"), "subcommittees"):
        below = mapping(entry_below, "subcommittee")
        part = text(below.get("thomas_id"), "thomas_id")
        if not part:
            raise ValueError(f"subcommittee of {published} without a thomas_id")
        yield Committee(
            _code(published + part), _name(below), whole.chamber, parent=whole.code, congresses=_congresses(below)
        )


def _name(fields: dict[str, object]) -> str:
    name = text(fields.get("name"), "name")
    if not name:
        raise ValueError("no name")
    return name


def _congresses(fields: dict[str, object]) -> tuple[int, ...]:
    congresses = tuple(sequence(fields.get("congresses"), "congresses"))
    numbers = tuple(number for number in congresses if isinstance(number, int))
    if numbers != congresses:
        raise ValueError("congresses: expected numbers")
    return numbers


def _code(value: object) -> str:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise ValueError(f"{value!s:.40} is not the code of a committee")
    return value.lower().ljust(6, "0")
