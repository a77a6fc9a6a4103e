"""Who stood with whom: actors joined by the bills, laws and cases on which they took the same side, or opposite sides.

A position has a side only where it is plain: for or against a measure, with the plaintiffs or with the defendants of a
case. To seek a change, to be concerned or to ask for comments is to take no side; such positions are listed, and join
nobody.

>>> side("sponsored"), side("voted-nay"), side("concerned")
('for', 'against', '')
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import networkx as nx  # type: ignore[import-untyped]

from graph import answers, iri
from graph.layout import Network
from graph.records import Day, Path
from graph.store import Store, ask_for

SIDES = {
    "for": ("supported", "sponsored", "cosponsored", "authored", "signed"),
    "against": ("opposed", "voted-nay", "critical", "revoked"),
    "plaintiffs": ("amicus-for-plaintiffs",),
    "defendants": ("defendant",),
}
"""The positions that take a side; those of ``for`` and ``against`` differ, and so do plaintiffs and defendants."""

OPPOSITE = {frozenset(("for", "against")), frozenset(("plaintiffs", "defendants"))}


class Position(NamedTuple):
    """A position of an actor: on what, which, its side (empty where it takes none), the day, and who says so."""

    stance: Path
    actor: Path
    name: str
    on: Path
    on_label: str
    position: str
    side: str
    day: Day
    confidence: str
    address: str


class Pair(NamedTuple):
    """Two actors and the things on which they took the same side, and opposite ones."""

    first: str
    second: str
    together: tuple[Path, ...]
    apart: tuple[Path, ...]


def side(position: str) -> str:
    """The side that a position takes; empty where it takes none."""
    return next((name for name, positions in SIDES.items() if position in positions), "")


def positions(store: Store) -> tuple[Position, ...]:
    """All positions of the graph, oldest first, each with its best source."""
    return _positions(store, store.name)


@lru_cache(maxsize=2)
def _positions(store: Store, release: str) -> tuple[Position, ...]:
    found = []
    for row in ask_for(store, "positions"):
        stance = iri.path(row["stance"])
        source = next(iter(answers.sources(store, [stance])), {"confidence": "", "address": None})
        found.append(
            Position(
                stance,
                iri.path(row["actor"]),
                row["actorLabel"],
                iri.path(row["on"]),
                row.get("onLabel", iri.path(row["on"])),
                row["position"],
                side(row["position"]),
                row.get("day", ""),
                str(source["confidence"]),
                str(source["address"] or ""),
            )
        )
    return tuple(found)


def network(found: Iterable[Position]) -> Network:
    """Actors as nodes; an edge for each two that took sides on one thing.

    Nodes have ``label`` and ``positions`` (how many), edges ``together`` and ``apart`` (how many things) and ``weight``
    (their difference).
    """
    listed = list(found)
    joined = nx.Graph()
    for position in sorted(listed):
        held = joined.nodes[position.actor]["positions"] if position.actor in joined else 0
        joined.add_node(position.actor, label=position.name, positions=held + 1)
    for pair in pairs(listed):
        together, apart = len(pair.together), len(pair.apart)
        joined.add_edge(pair.first, pair.second, together=together, apart=apart, weight=together - apart)
    return joined


def pairs(found: Iterable[Position]) -> list[Pair]:
    """Every two actors that took sides on one thing, those with most in common first.

    One actor with two positions on one thing counts once, with the later of those that take a side.
    """
    sides: dict[Path, dict[Path, str]] = {}
    for position in sorted(found, key=lambda each: each.day):
        if position.side:
            sides.setdefault(position.on, {})[position.actor] = position.side
    together: dict[tuple[Path, Path], list[Path]] = {}
    apart: dict[tuple[Path, Path], list[Path]] = {}
    for thing, held in sorted(sides.items()):
        for first, second in combinations(sorted(held), 2):
            if held[first] == held[second]:
                together.setdefault((first, second), []).append(thing)
            elif frozenset((held[first], held[second])) in OPPOSITE:
                apart.setdefault((first, second), []).append(thing)
    both = [
        Pair(*actors, tuple(together.get(actors, ())), tuple(apart.get(actors, ())))
        for actors in sorted({*together, *apart})
    ]
    return sorted(both, key=lambda pair: (-len(pair.together), -len(pair.apart)))
