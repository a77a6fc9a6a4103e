"""What is asked of other houses' servers, and what is made of their answers and refusals."""

from __future__ import annotations

import logging
import socket
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.protocol import Server, ServerError, StoreError
from graph.store import Endpoint, connect
from tests import servers
from tests.servers import Address

NUMBERS = "SELECT ?n { VALUES ?n { 1 2 3 } }"
ANSWER = b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": "1"}}]}}'


@contextmanager
def line(*replies: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that gives these replies, one a connection (an empty one hangs up), and keeps what it was asked."""
    asked: list[bytes] = []

    def serve() -> None:
        for reply in replies:
            connection, _ = listener.accept()
            with connection:
                asked.append(connection.recv(65_536))
                connection.sendall(reply)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = threading.Thread(target=serve, daemon=True)
        answering.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/sparql", asked
        answering.join(5)


def reply(content: bytes, status: str = "200 OK", *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Connection: close", *headers]
    return "\r\n".join([*head, "", ""]).encode() + content


# --- addresses and credentials ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["http://ann:s3cr/et@example.org/", "http://ann:12/s3cret@example.org", "http://ann:s3cr?et@example.org",
     "http://ann:s3cr#et@example.org", "http://ann:s3cret@[::1/", "http://ann:s3cret@", "http://"],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(StoreError) as refusal:
        Server(url)
    assert "s3cr" not in str(refusal.value)
    assert "address" in str(refusal.value)


def test_a_server_that_wants_basic_credentials_gets_them_when_it_asks() -> None:
    wanted = reply(b"", "401 Unauthorized", 'WWW-Authenticate: Basic realm="law"')
    with line(wanted, reply(ANSWER), reply(ANSWER)) as (url, asked):
        server = Server(url, "ann:s3:cret")
        assert server.select(NUMBERS) == server.select(NUMBERS) == [{"n": "1"}]
    sent = b"Authorization: Basic " + b64encode(b"ann:s3:cret")
    assert [sent in request for request in asked] == [False, True, True]


def test_credentials_of_the_address_prevail() -> None:
    assert Server("http://ann:one@example.org/sparql", "bob:two").credentials == "ann:one"
    assert Server("http://example.org/sparql", "bob:two").credentials == "bob:two"


def test_a_password_shows_in_no_message_and_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with line(reply(b"", "401 Unauthorized"), reply(b"no", "403 Forbidden")) as (url, _):
        server = Server(url.replace("http://", "http://ann:s3cret@"))
        with pytest.raises(ServerError, match="403") as refusal:
            server.update("DROP ALL")
    assert "s3cret" not in str(refusal.value) + server.address + server.update_address + caplog.text
    assert caplog.records


# --- answers that are none -------------------------------------------------------------------------------------------


def test_a_query_is_sent_again_when_the_server_had_let_the_connection_go() -> None:
    with line(b"", reply(ANSWER)) as (url, asked):
        assert Server(url).select(NUMBERS) == [{"n": "1"}]
    assert len(asked) == 2


def test_a_query_is_sent_twice_and_not_more_often() -> None:
    with line(b"", b"") as (url, asked), pytest.raises(ServerError, match="hung up") as refusal:
        Server(url).select(NUMBERS)
    assert len(asked) == 2
    assert refusal.value.status == 0


def test_an_update_is_sent_once() -> None:
    with line(b"") as (url, asked), pytest.raises(ServerError, match="hung up"):
        Server(url).update("DROP ALL")
    assert len(asked) == 1


@pytest.mark.parametrize("header", ["X-SPARQL-MaxRows: 10000", "X-SQL-State: S1TAT"])
def test_an_answer_that_its_server_calls_cut_is_refused(header: str) -> None:
    with line(reply(ANSWER, "200 OK", header)) as (url, _), pytest.raises(ServerError, match="cut short"):
        Server(url).select(NUMBERS)


@pytest.mark.parametrize("content", [b"", b"<html>Welcome</html>", ANSWER[:-20], b"[]", b"{}"])
def test_what_is_no_result_is_refused(content: bytes) -> None:
    with line(reply(content)) as (url, _), pytest.raises(ServerError, match="not with SPARQL results"):
        Server(url).select(NUMBERS)


def test_half_an_answer_is_refused() -> None:
    half = reply(ANSWER)[:-20]
    with line(half, half) as (url, _), pytest.raises(ServerError, match="hung up"):
        Server(url).select(NUMBERS)


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"<html><title>x</title> <h1>No\n such   place</h1></html>", "text/html", "x No"),
        (b'{"detail": "nothing here"}', "application/problem+json", "nothing here"),
        (b"Virtuoso 37000 Error\n\nSPARQL query:\n...", "text/plain", "Virtuoso 37000 Error"),
        (b"", "text/plain", "Not Found"),
    ],
)
def test_a_refusal_is_told_in_one_line(content: bytes, kind: str, said: str) -> None:
    refused = reply(content, "404 Not Found", f"Content-Type: {kind}")
    with line(refused) as (url, _), pytest.raises(ServerError) as refusal:
        Server(url).select(NUMBERS)
    assert refusal.value.status == 404
    assert refusal.value.said == said
    assert "\n" not in str(refusal.value)


def test_a_server_that_is_not_there_is_named() -> None:
    url = f"http://127.0.0.1:{servers.free_port()}/sparql"
    with pytest.raises(StoreError, match="does not answer") as refusal:
        Endpoint(url)
    assert url in str(refusal.value)


# --- real servers ----------------------------------------------------------------------------------------------------


def test_a_server_without_our_graph_is_refused_with_a_hint(tmp_path: Path) -> None:
    with servers.oxigraph(tmp_path) as server, pytest.raises(StoreError, match="s230 publish"):
        Endpoint(server.read)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("ASK { ?bill a s230:Bill }", True),
        ("ASK { ?bill a s230:Nothing }", False),
        ("ASK { GRAPH ?graph { ?bill a s230:Bill } }", True),
        ("ASK { GRAPH <https://w3id.org/section230/graph/meta> { ?bill a s230:Bill } }", False),
    ],
)
def test_asking_has_a_yes_or_a_no(published: Address, query: str, answer: bool) -> None:
    assert connect(published.read).ask(query) is answer


def test_a_boolean_is_true_or_false_and_not_a_number(published: Address) -> None:
    store = connect(published.read)
    rows = store.select("SELECT DISTINCT ?known { ?cosponsoring s230:original ?known }")
    assert {row["known"] for row in rows} <= {"true", "false"} and rows
    triples = store.construct("CONSTRUCT WHERE { ?cosponsoring s230:original ?known }")
    assert {str(triple.object.value) for triple in triples} == {row["known"] for row in rows}


def test_a_query_that_is_none_is_refused_by_the_server(published: Address) -> None:
    with pytest.raises(ServerError) as refusal:
        connect(published.read).select("SELECT ?x { ?x")
    assert refusal.value.status == 400


def test_rows_that_virtuoso_cuts_are_refused(tmp_path: Path) -> None:
    with servers.virtuoso(tmp_path, more="ResultSetMaxRows = 10") as address:
        server = Server(address.read)
        assert len(server.select("SELECT ?n { VALUES ?n { 1 2 3 4 5 } }")) == 5
        with pytest.raises(ServerError, match="cut short"):
            server.select("SELECT ?s { GRAPH ?g { ?s ?p ?o } } LIMIT 50")


def test_virtuoso_takes_updates_from_who_gives_the_password(tmp_path: Path) -> None:
    update = "INSERT DATA { GRAPH <urn:%s> { <urn:a> <urn:b> <urn:c> } }"
    with servers.virtuoso(tmp_path) as address:
        for credentials in ("dba:wrong", ""):
            with pytest.raises(ServerError, match="401"):
                Server(address.read + "-auth", credentials).update(update % "one")
        server = Server(address.read + "-auth", f"dba:{servers.PASSWORD}")
        for graph in ("one", "two"):
            server.update(update % graph)
            assert server.ask(f"ASK {{ GRAPH <urn:{graph}> {{ <urn:a> ?b ?c }} }}")
