"""Who stood with whom: sides of positions, and actors joined by them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from data import ROOT
from graph.positions import OPPOSITE, Position, network, pairs, positions, side
from graph.store import Store, connect


@pytest.fixture(scope="module")
def store(release: Path) -> Store:
    return connect(release)


def position(actor: str, on: str, said: str, day: str = "2018") -> Position:
    return Position("", actor, actor, on, on, said, side(said), day, "official", "")


def test_every_position_but_that_of_a_private_person_is_there_with_a_confidence(store: Store) -> None:
    actors = yaml.safe_load((ROOT / "facts" / "actors.yaml").read_text(encoding="utf-8"))["actors"]
    public = [actor for actor in actors if actor["id"] != "/person/quoted-survivor-advocate"]
    told = sorted(stance["position"] for actor in public for stance in actor.get("stances", ()))
    found = positions(store)
    assert sorted(p.position for p in found) == told
    assert all(p.confidence and p.actor and p.on for p in found)


def test_ecpat_usa_and_eff_stood_apart_on_fosta(store: Store) -> None:
    found = {frozenset((p.first, p.second)): p for p in pairs(positions(store))}
    pair = found[frozenset(("/org/ecpat-usa", "/org/eff"))]
    assert "/us/bill/115/hr/1865" in pair.apart and not pair.together


def test_same_side_joins_opposite_sides_part_and_no_side_does_neither() -> None:
    held = [
        position("/a", "/bill", "supported"),
        position("/b", "/bill", "sponsored"),
        position("/c", "/bill", "opposed"),
        position("/d", "/bill", "concerned"),
        position("/a", "/case", "amicus-for-plaintiffs"),
        position("/c", "/case", "defendant"),
        position("/b", "/case", "supported"),
    ]
    found = {(p.first, p.second): (p.together, p.apart) for p in pairs(held)}
    assert found == {
        ("/a", "/b"): (("/bill",), ()),
        ("/a", "/c"): ((), ("/bill", "/case")),
        ("/b", "/c"): ((), ("/bill",)),
    }
    assert all(len(each) == 2 for each in OPPOSITE)


def test_a_later_position_on_the_same_thing_counts() -> None:
    held = [
        position("/a", "/bill", "opposed", "2017-08"),
        position("/a", "/bill", "supported", "2017-11-03"),
        position("/b", "/bill", "supported"),
    ]
    assert [(p.together, p.apart) for p in pairs(held)] == [(("/bill",), ())]


def test_the_network_counts_things_together_and_apart(store: Store) -> None:
    found = positions(store)
    joined = network(found)
    assert set(joined) == {p.actor for p in found}
    assert joined.number_of_edges() == len(pairs(found)) > 50
    assert all(edge["weight"] == edge["together"] - edge["apart"] for _, _, edge in joined.edges(data=True))
