"""The decisions: which court construed which provision, as cited then and as numbered now, and what became of it.

Choices narrow them: court, provision (as numbered now, with what stands below it), outcome, first and last year. Courts
against outcomes make the table that tells where they differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from api import tabular
from graph import iri
from graph.answers import Malformed, target
from graph.records import Day, Path
from graph.store import Row, Store, ask_for

COLUMNS = (
    "case", "name", "court", "decided", "outcome", "cited", "now", "version", "changed_since", "undone", "holding",
    "provisions_from_memory",
)  # fmt: skip


class Point(NamedTuple):
    """What a decision construed: the designation as cited, its version, where it is now, the day of a later change."""

    cited: Path
    cited_label: str
    version: Path
    now: Path
    now_label: str
    changed: Day


class Case(NamedTuple):
    """A decision. `undone` is the day on which a court vacated or reversed it; `from_memory` is about its points."""

    path: Path
    name: str
    court: str
    decided: Day
    outcome: str
    holding: str
    undone: Day
    points: tuple[Point, ...]
    from_memory: bool


class Tally(NamedTuple):
    """A court with the number of its decisions by outcome: (outcome, count, address of these decisions)."""

    court: str
    count: int
    outcomes: tuple[tuple[str, int, str], ...]


class Asked(NamedTuple):
    """The choices made; empty where none was."""

    court: str = ""
    provision: Path = ""
    outcome: str = ""
    since: str = ""
    until: str = ""


def cases(store: Store) -> tuple[Case, ...]:
    """All decisions of the graph, the latest first."""
    return _cases(store, store.name)


@lru_cache(maxsize=2)
def _cases(store: Store, release: str) -> tuple[Case, ...]:
    points: dict[Path, list[Point]] = {}
    for row in ask_for(store, "interpretations"):
        points.setdefault(iri.path(row["case"]), []).append(_point(row))
    remembered = {iri.path(row["case"]) for row in ask_for(store, "interpretations_from_memory")}
    found = [
        Case(
            path := iri.path(row["case"]),
            row["label"],
            row["court"],
            row.get("decided", ""),
            row["outcome"],
            row["holding"],
            row.get("undone", ""),
            tuple(dict.fromkeys(points.get(path, ()))),
            path in remembered,
        )
        for row in ask_for(store, "decisions")
    ]
    return tuple(sorted(found, key=lambda case: (case.decided, case.path), reverse=True))


def _point(row: Row) -> Point:
    cited, version, now = (iri.path(row[name]) if name in row else "" for name in ("cited", "version", "now"))
    return Point(cited, row.get("citedLabel", cited), version, now, row.get("nowLabel", now), row.get("ended", ""))


def read(asked: QueryParams) -> Asked:
    """The choices of an address. Raises `Malformed` for a provision or a year that is none."""
    given = {name: asked.get(name, "").strip() for name in Asked._fields}
    if given["provision"]:
        given["provision"] = target(given["provision"]).slot or given["provision"]
    for name in ("since", "until"):
        if given[name] and not (given[name].isdigit() and len(given[name]) == 4):
            raise Malformed(f'"{given[name][:20]}" is no year; write it with four digits')
    return Asked(**given)


def choose(found: Iterable[Case], asked: Asked) -> list[Case]:
    """The decisions that every choice admits. A year leaves out those whose day is not known."""
    return [
        case
        for case in found
        if asked.court in ("", case.court)
        and asked.outcome in ("", case.outcome)
        and (not asked.provision or any(_within(point, asked.provision) for point in case.points))
        and (not asked.since or case.decided[:4] >= asked.since)
        and (not asked.until or "" < case.decided[:4] <= asked.until)
    ]


def _within(point: Point, slot: Path) -> bool:
    return f"{point.now or point.cited}/".startswith(f"{slot}/")


def by_court(found: Iterable[tuple[str, str]], slot: Path = "") -> list[Tally]:
    """Courts against outcomes, from pairs of both, most decisions first; `slot` goes into the addresses."""
    counts = Counter(found)
    courts = Counter(court for court, _ in counts.elements())
    outcomes = sorted({outcome for _, outcome in counts})
    return [
        Tally(court, number, tuple(_outcome(court, outcome, counts[court, outcome], slot) for outcome in outcomes))
        for court, number in sorted(courts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _outcome(court: str, outcome: str, count: int, slot: Path) -> tuple[str, int, str]:
    return outcome, count, address(Asked(court=court, outcome=outcome, provision=slot))


def address(asked: Asked, ending: str = "") -> str:
    """The address of the table under some choices.

    >>> address(Asked(court="9th Cir."), ".csv")
    '/cases.csv?court=9th+Cir.'
    """
    given = {name: value for name, value in asked._asdict().items() if value}
    return f"/cases{ending}" + (f"?{urlencode(given)}" if given else "")


def flat(found: Iterable[Case]) -> list[tuple[str, ...]]:
    """One row for each provision that a decision construed, with `COLUMNS`; one without where it construed none."""
    none = Point("", "", "", "", "", "")
    return [
        (
            iri.of(case.path), case.name, case.court, case.decided, case.outcome, point.cited_label, point.now_label,
            iri.of(point.version) if point.version else "", point.changed, case.undone, case.holding,
            "yes" if case.from_memory else "no",
        )
        for case in found
        for point in case.points or (none,)
    ]  # fmt: skip


def answer(store: Store, asked: QueryParams) -> dict[str, Any]:
    """The decisions that an address asks for: how many, and the rows of `flat` by column."""
    chosen = choose(cases(store), read(asked))
    return {"count": len(chosen), "rows": [dict(zip(COLUMNS, row, strict=True)) for row in flat(chosen)]}


def as_csv(found: Iterable[Case]) -> str:
    """The rows of `flat` as CSV."""
    return tabular.as_csv(COLUMNS, flat(found))
