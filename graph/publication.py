"""A release brought to a SPARQL 1.1 server by SPARQL Update, graph by graph.

Whoever queries the server meanwhile sees the release before: a new merged graph and a new ``/graph/meta`` are written
aside, and the last request turns the old ones into them. ``/graph/published`` notes from which release a graph comes,
and whether it is whole is told by counting it, so a publication that was killed goes on where it stopped; in the end
the release alone is noted. A blank node that was loaded into the release is sent as an IRI (RDF 1.1 Concepts, section
3.5), so a triple that is sent twice stands once, and what one request says of a thing joins what the next one says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from graph import iri, release
from graph.dataset import MERGED
from graph.protocol import Server, StoreError
from graph.store import PUBLISHED, Embedded, bind, query_text
from graph.vocabulary import META, S230

UPDATES = Path(__file__).with_name("updates")

MOST_TRIPLES, MOST_CHARACTERS = 1_000, 1_000_000
"""What one request holds at most: Virtuoso's parser gives up at some 5,000 triples."""

TIMEOUT = 3600.0
"""Seconds that a server may take for one request: replacing a merged graph of millions of triples is one."""

PAGE = 5_000
"""Graphs that are counted in one query: Virtuoso cuts answers at 10,000 rows unless told otherwise."""

GENID = iri.of("/.well-known/genid/")
"""What the IRI of a blank node begins with."""

LAST = (MERGED, iri.of(META))
"""The graphs that are replaced together, in the end."""

Progress = Callable[[int, int], None]
"""Told how many triples are there, of how many."""

Counts = dict[str, int]
"""Graph -> its triples."""


class Published(NamedTuple):
    """What a publication did: graphs and triples of the release, and the graphs that had to be sent."""

    graphs: int
    triples: int
    sent: int


def publish(store: Embedded, server: Server, progress: Progress = lambda done, total: None) -> Published:
    """Bring the release in `store` to `server`. Raises `StoreError` where the server does not take it."""
    checksum: str = release.description(store.release)["dump_sha256"]
    wanted = {row["graph"]: int(row["triples"]) for row in store.select(query_text("graph_sizes"))}
    there, notes = counted(server, wanted), _notes_on(server, checksum)
    todo = [g for g in wanted if there[g] != wanted[g] or notes.get(g, notes.get(MERGED)) != checksum]
    total = sum(wanted.values())
    done = total - sum(wanted[graph] for graph in todo)
    asides = {graph: _aside(graph, checksum) for graph in LAST if graph in todo and there[graph] and graph not in notes}
    for graphs in _loads(todo, wanted):
        progress(done, total)
        first = graphs[0]
        if first in asides:
            _append(store, server, first, asides[first], there.get(asides[first], 0))
        elif first in LAST or wanted[first] > MOST_TRIPLES:
            _bring_large(store, server, first, checksum, there[first] if first in notes else -1, wanted[first])
        else:
            _bring_small(store, server, graphs, checksum)
        done += sum(wanted[graph] for graph in graphs)
    if todo:
        _verify(server, {asides.get(graph, graph): count for graph, count in wanted.items()})
        settling = [bind(update_text("settle"), {"graph": graph, "aside": aside}) for graph, aside in asides.items()]
        server.update(" ;\n".join([*settling, bind(update_text("finish"), {"sum": checksum})]))
    for graph in _verify(server, wanted).keys() - wanted.keys() - {PUBLISHED}:
        server.update(bind(update_text("drop"), {"graph": graph}))
    progress(total, total)
    return Published(len(wanted), total, len(todo))


def _notes_on(server: Server, checksum: str) -> dict[str, str]:
    """Graph -> checksum of the release that it comes from. What another publication left half done counts nothing."""
    notes = {row["graph"]: row["sum"] for row in server.select(query_text("brought"))}
    if any(noted != checksum for graph, noted in notes.items() if graph != MERGED):
        server.update(bind(update_text("drop"), {"graph": PUBLISHED}))
        return {}
    return notes


def _loads(graphs: Iterable[str], sizes: Counts) -> Iterator[list[str]]:
    """The graphs in the order in which they are brought: small ones together, large ones alone, `LAST` at the end."""
    load: list[str] = []
    for graph in sorted(graphs, key=lambda graph: (graph in LAST, sizes[graph] > MOST_TRIPLES, graph)):
        if load and (graph in LAST or sum(sizes[g] for g in (*load, graph)) > MOST_TRIPLES):
            yield load
            load = []
        load.append(graph)
    if load:
        yield load


def _bring_small(store: Embedded, server: Server, graphs: list[str], checksum: str) -> None:
    """Bring graphs that fit into one request: each is replaced whole."""
    notes = [f'<{graph}> {S230.sha256} "{checksum}" .' for graph in graphs]
    blocks = {graph: [*map(_line, store.triples(graph))] for graph in graphs} | {PUBLISHED: notes}
    drops = "\n".join(f"DROP SILENT GRAPH <{graph}> ;" for graph in graphs)
    inserted = "\n".join(f"GRAPH <{graph}> {{\n{chr(10).join(lines)}\n}}" for graph, lines in blocks.items())
    server.update(update_text("replace").replace("$drops", drops, 1).replace("$graphs", inserted, 1))


def _bring_large(store: Embedded, server: Server, graph: str, checksum: str, there: int, wanted: int) -> None:
    """Bring a graph part by part in its place: from the beginning, or on from what is `there` of this release."""
    if not 0 <= there < wanted:
        server.update(bind(update_text("begin"), {"graph": graph, "sum": checksum}))
    _append(store, server, graph, graph, there if there < wanted else 0)


def _append(store: Embedded, server: Server, graph: str, place: str, there: int) -> None:
    """Send a graph part by part to its `place`, without the parts that are `there`."""
    sent = 0
    for part in _parts(store, graph):
        sent += len(part)
        if sent > there:
            server.update(bind(update_text("append"), {"graph": place}).replace("$triples", "\n".join(part), 1))


def counted(server: Server, known: Iterable[str] = ()) -> Counts:
    """How many triples each graph on a server holds: those below our base, and those of `known` that lie elsewhere."""
    found = dict.fromkeys(known, 0)
    for graph in found:
        if not graph.startswith(iri.of("/graph/")):
            found[graph] = int(server.select(bind(query_text("graph_size"), {"graph": graph}))[0]["size"])
    rows = server.select(bind(query_text("counted"), {"after": ""}))
    while rows:
        found |= {row["graph"]: int(row["triples"]) for row in rows}
        full = len(rows) == PAGE
        rows = server.select(bind(query_text("counted"), {"after": rows[-1]["graph"]})) if full else []
    return found


@lru_cache
def update_text(name: str) -> str:
    """The text of one of our own updates by name (a file of `graph/updates`)."""
    return (UPDATES / f"{name}.ru").read_text(encoding="utf-8")


def _parts(store: Embedded, graph: str) -> Iterator[list[str]]:
    """The triples of a graph as lines, in parts that one request can hold."""
    part: list[str] = []
    characters = 0
    for triple in store.triples("" if graph == MERGED else graph):
        line = _line(triple)
        if part and (len(part) == MOST_TRIPLES or characters + len(line) > MOST_CHARACTERS):
            yield part
            part, characters = [], 0
        part.append(line)
        characters += len(line)
    if part:
        yield part


def _line(triple: ox.Triple) -> str:
    """A triple in SPARQL, with an IRI in the place of a blank node."""
    return f"{_named(triple.subject)} {triple.predicate} {_named(triple.object)} ."


def _named(term: object) -> object:
    return f"<{GENID}{term.value}>" if isinstance(term, ox.BlankNode) else term


def _aside(graph: str, checksum: str) -> str:
    """Where a graph of a release is written before it takes its name."""
    return f"{PUBLISHED}/{checksum[:12]}/{hashlib.sha256(graph.encode()).hexdigest()[:12]}"


def _verify(server: Server, wanted: Counts) -> Counts:
    """How many triples each graph on a server holds. Raises `StoreError` unless those that are wanted are there."""
    there = counted(server, wanted)
    wrong = [graph for graph in wanted if there[graph] != wanted[graph]]
    if wrong:
        raise StoreError(
            f"{server.address} holds {there[wrong[0]]:,} triples of {wanted[wrong[0]]:,} in {wrong[0]} ({len(wrong)} "
            "graphs are not as sent); publish again: only those are sent"
        )
    return there
