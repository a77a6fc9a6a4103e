"""Stories, the lesson and the glossary: what they say leads somewhere, and the law is quoted as it is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from starlette.testclient import TestClient

from api import stories
from api.app import create_app
from api.settings import Settings

TEMPLATES = Path(stories.__file__).parent / "templates"


@pytest.fixture(scope="module")
def client(release: Path) -> Iterator[TestClient]:
    with TestClient(create_app(release, Settings())) as client:
        client.headers["accept"] = "text/html"
        yield client


def text_of(client: TestClient, address: str) -> str:
    words = html.fromstring(client.get(address).content).text_content()
    return re.sub(r"\s+", " ", words.replace("\u00a0", " "))


def test_there_are_four_tours_and_a_lesson(client: TestClient) -> None:
    assert len(stories.tours()) >= 4
    index = client.get("/stories").text
    for slug in (*stories.tours(), "lesson"):
        assert f'href="/stories/{slug}"' in index


@pytest.mark.parametrize("slug", stories.tours())
def test_every_step_points_at_graph_and_sources(client: TestClient, slug: str) -> None:
    page = html.fromstring(client.get(f"/stories/{slug}").content)
    steps = page.xpath("//section[@class='step']")
    assert len(steps) == len(stories.tours()[slug]["steps"]) >= 4
    for step, told in zip(steps, stories.tours()[slug]["steps"], strict=True):
        assert step.xpath(".//a[starts-with(@href, '/explore?focus=')]")
        if told.get("things") or told.get("quote"):
            assert step.xpath(".//details//a[starts-with(@href, '/graph/')]"), told["title"]
        assert told.get("things") or told.get("quote") or told.get("counts")


@pytest.mark.parametrize("address", [*(f"/stories/{slug}" for slug in (*stories.tours(), "lesson")), "/glossary"])
def test_every_link_leads_to_a_page(client: TestClient, address: str) -> None:
    page = html.fromstring(client.get(address).content)
    ids = {entry["id"] for entry in stories.glossary()}
    for target in set(page.xpath("//main//a/@href")):
        if target.startswith("/glossary#"):
            assert target.partition("#")[2] in ids, target
        elif target.startswith("/") and not target.startswith("/graph/"):
            answer = client.get(target)
            assert answer.status_code == 200, target
            assert "Not in the picture" not in answer.text, target


def test_terms_that_pages_explain_are_in_the_glossary() -> None:
    ids = {entry["id"] for entry in stories.glossary()}
    asked = {
        term
        for file in TEMPLATES.glob("*.html")
        for term in re.findall(r'm\.gloss\("([a-z-]+)"', file.read_text("utf-8"))
    }
    assert asked and asked <= ids
    assert len(ids) == len(stories.glossary())


def test_without_official_text_a_summary_stands_in_and_says_so(client: TestClient) -> None:
    shown = text_of(client, "/stories/26-words")
    assert "not treated as the one who published" in shown
    assert "Our summary, not the words of the law" in shown


def test_the_same_address_had_two_lives(client: TestClient) -> None:
    shown = text_of(client, "/stories/two-lives-of-230-e-2")
    assert "as it stood on November 12, 1997" in shown
    assert shown.index("Interactive computer service: ") < shown.index("Intellectual property law is left as it is")


def test_counts_are_those_of_the_table(client: TestClient) -> None:
    page = html.fromstring(client.get("/stories/forty-bills").content)
    counts = page.xpath("//ul[@class='figures']//a")
    assert counts
    for count in counts:
        found = client.get(count.get("href").replace("/bills?", "/api/v1/bills?")).json()
        assert int(count.xpath("string(strong)")) == found["count"]
    about_forty, more, enacted = (int(c.xpath("string(strong)")) for c in counts[:3])
    assert 35 <= about_forty <= 45
    assert about_forty < more
    assert enacted == 0


def test_sexual_exploitation_comes_with_a_content_note(client: TestClient) -> None:
    for address in ("/stories/fosta", "/stories/forty-bills"):
        assert "Content note." in text_of(client, address)


def test_the_plan_of_the_lesson_takes_45_minutes_and_every_question_has_an_answer(client: TestClient) -> None:
    lesson = stories.lesson()
    assert sum(part["minutes"] for part in lesson["plan"]) == 45
    assert all(question["lines"] and question["answer"] for question in lesson["worksheet"])
    assert "Worksheet" in text_of(client, "/stories/lesson")


def test_a_story_that_there_is_not_names_those_there_are(client: TestClient) -> None:
    answer = client.get("/stories/nothing")
    assert answer.status_code == 404
    assert "26-words" in answer.text


@pytest.mark.corpus
def test_with_official_text_the_words_of_the_law_are_quoted(worded: Path) -> None:
    with TestClient(create_app(worded, Settings())) as client:
        client.headers["accept"] = "text/html"
        page = html.fromstring(client.get("/stories/26-words").content)
        quoted = page.xpath("string(//blockquote)")
    assert "Our summary" not in page.text_content().split("Two cases")[0]
    sentence = quoted.split("No provider", 1)[-1]
    assert len(f"No provider{sentence}".split()) == 26
