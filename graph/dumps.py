"""The whole graph in a file, and whether it conforms."""

from __future__ import annotations

import csv
import gzip
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox

from graph import iri, shapes
from graph.store import Embedded, Store, query_text
from graph.vocabulary import PREFIXES

FORMATS = ("nq", "ttl", "jsonld", "graphml", "csv")

RDF_TYPE, LABEL = PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"

PYSHACL_LIMIT = 250_000
"""Triples up to which pySHACL is the judge; above, the same shapes are checked in one pass alone."""


def export(store: Store, format: str, out: Path) -> str:
    """Write the graph to `out` in one of `FORMATS`; what was written, in a few words.

    ``nq`` has every named graph and the merged one; the others the merged graph. ``csv`` makes a folder with one file a
    class, ``graphml`` the things and what links them.
    """
    if format == "nq":
        with out.open("wb") as plain:
            _nquads(store, plain)
        return str(out)
    if format == "csv":
        return _csv(store, out)
    if format == "graphml":
        return _graphml(store, out)
    kind = {"ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}[format]
    with out.open("wb") as file:
        ox.serialize(store.triples(), file, kind, prefixes=PREFIXES)
    return str(out)


def _nquads(store: Store, out: BinaryIO) -> None:
    """The dump of a release as it is; that of an endpoint, which has none, graph by graph, in the same order."""
    if isinstance(store, Embedded):
        with gzip.open(store.release / "dump.nq.gz", "rb") as packed:
            shutil.copyfileobj(packed, out)
        return
    lines = [f"{triple} .\n" for triple in store.triples()]
    lines += [f"{triple} <{graph}> .\n" for graph in store.graphs() for triple in store.triples(graph)]
    out.writelines(line.encode() for line in sorted(lines))


def conformance(store: Store) -> tuple[bool, str]:
    """Whether the merged graph conforms to its shapes, and the report."""
    with _lines(store) as lines:
        found = list(shapes.violations(lines))
    if found:
        said = [f"{v.shape.rpartition('#')[2]}: {v.node}: {v.path.rpartition('#')[2]}: {v.message}" for v in found]
        return False, "\n".join([f"{len(found)} violations", *said])
    size = int(store.select(query_text("size"))[0]["size"])
    report = f"{size:,} triples conform to {len(shapes.constraints())} constraints"
    if size > PYSHACL_LIMIT:
        return True, report
    triples = ox.serialize(store.triples(), format=ox.RdfFormat.N_TRIPLES)
    conforms, found_by_pyshacl = shapes.conforms(triples or b"")
    return conforms, report if conforms else found_by_pyshacl


@contextmanager
def _lines(store: Store) -> Iterator[Iterable[str]]:
    """The merged graph as lines in order of subject; those of a release come with its named graphs between them."""
    if isinstance(store, Embedded):
        with gzip.open(store.release / "dump.nq.gz", "rt", encoding="utf-8", newline="\n") as dump:
            yield (line.rstrip("\n") for line in dump)
    else:
        yield sorted(f"{triple} ." for triple in store.triples())


Thing = dict[str, list[str]]
"""What the merged graph says of a thing: predicate -> values, sorted."""


def _things(store: Store) -> dict[str, Thing]:
    things: dict[str, Thing] = defaultdict(lambda: defaultdict(list))
    for triple in store.triples():
        things[str(triple.subject.value)][triple.predicate.value].append(str(triple.object.value))  # type: ignore[union-attr]
    return {name: {p: sorted(values) for p, values in thing.items()} for name, thing in sorted(things.items())}


def _local(name: str) -> str:
    return name.rpartition("#")[2].rpartition("/")[2]


def _csv(store: Store, folder: Path) -> str:
    """One file a class, named by prefix and local name: two vocabularies have an Organization."""
    folder.mkdir(parents=True, exist_ok=True)
    by_class: dict[str, dict[str, Thing]] = defaultdict(dict)
    for name, thing in _things(store).items():
        for kind in thing.get(RDF_TYPE, ()):
            by_class[kind][name] = thing
    prefixes = {namespace: prefix for prefix, namespace in PREFIXES.items()}
    for kind, things in by_class.items():
        prefix = prefixes.get(kind.removesuffix(_local(kind)), "s230")
        file = _local(kind) if prefix == "s230" else f"{prefix}-{_local(kind)}"
        _csv_file(folder / f"{iri.slug(file)}.csv", things)
    return f"{len(by_class)} files in {folder}"


def _csv_file(path: Path, things: dict[str, Thing]) -> None:
    predicates = sorted({p for thing in things.values() for p in thing} - {RDF_TYPE}, key=lambda p: (_local(p), p))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["iri", *map(_local, predicates)])
        for name, thing in things.items():
            writer.writerow([name, *(" | ".join(thing.get(p, ())) for p in predicates)])


def _graphml(store: Store, out: Path) -> str:
    import networkx as nx  # type: ignore[import-untyped, unused-ignore]

    things = {name: thing for name, thing in _things(store).items() if LABEL in thing and RDF_TYPE in thing}
    network: Any = nx.MultiDiGraph()
    for name, thing in things.items():
        network.add_node(name, label=thing[LABEL][0], kind=_local(thing[RDF_TYPE][-1]))
    for name, thing in things.items():
        for predicate, values in thing.items():
            network.add_edges_from((name, value, {"label": _local(predicate)}) for value in values if value in things)
    nx.write_graphml(network, out)
    return f"{out} ({network.number_of_nodes()} nodes, {network.number_of_edges()} edges)"
