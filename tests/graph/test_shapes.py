"""The pass over a dump and pySHACL give the same verdict on each kind of constraint; the default graph conforms."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph import dumps, shapes
from graph import release as releases
from graph.store import Embedded
from graph.vocabulary import META, ONTOLOGY, PREFIXES, RDFS, S230, A, ref

NODE = "<https://w3id.org/section230/thing/1>"
OTHER = "<https://w3id.org/section230/thing/2>"
DATE = f"^^<{PREFIXES['xsd']}date>"
INTEGER = f"^^<{PREFIXES['xsd']}integer>"
BOOLEAN = f"^^<{PREFIXES['xsd']}boolean>"

CASE = (
    f"{NODE} {A} {S230.Case}",
    f'{NODE} {RDFS.label} "A v. B"',
    f'{NODE} {S230.court} "a court"',
    f'{NODE} {S230.decided} "1997-11-12"{DATE}',
    f"{NODE} {S230.outcome} {OTHER}",
)
"""A node that conforms."""

ROLL = (
    f"{NODE} {A} {S230.RollCall}",
    f'{NODE} {RDFS.label} "roll call 1"',
    f"{NODE} {S230.chamber} {OTHER}",
    f'{NODE} {S230.congress} "115"{INTEGER}',
    f'{NODE} {S230.roll} "1"{INTEGER}',
    f'{NODE} {S230.voteDay} "2018-02-27"{DATE}',
)

BREACHES = [
    ("no label", CASE[:1] + CASE[2:], "minCount"),
    ("two days", (*CASE, f'{NODE} {S230.decided} "1997-11-13"{DATE}'), "maxCount"),
    ("a day as a string", (*CASE[:3], f'{NODE} {S230.decided} "1997-11-12"', CASE[4]), "datatype"),
    ("a day that is none", (*CASE[:3], f'{NODE} {S230.decided} "1997-02-30"{DATE}', CASE[4]), "datatype"),
    ("a day as a thing", (*CASE[:3], f"{NODE} {S230.decided} {OTHER}", CASE[4]), "datatype"),
    ("a label with a language", (CASE[0], f'{NODE} {RDFS.label} "A v. B"@en', *CASE[2:]), "datatype"),
    ("a number of words", (*ROLL[:4], f'{NODE} {S230.roll} "one"{INTEGER}', ROLL[5]), "datatype"),
    ("a number as a string", (*ROLL[:4], f'{NODE} {S230.roll} "1"', ROLL[5]), "datatype"),
    ("an outcome in words", (*CASE[:4], f'{NODE} {S230.outcome} "granted"'), "nodeKind"),
    ("a provision that is none", (*CASE, f"{NODE} {S230.concerns} {OTHER}"), "class"),
    ("an interpretation that is a string", (*CASE, f'{NODE} {S230.interpretation} "x"'), "class"),
    ("neither yes nor no", (f"{NODE} {A} {S230.Version}", f'{NODE} {S230.prospective} "perhaps"{BOOLEAN}'), "datatype"),
]


def _both(statements: tuple[str, ...]) -> tuple[set[str], bool]:
    """The kinds of constraints that are broken, and whether pySHACL sees any."""
    lines = sorted(f"{line} ." for line in statements)
    conforms, _ = shapes.conforms("\n".join(lines).encode())
    return {violation.constraint for violation in shapes.violations(lines)}, not conforms


LINKED = (*CASE, f"{NODE} {S230.concerns} {OTHER}", f"{OTHER} {A} {S230.Provision}", f'{OTHER} {RDFS.label} "x"')


@pytest.mark.parametrize("statements", [CASE, ROLL, LINKED])
def test_a_node_that_has_what_its_shape_asks_conforms(statements: tuple[str, ...]) -> None:
    assert _both(statements) == (set(), False)


@pytest.mark.parametrize(("why", "statements", "kind"), BREACHES, ids=[why for why, _, _ in BREACHES])
def test_a_breach_is_found_by_the_pass_and_by_pyshacl(why: str, statements: tuple[str, ...], kind: str) -> None:
    found, seen = _both(statements)
    assert kind in found and seen


def test_a_violation_names_the_shape_the_node_and_what_was_found() -> None:
    (violation,) = shapes.violations(f"{line} ." for line in (*CASE[:3], f'{NODE} {S230.decided} "soon"', CASE[4]))
    assert violation.shape.endswith("#CaseShape") and violation.node == NODE.strip("<>")
    assert violation.message == 'expected datatype date, found "soon"'


def test_statements_of_named_graphs_are_not_judged() -> None:
    graph = "<https://w3id.org/section230/graph/x>"
    literal = f'{NODE} {S230.holding} "says \\"<a> <b>\\" here" {graph} .'
    assert list(shapes.violations([f"{NODE} {A} {S230.Case} {graph} .", literal])) == []


def test_only_the_first_violations_of_a_constraint_are_listed() -> None:
    many = [f"<https://w3id.org/section230/thing/{number}> {A} {S230.BillText} ." for number in range(100, 200)]
    found = [violation for violation in shapes.violations(many) if violation.path.endswith("textVersion")]
    assert len(found) == shapes.SHOWN


def test_a_term_of_ours_that_the_ontology_does_not_have_is_a_violation() -> None:
    found = list(shapes.violations([f"{NODE} {S230.inventedToday} {S230.Invention} ."]))
    assert [violation.node.rpartition("#")[2] for violation in found] == ["Invention", "inventedToday"]


def test_a_constraint_that_cannot_be_checked_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(
        f"@prefix sh: <{PREFIXES['sh']}> . @prefix e: <http://e/> . "
        "e:Shape sh:targetClass e:C ; sh:property [ sh:path e:p ; sh:pattern 'x' ] ."
    )
    with pytest.raises(ValueError, match="pattern x, which is not known here"):
        shapes.constraints(path)


def test_no_class_with_a_shape_has_subclasses() -> None:
    above = {quad.object.value for quad in _ontology() if quad.predicate.value == PREFIXES["rdfs"] + "subClassOf"}
    judged = {c.target for c in shapes.constraints()} | {c.value for c in shapes.constraints() if c.kind == "class"}
    assert above & judged == set()


def _ontology() -> Iterator[ox.Quad]:
    yield from ox.parse(path=str(ONTOLOGY), format=ox.RdfFormat.TURTLE)


def test_the_default_graph_conforms_as_both_read_it(release: Path) -> None:
    conforms, said = dumps.conformance(Embedded(release))
    assert conforms, said
    assert said.endswith(f"conform to {len(shapes.constraints())} constraints")


def _dump(release: Path) -> list[str]:
    with gzip.open(releases.current(release) / "dump.nq.gz", "rt", encoding="utf-8", newline="\n") as file:
        return [line.rstrip("\n") for line in file]


def test_the_descriptions_of_sources_conform(release: Path) -> None:
    described = [
        line.removesuffix(f" {ref(META)} .") + " ." for line in _dump(release) if line.endswith(f"{ref(META)} .")
    ]
    assert len(described) > 1000
    assert list(shapes.violations(described)) == []


def test_a_breach_in_the_dump_of_a_release_is_reported(release: Path) -> None:
    lines = _dump(release)
    label = f"<https://w3id.org/section230/case/zeran> {RDFS.label} "
    broken = [line for line in lines if not (line.startswith(label) and line.endswith('" .'))]
    assert len(broken) == len(lines) - 1
    assert [(v.constraint, v.node.rpartition("/")[2]) for v in shapes.violations(broken)] == [("minCount", "zeran")]
