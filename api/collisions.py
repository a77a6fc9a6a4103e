"""Bills that cannot both pass: ``/collisions`` as a matrix, CSV and JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from api import rendering, tabular
from api.json_api import PROBLEMS
from api.picture import parameter
from graph import collisions
from graph.answers import Answer, Malformed
from graph.store import Store

COLUMNS = ("bill", "other", "kind", "at", "related", "bill_iri", "other_iri")
SIGNS = {"same-designation": "D", "same-words": "W", "repealed": "R", "moved": "M", "same-provision": "P"}
"""What stands in a cell of the matrix for the gravest collision of two bills."""


def mount(app: FastAPI, store_of: Callable[[], Store], templates: Jinja2Templates) -> None:
    """Put ``/collisions``, ``/collisions.csv`` and ``/api/v1/collisions`` into `app`."""
    site = rendering.Site(store_of, templates, {})

    def page(request: Request) -> Response:
        try:
            found = ask(store_of(), request.query_params)
        except Malformed as error:
            problem = str(error)
            latest = collisions.matrix(store_of())
            return rendering.page(site, request, "collisions.html", lambda _: _shown(latest, problem), 400)
        return rendering.page(site, request, "collisions.html", lambda _: _shown(found))

    def table(request: Request) -> Response:
        store = store_of()
        headers = rendering.headers_for(store, request, "csv")
        return Response(as_csv(ask(store, request.query_params)), headers=headers, media_type="text/csv")

    app.router.routes += [
        Route("/collisions", page, methods=["GET"]),
        Route("/collisions.csv", table, methods=["GET"]),
    ]
    app.add_api_route(
        "/api/v1/collisions",
        rendering.as_json(store_of, ask),
        methods=["GET"],
        name="collisions",
        summary="Bills of one Congress that cannot both pass as they stand",
        response_class=Response,
        responses=PROBLEMS,
        openapi_extra={"parameters": [parameter("congress", "The Congress; without it the latest.")]},
    )


def ask(store: Store, asked: QueryParams) -> Answer:
    """The answer to the parameters of an address. Raises `Malformed`."""
    return collisions.matrix(store, asked.get("congress", "").strip())


def as_csv(answer: Answer) -> str:
    """The pairs as CSV, a row for each two bills, kind and designation."""
    rows = [
        (*pair["cites"], pair["kind"], pair["at"], "yes" if pair["related"] else "no", *pair["bills"])
        for pair in answer["pairs"]
    ]
    return tabular.as_csv(COLUMNS, rows)


def _shown(answer: Answer, problem: str = "") -> dict[str, Any]:
    """The matrix: for each two bills the gravest kind, with all that there is between them."""
    cells: dict[tuple[str, str], list[Answer]] = {}
    for pair in answer["pairs"]:
        one, other = pair["bills"]
        for key in ((one, other), (other, one)):
            cells.setdefault(key, []).append(pair)
    return {"answer": answer, "cells": cells, "signs": SIGNS, "problem": problem}
