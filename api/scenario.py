"""A situation held against Section 230: ``/scenario``, a form and its answer, and ``/api/v1/scenario``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from api import rendering
from api.json_api import PROBLEMS
from api.picture import parameter
from graph import answers, scenario
from graph.answers import Answer, Malformed
from graph.store import Store

NAMES = ("who", "law", "conduct", "on", "where")


def mount(app: FastAPI, store_of: Callable[[], Store], templates: Jinja2Templates) -> None:
    """Put ``/scenario`` and ``/api/v1/scenario`` into `app`."""
    site = rendering.Site(store_of, templates, {})

    def page(request: Request) -> Response:
        asked = {name: request.query_params.get(name, "") for name in NAMES}
        try:
            found = ask(store_of(), request.query_params) if any(asked[name] for name in NAMES[:3]) else None
        except Malformed as error:
            return rendering.page(site, request, "scenario.html", _form(asked, None, str(error)), 400)
        return rendering.page(site, request, "scenario.html", _form(asked, found))

    app.add_route("/scenario", page, methods=["GET"], include_in_schema=False)
    app.add_api_route(
        "/api/v1/scenario",
        rendering.as_json(store_of, ask),
        methods=["GET"],
        name="scenario",
        summary="Which provisions decide a situation, in order, with the decisions on each",
        response_class=Response,
        responses=PROBLEMS,
        openapi_extra={"parameters": PARAMETERS},
    )


def ask(store: Store, asked: QueryParams) -> Answer:
    """The answer to the parameters of an address. Raises `Malformed`."""
    who, law, conduct, on, where = (asked.get(name, "").strip() for name in NAMES)
    return scenario.scenario(store, who, law, conduct, on or "today", where)


def _form(asked: Mapping[str, str], found: Answer | None, problem: str = "") -> Callable[[Store], dict[str, Any]]:
    def context(store: Store) -> dict[str, Any]:
        known = scenario.rules()
        return {
            "asked": asked,
            "answer": found,
            "problem": problem,
            "choices": (
                ("who", "Who goes to court", known["plaintiffs"].values()),
                ("law", "Under which law", known["laws"].values()),
                ("conduct", "Over what: the service …", known["conducts"].values()),
            ),
            "courts": scenario.courts(store),
            "today": answers.today(store),
        }

    return context


PARAMETERS = [
    parameter("who", "Who goes to court.", type="string", enum=list(scenario.rules()["plaintiffs"])),
    parameter("law", f"A kind of law or a citation of the Code: {', '.join(scenario.rules()['laws'])}."),
    parameter("conduct", "What the service did.", type="string", enum=list(scenario.rules()["conducts"])),
    parameter("on", "YYYY-MM-DD, or today for the coverage day."),
    parameter("where", "The court whose decisions bind, as CourtListener abbreviates it, such as ca9."),
]
