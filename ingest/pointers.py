"""Pointers in the words of the Code: which designation they cite, and since when.

The publisher tags only some of them; our own grammar reads the rest. Since when the words cite what they cite is told
by the ledger where it has the section, and else by the amendment note that quotes the words as inserted.

>>> words = "as defined in section 230(e)(2) of the Communications Act of 1934"
>>> provision = Provision("/us/usc/t18/s1462", "", "section", "§ 1462.", "", (words,))
>>> [(c.target, c.tagged) for c in pointers(provision)]
[('/us/usc/t47/s230/e/2', False)]
"""

from __future__ import annotations

import re
from typing import NamedTuple

from graph import citation, ledger
from graph.records import Citation, Day, Effect, Note, Path, Provision, Section
from graph.timeline import Timeline
from ingest import enactments


class Since(NamedTuple):
    """From which day the words cite what they cite, and the law that put them there."""

    day: Day
    law: Path


def pointers(provision: Provision) -> tuple[Citation, ...]:
    """The citations in a provision's own words: the publisher's, and those our grammar finds beside them.

    Offsets count in `provision.own_text`.
    """
    return _with_untagged(provision.own_text, provision.citations, provision.identifier)


def pointers_of_note(note: Note, section: Path) -> tuple[Citation, ...]:
    """The citations in a note under a section of the Code, without those of the section itself: notes are full of them.

    Offsets count in the note's paragraphs joined by a line feed.
    """
    found = _with_untagged("\n".join(note.paragraphs), note.citations, section)
    return tuple(c for c in found if c.tagged or ledger.section_of(c.target) != section)


def _with_untagged(words: str, tagged: tuple[Citation, ...], place: Path) -> tuple[Citation, ...]:
    """The publisher's citations in the words of `place`, and those our grammar finds beside them."""
    context = citation.Context()  # a court rule or a plan is no section: what it cites, it cites whole
    if citation.is_slot(place):
        title, section, _ = citation.split(place)
        context = citation.Context(title=title, section=section, path=place)
    found = [
        Citation(mention.path, mention.text, mention.start, mention.end, False)
        for mention in citation.find(words, context)
        if mention.path and mention.kind in ("usc", "law", "act")
    ]
    # The publisher tags "section 40102 of title 49" in "paragraph (41) of section 40102 of title 49": ours says more.
    deeper = {c: ours._replace(tagged=True) for c in tagged for ours in found if _below(ours, c)}
    kept = [deeper.get(c, c) for c in tagged]
    taken = [(c.start, c.end) for c in kept]
    free = [c for c in found if not _overlaps(c.start, c.end, taken)]
    return tuple(sorted((*kept, *free), key=lambda c: (c.start, c.end)))


def _below(ours: Citation, theirs: Citation) -> bool:
    """Whether our citation takes in all words of theirs and goes on to a part of what theirs cites."""
    within = ours.start <= theirs.start and theirs.end <= ours.end
    return within and ours.target.startswith(f"{theirs.target}/")


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)


def since(pointer: Citation, provision: Provision, section: Section, line: Timeline | None) -> Since | None:
    """Since when the words of `pointer` stand in `provision`; ``None`` where neither ledger nor notes tell."""
    return _from_ledger(pointer, provision, line) if line else _from_notes(pointer, section)


def _from_ledger(pointer: Citation, provision: Provision, line: Timeline) -> Since | None:
    """The latest effect that inserted the cited designation, else the one that brought the provision."""
    standing = next((b for b in line.bindings if b.slot == provision.identifier and b.valid_to is None), None)
    if standing is None:
        return None
    versions = [v for v in line.versions if v.provision == standing.provision]
    effects = [line.effects[e] for v in versions for e in v.begun_by if e in line.effects]
    designation = _designation(pointer.text)
    inserted = [e for e in effects if e.new_text and designation and designation in e.new_text]
    born = [e for e in effects if e.kind in ledger.BEARING]
    chosen: Effect | None = max(inserted, key=ledger.valid_from) if inserted else born[0] if born else None
    return Since(ledger.valid_from(chosen), ledger.law_of(chosen.agent)) if chosen else None


def _from_notes(pointer: Citation, section: Section) -> Since | None:
    """The enactment behind the latest amendment note that quotes the pointer's words as inserted.

    The note gives the law, the source credit its day.
    """
    days = {ledger.law_of(e.path): e.day for e in enactments.credited(section.source_credit)}
    found: list[Since] = []
    for note in section.notes:
        if note.topic != "amendments":
            continue
        offset = 0
        for paragraph in note.paragraphs:
            laws = [c.target for c in note.citations if offset <= c.start < offset + len(paragraph)]
            offset += len(paragraph) + 1
            law = next((ledger.law_of(target) for target in laws if target.startswith("/us/pl/")), None)
            if law in days and any(pointer.text in quoted for quoted in re.findall(r"“([^”]*)”", paragraph)):
                found.append(Since(days[law], law))
    return max(found, default=None)


def _designation(words: str) -> str:
    """The bare designation of a citation: ``230(e)(2)``."""
    match = re.search(r"\d+[A-Za-z]*(?:-\d+)?(?:\(\w+\))*", words)
    return match.group() if match else ""
