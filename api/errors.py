"""Errors as answers: a page for people, `application/problem+json` (RFC 9457) for programs."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.templating import Jinja2Templates

from api import negotiation
from graph import answers, iri, ledger
from graph.answers import Malformed
from graph.records import Day
from graph.release import NoRelease
from graph.store import Store, StoreError

PROGRAMS = ("/api/", "/sparql", "/openapi.json")
"""Addresses that programs ask: errors there are JSON, whatever a browser says it accepts."""


def handler(templates: Jinja2Templates, store_of: Callable[[], Store]) -> Callable[[Request, Exception], Response]:
    """The handler that turns any exception into an answer."""

    def handle(request: Request, error: Exception) -> Response:
        status, detail = read(error)
        headers = dict(getattr(error, "headers", None) or {})
        if wants_page(request):
            days = days_near(store_of, request.url.path) if status == 400 else []
            context = {"status": status, "title": HTTPStatus(status).phrase, "detail": detail, "days": days}
            return templates.TemplateResponse(request, "error.html", context, status_code=status, headers=headers)
        return problem(status, detail, headers)

    return handle


def days_near(store_of: Callable[[], Store], path: str) -> list[Day]:
    """The days on which something began to stand at an address of the Code; none for any other address."""
    if not path.startswith("/us/usc/") or "/s" not in path:
        return []
    slot = iri.split_day(path)[0]
    bindings = answers.timeline_of(store_of(), ledger.section_of(slot)).bindings
    return sorted({binding.valid_from for binding in bindings if binding.slot == slot})


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> JSONResponse:
    """A problem in the form of RFC 9457: type, title, status, detail, and whatever else helps."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def wants_page(request: Request) -> bool:
    """Whether the reader is a person: the address is no program's, and HTML is what it likes best."""
    if request.url.path.startswith(PROGRAMS):
        return False
    if negotiation.split_ending(request.url.path)[1]:
        return False
    return negotiation.choose(request.headers.get("accept")) is negotiation.HTML


def read(error: Exception) -> tuple[int, str]:
    """Status and one clear line for an exception; what is not ours says no more than that something broke."""
    match error:
        case HTTPException():
            return error.status_code, str(error.detail)
        case RequestValidationError():
            first = error.errors()[0]
            return 400, f"parameter {first['loc'][-1]!r}: {first['msg']}"
        case Malformed():
            return 400, str(error)
        case StoreError() | NoRelease():
            return 503, f"The graph cannot be asked just now: {error}"
    return 500, "Something broke here; it is not your request. Please report it with the address of this page."
