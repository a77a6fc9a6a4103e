"""The networks as pages, JSON, CSV and GraphML."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
from lxml import html
from starlette.testclient import TestClient

from api import networks
from api.app import create_app
from api.settings import Settings


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        client.headers["accept"] = "text/html"
        yield client


@pytest.mark.parametrize("name", networks.TABLES)
def test_every_table_is_the_same_as_json_and_as_csv(client: TestClient, name: str) -> None:
    asked = {"congress": "118"}
    rows = client.get("/api/v1/networks", params={**asked, "of": name}).json()["rows"]
    table = list(csv.DictReader(io.StringIO(client.get(f"/networks/{name}.csv", params=asked).text)))
    assert len(table) == len(rows) > 0
    for column in networks.TABLES[name]:
        first = rows[0][column]
        assert table[0][column] == ("" if first is None else str(first))


@pytest.mark.parametrize("kind", ["members", "support", "provisions"])
def test_a_network_can_be_read_as_graphml(client: TestClient, kind: str) -> None:
    answer = client.get(f"/networks/{kind}.graphml", params={} if kind == "provisions" else {"congress": "119"})
    found = nx.parse_graphml(answer.text)
    assert answer.headers["content-type"] == "application/graphml+xml" and found.number_of_edges() > 50
    assert all(node.startswith("https://w3id.org/section230/") for node in found)


def test_a_congress_is_chosen(client: TestClient) -> None:
    found = client.get("/api/v1/networks", params={"congress": "115"}).json()
    assert found["scope"] == "115" and found["summary"]["members"] == len(found["rows"]) and found["known_through"]
    page = html.fromstring(client.get("/networks/members?congress=115").text)
    assert len(page.xpath("//tbody/tr")) == len(found["rows"])
    assert page.xpath("//nav[@class='scopes']/a[@aria-current]/text()") == ["115th"]


def test_the_first_page_shows_figures_with_words_and_tables(client: TestClient) -> None:
    page = html.fromstring(client.get("/networks").text)
    assert len(page.xpath("//svg[@role='img'][@aria-label]")) == 2
    assert page.xpath("//figure[contains(@class, 'plot')]//title[contains(., 'S. 1693, 115th Cong.: 44 Republicans')]")
    assert page.xpath("//a[@href='/networks/members.graphml']") and not page.xpath("//@style | //style")
    assert len(client.get("/networks").content) < 150_000


def test_the_definition_of_each_measure_is_on_the_page(client: TestClient) -> None:
    terms = {
        str(text) for text in html.fromstring(client.get("/networks").text).xpath("//dl[@class='terms']/dt/text()")
    }
    assert {"Tie", "Across parties", "Betweenness", "Group", "Bills in common", "Rank of a provision"} <= terms


def test_who_is_like_a_member(client: TestClient) -> None:
    found = client.get("/api/v1/networks", params={"of": "similar", "member": "Amy Klobuchar"}).json()
    assert found["status"] == "ok" and found["member"]["name"] == "Amy Klobuchar"
    shares = [row["similarity"] for row in found["rows"]]
    assert shares == sorted(shares, reverse=True) and all(len(row["bills"]) == row["shared"] for row in found["rows"])
    page = client.get("/networks/similar", params={"member": "Amy Klobuchar"}).text
    assert found["rows"][0]["name"] in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/networks?congress=7", 400),
        ("/networks/members?congress=x", 400),
        ("/networks/friends", 404),
        ("/networks/ties.graphml", 404),
        ("/networks/similar", 400),
        ("/networks/similar?member=FOSTA", 400),
        ("/networks/similar?member=Nobody+Atall", 404),
        ("/api/v1/networks?of=friends", 400),
        ("/api/v1/networks?of=similar&member=Nobody+Atall", 404),
    ],
)
def test_what_cannot_be_answered_is_said(client: TestClient, address: str, status: int) -> None:
    answer = client.get(address, headers={"accept": "application/json"})
    assert answer.status_code == status and "\n" not in answer.json()["detail"]


def test_an_empty_release_has_empty_networks(tmp_path: Path) -> None:
    from ingest.build import build

    build([], tmp_path, jobs=1, with_curated=False)
    with TestClient(create_app(tmp_path, Settings())) as client:
        assert client.get("/networks", headers={"accept": "text/html"}).status_code == 200
        assert client.get("/api/v1/networks").json()["rows"] == []
