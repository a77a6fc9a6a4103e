"""The codebook: every class with its properties, every property and every kind, from the ontology and the shapes.

To write it again:

    python -m graph.codebook > docs/codebook.md

>>> short("http://data.europa.eu/eli/ontology#amends")
'eli:amends'
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator

import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from graph import iri, shapes
from graph.vocabulary import ONTOLOGY, PREFIXES

HEAD = """# Codebook

Written by `python -m graph.codebook` from `graph/ontology.ttl` and `graph/shapes.ttl`: change those, not this page.

A term with the prefix `s230:` is ours and explained below; every other one is explained by its own vocabulary (prefixes
at the end). *How many*: how often an instance has the property; `1` always once, `0..1` at most once, `1..n` at least
once, `0..n` any number. Absent means unknown or none, never zero or false.
"""


def short(term: str) -> str:
    """A term with its prefix; an address of ours as a path; anything else as it is."""
    for prefix, namespace in PREFIXES.items():
        if term.startswith(namespace):
            return f"{prefix}:{term.removeprefix(namespace)}"
    return term.removeprefix(iri.BASE)


def codebook() -> str:
    """The codebook as Markdown; the same ontology and shapes give the same text."""
    ontology = rdflib.Graph().parse(ONTOLOGY)
    parts = [HEAD, *_classes(ontology), *_properties(ontology), *_schemes(ontology), _prefixes()]
    return "\n".join(parts)


def _classes(ontology: rdflib.Graph) -> Iterator[str]:
    yield "## Classes\n"
    properties = properties_by_class()
    for term in sorted(properties, key=short):
        node = rdflib.URIRef(term)
        yield f"### {short(term)}\n"
        if definition := _said(ontology, node, SKOS.definition):
            yield f"{definition} Example: `{_said(ontology, node, SKOS.example)}`\n"
        yield from _table("property", "how many", "value")
        for path, constraints in sorted(properties[term].items(), key=lambda found: short(found[0])):
            yield _row(f"`{short(path)}`", how_many(constraints), _value(constraints))
        yield ""


def properties_by_class() -> dict[str, dict[str, dict[str, str]]]:
    """Class -> property -> kind of constraint -> its value, by the shapes."""
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for constraint in shapes.constraints():
        found[constraint.target][constraint.path][constraint.kind] = constraint.value
    return found


def how_many(constraints: dict[str, str]) -> str:
    """How often an instance has a property.

    >>> how_many({"minCount": "1", "maxCount": "1"}), how_many({})
    ('1', '0..n')
    """
    least, most = constraints.get("minCount", "0"), constraints.get("maxCount", "n")
    return least if least == most else f"{least}..{most}"


def _value(constraints: dict[str, str]) -> str:
    kind = constraints.get("class") or constraints.get("datatype")
    return f"`{short(kind)}`" if kind else "an address" if "nodeKind" in constraints else "any"


def _properties(ontology: rdflib.Graph) -> Iterator[str]:
    yield "## Properties of our own\n"
    yield from _table("property", "what it says", "example")
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property)
    terms = {term for kind in kinds for term in ontology.subjects(RDF.type, kind)}
    for term in sorted(terms, key=str):
        yield _row(
            f"`{short(str(term))}`", _said(ontology, term, SKOS.definition), f"`{_said(ontology, term, SKOS.example)}`"
        )
    yield ""


def _schemes(ontology: rdflib.Graph) -> Iterator[str]:
    yield "## Kinds\n"
    for scheme in sorted(ontology.subjects(RDF.type, SKOS.ConceptScheme), key=str):
        yield f"### {_said(ontology, scheme, RDFS.label)}\n"
        yield from _table("term", "meaning")
        for term in sorted(ontology.subjects(SKOS.inScheme, scheme), key=str):
            yield _row(f"`{short(str(term))}`", _said(ontology, term, SKOS.definition))
        yield ""


def _prefixes() -> str:
    rows = [_row(f"`{prefix}:`", f"`{namespace}`") for prefix, namespace in PREFIXES.items()]
    return "\n".join(["## Prefixes\n", *_table("prefix", "namespace"), *rows, ""])


def _said(ontology: rdflib.Graph, term: rdflib.term.Node, predicate: rdflib.URIRef) -> str:
    """The least of the values of a property, by its words; empty where there is none."""
    return short(min(map(str, ontology.objects(term, predicate)), default=""))


def _table(*columns: str) -> list[str]:
    return [_row(*columns), _row(*("---" for _ in columns))]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    sys.stdout.write(codebook())
