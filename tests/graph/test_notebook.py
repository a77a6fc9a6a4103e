"""A release in a notebook, and the notebooks of the documentation."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from rdflib import RDF, Graph, Literal, URIRef

import graph
from graph import cooperation, queries
from graph.notebook import Opened, ReadOnly
from graph.release import NoRelease
from graph.store import connect
from graph.vocabulary import S230

NOTEBOOKS = sorted((Path(__file__).parent.parent.parent / "docs" / "notebooks").glob("*.ipynb"))
THING = URIRef("https://w3id.org/section230/us/bill/115/hr/1865")

# rdflib warns of its own use of a name that it has given up.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")


@pytest.fixture(scope="module")
def opened(release: Path) -> Opened:
    return graph.open(release)


def test_a_plain_pattern_sees_the_merged_graph_and_a_named_one_its_source(opened: Opened) -> None:
    bill = URIRef(S230.Bill.strip("<>"))
    assert (THING, RDF.type, bill) in opened
    rows = list(opened.query(f"SELECT ?g {{ GRAPH ?g {{ <{THING}> a s230:Bill }} }}"))
    assert rows and all((THING, RDF.type, bill) in opened.graph(row[0]) for row in rows)


def test_a_frame_has_the_rows_of_the_query_with_their_types(opened: Opened, release: Path) -> None:
    frame = opened.frame("SELECT ?n ?day ?name { ?b s230:billNumber ?n ; s230:introduced ?day ; rdfs:label ?name }")
    assert len(frame) == len(
        connect(release).select("SELECT * { ?b s230:billNumber ?n ; s230:introduced ?d ; rdfs:label ?l }")
    )
    assert frame["n"].dtype.kind == "i" and frame["day"].dtype.kind == "M"
    hr1865 = frame[(frame["name"] == "H.R. 1865, 115th Cong.")].iloc[0]
    assert (hr1865["n"], str(hr1865["day"].date())) == (1865, "2017-04-03")


@pytest.mark.parametrize("name", ["bills-by-party", "research/effects-by-decade", "01-sponsor-of-hr1865"])
def test_a_named_query_is_a_frame_in_its_columns(opened: Opened, name: str) -> None:
    assert tuple(opened.frame(name).columns) == queries.load(name).columns


@pytest.mark.parametrize(
    "query", ["no-such-query", "SELECT ?s {", "ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s a s230:Bill }"]
)
def test_what_is_no_rows_is_refused_with_a_sentence(opened: Opened, query: str) -> None:
    with pytest.raises(queries.BadQuery):
        opened.frame(query)


def test_without_pandas_a_frame_says_what_to_install(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="notebook"):
        opened.frame("bills-by-party")


def test_nothing_can_be_written_into_a_release(opened: Opened, release: Path) -> None:
    size = len(opened)
    triple = (THING, RDF.type, Literal("law"))
    for write in (
        lambda: opened.add(triple),
        lambda: opened.remove((None, None, None)),
        lambda: opened.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }"),
        lambda: opened.parse(data="<urn:a> <urn:b> <urn:c> .", format="nt"),
        lambda: opened.addN([(*triple, Graph(opened.store, THING))]),
        lambda: opened.graph(URIRef("urn:new")).add(triple),
    ):
        with pytest.raises(ReadOnly, match="s230 load"):
            write()
    assert len(opened) == size == len(graph.open(release))


def test_networks_are_those_of_the_graph(opened: Opened) -> None:
    members = opened.network("members")
    ties = cooperation.ties(cooperation.supports(opened.released))
    assert nx.utils.graphs_equal(nx.Graph(members.edges), nx.Graph(ties.edges))
    with pytest.raises(ValueError, match="no network"):
        opened.network("friends")


def test_where_there_is_no_release_the_command_that_makes_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoRelease, match="s230 build"):
        graph.open(tmp_path)


def cells(notebook: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return found


def test_there_are_three_notebooks_without_outputs() -> None:
    assert len(NOTEBOOKS) == 3
    for notebook in NOTEBOOKS:
        code = [cell for cell in cells(notebook) if cell["cell_type"] == "code"]
        assert code and not any(cell["outputs"] or cell["execution_count"] for cell in code)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(notebook: Path, release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S230_STORE", str(release))
    names: dict[str, Any] = {}
    for cell in cells(notebook):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{notebook.name}:{cell['id']}", "exec"), names)
    assert isinstance(names["g"], Opened)
