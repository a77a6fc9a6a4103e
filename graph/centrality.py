"""How central each provision of the section is: what bears on it, and how much weight that lends it.

The network is directed. To a provision runs an edge from each bill that would change it, enactment that changed it or
its reach, decision that construed it, other law that cites it, exemption that concerns it; and from a provision to the
one that it is part of. ``rank`` is PageRank on it (damping 0.85; Page et al. 1999): what is pointed at by much, and by
what is itself pointed at, ranks high, and a subsection gathers what its paragraphs have. The ranks of all things add up
to 1. The counts are of distinct things that point at the provision itself.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import networkx as nx  # type: ignore[import-untyped]

from graph import iri, network
from graph.layout import Network
from graph.store import Store, ask_for

DAMPING = 0.85
COUNTED = ("bill", "law", "case", "exemption", "other-law")
"""The kinds of things whose bearing counts; what a press release mentions does not."""


def provisions(store: Store) -> list[dict[str, Any]]:
    """The provisions of the section that stand now with their measures, the highest rank first."""
    slots = {
        iri.path(row["provision"]): iri.path(row["slot"])
        for row in ask_for(store, "provisions_of", section=network.SECTION)
    }
    bearing = bearing_on(store, list(slots))
    rank = nx.pagerank(bearing, alpha=DAMPING) if len(bearing) else {}
    known = network.things(store, slots)
    rows = []
    for path in slots:
        near = Counter(bearing.nodes[source]["kind"] for source in set(bearing.predecessors(path)))
        rows.append(
            {
                "path": path,
                "name": known[path]["label"],
                "heading": known[path]["caption"],
                **{f"{kind.replace('-', '_')}s": near[kind] for kind in COUNTED},
                "rank": round(rank[path], 6),
            }
        )
    return sorted(rows, key=lambda row: (-row["rank"], row["path"]))


def bearing_on(store: Store, found: list[str]) -> Network:
    """What bears on some provisions, as a `networkx.DiGraph` whose nodes have ``kind``; each edge says what it does."""
    bearing = nx.DiGraph()
    for path in found:
        bearing.add_node(path, kind="provision")
    for source, says, target, _, _ in sorted(network.relations(store, found), key=lambda r: (r[0], r[2], r[1])):
        kind = network.kind_of(source) or ""
        is_part = says == "is part of" and source in bearing
        if target in found and (kind in COUNTED or is_part) and source != target:
            bearing.add_node(source, kind=kind)
            bearing.add_edge(source, target, says=says)
    return bearing
