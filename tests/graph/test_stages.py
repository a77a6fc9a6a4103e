"""How far a measure got is read from its record, and a Congress that is over takes with it what it did not finish."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from graph.records import Action, Bill
from ingest import billstatus, stages

ROWS = list(csv.DictReader((Path(__file__).parents[1] / "data" / "bills" / "stages.csv").open(encoding="utf-8")))


def bill(type: str = "hr", actions: str = "", codes: str = "", laws: str = "", **_: Any) -> Bill:
    steps = tuple(Action("2018-01-10", text, codes=(codes,) if codes else ()) for text in actions.split("|") if text)
    return Bill(115, type, 7, "", "2017-08-01", actions=steps, laws=(laws,) if laws else ())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['stage']}: {row['why']}")
def test_the_furthest_stage_is_read_from_the_record(row):
    assert stages.furthest(bill(**row)) == row["stage"]


def test_every_stage_is_one_of_the_list():
    assert {row["stage"] for row in ROWS} == set(stages.STAGES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['stage']}: {row['why']}")
def test_what_is_no_law_dies_with_its_congress(row):
    lives_on = row["stage"] in ("enacted", "agreed-to")
    assert stages.stage(bill(**row), "2019-01-02") == row["stage"]
    assert stages.stage(bill(**row), "2019-01-03") == (row["stage"] if lives_on else "expired")


def test_the_order_of_the_actions_does_not_matter():
    row = next(row for row in ROWS if row["stage"] == "vetoed")
    backwards = "|".join(reversed(row["actions"].split("|")))
    assert stages.furthest(bill(**{**row, "actions": backwards})) == "vetoed"


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("congress", "number", "reached", "now"),
    [
        (115, "hr1865", "enacted", "enacted"),
        (115, "s1693", "reported", "expired"),
        (116, "s5085", "reported", "expired"),
        (117, "s3538", "introduced", "expired"),
    ],
)
def test_real_records_have_the_stage_that_is_known_of_them(corpus, congress, number, reached, now):
    path = corpus / "section230-bills" / str(congress) / f"BILLSTATUS-{congress}{number}.xml"
    with path.open("rb") as stream:
        (record,) = billstatus.read(stream)
    assert isinstance(record, Bill)
    assert (stages.furthest(record), stages.stage(record, "2026-06-26")) == (reached, now)
