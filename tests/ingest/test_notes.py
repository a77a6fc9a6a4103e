"""The grammar of amendment notes: what it reads, what it does not, and that no text makes it stumble."""

from __future__ import annotations

import hashlib
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.records import Section
from ingest import notes, uslm

DATA = Path(__file__).parent.parent / "data" / "notes"
CASES: list[dict[str, Any]] = [
    case
    for name in ("cases", "other_titles")
    for case in yaml.safe_load((DATA / f"{name}.yaml").read_text("utf-8"))["cases"]
]
LABELS: list[dict[str, Any]] = yaml.safe_load((DATA / "labels.yaml").read_text("utf-8"))["labels"]
RIGHT = 0.98
"""The share of the labelled sentences that must be read as they are labelled."""


def shown(operation: notes.Operation) -> str:
    """An operation as the cases write it."""
    words = [f"{operation.old or ''} > {operation.new or ''}".strip()] if operation.old or operation.new else []
    moves = [f"{a} > {b}" for a, b in operation.moves]
    given = "" if operation.words_given else "untold"
    parts = (operation.kind, operation.target or ".", *words, *moves, operation.place.phrase, given)
    return " | ".join(filter(None, parts))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["note"])[:60])
def test_a_note_is_read(case: dict[str, Any]) -> None:
    paragraphs = case["note"] if isinstance(case["note"], list) else [case["note"]]
    found = notes.read(paragraphs)
    assert [shown(o) for s in found for o in s.operations] == case["operations"]
    assert [s.reason for s in found if s.reason] == case.get("reasons", [])


def test_a_quotation_goes_on_in_a_paragraph_without_a_mark_of_its_own() -> None:
    (sentence,) = notes.read(
        ["1990—Pub. L. 101–1 struck out par. (2) which read as follows: “if—", "“(A) cats,", "dogs.”"]
    )
    assert [operation.old for operation in sentence.operations] == ["if—\n(A) cats,\ndogs."]


def test_a_quotation_that_is_not_closed_ends_before_the_next_note() -> None:
    found = notes.read(["1990—Pub. L. 101–1 inserted “cats at end.", "1989—Pub. L. 100–1 substituted “a” for “b”."])
    assert [o.new for o in found[-1].operations] == ["a"]


def test_a_sentence_is_kept_verbatim_where_it_stands() -> None:
    text = "2001—Subsec. (a). Pub. L. 107–56 pleased everybody. Former subsec. (a) redesignated (b)."
    for sentence in notes.read([text]):
        assert text[sentence.offset :].startswith(sentence.text)


# --- labelled by hand ------------------------------------------------------------------------------------------------


def _labelled(corpus: Path, label: dict[str, Any]) -> notes.Sentence | None:
    title, number = re.fullmatch(r"/us/usc/t(\w+)/s(.+)", label["section"]).groups()  # type: ignore[union-attr]
    with (corpus / "uscode" / "119-100" / title / f"{number}.xml").open("rb") as stream:
        section = next(s for s in uslm.read(stream) if isinstance(s, Section))
    sentences = notes.read(section.notes[label["note"]].paragraphs)
    return next((s for s in sentences if s.offset == label["offset"]), None)


def _as_labelled(sentence: notes.Sentence) -> set[str]:
    """The operations in the form of the labels, quotations by their place."""
    quotes = re.findall(r"“([^”]*)(?:”|$)", sentence.text)

    def place(words: str | None) -> str:
        found = [
            str(i) for i, quoted in enumerate(quotes, 1) if quoted == words or words == quoted.replace("\n“", "\n")
        ]
        return "|".join(found) or (words if words in (".", ",", ";") else "?") if words is not None else ""

    def known(operation: notes.Operation) -> bool:
        """Whether this sentence, and not the one behind it, gives the words."""
        outside = operation.kind in ("general-amendment", "repeal") and place(operation.old) in ("", "?")
        return operation.kind == "none" or (operation.words_given and not outside)

    return {" ".join(filter(None, _parts(o, known(o), place))) for o in sentence.operations}


def _parts(operation: notes.Operation, known: bool, place: Callable[[str | None], str]) -> Iterator[str]:
    yield operation.kind + ("" if known else "~")
    yield "" if operation.moves else operation.target or "."
    yield " ".join(f"{a}>{b}" for a, b in operation.moves)
    if known or (operation.old and operation.new):
        yield ">".join(filter(None, (place(operation.old), place(operation.new))))
    if operation.place.anchor and known:
        yield f"@{place(operation.place.anchor)}"


def _agrees(said: str, read: set[str]) -> bool:
    """Whether a labelled operation was read; the same words may stand in several quotations."""
    wanted = said.replace(" @end", "").split(" ")
    for candidate in read:
        got = candidate.split(" ")
        if len(got) == len(wanted) and all(_same(w, g) for w, g in zip(wanted, got, strict=True)):
            return True
    return False


def _same(wanted: str, got: str) -> bool:
    one = [part.lstrip("@") for part in wanted.split(">")]
    two = [part.lstrip("@").split("|") for part in got.split(">")]
    return len(one) == len(two) and all(a in b or a == "?" for a, b in zip(one, two, strict=True))


@pytest.mark.corpus
def test_sentences_labelled_by_hand_are_read_right(corpus: Path) -> None:
    wrong = []
    for label in LABELS:
        sentence = _labelled(corpus, label)
        assert sentence is not None, f"no sentence begins at {label['offset']} of a note of {label['section']}"
        assert hashlib.sha256(sentence.text.encode()).hexdigest()[:12] == label["hash"]
        read = _as_labelled(sentence)
        if len(read) != len(label["operations"]) or not all(_agrees(said, read) for said in label["operations"]):
            wrong.append(
                f"{label['section']} {sentence.text[:200]!r}: labelled {label['operations']}, read {sorted(read)}"
            )
    assert len(wrong) <= (1 - RIGHT) * len(LABELS), "\n".join(wrong)


# --- any text --------------------------------------------------------------------------------------------------------

_PIECES = st.sampled_from((DATA / "pieces.txt").read_text("utf-8").split())


@given(st.lists(_PIECES, max_size=60).map(" ".join))
@settings(max_examples=400, deadline=None)
def test_any_mixture_of_the_language_is_read_or_refused(text: str) -> None:
    for sentence in notes.read([text]):
        assert bool(sentence.operations) != bool(sentence.reason)
        assert text[sentence.offset :].startswith(sentence.text)


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    notes.read(text.split("\n"))


@pytest.mark.parametrize(
    "text",
    ["“" * 4000, "(a)" * 4000, "Pub. L. 1–1, " * 1000, "Pub. L. 1–1 substituted " + "“a” and " * 2000,
     "Pub. L. 1–1 inserted “a” after " + "in par. (1), " * 1000, "Subsec. (a) to " * 1500],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_a_hostile_paragraph_takes_no_time(text: str) -> None:
    assert min(_seconds(text) for _ in range(3)) < 0.5


def _seconds(text: str) -> float:
    begun = time.process_time()
    notes.read([text])
    return time.process_time() - begun


@pytest.mark.corpus
def test_mutated_notes_are_read_or_refused_in_time(corpus: Path) -> None:
    chance = random.Random(230)
    paragraphs = [
        paragraph
        for path in sorted((corpus / "uscode" / "119-100" / "47").glob("3*.xml"))
        for section in _sections(path)
        for note in section.notes
        for paragraph in note.paragraphs
    ]
    for paragraph in chance.sample(paragraphs, 400):
        words = paragraph.split(" ")
        for _ in range(chance.randint(1, 6)):
            at, other = chance.randrange(len(words)), chance.randrange(len(words))
            words[at : at + chance.randint(0, 2)] = [words[other]] * chance.randint(0, 2)
            words = words or ["“"]
        begun = time.process_time()
        for sentence in notes.read([" ".join(words)]):
            assert bool(sentence.operations) != bool(sentence.reason)
        assert time.process_time() - begun < 0.05


def _sections(path: Path) -> Iterator[Section]:
    with path.open("rb") as stream:
        yield from (record for record in uslm.read(stream) if isinstance(record, Section))
