"""The merged graph: each triple once, snapshots reconciled, disagreements said instead of doubled.

Precedence (DESIGN, "One graph to query"): for a thing and a source family the newest snapshot counts, and a dated one
before an undated one. Where several families have a record of the thing itself, one record speaks, a dated one before
an undated one, then by confidence, then the newest; what we add ourselves stands beside it. Among the values of a
single-valued property official > two-sources > one-source > memory; where sources differ a `s230:Conflict` holds all
sides, and where the best ones differ no value is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graph import iri
from graph.naming import name
from graph.records import CONFIDENCES, Path
from graph.vocabulary import MOVING, RDFS, S230, SINGLE, WORDINGS, A, ref, text
from ingest.spool import DISSENT, Block, Lines

RANK = {confidence: rank for rank, confidence in enumerate(CONFIDENCES)}

OURS = frozenset({"curated", "ledger"})
"""Families that add to what a record says and are no other record of the thing."""


class Side(NamedTuple):
    """One source's value of a property of one subject; `beside` where the source is not the thing's own record."""

    rank: int
    beside: bool
    graph: Path
    value: str


def is_sample(family: str) -> bool:
    """Whether the documents of a family show a format and no state of things: they have named graphs only."""
    return family.endswith("-sample")


def standing(found: Iterable[Block]) -> list[Block]:
    """Of the blocks about one thing those that count: of each family those of the newest snapshot."""
    by_family: dict[str, list[Block]] = defaultdict(list)
    for block in found:
        if not is_sample(block.family):
            by_family[block.family].append(block)
    return [block for of_family in by_family.values() for block in _newest(of_family)]


def _newest(found: list[Block]) -> list[Block]:
    """The newest of a family's own records of a thing; of others' mentions of it where there is no such record."""
    own = [b for b in found if b.own or b.role == DISSENT] or found
    newest = max(map(_day, own))
    return [b for b in own if _day(b) == newest]


def _day(block: Block) -> tuple[str, str]:
    """Orders snapshots; of undated documents, which no day can order, one stands."""
    return (block.snapshot, "") if block.snapshot else ("", block.graph)


def merge(found: Iterable[Block], lines: Lines) -> Iterator[tuple[bytes, bool]]:
    """What the merged graph says of one thing, from the blocks about it: pieces of lines.

    Beside each, whether it is said by the merge itself (a conflict).
    """
    counting = standing(found)
    if len(counting) == 1:
        yield lines.content(counting[0]), False
    elif counting:
        said: dict[bool, list[str]] = {False: [], True: []}
        for line, of_merge in _reconciled(counting, lines):
            said[of_merge].append(f"{line}\n")
        yield from (("".join(said[of_merge]).encode(), of_merge) for of_merge in said if said[of_merge])


def _reconciled(found: list[Block], lines: Lines) -> Iterator[tuple[str, bool]]:
    """What several sources say of one thing. A source that does not speak is only compared with those that do."""
    sides: dict[tuple[str, str], list[Side]] = defaultdict(list)
    spoken, beside = _spoken(found)
    for block in (*spoken, *beside):
        speaks = block in spoken
        for line in lines.of(block):
            subject, predicate, value = line.split(" ", 2)
            if predicate in SINGLE or predicate in WORDINGS:
                if speaks or ((subject, predicate) in sides and predicate not in MOVING):
                    side = Side(RANK[block.confidence], not (speaks and block.own), block.graph, value)
                    sides[subject, predicate].append(side)
            elif speaks:
                yield line, False
    for (subject, predicate), claims in sides.items():
        yield from _one_value(subject, predicate, claims)


def _spoken(found: list[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks that speak, and those that are only compared: dissent, and records beside the best one."""
    records = [b for b in found if b.own and b.family not in OURS]
    best = max(records, key=lambda b: (b.snapshot is not None, -RANK[b.confidence], *_day(b), b.family), default=None)
    beside = [b for b in found if b.role == DISSENT or (b in records and best and b.family != best.family)]
    return [b for b in found if b not in beside], beside


def _one_value(subject: str, predicate: str, claims: list[Side]) -> Iterator[tuple[str, bool]]:
    best = min((side.rank, side.beside) for side in claims)
    values = sorted({side.value for side in claims if (side.rank, side.beside) == best})
    if len(values) == 1 or predicate in WORDINGS:
        yield f"{subject} {predicate} {values[0]}", False
    if predicate in SINGLE and len({side.value for side in claims}) > 1:
        for line in conflict(subject, predicate, claims, prevails=values[0] if len(values) == 1 else None):
            yield line, True


def conflict(subject: str, predicate: str, claims: Iterable[Side], prevails: str | None) -> Iterator[str]:
    """A disagreement with all its sides; `prevails` is the value that the merged graph takes, if any."""
    thing = iri.path(subject[1:-1])
    property_ = predicate[1:-1].rpartition("#")[2].rpartition("/")[2]
    path = f"/conflict{thing}/{property_}"
    node = ref(path)
    yield f"{node} {A} {S230.Conflict}"
    yield f"{node} {RDFS.label} {text(f'Sources differ on {name(thing)}: {property_}')}"
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
