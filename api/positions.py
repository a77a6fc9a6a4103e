"""Who stood with whom: ``/positions`` as a page and CSV, ``/positions.graphml`` for Gephi, ``/api/v1/positions``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from api import rendering, tabular
from api.networks import graphml
from graph import iri, positions
from graph.positions import Position
from graph.store import Store

MOST_PAIRS = 60
"""Pairs that the page shows; the files have all."""


def mount(app: FastAPI, store_of: Callable[[], Store], templates: Jinja2Templates) -> None:
    """Put the addresses of the positions into `app`."""
    site = rendering.Site(store_of, templates, {})

    def page(request: Request) -> Response:
        return rendering.page(site, request, "positions.html", shown)

    def table(request: Request) -> Response:
        store = store_of()
        headers = rendering.headers_for(store, request, "csv")
        return Response(as_csv(positions.positions(store)), headers=headers, media_type="text/csv")

    def network(request: Request) -> Response:
        store = store_of()
        headers = rendering.headers_for(store, request, "graphml")
        found = graphml(positions.network(positions.positions(store)))
        return Response(found, headers=headers, media_type="application/graphml+xml")

    app.router.routes += [
        Route("/positions", page, methods=["GET"]),
        Route("/positions.csv", table, methods=["GET"]),
        Route("/positions.graphml", network, methods=["GET"]),
    ]
    app.add_api_route(
        "/api/v1/positions",
        rendering.as_json(store_of, lambda store, _: answer(store)),
        methods=["GET"],
        name="positions",
        summary="Positions on bills, laws and cases, and who stood with whom",
        response_class=Response,
    )


def answer(store: Store) -> dict[str, Any]:
    """Every position, and every two actors that took sides on one thing."""
    found = positions.positions(store)
    return {
        "positions": [_told(position) for position in found],
        "pairs": [
            {
                "first": iri.of(pair.first),
                "second": iri.of(pair.second),
                "together": [iri.of(thing) for thing in pair.together],
                "apart": [iri.of(thing) for thing in pair.apart],
            }
            for pair in positions.pairs(found)
        ],
    }


def _told(position: Position) -> dict[str, str]:
    paths = {name: iri.of(getattr(position, name)) for name in ("stance", "actor", "on")}
    return position._asdict() | paths


def as_csv(found: tuple[Position, ...]) -> str:
    """The positions as CSV, a row each."""
    return tabular.as_csv(Position._fields, (_told(position).values() for position in found))


def shown(store: Store) -> dict[str, Any]:
    """What the page shows: things with who stood where, those with most positions first, and pairs of actors."""
    found = positions.positions(store)
    by_thing: dict[str, list[Position]] = {}
    for position in found:
        by_thing.setdefault(position.on, []).append(position)
    things = sorted(by_thing.items(), key=lambda item: (-len(item[1]), item[0]))
    pairs = positions.pairs(found)
    return {
        "things": things,
        "pairs": pairs[:MOST_PAIRS],
        "pair_count": len(pairs),
        "names": {position.actor: position.name for position in found},
        "labels": {position.on: position.on_label for position in found},
        "count": len(found),
    }
