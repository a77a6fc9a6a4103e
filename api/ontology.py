"""The vocabulary as pages: all terms on one, and a page a term with example, picture, properties and a query to run.

All of it is read from the ontology and the shapes (`graph/ontology.ttl`, `graph/shapes.ttl`).
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from api import negotiation, things
from api.rendering import Site, headers_for, page
from graph import codebook, iri
from graph.store import Row, Store, ask_for, bind, query_text
from graph.vocabulary import ONTOLOGY, PREFIXES

USES = {"Class": "uses_of_class", "Concept": "uses_of_concept"}
"""The query that shows a kind of term in use; a property has its own."""

CONSTRAINTS = ("class", "datatype")


class Use(NamedTuple):
    """A property of a class: its term, how often an instance has it, the class or datatype of its values."""

    term: str
    label: str
    count: str
    value: str
    definition: str

    @property
    def is_thing(self) -> bool:
        """Whether its values are things of a class, not literals."""
        return bool(self.value) and not self.value.startswith(PREFIXES["xsd"])


def ontology(site: Site, request: Request) -> Response:
    """The vocabulary: as a page, or as Turtle."""
    path, ending = negotiation.split_ending(request.url.path)
    form = ending or negotiation.choose(request.headers.get("accept"), (negotiation.HTML, negotiation.TURTLE))
    if form is negotiation.TURTLE:
        headers = headers_for(site.store_of(), request, "ttl")
        return FileResponse(ONTOLOGY, headers=headers, media_type="text/turtle; charset=utf-8")
    if form is not negotiation.HTML:
        raise HTTPException(406, "The vocabulary comes as text/html (/ontology) and text/turtle (/ontology.ttl).")
    if path == "/ns":
        return RedirectResponse("/ontology", 303, {"Vary": "Accept"})
    return page(site, request, "ontology.html", vocabulary)


def terms_of(store: Store) -> dict[str, dict[str, Any]]:
    """The terms of our vocabulary by IRI: kind, label, definition, examples."""
    terms: dict[str, dict[str, Any]] = {}
    for row in ask_for(store, "vocabulary"):
        entry = terms.setdefault(row["term"], {**row, "key": things.local_name(row["term"]), "examples": {}})
        if "example" in row:
            entry["examples"][row["example"]] = row.get("exampleLabel")
    return terms


def vocabulary(store: Store) -> dict[str, Any]:
    """The terms of our vocabulary: classes, properties, and schemes with their concepts."""
    terms = terms_of(store)
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for entry in terms.values():
        by_kind.setdefault(things.local_name(entry["kind"]), []).append(entry)
    properties = [e for k in ("ObjectProperty", "DatatypeProperty", "Property") for e in by_kind.get(k, [])]
    schemes = [
        (scheme, [c for c in by_kind.get("Concept", []) if c.get("scheme") == scheme["term"]])
        for scheme in by_kind.get("ConceptScheme", [])
    ]
    return {
        "classes": by_kind.get("Class", []),
        "properties": sorted(properties, key=lambda e: e["label"]),
        "schemes": schemes,
        "prefixes": PREFIXES,
    }


def concept(site: Site, request: Request) -> Response:
    """One term: what it means, an example, how it hangs together with others, and where it is used."""
    term = PREFIXES["s230"] + request.path_params["term"]
    if term not in terms_of(site.store_of()):
        raise HTTPException(404, f"The vocabulary has no term s230:{request.path_params['term'][:60]}; see /ontology.")

    def make(store: Store) -> dict[str, Any]:
        known = terms_of(store)
        entry = known[term]
        name = USES.get(things.local_name(entry["kind"]), "uses_of_property")
        return {
            "entry": entry,
            "examples": [things.shown(example, label_of(store, example)) for example in entry["examples"]],
            "of_class": uses(term, known),
            "has_it": sorted({known[c]["key"]: known[c]["label"] for c in classes_with(term) if c in known}.items()),
            "concepts": [e for e in known.values() if e.get("scheme") == term],
            "rows": [shown(row) for row in ask_for(store, name, term=term)],
            "query": bind(query_text(name), {"term": term}),
        }

    return page(site, request, "concept.html", make)


def label_of(store: Store, value: str) -> str:
    """What the graph calls one of our things; empty for a literal, and where it calls it nothing."""
    return things.load(store, iri.path(value)).first("label") if value.startswith(iri.BASE + "/") else ""


@cache
def shapes() -> dict[str, dict[str, dict[str, str]]]:
    """Class -> property -> kind of constraint -> its value."""
    return codebook.properties_by_class()


def uses(term: str, known: dict[str, dict[str, Any]]) -> list[Use]:
    """The properties of a class in the order of their names; none for a term that is no class."""
    found = []
    for path, constraints in shapes().get(term, {}).items():
        value = next((constraints[kind] for kind in CONSTRAINTS if kind in constraints), "")
        about = known.get(path, {})
        label = about.get("label") or things.words_of(path)
        found.append(Use(path, label, codebook.how_many(constraints), value, about.get("definition", "")))
    return sorted(found, key=lambda use: use.label)


def classes_with(term: str) -> list[str]:
    """The classes whose instances have a property, and those whose instances are its values."""
    return [target for target, paths in shapes().items() if term in paths]


def shown(row: Row) -> list[tuple[str, str]]:
    """A row of uses as text and address: the thing, and what is said of it."""
    second = row.get("value") or row.get("property")
    label = row.get("valueLabel") or row.get("propertyLabel")
    return [things.shown(row["thing"], row.get("label")), *([things.shown(second, label)] if second else [])]
