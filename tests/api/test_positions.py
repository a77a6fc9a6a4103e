"""``/positions`` and its files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
from lxml import html
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        yield client


def test_page_and_files_have_the_same_positions(client: TestClient) -> None:
    answer = client.get("/api/v1/positions").json()
    table = list(csv.DictReader(io.StringIO(client.get("/positions.csv").text)))
    assert table == answer["positions"]
    page = html.fromstring(client.get("/positions").text)
    assert len(page.xpath("//span[@class='stance']")) == len(table)
    network = nx.parse_graphml(client.get("/positions.graphml").text)
    assert network.number_of_edges() == len(answer["pairs"])


def test_the_picture_of_a_bill_is_one_click_away(client: TestClient) -> None:
    page = html.fromstring(client.get("/positions").text)
    assert "/explore?focus=/us/bill/115/hr/1865" in page.xpath("//h2/a/@href")
    shown = client.get("/api/v1/graph", params={"focus": "/us/bill/115/hr/1865", "depth": 1}).text
    assert "/org/ecpat-usa" in shown
