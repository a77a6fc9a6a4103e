"""A graph of the reader's own, laid out as our pictures are: what a CONSTRUCT query has made, as nodes and edges."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import networkx as nx  # type: ignore[import-untyped, unused-ignore]
import pyoxigraph as ox
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api import picture, things
from graph import iri, layout, network
from graph.answers import Malformed
from graph.records import Path
from graph.store import Store, query_text, values
from graph.vocabulary import PREFIXES

MOST_BODY = 1_000_000
"""Bytes of N-Triples that are taken."""

MOST_NODES = 150
"""Nodes that are drawn: as many as our own views open with."""

RDF_TYPE, LABEL = PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"

OTHER = {"kind": "other", "label": "Other things", "icon": "M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z"}
"""The kind of what our own pictures do not show."""


def mount(app: FastAPI, store_of: Callable[[], Store]) -> None:
    """Put the POST of ``/api/v1/graph`` into `app`."""

    async def drawn(request: Request) -> Response:
        content = await body(request)
        found = await run_in_threadpool(sketch, store_of(), content)
        headers = {"Cache-Control": "no-store"}
        return Response(json.dumps(found, ensure_ascii=False), media_type="application/json", headers=headers)

    app.add_api_route(
        "/api/v1/graph",
        drawn,
        methods=["POST"],
        summary="A graph of your own, as N-Triples, as nodes and edges with positions",
        response_class=Response,
        openapi_extra={
            "requestBody": {"content": {"application/n-triples": {"schema": {"type": "string"}}}, "required": True}
        },
        responses={400: {"description": "No N-Triples."}, 413: {"description": f"More than {MOST_BODY:,} bytes."}},
    )


async def body(request: Request) -> bytes:
    """The body of a request. Raises 413 for one that is too long."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_BODY:
            raise HTTPException(413, f"more than {MOST_BODY:,} bytes of triples; construct less, or add LIMIT")
    return bytes(content)


def sketch(store: Store, triples: bytes) -> dict[str, Any]:
    """Nodes, edges and kinds as ``/api/v1/graph`` answers them, and whether all are there.

    Each IRI and blank node is a node, each triple between two of them an edge; types and literals are said at their
    thing. Raises `Malformed` for what is not N-Triples.
    """
    try:
        said = [quad.triple for quad in ox.parse(triples, ox.RdfFormat.N_TRIPLES)]
    except SyntaxError as error:
        raise Malformed(f"this is not N-Triples: {' '.join(str(error).split())}") from None
    links = [t for t in said if not isinstance(t.object, ox.Literal) and t.predicate.value != RDF_TYPE]
    ends = (_path(end) for t in links for end in (t.subject, t.object))
    nodes = list(dict.fromkeys((*ends, *(_path(t.subject) for t in said))))
    kept = nodes[:MOST_NODES]
    drawing = _network(store, kept, links, said)
    positions = tight(layout.force(drawing))
    kinds = {thing["kind"] for _, thing in drawing.nodes(data=True)}
    known = [{"kind": kind, "label": label, "icon": picture.ICONS[kind]} for kind, label in network.KINDS.items()]
    return {
        **picture.carried(drawing, positions),
        "cell": layout.CELL,
        "kinds": [entry for entry in (*known, OTHER) if entry["kind"] in kinds],
        "truncated": len(nodes) > len(kept),
    }


def tight(positions: Mapping[Path, tuple[int, int]]) -> dict[Path, tuple[int, int]]:
    """Positions without the columns and rows in which nothing stands.

    >>> tight({"a": (0, 0), "b": (700, 84)})
    {'a': (0, 0), 'b': (140, 42)}
    """
    columns, rows = (sorted({position[axis] for position in positions.values()}) for axis in (0, 1))
    width, height = layout.CELL
    return {path: (columns.index(x) * width, rows.index(y) * height) for path, (x, y) in positions.items()}


def _network(store: Store, nodes: list[Path], links: list[ox.Triple], said: list[ox.Triple]) -> network.Network:
    own = {_path(t.subject): t.object.value for t in said if t.predicate.value == LABEL}
    known = labels(store, nodes)
    drawing = nx.MultiDiGraph()
    for path in nodes:
        label = own.get(path) or known.get(path) or things.shown(_iri(path))[0]
        kind = (network.kind_of(path) if path.startswith("/") else None) or OTHER["kind"]
        more = {"caption": "", "badge": "", "since": None, "until": None, "description": ""}
        drawing.add_node(path, label=label, short=label, kind=kind, **more)
    for link in links:
        source, target = _path(link.subject), _path(link.object)
        if source in drawing and target in drawing:
            drawing.add_edge(source, target, says=things.words_of(link.predicate.value), since=None, until=None)
    return drawing


def _path(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Path:
    """A node as the picture knows it: the path of one of our things, another IRI whole, a blank node by its label."""
    return iri.path(term.value) if isinstance(term, ox.NamedNode) else str(term)


def _iri(path: Path) -> str:
    return iri.of(path) if path.startswith("/") else path


def labels(store: Store, nodes: Iterable[Path]) -> dict[Path, str]:
    """What the graph calls our things, by path."""
    ours = [path for path in nodes if path.startswith("/")]
    if not ours:
        return {}
    rows = store.select(query_text("labels_of").replace("$things", values(ours)))
    return {iri.path(row["thing"]): row["label"] for row in sorted(rows, key=lambda row: row["label"], reverse=True)}
