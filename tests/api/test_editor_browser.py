"""The query editor in a real browser, with YASGUI and without, every other host blocked."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from api import editor
from graph import queries
from tests.api.test_explore_browser import Visit, chromium, serving

__all__ = ["chromium"]

DEADLINE, PLENTY = 3, 60
CHART = "research/bills-by-congress"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module", params=["yasgui", "plain"])
def kind(request: pytest.FixtureRequest) -> str:
    """YASGUI's editor, and the plain one of where that was never installed."""
    if request.param == "yasgui" and not editor.has_yasqe():
        pytest.skip(f"YASGUI is not installed ({editor.YASQE}): make install does that where npm is")
    return str(request.param)


def edited(kind: str, seconds: float, release: Path, nothing: Path) -> Iterator[str]:
    """A service with an editor of that kind, whose queries end after so many seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("S230_QUERY_TIMEOUT", str(seconds))
        if kind == "plain":
            patch.setattr(editor, "YASQE", nothing)
        yield from serving(release)


@pytest.fixture(scope="module")
def site(kind: str, release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service that gives every query its time."""
    yield from edited(kind, PLENTY, release, tmp_path_factory.mktemp("nothing"))


@pytest.fixture
def hurried(kind: str, release: Path, tmp_path: Path) -> Iterator[str]:
    """A service that stops a query after a few seconds."""
    yield from edited(kind, DEADLINE, release, tmp_path)


@pytest.fixture
def visit(chromium: Any, site: str) -> Iterator[Visit]:
    yield from visiting(chromium, site)


def visiting(chromium: Any, site: str) -> Iterator[Visit]:
    visit = Visit(chromium, site, permissions=["clipboard-read", "clipboard-write"])
    yield visit
    visit.context.close()
    assert not visit.strangers
    # A refused query shows as a resource that failed to load; all else, a breach of the policy above all, is a fault.
    assert not [fault for fault in visit.faults if "Failed to load resource" not in fault]


def asked(visit: Visit, query: str) -> Any:
    """The page with a query and its answer."""
    visit.page.goto(f"{visit.home}/sparql/editor?query={quote(query)}")
    return answered(visit.page)


def answered(page: Any) -> Any:
    page.wait_for_selector("[data-answer][aria-busy=false]", timeout=PLENTY * 1000)
    return page


def text(page: Any) -> str:
    """What stands in whichever editor there is."""
    script = "document.querySelector('.CodeMirror')?.CodeMirror.getValue() ?? document.querySelector('#query').value"
    return str(page.evaluate(script))


def endpoint(site: str, query: str, accept: str = "text/csv") -> str:
    return httpx.post(f"{site}/sparql", data={"query": query}, headers={"accept": accept}).text


def clipboard(page: Any, button: str) -> str:
    page.click(f"button:has-text('{button}')")
    page.wait_for_selector("button:has-text('Copied')")
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_an_example_runs_as_it_is_chosen(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.home + "/sparql/editor")
    page.select_option("#example", label="Which provisions of the Code did FOSTA touch, and where are they today?")
    answered(page)
    assert page.inner_text(".answer-said").startswith("24 rows in ")
    link = page.locator(".answer-table a[href='/us/usc/t18/s1591']")
    assert link.inner_text() == "18 U.S.C. § 1591"
    assert page.inner_text(".answer-table td >> nth=0").split("\n")[-1] == "/us/usc/t18/s1591"
    assert "24 rows" in page.inner_text("[data-told]")


def test_every_example_is_offered(visit: Visit) -> None:
    visit.page.goto(visit.home + "/sparql/editor")
    offered = visit.page.eval_on_selector_all("#example option", "options => options.map(option => option.value)")
    expected = {queries.load(name).text for name in queries.names()} | {known.text for known in queries.starters()}
    assert {option.replace("\r\n", "\n") for option in offered} - {""} == expected


def test_prefixes_are_filled_in_once(visit: Visit) -> None:
    page = asked(visit, "# why\nSELECT ?o { ?s s230:sponsor ?o ; rdfs:label 'eli:x' } LIMIT 1")
    lines = text(page).split("\n")
    assert lines[0] == "# why"
    assert {line.split(":")[0] for line in lines[1:3]} == {"PREFIX s230", "PREFIX rdfs"}
    assert "eli:" not in " ".join(lines[:3])
    page.goto(page.url)
    assert text(answered(page)).count("PREFIX") == 2


def test_counts_by_group_are_drawn_as_a_chart(visit: Visit) -> None:
    query = queries.load(CHART).text
    page = asked(visit, query)
    page.click(".view-button:has-text('Chart')")
    rows = list(csv.DictReader(io.StringIO(endpoint(visit.home, query))))
    values = [int(value.replace(",", "")) for value in page.locator(".bar-value").all_inner_texts()]
    assert values == [int(row["measures"]) for row in rows]
    assert page.locator(".bar-label").all_inner_texts() == [row["congress"] for row in rows]
    widths = [
        float(w) for w in page.eval_on_selector_all(".bar-plot rect", "all => all.map(r => r.getAttribute('width'))")
    ]
    assert widths == pytest.approx([100 * value / max(values) for value in values])
    page.select_option(".chart-choice select", "reforms")
    assert int(page.locator(".bar-value").first.inner_text()) == int(rows[0]["reforms"])


def test_what_a_construct_makes_is_drawn_and_leads_to_pages(visit: Visit) -> None:
    page = asked(visit, next(known.text for known in queries.starters() if "CONSTRUCT" in known.text))
    assert page.inner_text(".answer-said").startswith("13 triples in ")
    page.click(".view-button:has-text('Picture')")
    page.wait_for_selector(".sketch-thing")
    assert page.locator("a.sketch-thing[href='/us/person/W000812']").text_content().startswith("Ann Wagner")
    assert "sponsor" in page.locator(".sketch-edge").all_text_contents()
    assert page.locator(".sketch-edge").count() == 13
    page.focus("a.sketch-thing[href='/us/pl/115/164']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/us/pl/115/164")


def test_csv_has_every_row_as_the_endpoint_gives_it(visit: Visit) -> None:
    query = "SELECT ?s ?label { ?s rdfs:label ?label } LIMIT 1200"
    page = asked(visit, query)
    for shown in (500, 1000):
        page.wait_for_selector(f".answer-table tbody tr:nth-child({shown}):last-child")
        page.click("button:has-text('Show 500 more')")
    with page.expect_download() as download:
        page.click("button:has-text('CSV')")
    assert Path(download.value.path()).read_bytes().decode() == endpoint(visit.home, query)


def test_what_is_copied_runs_elsewhere(visit: Visit) -> None:
    query = "SELECT ?n ('a \\\"b\\\" \\'c\\' \\\\ $HOME' AS ?words) { VALUES ?n { 1 2 } }"
    page = asked(visit, query)
    expected = list(csv.DictReader(io.StringIO(endpoint(visit.home, query))))
    curl = subprocess.run(["bash", "-c", clipboard(page, "Copy as curl")], capture_output=True, text=True, timeout=30)
    assert list(csv.DictReader(io.StringIO(curl.stdout))) == expected, curl.stderr
    code = clipboard(page, "Copy as Python")
    python = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert python.stdout.splitlines() == [str(row) for row in expected], python.stderr


def test_the_link_brings_somebody_else_to_the_same_answer(visit: Visit) -> None:
    page = asked(visit, "SELECT ?law { ?law a eli:LegalResource } ORDER BY ?law LIMIT 7")
    link = clipboard(page, "Copy link")
    assert link == page.url
    page.goto("about:blank")
    page.goto(link)
    assert answered(page).inner_text(".answer-said").startswith("7 rows")


def test_ask_is_answered_yes_or_no(visit: Visit) -> None:
    assert "Yes." in asked(visit, "ASK { ?s ?p ?o }").inner_text("[data-answer]")
    assert "No." in asked(visit, "ASK { ?s <http://x/none> ?o }").inner_text("[data-answer]")


def test_a_fault_is_told_with_its_place(visit: Visit) -> None:
    page = asked(visit, "SELECT * {\n  ?s nobody:knows ?o }")
    said = page.inner_text(".refusal")
    assert "cannot be read" in said and "line 2, column 6" in said and "nobody" in said
    here = "document.querySelector('.wrong')?.textContent ?? getSelection().toString()"
    assert page.evaluate(here).startswith("nobody")


def test_the_reason_is_told_when_there_is_no_whole_answer(chromium: Any, hurried: str) -> None:
    for visit in visiting(chromium, hurried):
        for query, title in (
            (BOMB, "Stopped at the time limit"),
            (ENDLESS, "The answer was cut off"),
            ("DROP ALL", "not allowed"),
        ):
            page = asked(visit, query)
            assert title in page.inner_text(".refusal")
            assert not page.query_selector(".answer-table")


def test_a_query_can_be_stopped(visit: Visit) -> None:
    page = visit.page
    page.goto(visit.home + "/sparql/editor?query=" + quote(BOMB + " # stopped"))
    page.click("[data-stop]")
    page.wait_for_selector("text=Stopped by you")
    assert page.is_hidden("[data-stop]")


def test_keys_alone_are_enough(visit: Visit) -> None:
    page = asked(visit, "ASK {}")
    page.focus(".CodeMirror [contenteditable], #query:visible")
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT (1 AS ?one) {}")
    page.keyboard.press("Escape")
    page.focus(".CodeMirror [contenteditable], #query:visible")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".answer-said:has-text('1 row in')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"


def test_terms_are_suggested_from_our_own_vocabulary(visit: Visit) -> None:
    page = asked(visit, "ASK {}")
    if not page.query_selector(".CodeMirror"):
        pytest.skip("a plain field suggests nothing")
    page.click(".CodeMirror")
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT * { ?bill s230:spons", delay=20)
    page.wait_for_selector(".CodeMirror-hint:has-text('s230:sponsor')")
    page.keyboard.press("Enter")
    page.keyboard.type(" ?who ; a s230:Bil", delay=20)
    first = page.wait_for_selector(".CodeMirror-hint-active")
    assert first.inner_text().startswith("s230:Bill")
    page.keyboard.press("Enter")
    assert text(page).startswith("PREFIX s230: <https://w3id.org/section230/ns#>")
    assert "?bill s230:sponsor ?who ; a s230:Bill" in text(page)


def test_hostile_values_are_text(visit: Visit) -> None:
    label = f'"{HOSTILE}"'
    queries_ = (
        f"SELECT ({label} AS ?x) (2 AS ?n) (<javascript:alert(1)> AS ?iri) {{ VALUES ?y {{ 1 2 }} }}",
        f"CONSTRUCT {{ <http://x/a> rdfs:label {label} ; <http://x/{quote(HOSTILE)}> <javascript:alert(2)> }} {{}}",
        f"SELECT * {{ ?s ?p '{HOSTILE}",
    )
    for query in queries_:
        page = asked(visit, query)
        for button in page.query_selector_all(".view-button"):
            button.click()
            page.wait_for_timeout(300)
            assert HOSTILE in page.inner_text("[data-answer]") or page.query_selector(".sketch")
        assert not page.query_selector_all("[data-answer] img, [data-answer] script, a[href^='javascript']")


def test_a_narrow_screen_does_not_scroll_sideways(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 360, "height": 740})
    for query in (queries.load(CHART).text, queries.starters()[1].text, queries.starters()[2].text):
        page = asked(visit, query)
        for button in page.query_selector_all(".view-button"):
            button.click()
            page.wait_for_timeout(200)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Any, site: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    context = chromium.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    chart = f"/sparql/editor?query={quote(queries.load(CHART).text)}"
    graph = f"/sparql/editor?query={quote(queries.starters()[1].text)}"
    for address in (
        chart,
        graph,
        f"/sparql/editor?query={quote('SELECT {')}",
        "/queries",
        f"/queries/{CHART}",
        "/void",
        "/shapes",
    ):
        page.goto(site + address)
        if "editor" in address:
            answered(page)
            for button in page.query_selector_all(".view-button"):
                button.click()
            page.wait_for_timeout(300)
        found = axe.Axe().run(page).response["violations"]
        assert not found, (address, [(fault["id"], fault["nodes"][0]["html"]) for fault in found])
    context.close()


def test_without_javascript_the_form_asks_the_endpoint(chromium: Any, site: str) -> None:
    visit = Visit(chromium, site, java_script_enabled=False)
    visit.page.goto(site + "/sparql/editor")
    assert "eli:amends" in visit.page.input_value("#query")
    assert visit.page.get_attribute("form[data-editor]", "action") == "/sparql"
    visit.context.close()
