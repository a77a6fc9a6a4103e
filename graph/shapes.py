"""SHACL, at any scale: the shapes of ``shapes.ttl`` checked in one pass over a dump, and as pySHACL reads them.

The shapes use the part of SHACL that is decided one node at a time: ``sh:targetClass`` with properties that have
``sh:minCount``, ``sh:maxCount``, ``sh:datatype``, ``sh:class`` and ``sh:nodeKind sh:IRI``. A dump is in order, so all
statements about a node stand together, and the pass reads some 400,000 lines a second: every build runs it. pySHACL
reads some 28,000 and is the judge on the default graph.

A class is taken as it is stated: no class that has a shape, or that one asks for, has subclasses in the ontology.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, cast

import pyoxigraph as ox

from graph.vocabulary import ONTOLOGY, PREFIXES, SHAPES, A

SH = PREFIXES["sh"]
XSD = PREFIXES["xsd"]
OURS = f"<{PREFIXES['s230']}"

KINDS = ("minCount", "maxCount", "datatype", "class", "nodeKind")

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
    """One constraint on one property of the instances of a class; `kind` is one of `KINDS`."""

    shape: str
    target: str
    path: str
    kind: str
    value: str


Values = dict[str, list[str]]
"""What is said of one node: predicate -> objects, as N-Triples writes them."""


@cache
def constraints(path: Path = SHAPES) -> tuple[Constraint, ...]:
    """The constraints of a shapes file. Raises `ValueError` for one that this module does not know."""
    store = ox.Store()
    store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    query = (
        "SELECT ?shape ?target ?path ?kind ?value { ?shape sh:targetClass ?target ; sh:property ?p . "
        "?p sh:path ?path ; ?kind ?value FILTER (?kind != sh:path) } ORDER BY ?shape ?path ?kind"
    )
    found = []
    for row in cast(ox.QuerySolutions, store.query(query, prefixes=PREFIXES)):
        shape, target, property_, kind, value = (term.value for term in row)
        if kind.removeprefix(SH) not in KINDS or (kind == SH + "nodeKind" and value != SH + "IRI"):
            raise ValueError(f"{path}: {shape} uses {kind} {value}, which is not known here")
        found.append(Constraint(shape, target, property_, kind.removeprefix(SH), value))
    return tuple(found)


def nodes(lines: Iterable[str]) -> Iterator[tuple[str, Values]]:
    r"""Each subject of the merged graph with what is said of it; statements in named graphs are passed over.

    `lines` are those of a dump: N-Quads as we write them, without line feeds, in order of subject.

    >>> said = '<http://a/> <http://a/p> "x <y>" .', "<http://a/> <http://a/p> <http://a/o> <http://a/g> ."
    >>> list(nodes(said))
    [('<http://a/>', {'<http://a/p>': ['"x <y>"']})]
    """
    for subject, statements in groupby(_merged(lines), key=itemgetter(0)):
        values: Values = defaultdict(list)
        for _, predicate, value in statements:
            values[predicate].append(value)
        yield subject, dict(values)


def _merged(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        behind = rest.rfind('"') if rest[0] == '"' else 1
        if rest.find(" <", behind) < 0:
            yield subject, predicate, rest[:-2]


def violations(lines: Iterable[str]) -> Iterator[Violation]:
    """What in the merged graph breaks a shape, and our own terms that the ontology does not have.

    `lines` as in `nodes`. Of each constraint the first `SHOWN` are given.
    """
    required, checked = _by_class()
    instances: dict[str, set[str]] = {f"<{c.value}>": set() for c in constraints() if c.kind == "class"}
    referred: dict[Constraint, dict[str, str]] = defaultdict(dict)
    terms: set[str] = set()
    told: Counter[Constraint] = Counter()
    for node, values in nodes(lines):
        terms.update(_terms(values))
        for name in values.get(A, ()):
            if name in instances:
                instances[name].add(node)
            for constraint, fault in _faults(name, values, required, checked):
                told[constraint] += 1
                if told[constraint] <= SHOWN:
                    yield _violation(constraint, node, fault)
            for constraint, found in _references(name, values, checked):
                referred[constraint].update(dict.fromkeys(found, node))
    for constraint, found_in in referred.items():
        outside = sorted(found_in.keys() - instances[f"<{constraint.value}>"])
        yield from (_violation(constraint, found_in[value], value) for value in outside[:SHOWN])
    yield from _unknown(terms)


Required = dict[str, list[Constraint]]
"""Class -> the properties that each instance must have."""
Checked = dict[tuple[str, str], list[Constraint]]
"""Class and property -> what each value must be, and how many there may be."""


@cache
def _by_class() -> tuple[Required, Checked]:
    required: Required = defaultdict(list)
    checked: Checked = defaultdict(list)
    for constraint in constraints():
        if constraint.kind == "minCount":
            required[f"<{constraint.target}>"].append(constraint)
        else:
            checked[f"<{constraint.target}>", f"<{constraint.path}>"].append(constraint)
    return dict(required), dict(checked)


def _faults(name: str, values: Values, required: Required, checked: Checked) -> Iterator[tuple[Constraint, str]]:
    """What breaks a constraint that the node itself decides, as an instance of the class `name`."""
    for constraint in required.get(name, ()):
        found = len(values.get(f"<{constraint.path}>", ()))
        if found < int(constraint.value):
            yield constraint, str(found)
    for predicate, objects in values.items():
        for constraint in checked.get((name, predicate), ()):
            if constraint.kind == "maxCount":
                if len(objects) > int(constraint.value):
                    yield constraint, str(len(objects))
            elif constraint.kind != "class":
                yield from ((constraint, value) for value in objects if not _fits(value, constraint))


def _references(name: str, values: Values, checked: Checked) -> Iterator[tuple[Constraint, list[str]]]:
    for predicate, objects in values.items():
        for constraint in checked.get((name, predicate), ()):
            if constraint.kind == "class":
                yield constraint, objects


def _fits(value: str, constraint: Constraint) -> bool:
    """Whether a term is an IRI, or a literal of the datatype asked for and one that the datatype can hold."""
    if constraint.kind == "nodeKind":
        return value.startswith("<")
    if not value.startswith('"'):
        return False
    if constraint.value == XSD + "string":
        return value.endswith('"')
    words, caret, datatype = value[1:-1].rpartition('"^^<')
    if not caret or datatype != constraint.value:
        return False
    match datatype.removeprefix(XSD):
        case "date":
            return _is_day(words)
        case "integer":
            return re.fullmatch(r"[+-]?\d+", words, re.A) is not None
        case "boolean":
            return words in ("true", "false", "1", "0")
    return True


@cache
def _is_day(words: str) -> bool:
    try:
        return date.fromisoformat(words).isoformat() == words
    except ValueError:
        return False


def _violation(constraint: Constraint, node: str, found: str) -> Violation:
    asked = constraint.value.rpartition("#")[2]
    message = f"expected {constraint.kind} {asked}, found {found}"
    return Violation(constraint.shape, constraint.path, constraint.kind, node.strip("<>"), message)


def _terms(values: Values) -> Iterator[str]:
    for predicate, objects in values.items():
        if predicate.startswith(OURS):
            yield predicate
        yield from (value for value in objects if value.startswith(OURS))


def _unknown(terms: set[str]) -> Iterator[Violation]:
    known = {str(quad.subject) for quad in ox.parse(path=str(ONTOLOGY), format=ox.RdfFormat.TURTLE)}
    for term in sorted(terms - known):
        bare = term.strip("<>")
        yield Violation("ontology", bare, "known", bare, "a term that is not in the ontology")


def conforms(triples: bytes) -> tuple[bool, str]:
    """Whether a graph, given as N-Triples, conforms to the shapes as pySHACL sees it, and pySHACL's report."""
    import rdflib
    from pyshacl import validate

    data = rdflib.Graph().parse(data=triples, format="nt")
    shapes = rdflib.Graph().parse(SHAPES, format="turtle")
    ok, _, report = validate(data, shacl_graph=shapes, inference="none", advanced=False)
    return bool(ok), str(report)
