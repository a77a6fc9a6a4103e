"""Bills applied to the text: ``/simulate``, a form and its answer, and ``/api/v1/simulate``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from api import rendering
from api.json_api import PROBLEMS
from api.picture import parameter
from graph import answers, simulation
from graph.answers import Answer, Malformed
from graph.store import Store

OUTCOMES = {
    "applied": "applied",
    "unchecked": "done as it says, words not checked",
    "refused": "cannot be applied",
    "apart": "leaves the words alone",
    "elsewhere": "changes a section that is not loaded",
}
FATES = {"moved": "would move", "ended": "would end", "reworded": "would read differently",
         "reworded-within": "would read differently in part", "shifts": "would point at something else",
         "dangles": "would point at nothing"}  # fmt: skip


def mount(app: FastAPI, store_of: Callable[[], Store], templates: Jinja2Templates) -> None:
    """Put ``/simulate`` and ``/api/v1/simulate`` into `app`."""
    site = rendering.Site(store_of, templates, {})

    def page(request: Request) -> Response:
        asked = request.query_params
        form = {"bills": bills(asked), "on": asked.get("on", ""), "outcomes": OUTCOMES, "fates": FATES}
        try:
            found = ask(store_of(), asked) if form["bills"] else None
        except Malformed as error:
            problem = str(error)
            return rendering.page(site, request, "simulate.html", lambda store: _shown(store, form, None, problem), 400)
        return rendering.page(site, request, "simulate.html", lambda store: _shown(store, form, found))

    app.add_route("/simulate", page, methods=["GET"], include_in_schema=False)
    app.add_api_route(
        "/api/v1/simulate",
        rendering.as_json(store_of, ask),
        methods=["GET"],
        name="simulate",
        summary="Bills applied to the text in force: what the section would be",
        response_class=Response,
        responses=PROBLEMS,
        openapi_extra={"parameters": PARAMETERS},
    )


def bills(asked: QueryParams) -> list[str]:
    """The bills of an address: several ``bill=``, or several in one, a semicolon between them."""
    return [bill.strip() for given in asked.getlist("bill") for bill in given.split(";") if bill.strip()]


def ask(store: Store, asked: QueryParams) -> Answer:
    """The answer to the parameters of an address. Raises `Malformed`."""
    return simulation.simulate(store, bills(asked), asked.get("on", "").strip() or "today")


def _shown(store: Store, form: dict[str, Any], found: Answer | None, problem: str = "") -> dict[str, Any]:
    return {**form, "answer": found, "problem": problem, "today": answers.today(store)}


PARAMETERS = [
    parameter("bill", 'A bill such as "H.R. 6746 (119th Cong.)"; several, a semicolon between them.'),
    parameter("on", "YYYY-MM-DD, or today for the coverage day."),
]
