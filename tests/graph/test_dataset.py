"""Which graphs a query sees: the merged graph by its name, in parameters and in FROM."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import dataset
from graph.dataset import MERGED, Dataset
from graph.screen import RefusedError

OTHER = "http://example.org/g"
NONE = Dataset(None, None)

FROM = [
    (f"SELECT * FROM <{MERGED}> {{ ?s ?p ?o }}", Dataset(("",), ())),
    (f"select * from\n<{MERGED}> where {{ ?s ?p ?o }}", Dataset(("",), ())),
    (f"SELECT * FROM # which\n <{MERGED}> FROM <{OTHER}> {{ ?s ?p ?o }}", Dataset(("", OTHER), ())),
    (f"SELECT * FROM<{MERGED}>FROM NAMED<{OTHER}>{{ GRAPH ?g {{ ?s ?p ?o }} }}", Dataset(("",), (OTHER,))),
    (f"CONSTRUCT {{ ?s ?p ?o }} FROM <{MERGED}> WHERE {{ ?s ?p ?o }}", Dataset(("",), ())),
    (f"DESCRIBE <x:y> FROM <{MERGED}>", Dataset(("",), ())),
    ("PREFIX g: <https://w3id.org/section230/graph/> SELECT * FROM g:merged { ?s ?p ?o }", Dataset(("",), ())),
    ("PREFIX : <https://w3id.org/section230/> SELECT * FROM :graph\\/merged { ?s ?p ?o }", Dataset(("",), ())),
    ("BASE <https://w3id.org/section230/graph/> PREFIX g: <merged> ASK FROM g: {}", Dataset(("",), ())),
    ("ASK FROM <graph/merged> {}", Dataset(("",), ())),
    (f"ASK FROM <{OTHER}> FROM NAMED <{OTHER}> {{}}", NONE),
    ("ASK FROM <http://[x> {}", NONE),
    (f"# FROM <{MERGED}>\nASK {{}}", NONE),
    (f"ASK {{ ?s ?p 'FROM <{MERGED}>' }}", NONE),
    (f'ASK {{ ?s ?p """FROM\n<{MERGED}>""" }}', NONE),
    (f"ASK {{ ?from <{MERGED}> ?o }}", NONE),
    (f"PREFIX a: <x:> ASK {{ a:from <{MERGED}> ?o }}", NONE),
    (f"ASK {{ GRAPH <{OTHER}> {{ ?s ?p <{MERGED}> }} }}", NONE),
]


@pytest.mark.parametrize(("query", "expected"), FROM)
def test_from_finds_the_merged_graph_in_any_spelling(query: str, expected: Dataset) -> None:
    assert dataset.of(query) == expected


def test_parameters_win_over_the_query() -> None:
    assert dataset.of(f"ASK FROM <{MERGED}> {{}}", [OTHER]) == Dataset((OTHER,), ())
    assert dataset.of(f"ASK FROM <{MERGED}> {{}}", [], [OTHER]) == Dataset((), (OTHER,))
    assert dataset.of("ASK {}", [MERGED, OTHER]) == Dataset(("", OTHER), ())


NAMED = [
    (f"ASK FROM NAMED <{MERGED}> {{}}", []),
    (f"ASK {{ GRAPH <{MERGED}> {{ ?s ?p ?o }} }}", []),
    (f"ASK {{ ?s ?p ?o.GRAPH<{MERGED}>{{ ?s ?p ?o }} }}", []),
    ("PREFIX g: <https://w3id.org/section230/graph/> ASK { graph g:merged { ?s ?p ?o } }", []),
    ("ASK {}", [MERGED]),
]


@pytest.mark.parametrize(("query", "named"), NAMED)
def test_the_merged_graph_as_a_named_one_is_refused_not_empty(query: str, named: list[str]) -> None:
    with pytest.raises(RefusedError, match="leave GRAPH and FROM NAMED away") as refused:
        dataset.of(query, [], named)
    assert not refused.value.forbidden


@given(st.text(alphabet="FROM GRAPHNED<>:.\\#\"'{}?ax/\n", max_size=300))
def test_any_text_is_read_without_an_error(query: str) -> None:
    assert dataset.of(query) == NONE
