"""A reader's own triples as a picture: what becomes a node, an edge, a name; and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api import sketch
from api.app import create_app
from api.settings import Settings
from graph.answers import Malformed
from graph.store import connect

BASE = "https://w3id.org/section230"
BILL, LAW = f"<{BASE}/us/bill/115/hr/1865>", f"<{BASE}/us/pl/115/164>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        yield client


def drawn(client: TestClient, *triples: str) -> dict[str, Any]:
    body = "".join(f"{triple} .\n" for triple in triples)
    answer = client.post("/api/v1/graph", content=body, headers={"content-type": "application/n-triples"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_things_are_nodes_with_their_names_and_triples_are_edges(client: TestClient) -> None:
    found = drawn(client, f"{BILL} <{BASE}/ns#enactedAs> {LAW}", f"{BILL} {TYPE} <{BASE}/ns#Bill>", f'{BILL} <x:n> "1"')
    nodes = {node["id"]: (node["label"], node["kind"]) for node in found["nodes"]}
    assert nodes == {
        "/us/bill/115/hr/1865": ("H.R. 1865, 115th Cong.", "bill"),
        "/us/pl/115/164": ("Pub. L. 115-164", "law"),
    }
    edges = [(edge["from"], edge["says"], edge["to"]) for edge in found["edges"]]
    assert edges == [("/us/bill/115/hr/1865", "enacted as", "/us/pl/115/164")]
    assert {entry["kind"] for entry in found["kinds"]} == {"bill", "law"}
    assert len({(node["x"], node["y"]) for node in found["nodes"]}) == 2
    assert not found["truncated"]


def test_foreign_things_blank_nodes_and_names_of_ones_own_are_shown(client: TestClient) -> None:
    found = drawn(
        client, "_:a <http://x/knows> <http://x/b>", "<http://x/b> " + LABEL + ' "Bee"', f'{LAW} {LABEL} "FOSTA"'
    )
    labels = {node["label"]: node["kind"] for node in found["nodes"]}
    assert {label: kind for label, kind in labels.items() if not label.startswith("_:")} == {
        "Bee": "other",
        "FOSTA": "law",
    }
    assert len(labels) == 3


def test_more_than_can_be_read_is_cut_and_said(client: TestClient) -> None:
    found = drawn(client, *(f"<http://x/{n}> <http://x/next> <http://x/{n + 1}>" for n in range(sketch.MOST_NODES + 5)))
    assert (len(found["nodes"]), found["truncated"]) == (sketch.MOST_NODES, True)


def test_nothing_is_an_empty_picture(client: TestClient) -> None:
    assert drawn(client)["nodes"] == []


@pytest.mark.parametrize(("body", "status"), [(b"no triples", 400), (b"\xff", 400), (b"#" * 1_000_001, 413)])
def test_what_is_no_graph_is_refused(client: TestClient, body: bytes, status: int) -> None:
    answer = client.post("/api/v1/graph", content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.json()["detail"]) > 20


NODES = st.sampled_from(
    [BILL, LAW, "<http://x/a>", "<mailto:a@x>", f"<{BASE}//x>", f"<{BASE}/org/%C3%A9>", "_:b", '"a\\"b"@en']
)


@given(st.lists(st.tuples(NODES, st.just("<http://x/p>"), NODES), max_size=12))
def test_any_graph_is_drawn_or_refused(release: Path, triples: list[tuple[str, str, str]]) -> None:
    lines = "".join(f"{' '.join(triple)} .\n" for triple in triples)
    try:
        found = sketch.sketch(connect(release), lines.encode())
    except Malformed:
        assert any(subject.startswith('"') for subject, _, _ in triples)
        return
    ids = {node["id"] for node in found["nodes"]}
    assert all({edge["from"], edge["to"]} <= ids for edge in found["edges"])
