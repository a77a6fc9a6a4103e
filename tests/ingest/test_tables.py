"""The tables give back the records they were written from, and a broken row says where it stands."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import ROOT
from graph.records import CONFIDENCES, Action, Bill, RelatedBill, Source, Sponsorship, Title, Vote
from ingest import curated, facts, selection, tables

TABLES = ROOT / "tables"

WORDS = st.text("ab0 ,|\"';/é–\u2028", max_size=8)
PARTS = WORDS.filter(lambda part: part and tables.SEPARATOR not in f" {part} ")
DAYS = st.dates().map(str)
NUMBERS = st.integers(1, 9999)
LISTS = st.lists(PARTS, max_size=3).map(tuple)
MEASURES = st.tuples(st.integers(80, 130), st.sampled_from(["hr", "s", "hjres", "sconres", "hres"]), NUMBERS)
COUNTS = st.none() | st.integers(0, 435)

SPONSORSHIPS = st.builds(
    Sponsorship, WORDS, WORDS, WORDS, WORDS, WORDS, st.none() | DAYS, st.none() | DAYS, st.none() | st.booleans(),
    st.just(""),
)  # fmt: skip
ACTIONS = st.builds(Action, DAYS, WORDS, WORDS, LISTS, LISTS, st.just(()))
RELATED = MEASURES.flatmap(lambda measure: st.builds(RelatedBill, *map(st.just, measure), LISTS, LISTS, st.just("")))
SOURCES = st.builds(
    Source,
    family=PARTS,
    document=PARTS,
    snapshot=DAYS,
    coverage=st.none() | DAYS,
    publisher=WORDS,
    title=WORDS,
    licence=WORDS,
    address=WORDS,
    retrieved=st.none() | DAYS,
    sha256=WORDS,
    release_point=st.just(""),
    via=WORDS,
    confidence=st.sampled_from(CONFIDENCES),
    derived_from=st.just(()),
    note=WORDS,
)


@st.composite
def votes(draw: st.DrawFn, bill: tuple[int, str, int] | None) -> Vote:
    chamber, congress = draw(st.sampled_from(["House", "Senate"])), draw(st.integers(80, 130))
    about = {"question": draw(WORDS), "result": draw(WORDS), "amendment": draw(WORDS), "address": draw(WORDS)}
    counts = {name: draw(COUNTS) for name in ("yea", "nay", "present", "not_voting")}
    year, roll = str(1787 + 2 * congress), draw(NUMBERS)
    return Vote(chamber, congress, "1", year, roll, draw(DAYS), bill=bill, **about, **counts)


@st.composite
def documents(draw: st.DrawFn) -> tuple[Source, Bill]:
    """A bill with everything that the tables hold, and nothing else."""
    source, measure = draw(SOURCES), draw(MEASURES)
    actions = draw(st.lists(ACTIONS, max_size=3).map(tuple))
    bill = Bill(
        *measure,
        title=draw(WORDS),
        introduced=draw(st.none() | DAYS),
        sponsors=draw(st.lists(SPONSORSHIPS, max_size=2, unique=True).map(tuple)),
        cosponsors=draw(st.none() | st.lists(SPONSORSHIPS, max_size=3, unique=True).map(tuple)),
        actions=actions,
        laws=draw(st.lists(st.just("115-164"), max_size=1).map(tuple)),
        votes=draw(
            st.lists(votes(measure), max_size=2, unique_by=lambda vote: (vote.chamber, vote.year, vote.roll)).map(tuple)
        ),
        related=draw(st.lists(RELATED, max_size=2, unique_by=lambda other: other[:3]).map(tuple)),
        titles=draw(
            st.lists(PARTS, max_size=2, unique=True).map(lambda texts: tuple(Title(t, "short") for t in texts))
        ),
        committees=draw(LISTS),
        reports=draw(LISTS),
        subjects=draw(LISTS),
        policy_area=draw(WORDS),
        latest_action=actions[-1] if actions else None,
        updated=source.snapshot,
        origin_chamber=draw(WORDS),
        private_laws=draw(st.lists(st.just("115-1"), max_size=1).map(tuple)),
    )
    return source, bill


def _ordered(bill: Bill) -> Bill:
    """The bill with what has no order of its own in one order."""
    cosponsors = None if bill.cosponsors is None else tuple(sorted(bill.cosponsors, key=repr))
    related, rolls = tuple(sorted(bill.related, key=repr)), tuple(sorted(bill.votes, key=repr))
    return bill._replace(
        sponsors=tuple(sorted(bill.sponsors, key=repr)), cosponsors=cosponsors, related=related, votes=rolls
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(documents(), max_size=2, unique_by=lambda pair: pair[0].document))
def test_bills_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, written: list[tuple[Source, Bill]]
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    tables.write(written, folder)
    found = {
        source.document: (source, _ordered(bill)) for source, bill in tables.read(folder) if isinstance(bill, Bill)
    }
    assert found == {source.document: (source, _ordered(bill)) for source, bill in written}


@settings(max_examples=40, deadline=None)
@given(SOURCES, st.none() | MEASURES, st.data())
def test_a_roll_call_with_a_document_of_its_own_comes_back(
    tmp_path_factory: pytest.TempPathFactory, source: Source, measure: tuple[int, str, int] | None, draw: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    vote = draw.draw(votes(measure))
    tables.write([(source, vote)], folder)
    assert list(tables.read(folder)) == [(source, vote)]


def test_the_tables_of_the_repository_are_what_their_records_make(tmp_path: Path) -> None:
    rows = tables.write(tables.read(TABLES), tmp_path, tables.sources(TABLES).values())
    assert rows["bills"] > 150 and rows["sponsorships"] > 1500
    for name in tables.COLUMNS:
        assert (tmp_path / f"{name}.csv").read_bytes() == (TABLES / f"{name}.csv").read_bytes(), name


def test_the_order_in_which_records_come_does_not_matter(tmp_path: Path) -> None:
    records = list(tables.read(TABLES))
    tables.write(reversed(records), tmp_path, tables.sources(TABLES).values())
    assert all((tmp_path / f"{n}.csv").read_bytes() == (TABLES / f"{n}.csv").read_bytes() for n in tables.COLUMNS)


@pytest.mark.corpus
def test_the_command_writes_the_tables_of_the_repository_from_official_records(corpus: Path, tmp_path: Path) -> None:
    selection.write_tables([corpus / name for name in ("section230-bills", "legislators", "bulk")], tmp_path)
    for name in tables.COLUMNS:
        assert (tmp_path / f"{name}.csv").read_bytes() == (TABLES / f"{name}.csv").read_bytes(), name


def test_a_part_that_the_separator_would_cut_is_refused(tmp_path: Path) -> None:
    bill = Bill(115, "hr", 1, "", None, subjects=("this | that",))
    with pytest.raises(ValueError, match=r"'this \| that' cannot stand in a list"):
        tables.write([(Source("x", "115hr1"), bill)], tmp_path)


def test_without_tables_there_are_no_records(tmp_path: Path) -> None:
    assert list(tables.read(tmp_path)) == []


DAMAGE = list(csv.DictReader((Path(__file__).parent.parent / "data" / "tables" / "damage.csv").open(encoding="utf-8")))


def _damaged(folder: Path, row: dict[str, str]) -> Path:
    """A copy of the tables in which one stretch of one file is replaced, at its first place."""
    copy = Path(shutil.copytree(TABLES, folder / "tables"))
    path = copy / f"{row['file']}.csv"
    text = path.read_text(encoding="utf-8")
    assert row["old"] in text
    path.write_text(text.replace(row["old"], row["new"], 1), encoding="utf-8")
    return copy


@pytest.mark.parametrize("row", DAMAGE, ids=[row["why"] for row in DAMAGE])
def test_a_broken_table_is_one_clear_line(tmp_path: Path, row: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=re.escape(row["said"])) as raised:
        list(tables.read(_damaged(tmp_path, row)))
    assert "\n" not in str(raised.value)


def test_a_table_that_is_no_text_or_is_missing_is_one_clear_line(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TABLES, tmp_path / "tables"))
    (folder / "bills.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"^bills\.csv: cannot be read: 'utf-8' codec"):
        list(tables.read(folder))
    (folder / "bills.csv").unlink()
    with pytest.raises(ValueError, match=r"^bills\.csv: cannot be read: No such file or directory$"):
        list(tables.read(folder))


def test_a_broken_table_stops_the_build_as_broken_facts_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("facts", "schemas", "tables"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("manifest.json", "gaps.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.rmtree(tmp_path / "tables")
    _damaged(tmp_path, DAMAGE[1])
    monkeypatch.setattr(curated, "ROOT", tmp_path)
    with pytest.raises(facts.FactsError) as raised:
        curated.load()
    assert str(raised.value) == "data/tables: laws.csv:4: the row has more or fewer cells than the header"
