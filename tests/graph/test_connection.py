"""How two things are connected: the way that explains, not the way over a hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph import connection, network
from graph.store import Store, connect

FOSTA, HR1865 = "/us/pl/115/164", "/us/bill/115/hr/1865"


@pytest.fixture(scope="module")
def store(release: Path) -> Store:
    return connect(release)


def said(store: Store, start: str, end: str) -> list[tuple[str, str, str]]:
    steps = connection.between(store, network.resolve(store, start), network.resolve(store, end))
    assert steps is not None
    return [(step.source, step.says, step.target) for step in steps]


def test_ecpat_is_connected_with_the_new_crime_through_the_bill_it_supported(store: Store) -> None:
    assert said(store, "ECPAT-USA", "18 U.S.C. § 2421A") == [
        ("/org/ecpat-usa", "supported", HR1865),
        (HR1865, "became", FOSTA),
        (FOSTA, "added", "/provision/us/usc/t18/s2421A@2018-04-11"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "step"),
    [
        ("Ann Wagner", "FOSTA", ("/us/person/W000812", "sponsored", HR1865)),
        ("FOSTA", "Ann Wagner", ("/us/person/W000812", "sponsored", HR1865)),
        ("Zeran", "Ann Wagner", ("/case/zeran", "construed", "/provision/us/usc/t47/s230/d/3@1996-02-08")),
        ("Ron Wyden", "CDA", ("/us/pl/104/104", "added", "/provision/us/usc/t47/s230@1996-02-08")),
    ],
)
def test_a_way_says_who_did_what(store: Store, start: str, end: str, step: tuple[str, str, str]) -> None:
    assert step in said(store, start, end)


def test_a_way_leads_from_one_end_to_the_other(store: Store) -> None:
    start, end = (network.resolve(store, text) for text in ("NCMEC", "47 U.S.C. § 230(c)(1)"))
    at = start
    for step in connection.between(store, start, end) or ():
        assert at in (step.source, step.target)
        at = step.target if step.source == at else step.source
    assert at == end


def test_no_way_leads_through_a_chamber_where_another_explains_more(store: Store) -> None:
    steps = said(store, "Rob Portman", "Ann Wagner")
    assert not [step for step in steps if {step[0], step[2]} & {"/org/us-senate", "/org/us-house-of-representatives"}]


def test_a_thing_is_connected_with_itself_by_nothing(store: Store) -> None:
    assert connection.between(store, FOSTA, FOSTA) == ()


def test_what_nothing_connects_has_no_way(store: Store) -> None:
    assert connection.between(store, "/case/cubby", FOSTA) is None


def test_a_way_is_the_same_every_time(release: Path) -> None:
    one, other = (connection.between(connect(release), "/case/zeran", "/us/person/W000812") for _ in range(2))
    assert one == other
