"""The service and the commands over servers of other houses: what they say is what they say over a release here."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from graph import publication
from graph.dataset import MERGED
from graph.protocol import Server
from graph.store import Embedded
from tests import servers
from tests.servers import Address

ROOT = Path(__file__).parents[2]
DEADLINE = 5.0

PAGES = [
    "/",
    "/us/usc/t47/s230",
    "/us/usc/t47/s230/e/5",
    "/us/usc/t47/s230/e/2@1997-11-12",
    "/us/bill/115/hr/1865",
    "/us/pl/115/164",
    "/us/person/W000812",
    "/org/ecpat-usa",
    "/trace/us/usc/t47/s230/e/5",
    "/timeline/us/usc/t47/s230",
    "/compare/us/usc/t47/s230?from=1997-01-01&to=2020-01-01",
    "/blame/us/usc/t47/s230",
    "/search?q=Wagner",
    "/search?q=fosta",
    "/explore?focus=/us/bill/115/hr/1865",
    "/path?from=/us/bill/115/hr/1865&to=/us/usc/t47/s230",
    "/bills?congress=117",
    "/networks/members",
    "/stories",
    "/queries",
    "/queries/first/07-votes-on-hr1865",
    "/ontology",
    "/about",
    "/void",
    "/sparql/editor",
    "/us/usc/t47/s230/zzz",
]

ANSWERS = [
    "/api/v1/at?cite=47 U.S.C. § 230(e)(2)&date=1997-11-12",
    "/api/v1/translate?cite=47 U.S.C. § 230(e)(2)&date=1997-11-12",
    "/api/v1/trace?cite=47 U.S.C. § 230(e)(5)",
    "/api/v1/timeline?cite=47 U.S.C. § 230",
    "/api/v1/cite?text=47 U.S.C. 230(c)(1)",
    "/api/v1/search?q=wagner",
    "/api/v1/graph?focus=47 U.S.C. § 230(c)(1)&depth=1",
    "/api/v1/networks?of=bipartisanship",
    "/api/v1/stats",
]

COUNT = "SELECT (COUNT(*) AS ?bills) { ?bill a s230:Bill }"
NAMES = "SELECT ?name { <us/bill/115/hr/1865> rdfs:label ?name }"
THING = "CONSTRUCT WHERE { <us/bill/115/hr/1865> s230:sponsor ?who }"
BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STRLEN(STR(?c)) > STRLEN(STR(?i))) }"


class Service(httpx.Client):
    """A client of `s230 serve`, with its process and what it has written."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, log: Path) -> None:
        super().__init__(base_url=url, timeout=60, follow_redirects=True)
        self.process, self.log = process, log

    def ask(self, query: str, accept: str = "text/csv", **more: str) -> httpx.Response:
        return self.get("/sparql", params={"query": query, **more}, headers={"accept": accept})


@contextlib.contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Service]:
    """`s230 serve` with these settings, ready."""
    log = folder / "service.log"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "S230_QUERY_TIMEOUT": str(DEADLINE), **settings}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve", "--port", "0"], cwd=folder, env=environment, stderr=out
        )
    try:
        end = time.monotonic() + 60
        while "serving on" not in log.read_text():
            assert process.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        with Service(process, log.read_text().split()[-1], log) as service:
            yield service
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def here(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service over the release itself."""
    with serving(tmp_path_factory.mktemp("here"), S230_STORE=str(release)) as service:
        yield service


@pytest.fixture(scope="module")
def there(published: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service over a server of another house."""
    with serving(tmp_path_factory.mktemp("there"), S230_STORE=published.read) as service:
        yield service


def same(here: Service, there: Service, path: str) -> tuple[str, str]:
    """What both say at a path, without the name of the release."""
    found = []
    for service in (here, there):
        name = service.get("/readyz").json()["release"]
        answer = service.get(path, headers={"accept": "text/html, application/json;q=0.9, */*;q=0.1"})
        body = answer.text.replace(name, "RELEASE").replace(str(service.base_url).rstrip("/"), "HOME")
        found.append(f"{answer.status_code}\n{body}")
    return found[0], found[1]


# --- pages and answers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_pages_say_the_same(here: Service, there: Service, path: str) -> None:
    expected, found = same(here, there, path)
    assert found.splitlines() == expected.splitlines()
    assert found.startswith("404" if path.endswith("zzz") else "200")


@pytest.mark.parametrize("path", ANSWERS)
def test_answers_say_the_same(here: Service, there: Service, path: str) -> None:
    expected, found = same(here, there, path)
    assert json.loads(found.partition("\n")[2]) == json.loads(expected.partition("\n")[2])


@pytest.mark.parametrize("ending", ["ttl", "nt", "jsonld"])
def test_a_thing_is_the_same_as_rdf(here: Service, there: Service, ending: str) -> None:
    formats = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}
    bodies = [service.get(f"/us/bill/115/hr/1865.{ending}").content for service in (here, there)]
    expected, found = ({str(quad.triple) for quad in ox.parse(body, formats[ending])} for body in bodies)
    assert found == expected and found


def test_what_only_a_release_has_is_said_to_be_absent(there: Service) -> None:
    for path in ("/data", "/shapes"):
        page = there.get(path, headers={"accept": "text/html"})
        assert page.status_code == 200 and "SPARQL endpoint" in page.text
    assert there.get("/data/dump.nq.gz").status_code == 404


# --- SPARQL ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "accept",
    ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"],
)
@pytest.mark.parametrize("query", [COUNT, NAMES, "ASK { ?bill a s230:Bill }", "ASK { ?bill a s230:Nothing }"])
def test_results_come_in_every_format(here: Service, there: Service, query: str, accept: str) -> None:
    expected, found = here.ask(query, accept), there.ask(query, accept)
    assert found.status_code == expected.status_code
    if found.status_code == 200:
        assert (found.headers["content-type"], found.text.split()) == (
            expected.headers["content-type"],
            expected.text.split(),
        )


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_graphs_come_in_every_format(here: Service, there: Service, accept: str) -> None:
    kind = ox.RdfFormat.from_media_type(accept)
    expected, found = (
        {str(quad.triple) for quad in ox.parse(service.ask(THING, accept).content, kind)} for service in (here, there)
    )
    assert found == expected and found


@pytest.mark.parametrize(
    ("query", "dataset"),
    [
        (COUNT, {}),
        (COUNT.replace("{ ?bill", f"FROM <{MERGED}> {{ ?bill", 1), {}),
        (COUNT, {"default-graph-uri": MERGED}),
        (COUNT, {"default-graph-uri": "https://w3id.org/section230/graph/meta"}),
        ("SELECT (COUNT(DISTINCT ?g) AS ?graphs) { GRAPH ?g { ?s ?p ?o } }", {}),
        ("SELECT ?p (COUNT(*) AS ?n) { GRAPH <graph/meta> { ?s ?p ?o } } GROUP BY ?p ORDER BY ?p", {}),
        ("PREFIX g: <graph/> SELECT (COUNT(*) AS ?n) { GRAPH g:meta { ?s ?p ?o } }", {}),
        ("SELECT (COUNT(*) AS ?n) { ?bill a s230:Bill . GRAPH ?g { ?bill s230:sponsor ?who } }", {}),
    ],
)
def test_the_dataset_is_the_same(here: Service, there: Service, query: str, dataset: dict[str, str]) -> None:
    expected, found = here.ask(query, **dataset), there.ask(query, **dataset)
    assert (found.status_code, found.text) == (200, expected.text)


@pytest.mark.parametrize(
    "query",
    [
        "BASE <https://w3id.org/> SELECT (COUNT(*) AS ?n) { GRAPH <section230/graph/meta> { ?s ?p ?o } }",
        "SELECT (COUNT(*) AS ?n) { GRAPH <https://w3id.org/section230/graph/met\\u0061> { ?s ?p ?o } }",
    ],
)
def test_a_spelling_that_a_server_cannot_read_is_refused_and_never_answered_with_nothing(
    here: Service, there: Service, query: str
) -> None:
    expected, found = here.ask(query), there.ask(query)
    assert found.status_code == 400 or found.text == expected.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT ?x {\n  ?x ?y }\n}", 400),
        ("SELECT ?x { ?x", 400),
        ("DROP ALL", 403),
        ("INSERT DATA { <a> <b> <c> }", 403),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403),
        ('DEFINE get:soft "replace" SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }', 403),
        ("SELECT (bif:sequence_next('x') AS ?n) {}", 403),
    ],
)
def test_what_is_refused_is_refused_with_a_reason(there: Service, query: str, status: int) -> None:
    answer = there.ask(query)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert there.ask(COUNT).status_code == 200


def test_a_repeated_answer_is_known_by_its_tag(there: Service) -> None:
    tag = there.ask(NAMES).headers["etag"]
    query = {"query": NAMES}
    assert there.get("/sparql", params=query, headers={"accept": "text/csv", "if-none-match": tag}).status_code == 304


# --- a server that goes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(servers.SERVERS))
def test_a_server_that_goes_is_told_of_and_one_that_comes_back_is_asked_again(
    release: Path, tmp_path: Path, kind: str
) -> None:
    data, home, port, secret = tmp_path / "data", tmp_path / "home", servers.free_port(), "s3cret"
    data.mkdir()
    home.mkdir()
    start = servers.SERVERS[kind]
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(start(data, port))
        publication.publish(Embedded(release), Server(first.write))
        address = first.read.replace("//", f"//ann:{secret}@")
        service = stack.enter_context(serving(home, S230_STORE=address, S230_STORE_CREDENTIALS=f"bob:{secret}"))
        assert service.ask(COUNT).status_code == 200
        assert service.ask(BOMB).status_code == 504
        first.process.kill()
        first.process.wait()
        answer = service.ask(NAMES)
        assert answer.status_code == 502
        assert answer.headers["retry-after"]
        assert answer.json()["detail"] == "the server behind this service does not answer just now"
        page = service.get("/us/person/W000812", headers={"accept": "text/html"})
        assert page.status_code == 503
        assert "cannot be asked just now" in page.text
        found = service.get("/api/v1/trace", params={"cite": "47 U.S.C. § 230(e)(5)"})
        assert found.status_code == 503 and found.headers["content-type"] == "application/problem+json"
        assert service.get("/healthz").status_code == 200
        stack.enter_context(start(data, port))
        assert service.ask(NAMES).status_code == 200
        assert service.get("/us/person/W000812").status_code == 200
        said = [service.log.read_text(), answer.text, page.text, found.text]
    assert not any(secret in text for text in said)


def test_the_service_does_not_begin_without_its_server(tmp_path: Path) -> None:
    url = f"http://ann:s3cret@127.0.0.1:{servers.free_port()}/sparql"
    found = in_a_process("serve", "--port", "0", store=url, folder=tmp_path)
    assert found.returncode == 2
    assert found.stderr.startswith("s230: http://127.0.0.1:") and "does not answer" in found.stderr
    assert found.stderr.count("\n") == 1 and "s3cret" not in found.stderr


# --- commands --------------------------------------------------------------------------------------------------------


def in_a_process(*words: str, store: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "S230_STORE": store}
    command = [sys.executable, "-m", "api.cli", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    "words",
    [
        ("at", "230(e)(2)", "1997-11-12"),
        ("translate", "230(e)(2)", "--date", "1997-11-12"),
        ("trace", "230(e)(5)"),
        ("trace", "230(z)(9)"),
        ("timeline", "230(e)"),
        ("cite", "47 U.S.C. § 230"),
        ("query", "--name", "first/02-cosponsors-of-hr1865-by-party", "--format", "csv"),
        ("query", "ASK { ?bill a s230:Bill }"),
        ("validate",),
    ],
)
def test_a_command_says_the_same(release: Path, published: Address, tmp_path: Path, words: tuple[str, ...]) -> None:
    expected, found = (in_a_process(*words, store=store, folder=tmp_path) for store in (str(release), published.read))
    assert (found.returncode, found.stdout, found.stderr) == (expected.returncode, expected.stdout, expected.stderr)
    assert found.stdout


def test_the_dump_is_the_same(release: Path, published: Address, tmp_path: Path) -> None:
    for name, store in (("here", str(release)), ("there", published.read)):
        assert in_a_process("export", "--format", "nq", "--out", name, store=store, folder=tmp_path).returncode == 0
    assert (tmp_path / "there").read_bytes() == (tmp_path / "here").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("publish", "--to", "http://127.0.0.1:9/sparql"), "give its folder with --store"),
        (("load", "notes.ttl"), "give its folder with --store"),
    ],
)
def test_what_needs_a_release_says_so_and_repeats_no_password(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "notes.ttl").write_text("<a> <b> <c> .")
    store = "http://ann:s3cret@127.0.0.1:9/sparql"
    found = in_a_process(*words, *(("--out", "new") if words[0] == "load" else ()), store=store, folder=tmp_path)
    assert found.returncode == 2
    assert said in found.stderr and "s3cret" not in found.stderr
