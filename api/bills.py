"""The reform table: the measures of Congress that count, chosen by facets, counted, drawn and written as CSV and JSON.

A facet takes any number of values; a measure is shown that has one of them in every facet asked for. The counts of a
facet are those under the choice in all *other* facets, so that each says how many measures a click would show.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api import gaps, tabular
from api.rendering import Site, headers_for, page
from api.things import LETTERS
from data import ROOT
from graph import answers, citation, iri, ledger
from graph.naming import name
from graph.records import Day, Path
from graph.store import Store, ask_for

UNKNOWN = "unknown"
"""The value of a facet where the record says nothing."""

RELEVANCES = {
    "changes-text": "changes the words",
    "conditions": "puts conditions on the protection",
    "sunsets": "ends the section",
    "overrides": "overrides it from outside",
    "borrows": "borrows from it",
    "saves": "leaves it as it is",
    "studies": "asks for a study",
    "related": "stands beside it",
}
"""Why a measure counts (docs/inclusion.md), as a reader says it."""

STAGES = ("draft", "introduced", "reported", "passed-house", "passed-senate", "passed-both", "agreed-to", "presented",
          "vetoed", "enacted", "expired")  # fmt: skip

PARTIES = {**LETTERS, UNKNOWN: "Other or not recorded"}

SECTION = "/us/usc/t47/s230"

COLUMNS = ("bill", "congress", "title", "introduced", "stage", "furthest_stage", "relevance", "sponsor", "party",
           "state", "cosponsors", "effects", "provisions", "law", "iri")  # fmt: skip


class Sponsor(NamedTuple):
    """Who introduced a measure, with party and state as of that day; empty where the record says nothing."""

    person: Path
    name: str
    party: str
    state: str


class Measure(NamedTuple):
    """A measure with where it stands, who brought it and what it would do to which designations."""

    path: Path
    label: str
    title: str
    congress: int
    introduced: Day
    stage: str
    furthest: str
    relevance: str
    why: str
    cosponsors: int | None
    laws: tuple[Path, ...]
    sponsors: tuple[Sponsor, ...]
    effects: tuple[str, ...]
    slots: tuple[Path, ...]


class Choice(NamedTuple):
    """One value of a facet: what it is called, how many measures it would show, the address, whether it is chosen."""

    value: str
    label: str
    count: int
    href: str
    is_chosen: bool


class Bar(NamedTuple):
    """A row of a chart: label, address, pieces (class, label, count, start and width in percent), and a warning."""

    label: str
    href: str
    count: int
    pieces: tuple[tuple[str, str, int, float, float], ...]
    warning: str = ""


Asked = Mapping[str, tuple[str, ...]]
"""The values asked for by facet; a facet that is not asked for is absent."""


# --- the measures ----------------------------------------------------------------------------------------------------


def measures(store: Store) -> tuple[Measure, ...]:
    """All measures that count, the latest Congress first, in a Congress by the day of introduction."""
    return _measures(store, store.name)


@lru_cache(maxsize=2)
def _measures(store: Store, release: str) -> tuple[Measure, ...]:
    changes: dict[Path, list[dict[str, str]]] = {}
    for row in ask_for(store, "measures_changes"):
        changes.setdefault(iri.path(row["bill"]), []).append(row)
    by_path: dict[Path, list[dict[str, str]]] = {}
    for row in ask_for(store, "measures"):
        by_path.setdefault(iri.path(row["bill"]), []).append(row)
    found = [_measure(path, rows, changes.get(path, [])) for path, rows in by_path.items()]
    return tuple(sorted(found, key=lambda m: (-m.congress, m.introduced or "9999", m.path)))


def _measure(path: Path, rows: list[dict[str, str]], changes: list[dict[str, str]]) -> Measure:
    first = rows[0]
    sponsors = (
        Sponsor(iri.path(row["sponsor"]), row["name"], row.get("party", ""), row.get("state", ""))
        for row in rows
        if "sponsor" in row
    )
    return Measure(
        path,
        first["label"],
        first.get("title", ""),
        int(path.split("/")[3]),
        first.get("introduced", ""),
        _key(first.get("stage", "")),
        _key(first.get("furthest", "")),
        _key(first["relevance"]),
        first.get("why", ""),
        int(first["cosponsors"]) if "cosponsors" in first else None,
        tuple(dict.fromkeys(iri.path(row["law"]) for row in rows if "law" in row)),
        tuple(dict.fromkeys(sponsors)),
        tuple(dict.fromkeys(row["operation"] for row in changes)),
        tuple(dict.fromkeys(iri.path(row["slot"]) for row in changes if "slot" in row)),
    )


def _key(concept: str) -> str:
    """``…#stage-passed-house`` as ``passed-house``."""
    return concept.rpartition("#")[2].partition("-")[2]


# --- facets ----------------------------------------------------------------------------------------------------------


def stages_of(measure: Measure) -> set[str]:
    """Where a measure stands and, beyond its introduction, how far it came.

    A bill that expired after it had passed one chamber is under both; one that expired as it was introduced is only
    under "expired", so that "introduced" means pending.
    """
    far = {measure.furthest} - {"", "introduced"}
    return {"enacted" if measure.laws else measure.stage or UNKNOWN} | far


def places_of(measure: Measure) -> set[Path]:
    """The designations that a measure names, and those above them up to the section."""
    return {above for slot in measure.slots for above in _upwards(slot)}


def _upwards(slot: Path) -> Iterable[Path]:
    section = ledger.section_of(slot)
    while slot.startswith(section):
        yield slot
        slot = slot.rpartition("/")[0]


FACETS: dict[str, Callable[[Measure], set[str]]] = {
    "congress": lambda m: {str(m.congress)},
    "stage": stages_of,
    "party": lambda m: {s.party or UNKNOWN for s in m.sponsors} or {UNKNOWN},
    "relevance": lambda m: {m.relevance},
    "effect": lambda m: set(m.effects),
    "provision": places_of,
    "sponsor": lambda m: {s.person.rpartition("/")[2] for s in m.sponsors},
}

TITLES = {
    "congress": "Congress",
    "stage": "Stage",
    "party": "Party of the sponsor",
    "relevance": "Why it counts",
    "effect": "Kind of effect",
    "provision": "Provision",
    "sponsor": "Sponsor",
}

KNOWN: dict[str, tuple[str, ...]] = {
    "stage": (*STAGES, UNKNOWN), "party": tuple(PARTIES), "relevance": tuple(RELEVANCES),
}  # fmt: skip


def read(store: Store, query: Iterable[tuple[str, str]]) -> Asked:
    """The facets asked for in an address; empty values are as good as none. Raises `answers.Malformed`."""
    asked: dict[str, dict[str, None]] = {}
    for facet, given in query:
        if facet in FACETS and given.strip():
            asked.setdefault(facet, {})[_value(store, facet, given.strip())] = None
    return {facet: tuple(values) for facet, values in asked.items()}


def _value(store: Store, facet: str, given: str) -> str:
    match facet:
        case "provision":
            asked = answers.target(given)
            return asked.slot or asked.choices[0]
        case "sponsor":
            return _sponsor(store, given)
        case "congress" if not re.fullmatch(r"[1-9][0-9]{0,2}", given):
            raise answers.Malformed(f'congress: "{given[:40]}" is no number; write it like 117')
    known = effects() if facet == "effect" else KNOWN.get(facet)
    fitting = next((k for k in known or (given,) if k.lower() == given.lower().replace(" ", "-")), None)
    if fitting is None:
        raise answers.Malformed(f'{facet}: "{given[:40]}" is none of {", ".join(known or ())}')
    return fitting


@cache
def effects() -> tuple[str, ...]:
    """The kinds of effect that a measure can foresee (data/schemas/bills.json)."""
    schema = json.loads((ROOT / "schemas" / "bills.json").read_text(encoding="utf-8"))
    return tuple(schema["$defs"]["operation"]["properties"]["op"]["enum"])


def _sponsor(store: Store, given: str) -> str:
    """A sponsor by Bioguide id or by a part of the name; what fits nobody is kept, and finds nothing."""
    everyone = {s.person.rpartition("/")[2]: s.name for m in measures(store) for s in m.sponsors}
    fitting = [key for key, full in everyone.items() if given.lower() in (key.lower(), full.lower())]
    fitting = fitting or [key for key, full in everyone.items() if given.lower() in full.lower()]
    return fitting[0] if len(fitting) == 1 else given


def choose(found: Iterable[Measure], asked: Asked) -> list[Measure]:
    """The measures that have one of the values asked for in every facet."""
    return [m for m in found if all(FACETS[facet](m) & set(values) for facet, values in asked.items())]


def facets(store: Store, asked: Asked) -> dict[str, list[Choice]]:
    """Each facet with its values, how many measures each would show, and the address that adds or removes it."""
    found = {}
    for facet, values_of in FACETS.items():
        others = choose(measures(store), {key: values for key, values in asked.items() if key != facet})
        counted = Counter(value for measure in others for value in values_of(measure))
        chosen = asked.get(facet, ())
        counted.update(dict.fromkeys(chosen, 0))
        choices = [
            Choice(value, value_label(store, facet, value), count, href(asked, facet, value), value in chosen)
            for value, count in counted.items()
        ]
        found[facet] = sorted(choices, key=lambda choice: _order(facet, choice))
    return found


def _order(facet: str, choice: Choice) -> tuple[Any, ...]:
    if facet == "congress":
        return (-int(choice.value),)
    known = KNOWN.get(facet, ())
    if choice.value in known:
        return 0, known.index(choice.value)
    return 1, -choice.count, choice.label


def href(asked: Asked, facet: str, value: str) -> str:
    """The address of the table with a value added to a facet, or taken out where it is chosen."""
    values = asked.get(facet, ())
    changed = tuple(v for v in values if v != value) if value in values else (*values, value)
    return address({**asked, facet: changed})


def address(asked: Asked, ending: str = "") -> str:
    """The address of the table under a choice.

    >>> address({"congress": ("116", "117"), "party": ()}, ".csv")
    '/bills.csv?congress=116&congress=117'
    """
    pairs = [(facet, value) for facet in FACETS for value in asked.get(facet, ())]
    return f"/bills{ending}" + (f"?{urlencode(pairs, safe='/')}" if pairs else "")


def value_label(store: Store, facet: str, value: str) -> str:
    """A value of a facet as a reader says it."""
    match facet:
        case "congress":
            return citation.ordinal(value)
        case "stage":
            return {"introduced": "introduced, pending", UNKNOWN: "not recorded"}.get(value, value.replace("-", " "))
        case "party":
            return PARTIES.get(value, value)
        case "relevance":
            return RELEVANCES[value]
        case "provision":
            return name(value)
        case "sponsor":
            names = {s.person.rpartition("/")[2]: s.name for m in measures(store) for s in m.sponsors}
            return names.get(value, value)
    return value.replace("-", " ")


# --- charts ----------------------------------------------------------------------------------------------------------


@cache
def thin(store: Store) -> dict[int, list[str]]:
    """Congress -> what is missing of its measures."""
    found: dict[int, list[str]] = {}
    for gap in gaps.known(store):
        for congress in gap.congresses:
            found.setdefault(congress, []).append(gap.missing)
    return found


def by_congress(store: Store, chosen: list[Measure], asked: Asked) -> list[Bar]:
    """Measures by Congress and party of the sponsor: those chosen, or all from the first to the last, empty or not."""
    everything = [int(c) for c in asked.get("congress", ())] or [m.congress for m in measures(store)]
    shown = (
        sorted(everything)
        if "congress" in asked
        else range(min(everything, default=0), max(everything, default=-1) + 1)
    )
    counts = {c: Counter(_party(m) for m in chosen if m.congress == c) for c in shown}
    most = max((found.total() for found in counts.values()), default=0) or 1
    missing = thin(store)
    return [
        Bar(
            citation.ordinal(str(congress)),
            address({**asked, "congress": (str(congress),)}),
            counts[congress].total(),
            _pieces([(party, label, counts[congress][party]) for party, label in PARTIES.items()], most),
            " ".join(missing.get(congress, ())),
        )
        for congress in shown
    ]


def _party(measure: Measure) -> str:
    """The party under which a measure is counted once: that of its first sponsor."""
    party = measure.sponsors[0].party if measure.sponsors else ""
    return party if party in PARTIES else UNKNOWN


def by_facet(store: Store, chosen: list[Measure], asked: Asked, facet: str, most: int = 12) -> list[Bar]:
    """Measures by the values of a facet, the most frequent first; of provisions those of the section that are named."""
    values_of = (lambda m: {s for s in m.slots if s.startswith(SECTION)}) if facet == "provision" else FACETS[facet]
    counted = Counter(value for measure in chosen for value in values_of(measure))
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:most]
    longest = max(counted.values(), default=0) or 1
    return [
        Bar(
            value_label(store, facet, value),
            address({**asked, facet: (value,)}),
            count,
            _pieces([("all", "measures", count)], longest),
        )
        for value, count in ordered
    ]


def _pieces(parts: Iterable[tuple[str, str, int]], longest: int) -> tuple[tuple[str, str, int, float, float], ...]:
    """Pieces of a bar laid end to end, in percent of the longest bar; those of nothing are left out."""
    pieces, start = [], 0.0
    for kind, label, count in parts:
        if count:
            width = 100 * count / longest
            pieces.append((kind, label, count, start, width))
            start += width
    return tuple(pieces)


# --- answers ---------------------------------------------------------------------------------------------------------


def answer(store: Store, query: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The answer of `/api/v1/bills`: the measures, the counts of every facet, what is not covered."""
    asked = read(store, query)
    chosen = choose(measures(store), asked)
    return {
        "status": "ok" if chosen else "nothing-found",
        "asked": {facet: list(values) for facet, values in asked.items()},
        "count": len(chosen),
        "bills": [entry(measure) for measure in chosen],
        "facets": {
            facet: [{"value": c.value, "label": c.label, "count": c.count} for c in choices]
            for facet, choices in facets(store, asked).items()
        },
        "not_covered": [
            {"congresses": gap.congresses, "what": gap.missing} for gap in gaps.known(store) if gap.congresses
        ],
        "known_through": answers.known_through(store),
    }


def entry(measure: Measure) -> dict[str, Any]:
    """A measure as JSON."""
    return {
        "bill": measure.label,
        "iri": iri.of(measure.path),
        "congress": measure.congress,
        "title": measure.title or None,
        "introduced": measure.introduced or None,
        "stage": measure.stage or None,
        "furthest_stage": measure.furthest or None,
        "relevance": measure.relevance,
        "why": measure.why or None,
        "sponsors": [
            {"name": s.name, "iri": iri.of(s.person), "party": s.party or None, "state": s.state or None}
            for s in measure.sponsors
        ],
        "cosponsors": measure.cosponsors,
        "effects": list(measure.effects),
        "provisions": [{"cite": name(slot), "iri": iri.of(slot)} for slot in measure.slots],
        "laws": [{"cite": name(law), "iri": iri.of(law)} for law in measure.laws],
    }


def as_csv(chosen: Iterable[Measure]) -> str:
    """The measures as CSV (RFC 4180), a row each; several values in a cell are separated by `` | ``."""
    return tabular.as_csv(COLUMNS, map(_row, chosen))


def _row(m: Measure) -> list[object]:
    people = [" | ".join(values) for values in zip(*((s.name, s.party, s.state) for s in m.sponsors), strict=True)]
    return [
        m.label, m.congress, m.title, m.introduced, m.stage, m.furthest, m.relevance, *(people or ("", "", "")),
        m.cosponsors, " | ".join(m.effects), " | ".join(map(name, m.slots)), " | ".join(map(name, m.laws)),
        iri.of(m.path),
    ]  # fmt: skip


def table(site: Site, request: Request) -> Response:
    """The reform table as a page, as `.csv` or as `.json`."""
    store = site.store_of()
    query = request.query_params.multi_items()
    _, _, ending = request.url.path.partition(".")
    if ending == "json":
        return JSONResponse(answer(store, query), headers=headers_for(store, request, "json"))
    asked = read(store, query)
    if ending == "csv":
        body = as_csv(choose(measures(store), asked))
        return Response(body, headers=headers_for(store, request, "csv"), media_type="text/csv")
    if ending:
        raise HTTPException(404, "The table comes as a page (/bills), as /bills.csv and as /bills.json.")

    def make(store: Store) -> dict[str, Any]:
        chosen = choose(measures(store), asked)
        return {
            "asked": asked,
            "measures": chosen,
            "whole": len(measures(store)),
            "facets": facets(store, asked),
            "titles": TITLES,
            "parties": PARTIES,
            "relevances": RELEVANCES,
            "by_congress": by_congress(store, chosen, asked),
            "by_provision": by_facet(store, chosen, asked, "provision"),
            "by_effect": by_facet(store, chosen, asked, "effect"),
            "csv": address(asked, ".csv"),
            "json": address(asked, ".json"),
            "section": SECTION,
        }

    return page(site, request, "bills.html", make)
