"""`/void` and `/shapes`: every number is counted again with SPARQL, and what conforms is what the build found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph import release as releases
from graph import shapes
from graph.dataset import MERGED

VOID = "http://rdfs.org/ns/void#"
SH = "http://www.w3.org/ns/shacl#"
FORMATS = [("text/turtle", ".ttl"), ("application/ld+json", ".jsonld"), ("application/n-triples", ".nt")]


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        yield client


def loaded(client: TestClient, address: str, accept: str = "text/turtle") -> ox.Store:
    answer = client.get(address, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(accept)
    store = ox.Store()
    store.load(answer.content, ox.RdfFormat.from_media_type(accept))
    return store


def rows(store: ox.Store, query: str) -> set[tuple[str, ...]]:
    prologue = f"PREFIX void: <{VOID}> PREFIX sh: <{SH}> "
    return {tuple(term.value for term in row) for row in store.query(prologue + query)}


def counted(client: TestClient, query: str) -> set[tuple[str, ...]]:
    """The rows of a query as the endpoint answers it."""
    found = client.get("/sparql", params={"query": query}, headers={"accept": "application/json"}).json()
    return {tuple(row[name]["value"] for name in found["head"]["vars"]) for row in found["results"]["bindings"]}


def test_every_number_is_what_a_query_counts(client: TestClient) -> None:
    store = loaded(client, "/void")
    said = "SELECT ?triples ?subjects ?objects ?classes ?properties { ?graph void:triples ?triples ; "
    said += "void:distinctSubjects ?subjects ; void:distinctObjects ?objects ; void:classes ?classes ; "
    said += f"void:properties ?properties FILTER (?graph = <{MERGED}>) }}"
    triples = "SELECT (COUNT(*) AS ?t) (COUNT(DISTINCT ?s) AS ?a) (COUNT(DISTINCT ?o) AS ?b) { ?s ?p ?o }"
    classes = "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }"
    properties = "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"
    expected = [next(iter(counted(client, query))) for query in (triples, classes, properties)]
    assert rows(store, said) == {tuple(value for row in expected for value in row)}
    by_class = "SELECT ?class ?n { ?g void:classPartition [ void:class ?class ; void:entities ?n ] }"
    assert rows(store, by_class) == counted(client, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c")
    by_property = "SELECT ?p ?n { ?g void:propertyPartition [ void:property ?p ; void:triples ?n ] }"
    assert rows(store, by_property) == counted(client, "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")


def test_what_it_points_at_is_there(client: TestClient) -> None:
    store = loaded(client, "/void")
    [(endpoint, dump)] = rows(store, "SELECT ?e ?d { ?g void:sparqlEndpoint ?e ; void:dataDump ?d }")
    assert client.get(endpoint, headers={"accept": "text/turtle"}).status_code == 200
    assert client.get(dump).headers["content-type"] == "application/gzip"
    examples = rows(store, "SELECT ?x { ?g void:exampleResource ?x }")
    assert examples
    for (example,) in examples:
        assert counted(client, f"SELECT ?p ?o {{ <{example}> ?p ?o }}")
    vocabularies = {name for (name,) in rows(store, "SELECT ?v { ?g void:vocabulary ?v }")}
    terms = counted(client, "SELECT DISTINCT ?p { ?s ?p ?o }") | counted(client, "SELECT DISTINCT ?c { ?s a ?c }")
    assert all(any(term.startswith(name) for (term,) in terms) for name in vocabularies)
    assert all(any(term.startswith(name) for name in vocabularies) for (term,) in terms)


@pytest.mark.parametrize(("accept", "ending"), FORMATS)
def test_the_formats_say_the_same(client: TestClient, accept: str, ending: str) -> None:
    partitions = "SELECT ?p ?n { ?g void:propertyPartition [ void:property ?p ; void:triples ?n ] }"
    asked = rows(loaded(client, "/void", accept), partitions)
    assert asked == rows(loaded(client, "/void" + ending, accept), partitions)
    assert len(asked) > 100


def test_a_host_that_is_none_is_not_repeated(client: TestClient) -> None:
    answer = client.get("/void.nt", headers={"host": 'x"> <y'})
    assert "http://localhost/sparql" in answer.text
    first, second = (client.get("/void.nt", headers={"host": host}) for host in ("a.example", "b.example"))
    assert "http://a.example/sparql" in first.text and "http://b.example/sparql" in second.text
    assert first.headers["etag"] != second.headers["etag"]


def test_clients_find_the_description_where_they_look(client: TestClient) -> None:
    answer = client.get("/.well-known/void", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/void")
    assert client.head("/void.ttl").content == b""
    tag = client.get("/void.ttl").headers["etag"]
    assert client.get("/void.ttl", headers={"if-none-match": tag}).status_code == 304
    refused = client.get("/void", headers={"accept": "image/png"})
    assert refused.status_code == 406
    assert "/void.ttl" in refused.json()["detail"]


def test_the_pages_show_the_same_numbers(client: TestClient) -> None:
    [(triples, things)] = counted(client, "SELECT (COUNT(*) AS ?t) (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }")
    page = client.get("/void", headers={"accept": "text/html"}).text
    assert f"{int(triples):,} triples" in page and f"{int(things):,} things" in page
    assert "<code>s230:sponsor</code>" in page


def test_the_release_conforms_and_the_page_says_so(client: TestClient) -> None:
    page = client.get("/shapes", headers={"accept": "text/html"}).text
    assert "This release conforms" in page and f"{len(shapes.constraints())} constraints" in page
    assert client.get("/shapes.ttl").content == shapes.SHAPES.read_bytes()
    store = loaded(client, "/shapes/report")
    assert rows(store, "SELECT ?c { ?r a sh:ValidationReport ; sh:conforms ?c }") == {("true",)}


def test_what_does_not_conform_is_shown_with_thing_and_reason(release: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(releases.current(release), broken)
    report = json.loads((broken / "report.json").read_text())
    sponsor = "https://w3id.org/section230/ns#sponsor"
    shape, node = "https://w3id.org/section230/ns#BillShape", "https://w3id.org/section230/us/bill/115/hr/1865"
    report["violations"] = [shapes.Violation(shape, sponsor, "minCount", node, "expected <1>")._asdict()]
    (broken / "report.json").write_text(json.dumps(report))
    with TestClient(create_app(broken, Settings())) as client:
        page = client.get("/shapes", headers={"accept": "text/html"}).text
        assert "does not conform" in page and "H.R. 1865" in page and "expected &lt;1&gt;" in page
        found = "SELECT ?node ?component { ?r sh:conforms false ; sh:result [ a sh:ValidationResult ; "
        found += "sh:focusNode ?node ; sh:sourceConstraintComponent ?component ; sh:resultSeverity sh:Violation ] }"
        assert rows(loaded(client, "/shapes/report"), found) == {(node, SH + "MinCountConstraintComponent")}
