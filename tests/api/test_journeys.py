"""Three people find what they came for, from the home page, in a real browser with every other host blocked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api import test_explore_browser as browser
from tests.api.test_explore_browser import Visit

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

chromium = browser.chromium
site = browser.site

LOOKED_AT = [
    "/check",
    "/scenario?who=private&law=state-ip&conduct=publishing&on=2022-01-01",
    "/cases",
    "/positions",
    "/simulate",
    "/simulate?bill=/us/bill/119/hr/7045",
    "/simulate?bill=/us/bill/118/hr/2732;/us/bill/118/hr/4887",
    "/collisions",
    "/families",
    "/", "/bills", "/stories", "/stories/fosta", "/stories/lesson", "/glossary", "/about", "/data", "/ontology",
    "/ontology/Effect", "/search?q=wagner", "/trace/us/usc/t47/s230/e/5", "/timeline/us/usc/t47/s230/e/2",
    "/compare/us/usc/t47/s230?from=1996-02-08&to=1998-11-20", "/us/usc/t47/s230", "/us/usc/t47/s231",
    "/us/bill/115/s/1693?date=2018-03-08", "/us/pl/115/164", "/us/person/W000812", "/case/zeran",
    "/document/ecpat-usa-2018-03-21", "/queries", "/search?q=qqqxyz", "/us/usc/t47/s230/e/2@1996-02-08",
    "/us/usc/t47/s230@1990-01-01", "/provision/us/usc/t47/s230/d/2@1996-02-08", "/exemption/sex-trafficking",
    "/claim/ecpat-usa-2018-03-21/05", "/effect/pl-115-164-s4-a", "/org/ecpat-usa", "/us/vote/115/house/2018/91",
    "/source/uscode-47-230", "/graph/meta", "/path?from=/org/ecpat-usa&to=/us/usc/t18/s2421A", "/explore", "/networks",
    "/queries/first/09-exemptions", "/shapes",
]  # fmt: skip


AXE: dict[str, dict[str, Any]] = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}},
}
"""All rules in one theme; in the other, the one that colours can break."""


SHORTEN = """for (const list of document.querySelectorAll("tbody, ul, ol, dl, section, .concepts, .inline-list"))
    [...list.children].slice(12).forEach((row) => row.remove())"""
"""Rows of a list are alike: the first dozen of each are looked at, because axe takes half a minute for a thousand."""


def visiting(browser: Any, home: str, **context: Any) -> Iterator[Any]:
    visit = Visit(browser, home, **context)
    yield visit.page
    visit.context.close()
    assert not visit.strangers
    assert not visit.faults


@pytest.fixture
def page(chromium: Any, site: str) -> Iterator[Any]:
    for opened in visiting(chromium, site):
        opened.goto(site + "/")
        yield opened


@pytest.fixture
def plain(chromium: Any, site: str) -> Iterator[Any]:
    """A browser without JavaScript, narrow and dark."""
    for opened in visiting(chromium, site, java_script_enabled=False, color_scheme="dark"):
        opened.set_viewport_size({"width": 360, "height": 740})
        opened.goto(site + "/")
        yield opened


# --- three journeys --------------------------------------------------------------------------------------------------


def test_a_student_follows_a_story_into_the_graph_and_looks_a_word_up(page: Any) -> None:
    page.click("text=How FOSTA changed Section 230")
    page.wait_for_selector("text=Content note.")
    page.wait_for_selector(".verdict >> text=outdated")
    page.click("a[href='/glossary#cosponsor']")
    page.wait_for_selector("#cosponsor >> text=signs on to a bill")
    page.go_back()
    page.click("#step-3 >> text=See it in the graph")
    page.wait_for_selector("#stage[data-drawn]")
    assert "focus=" in page.url


def test_a_student_finds_which_bills_would_repeal_it(page: Any) -> None:
    page.click("nav >> text=Bills")
    page.click(".facet >> text=117th")
    page.click(".chart >> text=repeal")
    page.wait_for_selector("table.bills >> text=S. 2972, 117th Cong.")
    assert not page.is_visible("table.bills >> text=H.R. 1865")
    page.click(".chip >> text=Congress: 117th")
    assert "congress" not in page.url


def test_a_lawyer_traces_a_provision_reads_an_old_cite_and_copies_a_citation(page: Any) -> None:
    page.fill("#q", "230(e)(2)")
    page.press("#q", "Enter")
    page.click("main >> text=47 U.S.C. § 230(e)(2) >> nth=0")
    page.fill("#date", "1997-11-12")
    page.click(".asof >> text=Go")
    assert page.url.endswith("/us/usc/t47/s230/e/2@1996-02-08")
    page.wait_for_selector("text=This provision is 47 U.S.C. § 230(f)(2) today.")
    page.click("text=The whole chain: laws, bills, sponsors, votes")
    page.wait_for_selector("text=Pub. L. 105-277, div. C, title XIV, § 1404(a)(2) >> nth=0")
    page.go_back()
    page.click("text=Markdown, BibTeX")
    page.wait_for_selector("text=@misc{us-usc-t47-s230-e-2")


def test_a_lawyer_sees_that_a_law_on_the_books_is_not_enforced(page: Any) -> None:
    page.fill("#q", "47 U.S.C. 231")
    page.press("#q", "Enter")
    page.wait_for_selector(".found .badge-not-enforced >> nth=0")
    page.click("main >> text=47 U.S.C. § 231 >> nth=0")
    page.wait_for_selector("header .badge-not-enforced")
    page.wait_for_selector("text=What courts held of its enforcement")


def test_a_researcher_gets_from_a_record_to_its_sparql_and_its_rows(page: Any) -> None:
    page.fill("#q", "hr 1865")
    page.press("#q", "Enter")
    page.click("main >> text=H.R. 1865, 115th Cong. >> nth=0")
    page.click("text=The SPARQL behind this page")
    page.click(".behind >> text=Every cosponsorship of a bill")
    assert "cosponsorship" in page.input_value("textarea[name=query]") or page.is_visible(".yasgui")
    page.goto(page.url.partition("/sparql")[0] + "/data")
    page.wait_for_selector("text=SHA-256 of the file")
    with page.expect_download() as download:
        page.click("text=N-Quads, compressed")
    assert download.value.suggested_filename.endswith(".nq.gz")


def follow(page: Any, text: str) -> None:
    """Tab to the next link or button of that name and press Enter: no mouse."""
    for _ in range(150):
        page.keyboard.press("Tab")
        named = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).trim()"
        )
        if named.replace("\u00a0", " ").startswith(text):
            assert page.evaluate(FOCUS_IS_SEEN), f"the focus on {text!r} cannot be seen"
            return page.keyboard.press("Enter")
    raise AssertionError(f"{text!r} is not reached by the Tab key")


FOCUS_IS_SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
}"""


def test_a_student_needs_no_mouse(page: Any) -> None:
    follow(page, "The two lives of 230(e)(2)")
    page.wait_for_url("**/stories/two-lives-of-230-e-2")
    follow(page, "See it in the graph")
    page.wait_for_selector("#stage[data-drawn]")


def test_a_lawyer_needs_no_mouse(page: Any) -> None:
    page.focus("#q")
    page.keyboard.type("230(e)(5)")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    follow(page, "47 U.S.C. § 230(e)(5)")
    page.wait_for_url("**/us/usc/t47/s230/e/5")
    follow(page, "The whole chain")
    page.wait_for_url("**/trace/us/usc/t47/s230/e/5")
    follow(page, "Timeline")
    page.wait_for_url("**/timeline/us/usc/t47/s230/e/5")
    follow(page, "Compare two days")
    page.wait_for_selector("h1 >> text=word by word")


def test_a_researcher_needs_no_mouse(page: Any) -> None:
    follow(page, "Query")
    page.wait_for_url("**/queries")
    follow(page, "Who sponsored H.R. 1865")
    page.wait_for_selector("main td >> text=Ann Wagner")


def test_a_lawyer_needs_no_javascript(plain: Any) -> None:
    plain.fill("#q", "230(e)(2)")
    plain.press("#q", "Enter")
    plain.click("main >> text=47 U.S.C. § 230(e)(2) >> nth=0")
    plain.fill("#date", "1997-11-12")
    plain.click(".asof >> text=Go")
    plain.wait_for_selector("text=This provision is 47 U.S.C. § 230(f)(2) today.")
    plain.click("text=Timeline")
    plain.click("text=Compare two days")
    plain.wait_for_selector("h1 >> text=word by word")


def test_a_researcher_needs_no_javascript(plain: Any) -> None:
    plain.click("nav >> text=Query")
    plain.click("text=Who sponsored H.R. 1865")
    plain.wait_for_selector("main td >> text=Ann Wagner")
    with plain.expect_download() as download:
        plain.click("main >> text=CSV")
    assert download.value.suggested_filename.endswith(".csv")


def test_everything_is_found_without_javascript(plain: Any) -> None:
    plain.fill("#q", "zerna")
    plain.press("#q", "Enter")
    plain.click("main >> text=Zeran v. America Online")
    plain.wait_for_selector("[data-label='Changed since?']")
    plain.click("nav >> text=Bills")
    plain.click(".chart >> text=repeal")
    plain.wait_for_selector(".bills >> text=S. 2972, 117th Cong.")
    plain.click("nav >> text=Stories")
    plain.click("text=The two lives of 230(e)(2)")
    plain.wait_for_selector("text=Our summary, not the words of the law >> nth=0")


def test_the_search_box_suggests_by_kind_and_is_used_by_keyboard(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.focus("#q")
    page.keyboard.type("wagnr", delay=10)
    page.wait_for_selector("[role=listbox] [role=option]")
    page.wait_for_selector("[role=group][aria-label=People]")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#q", "aria-activedescendant")
    page.keyboard.press("Escape")
    assert page.input_value("#q") == "wagnr"
    assert not page.is_visible("[role=listbox]")
    page.keyboard.type(" ")
    page.wait_for_selector("[role=listbox] [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/us/person/W000812")


def test_a_term_of_the_glossary_is_suggested_and_leads_to_its_place(page: Any) -> None:
    page.focus("#q")
    page.keyboard.type("stale pointer", delay=5)
    page.click("[role=group][aria-label=Glossary] >> text=stale pointer")
    page.wait_for_url("**/glossary#stale-pointer")


# --- every page ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Any, site: str, theme: str) -> None:
    found = {}
    for page in visiting(chromium, site, color_scheme=theme):
        for address in LOOKED_AT:
            page.goto(site + address, wait_until="domcontentloaded")
            page.evaluate(SHORTEN)
            violations = axe.Axe().run(page, options=AXE[theme]).response["violations"]
            if wrong := [(v["id"], v["nodes"][0]["target"]) for v in violations]:
                found[address] = wrong
    assert not found


def test_no_page_is_wider_than_a_small_screen_or_a_window_zoomed_twofold(chromium: Any, site: str) -> None:
    wide = []
    for page in visiting(chromium, site):
        for address in LOOKED_AT:
            page.goto(site + address, wait_until="domcontentloaded")
            for width in (360, 640):
                page.set_viewport_size({"width": width, "height": 700})
                over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if over > 0:
                    wide.append((width, address, over))
    assert not wide


def test_the_worksheet_prints_on_two_pages(chromium: Any, site: str) -> None:
    for page in visiting(chromium, site):
        page.goto(site + "/stories/lesson")
        page.emulate_media(media="print")
        assert not page.is_visible("text=Answers for the teacher")
        page.wait_for_selector("text=Worksheet: 26 words")
        assert page.pdf(format="Letter").count(b"/Type /Page\n") <= 2
