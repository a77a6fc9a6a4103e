"""`/sparql`: the SPARQL 1.1 Protocol over `graph.engine`, and its numbers at `/metrics`.

What a client may meet, always as `application/problem+json`: 400 not SPARQL (with line and column) or too long to plan,
403 an update or SERVICE, 406 no such format, 408 a body that does not come, 413 a body over `MOST_BODY`, 415 a body of
another kind, 429 over the rate, 501 a function that nobody knows, 502 no answer from the server behind this service,
503 with Retry-After a full queue, 504 past the deadline, 507 out of memory. What goes wrong after the first byte of a
result breaks the connection, so a cut result never looks whole.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl

import pyoxigraph as ox
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api import negotiation
from api.negotiation import Format
from graph import dataset, description
from graph import engine as engines
from graph.engine import Engine, Query
from graph.screen import RefusedError
from graph.store import query_text

RESULTS = (
    Format("json", "application/sparql-results+json", "JSON", ("application/json",)),
    Format("xml", "application/sparql-results+xml", "XML", ("application/xml", "text/xml")),
    Format("csv", "text/csv", "CSV", ("application/csv",)),
    Format("tsv", "text/tab-separated-values", "TSV", ("text/tsv",)),
)
"""What the solutions of SELECT and the answer to ASK come in."""

GRAPHS = (
    Format("ttl", "text/turtle", "Turtle", ("application/x-turtle",)),
    Format("nt", "application/n-triples", "N-Triples", ("text/plain",)),
    Format("rdf", "application/rdf+xml", "RDF/XML", ("application/xml", "text/xml")),
    Format("jsonld", "application/ld+json", "JSON-LD", ("application/json",)),
    Format("trig", "application/trig", "TriG", ("application/x-trig",)),
    Format("nq", "application/n-quads", "N-Quads", ("text/x-nquads",)),
)
"""What the triples of CONSTRUCT and DESCRIBE come in."""

MOST_BODY = 1_000_000
"""Bytes of a request body."""

LONG = 1 << 14
"""Characters from which on reading a request takes milliseconds."""

DRAINED = 128 << 20
"""Bytes of a body that is too long which are read and thrown away, so that its sender gets to read the answer."""

PIECE = 1 << 16
"""Bytes sent at a time, so that a slow reader is noticed."""

MOST_HELD = 16 << 20
"""Bytes of a result that are gathered for a client of HTTP/1.0, which could not tell a cut answer from a whole one."""

PATIENCE = 0.2
"""Seconds before a hang-up is looked for: most answers have left by then."""

PATH = "/sparql"

METHODS = "GET, HEAD, POST, OPTIONS"

CORS = ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"ETag, Retry-After"))

_GRAPH_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`]*")
_UNKNOWN_FUNCTION = re.compile(r"function (<[^>]*>) is not supported")
_UNKNOWN_PREFIX = re.compile(r"([\w.\-]*):[^\s:]*\Z")

_log = logging.getLogger("s230.sparql")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
T = TypeVar("T")
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class ProblemError(Exception):
    """An answer that is no result: status, one clear line, headers, and members that help a program."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.more = status, detail, headers or {}, more


class Asked(NamedTuple):
    """What a request asks: the query (None for the description) and the dataset of the protocol."""

    query: str | None
    default: list[str]
    named: list[str]


def mount(app: Starlette, engine: Engine, *, rate: int = 0) -> None:
    """Put `/sparql` and `/metrics` into `app`; the engine starts and stops with it.

    Middleware that is added to `app` before this does not see `/sparql`, what is added later does. `rate` is how many
    requests a client may make a minute, 0 for any number.
    """
    endpoint = Endpoint(engine, rate)
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: Starlette) -> AsyncIterator[Any]:
        await engine.start()
        try:
            async with before(running) as state:
                yield state
        finally:
            await engine.close()

    async def metrics(_: Any) -> Response:
        return PlainTextResponse(numbers(engine, endpoint.seconds), media_type="text/plain; version=0.0.4")

    app.router.lifespan_context = lifespan
    app.add_middleware(Ahead, endpoint=endpoint)
    app.router.routes.append(Route(PATH, endpoint))  # so that /sparql/ is led here
    app.router.routes.append(Route("/metrics", metrics))


class Ahead:
    """Has `/sparql` answered before any route is looked at: a query often takes less time than the look."""

    def __init__(self, app: Application, endpoint: Application) -> None:
        self.app, self.endpoint = app, endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        is_ours = scope["type"] == "http" and scope["path"] == scope.get("root_path", "") + PATH
        await (self.endpoint if is_ours else self.app)(scope, receive, send)


class Endpoint:
    """The ASGI application at `/sparql`. `seconds` has how long answers took, by outcome."""

    def __init__(self, engine: Engine, rate: int) -> None:
        self.engine = engine
        self.rate = Rate(rate)
        self.seconds: dict[str, list[float]] = {}
        self._reading = Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        began = time.monotonic()
        exchange = Exchange(scope, send)
        try:
            outcome = await self._reply(exchange, receive)
        except ProblemError as problem:
            outcome = str(problem.status)
            if exchange.status:
                outcome = "broken"
            else:
                await exchange.problem(problem)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not exchange.gone or task is None:
                raise
            task.uncancel()
            outcome = "gone"
        seconds = time.monotonic() - began
        total = self.seconds.setdefault(outcome, [0, 0.0])
        total[0], total[1] = total[0] + 1, total[1] + seconds
        # Never the text of a query: it may hold what only its author should know.
        _log.info("%s %s %d bytes %.1f ms", scope["method"], outcome, exchange.sent, seconds * 1000)

    async def _reply(self, exchange: Exchange, receive: Receive) -> str:
        if exchange.method == "OPTIONS":
            await exchange.whole(204, _preflight(), b"")
            return "options"
        if exchange.method not in METHODS.split(", "):
            raise ProblemError(405, f"{exchange.method} is not available here; use {METHODS}", {"Allow": METHODS})
        self.rate.count(exchange.client)
        until = asyncio.get_running_loop().time() + self.engine.timeout
        asked = await _asked(exchange, receive, until, self._reading)
        async with _while_connected(exchange, receive):
            if asked.query is None:
                return await self._describe(exchange, until)
            return await self._answer(exchange, asked.query, asked, until)

    async def _answer(self, exchange: Exchange, text: str, asked: Asked, until: float) -> str:
        try:
            screened = await self._reading.do(len(text), self.engine.screen, text)
            graphs = await self._reading.do(len(text), dataset.of, text, asked.default, asked.named)
        except RefusedError as error:
            raise ProblemError(403 if error.forbidden else 400, str(error)) from None
        form = _format(exchange, GRAPHS if screened.form in ("CONSTRUCT", "DESCRIBE") else RESULTS)
        query = Query(text, form.name, exchange.takes_gzip, *graphs)
        release, tag = self.engine.release, _tag(self.engine.release, query)
        if not screened.volatile and exchange.has(tag):
            await exchange.whole(304, {"ETag": tag, **_CACHING}, b"")
            return "304"
        try:
            async with self.engine.answer(query, until=until, keep=not screened.volatile) as answer:
                headers = {"Content-Type": _content_type(form)}
                if not screened.volatile:
                    headers["ETag"] = tag if answer.release == release else _tag(answer.release, query)
                    headers |= _CACHING
                if answer.compressed:
                    headers["Content-Encoding"] = "gzip"
                if answer.rest is None:
                    await exchange.whole(200, headers, answer.content)
                else:
                    await exchange.stream(headers, answer.content, answer.rest)
        except engines.QueryError as error:
            raise _problem(error, text) from None
        return "200"

    async def _describe(self, exchange: Exchange, until: float) -> str:
        form = _format(exchange, (*GRAPHS, negotiation.HTML))
        if form is negotiation.HTML:
            await exchange.whole(303, {"Location": exchange.scope.get("root_path", "") + "/sparql/editor"}, b"")
            return "303"
        facts = await describe(self.engine, exchange.home + "/sparql", until)
        kind = ox.RdfFormat.from_media_type(form.media_type)
        assert kind is not None
        tag = f'"{hashlib.sha256(repr((form.name, facts)).encode()).hexdigest()[:24]}"'
        content = description.serialize(facts, kind)
        headers = {"ETag": tag, **_CACHING, "Content-Type": _content_type(form)}
        await exchange.whole(304 if exchange.has(tag) else 200, headers, content)
        return "description"


_CACHING = {"Cache-Control": "no-cache"}


class Exchange:
    """One request and what is sent in return: `status` as soon as an answer has begun, `gone` once the client has."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope, self._send = scope, send
        self.method: str = scope["method"]
        self.client: str = scope["client"][0] if scope.get("client") else ""
        self.status = self.sent = 0
        self.gone = False
        self._headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            self._headers[name] = self._headers[name] + b", " + value if name in self._headers else value

    def header(self, name: str) -> str:
        """A header of the request, several of one name joined, or an empty string."""
        return self._headers.get(name.encode(), b"").decode("latin-1")

    @property
    def takes_gzip(self) -> bool:
        """Whether the client accepts gzip (RFC 9110, section 12.5.3)."""
        for part in self.header("accept-encoding").lower().split(","):
            coding, _, quality = part.partition(";")
            if coding.strip() in ("gzip", "x-gzip", "*"):
                return not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", quality)
        return False

    @property
    def home(self) -> str:
        """The address of the whole service as the client wrote it."""
        return negotiation.home(self.scope.get("scheme", "http"), self.header("host"), self.scope.get("root_path", ""))

    def has(self, tag: str) -> bool:
        """Whether the client holds what has this tag (RFC 9110, section 13.1.2: weak comparison)."""
        return {tag, "*"} & {
            part.strip().removeprefix("W/") for part in self.header("if-none-match").split(",")
        } != set()

    async def whole(self, status: int, headers: dict[str, str], content: bytes) -> None:
        """Send an answer of known length."""
        if status not in (204, 304):
            headers = {**headers, "Content-Length": str(len(content))}
        await self._begin(status, headers)
        if self.method == "HEAD" or status in (204, 304):
            content = b""
        for start in range(0, len(content) - PIECE, PIECE):
            await self._body(content[start : start + PIECE], more=True)
        await self._body(content[(max(len(content) - 1, 0) // PIECE) * PIECE :], more=False)

    async def stream(self, headers: dict[str, str], first: bytes, rest: AsyncIterator[bytes]) -> None:
        """Send an answer whose length shows at its end."""
        if self.scope.get("http_version") == "1.0":
            await self.whole(200, headers, await _gather(first, rest))
            return
        await self._begin(200, headers)
        if self.method == "HEAD":
            await self._body(b"", more=False)
            return
        await self._body(first, more=True)
        async for piece in rest:
            await self._body(piece, more=True)
        await self._body(b"", more=False)

    async def problem(self, problem: ProblemError) -> None:
        """Send a problem (RFC 9457)."""
        content = {
            "type": "about:blank",
            "title": HTTPStatus(problem.status).phrase,
            "status": problem.status,
            "detail": problem.detail,
            **problem.more,
        }
        headers = {"Content-Type": "application/problem+json", "Cache-Control": "no-store", **problem.headers}
        await self.whole(problem.status, headers, json.dumps(content, ensure_ascii=False).encode())

    async def _begin(self, status: int, headers: dict[str, str]) -> None:
        self.status = status
        fields = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        vary = (b"vary", b"Accept, Accept-Encoding")
        await self._send({"type": "http.response.start", "status": status, "headers": [*fields, vary, *CORS]})

    async def _body(self, content: bytes, *, more: bool) -> None:
        self.sent += len(content)
        await self._send({"type": "http.response.body", "body": content, "more_body": more})


class Rate:
    """How many requests each client made in this minute; `most` of 0 counts nothing."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._minute = 0
        self._made: Counter[str] = Counter()

    def count(self, client: str) -> None:
        """Count a request. Raises `ProblemError` for one too many."""
        if not self.most:
            return
        minute, second = divmod(int(time.time()), 60)
        if minute != self._minute:
            self._minute, self._made = minute, Counter()
        self._made[client] += 1
        if self._made[client] > self.most:
            wait = {"Retry-After": str(60 - second)}
            raise ProblemError(429, f"more than {self.most} requests in a minute; wait {60 - second} seconds", wait)


class Turns:
    """Work on long texts, one after another and beside the loop: twenty of them must not hold up a short one."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def do(self, length: int, work: Callable[..., T], *what: Any) -> T:
        """What `work` gives for `what`, a text of that length."""
        if length < LONG:
            return work(*what)
        async with self._turn:
            return await asyncio.to_thread(work, *what)


@asynccontextmanager
async def _while_connected(exchange: Exchange, receive: Receive) -> AsyncIterator[None]:
    """Cancel what happens in the block as soon as the client hangs up."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    watching: list[asyncio.Task[None]] = []

    async def watch() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        if task and watching:
            exchange.gone = True
            task.cancel()

    timer = loop.call_later(PATIENCE, lambda: watching.append(loop.create_task(watch())))
    try:
        yield
    finally:
        timer.cancel()
        if watching:
            watching.pop().cancel()


async def _asked(exchange: Exchange, receive: Receive, until: float, reading: Turns) -> Asked:
    """What the request asks (SPARQL 1.1 Protocol, section 2.1). Raises `ProblemError`."""
    pairs = _pairs(exchange.scope["query_string"])
    if exchange.method == "POST":
        kind, _, parameters = exchange.header("content-type").lower().partition(";")
        kind = kind.strip()
        if kind == "application/sparql-update":
            raise ProblemError(403, _READ_ONLY)
        if kind not in ("application/x-www-form-urlencoded", "application/sparql-query"):
            raise ProblemError(415, f"a body of type {kind or 'unknown'} is not read here; {_BODIES}", _ACCEPT_POST)
        charset = re.search(r'charset\s*=\s*"?([^";\s]+)', parameters)
        if charset and charset.group(1) not in ("utf-8", "utf8", "us-ascii"):
            raise ProblemError(415, f"a body in {charset.group(1)} is not read here; send UTF-8")
        if exchange.header("content-encoding").lower() not in ("", "identity"):
            raise ProblemError(415, "a compressed body is not read here; send it plain")
        body = await _body(exchange, receive, until)
        read = _pairs if kind.endswith("urlencoded") else _alone
        pairs += await reading.do(len(body), read, body)
    names = [name for name, _ in pairs]
    if "update" in names:
        raise ProblemError(403, _READ_ONLY)
    if names.count("query") > 1:
        raise ProblemError(400, "more than one query; send exactly one")
    if "query" not in names and (pairs or exchange.method == "POST"):
        raise ProblemError(400, "no query; send it as the parameter query")
    default = [value for name, value in pairs if name == "default-graph-uri"]
    named = [value for name, value in pairs if name == "named-graph-uri"]
    for graph in (*default, *named):
        if not _GRAPH_IRI.fullmatch(graph):
            raise ProblemError(400, f"the graph {graph[:200]!r} is not an absolute IRI")
    return Asked(next((value for name, value in pairs if name == "query"), None), default, named)


_READ_ONLY = "this service is read-only: updates are refused and nothing was changed"
_BODIES = "send application/x-www-form-urlencoded or application/sparql-query"
_ACCEPT_POST = {"Accept-Post": "application/x-www-form-urlencoded, application/sparql-query"}


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=2_000)
    except UnicodeDecodeError:
        raise ProblemError(400, "the request is not UTF-8") from None
    except ValueError:
        raise ProblemError(400, "the request has more than 2,000 parameters") from None


def _alone(body: bytes) -> list[tuple[str, str]]:
    try:
        return [("query", body.decode("utf-8"))]
    except UnicodeDecodeError as error:
        raise ProblemError(400, f"the query is not UTF-8 (byte {error.start})") from None


async def _body(exchange: Exchange, receive: Receive, until: float) -> bytes:
    length = exchange.header("content-length")
    too_long = ProblemError(413, f"the body is longer than {MOST_BODY:,} bytes")
    if length.isdigit() and int(length) > MOST_BODY and "100-continue" in exchange.header("expect").lower():
        raise too_long
    body, received = bytearray(), 0
    try:
        async with asyncio.timeout_at(until):
            while received <= DRAINED:
                message = await receive()
                if message["type"] == "http.disconnect":
                    exchange.gone = True
                    raise ProblemError(400, "the client hung up before its request was whole")
                received += len(message.get("body", b""))
                if received <= MOST_BODY:
                    body += message.get("body", b"")
                if not message.get("more_body"):
                    break
    except TimeoutError:
        if received <= MOST_BODY:
            raise ProblemError(408, "the body did not come in time", {"Connection": "close"}) from None
    if received > MOST_BODY:
        raise too_long
    return bytes(body)


def _format(exchange: Exchange, offered: tuple[Format, ...]) -> Format:
    chosen = negotiation.choose(exchange.header("accept") or None, offered)
    if chosen is None:
        kinds = [form.media_type for form in offered]
        raise ProblemError(406, f"nothing here fits the Accept header; there is {', '.join(kinds)}", available=kinds)
    return chosen


def _content_type(form: Format) -> str:
    return form.media_type + ("; charset=utf-8" if form.media_type.startswith("text/") else "")


def _tag(release: str, query: Query) -> str:
    return f'"{hashlib.sha256(repr((release, query)).encode()).hexdigest()[:24]}"'


def _preflight() -> dict[str, str]:
    return {
        "Allow": METHODS,
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": "*",
        "Access-Control-Max-Age": "86400",
        **_ACCEPT_POST,
    }


async def _gather(first: bytes, rest: AsyncIterator[bytes]) -> bytes:
    content = bytearray(first)
    async for piece in rest:
        content += piece
        if len(content) > MOST_HELD:
            raise ProblemError(505, f"a result of more than {MOST_HELD >> 20} MB is sent over HTTP/1.1 only")
    return bytes(content)


def _problem(error: engines.QueryError, text: str) -> ProblemError:
    match error:
        case engines.MalformedError():
            return _syntax_problem(error, text)
        case engines.OverloadError():
            return ProblemError(503, str(error), {"Retry-After": "5"})
        case engines.UnavailableError():
            return ProblemError(error.status, str(error), {"Retry-After": "5"})
        case engines.DeadlineError():
            return ProblemError(504, f"{error}; ask for less, or add LIMIT")
        case engines.ExhaustionError():
            return ProblemError(507, f"{error}; ask for less, or add LIMIT")
    unknown = _UNKNOWN_FUNCTION.search(str(error))
    if unknown:
        return ProblemError(501, f"the function {unknown.group(1)} is not known here; there are those of SPARQL 1.1")
    return ProblemError(500, f"the query could not be evaluated: {error}")


def _syntax_problem(error: engines.MalformedError, text: str) -> ProblemError:
    more: dict[str, Any] = {name: n for name, n in (("line", error.line), ("column", error.column)) if n}
    where = ", ".join(f"{name} {n}" for name, n in more.items()) + ": " if more else ""
    lines = text.split("\n")
    if "Prefix not found" in str(error) and 0 < error.line <= len(lines):
        unknown = _UNKNOWN_PREFIX.search(lines[error.line - 1][: error.column - 1])
        if unknown:
            prefix, column = unknown.group(1), unknown.start() + 1
            detail = f"line {error.line}, column {column}: the prefix {prefix}: is not declared"
            return ProblemError(400, detail, line=error.line, column=column, prefix=prefix)
    message = re.sub(r"\s+", " ", str(error))
    return ProblemError(400, where + (message if len(message) < 300 else message[:300] + " …"), **more)


async def describe(engine: Engine, address: str, until: float | None = None) -> list[description.Fact]:
    """The service description, counted on the release that is served.

    Graphs and numbers are left out when they cannot be had in time.
    """
    formats = [_W3C_NAMES[form.name] for form in (*RESULTS, *GRAPHS)]
    try:
        graphs, partitions, extent = [
            await _rows(engine, name, until) for name in ("named_graphs", "partitions", "extent")
        ]
    except engines.QueryError as error:
        _log.warning("the description has no numbers: %s", error)
        return description.service(address, formats, [], None)
    found = description.statistics(partitions, extent[0])
    return description.service(address, formats, [row["graph"] for row in graphs], found)


_W3C_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "rdf": "RDF_XML",
    "jsonld": "JSON-LD",
    "trig": "TriG",
    "nq": "N-Quads",
}
"""What the W3C calls our formats (https://www.w3.org/ns/formats/)."""


async def _rows(engine: Engine, name: str, until: float | None) -> list[dict[str, str]]:
    """The solutions of one of our own queries, evaluated as a stranger's would be."""
    async with engine.answer(Query(query_text(name), "json"), until=until) as answer:
        content = answer.content if answer.rest is None else await _gather(answer.content, answer.rest)
    found = json.loads(content)["results"]["bindings"]
    return [{variable: term["value"] for variable, term in row.items()} for row in found]


def numbers(engine: Engine, seconds: dict[str, list[float]]) -> str:
    """What `/metrics` says, in the text format of Prometheus."""
    lines = []
    for name, lane in (("fast", engine.fast), ("slow", engine.slow)):
        lines += [
            f's230_sparql_queue{{lane="{name}"}} {len(lane.waiting)}',
            f's230_sparql_running{{lane="{name}"}} {len(lane.busy)}',
            f's230_sparql_killed_total{{lane="{name}"}} {lane.killed}',
        ]
    lines.append(f"s230_sparql_cache_bytes {engine.cache.bytes}")
    for outcome, (count, total) in sorted(seconds.items()):
        lines += [
            f's230_sparql_seconds_count{{outcome="{outcome}"}} {count:g}',
            f's230_sparql_seconds_sum{{outcome="{outcome}"}} {total:.6f}',
        ]
    return "\n".join(lines) + "\n"
