"""The networks of a release: computed by the build, kept in it as one file, read by the service.

`cooperation` says who works with whom, `centrality` what bears on which provision; every measure is defined there.
"""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from pathlib import Path as File
from typing import Any

import networkx as nx  # type: ignore[import-untyped]

from graph import centrality, cooperation
from graph.layout import Network
from graph.records import Path
from graph.store import Embedded, Store

FILE = "networks.json.gz"
"""The file of a release that holds its networks."""

EVERY = "all"
"""The scope that takes the bills of every Congress together; any other is the number of a Congress."""

KINDS = ("members", "support", "provisions")

SIDE, ROOM, MARGIN = 1000, 60, 22
"""Width of the picture of a Congress; the side of the square for one node (for n, times the root of n); its margin."""


def keep(store: Store, file: File) -> None:
    """Write the networks into a release that is being built; the same graph gives the same bytes."""
    with gzip.GzipFile(file, "wb", mtime=0) as out:
        out.write(json.dumps(made(store), ensure_ascii=False, separators=(",", ":")).encode("utf-8"))


def read(store: Store) -> dict[str, Any]:
    """The networks of a release.

    ``scopes`` (by `EVERY` and by Congress) has members, bills and a summary, ``places`` (by Congress) where members
    and bills stand in a picture; ``provisions`` and ``bipartisanship`` are of all Congresses.

    A store that is no release, or one without the file, computes them once.
    """
    return _read(store, store.name)


@lru_cache(maxsize=2)
def _read(store: Store, release: str) -> dict[str, Any]:
    kept = store.release / FILE if isinstance(store, Embedded) else None
    if kept and kept.is_file():
        found: dict[str, Any] = json.loads(gzip.decompress(kept.read_bytes()))
        return found
    return made(store)


def made(store: Store) -> dict[str, Any]:
    """The networks as the graph gives them."""
    everything = cooperation.supports(store)
    known = cooperation.bills(store)
    scopes = {EVERY: everything} | {
        str(congress): of_it
        for congress in sorted({bill.congress for bill in known})
        if cooperation.ties(of_it := _of(everything, str(congress))).size()
    }
    named = {bill.path: bill for bill in known}
    return {
        "scopes": {scope: _scope(found, named) for scope, found in scopes.items()},
        "places": {scope: _places(cooperation.two_sided(found)) for scope, found in scopes.items() if scope != EVERY},
        "provisions": centrality.provisions(store),
        "bipartisanship": cooperation.bipartisanship(known, everything),
    }


def _of(found: list[cooperation.Support], scope: str) -> list[cooperation.Support]:
    """The supports of a scope."""
    return found if scope == EVERY else [s for s in found if s.bill.split("/")[3] == scope]


def _scope(found: list[cooperation.Support], named: dict[Path, cooperation.ReformBill]) -> dict[str, Any]:
    measured = cooperation.measured(found)
    for bill in measured["bills"]:
        about = named[bill["path"]]
        bill |= {"name": about.label, "title": about.title, "congress": about.congress, "introduced": about.introduced}
    return measured


def _places(network: Network) -> dict[Path, tuple[int, int]]:
    """Where members and bills stand: each connected part by itself (Fruchterman and Reingold 1991, fixed seed), the
    parts in rows, the largest first, as wide as `SIDE`.
    """
    parts = sorted((sorted(part) for part in nx.connected_components(network)), key=lambda part: (-len(part), part))
    sides = [round(ROOM * len(part) ** 0.5) for part in parts]
    left = top = deep = 0
    placed: dict[Path, tuple[int, int]] = {}
    for part, side in zip(parts, sides, strict=True):
        if left and left + side > SIDE:
            left, top, deep = 0, top + deep, 0
        for path, (x, y) in _spread(network.subgraph(part), side).items():
            placed[path] = left + x, top + y
        left, deep = left + side, max(deep, side)
    return placed


def _spread(part: Network, side: int) -> dict[Path, tuple[int, int]]:
    """A connected part in a square, with a margin around it."""
    found = nx.spring_layout(
        nx.Graph(sorted(sorted(edge) for edge in part.edges)), seed=cooperation.SEED, iterations=200
    )
    inner = side - 2 * MARGIN

    def scaled(value: float, values: list[float]) -> int:
        return round(MARGIN + inner * (value - min(values)) / ((max(values) - min(values)) or 1))

    xs, ys = ([place[axis] for place in found.values()] for axis in (0, 1))
    return {path: (scaled(x, xs), scaled(y, ys)) for path, (x, y) in found.items()}


def network(store: Store, kind: str, scope: str = EVERY) -> Network:
    """A network for analysis elsewhere: ``members`` and their ties, ``support`` (members and bills), ``provisions``.

    A `networkx.Graph`, of provisions a `networkx.DiGraph`; nodes carry the measures that are defined for them. Raises
    `ValueError` for another kind, `KeyError` for a scope that has no ties.
    """
    if kind not in KINDS:
        raise ValueError(f'"{kind}" is no network; the networks are: {", ".join(KINDS)}')
    kept = read(store)
    if kind == "provisions":
        rows = kept["provisions"]
        found = centrality.bearing_on(store, [row["path"] for row in rows])
    else:
        rows = [*kept["scopes"][scope]["members"], *(kept["scopes"][scope]["bills"] if kind == "support" else ())]
        supports = _of(cooperation.supports(store), scope)
        found = cooperation.ties(supports) if kind == "members" else cooperation.two_sided(supports)
    for row in rows:
        about = {key: value for key, value in row.items() if key != "path" and value is not None}
        found.add_node(row["path"], **about, label=about["name"])
    return found
