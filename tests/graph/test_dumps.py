"""Dumps hold what the graph holds, in every format."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest

from graph import dumps, release
from graph.store import Embedded


@pytest.fixture(scope="module")
def store(request: pytest.FixtureRequest) -> Embedded:
    return Embedded(request.getfixturevalue("release"))


def test_nquads_are_the_dump_of_the_release(store: Embedded, tmp_path: Path) -> None:
    out = tmp_path / "all.nq"
    assert dumps.export(store, "nq", out) == str(out)
    about = release.description(store.release)
    content = out.read_bytes()
    assert hashlib.sha256(content).hexdigest() == about["dump_sha256"]
    assert content.count(b"\n") == about["quads"] == len(store.oxigraph)


@pytest.mark.parametrize(("format", "kind"), [("ttl", ox.RdfFormat.TURTLE), ("jsonld", ox.RdfFormat.JSON_LD)])
def test_the_merged_graph_reads_back_whole(store: Embedded, tmp_path: Path, format: str, kind: ox.RdfFormat) -> None:
    out = tmp_path / f"merged.{format}"
    dumps.export(store, format, out)
    merged = {ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(path=str(out), format=kind)}
    assert len(merged) == release.description(store.release)["triples"]


def test_a_csv_file_a_class_has_a_row_an_instance(store: Embedded, tmp_path: Path) -> None:
    folder = tmp_path / "csv"
    dumps.export(store, "csv", folder)
    rows = list(csv.DictReader(io.StringIO((folder / "rollcall.csv").read_text(encoding="utf-8"))))
    assert len(rows) == int(store.select("SELECT (COUNT(*) AS ?n) { ?s a s230:RollCall }")[0]["n"])
    passage = next(row for row in rows if row["iri"].endswith("/us/vote/115/house/2018/91"))
    assert (passage["yea"], passage["nay"], passage["voteDay"]) == ("388", "25", "2018-02-27")
    classes = store.select("SELECT DISTINCT ?class { ?s a ?class }")
    assert len(list(folder.glob("*.csv"))) == len(classes)
    assert {"org-organization.csv", "foaf-organization.csv"} <= {path.name for path in folder.iterdir()}


def test_graphml_has_labelled_things_and_the_links_between_them(store: Embedded, tmp_path: Path) -> None:
    out = tmp_path / "graph.graphml"
    dumps.export(store, "graphml", out)
    network = nx.read_graphml(out)
    law, bill = ("https://w3id.org/section230/us/" + part for part in ("pl/115/164", "bill/115/hr/1865"))
    assert network.nodes[law]["label"] == "Pub. L. 115-164"
    assert "enactedAs" in {edge["label"] for edge in network.get_edge_data(bill, law).values()}
    assert all(edge["label"] for _, _, edge in network.edges(data=True))


def test_a_packed_dump_carries_no_clock_and_no_name(store: Embedded) -> None:
    packed = (store.release / "dump.nq.gz").read_bytes()
    assert packed[3] == 0 and packed[4:8] == b"\0\0\0\0"
    assert gzip.decompress(packed).startswith(b"<")
