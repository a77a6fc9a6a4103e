"""How two things are connected: the shortest way through the graph that explains something.

A way over a hub says little: everything is connected through the House of Representatives, or through a bill with two
hundred cosponsors. So a step costs what its relation is worth (`COST`), and passing through a thing costs the more, the
more that thing is connected with. The search widens from both ends by turns until they meet, then once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import log2
from typing import NamedTuple

import networkx as nx  # type: ignore[import-untyped]

from graph import network
from graph.layout import Network
from graph.records import Day, Path
from graph.store import Store

ROUNDS = 7
"""How often the search widens before two things count as unconnected."""

COST = {
    "is part of": 1.2,
    "cosponsored": 1.5,
    "bears on": 2.0,
    "cites": 2.0,
    "voted yes in": 2.5,
    "voted no in": 2.5,
    "claims": 2.5,
    "is about": 2.5,
    "mentions": 2.5,
    "is related to": 2.5,
    "held": 4.0,
}
"""What a step costs that explains less than others; any other costs 1."""


class Step(NamedTuple):
    """One relation on the way: `source` `says` `target`, whichever of the two the way comes from."""

    source: Path
    says: str
    target: Path
    since: Day | None
    until: Day | None


def between(store: Store, start: Path, end: Path) -> tuple[Step, ...] | None:
    """The steps from `start` to `end`; none where both are the same, ``None`` where no way was found.

    Both are paths as `network.resolve` gives them.
    """
    if start == end:
        return ()
    found = _searched(store, start, end)
    if found is None:
        return None
    weighted = _weighted(found, (start, end))
    way = nx.shortest_path(weighted, start, end, weight="cost")
    return tuple(weighted.edges[pair]["step"] for pair in pairwise(way))


def _searched(store: Store, start: Path, end: Path) -> Network | None:
    """What was met on a search from both ends, or ``None`` where they do not meet."""
    found = nx.MultiGraph()
    found.add_nodes_from((start, end))
    frontiers, met = [{start}, {end}], False
    for _ in range(ROUNDS):
        if not all(frontiers):
            break
        side = min((0, 1), key=lambda side: len(frontiers[side]))
        steps = sorted(
            {Step(*relation) for relation in network.relations(store, sorted(frontiers[side]))},
            key=lambda step: tuple(part or "" for part in step),
        )
        known = set(found)
        found.add_edges_from((step.source, step.target, {"step": step}) for step in steps)
        frontiers[side] = set(found) - known
        if met:
            break
        met = nx.has_path(found, start, end)
    return found if nx.has_path(found, start, end) else None


def _weighted(found: Network, ends: tuple[Path, Path]) -> Network:
    """A directed graph of the cheapest step each way; what a thing costs to pass is paid on coming to it."""
    weighted = nx.DiGraph()
    for one, other in sorted({tuple(sorted(pair)) for pair in found.edges()}):
        step = _cheapest(data["step"] for data in found.get_edge_data(one, other).values())
        for here, there in ((one, other), (other, one)):
            passing = 0.0 if there in ends else log2(1 + len(found[there])) / 3
            weighted.add_edge(here, there, cost=COST.get(step.says, 1.0) + passing, step=step)
    return weighted


def _cheapest(steps: Iterable[Step]) -> Step:
    return min(steps, key=lambda step: (COST.get(step.says, 1.0), step.since or "", step.says))
