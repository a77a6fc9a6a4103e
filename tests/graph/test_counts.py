"""A plain COUNT, without DISTINCT or GRAPH, is right on the merged graph, however many sources say the same."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from data import ROOT
from graph.store import Embedded
from ingest import facts
from ingest.build import build


def count(store: Embedded, pattern: str) -> int:
    ((row),) = store.select(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    return int(row["n"])


@pytest.fixture(scope="module")
def doubled(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    """A release of one record that two families of sources hold, each on a day of its own."""
    folder = tmp_path_factory.mktemp("doubled")
    entries = []
    for name, day in (("first", "2021-08-13"), ("second", "2022-01-31")):
        (folder / name).mkdir()
        shutil.copy(data / "bills" / "billstatus-new.xml", folder / name / "bill.xml")
        entries.append({"path": name, "family": f"billstatus-{name}", "publisher": name, "coverage": day})
    (folder / "manifest.json").write_text(json.dumps({"sources": entries}), encoding="utf-8")
    build([folder / "first", folder / "second"], folder / "out", with_curated=False, jobs=1)
    return Embedded(folder / "out")


@pytest.mark.parametrize(
    "pattern",
    [
        "?bill s230:cosponsorship ?one",
        "?one a s230:Cosponsorship",
        "?bill s230:sponsor ?one",
        "?one a eli-dl:LegislativeActivity",
        "?bill s230:relatedBill ?one",
    ],
)
def test_what_two_sources_state_counts_once(doubled: Embedded, pattern: str) -> None:
    (row,) = doubled.select(f"SELECT (COUNT(DISTINCT ?one) AS ?n) {{ {pattern} }}")
    assert count(doubled, pattern) == int(row["n"]) > 0
    assert count(doubled, f"GRAPH ?source {{ {pattern} }}") == 2 * int(row["n"]), "each source says it in its graph"


def table(name: str) -> list[dict[str, str]]:
    with (ROOT / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def default(release: Path) -> Embedded:
    return Embedded(release)


def noted() -> int:
    """How many official records stand in the facts and not in the tables."""
    return sum(facts.measure(record) is not None for record in facts.read() if isinstance(record, facts.BillFacts))


def test_measures_sponsors_and_cosponsors_are_those_of_the_tables(default: Embedded) -> None:
    people = table("sponsorships")
    cosponsors = [row for row in people if row["role"] == "cosponsor"]
    assert count(default, "?x a s230:Bill") == len(table("bills")) + noted()
    assert count(default, "?x a s230:Sponsorship") == len(people) - len(cosponsors) + noted()
    assert count(default, "?x a s230:Cosponsorship") == len(cosponsors)
    assert count(default, "?bill s230:withdrawnCosponsor ?x") == sum(bool(row["withdrawn"]) for row in cosponsors)
    assert count(default, "?x a s230:Cosponsorship ; s230:party ?p") == sum(bool(row["party"]) for row in cosponsors)


def test_steps_and_roll_calls_are_those_of_the_tables(default: Embedded) -> None:
    steps = count(default, "?x a eli-dl:LegislativeActivity ; s230:position ?n")
    assert steps == len(table("actions")) + noted(), "a noted record has its last step alone"
    votes = {row["vote"] for row in table("votes")}
    assert count(default, "?x a s230:RollCall") >= len(votes)
    listed = " ".join(f"<https://w3id.org/section230{vote}>" for vote in votes)
    assert count(default, f"VALUES ?x {{ {listed} }} ?x a s230:RollCall ; s230:voteDay ?day") == len(votes)
