"""What nobody would send by hand: generated requests to the whole service, generated SPARQL to `/sparql`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import release as releases
from graph.screen import RefusedError, screen
from tests.api.test_explore_browser import serving
from tests.api.test_sparql import Service, running
from tests.graph.test_engine import make_release

QUIET = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)

# --- the JSON interface ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(release: Path) -> Iterator[str]:
    yield from serving(release)


def test_no_request_that_the_description_allows_or_forbids_breaks_the_service(site: str) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    schema = schemathesis.openapi.from_url(f"{site}/openapi.json").include(method="GET")
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(QUIET, max_examples=5)
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            answer = case.call(timeout=60)
            assert answer.status_code < 500, (case.method, answer.request.url, answer.text[:300])

        ask()
    assert asked > 50


# --- SPARQL ----------------------------------------------------------------------------------------------------------

FORMATS = ("text/csv", "application/json", "application/xml", "text/turtle", "application/n-quads", "*/*")
term = st.sampled_from(
    ["?a", "?b", "?c", "<http://x/s1>", "<http://x/p>", '"00001"', "'x'@en", "1", "1.50", "true", "_:n"]
)
name = st.sampled_from(
    ["<http://x/p>", "?p", "a", "^<http://x/p>", "<http://x/p>*", "!<http://x/q>", "(<http://x/p>|a)+"]
)
triple = st.tuples(term, name, term).map(" ".join)
value = st.recursive(
    term,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "/", "=", "<", "&&", "||", "IN"]), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} ({parts[2]}))"
        ),
        st.tuples(
            st.sampled_from(["STR", "ABS", "!", "STRLEN", "DATATYPE", "BOUND", "xsd:integer", "YEAR"]), inner
        ).map(lambda parts: f"{parts[0]}({parts[1]})"),
        st.tuples(inner, inner).map(lambda parts: f"REPLACE(STR({parts[0]}), '0', STR({parts[1]}))"),
        st.tuples(inner, inner, inner).map(lambda parts: f"IF({', '.join(parts)})"),
    ),
    max_leaves=5,
)
group = st.recursive(
    triple,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" . ".join),
        st.tuples(st.sampled_from(["OPTIONAL", "MINUS", "GRAPH ?g", "", "FILTER NOT EXISTS"]), inner).map(
            lambda parts: f"{parts[0]} {{ {parts[1]} }}"
        ),
        st.tuples(inner, inner).map(lambda parts: f"{{ {parts[0]} }} UNION {{ {parts[1]} }}"),
        st.tuples(inner, value).map(lambda parts: f"{parts[0]} FILTER({parts[1]})"),
        st.tuples(inner, value).map(lambda parts: f"{parts[0]} BIND({parts[1]} AS ?x)"),
        inner.map(lambda part: f"{{ SELECT * {{ {part} }} LIMIT 3 }}"),
    ),
    max_leaves=4,
)
query = st.tuples(
    st.sampled_from(
        [
            "SELECT *",
            "SELECT DISTINCT ?a ?x",
            "SELECT (COUNT(*) AS ?n)",
            "ASK",
            "CONSTRUCT { ?a ?p ?b } WHERE",
            "DESCRIBE ?a",
        ]
    ),
    group,
    st.sampled_from(["", " LIMIT 5", " ORDER BY ?a", " GROUP BY ?a", " OFFSET 1"]),
).map(lambda parts: f"{parts[0]} {{ {parts[1]} }}{parts[2]}")


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A query of which a piece is gone, doubled, or something else."""
    text = draw(query)
    start, length = draw(st.integers(0, len(text))), draw(st.integers(0, 8))
    piece = draw(
        st.sampled_from(["", text[start : start + length] * 2, "\\", '"', "'''", "<", "{", "#", "\x00", "é\U0001f600"])
    )
    return text[:start] + piece + text[start + length :]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, ox.Store]]:
    """A service over a dozen triples, so that no product is large, and its store."""
    folder = tmp_path_factory.mktemp("small")
    make_release(folder, 10)
    with running(folder, deadline=30) as service:
        yield service, ox.Store.read_only(str(releases.current(folder) / "store"))


@settings(QUIET, max_examples=400)
@given(text=st.one_of(query, damaged()), accept=st.sampled_from(FORMATS))
def test_what_is_sparql_is_answered_and_what_is_not_is_refused_with_its_place(
    small: tuple[Service, ox.Store], text: str, accept: str
) -> None:
    service, store = small
    answer = service.post("/sparql", data={"query": text}, headers={"accept": accept})
    try:
        screen(text)
        store.query(
            text, base_iri="https://w3id.org/section230/", prefixes={"xsd": "http://www.w3.org/2001/XMLSchema#"}
        )
    except (SyntaxError, RefusedError):
        assert answer.status_code in (400, 403, 406), (text, answer.text)
    else:
        assert answer.status_code in (200, 406), (text, answer.text)
    if answer.status_code != 200:
        assert answer.json()["detail"]
