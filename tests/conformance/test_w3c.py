"""The W3C's SPARQL tests against a running service, over HTTP, with all data in named graphs of one release.

The suite itself is not ours to copy: ``S230_RDF_TESTS`` names the folder of a clone of w3c/rdf-tests (its ``sparql``
folder), or of any suite of that form. What is known to fail is listed with its reason in
``tests/data/conformance/known.csv``; what is listed and passes fails. A small suite of the same form, written for this
test, is always run.
"""

from __future__ import annotations

import contextlib
import csv
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from graph import release
from ingest.build import build
from ingest.load import load
from tests.conformance import suite
from tests.conformance.suite import Case, Request

ROOT = Path(__file__).parents[2]
OURS = ROOT / "tests" / "data" / "conformance"
SETTING = "S230_RDF_TESTS"
EMPTY = suite.BASE + "empty"
SD = "http://www.w3.org/ns/sparql-service-description#"

KNOWN = {row["test"]: row["reason"] for row in csv.DictReader((OURS / "known.csv").open(encoding="utf-8"))}


def folders() -> dict[str, Path]:
    named = os.environ.get(SETTING)
    return {"ours": OURS} | ({"w3c": Path(named)} if named else {})


CASES = {(place, case.name): case for place, folder in folders().items() for case in suite.cases(folder)}


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, httpx.Client]]:
    """A client of a running service for each suite."""
    with contextlib.ExitStack() as running:
        yield {place: running.enter_context(served(tmp_path_factory.mktemp(place), place)) for place in folders()}


@contextlib.contextmanager
def served(folder: Path, place: str) -> Iterator[httpx.Client]:
    build([], folder, with_curated=False, jobs=1)
    data = folder / "data.nq"
    data.write_bytes(suite.dump([case for (of, _), case in CASES.items() if of == place]))
    load([data], release.current(folder), folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--store", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            end = time.monotonic() + 60
            while time.monotonic() < end:
                with contextlib.suppress(httpx.ConnectError):
                    client.get("/healthz")
                    break
                time.sleep(0.05)
            yield client
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize(("place", "name"), CASES, ids=lambda value: str(value))
def test_the_service_conforms(addresses: dict[str, httpx.Client], place: str, name: str) -> None:
    fault = judged(addresses[place], CASES[place, name])
    known = KNOWN.get(name) if place == "w3c" else None
    if fault and known:
        pytest.xfail(known)
    assert not fault, fault
    assert not known, f"{name} passes; take it out of known.csv"


def test_the_suite_of_the_w3c_is_at_hand() -> None:
    if "w3c" not in folders():
        pytest.skip(f"set {SETTING} to the folder sparql of a clone of w3c/rdf-tests")
    assert sum(place == "w3c" for place, _ in CASES) > 500


ONE, TWO = ox.BlankNode("one"), ox.BlankNode("two")


@pytest.mark.parametrize(
    ("left", "right", "agree"),
    [
        ([{"a": ONE}], [{"a": TWO}], True),
        ([{"a": ONE}, {"a": ONE}], [{"a": ONE}, {"a": TWO}], False),
        ([{"a": ONE, "b": TWO}], [{"a": ONE, "b": ONE}], False),
        ([{"a": ONE, "b": ONE}], [{"a": ONE, "b": TWO}], False),
        ([{"a": ONE}, {"a": TWO, "b": ONE}], [{"a": ONE, "b": TWO}, {"a": TWO}], True),
        ([{"a": 1}], [{"a": 1}, {"a": 1}], False),
        ([{"a": 1}], [{"b": 1}], False),
        ([{}], [], False),
    ],
)
def test_rows_are_compared_but_for_the_names_of_blank_nodes(left: Any, right: Any, agree: bool) -> None:
    left, right = ([frozenset(row.items()) for row in rows] for rows in (left, right))
    assert suite.same(left, right) == suite.same(right, left) == agree


def judged(client: httpx.Client, case: Case) -> str:
    """What is wrong with the answers to a case; empty where nothing is."""
    match case.kind:
        case "positive":
            answer = asked(client, case, "*/*")
            return "" if answer.status_code == 200 else f"{answer.status_code}: {answer.text[:300]}"
        case "negative":
            answer = asked(client, case, "*/*")
            return "" if answer.status_code == 400 else f"{answer.status_code}: {answer.text[:300]}"
        case "evaluation":
            return evaluated(client, case)
        case "protocol":
            return next(filter(None, (exchanged(client, request) for request in case.requests)), "")
    return described(client)


def asked(client: httpx.Client, case: Case, accept: str) -> httpx.Response:
    text = case.text if case.kind == "negative" else f"BASE <{case.query}> {case.text}"
    fields: dict[str, str | list[str]] = {"query": text}
    if not re.search(r"\bFROM\b", case.text, re.IGNORECASE):
        fields |= {"default-graph-uri": list(case.default) or EMPTY, "named-graph-uri": list(case.named)}
    if any("\udc80" <= character <= "\udcff" for character in text):
        return client.post(
            "/sparql",
            content=text.encode("utf-8", "surrogateescape"),
            headers={"content-type": "application/sparql-query", "accept": accept},
        )
    return client.post("/sparql", data=fields, headers={"accept": accept})


def evaluated(client: httpx.Client, case: Case) -> str:
    assert case.result
    wanted = suite.expected(case.result, case.query)
    suffix = ".nt" if isinstance(wanted, ox.Dataset) else case.result.suffix
    suffix = suffix if suffix in (*suite.ACCEPT, ".nt") else ".srj"
    answer = asked(client, case, suite.ACCEPT.get(suffix, "application/n-triples"))
    if answer.status_code != 200:
        return f"{answer.status_code}: {answer.text[:300]}"
    found = suite.received(answer.content, suffix)
    return "" if suite.same(wanted, found, lax=case.lax) else f"expected {wanted!s:.2000}, found {found!s:.2000}"


def exchanged(client: httpx.Client, request: Request) -> str:
    answer = client.request(request.method, request.address, headers=request.headers, content=request.body)
    if f"{answer.status_code // 100}xx" not in request.statuses:
        return f"{request.method} {request.address[:80]}: {answer.status_code}, expected {request.statuses}"
    if request.boolean is not None and request.boolean != answer.json()["boolean"]:
        return f"{request.method} {request.address[:80]}: {answer.text}"
    return ""


def described(client: httpx.Client) -> str:
    """Whether the description is RDF that has the endpoint, and uses no term that its vocabulary lacks."""
    answer = client.get("/sparql", headers={"accept": "text/turtle"})
    store = ox.Store()
    store.load(answer.content, ox.RdfFormat.TURTLE)
    asked = f"ASK {{ ?s a <{SD}Service> ; <{SD}endpoint> <{client.base_url}/sparql> }}"
    used = {term.value for quad in store for term in quad if isinstance(term, ox.NamedNode) and SD in term.value}
    unknown = {term.removeprefix(SD) for term in used} - TERMS
    return "" if store.query(asked) and not unknown else f"no endpoint, or unknown terms {unknown}"


TERMS = {
    *("Service", "Language", "Function", "Aggregate", "EntailmentRegime", "EntailmentProfile", "GraphCollection"),
    *("Dataset", "Graph", "NamedGraph", "Feature", "SPARQL10Query", "SPARQL11Query", "SPARQL11Update"),
    *("DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery", "endpoint"),
    *("feature", "defaultEntailmentRegime", "entailmentRegime", "defaultSupportedEntailmentProfile"),
    *("supportedEntailmentProfile", "extensionFunction", "extensionAggregate", "languageExtension"),
    *("supportedLanguage", "propertyFeature", "defaultDataset", "availableGraphs", "resultFormat", "inputFormat"),
    *("defaultGraph", "namedGraph", "name", "graph"),
}
"""The vocabulary of SPARQL 1.1 Service Description, section 3."""
