"""Amending instructions read in the words of bills; the bills are made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import amending, proposals, simulation
from graph.store import connect

S = "/us/usc/t47/s230"
ACT = "of the Communications Act of 1934 (47 U.S.C. 230)"

ROWS = [
    # words of the bill, and (kind, slots below the section, old, new, note) of each instruction
    (f"Section 230 {ACT} is repealed.", [("repeal", [""], "", "", "")]),
    (f"Section 230(c)(1) {ACT[:-1]}(c)(1)) is amended by striking “cats” and inserting “dogs”.",
     [("substitution", ["/c/1"], "cats", "dogs", "")]),
    (f"Section 230(c) {ACT} is amended by striking “cats” each place it appears and inserting “dogs”.",
     [("substitution", ["/c"], "cats", "dogs", "wherever it appears")]),
    (f"Section 230(c) {ACT} is amended by striking “, as ever,”.", [("striking", ["/c"], ", as ever,", "", "")]),
    (f"Section 230(c) {ACT} is amended by inserting “big” before “cats”.",
     [("insertion", ["/c"], "", "big", 'before "cats"')]),
    (f"Section 230(c) {ACT} is amended by inserting before the period at the end the following: “, or so”.",
     [("insertion", ["/c"], "", ", or so", 'before the final "."')]),
    (f"Section 230(f)(4) {ACT} is amended by striking the period at the end and inserting “; and”.",
     [("substitution", ["/f/4"], ".", "; and", "at the end")]),
    (f"Section 230(e) {ACT} is amended by adding at the end the following:\n> (6) Cats.—They sleep.\n>   (A) Day.\n"
     "> (7) Dogs.", [("addition", ["/e/6", "/e/7"], "", "(6) Cats.—They sleep.\n  (A) Day.\n(7) Dogs.", "")]),
    (f"Section 230(c)(1) {ACT} is amended by adding at the end the following:\n> This does not hold for cats.",
     [("insertion", ["/c/1"], "", "This does not hold for cats.", "at the end")]),
    (f"Section 230 {ACT} is amended—\n(1) by redesignating subsections (d) and (e) as subsections (e) and (f), "
     "respectively; and\n(2) by inserting after subsection (c) the following:\n  > (d) Cats.",
     [("renumbering", ["/d", "/e"], "", "", ""), ("addition", ["/d"], "", "(d) Cats.", "")]),
    (f"(a) Fix.—Section 230 {ACT} is amended—\n  (1) in subsection (c)—\n    (A) in paragraph (2)(B), by striking “x” "
     "and inserting “y”; and\n    (B) in paragraph (1), by striking “No cat” and inserting the following:\n"
     "      > (A) In general.—Save as told, no cat",
     [("substitution", ["/c/2/B"], "x", "y", ""),
      ("designation", ["/c/1/A"], "No cat", "(A) In general.—Save as told, no cat", "")]),
    (f"Section 230(e)(1) {ACT} is amended to read as follows:\n> (1) Cats.—They sleep.",
     [("general-amendment", ["/e/1"], "", "(1) Cats.—They sleep.", "")]),
    (f"Section 230 {ACT} is amended by striking subsection (d).", [("repeal", ["/d"], "", "", "")]),
    (f"Section 230(e)(1) {ACT} is amended—\n(1) in the heading, by striking “criminal” and inserting “civil”; and\n"
     "(2) by striking “a” and inserting “b”, and by inserting “c” after “d”.",
     [("substitution", ["/e/1"], "criminal", "civil", "in the heading"), ("substitution", ["/e/1"], "a", "b", ""),
      ("insertion", ["/e/1"], "", "c", 'after "d"')]),
    (f"Section 230(c) {ACT} is amended by moving the cats about.", [("", ["/c"], "", "", "")]),
    (f"Section 230(c) {ACT} is amended by striking “x” and inserting “y” and by more.", [("", ["/c"], "", "", "")]),
    ("Nothing in section 230 of the Communications Act of 1934 (47 U.S.C. 230) shall hold.", []),
    ("The term has the meaning given in section 230 of the Communications Act of 1934 (47 U.S.C. 230), as amended by "
     "this Act.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=range(len(ROWS)))
def test_an_instruction_is_read(text: str, expected: list[tuple[str, list[str], str, str, str]]) -> None:
    found = amending.read(text)
    assert [(r.kind, [s.removeprefix(S) for s in r.slots], r.old_text, r.new_text, r.note) for r in found] == expected
    assert all(one.sentence for one in found)


def test_renumbering_pairs_labels_in_their_order() -> None:
    (one,) = amending.read(f"Section 230 {ACT} is amended by redesignating subsection (f) as subsection (g).")
    assert one.moves == ((f"{S}/f", f"{S}/g"),)


def test_title_eighteen_is_named_without_an_act() -> None:
    (one,) = amending.read(
        "Section 1591(e) of title 18, United States Code, is amended by striking “a” and inserting “b”."
    )
    assert one.slots == ("/us/usc/t18/s1591/e",)


@given(st.text(alphabet="Section 230()ofabc“”—.,\n>is amended by striking inserting", max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    amending.read(text)


@pytest.mark.corpus
def test_fifteen_bills_run_from_their_text_to_a_redline(corpus: Path, tmp_path: Path) -> None:
    from ingest.build import build

    bills = corpus / "section230-bills"
    sources = [corpus / "uscode" / "119-100" / "47" / "230.xml", bills / "118-junxit-md", bills / "116-junxit-md"]
    build(sources, tmp_path, jobs=1)
    store = connect(tmp_path)
    done = {}
    for bill, found in proposals.instructions(store).items():
        if not any(one.sentence and S in "".join(one.slots) for one in found):
            continue
        answer = simulation.simulate(store, [bill])
        mine = [one for one in answer["instructions"] if one["at"] and one["at"][0].startswith("47 U.S.C. § 230")]
        (section,) = (s for s in answer["sections"] if s["cite"] == "47 U.S.C. § 230")
        changed = [part for part in section["parts"] if part["change"] != "same" or part["moved"]]
        done[bill] = all(one["outcome"] in ("applied", "apart") for one in mine) and all(
            part["words"] is not None for part in changed
        )
    assert len(done) >= 15
    assert all(done.values()), [bill for bill, is_done in done.items() if not is_done]
    pointer = next(
        p
        for s in simulation.simulate(store, ["S. 921 (118th Cong.)"])["sections"]
        for p in s["pointers"]
        if p["from"] == "47 U.S.C. § 230(e)(5)"
    )
    assert (pointer["fate"], pointer["now"]) == ("shifts", "47 U.S.C. § 230(c)(2)(A)(i)")
