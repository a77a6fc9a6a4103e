"""The ten first questions: the rows that stand beside them, on any engine, in two hops; and queries in general."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from lxml import etree
from rdflib.namespace import OWL, RDF, RDFS
from rdflib.paths import SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from graph import queries
from graph.queries import BadQuery
from graph.store import Embedded, connect
from graph.vocabulary import ONTOLOGY, PREFIXES

FIRST = tuple(name for name in queries.names() if name.startswith("first/"))

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def store(release: Path) -> Embedded:
    found = connect(release)
    assert isinstance(found, Embedded)
    return found


@pytest.fixture(scope="module")
def merged(store: Embedded) -> rdflib.Graph:
    """The merged graph in another engine."""
    triples: bytes = store.oxigraph.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    return rdflib.Graph().parse(data=triples, format="nt")


def expected(name: str) -> Rows:
    text = (queries.FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def asked(store: Embedded, name: str) -> Rows:
    content = queries.answer(store, queries.load(name).text, "csv")
    return list(csv.DictReader(io.StringIO(content.decode())))


# --- the ten first questions -----------------------------------------------------------------------------------------


def test_there_are_ten_first_questions():
    assert [name[6:8] for name in FIRST] == [f"{number:02}" for number in range(1, 11)]


@pytest.mark.parametrize("name", FIRST)
def test_a_first_question_says_what_it_asks_for_whom_and_in_which_columns(name):
    example = queries.load(name)
    assert example.title.endswith("?")
    assert example.audience in ("everybody", "student", "lawyer", "researcher")
    assert example.description.endswith(".")
    assert example.columns == tuple(expected(name)[0])


@pytest.mark.parametrize("name", FIRST)
def test_a_first_question_gives_the_rows_that_stand_beside_it(store, name):
    assert asked(store, name) == expected(name)


@pytest.mark.parametrize("name", FIRST)
def test_another_engine_gives_the_same_rows(merged, name):
    found = merged.query(queries.load(name).text, initNs=PREFIXES)
    rows = [
        {str(variable): "" if term is None else str(term) for variable, term in zip(found.vars, row, strict=True)}
        for row in found
    ]
    assert sorted(rows, key=str) == sorted(expected(name), key=str)


@pytest.mark.parametrize("name", FIRST)
def test_a_first_question_names_no_graph_and_takes_two_hops_at_most(name):
    algebra = translateQuery(parseQuery(queries.load(name).text), initNs=PREFIXES).algebra
    patterns = list(nodes(algebra))
    assert "Graph" not in {node.name for node in patterns}
    triples = [triple for node in patterns if node.name == "BGP" for triple in node["triples"]]
    assert 1 <= hops(triples) <= 2


def nodes(value: Any) -> Iterator[CompValue]:
    """Every node of a query's algebra."""
    if isinstance(value, CompValue):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple | set):
        for part in value:
            yield from nodes(part)


ONTOLOGY_GRAPH = rdflib.Graph().parse(ONTOLOGY)
SAYINGS = {RDFS.label, *ONTOLOGY_GRAPH.subjects(RDF.type, OWL.DatatypeProperty)}
"""What is said of a thing in words, numbers and days: reading it is no step to another thing."""


def hops(triples: list[tuple[Any, Any, Any]]) -> int:
    """The most steps from a thing that the query names to a thing that it asks for."""
    edges: list[tuple[Any, Any, int]] = []
    for subject, predicate, object in triples:
        steps = list(predicate.args) if isinstance(predicate, SequencePath) else [predicate]
        edges.append((subject, object, sum(step not in SAYINGS for step in steps)))
    distance = {end: 0 for a, b, _ in edges for end in (a, b) if isinstance(end, rdflib.URIRef)}
    for _ in edges:
        for a, b, length in edges:
            for near, far in ((a, b), (b, a)):
                if near in distance:
                    distance[far] = min(distance[near] + length, distance.get(far, 99))
    return max(distance.values())


# --- the same numbers by another route: the official files themselves ------------------------------------------------


def record(corpus: Path, number: str) -> Any:
    folder = corpus / "section230-bills" / "115"
    return etree.parse(folder / f"BILLSTATUS-115{number}.xml").getroot().find("bill")


def cosponsors(bill: Any) -> list[dict[str, str]]:
    return [{part.tag: (part.text or "").strip() for part in item} for item in bill.find("cosponsors").findall("item")]


@pytest.mark.corpus
def test_the_sponsor_is_that_of_the_official_record(corpus):
    (sponsor,) = record(corpus, "hr1865").find("sponsors")
    assert [row["person"].rpartition("/")[2] for row in expected(FIRST[0])] == [sponsor.findtext("bioguideId")]


@pytest.mark.corpus
def test_the_cosponsors_are_those_of_the_official_record(corpus):
    people = cosponsors(record(corpus, "hr1865"))
    active = Counter(person["party"] for person in people if not person["sponsorshipWithdrawnDate"])
    assert {row["party"]: int(row["cosponsors"]) for row in expected(FIRST[1])} == active
    assert [(row["joined"], row["withdrawn"]) for row in expected(FIRST[2])] == [
        (person["sponsorshipDate"], person["sponsorshipWithdrawnDate"])
        for person in people
        if person["sponsorshipWithdrawnDate"]
    ]


@pytest.mark.corpus
def test_the_cosponsors_on_a_day_are_those_of_the_official_record(corpus):
    joined = [person["sponsorshipDate"] for person in cosponsors(record(corpus, "s1693"))]
    assert expected(FIRST[5]) == [{"cosponsors": str(sum(day <= "2018-03-08" for day in joined))}]


@pytest.mark.corpus
def test_the_votes_are_those_of_the_roll_calls(corpus):
    counted = []
    for path in sorted((corpus / "section230-bills" / "votes").glob("115-*.json")):
        roll = json.loads(path.read_text("utf-8"))
        if roll["bill"]["type"] == "hr" and roll["bill"]["number"] == 1865:
            yea, nay = (
                sum(len(roll["votes"].get(word, ())) for word in words) for words in (("Yea", "Aye"), ("Nay", "No"))
            )
            counted.append((roll["date"][:10], str(roll["number"]), str(yea), str(nay)))
    known = [(row["day"], row["roll"], row["yea"], row["nay"]) for row in expected(FIRST[6])]
    assert set(counted) == set(known)


# --- queries in general ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["first/01-sponsor-of-hr1865", "01-sponsor-of-hr1865", "sponsor-of-hr1865"])
def test_an_example_is_found_by_its_name_with_or_without_folder_and_number(name):
    assert queries.load(name).name == "first/01-sponsor-of-hr1865"


def test_an_unknown_example_is_answered_with_those_there_are():
    with pytest.raises(BadQuery, match="no example named 'cats'; there are: first/01"):
        queries.load("cats")


@pytest.mark.parametrize(
    ("query", "format", "reason"),
    [
        ("SELECT ?s { ?s ?p }", "csv", "the query cannot be read"),
        ("", "csv", "the query cannot be read"),
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "pdf", "--format pdf is not known"),
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "ttl", "is for graphs; this query yields rows"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1", "csv", "is for rows; this query yields a graph"),
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", "csv", "SERVICE is not available"),
        ("DELETE WHERE { ?s ?p ?o }", "csv", "DELETE is an update"),
        ("ASK " + "{" * 5000 + "}" * 5000, "csv", "nested deeper"),
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_answered_says_why_in_one_line(store, query, format, reason):
    with pytest.raises(BadQuery, match=reason) as raised:
        queries.answer(store, query, format)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("query", "format", "content"),
    [
        ("ASK { ?s a s230:Effect }", "table", "yes\n"),
        ("ASK { ?s a s230:Effect }", "json", '{"head":{},"boolean":true}'),
        ("SELECT (1 AS ?one) {}", "csv", "one\r\n1\r\n"),
        ("SELECT (1 AS ?one) {}", "tsv", "?one\n1\n"),
        ('CONSTRUCT { <x:a> <x:b> "c" } WHERE {}', "nt", '<x:a> <x:b> "c" .\n'),
    ],
)  # fmt: skip
def test_an_answer_comes_in_the_format_that_was_asked_for(store, query, format, content):
    assert queries.answer(store, query, format).decode() == content


def test_a_table_is_for_people(store):
    table = queries.answer(store, 'SELECT ("[b]" AS ?word) ?nothing {}', "table").decode()
    assert "[b]" in table
    assert table.endswith("1 row\n")
