"""What the pages of the Code show: designations, versions and provisions, their words, history and neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from api.decisions import Tally, by_court
from graph import answers, citation, iri, ledger, timeline
from graph.naming import name
from graph.records import Binding, Day, Path
from graph.store import Row, Store, ask_for

Context = dict[str, Any]

ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


class Line(NamedTuple):
    """One line of a text of law: how deep it stands, its number and the address behind it if it begins a provision."""

    depth: int
    number: str
    slot: Path
    words: str
    is_heading: bool = False


class Part(NamedTuple):
    """A provision below another: designation, heading, summary, how deep below."""

    slot: Path
    number: str
    heading: str
    summary: str
    role: str
    depth: int


class Span(NamedTuple):
    """An interval on a bar: from and to as shares of its width in percent, and what it stands for.

    `ahead` is the share before it in which it was enacted and not yet effective, since `enacted`.
    """

    start: float
    width: float
    ahead: float
    enacted: Day
    valid_from: Day
    valid_to: Day | None
    label: str
    href: Path
    lane: str


def standing(store: Store, slot: Path, day: Day) -> Context:
    """What a page of the Code shows of a designation on a day, of any status."""
    found = answers.stood(store, slot, day)
    line = answers.timeline_of(store, ledger.section_of(slot))
    context: Context = {
        "standing": found,
        "near": [(path, citation.label(path)) for path in found.near],
        "crumbs": crumbs(slot),
        "tenants": tenants(line, slot),
        "title": "",
    }
    if found.status == "ok" and found.binding:
        context |= provision(store, line, found)
    return context


def provision(store: Store, line: timeline.Timeline, found: timeline.Standing) -> Context:
    """Words, parts, history and neighbours of the provision that stands somewhere."""
    assert found.binding is not None
    path, version = found.binding.provision, found.version
    details = answers.standing_details(store, found)
    for row in ask_for(store, "version_summary", version=version.path) if version else []:
        details["summary"] = row["summary"]
    rows = ask_for(store, "parts", version=version.path) if version else []
    parts = parts_of(found.slot, rows)
    words = ask_for(store, "words", version=version.path) if version else []
    decisions = construed_by(store, path)
    now = next((b.slot for b in line.bindings if b.provision == path and b.valid_to is None), None)
    return {
        "details": details,
        "provision": path,
        "now": now,
        "title": details["heading"] or "",
        "parts": parts,
        "lines": lines_of(details["text"] or "", found.slot, parts),
        "past": [b for b in line.bindings if b.provision == path],
        "made_by": [effect_row(effect) for effect in timeline.life(line, path)],
        "touched_by": ask_for(store, "effects_on", provision=path),
        "bearing": bearing(store, line, path),
        "cases": decisions,
        "tallies": tallies(decisions, now or found.slot),
        "notes": ask_for(store, "notes", version=version.path) if version else [],
        "pointers": ask_for(store, "pointers", slot=now or found.slot),
        "stances": ask_for(store, "stances", thing=path),
        "credit": next((row["credit"] for row in words if "credit" in row), ""),
    }


def bearing(store: Store, line: timeline.Timeline, path: Path) -> list[Row]:
    """The bills about a provision: those that are pending, with what they would do, then all others that name it."""
    waiting = {bill["bill"]: {**bill, "label": bill["cite"]} for bill in answers.pending(store, line, path)}
    others = (row for row in ask_for(store, "bearing", provision=path) if row["bill"] not in waiting)
    return [*waiting.values(), *others]


def effect_row(effect: Any) -> Context:
    """An effect in short: what, by which law, on which days."""
    law = ledger.law_of(effect.agent)
    return {
        "effect": f"/effect/{effect.id}",
        "kind": effect.kind.replace("-", " "),
        "law": law,
        "label": name(effect.agent),
        "enacted": effect.enacted,
        "effective": ledger.valid_from(effect),
        "target": name(effect.target),
        "old": effect.old_text,
        "new": effect.new_text,
        "note": effect.note,
    }


def unenforced(store: Store) -> dict[Path, Day]:
    """The designations whose enforcement a court has stopped, with the day: on the books, not enforced (TIME, rule 10).

    A holding counts against the words it was about: once they were changed, nothing is known of the new ones.
    """
    return _unenforced(store, store.name)


@lru_cache(maxsize=2)
def _unenforced(store: Store, release: str) -> dict[Path, Day]:
    found: dict[Path, Day] = {}
    for row in ask_for(store, "court_rulings"):
        line = answers.timeline_of(store, iri.path(row["section"]))
        standing = (v for v in line.versions if v.provision == iri.path(row["provision"]) and v.valid_to is None)
        found |= {v.slot: found.get(v.slot, row["decided"]) for v in standing if v.valid_from <= row["decided"]}
    return found


def is_unenforced(path: Path, stopped: Mapping[Path, Day], day: Day = "") -> bool:
    """Whether what stands at an address of the Code, or what it is part of, is not enforced (on a day).

    >>> stopped = {"/us/usc/t47/s231": "2004-06-29"}
    >>> is_unenforced("/us/usc/t47/s231/a", stopped), is_unenforced("/us/usc/t47/s231/a", stopped, "2001-01-01")
    (True, False)
    >>> is_unenforced("/us/usc/t47/s2310", stopped)
    False
    """
    slot = iri.split_day(path)[0]
    return any(f"{slot}/".startswith(f"{known}/") and (not day or since <= day) for known, since in stopped.items())


def construed_by(store: Store, path: Path) -> list[Row]:
    """The decisions on a provision; `changed` is the day on which the version construed ended, if it has."""
    by_case: dict[str, Row] = {}
    for row in ask_for(store, "construed_by", provision=path):
        by_case.setdefault(row["case"], row)
    return list(by_case.values())


def tallies(decisions: Iterable[Row], slot: Path) -> list[Tally]:
    """Courts against outcomes in the decisions on a provision, which stands in `slot` now."""
    return by_court(((row.get("court", ""), row.get("outcome", "")) for row in decisions), slot)


def crumbs(slot: Path) -> list[tuple[Path, str]]:
    """The addresses above a designation and its own, outermost first, each with what it is called there.

    >>> crumbs("/us/usc/t47/s230/e/5")
    [('/us/usc/t47/s230', '47 U.S.C. § 230'), ('/us/usc/t47/s230/e', '(e)'), ('/us/usc/t47/s230/e/5', '(5)')]
    """
    section = ledger.section_of(slot)
    steps = slot.removeprefix(section).strip("/").split("/") if slot != section else []
    deeper = [(f"{section}/{'/'.join(steps[: i + 1])}", f"({step})") for i, step in enumerate(steps)]
    return [(section, citation.label(section)), *deeper]


def tenants(line: timeline.Timeline, slot: Path) -> list[tuple[Binding, Path | None]]:
    """Everything that has stood in a designation, oldest first, and where each stands today."""
    today = {b.provision: b.slot for b in line.bindings if b.valid_to is None}
    return [(b, today.get(b.provision)) for b in line.bindings if b.slot == slot]


def parts_of(slot: Path, rows: Iterable[Row]) -> list[Part]:
    """The provisions below a designation in the order of the page."""
    by_slot: dict[Path, Row] = {}
    for row in rows:
        by_slot.setdefault(iri.path(row["slot"]), row)
    return [
        Part(
            below,
            f"({below.rpartition('/')[2]})",
            row.get("heading") or row.get("short") or "",
            row.get("summary") or "",
            row.get("role") or "",
            below.count("/") - slot.count("/") - 1,
        )
        for below, row in sorted(by_slot.items(), key=lambda item: page_order(item[0]))
    ]


def page_order(slot: Path) -> list[tuple[int, str]]:
    """Sort key of a designation: numbers by value, letters by the alphabet, Roman numerals below capitals by value.

    >>> sorted(["/us/usc/t1/s1/a/10", "/us/usc/t1/s1/a/9/A/ix", "/us/usc/t1/s1/a/9/A/v"], key=page_order)
    ['/us/usc/t1/s1/a/9/A/v', '/us/usc/t1/s1/a/9/A/ix', '/us/usc/t1/s1/a/10']
    """
    steps = slot.removeprefix(ledger.section_of(slot)).strip("/").split("/")
    return [_rank(step, depth) for depth, step in enumerate(steps)]


def _rank(step: str, depth: int) -> tuple[int, str]:
    if step.isdigit():
        return int(step), ""
    if depth >= 3 and re.fullmatch(r"[ivxlc]+", step):
        return _roman(step), ""
    return len(step), step


def _roman(numeral: str) -> int:
    values = [ROMAN[letter] for letter in numeral]
    return sum(-v if any(w > v for w in values[i + 1 :]) else v for i, v in enumerate(values))


def lines_of(text: str, slot: Path, parts: list[Part]) -> list[Line]:
    """A text of law line by line; each line that begins a provision gets its depth and address.

    The text has one line a stretch and begins a provision with its number (`graph.wording`); the parts below are known
    in the order of the page, so each number is looked for among those that have not come yet.
    """
    lines: list[Line] = []
    waiting, depth = list(parts), 0
    for stretch in text.splitlines():
        at = next((i for i, part in enumerate(waiting) if stretch.startswith(part.number)), None)
        if at is None:
            lines.append(Line(depth, "", "", stretch))
            continue
        part = waiting[at]
        waiting, depth = waiting[at + 1 :], part.depth + 1
        words = stretch.removeprefix(part.number).strip()
        lines.append(Line(depth, part.number, part.slot, words, words == part.heading))
    return lines


def bar(line: timeline.Timeline, provisions: set[Path]) -> list[Span]:
    """The bars of a timeline: all versions of some provisions of a section, wherever they stood."""
    versions = [v for v in line.versions if v.provision in provisions]
    days = [_ordinal(v.valid_from) for v in versions] + [_ordinal(line.known_through or v.valid_from) for v in versions]
    first, last = min(days, default=0), max(days, default=0)
    whole = max(last - first, 1)
    spans = []
    for version in versions:
        start = _ordinal(version.valid_from)
        end = _ordinal(version.valid_to) if version.valid_to else last
        share = 100 * (start - first) / whole, 100 * max(end - start, whole / 200) / whole
        enacted = min(
            (line.effects[e].enacted for e in version.begun_by if e in line.effects), default=version.valid_from
        )
        ahead = 100 * max(_ordinal(version.valid_from) - _ordinal(enacted), 0) / whole
        where, days = citation.label(version.slot), (version.valid_from, version.valid_to)
        spans.append(Span(*share, ahead, enacted, *days, where, version.path, version.provision))
    return sorted(spans, key=lambda s: (s.lane, s.valid_from))


def _ordinal(day: Day) -> int:
    return date.fromisoformat(day).toordinal()


def loaded_sections(store: Store) -> dict[Path, bool]:
    """The sections of the Code that have a place in the graph, and whether an official text of each is loaded."""
    return {iri.path(row["slot"]): row["texts"] != "0" for row in ask_for(store, "sections_loaded")}
