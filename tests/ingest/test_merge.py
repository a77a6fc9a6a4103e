"""What the merged graph takes from several sources of one thing, and how a disagreement is said."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

import pytest

from graph.naming import name
from graph.vocabulary import ELI, RDFS, S230, day, number, ref, text
from ingest import merge, spool

BILL = "/us/bill/115/hr/1"
SUBJECT = ref(BILL)


class Said(NamedTuple):
    """What one source says of the bill: its predicates and values."""

    facts: tuple[tuple[str, str], ...]
    family: str = "billstatus-115"
    snapshot: str | None = "2021-01-01"
    confidence: str = "official"
    own: bool = True
    role: str = ""

    @property
    def graph(self) -> str:
        return f"/graph/{self.family}/x@{self.snapshot}"


def _merged(tmp_path: Path, said: Iterable[Said]) -> list[tuple[str, bool]]:
    writer = spool.Spool(tmp_path / "facts")
    blocks = []
    for one in said:
        where = writer.write(f"{SUBJECT} {predicate} {value}" for predicate, value in one.facts)
        about = one.family, one.graph, one.snapshot, one.confidence, one.own, writer.path.name
        blocks.append(spool.Block(BILL, *about, *where, one.role))
    writer.close()
    with spool.Lines(tmp_path) as lines:
        merged = list(merge.merge(blocks, lines))
    return sorted({(line, of_merge) for piece, of_merge in merged for line in piece.decode().split("\n")[:-1]})


def _values(tmp_path: Path, predicate: str, *said: Said) -> list[str]:
    """The merged values of a predicate of the bill; the same whatever the order of the sources."""
    orders = [_merged(tmp_path, order) for order in permutations(said)]
    assert all(found == orders[0] for found in orders)
    start = f"{SUBJECT} {predicate} "
    return [line.removeprefix(start) for line, _ in orders[0] if line.startswith(start)]


def _conflict(tmp_path: Path, *said: Said) -> dict[str, list[str]]:
    """The conflicts about the bill: predicate -> objects, over conflicts and sides."""
    found: dict[str, list[str]] = {}
    for line, of_merge in _merged(tmp_path, said):
        _, predicate, value = line.split(" ", 2)
        if of_merge:
            found.setdefault(predicate, []).append(value)
    return found


def test_the_newest_snapshot_of_a_family_counts(tmp_path: Path) -> None:
    old = Said(((S230.cosponsor, ref("/us/person/A")), (S230.introduced, day("2017-04-03"))), snapshot="2018-01-01")
    new = Said(((S230.cosponsor, ref("/us/person/B")),))
    assert _values(tmp_path, S230.cosponsor, old, new) == [ref("/us/person/B")]
    assert _values(tmp_path, S230.introduced, old, new) == []


@pytest.mark.parametrize("family", ["billstatus-115", "undated"])
def test_an_undated_record_never_wins_over_a_dated_one(tmp_path: Path, family: str) -> None:
    undated = Said(((S230.cosponsor, ref("/us/person/A")), (ELI.title, text("old"))), family, None)
    dated = Said(((S230.cosponsor, ref("/us/person/B")), (ELI.title, text("new"))), confidence="one-source")
    assert _values(tmp_path, S230.cosponsor, undated, dated) == [ref("/us/person/B")]
    assert _values(tmp_path, S230.introduced, undated, dated) == []


def test_an_undated_record_counts_where_there_is_no_other(tmp_path: Path) -> None:
    undated = Said(((S230.cosponsor, ref("/us/person/A")),), "undated", None)
    ours = Said(((S230.relevance, ref("/x")),), "curated")
    assert _values(tmp_path, S230.cosponsor, undated, ours) == [ref("/us/person/A")]
    assert _values(tmp_path, S230.relevance, undated, ours) == [ref("/x")]


def test_samples_are_never_merged(tmp_path: Path) -> None:
    sample = Said(((S230.cosponsor, ref("/us/person/A")),), "billstatus-sample", "2024-09-18")
    assert _merged(tmp_path, [sample]) == []
    assert _values(tmp_path, S230.cosponsor, sample, Said(((S230.cosponsor, ref("/us/person/B")),))) == [
        ref("/us/person/B")
    ]


def test_of_two_publishers_records_one_speaks_so_nothing_is_doubled(tmp_path: Path) -> None:
    official = Said(((S230.relatedBill, ref("/us/bill/115/s/1")), (S230.cosponsorCount, number(3))))
    copy = Said(
        ((S230.relatedBill, ref("/us/bill/115/s/2")), (S230.cosponsorCount, number(2))),
        "transcribed",
        "2022-01-01",
        "one-source",
    )
    assert _values(tmp_path, S230.relatedBill, official, copy) == [ref("/us/bill/115/s/1")]
    assert _values(tmp_path, S230.cosponsorCount, official, copy) == [number(3)]
    assert _conflict(tmp_path, official, copy) == {}, "another day, another count: no disagreement"


def test_what_a_record_of_another_thing_mentions_gives_way_to_the_own_record(tmp_path: Path) -> None:
    own = Said(((RDFS.label, text("H.R. 1 (115th)")),))
    mention = Said(((RDFS.label, text("a bill")), (S230.relatedBill, ref("/us/bill/115/s/1"))), "roll-calls", own=False)
    assert _values(tmp_path, RDFS.label, own, mention) == [text("H.R. 1 (115th)")]
    assert _values(tmp_path, S230.relatedBill, own, mention) == [ref("/us/bill/115/s/1")]


def test_wordings_are_chosen_without_a_conflict(tmp_path: Path) -> None:
    first = Said(((ELI.title, text("An Act")),), own=False)
    second = Said(((ELI.title, text("A Bill")),), "curated", confidence="two-sources", own=False)
    assert _values(tmp_path, ELI.title, first, second) == [text("An Act")]
    assert _conflict(tmp_path, first, second) == {}


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        ("official", "two-sources", "2017-01-01"),
        ("memory", "one-source", "2017-01-02"),
        ("two-sources", "one-source", "2017-01-01"),
        ("memory", "official", "2017-01-02"),
    ],
)
def test_the_better_supported_value_prevails_and_the_conflict_shows_both(
    tmp_path: Path, first: str, second: str, value: str
) -> None:
    one = Said(((S230.introduced, day("2017-01-01")),), "curated", confidence=first)
    other = Said(((S230.introduced, day("2017-01-02")),), confidence=second)
    assert _values(tmp_path, S230.introduced, one, other) == [day(value)]
    found = _conflict(tmp_path, one, other)
    assert found[S230.prevails] == [day(value)]
    assert sorted(found[S230.value]) == [day("2017-01-01"), day("2017-01-02")]
    assert sorted(found[S230.saidIn]) == sorted([ref(one.graph), ref(other.graph)])
    assert found[S230.about] == [SUBJECT] and found[S230.property] == [S230.introduced]


def test_where_the_best_sources_differ_no_value_is_taken(tmp_path: Path) -> None:
    one = Said(((S230.introduced, day("2017-01-01")),), "curated")
    other = Said(((S230.introduced, day("2017-01-02")),))
    assert _values(tmp_path, S230.introduced, one, other) == []
    found = _conflict(tmp_path, one, other)
    assert S230.prevails not in found and len(found[S230.side]) == 2
    assert text(f"Sources differ on {name(BILL)}: introduced") in found[RDFS.label]


def test_sources_that_agree_make_no_conflict(tmp_path: Path) -> None:
    one = Said(((S230.introduced, day("2017-01-01")),), "curated", confidence="memory")
    other = Said(((S230.introduced, day("2017-01-01")),))
    assert _values(tmp_path, S230.introduced, one, other) == [day("2017-01-01")]
    assert _conflict(tmp_path, one, other) == {}


def test_dissent_is_shown_and_never_taken_over_the_record(tmp_path: Path) -> None:
    record = Said(((S230.introduced, day("2017-01-01")),), "curated", confidence="one-source")
    dissent = Said(
        ((S230.introduced, day("2017-01-02")), (S230.relatedBill, ref("/x"))),
        "curated",
        confidence="one-source",
        own=False,
        role=spool.DISSENT,
    )
    assert _values(tmp_path, S230.introduced, record, dissent) == [day("2017-01-01")]
    assert _values(tmp_path, S230.relatedBill, record, dissent) == []
    assert len(_conflict(tmp_path, record, dissent)[S230.side]) == 2
