"""Named example queries, and one query asked and answered in a format.

An example is a ``.rq`` file below `data/queries`. Its first comment lines describe it (title, description, kind of
user, expected columns, and the files without which it has no rows), so the file says everything and runs as it stands:

    # title: Who sponsored H.R. 1865
    # for: researcher
    # columns: name party state
    # needs: official files of the roll calls
    # What the answer means, in a sentence or two.
"""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

from data import ROOT
from graph.protocol import JSON, ServerError
from graph.screen import RefusedError, screen
from graph.store import Embedded, Endpoint, Store
from graph.vocabulary import PREFIXES

FOLDER = ROOT / "queries"
STARTERS = ROOT / "starters"

RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}

FIELDS = "title|for|columns|needs"
"""What a comment line may begin with, before a colon."""

_NO_ROWS = "--format {} is for rows; this query yields a graph: ttl, nt or jsonld"
_NO_GRAPH = "--format {} is for graphs; this query yields rows: table, json, xml, csv or tsv"


class BadQuery(ValueError):  # noqa: N818
    """A query that cannot be answered as asked; the message says why, in one line."""


class Example(NamedTuple):
    """A named query and what its comments say of it."""

    name: str
    title: str
    audience: str
    columns: tuple[str, ...]
    needs: str
    """Files that must be loaded for any rows, where the default graph has none; empty otherwise."""
    description: str
    text: str


@cache
def names() -> tuple[str, ...]:
    """The names of all examples: paths below `data/queries` without ``.rq``."""
    return tuple(sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.rq")))


def load(name: str) -> Example:
    """The example of that name: ``first/01-sponsor-of-hr1865``, or ``sponsor-of-hr1865`` alone. Raises `BadQuery`."""
    found = [known for known in names() if name in (known, known.rpartition("/")[2], _bare(known))]
    if len(found) != 1:
        raise BadQuery(f"there is no example named {name!r}; there are: {', '.join(names())}")
    return _read(FOLDER, found[0])


def starters() -> list[Example]:
    """Queries that make a graph, to begin from in the editor; their columns are those of its triples."""
    return [_read(STARTERS, path.stem) for path in sorted(STARTERS.glob("*.rq"))]


def _read(folder: Path, name: str) -> Example:
    text = (folder / f"{name}.rq").read_text(encoding="utf-8")
    comments = [line[1:].strip() for line in text.splitlines() if line.startswith("#")]
    fields = {m[1]: m[2] for c in comments if (m := re.match(rf"({FIELDS}):\s*(.*)", c))}
    prose = " ".join(c for c in comments if not re.match(rf"({FIELDS}):", c))
    return Example(
        name,
        fields.get("title", name),
        fields.get("for", ""),
        tuple(fields.get("columns", "").split()),
        fields.get("needs", ""),
        prose,
        text,
    )


def comment(text: str) -> str:
    """What a query says of itself: the first sentence of its comment.

    >>> comment("# The sponsors of a bill, with party.  Dated.\\nSELECT ?s {}")
    'The sponsors of a bill, with party'
    """
    said = " ".join(line.lstrip("# ") for line in text.splitlines() if line.startswith("#"))
    return re.split(r"(?<=[a-z])[.;] ", said.strip() + " ")[0].strip(" .")


def _bare(name: str) -> str:
    """A name without its folder and its number in the order."""
    return re.sub(r"^\d+-", "", name.rpartition("/")[2])


def answer(store: Store, query: str, format: str) -> bytes:
    """The answer to one SPARQL query in a format. Raises `BadQuery`, for what `graph.screen` refuses as well.

    `format` is ``table`` for a terminal, one of `RESULTS` for rows and booleans, or one of `GRAPHS` for graphs.
    """
    if format not in ("table", *RESULTS, *GRAPHS):
        raise BadQuery(f"--format {format} is not known; it is one of: table, {', '.join((*RESULTS, *GRAPHS))}")
    try:
        form = screen(query).form
    except RefusedError as error:
        raise BadQuery(str(error)) from None
    if isinstance(store, Endpoint):
        return _from_endpoint(store, query, form, format)
    assert isinstance(store, Embedded)
    try:
        found = store.oxigraph.query(query, prefixes=PREFIXES)
    except SyntaxError as error:
        raise BadQuery(f"the query cannot be read: {' '.join(str(error).split())}") from None
    return _written(found, format)


def _written(found: Any, format: str) -> bytes:
    if isinstance(found, ox.QueryTriples):
        if format in RESULTS:
            raise BadQuery(_NO_ROWS.format(format))
        buffer = io.BytesIO()
        kind = GRAPHS[format if format in GRAPHS else "ttl"]
        found.serialize(buffer, kind, **({} if kind == ox.RdfFormat.N_TRIPLES else {"prefixes": PREFIXES}))
        return buffer.getvalue()
    if format in GRAPHS:
        raise BadQuery(_NO_GRAPH.format(format))
    if format in RESULTS:
        content: bytes = found.serialize(format=RESULTS[format])
        return content
    if isinstance(found, ox.QueryBoolean):
        return b"yes\n" if found else b"no\n"
    columns = [variable.value for variable in found.variables]
    return _table(columns, [[_shown(term) for term in row] for row in found])


def _shown(term: Any) -> str:
    if term is None:
        return ""
    for prefix, namespace in PREFIXES.items():
        if isinstance(term, ox.NamedNode) and term.value.startswith(namespace):
            return f"{prefix}:{term.value.removeprefix(namespace)}"
    return str(term.value) if hasattr(term, "value") else str(term)


def _table(columns: list[str], rows: list[list[str]]) -> bytes:
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns)
    for row in rows:
        table.add_row(*(cell.replace("[", r"\[") for cell in row))
    console = Console(file=io.StringIO(), width=None if _is_terminal() else 200)
    console.print(table)
    plural = "" if len(rows) == 1 else "s"
    return f"{console.file.getvalue()}{len(rows)} row{plural}\n".encode()  # type: ignore[attr-defined]


def _is_terminal() -> bool:
    import sys

    return sys.stdout.isatty()


def _from_endpoint(store: Endpoint, query: str, form: str, format: str) -> bytes:
    try:
        if form not in ("CONSTRUCT", "DESCRIBE"):
            content = store.server.query(query, JSON, store.dataset.asked_by(query))
            return _written(ox.parse_query_results(content, ox.QueryResultsFormat.JSON), format)
        if format in RESULTS:
            raise BadQuery(_NO_ROWS.format(format))
        kind = GRAPHS[format if format in GRAPHS else "ttl"]
        prefixes = None if kind == ox.RdfFormat.N_TRIPLES else PREFIXES
        graph: bytes = ox.serialize(store.construct(query), format=kind, prefixes=prefixes)  # type: ignore[assignment]
        return graph
    except ServerError as error:
        raise BadQuery(f"the query cannot be read: {error.said}" if error.status == 400 else str(error)) from None
