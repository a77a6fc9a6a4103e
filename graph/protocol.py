"""The SPARQL 1.1 Protocol from the client's side: queries and updates sent to a server, and what it says in return.

Servers differ in dialect, not in meaning. What they are known to do differently is put right here, so that the rest of
the program meets one dialect:

- the answer to ASK as a row ``__ASK_RETVAL``, or none, and booleans written ``1`` and ``0`` (Virtuoso 7);
- thousands of named graphs, each repeated in a header of the answer (Virtuoso 7);
- results cut at a number of rows or at a time, with status 200 and a header that says so (Virtuoso, anytime queries):
  they are refused, because nothing in them shows that they are not whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit

import pyoxigraph as ox

from graph import iri
from graph.screen import unquoted
from graph.vocabulary import PREFIXES

if TYPE_CHECKING:
    import httpx

JSON, N_TRIPLES = "application/sparql-results+json", "application/n-triples"

TIMEOUT = 30.0
"""Seconds that a server may take, unless told otherwise."""

Row = dict[str, str]
"""One solution: variable -> value (an IRI as such, a literal by its lexical form); unbound ones are absent."""

DEFAULT, NAMED = "default-graph-uri", "named-graph-uri"
"""Parameters of the protocol's dataset (SPARQL 1.1 Protocol, 2.1.4)."""

Dataset = Sequence[tuple[str, str]]
"""Parameters with their graphs."""

_ADDRESSES = (
    (r"(https?://[^/]+)(?:|/query|/update|/store)", r"\1/query", r"\1/update"),
    (r"(.*)/(?:query|update)", r"\1/query", r"\1/update"),
    (r"(.*/repositories/[^/]+)(?:/statements)?", r"\1", r"\1/statements"),
    (r"(.*)/sparql-graph-crud(-auth)?", r"\1/sparql\2", r"\1/sparql\2"),
    (r"(.*)", r"\1", r"\1"),
)
"""Where servers take queries and updates: Oxigraph, Fuseki and Stardog, GraphDB and RDF4J, Virtuoso, any other."""

_CUT = ("x-sparql-maxrows", "x-sql-state")
_BOOLEAN = re.compile(rb'(XMLSchema#boolean"\s*,\s*"value"\s*:\s*)"([01])"')
_BOOLEAN_TRIPLE = re.compile(rb'(?<=[ \t])"([01])"(?=\^\^<http://www\.w3\.org/2001/XMLSchema#boolean>)')
_WORDS = {b"1": b'"true"', b"0": b'"false"'}
_ASKED = re.compile(rb'"vars"\s*:\s*\[\s*"__ASK_RETVAL"\s*\]')
_YES = re.compile(rb'"__ASK_RETVAL"\s*:\s*\{[^{}]*"value"\s*:\s*"1"')


class StoreError(Exception):
    """The store cannot be opened or does not answer; the message says which and why."""


class ServerError(StoreError):
    """A server that gives no answer: `status` is that of its refusal (0 where it was not reached), `said` its words."""

    def __init__(self, message: str, status: int = 0, said: str = "") -> None:
        super().__init__(message)
        self.status, self.said = status, said


def address_of(url: str) -> tuple[str, str]:
    """An address without the credentials in it, and these as ``user:password`` (empty where there are none).

    Raises `StoreError` for what is no address; it does not repeat it, because a password may stand in it.

    >>> address_of("https://ann:s%3Acret@example.org:8443/sparql")
    ('https://example.org:8443/sparql', 'ann:s:cret')
    >>> address_of("http://127.0.0.1:8890/sparql")
    ('http://127.0.0.1:8890/sparql', '')
    """
    try:
        parts = urlsplit(url)
        is_whole = parts.hostname and parts.port != 0 and "@" not in parts.path + parts.query + parts.fragment
    except ValueError:
        is_whole = False
    if not is_whole:
        raise StoreError("the address of the server is none; / ? # @ in a password are written %2F %3F %23 %40")
    userinfo, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=host)), unquote(userinfo)


def addresses_at(address: str) -> tuple[str, str]:
    """Where the server takes queries and where it takes updates, whichever of its addresses is given.

    >>> addresses_at("http://127.0.0.1:7878/store")
    ('http://127.0.0.1:7878/query', 'http://127.0.0.1:7878/update')
    >>> addresses_at("http://127.0.0.1:7200/repositories/law")
    ('http://127.0.0.1:7200/repositories/law', 'http://127.0.0.1:7200/repositories/law/statements')
    """
    found, query, update = next(
        (match, query, update) for shape, query, update in _ADDRESSES if (match := re.fullmatch(shape, address))
    )
    return found.expand(query), found.expand(update)


class Server:
    """A SPARQL 1.1 server: where queries go, and where updates go.

    `credentials` are ``user:password``; those in the address prevail. `timeout` is in seconds.
    """

    def __init__(self, url: str, credentials: str = "", timeout: float = TIMEOUT) -> None:
        import httpx

        address, own = address_of(url)
        self.address, self.update_address = addresses_at(address)
        self.credentials = own or credentials
        self.software = ""
        user, _, password = self.credentials.partition(":")
        self._client = httpx.Client(timeout=timeout, auth=_credentials(user, password) if user else None)

    def query(self, query: str, accept: str, dataset: Dataset = ()) -> bytes:
        """The whole answer to a query in the media type `accept` (`JSON` or `N_TRIPLES`). Raises `ServerError`."""
        form = urlencode([*self._dialect(prologue(query) + query, dataset)])
        content = self._send(self.address, form, "application/x-www-form-urlencoded", accept, tries=2)
        if accept == N_TRIPLES:
            return _BOOLEAN_TRIPLE.sub(lambda match: _WORDS[match[1]], content)
        if _ASKED.search(content[:300]):
            return json.dumps({"head": {}, "boolean": bool(_YES.search(content))}).encode()
        return _BOOLEAN.sub(lambda match: match[1] + _WORDS[match[2]], content)

    def _dialect(self, query: str, dataset: Dataset) -> Iterator[tuple[str, str]]:
        """The parameters of a query: Virtuoso is told of named graphs in the query, because it repeats each parameter
        in a header of its answer, and thousands of headers are more than any client reads."""
        named = [graph for name, graph in dataset if name == NAMED and self.software.startswith("Virtuoso")]
        yield "query", "".join(f"DEFINE input:named-graph-uri <{graph}> " for graph in named) + query
        yield from ((name, graph) for name, graph in dataset if name == DEFAULT or not named)

    def select(self, query: str, dataset: Dataset = ()) -> list[Row]:
        """The solutions of a SELECT query. Raises `ServerError`."""
        rows = self._results(query, dataset)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in rows]

    def ask(self, query: str, dataset: Dataset = ()) -> bool:
        """The answer to an ASK query. Raises `ServerError`."""
        return bool(self._results(query, dataset)["boolean"])

    def construct(self, query: str, dataset: Dataset = ()) -> list[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query. Raises `ServerError`."""
        try:
            return [quad.triple for quad in ox.parse(self.query(query, N_TRIPLES, dataset), ox.RdfFormat.N_TRIPLES)]
        except SyntaxError as error:
            raise ServerError(f"{self.address} answers, but not with N-Triples: {one_line(error)}") from None

    def _results(self, query: str, dataset: Dataset) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self.query(query, JSON, dataset))
        except ValueError:
            found = {}
        if not isinstance(found, dict) or not {"results", "boolean"} & found.keys():
            raise ServerError(f"{self.address} answers, but not with SPARQL results in JSON")
        return found

    def update(self, update: str) -> None:
        """Have an update done. Raises `ServerError`."""
        self._send(self.update_address, update, "application/sparql-update", "*/*")

    def _send(self, address: str, content: str, kind: str, accept: str, tries: int = 1) -> bytes:
        """What the server answers with 200; `tries` is 2 where a connection that it has let go may be made again."""
        import httpx

        headers = {"Accept": accept, "Content-Type": kind}
        try:
            reply = self._client.post(address, content=content.encode(), headers=headers)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
            if tries > 1:
                return self._send(address, content, kind, accept, tries - 1)
            raise ServerError(f"{address} hung up: {one_line(error)}") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise ServerError(f"{address} does not answer: {one_line(error)}") from None
        self.software = reply.headers.get("server", "")
        if reply.status_code >= 300:
            said = _said(reply)
            raise ServerError(f"{address} answers with {reply.status_code}: {said}", reply.status_code, said)
        for header in _CUT:
            if header in reply.headers:
                said = f"the answer is cut short ({header}: {reply.headers[header]}); ask for less"
                raise ServerError(f"{address}: {said}", reply.status_code, said)
        return reply.content


def prologue(query: str) -> str:
    """One line with our base and prefixes, without what the query declares itself.

    >>> prologue("PREFIX s230: <http://example.org/> ASK {}").count("PREFIX s230:")
    0
    """
    text = unquoted(query)
    declared = set(re.findall(r"\bPREFIX\s+([\w.\-]*):", text, re.IGNORECASE))
    base = "" if re.search(r"\bBASE\s*<", text, re.IGNORECASE) else f"BASE <{iri.BASE}/> "
    return base + "".join(f"PREFIX {p}: <{name}> " for p, name in PREFIXES.items() if p not in declared) + "\n"


def one_line(error: Exception) -> str:
    """What an error says, in one line."""
    return " ".join(str(error).split()) or type(error).__name__


def _said(reply: httpx.Response) -> str:
    """The first line of a refusal, as a person can read it."""
    try:
        detail = reply.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = re.sub(r"<[^<>]*>", " ", reply.text) if "html" in reply.headers.get("content-type", "") else reply.text
    lines = [" ".join(line.split()) for line in str(detail).splitlines() if line.strip()]
    return lines[0][:300] if lines else reply.reason_phrase


def _credentials(user: str, password: str) -> httpx.Auth:
    """Basic or Digest, whichever the server wants (RFC 7617, RFC 7616); it says so when first asked without."""
    import httpx

    class Challenged(httpx.Auth):
        chosen: httpx.Auth | None = None

        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            if self.chosen is None:
                reply = yield request
                if reply.status_code != 401:
                    return
                is_digest = reply.headers.get("www-authenticate", "").lower().startswith("digest")
                self.chosen = httpx.DigestAuth(user, password) if is_digest else httpx.BasicAuth(user, password)
            yield from self.chosen.auth_flow(request)

    return Challenged()
