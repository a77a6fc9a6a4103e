"""The networks that a release keeps, and what bears on its provisions."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from graph import centrality, cooperation, networks
from graph.store import Store, connect

C1 = "/provision/us/usc/t47/s230/c/1@1996-02-08"
E5 = "/provision/us/usc/t47/s230/e/5@2018-04-11"
SECTION = "/provision/us/usc/t47/s230@1996-02-08"


@pytest.fixture(scope="module")
def store(release: Path) -> Store:
    return connect(release)


def test_the_build_keeps_what_the_graph_gives(store: Store) -> None:
    assert networks.read(store)["scopes"]["117"] == networks.made(store)["scopes"]["117"]
    assert (store.release / networks.FILE).is_file()


def test_every_congress_with_ties_has_a_network_of_its_own(store: Store) -> None:
    kept = networks.read(store)
    assert {"all", "115", "116", "117", "118", "119"} <= set(kept["scopes"])
    assert (
        sum(scope["summary"]["bills"] for key, scope in kept["scopes"].items() if key != "all")
        <= (kept["scopes"]["all"]["summary"]["bills"])
    )


def test_everybody_behind_a_bill_of_a_congress_has_a_place_in_its_picture(store: Store) -> None:
    kept = networks.read(store)
    for congress, places in kept["places"].items():
        scope = kept["scopes"][congress]
        assert set(places) == {row["path"] for row in (*scope["members"], *scope["bills"])}
        assert all(0 <= x <= networks.SIDE for x, _ in places.values())


def test_places_are_the_same_in_whatever_order_the_edges_come(store: Store) -> None:
    found = cooperation.two_sided(cooperation.supports(store)[:200])
    turned = nx.Graph((other, one) for one, other in reversed(list(found.edges)))
    assert networks._places(turned) == networks._places(found)


@pytest.mark.parametrize("kind", networks.KINDS)
def test_a_network_carries_its_measures(store: Store, kind: str) -> None:
    found = networks.network(store, kind, "118" if kind != "provisions" else "all")
    assert found.number_of_edges() and all(
        label for _, label in found.nodes(data="label") if _.startswith("/us/person")
    )
    assert {"rank"} <= set(found.nodes[C1]) if kind == "provisions" else True


def test_an_unknown_network_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="no network"):
        networks.network(store, "friends")


def test_counts_of_a_provision_are_of_what_points_at_it(store: Store) -> None:
    rows = {row["path"]: row for row in networks.read(store)["provisions"]}
    assert rows[E5]["laws"] == 1 and rows[E5]["exemptions"] == 1, "FOSTA, and the exemption it states"
    assert rows[C1]["cases"] > 40 and rows[SECTION]["bills"] > 90
    assert next(iter(rows)) == SECTION


def test_ranks_are_those_of_the_power_iteration(store: Store) -> None:
    rows = {row["path"]: row["rank"] for row in networks.read(store)["provisions"]}
    bearing = centrality.bearing_on(store, list(rows))
    nodes = sorted(bearing)
    place = {node: number for number, node in enumerate(nodes)}
    rank = np.full(len(nodes), 1 / len(nodes))
    for _ in range(200):
        new = np.full(len(nodes), (1 - centrality.DAMPING) / len(nodes))
        for node in nodes:
            targets = list(bearing.successors(node)) or nodes
            for target in targets:
                new[place[target]] += centrality.DAMPING * rank[place[node]] / len(targets)
        rank = new
    for path, value in rows.items():
        assert value == pytest.approx(rank[place[path]], abs=1e-4)
