"""`/sparql` as clients meet it: a running service on a port of this machine, its deadline two seconds."""

from __future__ import annotations

import concurrent.futures
import contextlib
import gzip
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest

from api import sparql
from graph.dataset import MERGED
from tests.graph.test_engine import COUNT, PLAIN, THINGS, make_release

DEADLINE = 2.0
BODY_SIZE = 64_000_000

SERVICE = """
import socket, sys
from pathlib import Path
import uvicorn
from fastapi import FastAPI
from api import connection, sparql
from graph.engine import Engine
connection.HEAD_SECONDS = float(sys.argv[2])
app = FastAPI()
sparql.mount(app, Engine(Path(sys.argv[1]), timeout=float(sys.argv[2])), rate=int(sys.argv[3]))
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listener.bind(("127.0.0.1", 0))
listener.listen(128)
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, http=connection.Connection)).run([listener])
"""


class Service(httpx.Client):
    """A client of a service that runs, with its process."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        super().__init__(base_url=f"http://127.0.0.1:{port}", timeout=30)
        self.process, self.port = process, port

    def ask(self, query: str, accept: str = "text/csv", **more: str) -> httpx.Response:
        return self.get("/sparql", params={"query": query, **more}, headers={"accept": accept})

    def number(self, name: str) -> float:
        return sum(float(line.split()[-1]) for line in self.get("/metrics").text.splitlines() if line.startswith(name))

    def plain_query_takes(self) -> float:
        began = time.monotonic()
        assert self.ask(PLAIN % time.monotonic_ns()).status_code == 200
        return time.monotonic() - began

    def workers(self) -> list[str]:
        """The process ids of the workers."""
        parents = {path.parent.name: stat_parent(path) for path in Path("/proc").glob("[0-9]*/stat")}
        return [process for process, parent in parents.items() if parent == str(self.process.pid)]

    def megabytes(self) -> float:
        """Resident memory of the service and all its workers."""
        pages = 0
        for process in (str(self.process.pid), *self.workers()):
            with contextlib.suppress(OSError):
                pages += int(Path(f"/proc/{process}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def connection(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE + 3)


def stat_parent(stat: Path) -> str:
    """The parent of a process by its ``/proc/N/stat`` (proc(5)), empty once it is gone."""
    with contextlib.suppress(OSError):
        return stat.read_text().rpartition(")")[2].split()[1]
    return ""


@contextlib.contextmanager
def running(folder: Path, rate: int = 0, deadline: float = DEADLINE) -> Iterator[Service]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVICE, str(folder), str(deadline), str(rate)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout
    try:
        with Service(process, int(process.stdout.readline())) as service:
            service.get("/metrics")
            yield service
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("releases")
    make_release(folder)
    with running(folder) as started:
        yield started


FORM = {"content-type": "application/x-www-form-urlencoded"}
DIRECT = {"content-type": "application/sparql-query"}

REQUESTS = [
    ("GET", "?query=ASK%20%7B%7D", {}, b"", 200),
    ("POST", "", FORM, b"query=ASK%20%7B%7D", 200),
    ("POST", "", DIRECT, b"ASK {}", 200),
    ("POST", "", {"content-type": "Application/SPARQL-Query; charset=UTF-8"}, b"ASK {}", 200),
    ("POST", "?default-graph-uri=http://x/g1", DIRECT, b"ASK {}", 200),
    ("GET", "?query=ASK%20%7B%7D&query=ASK%20%7B%7D", {}, b"", 400),
    ("GET", "?default-graph-uri=http://x/g1", {}, b"", 400),
    ("GET", "?query=ASK%20%7B%7D&default-graph-uri=relative", {}, b"", 400),
    ("GET", "?query=ASK%20%7B%7D&named-graph-uri=http://x/%20y", {}, b"", 400),
    ("GET", "?query=ASK%20%7B%7D&default-graph-uri=http://x/g1&default-graph-uri=http://x/g2", {}, b"", 200),
    ("GET", "?query=ASK%20%7B%7D&named-graph-uri=http://x/g1&named-graph-uri=http://x/g2", {}, b"", 200),
    ("GET", f"?query=ASK%20%7B%7D&named-graph-uri={MERGED}", {}, b"", 400),
    ("POST", "?query=ASK%20%7B%7D", DIRECT, b"ASK {}", 400),
    ("POST", "", {"content-type": 'application/x-www-form-urlencoded; charset="UTF-8"'}, b"query=ASK%20%7B%7D", 200),
    ("POST", "", {"content-type": "application/x-www-form-urlencoded; charset=latin1"}, b"query=ASK%20%7B%7D", 415),
    ("POST", "", {"content-type": "multipart/form-data; boundary=x"}, b"--x--", 415),
    ("POST", "", FORM, b"query=%FF", 400),
    ("GET", "?query=%FF", {}, b"", 400),
    ("GET", "?query=", {}, b"", 400),
    ("POST", "", FORM, b"", 400),
    ("POST", "", FORM, b"other=1", 400),
    ("POST", "", DIRECT, b"ASK { \xff }", 400),
    ("POST", "", DIRECT, "ASK {}".encode("utf-16"), 400),
    ("POST", "", {"content-type": "application/sparql-query; charset=utf-16"}, b"ASK {}", 415),
    ("POST", "", {**DIRECT, "content-encoding": "gzip"}, gzip.compress(b"ASK {}", mtime=0), 415),
    ("POST", "", {}, b"ASK {}", 415),
    ("POST", "", {"content-type": "text/plain"}, b"ASK {}", 415),
    ("POST", "", {"content-type": "application/sparql-update"}, b"CLEAR ALL", 403),
    ("POST", "", FORM, b"update=CLEAR%20ALL", 403),
    ("GET", "?update=CLEAR%20ALL", {}, b"", 403),
    ("GET", "?query=CLEAR%20ALL", {}, b"", 403),
    ("PUT", "", DIRECT, b"ASK {}", 405),
    ("DELETE", "", {}, b"", 405),
    ("PATCH", "", {}, b"", 405),
    ("POST", "", DIRECT, b"ASK {} #" + b"x" * 1_000_000, 413),
    ("POST", "", DIRECT, b"ASK {} #" + b"x" * 900_000, 200),
]


@pytest.mark.parametrize(("method", "address", "headers", "body", "status"), REQUESTS)
def test_the_protocol(
    service: Service, method: str, address: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = service.request(method, "/sparql" + address, headers=headers, content=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "detail"} <= answer.json().keys()
    if status == 405:
        assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    if status == 415 and method == "POST" and "charset" not in headers.get("content-type", ""):
        assert "accept-post" in answer.headers or "content-encoding" in headers


SELECT, CONSTRUCT = "SELECT * { ?s ?p ?o } LIMIT 1", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1"

ACCEPTED = [
    (SELECT, "*/*", "application/sparql-results+json"),
    (SELECT, "", "application/sparql-results+json"),
    (SELECT, "application/*;q=0.1, text/*", "text/csv; charset=utf-8"),
    (SELECT, "application/sparql-results+xml;q=0.9, text/csv;q=0.3", "application/sparql-results+xml"),
    (SELECT, "application/json", "application/sparql-results+json"),
    (SELECT, "text/tab-separated-values, text/turtle", "text/tab-separated-values; charset=utf-8"),
    (SELECT, "text/turtle", None),
    (SELECT, "application/sparql-results+json;q=0", None),
    ("ASK {}", "text/csv", "text/csv; charset=utf-8"),
    (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
    (CONSTRUCT, "application/ld+json", "application/ld+json"),
    (CONSTRUCT, "application/rdf+xml, text/turtle;q=0.9", "application/rdf+xml"),
    (CONSTRUCT, "application/n-triples", "application/n-triples"),
    (CONSTRUCT, "application/trig", "application/trig"),
    (CONSTRUCT, "application/n-quads", "application/n-quads"),
    (CONSTRUCT, "text/csv", None),
    ("DESCRIBE <http://x/s1>", "text/turtle", "text/turtle; charset=utf-8"),
]


@pytest.mark.parametrize(("query", "accept", "expected"), ACCEPTED)
def test_the_format_is_the_one_the_client_likes_best(
    service: Service, query: str, accept: str, expected: str | None
) -> None:
    answer = service.ask(query, accept)
    assert "Accept" in answer.headers["vary"]
    if expected is None:
        assert answer.status_code == 406
        assert answer.json()["available"]
        return
    assert answer.status_code == 200
    assert answer.headers["content-type"] == expected
    kind = ox.RdfFormat.from_media_type(expected.partition(";")[0])
    if query == CONSTRUCT and kind:
        assert len(list(ox.parse(answer.content, kind))) == 1


def test_a_fault_names_line_column_and_prefix(service: Service) -> None:
    answer = service.ask("SELECT * {\n  ?s nobody:knows ?o }")
    assert answer.status_code == 400
    problem = answer.json()
    assert (problem["line"], problem["column"], problem["prefix"]) == (2, 6, "nobody")
    problem = service.ask("SELECT * {\n  ?s ?p }").json()
    assert problem["line"] == 2
    assert "line 2, column" in problem["detail"]


def test_an_unknown_function_is_named(service: Service) -> None:
    answer = service.ask("SELECT (<http://x/f>(1) AS ?x) {}")
    assert answer.status_code == 501
    assert "<http://x/f>" in answer.json()["detail"]


def test_the_dataset_parameters_count_in_a_post_too(service: Service) -> None:
    fields = {"query": COUNT, "default-graph-uri": ["http://x/g1", "http://x/g2"]}
    assert service.post("/sparql", data=fields, headers={"accept": "text/csv"}).text.split() == ["n", "2"]


def test_from_finds_the_merged_graph_by_its_name(service: Service) -> None:
    assert service.ask(COUNT.replace("{", f"FROM <{MERGED}> {{")).text.split() == ["n", str(THINGS)]
    assert service.ask(COUNT, **{"default-graph-uri": MERGED}).text.split() == ["n", str(THINGS)]
    refused = service.ask(f"ASK {{ GRAPH <{MERGED}> {{ ?s ?p ?o }} }}")
    assert refused.status_code == 400
    assert "leave GRAPH and FROM NAMED away" in refused.json()["detail"]


def test_a_client_that_has_anything_at_all_gets_nothing_again(service: Service) -> None:
    answer = service.get("/sparql", params={"query": COUNT}, headers={"if-none-match": "*"})
    assert (answer.status_code, answer.content) == (304, b"")


def test_the_tag_saves_the_answer_and_differs_by_query_and_format(service: Service) -> None:
    tag = service.ask(COUNT).headers["etag"]
    again = service.get("/sparql", params={"query": COUNT}, headers={"accept": "text/csv", "if-none-match": f"W/{tag}"})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert service.ask(COUNT, "application/json").headers["etag"] != tag
    assert service.ask(COUNT + " ").headers["etag"] != tag
    assert "etag" not in service.ask("SELECT (NOW() AS ?now) {}").headers


def test_what_differs_from_call_to_call_is_not_kept(service: Service) -> None:
    assert service.ask("SELECT (RAND() AS ?x) {}").text != service.ask("SELECT (RAND() AS ?x) {}").text


def test_compression_is_the_clients_choice(service: Service) -> None:
    query = "SELECT * { ?s ?p ?o } LIMIT 1000"
    plain = service.get("/sparql", params={"query": query}, headers={"accept-encoding": "identity"})
    packed = service.get("/sparql", params={"query": query}, headers={"accept-encoding": "gzip;q=0.5"})
    unwanted = service.get("/sparql", params={"query": query}, headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in unwanted.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert packed.content == plain.content


def test_head_answers_as_get_without_a_body(service: Service) -> None:
    got, head = service.ask(SELECT), service.head("/sparql", params={"query": SELECT}, headers={"accept": "text/csv"})
    assert head.status_code == 200
    assert head.content == b""
    assert {k: v for k, v in head.headers.items() if k != "date"} == {
        k: v for k, v in got.headers.items() if k != "date"
    }


def test_another_site_may_read_without_credentials(service: Service) -> None:
    preflight = service.options("/sparql", headers={"origin": "http://x", "access-control-request-method": "POST"})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-headers"] == "*"
    assert "access-control-allow-credentials" not in preflight.headers


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_without_a_query_a_browser_is_led_to_the_editor_and_a_program_is_not(service: Service, method: str) -> None:
    led = service.request(method, "/sparql", headers={"accept": BROWSER})
    assert (led.status_code, led.headers["location"]) == (303, "/sparql/editor")
    assert "Accept" in led.headers["vary"]
    for accept in ("*/*", "text/turtle, text/html;q=0.5", "application/json"):
        assert service.request(method, "/sparql", headers={"accept": accept}).status_code == 200
    assert service.get("/sparql", headers={"accept": "image/png"}).json()["available"][0] == "text/turtle"


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"]
)
def test_without_a_query_the_service_describes_itself_truly(service: Service, accept: str) -> None:
    answer = service.get("/sparql", headers={"accept": accept})
    assert answer.status_code == 200
    store = ox.Store()
    store.load(answer.content, ox.RdfFormat.from_media_type(accept))
    found = store.query(
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX void: <http://rdfs.org/ns/void#> "
        "SELECT ?endpoint ?all ?p ?n { ?s a sd:Service ; sd:endpoint ?endpoint . "
        "?s sd:defaultDataset/sd:defaultGraph ?g . ?g void:triples ?all ; void:propertyPartition ?part . "
        "?part void:property ?p ; void:triples ?n }"
    )
    rows = [[term.value for term in row] for row in found]
    assert rows == [[f"http://127.0.0.1:{service.port}/sparql", str(THINGS), "http://x/p", str(THINGS)]]
    assert service.get("/sparql", headers={"accept": accept}).headers["etag"] == answer.headers["etag"]


FORMAT_NAMES = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads"),
)


def test_the_description_lists_graphs_and_formats_as_they_are(service: Service) -> None:
    store = ox.Store()
    store.load(service.get("/sparql", headers={"accept": "text/turtle"}).content, ox.RdfFormat.TURTLE)

    def described(path: str) -> set[str]:
        prefix = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> "
        return {row[0].value for row in store.query(f"{prefix} SELECT ?x {{ ?s a sd:Service ; {path} ?x }}")}

    assert described("sd:defaultDataset/sd:defaultGraph") == {MERGED}
    asked = service.ask("SELECT ?g { GRAPH ?g {} }").text.split()[1:]
    assert described("sd:defaultDataset/sd:namedGraph/sd:name") == set(asked)
    assert described("sd:feature") == {"http://www.w3.org/ns/sparql-service-description#EmptyGraphs"}
    assert service.ask("ASK FROM NAMED <http://x/nobody> { GRAPH <http://x/nobody> {} }").text.strip() == "true"
    for query, offered in ((SELECT, sparql.RESULTS), (CONSTRUCT, sparql.GRAPHS)):
        for form in offered:
            assert service.ask(query, form.media_type).headers["content-type"].startswith(form.media_type)
    assert described("sd:resultFormat") == {f"http://www.w3.org/ns/formats/{name}" for name in FORMAT_NAMES}


def test_a_query_of_sixty_kilobytes_in_the_address_works(service: Service) -> None:
    assert service.ask("ASK {} #" + "x" * 60_000).status_code == 200


def test_updates_change_nothing(service: Service) -> None:
    for update in ("DROP ALL", "INSERT DATA { <a:a> <a:a> <a:a> }", "DELETE WHERE { ?s ?p ?o }", "LOAD <http://x/>"):
        assert service.post("/sparql", data={"update": update}).status_code == 403
        assert service.ask(update).status_code == 403
        assert service.ask(f"BASE <http://x/> # a\nPREFIX a: <b>{update}").status_code == 403
        assert service.ask(f"ASK {{}} ; {update}").status_code == 400
    assert service.ask(COUNT + " # after").text.split()[1] == str(THINGS)


def test_nothing_is_ever_fetched(service: Service) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for query in (
            f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
            f"PREFIX a: <{address}> SELECT * {{ SERVICE # x\n SILENT a:\\u0062 {{ ?s ?p ?o }} }}",
            f"SELECT * {{ VALUES ?x {{ <{address}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
            f"SELECT * FROM <{address}> FROM NAMED <{address}> {{ ?s ?p ?o }}",
            f"LOAD <{address}>",
        ):
            service.ask(query)
        service.ask(COUNT, **{"default-graph-uri": address, "named-graph-uri": address})
        with pytest.raises(TimeoutError):
            listener.accept()


TRIPLES = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
STEPS = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
GROWTH = " ".join(f'BIND(REPLACE(?x{n}, ".", "$0$0$0$0$0$0$0$0") AS ?x{n + 1})' for n in range(20))

BOMBS = {
    "count of a product": f"SELECT (COUNT(*) AS ?n) {{ {TRIPLES} }}",
    "distinct of a product": f"SELECT DISTINCT * {{ {TRIPLES} }}",
    "order of a product": f"SELECT * {{ {TRIPLES} }} ORDER BY ?c ?i ?f",
    "groups of a product": f"SELECT ?c ?f ?i (COUNT(*) AS ?n) {{ {TRIPLES} }} GROUP BY ?c ?f ?i",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (<x:y>|!<x:z>)* ?b . ?c (!<x:z>|^!<x:z>)+ ?d . ?e (!<x:z>*)* ?f }",
    "doubling": f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('0123456789' AS ?x0) {STEPS} }}",
    "replacing": f"SELECT (STRLEN(?x20) AS ?n) {{ BIND('0123456789' AS ?x0) {GROWTH} }}",
    "group_concat": f"SELECT (STRLEN(GROUP_CONCAT(CONCAT(?c, ?f, ?i))) AS ?n) {{ {TRIPLES} }}",
    "not exists": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c " + "FILTER NOT EXISTS { ?x ?y ?z " * 20 + "}" * 20 + "}",
    "minus": f"SELECT (COUNT(*) AS ?n) {{ {TRIPLES} MINUS {{ ?a ?b ?c . ?j ?k ?l . ?m ?n ?o }} }}",
    "parentheses": "SELECT * {FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ")}",
    "groups": "SELECT * " + "{" * 10_000 + "?s ?p ?o" + "}" * 10_000,
    "blank nodes": "SELECT * {" + "[ <a:p> " * 10_000 + "1" + "]" * 10_000 + " <a:q> 2}",
    "lists": "SELECT * {" + "(" * 10_000 + "1" + ")" * 10_000 + " <a:q> 2}",
    "negations": "SELECT * {FILTER(" + "!" * 10_000 + "1)}",
    "two hundred lists": "SELECT * {" + "(" * 200 + "1" + ")" * 200 + " <a:q> 2}",
    "two hundred patterns": "SELECT * {" + " . ".join(f"?s <a:{n}> ?o{n}" for n in range(200)) + "}",
    "patterns": "SELECT * {" + "?s ?p ?o . " * 20_000 + "}",
    "alternatives": "SELECT * {?s " + "|".join(f"<a:{n}>" for n in range(20_000)) + " ?o}",
    "sum": "SELECT (" + "+".join(["1"] * 20_000) + " AS ?x) {}",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_time_with_a_reason(service: Service, name: str) -> None:
    began = time.monotonic()
    # A product that streams has begun to be sent when its time is over: then the connection breaks.
    with contextlib.suppress(httpx.RemoteProtocolError):
        answer = service.post("/sparql", data={"query": BOMBS[name]})
        assert answer.status_code in (400, 504, 507), answer.text[:200]
        assert len(answer.json()["detail"]) > 20
    assert time.monotonic() - began < DEADLINE + 1
    assert service.plain_query_takes() < 1


def burn(address: str, queries: list[str]) -> list[tuple[int, float]]:
    """Status and seconds of queries sent all at once; 0 for a connection that broke."""

    def ask(query: str) -> tuple[int, float]:
        began, status = time.monotonic(), 0
        with contextlib.suppress(httpx.RemoteProtocolError):
            status = client.post(address, data={"query": query}).status_code
        return status, time.monotonic() - began

    with httpx.Client(timeout=30) as client, concurrent.futures.ThreadPoolExecutor(len(queries)) as threads:
        return list(threads.map(ask, queries))


def test_twenty_bombs_at_once_leave_the_service_quick_and_small(service: Service) -> None:
    queries = [f"{query} # {number}" for number, query in enumerate(list(BOMBS.values())[:10] * 2)]
    # In a process of their own, so that only the service can make the plain queries wait.
    with concurrent.futures.ProcessPoolExecutor(1) as elsewhere:
        bombs = elsewhere.submit(burn, f"{service.base_url}/sparql", queries)
        while service.number("s230_sparql_running") < 4:
            time.sleep(0.01)
        slowest = most = 0.0
        while not bombs.done():
            slowest = max(slowest, service.plain_query_takes())
            most = max(most, service.megabytes())
            time.sleep(0.05)
    for status, seconds in bombs.result():
        assert status in (0, 503, 504, 507)
        assert seconds < DEADLINE + 1
    assert slowest < 1
    assert most < 3_000


def test_a_body_without_end_is_refused(service: Service) -> None:
    began = time.monotonic()
    answer = service.post("/sparql", content=b"x" * BODY_SIZE, headers=DIRECT)
    assert answer.status_code == 413
    assert time.monotonic() - began < DEADLINE + 1
    chunked = service.post("/sparql", content=(b"x" * 100_000 for _ in range(50)), headers=DIRECT)
    assert chunked.status_code == 413


def test_a_body_that_does_not_come_is_given_up(service: Service) -> None:
    with service.connection() as line:
        head = (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\n"
        )
        line.sendall(head + b"ASK")
        began = time.monotonic()
        assert line.recv(1000).startswith(b"HTTP/1.1 408")
        assert time.monotonic() - began < DEADLINE + 1


def request(query: str, version: str = "1.1", accept: str = "text/csv") -> bytes:
    return f"GET /sparql?query={quote(query)} HTTP/{version}\r\nHost: x\r\nAccept: {accept}\r\n\r\n".encode()


def received(line: socket.socket) -> bytes:
    pieces = []
    with contextlib.suppress(ConnectionError):
        while piece := line.recv(1 << 16):
            pieces.append(piece)
    return b"".join(pieces)


ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


def test_a_cut_result_never_looks_whole(service: Service) -> None:
    with service.connection() as line:
        line.sendall(request(ENDLESS))
        content = received(line)
    assert content.startswith(b"HTTP/1.1 200")
    assert b"transfer-encoding: chunked" in content[:1000].lower()
    assert not content.endswith(b"\r\n0\r\n\r\n")
    with pytest.raises(httpx.RemoteProtocolError):
        service.ask(ENDLESS + " # again")
    with service.connection() as line:
        line.sendall(request(ENDLESS, "1.0"))
        assert received(line).split()[1] in (b"504", b"505")


def test_slow_readers_are_cut_off_and_cost_nothing(service: Service) -> None:
    lines = [service.connection() for _ in range(8)]
    for number, line in enumerate(lines):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(request(ENDLESS + f" # {number}"))
    time.sleep(0.5)
    assert service.plain_query_takes() < 1
    time.sleep(DEADLINE)
    assert service.number("s230_sparql_running") == 0
    assert service.plain_query_takes() < 1
    for line in lines:
        line.close()


def test_half_open_requests_are_given_up_and_do_not_hold_the_service(service: Service) -> None:
    lines = [service.connection() for _ in range(50)]
    for line in lines[:40]:
        line.sendall(b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: x\r\n")
    lines[0].sendall(b"\r\n")
    assert lines[0].recv(1000).startswith(b"HTTP/1.1 200")
    lines[0].sendall(b"GET /sparql")
    assert service.plain_query_takes() < 1
    for line in lines:
        assert b"HTTP/1.1 408" in received(line)
        line.close()


def test_no_worker_outlives_its_service(tmp_path: Path) -> None:
    make_release(tmp_path)
    with running(tmp_path) as service:
        lines = [service.connection() for _ in range(3)]
        for number, line in enumerate(lines):
            line.sendall(request(BOMBS["count of a product"] + f" # {number}"))
        time.sleep(0.8)
        workers = service.workers()
        assert len(workers) == 4
        service.process.kill()
        end = time.monotonic() + DEADLINE + 3
        while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < end:
            time.sleep(0.05)
        assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]
        for line in lines:
            line.close()


def test_clients_that_vanish_free_their_workers(tmp_path: Path) -> None:
    make_release(tmp_path)
    with running(tmp_path, deadline=30) as service:
        lines = [service.connection() for _ in range(6)]
        for number, line in enumerate(lines):
            line.sendall(request(BOMBS["count of a product"] + f" # {number}"))
        time.sleep(1.5)
        assert service.number("s230_sparql_running") >= 2
        for line in lines:
            line.close()
        time.sleep(0.5)
        assert service.number("s230_sparql_running") == service.number("s230_sparql_queue") == 0
        assert service.number('s230_sparql_seconds_count{outcome="gone"}') == 6


def test_a_client_over_its_rate_is_told_when_to_come_back(tmp_path: Path) -> None:
    make_release(tmp_path, 10)
    with running(tmp_path, rate=3) as service:
        answers = [service.ask("ASK {}") for _ in range(8)]
        assert {answer.status_code for answer in answers} == {200, 429}
        assert 0 < int(answers[-1].headers["retry-after"]) <= 60


def test_a_large_result_streams_whole_and_small(tmp_path: Path) -> None:
    make_release(tmp_path, 60_000)
    with running(tmp_path, deadline=20) as service:
        query = {"query": "SELECT * { ?s ?p ?o }"}
        for coding in ("identity", "gzip"):
            headers = {"accept": "application/sparql-results+json", "accept-encoding": coding}
            with service.stream("GET", "/sparql", params=query, headers=headers) as answer:
                # Compressed it is small enough for the fast lane, which sends whole what it gets done in time.
                assert coding == "gzip" or "content-length" not in answer.headers
                content = answer.read()
            assert len(json.loads(content)["results"]["bindings"]) == 60_000
        assert service.megabytes() < 400


def test_a_new_release_changes_answers_and_tags(tmp_path: Path) -> None:
    make_release(tmp_path, 10)
    with running(tmp_path) as service:
        before = service.ask(COUNT)
        make_release(tmp_path, 20, "ffffffffffff")
        end = time.monotonic() + 6
        while service.ask(COUNT).text == before.text and time.monotonic() < end:
            time.sleep(0.1)
        after = service.ask(COUNT)
        assert (before.text.split()[1], after.text.split()[1]) == ("10", "20")
        assert before.headers["etag"] != after.headers["etag"]


def test_the_numbers_tell_what_happened(service: Service) -> None:
    for name in ("s230_sparql_queue", "s230_sparql_running", "s230_sparql_killed_total", "s230_sparql_seconds_count"):
        assert service.number(name) >= 0
    assert service.number('s230_sparql_seconds_count{outcome="200"}') > 0
    assert "SELECT" not in service.get("/metrics").text
