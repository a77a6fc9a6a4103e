"""Trace, timeline, compare and blame as a lawyer reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.test_pages import text_of

DAYS = "from=1996-02-08&to=1998-11-20"


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        client.headers["accept"] = "text/html"
        yield client


@pytest.fixture(scope="module")
def with_words(worded: Path) -> Iterator[TestClient]:
    with TestClient(create_app(worded, Settings())) as client:
        client.headers["accept"] = "text/html"
        yield client


@pytest.mark.parametrize("page", ["trace", "timeline", "compare", "blame"])
def test_a_page_without_a_provision_says_what_it_does_and_has_examples(client: TestClient, page: str) -> None:
    answer = client.get(f"/{page}")
    assert f"/{page}?cite=47%20U.S.C.%20%C2%A7%20230" in answer.text
    assert 'class="lead"' in answer.text


def test_the_bar_tells_enacted_effective_and_pending_apart(client: TestClient) -> None:
    bar = client.get("/timeline/us/usc/t47/s230/e/2").text
    assert "Enacted 1998-10-21, effective 1998-11-20" in bar
    assert 'class="span-here"' in bar
    assert 'class="span-elsewhere"' in bar
    assert "bills pending, not law" in bar


def test_the_bills_that_the_bar_counts_as_pending_are_listed(client: TestClient) -> None:
    pending = client.get("/api/v1/timeline?cite=47+USC+230(e)(5)").json()["pending"]
    listed = text_of(client.get("/timeline/us/usc/t47/s230/e/5")).partition("Bills that would change it")[2]
    assert pending
    assert all(bill["cite"] in listed for bill in pending)


def test_a_trace_tells_law_that_changed_no_words(client: TestClient) -> None:
    told = text_of(client.get("/trace/us/usc/t47/s230/e/5"))
    assert "Retroactivity by Pub. L. 115-164, § 4(b)" in told


def test_without_words_two_days_are_compared_by_what_moved(client: TestClient) -> None:
    compared = text_of(client.get(f"/compare/us/usc/t47/s230?{DAYS}"))
    assert "No official text of it is loaded" in compared
    assert "47 U.S.C. § 230(d)(2)47 U.S.C. § 230(e)(2)moved" in compared
    assert "230(a)(1)" not in compared


def test_two_days_stand_side_by_side(with_words: TestClient) -> None:
    page = with_words.get(f"/compare/us/usc/t47/s230/e?{DAYS}&view=side").text
    before, after = page.partition("<tbody>")[2].split("<td>")[3:5]
    assert "47 U.S.C. § 230(d)(1)" in before
    assert "or 231" not in before
    assert "<ins>or 231 </ins>" in after


def test_only_what_changed_can_be_asked_for(with_words: TestClient) -> None:
    whole, changed = (
        text_of(with_words.get(f"/compare/us/usc/t47/s230?{DAYS}{more}")) for more in ("", "&show=changed")
    )
    assert "230(a)(1)" in whole
    assert "230(a)(1)" not in changed
    assert "or 231" in changed


@pytest.mark.parametrize(
    ("address", "helps"),
    [
        ("/us/usc/t47/s230/e/2?date=1996-02-31", ["/us/usc/t47/s230/e/2?date=1998-11-20", "February 8, 1996"]),
        ("/compare/us/usc/t47/s230?from=then", ['href="/compare/us/usc/t47/s230"']),
        ("/nonsense", ['href="/stories"', 'action="/search"']),
    ],
)
def test_an_error_leads_on(client: TestClient, address: str, helps: list[str]) -> None:
    answer = client.get(address)
    assert answer.status_code in (400, 404)
    assert all(help in answer.text for help in helps)
    assert "Report an error in this record" in answer.text
