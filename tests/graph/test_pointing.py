"""Which sections of the Code point into Section 230, in their words and in the notes under them."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph import queries
from graph.records import Citation, Provision
from graph.store import Embedded, Row
from ingest.pointers import pointers

TAGGED = {"section 40102 of title 49": "/us/usc/t49/s40102", "section 1 of title 18": "/us/usc/t18/s1"}

SECTIONS = (
    "17/1401", "18/1462", "18/1465", "18/2257", "18/2421A", "28/4102", "47/223", "47/231", "47/609", "47/941",
)  # fmt: skip
"""Those of FACTS whose files are in the corpus; 15/1127, 21/841, 27/122b and 31/5362 are not."""


@pytest.fixture(scope="module")
def rows(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    from ingest.build import build

    code, folder = corpus / "uscode" / "119-100", tmp_path_factory.mktemp("pointing")
    build([code / f"{name}.xml" for name in (*SECTIONS, "47/201", "18/2422")], folder, jobs=1)
    return Embedded(folder).select(queries.load("sections-pointing-into-230").text)


def test_a_tag_around_the_section_alone_is_read_to_the_depth_that_the_words_say() -> None:
    words = "as defined in paragraph (41) of section 40102 of title 49; see section 1 of title 18"
    tags = [(words.index(text), text, path) for text, path in TAGGED.items()]
    cited = tuple(Citation(path, text, at, at + len(text), True) for at, text, path in tags)
    found = pointers(Provision("/us/usc/t18/s229F/9/A", "", "subparagraph", "(A)", "", (words,), citations=cited))
    assert [(c.target, c.tagged) for c in found] == [("/us/usc/t49/s40102/41", True), ("/us/usc/t18/s1", True)]
    assert all(words[c.start : c.end] == c.text for c in found)


@pytest.mark.corpus
def test_every_section_that_points_into_230_is_found_and_no_other(rows: list[Row]) -> None:
    found = {row["section"].replace(" U.S.C. § ", "/") for row in rows}
    assert found == set(SECTIONS)


@pytest.mark.corpus
def test_section_609_points_in_a_note_alone_in_words_that_nobody_tagged(rows: list[Row]) -> None:
    places = {row["place"] for row in rows if row["section"] == "47 U.S.C. § 609"}
    assert places == {f"47 U.S.C. § 609 note: Short Title of {year} Amendment" for year in (1996, 1998)}


@pytest.mark.corpus
def test_words_and_note_of_a_stale_section_cite_two_designations(rows: list[Row]) -> None:
    cited = {row["place"]: row["cited"] for row in rows if row["section"] == "18 U.S.C. § 1462"}
    assert cited["18 U.S.C. § 1462"] == "47 U.S.C. § 230(e)(2)"
    assert cited["18 U.S.C. § 1462 note: References in Text"] == "47 U.S.C. § 230(f)(2)"


@pytest.mark.corpus
def test_the_new_pointers_of_section_223_stand_where_they_stand_today(rows: list[Row]) -> None:
    places = {(row["place"], row["cited"]) for row in rows if row["section"] == "47 U.S.C. § 223"}
    assert ("47 U.S.C. § 223(i)(2)", "47 U.S.C. § 230(f)(2)") in places
    assert any(place == "47 U.S.C. § 223(h)(1)(D)" for place, _ in places)
