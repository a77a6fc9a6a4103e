"""SHACL, at any scale: the shapes of ``shapes.ttl`` as SPARQL queries, and as pySHACL reads them.

The shapes use the core of SHACL that turns into one query a constraint: ``sh:targetClass`` with properties that have
``sh:minCount``, ``sh:maxCount``, ``sh:datatype``, ``sh:class`` and ``sh:nodeKind sh:IRI``. pySHACL reads some 28,000
triples a second and is the judge on the default graph; the queries run on any store.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from graph.vocabulary import ONTOLOGY, PREFIXES, SHAPES

SH = PREFIXES["sh"]

SHOWN = 20
"""Violations listed for one constraint; the others are like them."""


class Violation(NamedTuple):
    """A node that breaks a constraint of a shape."""

    shape: str
    path: str
    constraint: str
    node: str
    message: str


class Constraint(NamedTuple):
    """One constraint on one property of the instances of a class."""

    shape: str
    target: str
    path: str
    kind: str
    value: str


_FAULTS = {
    "minCount": "SELECT ?node (COUNT(?value) AS ?found) {{ ?node a <{target}> . OPTIONAL {{ ?node <{path}> ?value }} }} "
    "GROUP BY ?node HAVING (COUNT(?value) < {value})",
    "maxCount": "SELECT ?node (COUNT(?value) AS ?found) {{ ?node a <{target}> ; <{path}> ?value }} "
    "GROUP BY ?node HAVING (COUNT(?value) > {value})",
    "datatype": "SELECT ?node ?found {{ ?node a <{target}> ; <{path}> ?found FILTER (DATATYPE(?found) != <{value}> || isIRI(?found)) }}",
    "class": "SELECT ?node ?found {{ ?node a <{target}> ; <{path}> ?found "
    "FILTER NOT EXISTS {{ ?found a <{value}> }} }}",
    "nodeKind": "SELECT ?node ?found {{ ?node a <{target}> ; <{path}> ?found FILTER (!isIRI(?found)) }}",
}


@cache
def constraints(path: Path = SHAPES) -> tuple[Constraint, ...]:
    """The constraints of a shapes file. Raises `ValueError` for one that this module does not know."""
    store = ox.Store()
    store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    rows = store.query(
        "SELECT ?shape ?target ?path ?kind ?value { ?shape sh:targetClass ?target ; sh:property ?p . "
        "?p sh:path ?path ; ?kind ?value FILTER (?kind != sh:path) } ORDER BY ?shape ?path ?kind",
        prefixes=PREFIXES,
    )
    found = tuple(Constraint(*(term.value for term in row)) for row in rows)  # type: ignore[union-attr]
    for constraint in found:
        if constraint.kind.removeprefix(SH) not in _FAULTS:
            raise ValueError(f"{path}: {constraint.shape} uses {constraint.kind}, which is not known here")
    return found


def violations(store: ox.Store) -> Iterator[Violation]:
    """What in the default graph of `store` breaks a shape, and our own terms that the ontology does not have."""
    for constraint in constraints():
        kind = constraint.kind.removeprefix(SH)
        query = _FAULTS[kind].format(target=constraint.target, path=constraint.path, value=constraint.value)
        for row in list(store.query(query + f" LIMIT {SHOWN}")):  # type: ignore[arg-type]
            node, found = row["node"], row["found"]  # type: ignore[index]
            expected = f"{kind} {constraint.value.rpartition('#')[2] or constraint.value}"
            message = f"expected {expected}, found {found}"
            yield Violation(constraint.shape, constraint.path, kind, node.value, message)
    yield from _unknown_terms(store)


def _unknown_terms(store: ox.Store) -> Iterator[Violation]:
    ours = PREFIXES["s230"]
    known = {quad.subject.value for quad in ox.parse(path=str(ONTOLOGY), format=ox.RdfFormat.TURTLE)}  # type: ignore[union-attr]
    used = [
        *store.query("SELECT DISTINCT ?t { ?s ?t ?o }"),  # type: ignore[misc]
        *store.query(f"SELECT DISTINCT ?t {{ ?s ?p ?t FILTER (isIRI(?t) && STRSTARTS(STR(?t), '{ours}')) }}"),  # type: ignore[misc]
    ]
    for term in sorted({row["t"].value for row in used}):  # type: ignore[index, union-attr]
        if term.startswith(ours) and term not in known:
            yield Violation("ontology", term, "known", term, "a term that is not in the ontology")


def conforms(triples: bytes) -> tuple[bool, str]:
    """Whether a graph, given as N-Triples, conforms to the shapes as pySHACL sees it, and pySHACL's report."""
    import rdflib
    from pyshacl import validate

    data = rdflib.Graph().parse(data=triples, format="nt")
    shapes = rdflib.Graph().parse(SHAPES, format="turtle")
    ok, _, report = validate(data, shacl_graph=shapes, inference="none", advanced=False)
    return bool(ok), str(report)
