"""What the worker over a server passes on: whole answers, and refusals that name neither the server nor its address."""

from __future__ import annotations

import io

import pyoxigraph as ox
import pytest

from graph.protocol import JSON, N_TRIPLES, ServerError
from graph.relay import Results, refusal
from graph.worker import RefusedError

BEHIND = "the server behind this service"
FORMATS = {JSON: ox.QueryResultsFormat.CSV, N_TRIPLES: ox.RdfFormat.TURTLE}
WHOLE = b'{"head": {"vars": ["n"]}, "results": {"bindings": []}}'


@pytest.mark.parametrize(
    ("status", "said", "told"),
    [
        (0, "", {"message": f"{BEHIND} does not answer just now", "status": 502}),
        (500, "out of disk", {"message": f"{BEHIND} answers with 500: out of disk", "status": 502}),
        (429, "slowly", {"message": f"{BEHIND} is busy; try again in a while", "status": 503}),
        (503, "", {"message": f"{BEHIND} is busy; try again in a while", "status": 503}),
        (400, "error at 3:7: expected ?x", {"message": "expected ?x", "line": 2, "column": 7}),
        (400, "Lexical error at line 2, column 9.  Found x", {"line": 1, "column": 9}),
        (400, "Virtuoso 37000 Error SP030: SPARQL compiler, line 4: syntax error", {"line": 3, "column": 0}),
        (400, "no", {"message": "no", "line": 0, "column": 0}),
    ],
)
def test_a_refusal_is_told_with_the_place_in_the_clients_own_query(
    status: int, said: str, told: dict[str, str | int]
) -> None:
    about = refusal(ServerError("http://10.0.0.7/sparql: something", status, said)).about
    assert about.items() >= told.items()
    assert "10.0.0.7" not in str(about)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (WHOLE[:-1], JSON),
        (b"", JSON),
        (b"<html>", JSON),
        (b"<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b>", N_TRIPLES),
        (b"<html>", N_TRIPLES),
    ],
)
def test_a_part_of_an_answer_is_no_answer(content: bytes, kind: str) -> None:
    with pytest.raises(RefusedError, match="not with results"):
        Results(content, kind).serialize(io.BytesIO(), FORMATS[kind])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (WHOLE + b"\n", JSON),
        (b"", N_TRIPLES),
        (b"# Empty NT\n", N_TRIPLES),
        (b"<urn:a> <urn:b> <urn:c> .\n", N_TRIPLES),
    ],
)
def test_a_whole_answer_is_taken(content: bytes, kind: str) -> None:
    out = io.BytesIO()
    Results(content, kind).serialize(out, FORMATS[kind])
    assert (b"urn:a" in out.getvalue()) == (b"urn:a" in content)
