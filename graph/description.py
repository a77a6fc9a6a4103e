"""What the graph says of itself in RDF: VoID statistics, the SPARQL service description, and the SHACL report.

Rules: W3C Note "Describing Linked Datasets with the VoID Vocabulary" (2011), SPARQL 1.1 Service Description (2013),
SHACL (2017), section 3.6. Everything is counted on the release that is served; nothing is claimed that was not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import pyoxigraph as ox

from graph import iri
from graph.dataset import MERGED
from graph.shapes import Violation
from graph.store import Row
from graph.vocabulary import DCTERMS, FOAF, PREFIXES, RDFS, SHACL, VOID, A, Namespace, boolean, number, ref, text

MERGED_GRAPH = ref(MERGED)

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")

NAMESPACES = PREFIXES | {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "formats": "http://www.w3.org/ns/formats/",
}
"""Prefixes of what stands in a description."""

EXAMPLES = ("/us/usc/t47/s230", "/us/pl/115/164", "/us/bill/115/hr/1865", "/us/person/W000812")
"""Section 230, FOSTA, its bill and the sponsor of it."""

MOST_GRAPHS = 5_000
"""Named graphs that a service description lists; where there are more, only the one that describes them all."""

COMPONENTS = {
    "minCount": SHACL.MinCountConstraintComponent,
    "maxCount": SHACL.MaxCountConstraintComponent,
    "datatype": SHACL.DatatypeConstraintComponent,
    "class": SHACL.ClassConstraintComponent,
    "nodeKind": SHACL.NodeKindConstraintComponent,
}

Fact = tuple[str, str, str]
"""Subject, predicate and object as N-Triples writes them."""


class Statistics(NamedTuple):
    """Numbers of the merged graph; `classes` and `properties` are pairs of an IRI and how many things or triples."""

    triples: int
    subjects: int
    objects: int
    classes: tuple[tuple[str, int], ...]
    properties: tuple[tuple[str, int], ...]


def statistics(partitions: Iterable[Row], extent: Row) -> Statistics:
    """The numbers from the answers to ``partitions.rq`` and ``extent.rq``."""
    counted = [(row["kind"], row["term"], int(row["count"])) for row in partitions if "term" in row]
    classes = tuple((term, count) for kind, term, count in counted if kind == "class")
    properties = tuple((term, count) for kind, term, count in counted if kind == "property")
    total = sum(count for _, count in properties)
    return Statistics(total, int(extent["subjects"]), int(extent["objects"]), classes, properties)


def merged(found: Statistics) -> list[Fact]:
    """The merged graph with its numbers (VoID, section 4)."""
    facts = [
        (MERGED_GRAPH, A, VOID.Dataset),
        (MERGED_GRAPH, VOID.triples, number(found.triples)),
        (MERGED_GRAPH, VOID.entities, number(found.subjects)),
        (MERGED_GRAPH, VOID.distinctSubjects, number(found.subjects)),
        (MERGED_GRAPH, VOID.distinctObjects, number(found.objects)),
        (MERGED_GRAPH, VOID.classes, number(len(found.classes))),
        (MERGED_GRAPH, VOID.properties, number(len(found.properties))),
    ]
    for index, (term, count) in enumerate(found.classes):
        part = f"_:c{index}"
        facts += [(MERGED_GRAPH, VOID.classPartition, part), (part, VOID["class"], ref(term))]
        facts += [(part, VOID.entities, number(count))]
    for index, (term, count) in enumerate(found.properties):
        part = f"_:p{index}"
        facts += [(MERGED_GRAPH, VOID.propertyPartition, part), (part, VOID.property, ref(term))]
        facts += [(part, VOID.triples, number(count))]
    return facts


def void(home: str, found: Statistics, examples: Iterable[str], *, has_dump: bool) -> list[Fact]:
    """The merged graph as a dataset on the web (VoID, sections 2 and 3).

    `home` is the address of this service, `examples` are paths of things to begin with.
    """
    terms = [term for term, _ in (*found.classes, *found.properties)]
    used = [name for name in PREFIXES.values() if any(term.startswith(name) for term in terms)]
    return [
        *merged(found),
        (MERGED_GRAPH, DCTERMS.title, text("Section 230 graph")),
        (MERGED_GRAPH, DCTERMS.description, text(_DESCRIPTION)),
        (MERGED_GRAPH, DCTERMS.license, "<https://creativecommons.org/publicdomain/zero/1.0/>"),
        (MERGED_GRAPH, FOAF.page, ref(f"{home}/data")),
        (MERGED_GRAPH, VOID.uriSpace, text(iri.BASE + "/")),
        (MERGED_GRAPH, VOID.sparqlEndpoint, ref(f"{home}/sparql")),
        *([(MERGED_GRAPH, VOID.dataDump, ref(f"{home}/data/dump.nq.gz"))] if has_dump else []),
        *((MERGED_GRAPH, VOID.exampleResource, ref(path)) for path in examples),
        *((MERGED_GRAPH, VOID.vocabulary, ref(name)) for name in used),
        *((MERGED_GRAPH, VOID.feature, form) for form in (FORMATS.Turtle, FORMATS["N-Triples"], FORMATS["JSON-LD"])),
    ]


_DESCRIPTION = (
    "47 U.S.C. § 230 through time: provisions, effects, laws, bills, votes, decisions and claims, each triple once. "
    "Curated data are CC0, official sources in the public domain. The dump has every source graph as well."
)


def service(address: str, formats: Iterable[str], graphs: list[str], found: Statistics | None) -> list[Fact]:
    """The endpoint at `address`: what it speaks and which graphs it has; numbers where they could be counted.

    `formats` are called as the W3C calls them, ``SPARQL_Results_JSON``.
    """
    endpoint, data = ref(address), ref(f"{address}#dataset")
    listed = graphs if len(graphs) <= MOST_GRAPHS else [iri.of("/graph/meta")]
    return [
        (endpoint, A, SD.Service),
        (endpoint, SD.endpoint, endpoint),
        (endpoint, SD.supportedLanguage, SD.SPARQL11Query),
        (endpoint, SD.feature, SD.EmptyGraphs),
        (endpoint, SD.defaultEntailmentRegime, "<http://www.w3.org/ns/entailment/Simple>"),
        *((endpoint, SD.resultFormat, FORMATS[name]) for name in formats),
        (endpoint, SD.defaultDataset, data),
        (data, A, SD.Dataset),
        (data, SD.defaultGraph, MERGED_GRAPH),
        (MERGED_GRAPH, A, SD.Graph),
        (MERGED_GRAPH, RDFS.label, text("the merged graph: each triple once")),
        *(fact for graph in listed for fact in _named(data, graph)),
        *(merged(found) if found else []),
    ]


def _named(data: str, graph: str) -> list[Fact]:
    node = f"_:g{graph.encode().hex()}"
    return [(data, SD.namedGraph, node), (node, A, SD.NamedGraph), (node, SD.name, ref(graph))]


def shacl_report(violations: Iterable[Violation]) -> list[Fact]:
    """What the build found when it checked the shapes, as a SHACL validation report."""
    found = list(violations)
    facts = [("_:report", A, SHACL.ValidationReport), ("_:report", SHACL.conforms, boolean(not found))]
    for index, violation in enumerate(found):
        result = f"_:r{index}"
        component = COMPONENTS.get(violation.constraint)
        facts += [
            ("_:report", SHACL.result, result),
            (result, A, SHACL.ValidationResult),
            (result, SHACL.resultSeverity, SHACL.Violation),
            (result, SHACL.focusNode, ref(violation.node)),
            (result, SHACL.resultMessage, text(violation.message)),
            *([(result, SHACL.resultPath, ref(violation.path)), (result, SHACL.sourceShape, ref(violation.shape)),
               (result, SHACL.sourceConstraintComponent, component)] if component else []),
        ]  # fmt: skip
    return facts


def serialize(facts: Iterable[Fact], format: ox.RdfFormat) -> bytes:
    """Facts in a format of RDF, what is said of one thing together."""
    by_subject: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_subject[fact[0]].append(fact)
    lines = "".join(f"{' '.join(fact)} .\n" for found in by_subject.values() for fact in found)
    triples = [quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES)]
    used = {prefix: name for prefix, name in NAMESPACES.items() if f"<{name}" in lines}
    has_prefixes = format not in (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
    return ox.serialize(triples, format=format, prefixes=used if has_prefixes else None) or b""
