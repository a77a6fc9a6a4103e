"""How many stale pointers are found, held against the Code's own References in Text notes.

    python -m benchmarks.stale ../shared/corpus/uscode/119-100

A note that says "Section 254(h)(5) of this title, referred to in subsec. (g)(2), was redesignated …" is a label that
costs nothing: the words of the section cite a designation whose provision stands elsewhere now. A label counts as read
where the section's words have a pointer to that designation or below it, as found where `stale-pointers` answers it.
Labels that name an Act by section numbers of its own which are not in the data are not counted.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from graph import citation, ledger, queries
from graph.records import Path as Slot
from graph.records import Provision, Section
from graph.store import Embedded
from ingest import curated, pointers, uslm
from ingest.build import build

TITLES = ("17", "18", "47")

_LABEL = re.compile(
    r"(?:^|(?<=[.] ))(?P<cited>(?:[^.]|\.(?! [A-Z]))*?), referred to in [^.]*?(?:\.[^.]*?)*?"
    r"(?:was|were) (?:repealed and \S+ .{1,40} )?(?:first |subsequently |subsequently )?(?:redesignated|renumbered)\b"
)


class Label(NamedTuple):
    """That the words of `section` cite `slot`, whose provision has been given another designation since."""

    section: Slot
    slot: Slot
    words: str


def main() -> None:
    """Measure and print."""
    folder = Path(sys.argv[1])
    known = {section.provision.identifier: (path, section) for path, section in sections(folder)}
    found = [label for _, section in known.values() for label in labels(section)]
    stale = answered([known[label.section][0] for label in found])
    histories = curated.load().timelines
    missed = Counter[str]()
    for label in found:
        why = reason(label, known[label.section][1], stale, histories)
        missed[why] += 1
        print(f"{why:<34}{citation.bluebook(label.section):<22}{label.words}")
    print()
    for why, count in missed.most_common():
        print(f"{count:>4} {why}")
    print(f"\nread {len(found) - missed[UNREAD]} of {len(found)}, found {missed[FOUND]} of {len(found)}")


FOUND = "found"
UNREAD = "words not read as this citation"
NO_HISTORY = "no history of the cited section"
UNDATED = "nothing tells since when it is cited"


def reason(label: Label, section: Section, stale: set[tuple[Slot, Slot]], histories: Collection[Slot]) -> str:
    """What became of a label: found, or why not."""
    if (label.section, label.slot) in stale:
        return FOUND
    read = {pointer.target for part in parts(section.provision) for pointer in pointers.pointers(part)}
    if not any(target == label.slot or target.startswith(f"{label.slot}/") for target in read):
        return UNREAD
    return UNDATED if ledger.section_of(label.slot) in histories else NO_HISTORY


def labels(section: Section) -> Iterator[Label]:
    """What the notes of a section say was redesignated behind its back."""
    place = section.provision.identifier
    title, number, _ = citation.split(place)
    context = citation.Context(title=title, section=number, path=place)
    for note in section.notes:
        if note.topic != "referencesInText":
            continue
        for paragraph in note.paragraphs:
            if match := _LABEL.match(paragraph):
                for mention in citation.find(match["cited"], context):
                    if mention.path:
                        yield Label(place, mention.path, mention.text)


def sections(folder: Path) -> Iterator[tuple[Path, Section]]:
    """The sections of the titles that are loaded whole, with their files."""
    for path in sorted(chain.from_iterable((folder / title).glob("*.xml") for title in TITLES)):
        with path.open("rb") as stream:
            yield from ((path, record) for record in uslm.read(stream) if isinstance(record, Section))


def parts(provision: Provision) -> Iterator[Provision]:
    """A provision and all below it."""
    yield provision
    for child in provision.children:
        yield from parts(child)


def answered(files: Iterable[Path]) -> set[tuple[Slot, Slot]]:
    """Section and cited slot of each stale pointer that a build from these files answers."""
    with tempfile.TemporaryDirectory() as out:
        build(sorted(set(files)), Path(out), jobs=1)
        rows = Embedded(Path(out)).select(queries.load("stale-pointers").text)
    pairs = ((citation.parse(row["citing"]), citation.parse(row["cited"])) for row in rows)
    return {(ledger.section_of(a.path), b.path) for a, b in pairs if a and b and a.path and b.path}


if __name__ == "__main__":
    main()
