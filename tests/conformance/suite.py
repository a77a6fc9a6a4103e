"""Suites of SPARQL tests in the form of the W3C's: manifests in, cases out; and whether an answer is the expected one.

A case's files are named by IRIs below `BASE`; every data file becomes a named graph of that IRI. Manifests:
https://www.w3.org/2001/sw/DataAccess/tests/README and https://w3c.github.io/rdf-tests/.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin

import pyoxigraph as ox
from rdflib import RDF, RDFS, Graph, Namespace

BASE = "http://suite.example/"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD = "http://www.w3.org/2001/XMLSchema#"

KINDS = {
    "QueryEvaluationTest": "evaluation",
    "CSVResultFormatTest": "evaluation",
    "PositiveSyntaxTest": "positive",
    "PositiveSyntaxTest11": "positive",
    "PositiveSyntaxTest12": "positive",
    "NegativeSyntaxTest": "negative",
    "NegativeSyntaxTest11": "negative",
    "NegativeSyntaxTest12": "negative",
    "ProtocolTest": "protocol",
    "ServiceDescriptionTest": "description",
}
"""Types of test that a read-only service can meet."""


class Request(NamedTuple):
    """A request of a protocol test, and what is expected: statuses as ``2xx``, a boolean where one is."""

    method: str
    address: str
    headers: dict[str, str]
    body: bytes
    statuses: tuple[str, ...]
    boolean: bool | None


class Case(NamedTuple):
    """One test: `name` is folder and fragment; `default` and `named` are IRIs; `data` maps graphs to their files."""

    name: str
    kind: str
    query: str = ""
    text: str = ""
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    data: tuple[tuple[str, Path], ...] = ()
    result: Path | None = None
    lax: bool = False
    requests: tuple[Request, ...] = ()


def cases(root: Path) -> Iterator[Case]:
    """The cases of all manifests below `root` that a query service can meet, without entailment and federation."""
    for path in sorted(root.rglob("manifest*.ttl")):
        if path.parent.name not in ("entailment", "service"):
            yield from _cases(root, path)


def _cases(root: Path, path: Path) -> Iterator[Case]:
    manifest = Graph().parse(path, format="turtle", publicID=BASE + path.relative_to(root).as_posix())
    for entries in manifest.objects(None, MF.entries):
        for test in manifest.items(entries):
            kinds = (KINDS.get(str(kind).removeprefix(str(MF))) for kind in manifest.objects(test, RDF.type))
            kind = next(filter(None, kinds), "")
            case = Case(f"{path.parent.name}#{re.split('[#/]', str(test))[-1]}", kind)
            action, result = manifest.value(test, MF.action), manifest.value(test, MF.result)
            if kind in ("positive", "negative", "evaluation") and not str(action).endswith(".ru"):
                yield _query_case(root, manifest, case, action)._replace(
                    result=_file(root, result) if result else None,
                    lax=manifest.value(test, MF.resultCardinality) == MF.LaxCardinality,
                )
            elif kind == "protocol":
                data = tuple((graph, _file(root, file)) for graph, file in _graphs(manifest, test))
                yield case._replace(data=data, requests=tuple(_requests(manifest, action)))
            elif kind == "description":
                yield case


def _query_case(root: Path, manifest: Graph, case: Case, action: Any) -> Case:
    query = manifest.value(action, QT.query) or action
    text = _file(root, query).read_bytes().decode("utf-8", "surrogateescape")
    default = tuple(map(str, manifest.objects(action, QT.data)))
    named = tuple(_graphs(manifest, action))
    asked = (urljoin(query, graph) for graph in re.findall(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", text, re.IGNORECASE))
    files = [(graph, _file(root, file)) for graph, file in (*zip(default, default, strict=True), *named)]
    files += [(graph, _file(root, graph)) for graph in asked if _file(root, graph).is_file()]
    return case._replace(
        query=str(query), text=text, default=default, named=tuple(graph for graph, _ in named), data=tuple(files)
    )


def _graphs(manifest: Graph, subject: Any) -> Iterator[tuple[str, str]]:
    """Named graphs with their files: a file's own IRI, or the label beside it."""
    for graph in (*manifest.objects(subject, QT.graphData), *manifest.objects(subject, UT.graphData)):
        file = manifest.value(graph, QT.graph) or manifest.value(graph, UT.graph) or graph
        yield str(manifest.value(graph, RDFS.label) or file), str(file)


def _requests(manifest: Graph, action: Any) -> Iterator[Request]:
    """The requests of a protocol test in their order (vocabulary: HTTP in RDF, W3C Note of 2017)."""
    for request in manifest.items(manifest.value(action, HT.requests)):
        body = manifest.value(request, HT.body)
        response = manifest.value(request, HT.resp)
        boolean = manifest.value(response, MF.expectedBoolean)
        yield Request(
            str(manifest.value(request, HT.methodName)),
            re.sub(r"^/sparql/?", "/sparql", str(manifest.value(request, HT.absolutePath))),
            {
                str(manifest.value(header, HT.fieldName)): str(manifest.value(header, HT.fieldValue))
                for header in manifest.items(manifest.value(request, HT.headers))
            },
            str(manifest.value(body, CNT.chars) or "").encode(
                str(manifest.value(body, CNT.characterEncoding) or "utf-8")
            ),
            tuple(str(status)[-3:] for status in manifest.objects(response, MF.expectedStatus)),
            None if boolean is None else bool(boolean.value),  # type: ignore[attr-defined]
        )


def _file(root: Path, iri: str) -> Path:
    return root / unquote(iri.removeprefix(BASE))


def dump(found: list[Case]) -> bytes:
    """The data of all cases as N-Quads, each file in its graph, with blank nodes of its own."""
    quads = (
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(graph))
        for graph, path in dict(pair for case in found for pair in case.data).items()
        for quad in ox.parse(path=str(path), format=format_of(path), base_iri=graph, rename_blank_nodes=True)
    )
    content = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    assert content is not None
    return content


def format_of(path: Path) -> ox.RdfFormat:
    """The format of a data file."""
    return ox.RdfFormat.from_extension({"n3": "ttl"}.get(path.suffix[1:], path.suffix[1:])) or ox.RdfFormat.TURTLE


# --- results ---------------------------------------------------------------------------------------------------------

Row = frozenset[tuple[str, Any]]
"""A solution: pairs of variable and term."""

RESULTS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
ACCEPT = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".tsv": "text/tab-separated-values",
    ".csv": "text/csv",
}


def expected(path: Path, base: str) -> Any:
    """What a result file holds: a boolean, a list of rows, a dataset, or rows of strings for CSV.

    Relative IRIs are resolved against `base`.
    """
    if path.suffix == ".csv":
        return _csv(path.read_bytes())
    if path.suffix in RESULTS:
        return _solutions(ox.parse_query_results(path=str(path), format=RESULTS[path.suffix]))
    dataset = ox.Dataset(ox.parse(path=str(path), format=format_of(path), base_iri=base))
    for quad in dataset.quads_for_predicate(ox.NamedNode(RS + "boolean")):
        return quad.object.value == "true"
    if not list(dataset.quads_for_object(ox.NamedNode(RS + "ResultSet"))):
        return dataset
    return _result_set(dataset)


def received(content: bytes, suffix: str) -> Any:
    """What an answer holds, in the same terms; `suffix` is that of its format, or ``.nt`` for a graph."""
    if suffix == ".csv":
        return _csv(content)
    if suffix == ".nt":
        return ox.Dataset(ox.parse(content, ox.RdfFormat.N_TRIPLES))
    return _solutions(ox.parse_query_results(content, RESULTS[suffix]))


def _csv(content: bytes) -> list[Row]:
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    names = rows[0] if rows else []
    return [
        frozenset(
            (name, ox.BlankNode(cell[2:]) if cell.startswith("_:") else cell)
            for name, cell in zip(names, row, strict=False)
        )
        for row in rows[1:]
    ]


def _solutions(found: Any) -> bool | list[Row]:
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    names = [variable.value for variable in found.variables]
    return [
        frozenset((name, value(term)) for name, term in zip(names, row, strict=True) if term is not None)
        for row in found
    ]


def _result_set(dataset: ox.Dataset) -> list[Row]:
    """The rows of a result written in RDF (vocabulary: result-set#)."""

    def objects(subject: Any, name: str) -> list[Any]:
        found = dataset.quads_for_subject(subject)
        return [quad.object for quad in found if quad.predicate.value == RS + name]

    return [
        frozenset(
            (objects(binding, "variable")[0].value, value(objects(binding, "value")[0]))
            for binding in objects(quad.object, "binding")
        )
        for quad in dataset.quads_for_predicate(ox.NamedNode(RS + "solution"))
    ]


NUMBERS = {XSD + name for name in ("integer", "decimal", "float", "double")}


def value(term: Any) -> Any:
    """A term as it is compared: numbers by value, because the store keeps them so."""
    if isinstance(term, ox.Literal) and term.datatype.value in NUMBERS:
        try:
            return term.datatype.value, Decimal(term.value)
        except InvalidOperation:
            return term
    return term


def same(left: Any, right: Any, *, lax: bool = False) -> bool:
    """Whether two results are the same but for the names of blank nodes; `lax` does not count duplicates."""
    if isinstance(left, ox.Dataset) and isinstance(right, ox.Dataset):
        left, right = _normal(left), _normal(right)
        for dataset in (left, right):
            dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        return bool(left == right)
    if isinstance(left, list) and isinstance(right, list):
        left, right = (list(set(rows)) if lax else rows for rows in (left, right))
        masked = [Counter(map(_masked, rows)) for rows in (left, right)]
        return masked[0] == masked[1] and _matched(sorted(left, key=_blanks), list(right), {})
    return type(left) is type(right) and bool(left == right)


def _normal(dataset: ox.Dataset) -> ox.Dataset:
    """The triples of a dataset with literals as the store keeps them."""
    store = ox.Store()
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in dataset)
    return ox.Dataset(store)


def _masked(row: Row) -> Row:
    return frozenset((name, "blank" if isinstance(term, ox.BlankNode) else _mask(term)) for name, term in row)


def _mask(term: Any) -> Any:
    return re.sub(r"_:\w+", "_:", str(term)) if isinstance(term, ox.Triple) else term


def _blanks(row: Row) -> int:
    return -sum(isinstance(term, ox.BlankNode) for _, term in row)


def _matched(left: list[Row], right: list[Row], known: dict[Any, Any]) -> bool:
    """Whether the rows agree under one renaming of blank nodes, found by trying."""
    if not left:
        return not right
    for position, row in enumerate(right):
        if (more := _renaming(left[0], row, known)) is not None and _matched(
            left[1:], right[:position] + right[position + 1 :], more
        ):
            return True
    return False


def _renaming(left: Row, right: Row, known: dict[Any, Any]) -> dict[Any, Any] | None:
    known, others = dict(known), dict(right)
    if len(left) != len(right):
        return None
    for name, term in left:
        other = others.get(name)
        if isinstance(term, ox.BlankNode) and isinstance(other, ox.BlankNode):
            if known.get(term, other) != other or (term not in known and other in known.values()):
                return None
            known[term] = other
        elif _mask(term) != _mask(other):
            return None
    return known
