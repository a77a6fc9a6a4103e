"""Crowds: what stands in a network for the same reason is one until it is asked for."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import crowd, network
from graph.store import Store, connect

HR1865 = "/us/bill/115/hr/1865"


@pytest.fixture(scope="module")
def store(release: Path) -> Store:
    return connect(release)


def piles(found: network.Network) -> dict[str, dict[str, object]]:
    return {thing["short"]: {"id": path, **thing} for path, thing in found.nodes(data=True) if "members" in thing}


def test_the_cosponsors_of_a_bill_are_one_by_party(store: Store) -> None:
    found = crowd.gather(network.neighbourhood(store, [HR1865], limit=1500), [HR1865])
    assert {"114 Republicans", "61 Democrats"} <= set(piles(found)), "the one withdrawn, a Democrat, is among them"
    relation = next(iter(found.get_edge_data(piles(found)["114 Republicans"]["id"], HR1865).values()))
    assert relation["says"] == "cosponsored" and relation["count"] == 114 and relation["since"] == "2017-04-03"
    assert "/us/person/W000812" in found, "the sponsor stands for nobody else"


def test_bills_are_gathered_by_congress(store: Store) -> None:
    focus = network.resolve(store, "/us/usc/t47/s230")
    found = crowd.gather(network.neighbourhood(store, [focus], limit=1500), [focus])
    label = piles(found)["31 bills"]["label"]
    assert label == "31 bills of the 118th Congress" and len(found) <= crowd.ROOM


def test_cases_are_gathered_by_outcome(store: Store) -> None:
    focus = network.resolve(store, "47 U.S.C. § 230(c)(1)")
    found = crowd.gather(network.neighbourhood(store, [focus], limit=1500), [focus])
    assert "33 cases: immunity granted" in {thing["label"] for thing in piles(found).values()}


def test_an_opened_crowd_is_shown_one_by_one(store: Store) -> None:
    whole = network.neighbourhood(store, [HR1865], limit=1500)
    name = str(piles(crowd.gather(whole, [HR1865]))["61 Democrats"]["id"])
    found = crowd.gather(whole, [HR1865], [name])
    assert name not in found and found.graph["opened"] == [{"id": name, "label": "61 Democrats"}]
    assert "/us/person/B001281" in found
    assert crowd.gather(whole, [HR1865], ["crowd-unknown"]).graph["opened"] == []


def test_what_is_readable_as_it_is_is_not_gathered(store: Store) -> None:
    found = network.neighbourhood(store, ["/case/zeran"])
    assert not piles(crowd.gather(found, ["/case/zeran"]))


@st.composite
def networks(draw: st.DrawFn) -> network.Network:
    found = nx.MultiDiGraph(truncated=False)
    kinds = draw(st.lists(st.sampled_from(["person", "bill", "case", "law"]), min_size=1, max_size=30))
    days = st.sampled_from([None, "1996-02-08", "2018-04-11"])
    for number, kind in enumerate(kinds):
        found.add_node(
            f"/{number}", kind=kind, label=f"thing {number}", short=str(number), caption="", badge="", description="",
            since=draw(days), until=draw(days), order="", party=draw(st.sampled_from(["", "D", "R"])),
            congress=draw(st.sampled_from(["", "115"])), stage="", outcome="",
        )  # fmt: skip
    ends = st.sampled_from(sorted(found))
    for source, target, says in draw(st.lists(st.tuples(ends, ends, st.sampled_from(["became", "cites"])))):
        if source != target:
            found.add_edge(source, target, key=(says, None), says=says, since=None, until=None)
    return found


@given(networks(), st.integers(min_value=1, max_value=30))
def test_gathering_loses_nobody_and_keeps_what_is_to_be_kept(found: network.Network, room: int) -> None:
    gathered = crowd.gather(found, ["/0"], room=room)
    held = [member["id"] for pile in piles(gathered).values() for member in pile["members"]]
    alone = [path for path, thing in gathered.nodes(data=True) if "members" not in thing]
    assert sorted(held + alone) == sorted(found) and "/0" in alone
    said = sum(relation.get("count", 1) for _, _, relation in gathered.edges(data=True))
    assert said <= found.number_of_edges()
    again = crowd.gather(found, ["/0"], room=room)
    assert list(again.nodes(data=True)) == list(gathered.nodes(data=True))
