"""`/void` and `/shapes`: what the graph has, counted, and whether it conforms to its own rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

import pyoxigraph as ox
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api import negotiation, things
from api.rendering import Site, headers_for, is_fresh, page, see
from graph import description, shapes
from graph.queries import GRAPHS
from graph.store import Embedded, Store, ask_for
from graph.vocabulary import PREFIXES, SHAPES


def void(site: Site, request: Request) -> Response:
    """The VoID description of the merged graph: as a page, or as RDF."""
    form = wanted(request, negotiation.OFFERED)
    if form is negotiation.HTML:
        return page(site, request, "void.html", lambda store: {"found": statistics(store), "prefixed": prefixed})
    store = site.store_of()
    host = request.headers.get("host", "")
    home = negotiation.home(request.url.scheme, host, request.scope.get("root_path", ""))
    examples = [path for path in description.EXAMPLES if things.exists(store, path)]
    facts = description.void(home, statistics(store), examples, has_dump=isinstance(store, Embedded))
    return rdf(site, request, facts, form)


def well_known(site: Site, request: Request) -> Response:
    """Where clients look for it (VoID, section 7.2)."""
    return see("/void")


def statistics(store: Store) -> description.Statistics:
    """The numbers of a release; counted once."""
    return description.statistics(ask_for(store, "partitions"), ask_for(store, "extent")[0])


def shapes_page(site: Site, request: Request) -> Response:
    """The shapes, and whether this release conforms: as a page; the shapes alone as Turtle."""
    form = wanted(request, (negotiation.HTML, negotiation.TURTLE))
    if form is negotiation.TURTLE:
        headers = headers_for(site.store_of(), request, "ttl")
        return FileResponse(SHAPES, headers=headers, media_type="text/turtle; charset=utf-8")

    def make(store: Store) -> dict[str, Any]:
        by_target = groupby(shapes.constraints(), key=lambda constraint: constraint.target)
        return {
            "by_target": [(target, by_property(constraints)) for target, constraints in by_target],
            "labels": {row["class"]: row["label"] for row in ask_for(store, "classes")},
            "counts": dict(statistics(store).classes),
            "constraints": len(shapes.constraints()),
            "triples": statistics(store).triples,
            "violations": violations(store),
            "prefixed": prefixed,
        }

    return page(site, request, "shapes.html", make)


def shapes_report(site: Site, request: Request) -> Response:
    """What the build found when it checked this release, as a SHACL validation report."""
    found = violations(site.store_of())
    if found is None:
        raise HTTPException(404, "This service reads a SPARQL endpoint; run s230 validate where its release is.")
    form = wanted(request, (negotiation.TURTLE, negotiation.JSON_LD, negotiation.N_TRIPLES))
    return rdf(site, request, description.shacl_report(found), form)


def violations(store: Store) -> list[shapes.Violation] | None:
    """What breaks a shape in this release; None where there is no report, as at an endpoint."""
    if not isinstance(store, Embedded):
        return None
    try:
        report = json.loads((store.release / "report.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return [shapes.Violation(**violation) for violation in report["violations"]]


def by_property(constraints: Iterable[shapes.Constraint]) -> list[tuple[str, str, str]]:
    """The constraints of a class as rows: a property, how many values it has, and what they are.

    >>> by_property([shapes.Constraint("s", "t", "http://x/p", "minCount", "1")])
    [('http://x/p', 'at least 1', 'any')]
    """
    grouped = groupby(constraints, key=lambda constraint: constraint.path)
    return [(path, *in_words({constraint.kind: constraint.value for constraint in found})) for path, found in grouped]


def in_words(asked: Mapping[str, str]) -> tuple[str, str]:
    """What constraints on one property ask for, in plain words: how many values, and what they are.

    >>> in_words({"minCount": "1", "maxCount": "1", "nodeKind": "http://www.w3.org/ns/shacl#IRI"})
    ('exactly 1', 'a thing')
    """
    least, most = asked.get("minCount"), asked.get("maxCount")
    bounds = [f"at least {least}" if least else "", f"at most {most}" if most else ""]
    many = f"exactly {least}" if least == most else " and ".join(filter(None, bounds))
    what = asked.get("datatype") or asked.get("class")
    return many if least or most else "any number", prefixed(
        what
    ) if what else "a thing" if "nodeKind" in asked else "any"


def prefixed(term: str) -> str:
    """A term as it is written in a query.

    >>> prefixed("http://www.w3.org/2001/XMLSchema#date"), prefixed("http://example.org/x")
    ('xsd:date', 'http://example.org/x')
    """
    found = next((prefix for prefix, name in PREFIXES.items() if term.startswith(name)), None)
    return f"{found}:{term.removeprefix(PREFIXES[found])}" if found else term


def wanted(request: Request, offered: tuple[negotiation.Format, ...]) -> negotiation.Format:
    """The format that a request asks for by ending or by Accept. Raises 406, naming what there is."""
    path, ending = negotiation.split_ending(request.url.path)
    form = ending or negotiation.choose(request.headers.get("accept"), offered)
    if form not in offered:
        there = ", ".join(
            form.media_type + ("" if form is negotiation.HTML else f" ({path}.{form.name})") for form in offered
        )
        raise HTTPException(406, f"This comes as {there}.")
    return form


def rdf(site: Site, request: Request, facts: list[description.Fact], form: negotiation.Format) -> Response:
    """Facts as an answer."""
    headers = headers_for(site.store_of(), request, f"{form.name} {request.headers.get('host', '')}")
    if is_fresh(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    kind: ox.RdfFormat = GRAPHS[form.name]
    charset = "; charset=utf-8" if form.media_type.startswith("text/") else ""
    return Response(description.serialize(facts, kind), 200, headers, form.media_type + charset)
