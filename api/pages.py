"""The pages that are no thing's: home, search, the lawyer's pages, and what the graph says about itself."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path as File
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.templating import Jinja2Templates

from api import (
    addresses,
    bills,
    cases,
    editor,
    gaps,
    negotiation,
    ontology,
    provisions,
    search,
    self_description,
    stories,
    things,
)
from api.rendering import Site, headers_for, page, see
from data import ROOT
from graph import answers, iri, ledger, queries, redline, timeline
from graph import release as releases
from graph.naming import name
from graph.records import Path
from graph.store import Embedded, Store, ask_for, query_text


def mount(app: FastAPI, store_of: Callable[[], Store], templates: Jinja2Templates) -> None:
    """Put all pages into `app`; the addresses of things come last, because they take what is left."""
    site = Site(store_of, templates, {})
    for address, handler in ROUTES:
        app.add_route(address, partial(handler, site), methods=["GET"], include_in_schema=False)


# --- the lawyer's pages ----------------------------------------------------------------------------------------------


def trace(site: Site, request: Request) -> Response:
    """The chain behind a provision; without an address, the form that asks for one."""

    def make(store: Store, slot: Path) -> dict[str, Any]:
        return {"answer": answers.trace(store, slot)}

    return lawyer_page(site, request, "/trace", "trace.html", make)


def bar(site: Site, request: Request) -> Response:
    """The versions of what stood in a designation, as a bar and as a table: enacted, effective, and what is pending."""

    def make(store: Store, slot: Path) -> dict[str, Any]:
        first = iri.split_day(slot.removeprefix("/provision"))[0]
        line = answers.timeline_of(store, ledger.section_of(first))
        here = {b.provision for b in line.bindings if slot in (b.slot, b.provision)}
        made = [provisions.effect_row(effect) for p in sorted(here) for effect in timeline.life(line, p)]
        bearing = {row["bill"]: row for p in sorted(here) for row in provisions.bearing(store, line, p)}
        pending = {p: len(answers.pending(store, line, p)) for p in here}
        bars = provisions.bar(line, here)
        return {"spans": bars, "made_by": made, "bearing": list(bearing.values()), "pending": pending}

    return lawyer_page(site, request, "/timeline", "timeline.html", make)


def compare(site: Site, request: Request) -> Response:
    """A redline between any two days, inline or side by side, whole or only what changed.

    Unless asked otherwise it goes from the first day known to the coverage day.
    """

    def make(store: Store, slot: Path) -> dict[str, Any]:
        line = answers.timeline_of(store, ledger.section_of(slot))
        known = [b.valid_from for b in line.bindings if b.slot == slot]
        asked = {key: request.query_params.get(key, "") for key in ("view", "show")}
        first = request.query_params.get("from") or min(known, default=answers.today(store) or "")
        answer = redline.diff(store, slot, first, request.query_params.get("to") or "today")
        parts = answer.get("parts", [])
        changed = [part for part in parts if part["change"] != "same" or part["moved"]]
        is_worded = any(part["words"] is not None for part in parts)
        return {
            "answer": answer,
            "parts": parts if is_worded and asked["show"] != "changed" else changed,
            "is_worded": is_worded,
            "days": sorted({b.valid_from for b in line.bindings if b.slot == slot or b.slot.startswith(f"{slot}/")}),
            "asked": asked,
        }

    return lawyer_page(site, request, "/compare", "compare.html", make)


def blame(site: Site, request: Request) -> Response:
    """Each stretch of words with its enactment in the margin."""

    def make(store: Store, slot: Path) -> dict[str, Any]:
        return {"answer": redline.blame(store, slot, request.query_params.get("date") or "today")}

    return lawyer_page(site, request, "/blame", "blame.html", make)


def lawyer_page(
    site: Site, request: Request, base: str, template: str, make: Callable[[Store, Path], dict[str, Any]]
) -> Response:
    """A page about one designation, whose address ends in that of the designation; a citation in `cite` leads there."""
    if cite := request.query_params.get("cite", "").strip():
        asked = answers.target(cite)
        return see(base + (asked.slot or asked.choices[0]))
    slot = addresses.encoded(request.path_params.get("slot", "/")).rstrip("/")
    if slot.startswith("/us/usc/"):
        slot = iri.split_day(slot)[0]
    if slot and not slot.startswith(("/us/usc/", "/provision/")):
        raise HTTPException(404, f"{name(slot)} is no provision of the Code.")

    def collect(store: Store) -> dict[str, Any]:
        if not slot:
            return {"slot": "", "label": ""}
        if not addresses.known(store, slot):
            raise HTTPException(404, f"{name(slot)} is not known here.")
        return {"slot": slot, "label": name(slot), **make(store, slot)}

    return page(site, request, template, collect)


# --- finding, and what the graph says of itself ----------------------------------------------------------------------


def home(site: Site, request: Request) -> Response:
    """The way in."""

    def make(store: Store) -> dict[str, Any]:
        sections = provisions.loaded_sections(store)
        return {
            "counts": {row["label"]: int(row["count"]) for row in ask_for(store, "classes")},
            "sections": sections,
            "with_text": sum(sections.values()),
            "versions": enactments(store, "/us/usc/t47/s230"),
            "tours": stories.tours(),
            "gaps": gaps.on_terms(store, ("s230:Bill", "s230:Case", "s230:Enactment")),
        }

    return page(site, request, "home.html", make)


def enactments(store: Store, section: Path) -> list[dict[str, Any]]:
    """The versions of a section, oldest first, each with the laws that made it."""
    line = answers.timeline_of(store, section)
    made = []
    for version in sorted((v for v in line.versions if v.slot == section), key=lambda v: v.valid_from):
        laws = dict.fromkeys(ledger.law_of(line.effects[e].agent) for e in version.begun_by if e in line.effects)
        named = [{"path": law, **row} for law in laws for row in ask_for(store, "law", law=law)[:1]]
        made.append({"version": version, "laws": named})
    return made


def finding(site: Site, request: Request) -> Response:
    """What matches a question, grouped by kind."""
    text = request.query_params.get("q", "").strip()[:200]
    kind = request.query_params.get("kind", "")

    def make(store: Store) -> dict[str, Any]:
        return {"text": text, "groups": search.search(store, text, kind, 200 if kind else 8)}

    return page(site, request, "search.html", make)


def about(site: Site, request: Request) -> Response:
    """Method, coverage, limits, gaps, corrections."""

    def make(store: Store) -> dict[str, Any]:
        return {
            "families": ask_for(store, "families"),
            "gaps": gaps.known(store),
            "corrections": corrections(),
            "sections": provisions.loaded_sections(store),
            "noted": {row["verdict"]: int(row["effects"]) for row in ask_for(store, "noted")},
            "relevances": Counter(measure.relevance for measure in bills.measures(store)),
            "meanings": bills.RELEVANCES,
        }

    return page(site, request, "about.html", make)


def corrections(file: File = ROOT / "corrections.csv") -> list[dict[str, str]]:
    """The log of corrections, newest first: what a record said, what it says now, since when and why."""
    with file.open(encoding="utf-8", newline="") as rows:
        return sorted(csv.DictReader(rows), key=lambda row: row["date"], reverse=True)


def examples(site: Site, request: Request) -> Response:
    """The named queries by the kind of reader they are for, each ready to run."""
    return page(site, request, "queries.html", lambda store: {"groups": editor.groups()})


def example(site: Site, request: Request) -> Response:
    """One named query and its answer: as a page, as CSV or as JSON."""
    named, _, ending = request.path_params["name"].partition(".")
    if ending not in ("", "csv", "json"):
        raise HTTPException(406, "The answer comes as a page, as .csv and as .json.")
    try:
        asked = queries.load(named)
    except queries.BadQuery as error:
        raise HTTPException(404, str(error)) from None
    store = site.store_of()
    if ending:
        kind = {"csv": "text/csv", "json": "application/sparql-results+json"}[ending]
        body = queries.answer(store, asked.text, ending)
        return Response(body, headers=headers_for(store, request, ending), media_type=kind)

    def make(store: Store) -> dict[str, Any]:
        found = json.loads(queries.answer(store, asked.text, "json"))
        rows = [
            {column: things.shown(term["value"]) for column, term in row.items()}
            for row in found["results"]["bindings"]
        ]
        bearing = gaps.on_query(store, asked.text)
        return {"example": asked, "columns": found["head"]["vars"], "rows": rows, "gaps": bearing}

    return page(site, request, "example.html", make)


def data(site: Site, request: Request) -> Response:
    """The dump with its checksum, licences, how to cite."""

    def make(store: Store) -> dict[str, Any]:
        sources = ask_for(store, "families")
        if not isinstance(store, Embedded):
            return {"dump": None, "about": {}, "sources": sources}
        file = store.release / "dump.nq.gz"
        size = file.stat().st_size if file.is_file() else 0
        about = releases.description(store.release)
        return {"dump": size, "sha256": digest(file) if size else "", "about": about, "sources": sources}

    return page(site, request, "data.html", make)


@lru_cache(maxsize=4)
def digest(file: File) -> str:
    """The SHA-256 of a file of a release, which never changes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def dump(site: Site, request: Request) -> Response:
    """The whole graph, every named graph and the merged one, as compressed N-Quads."""
    store = site.store_of()
    file = store.release / "dump.nq.gz" if isinstance(store, Embedded) else None
    if file is None or not file.is_file():
        raise HTTPException(404, "This service reads a SPARQL endpoint and has no dump of its own.")
    return FileResponse(file, media_type="application/gzip", filename=f"section230-{store.name}.nq.gz")


def report(site: Site, request: Request) -> Response:
    """A text to copy for whoever found an error in a record."""
    path = addresses.encoded(iri.path(request.query_params.get("thing", "")[:300]))

    def make(store: Store) -> dict[str, Any]:
        found = things.load(store, path) if things.is_thing(path) and addresses.known(store, path) else None
        return {"reported": found}

    return page(site, request, "report.html", make)


def reference(site: Site, request: Request) -> Response:
    """The paths of the JSON API, from its OpenAPI description; nothing is loaded from another host."""
    paths = request.app.openapi()["paths"]
    return page(site, request, "docs.html", lambda store: {"paths": paths})


def health(site: Site, request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def ready(site: Site, request: Request) -> Response:
    """The store answers; 503 where it does not."""
    store = site.store_of()
    store.select(query_text("coverage"))
    return JSONResponse({"status": "ok", "release": store.name}, headers={"Cache-Control": "no-store"})


ROUTES: tuple[tuple[str, Callable[[Site, Request], Response]], ...] = (
    ("/", home),
    ("/search", finding),
    ("/stories", stories.index),
    ("/stories/{slug}", stories.story),
    ("/glossary", stories.terms),
    ("/bills", bills.table),
    ("/bills.csv", bills.table),
    ("/bills.json", bills.table),
    ("/cases", cases.table),
    ("/cases.csv", cases.table),
    ("/about", about),
    ("/ontology", ontology.ontology),
    ("/ontology.ttl", ontology.ontology),
    ("/ontology/{term}", ontology.concept),
    ("/ns", ontology.ontology),
    ("/ns.ttl", ontology.ontology),
    ("/void", self_description.void),
    *((f"/void.{form.name}", self_description.void) for form in negotiation.OFFERED[1:]),
    ("/.well-known/void", self_description.well_known),
    ("/shapes", self_description.shapes_page),
    ("/shapes.ttl", self_description.shapes_page),
    ("/shapes/report", self_description.shapes_report),
    *((f"/shapes/report.{form.name}", self_description.shapes_report) for form in negotiation.OFFERED[1:]),
    ("/sparql/editor", editor.editor),
    *((f"/sparql/editor/{name}", editor.yasqe) for name in editor.YASQE_FILES),
    ("/queries", examples),
    ("/queries/{name:path}", example),
    ("/data", data),
    ("/data/dump.nq.gz", dump),
    ("/report", report),
    ("/docs", reference),
    ("/healthz", health),
    ("/readyz", ready),
    ("/trace", trace),
    ("/trace{slot:path}", trace),
    ("/compare", compare),
    ("/compare{slot:path}", compare),
    ("/blame", blame),
    ("/blame{slot:path}", blame),
    ("/timeline", bar),
    ("/timeline{slot:path}", bar),
    ("/{path:path}", addresses.thing),
)
