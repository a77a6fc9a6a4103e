"""A text against the record: ``POST /api/v1/check``, and ``/check`` to paste a text into. Nothing of it is kept."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Annotated, Any, NamedTuple
from urllib.parse import parse_qs

from fastapi import FastAPI, Query
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from api import rendering
from graph import answers, check
from graph.answers import Answer, Malformed
from graph.store import Store

MOST_SHOWN = 120_000
"""Code points of a text that the page shows; the command line and the API take more."""

AsOf = Annotated[
    str, Query(description="The day of the text, YYYY-MM-DD; read from the text if left out.", max_length=10)
]


class Stretch(NamedTuple):
    """A stretch of the text as the page shows it: where it leads, and the claim it belongs to (its number, from 1)."""

    text: str
    href: str
    number: int
    verdict: str


def mount(app: FastAPI, store_of: Callable[[], Store], templates: Jinja2Templates) -> None:
    """Put ``/check`` and ``/api/v1/check`` into `app`."""
    site = rendering.Site(store_of, templates, {})

    async def checked(request: Request, as_of: AsOf = "") -> Response:
        content = await body(request)
        found = await run_in_threadpool(lambda: check.check(store_of(), text_of(content), as_of or None))
        written = await run_in_threadpool(json.dumps, found, ensure_ascii=False)
        return Response(written, media_type="application/json", headers={"Cache-Control": "no-store"})

    async def pasted(request: Request) -> Response:
        form = await body(request)
        return await run_in_threadpool(_page, site, request, form)

    async def asked(request: Request) -> Response:
        return await run_in_threadpool(_page, site, request, b"")

    app.add_api_route(
        "/api/v1/check",
        checked,
        methods=["POST"],
        summary="What a text names and claims, each claim held against the record as of the day of the text",
        response_class=Response,
        openapi_extra={"requestBody": {"content": {"text/plain": {"schema": {"type": "string"}}}, "required": True}},
        responses={
            400: {"description": "No text, or no date.", "content": {"application/problem+json": {}}},
            413: {"description": f"More than {check.LARGEST:,} bytes.", "content": {"application/problem+json": {}}},
        },
    )
    app.add_route("/check", pasted, methods=["POST"], include_in_schema=False)
    app.add_route("/check", asked, methods=["GET"], include_in_schema=False)


async def body(request: Request) -> bytes:
    """The body of a request. Raises 413 for one that is too long (a form is three bytes a code point at most)."""
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    most = check.LARGEST * (3 if is_form else 1)
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > most:
            raise HTTPException(
                413, f"the text is too long: at most {check.LARGEST:,} bytes are read; check it in parts"
            )
    return bytes(content)


def text_of(content: bytes) -> str:
    """The text of a request. Raises `Malformed` for what is none."""
    try:
        return check.read(content)
    except check.Rejected as error:
        raise Malformed(str(error)) from None


def _page(site: rendering.Site, request: Request, form: bytes) -> Response:
    """The form, and under it the answer where a text was posted."""
    fields = parse_qs(form.decode("utf-8", "replace"), keep_blank_values=True)
    text = fields.get("text", [""])[0].replace("\r\n", "\n")
    as_of = fields.get("as_of", [""])[0]
    store = site.store_of()
    context: dict[str, Any] = {
        **rendering.frame(store, request),
        "text": text,
        "as_of": as_of,
        "problem": "",
        "answer": None,
    }
    status = 200
    if form:
        try:
            if len(text) > MOST_SHOWN:
                raise Malformed(
                    f"the text is too long for a page: {len(text):,} characters, and at most {MOST_SHOWN:,} are shown; "
                    "use s230 check or POST /api/v1/check"
                )
            answer = check.check(store, text_of(text.encode("utf-8", "replace")), as_of or None)
            context |= {"answer": answer, "stretches": list(stretches(text, answer)), "today": answers.today(store)}
        except Malformed as error:
            status = 400
            context |= {"problem": str(error), "text": "" if len(text) > MOST_SHOWN else text}
    written = site.templates.get_template("check.html").render(context).encode("utf-8", "replace")
    headers = {"Cache-Control": "no-store", "Vary": "Accept"}
    return Response(written, status, headers, "text/html; charset=utf-8")


def stretches(text: str, answer: Answer) -> Iterator[Stretch]:
    """The text cut where a mention or a claim begins or ends; where claims overlap the first holds.

    >>> claim = {"start": 0, "end": 4, "verdict": "opinion"}
    >>> found = {"mentions": [{"start": 0, "end": 2, "iri": "/x"}], "claims": [claim]}
    >>> [(s.text, s.href, s.number) for s in stretches("ab cd", found)]
    [('ab', '/x', 1), (' c', '', 1), ('d', '', 0)]
    """
    claims = [(claim["start"], claim["end"], number) for number, claim in enumerate(answer["claims"], 1)]
    links = [(mention["start"], mention["end"], mention["iri"] or "") for mention in answer["mentions"]]
    cuts = sorted({0, len(text), *(edge for span in (*claims, *links) for edge in span[:2])})
    waiting, ahead = deque(sorted(claims)), deque(links)
    here: list[tuple[int, int, int]] = []
    for start, end in pairwise(cuts):
        while waiting and waiting[0][0] <= start:
            here.append(waiting.popleft())
        here = [claim for claim in here if claim[1] > start]
        while ahead and ahead[0][1] <= start:
            ahead.popleft()
        href = ahead[0][2] if ahead and ahead[0][0] <= start else ""
        number = here[0][2] if here else 0
        yield Stretch(text[start:end], href, number, answer["claims"][number - 1]["verdict"] if number else "")
