"""The whole graph in a file, and whether it conforms."""

from __future__ import annotations

import csv
import gzip
import shutil
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph import iri, release, shapes
from graph.store import Embedded, Store, StoreError
from graph.vocabulary import PREFIXES

FORMATS = ("nq", "ttl", "jsonld", "graphml", "csv")

PYSHACL_LIMIT = 250_000
"""Triples up to which pySHACL is the judge; above, the same shapes are checked in one pass alone."""


def export(store: Store, format: str, out: Path) -> str:
    """Write the graph to `out` in one of `FORMATS`; what was written, in a few words.

    ``nq`` has every named graph and the merged one; the others the merged graph. ``csv`` makes a folder with one file a
    class, ``graphml`` the things and what links them.
    """
    embedded = _embedded(store)
    if format == "nq":
        with gzip.open(embedded.release / "dump.nq.gz", "rb") as packed, out.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        return str(out)
    if format == "csv":
        return _csv(store, out)
    if format == "graphml":
        return _graphml(store, out)
    kind = {"ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}[format]
    with out.open("wb") as file:
        embedded.oxigraph.dump(file, kind, from_graph=ox.DefaultGraph(), prefixes=PREFIXES)
    return str(out)


def conformance(store: Store) -> tuple[bool, str]:
    """Whether the merged graph conforms to its shapes, and the report."""
    embedded = _embedded(store)
    with gzip.open(embedded.release / "dump.nq.gz", "rt", encoding="utf-8", newline="\n") as dump:
        found = list(shapes.violations(line.rstrip("\n") for line in dump))
    if found:
        lines = [f"{v.shape.rpartition('#')[2]}: {v.node}: {v.path.rpartition('#')[2]}: {v.message}" for v in found]
        return False, "\n".join([f"{len(found)} violations", *lines])
    size: int = release.description(embedded.release)["triples"]
    said = f"{size:,} triples conform to {len(shapes.constraints())} constraints"
    if size > PYSHACL_LIMIT:
        return True, said
    triples = embedded.oxigraph.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    conforms, report = shapes.conforms(triples or b"")
    return conforms, said if conforms else report


def _embedded(store: Store) -> Embedded:
    if not isinstance(store, Embedded):
        raise StoreError("this needs a release on this machine, not an endpoint: give --store FOLDER")
    return store


def _csv(store: Store, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    classes = store.select("SELECT ?class (COUNT(?s) AS ?n) { ?s a ?class } GROUP BY ?class ORDER BY ?class")
    for row in classes:
        name = iri.slug(row["class"].rpartition("#")[2] or row["class"].rpartition("/")[2])
        rows = store.select(f"SELECT ?s ?p ?o {{ ?s a <{row['class']}> ; ?p ?o }} ORDER BY ?s ?p ?o")
        _csv_file(folder / f"{name}.csv", rows)
    return f"{len(classes)} files in {folder}"


def _csv_file(path: Path, rows: list[dict[str, str]]) -> None:
    things: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        column = row["p"].rpartition("#")[2].rpartition("/")[2]
        things.setdefault(row["s"], {}).setdefault(column, []).append(row["o"])
    columns = sorted({column for thing in things.values() for column in thing} - {"type"})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["iri", *columns])
        for thing, values in things.items():
            writer.writerow([thing, *(" | ".join(values.get(column, ())) for column in columns)])


def _graphml(store: Store, out: Path) -> str:
    import networkx as nx  # type: ignore[import-untyped, unused-ignore]

    network: Any = nx.MultiDiGraph()
    for row in store.select(
        "SELECT ?s ?label (SAMPLE(?c) AS ?class) { ?s rdfs:label ?label ; a ?c } GROUP BY ?s ?label"
    ):
        network.add_node(row["s"], label=row["label"], kind=row["class"].rpartition("#")[2])
    for row in store.select("SELECT ?s ?p ?o { ?s ?p ?o . ?s rdfs:label ?a . ?o rdfs:label ?b FILTER isIRI(?o) }"):
        if row["s"] in network and row["o"] in network:
            network.add_edge(row["s"], row["o"], label=row["p"].rpartition("#")[2].rpartition("/")[2])
    nx.write_graphml(network, out)
    return f"{out} ({network.number_of_nodes()} nodes, {network.number_of_edges()} edges)"
