"""The grammar of amending instructions: what it reads, what it leaves unread, and that no text makes it stumble."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.instructions import texts
from graph.records import Instruction
from ingest import instructions

DATA = Path(__file__).parent.parent / "data" / "instructions"
CASES: list[dict[str, Any]] = yaml.safe_load((DATA / "cases.yaml").read_text("utf-8"))["cases"]
LABELS: list[dict[str, Any]] = yaml.safe_load((DATA / "labels.yaml").read_text("utf-8"))["labels"]
RIGHT = 0.95
"""The share of the labelled instructions that must be read as they are labelled."""

BILL = CASES[0]["text"]


def shown(told: Instruction) -> str:
    """An instruction as the cases write it."""
    whole = told.kind in ("addition", "general-amendment", "repeal")
    words = f"{told.old or ''} > {told.new or ''}".strip() if not whole and (told.old or told.new) else ""
    stem = len(told.target) + 1
    moves = ", ".join(f"{source[stem:]} > {goal[stem:]}" for source, goal in told.moves)
    place = f'{told.side} "{told.anchor}"' if told.anchor else told.side
    through = f'through "{told.through}"' if told.through else ""
    brings = f"brings {', '.join(told.adds)}" if told.adds else ""
    until = f"until {told.sunset}" if told.sunset else ""
    everywhere = "everywhere" if told.times == 0 else ""
    parts = (told.kind, told.target, words, moves, place, told.part, everywhere, through, brings, until)
    return " | ".join(filter(None, parts))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][-60:])
def test_a_text_is_read(case: dict[str, Any]) -> None:
    found = instructions.read(case["text"])
    assert [shown(told) for told in found] == case["read"]
    assert [told.reason for told in found if told.reason] == case.get("reasons", [])


def test_an_instruction_is_kept_in_its_order_with_its_sentence_and_its_place() -> None:
    found = instructions.read(BILL)
    assert [told.order for told in found] == list(range(1, len(found) + 1))
    assert [told.clause for told in found] == ["s2/a/1/A", "s2/a/1/B", "s2/a/1/B", "s2/a/2", "s2/a/3"]
    for told in found:
        assert BILL[told.start :].startswith(told.sentence)


def test_new_words_keep_their_lines_and_lose_the_margin_of_the_bill() -> None:
    assert instructions.read(BILL)[1].new == "(3) Limit.—Not for pay.\n  (A) One.\n  (B) Two:\n    (i) deep."


@pytest.mark.parametrize(
    ("clause", "reached"),
    [
        ("(b) Effect.—This section and the amendments made by this section shall take effect on May 1, 2031.", 5),
        ("(b) Effect.—The amendments made by subsection (a) shall apply to conduct after today.", 5),
        ("(b) Effect.—The amendments made by subsection (c) shall apply to conduct after today.", 0),
        ("§ 3. Effect\nThis Act and the amendments made by this Act shall take effect on May 1, 2031.", 5),
    ],
)
def test_a_clause_on_effect_reaches_the_instructions_it_names(clause: str, reached: int) -> None:
    found = instructions.read(f"{BILL}\n{clause}")
    assert [told.effective for told in found if told.effective] == [clause.split("—")[-1].split("\n")[-1]] * reached


def test_matter_that_a_bill_quotes_instructs_nothing() -> None:
    quoted = "\n".join(f"> {line}" for line in BILL.split("\n"))
    assert (
        instructions.read(f"Section 9 of title 18, United States Code, is amended to read as follows:\n{quoted}")[1:]
        == []
    )


PIECES = st.sampled_from(
    [*BILL.split("\n"), "by striking", "“", "”", "(a) ", "\n", "in paragraph (1)", " is amended—", "as follows:", "§ "]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join))
def test_no_text_makes_it_stumble(text: str) -> None:
    for told in instructions.read(text):
        assert text[told.start :].startswith(told.sentence)
        assert bool(told.kind) != bool(told.reason)
        assert not told.kind or told.target.startswith("/us/usc/t")


def test_labelled_instructions_are_read_as_they_are_labelled(corpus: Path) -> None:
    read = {name: {(told.start, told.target): told for told in instructions.read(text)} for name, text in texts(corpus)}
    right, wrong = 0, []
    for label in LABELS:
        told = read[label["file"]].get((label["offset"], label["target"]))
        same = told is not None and (
            hashlib.sha256(told.sentence.encode()).hexdigest()[:16] == label["sha256"]
            and (told.kind, told.part, told.side) == (label["kind"], label.get("part", ""), label.get("side", ""))
        )
        right += same
        wrong += [] if same else [f"{label['file']}:{label['offset']}: {told}"]
    assert len(LABELS) >= 40
    assert right / len(LABELS) >= RIGHT, wrong
