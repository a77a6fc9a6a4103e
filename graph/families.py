"""Bills that come back: families of reintroductions across Congresses, and what changed from one to the next.

Two bills of different Congresses belong together where they bear one title (its year apart), where a record or our own
reading calls them related, or where one sponsor brings the same changes of the same designations again. What belongs
together through a third belongs together. Companions in the other chamber join the family of their twin.

Where a bill became law with words that began in another, the one is the *vehicle* and the other the *origin* of the
words: S. 652 of the 104th Congress and H.R. 1978.

>>> subject("Stop Hiding Hate Act of 2023"), subject("The SAFE TECH Act")
('stop hiding hate act', 'safe tech act')
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import networkx as nx  # type: ignore[import-untyped]

from graph import answers, collisions, iri, naming, proposals
from graph.answers import Answer
from graph.proposals import Instruction
from graph.records import Path
from graph.store import Row, Store, ask_for

LEAST_WORDS = 3
"""Titles of fewer words ("Section 230 Act") do not make a family by themselves."""

WHY = {
    "title": "the same title",
    "related": "called related by a record or by our reading of both",
    "effect": "one sponsor, the same changes of the same designations",
}


def families(store: Store) -> Answer:
    """The families, those over most Congresses first, and the laws whose words began in another bill."""
    about: dict[Path, Row] = {}
    sponsors: dict[Path, set[str]] = defaultdict(set)
    for row in ask_for(store, "measures"):
        path = iri.path(row["bill"])
        about.setdefault(path, row)
        if "sponsor" in row:
            sponsors[path].add(row["sponsor"])
    known = proposals.instructions(store)
    network = nx.Graph()
    for one, other, why in _links(store, about, sponsors, known):
        if network.has_edge(one, other):
            network.edges[one, other]["why"].add(why)
        else:
            network.add_edge(one, other, why={why})
    found = [
        _family(network.subgraph(group), about, known)
        for group in nx.connected_components(network)
        if len({collisions.of(bill) for bill in group}) > 1
    ]
    found.sort(key=lambda family: (-len(family["congresses"]), -len(family["bills"]), family["bills"][0]["iri"]))
    return {
        "status": "ok",
        "families": found,
        "versions": list(between_versions(proposals.versions(store))),
        "vehicles": list(_vehicles(store, about)),
        "known_through": answers.known_through(store),
    }


def subject(title: str) -> str:
    """A title without its year and article, to be held against others."""
    bare = re.sub(r"\s+of (?:19|20)\d\d$", "", title.strip().rstrip(".")).lower()
    return re.sub(r"[^a-z0-9 ]", "", bare.removeprefix("the ")).strip()


def _links(
    store: Store, about: dict[Path, Row], sponsors: dict[Path, set[str]], known: dict[Path, tuple[Instruction, ...]]
) -> Iterator[tuple[Path, Path, str]]:
    """Every two bills that belong together, and why."""
    by_title: dict[str, list[Path]] = defaultdict(list)
    for bill, row in about.items():
        name = subject(row.get("title", ""))
        if len(name.split()) >= LEAST_WORDS:
            by_title[name].append(bill)
    for bills in by_title.values():
        for one, other in pairwise(bills):
            yield *sorted((one, other)), "title"  # type: ignore[misc]
    for row in ask_for(store, "related_measures"):
        one, other = sorted((iri.path(row["bill"]), iri.path(row["other"])))
        if one in about and other in about:
            yield one, other, "related"
    by_effect: dict[tuple[object, ...], list[Path]] = defaultdict(list)
    for bill in sorted(about):
        for sponsor in sponsors[bill]:
            acting = [one for one in known.get(bill, ()) if one.operation not in proposals.APART]
            if deeds := tuple(sorted(changes(acting))):
                by_effect[sponsor, deeds].append(bill)
    for bills in by_effect.values():
        for one, other in pairwise(bills):
            yield *sorted((one, other)), "effect"  # type: ignore[misc]


def changes(instructions: Iterable[Instruction]) -> set[tuple[str, Path]]:
    """What a bill would do to which designation, as a set that can be held against that of another."""
    return {(one.operation, slot) for one in instructions for slot in one.slots}


def compare(before: Iterable[Instruction], after: Iterable[Instruction]) -> Answer:
    """What a later bill, or a later version of one, would do that the earlier would not, and the other way round."""
    old, new = changes(before), changes(after)
    kept = {change for change in old | new if any(_is_same(change, other) for other in (new if change in old else old))}
    return {"kept": _told(kept & new), "new": _told(new - kept), "gone": _told(old - kept)}


def _is_same(one: tuple[str, Path], other: tuple[str, Path]) -> bool:
    """Whether two changes are the same, one of them perhaps told less exactly: of (e) where the other says (e)(6)."""
    (deed, slot), (other_deed, other_slot) = one, other
    return deed == other_deed and (f"{slot}/".startswith(f"{other_slot}/") or other_slot.startswith(f"{slot}/"))


def between_versions(found: proposals.Versions) -> Iterator[Answer]:
    """What a version of the text of a bill would do otherwise than the one before it, for bills with several."""
    by_bill: dict[Path, list[tuple[str, tuple[Instruction, ...]]]] = defaultdict(list)
    for (bill, version), instructions in found.items():
        if version:
            by_bill[bill].append((version, instructions))
    for bill, versions in sorted(by_bill.items()):
        for (earlier, before), (later, after) in pairwise(versions):
            changed = compare(before, after)
            yield {"iri": iri.of(bill), "cite": naming.name(bill), "from": earlier, "to": later, "changed": changed}


def _told(found: Iterable[tuple[str, Path]]) -> list[dict[str, str]]:
    return [{"operation": operation, "at": naming.name(slot)} for operation, slot in sorted(found)]


def _family(part: Any, about: dict[Path, Row], known: dict[Path, tuple[Instruction, ...]]) -> Answer:
    """One family: its bills in order, and what each would do otherwise than the nearest of an earlier Congress."""
    bills = sorted(part, key=lambda bill: (collisions.of(bill), about[bill].get("introduced", ""), bill))
    rows = []
    for bill in bills:
        row = about[bill]
        earlier = [other for other in bills if collisions.of(other) < collisions.of(bill)]
        linked = [other for other in earlier if part.has_edge(bill, other)]
        before = max(linked or earlier, key=lambda other: (collisions.of(other), other), default=None)
        rows.append(
            {
                "iri": iri.of(bill),
                "cite": row["label"],
                "title": row.get("title"),
                "congress": collisions.of(bill),
                "introduced": row.get("introduced"),
                "stage": row["stage"].rpartition("#stage-")[2] if "stage" in row else None,
                "sponsor": row.get("name"),
                "before": iri.of(before) if before else None,
                "before_cite": about[before]["label"] if before else None,
                "changed": compare(known.get(before, ()), known.get(bill, ())) if before else None,
            }
        )
    why = sorted({reason for _, _, reasons in part.edges(data="why") for reason in reasons}, key=list(WHY).index)
    return {
        "title": next((row["title"] for row in reversed(rows) if row["title"]), rows[-1]["cite"]),
        "congresses": sorted({row["congress"] for row in rows}),
        "why": [WHY[reason] for reason in why],
        "bills": rows,
    }


def _vehicles(store: Store, about: dict[Path, Row]) -> Iterator[Answer]:
    """The laws of which the words, or some, began in another bill, with these bills."""
    origins: dict[Path, list[Path]] = defaultdict(list)
    for row in ask_for(store, "words_from"):
        origins[iri.path(row["bill"])].append(iri.path(row["origin"]))
    for vehicle, begun in sorted(origins.items()):
        row = about.get(vehicle, {})
        yield {
            "iri": iri.of(vehicle),
            "cite": row.get("label") or naming.name(vehicle),
            "title": row.get("title"),
            "law": naming.name(iri.path(row["law"])) if "law" in row else None,
            "why": row.get("why"),
            "origins": [
                {
                    "iri": iri.of(bill),
                    "cite": about.get(bill, {}).get("label") or naming.name(bill),
                    "title": about.get(bill, {}).get("title"),
                    "why": about.get(bill, {}).get("why"),
                }
                for bill in sorted(begun)
            ],
        }
