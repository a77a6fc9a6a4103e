"""The worker over a server: asks an endpoint instead of evaluating, and answers in the same frames as `graph.worker`.

An answer is read whole before its first byte goes out, so what a server cuts short is an error and never a result; the
memory bound of the worker is the bound on its size. Every format is written here from SPARQL results in JSON or from
N-Triples: a client sees one dialect, whichever server stands behind.
"""

from __future__ import annotations

import re
from typing import Any

import pyoxigraph as ox

from graph.protocol import DEFAULT, JSON, N_TRIPLES, NAMED, Dataset, Server, ServerError
from graph.screen import screen
from graph.store import Graphs
from graph.worker import Evaluate, RefusedError, Request, main

BUSY = (429, 503)
"""What a server says that will have an answer later."""

_POSITION = re.compile(r"(?:error at |\bline )(\d+)(?::(\d+)|, column (\d+))?:?\s*", re.IGNORECASE)


def over_endpoint(setting: dict[str, Any]) -> Evaluate:
    """What asks the endpoint of `setting`."""
    # The deadline is held by whoever started this process.
    server = Server(setting["address"], setting["credentials"], timeout=3600)
    server.software = setting["software"]
    merged, named = setting["graphs"]
    graphs = Graphs(merged, tuple(named))

    def evaluate(request: Request) -> Any:
        kind = N_TRIPLES if screen(request["text"]).form in ("CONSTRUCT", "DESCRIBE") else JSON
        try:
            content = server.query(request["text"], kind, dataset(request, graphs))
        except ServerError as error:
            raise refusal(error) from None
        return Results(content, kind)

    return evaluate


def dataset(request: Request, graphs: Graphs) -> Dataset:
    """The dataset that is sent: the one of the request where it has one, else that of the query and the server."""
    if request["default"] is None and request["named"] is None:
        return graphs.asked_by(request["text"])
    default = [graph or graphs.merged for graph in request["default"] or ()]
    return [(DEFAULT, graph) for graph in default if graph] + [(NAMED, graph) for graph in request["named"] or ()]


class Results:
    """An answer of a server, ready to be serialized. Raises `RefusedError` where it is no results, or only a part."""

    def __init__(self, content: bytes, kind: str) -> None:
        last = content.rstrip().rpartition(b"\n")[2]
        if not (last.endswith(b"}") if kind == JSON else last.endswith(b".") or last[:1] in (b"", b"#")):
            raise _NO_RESULTS
        self._content, self._kind = content, kind

    def serialize(self, output: Any, format: Any) -> None:
        """Write the results in `format`."""
        try:
            if self._kind == JSON:
                ox.parse_query_results(self._content, ox.QueryResultsFormat.JSON).serialize(output, format)
            else:
                quads = ox.parse(self._content, ox.RdfFormat.N_TRIPLES)
                ox.serialize((quad.triple for quad in quads), output, format)
        except (SyntaxError, ValueError):
            raise _NO_RESULTS from None


_NO_RESULTS = RefusedError(message="the server behind this service answers, but not with results", status=502)


def refusal(error: ServerError) -> RefusedError:
    """What the client is told of a refusal: of its query with the place in it, of the server without its address."""
    if error.status == 400:
        place = _POSITION.search(error.said)
        line = max(int(place[1]) - 1, 0) if place else 0
        column = int(place[2] or place[3] or 0) if place else 0
        said = error.said[place.end() :] if place else error.said
        return RefusedError(message=said, line=line, column=column)
    if error.status in BUSY:
        return RefusedError(message="the server behind this service is busy; try again in a while", status=503)
    said = f"answers with {error.status}: {error.said}" if error.status else "does not answer just now"
    return RefusedError(message=f"the server behind this service {said}", status=502)


if __name__ == "__main__":
    main(over_endpoint)
