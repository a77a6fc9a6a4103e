"""Roll calls of both chambers as unitedstates/congress writes them: ``votes/YEAR/h91/data.json``.

Members stand under how they voted. The House knows them by Bioguide ids, the Senate by LIS ids. The fields are
described in unitedstates/congress, wiki "votes".

>>> import io
>>> raw = b'''{"chamber": "h", "congress": 115, "session": "2018", "number": 91, "date": "2018-02-27T17:59:00-05:00",
... "votes": {"Aye": [{"id": "W000812", "display_name": "Wagner", "party": "R", "state": "MO"}], "No": []}}'''
>>> [(vote.roll, vote.day, vote.yea, vote.nay) for vote in read(io.BytesIO(raw))]
[(91, '2018-02-27', 1, 0)]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from graph.records import Position, Rejected, Vote
from ingest import actions, measures
from ingest.json import BrokenJSON, Record, documents, nested, text

NAME = "roll-call"

_OBJECT = re.compile(rb"^(?:\xef\xbb\xbf)?\s*\{")
_KEYS = (b'"chamber"', b'"session"', b'"question"', b'"number"', b'"result"')

_CHAMBERS = {"h": "House", "s": "Senate"}
_YEA, _NAY, _PRESENT, _NOT_VOTING = ("Yea", "Aye"), ("Nay", "No"), ("Present",), ("Not Voting",)


def recognises(head: bytes) -> bool:
    """Whether a file that begins with `head` is a roll call: an object with a chamber, a session and a question."""
    return _OBJECT.match(head) is not None and all(key in head for key in _KEYS)


def read(stream: BinaryIO) -> Iterator[Vote | Rejected]:
    """The roll call of `stream` (or of each line), or why it cannot be read.

    `Vote.day` is the day in Washington, `Vote.session` the first or second of its Congress, `Vote.year` its year.
    Counts are of members by category: yea is Yea or Aye, nay is Nay or No. Where neither was asked (the election of a
    Speaker, a verdict), yea and nay are unknown and the positions say who voted how.
    """
    for where, document in documents(stream):
        try:
            if isinstance(document, BrokenJSON):
                raise document
            yield _vote(document)
        except (BrokenJSON, measures.BrokenMeasure) as error:
            yield Rejected(str(error), where)


def _vote(record: Record) -> Vote:
    congress, year = text(record, "congress"), text(record, "session")
    chamber = _CHAMBERS.get(text(record, "chamber"), text(record, "chamber"))
    session = str(int(year) - actions.first_year(int(congress)) + 1) if _numbers(congress, year) else year
    vote = actions.pointer(chamber, congress, session, text(record, "number"), text(record, "date"))
    positions = tuple(_positions(nested(record, "votes")))
    return vote._replace(
        question=text(record, "question"),
        result=text(record, "result"),
        yea=_count(record, _YEA),
        nay=_count(record, _NAY),
        present=_count(record, _PRESENT),
        not_voting=_count(record, _NOT_VOTING),
        bill=_bill(nested(record, "bill")),
        amendment=_amendment(nested(record, "amendment")),
        positions=positions,
    )


def _numbers(*texts: str) -> bool:
    return all(map(measures.natural, texts))


def _positions(votes: Record) -> Iterator[Position]:
    for category in votes:
        for member in _members(votes, category):
            who, name, party, state = (text(member, key) for key in ("id", "display_name", "party", "state"))
            yield Position(who, name, party, state, category)


def _members(votes: Record, category: str) -> list[Record]:
    """Those who voted so. The Vice President, who breaks a tie in the Senate, stands there as the bare text ``VP``."""
    listed = votes.get(category) or []
    if not isinstance(listed, list) or not all(isinstance(one, dict) or one == "VP" for one in listed):
        raise BrokenJSON(f"votes.{category[:40]} is not a list of members")
    return [{"id": one, "display_name": "Vice President"} if isinstance(one, str) else one for one in listed]


def _count(record: Record, categories: tuple[str, ...]) -> int | None:
    votes = nested(record, "votes")
    asked = [category for category in categories if category in votes]
    return sum(len(_members(votes, category)) for category in asked) if asked else None


def _bill(record: Record) -> measures.Measure | None:
    if not record:
        return None
    return measures.measure(text(record, "congress"), text(record, "type"), text(record, "number"))


def _amendment(record: Record) -> str:
    """An amendment as the record names it: the House counts those to one bill, the Senate those of a Congress.

    >>> _amendment({"type": "h-bill", "number": 4, "author": "Cox of California amendment"})
    'No. 4, Cox of California amendment'
    >>> _amendment({"type": "s", "number": 2213, "purpose": "To provide additional funding"})
    'S.Amdt. 2213'
    """
    number, author = text(record, "number"), text(record, "author")
    label = {"s": "S.Amdt. ", "h": "H.Amdt. "}.get(text(record, "type"), "No. ")
    return ", ".join(filter(None, (f"{label}{number}" if number else "", author)))
