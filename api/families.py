"""Bills that come back across Congresses: ``/families`` as a page, CSV and JSON."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from api import rendering, tabular
from graph import families
from graph.answers import Answer
from graph.store import Store

COLUMNS = ("family", "bill", "title", "congress", "introduced", "stage", "sponsor", "before", "new", "gone", "iri")


def mount(app: FastAPI, store_of: Callable[[], Store], templates: Jinja2Templates) -> None:
    """Put ``/families``, ``/families.csv`` and ``/api/v1/families`` into `app`."""
    site = rendering.Site(store_of, templates, {})

    def page(request: Request) -> Response:
        return rendering.page(site, request, "families.html", lambda store: {"answer": families.families(store)})

    def table(request: Request) -> Response:
        store = store_of()
        headers = rendering.headers_for(store, request, "csv")
        return Response(as_csv(families.families(store)), headers=headers, media_type="text/csv")

    app.router.routes += [
        Route("/families", page, methods=["GET"]),
        Route("/families.csv", table, methods=["GET"]),
    ]
    app.add_api_route(
        "/api/v1/families",
        rendering.as_json(store_of, lambda store, _: families.families(store)),
        methods=["GET"],
        name="families",
        summary="Bills that were introduced again, and what changed; laws whose words began in another bill",
        response_class=Response,
    )


def as_csv(answer: Answer) -> str:
    """The bills of all families as CSV, a row each; what changed in one cell."""
    rows = [
        (
            number, bill["cite"], bill["title"], bill["congress"], bill["introduced"], bill["stage"], bill["sponsor"],
            bill["before_cite"], *(_changes(bill, side) for side in ("new", "gone")), bill["iri"],
        )
        for number, family in enumerate(answer["families"], 1)
        for bill in family["bills"]
    ]  # fmt: skip
    return tabular.as_csv(COLUMNS, rows)


def _changes(bill: Answer, side: str) -> str:
    return "; ".join(f"{one['operation']} {one['at']}" for one in (bill["changed"] or {}).get(side, ()))
