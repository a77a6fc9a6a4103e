"""When the laws behind a section were enacted and took effect, as its source credit and its notes tell.

>>> credit = "(Pub. L. 104–104, title V, § 509, Feb. 8, 1996; Pub. L. 105–277, § 1404(a), Oct. 21, 1998.)"
>>> [(e.path, e.day) for e in credited(credit)]
[('/us/pl/104/104/tV/s509', '1996-02-08'), ('/us/pl/105/277/s1404/a', '1998-10-21')]
>>> next(taking_effect("Amendment by Pub. L. 105–277 effective 30 days after Oct. 21, 1998, see section 1406.")).day
'1998-11-20'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from graph import ledger
from graph.records import Day, Note, Path

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_DATE = r"(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>\d{1,2}), (?P<year>\d{4})"
_LAW = r"Pub\. L\. (?P<congress>\d+)[–-](?P<number>\d+)"
_ACT = rf"(?:[Aa]ct )?{_DATE}, ch\. (?P<chapter>\d+\w*)"
_SECTION = re.compile(r"(\d+[A-Za-z]*(?:[–-]\d+)?)?((?:\(\w+\))*)")
_AFTER = re.compile(
    rf"(?P<count>\d+|one|two|three|six) (?P<unit>day|month|year)s? after (?:the )?"
    r"(?:date of (?:the )?enactment of this (?:Act|title|section|subsection|paragraph)\s*\[)?"
    rf"(?:[^“”\[\].;]*\[)?{_DATE}"
)
_WORDS = {"one": 1, "two": 2, "three": 3, "six": 6}


class Enactment(NamedTuple):
    """A provision of a law that a source credit names, the day of enactment, and whether it added the section, or only
    gave it another number."""

    path: Path
    day: Day
    added: bool = False
    renumbered: bool = False


class TakingEffect(NamedTuple):
    """What a note says of when a law, or named sections of it, took effect; no `day` where it is contingent."""

    law: Path
    sections: tuple[str, ...]
    day: Day | None


def credited(credit: str) -> list[Enactment]:
    """The enactments of a source credit, in its order; raises nothing."""
    found: list[Enactment] = []
    for part in re.split(r";|, as (?=added)", credit.strip("() .")):
        dated = re.search(_DATE, part)
        law = _law(part)
        day = _iso(dated) if dated else None
        if not law or not day:
            continue
        divisions = re.sub(r"\[|\]", "", part)
        division = re.search(r"div\. (\w+)", divisions)
        title = re.search(r"title ([IVXLC]+)\b", divisions)
        stem = law + (f"/d{division[1]}" if division else "") + (f"/t{title[1]}" if title else "")
        added = bool(re.match(r"\s*(?:as )?[Aa]dded", part))
        renumbered = bool(re.match(r"\s*renumbered", part))
        found += [Enactment(f"{stem}/{s}" if s else stem, day, added, renumbered) for s in _sections(divisions) or [""]]
    return found


def _law(text: str) -> Path:
    if law := re.search(_LAW, text):
        return f"/us/pl/{law['congress']}/{law['number']}"
    act = re.search(_ACT, text)
    day = _iso(act) if act else None
    return f"/us/act/{day}/ch{act['chapter']}" if act and day else ""


def _sections(text: str) -> list[str]:
    """The sections behind ``§``: ``["s3/a", "s3/b"]`` for "§ 3(a), (b)"."""
    listed = re.search(
        r"§§? ?((?:\d[\w–-]*)?(?:\(\w+\))*(?:(?:, | and |–)(?:\d+[A-Za-z]?(?:\(\w+\))*(?=,)|(?:\(\w+\))+))*)", text
    )
    found: list[str] = []
    number = ""
    for piece in re.split(r", | and |–(?=\()", listed[1]) if listed else []:
        match = _SECTION.fullmatch(piece)
        if not match:
            continue
        number = (match[1] or number).replace("–", "-")
        labels = re.findall(r"\((\w+)\)", match[2])
        if number:
            found.append("/".join((f"s{number}", *labels)))
    return found


def _iso(match: re.Match[str]) -> Day | None:
    """The day that a match of a date names; ``None`` where there is no such day."""
    month = match["month"][:3]
    if month not in MONTHS:
        return None
    try:
        return date(int(match["year"]), MONTHS.index(month) + 1, int(match["day"])).isoformat()
    except ValueError:
        return None


def effective(notes: Iterable[Note]) -> list[TakingEffect]:
    """What the notes on effective dates of a section say, in their order."""
    found: list[TakingEffect] = []
    for note in notes:
        if note.topic not in ("effectiveDate", "effectiveDateOfAmendment"):
            continue
        paragraph = ""
        for line in note.paragraphs:
            if line.startswith("“"):
                paragraph += " " + line
                continue
            found += taking_effect(paragraph)
            paragraph = line
        found += taking_effect(paragraph)
    return found


def taking_effect(paragraph: str) -> Iterator[TakingEffect]:
    """What one paragraph of a note on effective dates says of when its laws took effect.

    >>> list(taking_effect("Amendment by Pub. L. 99–1 effective when the moon is full."))
    [TakingEffect(law='/us/pl/99/1', sections=(), day=None)]
    """
    if "provided that" in paragraph or "provided in part that" in paragraph:
        law = _law(paragraph)
        said = paragraph.partition("provided ")[2]
        enacted = re.search(_DATE, paragraph)
        if not law or not enacted:
            return
        if re.search(r"take effect as if|effective as if|as though", said) or not re.search(
            "take effect|effective", said
        ):
            return
        yield TakingEffect(law, _reach(paragraph, said), _first_day(said, _iso(enacted)))
        return
    opening = re.match(r"Amendments? (?:made )?by (.*?) (?:to be )?effective,? (.*)", paragraph)
    if not opening:
        return
    subject, said = opening.groups()
    if re.match(r"as if|as though", said):
        return
    day = _first_day(re.split(r", see | as if ", said)[0], None)
    sections = re.findall(r"sections? ([\d\w–()]+)", subject)
    for match in re.finditer(_LAW, subject):
        yield TakingEffect(
            f"/us/pl/{match['congress']}/{match['number']}",
            tuple(f for s in sections for f in _sections(f"§ {s}")),
            day,
        )


def _reach(paragraph: str, said: str) -> tuple[str, ...]:
    """The sections of a law that one of its provisions on effect speaks of: its own, unless it speaks of the Act."""
    if re.search(
        r"\bthis (?:Act|title|subtitle|division|chapter|part)\b[^“”]*?(?:take effect|effective)", said, re.IGNORECASE
    ):
        return ()
    return tuple(section.partition("/")[0] for section in _sections(paragraph.partition("provided ")[0])[:1])


def _first_day(said: str, enacted: Day | None) -> Day | None:
    """The one day that a phrase names: "Oct. 1, 1979", "60 days after Oct. 30, 1984", "on the date of enactment"."""
    if re.search(r"except (?:that|for|as)|, respectively", said) and len(re.findall(_DATE, said)) > 1:
        return None
    after = _AFTER.search(said)
    if after:
        base = _iso(after)
        count = (
            _WORDS.get(after["count"]) or int(after["count"])
            if after["count"] not in _WORDS
            else _WORDS[after["count"]]
        )
        return _later(base, count, after["unit"]) if base else None
    if re.search(r"first day|beginning|prescribe|regulation|enters into force|later of|earlier of|within \d", said):
        return None
    dated = re.search(_DATE, said)
    if dated:
        return _iso(dated)
    return enacted if "date of enactment" in said or "date of the enactment" in said else None


def _later(day: Day, count: int, unit: str) -> Day:
    start = date.fromisoformat(day)
    if unit == "day":
        return (start + timedelta(days=count)).isoformat()
    months = start.month - 1 + count * (12 if unit == "year" else 1)
    year, month = start.year + months // 12, months % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(start.day, last)).isoformat()


def day_of(law: Path, section: str, told: Iterable[TakingEffect]) -> tuple[Day | None, bool]:
    """The first day that notes tell for a section of a law, and whether they tell anything: what is said of the section
    itself goes before what is said of the law; where they say two things, nothing is told."""
    about = [t for t in told if ledger.law_of(t.law) == law]
    own = [t for t in about if any(section == s or section.startswith(s + "/") for s in t.sections)]
    chosen = own or [t for t in about if not t.sections]
    days = {t.day for t in chosen}
    return (days.pop() if len(days) == 1 else None), bool(chosen)
