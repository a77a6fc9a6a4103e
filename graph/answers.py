"""The answers lawyers ask for: what stood there (`at`), where it is now (`translate`), who made it so (`trace`).

Each takes a store and a citation as people write it and returns a plain dict in the shape that INTERFACE.md fixes; the
command line, the API and the pages all show the same. An answer of any status is an answer: nothing is raised for a
citation that leads nowhere. `Malformed` is raised for what is no citation or no date at all.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date as calendar
from functools import lru_cache
from typing import Any, NamedTuple

from graph import citation, iri, ledger, naming, publishers, timeline
from graph.records import Binding, Day, Effect, Path, Version
from graph.store import Row, Store, ask_for, note, query_text, values

Answer = dict[str, Any]

CODE_FAMILIES = ("us-code", "curated")
"""The families whose coverage day "today" means for the Code: official text, and our ledger of effects."""


LONGEST = 400
"""Of what is asked for as one citation, as many characters are searched for the several that it may be."""


class Malformed(ValueError):  # noqa: N818
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
        several = tuple(dict.fromkeys(m.path for m in citation.find(cite[:LONGEST]) if m.path.startswith("/us/usc/")))
        if len(several) > 1:
            return Target("", "", several)
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


SECTION_QUERIES = ("bindings", "versions", "effects", "unconfirmed")
"""The queries that make the timeline of a section."""


def timeline_of(store: Store, section: Path) -> timeline.Timeline:
    """The timeline of a section of the Code as the store holds it; empty where the section is not in it."""
    for query in SECTION_QUERIES:
        note(query, section=section)
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
            path, iri.path(row["provision"]), iri.path(row["slot"]), row["from"], row.get("to"),
            parts_untold=row.get("untold") == "true",
        )  # fmt: skip
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
    """The provision that stood at `cite` on `day`: its text if loaded, its dates, its exemptions, its sources.

    A day behind the ``@`` of a designation's address is the day meant, and goes before `day`. Raises `Malformed`.
    """
    asked = target(cite)
    when = read_day(asked.day or day, today(store))
    answer: Answer = {
        "status": "ambiguous-citation",
        "cite": cite,
        "date": when,
        "message": "",
        "provision": None,
        "version": None,
        "valid_from": None,
        "valid_to": None,
        "heading": None,
        "text": None,
        "text_status": "not-loaded",
        "text_stopped_by": None,
        "summary": None,
        "role": None,
        "exempts": [],
        "enforceability": [],
        "sources": [],
        "near": [],
        "known_through": known_through(store),
    }
    if not asked.slot:
        return answer | ambiguous(store, cite, asked)
    found = stood(store, asked.slot, when)
    answer |= {
        "status": found.status,
        "cite": naming.name(found.slot),
        "message": found.message,
        "near": [naming.name(slot) for slot in found.near],
    }
    return answer | standing_details(store, found) if found.status == "ok" and found.binding else answer


def stood(store: Store, slot: Path, day: Day) -> timeline.Standing:
    """What stood in a designation, or where a provision stood, on a day."""
    if slot.startswith("/provision/"):
        return _whereabouts(store, slot, day)
    try:
        citation.split(slot)
    except ValueError:
        message = f"{naming.name(slot)} is no section of the Code nor part of one."
        return timeline.Standing("unknown-citation", slot, day, message)
    line = timeline_of(store, ledger.section_of(slot))
    return timeline.standing(line, slot, day) if line.bindings or line.effects else _not_loaded(store, slot, day)


def _whereabouts(store: Store, provision: Path, day: Day) -> timeline.Standing:
    """Where a provision stood; an address of it from a poorer history leads to that of today (TIME, rule 12)."""
    newer = _first(ask_for(store, "replaced_by", provision=provision)).get("now")
    path = iri.path(newer) if newer else provision
    return timeline.whereabouts(timeline_of(store, ledger.section_of(path.removeprefix("/provision"))), path, day)


def _not_loaded(store: Store, slot: Path, day: Day) -> timeline.Standing:
    """A section of which the store knows nothing, and what it knows of the title."""
    title = citation.split(slot)[0]
    known = _sections(store, store.name)
    here = [section for section in known if section.startswith(f"/us/usc/t{title}/")]
    texts = sum(known[section] for section in here)
    if not here:
        loaded = f"nothing of title {title} is loaded, so that it may well exist"
    elif not texts:
        loaded = f"no official text of title {title} is loaded, only the history of {len(here)} of its sections"
    else:
        loaded = f"{texts} sections of title {title} are loaded, and it is not among them"
    near = difflib.get_close_matches(ledger.section_of(slot), here, n=3, cutoff=0.8)
    message = f"{naming.name(slot)} is not known here: {loaded}."
    return timeline.Standing("unknown-citation", slot, day, message, near=tuple(near))


@lru_cache(maxsize=8)
def _sections(store: Store, release: str) -> dict[Path, bool]:
    return {iri.path(row["slot"]): row["texts"] != "0" for row in ask_for(store, "sections_loaded")}


def standing_details(store: Store, found: timeline.Standing) -> Answer:
    """What there is to say of a provision that stands: dates, words, summary, exemptions, enforceability, sources."""
    assert found.binding is not None
    provision, version = found.binding.provision, found.version
    about = _first(ask_for(store, "about_provision", provision=provision))
    words = _first(ask_for(store, "words", version=version.path)) if version else {}
    begun = [f"/effect/{effect}" for effect in version.begun_by] if version else []
    written = [f"{version.path}/en"] if version and words.get("text") else []
    return {
        "provision": iri.of(provision),
        "version": iri.of(version.path) if version else None,
        "valid_from": version.valid_from if version else found.binding.valid_from,
        "valid_to": version.valid_to if version else found.binding.valid_to,
        "heading": words.get("heading") or about.get("heading"),
        "text": words.get("text"),
        "text_status": words["status"].rpartition("#text-")[2] if words.get("text") else "not-loaded",
        "text_stopped_by": None if words.get("text") or not version else stopped_by(store, found.slot, version),
        "summary": summary(store, provision, version),
        "role": about.get("role"),
        "exempts": exemptions(store, provision),
        "enforceability": enforceability(store, found.slot, found.day),
        "sources": sources(store, [*written, provision, *begun]),
    }


def stopped_by(store: Store, slot: Path, version: Version) -> Answer | None:
    """The change whose words no source gives, so that those before it are not known; ``None`` where nothing tells."""
    named = _first(ask_for(store, "text_stopped_by", version=version.path)).get("effect", iri.of("/effect/"))
    effect = timeline_of(store, ledger.section_of(slot)).effects.get(iri.path(named).removeprefix("/effect/"))
    if effect is None:
        return None
    return {
        "effect": iri.of(f"/effect/{effect.id}"),
        "kind": effect.kind,
        "law": naming.name(effect.agent),
        "effective": ledger.valid_from(effect),
    }


def summary(store: Store, provision: Path, version: Version | None) -> str | None:
    """Our words for a version: its own where an amendment changed what is to be said, else those for the provision."""
    own = _first(ask_for(store, "about_version", version=version.path)) if version else {}
    return own.get("summary") or _first(ask_for(store, "about_provision", provision=provision)).get("summary")


def exemptions(store: Store, provision: Path) -> list[Answer]:
    """What a provision exempts: from which immunities, under which condition, what it leaves enforceable.

    ``enforceability`` of an entry lists what courts held of its ``laws``: on the books is not enforceable (TIME, 10).
    """
    by_id: dict[str, Answer] = {}
    for row in ask_for(store, "exemptions_of", provision=provision):
        new: Answer = {
            "exemption": row["exemption"], "label": row["label"], "from": set(), "condition": None, "carves_out": set(),
            "laws": set(), "law_types": set(), "law_levels": set(),
        }  # fmt: skip
        entry = by_id.setdefault(row["exemption"], new)
        if row.get("key") == "condition":
            entry["condition"] = row["value"]
        elif "key" in row:
            entry[row["key"]].add(row["value"])
    for entry in by_id.values():
        slots = sorted(map(iri.path, entry["laws"]))
        held = [holding for slot in slots for holding in enforceability(store, slot, today(store) or "")]
        entry["laws"] = {naming.name(slot) for slot in slots}
        entry |= {key: sorted(value) for key, value in entry.items() if isinstance(value, set)}
        entry["enforceability"] = held
    return list(by_id.values())


def enforceability(store: Store, slot: Path, day: Day) -> list[Answer]:
    """What courts held of the enforceability of what stands in `slot` on `day`, of its parts and of its whole."""
    line = timeline_of(store, ledger.section_of(slot))
    found = []
    for row in ask_for(store, "court_holdings", section=line.section):
        place = timeline.whereabouts(line, iri.path(row["provision"]), day).slot
        if f"{slot}/".startswith(f"{place}/") or place.startswith(f"{slot}/"):
            found.append(
                {
                    "cite": naming.name(place),
                    "case": row["case"],
                    "name": row["name"],
                    "date": row["decided"],
                    "holding": row.get("holding"),
                }
            )
    return found


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
    """The answer to a citation that may mean more than one thing."""
    choices = [naming.name(path) for path in asked.choices]
    meant = f"may mean {', '.join(choices)}" if choices else "does not say of which Congress or title"
    return {
        "status": "ambiguous-citation",
        "cite": cite,
        "message": f'"{cite}" {meant}.',
        "choices": [{"cite": label, "path": path} for label, path in zip(choices, asked.choices, strict=True)],
        "known_through": known_through(store),
    }


# --- translate -------------------------------------------------------------------------------------------------------


def translate(store: Store, cite: str, day: str, to: str | None = None) -> Answer:
    """An old cite into the cite of the same provision on the coverage day (or on `to`), and why.

    A day behind the ``@`` of a designation's address is the day meant, and goes before `day`. Raises `Malformed`.
    """
    asked = target(cite)
    when = read_day(asked.day or day, today(store))
    until = read_day(to, today(store)) if to else None
    answer: Answer = {
        "status": "ambiguous-citation",
        "message": "",
        "then": {"cite": cite, "date": when, "version": None, "valid_from": None, "valid_to": None, "summary": None},
        "provision": None,
        "now": None,
        "now_status": None,
        "because": [],
        "near": [],
        "known_through": known_through(store),
    }
    if not asked.slot:
        return answer | ambiguous(store, cite, asked)
    then = stood(store, asked.slot, when)
    found = timeline.follow(timeline_of(store, ledger.section_of(then.slot)), then, until)
    answer["then"]["cite"] = naming.name(then.slot)
    answer |= {
        "status": found.status,
        "message": found.message,
        "now_status": found.now_status or None,
        "because": [_reason(store, effect) for effect in found.because],
        "near": [naming.name(path) for path in then.near],
    }
    if then.status == "ok" and then.binding:
        version = then.version
        answer["provision"] = iri.of(then.binding.provision)
        answer["then"].update(
            version=iri.of(version.path) if version else None,
            valid_from=version.valid_from if version else then.binding.valid_from,
            valid_to=version.valid_to if version else then.binding.valid_to,
            summary=summary(store, then.binding.provision, version),
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

WHOLE = frozenset({"repeal", "redesignate"})
"""Operations that reach everything below what they name."""


def trace(store: Store, cite: str) -> Answer:
    """The chain behind a provision: effect <- law <- bill <- sponsor, cosponsors, votes; what is pending.

    ``chain`` has the effects that changed its words or its place, oldest first, ``reach`` those that left both and
    changed what it reaches or whether it is enforced. Raises `Malformed`.
    """
    asked = target(cite)
    answer: Answer = {
        "status": "ambiguous-citation",
        "cite": cite,
        "message": "",
        "provision": None,
        "address": None,
        "chain": [],
        "reach": [],
        "pending": [],
        "near": [],
        "known_through": known_through(store),
    }
    if not asked.slot:
        return answer | ambiguous(store, cite, asked)
    found = stood(store, asked.slot, asked.day or today(store) or "")
    answer |= {
        "status": found.status,
        "cite": naming.name(found.slot),
        "message": found.message,
        "near": [naming.name(path) for path in found.near],
    }
    if found.binding:
        line, provision = timeline_of(store, ledger.section_of(found.slot)), found.binding.provision
        reaching = {
            iri.path(row["effect"]).removeprefix("/effect/")
            for row in ask_for(store, "effects_on", provision=provision)
        }
        wordless = [e for e in line.effects.values() if e.id in reaching and e.kind in ledger.WORDLESS]
        answer |= {
            "provision": iri.of(provision),
            "address": publishers.page(found.slot) or None,
            "chain": [_link(store, effect) for effect in timeline.life(line, provision)],
            "reach": [_link(store, effect) for effect in sorted(wordless, key=ledger.chronological)],
            "pending": pending(store, line, provision),
        }
    return answer


def pending(store: Store, line: timeline.Timeline, provision: Path) -> list[Answer]:
    """Bills of the sitting Congress that foresee a change of the provision; a dead bill is none (TIME, rule 15).

    ``kind`` names what the bill would do, in our words; ``as_of`` is the coverage day of the records of its Congress.
    """
    slot = next((b.slot for b in line.bindings if b.provision == provision and b.valid_to is None), None)
    coverage, now = known_through(store), today(store) or ""
    bills: dict[str, Answer] = {}
    for row in ask_for(store, "pending", section=line.section) if slot else ():
        stage, kind, congress = row["stage"].rpartition("#stage-")[2], row["operation"], row["congress"]
        sitting = iri.congress_begins(int(congress)) <= now < iri.congress_ends(int(congress))
        if not sitting or stage in SETTLED or not _reaches(kind, iri.path(row["slot"]), slot or ""):
            continue
        bill = bills.setdefault(
            row["bill"],
            {
                "bill": row["bill"],
                "cite": row["label"],
                "title": row.get("title"),
                "kind": kind,
                "stage": stage,
                "introduced": row.get("introduced"),
                "as_of": coverage.get(f"congress-{congress}") or coverage.get(f"billstatus-{congress}"),
            },
        )
        if kind not in bill["kind"].split(", "):
            bill["kind"] += f", {kind}"
    return list(bills.values())


SETTLED = ("expired", "enacted", "vetoed", "agreed-to")
"""Stages of measures that are no longer pending."""


def _reaches(kind: str, foreseen: Path, slot: Path) -> bool:
    """Whether an operation on `foreseen` would change what stands in `slot`; a sunset clause ends the whole section."""
    if kind in ledger.WORDS_STAY:
        return False
    if kind == "sunset" or f"{foreseen}/".startswith(f"{slot}/"):
        return True
    return kind in WHOLE and slot.startswith(f"{foreseen}/")


def _link(store: Store, effect: Effect) -> Answer:
    law = ledger.law_of(effect.agent)
    about = _first(ask_for(store, "law", law=law))
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
            "stat": _stat(store, effect.agent) or about.get("stat"),
            "enacted": about.get("enacted") or effect.enacted,
            "iri": iri.of(law),
            "address": publishers.page(law) or None,
        },
        "bill": {
            "cite": about["billLabel"],
            "title": about.get("billTitle"),
            "iri": bill,
            "address": publishers.page(iri.path(bill)) or None,
        }
        if bill
        else None,
        **bill_details(store, iri.path(bill) if bill else ""),
        "history": history(store, iri.path(bill)) if bill else {"reports": [], "record": []},
        "sources": sources(store, [f"/effect/{effect.id}", effect.agent, *([iri.path(bill)] if bill else [])]),
    }


def _stat(store: Store, agent: Path) -> str | None:
    """Where a provision of a law stands in the Statutes at Large: its own page, else that of what it is part of."""
    law = ledger.law_of(agent)
    while agent != law:
        page = _first(ask_for(store, "law_provision", part=agent)).get("stat")
        if page:
            return page
        agent = agent.rpartition("/")[0]
    return None


def bill_details(store: Store, bill: Path) -> Answer:
    """Sponsor, cosponsors (active on the coverage day, by party) and votes of a bill; empty for no bill.

    ``cosponsors`` is ``None`` where no record tells how many there are: no record is not "no cosponsor". Where a record
    was noted without their names, there is a count, and ``withdrawn`` and ``original`` are ``None``.
    """
    if not bill:
        return {"sponsor": None, "sponsors": [], "cosponsors": None, "votes": []}
    sponsors = ask_for(store, "sponsors", bill=bill)
    people = ask_for(store, "cosponsors", bill=bill)
    active = {row["person"]: row for row in people if "withdrawn" not in row}
    withdrawn = {row["person"] for row in people} - set(active)
    told = [int(row["count"]) for row in ask_for(store, "cosponsor_count", bill=bill)]
    count = len(active) if people else told[0] if told else None
    is_named = len(active) == count
    parties: dict[str, int] = defaultdict(int)
    for row in active.values():
        parties[row.get("party", "unknown")] += 1
    return {
        "sponsor": _member(sponsors[0]) if sponsors else None,
        "sponsors": [_member(row) for row in sponsors],
        "cosponsors": {
            "count": count,
            "withdrawn": len(withdrawn) if is_named else None,
            "original": sum(row.get("original") == "true" for row in active.values()) if is_named else None,
            "by_party": dict(sorted(parties.items())),
        }
        if count is not None
        else None,
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


def history(store: Store, bill: Path) -> Answer:
    """The legislative history of a bill: reports on it, and where the daily Congressional Record has its steps.

    ``text`` is what the record of the bill says of the step, ``address`` the official page.
    """
    return {
        "reports": [
            {
                "cite": row["report"],
                "kind": "conference report" if row["conference"] == "true" else "committee report",
                "address": publishers.report(row["report"]) or None,
            }
            for row in ask_for(store, "reports", bill=bill)
        ],
        "record": [
            {
                "cite": row["pages"],
                "date": row.get("day"),
                "text": row["text"],
                "address": publishers.record(row["pages"]) or None,
            }
            for row in ask_for(store, "record_pages", bill=bill)
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


# --- timeline --------------------------------------------------------------------------------------------------------


def life(store: Store, cite: str) -> Answer:
    """By day: the versions of all that has stood at `cite`, the enactments that made them, the bills that are pending.

    The status is that of `cite` on the coverage day, or on the day behind its ``@``. Raises `Malformed`.
    """
    asked = target(cite)
    answer: Answer = {
        "status": "ambiguous-citation",
        "cite": cite,
        "message": "",
        "versions": [],
        "enactments": [],
        "pending": [],
        "near": [],
        "known_through": known_through(store),
    }
    if not asked.slot:
        return answer | ambiguous(store, cite, asked)
    found = stood(store, asked.slot, asked.day or today(store) or "")
    line = timeline_of(store, ledger.section_of(found.slot))
    tenants = sorted({b.provision for b in line.bindings if b.slot == found.slot})
    if asked.slot.startswith("/provision/"):
        tenants = [found.binding.provision] if found.binding else []
    effects = {effect.id: effect for provision in tenants for effect in timeline.life(line, provision)}
    versions = sorted((v for v in line.versions if v.provision in tenants), key=lambda v: (v.valid_from, v.slot))
    return answer | {
        "status": found.status,
        "cite": naming.name(found.slot),
        "message": found.message,
        "versions": [_version(store, version) for version in versions],
        "enactments": [_enactment(effect) for effect in sorted(effects.values(), key=ledger.chronological)],
        "pending": sorted(
            pending(store, line, found.binding.provision) if found.binding else [],
            key=lambda bill: bill["introduced"] or "",
        ),
        "near": [naming.name(slot) for slot in found.near],
    }


def _version(store: Store, version: Version) -> Answer:
    return {
        "version": iri.of(version.path),
        "provision": iri.of(version.provision),
        "cite": naming.name(version.slot),
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
        "summary": summary(store, version.provision, version),
        "begun_by": [iri.of(f"/effect/{effect}") for effect in version.begun_by],
    }


def _enactment(effect: Effect) -> Answer:
    return {
        "effect": iri.of(f"/effect/{effect.id}"),
        "kind": effect.kind,
        "target": naming.name(effect.target),
        "law": naming.name(effect.agent),
        "enacted": effect.enacted,
        "effective": ledger.valid_from(effect),
        "effective_assumed": effect.assumed,
    }


# --- cite ------------------------------------------------------------------------------------------------------------


def cited(store: Store, text: str) -> Answer:
    """The citations in a text, parsed, normalized and held against the graph.

    ``start`` and ``end`` count Unicode code points; ``known`` says whether the graph has the thing, ``label`` what it
    calls it.
    """
    found = citation.find(text)
    known = _known(store, {mention.path for mention in found if mention.path})
    named = {path: (iri.of(path), naming.name(path)) for path in {p for m in found for p in (m.path, *m.choices) if p}}
    mentions = [_mention(mention, named, known) for mention in found]
    message = "" if mentions else "No citation was found in this text."
    return {
        "status": "ok" if mentions else "unknown-citation",
        "message": message,
        "mentions": mentions,
        "known_through": known_through(store),
    }


def _mention(mention: citation.Mention, named: dict[Path, tuple[str, str]], known: dict[Path, Row]) -> Answer:
    address, normalized = named.get(mention.path, (None, mention.note or None))
    return {
        "text": mention.text,
        "start": mention.start,
        "end": mention.end,
        "kind": mention.kind,
        "iri": address,
        "normalized": normalized,
        "known": mention.path in known,
        "label": known[mention.path]["label"] if mention.path in known else None,
        "choices": [{"iri": named[path][0], "normalized": named[path][1]} for path in mention.choices],
    }


def _known(store: Store, paths: Collection[Path]) -> dict[Path, Row]:
    """What the graph calls those of `paths` that it has, asked for many at a time."""
    known: dict[Path, Row] = {}
    ordered = sorted(paths)
    for first in range(0, len(ordered), 2000):
        for row in store.select(query_text("labels").replace("$things", values(ordered[first : first + 2000]))):
            known.setdefault(iri.path(row["thing"]), row)
    return known


def csl(store: Store, text: str) -> list[Answer]:
    """The citations in a text as CSL-JSON items, each once, with the titles and days that the graph knows."""
    items: dict[Path, Answer] = {}
    found = citation.find(text)
    known = _known(store, {mention.path for mention in found if mention.path})
    for mention in found:
        if mention.path and mention.path not in items and mention.kind != "case":
            about = known.get(mention.path, {})
            try:
                items[mention.path] = citation.csl(
                    mention.path, about.get("title", ""), iri.of(mention.path), about.get("issued", "")
                )
            except ValueError:
                continue  # the address of a thing that no citation names: a person, a case
    return list(items.values())
