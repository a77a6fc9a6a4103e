from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.negotiation import HTML, OFFERED, TURTLE, Format, choose, split_ending

ROWS = list(csv.DictReader((Path(__file__).parent.parent / "data" / "api" / "accept.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("row", ROWS, ids=[row["accept"] or "none" for row in ROWS])
def test_the_format_that_a_reader_likes_best_is_chosen(row: dict[str, str]) -> None:
    chosen = choose(row["accept"] or None)
    assert (chosen.name if chosen else "") == row["format"]


@given(st.text(max_size=200))
def test_any_header_is_read_without_an_error(header: str) -> None:
    assert choose(header) in (*OFFERED, None)


@given(st.text(max_size=50))
def test_an_ending_is_taken_off_and_nothing_else(path: str) -> None:
    assert split_ending(path + ".ttl") == (path, TURTLE)


def test_a_format_that_is_refused_is_not_given() -> None:
    assert choose("text/html;q=0, text/turtle;q=0.001") is TURTLE
    assert choose("text/html;q=0.001") is HTML


def test_a_format_needs_no_other_names() -> None:
    plain = Format("csv", "text/csv", "CSV")
    assert choose("text/*", (plain,)) is plain
    assert choose("text/html", (plain,)) is None
