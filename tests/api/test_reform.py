"""Bills applied, that collide, that come back: ``/simulate``, ``/collisions``, ``/families`` and their files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.settings import Settings


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        yield client


def test_a_page_and_its_json_tell_the_same_instructions(client: TestClient) -> None:
    asked = {"bill": "H.R. 2732 (118th Cong.)"}
    answer = client.get("/api/v1/simulate", params=asked).json()
    page = html.fromstring(client.get("/simulate", params=asked).text)
    shown = [one for one in answer["instructions"] if one["outcome"] != "elsewhere"]
    assert len(page.xpath("//span[contains(@class, 'outcome-')]")) == len(shown) > 0
    assert answer["message"] in page.text_content()


def test_several_bills_are_given_apart_or_in_one_field(client: TestClient) -> None:
    bills = ["/us/bill/118/hr/2732", "/us/bill/118/hr/4887"]
    apart = client.get("/api/v1/simulate", params={"bill": bills}).json()
    assert apart == client.get("/api/v1/simulate", params={"bill": "; ".join(bills)}).json()
    assert apart["status"] == "conflict" and len(apart["bills"]) == 2


@pytest.mark.parametrize("address", ["/simulate", "/api/v1/simulate"])
@pytest.mark.parametrize("asked", [{"bill": "S. 1693"}, {"bill": "x"}, {"bill": "/us/bill/119/hr/6746", "on": "soon"}])
def test_bad_input_is_answered_with_one_sentence(client: TestClient, address: str, asked: dict[str, str]) -> None:
    answer = client.get(address, params=asked)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


def test_a_bill_that_is_not_there_is_an_answer(client: TestClient) -> None:
    answer = client.get("/api/v1/simulate", params={"bill": "/us/bill/119/hr/99999"})
    assert answer.status_code == 200 and answer.json()["status"] == "unknown-bill"


def test_the_matrix_is_symmetric_and_its_files_have_every_pair(client: TestClient) -> None:
    answer = client.get("/api/v1/collisions", params={"congress": "118"}).json()
    rows = list(csv.DictReader(io.StringIO(client.get("/collisions.csv?congress=118").text)))
    assert [(r["bill"], r["other"], r["kind"], r["at"]) for r in rows] == [
        (*pair["cites"], pair["kind"], pair["at"]) for pair in answer["pairs"]
    ]
    page = html.fromstring(client.get("/collisions?congress=118").text)
    signs = page.xpath("//table[@class='matrix']//a[contains(@class, 'sign-')]")
    assert len(signs) == 2 * len({tuple(pair["bills"]) for pair in answer["pairs"]})


def test_a_congress_without_bills_is_refused_with_those_that_have_some(client: TestClient) -> None:
    for address in ("/collisions?congress=42", "/api/v1/collisions?congress=42", "/collisions.csv?congress=42"):
        answer = client.get(address)
        assert answer.status_code == 400 and "118" in answer.text


def test_families_are_the_same_on_the_page_and_in_the_files(client: TestClient) -> None:
    answer = client.get("/api/v1/families").json()
    rows = list(csv.DictReader(io.StringIO(client.get("/families.csv").text)))
    assert [row["iri"] for row in rows] == [bill["iri"] for f in answer["families"] for bill in f["bills"]]
    page = html.fromstring(client.get("/families").text)
    assert len(page.xpath("//ol[@class='entries']/li")) == len(rows)


def test_a_bill_leads_to_what_it_would_make_of_the_text(client: TestClient) -> None:
    page = html.fromstring(client.get("/us/bill/119/hr/6746").text)
    assert "/simulate?bill=/us/bill/119/hr/6746" in page.xpath("//a/@href")
    enacted = html.fromstring(client.get("/us/bill/115/hr/1865").text)
    assert not [href for href in enacted.xpath("//a/@href") if href.startswith("/simulate")]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["H.R. 6746 (119th Cong.)"], 0, "new: 47 U.S.C. § 230(g)"),
        (["/us/bill/118/hr/2732", "/us/bill/118/hr/4887"], 1, "conflict"),
        (["H.R. 1865 (115th Cong.)"], 1, "is law since 2018-04-11"),
        (["S. 1693"], 2, "of which Congress"),
        (["H.R. 6746 (119th Cong.)", "--on", "never"], 2, "is no date"),
    ],
)
def test_the_command_line_answers_with_text_and_status(
    release: Path, arguments: list[str], code: int, says: str
) -> None:
    found = CliRunner().invoke(app, ["simulate", *arguments, "--store", str(release)])
    assert found.exit_code == code
    assert says in " ".join((found.stdout + found.stderr).split())
