"""The store: a release opened read-only, or any SPARQL 1.1 endpoint; the rest of the program does not know which.

On a server of its own kind the merged graph is ``/graph/merged``, sent as the default graph with every query. A server
that keeps to the protocol then hides its named graphs, so those that a query asks for are sent as well. Thousands of
them cost time: a file that asks named graphs alone says so in a comment, ``# dataset: named graphs``, and is sent bare.

Our own queries stand in ``.rq`` files. A parameter is spelled ``$name`` there (SPARQL reads that as a variable, so a
file can be run as it stands) and is replaced by a term before the query is sent.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pyoxigraph as ox

from graph import iri, release
from graph.dataset import MERGED, clauses
from graph.protocol import DEFAULT, NAMED, TIMEOUT, Dataset, Server, one_line
from graph.protocol import Row as Row
from graph.protocol import StoreError as StoreError
from graph.screen import unquoted
from graph.vocabulary import META, PREFIXES

QUERIES = Path(__file__).with_name("queries")

PUBLISHED = iri.of("/graph/published")
"""The graph in which `graph.publication` notes what it has brought to a server."""

LOOK_AGAIN = 2.0
"""Seconds between looks for a new release."""

# The lookbehind keeps variables, IRIs and parts of names apart from the keywords.
_FROM = re.compile(r"(?<![?$\w:/<.#\-])FROM\s*(?:NAMED\s*)?(?:<|[\w.\-]*:)", re.IGNORECASE)
_NAMED_ALONE = re.compile(r"^# dataset: named graphs$", re.MULTILINE)
_GRAPH = re.compile(r"(?<![?$\w:/<.#\-])GRAPH(?![\w:])", re.IGNORECASE)

_SAFE_IRI = re.compile(r"[^\x00-\x20<>\"{}|\\^`]+")


class Store(Protocol):
    """What the rest of the program asks of a store."""

    @property
    def name(self) -> str:
        """Changes with every release: what caches and ETags go by."""

    def __hash__(self) -> int:
        """By identity: answers are remembered by store and release."""

    def select(self, query: str) -> list[Row]:
        """The solutions of a SELECT query."""

    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""

    def construct(self, query: str) -> list[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query."""

    def graphs(self) -> list[str]:
        """The named graphs, in order."""

    def triples(self, graph: str = "") -> Iterable[ox.Triple]:
        """The triples of a named graph, or of the merged one."""


class Embedded:
    """A release on this machine, evaluated in this process: for our own queries only, never for a stranger's."""

    def __init__(self, folder: Path) -> None:
        self.release = release.current(folder)
        try:
            self.name: str = release.description(self.release)["name"]
            self.oxigraph = ox.Store.read_only(str(self.release / "store"))
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{self.release}: cannot be opened ({one_line(error)}); build again") from None

    @classmethod
    def over(cls, oxigraph: ox.Store, folder: Path, name: str) -> Embedded:
        """A store that is open already, of a release that is still being written in `folder`."""
        store = cls.__new__(cls)
        store.release, store.name, store.oxigraph = folder, name, oxigraph
        return store

    def _run(self, query: str) -> Any:
        return self.oxigraph.query(query, prefixes=PREFIXES)

    def select(self, query: str) -> list[Row]:
        """The solutions of a SELECT query."""
        found = self._run(query)
        names = [variable.value for variable in found.variables]
        return [
            {name: term.value for name, term in zip(names, solution, strict=True) if term is not None}
            for solution in found
        ]

    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""
        return bool(self._run(query))

    def construct(self, query: str) -> list[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query."""
        return list(self._run(query))

    def graphs(self) -> list[str]:
        """The named graphs, in order."""
        return sorted(str(graph.value) for graph in self.oxigraph.named_graphs())

    def triples(self, graph: str = "") -> Iterator[ox.Triple]:
        """The triples of a named graph, or of the merged one."""
        name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        return (quad.triple for quad in self.oxigraph.quads_for_pattern(None, None, None, name))


class Endpoint:
    """A SPARQL 1.1 endpoint; the merged graph is asked for as the default graph.

    `credentials` are ``user:password``; `timeout` is in seconds. Raises `StoreError` where nothing of ours is served.
    """

    def __init__(self, url: str, credentials: str = "", timeout: float = TIMEOUT) -> None:
        self.server = Server(url, credentials, timeout)
        self.address = self.server.address
        self._looked = float("-inf")
        self._name = ""
        self.dataset = self._dataset()

    def setting(self) -> dict[str, Any]:
        """What a worker must be told to ask the same server."""
        server = self.server
        return {
            "address": server.address,
            "credentials": server.credentials,
            "software": server.software,
            "graphs": self.dataset,
        }

    @property
    def name(self) -> str:
        """The checksums that the server's graphs carry, asked for anew after `LOOK_AGAIN` seconds."""
        if time.monotonic() - self._looked > LOOK_AGAIN:
            sums = self.server.select(query_text("published"), [(NAMED, PUBLISHED), (NAMED, iri.of(META))])
            name = "-".join(sorted(row["sum"][:12] for row in sums))
            if self._name not in ("", name):
                self.dataset = self._dataset()
            self._name, self._looked = name, time.monotonic()
        return self._name

    def _dataset(self) -> Graphs:
        listed = self.graphs()
        if not listed:
            raise StoreError(f"{self.address} answers, but holds no graph of ours; load one with: s230 publish --to …")
        if not self.server.ask(query_text("has_merged"), [(NAMED, MERGED)]):
            return Graphs("", ())
        return Graphs(MERGED, tuple(listed))

    def select(self, query: str) -> list[Row]:
        """The solutions of a SELECT query."""
        return self.server.select(query, self.dataset.asked_by(query))

    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""
        return self.server.ask(query, self.dataset.asked_by(query))

    def construct(self, query: str) -> list[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query."""
        return self.server.construct(query, self.dataset.asked_by(query))

    def graphs(self) -> list[str]:
        """The named graphs, in order."""
        return sorted(row["graph"] for row in self.server.select(query_text("source_graphs"), [(NAMED, iri.of(META))]))

    def triples(self, graph: str = "") -> list[ox.Triple]:
        """The triples of a named graph, or of the merged one."""
        return self.construct(bind(query_text("graph_content"), {"graph": graph}) if graph else query_text("all"))


class Graphs(NamedTuple):
    """The graphs of a server that a query may need: the `merged` one (empty where a server has it as its own default
    graph), and all `named` ones."""

    merged: str
    named: tuple[str, ...]

    def asked_by(self, query: str) -> Dataset:
        """The dataset for a query: its own where it names one, else ours, with no more named graphs than it needs.

        >>> graphs = Graphs("http://a/merged", ("http://a/1", "http://a/2"))
        >>> graphs.asked_by("ASK { ?s ?p ?o . GRAPH <http://a/1> { ?s ?p ?o } }")
        [('default-graph-uri', 'http://a/merged'), ('named-graph-uri', 'http://a/1')]
        >>> len(graphs.asked_by("ASK { GRAPH ?g { ?s ?p ?o } }")), graphs.asked_by("ASK FROM <http://a/1> { ?s ?p ?o }")
        (3, [])
        """
        text = unquoted(query)
        if not self.merged or _FROM.search(text) or _NAMED_ALONE.search(query):
            return []
        asked = clauses(query)["GRAPH"]
        is_known = len(asked) == len(_GRAPH.findall(text))
        named = sorted({*asked} & {*self.named}) if is_known else self.named
        return [(DEFAULT, self.merged), *((NAMED, graph) for graph in named)]


def is_address(where: str | Path) -> bool:
    """Whether the store is an endpoint elsewhere, not a folder here."""
    return str(where).startswith(("http://", "https://"))


def connect(where: str | Path, credentials: str = "") -> Store:
    """The store at a folder or at an ``http(s)://`` address. Raises `StoreError` or `release.NoRelease`."""
    return Endpoint(str(where), credentials) if is_address(where) else Embedded(Path(where))


@lru_cache(maxsize=256)
def query_text(name: str) -> str:
    """The text of one of our own queries by name (a file of `graph/queries`)."""
    return (QUERIES / f"{name}.rq").read_text(encoding="utf-8")


_noted: ContextVar[dict[str, str] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[dict[str, str]]:
    """The named queries asked in the block, each with its text as it was first asked: what an answer rests on."""
    noted: dict[str, str] = {}
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def note(name: str, **terms: str) -> None:
    """Say that a named query was asked; one whose answer is kept elsewhere is to be noted at each use."""
    noted = _noted.get()
    if noted is not None and terms and name not in noted:
        noted[name] = bind(query_text(name), terms)


def ask_for(store: Store, name: str, **terms: str) -> list[Row]:
    """The solutions of the named query with its ``$parameters`` replaced.

    A value that begins with ``/`` is a path of ours, one with a scheme an IRI; anything else becomes a string.
    """
    note(name, **terms)
    return list(_asked(store, store.name, name, tuple(sorted(terms.items()))))


@lru_cache(maxsize=4096)
def _asked(store: Store, release: str, name: str, terms: tuple[tuple[str, str], ...]) -> tuple[Row, ...]:
    """Answers are kept as long as the release lasts: it never changes, so neither do they."""
    return tuple(store.select(bind(query_text(name), dict(terms))))


def bind(query: str, terms: dict[str, str]) -> str:
    """A query with each ``$name`` replaced by a term; raises `ValueError` for a value that cannot stand as an IRI.

    >>> bind("SELECT ?o { $thing ?p ?o }", {"thing": "/us/pl/115/164"})
    'SELECT ?o { <https://w3id.org/section230/us/pl/115/164> ?p ?o }'
    >>> bind("ASK { ?s rdfs:label $name }", {"name": 'a "b"'})
    'ASK { ?s rdfs:label "a \\\\"b\\\\"" }'
    """
    return re.sub(r"\$(\w+)", lambda m: _term(terms[m.group(1)]) if m.group(1) in terms else m.group(), query)


def values(paths: Iterable[str]) -> str:
    """Terms for a VALUES block."""
    return " ".join(_term(path) for path in paths)


def _term(value: str) -> str:
    if value.startswith("/") or re.match(r"[a-z][a-z0-9+.-]*:", value):
        full = iri.of(value) if value.startswith("/") else value
        if not _SAFE_IRI.fullmatch(full):
            raise ValueError(f"{value!r} cannot be an IRI")
        return f"<{full}>"
    return str(ox.Literal(value))
