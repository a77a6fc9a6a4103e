"""BILLSTATUS: the records of bills that the Government Publishing Office serves as XML, in every dialect.

A dialect is told by its tags, never by a version (FACTS, "How the files lie"): ``billNumber`` and ``billType`` or
``number`` and ``type``; lists of committees and subjects with a wrapper or without; roll calls beside the actions or
inside them. The format is described in usgpo/bill-status, BILLSTATUS-XML_User_User-Guide.md.

>>> import io
>>> xml = "<billStatus><bill><congress>115</congress><type>HR</type><number>1</number></bill></billStatus>"
>>> [(bill.congress, bill.type, bill.number) for bill in read(io.BytesIO(xml.encode()))]
[(115, 'hr', 1)]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from graph import iri, publishers
from graph.records import Action, Bill, Day, Rejected, Sponsorship, Title, Vote
from ingest import actions, measures
from ingest.xml import BrokenXML, parse

NAME = "billstatus"

_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.S)
_FIRST_TAG = re.compile(rb"<([A-Za-z_][\w.:-]*)")


def recognises(head: bytes) -> bool:
    """Whether a file that begins with `head` is BILLSTATUS: whether its first element is ``billStatus``."""
    first = _FIRST_TAG.search(_COMMENT.sub(b"", head.replace(b"\0", b"")))
    return first is not None and first[1] == b"billStatus"


def read(stream: BinaryIO) -> Iterator[Bill | Rejected]:
    """The bill in `stream`, or why it cannot be read.

    Actions are merged and oldest first (`ingest.actions`). Only a ``sponsorshipWithdrawnDate`` with a day in it is a
    withdrawal. Sponsors are as many as the record has: none of a reserved bill, two of a few. What stands inside an
    amendment (cosponsors, actions, roll calls) belongs to the amendment and is not the bill's.
    """
    try:
        root = parse(stream)
        bill = root.find("bill")
        if bill is None:
            raise measures.BrokenMeasure(f"{root.tag} has no bill in it")
        yield _bill(bill)
    except (BrokenXML, measures.BrokenMeasure) as error:
        yield Rejected(str(error))


def _bill(bill: etree._Element) -> Bill:
    parts = {child.tag: child for child in bill}
    said = _fields(bill)
    measure = measures.measure(
        said.get("congress", ""),
        said.get("type") or said.get("billType", ""),
        said.get("number") or said.get("billNumber", ""),
    )
    introduced = measures.day(said.get("introducedDate", ""), "introducedDate")
    steps = actions.merged(_entry(item) for item in reversed(_items(parts.get("actions"))))
    titles = measures.titles(_title(_fields(item)) for item in _items(parts.get("titles")))
    public, private = actions.laws(_laws(parts.get("laws")), steps)
    sponsors = (_sponsorship(_fields(item), introduced) for item in _items(parts.get("sponsors")))
    cosponsors = (_sponsorship(_fields(item), None) for item in _items(parts.get("cosponsors")))
    return Bill(
        *measure,
        title=measures.title_of(_folded(said.get("title", "")), titles),
        introduced=introduced,
        sponsors=tuple(sponsors),
        cosponsors=measures.cosponsors(cosponsors, introduced),
        actions=steps,
        laws=public,
        votes=actions.votes(measure, steps, _pointers(parts, measure)),
        related=measures.related(_related(item) for item in _items(parts.get("relatedBills"))),
        titles=titles,
        committees=_texts(parts.get("committees"), "systemCode"),
        reports=tuple(map(measures.report, _texts(parts.get("committeeReports"), "citation"))),
        policy_area=_policy_area(parts),
        subjects=_subjects(parts.get("subjects")),
        latest_action=actions.latest(steps, _latest(parts.get("latestAction"))),
        updated=measures.day(said.get("updateDate", ""), "updateDate"),
        address=publishers.page(iri.bill(*measure)),
        origin_chamber=said.get("originChamber") or measures.origin(measure[1]),
        private_laws=private,
    )


def _entry(item: etree._Element) -> actions.Entry:
    said = _fields(item)
    system = _fields(item.find("sourceSystem")).get("name")
    day = measures.day(said.get("actionDate", ""), "actionDate")
    if day is None:
        raise measures.BrokenMeasure(f"action {said.get('text', '')[:60]!r} has no actionDate")
    return actions.Entry(
        day,
        said.get("actionTime", ""),
        actions.words(said.get("text", "")),
        said.get("type", ""),
        (said["actionCode"],) if said.get("actionCode") else (),
        (system,) if system else (),
        _texts(item, "systemCode"),
    )


def _latest(element: etree._Element | None) -> Action | None:
    said = _fields(element)
    day = measures.day(said.get("actionDate", ""), "latestAction")
    return Action(day, actions.words(said.get("text", ""))) if day else None


def _sponsorship(said: dict[str, str], introduced: Day | None) -> Sponsorship:
    """A sponsor (from the day of introduction) or cosponsor; the oldest dialect may have a bare ``name``."""
    return measures.member(
        said.get("bioguideId", ""),
        _folded(said.get("fullName") or said.get("name", "")),
        party=said.get("party", ""),
        state=said.get("state", ""),
        district=said.get("district", ""),
        joined=introduced or measures.day(said.get("sponsorshipDate", ""), "sponsorshipDate"),
        withdrawn=measures.day(said.get("sponsorshipWithdrawnDate", ""), "sponsorshipWithdrawnDate"),
        original={"true": True, "false": False}.get(said.get("isOriginalCosponsor", "").lower()),
    )


def _laws(element: etree._Element | None) -> Iterator[str]:
    for said in map(_fields, _items(element)):
        if said.get("type") == "Public Law" and said.get("number"):
            yield said["number"]


def _pointers(parts: dict[str, etree._Element], measure: measures.Measure) -> Iterator[Vote]:
    """The roll calls beside the actions or inside them; never those of an amendment."""
    for name in ("recordedVotes", "actions"):
        for element in parts[name].iter("recordedVote") if name in parts else ():
            said = _fields(element)
            keys = ("chamber", "congress", "sessionNumber", "rollNumber", "date")
            yield actions.pointer(*(said.get(key, "") for key in keys))._replace(bill=measure)


def _related(item: etree._Element) -> tuple[measures.Measure | None, list[str], list[str], str]:
    said = _fields(item)
    details = [_fields(detail) for detail in _items(item.find("relationshipDetails"))]
    return (
        measures.named(said.get("congress", ""), said.get("type", ""), said.get("number", "")),
        [detail.get("type", "") for detail in details],
        [detail.get("identifiedBy", "") for detail in details],
        _folded(said.get("title") or said.get("latestTitle", "")),
    )


def _title(said: dict[str, str]) -> Title:
    return measures.title(_folded(said.get("title", "")), said.get("titleType", ""))


def _policy_area(parts: dict[str, etree._Element]) -> str:
    """The one broad subject: beside the subjects or among them; ``primarySubject`` in the oldest dialect."""
    subjects = parts.get("subjects")
    for name in ("policyArea", "primarySubject"):
        below = () if subjects is None else subjects.iter(name)
        for element in (parts.get(name), *below):
            area = _fields(element).get("name")
            if area:
                return _folded(area)
    return ""


def _subjects(element: etree._Element | None) -> tuple[str, ...]:
    lists = () if element is None else element.iter("legislativeSubjects", "otherSubjects")
    names = (_folded(_fields(item).get("name", "")) for part in lists for item in _items(part))
    return tuple(dict.fromkeys(filter(None, names)))


def _items(element: etree._Element | None) -> list[etree._Element]:
    return [] if element is None else element.findall("item")


def _fields(element: etree._Element | None) -> dict[str, str]:
    """The texts of the children of an element by their names, the last of each name."""
    return {} if element is None else {child.tag: (child.text or "").strip() for child in element}


def _texts(element: etree._Element | None, name: str) -> tuple[str, ...]:
    """The texts of all elements called `name` below an element, once each, in the order of the record."""
    found = () if element is None else (_folded(part.text or "") for part in element.iter(name))
    return tuple(dict.fromkeys(filter(None, found)))


def _folded(text: str) -> str:
    return " ".join(text.split())
