"""A release brought to servers of other houses: whole, once, gone on with where it stopped, and never seen half."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from graph import iri, publication
from graph import release as releases
from graph.dataset import MERGED
from graph.protocol import Server, StoreError
from graph.publication import GENID, counted, publish
from graph.store import PUBLISHED, Embedded, Endpoint, query_text
from ingest.build import build
from ingest.load import load
from tests.servers import SERVERS, Address

ROOT = Path(__file__).parents[2]
LARGE, SMALL, OTHERS = (
    "https://w3id.org/section230/graph/large",
    "http://example.org/small",
    "http://example.org/others",
)


class Killed(BaseException):
    """The end of a publication from outside."""


@pytest.fixture(scope="module", params=sorted(SERVERS))
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    with SERVERS[request.param](tmp_path_factory.mktemp(request.param)) as started:
        yield started


@pytest.fixture
def server(address: Address) -> Server:
    """The server, empty but for a graph that is not ours."""
    server = Server(address.write)
    for graph in (*counted(server, (MERGED, SMALL)), OTHERS):
        server.update(f"DROP SILENT GRAPH <{graph}>")
    server.update(f"INSERT DATA {{ GRAPH <{OTHERS}> {{ <urn:a> <urn:b> <urn:c> }} }}")
    return server


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Embedded]:
    """A release of a large graph, whose words are given, and of a small one with blank nodes."""
    empty = tmp_path_factory.mktemp("empty")
    build([], empty, with_curated=False, jobs=1)

    @cache
    def make(word: str) -> Embedded:
        folder = tmp_path_factory.mktemp("small")
        triples = [
            f'<urn:thing:{n}> <urn:says> "{word} {n} \\u00A7 \\"\\\\\\n\\t$triples {{}} é"@en .' for n in range(2_500)
        ]
        (folder / "large.nt").write_text("\n".join(triples))
        (folder / "small.ttl").write_text("<urn:list> <urn:holds> ( 1 2.50 true <urn:a%20b> ) . [] <urn:b> 1e3 .")
        load([folder / "large.nt"], releases.current(empty), folder / "out", LARGE)
        load([folder / "small.ttl"], releases.current(folder / "out"), folder / "out", SMALL)
        return Embedded(folder / "out")

    return make


def sizes(store: Embedded) -> dict[str, int]:
    return {row["graph"]: int(row["triples"]) for row in store.select(query_text("graph_sizes"))}


def assert_holds(server: Server, store: Embedded) -> None:
    """What the server holds below our base, and in our graphs elsewhere, is the release and a note of its name."""
    assert counted(server, (SMALL,)) == sizes(store) | {PUBLISHED: 1}
    rows = server.select(f"SELECT ?thing ?says {{ GRAPH <{LARGE}> {{ ?thing ?predicate ?says }} }}")
    assert {(row["thing"], row["says"]) for row in rows} == {
        (triple.subject.value, triple.object.value)
        for triple in store.triples(LARGE)  # type: ignore[union-attr]
    }
    assert server.ask(f"ASK {{ GRAPH <{OTHERS}> {{ <urn:a> <urn:b> <urn:c> }} }}")


def stop_at(step: int) -> Callable[[int, int], None]:
    """A progress that ends the publication before its request number `step`."""
    calls = 0

    def progress(done: int, total: int) -> None:
        nonlocal calls
        calls += 1
        if calls > step:
            raise Killed

    return progress


def test_a_release_is_brought_whole_and_not_twice(server: Server, small: Callable[[str], Embedded]) -> None:
    store = small("one")
    done = publish(store, server)
    assert done == (len(sizes(store)), sum(sizes(store).values()), len(sizes(store)))
    assert_holds(server, store)
    assert publish(store, server).sent == 0


def test_progress_is_told_to_the_end(server: Server, small: Callable[[str], Embedded]) -> None:
    told: list[tuple[int, int]] = []
    store = small("one")
    publish(store, server, lambda done, total: told.append((done, total)))
    total = sum(sizes(store).values())
    assert told[0] == (0, total) and told[-1] == (total, total)
    assert told == sorted(told)


def test_what_a_blank_node_holds_together_stays_together(server: Server, small: Callable[[str], Embedded]) -> None:
    publish(small("one"), server)
    path = "rdf:rest" + "/rdf:rest" * 2
    for where in (f"GRAPH <{SMALL}>", f"GRAPH <{MERGED}>"):
        rows = server.select(
            f"SELECT ?list ?last {{ {where} {{ <urn:list> <urn:holds> ?list . ?list {path}/rdf:first ?last }} }}"
        )
        assert [row["last"] for row in rows] == ["urn:a%20b"]
        assert all(row["list"].startswith(GENID) for row in rows)


@pytest.mark.parametrize("step", range(6))
def test_a_killed_publication_goes_on_where_it_stopped(
    server: Server, small: Callable[[str], Embedded], step: int
) -> None:
    store = small("one")
    with pytest.raises(Killed):
        publish(store, server, stop_at(step))
    before = counted(server, (SMALL,))
    there = {graph for graph, size in sizes(store).items() if before.get(graph) == size}
    assert publish(store, server).sent == len(sizes(store)) - len(there)
    assert_holds(server, store)


def test_a_graph_of_which_a_part_is_there_is_gone_on_with(
    server: Server, small: Callable[[str], Embedded], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = small("one")
    sent: list[str] = []
    update = Server.update

    def failing(self: Server, text: str) -> None:
        if sum("urn:thing:" in one for one in sent) == 2:
            raise Killed
        sent.append(text)
        update(self, text)

    monkeypatch.setattr(Server, "update", failing)
    with pytest.raises(Killed):
        publish(store, server)
    assert counted(server)[LARGE] == 2_000
    sent.clear()
    monkeypatch.setattr(Server, "update", lambda self, text: (sent.append(text), update(self, text)))
    publish(store, server)
    assert sum(f"<{LARGE}> {{" in text and "urn:thing:" in text for text in sent) == 1
    assert_holds(server, store)


def test_the_next_release_replaces_the_one_before(
    server: Server, address: Address, small: Callable[[str], Embedded]
) -> None:
    publish(small("one"), server)
    server.update(f"INSERT DATA {{ GRAPH <{iri.of('/graph/gone')}> {{ <urn:a> <urn:b> <urn:c> }} }}")
    store = small("two")
    publish(store, server)
    assert_holds(server, store)
    assert Endpoint(address.read).select("SELECT ?x { ?x <urn:says> ?y FILTER(STRSTARTS(STR(?y), 'one')) }") == []


@pytest.mark.parametrize("step", range(1, 5))
def test_until_the_end_plain_queries_see_the_release_before(
    server: Server, address: Address, small: Callable[[str], Embedded], step: int
) -> None:
    publish(small("one"), server)
    name = Endpoint(address.read).name
    with pytest.raises(Killed):
        publish(small("two"), server, stop_at(step))
    reader = Endpoint(address.read)
    assert reader.name == name
    rows = reader.select("SELECT (STRBEFORE(STR(?says), ' ') AS ?word) { ?thing <urn:says> ?says }")
    assert [row["word"] for row in rows] == ["one"] * 2_500
    store = small("three")
    publish(store, server)
    assert_holds(server, store)
    assert Endpoint(address.read).name != name


def test_a_reader_that_is_open_sees_the_next_release(
    server: Server, address: Address, small: Callable[[str], Embedded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.store.LOOK_AGAIN", 0.0)
    publish(small("one"), server)
    reader = Endpoint(address.read)
    before = reader.name
    publish(small("two"), server)
    assert reader.name != before
    assert reader.ask("ASK { ?thing <urn:says> ?says FILTER(STRSTARTS(STR(?says), 'two')) }")


def test_a_graph_that_lost_triples_is_sent_again(server: Server, small: Callable[[str], Embedded]) -> None:
    store = small("one")
    publish(store, server)
    server.update(f"DELETE DATA {{ GRAPH <{LARGE}> {{ {next(iter(store.triples(LARGE)))} }} }}")
    assert publish(store, server).sent == 1
    assert_holds(server, store)


def test_a_server_that_does_not_keep_what_it_was_sent_is_told_of(
    server: Server, small: Callable[[str], Embedded], monkeypatch: pytest.MonkeyPatch
) -> None:
    update = Server.update
    monkeypatch.setattr(Server, "update", lambda self, text: None if "urn:thing:" in text else update(self, text))
    with pytest.raises(
        StoreError, match=r"holds 0 triples of [\d,]+ in .* \(2 graphs are not as sent\); publish again"
    ):
        publish(small("one"), server)


def test_many_graphs_are_counted_page_by_page(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publication, "PAGE", 3)
    paged = query_text("counted").replace("LIMIT 5000", "LIMIT 3")
    assert "LIMIT 3" in paged
    monkeypatch.setattr(publication, "query_text", lambda name: paged if name == "counted" else query_text(name))
    graphs = [iri.of(f"/graph/{n}") for n in range(7)]
    inserted = " ".join(f"GRAPH <{graph}> {{ <urn:a> <urn:b> <urn:c> , <urn:d> }}" for graph in graphs)
    server.update(f"INSERT DATA {{ {inserted} }}")
    assert counted(server) == dict.fromkeys(graphs, 2)


def test_pages_are_as_long_as_the_query_says() -> None:
    assert f"LIMIT {publication.PAGE}\n" in query_text("counted")


def test_a_program_that_is_killed_leaves_what_the_next_one_goes_on_with(
    server: Server, address: Address, release: Path
) -> None:
    command = [sys.executable, "-m", "api.cli", "publish", "--to", address.write, "--store", str(release)]
    program = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    graphs = 0
    while graphs < 100 and program.poll() is None:
        time.sleep(0.1)
        graphs = len(server.select(query_text("brought")))
    program.send_signal(signal.SIGKILL)
    assert program.wait() == -signal.SIGKILL and graphs >= 100
    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    store = Embedded(release)
    wanted = sizes(store)
    assert f"{len(wanted):,} graphs with {sum(wanted.values()):,} triples are at" in again.stderr
    assert int(again.stderr.rpartition("; ")[2].split()[0].replace(",", "")) <= len(wanted) - graphs
    assert "dba" not in again.stderr
    assert counted(server) == wanted | {PUBLISHED: 1}
