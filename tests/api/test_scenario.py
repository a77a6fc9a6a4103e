"""``s230 scenario``, ``/api/v1/scenario`` and the page ``/scenario``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.settings import Settings

ASKED = {"who": "private", "law": "state-ip", "conduct": "publishing", "on": "2022-01-01"}


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        yield client


def test_command_and_address_give_the_same_answer(client: TestClient, release: Path) -> None:
    options = [word for name, value in ASKED.items() for word in (f"--{name}", value)]
    result = CliRunner().invoke(app, ["scenario", *options, "--format", "json", "--store", str(release)])
    assert (result.exit_code, json.loads(result.stdout)) == (0, client.get("/api/v1/scenario", params=ASKED).json())


def test_the_terminal_reads_in_order_of_the_steps(release: Path) -> None:
    options = [word for name, value in (ASKED | {"where": "ca9"}).items() for word in (f"--{name}", value)]
    text = CliRunner().invoke(app, ["scenario", *options, "--store", str(release)]).stdout
    assert (
        text.index("1. 47 U.S.C. § 230(e)(2)")
        < text.index("2. 47 U.S.C. § 230(e)(3)")
        < text.index("3. 47 U.S.C. § 230(c)(1)")
    )
    assert "binds here" in text and text.rstrip().endswith("Not legal advice.")


def test_the_page_shows_the_form_and_then_the_steps_with_their_decisions(client: TestClient) -> None:
    empty = html.fromstring(client.get("/scenario").text)
    assert len(empty.xpath("//form[@action='/scenario']//select")) == 4 and not empty.xpath("//ol[@class='decides']")
    page = html.fromstring(client.get("/scenario", params=ASKED).text)
    assert "Unsettled" in page.xpath("string(//strong[@class='finding'])")
    links = page.xpath("//ol[@class='decides']//a/@href")
    assert "/case/hepp" in links and "/case/perfect10-ccbill" in links
    assert page.xpath("//select[@id='law']/option[@selected]/@value") == ["state-ip"]


def test_a_wrong_question_gets_a_page_that_helps(client: TestClient) -> None:
    answer = client.get("/scenario", params=ASKED | {"who": "<script>alert(1)</script>"})
    assert answer.status_code == 400 and "one of: private" in answer.text and "<script>alert" not in answer.text
    assert client.get("/api/v1/scenario", params={"who": "private"}).status_code == 400
