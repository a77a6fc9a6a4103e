"""The dataset of a query: which graphs it sees, and the merged graph by its name.

Our stores keep the merged graph as the default graph: a plain pattern sees it. Its name means the same in
``default-graph-uri`` and in FROM. As a *named* graph it cannot be had, because then GRAPH ?g, which tells the sources
apart, would count every statement twice; a query that asks for it so is refused with a reason, not answered by nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urljoin

from graph import iri
from graph.screen import BLANK, IRI, STRING, RefusedError
from graph.vocabulary import PREFIXES

MERGED = iri.of("/graph/merged")
"""The name of the merged graph."""

_NAME = r"(?:\w[\w.\-]*+)?:(?:\\.|%[0-9A-Fa-f]{2}|[\w.\-:])*+"
_TOKEN = re.compile(
    rf"{STRING}|\#[^\n\r]*+"
    rf"|\b(?P<word>BASE|PREFIX{BLANK}(?P<prefix>[\w.\-]*):|FROM{BLANK}NAMED|FROM|GRAPH)(?!\w)"
    rf"{BLANK}(?P<term>{IRI}|{_NAME})"
    rf"|{IRI}|{_NAME}|[?$]\w++|\w[\w.\-]*+",
    re.IGNORECASE | re.DOTALL,
)
_MENTIONED = re.compile(r"\b(?:FROM|GRAPH)\b", re.IGNORECASE)


class Dataset(NamedTuple):
    """The graphs of a query as the engine takes them; the merged graph is ``""``. Both None: what the query says."""

    default: tuple[str, ...] | None
    named: tuple[str, ...] | None


def of(query: str, default: Iterable[str] = (), named: Iterable[str] = ()) -> Dataset:
    """The dataset of a query: that of the protocol's parameters, else that of its FROM clauses.

    SPARQL 1.1 Protocol, section 2.1.4: the parameters win over the query. Raises `RefusedError` for the merged graph
    as a named one.

    >>> of("ASK {}")
    Dataset(default=None, named=None)
    >>> of("ASK FROM <https://w3id.org/section230/graph/merged> FROM NAMED <http://example.org/g> {}")
    Dataset(default=('',), named=('http://example.org/g',))
    >>> of("ASK FROM <http://example.org/a> {}", [MERGED, "http://example.org/b"])
    Dataset(default=('', 'http://example.org/b'), named=())
    """
    asked = list(default), list(named)
    is_given = any(asked)
    said = clauses(query)
    if not is_given:
        asked = said["FROM"], said["FROM NAMED"]
    if MERGED in (*asked[1], *said["GRAPH"]):
        raise RefusedError(_NOT_NAMED, forbidden=False)
    if not is_given and MERGED not in asked[0]:
        return Dataset(None, None)
    return Dataset(tuple("" if graph == MERGED else graph for graph in asked[0]), tuple(asked[1]))


_NOT_NAMED = (
    f"<{MERGED}> is the default graph here and has no statements as a named one: leave GRAPH and FROM NAMED away, "
    f"or write FROM <{MERGED}>"
)


def clauses(query: str) -> dict[str, list[str]]:
    """The graphs that a query names, as absolute IRIs, by FROM, FROM NAMED and GRAPH.

    >>> clauses("PREFIX g: <http://example.org/> ASK { GRAPH g:one { ?s ?p 'GRAPH <two>' } }")["GRAPH"]
    ['http://example.org/one']
    """
    found: dict[str, list[str]] = {"FROM": [], "FROM NAMED": [], "GRAPH": []}
    if not _MENTIONED.search(query):
        return found
    base, prefixes = iri.BASE + "/", dict(PREFIXES)
    for token in _TOKEN.finditer(query):
        word, term = token["word"], token["term"]
        if not word:
            continue
        graph = _resolved(base, term[1:-1]) if term.startswith("<") else _expanded(term, prefixes)
        if token["prefix"] is not None:
            prefixes[token["prefix"]] = graph
        elif word.upper() == "BASE":
            base = graph
        else:
            found["GRAPH" if word.upper() == "GRAPH" else "FROM NAMED" if word.upper() != "FROM" else "FROM"] += [graph]
    return found


def _resolved(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference)
    except ValueError:  # no address at all, such as http://[x; whatever it names, it is not the merged graph
        return reference


def _expanded(name: str, prefixes: dict[str, str]) -> str:
    prefix, _, local = name.partition(":")
    return prefixes.get(prefix, prefix + ":") + re.sub(r"\\(.)", r"\1", local)
