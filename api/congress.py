"""What the pages of laws, bills, members and roll calls show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from api.provisions import page_order
from api.things import Thing, sources
from graph import answers, iri, ledger
from graph.records import Day, Path
from graph.store import Row, Store, ask_for

Context = dict[str, Any]


def law(store: Store, path: Path) -> Context:
    """An enactment or a section of one: its sections, its effects with their targets, the bill it was."""
    bill = next((row["bill"] for row in ask_for(store, "law", law=ledger.law_of(path)) if "bill" in row), "")
    return {
        "sections": ask_for(store, "law_sections", law=path),
        "effects": effects(ask_for(store, "effects_of", law=path)),
        "parent": ledger.law_of(path),
        "bill": iri.path(bill) if bill else "",
        "bill_details": answers.bill_details(store, iri.path(bill)) if bill else {},
        "stances": ask_for(store, "stances", thing=path),
    }


def effects(rows: Iterable[Row]) -> list[Context]:
    """Effects with all provisions each operated on, in the order of the rows."""
    found: dict[str, Context] = {}
    for row in rows:
        entry = found.setdefault(row["effect"], {**row, "places": {}})
        if "provision" in row:
            entry["places"][row["provision"]] = row
    for entry in found.values():
        entry["places"] = sorted(entry["places"].values(), key=_by_place)
    return list(found.values())


def _by_place(row: Row) -> list[tuple[int, str]]:
    return page_order(iri.path(row.get("now") or row["slot"]))


def bill(store: Store, path: Path) -> Context:
    """A measure: sponsor, cosponsors by party with their days, votes, steps, laws, related bills."""
    people = ask_for(store, "cosponsors", bill=path)
    return {
        **answers.bill_details(store, path),
        "cosponsor_rows": by_party(row for row in people if "withdrawn" not in row),
        "withdrawn_rows": [row for row in people if "withdrawn" in row],
        "foreseen": foreseen(ask_for(store, "foreseen", bill=path)),
        "actions": ask_for(store, "actions", bill=path),
        "related": ask_for(store, "related_bills", bill=path),
        "stances": ask_for(store, "stances", thing=path),
        "claims": ask_for(store, "claims_about", thing=path),
    }


def bill_on(store: Store, path: Path, day: Day) -> Context:
    """A measure on a day: the cosponsors who had joined and not withdrawn, by party, and the last step by then."""
    active = {row["person"]: row for row in ask_for(store, "cosponsors", bill=path) if _holds_on(row, "joined", day)}
    steps = [row for row in ask_for(store, "actions", bill=path) if row.get("day", "9999") <= day]
    return {
        "day": day,
        "cosponsors": len(active),
        "by_party": {party: len(rows) for party, rows in by_party(active.values()).items()},
        "step": max(steps, key=lambda row: row["day"], default=None),
    }


def person_on(store: Store, path: Path, day: Day) -> Context:
    """A person on a day: the offices held."""
    return {"day": day, "terms": [row for row in ask_for(store, "terms", person=path) if _holds_on(row, "from", day)]}


def _holds_on(row: Row, begun: str, day: Day) -> bool:
    """Whether an interval holds on a day; the day on which it ends is the first on which it no longer does.

    >>> row = {"joined": "2017-05-01", "withdrawn": "2017-09-25"}
    >>> [_holds_on(row, "joined", day) for day in ("2017-09-24", "2017-09-25")]
    [True, False]
    """
    ended = row.get("withdrawn") or row.get("to") or "9999"
    return row.get(begun, "9999") <= day < ended


def foreseen(rows: Iterable[Row]) -> list[Context]:
    """The changes that a bill foresees, each with all its places."""
    found: dict[str, Context] = {}
    for row in rows:
        entry = found.setdefault(row["change"], {**row, "places": {}})
        if "slot" in row:
            entry["places"][row["slot"]] = row.get("slotLabel")
    return list(found.values())


def by_party(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Cosponsors by party, the largest party first."""
    parties: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parties[row.get("party", "")].append(row)
    return dict(sorted(parties.items(), key=lambda item: (-len(item[1]), item[0])))


def person(store: Store, path: Path) -> Context:
    """A person: bills sponsored and cosponsored, votes, terms, positions."""
    rows = ask_for(store, "sponsored", person=path)
    return {
        "sponsored": [row for row in rows if row["role"] == "sponsor"],
        "cosponsored": [row for row in rows if row["role"] != "sponsor"],
        "votes": ask_for(store, "votes_of", person=path),
        "terms": ask_for(store, "terms", person=path),
        "stances": ask_for(store, "stances", thing=path),
        "claims": ask_for(store, "claims_about", thing=path),
    }


def document(store: Store, path: Path) -> Context:
    """A document: its claims, each with the verdict and what it is about."""
    found: dict[str, Context] = {}
    for row in ask_for(store, "claims_in", document=path):
        entry = found.setdefault(row["claim"], {**row, "abouts": {}})
        if "about" in row:
            entry["abouts"][row["about"]] = row.get("aboutLabel")
    claims = list(found.values())
    for claim in claims:
        found_in = sources(store, [iri.path(claim["claim"])])
        claim["confidence"] = found_in[0].confidence if found_in else ""
    return {"claims": claims, "stances": ask_for(store, "stances", thing=path)}


def votes(found: Thing) -> dict[str, list[Any]]:
    """Who voted how in a roll call, as far as positions are loaded."""
    named = {"votedYea": "Yea", "votedNay": "Nay", "votedPresent": "Present", "didNotVote": "Not voting"}
    return {title: sorted(found.values(key)) for key, title in named.items() if found.values(key)}


def fitting_sections(store: Store, path: Path) -> list[Path]:
    """The sections of a law that a short form such as ``/us/pl/105/277/s1404`` may mean (TIME, rule 18).

    Those that end in the steps given; if there are none, those that hold these steps further up.
    """
    parent = ledger.law_of(path)
    asked = path.removeprefix(parent).strip("/").split("/")
    rows = ask_for(store, "agents_of", law=parent)
    known = sorted({iri.path(row["part"]) for row in rows} - {parent})
    steps = {part: part.removeprefix(parent).strip("/").split("/") for part in known}
    ending = [part for part in known if steps[part][-len(asked) :] == asked]
    return ending or [part for part in known if _holds(steps[part], asked)]


def _holds(steps: list[str], asked: list[str]) -> bool:
    return any(steps[i : i + len(asked)] == asked for i in range(len(steps) - len(asked) + 1))
