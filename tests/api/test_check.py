"""``POST /api/v1/check``, the page ``/check`` and ``s230 check``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.settings import Settings
from graph.check import LARGEST

TEXT = "March 22, 2018\n\nThe Senate passed H.R. 1865. S. 1693 has 67 cosponsors."
PLAIN = {"content-type": "text/plain"}


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        yield client


def test_a_posted_text_comes_back_with_verdicts(client: TestClient) -> None:
    response = client.post("/api/v1/check", content=TEXT.encode(), headers=PLAIN)
    answer = response.json()
    assert (response.status_code, answer["as_of"]) == (200, "2018-03-22")
    assert [(c["kind"], c["verdict"]) for c in answer["claims"]] == [
        ("passage", "supported"),
        ("cosponsors", "outdated"),
    ]
    assert {"query", "rows", "graph", "address"} <= set(answer["claims"][0]["evidence"][0])
    assert response.headers["cache-control"] == "no-store"


def test_the_day_can_be_said(client: TestClient) -> None:
    response = client.post("/api/v1/check?as_of=2018-03-10", content=b"S. 1693 has 67 cosponsors.", headers=PLAIN)
    assert response.json()["claims"][0]["verdict"] == "supported"


@pytest.mark.parametrize(
    ("content", "query", "status"),
    [(b"", "", 400), (b"\0\1", "", 400), (b"x" * (LARGEST + 1), "", 413), (b"a text", "?as_of=yesterday", 400)],
)
def test_what_cannot_be_checked_is_a_problem(client: TestClient, content: bytes, query: str, status: int) -> None:
    response = client.post(f"/api/v1/check{query}", content=content, headers=PLAIN)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"]


def test_the_evidence_is_a_query_that_runs(client: TestClient) -> None:
    evidence = client.post("/api/v1/check", content=TEXT.encode(), headers=PLAIN).json()["claims"][1]["evidence"][0]
    answer = client.post("/sparql", data={"query": evidence["query"]}, headers={"accept": "application/json"})
    assert len(answer.json()["results"]["bindings"]) == evidence["row_count"]


def test_the_page_marks_what_it_found(client: TestClient) -> None:
    page = client.post("/check", data={"text": TEXT, "as_of": ""}).text
    assert 'class="said said-supported"' in page and 'class="said said-outdated"' in page
    assert 'href="/us/bill/115/hr/1865"' in page and "/sparql/editor?query=" in page


def test_the_page_runs_nothing_of_a_text(client: TestClient) -> None:
    page = client.post("/check", data={"text": "<script>alert(1)</script> The Senate passed H.R. 1865.", "as_of": ""})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("text", ["", "x" * 130_000])
def test_the_page_says_what_is_wrong(client: TestClient, text: str) -> None:
    page = client.post("/check", data={"text": text, "as_of": ""}, headers={"accept": "text/html"})
    assert page.status_code == 400
    assert 'role="alert"' in page.text


def test_the_form_is_there_without_a_text(client: TestClient) -> None:
    assert '<textarea id="text"' in client.get("/check").text


def test_the_command_says_it_in_text_and_json(release: Path, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text(TEXT, encoding="utf-8")
    said = CliRunner().invoke(app, ["check", str(file), "--store", str(release)])
    assert said.exit_code == 0 and "[outdated]" in said.stdout and "as of 2018-03-22" in said.stdout
    answer = CliRunner().invoke(app, ["check", str(file), "--format", "json", "--store", str(release)])
    assert json.loads(answer.stdout)["as_of"] == "2018-03-22"


def test_the_command_refuses_in_one_line(release: Path, tmp_path: Path) -> None:
    file = tmp_path / "empty.txt"
    file.touch()
    refused = CliRunner().invoke(app, ["check", str(file), "--store", str(release)])
    assert refused.exit_code == 2 and refused.stderr.count("\n") == 1 and "no text" in refused.stderr
    assert CliRunner().invoke(app, ["check", str(tmp_path / "none.txt"), "--store", str(release)]).exit_code == 2


def test_the_command_asks_for_a_day(release: Path, tmp_path: Path) -> None:
    file = tmp_path / "undated.txt"
    file.write_text("S. 1693 has 67 cosponsors.", encoding="utf-8")
    assert CliRunner().invoke(app, ["check", str(file), "--store", str(release)]).exit_code == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Der Senat hat heute ein Gesetz beschlossen, das es Opfern erlaubt, Betreiber zu verklagen. " * 3, "English"),
        ("The Sen\u0430te passed H.R. 1865.", "look-alikes"),
        ("Ann Wagner, Rob Portman, H.R. 1865, ACLU, Section 230, " * 40, "Ann Wagner"),
        ("<html><script>alert(1)</script><p>The Senate passed H.R. 1865.</html>", "supported"),
        ("", "no text"),
    ],
)
def test_the_page_answers_whatever_is_pasted(client: TestClient, text: str, words: str) -> None:
    response = client.post("/check", data={"text": text, "as_of": "2018-03-22"})
    assert response.status_code in (200, 400)
    assert words in response.text and "<script>alert" not in response.text
