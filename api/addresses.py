"""The addresses of things: the page or the triples of what stands at an address, and where it leads if elsewhere.

Path = IRI minus base (TIME, rule 1). A designation shows what stands there on the coverage day; a day behind ``@``
leads to the version that held; a short form of a section of a law to the full one; 404 is for what never existed.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any, NamedTuple

import pyoxigraph as ox
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api import congress, gaps, negotiation, provisions, search, tabular, things
from api.rendering import Site, headers_for, is_fresh, kept, page, see
from graph import answers, citation, iri, ledger, queries, timeline
from graph.naming import name
from graph.records import Day, Path
from graph.store import Store, ask_for, bind, noting, query_text
from graph.vocabulary import PREFIXES

TEMPLATES = {
    "slot": "code", "version": "code", "law-section": "law", "order": "law", "family": "source", "thing": "thing",
}  # fmt: skip
"""The template of a kind of thing, where it is not named after the kind."""

DESCRIPTIONS = {"graph": "graph_content", "source": "description_in_meta", "family": "description_in_meta"}
"""The query that describes a kind of thing as a graph, where it is not in the merged graph that it stands."""


DATED = ("bill", "person")
"""The kinds whose page tells how things stood on a day; a provision has an address for each day instead."""


def thing(site: Site, request: Request) -> Response:
    """The page, or the triples, of whatever thing has this address."""
    path, ending = negotiation.split_ending(request.url.path.rstrip("/"))
    if not things.is_thing(path):
        raise HTTPException(404, "There is no page at this address.")
    path = encoded(path)
    form = ending or negotiation.choose(request.headers.get("accept"), negotiation.OF_A_THING)
    if form is None:
        raise HTTPException(406, unacceptable(path))
    store = site.store_of()
    day = request.query_params.get("date", "")
    if day and things.kind_of(path).key not in DATED:
        return see(dated(store, path, day))
    elsewhere = redirect(store, path)
    if elsewhere:
        return see(elsewhere if ending is None else f"{elsewhere}.{ending.name}")
    if not known(store, path):
        return missing(site, request, path)
    if form is negotiation.CSV:
        return statements(site, request, path)
    if form is not negotiation.HTML:
        is_status = path.startswith("/us/usc/") and not things.exists(store, path)
        return triples(site, request, iri.split_day(path)[0] if is_status else path, form)
    kind = things.kind_of(path).key
    if day:
        day = answers.read_day(day, answers.today(store))
    return page(site, request, f"{TEMPLATES.get(kind, kind)}.html", partial(page_of, path=path, day=day))


def encoded(path: str) -> Path:
    """The path as it stands in our IRIs: what the server has decoded and no IRI may hold is encoded again."""
    return iri.path(iri.of(path))


def unacceptable(path: Path) -> str:
    """What there is, for a reader who wants something else."""
    there = ", ".join(f"{form.media_type} ({path}.{form.name})" for form in negotiation.OF_A_THING[1:])
    return f"This thing comes as text/html ({path}), {there}."


def dated(store: Store, path: Path, asked: str) -> Path:
    """The address of what stood in a designation on a day. Raises `answers.Malformed`."""
    day = answers.read_day(asked, answers.today(store))
    slot = iri.split_day(path)[0]
    if path.startswith("/provision/"):
        found = answers.stood(store, path, day)
        return found.version.path if found.version else path
    if not slot.startswith("/us/usc/"):
        return path
    found = answers.stood(store, slot, day)
    return found.version.path if found.version else iri.at(slot, day)


def redirect(store: Store, path: Path) -> Path:
    """Where an address leads that is not a thing's own: a day to its version, a short form to the full one."""
    kind = things.kind_of(path).key
    slot, day = iri.split_day(path)
    if path == "/graph/merged":
        return "/data"
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
    if path.startswith("/us/usc/"):
        slot, day = iri.split_day(path)
        return answers.stood(store, slot, "").status != "unknown-citation" or (bool(day) and things.exists(store, path))
    if path.startswith("/graph/"):
        return bool(ask_for(store, "described", thing=path))
    return things.exists(store, path) or bool(ask_for(store, "graphs_of", thing=path))


def triples(site: Site, request: Request, path: Path, form: negotiation.Format) -> Response:
    """What is said of a thing as a graph; of a named graph, what it says."""
    store = site.store_of()
    headers = headers_for(store, request, form.name)
    if is_fresh(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    query = DESCRIPTIONS.get(things.kind_of(path).key, "description")
    prefixes = None if form is negotiation.N_TRIPLES else PREFIXES

    def serialize() -> bytes:
        found = store.construct(bind(query_text(query), {"graph": path, "thing": path}))
        ordered = dict.fromkeys(sorted(found, key=str))
        return ox.serialize(ordered, None, queries.GRAPHS[form.name], prefixes=prefixes) or b""

    return Response(kept(site, headers["ETag"], serialize), 200, headers, form.media_type)


def statements(site: Site, request: Request, path: Path) -> Response:
    """What is said of a thing as CSV (RFC 4180): property, value, the address of either, and the graphs that say so."""
    store = site.store_of()
    found = things.load(store, path)
    rows = (
        (
            *(iri.of(path), known.label, known.iri, value.text),
            iri.of(value.href) if value.href.startswith("/") else value.href,
            " | ".join(map(iri.of, map(iri.path, value.graphs))),
        )
        for known in found.properties
        for value in known.values
    )
    content = tabular.as_csv(("thing", "property", "property_iri", "value", "value_iri", "graphs"), rows)
    return Response(content, headers=headers_for(store, request, "csv"), media_type="text/csv; charset=utf-8")


def missing(site: Site, request: Request, path: Path) -> Response:
    """404, with what helps: near misses, the sections a short form may mean, or that a section is not loaded."""
    store = site.store_of()
    kind = things.kind_of(path).key
    section = ledger.section_of(iri.split_day(path)[0])
    is_unloaded = kind in ("slot", "version") and not known(store, section)
    choices: list[tuple[Path, str]] = []
    if kind == "law-section":
        choices = [(p, name(p)) for p in congress.fitting_sections(store, path)]
    near = choices or near_misses(store, path, section, is_unloaded)
    is_page = negotiation.choose(request.headers.get("accept")) is negotiation.HTML
    if not is_page or negotiation.split_ending(request.url.path)[1]:
        hint = f" Near it: {', '.join(label for _, label in near)}." if near else ""
        raise HTTPException(404, f"{name(path)} is {'not loaded' if is_unloaded else 'not known'} here.{hint}")
    context = {
        "path": path,
        "label": name(path),
        "near": near,
        "is_unloaded": is_unloaded,
        "is_ambiguous": len(choices) > 1,
        "incoming": ask_for(store, "incoming", thing=path),
    }
    return page(site, request, "missing.html", lambda store: context, 404)


def near_misses(store: Store, path: Path, section: Path, is_unloaded: bool) -> list[tuple[Path, str]]:
    """Addresses that exist and are like the one asked for."""
    if path.startswith("/us/usc/") and not is_unloaded:
        line = answers.timeline_of(store, section)
        return [(slot, citation.label(slot)) for slot in timeline.near_misses(line, iri.split_day(path)[0])]
    return search.near(store, path)


class Asked(NamedTuple):
    """A query behind a page: its name, what it asks, its text as it was asked."""

    name: str
    asks: str
    text: str


def page_of(store: Store, path: Path, day: Day = "") -> dict[str, Any]:
    """What the page of a thing shows, and under ``behind`` the queries that it was made with."""
    with noting() as noted:
        context = thing_context(store, path, day)
    return {**context, "behind": [Asked(name, queries.comment(text), text) for name, text in noted.items()]}


def thing_context(store: Store, path: Path, day: Day = "") -> dict[str, Any]:
    """What the page of a thing shows; of a bill or a person also how they stood on a day."""
    kind = things.kind_of(path).key
    if kind in ("slot", "version"):
        context = code_context(store, path)
        return {"gaps": gaps.on_thing(store, context["thing"]), **context}
    found = things.load(store, path)
    context: dict[str, Any] = {"thing": found}
    match kind:
        case "law" | "law-section" | "order":
            context |= congress.law(store, path)
        case "bill":
            context |= congress.bill(store, path) | {"on_day": congress.bill_on(store, path, day) if day else None}
        case "person":
            context |= congress.person(store, path) | {"on_day": congress.person_on(store, path, day) if day else None}
        case "vote":
            context |= {"positions": congress.votes(found)}
        case "document":
            context |= congress.document(store, path)
        case "provision":
            context |= provision_context(store, path)
        case "case":
            context |= {"construes": ask_for(store, "construes", case=path)}
            context |= {"steps": ask_for(store, "case_steps", case=path)}
            context |= {"stances": ask_for(store, "stances", thing=path)}
        case "exemption":
            context |= exemption_context(store, found)
            context |= {"stances": ask_for(store, "stances", thing=path)}
        case "graph":
            context |= graph_context(store, path)
        case "source":
            context |= {"graphs": ask_for(store, "graphs_from", document=path)}
        case "family":
            context |= {"graphs": ask_for(store, "graphs_of_family", family=path)}
        case _:
            context |= {"stances": ask_for(store, "stances", thing=path)}
    conflicts = things.conflicts(store, path)
    return {
        "incoming": ask_for(store, "incoming", thing=path),
        "conflicts": conflicts,
        "gaps": gaps.on_thing(store, found),
        "as_of": record_day(found),
        **context,
    }


def record_day(found: things.Thing) -> Day:
    """The day through which a thing is known: of a bill that of its own record, else the latest of its sources.

    Another bill's record names a bill as well, and curated words are newer than the record: neither tells its stage.
    """
    own = "/" + "".join(found.path.split("/")[3:]) + "@" if found.kind.key == "bill" else ""
    return max((source.snapshot for source in found.sources if own in source.path), default="")


def code_context(store: Store, path: Path) -> dict[str, Any]:
    """A designation on the coverage day, or a version on its first day."""
    slot, day = iri.split_day(path)
    when = day if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) else answers.today(store) or ""
    context = provisions.standing(store, slot, when)
    standing = context["standing"]
    about = [slot, *([context["provision"]] if standing.status == "ok" else [])]
    if standing.status == "ok" and standing.version:
        about += [standing.version.path, f"{standing.version.path}/en"]
        about += [f"/effect/{effect}" for effect in standing.version.begun_by]
    found = things.load(store, standing.version.path if day and standing.version else slot)
    sources = tuple(things.sources(store, dict.fromkeys(about)))
    found = found._replace(path=path, label=citation.label(slot), sources=sources)
    return {"thing": found, "slot": slot, "asked_day": when if day else "", "incoming": [], **context}


def exemption_context(store: Store, found: things.Thing) -> dict[str, Any]:
    """An exemption: what it reaches and leaves enforceable; of its provision our words, its makers and decisions."""
    context: dict[str, Any] = {
        "carve_outs": ask_for(store, "carve_outs", exemption=found.path),
        "structure": ask_for(store, "exemption_structure", exemption=found.path),
        "reach_changes": ask_for(store, "reach_changes", exemption=found.path),
        "parts": ask_for(store, "exemption_parts", exemption=found.path),
        "summary": "",
        "made_by": [],
        "cases": [],
    }
    for stated in found.values("provision"):
        provision = iri.path(stated.href)
        line = answers.timeline_of(store, ledger.section_of(iri.split_day(provision.removeprefix("/provision"))[0]))
        context["summary"] = context["summary"] or things.load(store, provision).first("summary")
        context["made_by"] += [provisions.effect_row(effect) for effect in timeline.life(line, provision)]
        context["cases"] += provisions.construed_by(store, provision)
    return context


def provision_context(store: Store, path: Path) -> dict[str, Any]:
    """A provision: where it stands, where it stood, in which words when."""
    slot = iri.split_day(path.removeprefix("/provision"))[0]
    line = answers.timeline_of(store, ledger.section_of(slot))
    past = [b for b in line.bindings if b.provision == path]
    decisions = provisions.construed_by(store, path)
    now = next((b.slot for b in past if b.valid_to is None), None)
    return {
        "past": past,
        "now": now,
        "versions": [v for v in line.versions if v.provision == path],
        "made_by": [provisions.effect_row(effect) for effect in timeline.life(line, path)],
        "cases": decisions,
        "tallies": provisions.tallies(decisions, now or ""),
        "bearing": provisions.bearing(store, line, path),
        "exempts": answers.exemptions(store, path),
        "stances": ask_for(store, "stances", thing=path),
    }


def graph_context(store: Store, path: Path) -> dict[str, Any]:
    """A named graph: what `/graph/meta` says of it, and its first statements by thing."""
    by_thing: dict[str, list[dict[str, str]]] = {}
    rows = ask_for(store, "graph_statements", graph=path)
    for row in sorted(rows, key=lambda row: (row["thing"], row["predicate"], row["value"])):
        by_thing.setdefault(row["thing"], []).append(row)
    size = int(ask_for(store, "graph_size", graph=path)[0]["size"])
    return {"statements": by_thing, "size": size, "incoming": []}
