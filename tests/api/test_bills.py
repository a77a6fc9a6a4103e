"""The reform table: what it shows, how it is narrowed, what its charts say."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from starlette.testclient import TestClient

from api import bills
from api.app import create_app
from api.settings import Settings
from graph.store import Embedded

ROWS = [
    row.split("\t") for row in (Path(__file__).parent.parent / "data" / "api" / "bills.tsv").read_text().splitlines()
]


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        yield client


def found(client: TestClient, query: str) -> set[str]:
    return {bill["iri"].partition("/section230")[2] for bill in client.get(f"/api/v1/bills?{query}").json()["bills"]}


@pytest.mark.parametrize(("query", "in_it", "not_in_it"), ROWS)
def test_a_choice_shows_what_fits_it_and_nothing_else(
    client: TestClient, query: str, in_it: str, not_in_it: str
) -> None:
    shown = found(client, query)
    assert in_it in shown
    assert not_in_it not in shown


def test_values_of_a_facet_add_up_and_facets_narrow(client: TestClient) -> None:
    first, second = found(client, "congress=116"), found(client, "congress=117")
    assert found(client, "congress=116&congress=117") == first | second
    assert found(client, "congress=117&effect=repeal") == second & found(client, "effect=repeal")


def test_a_count_says_how_many_a_click_would_show(client: TestClient) -> None:
    answer = client.get("/api/v1/bills?congress=117&party=R").json()
    for facet in ("stage", "relevance", "effect"):
        for choice in answer["facets"][facet]:
            shown = found(client, f"congress=117&party=R&{facet}={choice['value']}")
            assert len(shown) == choice["count"], choice
    assert sum(choice["count"] for choice in answer["facets"]["congress"]) == len(found(client, "party=R"))


def test_false_hits_are_not_measures(client: TestClient) -> None:
    assert not {"/us/bill/115/hr/2201", "/us/bill/115/hr/5999"} & found(client, "")


def test_page_csv_and_json_show_the_same_measures(client: TestClient) -> None:
    query = "provision=230(c)(1)&congress=117"
    page = html.fromstring(client.get(f"/bills?{query}", headers={"accept": "text/html"}).content)
    rows = list(csv.DictReader(io.StringIO(client.get(f"/bills.csv?{query}").text)))
    shown = found(client, query)
    assert shown == {row["iri"].partition("/section230")[2] for row in rows}
    assert shown == set(page.xpath("//table[contains(@class, 'bills')]//th/a/@href"))
    assert client.get(f"/bills.json?{query}").json() == client.get(f"/api/v1/bills?{query}").json()


@pytest.mark.parametrize(
    "query",
    ["effect=nonsense", "stage=won", "party=X", "congress=first", "congress=²", "congress=0", "provision=hello"],
)
def test_a_value_that_there_is_not_is_refused_with_those_there_are(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/v1/bills?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[2] in answer.json()["detail"]


def test_a_choice_that_fits_nothing_says_so_and_points_at_what_is_not_covered(client: TestClient) -> None:
    assert client.get("/api/v1/bills?congress=106").json()["status"] == "nothing-found"
    page = client.get("/bills?congress=106", headers={"accept": "text/html"}).text
    assert "No measure here is all of that" in page
    assert "not-covered" in page


def test_the_chart_by_congress_says_where_coverage_is_thin(client: TestClient) -> None:
    page = html.fromstring(client.get("/bills", headers={"accept": "text/html"}).content)
    chart = page.xpath("//table[@class='chart']")[0]
    thin = {row.xpath("string(th)") for row in chart.xpath(".//tr[@class='thin']")}
    assert {"118th", "119th", "106th"} <= thin
    assert not {"115th", "116th", "117th"} & thin
    notes = page.xpath("string(//div[contains(@class, 'thin-notes')])")
    assert "re-typed" in notes and "June 2026" in notes


def test_every_bar_has_its_numbers_as_text(client: TestClient) -> None:
    page = html.fromstring(client.get("/bills", headers={"accept": "text/html"}).content)
    rows = page.xpath("//table[@class='chart']//tbody/tr")
    assert len(rows) > 30
    for row in rows:
        assert row.xpath("string(td[@class='count'])").rstrip("*").split("*")[0].strip().split("(")[0].isdigit()
        assert all(drawing.get("aria-label") for drawing in row.xpath(".//svg"))


def test_bars_of_congresses_count_every_measure_once(release: Path) -> None:
    store = Embedded(release)
    everything = list(bills.measures(store))
    bars = bills.by_congress(store, everything, {})
    assert sum(bar.count for bar in bars) == len(everything)
    for bar in bars:
        assert sum(count for _, _, count, _, _ in bar.pieces) == bar.count
        assert all(0 <= start < start + width <= 100.01 for *_, start, width in bar.pieces)


def test_every_bar_leads_to_the_table_of_its_measures(client: TestClient) -> None:
    page = html.fromstring(client.get("/bills?party=R", headers={"accept": "text/html"}).content)
    bars = page.xpath("//table[@class='chart']//tbody/tr[td[@class='count'] != '0']")
    for bar in bars[::5]:
        target = bar.xpath("string(th/a/@href)")
        count = int(bar.xpath("string(td[@class='count']/text())"))
        shown = html.fromstring(client.get(target, headers={"accept": "text/html"}).content)
        assert len(shown.xpath("//table[contains(@class, 'bills')]/tbody/tr")) >= count, target
