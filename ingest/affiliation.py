"""The party of a sponsor whose record does not carry it: read in another official record, which is named.

A member's terms by day tell it (legislators as JSON or YAML; their CSV has the last term only and tells nothing of an
earlier day). Where they do not, other records of the same Congress that give the member's party do, if all agree.

>>> term = Term("rep", "2023-01-03", "2025-01-03", "FL", "17", "Republican")
>>> entry = Source("legislators", "S001214"), Person("S001214", "Greg", "Steube", "Greg Steube", terms=(term,))
>>> read = party(Sponsorship("S001214", "Rep. Steube", "", "FL", "17", "2023-01-26"), 118, by_member([entry]), {})
>>> read.party, read.source.document
('R', 'S001214')
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from graph.records import Bill, Person, Source, Sponsorship, Term, Vote, spans

LETTERS = {"Republican": "R", "Democrat": "D", "Democratic": "D", "Independent": "I"}
"""How records of Congress write the parties that the legislators' files spell out."""

Members = Mapping[str, tuple[Source, Person]]
Seen = Mapping[tuple[int, str], Mapping[str, Source]]
"""By Congress and member: each party that a record gives, and the first of these records."""


class Read(NamedTuple):
    """A party as records of Congress write it, and the document in which it was read."""

    party: str
    source: Source


def letter(party: str) -> str:
    """A party as records of Congress write it; one without a letter by its name."""
    return LETTERS.get(party, party)


def by_member(people: Iterable[tuple[Source, Person]]) -> Members:
    """Those of the people whose terms have days, by Bioguide id."""
    return {person.bioguide: (source, person) for source, person in people if person.terms_complete}


def seen(records: Iterable[tuple[Source, Bill | Vote]]) -> Seen:
    """What bills and roll calls say of parties, whatever the order in which they come."""
    found: dict[tuple[int, str], dict[str, Source]] = defaultdict(dict)
    for source, record in records:
        for who, party in _said(record):
            if who and party:
                known = found[record.congress, who].get(party)
                found[record.congress, who][party] = min(source, known, key=repr) if known else source
    return found


def _said(record: Bill | Vote) -> Iterable[tuple[str, str]]:
    if isinstance(record, Vote):
        return ((position.member, position.party) for position in record.positions)
    return ((s.bioguide, s.party) for s in (*record.sponsors, *(record.cosponsors or ())))


def party(record: Sponsorship, congress: int, members: Members, others: Seen) -> Read | None:
    """The party of a sponsor or cosponsor on the day of joining, or ``None`` where no record tells it."""
    if record.bioguide in members and record.joined:
        source, person = members[record.bioguide]
        terms = [term for term in person.terms if _held(term, record.joined)]
        if terms:
            return Read(letter(terms[-1].party), source)
    told = list(others.get((congress, record.bioguide), {}).items())
    return Read(*told[0]) if len(told) == 1 else None


def _held(term: Term, day: str) -> bool:
    return bool(term.start and term.party) and spans(term.start, term.end, day)


def completed(record: Bill, members: Members, others: Seen) -> tuple[Bill, list[Source]]:
    """The bill with the parties that its record lacks, each with the document it was read in, and these documents."""
    used: list[Source] = []

    def known(member: Sponsorship) -> Sponsorship:
        read = None if member.party else party(member, record.congress, members, others)
        if read is None:
            return member
        used.append(read.source)
        return member._replace(party=read.party, party_from=read.source.document)

    cosponsors = None if record.cosponsors is None else tuple(map(known, record.cosponsors))
    return record._replace(sponsors=tuple(map(known, record.sponsors)), cosponsors=cosponsors), used
