"""How two things are connected: a page and JSON that tell the way from one to the other, a sentence for each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from api import picture, rendering
from api.things import long_day
from graph import answers, connection, iri, network
from graph.answers import Malformed
from graph.records import Path
from graph.store import Store

ENDS = [
    {**picture.parameter("from", "A citation, path, IRI or name."), "required": True},
    {**picture.parameter("to", "A citation, path, IRI or name."), "required": True},
]


def mount(app: FastAPI, store_of: Callable[[], Store], templates: Jinja2Templates) -> None:
    """Put ``/path`` and ``/api/v1/path`` into `app`."""
    site = rendering.Site(store_of, templates, {})

    def page(request: Request) -> Response:
        try:
            return rendering.page(site, request, "path.html", lambda store: connected(store, request.query_params))
        except Malformed as error:
            return picture.refused(site, request, error)

    app.add_route("/path", page, methods=["GET"], include_in_schema=False)
    app.add_api_route(
        "/api/v1/path",
        rendering.as_json(store_of, path_between),
        methods=["GET"],
        name="path",
        summary="How two things are connected, step by step",
        response_class=Response,
        openapi_extra={"parameters": ENDS},
    )


def path_between(store: Store, asked: QueryParams) -> dict[str, Any]:
    """The steps from one thing to another, each with its sentence. Raises `Malformed` and `network.Unknown`."""
    ends = [network.resolve(store, asked.get(key) or "") for key in ("from", "to")]
    if "story" in ends:
        raise Malformed("the story is not one thing; name a thing at each end")
    steps = connection.between(store, *ends)
    on_way = dict.fromkeys([*ends, *(end for step in steps or () for end in (step.source, step.target))])
    known = network.things(store, on_way)
    named = {path: {"path": path, "iri": iri.of(path), **_named(thing)} for path, thing in known.items()}
    return {
        "status": "unconnected" if steps is None else "ok",
        "from": named[ends[0]],
        "to": named[ends[1]],
        "steps": [
            {
                "source": named[step.source],
                "says": step.says,
                "target": named[step.target],
                "since": step.since,
                "until": step.until,
                "when": when(step),
                "sentence": sentence(step, known),
            }
            for step in steps or ()
        ],
        "things": _in_order(ends[0], steps or ()),
        "known_through": answers.known_through(store),
    }


def _in_order(start: Path, steps: tuple[connection.Step, ...]) -> list[Path]:
    """The things of a way, as one comes to them."""
    met = [start]
    for step in steps:
        met.append(step.target if step.source == met[-1] else step.source)
    return met


def _named(thing: Mapping[str, Any]) -> dict[str, str]:
    return {key: thing[key] for key in ("label", "caption", "kind", "badge")}


def sentence(step: connection.Step, things: Mapping[Path, Mapping[str, Any]]) -> str:
    """A step as a sentence; `things` are what is known of its ends (`network.things`)."""
    source, target = (picture.in_words(things[end]) for end in (step.source, step.target))
    words = f"{source} {step.says} {target}{when(step)}."
    return words[:1].upper() + words[1:]


UNDATED = ("is part of", "is stated in", "claims", "is about", "mentions", "bears on")
"""Relations whose day is that of a thing they name: it adds nothing to the sentence."""


def when(step: connection.Step) -> str:
    """When it was so, as the end of a sentence.

    >>> when(connection.Step("/a", "cosponsored", "/b", "2017-04-03", "2017-09-25"))
    ' from April 3, 2017 until September 25, 2017'
    >>> when(connection.Step("/a", "became", "/b", "2018-04-11", None))
    ' on April 11, 2018'
    """
    if not step.since or step.says in UNDATED:
        return ""
    day = long_day(step.since)
    if step.says in network.EFFECT_WORDS.values():
        return f" with effect from {day}"
    if step.says == "would change":
        return f", as introduced on {day}"
    if step.until:
        return f" from {day} until {long_day(step.until)}"
    return f" on {day}" if len(step.since) == len("YYYY-MM-DD") else f" in {day}"


def connected(store: Store, asked: QueryParams) -> dict[str, Any]:
    """What the page of a path shows: the form alone while an end is missing, else the steps, the picture, the table."""
    ends = {"from": (asked.get("from") or "").strip(), "to": (asked.get("to") or "").strip()}
    if not all(ends.values()):
        return {"ends": ends, "found": None, "title": "How is it connected?"}
    found = path_between(store, asked)
    around = picture.Question(tuple(found["things"]), depth=0, gather=True)
    return {
        **picture.shown(store, around),
        "ends": {"from": found["from"]["label"], "to": found["to"]["label"]},
        "found": found,
        "title": f"From {found['from']['label']} to {found['to']['label']}",
        "json": f"/api/v1/path?{urlencode({'from': found['from']['path'], 'to': found['to']['path']})}",
    }
