"""Loading: a reader's own RDF into a new release, beside what is there.

Triples go into one named graph, quads into the graphs they name; all of them into the merged graph too. `/graph/meta`
says of each graph that it was loaded. No shape is applied and nothing is reconciled: what is loaded is the reader's own
affair, so it may not touch a graph that stands for a source of the release. The release it starts from stays as it was.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from io import BufferedReader
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple, TextIO, cast

import pyoxigraph as ox

from graph import iri, release
from graph.records import Source
from graph.vocabulary import META, S230, ref
from ingest import kept, mapper, sources, spool

FAMILY = "loaded"
"""The family of the graphs that are loaded."""

SLICE = 200_000
"""Quads added to the store at once."""

HEAD = 4096
"""Bytes by which a format is told."""

FORMATS = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "rdf": ox.RdfFormat.RDF_XML,
    "owl": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
"""Formats by the ending of a file's name; of other names the content tells."""

_JSON = re.compile(rb'\s*(\{\s*["}]|\[\s*(\{|\]\s*\Z))')
_XML = re.compile(rb"\s*<(\?xml|!|[\w.:-]+\s|[\w.-]+:RDF>)")
_WHERE = re.compile(r"(Parser error )?at line \d+ (column|between columns?) \d+( and (line \d+ column )?\d+)?: ")

Graph = ox.NamedNode | ox.BlankNode


class LoadError(ValueError):
    """Something cannot be loaded; the message is one line: the file, the line where known, and why."""


class Loaded(NamedTuple):
    """What became of a load: the new release, and the triples and named graphs that the files hold."""

    release: str
    triples: int
    graphs: int


def load(files: Iterable[Path], start: Path, out: Path, graph: str | None = None) -> Loaded:
    """Publish in `out` the release `start` with the RDF of `files` added.

    Triples go into `graph`; without one, each file's into a graph of its own that is named after it. Relative IRIs are
    resolved against that graph. Turtle, N-Triples, N-Quads, TriG, RDF/XML and JSON-LD are read, packed with gzip or
    not. Raises `LoadError`, `OSError`; then nothing was published.
    """
    if graph is not None:
        _check_name(graph)
    with release.aside(out) as workplace:
        shutil.copytree(start, workplace, dirs_exist_ok=True, ignore=shutil.ignore_patterns(kept.FACTS))
        store = ox.Store(str(workplace / "store"))
        described = _families(store)
        found: dict[Graph, set[str]] = defaultdict(set)
        total = 0
        added = workplace / "added.nq"
        with added.open("w", encoding="utf-8", newline="\n") as lines:
            for file in files:
                quads, graphs = _add(file, graph, described, store, lines)
                total += quads
                for name, checksum in graphs.items():
                    found[name].add(checksum)
            gone = _describe(found, described, store, lines)
        store.flush()
        counts = {"quads": len(store), "triples": _size(store, ox.DefaultGraph())}
        counts["graphs"] = sum(1 for _ in store.named_graphs())
        del store
        checksum = _dump(start / "dump.nq.gz", added, gone, workplace)
        about = {"dump_sha256": checksum, **counts, "coverage": release.description(start).get("coverage", {})}
        return Loaded(release.publish(workplace, out, about).name, total, len(found))


def _check_name(graph: str) -> None:
    try:
        ox.NamedNode(graph)
    except ValueError as error:
        raise LoadError(f"--graph {graph}: not an absolute IRI ({error})") from None
    if graph in (iri.of(META), iri.of("/graph/merged")):
        raise LoadError(f"--graph {graph}: this graph is made from the others; choose another")


def _families(store: ox.Store) -> dict[str, str]:
    """The graphs that are described already, with the family of each."""
    of_family = ox.NamedNode(S230.family[1:-1])
    found = store.quads_for_pattern(None, of_family, None, ox.NamedNode(iri.of(META)))
    return {str(quad.subject): str(quad.object) for quad in found}


# --- reading ---------------------------------------------------------------------------------------------------------


def _add(
    file: Path, graph: str | None, described: dict[str, str], store: ox.Store, lines: TextIO
) -> tuple[int, dict[Graph, str]]:
    """Add what a file says to the store and to the lines of the dump; its statements, its graphs with its checksum."""
    total, graphs = 0, set[Graph]()
    try:
        item = sources.Item(str(file), "", None, file.stat().st_size)
        with sources.open_item(item) as stream:
            checksum = hashlib.file_digest(cast(BufferedReader, stream), "sha256").hexdigest()
        own = ox.NamedNode(graph or iri.of(iri.graph(Source(FAMILY, iri.slug(file.name), sha256=checksum))))
        with sources.open_item(item) as stream:
            quads = _quads(cast(BufferedReader, stream), file, own, checksum)
            while some := list(islice(quads, SLICE)):
                for name in {cast(Graph, quad.graph_name) for quad in some} - graphs:
                    if described.get(str(name), ref(f"/family/{FAMILY}")) != ref(f"/family/{FAMILY}"):
                        raise LoadError(f"{file}: the graph {name} stands for a source of the release; choose another")
                    graphs.add(name)
                _write(chain(some, map(_merged, some)), store, lines)
                total += len(some)
    except SyntaxError as error:
        where = f":{error.lineno}:{error.offset}" if error.lineno else ""
        raise LoadError(f"{file}{where}: {_WHERE.sub('', error.msg)}; nothing was loaded") from None
    except sources.Unreadable as error:
        raise LoadError(f"{file}: {error}") from None
    for name in graphs or {own}:
        store.add_graph(name)
    return total, dict.fromkeys(graphs or {own}, checksum)


def _quads(stream: BufferedReader, file: Path, own: ox.NamedNode, checksum: str) -> Iterator[ox.Quad]:
    """The statements of a file, each in a named graph, with blank nodes that no other file and graph has."""
    if stream.peek(3).startswith(b"\xef\xbb\xbf"):
        stream.read(3)
    mark = hashlib.sha256(f"{own.value} {checksum}".encode()).hexdigest()[:12]
    labels: dict[ox.BlankNode, ox.BlankNode] = {}

    def renamed(term: Any) -> Any:
        if isinstance(term, ox.BlankNode):
            return labels.setdefault(term, ox.BlankNode(f"l{mark}n{len(labels)}"))
        if isinstance(term, ox.Triple):
            return ox.Triple(renamed(term.subject), term.predicate, renamed(term.object))
        return term

    for quad in ox.parse(stream, _format(file, stream.peek(HEAD)[:HEAD]), base_iri=own.value):
        name = own if isinstance(quad.graph_name, ox.DefaultGraph) else renamed(quad.graph_name)
        yield ox.Quad(renamed(quad.subject), quad.predicate, renamed(quad.object), name)


def _format(file: Path, head: bytes) -> ox.RdfFormat:
    """The format of a file by its name, else by its first bytes."""
    ending = file.name.lower().removesuffix(".gz").rpartition(".")[2]
    if ending in FORMATS:
        return FORMATS[ending]
    if _JSON.match(head):
        return ox.RdfFormat.JSON_LD
    if _XML.match(head):
        return ox.RdfFormat.RDF_XML
    try:
        whole_lines = head if len(head) < HEAD else head[: head.rfind(b"\n") + 1]
        list(ox.parse(whole_lines, ox.RdfFormat.N_QUADS))
    except SyntaxError:
        return ox.RdfFormat.TRIG
    return ox.RdfFormat.N_QUADS


def _merged(quad: ox.Quad) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object)


def _write(quads: Iterable[ox.Quad], store: ox.Store, lines: TextIO) -> None:
    """Add to the store and the dump. The store keeps the labels of blank nodes only of quads, not of files."""
    some = list(quads)
    store.bulk_extend(some)
    lines.writelines(f"{_line(quad)}\n" for quad in some)


def _line(quad: ox.Quad) -> str:
    graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else f"{quad.graph_name} "
    return f"{quad.subject} {quad.predicate} {quad.object} {graph}."


# --- describing ------------------------------------------------------------------------------------------------------


def _describe(
    found: dict[Graph, set[str]], described: dict[str, str], store: ox.Store, lines: TextIO
) -> frozenset[str]:
    """Say in `/graph/meta` what the graphs are; the lines of the old dump that hold no longer.

    A graph that was loaded in several pieces has no checksum.
    """
    meta, checksum = ox.NamedNode(iri.of(META)), ox.NamedNode(S230.sha256[1:-1])
    about: list[str] = []
    gone: list[ox.Quad] = list(store.quads_for_pattern(meta, checksum, None, meta))
    for graph, checksums in sorted(found.items(), key=str):
        if graph == meta:
            continue
        if str(graph) in described:
            gone += store.quads_for_pattern(graph, checksum, None, meta)
        else:
            only = next(iter(checksums)) if len(checksums) == 1 else ""
            about += _description(graph, only)
    family = list(mapper.family(FAMILY, None, "", FAMILY))
    said = [f"{line} ." for line in family] + [f"{line} {ref(META)} ." for line in (*family, *about)]
    _write(ox.parse("\n".join(said).encode(), ox.RdfFormat.N_QUADS), store, lines)
    for quad in gone:
        store.remove(quad)
    digest = hashlib.sha256("\n".join(sorted(map(_line, store.quads_for_pattern(None, None, None, meta)))).encode())
    _write([ox.Quad(meta, checksum, ox.Literal(digest.hexdigest()), meta)], store, lines)
    return frozenset(map(_line, gone))


def _description(graph: Graph, checksum: str) -> Iterator[str]:
    """A graph's description; its name stands as it was given, which no path of ours would let it."""
    source = Source(FAMILY, graph.value, title=graph.value, sha256=checksum, confidence="one-source")
    for line in mapper.source_graph("/", source):
        yield f"{graph} {line.partition(' ')[2]}"


def _size(store: ox.Store, graph: ox.DefaultGraph) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, None, None, graph))


def _dump(old: Path, added: Path, gone: frozenset[str], workplace: Path) -> str:
    """Write the dump of the new release: the old one's lines without those that are gone, and the added ones."""
    dropped = {line.encode() for line in gone}
    with gzip.open(old, "rb") as before, added.open("rb") as new:
        kept = (line for line in chain(before, new) if line[:-1] not in dropped)
        _, checksum = spool.dump(spool.sort(kept, workplace), workplace / "dump.nq")
    added.unlink()
    spool.pack(workplace / "dump.nq")
    (workplace / "dump.nq").unlink()
    return checksum
