"""Guided tours, a lesson and a glossary: words of our own in `data/stories` and `data/glossary.yaml`.

A step of a tour shows what the graph says when it is read: the words of the law where an official text is loaded and a
summary of ours where none is, the records it speaks of with their sources, and counts. No number of the graph stands
in a story's text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import yaml
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api import bills, things
from api.rendering import Site, page
from data import ROOT
from graph import answers, queries
from graph.records import Path
from graph.store import Store

LESSON = "lesson"

SAYING = ("title", "holding", "finding", "summary", "roleDescription", "condition", "question", "relation")
"""The properties that say in a line what a thing is, the most telling first."""

_MARK = re.compile(r"\[([^\]]+)\]\((/[^\s)]*(?:\([^\s)]*\)[^\s)]*)*)\)|\*([^*\s][^*]*)\*")


@cache
def tours() -> dict[str, dict[str, Any]]:
    """The tours by the name of their file, in the order that they give themselves."""
    files = [file for file in (ROOT / "stories").glob("*.yaml") if file.stem != LESSON]
    found = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in files}
    return dict(sorted(found.items(), key=lambda item: item[1]["order"]))


@cache
def lesson() -> dict[str, Any]:
    """The lesson for teachers: plan and worksheet."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "stories" / f"{LESSON}.yaml").read_text(encoding="utf-8"))
    return found


@cache
def glossary() -> tuple[dict[str, str], ...]:
    """The terms of the glossary by the alphabet."""
    found = yaml.safe_load((ROOT / "glossary.yaml").read_text(encoding="utf-8"))["terms"]
    return tuple(sorted(found, key=lambda entry: entry["term"].lower()))


def marked(text: str) -> Markup:
    """Text of our own with ``[label](/address)`` as links and ``*word*`` as emphasis; anything else is escaped.

    >>> marked("See [(c)(1)](/us/usc/t47/s230/c/1), <b>*not*</b> this.")
    Markup('See <a href="/us/usc/t47/s230/c/1">(c)(1)</a>, &lt;b&gt;<em>not</em>&lt;/b&gt; this.')
    >>> marked("[no](javascript:alert)")
    Markup('[no](javascript:alert)')
    """
    parts, end = [], 0
    for match in _MARK.finditer(text):
        label, address, stressed = match.groups()
        parts.append(escape(text[end : match.start()]))
        parts.append(
            Markup('<a href="{}">{}</a>').format(address, label) if label else Markup("<em>{}</em>").format(stressed)
        )
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def paragraphs(text: str) -> list[Markup]:
    """The paragraphs of a text, which are separated by empty lines."""
    return [marked(" ".join(part.split())) for part in re.split(r"\n\s*\n", text.strip())]


def step(store: Store, told: dict[str, Any]) -> dict[str, Any]:
    """A step as it is shown: its text, what the law said, the records with their sources, the counts."""
    quote = told.get("quote", {})
    day = quote.get("date") or answers.today(store)
    shown = answers.at(store, quote["cite"], day) if quote and day else None
    cards = [card(store, path) for path in told.get("things", ())]
    sources = [*(shown["sources"] if shown else ()), *answers.sources(store, told.get("things", ()))]
    return {
        "title": told["title"],
        "note": told.get("content_note", ""),
        "paragraphs": paragraphs(told["text"]),
        "quote": shown,
        "quoted": (shown and shown["version"]) or quote.get("cite"),
        "cards": cards,
        "counts": [{**entry, "count": counted(store, entry["address"])} for entry in told.get("counts", ())],
        "explore": told["explore"],
        "query": queries.load(told["query"]) if "query" in told else None,
        "sources": _by_title(sources),
    }


def card(store: Store, path: Path) -> dict[str, Any]:
    """A thing in short: its badge, its name, a line about it, and the verdict if it is a claim."""
    found = things.load(store, path)
    return {
        "thing": found,
        "badge": "became law" if found.values("enactedAs") else found.kind.badge,
        "about": next((said for key in SAYING if (said := found.first(key))), ""),
        "verdict": next(iter(found.values("verdict")), None),
    }


def counted(store: Store, address: str) -> int:
    """How many measures the reform table shows at an address."""
    asked = bills.read(store, parse_qsl(urlsplit(address).query))
    return len(bills.choose(bills.measures(store), asked))


def _by_title(sources: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sources that have an address, each title once, the surest first."""
    surest = sorted(sources, key=lambda source: things.CONFIDENCES.index(source["confidence"]))
    return list({source["title"]: source for source in reversed(surest)}.values())[::-1]


# --- pages -----------------------------------------------------------------------------------------------------------


def index(site: Site, request: Request) -> Response:
    """The tours, and the lesson."""
    return page(site, request, "stories.html", lambda store: {"tours": tours(), "lesson": lesson()})


def story(site: Site, request: Request) -> Response:
    """One tour, all steps on a page; or the lesson."""
    slug = request.path_params["slug"]
    if slug == LESSON:
        return page(site, request, "lesson.html", lambda store: {"lesson": lesson()})
    told = tours().get(slug)
    if told is None:
        raise HTTPException(404, f"There is no story of that name; there are: {', '.join((*tours(), LESSON))}.")
    names = list(tours())
    after = names[(names.index(slug) + 1) % len(names)]

    def make(store: Store) -> dict[str, Any]:
        return {"told": told, "steps": [step(store, s) for s in told["steps"]], "after": (after, tours()[after])}

    return page(site, request, "story.html", make)


def terms(site: Site, request: Request) -> Response:
    """The glossary."""
    return page(site, request, "glossary.html", lambda store: {"terms": glossary()})
