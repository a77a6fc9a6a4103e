"""Where the things of a network stand on a page: in lanes, time running to the right, or by their connections alone.

A box stands in a cell of its own (`CELL`), so no two overlap. Both layouts give the same places for the same network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, NamedTuple

import networkx as nx  # type: ignore[import-untyped]

from graph.records import Path

Network = Any
"""A `networkx.MultiDiGraph`; networkx carries no types."""

LANES = (
    "person",
    "bill",
    "vote",
    "law",
    "provision",
    "exemption",
    "other-law",
    "case",
    "organization",
    "document",
    "claim",
)
"""The kinds from top to bottom: who made a bill, how it fared, what it became, what that says, who speaks of it."""

CELL = (140, 42)
"""Width and height in pixels of the cell that a box stands in; a box leaves a margin in it."""
GAP = 20
"""Pixels between two lanes."""
SHAPES = ((40, 1.8), (1500, 0.9))
"""How much wider than high a layout of up to so many things is: a small one fits a screen, a large one is a page."""


class Era(NamedTuple):
    """A stretch of the time axis: its first and last year, where it begins, how many columns it has."""

    first: str
    last: str
    x: int
    columns: int


class Lane(NamedTuple):
    """A band of the picture: its kind, where it begins, how many rows it has."""

    kind: str
    y: int
    rows: int


class Layout(NamedTuple):
    """Where everything stands, in pixels; a position is the middle of a box."""

    positions: dict[Path, tuple[int, int]]
    lanes: tuple[Lane, ...]
    eras: tuple[Era, ...]


def positions(network: Network) -> dict[Path, tuple[int, int]]:
    """Where the nodes stand in lanes (see `lanes`)."""
    return lanes(network).positions


def lanes(network: Network) -> Layout:
    """Lanes: time runs to the right, each kind has a band of its own, and no two boxes overlap.

    The time axis is cut into eras of whole years, each as many columns wide as its fullest lane needs; sparse years
    share one. Of the possible heights the one is taken that comes nearest to the proportions wanted (`SHAPES`). The
    whole story stands where the build has put it.
    """
    known: Layout | None = network.graph.get("layout")
    if known and known.positions.keys() == set(network):
        return known
    cells: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path, thing in sorted(network.nodes(data=True), key=_in_order):
        cells[thing["kind"], thing["order"][:4]].append(path)
    candidates = (_arranged(cells, rows) for rows in range(1, 1 + max(map(len, cells.values()), default=0)))
    shape = next((shape for most, shape in SHAPES if len(network) <= most), SHAPES[-1][1])
    return min(candidates, key=lambda layout: abs(_proportion(layout) - shape), default=Layout({}, (), ()))


def _in_order(node: tuple[Path, dict[str, Any]]) -> tuple[Any, ...]:
    """Provisions stand in the order of the Code, everything else in that of time."""
    path, thing = node
    steps = thing["label"].replace("(", " ").split() if thing["kind"] == "provision" else ()
    return thing["order"][:4], [(len(step), step) for step in steps], thing["order"], thing["label"], path


def _arranged(cells: dict[tuple[str, str], list[Path]], most_rows: int) -> Layout:
    """The layout in which no column of a lane has more than `most_rows` rows."""
    width, height = CELL
    groups = _groups(cells, most_rows)
    eras: list[Era] = []
    x = 0
    for years in groups:
        columns = max(-(-len(_within(cells, kind, years)) // most_rows) for kind in LANES)
        eras.append(Era(years[0], years[-1], x, columns))
        x += columns * width
    placed: dict[Path, tuple[int, int]] = {}
    bands: list[Lane] = []
    y = 0
    for kind in LANES:
        rows = 0
        for years, era in zip(groups, eras, strict=True):
            paths = _within(cells, kind, years)
            deep = -(-len(paths) // era.columns)
            rows = max(rows, deep)
            for place, path in enumerate(paths):
                column, row = divmod(place, deep)
                placed[path] = era.x + column * width + width // 2, y + row * height + height // 2
        if rows:
            bands.append(Lane(kind, y, rows))
            y += rows * height + GAP
    return Layout(placed, tuple(bands), tuple(eras))


def _groups(cells: dict[tuple[str, str], list[Path]], most_rows: int) -> list[list[str]]:
    """The years, those next to each other together as long as one column holds them."""
    groups: list[list[str]] = []
    for year in sorted({year for _, year in cells}):
        together = [*groups[-1], year] if groups else [year]
        fits = all(len(_within(cells, kind, together)) <= most_rows for kind in LANES)
        if groups and fits and all(together):
            groups[-1] = together
        else:
            groups.append([year])
    return groups


def _within(cells: dict[tuple[str, str], list[Path]], kind: str, years: Iterable[str]) -> list[Path]:
    return [path for year in years for path in cells.get((kind, year), ())]


def _proportion(layout: Layout) -> float:
    last, lane = layout.eras[-1], layout.lanes[-1]
    return (last.x + last.columns * CELL[0]) / (lane.y + lane.rows * CELL[1])


def force(network: Network) -> dict[Path, tuple[int, int]]:
    """Where the nodes stand by their connections alone (spring layout, fixed seed), each in a cell of its own."""
    width, height = CELL
    connected = nx.Graph(network.subgraph([path for path in network if nx.degree(network, path)]))
    size = max(len(network), 1)
    rounds = min(60, 5 + 3_000_000 // size**2)
    found = nx.spring_layout(connected, seed=230, iterations=rounds, method="force") if connected else {}
    alone = {path: (0.0, 1.2) for path in network if path not in connected}
    across, down = size**0.5 * 1.2, size**0.5 * 1.8
    taken: set[tuple[int, int]] = set()
    placed = {}
    for path, (x, y) in sorted({**found, **alone}.items()):
        column, row = next(cell for cell in _around(round(x * across), round(y * down)) if cell not in taken)
        taken.add((column, row))
        placed[path] = column * width, row * height
    return placed


def _around(column: int, row: int) -> Iterator[tuple[int, int]]:
    """The cells around a cell, ring by ring."""
    for ring in count():
        for dx in range(-ring, ring + 1):
            for dy in range(-ring, ring + 1):
                if max(abs(dx), abs(dy)) == ring:
                    yield column + dx, row + dy
