"""What the records of bills have in common, whatever their format: types, days, titles, sponsors, reports.

>>> measure("115", "HR", "1865")
(115, 'hr', 1865)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from graph import iri
from graph.records import Action, Day, RelatedBill, Sponsorship, Title

Measure = tuple[int, str, int]
"""Congress, type (``hr``, ``s``, ``hjres`` …) and number."""

WASHINGTON = ZoneInfo("America/New_York")

_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=$|[T ])", re.A)
_PARTY = re.compile(r"\[(?P<party>\w+)-(?P<state>[A-Z]{2})(?:-(?P<district>\d+))?")
_REPORT = re.compile(r"\b([HS])\. ?Rept\. ?(\d+-\d+)(?:, ?Part (\w+))?")
_WRITTEN_REPORT = re.compile(r"(?:written report No\.|written report\. Report No\.) (\d+-\d+)")
_DATE = r"(?:\d{1,2}/\d{1,2}/(\d{2,4}) )?"
_RECORD = re.compile(rf"\b{_DATE}CR {_DATE}([HSED]\d+(?:-\d+)?(?:[,;] [HSED]\d+(?:-\d+)?)*)")
_PAGES = re.compile(r"([HSED])(\d+)(?:-(\d+))?")
_STAGE = re.compile(r"\b(?:as|on) (.+?)(?: for portions of (?:this|a) bill)?$", re.I)


class BrokenMeasure(ValueError):  # noqa: N818
    """The record does not say which measure it is, or says something impossible; the message is one line."""


def measure(congress: str, kind: str, number: str) -> Measure:
    """The measure that a record names. Raises `BrokenMeasure` for one that cannot be."""
    found = named(congress, kind, number)
    if found is None:
        raise BrokenMeasure(
            f"no measure of Congress: congress {congress[:20]!r}, type {kind[:20]!r}, number {number[:20]!r}"
        )
    return found


def named(congress: str, kind: str, number: str) -> Measure | None:
    """The measure behind congress, type and number as records spell them; ``None`` where it is no measure.

    >>> named("114", "H.Con.Res.", "27"), named("105", "hamdt", "791")
    ((114, 'hconres', 27), None)
    """
    kind = kind.replace(".", "").replace(" ", "").lower()
    known = kind in iri.BILL_TYPES and natural(congress) and natural(number)
    return (int(congress), kind, int(number)) if known else None


def natural(text: str) -> bool:
    """Whether `text` is a whole number from 1 to 99999, as numbers of Congresses, measures and roll calls are."""
    return len(text) <= 5 and text.isascii() and text.isdigit() and int(text) > 0


def identified(bill_id: str) -> Measure | None:
    """The measure behind an identifier such as ``hr1555-104``; ``None`` for one that names no measure.

    >>> identified("hr1555-104"), identified("hamdt791-105")
    ((104, 'hr', 1555), None)
    """
    match = re.fullmatch(r"([a-z]+)(\d+)-(\d+)", bill_id)
    return named(match[3], match[1], match[2]) if match else None


def origin(kind: str) -> str:
    """The chamber in which measures of a type begin."""
    return "House" if kind.startswith("h") else "Senate"


@lru_cache(maxsize=4096)
def day(text: str, what: str) -> Day | None:
    """The day that `text` begins with, as it stands there; ``None`` for blank text.

    Raises `BrokenMeasure`, naming `what` it was to be, where `text` is no day.

    >>> day("2021-07-10T20:12:41Z", "updateDate")
    '2021-07-10'
    """
    if not text.strip():
        return None
    try:
        if _DAY.match(text):
            return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        pass
    raise BrokenMeasure(f"{what} {text[:40]!r} is no day")


def local_day(moment: str, what: str) -> Day | None:
    """The day in Washington at a moment written with its zone; a day without a time is that day.

    Raises `BrokenMeasure`, naming `what` it was to be, where `moment` is no moment.

    >>> local_day("2018-02-27T23:00:15Z", "vote"), local_day("2021-11-18T02:24:56Z", "vote")
    ('2018-02-27', '2021-11-17')
    """
    if "T" not in moment:
        return day(moment, what)
    try:
        parsed = datetime.fromisoformat(moment)
        return (parsed if parsed.tzinfo is None else parsed.astimezone(WASHINGTON)).date().isoformat()
    except (ValueError, OverflowError):
        raise BrokenMeasure(f"{what} {moment[:40]!r} is no moment") from None


def member(
    bioguide: str,
    name: str,
    *,
    party: str = "",
    state: str = "",
    district: str = "",
    joined: Day | None,
    withdrawn: Day | None = None,
    original: bool | None = None,
) -> Sponsorship:
    """A sponsorship; party, state and district that the record leaves out are read in the name (``[R-MO-2]``)."""
    match = None if party and state else _PARTY.search(name)
    if match:
        party, state = party or match["party"], state or match["state"]
        district = district or match["district"] or ""
    return Sponsorship(bioguide, name, party, state, district, joined, withdrawn, original)


def cosponsors(listed: Iterable[Sponsorship], introduced: Day | None) -> tuple[Sponsorship, ...]:
    """Cosponsorships once each, in the order of the record, keyed by member and day: one may withdraw and join again.

    An original cosponsor is one who joined on the day of introduction (Senate and House practice): said so where the
    record does not say it.
    """
    by_key: dict[tuple[str, Day | None], Sponsorship] = {}
    for one in listed:
        if one.original is None and one.joined:
            one = one._replace(original=one.joined == introduced)
        key = (one.bioguide or one.name, one.joined)
        if key not in by_key or one.withdrawn:
            by_key[key] = one
    return tuple(by_key.values())


def title(text: str, kind: str, portion: bool = False, stage: str = "") -> Title:
    """A title of a measure; its kind is ``display``, ``short``, ``official`` or ``popular`` in every dialect.

    >>> title("X Act", "Short Title(s) as Passed House for portions of this bill")
    Title(text='X Act', kind='short', portion=True, stage='passed house')
    """
    lower = kind.lower()
    said = _STAGE.search(kind)
    return Title(
        text,
        next((name for name in ("display", "short", "official", "popular") if name in lower), lower),
        portion or "for portions of" in lower,
        (stage or (said[1] if said else "")).lower(),
    )


def titles(listed: Iterable[Title]) -> tuple[Title, ...]:
    """Titles with words, once each, in the order of the record."""
    return tuple(dict.fromkeys(one for one in listed if one.text))


def title_of(stated: str, listed: tuple[Title, ...]) -> str:
    """The title of the whole measure: as stated, else its display, last short, popular or official title.

    A title "for portions of this bill" is never the measure's, unless the same words are also a title of the whole.
    """
    whole = [one for one in listed if not one.portion]
    portions = {one.text for one in listed if one.portion} - {one.text for one in whole}
    if stated and stated not in portions:
        return stated
    by_kind = {one.kind: one.text for one in whole}
    return next((by_kind[kind] for kind in ("display", "short", "popular", "official") if kind in by_kind), "")


def report(citation: str) -> str:
    """A committee report, spelled one way.

    >>> report("H. Rept. 115-572,Part 1")
    'H. Rept. 115-572, Part 1'
    """
    match = _REPORT.search(citation)
    if not match:
        return citation
    return f"{match[1]}. Rept. {match[2]}" + (f", Part {match[3]}" if match[3] else "")


def reports_in(actions: Iterable[Action]) -> tuple[str, ...]:
    """The committee and conference reports that actions say were made on the measure itself, without their parts.

    >>> reports_in([Action("2018-01-10", "Reported by Senator Thune. With written report No. 115-199.")])
    ('S. Rept. 115-199',)
    """
    found = []
    for action in actions:
        if match := _WRITTEN_REPORT.search(action.text):
            found.append(f"S. Rept. {match[1]}")
        elif re.match(r"Reported |Supplemental report|Conference report .* filed|.* reported an original", action.text):
            found += [f"{chamber}. Rept. {number}" for chamber, number, _ in _REPORT.findall(action.text)]
    return tuple(dict.fromkeys(found))


def conference_reports(actions: Iterable[Action]) -> tuple[str, ...]:
    """The reports among `reports_in` that a conference of the two Houses made.

    >>> conference_reports([Action("1996-01-31", "Conference report H. Rept. 104-458 filed.")])
    ('H. Rept. 104-458',)
    """
    return reports_in(action for action in actions if action.text.startswith("Conference report "))


def record_pages(action: Action) -> tuple[str, ...]:
    """Where the daily Congressional Record has a step, as its words say: ``CR H1290``, ``CR 5/9/2018 S2580-2581``.

    The volume goes by the session, which begins on 3 January: what is said of the first three days of a year may stand
    in either volume and is left out, and so is an end of a range before its beginning.

    >>> record_pages(Action("2018-03-19", "Cloture vitiated. (consideration: CR S1780-1784; text: CR S1781)"))
    ('164 Cong. Rec. S1780-1784', '164 Cong. Rec. S1781')
    """
    found = []
    for before, after, pages in _RECORD.findall(action.text):
        stated = before or after
        if action.day[5:] <= "01-03" and not stated:
            continue
        year = int(stated or action.day[:4])
        year += 0 if year > 99 else 1900 if year > 70 else 2000
        for section, first, last in _PAGES.findall(pages):
            through = f"-{last}" if last and int(last) > int(first) else ""
            found.append(f"{year - 1854} Cong. Rec. {section}{first}{through}")
    return tuple(dict.fromkeys(found))


def related(listed: Iterable[tuple[Measure | None, list[str], list[str], str]]) -> tuple[RelatedBill, ...]:
    """Related measures once each, in the order of the record, from (measure, relations, who says so, title).

    What relates a measure that is listed twice is put together; what is listed and is no measure is left out.

    >>> related([((104, "hr", 1555), ["unknown"], [""], ""), ((104, "hr", 1555), ["related"], [""], "")])[0].relations
    ('related', 'unknown')
    """
    by_measure: dict[Measure, RelatedBill] = {}
    for bill, relations, identified_by, title in listed:
        if bill is None:
            continue
        known = by_measure.get(bill) or RelatedBill(*bill, title=title)
        by_measure[bill] = known._replace(
            relations=_sorted((*known.relations, *relations)),
            identified_by=_sorted((*known.identified_by, *identified_by)),
        )
    return tuple(by_measure.values())


def _sorted(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({part for part in parts if part}))
