"""Crowds: the many things that stand in a network for the same reason, shown as one until somebody asks for them.

A hundred cosponsors of one bill say less than "62 Republicans, 47 Democrats". What stands in the same relations to the
things that a view is about, and shares its party, its Congress or its outcome, is one crowd. Crowds are made only where
a view would be too full to read, the fullest kind first, and each can be opened again by its id.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import networkx as nx  # type: ignore[import-untyped]

from graph.citation import ordinal
from graph.layout import Network
from graph.naming import PARTIES
from graph.records import Path

ROOM = 60
"""How many boxes a view may have before its crowds are gathered: what can be read without moving the picture."""

LEAST = 4
"""How many make a crowd."""

FACETS = {"person": "party", "bill": "congress", "case": "outcome", "vote": "congress", "law": "congress"}
"""By what else than its relations a kind is told apart."""

CARRIED = ("label", "short", "since", "until", "party", "congress", "stage")
"""What a crowd says of each of its members, beside their path as ``id``."""


def gather(network: Network, keep: Collection[Path], opened: Collection[str] = (), room: int = ROOM) -> Network:
    """The network with its crowds gathered until at most `room` nodes are left, if it can be.

    Things in `keep` stay as they are, and so do the members of the crowds in `opened` (ids). A crowd is a node like
    others, with ``members`` (in the order of the network, each with `CARRIED` and ``id``); its edges carry ``count``.
    The network carries ``opened``: id and label of each crowd in `opened` that there is.
    """
    crowds = _crowds(network, keep)
    known = {name: {"id": name, "label": _label(network, crowds[name])} for name in crowds if name in opened}
    of_kind: dict[str, list[str]] = defaultdict(list)
    for name, members in crowds.items():
        of_kind[network.nodes[members[0]]["kind"]].append(name)
    left = len(network)
    member_of: dict[Path, str] = {}
    for _, names in sorted(of_kind.items(), key=lambda entry: (-sum(len(crowds[name]) for name in entry[1]), entry[0])):
        if left <= room:
            break
        for name in names:
            left -= len(crowds[name]) - 1  # also of one that is open: opening one must not gather others
            if name not in opened:
                member_of.update(dict.fromkeys(crowds[name], name))
    gathered = _quotient(network, crowds, member_of) if member_of else network.copy()
    gathered.graph["opened"] = [known[name] for name in opened if name in known]
    return gathered


def _crowds(network: Network, keep: Collection[Path]) -> dict[str, list[Path]]:
    """Things by what they have in common: kind, facet, and their relations to `keep` (else all their relations)."""
    alike: dict[tuple[Any, ...], list[Path]] = defaultdict(list)
    for path, thing in network.nodes(data=True):
        related = _relations(network, path)
        if path not in keep and related:
            close = [relation for relation in related if relation[2] in keep]
            facet = thing.get(FACETS.get(thing["kind"], ""), "")
            alike[thing["kind"], facet, tuple(close or related)].append(path)
    return {_name(key): members for key, members in alike.items() if len(members) >= LEAST}


def _relations(network: Network, path: Path) -> list[tuple[str, str, Path]]:
    to = {("to", says, target) for _, target, says in network.out_edges(path, data="says")}
    by = {("by", says, source) for source, _, says in network.in_edges(path, data="says")}
    return sorted(to | by)


def _name(key: tuple[Any, ...]) -> str:
    """An id that stays the same as long as what makes the crowd does; no path is like it."""
    return f"crowd-{hashlib.sha256(repr(key).encode()).hexdigest()[:10]}"


def _quotient(network: Network, crowds: Mapping[str, list[Path]], member_of: Mapping[Path, str]) -> Network:
    """The network with the members of each crowd made one node, and their edges one edge for each thing said."""
    made = nx.MultiDiGraph(**network.graph)
    for path, thing in network.nodes(data=True):
        name = member_of.get(path)
        if name is None:
            made.add_node(path, **thing)
        elif name not in made:
            made.add_node(name, **_crowd(network, crowds[name]))
    for source, target, said in network.edges(data=True):
        ends = member_of.get(source, source), member_of.get(target, target)
        if ends == (source, target):
            made.add_edge(source, target, key=(said["says"], said["since"]), **said)
        elif ends[0] != ends[1]:
            _join(made, ends, said)
    return made


def _join(network: Network, ends: tuple[str, str], said: Mapping[str, Any]) -> None:
    known = network.get_edge_data(*ends, default={}).get((said["says"], ""))
    if known is None:
        network.add_edge(*ends, key=(said["says"], ""), **said, count=1)
        return
    known["count"] += 1
    known["since"] = min((day for day in (known["since"], said["since"]) if day), default=None)
    known["until"] = max(known["until"], said["until"]) if known["until"] and said["until"] else None


def _crowd(network: Network, members: list[Path]) -> dict[str, Any]:
    """A node for many: their first and last day, their name for all, and each of them."""
    things = [network.nodes[path] for path in members]
    ends = [thing["until"] for thing in things]
    facet = FACETS.get(things[0]["kind"], "")
    return {
        **things[0],
        "label": _label(network, members),
        "short": f"{len(members)} {_many(things[0])}",
        "caption": _facet(things[0]) or _usual(network, members),
        "badge": _shared(thing["badge"] for thing in things) or things[0]["badge"].split(" · ")[0],
        "description": "",
        "since": min((thing["since"] for thing in things if thing["since"]), default=None),
        "until": max(ends) if all(ends) else None,
        "order": min(thing["order"] for thing in things),
        **{key: _shared(thing[key] for thing in things) for key in ("congress", "stage", "outcome") if key != facet},
        "members": [
            {"id": path, **{key: thing[key] for key in CARRIED}} for path, thing in zip(members, things, strict=True)
        ],
    }


def _usual(network: Network, members: list[Path]) -> str:
    """What most of them did, in a word or two."""
    said = Counter(says for path in members for _, _, says in network.out_edges(path, data="says"))
    return min(said, key=lambda says: (-said[says], says), default="")


def _shared(values: Iterable[str]) -> str:
    """The value that all have, else none."""
    first, *others = set(values)
    return "" if others else first


def _label(network: Network, members: list[Path]) -> str:
    """What many are called together: ``62 Republicans``, ``33 bills of the 116th Congress``."""
    thing = network.nodes[members[0]]
    facet = _facet(thing)
    if thing["kind"] == "case":
        return f"{len(members)} cases{': ' if facet else ''}{facet}"
    return f"{len(members)} {_many(thing)}{' of the ' if facet else ''}{facet}"


def _many(thing: Mapping[str, Any]) -> str:
    """The plural that fits what the members share.

    >>> _many({"kind": "person", "party": "R"}), _many({"kind": "law"})
    ('Republicans', 'laws')
    """
    if thing["kind"] == "person":
        return f"{PARTIES[thing['party']]}s" if thing["party"] in PARTIES else "people"
    plurals = {"vote": "roll calls", "other-law": "other laws", "case": "cases"}
    return plurals.get(thing["kind"], f"{thing['kind']}s")


def _facet(thing: Mapping[str, Any]) -> str:
    value: str = thing.get(FACETS.get(thing["kind"], ""), "")
    if value and FACETS[thing["kind"]] == "congress":
        return f"{ordinal(value)} Congress"
    return "" if thing["kind"] == "person" else value
