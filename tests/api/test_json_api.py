from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        yield client


def test_at_tells_what_stood_there(client: TestClient) -> None:
    answer = client.get("/api/v1/at", params={"cite": "47 U.S.C. § 230(e)(2)", "date": "1997-11-12"}).json()
    assert answer["status"] == "ok"
    assert answer["valid_to"] == "1998-11-20"
    assert answer["text_status"] == "not-loaded"
    assert "known_through" in answer


def test_an_answer_of_any_status_is_ok_for_http(client: TestClient) -> None:
    answer = client.get("/api/v1/at", params={"cite": "230(f)(2)", "date": "1998-11-01"})
    assert answer.status_code == 200
    assert answer.json()["status"] == "not-yet-effective"


def test_translate_leads_to_the_citation_of_today(client: TestClient) -> None:
    answer = client.get("/api/v1/translate", params={"cite": "230(e)(2)", "date": "1997-11-12"}).json()
    assert answer["now"]["cite"] == "47 U.S.C. § 230(f)(2)"
    assert answer["because"][0]["kind"] == "renumbering"


def test_trace_has_law_bill_sponsor_and_votes(client: TestClient) -> None:
    step = client.get("/api/v1/trace", params={"cite": "230(e)(5)"}).json()["chain"][0]
    assert step["law"]["cite"] == "Pub. L. 115-164"
    assert step["sponsor"]["bioguide"] == "W000812"
    assert step["cosponsors"]["count"] == 174
    assert {(vote["yea"], vote["nay"]) for vote in step["votes"]} >= {(388, 25), (97, 2)}


def test_search_groups_by_kind(client: TestClient) -> None:
    groups = client.get("/api/v1/search", params={"q": "wagner"}).json()["groups"]
    people = next(group for group in groups if group["kind"] == "person")
    assert people["results"][0]["label"] == "Ann Wagner"


def test_search_can_be_held_to_one_kind(client: TestClient) -> None:
    groups = client.get("/api/v1/search", params={"q": "trafficking", "kind": "case"}).json()["groups"]
    assert {group["kind"] for group in groups} <= {"case"}


def test_cite_finds_the_citations_of_a_text(client: TestClient) -> None:
    text = "Compare 47 U.S.C. § 230(c)(1) with Pub. L. 115-164."
    mentions = client.get("/api/v1/cite", params={"text": text}).json()["mentions"]
    assert [text[m["start"] : m["end"]] for m in mentions] == ["47 U.S.C. § 230(c)(1)", "Pub. L. 115-164"]
    assert mentions[0]["iri"].endswith("/us/usc/t47/s230/c/1")


def test_stats_tell_coverage(client: TestClient) -> None:
    answer = client.get("/api/v1/stats").json()
    assert answer["things"]["bill"] > 0
    assert answer["known_through"]["curated"]


@pytest.mark.parametrize(
    "address",
    ["/api/v1/at?cite=banana", "/api/v1/at", "/api/v1/at?cite=230&date=2018-13-01", "/api/v1/translate?cite=230"],
)
def test_what_is_no_citation_or_no_date_is_a_bad_request(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 400
    assert len(answer.json()["detail"].splitlines()) == 1


def test_an_answer_that_the_reader_has_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("/api/v1/stats").headers["etag"]
    assert client.get("/api/v1/stats", headers={"if-none-match": tag}).status_code == 304


def test_openapi_describes_every_route(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {f"/api/v1/{name}" for name in ("at", "translate", "trace", "search", "cite", "stats")} <= set(paths)


def test_the_service_says_that_it_is_well(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["release"]
