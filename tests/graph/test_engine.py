"""The engine with real workers over a small release."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from graph import dataset, release
from graph.dataset import MERGED
from graph.engine import (
    DeadlineError,
    Engine,
    EvaluationError,
    ExhaustionError,
    MalformedError,
    OverloadError,
    Query,
)

THINGS = 2_000
LATE = 15.0
"""Seconds that a busy machine may add to a bound; a bomb burns for hours. What is promised: `benchmarks.bombs`."""

BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i # %s\n}"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
PLAIN = "SELECT ?o { <http://x/s1> <http://x/p> ?o } # %s"


def make_release(folder: Path, things: int = THINGS, mark: str = "0123456789ab") -> Path:
    """Publish a release of `things` triples in the merged graph, and two in named graphs; its path."""
    merged = [f'<http://x/s{n}> <http://x/p> "{n:05}" .' for n in range(things)]
    named = ['<http://x/s1> <http://x/q> "one" <http://x/g1> .', '<http://x/s2> <http://x/q> "two" <http://x/g2> .']
    with release.aside(folder) as workplace:
        store = ox.Store(str(workplace / "store"))
        store.bulk_load("\n".join([*merged, *named]).encode(), ox.RdfFormat.N_QUADS)
        store.flush()
        del store
        return release.publish(workplace, folder, {"dump_sha256": mark})


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    make_release(folder)
    return folder


def using(folder: Path, do: Callable[[Engine], Awaitable[Any]], **settings: Any) -> Any:
    """What `do` gives with an engine that runs."""

    async def run() -> Any:
        engine = Engine(folder, **settings)
        await engine.start()
        try:
            return await do(engine)
        finally:
            await engine.close()

    return asyncio.run(run())


async def text(engine: Engine, query: str, form: str = "csv", **more: Any) -> str:
    async with engine.answer(Query(query, form, **more)) as answer:
        pieces = [answer.content]
        if answer.rest is not None:
            pieces += [piece async for piece in answer.rest]
        return b"".join(pieces).decode()


async def count(engine: Engine, query: str = COUNT, **more: Any) -> int:
    return int((await text(engine, query, **more)).split()[1])


@pytest.mark.parametrize(
    ("default", "named", "query", "expected"),
    [
        ([], [], COUNT, THINGS),
        ([MERGED], [], COUNT, THINGS),
        (["http://x/g1"], [], COUNT, 1),
        (["http://x/g1", "http://x/g2"], [], COUNT, 2),
        ([MERGED, "http://x/g2"], [], COUNT, THINGS + 1),
        (["http://x/unknown"], [], COUNT, 0),
        ([], ["http://x/g1"], COUNT, 0),
        ([], ["http://x/g1"], "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", 1),
        (["http://x/g1"], [], "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", 0),
        ([], [], "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", 2),
        ([], [], "SELECT (COUNT(*) AS ?n) FROM <http://x/g1> { ?s ?p ?o }", 1),
        ([], [], f"SELECT (COUNT(*) AS ?n) FROM <{MERGED}> {{ ?s ?p ?o }}", THINGS),
        ([], [], f"SELECT (COUNT(*) AS ?n) FROM <{MERGED}> FROM <http://x/g2> {{ ?s ?p ?o }}", THINGS + 1),
        ([], [], f"SELECT (COUNT(*) AS ?n) FROM <{MERGED}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", 0),
        ([], [], "SELECT (COUNT(*) AS ?n) FROM <http://127.0.0.1:9/unknown> { ?s ?p ?o }", 0),
        (["http://x/g1", "http://x/g2"], [], "SELECT (COUNT(*) AS ?n) FROM <http://x/g1> { ?s ?p ?o }", 2),
    ],
)
def test_the_dataset_is_that_of_the_protocol(
    releases: Path, default: list[str], named: list[str], query: str, expected: int
) -> None:
    graphs = dataset.of(query, default, named)._asdict()
    assert using(releases, lambda engine: count(engine, query, **graphs), workers=1) == expected


def test_a_query_that_is_not_sparql_names_line_and_column_of_its_own_text(releases: Path) -> None:
    async def ask(engine: Engine) -> None:
        with pytest.raises(MalformedError) as malformed:
            await text(engine, "SELECT *\n { ?s foo:bar ?o }")
        assert (malformed.value.line, malformed.value.column) == (2, 14)
        assert await text(engine, "ASK { ?s rdfs:label ?o }") == "false"
        assert await text(engine, "PREFIX rdfs: <http://x/> ASK { <http://x/s1> rdfs:p ?o }") == "true"
        assert engine.fast.killed == 0

    using(releases, ask)


def test_a_repeated_query_comes_from_the_cache(releases: Path) -> None:
    async def ask_twice(engine: Engine) -> tuple[str, str]:
        first = await text(engine, PLAIN)
        async with engine.fast.worker(), engine.slow.worker():
            return first, await text(engine, PLAIN)

    first, second = using(releases, ask_twice, workers=1)
    assert first == second


def test_a_large_answer_streams_whole(tmp_path: Path) -> None:
    make_release(tmp_path, 100_000)

    async def ask(engine: Engine) -> tuple[int, str]:
        async with engine.answer(Query("SELECT * { ?s ?p ?o }", "csv")) as answer:
            assert answer.rest is not None
            pieces = [answer.content, *[piece async for piece in answer.rest]]
        assert max(map(len, pieces)) < 200_000
        return b"".join(pieces).count(b"\n"), await text(engine, PLAIN)

    rows, _ = using(tmp_path, ask, timeout=20)
    assert rows == 100_001


def test_past_the_deadline_a_query_is_stopped_and_the_next_is_answered(releases: Path) -> None:
    async def ask(engine: Engine) -> None:
        began = time.monotonic()
        with pytest.raises(DeadlineError, match=r"1\.5 seconds"):
            await text(engine, BOMB)
        assert time.monotonic() - began < 1.5 + LATE
        await text(engine, PLAIN)

    using(releases, ask, timeout=1.5)


def test_a_slow_reader_meets_the_same_deadline(tmp_path: Path) -> None:
    make_release(tmp_path, 100_000)

    async def ask(engine: Engine) -> None:
        with pytest.raises(DeadlineError):
            async with engine.answer(Query("SELECT * { ?s ?p ?o }", "csv")) as answer:
                assert answer.rest is not None
                async for _ in answer.rest:
                    await asyncio.sleep(1)
        assert await count(engine, "SELECT (COUNT(*) AS ?n) { <http://x/s1> ?p ?o }") == 1

    using(tmp_path, ask, timeout=2)


def test_who_takes_too_much_memory_costs_a_worker_and_nothing_else(releases: Path) -> None:
    steps = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(30))
    doubling = f"SELECT (STRLEN(?x30) AS ?n) {{ BIND('abcdefghij' AS ?x0) {steps} }}"

    async def ask(engine: Engine) -> None:
        with pytest.raises(ExhaustionError, match="memory"):
            await text(engine, doubling)
        assert await count(engine) == THINGS

    using(releases, ask, memory_mb=256)


def test_a_query_that_breaks_the_parser_costs_a_worker_and_nothing_else(releases: Path) -> None:
    async def ask(engine: Engine) -> None:
        with pytest.raises((ExhaustionError, DeadlineError)):
            await text(engine, "SELECT * {FILTER(" + "(" * 200_000 + "1" + ")" * 200_000 + ")}")
        assert await count(engine) == THINGS

    using(releases, ask, timeout=3)


def test_who_hangs_up_frees_the_worker(releases: Path) -> None:
    async def ask(engine: Engine) -> None:
        tasks = [asyncio.create_task(text(engine, BOMB % n)) for n in range(4)]
        while len(engine.slow.busy) < 2:
            await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert not engine.slow.busy
        assert not engine.slow.waiting
        assert await count(engine) == THINGS

    using(releases, ask, timeout=30)


def test_a_full_queue_is_told_at_once(releases: Path) -> None:
    async def ask(engine: Engine) -> list[Any]:
        return await asyncio.gather(*(text(engine, BOMB % n) for n in range(8)), return_exceptions=True)

    kinds = {type(outcome) for outcome in using(releases, ask, timeout=2, workers=1, queue=2)}
    assert kinds == {OverloadError, DeadlineError}


def test_a_plain_query_is_answered_while_twenty_bombs_burn(releases: Path) -> None:
    async def ask(engine: Engine) -> None:
        bombs = [asyncio.create_task(text(engine, BOMB % n)) for n in range(20)]
        await asyncio.sleep(0.1)
        for n in range(5):
            await text(engine, PLAIN % n)
        assert not any(bomb.done() for bomb in bombs)
        for bomb in bombs:
            bomb.cancel()
        await asyncio.gather(*bombs, return_exceptions=True)

    using(releases, ask, timeout=60)


def test_no_worker_can_open_a_connection(releases: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"

        async def ask(engine: Engine) -> None:
            with pytest.raises(EvaluationError, match="denied"):
                await text(engine, f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}")
            await text(engine, f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}")
            await text(engine, f"SELECT * FROM <{address}> {{ ?s ?p ?o }}", default=(address,), named=(address,))

        using(releases, ask)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_new_release_is_taken_up_without_dropping_a_query(tmp_path: Path) -> None:
    make_release(tmp_path, 10)

    async def ask(engine: Engine) -> None:
        before, done, asked = engine.release, asyncio.Event(), 0

        async def keep_asking() -> set[int]:
            nonlocal asked
            seen = set()
            while not done.is_set():
                asked += 1
                seen.add(await count(engine, COUNT + f" # {asked}"))
            return seen

        askers = [asyncio.create_task(keep_asking()) for _ in range(4)]
        await asyncio.sleep(0.2)
        await asyncio.to_thread(make_release, tmp_path, 20, "ffffffffffff")
        assert await engine.roll()
        assert not await engine.roll()
        await asyncio.sleep(0.2)
        done.set()
        assert set().union(*await asyncio.gather(*askers)) == {10, 20}
        assert engine.release != before
        assert await count(engine) == 20

    using(tmp_path, ask)


def test_a_release_that_cannot_be_opened_leaves_the_one_before_serving(tmp_path: Path) -> None:
    make_release(tmp_path, 10)

    async def ask(engine: Engine) -> None:
        broken = make_release(tmp_path, 20, "ffffffffffff")
        (broken / "store" / "CURRENT").unlink()
        with pytest.raises(OSError, match="open"):
            await engine.roll()
        assert await count(engine) == 10

    using(tmp_path, ask)


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_gzip_says_the_same(releases: Path, form: str) -> None:
    async def ask(engine: Engine, packed: bool) -> bytes:
        query = Query("SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 500", form, gzip=packed)
        async with engine.answer(query) as answer:
            assert answer.compressed == packed
            return answer.content + b"".join([piece async for piece in answer.rest] if answer.rest else [])

    async def ask_both(engine: Engine) -> tuple[bytes, bytes]:
        return await ask(engine, True), await ask(engine, False)

    packed, plain = using(releases, ask_both)
    assert gzip.decompress(packed) == plain


def test_short_names_stand_for_our_addresses(releases: Path) -> None:
    found = json.loads(using(releases, lambda engine: text(engine, "SELECT (<us/usc/t47/s230> AS ?x) {}", "json")))
    assert found["results"]["bindings"][0]["x"]["value"] == "https://w3id.org/section230/us/usc/t47/s230"
