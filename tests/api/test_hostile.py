"""Labels are text, whatever is in them: every kind of page, on the default graph with every string made hostile."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from lxml import html
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph import release as releases

PAYLOAD = "\"'></title></script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}\u202eevil"
ADDRESSES = "http://purl.org/dc/terms/source", "https://schema.org/url"
DATA = Path(__file__).parent.parent / "data" / "api"
PAGES = [*(DATA / "tools.txt").read_text().split(), *(DATA / "things.txt").read_text().split()]


def hostile(quad: ox.Quad) -> ox.Quad:
    value = quad.object
    if not isinstance(value, ox.Literal) or value.datatype.value.rpartition("#")[2] not in ("string", "langString"):
        return quad
    if quad.predicate.value in ADDRESSES:
        return ox.Quad(quad.subject, quad.predicate, ox.Literal("javascript:alert(3)"), quad.graph_name)
    return ox.Quad(quad.subject, quad.predicate, ox.Literal(f"{value.value} {PAYLOAD}"), quad.graph_name)


def poison(release: Path, folder: Path) -> Path:
    """The default graph with every string made hostile, as a release in `folder`."""
    with releases.aside(folder) as workplace:
        store = ox.Store(str(workplace / "store"))
        with gzip.open(releases.current(release) / "dump.nq.gz") as dump:
            store.bulk_extend(hostile(quad) for quad in ox.parse(dump, ox.RdfFormat.N_QUADS))
        store.flush()
        del store
        releases.publish(workplace, folder, {"dump_sha256": hashlib.sha256(b"hostile").hexdigest()})
    return folder


@pytest.fixture(scope="module")
def client(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = poison(release, tmp_path_factory.mktemp("hostile"))
    with TestClient(create_app(folder, Settings())) as client:
        client.headers["accept"] = "text/html"
        yield client


@pytest.mark.parametrize("address", PAGES)
def test_hostile_labels_are_shown_as_text(client: TestClient, address: str) -> None:
    answer = client.get(address)
    # Names of families are hostile too, so that no coverage day is known: what needs one says so with a 400.
    assert answer.status_code == (400 if address.startswith("/simulate?") else 200)
    is_shown_as_text(answer.content)


def test_a_hostile_text_that_was_pasted_is_shown_as_text(client: TestClient) -> None:
    pasted = (
        f"Senators passed H.R. 1865 today. It amends section 230 {PAYLOAD} and 67 senators cosponsored it. Ann Wagner"
    )
    answer = client.post("/check", data={"text": pasted, "as_of": "2018-03-21"})
    assert answer.status_code == 200
    assert "&lt;script&gt;alert(1)" in answer.text
    is_shown_as_text(answer.content)


@pytest.mark.parametrize("address", [f"/{PAYLOAD}", f"/us/usc/t47/s230/{PAYLOAD}", f"/us/usc/t47/s230?date={PAYLOAD}"])
def test_a_hostile_address_is_shown_as_text(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in (400, 404)
    is_shown_as_text(answer.content)


def is_shown_as_text(content: bytes) -> None:
    """Nothing of what the data or a reader says became markup that runs or loads."""
    page = html.fromstring(content)
    assert not page.xpath(
        "//img | //script[not(starts-with(@src, '/') or @type='application/json')] | //iframe | //object"
    )
    assert not [name for element in page.iter() for name in element.attrib if str(name).startswith("on")]
    targets = page.xpath("//@href | //@src | //@action")
    assert not [target for target in targets if not target.startswith(("/", "#", "http://", "https://"))]
    assert "49" not in page.xpath("string(//title)")


def test_the_payload_did_reach_the_pages(client: TestClient) -> None:
    assert "&lt;script&gt;alert(1)" in client.get("/us/bill/115/hr/1865").text
    assert "javascript:alert(3)" in client.get("/source/uscode-47-230").text


def test_suggestions_carry_hostile_labels_as_json(client: TestClient) -> None:
    answer = client.get("/api/v1/search?q=wagner")
    assert answer.headers["content-type"] == "application/json"
    assert "<script>" in answer.json()["groups"][0]["results"][0]["label"]
