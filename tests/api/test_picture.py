"""The picture as page, JSON and single file, without a browser."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from starlette.testclient import TestClient

from api import picture
from api.app import create_app
from api.settings import Settings
from graph import network
from graph.store import connect

HR1865 = "/us/bill/115/hr/1865"


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        client.headers["accept"] = "text/html"
        yield client


@pytest.fixture(scope="module")
def file(release: Path) -> str:
    return picture.single_file(connect(release))


# --- JSON ------------------------------------------------------------------------------------------------------------


def test_the_graph_comes_with_places_lanes_and_coverage(client: TestClient) -> None:
    found = client.get("/api/v1/graph").json()
    assert len(found["nodes"]) <= 150 and not found["truncated"]
    assert {"id", "label", "kind", "badge", "since", "until", "x", "y"} <= set(found["nodes"][0])
    assert {"from", "to", "says", "since", "until"} <= set(found["edges"][0])
    assert found["known_through"]["curated"] and found["lanes"] and found["eras"]
    assert sum(entry["count"] for entry in found["kinds"]) == len(found["nodes"])
    ends = {end for edge in found["edges"] for end in (edge["from"], edge["to"])}
    assert ends <= {node["id"] for node in found["nodes"]}


def test_nothing_moves_by_itself_and_no_label_is_markup(client: TestClient) -> None:
    options = client.get("/api/v1/graph").json()["options"]
    assert options["physics"] == {"enabled": False}
    assert options["nodes"]["font"]["multi"] is options["edges"]["font"]["multi"] is False
    assert not any("title" in part for part in client.get("/api/v1/graph").json()["nodes"])


def test_a_focus_shows_what_lies_around_it(client: TestClient) -> None:
    found = client.get("/api/v1/graph", params={"focus": "H.R. 1865 (115th Cong.)"}).json()
    assert found["truncated"] and len(found["nodes"]) == 150 and found["focus"] == [HR1865]
    whole = client.get("/api/v1/graph", params={"focus": HR1865, "limit": 1500}).json()
    assert not whole["truncated"] and len(whole["nodes"]) > 180


def test_kinds_and_days_choose(client: TestClient) -> None:
    found = client.get("/api/v1/graph", params={"kinds": "law,case", "to": "1998-12-31"}).json()
    assert {node["kind"] for node in found["nodes"]} == {"law", "case"}
    assert all(node["since"] <= "1998-12-31" for node in found["nodes"])


def test_a_layout_by_connections_has_no_lanes(client: TestClient) -> None:
    found = client.get("/api/v1/graph", params={"focus": "Zeran", "layout": "force"}).json()
    assert found["nodes"] and found["lanes"] == []


@pytest.mark.parametrize(
    "asked",
    [
        "from=1996-13-01",
        "to=soon",
        "depth=0",
        "depth=-1",
        "congress=last",
        "depth=9",
        "depth=x",
        "kinds=cat",
        "limit=1501",
        "layout=heap",
        "from=2020-01-01&to=2019-01-01",
    ],
)
def test_what_cannot_be_read_is_a_bad_request(client: TestClient, asked: str) -> None:
    answer = client.get(f"/api/v1/graph?{asked}")
    assert answer.status_code == 400 and answer.headers["content-type"] == "application/problem+json"
    assert "\n" not in answer.json()["detail"]
    assert client.get(f"/explore?{asked}").status_code == 400


def test_an_unknown_focus_is_missing_and_near_misses_are_named(client: TestClient) -> None:
    answer = client.get("/api/v1/graph", params={"focus": "Backpage"})
    assert answer.status_code == 404 and "Backpage.com, LLC" in answer.json()["near"]
    page = client.get("/explore", params={"focus": "Backpage"})
    assert page.status_code == 404 and html.fromstring(page.text).xpath("//a[contains(@href, 'focus=Backpage.com')]")


def test_an_answer_that_the_reader_has_is_not_sent_again(client: TestClient) -> None:
    for address in ("/explore", "/api/v1/graph"):
        etag = client.get(address).headers["etag"]
        assert client.get(address, headers={"if-none-match": etag}).status_code == 304


def test_openapi_describes_the_graph(client: TestClient) -> None:
    parameters = client.get("/openapi.json").json()["paths"]["/api/v1/graph"]["get"]["parameters"]
    assert {p["name"] for p in parameters} >= {"focus", "depth", "kinds", "from", "to", "limit", "layout"}
    assert {"party", "congress", "stage", "gather", "open"} <= {p["name"] for p in parameters}


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_same_as_a_table(client: TestClient) -> None:
    page = html.fromstring(client.get("/explore").text)
    rows = page.xpath("//details[@id='table'][@open]//tbody/tr")
    assert len(rows) == len(client.get("/api/v1/graph").json()["nodes"])
    wagner = next(row for row in rows if "Ann Wagner" in row.text_content())
    assert "sponsored H.R. 1865" in " ".join(wagner.text_content().split())
    assert wagner.xpath(".//a/@href") == ["/us/person/W000812"]


def test_the_table_is_sorted_by_links(client: TestClient) -> None:
    def names(address: str) -> list[str]:
        page = html.fromstring(client.get(address).text)
        return [str(text) for text in page.xpath("//tbody/tr/th/a/text()")]

    assert names("/explore?sort=name") == sorted(names("/explore"), key=str.casefold)
    assert html.fromstring(client.get("/explore").text).xpath("//thead//a[@href='/explore?sort=name#table']")
    assert client.get("/explore?sort=luck").status_code == 400
    assert names("/explore?sort=-name") == names("/explore?sort=name")[::-1]
    assert html.fromstring(client.get("/explore?sort=name").text).xpath("//thead//a[@href='/explore?sort=-name#table']")


def test_the_table_comes_as_csv(client: TestClient) -> None:
    answer = client.get("/explore.csv", params={"focus": HR1865})
    assert (
        answer.headers["content-type"].startswith("text/csv") and "attachment" in answer.headers["content-disposition"]
    )
    table = list(csv.DictReader(answer.text.splitlines()))
    assert tuple(table[0]) == picture.COLUMNS
    page = html.fromstring(client.get("/explore", params={"focus": HR1865}).text)
    assert len(table) == len(page.xpath("//tbody/tr")) > 200
    wagner = next(row for row in table if row["name"] == "Ann Wagner")
    assert wagner["iri"] == "https://w3id.org/section230/us/person/W000812" and wagner["party"] == "R"
    assert "sponsored H.R. 1865, 115th Cong." in wagner["connections"]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_cell_of_the_csv_is_a_formula(formula: str) -> None:
    seen = nx.MultiDiGraph()
    thing = dict.fromkeys((*picture.SHOWN, "label", "order"), "")
    seen.add_node("/x", **{**thing, "kind": "case", "label": formula})
    row = next(csv.DictReader(picture.as_csv(picture.rows(seen, "kind")).splitlines()))
    assert row["name"] == f"'{formula}"


def test_party_congress_and_stage_choose(client: TestClient) -> None:
    around = {"focus": "/us/usc/t47/s230", "congress": "117,118", "stage": "expired"}
    nodes = client.get("/api/v1/graph", params=around).json()["nodes"]
    bills = {(node["congress"], node["stage"]) for node in nodes if node["kind"] == "bill"}
    assert bills == {("117", "expired"), ("118", "expired")}
    people = client.get("/api/v1/graph", params={"focus": "S. 1693 (115th Cong.)", "party": "D"}).json()["nodes"]
    assert {node["party"] for node in people if node["kind"] == "person"} == {"D"}
    assert sum(node["kind"] == "person" for node in people) == 27


def test_the_page_offers_the_facets_with_counts(client: TestClient) -> None:
    page = html.fromstring(client.get("/explore?congress=115").text)
    assert page.xpath("//select[@name='congress']/option[@selected]/@value") == ["115"]
    assert page.xpath("//select[@name='party']/option[contains(text(), 'Republicans (')]")
    names = page.xpath("//tbody/tr/th/a/text()")
    assert "FOSTA" not in names and "H.R. 1865, 115th Cong." in names and "S. 652, 104th Cong." not in names


def test_several_of_a_facet_stay_chosen_in_the_form(client: TestClient) -> None:
    page = html.fromstring(client.get("/explore?congress=104,115").text)
    assert page.xpath("//select[@name='congress']/option[@selected]/@value") == ["104,115"]


def test_the_many_are_gathered_on_the_page_and_opened_on_request(client: TestClient) -> None:
    asked = {"focus": HR1865, "gather": 1}
    found = client.get("/api/v1/graph", params=asked).json()
    crowds = {node["short"]: node for node in found["nodes"] if "members" in node}
    assert len(found["nodes"]) <= 60 and not found["truncated"]
    assert len(crowds["114 Republicans"]["members"]) == 114
    assert sum(kind["count"] for kind in found["kinds"]) > 200
    name = crowds["61 Democrats"]["id"]
    opened = client.get("/api/v1/graph", params={**asked, "open": name}).json()
    assert opened["opened"] == [{"id": name, "label": "61 Democrats"}]
    assert "/us/person/B001281" in {node["id"] for node in opened["nodes"]}
    source = html.fromstring(client.get("/explore", params={"focus": HR1865}).text).xpath("//article/@data-source")[0]
    assert client.get(source).json() == found


def test_the_sources_of_a_thing_come_best_first(client: TestClient) -> None:
    found = client.get("/api/v1/sources", params={"thing": HR1865}).json()
    assert found["status"] == "ok" and found["sources"][0]["confidence"] == "official"
    assert {"title", "address", "snapshot", "confidence", "graph"} <= set(found["sources"][0])
    assert client.get("/api/v1/sources", params={"thing": "/never"}).json()["status"] == "no-sources"
    assert client.get("/api/v1/sources", params={"thing": "javascript:x"}).status_code == 400


def test_the_legend_counts_what_there_is_before_it_is_chosen_from(client: TestClient) -> None:
    page = html.fromstring(client.get("/explore?kinds=law").text)
    assert page.xpath("//input[@name='kinds'][@checked]/@value") == ["law"]
    assert len(page.xpath("//input[@name='kinds']")) == len(client.get("/api/v1/graph").json()["kinds"])
    assert len(page.xpath("//tbody/tr")) == len(client.get("/api/v1/graph?kinds=law").json()["nodes"])


def test_a_view_that_is_cut_offers_the_rest(client: TestClient) -> None:
    page = html.fromstring(client.get("/explore", params={"focus": HR1865, "limit": 20}).text)
    assert page.xpath("//a[contains(@href, 'limit=1500')]")
    assert not html.fromstring(client.get("/explore").text).xpath("//a[contains(@href, 'limit=1500')]")


def test_the_page_has_no_inline_script_or_style(client: TestClient) -> None:
    page = html.fromstring(client.get("/explore").text)
    assert not page.xpath("//style | //@style | //script[not(@src)]")
    assert all(
        source.startswith("/static/") for source in page.xpath("//script/@src | //link[@rel='stylesheet']/@href")
    )


def test_the_page_is_light_and_quick(client: TestClient) -> None:
    answer = client.get("/explore")
    assert len(answer.content) < 150_000


def test_vis_network_comes_from_the_installed_package(client: TestClient) -> None:
    answer = client.get(picture.SCRIPT)
    assert answer.status_code == 200 and b"vis-network" in answer.content[:200]
    assert answer.headers["content-type"].startswith("text/javascript")


# --- the single file -------------------------------------------------------------------------------------------------


def test_the_file_asks_nobody_for_anything(file: str) -> None:
    page = html.fromstring(file)
    assert not page.xpath("//@src | //link | //img | //iframe | //a[@href[not(starts-with(., '#'))]]")
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'")
    assert "sourceMappingURL" not in file and "{{" not in re.sub(r"(?s)<script>.*?</script>", "", file)


def test_the_file_holds_the_same_graph(file: str, client: TestClient) -> None:
    inside = json.loads(html.fromstring(file).xpath("//script[@id='graph-data']/text()")[0])
    sources = inside.pop("sources")
    assert inside == client.get("/api/v1/graph", params={"gather": 1}).json()
    assert {source["confidence"] for source in sources["/us/pl/115/164"]} >= {"official"}


def test_the_file_holds_the_table(file: str) -> None:
    assert "sponsored" in html.fromstring(file).xpath("string(//tbody)")


def test_the_file_of_a_focus_and_a_span(release: Path) -> None:
    page = html.fromstring(picture.single_file(connect(release), "FOSTA", 1, "2018-01-01", "2018-12-31"))
    assert "Pub. L. 115-164" in page.xpath("string(//h1)")
    assert page.xpath("//input[@name='from']/@value") == ["2018-01-01"]


def test_the_file_of_nothing_known_is_refused(release: Path) -> None:
    with pytest.raises(network.Unknown):
        picture.single_file(connect(release), "nothing of this name")


def test_the_page_offers_the_file(client: TestClient) -> None:
    page = html.fromstring(client.get("/explore", params={"focus": "FOSTA"}).text)
    address = page.xpath("//a[text()='Download as one file']/@href")[0]
    answer = client.get(address)
    assert answer.headers["content-disposition"].startswith("attachment") and "graph-data" in answer.text


@given(st.text())
def test_embedded_data_cannot_leave_their_element(value: str) -> None:
    inside = str(picture.embedded([value]))
    assert not re.search("[<>&\u2028\u2029]", inside) and json.loads(inside) == [value]
