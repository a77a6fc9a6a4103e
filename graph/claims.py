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
from collections.abc import Iterator, Sequence
from functools import cache
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
_DAY = re.compile(
    rf"\b(?:(?P<m>{_MONTH}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:, ?(?P<y>(?:19|20)\d\d))?\b"
    rf"|(?P<d2>\d{{1,2}}) (?P<m2>{_MONTH}),? (?P<y2>(?:19|20)\d\d)\b|(?P<iso>(?:19|20)\d\d-\d\d-\d\d)\b"
    rf"|(?P<m3>{_MONTH}) (?P<y3>(?:19|20)\d\d)\b|(?<=in )(?P<y4>(?:19|20)\d\d)\b)"
)
_END = re.compile(r"[.!?]['\")\]]*\s+(?=[\"'(\[]*[A-Z0-9])|\n[ ]*\n\s*|[;]\s")
_SHORT = re.compile(
    r"(?:\b[A-Z]|\b(?:Rep|Sen|Reps|Sens|Mr|Ms|Mrs|Dr|No|Jr|Sr|Inc|Pub|Cong|Stat|Gov|St|Corp|Co|vs?|Sec|Res|[A-Z][a-z]{2}))\.$"
)
_MONTH_ENDS = re.compile(r"\b(?:Act|law|Law|Inc|Web|Now|Yes|Sex|Net|Bar|War|Way|Day|Tax|App|Ads|Men)\.$")


class Claim(NamedTuple):
    """A statement: ``text[start:end]`` of the document, its kind, what its pattern found, and how it is put.

    `slots` maps a name to what stands there; mentions are tags (``<bill:3>``). `sentence` is the tagged sentence.
    """

    start: int
    end: int
    kind: str
    slots: dict[str, str]
    sentence: str
    negated: bool = False
    future: bool = False


class Kind(NamedTuple):
    """A kind of claim: the words without which it cannot be there, and its patterns."""

    kind: str
    triggers: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    may: bool


class Sentence(NamedTuple):
    """A tagged sentence, and where its pieces stand in the document: (start in the sentence, start in the text)."""

    text: str
    pieces: tuple[tuple[int, int], ...]
    end: int

    def at(self, position: int) -> int:
        """The place in the document of a place in the tagged sentence; within a tag, that of its beginning."""
        inner, outer = self.pieces[bisect_right(self.pieces, (position, 1 << 60)) - 1]
        is_tag = self.text.startswith("<", inner) and ">" in self.text[inner : inner + 20]
        return (
            outer if is_tag and position < self.text.index(">", inner) + 1 else min(outer + position - inner, self.end)
        )


# --- reading ---------------------------------------------------------------------------------------------------------


def stated(text: str, mentions: Sequence[Mention], dated: Sequence[Mention] = ()) -> list[Claim]:
    """The claims of a legible text, in order, none overlapping another of its kind; `dated` are its `days`."""
    return [claim for sentence in sentences(text, (*mentions, *dated)) for claim in _of(sentence)]


def days(text: str) -> list[Mention]:
    """The days, months and years that a text names; `path` is what is said of the day: ``2018-03-21``, ``--03-21``.

    >>> [m.path for m in days("On March 21, 2018, in April 2018, in 2019 and on May 3 it rained.")]
    ['2018-03-21', '2018-04', '2019', '--05-03']
    """
    found = []
    for match in _DAY.finditer(text):
        part = match.groupdict()
        month = next((part[key] for key in ("m", "m2", "m3") if part[key]), "")
        number = [name[:3] for name in _MONTHS].index(month[:3]) + 1 if month else 0
        date = part["d"] or part["d2"]
        year = part["y"] or part["y2"] or part["y3"] or part["y4"] or ""
        said = part["iso"] or "-".join(
            filter(None, (year or "-", f"{number:02}" if number else "", f"{int(date):02}" if date else ""))
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
    pieces: list[tuple[int, int]] = []
    length, at = 0, first
    for number, mention in named:
        start, stop = mention.around
        if start < at or mention.kind == "place":
            continue
        for part, where in ((text[at:start], at), (f"<{tag(mention)}:{number}>", start)):
            if part:
                pieces.append((length, where))
                parts.append(part)
                length += len(part)
        at = stop
    if at < end or not parts:
        pieces.append((length, at))
        parts.append(text[at:end])
    return Sentence("".join(parts), tuple(pieces), end)


def tag(mention: Mention) -> str:
    """What stands for a mention in a tagged sentence; a law can be meant wherever a bill can.

    >>> tag(Mention("Senate", 0, 6, "organization", SENATE)), tag(Mention("FOSTA", 0, 5, "law", "/us/pl/115/164"))
    ('chamber', 'bill')
    """
    if mention.path in (SENATE, HOUSE):
        return "chamber"
    return "bill" if mention.kind == "law" else mention.kind


def _of(sentence: Sentence) -> Iterator[Claim]:
    """The claims of one sentence; one of which nothing can be tested may be a judgment or a fact of another kind."""
    text = sentence.text
    small = text.lower()
    found = []
    for kind in kinds():
        if not any(trigger in small for trigger in kind.triggers):
            continue
        end = 0
        for match in _matches(kind, text):
            if match.start() >= end:
                found.append(_claim(sentence, kind, match))
                end = match.end()
    yield from found
    if (not found and "<" in text) or (not found and len(text) > 40):
        yield from _untested(sentence)


def _matches(kind: Kind, text: str) -> list[re.Match[str]]:
    """The matches of a kind in order; where two overlap, the earlier pattern goes first."""
    taken: list[re.Match[str]] = []
    for pattern in kind.patterns:
        for match in pattern.finditer(text):
            if all(match.end() <= other.start() or other.end() <= match.start() for other in taken):
                taken.append(match)
    return sorted(taken, key=lambda match: match.start())


def _claim(sentence: Sentence, kind: Kind, match: re.Match[str]) -> Claim:
    slots: dict[str, str] = {}
    for group, value in match.groupdict().items():
        name = group.partition("__")[0]
        if value:
            slots[f"second {name}" if name in slots else name] = value
    before = sentence.text[max(0, match.start() - 30) : match.start()]
    around = f"{before}{match[0]}"
    # what comes before a comma, or within a list of the record's words, speaks of something else
    near = re.split(r"[,;:]\s", before)[-1] + match[0]
    return Claim(
        sentence.at(match.start()),
        _end(sentence, match.end()),
        kind.kind,
        slots | {"said": match[0]},
        sentence.text,
        bool(_rule("negation").search(near)),
        not kind.may and bool(_rule("future").search(near if "," in around else around)),
    )


def _end(sentence: Sentence, position: int) -> int:
    """The place in the document behind the last code point of a match."""
    at = bisect_right(sentence.pieces, (position - 1, 1 << 60)) - 1
    inner, outer = sentence.pieces[at]
    if sentence.text.startswith("<", inner) and position <= sentence.text.find(">", inner) + 1:
        return sentence.pieces[at + 1][1] if at + 1 < len(sentence.pieces) else sentence.end
    return min(outer + position - inner, sentence.end)


def _untested(sentence: Sentence) -> Iterator[Claim]:
    text = sentence.text
    for kind in ("opinion", "fact"):
        if _rule(kind).search(text):
            stripped = len(text) - len(text.lstrip()), len(text.rstrip())
            span = sentence.at(stripped[0]), _end(sentence, stripped[1])
            yield Claim(*span, kind, {"said": text.strip()}, text)
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


def resolve(said: str, day: Day | None) -> str:
    """What is said of a day as a prefix of a day; one without a year is of the year of the document.

    >>> resolve("--03-21", "2018-04-01"), resolve("2018", None)
    ('2018-03-21', '2018')
    """
    return said.replace("--", f"{day[:4]}-", 1) if said.startswith("--") and day else said
