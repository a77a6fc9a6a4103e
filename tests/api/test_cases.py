"""The decisions as a table, as CSV and as JSON, and courts against outcomes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from lxml import html
from starlette.testclient import TestClient

from api import decisions
from api.app import create_app
from api.settings import Settings
from data import ROOT
from graph.store import Store, connect

FACTS = {row["id"]: row for row in yaml.safe_load((ROOT / "facts" / "cases.yaml").read_text(encoding="utf-8"))["cases"]}


@pytest.fixture(scope="module")
def store(release: Path) -> Store:
    return connect(release)


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        yield client


def test_every_decision_of_the_facts_is_in_the_table(store: Store) -> None:
    assert {case.path for case in decisions.cases(store)} == set(FACTS)


def test_zeran_is_shown_as_cited_then_and_as_numbered_now(store: Store) -> None:
    zeran = next(case for case in decisions.cases(store) if case.path == "/case/zeran")
    by_cited = {point.cited_label: (point.now_label, point.changed) for point in zeran.points}
    assert by_cited["47 U.S.C. § 230(d)(3)"][0] == "47 U.S.C. § 230(e)(3)"
    assert by_cited["47 U.S.C. § 230(c)(1)"] == ("47 U.S.C. § 230(c)(1)", "")
    assert zeran.from_memory


def test_choices_narrow_by_court_provision_outcome_and_year(store: Store) -> None:
    whole = decisions.cases(store)
    chosen = decisions.choose(whole, decisions.Asked("9th Cir.", "/us/usc/t47/s230/c/2", "", "2009", "2019"))
    assert {case.path for case in chosen} == {"/case/zango", "/case/enigma"}
    granted = decisions.choose(whole, decisions.Asked(outcome="immunity granted"))
    assert {c.path for c in granted} == {path for path, row in FACTS.items() if row["outcome"] == "immunity-granted"}


def test_courts_against_outcomes_add_up_and_lead_to_the_decisions(client: TestClient, store: Store) -> None:
    tallies = decisions.by_court((case.court, case.outcome) for case in decisions.cases(store))
    assert sum(tally.count for tally in tallies) == len(FACTS)
    ninth = next(tally for tally in tallies if tally.court == "9th Cir.")
    outcome, count, address = max(ninth.outcomes, key=lambda entry: entry[1])
    rows = html.fromstring(client.get(address).text).xpath("//table[contains(@class, 'case-table')]/tbody/tr")
    assert len(rows) == count > 3 and outcome


def test_a_provision_page_tells_where_courts_differ(client: TestClient) -> None:
    page = html.fromstring(client.get("/us/usc/t47/s230/c/1", headers={"accept": "text/html"}).text)
    assert "9th Cir." in page.xpath("//table[@class='court-tally']//th[@scope='row']/text()")


def test_csv_and_json_have_the_rows_of_the_page(client: TestClient) -> None:
    asked = {"provision": "47 U.S.C. § 230(e)(5)", "since": "2020"}
    table = list(csv.DictReader(io.StringIO(client.get("/cases.csv", params=asked).text)))
    answer = client.get("/api/v1/cases", params=asked).json()
    assert table == answer["rows"] and tuple(table[0]) == decisions.COLUMNS
    assert answer["count"] == len({row["case"] for row in table}) > 5


def test_an_impossible_choice_is_refused_with_a_sentence(client: TestClient) -> None:
    for asked, words in (({"since": "soon"}, "no year"), ({"provision": "the moon"}, "no citation")):
        answer = client.get("/cases", params=asked, headers={"accept": "text/html"})
        assert answer.status_code == 400 and words in answer.text
    empty = client.get(
        "/cases", params={"court": "3d Cir.", "outcome": "certiorari denied"}, headers={"accept": "text/html"}
    )
    assert empty.status_code == 200 and "No decision here" in empty.text
