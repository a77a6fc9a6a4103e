"""Pages as a reader meets them, on the default graph."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from starlette.testclient import TestClient

from api import addresses
from api.app import create_app
from api.settings import Settings
from graph.store import Embedded, Row

DATA = Path(__file__).parent.parent / "data" / "api"
ADDRESSES = [*(DATA / "tools.txt").read_text().split(), *(DATA / "things.txt").read_text().split()]


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings()), follow_redirects=False) as client:
        client.headers["accept"] = "text/html"
        yield client


def text_of(answer: object) -> str:
    page = html.fromstring(answer.content)  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", page.text_content().replace("\u00a0", " "))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_kind_of_page_is_shown_whole(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = html.fromstring(answer.content)
    assert len(page.xpath("//h1")) == 1
    assert "Not legal advice." in text_of(answer)
    assert len(answer.content) < 150_000
    for link in page.xpath("//main//a"):
        assert not link.text_content().strip().startswith("https://w3id.org"), "a bare IRI instead of a label"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_loads_nothing_from_another_host(client: TestClient, address: str) -> None:
    page = html.fromstring(client.get(address).content)
    loaded = page.xpath("//script/@src | //link[@rel!='alternate']/@href | //img/@src | //form/@action")
    assert loaded
    assert all(target.startswith("/") for target in loaded)
    assert not page.xpath("//script[not(@src or @type='application/json')] | //style | //*[@style] | //*[@onclick]")


def test_links_of_the_main_pages_lead_somewhere(client: TestClient) -> None:
    later = ("/explore", "/sparql", "/graph/")
    for address in ("/", "/us/usc/t47/s230/e/5", "/us/pl/115/164"):
        page = html.fromstring(client.get(address).content)
        for target in {href for href in page.xpath("//main//a/@href") if href.startswith("/")}:
            if not target.startswith(later):
                assert client.get(target).status_code in (200, 303), f"{target}, linked from {address}"


# --- addresses -------------------------------------------------------------------------------------------------------


def test_a_day_leads_to_the_version_that_held_then(client: TestClient) -> None:
    answer = client.get("/us/usc/t47/s230/e/2@1997-11-12")
    assert (answer.status_code, answer.headers["location"]) == (303, "/us/usc/t47/s230/e/2@1996-02-08")
    assert client.get(answer.headers["location"]).status_code == 200


def test_a_picked_date_leads_to_the_version_that_held_then(client: TestClient) -> None:
    answer = client.get("/us/usc/t47/s230/e/2?date=2020-01-01")
    assert (answer.status_code, answer.headers["location"]) == (303, "/us/usc/t47/s230/e/2@1998-11-20")


def test_a_day_on_which_nothing_stood_there_answers_with_the_status(client: TestClient) -> None:
    answer = client.get("/us/usc/t47/s230/e/5@2018-04-10")
    assert answer.status_code == 200
    assert "There was no 47 U.S.C. § 230(e)(5) on April 10, 2018" in text_of(answer)


def test_a_date_that_is_none_is_a_bad_request(client: TestClient) -> None:
    assert client.get("/us/usc/t47/s230?date=yesterday").status_code == 400
    assert client.get("/us/usc/t47/s230@2018-02-30").status_code == 400


def test_a_designation_that_never_was_is_missing_with_near_misses(client: TestClient) -> None:
    answer = client.get("/us/usc/t47/s230/e/6")
    assert answer.status_code == 404
    assert "47 U.S.C. § 230(e)(5)" in text_of(answer)


def test_a_section_that_is_not_loaded_says_so(client: TestClient) -> None:
    answer = client.get("/us/usc/t50/s9999")
    assert answer.status_code == 404
    assert "Not loaded" in text_of(answer)


def test_a_short_form_of_a_law_section_leads_to_the_full_one(client: TestClient) -> None:
    answer = client.get("/us/pl/105/277/s1404/a/2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/us/pl/105/277/dC/tXIV/s1404/a/2")


def test_a_short_form_that_fits_several_sections_lists_them(client: TestClient) -> None:
    answer = client.get("/us/pl/105/277/tXIV")
    assert answer.status_code == 404
    assert "More than one section" in text_of(answer)


def test_a_thing_comes_in_every_format(client: TestClient) -> None:
    for ending, kind in (("ttl", "text/turtle"), ("jsonld", "application/ld+json"), ("nt", "application/n-triples")):
        by_ending = client.get(f"/us/pl/115/164.{ending}")
        by_header = client.get("/us/pl/115/164", headers={"accept": kind})
        assert by_ending.headers["content-type"].startswith(kind)
        assert by_ending.content == by_header.content
        assert b"115/164" in by_ending.content
    assert json.loads(client.get("/us/pl/115/164.jsonld").content)


def test_a_source_graph_comes_as_what_it_says(client: TestClient) -> None:
    page = html.fromstring(client.get("/us/pl/115/164").content)
    graph = next(href for href in page.xpath("//section[@id='sources']//a/@href") if href.startswith("/graph/"))
    assert client.get(graph).status_code == 200
    assert b"/us/pl/115/164" in client.get(f"{graph}.nt").content


def test_a_source_document_has_its_description(client: TestClient) -> None:
    assert b"Law Revision Counsel" in client.get("/source/uscode-47-230.ttl").content
    assert "Law Revision Counsel" in text_of(client.get("/source/uscode-47-230"))


def test_a_designation_that_only_a_bill_would_make_is_missing_and_names_the_bill(client: TestClient) -> None:
    answer = client.get("/us/usc/t47/s230/c/3")
    assert answer.status_code == 404
    assert "Named in" in text_of(answer)


def test_a_format_that_there_is_not_is_refused_with_those_there_are(client: TestClient) -> None:
    answer = client.get("/us/pl/115/164", headers={"accept": "application/pdf"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert "text/turtle" in answer.json()["detail"]


def test_a_page_that_the_reader_has_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/us/usc/t47/s230")
    assert "Accept" in first.headers["vary"]
    again = client.get("/us/usc/t47/s230", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/us/usc/t47/s230.ttl").headers["etag"] != first.headers["etag"]


def test_head_is_get_without_the_body(client: TestClient) -> None:
    for address in ("/us/usc/t47/s230", "/api/v1/stats"):
        answer = client.head(address)
        assert (answer.status_code, answer.content) == (200, b"")


def test_the_vocabulary_comes_as_turtle(client: TestClient) -> None:
    assert client.get("/ns").headers["location"] == "/ontology"
    answer = client.get("/ns", headers={"accept": "text/turtle"})
    assert b"s230:Designation a owl:Class" in answer.content


def test_the_dump_can_be_taken_home(client: TestClient) -> None:
    assert client.get("/data/dump.nq.gz").content.startswith(b"\x1f\x8b")


def test_an_example_shows_its_answer(client: TestClient) -> None:
    page = html.fromstring(client.get("/queries").content)
    named = page.xpath("//section[@class='query']//h3/a/@href")[0]
    assert "Ann Wagner" in text_of(client.get(named))
    assert b"Ann Wagner" in client.get(f"{named}.csv").content
    assert json.loads(client.get(f"{named}.json").content)["results"]["bindings"]
    assert client.get("/queries/nothing").status_code == 404


# --- what pages say --------------------------------------------------------------------------------------------------


def test_a_provision_that_moved_says_where_it_is_today(client: TestClient) -> None:
    assert "This provision is 47 U.S.C. § 230(f)(2) today." in text_of(client.get("/us/usc/t47/s230/e/2@1996-02-08"))


def test_a_provision_without_official_text_shows_a_summary_that_says_so(client: TestClient) -> None:
    assert "Our summary, not the words of the law" in text_of(client.get("/us/usc/t47/s230/c/1"))


def test_a_bill_shows_cosponsors_and_withdrawals_apart(client: TestClient) -> None:
    shown = text_of(client.get("/us/bill/115/hr/1865"))
    assert "became law" in shown
    assert "174 active" in shown
    assert "1 withdrew" in shown
    assert "388–25" in shown


def test_a_bill_that_died_is_badged_as_a_bill(client: TestClient) -> None:
    page = html.fromstring(client.get("/us/bill/115/s/1693").content)
    badges = [badge.text_content() for badge in page.xpath("//header//span[starts-with(@class, 'badge')]")]
    assert "bill" in badges
    assert "became law" not in badges


def test_a_case_says_whether_the_words_changed_since(client: TestClient) -> None:
    shown = text_of(client.get("/case/zeran"))
    assert "47 U.S.C. § 230(d)(3)" in shown
    assert "on November 20, 1998" in shown


def test_a_disagreement_of_sources_is_shown_with_both_sides(client: TestClient) -> None:
    shown = text_of(client.get("/case/stratton-oakmont"))
    assert "Where sources differ" in shown
    assert "1995-05-24" in shown
    assert "1995-05-26" in shown


def test_the_press_release_shows_verdicts(client: TestClient) -> None:
    shown = text_of(client.get("/document/ecpat-usa-2018-03-21"))
    for verdict in ("premature", "outdated", "contradicted", "partly supported"):
        assert verdict in shown


def test_the_trace_shows_law_bill_sponsor_and_votes(client: TestClient) -> None:
    shown = text_of(client.get("/trace/us/usc/t47/s230/e/5"))
    for words in ("Pub. L. 115-164, § 4(a)", "H.R. 1865", "Ann Wagner", "388–25", "97–2", "132 Stat. 1254"):
        assert words in shown


def test_a_citation_in_the_form_leads_to_its_trace(client: TestClient) -> None:
    answer = client.get("/trace?cite=230(e)(5)")
    assert answer.headers["location"] == "/trace/us/usc/t47/s230/e/5"


def test_search_forgives_a_typing_error(client: TestClient) -> None:
    assert "Ann Wagner" in text_of(client.get("/search?q=wagnr"))


def test_search_knows_a_bill_by_its_number(client: TestClient) -> None:
    assert "H.R. 1865, 115th Cong." in text_of(client.get("/search?q=hr+1865"))


def test_search_says_what_the_provision_cited_is_about(client: TestClient) -> None:
    assert "Intellectual property law is left as it is" in text_of(client.get("/search?q=230(e)(2)"))


def test_no_property_is_named_by_its_address(client: TestClient) -> None:
    page = html.fromstring(client.get("/graph/meta").content)
    assert not [cell for cell in page.xpath("//main//tr/td[1]/text()") if "://" in cell]


def test_search_for_nothing_known_helps(client: TestClient) -> None:
    assert "Nothing matches" in text_of(client.get("/search?q=zzzzzz"))


def test_a_report_names_the_record_and_its_sources(client: TestClient) -> None:
    shown = text_of(client.get("/report?thing=/us/bill/115/hr/1865"))
    assert "H.R. 1865" in shown
    assert "What it should say" in shown


def test_the_home_page_is_light_with_all_it_loads(client: TestClient) -> None:
    page = client.get("/")
    loaded = html.fromstring(page.content).xpath("//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
    imported = ["/static/suggest.js"]
    assert len(page.content) + sum(len(client.get(address).content) for address in [*loaded, *imported]) < 100_000


# --- headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/us/pl/115/164.ttl", "/api/v1/stats", "/nowhere", "/static/site.css"])
def test_every_answer_is_held_to_its_own_host(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_other_sites_may_read(client: TestClient) -> None:
    answer = client.get("/us/pl/115/164.ttl", headers={"origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"


def test_an_address_of_nothing_is_a_page_for_people_and_a_problem_for_programs(client: TestClient) -> None:
    page = client.get("/nowhere")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    program = client.get("/nowhere", headers={"accept": "application/json"})
    assert program.headers["content-type"] == "application/problem+json"
    assert set(program.json()) >= {"type", "title", "status", "detail"}


# --- what every record has -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", (DATA / "things.txt").read_text().split())
def test_every_record_can_be_cited_taken_home_questioned_and_corrected(client: TestClient, address: str) -> None:
    answer = client.get(address)
    page = html.fromstring(answer.content)
    side = page.xpath("//aside")[-1]
    for kind in ("Bluebook", "Address (IRI)", "Markdown, BibTeX"):
        assert kind in side.text_content()
    assert side.xpath(".//p[starts-with(normalize-space(), '[')]") and "@misc{" in side.text_content()
    for ending in (".ttl", ".jsonld", ".nt", ".csv"):
        assert side.xpath(f".//a[contains(@href, '{ending}')]"), ending
    assert page.xpath("//a[starts-with(@href, '/report?thing=')]")
    assert page.xpath("//a[starts-with(@href, '/sparql/editor?query=')]")


class Recording(Embedded):
    """A store that keeps every query it is asked."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.queries: list[str] = []

    def select(self, query: str) -> list[Row]:
        self.queries.append(query)
        return super().select(query)


@pytest.mark.parametrize("address", (DATA / "things.txt").read_text().split())
def test_the_sparql_behind_a_page_is_what_the_page_asked(release: Path, address: str) -> None:
    store = Recording(release)
    shown = addresses.page_of(store, address)["behind"]
    assert shown
    for asked in shown:
        assert asked.text in store.queries, asked.name
        assert asked.asks
        assert "$" not in asked.text
    assert addresses.page_of(store, address)["behind"] == shown, "another reader sees the same queries"


def test_a_law_that_is_not_enforced_says_so_wherever_it_is_named(client: TestClient) -> None:
    for address in ("/us/usc/t47/s231", "/us/usc/t47/s231/a", "/us/usc/t47/s230/e/1", "/search?q=47+usc+231"):
        assert "not enforced" in text_of(client.get(address)), address
    assert "ACLU" in text_of(client.get("/us/usc/t47/s231")) or "American Civil" in text_of(
        client.get("/us/usc/t47/s231")
    )
    assert "not enforced" not in text_of(client.get("/us/usc/t47/s230/c/1"))


def test_words_amended_after_a_decision_are_not_called_unenforced(client: TestClient) -> None:
    page = html.fromstring(client.get("/us/usc/t47/s223/d").content)
    assert "not enforced" not in [
        badge.text_content() for badge in page.xpath("//header//span[contains(@class, 'badge')]")
    ]
    assert "Reno v." in page.text_content()


@pytest.mark.parametrize(
    ("day", "count"),
    [("2018-02-27", 66), ("2018-03-08", 67), ("2018-03-18", 67), ("2018-03-19", 68), ("2018-03-21", 70)],
)
def test_a_bill_tells_its_cosponsors_on_a_day(client: TestClient, day: str, count: int) -> None:
    assert f"it had {count} active cosponsors" in text_of(client.get(f"/us/bill/115/s/1693?date={day}"))


def test_a_withdrawn_cosponsor_is_not_counted_on_a_later_day(client: TestClient) -> None:
    assert "it had 174 active cosponsors" in text_of(client.get("/us/bill/115/hr/1865?date=2018-02-27"))
    assert "was not introduced yet" in text_of(client.get("/us/bill/115/hr/1865?date=2017-01-01"))


def test_a_bill_speaks_for_the_day_of_its_own_record(client: TestClient) -> None:
    assert "coverage day of its record, July 10, 2021" in text_of(client.get("/us/bill/115/s/1693"))


def test_a_person_tells_the_office_of_a_day(client: TestClient) -> None:
    assert "On March 8, 2018:" in text_of(client.get("/us/person/W000812?date=2018-03-08"))


def test_a_provision_and_a_day_lead_to_the_version_of_that_day(client: TestClient) -> None:
    answer = client.get("/provision/us/usc/t47/s230/e/2@1996-02-08?date=1997-11-12")
    assert answer.headers["location"] == "/us/usc/t47/s230/e/2@1996-02-08"


def test_a_record_comes_as_csv(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/us/pl/115/164.csv").text)))
    enacted = next(row for row in rows if row["property"] == "enacted")
    assert enacted["value"] == "2018-04-11"
    assert "/graph/" in enacted["graphs"]
    assert client.get("/us/pl/115/164", headers={"accept": "text/csv"}).headers["content-type"].startswith("text/csv")
