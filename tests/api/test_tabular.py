"""Every table that the service writes as CSV opens in a spreadsheet as what it is, never as a formula."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from api import bills, decisions
from api import positions as tables
from graph import positions
from graph.store import Store, connect

FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def store(release: Path) -> Store:
    return connect(release)


def test_names_of_cases_are_no_formulas(store: Store) -> None:
    case = decisions.cases(store)[0]._replace(name=FORMULA)
    assert _cells(decisions.as_csv([case]), "name") == {f"'{FORMULA}"}


def test_names_of_actors_are_no_formulas(store: Store) -> None:
    position = positions.positions(store)[0]._replace(name=FORMULA)
    assert _cells(tables.as_csv((position,)), "name") == {f"'{FORMULA}"}


def test_titles_of_bills_are_no_formulas(store: Store) -> None:
    measure = bills.measures(store)[0]._replace(title=FORMULA)
    assert _cells(bills.as_csv([measure]), "title") == {f"'{FORMULA}"}


def _cells(table: str, column: str) -> set[str]:
    return {row[column] for row in csv.DictReader(io.StringIO(table))}
