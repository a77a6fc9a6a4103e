"""The answers lawyers ask for: what stood there (`at`), where it is now (`translate`), who made it so (`trace`).

Each takes a store and a citation as people write it and returns a plain dict in the shape that INTERFACE.md fixes; the
command line, the API and the pages all show the same. An answer of any status is an answer: nothing is raised for a
citation that leads nowhere. `Malformed` is raised for what is no citation or no date at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date as calendar
from functools import lru_cache
from typing import Any, NamedTuple

from graph import citation, iri, ledger, naming, timeline
from graph.records import Binding, Day, Effect, Path, Version
from graph.store import Row, Store, ask_for

Answer = dict[str, Any]

CODE_FAMILIES = ("us-code", "curated")
"""The families whose coverage day "today" means for the Code: official text, and our ledger of effects."""


class Malformed(ValueError):
    """No citation, or no date, where one is required; the message says what was read and what is expected."""


class Target(NamedTuple):
    """What a citation of the Code points at: a designation, and the day behind its ``@`` if it has one."""

    slot: Path
    day: Day = ""
    choices: tuple[Path, ...] = ()


# --- reading the question --------------------------------------------------------------------------------------------


def target(cite: str) -> Target:
    """The designation that `cite` names: any lawyer's form, an IRI, a USLM identifier. Raises `Malformed`."""
    mention = citation.parse(cite)
    if mention is None or mention.kind in ("stat", "case"):
        shown = cite if len(cite) <= 60 else cite[:57] + "..."
        raise Malformed(f'"{shown}" is no citation of the Code; write it like "47 U.S.C. § 230(e)(5)"')
    if not mention.path:
        return Target("", "", mention.choices)
    slot, day = iri.split_day(mention.path)
    if slot.startswith("/provision/"):
        return Target(mention.path)
    return Target(slot, mention.day or day)


def read_day(text: str, today: Day | None) -> Day:
    """A day of the form YYYY-MM-DD, or ``today`` for the coverage day. Raises `Malformed`."""
    if text == "today":
        if today is None:
            raise Malformed('there is no "today": nothing that is loaded has a coverage day')
        return today
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise Malformed(f'"{text[:40]}" is no date; write it YYYY-MM-DD, or "today" for the coverage day')
    try:
        return calendar.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Malformed(f'"{text}" is no date: {error}') from None


def known_through(store: Store) -> dict[str, Day | None]:
    """The coverage day of each family of sources."""
    return _coverage(store, store.name)


@lru_cache(maxsize=8)
def _coverage(store: Store, release: str) -> dict[str, Day | None]:
    return {row["name"]: row.get("day") for row in ask_for(store, "coverage")}


def today(store: Store) -> Day | None:
    """The coverage day of what is known of the Code."""
    days = known_through(store)
    return max((day for family in CODE_FAMILIES if (day := days.get(family))), default=None)


# --- the timeline of a section, from the store -----------------------------------------------------------------------


def timeline_of(store: Store, section: Path) -> timeline.Timeline:
    """The timeline of a section of the Code as the store holds it; empty where the section is not in it."""
    return _timeline(store, store.name, section)


@lru_cache(maxsize=256)
def _timeline(store: Store, release: str, section: Path) -> timeline.Timeline:
    bindings: dict[tuple[Path, Day], Binding] = {}
    for row in ask_for(store, "bindings", section=section):
        key = iri.path(row["slot"]), row["from"]
        known = bindings.get(key) or Binding(
            key[0], iri.path(row["provision"]), key[1], row.get("to"), ended=row.get("ended") == "true"
        )
        bindings[key] = known._replace(
            opened_by=_with(known.opened_by, row.get("opened")), closed_by=_with(known.closed_by, row.get("closed"))
        )
    versions: dict[str, Version] = {}
    for row in ask_for(store, "versions", section=section):
        path = iri.path(row["version"])
        version = versions.get(path) or Version(
            path, iri.path(row["provision"]), iri.path(row["slot"]), row["from"], row.get("to")
        )
        versions[path] = version._replace(
            begun_by=_with(version.begun_by, row.get("begun")), ended_by=_with(version.ended_by, row.get("ended"))
        )
    effects = {effect.id: effect for effect in map(_effect, ask_for(store, "effects", section=section))}
    unconfirmed = {iri.path(row["provision"]) for row in ask_for(store, "unconfirmed", section=section)}
    told = {b.provision for b in bindings.values() if b.opened_by}
    return timeline.Timeline(
        section,
        tuple(sorted(bindings.values(), key=lambda b: (b.slot, b.valid_from))),
        tuple(sorted(versions.values(), key=lambda v: v.path)),
        effects,
        frozenset(told - unconfirmed),
        today(store),
    )


def _with(known: tuple[str, ...], effect: str | None) -> tuple[str, ...]:
    identifier = iri.path(effect).removeprefix("/effect/") if effect else ""
    return known if not identifier or identifier in known else tuple(sorted((*known, identifier)))


def _effect(row: Row) -> Effect:
    return Effect(
        id=iri.path(row["effect"]).removeprefix("/effect/"),
        kind=row["kind"].rpartition("#kind-")[2],
        agent=iri.path(row["agent"]),
        target=iri.path(row["slot"]),
        enacted=row["enacted"],
        effective=row.get("effective"),
        order=int(row["order"]),
        as_cited=row.get("cited", ""),
        old_text=row.get("old"),
        new_text=row.get("new"),
        assumed=row.get("assumed") == "true",
        applicability=row.get("applies", ""),
        directed=row.get("directed", ""),
        note=row.get("note", ""),
    )


# --- at --------------------------------------------------------------------------------------------------------------


def at(store: Store, cite: str, day: str) -> Answer:
    """The provision that stood at `cite` on `day`: its text if loaded, its dates, its exemptions, its sources."""
    asked = target(cite)
    if not asked.slot:
        return ambiguous(store, cite, asked)
    when = read_day(asked.day or day, today(store))
    found = stood(store, asked.slot, when)
    answer: Answer = {
        "status": found.status,
        "cite": naming.name(found.slot),
        "date": when,
        "message": found.message,
        "provision": None,
        "version": None,
        "valid_from": None,
        "valid_to": None,
        "heading": None,
        "text": None,
        "text_status": "not-loaded",
        "summary": None,
        "exempts": [],
        "sources": [],
        "near": [naming.name(slot) for slot in found.near],
        "known_through": known_through(store),
    }
    if found.status == "ok" and found.binding:
        answer.update(standing_details(store, found))
    return answer


def stood(store: Store, slot: Path, day: Day) -> timeline.Standing:
    """What stood in a designation, or where a provision stood, on a day."""
    if slot.startswith("/provision/"):
        first = iri.split_day(slot.removeprefix("/provision"))[0]
        line = timeline_of(store, ledger.section_of(first))
        here = [b for b in line.bindings if b.provision == slot]
        held = next((b.slot for b in here if timeline.spans(b.valid_from, b.valid_to, day)), first)
        return timeline.standing(line, held, day)
    if not slot.startswith("/us/usc/"):
        return timeline.Standing("unknown-citation", slot, day, f"{naming.name(slot)} is no designation of the Code.")
    return timeline.standing(timeline_of(store, ledger.section_of(slot)), slot, day)


def standing_details(store: Store, found: timeline.Standing) -> Answer:
    """What there is to say of a provision that stands: dates, words, summary, exemptions, sources."""
    assert found.binding is not None
    provision, version = found.binding.provision, found.version
    about = _first(ask_for(store, "about_provision", provision=provision))
    words = _first(ask_for(store, "words", version=version.path)) if version else {}
    return {
        "provision": iri.of(provision),
        "version": iri.of(version.path) if version else None,
        "valid_from": version.valid_from if version else found.binding.valid_from,
        "valid_to": version.valid_to if version else found.binding.valid_to,
        "heading": words.get("heading") or about.get("heading"),
        "text": words.get("text"),
        "text_status": words["status"].rpartition("#text-")[2] if words.get("text") else "not-loaded",
        "summary": about.get("summary"),
        "role": about.get("role"),
        "exempts": exemptions(store, provision),
        "sources": sources(store, [provision, *(f"/effect/{e}" for e in (version.begun_by if version else ()))]),
    }


def exemptions(store: Store, provision: Path) -> list[Answer]:
    """What a provision exempts: from which immunity, under which condition, for which laws."""
    by_id: dict[str, Answer] = {}
    for row in ask_for(store, "exemptions_of", provision=provision):
        entry = by_id.setdefault(
            row["exemption"],
            {"exemption": row["exemption"], "label": row["label"], "from": [], "condition": row.get("condition"), "laws": []},
        )
        for key, value in (("from", row.get("fromLabel")), ("laws", row.get("carves")), ("laws", row.get("law"))):
            shown = naming.name(iri.path(value)) if value and value.startswith(iri.BASE) else value
            if shown and shown not in entry[key]:
                entry[key].append(shown)
    return list(by_id.values())


def sources(store: Store, things: Iterable[Path]) -> list[Answer]:
    """Where what is said of `things` comes from: one entry a source graph and document, without repetition."""
    found: dict[tuple[str, str], Answer] = {}
    for thing in things:
        for row in ask_for(store, "sources_of", thing=thing):
            key = row["graph"], row.get("document", "")
            found.setdefault(
                key,
                {
                    "graph": row["graph"],
                    "title": row.get("documentTitle") or row["title"],
                    "address": row.get("documentAddress") or row.get("address"),
                    "confidence": row["confidence"].rpartition("#confidence-")[2],
                    "snapshot": row.get("snapshot"),
                    "publisher": row.get("publisher"),
                    "note": row.get("note"),
                },
            )
    return list(found.values())


def _first(rows: list[Row]) -> Row:
    return rows[0] if rows else {}


def ambiguous(store: Store, cite: str, asked: Target) -> Answer:
    """The answer to a citation that may mean several things: the choices, never a guess."""
    choices = [naming.name(path) for path in asked.choices]
    return {
        "status": "ambiguous-citation",
        "cite": cite,
        "message": f'"{cite}" may mean {", ".join(choices)}.',
        "choices": [{"cite": label, "path": path} for label, path in zip(choices, asked.choices, strict=True)],
        "known_through": known_through(store),
    }


# --- translate -------------------------------------------------------------------------------------------------------


def translate(store: Store, cite: str, day: str, to: str | None = None) -> Answer:
    """An old cite into the cite of the same provision on the coverage day (or on `to`), and why."""
    asked = target(cite)
    if not asked.slot:
        return ambiguous(store, cite, asked)
    when = read_day(day, today(store))
    until = read_day(to, today(store)) if to else None
    slot = stood(store, asked.slot, when).slot
    found = timeline.translate(timeline_of(store, ledger.section_of(slot)), slot, when, until)
    then = found.then
    answer: Answer = {
        "status": found.status,
        "message": found.message,
        "then": {"cite": naming.name(slot), "date": when, "version": None, "valid_from": None, "valid_to": None, "summary": None},
        "provision": None,
        "now": None,
        "now_status": found.now_status or None,
        "because": [_reason(store, effect) for effect in found.because],
        "near": [naming.name(path) for path in then.near],
        "known_through": known_through(store),
    }
    if then.status == "ok" and then.binding:
        about = _first(ask_for(store, "about_provision", provision=then.binding.provision))
        version = then.version
        answer["provision"] = iri.of(then.binding.provision)
        answer["then"].update(
            version=iri.of(version.path) if version else None,
            valid_from=version.valid_from if version else then.binding.valid_from,
            valid_to=version.valid_to if version else then.binding.valid_to,
            summary=about.get("summary"),
        )
    if found.now and found.now.binding:
        answer["now"] = {
            "cite": naming.name(found.now.slot),
            "date": found.now.day,
            "version": iri.of(found.now.version.path) if found.now.version else None,
        }
    return answer


def _reason(store: Store, effect: Effect) -> Answer:
    found = sources(store, [f"/effect/{effect.id}"])
    return {
        "effect": iri.of(f"/effect/{effect.id}"),
        "kind": effect.kind,
        "law": naming.name(effect.agent),
        "enacted": effect.enacted,
        "effective": ledger.valid_from(effect),
        "source": found[0] if found else None,
        "sources": found,
    }


# --- trace -----------------------------------------------------------------------------------------------------------


def trace(store: Store, cite: str) -> Answer:
    """The chain behind a provision: effect <- law <- bill <- sponsor, cosponsors, votes; oldest first; and what is pending."""
    asked = target(cite)
    if not asked.slot:
        return ambiguous(store, cite, asked)
    day = today(store)
    found = stood(store, asked.slot, asked.day or day or "")
    line = timeline_of(store, ledger.section_of(found.slot))
    provision = found.binding.provision if found.binding else None
    status = found.status if found.status != "outside-coverage" or found.binding is None else "ok"
    answer: Answer = {
        "status": status,
        "cite": naming.name(found.slot),
        "message": found.message,
        "provision": iri.of(provision) if provision else None,
        "chain": [_link(store, effect) for effect in timeline.life(line, provision)] if provision else [],
        "pending": pending(store, provision) if provision else [],
        "near": [naming.name(path) for path in found.near],
        "known_through": known_through(store),
    }
    return answer


def pending(store: Store, provision: Path) -> list[Answer]:
    """Bills of the sitting Congress that foresee a change of the provision; a dead bill is none (TIME, rule 15)."""
    coverage = known_through(store)
    return [
        {
            "bill": row["bill"],
            "cite": row["label"],
            "title": row.get("title"),
            "kind": "foreseen change",
            "stage": row["stage"].rpartition("#stage-")[2],
            "as_of": coverage.get(f"congress-{row['congress']}") or coverage.get(f"billstatus-{row['congress']}"),
        }
        for row in ask_for(store, "pending", provision=provision)
        if row["stage"].rpartition("#stage-")[2] not in ("expired", "enacted", "vetoed")
    ]


def _link(store: Store, effect: Effect) -> Answer:
    law = ledger.law_of(effect.agent)
    about = _first(ask_for(store, "law", law=law))
    part = _first(ask_for(store, "law_provision", part=effect.agent))
    bill = about.get("bill")
    return {
        "effect": {
            "iri": iri.of(f"/effect/{effect.id}"),
            "kind": effect.kind,
            "target_as_cited": effect.as_cited or naming.name(effect.target),
            "target": naming.name(effect.target),
            "old_text": effect.old_text,
            "new_text": effect.new_text,
            "enacted": effect.enacted,
            "effective": ledger.valid_from(effect),
            "effective_assumed": effect.assumed,
            "applicability": effect.applicability or None,
            "directed": effect.directed or None,
            "note": effect.note or None,
        },
        "law": {
            "cite": about.get("label") or naming.name(law),
            "title": about.get("title"),
            "section": naming.name(effect.agent),
            "stat": part.get("stat") or about.get("stat"),
            "enacted": about.get("enacted") or effect.enacted,
            "iri": iri.of(law),
        },
        "bill": {"cite": about["billLabel"], "title": about.get("billTitle"), "iri": bill} if bill else None,
        **bill_details(store, iri.path(bill) if bill else ""),
        "sources": sources(store, [f"/effect/{effect.id}", effect.agent, *([iri.path(bill)] if bill else [])]),
    }


def bill_details(store: Store, bill: Path) -> Answer:
    """Sponsor, cosponsors (active on the coverage day, by party) and votes of a bill; empty for no bill."""
    if not bill:
        return {"sponsor": None, "cosponsors": None, "votes": []}
    sponsors = ask_for(store, "sponsors", bill=bill)
    people = ask_for(store, "cosponsors", bill=bill)
    active = {row["person"]: row for row in people if "withdrawn" not in row}
    withdrawn = {row["person"] for row in people} - set(active)
    parties: dict[str, int] = defaultdict(int)
    for row in active.values():
        parties[row.get("party", "unknown")] += 1
    return {
        "sponsor": _member(sponsors[0]) if sponsors else None,
        "sponsors": [_member(row) for row in sponsors],
        "cosponsors": {
            "count": len(active),
            "withdrawn": len(withdrawn),
            "original": sum(row.get("original") == "true" for row in active.values()),
            "by_party": dict(sorted(parties.items())),
        },
        "votes": [
            {
                "chamber": "Senate" if row["chamber"].endswith("senate") else "House",
                "date": row["day"],
                "yea": int(row["yea"]) if "yea" in row else None,
                "nay": int(row["nay"]) if "nay" in row else None,
                "roll": int(row["roll"]),
                "question": row.get("question"),
                "iri": row["vote"],
                "address": row.get("address"),
            }
            for row in ask_for(store, "votes", bill=bill)
        ],
    }


def _member(row: Row) -> Answer:
    return {
        "name": row["name"],
        "bioguide": row["person"].rpartition("/")[2],
        "party": row.get("party"),
        "state": row.get("state"),
        "iri": row["person"],
    }
