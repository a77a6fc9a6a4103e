"""Who works with whom on reform of the section: members of Congress joined by the bills that they stand behind.

A member *stands behind* a bill as its sponsor, or as a cosponsor who has not withdrawn. Two members have a *tie* when
both stand behind one bill; only reform bills count (docs/inclusion.md). What is measured, and where it is from:

- ``weight`` of a tie: how many bills the two share. ``strength``: the sum over these of 1 / (n - 1), where n members
  stand behind the bill, so that a bill of two says more than one of two hundred (Newman 2001,
  doi:10.1103/PhysRevE.64.016132); the strengths of all ties of a member add up to the bills that they share with
  anybody. ``since``: the first day on which both stood behind the same bill.
- ``cross_share`` of a member: of the strength of their ties with Democrats and Republicans, the part that joins them
  with the party that is not theirs; of a network, that part of all such ties.
- ``betweenness`` of a member or a bill: of the shortest ways between two others in the two-sided network of members and
  bills, the part that leads over them (Freeman 1977), between 0 and 1.
- ``community``: the groups that Louvain's method finds by strength (Blondel et al. 2008), always from the same start;
  ``modularity`` says how much more of the strength lies within groups than chance would put there.
- ``assortativity``: from -1, every tie joins two parties, over 0, chance, to 1, none does (Newman 2003; among
  Democrats and Republicans, each tie counting once).
- ``similarity`` of two members: bills of both, divided by bills of either (Jaccard).
- ``minority_share`` of a bill: the smaller of its Republicans and Democrats as a part of both; 0.5 is half and half.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any, NamedTuple

import networkx as nx  # type: ignore[import-untyped]

from graph import iri
from graph.layout import Network
from graph.records import Day, Path
from graph.store import Store, ask_for

SEED = 230
MAJOR = ("D", "R")
SAMPLED = 2000
"""Above so many nodes betweenness is estimated from `PIVOTS` of them (Brandes and Pich 2007); it says so."""
PIVOTS = 200


class Support(NamedTuple):
    """One member behind one bill, from a day on; `party` is empty where no record states one."""

    bill: Path
    member: Path
    name: str
    party: str
    since: Day
    is_sponsor: bool


class ReformBill(NamedTuple):
    """A reform bill; `cosponsors` is what its record says, ``None`` where no record was read."""

    path: Path
    label: str
    title: str
    congress: int
    introduced: Day
    cosponsors: int | None


# --- what is recorded ------------------------------------------------------------------------------------------------


def bills(store: Store) -> list[ReformBill]:
    """The reform bills, oldest Congress first."""
    rows = {row["bill"]: row for row in ask_for(store, "reform_bills")}
    found = [
        ReformBill(
            path := iri.path(name),
            row["label"],
            row.get("title", ""),
            int(path.split("/")[3]),
            row.get("introduced", ""),
            int(row["cosponsors"]) if "cosponsors" in row else None,
        )
        for name, row in rows.items()
    ]
    return sorted(found, key=lambda bill: (bill.congress, bill.introduced or "9999", bill.path))


def supports(store: Store) -> list[Support]:
    """Every member behind every reform bill, in order.

    Where the record of a bill states no party, that of the term is taken, else the one stated nearest in time.
    """
    rows = ask_for(store, "supports")
    stated: dict[str, set[tuple[Day, str]]] = defaultdict(set)
    for row in rows:
        if "party" in row:
            stated[row["person"]].add((row["since"], row["party"]))
    found = {
        Support(
            iri.path(row["bill"]),
            iri.path(row["person"]),
            row["name"],
            row.get("party") or row.get("termParty") or _nearest(stated[row["person"]], row["since"]),
            row["since"],
            row["role"].endswith("sponsor") and not row["role"].endswith("cosponsor"),
        )
        for row in rows
    }
    return sorted(found)


def _nearest(stated: Iterable[tuple[Day, str]], day: Day) -> str:
    """The party stated nearest to a day, the earlier of two as near.

    >>> _nearest({("2017-01-03", "D"), ("2023-01-03", "I")}, "2018-01-01"), _nearest((), "2018-01-01")
    ('D', '')
    """
    years = int(day[:4])
    return min(stated, key=lambda known: (abs(int(known[0][:4]) - years), known), default=("", ""))[1]


# --- ties ------------------------------------------------------------------------------------------------------------


def behind(found: Iterable[Support]) -> dict[Path, dict[Path, Support]]:
    """By bill, the members behind it with the first day of each."""
    by_bill: dict[Path, dict[Path, Support]] = defaultdict(dict)
    for support in sorted(found, key=lambda s: (s.bill, s.since, s.member)):
        by_bill[support.bill].setdefault(support.member, support)
    return dict(by_bill)


def ties(found: Iterable[Support]) -> Network:
    """The members as a `networkx.Graph`.

    Nodes have ``label``, ``party`` (the latest) and ``bills``; edges ``weight``, ``strength``, ``since`` and
    ``crosses`` (whether they join the two major parties).

    >>> one = Support("/b/1", "/p/1", "Ann", "R", "2017-04-03", True)
    >>> two = Support("/b/1", "/p/2", "Bob", "D", "2017-05-01", False)
    >>> ties([one, two]).edges["/p/1", "/p/2"]
    {'weight': 1, 'strength': 1.0, 'since': '2017-05-01', 'crosses': True}
    """
    by_bill = behind(found)
    network = nx.Graph()
    for support in sorted((s for members in by_bill.values() for s in members.values()), key=lambda s: (s.since, s)):
        held = network.nodes[support.member]["bills"] if support.member in network else 0
        network.add_node(support.member, label=support.name, party=support.party, bills=held + 1)
    for members in by_bill.values():
        part = 1 / max(len(members) - 1, 1)
        for (one, first), (other, second) in combinations(sorted(members.items()), 2):
            day = max(first.since, second.since)
            if network.has_edge(one, other):
                edge = network.edges[one, other]
                edge["weight"] += 1
                edge["strength"] += part
                edge["since"] = min(edge["since"], day)
            else:
                crosses = {network.nodes[one]["party"], network.nodes[other]["party"]} == set(MAJOR)
                network.add_edge(one, other, weight=1, strength=part, since=day, crosses=crosses)
    return network


def two_sided(found: Iterable[Support]) -> Network:
    """Members and bills as the two sides of one network, an edge for each support."""
    network = nx.Graph()
    for support in sorted(found):
        network.add_node(support.member, side="member", label=support.name, party=support.party)
        network.add_node(support.bill, side="bill", label=support.bill)
        network.add_edge(support.member, support.bill, since=support.since)
    return network


# --- measures --------------------------------------------------------------------------------------------------------


def measured(found: list[Support]) -> dict[str, Any]:
    """The members and bills of a network with their measures, and the whole of it in figures, as JSON holds them."""
    network = ties(found)
    between = betweenness(two_sided(found))
    groups = communities(network)
    member_of = {member: number for number, group in enumerate(groups, 1) for member in group}
    members = [
        {
            "path": member,
            "name": about["label"],
            "party": about["party"],
            "bills": about["bills"],
            "ties": network.degree(member),
            "cross_share": _cross_share(network, member),
            "betweenness": round(between[member], 6),
            "community": member_of[member],
        }
        for member, about in network.nodes(data=True)
    ]
    return {
        "members": sorted(members, key=lambda member: (-member["betweenness"], member["name"], member["path"])),
        "bills": _bills(found, between),
        "summary": _summary(network, groups, found),
    }


def betweenness(network: Network) -> dict[Path, float]:
    """Betweenness of every node: exact up to `SAMPLED` nodes, above estimated from `PIVOTS`."""
    pivots = PIVOTS if len(network) > SAMPLED else None
    found: dict[Path, float] = nx.betweenness_centrality(network, k=pivots, seed=SEED)
    return found


def communities(network: Network) -> list[list[Path]]:
    """Groups of members by Louvain's method, the largest first; nobody is left out."""
    # By number: names are kept in an order that differs from run to run.
    members = sorted(network)
    numbered = nx.Graph()
    numbered.add_nodes_from(range(len(members)))
    place = {member: number for number, member in enumerate(members)}
    numbered.add_weighted_edges_from(
        sorted((*sorted((place[one], place[other])), edge) for one, other, edge in network.edges(data="strength"))
    )
    found = nx.community.louvain_communities(numbered, seed=SEED) if members else []
    return sorted(
        ([members[number] for number in sorted(group)] for group in found), key=lambda group: (-len(group), group)
    )


def _cross_share(network: Network, member: Path) -> float | None:
    """The cross share of a member; ``None`` for who is of neither major party, or has no tie with anybody who is."""
    if network.nodes[member]["party"] not in MAJOR:
        return None
    return _crossing(edge for _, other, edge in network.edges(member, data=True) if _is_major(network, other))


def _is_major(network: Network, member: Path) -> bool:
    return network.nodes[member]["party"] in MAJOR


def _crossing(edges: Iterable[Mapping[str, Any]]) -> float | None:
    """The part of the strength of some ties that joins the parties."""
    strengths = [(edge["strength"], edge["crosses"]) for edge in edges]
    whole = sum(strength for strength, _ in strengths)
    return round(sum(strength for strength, crosses in strengths if crosses) / whole, 4) if whole else None


def _bills(found: Iterable[Support], between: Mapping[Path, float]) -> list[dict[str, Any]]:
    by_bill = behind(found)
    reach: dict[Path, set[Path]] = defaultdict(set)
    for bill, members in by_bill.items():
        for member in members:
            reach[member].add(bill)
    rows = [
        {
            "path": bill,
            **parties(members.values()),
            "overlap": len(set().union(*(reach[member] for member in members)) - {bill}),
            "betweenness": round(between[bill], 6),
        }
        for bill, members in by_bill.items()
    ]
    return sorted(rows, key=lambda row: (-row["betweenness"], row["path"]))


def _summary(network: Network, groups: list[list[Path]], found: list[Support]) -> dict[str, Any]:
    """The whole of a network in a few figures."""
    major = network.subgraph([member for member in network if _is_major(network, member)])
    has_both = len({party for _, party in major.nodes(data="party")}) == 2 and major.number_of_edges()
    return {
        "bills": len({support.bill for support in found}),
        "members": len(network),
        "ties": network.number_of_edges(),
        "communities": len(groups),
        "modularity": round(nx.community.modularity(network, groups, "strength"), 4) if network.size() else None,
        "assortativity": round(nx.attribute_assortativity_coefficient(major, "party"), 4) if has_both else None,
        "cross_share": _crossing(edge for _, _, edge in major.edges(data=True)),
        "is_estimated": len(network) + len({support.bill for support in found}) > SAMPLED,
    }


def parties(members: Iterable[Support]) -> dict[str, Any]:
    """How many of each major party and of others stand behind a bill, and the part of the smaller of the two.

    There is no such part where the party of anybody is unknown.

    >>> parties([Support("/b", f"/p/{n}", "", party, "2017-04-03", False) for n, party in enumerate("DRRR")])
    {'supporters': 4, 'democrats': 1, 'republicans': 3, 'others': 0, 'unknown': 0, 'minority_share': 0.25}
    """
    counts = Counter(support.party for support in members)
    major = counts["D"] + counts["R"]
    return {
        "supporters": counts.total(),
        "democrats": counts["D"],
        "republicans": counts["R"],
        "others": counts.total() - major - counts[""],
        "unknown": counts[""],
        "minority_share": round(min(counts["D"], counts["R"]) / major, 4) if major and not counts[""] else None,
    }


def similar(found: Iterable[Support], member: Path, least: int = 2) -> list[dict[str, Any]]:
    """The members most like `member` by the bills they stand behind, of those who share `least` with them or more."""
    held: dict[Path, set[Path]] = defaultdict(set)
    known: dict[Path, Support] = {}
    for support in sorted(found, key=lambda s: s.since):
        held[support.member].add(support.bill)
        known[support.member] = support
    mine = held.get(member, set())
    rows = [
        {
            "path": other,
            "name": known[other].name,
            "party": known[other].party,
            "shared": len(mine & theirs),
            "similarity": round(len(mine & theirs) / len(mine | theirs), 4),
            "bills": sorted(mine & theirs),
        }
        for other, theirs in held.items()
        if other != member and len(mine & theirs) >= least
    ]
    return sorted(rows, key=lambda row: (-row["similarity"], -row["shared"], row["name"], row["path"]))


def bipartisanship(known: Iterable[ReformBill], found: Iterable[Support]) -> dict[str, Any]:
    """How much both parties stand behind reform: by bill, and by Congress over the bills with more than one supporter.

    A bill of one supporter cannot be bipartisan and is only counted (``alone``); one whose record names fewer people
    than it says there are, or not the party of everybody, is left out (``unread``).
    """
    by_bill = behind(found)
    rows = [
        {**bill._asdict(), **parties(by_bill.get(bill.path, {}).values()), "reading": _reading(bill, by_bill)}
        for bill in known
    ]
    numbers = sorted({row["congress"] for row in rows})
    return {"bills": rows, "congresses": [_of_congress(number, rows) for number in numbers]}


def _reading(bill: ReformBill, by_bill: Mapping[Path, Mapping[Path, Support]]) -> str:
    members = by_bill.get(bill.path, {})
    named = sum(not support.is_sponsor for support in members.values())
    is_whole = members and bill.cosponsors is not None and named >= bill.cosponsors
    if not is_whole or not all(support.party for support in members.values()):
        return "unread"
    return "several" if len(members) > 1 else "alone"


def _of_congress(number: int, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    of_it = [row for row in rows if row["congress"] == number]
    several = [
        row["minority_share"] for row in of_it if row["reading"] == "several" and row["minority_share"] is not None
    ]
    return {
        "congress": number,
        "bills": len(of_it),
        "unread": sum(row["reading"] == "unread" for row in of_it),
        "alone": sum(row["reading"] == "alone" for row in of_it),
        "several": len(several),
        "bipartisan": sum(share > 0 for share in several),
        "mean_minority_share": round(sum(several) / len(several), 4) if several else None,
    }
