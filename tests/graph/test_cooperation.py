"""Networks of members: each measure against an independent computation, and the facts they rest on."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import cooperation
from graph.cooperation import Support
from graph.store import Store, connect

HR1865, S1693 = "/us/bill/115/hr/1865", "/us/bill/115/s/1693"


@pytest.fixture(scope="module")
def store(release: Path) -> Store:
    return connect(release)


@pytest.fixture(scope="module")
def found(store: Store) -> list[Support]:
    return cooperation.supports(store)


@pytest.fixture(scope="module")
def measured(found: list[Support]) -> dict[str, list[dict[str, object]]]:
    return cooperation.measured(found)


def incidence(found: list[Support]) -> tuple[list[str], list[str], np.ndarray]:
    """Members, bills, and a matrix that says who stands behind what."""
    members, bills = (sorted({support[i] for support in found}) for i in (1, 0))
    matrix = np.zeros((len(members), len(bills)))
    for support in found:
        matrix[members.index(support.member), bills.index(support.bill)] = 1
    return members, bills, matrix


# --- what is recorded ------------------------------------------------------------------------------------------------


def test_the_supporters_of_s_1693_are_its_sponsor_and_seventy_cosponsors(found: list[Support]) -> None:
    behind = cooperation.behind(found)[S1693].values()
    assert Counter(s.party for s in behind if not s.is_sponsor) == {"R": 43, "D": 27}
    assert [s.name for s in behind if s.is_sponsor] == ["Rob Portman"]


def test_a_withdrawn_cosponsor_does_not_stand_behind_the_bill(found: list[Support]) -> None:
    members = cooperation.behind(found)[HR1865]
    assert len(members) == 174 + 1 and "/us/person/M001166" not in members


def test_only_reform_bills_count(store: Store, found: list[Support]) -> None:
    assert {support.bill for support in found} <= {bill.path for bill in cooperation.bills(store)}
    assert "/us/bill/115/hr/2201" not in {bill.path for bill in cooperation.bills(store)}, "a securities bill"


# --- ties ------------------------------------------------------------------------------------------------------------


def test_weights_and_strengths_are_those_of_the_matrix(found: list[Support]) -> None:
    members, _, matrix = incidence(found)
    others = np.maximum(matrix.sum(axis=0) - 1, 1)
    weight, strength = matrix @ matrix.T, (matrix / others) @ matrix.T
    network = cooperation.ties(found)
    assert network.number_of_edges() == np.count_nonzero(np.triu(weight, 1))
    for one, other, tie in network.edges(data=True):
        at = members.index(one), members.index(other)
        assert tie["weight"] == weight[at] and tie["strength"] == pytest.approx(strength[at])


def test_the_strengths_of_a_member_add_up_to_the_bills_shared_with_anybody(found: list[Support]) -> None:
    network, by_bill = cooperation.ties(found), cooperation.behind(found)
    shared = Counter(member for members in by_bill.values() if len(members) > 1 for member in members)
    for member in network:
        assert network.degree(member, "strength") == pytest.approx(shared[member])


def test_a_tie_begins_when_both_stand_behind_the_first_bill_they_share(found: list[Support]) -> None:
    tie = cooperation.ties(found).edges["/us/person/W000812", "/us/person/W000820"]
    assert tie["since"] == "2017-07-28", "the day on which Mimi Walters joined Ann Wagner's bill"


# --- measures --------------------------------------------------------------------------------------------------------


@st.composite
def small(draw: st.DrawFn) -> list[Support]:
    pairs = draw(st.sets(st.tuples(st.integers(1, 4), st.integers(1, 6)), min_size=1, max_size=14))
    parties = {member: draw(st.sampled_from(["D", "R", "I", ""])) for _, member in sorted(pairs)}
    return [Support(f"/b/{b}", f"/p/{m}", f"member {m}", parties[m], "2017-04-03", False) for b, m in sorted(pairs)]


@settings(deadline=None)
@given(small())
def test_betweenness_is_the_share_of_all_shortest_ways(found: list[Support]) -> None:
    network = cooperation.two_sided(found)
    counted = dict.fromkeys(network, 0.0)
    for one, other in combinations(network, 2):
        if nx.has_path(network, one, other):
            ways = list(nx.all_shortest_paths(network, one, other))
            for way in ways:
                for passed in way[1:-1]:
                    counted[passed] += 1 / len(ways)
    pairs = max((len(network) - 1) * (len(network) - 2) / 2, 1)
    for node, value in cooperation.betweenness(network).items():
        assert value == pytest.approx(counted[node] / pairs)


def test_modularity_is_that_of_its_formula(found: list[Support], measured: dict[str, object]) -> None:
    network = cooperation.ties(found)
    members = sorted(network)
    group = {row["path"]: row["community"] for row in measured["members"]}
    strengths = nx.to_numpy_array(network, members, weight="strength")
    degrees = strengths.sum(axis=1)
    same = np.array([[group[a] == group[b] for b in members] for a in members])
    expected = ((strengths - np.outer(degrees, degrees) / degrees.sum()) * same).sum() / degrees.sum()
    assert measured["summary"]["modularity"] == pytest.approx(expected, abs=1e-4)


def test_assortativity_is_that_of_the_mixing_of_parties(found: list[Support], measured: dict[str, object]) -> None:
    network = cooperation.ties(found)
    mixing = np.zeros((2, 2))
    for one, other in network.edges:
        pair = [network.nodes[end]["party"] for end in (one, other)]
        if set(pair) <= {"D", "R"}:
            at = ["DR".index(party) for party in pair]
            mixing[at[0], at[1]] += 1
            mixing[at[1], at[0]] += 1
    mixing /= mixing.sum()
    chance = (mixing.sum(axis=0) * mixing.sum(axis=1)).sum()
    assert measured["summary"]["assortativity"] == pytest.approx((np.trace(mixing) - chance) / (1 - chance), abs=1e-4)


def test_the_cross_share_is_a_part_of_the_strength(found: list[Support], measured: dict[str, object]) -> None:
    network = cooperation.ties(found)
    for row in measured["members"]:
        if row["cross_share"] is None:
            continue
        by_party: Counter[str] = Counter()
        for other, tie in network[row["path"]].items():
            by_party[network.nodes[other]["party"]] += tie["strength"]
        other_party = {"D": "R", "R": "D"}[row["party"]]
        assert row["cross_share"] == pytest.approx(by_party[other_party] / (by_party["D"] + by_party["R"]), abs=1e-4)


def test_groups_hold_everybody_once_whatever_the_order(found: list[Support]) -> None:
    network = cooperation.ties(found)
    groups = cooperation.communities(network)
    assert sorted(member for group in groups for member in group) == sorted(network)
    shuffled = random.Random(1).sample(found, len(found))
    assert cooperation.communities(cooperation.ties(shuffled)) == groups


@given(small())
def test_similarity_is_shared_over_all(found: list[Support]) -> None:
    held: dict[str, set[str]] = {}
    for support in found:
        held.setdefault(support.member, set()).add(support.bill)
    for row in cooperation.similar(found, "/p/1", least=1):
        mine, theirs = held["/p/1"], held[row["path"]]
        assert row["similarity"] == round(len(mine & theirs) / len(mine | theirs), 4) > 0


def test_the_overlap_of_a_bill_counts_the_others_its_supporters_stand_behind(found: list[Support]) -> None:
    _, bills, matrix = incidence(found)
    common = np.count_nonzero(matrix.T @ matrix, axis=1) - 1
    for row in cooperation.measured(found)["bills"]:
        assert row["overlap"] == common[bills.index(row["path"])]


# --- bipartisanship --------------------------------------------------------------------------------------------------


def test_the_smaller_party_behind_s_1693(store: Store, found: list[Support]) -> None:
    rows = {row["path"]: row for row in cooperation.bipartisanship(cooperation.bills(store), found)["bills"]}
    assert (rows[S1693]["republicans"], rows[S1693]["democrats"]) == (44, 27)
    assert rows[S1693]["minority_share"] == pytest.approx(27 / 71, abs=1e-4)


def test_a_bill_whose_record_is_not_whole_is_left_out_of_the_mean(store: Store, found: list[Support]) -> None:
    told = cooperation.bipartisanship(cooperation.bills(store), found)
    for congress in told["congresses"]:
        assert congress["bills"] == congress["unread"] + congress["alone"] + congress["several"]
    copa = next(row for row in told["bills"] if row["path"] == "/us/bill/105/hr/3783")
    assert copa["reading"] == "unread" and copa["unknown"] and copa["minority_share"] is None


def test_a_bill_of_one_party_is_not_bipartisan() -> None:
    bill = cooperation.ReformBill("/us/bill/116/s/1", "S. 1", "", 116, "2019-01-03", 1)
    behind = [Support(bill.path, f"/p/{n}", "", "R", "2019-01-03", n == 0) for n in range(2)]
    (congress,) = cooperation.bipartisanship([bill], behind)["congresses"]
    assert (congress["several"], congress["bipartisan"], congress["mean_minority_share"]) == (1, 0, 0)


def test_nothing_at_all_is_measured_as_nothing() -> None:
    assert cooperation.measured([])["members"] == [] and cooperation.measured([])["summary"]["modularity"] is None
