"""What the editor and the page of examples offer; how they behave in a browser is in test_editor_browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from starlette.testclient import TestClient

from api import editor
from api.app import create_app
from api.settings import Settings
from graph import queries
from graph.store import Embedded
from graph.vocabulary import PREFIXES


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        yield client


def test_every_example_stands_with_one_kind_of_reader() -> None:
    shown = [example.name for _, examples in editor.groups() for example in examples]
    assert sorted(shown) == list(queries.names())
    assert all(len(examples) > 3 for _, examples in editor.groups())


def test_every_example_can_be_run_opened_and_taken_as_csv(client: TestClient) -> None:
    page = html.fromstring(client.get("/queries").content)
    for name in queries.names():
        [section] = page.xpath(f"//section[@id='{name.replace('/', '-')}']")
        addresses = section.xpath(".//p[@class='run']/a/@href")
        assert addresses == [
            f"/queries/{name}",
            f"/sparql/editor?example={name}",
            f"/queries/{name}.csv",
            f"/queries/{name}.json",
        ]
        assert ", ".join(queries.load(name).columns) in section.text_content()
    assert len(client.get("/queries").content) < 150_000


@pytest.mark.parametrize("name", ["first/01-sponsor-of-hr1865", "law/stale-pointers", "research/bills-by-congress"])
def test_the_csv_of_an_example_has_its_columns(client: TestClient, name: str) -> None:
    assert client.get(f"/queries/{name}.csv").text.splitlines()[0] == ",".join(queries.load(name).columns)
    page = html.fromstring(client.get(f"/sparql/editor?example={name}").content)
    assert page.xpath("//textarea")[0].text.strip() == queries.load(name).text.strip()


@pytest.mark.parametrize("starter", queries.starters(), ids=lambda starter: starter.name)
def test_a_starter_says_what_it_does_and_yields_something(release: Path, starter: queries.Example) -> None:
    assert starter.title and starter.description.endswith(".") and starter.audience in editor.READERS
    found = Embedded(release).oxigraph.query(starter.text, prefixes=PREFIXES)
    columns = (
        tuple(v.value for v in found.variables) if hasattr(found, "variables") else ("subject", "predicate", "object")
    )
    assert columns == starter.columns
    assert len(list(found)) > 5


def test_the_terms_are_those_that_the_graph_uses_and_the_vocabulary_has(client: TestClient) -> None:
    page = html.fromstring(client.get("/sparql/editor").content)
    given = json.loads(page.xpath("//script[@id='vocabulary']")[0].text)
    terms = {name: (kind, count, label) for name, kind, count, label in given["terms"]}
    counted = client.get(
        "/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s s230:sponsor ?o }"}, headers={"accept": "text/csv"}
    )
    assert terms["s230:sponsor"] == ("property", int(counted.text.split()[1]), "sponsor")
    assert terms["eli:amends"][:1] == ("property",) and terms["s230:Bill"][0] == "class"
    assert terms["s230:kind-renumbering"][0] == "value"
    assert given["prefixes"] == PREFIXES


def test_an_example_that_is_none_is_not_found(client: TestClient) -> None:
    assert client.get("/sparql/editor?example=nothing").status_code == 404


def test_without_yasgui_nothing_of_it_is_asked_for(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editor, "YASQE", tmp_path)
    assert client.get("/sparql/editor/yasqe.min.js").status_code == 404
    with TestClient(client.app) as fresh:
        assert "yasqe.min" not in fresh.get("/sparql/editor?query=ASK+%7B%7D+%23+fresh").text
    for name in editor.YASQE_FILES:
        (tmp_path / name).write_text("/**/")
    assert client.get("/sparql/editor/yasqe.min.js").text == "/**/"
    assert client.get("/sparql/editor/../../etc/passwd").status_code == 404
