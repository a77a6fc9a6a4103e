"""The gaps that bear on what a page counts: shown beside the count."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from api.things import Thing
from graph import iri
from graph.records import Path
from graph.store import Store, ask_for
from graph.vocabulary import PREFIXES

LISTED = {
    "person": ("s230:Bill", "s230:Cosponsorship", "s230:Stance"),
    "organization": ("s230:Stance",),
    "provision": ("s230:Case", "s230:Interpretation"),
    "slot": ("s230:Case", "s230:Interpretation"),
}
"""What the pages of a kind of thing list, by its class: the number of rows is a count."""


class Gap(NamedTuple):
    """What is missing and why; what it bears on: IRIs of things, families and terms, of counted classes; Congresses."""

    path: Path
    missing: str
    reason: str
    note: str
    affects: tuple[str, ...]
    counts: tuple[str, ...]
    congresses: tuple[int, ...]


def known(store: Store) -> list[Gap]:
    """Every gap, by address."""
    found: dict[Path, Gap] = {}
    for row in ask_for(store, "gaps"):
        path = iri.path(row["gap"])
        gap = found.get(path) or Gap(path, row["missing"], row["reason"], row.get("note", ""), (), (), ())
        on = int(row["on"]) if row["bears"] == "congresses" else row["on"]
        found[path] = gap._replace(**{row["bears"]: (*getattr(gap, row["bears"]), on)})
    return list(found.values())


def on_terms(store: Store, names: Iterable[str]) -> list[Gap]:
    """The gaps that bear on terms of the vocabularies, given as ``s230:Case``: as what is counted or what is used."""
    return _bearing(known(store), {_expanded(name) for name in names})


def on_query(store: Store, text: str) -> list[Gap]:
    """The gaps that bear on what a query uses: the terms in it, as far as they are written with a prefix."""
    return on_terms(store, re.findall(r"\b(?:s230|eli|eli-dl):\w+", text))


def on_thing(store: Store, thing: Thing) -> list[Gap]:
    """The gaps that bear on a thing, on the families of its sources, or on what its page lists."""
    families = {f"/family/{source.path.split('/')[2]}" for source in thing.sources}
    wanted = {iri.of(path) for path in (thing.path, *families)} | set(map(_expanded, LISTED.get(thing.kind.key, ())))
    return _bearing(known(store), wanted)


def _bearing(gaps: Iterable[Gap], wanted: Collection[str]) -> list[Gap]:
    return [gap for gap in gaps if not set(wanted).isdisjoint((*gap.affects, *gap.counts))]


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
