"""Bills applied to the text: whole or not at all, instruction by instruction, with what would shift or dangle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph import iri, simulation, wording
from graph.answers import Malformed
from graph.proposals import Instruction, instructions
from graph.simulation import Text, applied, simulate
from graph.store import Store, connect

S = "/us/usc/t1/s1"
BILL = "/us/bill/118/hr/1"
DAY = "2024-01-01"
FOSTA = "/us/bill/115/hr/1865"
SECTION = "/us/usc/t47/s230"


@pytest.fixture(scope="module")
def store(release: Path) -> Store:
    return connect(release)


def text(**parts: str) -> dict[str, Text]:
    """A section of subsections with these words."""
    tree = wording.numbered(S, "Animals", tuple(wording.numbered(f"{S}/{a}", "", (w,)) for a, w in parts.items()))
    state = {p.identifier: f"/provision{p.identifier}@2000-01-01" for p in wording.walk(tree)}
    return {S: Text(S, state, tree, "official")}


def one(kind: str, *slots: str, **fields: Any) -> Instruction:
    return Instruction(
        f"{BILL}/foresees/1",
        BILL,
        1,
        fields.pop("operation", "amend"),
        kind,
        tuple(S + slot for slot in slots),
        **fields,
    )


def shown(found: dict[str, Text]) -> str:
    tree = found[S].tree
    return wording.words(tree) if tree else ""


# --- one instruction -------------------------------------------------------------------------------------------------

CHANGES = [
    (one("substitution", "/a", old_text="Cats", new_text="Dogs"), "(a) Dogs sleep.\n(b) Birds sing."),
    (one("striking", "/b", old_text="Birds", note='before "sing"'), "(a) Cats sleep.\n(b) sing."),
    (one("insertion", "/a", new_text="always", note='after "Cats"'), "(a) Cats always sleep.\n(b) Birds sing."),
    (one("insertion", "/b", new_text="Loudly.", note="at the end"), "(a) Cats sleep.\n(b) Birds sing. Loudly."),
    (one("addition", "/c", new_text="(c) Fish.—Fish swim."), "(a) Cats sleep.\n(b) Birds sing.\n(c) Fish\nFish swim."),
    (one("addition", "/a/1", new_text="(1) by day."), "(a) Cats sleep.\n(1) by day.\n(b) Birds sing."),
    (one("repeal", "/a"), "(b) Birds sing."),
    (one("repeal", ""), ""),
    (
        one("designation", "/a/1", old_text="Cats", new_text="(1) In general.—At night, cats"),
        "(a)\n(1) In general\nAt night, cats sleep.\n(b) Birds sing.",
    ),
    (one("striking", "/a", old_text="Cats", through="sleep"), "(a) .\n(b) Birds sing."),
    (one("general-amendment", "/a", new_text="(a) Fish swim."), "(a) Fish swim.\n(b) Birds sing."),
    (one("renumbering", "/b", moves=((f"{S}/b", f"{S}/c"),)), "(a) Cats sleep.\n(c) Birds sing."),
]


@pytest.mark.parametrize(
    ("instruction", "expected"), CHANGES, ids=lambda v: v.kind if isinstance(v, Instruction) else ""
)
def test_an_instruction_is_done_to_the_words(instruction: Instruction, expected: str) -> None:
    after, (outcome,) = applied(text(a="Cats sleep.", b="Birds sing."), [instruction], DAY)
    assert (outcome.outcome, outcome.why) == ("applied", "")
    assert shown(after) == expected
    tree = after[S].tree
    assert {p.identifier for p in wording.walk(tree)} == {*after[S].state} if tree else not after[S].state


REFUSED = [
    (one("substitution", "/a", old_text="Dogs", new_text="Cats"), "do not stand there"),
    (one("substitution", "/a", old_text="a", new_text="o"), "do not stand there"),
    (one("striking", "/a", old_text="Cats", through="sing"), "do not stand there"),
    (one("designation", "/a/1", old_text="Dogs", new_text="(1) In general.—No dogs"), "does not open"),
    (one("insertion", "/a", new_text="always"), "beside which words"),
    (one("substitution", "/z", old_text="Cats", new_text="Dogs"), "1 U.S.C. § 1(z)"),
    (one("addition", "/b", new_text="(b) Fish swim."), "1 U.S.C. § 1(b) is taken"),
    (one("renumbering", "/a", moves=((f"{S}/a", f"{S}/b"),)), "1 U.S.C. § 1(b) is taken"),
    (one("renumbering", "/a"), "To which designation"),
    (one("repeal", "/z"), "Nothing stands in 1 U.S.C. § 1(z)"),
    (one("", "/a"), "not written down"),
]


@pytest.mark.parametrize(("instruction", "why"), REFUSED, ids=lambda v: v.kind if isinstance(v, Instruction) else "")
def test_an_instruction_that_does_not_fit_changes_nothing_and_says_why(instruction: Instruction, why: str) -> None:
    before = text(a="Cats sleep.", b="Birds sing.")
    after, (outcome,) = applied(before, [instruction], DAY)
    assert outcome.outcome == "refused" and why in outcome.why
    assert after == before


def test_of_two_places_neither_is_changed_where_one_does_not_fit() -> None:
    before = text(a="Cats sleep.", b="Birds sing.")
    both = one("addition", "/c", "/b", new_text="(c) Fish swim.\n(b) Cats purr.")
    after, (outcome,) = applied(before, [both], DAY)
    assert outcome.outcome == "refused" and after == before


def test_a_renumbering_makes_room_for_what_comes_after_it() -> None:
    moved = one("renumbering", "/b", moves=((f"{S}/b", f"{S}/c"),))
    new = one("addition", "/b", new_text="(b) Fish swim.")
    after, outcomes = applied(text(a="Cats sleep.", b="Birds sing."), [moved, new], DAY)
    assert [outcome.outcome for outcome in outcomes] == ["applied", "applied"]
    assert shown(after) == "(a) Cats sleep.\n(b) Fish swim.\n(c) Birds sing."
    assert after[S].state[f"{S}/c"] == f"/provision{S}/b@2000-01-01"


def test_without_a_text_designations_are_changed_and_words_are_unchecked() -> None:
    before = {S: text(a="Cats sleep.")[S]._replace(tree=None, status="not-loaded")}
    added, reworded = (
        one("addition", "/b", new_text="(b) Fish swim."),
        one("substitution", "/a", old_text="x", new_text="y"),
    )
    after, outcomes = applied(before, [added, reworded], DAY)
    assert [outcome.outcome for outcome in outcomes] == ["unchecked", "unchecked"]
    assert f"{S}/b" in after[S].state and outcomes[0].born == (f"{S}/b",)


def test_new_parts_are_born_with_what_stands_above_them() -> None:
    after, (outcome,) = applied(text(a="Cats sleep."), [one("addition", "/b/1/A")], DAY)
    assert outcome.born == (f"{S}/b", f"{S}/b/1", f"{S}/b/1/A")
    assert outcome.outcome == "unchecked" and "new words are not written down" in outcome.why
    assert set(after[S].state) >= {f"{S}/b/1/A"}


@pytest.mark.parametrize("operation", ["override", "study", "save", "borrow-definition", "deem-ip-law"])
def test_what_leaves_the_words_alone_stands_apart(operation: str) -> None:
    before = text(a="Cats sleep.")
    after, (outcome,) = applied(before, [one("", "/a", operation=operation)], DAY)
    assert outcome.outcome == "apart" and after == before


# --- bills of the graph ----------------------------------------------------------------------------------------------

ANSWERED = [
    (["/us/bill/119/hr/99999"], "today", "unknown-bill"),
    ([FOSTA], "today", "enacted"),
    ([FOSTA], "2018-04-10", "unchecked"),
    ([FOSTA], "2016-01-01", "not-yet-introduced"),
    (["/us/bill/119/hr/7045"], "2026-01-01", "not-yet-introduced"),
    (["/us/bill/119/hr/6746"], "2090-01-01", "outside-coverage"),
    (["/us/bill/118/s/5567"], "today", "words-stay"),
    (["/us/bill/115/hr/2201"], "today", "no-instructions"),
]


@pytest.mark.parametrize(("bills", "day", "status"), ANSWERED)
def test_what_cannot_be_applied_is_answered_with_a_sentence(
    store: Store, bills: list[str], day: str, status: str
) -> None:
    answer = simulate(store, bills, day)
    if status == "unchecked":
        assert {one["outcome"] for one in answer["instructions"] if "230" in one["at"][0]} == {"unchecked"}
        return
    assert answer["status"] == status
    assert answer["message"].endswith(".")
    assert not answer["sections"]


@pytest.mark.parametrize(
    ("bills", "day", "says"),
    [
        ([], "today", "no bill is given"),
        (["47 U.S.C. § 230"], "today", "is no bill"),
        (["S. 1693"], "today", "of which Congress"),
        (["nonsense"], "today", "is no bill"),
        ([FOSTA], "2018-13-01", "is no date"),
        ([f"/us/bill/119/hr/{number}" for number in range(1, 14)], "today", "at most 12"),
    ],
)
def test_what_is_no_bill_or_no_day_is_said(store: Store, bills: list[str], day: str, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        simulate(store, bills, day)


def test_the_repeal_of_the_section_leaves_holdings_without_their_provision(store: Store) -> None:
    answer = simulate(store, ["H.R. 7045 (119th Cong.)"])
    section = next(s for s in answer["sections"] if s["cite"] == "47 U.S.C. § 230")
    assert "47 U.S.C. § 230(c)(1)" in section["ended"]
    zeran = next(h for h in section["holdings"] if h["case"] == iri.of("/case/zeran"))
    assert zeran["fate"] == "ended" and zeran["now"] is None


def test_bills_that_claim_one_designation_are_in_conflict(store: Store) -> None:
    answer = simulate(store, ["H.R. 2732 (118th Cong.)", "H.R. 4887 (118th Cong.)"])
    assert answer["status"] == "conflict"
    assert any(c["kind"] == "same-designation" and c["at"] == "47 U.S.C. § 230(e)(6)" for c in answer["collisions"])
    refused = [i for i in answer["instructions"] if i["outcome"] == "refused"]
    assert [(i["bill_cite"], i["at"]) for i in refused] == [("H.R. 4887, 118th Cong.", ["47 U.S.C. § 230(e)(6)"])]


def test_without_the_official_text_the_answer_has_effects_and_designations_and_says_so(store: Store) -> None:
    answer = simulate(store, ["H.R. 6746 (119th Cong.)"])
    (section,) = answer["sections"]
    assert section["new"] == ["47 U.S.C. § 230(g)"]
    assert section["text_status"] == "not-loaded" and "not loaded" in answer["message"]
    assert answer["sunsets"]


@pytest.mark.corpus
def test_with_the_official_text_the_repeal_is_a_redline_and_pointers_dangle(worded: Path) -> None:
    answer = simulate(connect(worded), ["H.R. 7045 (119th Cong.)"])
    section = next(s for s in answer["sections"] if s["cite"] == "47 U.S.C. § 230")
    assert section["text_status"] == "official"
    assert all(part["change"] == "removed" and part["words"] is not None for part in section["parts"])
    assert {p["fate"] for p in section["pointers"]} == {"dangles"}
    assert "47 U.S.C. § 223(i)(2)" in {p["from"] for p in section["pointers"]}


@pytest.mark.corpus
def test_the_text_of_any_day_is_rebuilt_from_the_store_as_it_is_kept(worded: Path) -> None:
    store = connect(worded)
    for day in ("1996-02-08", "1998-11-20", "2018-04-11", "2026-01-01"):
        found = simulation._text(store, "/us/usc/t47/s230", day)
        assert found.tree is not None, day
        assert {p.identifier for p in wording.walk(found.tree)} == {*found.state}


@pytest.mark.corpus
def test_fifteen_bills_run_from_their_text_to_a_redline(corpus: Path, tmp_path: Path) -> None:
    from ingest.build import build

    bills = corpus / "section230-bills"
    sources = [corpus / "uscode" / "119-100" / "47" / "230.xml", bills / "118-junxit-md", bills / "116-junxit-md"]
    build(sources, tmp_path, jobs=1)
    store = connect(tmp_path)
    done = {}
    for bill, found in instructions(store).items():
        if not any(one.sentence and SECTION in "".join(one.slots) for one in found):
            continue
        answer = simulate(store, [bill])
        mine = [one for one in answer["instructions"] if one["at"] and one["at"][0].startswith("47 U.S.C. § 230")]
        (section,) = (s for s in answer["sections"] if s["cite"] == "47 U.S.C. § 230")
        done[bill] = all(one["outcome"] in ("applied", "apart") for one in mine) and all(
            part["words"] is not None for part in section["parts"]
        )
    assert len(done) >= 15
    assert all(done.values()), [bill for bill, is_done in done.items() if not is_done]
    pointer = next(
        p
        for s in simulate(store, ["S. 921 (118th Cong.)"])["sections"]
        for p in s["pointers"]
        if p["from"] == "47 U.S.C. § 230(e)(5)"
    )
    assert (pointer["fate"], pointer["now"]) == ("shifts", "47 U.S.C. § 230(c)(2)(A)(i)")
