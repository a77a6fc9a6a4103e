"""Bills that cannot both pass: what gets in each other's way, and what does not."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from graph import collisions, iri, queries
from graph.answers import Malformed
from graph.proposals import Instruction, instructions
from graph.store import Store, connect

S = "/us/usc/t47/s230"
ONE, OTHER = "/us/bill/119/hr/1", "/us/bill/119/s/1"


@pytest.fixture(scope="module")
def store(release: Path) -> Store:
    return connect(release)


def does(bill: str, kind: str, *slots: str, operation: str = "amend", **fields: Any) -> Instruction:
    return Instruction(f"{bill}/foresees/1", bill, 1, operation, kind, tuple(S + slot for slot in slots), **fields)


def move(bill: str) -> Instruction:
    return does(bill, "renumbering", "/f", operation="redesignate", moves=((f"{S}/f", f"{S}/g"),))


ROWS = [
    (does(ONE, "addition", "/e/6"), does(OTHER, "addition", "/e/6"), {("same-designation", "/e/6")}),
    (does(ONE, "addition", "/e/6"), does(OTHER, "addition", "/e/7"), set()),
    (does(ONE, "designation", "/c/1/A"), does(OTHER, "designation", "/c/1/A"), {("same-designation", "/c/1/A")}),
    (move(ONE), does(OTHER, "addition", "/g"), {("same-designation", "/g")}),
    (move(ONE), does(OTHER, "addition", "/f"), set()),
    (move(ONE), does(OTHER, "addition", "/f/5"), {("moved", "/f")}),
    (move(ONE), does(OTHER, "substitution", "/f/3", old_text="a", new_text="b"), {("moved", "/f")}),
    (does(ONE, "repeal", ""), does(OTHER, "addition", "/e/6"), {("repealed", "")}),
    (does(ONE, "repeal", "/c/2"), does(OTHER, "striking", "/c/2/A", old_text="x"), {("repealed", "/c/2")}),
    (does(ONE, "repeal", "/c/2"), does(OTHER, "striking", "/c/1", old_text="x"), set()),
    (does(ONE, "repeal", ""), does(OTHER, "repeal", ""), set()),
    (does(ONE, "repeal", ""), does(OTHER, "", "", operation="study"), set()),
    (does(ONE, "", "/c/1"), does(OTHER, "", "/c/1"), {("same-provision", "/c/1")}),
    (does(ONE, "", "/c/1", operation="conform"), does(OTHER, "", "/c/1", operation="conform"), set()),
    (
        does(ONE, "substitution", "/c/1", old_text="any information", new_text="any speech"),
        does(OTHER, "striking", "/c/1", old_text="information"),
        {("same-words", "/c/1")},
    ),
    (
        does(ONE, "substitution", "/c/1", old_text="information", new_text="speech"),
        does(OTHER, "striking", "/c/1", old_text="publisher"),
        set(),
    ),
    (
        does(ONE, "insertion", "/c/1", new_text="x", note="at the end"),
        does(OTHER, "insertion", "/c/1", new_text="y", note="at the end"),
        {("same-words", "/c/1")},
    ),
]


@pytest.mark.parametrize(("one", "other", "expected"), ROWS)
def test_two_instructions_collide_in_whichever_order(
    one: Instruction, other: Instruction, expected: set[tuple[str, str]]
) -> None:
    for first, second in ((one, other), (other, one)):
        found = collisions.among({first.bill: [first], second.bill: [second]})
        assert {(c.kind, c.slot.removeprefix(S)) for c in found} == expected
        assert all(c.bills == (ONE, OTHER) for c in found)


def test_only_bills_of_one_congress_that_were_not_enacted_are_held_against_each_other(store: Store) -> None:
    for congress in collisions.congresses(store):
        for collision in collisions.of_congress(store, congress):
            assert {collisions.of(bill) for bill in collision.bills} == {congress}
            assert "/us/bill/115/hr/1865" not in collision.bills


def test_the_claims_of_one_designation_are_those_that_the_instructions_make(store: Store) -> None:
    by_bill = {bill: found for bill, found in instructions(store).items() if collisions.of(bill) == 118}
    claims = {
        bill: {slot for one in found if one.kind in ("addition", "designation") for slot in one.slots}
        | {to for one in found for _, to in one.moves}
        for bill, found in by_bill.items()
    }
    expected = {
        (one, other, slot) for one, other in combinations(sorted(claims), 2) for slot in claims[one] & claims[other]
    }
    found = {(*c.bills, c.slot) for c in collisions.of_congress(store, 118) if c.kind == "same-designation"}
    assert found == expected and any(slot == f"{S}/e/6" for _, _, slot in found)


def test_the_named_query_finds_designations_that_the_matrix_has(store: Store) -> None:
    rows = store.select(queries.load("same-new-designation").text)
    asked = {(row["bill"], row["other"], row["slot"]) for row in rows if row["congress"] == "118"}
    pairs = collisions.matrix(store, "118")["pairs"]
    shown = {
        (*pair["cites"], pair["slot"].rpartition("/us/usc/")[2]) for pair in pairs if pair["kind"] == "same-designation"
    }
    assert asked & shown and {tuple(sorted(a[:2])) + a[2:] for a in asked} <= {
        tuple(sorted(s[:2])) + s[2:] for s in shown
    }


def test_pending_bills_come_first_and_sets_have_three_or_more(store: Store) -> None:
    found = collisions.matrix(store)
    settled = [bill["stage"] in ("expired", "enacted") for bill in found["bills"]]
    assert settled == sorted(settled) and found["is_sitting"]
    assert all(len(claimed["bills"]) > 2 for claimed in found["sets"])
    named = {bill["iri"] for bill in found["bills"]}
    assert named == {bill for pair in found["pairs"] for bill in pair["bills"]}


def test_companions_in_two_chambers_are_called_related(store: Store) -> None:
    pairs = collisions.matrix(store, "119")["pairs"]
    twins = {iri.of("/us/bill/119/hr/6266"), iri.of("/us/bill/119/s/3193")}
    assert any(pair["related"] for pair in pairs if {*pair["bills"]} == twins)


@pytest.mark.parametrize("congress", ["999", "-1", "one", "119; DROP"])
def test_what_is_no_congress_of_the_graph_is_said(store: Store, congress: str) -> None:
    with pytest.raises(Malformed, match="no Congress"):
        collisions.matrix(store, congress)
