"""The records of bills of the 119th Congress as congress.gov gives them in JSON: one object a file, or one a line.

The parts of a record (actions, cosponsors, titles …) are each wrapped in an object of their own name, the bill in
``bill.bill``; a part may be absent. Lists that were XML collapse to ``{"item": {...}}``. ``latestAction`` is often the
first action, so the last is taken from the actions. Roll calls may come with the votes of all members.

>>> import io
>>> line = b'{"bill": {"bill": {"congress": 119, "type": "S", "number": "146"}}}'
>>> [(bill.congress, bill.type, bill.number) for bill in read(io.BytesIO(line))]
[(119, 's', 146)]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from graph import iri, publishers
from graph.records import Action, Bill, Position, Rejected, Sponsorship, Title, Vote
from ingest import actions, measures
from ingest.json import BrokenJSON, Record, documents, items, nested, text

NAME = "congress-api-json"

_OURS = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{.*"bill"\s*:\s*\{\s*"bill"\s*:\s*\{', re.S)


def recognises(head: bytes) -> bool:
    """Whether a file that begins with `head` is of this format: an object with a bill within a bill."""
    return _OURS.match(head) is not None


def read(stream: BinaryIO) -> Iterator[Bill | Rejected]:
    """The bill of `stream`, or of each of its lines; for one that cannot be read, why, and the number of its line."""
    for where, document in documents(stream):
        try:
            if isinstance(document, BrokenJSON):
                raise document
            yield _bill(document)
        except (BrokenJSON, measures.BrokenMeasure) as error:
            yield Rejected(str(error), where)


def _bill(document: Record) -> Bill:
    record = nested(nested(document, "bill"), "bill")
    measure = measures.measure(text(record, "congress"), text(record, "type"), text(record, "number"))
    introduced = measures.day(text(record, "introducedDate"), "introducedDate")
    listed = _part(document, "actions", "actions")
    steps = actions.merged(map(_entry, reversed(listed)))
    titles = measures.titles(map(_title, _part(document, "titles", "titles")))
    public, private = actions.laws(map(_law, _part(document, "laws", "laws")), steps)
    cosponsors = map(_sponsorship, _part(document, "cosponsors", "cosponsors"))
    pointers = [_pointer(record) for entry in listed for record in items(entry, "recordedVotes")]
    roll_calls = map(_roll_call, _part(document, "votes", "votes"))
    return Bill(
        *measure,
        title=measures.title_of(text(record, "title"), titles),
        introduced=introduced,
        sponsors=tuple(_sponsorship(one)._replace(joined=introduced) for one in items(record, "sponsors")),
        cosponsors=measures.cosponsors(cosponsors, introduced),
        actions=steps,
        laws=tuple(law for law in public if law),
        votes=actions.votes(measure, steps, (vote._replace(bill=measure) for vote in (*pointers, *roll_calls))),
        related=measures.related(map(_related, _part(document, "relatedbills", "relatedBills"))),
        titles=titles,
        committees=_committees(_part(document, "committees", "committees")),
        reports=measures.reports_in(steps),
        policy_area=text(nested(record, "policyArea"), "name"),
        subjects=_subjects(_part(document, "subjects", "subjects")),
        latest_action=actions.latest(steps, _latest(nested(record, "latestAction"))),
        updated=measures.day(text(record, "updateDate"), "updateDate"),
        address=publishers.page(iri.bill(*measure)),
        origin_chamber=text(record, "originChamber") or measures.origin(measure[1]),
        private_laws=private,
    )


def _part(document: Record, name: str, inner: str) -> list[Record]:
    return items(nested(document, name), inner)


def _entry(record: Record) -> actions.Entry:
    day = measures.day(text(record, "actionDate"), "actionDate")
    if day is None:
        raise measures.BrokenMeasure(f"action {text(record, 'text')[:60]!r} has no actionDate")
    code, system = text(record, "actionCode"), text(nested(record, "sourceSystem"), "name")
    return actions.Entry(
        day,
        text(record, "actionTime"),
        actions.words(text(record, "text")),
        text(record, "type"),
        (code,) if code else (),
        (system,) if system else (),
        tuple(filter(None, (text(committee, "systemCode") for committee in items(record, "committees")))),
    )


def _latest(record: Record) -> Action | None:
    day = measures.day(text(record, "actionDate"), "latestAction")
    return Action(day, actions.words(text(record, "text"))) if day else None


def _title(record: Record) -> Title:
    return measures.title(text(record, "title"), text(record, "titleType"))


def _sponsorship(record: Record) -> Sponsorship:
    return measures.member(
        text(record, "bioguideId"),
        text(record, "fullName"),
        party=text(record, "party"),
        state=text(record, "state"),
        district=text(record, "district"),
        joined=measures.day(text(record, "sponsorshipDate"), "sponsorshipDate"),
        withdrawn=measures.day(text(record, "sponsorshipWithdrawnDate"), "sponsorshipWithdrawnDate"),
        original=_truth(record.get("isOriginalCosponsor")),
    )


def _truth(value: object) -> bool | None:
    return {"true": True, "false": False}.get(str(value).lower())


def _law(record: Record) -> str:
    return text(record, "number") if text(record, "type") == "Public Law" else ""


def _related(record: Record) -> tuple[measures.Measure | None, list[str], list[str], str]:
    details = items(record, "relationshipDetails")
    return (
        measures.named(text(record, "congress"), text(record, "type"), text(record, "number")),
        [text(detail, "type") for detail in details],
        [text(detail, "identifiedBy") for detail in details],
        text(record, "title"),
    )


def _committees(listed: list[Record]) -> tuple[str, ...]:
    """Codes of committees, each followed by those of its subcommittees."""
    codes = (text(one, "systemCode") for committee in listed for one in (committee, *items(committee, "subcommittees")))
    return tuple(dict.fromkeys(filter(None, codes)))


def _subjects(listed: list[Record]) -> tuple[str, ...]:
    names = (text(subject, "name") for part in listed for subject in items(part, "legislativeSubjects"))
    return tuple(dict.fromkeys(filter(None, names)))


def _pointer(record: Record) -> Vote:
    keys = ("chamber", "congress", "sessionNumber", "rollNumber", "date")
    return actions.pointer(*(text(record, key) for key in keys))


def _roll_call(record: Record) -> Vote:
    """A roll call with question, result, tally and how members voted (Bioguide ids, in the Senate LIS ids)."""
    vote = _pointer(nested(record, "recordedVote"))
    chamber = vote.chamber.lower()
    detail = nested(nested(record, "detail"), f"{chamber}RollCallVote")
    members = nested(nested(record, "members"), f"{chamber}RollCallVoteMemberVotes")
    house = nested(nested(detail, "totals"), "totals-by-vote")
    payload = nested(record, "sourcePayload")
    senate = nested(payload, "count")
    return vote._replace(
        question=text(detail, "voteQuestion"),
        result=re.sub(r" \(\d+-\d+.*", "", text(detail, "result")),
        yea=_tally(house, "yea-total", senate, "yeas"),
        nay=_tally(house, "nay-total", senate, "nays"),
        present=_tally(house, "present-total", senate, "present"),
        not_voting=_tally(house, "not-voting-total", senate, "absent"),
        positions=(*map(_position, items(members, "results")), *_casting_vote(nested(payload, "tie_breaker"))),
    )


def _tally(house: Record, total: str, senate: Record, count: str) -> int | None:
    """A number of votes; the Senate leaves blank where there are none."""
    if not house and not senate:
        return None
    stated = text(house, total) or text(senate, count) or "0"
    if not (stated.isascii() and stated.isdigit() and len(stated) < 4):
        raise BrokenJSON(f"{total if house else count} is {stated[:20]!r}, not a number of votes")
    return int(stated)


def _casting_vote(record: Record) -> tuple[Position, ...]:
    """The vote by which the Vice President broke a tie, under the id ``VP`` as in roll calls."""
    cast = text(record, "tie_breaker_vote")
    return (Position("VP", "Vice President", "", "", cast),) if cast else ()


def _position(record: Record) -> Position:
    return Position(*(text(record, key) for key in ("bioguideId", "fullName", "voteParty", "voteState", "voteCast")))
