"""The merged graph: each triple once, snapshots reconciled, disagreements said instead of doubled.

Precedence (DESIGN, "One graph to query"): for a thing and a source family the newest snapshot counts, and a dated one
before an undated one; among families official > two-sources > one-source > memory. Where the best sources of a
single-valued property still differ, no value is taken and a `s230:Conflict` holds both sides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graph.records import CONFIDENCES
from graph.vocabulary import WORDINGS, RDFS, S230, SINGLE, A, ref, text
from ingest.spool import Block, Lines

RANK = {confidence: rank for rank, confidence in enumerate(CONFIDENCES)}


class Side(NamedTuple):
    """One source's value of a property of one subject."""

    rank: int
    foreign: bool
    graph: str
    value: str


def standing(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    """The blocks that count, by thing: those of the newest snapshot of each family; families of samples never do."""
    by_source: dict[tuple[str, str], list[Block]] = defaultdict(list)
    for block in blocks:
        if not block.family.endswith("-sample"):
            by_source[block.thing, block.family].append(block)
    by_thing: dict[str, list[Block]] = defaultdict(list)
    for (thing, _), found in by_source.items():
        own = [b for b in found if b.own] or found
        newest = max((b.snapshot or "", b.graph if b.snapshot is None else "") for b in own)
        by_thing[thing] += [b for b in own if (b.snapshot or "", b.graph if b.snapshot is None else "") == newest]
    return by_thing


def merge(blocks: Iterable[Block], lines: Lines) -> Iterator[tuple[str, bool]]:
    """The lines of the merged graph; beside each, whether it is said by the merge itself (a conflict)."""
    for found in standing(blocks).values():
        if len(found) == 1:
            for line in lines.of(found[0]):
                yield line, False
            continue
        sides: dict[tuple[str, str], list[Side]] = defaultdict(list)
        for block in found:
            for line in lines.of(block):
                subject, predicate, value = line.split(" ", 2)
                if predicate in SINGLE or predicate in WORDINGS:
                    side = Side(RANK[block.confidence], not block.own, block.graph, value)
                    sides[subject, predicate].append(side)
                else:
                    yield line, False
        for (subject, predicate), claims in sides.items():
            yield from _one_value(subject, predicate, claims)


def _one_value(subject: str, predicate: str, claims: list[Side]) -> Iterator[tuple[str, bool]]:
    best = min((side.rank, side.foreign) for side in claims)
    values = sorted({side.value for side in claims if (side.rank, side.foreign) == best})
    if len(values) == 1 or predicate in WORDINGS:
        yield f"{subject} {predicate} {values[0]}", False
    if predicate in SINGLE and len({side.value for side in claims}) > 1:
        for line in conflict(subject, predicate, claims, prevails=values[0] if len(values) == 1 else None):
            yield line, True


def conflict(subject: str, predicate: str, claims: list[Side], prevails: str | None) -> Iterator[str]:
    """A disagreement with all its sides; `prevails` is the value that the merged graph takes, if any."""
    path = f"/conflict{subject[1:-1].split('/section230', 1)[-1]}/{predicate[1:-1].rpartition('#')[2].rpartition('/')[2]}"
    node = ref(path)
    yield f"{node} {A} {S230.Conflict}"
    yield f"{node} {RDFS.label} {text('Sources differ: ' + path.removeprefix('/conflict/'))}"
    yield f"{node} {S230.about} {subject}"
    yield f"{node} {S230.property} {predicate}"
    if prevails:
        yield f"{node} {S230.prevails} {prevails}"
    for position, side in enumerate(sorted(set(claims)), 1):
        part = ref(f"{path}/{position}")
        yield f"{node} {S230.side} {part}"
        yield f"{part} {A} {S230.ConflictSide}"
        yield f"{part} {RDFS.label} {text(f'Side {position}')}"
        yield f"{part} {S230.value} {side.value}"
        yield f"{part} {S230.saidIn} {ref(side.graph)}"
