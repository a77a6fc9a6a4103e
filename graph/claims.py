"""What a text states: sentences matched against the grammar of `data/claims_grammar.yaml`.

A sentence is tagged first (what it names becomes ``<bill:3>``, where 3 is the number of the mention), then each kind of
claim tries its patterns. A claim holds the slots that its pattern filled, as they stand in the text; what they mean and
whether it is so is for `graph.verdicts`.

>>> [claim.kind for claim in stated("This is a great law, and a victory for everybody.", ())]
['opinion']
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path as File
from typing import Any, NamedTuple

import yaml

from graph.gazetteer import HOUSE, SENATE, Mention
from graph.records import Day

GRAMMAR = File(__file__).parent.parent / "data" / "claims_grammar.yaml"
LONGEST = 900
"""Code points of a sentence; what is longer is read in pieces."""

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = "(?:" + "|".join(f"{name}|{name[:3]}\\.?" for name in _MONTHS) + "|Sept\\.?)"
_WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DAY = re.compile(
    rf"\b(?:(?P<m>{_MONTH}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:, ?(?P<y>(?:19|20)\d\d))?\b"
    rf"|(?P<d2>\d{{1,2}}) (?P<m2>{_MONTH}),? (?P<y2>(?:19|20)\d\d)\b|(?P<iso>(?:19|20)\d\d-\d\d-\d\d)\b"
    rf"|(?P<m3>{_MONTH}) (?P<y3>(?:19|20)\d\d)\b|(?<=in )(?P<y4>(?:19|20)\d\d)\b"
    rf"|(?:(?<=in )|(?<=In )|[Ll]ast )(?P<m4>{'|'.join(_MONTHS)})\b(?! \d)"
    rf"|(?P<near>[Ll]ast (?:week|month|year|{'|'.join(_WEEK)})|(?:[Ee]arlier )?[Tt]his (?:week|month|year)"
    rf"|(?:(?<=[Oo]n )|(?<=^)|(?<=\n))(?:{'|'.join(_WEEK)}))\b)"
)
_END = re.compile(r"[.!?]['\")\]]*\s+(?=[\"'(\[]*[A-Z0-9])|\n[ ]*\n\s*|[;]\s")
_SHORT = re.compile(
    r"(?:\b[A-Z]|\b(?:Rep|Sen|Reps|Sens|Mr|Ms|Mrs|Dr|No|Jr|Sr|Inc|Pub|Cong|Stat|Gov|St|Corp|Co|vs?|Sec|Res|[A-Z][a-z]{2}))\.$"
)
_MONTH_ENDS = re.compile(r"\b(?:Act|law|Law|Inc|Web|Now|Yes|Sex|Net|Bar|War|Way|Day|Tax|App|Ads|Men)\.$")


class Claim(NamedTuple):
    """A statement: ``text[start:end]`` of the document, its kind, what its pattern found, and how it is put.

    `slots` maps a name to what stands there; mentions are tags (``<bill:3>``). `sentence` is the tagged sentence, in
    which the claim begins at `place`.
    """

    start: int
    end: int
    kind: str
    slots: dict[str, str]
    sentence: str
    negated: bool = False
    future: bool = False
    place: int = 0


class Kind(NamedTuple):
    """A kind of claim: the words without which it cannot be there, and its patterns."""

    kind: str
    triggers: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    may: bool


class Sentence(NamedTuple):
    """A tagged sentence, and where its pieces stand: (start in the sentence, start and end in the document).

    A piece is a tag or a stretch without tags.
    """

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    def begins(self, position: int) -> int:
        """The place in the document of a place in the tagged sentence; within a tag, that of its beginning."""
        inner, outer, _ = self._piece(position)
        return outer if self.text.startswith("<", inner) else outer + position - inner

    def ends(self, position: int) -> int:
        """The place in the document behind the code point before a place in the tagged sentence; of a tag, its end."""
        inner, outer, end = self._piece(position - 1)
        return end if self.text.startswith("<", inner) else outer + position - inner

    def _piece(self, position: int) -> tuple[int, int, int]:
        return self.pieces[max(0, bisect_right(self.pieces, (position, 1 << 60, 0)) - 1)]


# --- reading ---------------------------------------------------------------------------------------------------------


def stated(text: str, mentions: Sequence[Mention], dated: Sequence[Mention] = ()) -> list[Claim]:
    """The claims of a legible text, in order, none overlapping another of its kind; `dated` are its `days`."""
    return [claim for sentence in sentences(text, (*mentions, *dated)) for claim in _of(sentence)]


def days(text: str) -> list[Mention]:
    """The days, months and years that a text names; `path` is what is said of the day: ``2018-03-21``, ``--03-21``.

    >>> [m.path for m in days("On March 21, 2018, in April 2018, in 2019, on May 3, last June and last week")]
    ['2018-03-21', '2018-04', '2019', '--05-03', '--06', 'last week']
    """
    found = []
    for match in _DAY.finditer(text):
        part = match.groupdict()
        month = next((part[key] for key in ("m", "m2", "m3", "m4") if part[key]), "")
        number = [name[:3] for name in _MONTHS].index(month[:3]) + 1 if month else 0
        number_of_day = part["d"] or part["d2"]
        year = part["y"] or part["y2"] or part["y3"] or part["y4"] or ""
        said = (
            part["iso"]
            or (part["near"] or "").lower().removeprefix("earlier ")
            or "-".join(
                filter(
                    None,
                    (
                        year or "-",
                        f"{number:02}" if number else "",
                        f"{int(number_of_day):02}" if number_of_day else "",
                    ),
                )
            )
        )
        found.append(Mention(match[0], *match.span(), "day", said, around=match.span()))
    return found


def sentences(text: str, mentions: Sequence[Mention]) -> Iterator[Sentence]:
    """The sentences of a text, tagged; a mention is never cut."""
    named = sorted(enumerate(mentions), key=lambda numbered: numbered[1].around)
    at = first = 0
    for end in (*_ends(text), len(text)):
        if end - first <= 0 or any(m.around[0] < end < m.around[1] for _, m in named[at : at + 12]):
            continue
        last = at
        while last < len(named) and named[last][1].around[0] < end:
            last += 1
        yield _tagged(text, first, end, named[at:last])
        first, at = end, last


def _ends(text: str) -> Iterator[int]:
    """Where sentences end: after a stop that ends no abbreviation, at an empty line, or where one is too long."""
    first = 0
    for match in _END.finditer(text):
        before = text[max(0, match.start() - 9) : match.start() + 1]
        if match[0][0] == "." and _SHORT.search(before) and not _MONTH_ENDS.search(before):
            continue
        while match.end() - first > LONGEST:
            first = text.rfind(" ", first + 1, first + LONGEST) + 1 or first + LONGEST
            yield first
        first = match.end()
        yield first
    while len(text) - first > LONGEST:
        first = text.rfind(" ", first + 1, first + LONGEST) + 1 or first + LONGEST
        yield first


def _tagged(text: str, first: int, end: int, named: Sequence[tuple[int, Mention]]) -> Sentence:
    parts: list[str] = []
    pieces: list[tuple[int, int, int]] = []
    length, at = 0, first
    for number, mention in named:
        start, stop = mention.around
        if start < at or mention.kind == "place":
            continue
        for part, where in ((text[at:start], (at, start)), (f"<{tag(mention)}:{number:06}>", (start, stop))):
            if part:
                pieces.append((length, *where))
                parts.append(part)
                length += len(part)
        at = stop
    if at < end or not parts:
        pieces.append((length, at, end))
        parts.append(text[at:end])
    return Sentence("".join(parts), tuple(pieces))


_ASIDE = re.compile(
    r"\s*\([^()]{1,120}\)"
    r"|(?<=>),\s(?=[A-Za-z])(?!(?:and|or|but|nor|including)\b)[^,;()]{3,110},(?=\s)"
    r"|,\s(?:however|though|too|instead|meanwhile|by contrast|of course|in turn|in fact|moreover),(?=\s)"
)


def without_asides(sentence: Sentence) -> Sentence | None:
    """The sentence without what stands in brackets and, behind a name, between commas; nothing where there is no such.

    >>> text = "<bill:0>, signed in haste, passed (at last) the <chamber:1>."
    >>> without_asides(Sentence(text, ((0, 0, len(text)),))).text
    '<bill:0> passed the <chamber:1>.'
    """
    cuts = [match.span() for match in _ASIDE.finditer(sentence.text)]
    if not cuts:
        return None
    parts: list[str] = []
    pieces: list[tuple[int, int, int]] = []
    length = 0
    kept = zip([0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(sentence.text)], strict=True)
    ends = [piece[0] for piece in sentence.pieces[1:]] + [len(sentence.text)]
    for first, last in kept:
        for (inner, outer, end), until in zip(sentence.pieces, ends, strict=True):
            start, stop = max(first, inner), min(last, until)
            if start < stop:
                is_tag = sentence.text.startswith("<", inner)
                pieces.append((length, outer + (start - inner), end if is_tag else outer + (stop - inner)))
                parts.append(sentence.text[start:stop])
                length += stop - start
    return Sentence("".join(parts), tuple(pieces)) if parts else None


def tag(mention: Mention) -> str:
    """What stands for a mention in a tagged sentence; a law can be meant wherever a bill can.

    >>> tag(Mention("Senate", 0, 6, "organization", SENATE)), tag(Mention("FOSTA", 0, 5, "law", "/us/pl/115/164"))
    ('chamber', 'bill')
    """
    if mention.path in (SENATE, HOUSE):
        return "chamber"
    return "bill" if mention.kind == "law" else mention.kind


def _of(sentence: Sentence) -> Iterator[Claim]:
    """The claims of one sentence, read as it stands and then without its asides.

    One of which nothing can be tested may be a judgment or a fact of another kind.
    """
    found = _read(sentence)
    shorter = without_asides(sentence)
    if shorter and (found or any(trigger in sentence.text.lower() for kind in kinds() for trigger in kind.triggers)):
        # a reading that names its measure goes before one that does not, the sentence as it stands before the shorter
        readings = (*found, *_read(shorter))
        found = []
        for names_it in (True, False):
            for claim in readings:
                if ("<bill" in claim.slots["said"]) is names_it and _is_free(claim, found):
                    found.append(claim)
    yield from sorted(found, key=lambda claim: claim.start)
    if (not found and "<" in sentence.text) or (not found and len(sentence.text) > 40):
        yield from _untested(sentence)


def _is_free(claim: Claim, found: Sequence[Claim]) -> bool:
    """Whether a claim overlaps no other of its kind."""
    return not any(other.kind == claim.kind and other.start < claim.end and claim.start < other.end for other in found)


def _read(sentence: Sentence) -> list[Claim]:
    return [_claim(sentence, match) for match in _matches(_NUMBER.sub("000000", sentence.text))]


_NUMBER = re.compile(r"(?<=:)\d{6}(?=>)")


class Match(NamedTuple):
    """Where a pattern of a kind matches a sentence, and the stretches of its slots."""

    kind: Kind
    start: int
    end: int
    slots: tuple[tuple[str, int, int], ...]


@lru_cache(maxsize=4096)
def _matches(text: str) -> tuple[Match, ...]:
    """The matches of all kinds in a tagged sentence whose tags have no numbers; texts repeat their sentences.

    Of two matches of a kind that overlap, that of the earlier pattern goes first.
    """
    small = text.lower()
    found: list[Match] = []
    for kind in kinds():
        if not any(trigger in small for trigger in kind.triggers):
            continue
        taken: list[Match] = []
        for pattern in kind.patterns:
            for match in pattern.finditer(text):
                if all(match.end() <= other.start or other.end <= match.start() for other in taken):
                    groups = ((name, *match.span(name)) for name in pattern.groupindex)
                    slots = tuple(group for group in groups if group[1] >= 0)
                    taken.append(Match(kind, *match.span(), slots))
        found += sorted(taken, key=lambda match: match.start)
    return tuple(found)


def _claim(sentence: Sentence, match: Match) -> Claim:
    text = sentence.text
    said = text[match.start : match.end]
    slots: dict[str, str] = {}
    for group, start, end in match.slots:
        name = group.partition("__")[0]
        if start < end:
            slots[f"second {name}" if name in slots else name] = text[start:end]
    before = text[max(0, match.start - 30) : match.start]
    # what comes before a comma, or within a list of the record's words, speaks of something else
    near = re.split(r"[,;:]\s", before)[-1] + said
    around = near if "," in before or "," in said else before + said
    # before a provision that does something stands what is done to it
    speaks = said if said.startswith("<provision") else around
    return Claim(
        sentence.begins(match.start),
        sentence.ends(match.end),
        match.kind.kind,
        slots | {"said": said},
        text,
        "none" not in slots and bool(_rule("negation").search(near)),
        not match.kind.may and bool(_rule("future").search(speaks)),
        match.start,
    )


def _untested(sentence: Sentence) -> Iterator[Claim]:
    text = sentence.text
    for kind in ("opinion", "fact"):
        if _rule(kind).search(text):
            stripped = len(text) - len(text.lstrip()), len(text.rstrip())
            yield Claim(sentence.begins(stripped[0]), sentence.ends(stripped[1]), kind, {"said": text.strip()}, text)
            return


# --- the grammar -----------------------------------------------------------------------------------------------------


@cache
def grammar() -> dict[str, Any]:
    """The file as it stands."""
    with GRAMMAR.open(encoding="utf-8") as file:
        found: dict[str, Any] = yaml.safe_load(file)
    return found


@cache
def kinds() -> tuple[Kind, ...]:
    """The kinds of claims with their patterns, ready to match."""
    return tuple(
        Kind(entry["kind"], tuple(entry["triggers"]), tuple(map(pattern, entry["patterns"])), entry.get("may", False))
        for entry in grammar()["kinds"]
    )


@cache
def _rule(name: str) -> re.Pattern[str]:
    return re.compile(grammar()[name], re.IGNORECASE)


def pattern(written: str) -> re.Pattern[str]:
    """A pattern of the grammar as a regular expression; each {slot} becomes a group of its name.

    >>> pattern("{number} cosponsors").search("some 67  cosponsors")["number__1"]
    '67'
    """
    words = grammar()["words"] | {"subject": "|".join(entry["words"] for entry in grammar()["subjects"])}
    counted: dict[str, int] = {}

    def group(match: re.Match[str]) -> str:
        name = match[1]
        counted[name] = counted.get(name, 0) + 1
        return f"(?P<{name}__{counted[name]}>{_nested(words[name], words)})"

    gaps = re.sub(r" \.\.\. ", r"[\\s,(]+(?:[^;]{0,60}?[\\s(])??", written)
    return re.compile(re.sub(r"\{([a-z_]+)\}", group, gaps).replace(" ?", r"\s*").replace(" ", r"\s+"), re.IGNORECASE)


def _nested(written: str, words: dict[str, str]) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda match: f"(?:{_nested(words[match[1]], words)})", written)


Stretch = tuple[Day, Day]
"""The first and the last of some days in a row."""


def stretches(said: str, day: Day) -> tuple[Stretch, ...]:
    """When it was that is said of a day (`days`) in a text of `day`; one without a year is the last that has begun.

    >>> stretches("--03-21", "2018-04-01"), stretches("--12", "2018-04-01"), stretches("2018", "2020-01-01")
    ((('2018-03-21', '2018-03-21'),), (('2017-12-01', '2017-12-31'),), (('2018-01-01', '2018-12-31'),))
    >>> stretches("wednesday", "2018-03-22"), stretches("last month", "2018-01-05")
    ((('2018-03-21', '2018-03-21'),), (('2017-12-01', '2017-12-31'),))
    """
    if said.startswith("--"):
        year = int(day[:4]) - (said[2:] > day[5 : 5 + len(said) - 2])
        return (_stretch(f"{year}-{said[2:]}"),)
    if said[:1].isdigit():
        return (_stretch(said),)
    now = date.fromisoformat(day)
    if (name := said.removeprefix("last ").capitalize()) in _WEEK:
        ago = (now.weekday() - _WEEK.index(name)) % 7
        weeks = (ago, ago + 7) if said.startswith("last") else (ago,)
        return tuple((when, when) for when in ((now - timedelta(back)).isoformat() for back in weeks))
    which, _, unit = said.partition(" ")
    back = which == "last"
    if unit == "week":  # a week begins on Sunday for some, on Monday for others
        start = now - timedelta(now.weekday() + 1 + 7 * back)
        return ((start.isoformat(), (start + timedelta(7)).isoformat()),)
    if unit == "month":
        return (_stretch((now.replace(day=1) - timedelta(back)).isoformat()[:7]),)
    return (_stretch(f"{now.year - back:04}"),)


def _stretch(prefix: str) -> Stretch:
    """The days that a day, a month or a year has; those of a month that is none are as they are written."""
    if len(prefix) == 4:
        return f"{prefix}-01-01", f"{prefix}-12-31"
    if len(prefix) == 7:
        return f"{prefix}-01", f"{prefix}-{monthrange(int(prefix[:4]), int(prefix[5:]))[1]:02}"
    return prefix, prefix
