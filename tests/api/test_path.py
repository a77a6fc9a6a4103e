"""The page and the JSON of how two things are connected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings

ENDS = {"from": "ECPAT-USA", "to": "18 U.S.C. § 2421A"}


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        client.headers["accept"] = "text/html"
        yield client


def test_each_step_has_its_sentence(client: TestClient) -> None:
    found = client.get("/api/v1/path", params=ENDS).json()
    assert found["status"] == "ok" and found["known_through"]["curated"]
    assert [step["sentence"] for step in found["steps"]] == [
        "ECPAT-USA supported H.R. 1865, 115th Cong. on February 27, 2018.",
        "H.R. 1865, 115th Cong. became Pub. L. 115-164 (FOSTA) on April 11, 2018.",
        "Pub. L. 115-164 (FOSTA) added 18 U.S.C. § 2421A with effect from April 11, 2018.",
    ]
    assert found["things"][0] == "/org/ecpat-usa" and len(found["things"]) == 4


def test_the_page_tells_the_steps_and_shows_them(client: TestClient) -> None:
    page = html.fromstring(client.get("/path", params=ENDS).text)
    steps = [" ".join(item.text_content().split()) for item in page.xpath("//ol[@class='way']/li")]
    assert "became" in steps[1] and "on April 11, 2018." in steps[1]
    assert len(page.xpath("//tbody/tr")) == 4
    drawn = client.get(page.xpath("//article/@data-source")[0]).json()
    assert {node["id"] for node in drawn["nodes"]} == set(client.get("/api/v1/path", params=ENDS).json()["things"])


def test_a_bill_on_the_way_is_marked_unless_it_became_law(client: TestClient) -> None:
    def marked(**ends: str) -> bool:
        return "a bill is a proposal, not law" in client.get("/path", params=ends).text

    assert marked(**{"from": "S. 3546 (119th Cong.)", "to": "/us/usc/t47/s230"})
    assert not marked(**{"from": "FOSTA", "to": "H.R. 1865 (115th Cong.)"})


def test_without_ends_the_page_asks_for_them(client: TestClient) -> None:
    page = html.fromstring(client.get("/path?from=FOSTA").text)
    assert page.xpath("//input[@name='from']/@value") == ["FOSTA"] and page.xpath("//input[@name='to'][@required]")


def test_what_nothing_connects_is_said(client: TestClient) -> None:
    ends = {"from": "/case/cubby", "to": "FOSTA"}
    assert client.get("/api/v1/path", params=ends).json()["status"] == "unconnected"
    assert "Nothing in the graph connects" in client.get("/path", params=ends).text


def test_a_thing_and_itself(client: TestClient) -> None:
    found = client.get("/api/v1/path", params={"from": "FOSTA", "to": "/us/pl/115/164"}).json()
    assert found["status"] == "ok" and found["steps"] == []
    assert "the same thing" in client.get("/path", params={"from": "FOSTA", "to": "/us/pl/115/164"}).text


@pytest.mark.parametrize(
    ("ends", "status"),
    [
        ({"from": "FOSTA"}, 400),
        ({"from": "nobody of this name", "to": "FOSTA"}, 404),
        ({"from": "story", "to": "FOSTA"}, 400),
    ],
)
def test_an_end_that_is_missing_or_unknown_is_said_in_a_line(
    client: TestClient, ends: dict[str, str], status: int
) -> None:
    answer = client.get("/api/v1/path", params=ends)
    assert answer.status_code == status and "\n" not in answer.json()["detail"]


def test_an_unknown_end_gives_a_page_that_helps(client: TestClient) -> None:
    answer = client.get("/path", params={"from": "Backpage", "to": "FOSTA"})
    assert answer.status_code == 404 and "Backpage.com, LLC" in answer.text
