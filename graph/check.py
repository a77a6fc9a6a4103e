"""A text held against the record: what it names, what it claims, and a verdict on each claim as of the day of the text.

No model and no network: names come from the graph (`graph.gazetteer`), claims from a grammar (`graph.claims`), verdicts
from tests of the record (`graph.verdicts`). Nothing of a text is kept.
"""

from __future__ import annotations

import re

from graph import answers, gazetteer, iri, naming, verdicts
from graph import claims as grammar
from graph.answers import Answer, Malformed, read_day
from graph.claims import Claim
from graph.gazetteer import Gazetteer, Mention
from graph.records import Day
from graph.store import Store
from graph.verdicts import Finding, Setting

LARGEST = 2 << 20
"""Bytes of a text that is read."""

MOST_CLAIMS = 2_000
"""Claims of a text that are judged: each comes with its evidence, and a text of nothing but claims has many."""

_TAG = re.compile(r"<(?:(?P<dead>script|style|template|noscript)\b|!--|/?[a-z][a-z0-9]*\b)[^<>]{0,4000}>?", re.I)
_HTML = re.compile(r"<!doctype html|<html\b|<body\b|<script\b|<p\b[^<>]*>|<div\b", re.I)
_LATIN = re.compile(r"[^\W\d_]+")
_ENGLISH = re.compile(
    r"\b(?:the|of|and|to|in|a|is|that|for|it|on|was|with|as|by|at|from|be|this|are|or|an|not|has|have|had|which|its|their|his"
    r"|her|will|would|who|were|but|they|we|you|all|been)\b",
    re.I,
)
"""The small words of English."""
_OTHER_SCRIPTS = re.compile(r"[Ͱ-ϿЀ-ԯԱ-֏Ꭰ-Ᏼ]")


class Rejected(ValueError):  # noqa: N818
    """Not a text that can be checked; the message says what was read and what to do."""


def read(content: bytes) -> str:
    """The text of a file or a request: UTF-8, with nothing taken away. Raises `Rejected`.

    >>> read("§ 230".encode())
    '§ 230'
    """
    if len(content) > LARGEST:
        raise Rejected(
            f"the text is too long: {len(content):,} bytes, and at most {LARGEST:,} are read; check it in parts"
        )
    if b"\0" in content[:4096]:
        raise Rejected("this is no text but a binary file; save the document as plain text")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Rejected(
            f"this is no text in UTF-8 (byte {error.start:,} cannot be read); save it as plain text in UTF-8"
        ) from None
    if not text.strip("\ufeff \t\r\n\f\v"):
        raise Rejected("there is no text in it")
    controls = sum(character < " " and character not in "\t\r\n\f\v" for character in text[:4096])
    if controls > len(text[:4096]) // 50:
        raise Rejected("this is no text but a binary file; save the document as plain text")
    return text


def check(store: Store, text: str, as_of: str | None = None) -> Answer:
    """What a text names and claims, each claim with its verdict as of the day of the text (shape: INTERFACE.md).

    `as_of` is the day of the text; without it the text's own date counts, else the day of an event that it calls
    today's; ``needs-date`` is the status where there is none. Raises `Malformed` for what is no date.
    """
    names = gazetteer.gazetteer(store)
    plain = gazetteer.legible(_without_tags(text))
    today = answers.today(store) or ""
    given = read_day(as_of, today) if as_of else None
    answer: Answer = {"document": {"length": len(text)}, "known_through": answers.known_through(store)}
    found = gazetteer.find(names, plain)
    if not _is_english(plain) and not _is_all_names(plain, found):
        return answer | {
            "status": "not-english",
            "message": "This does not look like English, and only English is read.",
            "as_of": given,
            "as_of_from": "given" if given else None,
            "about": None,
            "mentions": [],
            "claims": [],
        }
    dated = grammar.days(plain)
    written = given or written_day(plain, dated)
    day, source = written, "given" if given else "written in the text"
    settled = gazetteer.settle(names, found, day)
    stated = grammar.stated(plain, settled, dated)
    topic = verdicts.likely_topic(names, settled, stated, day)
    if day is None:
        day = verdicts.likely_day(store, names, settled, stated, topic)
        source = f"inferred: the text calls an event of {naming.name(topic)} today's" if day else ""
        settled = gazetteer.settle(names, found, day)
        topic = verdicts.likely_topic(names, settled, stated, day)
    setting = verdicts.setting_of(store, names, (*settled, *dated), day, topic, today)
    judged = [(claim, *_judged(setting, claim, day)) for claim in stated[:MOST_CLAIMS]]
    return answer | {
        "status": "ok" if day or not any(claim.kind in verdicts.TESTS for claim in stated) else "needs-date",
        "message": _message(day, plain, found, judged, len(stated)),
        "as_of": day,
        "as_of_from": source or None,
        "about": {"iri": iri.of(topic), "label": naming.name(topic)} if topic else None,
        "mentions": [_mention(names, text, mention) for mention in settled],
        "claims": [_claim(text, claim, finding, now, today) for claim, finding, now in judged],
    }


def _judged(setting: Setting, claim: Claim, day: Day | None) -> tuple[Finding, Finding | None]:
    """The finding on the day of the text, and that on the coverage day where it differs."""
    finding = verdicts.judge(setting, claim, day)
    if day is None or finding.verdict in ("opinion", "unverifiable") or claim.kind in PAST:
        return finding, None
    now = verdicts.judge(setting, claim, setting.today)
    return finding, now if (now.verdict, now.observed) != (finding.verdict, finding.observed) else None


PAST = ("vote", "introduced")
"""Kinds of claims of which a later day cannot think otherwise."""


def _message(
    day: Day | None, plain: str, found: list[Mention], judged: list[tuple[Claim, Finding, Finding | None]], stated: int
) -> str:
    said = []
    if stated > len(judged):
        said.append(f"It states {stated:,} things; the first {len(judged):,} are judged. Check it in parts.")
    if day is None and judged:
        said.append("The text says no date and none could be inferred; say the day it is from (as_of).")
    if strange := sum(
        bool(_OTHER_SCRIPTS.search(word) and re.search("[a-zA-Z]", word)) for word in _LATIN.findall(plain)
    ):
        said.append(f"{strange} words mix Latin letters with look-alikes of another script; they were not read.")
    if not found and not judged:
        said.append("It names nothing that the graph knows and claims nothing that can be tested.")
    return " ".join(said)


def _mention(names: Gazetteer, text: str, mention: Mention) -> Answer:
    is_linked = mention.path and mention.kind != "place"
    return {
        "text": text[mention.start : mention.end],
        "start": mention.start,
        "end": mention.end,
        "kind": mention.kind,
        "iri": iri.of(mention.path) if is_linked else None,
        "label": _label(names, mention) if mention.path else None,
        "choices": [{"iri": iri.of(path), "label": _name(names, path)} for path in mention.choices],
    }


def _label(names: Gazetteer, mention: Mention) -> str:
    return mention.path.rpartition("/")[2] if mention.kind == "place" else _name(names, mention.path)


def _name(names: Gazetteer, path: str) -> str:
    return names.labels.get(path) or naming.name(path)


def _claim(text: str, claim: Claim, finding: Finding, now: Finding | None, today: Day) -> Answer:
    return {
        "text": text[claim.start : claim.end],
        "start": claim.start,
        "end": claim.end,
        "kind": claim.kind,
        "asserted": finding.asserted,
        "observed": finding.observed,
        "verdict": finding.verdict,
        "note": _sentences(finding.note),
        "now": {"as_of": today, "verdict": now.verdict, "observed": now.observed, "note": _sentences(now.note)}
        if now
        else None,
        "evidence": list(finding.evidence),
    }


def _sentences(note: str) -> str | None:
    """A note that ends with a stop, whatever the name at its end ends with."""
    return (note if note.endswith(".") else f"{note}.") if note else None


# --- reading ---------------------------------------------------------------------------------------------------------


def written_day(plain: str, dated: list[Mention]) -> Day | None:
    """The date that a text bears at its head: on a line of its own, or before the dash of a dateline.

    >>> written_day("March 21, 2018", grammar.days("March 21, 2018"))
    '2018-03-21'
    """
    for mention in dated:
        if mention.start > 1200:
            return None
        first = plain.rfind("\n", 0, mention.start) + 1
        line = plain[first:].partition("\n")[0]
        after = plain[mention.end : mention.end + 6]
        is_alone = len(line.strip()) <= 60 and not line.rstrip().endswith((".", "?"))
        if re.fullmatch(r"\d{4}-\d\d-\d\d", mention.path) and (is_alone or re.match(r"\)? ?(?:-|:|\))", after)):
            try:
                return read_day(mention.path, None)
            except Malformed:
                continue
    return None


def _without_tags(text: str) -> str:
    """The text with the tags of HTML, its scripts and its styles blanked, at the same length."""
    if not _HTML.search(text[:20_000]):
        return text
    parts: list[str] = []
    at = 0
    while tag := _TAG.search(text, at):
        end = tag.end()
        if tag["dead"]:
            closed = re.compile(f"</{tag['dead']}", re.I).search(text, end)
            end = closed.start() if closed else len(text)
        elif tag[0].startswith("<!--"):
            closing = text.find("-->", tag.start())
            end = closing + 3 if closing >= 0 else len(text)
        blank = "\n" if re.match(r"</?(?:p|div|li|h\d|br|tr)\b", tag[0], re.I) else " "
        gap = end - tag.start()
        parts += [text[at : tag.start()], (blank * 2 + " " * gap)[:gap]]
        at = end
    return "".join([*parts, text[at:]])


def _is_all_names(plain: str, found: list[Mention]) -> bool:
    """Whether a third of a text is what it names: a list of names has no small words."""
    return sum(mention.end - mention.start for mention in found) * 3 > len(plain)


def _is_english(plain: str) -> bool:
    """Whether enough of the words are the small words of English; short texts pass."""
    words = len(_LATIN.findall(plain[:40_000]))
    return words < 12 or len(_ENGLISH.findall(plain[:40_000])) > words * 0.12
