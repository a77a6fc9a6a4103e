"""The service: pages, JSON, SPARQL and the picture over one store.

What every answer has in common is here: headers that keep a browser from asking other hosts, reading from other sites
(CORS), HEAD, and errors in the form that the reader asked for. No answer carries a traceback.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from api import (
    check,
    collisions,
    errors,
    families,
    json_api,
    networks,
    pages,
    path,
    picture,
    positions,
    rendering,
    scenario,
    search,
    simulation,
    sketch,
    sparql,
)
from api.settings import Settings
from graph.answers import Malformed
from graph.engine import Engine
from graph.release import NoRelease, current
from graph.store import Embedded, Endpoint, Store, StoreError, connect, is_address

HERE = Path(__file__).parent

SECURITY = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}

_SECURITY = [(name.encode(), value.encode()) for name, value in SECURITY.items()]

StoreOf = Callable[[], Store]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


def create_app(where: str | Path, settings: Settings) -> FastAPI:
    """The service over a releases folder or the address of a SPARQL endpoint.

    A release that is published while the service runs is served from the next request on. Raises `NoRelease` or
    `StoreError` where there is nothing to serve.
    """
    store_of = opener(where, settings.credentials)
    first = store_of()
    app = FastAPI(
        title="Section 230 graph",
        version="1",
        description="47 U.S.C. § 230 through time, with sources. Not legal advice.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    templates = rendering.templates()
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    json_api.mount(app, store_of)
    engine = Engine(
        first if isinstance(first, Endpoint) else Path(where),
        timeout=settings.query_timeout,
        memory_mb=settings.query_memory_mb,
        workers=settings.workers,
    )
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["*"],
        expose_headers=["ETag", "Retry-After"],
    )
    sparql.mount(app, engine)
    picture.mount(app, store_of, templates)
    sketch.mount(app, store_of)
    path.mount(app, store_of, templates)
    check.mount(app, store_of, templates)
    scenario.mount(app, store_of, templates)
    simulation.mount(app, store_of, templates)
    collisions.mount(app, store_of, templates)
    families.mount(app, store_of, templates)
    networks.mount(app, store_of, templates)
    positions.mount(app, store_of, templates)
    pages.mount(app, store_of, templates)
    for fault in (HTTPException, RequestValidationError, Malformed, StoreError, NoRelease, Exception):
        app.add_exception_handler(fault, errors.handler(templates, store_of))
    app.add_middleware(Headers)
    return app


def opener(where: str | Path, credentials: str = "") -> StoreOf:
    """A function that yields the store to ask now: the current release, opened once, or the endpoint.

    The search index of a release is made beside, so that the first reader need not wait for it.
    """
    if is_address(where):
        endpoint = connect(where, credentials)
        _index_beside(endpoint)
        return lambda: endpoint

    @lru_cache(maxsize=2)
    def opened(release: Path) -> Store:
        store = Embedded(release)
        _index_beside(store)
        return store

    return lambda: opened(current(Path(where)))


def _index_beside(store: Store) -> None:
    def make() -> None:
        with suppress(StoreError):
            search.index(store)

    threading.Thread(target=make, daemon=True).start()


class Headers:
    """Security headers on every answer, and HEAD for the JSON API, whose routes know GET alone (RFC 9110, 9.3.2)."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD" and scope["path"].startswith("/api/")

        async def sending(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                added = [field for field in _SECURITY if field[0] not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"} if is_head else scope, receive, sending)
