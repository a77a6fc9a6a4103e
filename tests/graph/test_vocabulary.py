"""The ontology: each term of ours is explained, used by a shape, and the only spelling there is."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from graph import iri, vocabulary
from graph.store import Embedded
from graph.vocabulary import MOVING, ONTOLOGY, PREFIXES, SHAPES, SINGLE, WORDINGS

S230 = rdflib.Namespace(PREFIXES["s230"])
SKOS = rdflib.SKOS
OWL = rdflib.OWL


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY)


def _terms(ontology: rdflib.Graph, *kinds: rdflib.URIRef) -> set[rdflib.URIRef]:
    found = {term for kind in kinds for term in ontology.subjects(rdflib.RDF.type, kind)}
    return {term for term in found if term in S230}


@pytest.mark.parametrize("predicate", [rdflib.RDFS.label, SKOS.definition, SKOS.example])
def test_each_class_and_property_is_explained(ontology: rdflib.Graph, predicate: rdflib.URIRef) -> None:
    terms = _terms(ontology, OWL.Class, OWL.DatatypeProperty, OWL.ObjectProperty)
    assert len(terms) > 100
    assert [str(term) for term in sorted(terms) if not list(ontology.objects(term, predicate))] == []


def test_no_term_is_defined_twice(ontology: rdflib.Graph) -> None:
    kinds = {OWL.Class, OWL.DatatypeProperty, OWL.ObjectProperty, SKOS.Concept}
    for term in _terms(ontology, *kinds):
        assert len({*ontology.objects(term, rdflib.RDF.type)} & kinds) == 1, term
        assert len([*ontology.objects(term, SKOS.definition)]) == 1, term


def test_each_concept_is_explained_and_in_a_scheme(ontology: rdflib.Graph) -> None:
    concepts = _terms(ontology, SKOS.Concept)
    for predicate in (rdflib.RDFS.label, SKOS.definition, SKOS.inScheme):
        assert [str(term) for term in sorted(concepts) if not list(ontology.objects(term, predicate))] == []


def test_each_class_and_property_is_used_by_a_shape(ontology: rdflib.Graph) -> None:
    shapes = rdflib.Graph().parse(SHAPES)
    used = set(shapes.objects(None, rdflib.SH.targetClass)) | set(shapes.objects(None, rdflib.SH.path))
    used |= set(shapes.objects(None, rdflib.SH["class"]))
    terms = _terms(ontology, OWL.Class, OWL.DatatypeProperty, OWL.ObjectProperty)
    assert sorted(str(term) for term in terms - used) == []


def test_shapes_use_no_term_of_ours_that_does_not_exist(ontology: rdflib.Graph) -> None:
    shapes = rdflib.Graph().parse(SHAPES)
    used = {o for p in (rdflib.SH.targetClass, rdflib.SH.path, rdflib.SH["class"]) for o in shapes.objects(None, p)}
    assert sorted(str(term) for term in used if term in S230 and term not in set(ontology.subjects())) == []


BROUGHT = ("/text/", "/note/", "/en", "/pointer/", "/conflict/us/", "/us/usc/t18/s1462", "/term/")
"""Parts of examples of what only official files, or a disagreement between them, bring."""


def test_the_example_of_a_class_is_a_thing_of_the_default_graph(ontology: rdflib.Graph, release: Path) -> None:
    store = Embedded(release)
    examples = {str(o) for c in _terms(ontology, OWL.Class) for o in ontology.objects(c, SKOS.example)}
    ours = sorted(example for example in examples if not any(part in example for part in BROUGHT))
    assert len(ours) > 20
    anywhere = "ASK {{ {{ <{0}> ?p ?o }} UNION {{ GRAPH ?g {{ <{0}> ?p ?o }} }} }}"
    assert [example for example in ours if not store.ask(anywhere.format(example))] == []


def test_what_the_merge_reconciles_is_a_property_of_somebody(ontology: rdflib.Graph) -> None:
    ours = {f"<{term}>" for term in ontology.subjects()}
    for term in SINGLE | WORDINGS:
        assert term in ours or not term.startswith(f"<{PREFIXES['s230']}"), term
    assert MOVING <= SINGLE and not SINGLE & WORDINGS


@given(st.text())
def test_any_text_becomes_a_literal_that_reads_back(value: str) -> None:
    kept = "".join(c for c in value if c >= " " or c in "\t\n\r").encode("utf-8", "replace").decode()
    line = f"<http://a/s> <http://a/p> {vocabulary.text(value)} ."
    (quad,) = ox.parse(line.encode(), ox.RdfFormat.N_TRIPLES)
    assert quad.object.value == kept and "\n" not in line


@given(st.text(st.characters()))
def test_any_path_becomes_an_iri_that_a_store_accepts(path: str) -> None:
    line = f"{vocabulary.ref('/' + path)} <http://a/p> <http://a/o> ."
    (quad,) = ox.parse(line.encode(), ox.RdfFormat.N_TRIPLES)
    assert quad.subject.value == iri.of("/" + path)
    assert quad.subject.value == iri.of(iri.path(quad.subject.value)), "an address made twice is the same"


@pytest.mark.parametrize(
    ("value", "kind"), [("2018-04-11", "date"), ("2018-04", "gYearMonth"), ("2018", "gYear"), ("spring", None)]
)
def test_a_day_is_as_exact_as_it_is_written(value: str, kind: str | None) -> None:
    term = vocabulary.day(value)
    assert term == (f'"{value}"' if kind is None else f'"{value}"^^<{PREFIXES["xsd"]}{kind}>')


def test_numbers_and_truths_have_their_datatypes() -> None:
    assert vocabulary.number(174).endswith("integer>") and vocabulary.boolean(False).startswith('"false"')
