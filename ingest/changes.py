"""What changed in substance between two copies of official files: two release points of a title, a bill on two days.

A new release point changes every file of a title (ids, dates of generation) and hardly any words; a record of a bill
that is served again may have a new day and nothing else. So records are compared, not files: the words of each
provision, notes and source credits; actions, cosponsors, stage, votes, titles and laws.

>>> from graph.records import Action, Bill
>>> old = Bill(115, "hr", 1865, "FOSTA", "2017-04-03")
>>> new = old._replace(actions=(Action("2018-02-27", "On passage Passed by recorded vote: 388 - 25 (Roll no. 91)."),))
>>> [(change.kind, change.after) for change in of_bill(old, new)]
[('stage', 'passed-house'), ('action', '2018-02-27 On passage Passed by recorded vote: 388 - 25 (Roll no. 91).')]
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path as File
from typing import Any, NamedTuple

from graph import wording
from graph.naming import name
from graph.records import Action, Bill, Path, Rejected, Section, Sponsorship
from ingest import documents, formats, sources, stages


class Change(NamedTuple):
    """One change: of which thing, of what kind, at which of its provisions or notes if at one, from what to what."""

    thing: Path
    kind: str
    where: Path
    before: str
    after: str


def between(old: Iterable[File], new: Iterable[File]) -> Iterator[Change]:
    """What changed from the sections and bills in `old` to those in `new`, in order of their paths.

    Only checksums of the old records are held, and the records that differ. A thing that stands in several files of a
    side is taken as the last of them has it; what cannot be read is the build's to report.
    """
    old = list(old)
    before = {documents.thing(record): _digest(record) for record in _records(old)}
    seen: set[Path] = set()
    differing: dict[Path, Any] = {}
    for record in _records(new):
        thing = documents.thing(record)
        seen.add(thing)
        if before.get(thing) == _digest(record):
            differing.pop(thing, None)
        else:
            differing[thing] = record
    gone = before.keys() - seen
    earlier = {documents.thing(r): r for r in _records(old) if documents.thing(r) in differing} if differing else {}
    for thing in sorted(gone | differing.keys()):
        if thing in gone:
            yield Change(thing, "removed", "", name(thing), "")
        elif thing not in earlier:
            yield Change(thing, "added", "", "", name(thing))
        else:
            yield from _COMPARED[type(differing[thing])](earlier[thing], differing[thing])


def of_section(old: Section, new: Section) -> Iterator[Change]:
    """What changed in a section: provisions that came and went, headings, own words, status, credit, notes."""
    thing = new.provision.identifier
    mine, theirs = _provisions(old), _provisions(new)
    for place in sorted(mine.keys() | theirs.keys()):
        before, after = mine.get(place), theirs.get(place)
        if before is None or after is None:
            kind = "provision added" if before is None else "provision removed"
            yield Change(thing, kind, place, before.words if before else "", after.words if after else "")
            continue
        for kind, one, other in zip(_Wording._fields, before, after, strict=True):
            if one != other:
                yield Change(thing, kind, place, one, other)
    if old.source_credit != new.source_credit:
        yield Change(thing, "source credit", "", old.source_credit, new.source_credit)
    earlier, later = _notes(old), _notes(new)
    for heading in sorted(earlier.keys() | later.keys()):
        if earlier.get(heading) != later.get(heading):
            kind = (
                "note"
                if heading in earlier and heading in later
                else "note removed"
                if heading in earlier
                else "note added"
            )
            yield Change(thing, kind, heading, earlier.get(heading, ""), later.get(heading, ""))


def of_bill(old: Bill, new: Bill) -> Iterator[Change]:
    """What happened to a measure: its stage, new actions, cosponsors who joined or withdrew, votes, titles, laws."""
    thing = documents.thing(new)
    reached = stages.furthest(old), stages.furthest(new)
    if reached[0] != reached[1]:
        yield Change(thing, "stage", "", *reached)
    if old.title != new.title:
        yield Change(thing, "title", "", old.title, new.title)
    yield from _listed(thing, "action", [_action(a) for a in old.actions], [_action(a) for a in new.actions])
    if old.cosponsors is not None and new.cosponsors is not None:
        yield from _cosponsors(thing, old.cosponsors, new.cosponsors)
    votes = ([f"{v.chamber} roll call {v.roll} of {v.year}" for v in bill.votes] for bill in (old, new))
    yield from _listed(thing, "vote", *votes)
    yield from _listed(thing, "law", [*old.laws, *old.private_laws], [*new.laws, *new.private_laws])
    yield from _listed(thing, "committee", old.committees, new.committees)


_COMPARED: dict[type, Callable[[Any, Any], Iterator[Change]]] = {Section: of_section, Bill: of_bill}


def _records(paths: Iterable[File]) -> Iterator[Section | Bill]:
    for item in sources.walk(paths):
        if not isinstance(item, sources.Item):
            continue
        try:
            with sources.open_item(item) as stream:
                reader = formats.detect(stream)
                for record in reader.read(stream) if reader else ():
                    if not isinstance(record, Rejected) and type(record) in _COMPARED:
                        yield record
        except (OSError, sources.Unreadable):
            continue


def _digest(record: Section | Bill) -> bytes:
    """A checksum of the substance of a record: of all that is compared."""
    match record:
        case Section():
            said: Any = (_provisions(record), record.source_credit, _notes(record))
        case Bill():
            said = (
                record.title,
                stages.furthest(record),
                [_action(a) for a in record.actions],
                [(_who(c), c.withdrawn) for c in record.cosponsors or ()],
                record.cosponsors is None,
                [(v.chamber, v.roll, v.year) for v in record.votes],
                (record.laws, record.private_laws, record.committees),
            )
    return hashlib.sha256(repr(said).encode("utf-8", "replace")).digest()


class _Wording(NamedTuple):
    """What a provision says of itself; the fields are the kinds of change."""

    heading: str
    words: str
    status: str


def _provisions(section: Section) -> dict[Path, _Wording]:
    """The provisions of a section; of two in one slot both are told apart by their place in it."""
    found: dict[Path, _Wording] = {}
    times: Counter[Path] = Counter()
    for provision in wording.walk(section.provision):
        times[provision.identifier] += 1
        count = times[provision.identifier]
        place = provision.identifier if count == 1 else f"{provision.identifier};{count}"
        own = " ".join(part for part in provision.body if isinstance(part, str))
        found[place] = _Wording(provision.heading, " ".join(own.split()), provision.status)
    return found


def _notes(section: Section) -> dict[str, str]:
    """The words of the notes by heading; a second note of one heading has its number behind it."""
    found: dict[str, str] = {}
    times: Counter[str] = Counter()
    for note in section.notes:
        heading = note.heading or note.topic
        times[heading] += 1
        count = times[heading]
        found[heading if count == 1 else f"{heading};{count}"] = " ".join(" ".join(note.paragraphs).split())
    return found


def _action(action: Action) -> str:
    return f"{action.day} {action.text}"


def _who(cosponsor: Sponsorship) -> str:
    return f"{cosponsor.name} ({cosponsor.joined})" if cosponsor.joined else cosponsor.name


def _cosponsors(thing: Path, old: Iterable[Sponsorship], new: Iterable[Sponsorship]) -> Iterator[Change]:
    """By member and day: one may withdraw and join again."""
    mine = {(c.bioguide or c.name, c.joined): c for c in old}
    theirs = {(c.bioguide or c.name, c.joined): c for c in new}
    for key, cosponsor in theirs.items():
        known = mine.get(key)
        if known is None:
            yield Change(thing, "cosponsor joined", "", "", _who(cosponsor))
        if cosponsor.withdrawn and not (known and known.withdrawn):
            yield Change(thing, "cosponsor withdrew", "", _who(cosponsor), cosponsor.withdrawn)
    for key in mine.keys() - theirs.keys():
        yield Change(thing, "cosponsor no longer listed", "", _who(mine[key]), "")


def _listed(thing: Path, kind: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Change]:
    """What a list lost and gained, as often as it holds it."""
    mine, theirs = Counter(old), Counter(new)
    yield from (Change(thing, f"{kind} gone", "", said, "") for said in (mine - theirs).elements())
    yield from (Change(thing, kind, "", "", said) for said in (theirs - mine).elements())
