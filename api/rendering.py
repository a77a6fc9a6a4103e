"""How pages are rendered: templates and what they may call, ETags, and pages kept once rendered.

A page depends on the release, the address and nothing else, so its ETag is made of these (and of the code).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path as File
from typing import Any, NamedTuple
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates

from api import citing, errors, negotiation, provisions, things
from graph import answers, citation, iri, network
from graph.naming import name
from graph.store import Store

HERE = File(__file__).parent

KEPT = 256
"""Bodies kept in memory."""

LARGEST = 512 << 10
"""Bytes of a body that is kept."""

DOORS = (
    ("/stories", "Stories"),
    ("/explore", "Explore"),
    ("/trace", "Trace"),
    ("/bills", "Bills"),
    ("/queries", "Query"),
    ("/about", "About"),
)
"""What every page leads to at its head."""

_JOINTS = re.compile(
    r"(?<=U\.S\.C\.) |(?<=§) |(?<=\d) (?=U\.S\.C\.)|(?<=Pub\. L\.) |(?<=H\.R\.) |(?<=\bS\.) (?=\d)| (?=Cong\.)"
)
"""Spaces of a citation at which a line must not break."""


class Site(NamedTuple):
    """What handlers need: the store of now, the templates, and the pages rendered so far."""

    store_of: Callable[[], Store]
    templates: Jinja2Templates
    kept: dict[str, bytes]


def templates() -> Jinja2Templates:
    """The templates, with what they may call."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=things.long_day,
        days=things.long_days,
        name=lambda value: name(iri.path(value)),
        href=href,
        shown=things.shown,
        path=iri.path,
        words=things.words_of,
        sentence=sentence,
        cite=unbroken,
        ordinal=lambda number: citation.ordinal(str(number)),
        address_of=lambda cite: mention.path if (mention := citation.parse(cite)) else "",
    )
    environment.tests["unenforced"] = provisions.is_unenforced
    environment.globals.update(
        doors=DOORS,
        letters=things.LETTERS,
        formats=negotiation.OF_A_THING,
        iri_of=iri.of,
        bluebook=citing.bluebook,
        markdown=citing.markdown,
        bibtex=citing.bibtex,
    )
    return Jinja2Templates(env=environment)


def href(value: str | None) -> str:
    """An address that may stand in a link: one of ours as a path, a web address as it is, anything else none at all.

    >>> href("https://w3id.org/section230/us/pl/115/164"), href("https://example.org/x"), href("javascript:x")
    ('/us/pl/115/164', 'https://example.org/x', '')
    >>> href("/org/a?b"), href("https://w3id.org/section230/ns#sponsor")
    ('/org/a%3Fb', '/ontology/sponsor')
    """
    path = iri.path(value or "")
    vocabulary, _, term = path.partition("#")
    if vocabulary in ("/ns", "/ontology"):
        return f"/ontology/{quote(term)}"
    if vocabulary == "/glossary":
        return f"/glossary#{quote(term)}"
    if path.startswith("/") and not path.startswith("//"):
        return quote(path, safe="/@;:,()!*'$&+=~-._%")
    return path if re.match(r"https?://[^\s\"'<>]+$", path) else ""


def sentence(text: str) -> str:
    """A note as a sentence: a capital first, a stop last.

    >>> sentence("asked again"), sentence("House 388-25 (roll 91).")
    ('Asked again.', 'House 388-25 (roll 91).')
    """
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "”", '"')) or not text else ".")


def unbroken(text: str) -> str:
    """A citation that is not broken after its section mark or reporter.

    >>> unbroken("47 U.S.C. § 230(e)(5)").count(chr(160))
    3
    """
    return _JOINTS.sub("\u00a0", text)


# --- answering --------------------------------------------------------------------------------------------------------


def is_fresh(request: Request, etag: str) -> bool:
    """Whether the reader has this answer already (RFC 9110, section 13.1.2; weak comparison)."""
    known = request.headers.get("if-none-match", "")
    bare = etag.removeprefix("W/")
    return known == "*" or bare in {part.strip().removeprefix("W/") for part in known.split(",")}


@cache
def code_digest() -> str:
    """A digest of templates and code: a page changes with them, not only with the release."""
    files = sorted([*HERE.glob("*.py"), *HERE.glob("templates/*"), *HERE.glob("static/*")])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()[:8]


def headers_for(store: Store, request: Request, format: str) -> dict[str, str]:
    """ETag by release, address and format, and what caches must know."""
    about = f"{store.name} {code_digest()} {format} {request.url.path}?{request.url.query}"
    etag = f'W/"{hashlib.sha256(about.encode()).hexdigest()[:16]}"'
    return {"ETag": etag, "Vary": "Accept", "Cache-Control": "no-cache"}


def page(
    site: Site, request: Request, template: str, make: Callable[[Store], Mapping[str, Any]], status: int = 200
) -> Response:
    """An HTML page; `make` collects what the template shows and is only called where nothing is kept."""
    store = site.store_of()
    headers = headers_for(store, request, "html")
    if status == 200 and is_fresh(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)

    def render() -> bytes:
        context = {**frame(store, request), **make(store)}
        return site.templates.get_template(template).render(context).encode("utf-8", "replace")

    body = kept(site, headers["ETag"], render) if status == 200 else render()
    return Response(body, status, headers, "text/html; charset=utf-8")


def as_json(
    store_of: Callable[[], Store], ask: Callable[[Store, QueryParams], Mapping[str, Any]]
) -> Callable[[Request], Response]:
    """A handler that answers with the JSON of what `ask` finds for the parameters of an address."""

    def reply(request: Request) -> Response:
        store = store_of()
        headers = headers_for(store, request, "json")
        if is_fresh(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        try:
            found = ask(store, request.query_params)
        except network.Unknown as error:
            return errors.problem(404, str(error), near=list(error.near))
        return Response(json.dumps(found, ensure_ascii=False), media_type="application/json", headers=headers)

    return reply


def kept(site: Site, etag: str, make: Callable[[], bytes]) -> bytes:
    """The body with this ETag: one that was made before, or a new one, which is kept unless it is large."""
    body = site.kept.get(etag)
    if body is None:
        body = make()
        if len(site.kept) >= KEPT:
            site.kept.clear()
        if len(body) <= LARGEST:
            site.kept[etag] = body
    return body


def frame(store: Store, request: Request) -> dict[str, Any]:
    """What every page shows: where we are, and up to which day it speaks."""
    return {
        "request": request,
        "here": request.url.path,
        "today": answers.today(store),
        "known_through": answers.known_through(store),
        "release": store.name,
        "stopped": provisions.unenforced(store),
    }


def see(address: str) -> Response:
    """See Other (RFC 9110, section 15.4.4): the thing asked for is shown at another address."""
    return RedirectResponse(href(address), 303, {"Vary": "Accept"})
