"""The store: a release opened read-only, or any SPARQL 1.1 endpoint; the rest of the program does not know which.

Our own queries stand in ``.rq`` files. A parameter is spelled ``$name`` there (SPARQL reads that as a variable, so a
file can be run as it stands) and is replaced by a term before the query is sent.
"""

from __future__ import annotations

import http.client
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from graph import iri, release
from graph.vocabulary import PREFIXES

QUERIES = Path(__file__).with_name("queries")

Row = dict[str, str]
"""One solution: variable -> value (an IRI as such, a literal by its lexical form); unbound ones are absent."""

_SAFE_IRI = re.compile(r"[^\x00-\x20<>\"{}|\\^`]+")


class StoreError(Exception):
    """The store cannot be opened or does not answer; the message says which and why."""


class Store(Protocol):
    """What the rest of the program asks of a store."""

    name: str
    """Changes with every release: what caches and ETags go by."""

    def __hash__(self) -> int:
        """By identity: answers are remembered by store and release."""

    def select(self, query: str) -> list[Row]:
        """The solutions of a SELECT query."""

    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""

    def construct(self, query: str) -> list[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query."""


class Embedded:
    """A release on this machine, evaluated in this process: for our own queries only, never for a stranger's."""

    def __init__(self, folder: Path) -> None:
        self.release = release.current(folder)
        try:
            self.name: str = release.description(self.release)["name"]
            self.oxigraph = ox.Store.read_only(str(self.release / "store"))
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{self.release}: cannot be opened ({_one_line(error)}); build again") from None

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


class Endpoint:
    """A SPARQL 1.1 endpoint; the merged graph is asked for as the default graph."""

    def __init__(self, address: str, timeout: float = 30) -> None:
        self.address, self.timeout = address, timeout
        rows = self.select("SELECT ?sum { <" + iri.of("/graph/meta") + "> s230:sha256 ?sum }")
        self.name = rows[0]["sum"] if rows else address

    def send(self, query: str, accept: str) -> bytes:
        """The endpoint's answer to a query in the media type `accept`. Raises `StoreError`."""
        prologue = "".join(f"PREFIX {prefix}: <{name}>\n" for prefix, name in PREFIXES.items())
        form = urllib.parse.urlencode(
            {"query": prologue + query, "default-graph-uri": iri.of("/graph/merged")}
        ).encode()
        request = urllib.request.Request(self.address, form, {"Accept": accept})
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                content: bytes = answer.read()
                return content
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise StoreError(f"{self.address} does not answer: {_one_line(error)}") from None

    def select(self, query: str) -> list[Row]:
        """The solutions of a SELECT query."""
        rows = self._results(query)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in rows]

    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""
        return bool(self._results(query)["boolean"])

    def _results(self, query: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self.send(query, "application/sparql-results+json"))
        except ValueError:
            raise StoreError(f"{self.address} answers, but not with SPARQL results in JSON") from None
        if not isinstance(found, dict) or not {"results", "boolean"} & found.keys():
            raise StoreError(f"{self.address} answers, but not with SPARQL results in JSON")
        return found

    def construct(self, query: str) -> list[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query."""
        found = ox.parse(self.send(query, "application/n-triples"), ox.RdfFormat.N_TRIPLES)
        try:
            return [ox.Triple(q.subject, q.predicate, q.object) for q in found]
        except SyntaxError as error:
            raise StoreError(f"{self.address} answers, but not with N-Triples: {_one_line(error)}") from None


def is_address(where: str | Path) -> bool:
    """Whether the store is an endpoint elsewhere, not a folder here."""
    return str(where).startswith(("http://", "https://"))


def connect(where: str | Path) -> Store:
    """The store at a folder or at an ``http(s)://`` address. Raises `StoreError` or `release.NoRelease`."""
    if is_address(where):
        return Endpoint(str(where))
    return Embedded(Path(where))


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


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _term(value: str) -> str:
    if value.startswith("/") or re.match(r"[a-z][a-z0-9+.-]*:", value):
        full = iri.of(value) if value.startswith("/") else value
        if not _SAFE_IRI.fullmatch(full):
            raise ValueError(f"{value!r} cannot be an IRI")
        return f"<{full}>"
    return str(ox.Literal(value))
