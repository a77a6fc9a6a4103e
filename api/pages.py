"""The pages: an address for every thing, the lawyer's pages, search, and what the graph says about itself.

Every address answers GET and HEAD. A page depends on the release, the address and nothing else, so its ETag is made of
these, and pages are kept once rendered.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path as File
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.templating import Jinja2Templates

from api import congress, negotiation, provisions, search, things
from graph import answers, citation, iri, ledger, queries, timeline
from graph.naming import name
from graph.records import Path
from graph.store import Embedded, Store, ask_for, bind, query_text
from graph.vocabulary import ONTOLOGY, PREFIXES

HERE = File(__file__).parent

KEPT = 256
"""Rendered pages kept in memory."""

TEMPLATES = {
    "slot": "code.html", "version": "code.html", "provision": "provision.html", "law": "law.html", "law-section": "law.html",
    "order": "law.html", "bill": "bill.html", "vote": "vote.html", "person": "person.html", "organization": "organization.html",
    "case": "case.html", "document": "document.html", "claim": "claim.html", "effect": "effect.html",
    "exemption": "exemption.html", "graph": "graph.html", "source": "source.html", "family": "source.html",
}  # fmt: skip


class Site(NamedTuple):
    """What handlers need: the store of now, the templates, and the pages rendered so far."""

    store_of: Callable[[], Store]
    templates: Jinja2Templates
    kept: dict[tuple[str, str], bytes]


def mount(app: FastAPI, store_of: Callable[[], Store], templates: Jinja2Templates) -> None:
    """Put all pages into `app`; the addresses of things come last, because they take what is left."""
    site = Site(store_of, templates, {})
    for address, handler in ROUTES:
        app.add_route(address, partial(handler, site), methods=["GET"], include_in_schema=False)


def templates() -> Jinja2Templates:
    """The templates, with what they may call."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=things.long_day,
        name=lambda value: name(iri.path(value)),
        href=href,
        shown=things.shown,
        path=iri.path,
        sentence=sentence,
        cite=unbroken,
    )
    environment.globals.update(
        letters=things.LETTERS, kind_of=things.kind_of, formats=negotiation.OFFERED, spans=timeline.spans, iri_of=iri.of
    )
    return Jinja2Templates(env=environment)


def href(value: str | None) -> str:
    """An address that may stand in a link: one of ours as a path, a web address as it is, anything else none at all.

    >>> href("https://w3id.org/section230/us/pl/115/164"), href("https://www.congress.gov/x"), href("javascript:alert(1)")
    ('/us/pl/115/164', 'https://www.congress.gov/x', '')
    >>> href("/org/a?b")
    '/org/a%3Fb'
    """
    path = iri.path(value or "")
    if path.startswith("/") and not path.startswith("//"):
        return quote(path, safe="/@;:,()!*'$&+=~-._%#" if path.startswith("/ontology#") else "/@;:,()!*'$&+=~-._%")
    return path if re.match(r"https?://[^\s\"'<>]+$", path) else ""


def sentence(text: str) -> str:
    """A note as a sentence: a capital first, a stop last.

    >>> sentence("asked again"), sentence("House 388-25 (roll 91).")
    ('Asked again.', 'House 388-25 (roll 91).')
    """
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "”", '"')) or not text else ".")


def unbroken(text: str) -> str:
    """A citation that is not broken after its section mark or reporter.

    >>> unbroken("47 U.S.C. § 230(e)(5)").count(chr(160))
    3
    """
    return re.sub(r"(?<=U\.S\.C\.) |(?<=§) |(?<=\d) (?=U\.S\.C\.)|(?<=Pub\. L\.) |(?<=H\.R\.) |(?<=\bS\.) (?=\d)", "\u00a0", text)


# --- answering -------------------------------------------------------------------------------------------------------


def is_fresh(request: Request, etag: str) -> bool:
    """Whether the reader has this answer already (RFC 9110, section 13.1.2; weak comparison)."""
    known = request.headers.get("if-none-match", "")
    bare = etag.removeprefix("W/")
    return known == "*" or bare in {part.strip().removeprefix("W/") for part in known.split(",")}


@cache
def code_digest() -> str:
    """A digest of templates and code: a page changes with them, not only with the release."""
    files = sorted([*HERE.glob("*.py"), *HERE.glob("templates/*"), *HERE.glob("static/*")])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()[:8]


def headers_for(store: Store, request: Request, format: str) -> dict[str, str]:
    """ETag by release, address and format, and what caches must know."""
    about = f"{store.name} {code_digest()} {format} {request.url.path}?{request.url.query}"
    etag = f'W/"{hashlib.sha256(about.encode()).hexdigest()[:16]}"'
    return {"ETag": etag, "Vary": "Accept", "Cache-Control": "no-cache"}


def page(
    site: Site, request: Request, template: str, make: Callable[[Store], Mapping[str, Any]], status: int = 200
) -> Response:
    """An HTML page; `make` collects what the template shows and is only called where nothing is kept."""
    store = site.store_of()
    headers = headers_for(store, request, "html")
    if status == 200 and is_fresh(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    key = store.name, headers["ETag"]
    body = site.kept.get(key)
    if body is None:
        context = {**frame(store, request), **make(store)}
        body = site.templates.get_template(template).render(context).encode("utf-8", "replace")
        if status == 200:
            if len(site.kept) >= KEPT:
                site.kept.pop(next(iter(site.kept)), None)
            site.kept[key] = body
    return Response(body, status, headers, "text/html; charset=utf-8")


def frame(store: Store, request: Request) -> dict[str, Any]:
    """What every page shows: where we are, and up to which day it speaks."""
    return {
        "request": request,
        "here": request.url.path,
        "today": answers.today(store),
        "known_through": answers.known_through(store),
        "release": store.name,
    }


def see(address: str) -> Response:
    """See Other (RFC 9110, section 15.4.4): the thing asked for is shown at another address."""
    return RedirectResponse(href(address), 303, {"Vary": "Accept"})


# --- things ----------------------------------------------------------------------------------------------------------


def thing(site: Site, request: Request) -> Response:
    """The page, or the triples, of whatever thing has this address."""
    path, ending = negotiation.split_ending(request.url.path.rstrip("/"))
    if not things.is_thing(path):
        raise HTTPException(404, "There is no page at this address.")
    path = unquoted(path)
    form = ending or negotiation.choose(request.headers.get("accept"))
    if form is None:
        raise HTTPException(406, unacceptable(path))
    store = site.store_of()
    if asked := request.query_params.get("date"):
        return see(dated(store, path, asked))
    elsewhere = redirect(store, path)
    if elsewhere:
        return see(elsewhere if ending is None else f"{elsewhere}.{ending.name}")
    if not known(store, path):
        return missing(site, request, path)
    if form is not negotiation.HTML:
        return triples(store, request, path, form)
    return page(site, request, TEMPLATES.get(things.kind_of(path).key, "thing.html"), partial(thing_context, path=path))


def unquoted(path: str) -> Path:
    """The path as it stands in our IRIs: what the server has decoded and no IRI may hold is encoded again."""
    return iri.path(iri.of(path))


def unacceptable(path: Path) -> str:
    """What there is, for a reader who wants something else."""
    there = ", ".join(f"{form.media_type} ({path}.{form.name})" for form in negotiation.OFFERED[1:])
    return f"This thing comes as text/html ({path}), {there}."


def dated(store: Store, path: Path, asked: str) -> Path:
    """The address of what stood in a designation on a day. Raises `answers.Malformed`."""
    day = answers.read_day(asked, answers.today(store))
    slot = iri.split_day(path)[0]
    if not slot.startswith("/us/usc/"):
        return path
    found = answers.stood(store, slot, day)
    return found.version.path if found.version else iri.at(slot, day)


def redirect(store: Store, path: Path) -> Path:
    """Where an address leads that is not a thing's own: a day to the version that held, a short form to the full one."""
    kind = things.kind_of(path).key
    slot, day = iri.split_day(path)
    if kind == "version" and re.fullmatch(r"\d{4}-\d{2}-\d{2}|today", day):
        where = dated(store, slot, day)
        return where if where != path else ""
    if kind == "law-section" and not things.exists(store, path):
        fitting = congress.fitting_sections(store, path)
        return fitting[0] if len(fitting) == 1 else ""
    if kind == "provision":
        replaced = ask_for(store, "replaced_by", provision=path)
        return iri.path(replaced[0]["now"]) if replaced else ""
    return ""


def known(store: Store, path: Path) -> bool:
    """Whether a thing exists, or did; a day is known where its designation is."""
    slot, day = iri.split_day(path)
    if path.startswith("/us/usc/") and day and not day.startswith("undated"):
        return things.exists(store, slot)
    if path.startswith("/graph/"):
        return path == "/graph/merged" or bool(ask_for(store, "graph_description", graph=path))
    return things.exists(store, path) or bool(ask_for(store, "graphs_of", thing=path))


def triples(store: Store, request: Request, path: Path, form: negotiation.Format) -> Response:
    """What is said of a thing as a graph; of a named graph, what it says."""
    import pyoxigraph as ox

    headers = headers_for(store, request, form.name)
    if is_fresh(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    query, terms = ("graph_content", {"graph": path}) if path.startswith("/graph/") else ("description", {"thing": path})
    kind = queries.GRAPHS[form.name]
    found = dict.fromkeys(sorted(store.construct(bind(query_text(query), terms)), key=str))
    prefixes = {} if form is negotiation.N_TRIPLES else {"prefixes": PREFIXES}
    body = ox.serialize(found, format=kind, **prefixes)
    return Response(body, 200, headers, form.media_type)


def missing(site: Site, request: Request, path: Path) -> Response:
    """404, with what helps: near misses, the sections a short form may mean, or that a section is not loaded."""
    store = site.store_of()
    kind = things.kind_of(path).key
    section = ledger.section_of(iri.split_day(path)[0])
    is_unloaded = kind in ("slot", "version") and not things.exists(store, section)
    choices: list[tuple[Path, str]] = []
    if kind == "law-section":
        choices = [(p, name(p)) for p in congress.fitting_sections(store, path)]
    near = choices or near_misses(store, path, section, is_unloaded)
    is_page = negotiation.choose(request.headers.get("accept")) is negotiation.HTML
    if not is_page or negotiation.split_ending(request.url.path)[1]:
        hint = f" Near it: {', '.join(label for _, label in near)}." if near else ""
        raise HTTPException(404, f"{name(path)} is {'not loaded' if is_unloaded else 'not known'} here.{hint}")
    context = {"path": path, "label": name(path), "near": near, "is_unloaded": is_unloaded, "is_ambiguous": len(choices) > 1}
    return page(site, request, "missing.html", lambda store: context, 404)


def near_misses(store: Store, path: Path, section: Path, is_unloaded: bool) -> list[tuple[Path, str]]:
    """Addresses that exist and are like the one asked for."""
    if path.startswith("/us/usc/") and not is_unloaded:
        line = answers.timeline_of(store, section)
        return [(slot, citation.label(slot)) for slot in timeline.near_misses(line, iri.split_day(path)[0])]
    return search.near(store, path)


def thing_context(store: Store, path: Path) -> dict[str, Any]:
    """What the page of a thing shows."""
    kind = things.kind_of(path).key
    if kind in ("slot", "version"):
        return code_context(store, path)
    found = things.load(store, path)
    context: dict[str, Any] = {"thing": found}
    match kind:
        case "law" | "law-section" | "order":
            context |= congress.law(store, path)
        case "bill":
            context |= congress.bill(store, path)
        case "person":
            context |= congress.person(store, path)
        case "vote":
            context |= {"positions": congress.votes(found)}
        case "document":
            context |= congress.document(store, path)
        case "provision":
            context |= provision_context(store, path)
        case "case":
            context |= {"construes": ask_for(store, "construes", case=path), "stances": ask_for(store, "stances", thing=path)}
        case "graph":
            context |= graph_context(store, path)
        case "source":
            context |= {"graphs": ask_for(store, "graphs_from", document=path)}
        case "family":
            context |= {"graphs": ask_for(store, "graphs_of_family", family=path)}
        case _:
            context |= {"stances": ask_for(store, "stances", thing=path)}
    return {"incoming": ask_for(store, "incoming", thing=path), **context}


def code_context(store: Store, path: Path) -> dict[str, Any]:
    """A designation on the coverage day, or a version on its first day."""
    slot, day = iri.split_day(path)
    when = day if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) else answers.today(store) or ""
    context = provisions.standing(store, slot, when)
    standing = context["standing"]
    about = [path, *([context["provision"]] if standing.status == "ok" else [])]
    if standing.status == "ok" and standing.version:
        about += [standing.version.path, f"{standing.version.path}/en", *(f"/effect/{e}" for e in standing.version.begun_by)]
    found = things.load(store, standing.version.path if day and standing.version else slot)
    found = found._replace(path=path, label=citation.label(slot), sources=tuple(things.sources(store, dict.fromkeys(about))))
    return {"thing": found, "slot": slot, "asked_day": when if day else "", "incoming": [], **context}


def provision_context(store: Store, path: Path) -> dict[str, Any]:
    """A provision: where it stands, where it stood, in which words when."""
    slot = iri.split_day(path.removeprefix("/provision"))[0]
    line = answers.timeline_of(store, ledger.section_of(slot))
    past = [b for b in line.bindings if b.provision == path]
    return {
        "past": past,
        "now": next((b.slot for b in past if b.valid_to is None), None),
        "versions": [v for v in line.versions if v.provision == path],
        "made_by": [provisions.effect_row(effect) for effect in timeline.life(line, path)],
        "cases": provisions.construed_by(store, path),
        "bearing": ask_for(store, "bearing", provision=path),
        "exempts": answers.exemptions(store, path),
        "stances": ask_for(store, "stances", thing=path),
    }


def graph_context(store: Store, path: Path) -> dict[str, Any]:
    """A named graph: what `/graph/meta` says of it, and its first statements by thing."""
    by_thing: dict[str, list[dict[str, str]]] = {}
    rows = ask_for(store, "graph_statements", graph=path)
    for row in sorted(rows, key=lambda row: (row["thing"], row["predicate"], row["value"])):
        by_thing.setdefault(row["thing"], []).append(row)
    described = [
        things.Property(
            things.local_name(row["predicate"]),
            row.get("predicateLabel") or things.words_of(row["predicate"]),
            row["predicate"],
            (things.Value(*things.shown(row["value"], row.get("label"))),),
        )
        for row in ask_for(store, "graph_description", graph=path)
    ]
    size = int(ask_for(store, "graph_size", graph=path)[0]["size"])
    return {"described": described, "statements": by_thing, "size": size, "incoming": []}


# --- the lawyer's pages ----------------------------------------------------------------------------------------------


def trace(site: Site, request: Request) -> Response:
    """The chain behind a provision; without an address, the form that asks for one."""
    return lawyer_page(site, request, "/trace", "trace.html", lambda store, slot: {"answer": answers.trace(store, slot)})


def bar(site: Site, request: Request) -> Response:
    """The versions of what stood in a designation, as a bar and as a table."""

    def make(store: Store, slot: Path) -> dict[str, Any]:
        line = answers.timeline_of(store, ledger.section_of(slot))
        here = {b.provision for b in line.bindings if b.slot == slot}
        made = [provisions.effect_row(effect) for p in sorted(here) for effect in timeline.life(line, p)]
        bearing = [row for p in sorted(here) for row in ask_for(store, "bearing", provision=p)]
        spans = provisions.bar(line, slot) if here else []
        return {"spans": spans, "made_by": made, "bearing": bearing, "near": timeline.near_misses(line, slot)}

    return lawyer_page(site, request, "/timeline", "timeline.html", make)


def lawyer_page(
    site: Site, request: Request, base: str, template: str, make: Callable[[Store, Path], dict[str, Any]]
) -> Response:
    """A page about one designation, whose address ends in that of the designation; a citation in `cite` leads there."""
    if cite := request.query_params.get("cite", "").strip():
        asked = answers.target(cite)
        return see(base + (asked.slot or asked.choices[0]))
    slot = iri.split_day(unquoted(request.path_params.get("slot", "/")))[0].rstrip("/")
    if slot and not slot.startswith(("/us/usc/", "/provision/")):
        raise HTTPException(404, f"{name(slot)} is no provision of the Code.")

    def collect(store: Store) -> dict[str, Any]:
        if not slot:
            return {"slot": "", "label": ""}
        if not known(store, slot):
            raise HTTPException(404, f"{name(slot)} is not known here.")
        return {"slot": slot, "label": name(slot), "crumbs": provisions.crumbs(slot), **make(store, slot)}

    return page(site, request, template, collect)


# --- finding, and what the graph says of itself ----------------------------------------------------------------------


def home(site: Site, request: Request) -> Response:
    """The way in."""

    def make(store: Store) -> dict[str, Any]:
        sections = provisions.loaded_sections(store)
        return {
            "counts": {row["label"]: int(row["count"]) for row in ask_for(store, "classes")},
            "families": ask_for(store, "families"),
            "sections": sections,
            "with_text": sum(sections.values()),
            "versions": enactments(store, "/us/usc/t47/s230"),
        }

    return page(site, request, "home.html", make)


def enactments(store: Store, section: Path) -> list[dict[str, Any]]:
    """The versions of a section, oldest first, each with the laws that made it."""
    line = answers.timeline_of(store, section)
    made = []
    for version in sorted((v for v in line.versions if v.slot == section), key=lambda v: v.valid_from):
        laws = dict.fromkeys(ledger.law_of(line.effects[e].agent) for e in version.begun_by if e in line.effects)
        rows = [(law, *ask_for(store, "law", law=law)[:1]) for law in laws]
        made.append({"version": version, "laws": [{"path": law, **(found[0] if found else {})} for law, *found in rows]})
    return made


def finding(site: Site, request: Request) -> Response:
    """What matches a question, grouped by kind."""
    text = request.query_params.get("q", "").strip()[:200]
    kind = request.query_params.get("kind", "")
    return page(
        site,
        request,
        "search.html",
        lambda store: {"text": text, "only": kind, "groups": search.search(store, text, kind, 200 if kind else 8) if text else []},
    )


def about(site: Site, request: Request) -> Response:
    """Method, coverage, limits."""
    return page(site, request, "about.html", lambda store: {"families": ask_for(store, "families")})


def ontology(site: Site, request: Request) -> Response:
    """The vocabulary: as a page, or as Turtle."""
    path, ending = negotiation.split_ending(request.url.path)
    form = ending or negotiation.choose(request.headers.get("accept"), (negotiation.HTML, negotiation.TURTLE))
    if form is negotiation.TURTLE:
        headers = headers_for(site.store_of(), request, "ttl")
        return FileResponse(ONTOLOGY, headers=headers, media_type="text/turtle; charset=utf-8")
    if form is not negotiation.HTML:
        raise HTTPException(406, "The vocabulary comes as text/html (/ontology) and text/turtle (/ontology.ttl).")
    if path == "/ns":
        return see("/ontology")
    return page(site, request, "ontology.html", vocabulary)


def vocabulary(store: Store) -> dict[str, Any]:
    """The terms of our vocabulary: classes, properties, and schemes with their concepts."""
    terms: dict[str, dict[str, Any]] = {}
    for row in ask_for(store, "vocabulary"):
        entry = terms.setdefault(row["term"], {**row, "key": things.local_name(row["term"]), "examples": {}})
        if "example" in row:
            entry["examples"][row["example"]] = None
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for entry in terms.values():
        by_kind.setdefault(things.local_name(entry["kind"]), []).append(entry)
    properties = [e for k in ("ObjectProperty", "DatatypeProperty", "Property") for e in by_kind.get(k, [])]
    schemes = [
        (scheme, [c for c in by_kind.get("Concept", []) if c.get("scheme") == scheme["term"]])
        for scheme in by_kind.get("ConceptScheme", [])
    ]
    return {
        "classes": by_kind.get("Class", []),
        "properties": sorted(properties, key=lambda e: e["label"]),
        "schemes": schemes,
        "prefixes": PREFIXES,
    }


def examples(site: Site, request: Request) -> Response:
    """The named queries, each ready to run."""
    return page(site, request, "queries.html", lambda store: {"examples": [queries.load(known) for known in queries.names()]})


def data(site: Site, request: Request) -> Response:
    """The dump with its checksum, licences, how to cite."""

    def make(store: Store) -> dict[str, Any]:
        from graph import release

        if not isinstance(store, Embedded):
            return {"dump": None, "about": {}, "families": ask_for(store, "families")}
        file = store.release / "dump.nq.gz"
        size = file.stat().st_size if file.is_file() else 0
        return {"dump": size, "about": release.description(store.release), "families": ask_for(store, "families")}

    return page(site, request, "data.html", make)


def dump(site: Site, request: Request) -> Response:
    """The whole graph, every named graph and the merged one, as compressed N-Quads."""
    store = site.store_of()
    file = store.release / "dump.nq.gz" if isinstance(store, Embedded) else None
    if file is None or not file.is_file():
        raise HTTPException(404, "This service reads a SPARQL endpoint and has no dump of its own.")
    return FileResponse(file, media_type="application/gzip", filename=f"section230-{store.name}.nq.gz")


def report(site: Site, request: Request) -> Response:
    """A text to copy for whoever found an error in a record."""
    path = unquoted(iri.path(request.query_params.get("thing", "")[:300]))

    def make(store: Store) -> dict[str, Any]:
        found = things.load(store, path) if things.is_thing(path) and known(store, path) else None
        return {"reported": found}

    return page(site, request, "report.html", make)


def reference(site: Site, request: Request) -> Response:
    """The paths of the JSON API, from its OpenAPI description; nothing is loaded from another host."""
    paths = request.app.openapi()["paths"]
    return page(site, request, "docs.html", lambda store: {"paths": paths})


def health(site: Site, request: Request) -> Response:
    """The process answers."""
    return Response('{"status": "ok"}', media_type="application/json", headers={"Cache-Control": "no-store"})


def ready(site: Site, request: Request) -> Response:
    """The store answers; 503 where it does not."""
    store = site.store_of()
    ask_for(store, "coverage")
    return Response(
        f'{{"status": "ok", "release": "{store.name}"}}', media_type="application/json", headers={"Cache-Control": "no-store"}
    )


ROUTES: tuple[tuple[str, Callable[[Site, Request], Response]], ...] = (
    ("/", home),
    ("/search", finding),
    ("/about", about),
    ("/ontology", ontology),
    ("/ontology.ttl", ontology),
    ("/ns", ontology),
    ("/ns.ttl", ontology),
    ("/queries", examples),
    ("/data", data),
    ("/data/dump.nq.gz", dump),
    ("/report", report),
    ("/docs", reference),
    ("/healthz", health),
    ("/readyz", ready),
    ("/trace", trace),
    ("/trace{slot:path}", trace),
    ("/timeline", bar),
    ("/timeline{slot:path}", bar),
    ("/{path:path}", thing),
)
