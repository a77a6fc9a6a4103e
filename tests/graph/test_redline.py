"""Redlines between two days, and words traced to their enactments."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import redline
from graph.store import connect
from ingest.build import build

WORDS = st.lists(st.sampled_from(["cat", "dog,", "(a)", "“bird”", "§ 230", "or", "of—"]), max_size=12).map(" ".join)


@given(WORDS, WORDS)
def test_a_redline_holds_both_texts(before: str, after: str) -> None:
    changes = redline.compare(before, after)
    rebuilt = "".join(c.text for c in changes if c.op != "delete")
    assert rebuilt == after
    kept = "".join(c.text for c in changes if c.op != "insert")
    assert kept.split() == before.split() or "".join(kept.split()) == "".join(before.split())


@given(WORDS)
def test_equal_texts_have_no_marks(text: str) -> None:
    assert all(c.op == "equal" for c in redline.compare(text, text))


def test_designations_sort_as_lawyers_read_them() -> None:
    slots = ["/s/10", "/s/2", "/s/aa", "/s/z", "/s"]
    assert sorted(slots, key=redline.natural) == ["/s", "/s/2", "/s/10", "/s/z", "/s/aa"]


def test_without_official_text_the_structure_is_compared_all_the_same(release: Path) -> None:
    answer = redline.diff(connect(release), "47 U.S.C. § 230", "1998-01-01", "2018-04-11")
    assert (answer["status"], answer["text_status"]) == ("ok", "not-loaded")
    parts = {part["to_cite"]: part for part in answer["parts"]}
    moved = parts["47 U.S.C. § 230(f)(2)"]
    assert (moved["from_cite"], moved["moved"], moved["words"]) == ("47 U.S.C. § 230(e)(2)", True, None)
    assert parts["47 U.S.C. § 230(e)(5)(A)"]["change"] == "added"
    assert parts["47 U.S.C. § 230(c)(1)"]["moved"] is False


def test_a_day_before_the_law_is_said_to_be_so(release: Path) -> None:
    answer = redline.diff(connect(release), "47 U.S.C. § 230", "1990-01-01", "1991-01-01")
    assert answer["status"] == "not-yet-enacted"
    assert answer["parts"] == []


def test_there_is_no_redline_to_a_day_that_the_record_does_not_reach(release: Path) -> None:
    found = redline.diff(connect(release), "47 U.S.C. § 230", "2018-01-01", "2199-01-01")
    assert (found["status"], found["parts"]) == ("outside-coverage", [])
    assert "ends on" in found["message"]


def test_blame_without_words_names_no_enactment(release: Path) -> None:
    answer = redline.blame(connect(release), "47 U.S.C. § 230(c)(1)")
    assert (answer["status"], answer["text_status"]) == ("ok", "not-loaded")
    assert [part["stretches"] for part in answer["parts"]] == [[]]


@pytest.fixture(scope="module")
def worded(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("worded")
    build([corpus / "uscode/119-100/47/230.xml", corpus / "uscode/119-100/18/1462.xml"], out)
    return out


@pytest.mark.corpus
def test_the_words_of_1998_stand_alone_in_the_redline(worded: Path) -> None:
    answer = redline.diff(connect(worded), "47 U.S.C. § 230(e)(1)", "1998-11-19", "today")
    part = next(p for p in answer["parts"] if p["to_cite"] == "47 U.S.C. § 230(e)(1)")
    assert (part["from_cite"], part["moved"], part["change"]) == ("47 U.S.C. § 230(d)(1)", True, "changed")
    assert [(c["op"], c["text"].strip()) for c in part["words"] if c["op"] != "equal"] == [("insert", "or 231")]
    assert answer["text_status"] == "derived"


@pytest.mark.corpus
def test_each_stretch_of_words_has_its_enactment(worded: Path) -> None:
    (part,) = redline.blame(connect(worded), "47 U.S.C. § 230(e)(1)")["parts"]
    assert [s["effective"] for s in part["stretches"]] == ["1996-02-08", "1998-11-20", "1996-02-08"]
    assert part["stretches"][1]["text"].strip() == "or 231"


@pytest.mark.corpus
def test_a_citation_whose_designation_moved_on_is_a_stale_pointer(worded: Path) -> None:
    from graph import queries

    rows = queries.answer(connect(worded), queries.load("stale-pointers").text, "csv").decode().splitlines()[1:]
    assert len(rows) == 2
    assert {row.partition(",")[0] for row in rows} == {"18 U.S.C. § 1462"}
