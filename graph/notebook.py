"""A release in a notebook: as an rdflib ``Dataset``, its answers as pandas frames, its networks as networkx graphs.

    import graph
    g = graph.open()                                   # the newest release of S230_HOME, or graph.open("folder")
    g.frame("SELECT ?bill ?stage { ?bill a s230:Bill ; s230:stage ?stage }")
    g.frame("bills-by-party")                          # a named query
    g.network("members")

`Opened` is read-only: a release is never written again. A plain pattern sees the merged graph; ``g.graph(name)`` is
that of one source. The prefixes of the vocabulary need no declaration.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any, NoReturn

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import Dataset

from graph import networks, queries, release
from graph.layout import Network
from graph.store import Embedded
from graph.vocabulary import PREFIXES

XSD = "http://www.w3.org/2001/XMLSchema#"


class ReadOnly(TypeError):  # noqa: N818
    """Something was to be written into a release."""


class _Store(OxigraphStore):
    """A store of rdflib that refuses to be written to, and says what to do."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise ReadOnly("a release is never written again; to add data of your own make a new one with: s230 load FILE")

    add = addN = remove = remove_graph = update = _refuse  # noqa: N815

    def add_graph(self, graph: object) -> None:
        """Nothing: rdflib calls this to look into a graph as well, and one without statements is not kept."""


class Opened(Dataset):
    """A release as a read-only ``rdflib.Dataset``; `released` is what the functions of `graph` take."""

    def __init__(self, folder: Path) -> None:
        self.released = Embedded(folder)
        super().__init__(store=_Store(store=self.released.oxigraph))
        for prefix, namespace in PREFIXES.items():
            self.bind(prefix, namespace, override=True)

    def __reduce__(self) -> NoReturn:
        raise TypeError("an open release cannot be copied to another process; open it there")

    def frame(self, query: str) -> Any:
        """The rows of a SELECT query, or of a named one, as a ``pandas.DataFrame``.

        Numbers, booleans and days come as such, IRIs and words as ``str``. Raises `queries.BadQuery` for a query that
        cannot be read or yields no rows, ``ImportError`` without pandas.
        """
        pandas = _pandas()
        text = query if any(mark in query for mark in "{ \n") else queries.load(query).text
        try:
            found = self.released.oxigraph.query(text, prefixes=PREFIXES)
        except SyntaxError as error:
            raise queries.BadQuery(f"the query cannot be read: {' '.join(str(error).split())}") from None
        if not isinstance(found, ox.QuerySolutions):
            raise queries.BadQuery("a frame has rows and columns: ask with SELECT")
        columns = [variable.value for variable in found.variables]
        return pandas.DataFrame([[_value(term, pandas) for term in row] for row in found], columns=columns)

    def network(self, kind: str, scope: str = networks.EVERY) -> Network:
        """A network for `networkx`: see `graph.networks.network`."""
        return networks.network(self.released, kind, scope)


def open(where: str | Path | None = None) -> Opened:
    """A releases folder, or one release, for reading; by default that of ``S230_STORE``, else of ``S230_HOME``.

    Raises `release.NoRelease` where there is none.
    """
    return Opened(Path(where or os.environ.get("S230_STORE") or release.home() / "graph"))


def _pandas() -> Any:
    try:
        return importlib.import_module("pandas")
    except ImportError:
        raise ImportError("frames need pandas: pip install 'section230-graph[notebook]'") from None


def _value(term: Any, pandas: Any) -> Any:
    """A term as Python has it."""
    if not isinstance(term, ox.Literal):
        return None if term is None else getattr(term, "value", str(term))
    match term.datatype.value.removeprefix(XSD):
        case "integer":
            return int(term.value)
        case "decimal" | "double" | "float":
            return float(term.value)
        case "boolean":
            return term.value == "true"
        case "date" | "dateTime":
            return pandas.Timestamp(term.value)
    return term.value
