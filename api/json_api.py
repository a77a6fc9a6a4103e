"""JSON under `/api/v1`: the answers of the command line over HTTP, each with the coverage day of every family."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request, Response

from api import bills as measures
from api import decisions, gaps, provisions, rendering, things
from api import search as finding
from graph import answers, iri, redline
from graph.store import Store, ask_for

Cite = Annotated[
    str, Query(description='A citation such as "47 U.S.C. § 230(e)(5)", an IRI or a USLM identifier.', max_length=500)
]
Text = Annotated[str, Query(description="A text with citations.", max_length=20_000)]
Day = Annotated[str, Query(description="YYYY-MM-DD, or today for the coverage day.", max_length=10)]

Choice = Annotated[Sequence[str], Query(description="One value or several; see the facets of the answer.")]

PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"description": "No citation or no date where one is required.", "content": {"application/problem+json": {}}},
    503: {"description": "The graph cannot be asked just now.", "content": {"application/problem+json": {}}},
}


def mount(app: FastAPI, store_of: Callable[[], Store]) -> None:
    """Put the routes of the JSON API into `app`."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    def reply(request: Request, content: dict[str, Any]) -> Response:
        body = json.dumps(content, ensure_ascii=False).encode()
        headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"', "Vary": "Accept", "Cache-Control": "no-cache"}
        if rendering.is_fresh(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    @router.get("/at", summary="The provision that stood there on that day")
    def at(request: Request, cite: Cite, date: Day = "today") -> Response:
        return reply(request, answers.at(store_of(), cite, date))

    @router.get("/translate", summary="An old citation as that of the same provision on another day")
    def translate(request: Request, cite: Cite, date: Day, to: Day | None = None) -> Response:
        return reply(request, answers.translate(store_of(), cite, date, to))

    @router.get("/trace", summary="The chain behind a provision: effect, law, bill, sponsor, cosponsors, votes")
    def trace(request: Request, cite: Cite) -> Response:
        return reply(request, answers.trace(store_of(), cite))

    @router.get("/diff", summary="A redline between two days, by words")
    def diff(request: Request, cite: Cite, start: Annotated[str, Query(alias="from")], to: Day = "today") -> Response:
        return reply(request, redline.diff(store_of(), cite, start, to))

    @router.get("/blame", summary="Each stretch of words and the enactment that put it there")
    def blame(request: Request, cite: Cite, date: Day = "today") -> Response:
        return reply(request, redline.blame(store_of(), cite, date))

    @router.get("/timeline", summary="Versions, enactments and pending bills by day")
    def timeline(request: Request, cite: Cite) -> Response:
        return reply(request, answers.life(store_of(), cite))

    @router.get("/search", summary="Everything that matches, grouped by kind")
    def search(
        request: Request,
        q: Annotated[str, Query(description="Citation, name, number or plain words.", max_length=200)],
        kind: Annotated[str, Query(description="Only this kind.", max_length=20)] = "",
    ) -> Response:
        return reply(request, found(store_of(), q, kind))

    @router.get("/bills", summary="The measures of Congress that count, by facets")
    def bills(
        request: Request,
        congress: Choice = (),
        stage: Choice = (),
        sponsor: Choice = (),
        party: Choice = (),
        provision: Choice = (),
        effect: Choice = (),
        relevance: Choice = (),
    ) -> Response:
        return reply(request, measures.answer(store_of(), request.query_params.multi_items()))

    @router.get("/cases", summary="The decisions, by court, provision, outcome and year")
    def cases(
        request: Request, court: str = "", provision: str = "", outcome: str = "", since: str = "", until: str = ""
    ) -> Response:
        return reply(request, decisions.answer(store_of(), request.query_params))

    @router.get("/sources", summary="The sources of a thing, best confidence first")
    def sources(request: Request, thing: Annotated[str, Query(description="Its path.", max_length=500)]) -> Response:
        return reply(request, cited(store_of(), thing))

    @router.get("/cite", summary="The citations in a text, parsed, resolved, normalized")
    def cite(request: Request, text: Text) -> Response:
        return reply(request, answers.cited(store_of(), text))

    @router.get("/stats", summary="What the graph holds, and up to which day")
    def stats(request: Request) -> Response:
        return reply(request, counted(store_of()))

    app.include_router(router)


def found(store: Store, text: str, kind: str = "") -> dict[str, Any]:
    """The answer of `search`."""
    groups = finding.search(store, text, kind, most=50 if kind else 8)
    return {
        "status": "ok" if groups else "nothing-found",
        "query": text,
        "groups": [
            {
                "kind": group.kind.key,
                "title": group.kind.many,
                "count": group.total,
                "results": [
                    {
                        "label": hit.label,
                        "about": hit.about,
                        "badge": hit.kind.badge,
                        "is_enforced": not provisions.is_unenforced(hit.path, provisions.unenforced(store)),
                        "iri": iri.of(hit.path) if things.is_thing(hit.path) else None,
                        "path": hit.path,
                    }
                    for hit in group.hits
                ],
            }
            for group in groups
        ],
        "known_through": answers.known_through(store),
    }


def cited(store: Store, thing: str) -> dict[str, Any]:
    """The answer of `sources`. Raises `Malformed` for what is no path of ours."""
    if not thing.startswith("/") or "//" in thing:
        raise answers.Malformed(f'"{thing[:60]}" is no path; a path is like /us/pl/115/164')
    found = things.cited(store, iri.safe(thing))
    return {
        "status": "ok" if found else "no-sources",
        "thing": thing,
        "sources": found,
        "known_through": answers.known_through(store),
    }


def counted(store: Store) -> dict[str, Any]:
    """The answer of `stats`."""
    return {
        "status": "ok",
        "release": store.name,
        "things": {row["label"]: int(row["count"]) for row in ask_for(store, "classes")},
        "families": [
            {"family": row["name"], "publisher": row.get("publisher"), "coverage": row.get("day")}
            for row in ask_for(store, "families")
        ],
        "gaps": [
            {
                "iri": iri.of(gap.path),
                "missing": gap.missing,
                "reason": gap.reason,
                "note": gap.note or None,
                "affects": gap.affects,
                "counts": gap.counts,
                "congresses": gap.congresses,
            }
            for gap in gaps.known(store)
        ],
        "known_through": answers.known_through(store),
    }
