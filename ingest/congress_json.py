"""The records of bills that unitedstates/congress writes as ``data.json``: 104th and 105th Congress, part of the 118th.

Those of the 104th and 105th were made from THOMAS and know members by THOMAS ids: such an id stands in
`Sponsorship.bioguide` as ``thomas:01238``, to be resolved through `Person.thomas` or the name. Later ones were made
from BILLSTATUS. The fields are described in unitedstates/congress, wiki "bills". What a record points at in
``bill_ids`` is a search for numbers in the text with false hits, and is not read; ``related_bills`` is.

Some records were damaged by their maker, who took UTF-8 for Windows-1252. `mended` undoes that and only that.

>>> import io
>>> [(bill.congress, bill.type, bill.number) for bill in read(io.BytesIO(b'{"bill_id": "hr1978-104", "actions": []}'))]
[(104, 'hr', 1978)]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from graph import iri, publishers
from graph.records import Action, Bill, Rejected, Sponsorship, Title
from ingest import actions, measures
from ingest import json as documents
from ingest.json import BrokenJSON, Record, items, nested

NAME = "congress-data-json"

_OURS = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{.*"(?:bill_id"\s*:\s*"|acted_at"\s*:)', re.S)


def recognises(head: bytes) -> bool:
    """Whether a file that begins with `head` is a ``data.json`` of a bill: has its id, or dated actions before it."""
    return _OURS.match(head) is not None


def read(stream: BinaryIO) -> Iterator[Bill | Rejected]:
    """The bill of `stream` (or the bill of each line), or why it cannot be read.

    What a record says was left out of it (``_abridged``) stands in `Bill.abridged`; cosponsors left out are unknown.
    """
    for where, document in documents.documents(stream):
        try:
            if isinstance(document, BrokenJSON):
                raise document
            yield _bill(document)
        except (BrokenJSON, measures.BrokenMeasure) as error:
            yield Rejected(str(error), where)


def mended(text: str) -> str:
    r"""`text` with UTF-8 that was taken for Windows-1252 or Latin-1 put right; any other text as it is.

    It is damage only if every character is one byte of that code and the bytes together are UTF-8, which no text that
    is written right is: a lone "é" or "–" is no UTF-8.

    >>> mended("CASE\u00e2\u20ac\u201cIT Act"), mended("Ra\u00c3\u00bal"), mended("Nydia Vel\u00e1zquez")
    ('CASE–IT Act', 'Raúl', 'Nydia Velázquez')
    """
    if text.isascii():
        return text
    for code in ("cp1252", "latin-1"):
        try:
            return text.encode(code).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _bill(record: Record) -> Bill:
    measure = measures.identified(_text(record, "bill_id"))
    if measure is None:
        raise measures.BrokenMeasure(f"bill_id {_text(record, 'bill_id')[:40]!r} names no measure")
    introduced = measures.day(_text(record, "introduced_at"), "introduced_at")
    steps = actions.merged(map(_entry, items(record, "actions")))
    titles = measures.titles(map(_title, items(record, "titles")))
    public, private = actions.laws(_laws(nested(record, "enacted_as")), steps)
    sponsor = nested(record, "sponsor")
    abridged = documents.texts(record, "_abridged")
    area = _text(record, "subjects_top_term")
    return Bill(
        *measure,
        title=_title_of(record, titles),
        introduced=introduced,
        sponsors=(_sponsorship(sponsor)._replace(joined=introduced),) if sponsor else (),
        cosponsors=_cosponsors(record, introduced, abridged),
        actions=steps,
        laws=public,
        votes=actions.votes(measure, steps, ()),
        related=measures.related(map(_related, items(record, "related_bills"))),
        titles=titles,
        committees=tuple(dict.fromkeys(filter(None, map(_committee, items(record, "committees"))))),
        reports=_reports(record, steps),
        policy_area=_policy_area(area),
        subjects=tuple(mended(subject) for subject in documents.texts(record, "subjects") if subject != area),
        latest_action=actions.latest(steps, None),
        updated=measures.day(_text(record, "updated_at"), "updated_at"),
        address=publishers.page(iri.bill(*measure)),
        origin_chamber=measures.origin(measure[1]),
        abridged=abridged,
        private_laws=private,
    )


def _text(record: Record, key: str) -> str:
    return mended(documents.text(record, key))


def _entry(record: Record) -> actions.Entry:
    """An action; ``status`` is the maker's own code for the state that the bill reached by it, kept among the codes."""
    moment = _text(record, "acted_at")
    day = measures.local_day(moment, "acted_at")
    if day is None:
        raise measures.BrokenMeasure(f"action {_text(record, 'text')[:60]!r} has no acted_at")
    return actions.Entry(
        day,
        moment[11:19],
        actions.words(" ".join((_text(record, "text"), *map(_reference, items(record, "references"))))),
        _text(record, "type"),
        tuple(filter(None, (_text(record, "action_code"), _text(record, "status")))),
        (),
        tuple(f"{code.lower()}00" for code in documents.texts(record, "committees")),
    )


def _reference(record: Record) -> str:
    """Where the Congressional Record has an action, spelled as later records of bills do in the words of the action.

    >>> _reference({"reference": "CR  S12810", "type": "consideration"})
    '(consideration: CR S12810)'
    """
    return f"({': '.join(filter(None, (_text(record, 'type'), _text(record, 'reference'))))})"


def _title(record: Record) -> Title:
    portion = record.get("is_for_portion") is True
    return measures.title(_text(record, "title"), _text(record, "type"), portion, _text(record, "as"))


def _policy_area(term: str) -> str:
    """A policy area as the Library of Congress spells it; the makers of these files put all but its first letter low.

    >>> _policy_area("Finance and financial sector")
    'Finance and Financial Sector'
    """
    return " ".join(word if word == "and" else word[:1].upper() + word[1:] for word in term.split(" "))


def _title_of(record: Record, titles: tuple[Title, ...]) -> str:
    """The title shown, where the record says which it is; of the older ones the short, popular or official title."""
    shown = (title.text for title in titles if title.kind == "display")
    stated = (_text(record, key) for key in ("short_title", "popular_title", "official_title"))
    return measures.title_of(next(filter(None, (*shown, *stated)), ""), titles)


def _sponsorship(record: Record) -> Sponsorship:
    """A sponsor or cosponsor. The record has no parties; a member at large has the district ``0`` or none."""
    thomas = _text(record, "thomas_id")
    office = _text(record, "title").rstrip(".")
    original = record.get("original_cosponsor")
    return measures.member(
        _text(record, "bioguide_id") or (f"thomas:{thomas}" if thomas else ""),
        f"{office}. {_text(record, 'name')}" if office else _text(record, "name"),
        state=_text(record, "state"),
        district=_text(record, "district"),
        joined=measures.day(_text(record, "sponsored_at"), "sponsored_at"),
        withdrawn=measures.day(_text(record, "withdrawn_at"), "withdrawn_at"),
        original=original if isinstance(original, bool) else None,
    )


def _cosponsors(record: Record, introduced: str | None, abridged: tuple[str, ...]) -> tuple[Sponsorship, ...] | None:
    if any("cosponsor" in part.lower() for part in abridged):
        return None
    return measures.cosponsors(map(_sponsorship, items(record, "cosponsors")), introduced)


def _laws(record: Record) -> tuple[str, ...]:
    if _text(record, "law_type") != "public":
        return ()
    return (f"{_text(record, 'congress')}-{_text(record, 'number')}",)


def _related(record: Record) -> tuple[measures.Measure | None, list[str], list[str], str]:
    measure = measures.identified(_text(record, "bill_id"))
    return measure, [_text(record, "reason")], [_text(record, "identified_by")], ""


def _committee(record: Record) -> str:
    code = _text(record, "committee_id")
    return f"{code.lower()}{_text(record, 'subcommittee_id') or '00'}" if code else ""


def _reports(record: Record, steps: tuple[Action, ...]) -> tuple[str, ...]:
    stated = tuple(map(measures.report, documents.texts(record, "committee_reports")))
    return tuple(dict.fromkeys(stated + measures.reports_in(steps)))
