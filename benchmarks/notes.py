"""What the notes grammar reads, what the text confirms, and how far back the words are known.

    python -m benchmarks.notes ../shared/corpus/uscode/119-100 [TITLE …]

For each folder of a title below the one named: sentences that state an operation and how many of them were read, how
many give their words; effects that the text confirms, refutes or cannot test; of the sections amended since 2013-01-01
that stood on that day how many are known whole, and how many of their leaves have words; sections read a second.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from graph import derivation, ledger, reconstruction, timeline, wording
from graph.records import Provision, Section
from ingest import curated, enactments, noted, uslm

DAY = "2013-01-01"
"""The day for which the words are asked."""

COVERAGE = "2026-06-26"
"""The day of the official words."""


class Figures(NamedTuple):
    """What was counted in one title."""

    counts: Counter[str]
    reasons: Counter[str]
    stops: Counter[str]


def main() -> None:
    """Measure and print."""
    corpus, *titles = sys.argv[1:]
    for folder in sorted(Path(corpus).iterdir()):
        if folder.is_dir() and (not titles or folder.name in titles):
            show(folder.name, measured(folder))
            show_agreement(folder)


def sections(folder: Path) -> Iterator[Section]:
    """The sections of the files of a folder, in the order of their names."""
    for path in sorted(folder.glob("*.xml")):
        with path.open("rb") as stream:
            yield from (record for record in uslm.read(stream) if isinstance(record, Section))


def measured(folder: Path) -> Figures:
    """Everything that is counted, for the sections of one folder."""
    figures = Figures(Counter(), Counter(), Counter())
    counts = figures.counts
    for section in sections(folder):
        begun = time.process_time()
        told = noted.sentences(section)
        counts["nanoseconds"] += int(1e9 * (time.process_time() - begun))
        counts["sections"] += 1
        for item in told:
            counts["sentences"] += 1
            counts["read"] += not item.sentence.reason
            figures.reasons[item.sentence.reason] += bool(item.sentence.reason)
            counts["operations"] += len(item.sentence.operations)
            counts["worded"] += sum(operation.words_given for operation in item.sentence.operations)
        count_history(section, figures)
    return figures


def count_history(section: Section, figures: Figures) -> None:
    """Count what the text says of the effects on a section, and what is known of its words on the day."""
    found = noted.rebuilt(section, COVERAGE)
    if found is None:
        return
    counts = figures.counts
    for outcome in found.outcomes.values():
        counts[outcome.verdict] += 1
        if outcome.verdict == "refuted":
            figures.stops[outcome.why.split("/us/")[0]] += 1
    counts["histories"] += 1
    try:
        timeline.timeline(section.provision.identifier, found.effects, COVERAGE)
    except ledger.LedgerError as error:
        counts["no timeline"] += 1
        figures.stops[f"no timeline: {str(error).split(': ', 1)[1].split('/us/')[0]}"] += 1
    credit = enactments.credited(section.source_credit)
    born = next((e for e in credit if e.added), credit[0])
    if born.day >= DAY or all(e.day < DAY for e in credit):
        return
    since = [e for e in found.effects if (e.effective or "") > DAY]
    then = reconstruction.reconstruct(section.provision, COVERAGE, since, born.path, born.day).first
    known, lost = leaves(then, section.provision)
    counts["amended since"] += 1
    counts["whole"] += not lost and not any(
        derivation.UNHEADED in p.status for p in wording.walk(then) if p is not then
    )
    counts["whole but for headings"] += not lost
    counts["leaves known"] += known
    counts["leaves lost"] += lost


def leaves(then: Provision, now: Provision) -> tuple[int, int]:
    """How many leaves of a former text are known, and how many are missing: at least as many as stand there today."""
    known = lost = 0
    for provision in wording.walk(then):
        if provision.status.startswith(derivation.MISSING):
            below = [p for p in wording.walk(now) if p.identifier.startswith(provision.identifier + "/")]
            lost += max(1, sum(not p.children for p in below)) if not provision.children else 1
        elif not provision.children:
            known += 1
    return known, lost


def show_agreement(folder: Path) -> None:
    """Print how the effects kept by hand and those of the notes agree, and every one that the notes tell otherwise."""
    lines = curated.load().timelines
    kept = told = 0
    otherwise: list[str] = []
    for section in sections(folder):
        line = lines.get(section.provision.identifier)
        found = noted.rebuilt(section, COVERAGE) if line else None
        if line is None or found is None:
            continue
        first = ledger.law_of(found.effects[0].agent)
        for effect in line.effects.values():
            if effect.kind in ledger.WORDLESS or (
                effect.target == line.section and ledger.law_of(effect.agent) == first
            ):
                continue
            kept += 1
            same = [other for other in found.effects if noted.same_operation(effect, other)]
            told += bool(same)
            if not same:
                otherwise.append(f"{effect.id}: {effect.kind} of {effect.target}")
            elif effect.effective not in {other.effective for other in same}:
                otherwise.append(f"{effect.id}: effective {effect.effective}, by the notes {same[0].effective}")
    print(f"  effects kept by hand {kept}, told the same by the notes {told}")
    for difference in otherwise:
        print(f"    differs  {difference}")


def show(title: str, figures: Figures) -> None:
    """Print the figures of one title."""
    c = figures.counts
    print(f"title {title}: {c['sections']} sections, {c['sections'] / max(c['nanoseconds'], 1) * 1e9:.0f} a second")
    print(f"  sentences that state an operation {c['sentences']:>6}  read {share(c['read'], c['sentences'])}")
    print(
        f"  operations                        {c['operations']:>6}  words given {share(c['worded'], c['operations'])}"
    )
    tested = c["confirmed"] + c["refuted"]
    print(
        f"  effects: confirmed {c['confirmed']}, refuted {c['refuted']}, untestable {c['untestable']}"
        f"  (of those that can be tested {share(c['confirmed'], tested)} confirmed)"
    )
    print(f"  histories {c['histories']}, of them without a timeline {c['no timeline']}")
    print(
        f"  amended since {DAY}: {c['amended since']} sections, whole {share(c['whole'], c['amended since'])}, "
        f"but for headings {share(c['whole but for headings'], c['amended since'])}, "
        f"leaves known {share(c['leaves known'], c['leaves known'] + c['leaves lost'])}"
    )
    for reason, number in figures.reasons.most_common(6):
        print(f"    not read {number:>5}  {reason[:80]}")
    for why, number in figures.stops.most_common(8):
        print(f"    stopped  {number:>5}  {why[:80]}")


def share(part: int, whole: int) -> str:
    """A share in per cent."""
    return f"{part / whole:.1%}" if whole else "-"


if __name__ == "__main__":
    main()
