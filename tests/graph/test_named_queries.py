"""The named queries for researchers: complete, quick, the same on two engines, and right by another route."""

from __future__ import annotations

import csv
import gzip
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rdflib
import yaml

from data import ROOT
from graph import iri, queries
from graph.store import Embedded, Row, connect
from graph.vocabulary import PREFIXES
from tests.servers import Address

# rdflib warns of its own use of a name that it has given up, once a triple.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")

NAMES = tuple(name for name in queries.names() if name.startswith("research/"))
REFORMS = ("changes-text", "conditions", "sunsets", "overrides")

SECONDS = 2.0
"""What a named query may take on the default graph."""


@pytest.fixture(scope="module")
def store(release: Path) -> Embedded:
    return Embedded(release)


@pytest.fixture(scope="module")
def dataset(store: Embedded) -> rdflib.Dataset:
    """The merged graph and every named graph, in the other engine."""
    found = rdflib.Dataset()
    found.parse(data=gzip.decompress((store.release / "dump.nq.gz").read_bytes()), format="nquads")
    return found


def ask(store: Embedded, name: str) -> list[Row]:
    return store.select(queries.load(f"research/{name}").text)


def facts(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((ROOT / "facts" / f"{name}.yaml").read_text(encoding="utf-8"))[name]
    return found


def table(name: str) -> list[dict[str, str]]:
    with (ROOT / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def congress(path: str) -> str:
    return path.split("/")[3]


def noted() -> dict[str, dict[str, Any]]:
    """Official records that were noted by hand, by bill; a draft has none."""
    records = {bill["id"]: bill["record"] for bill in facts("bills") if "record" in bill}
    return {bill: record for bill, record in records.items() if record["status"] != "draft"}


def sponsors() -> list[tuple[str, str, str]]:
    """Bill, member and party of every sponsor of a reform: from the tables, the noted records and the facts."""
    told = {bill["id"]: bill["sponsor_party"]["party"] for bill in facts("bills") if "sponsor_party" in bill}
    wanted = reforms()
    rows = [row for row in table("sponsorships") if row["role"] == "sponsor" and row["bill"] in wanted]
    found = [(row["bill"], row["bioguide"], row["party"] or told.get(row["bill"], "not recorded")) for row in rows]
    found += [(b, r["sponsor"].rpartition("/")[2], r["party"]) for b, r in noted().items() if b in wanted]
    return found


def reforms() -> set[str]:
    return {bill["id"] for bill in facts("bills") if bill["relevance"] in REFORMS}


def counted(rows: Iterable[Row], *columns: str) -> dict[tuple[str, ...] | str, int]:
    """The rows of a query that counts: the other columns -> the last of `columns`."""
    *keys, count = columns
    return {tuple(row[k] for k in keys) if len(keys) > 1 else row[keys[0]]: int(row[count]) for row in rows}


# --- every query -----------------------------------------------------------------------------------------------------


def test_there_are_twenty_or_more():
    assert len(NAMES) >= 20


@pytest.mark.parametrize("name", NAMES)
def test_a_query_says_what_it_asks_for_whom_and_in_which_columns(name: str) -> None:
    example = queries.load(name)
    assert example.title.endswith("?")
    assert example.audience in ("everybody", "student", "lawyer", "researcher")
    assert example.columns
    assert example.description.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_a_query_answers_in_its_columns_and_in_time(store: Embedded, name: str) -> None:
    example = queries.load(name)
    began = time.process_time()
    found = store.oxigraph.query(example.text, prefixes=PREFIXES)
    rows = list(found)
    assert time.process_time() - began < SECONDS
    assert tuple(variable.value for variable in found.variables) == example.columns
    assert bool(rows) != bool(example.needs), "no row, and the header does not say why (or it does)"


@pytest.mark.parametrize("name", queries.names())
def test_another_engine_gives_the_same_rows(store: Embedded, dataset: rdflib.Dataset, name: str) -> None:
    text = queries.load(name).text
    ours = Counter(
        tuple(None if term is None else term.value for term in row)
        for row in store.oxigraph.query(text, prefixes=PREFIXES)
    )
    theirs = Counter(
        tuple(None if term is None else str(term) for term in row) for row in dataset.query(text, initNs=PREFIXES)
    )
    assert ours == theirs


@pytest.mark.parametrize("name", queries.names())
def test_servers_of_other_houses_give_the_same_rows(published: Address, store: Embedded, name: str) -> None:
    text = queries.load(name).text
    ours, theirs = (Counter(frozenset(row.items()) for row in s.select(text)) for s in (store, connect(published.read)))
    assert theirs == ours


# --- by another route ------------------------------------------------------------------------------------------------


def test_measures_of_a_congress_are_those_of_the_list(store: Embedded) -> None:
    counting = [bill for bill in facts("bills") if bill["relevance"] != "none"]
    rows = ask(store, "bills-by-congress")
    assert counted(rows, "congress", "measures") == Counter(congress(b["id"]) for b in counting)
    recorded = Counter(map(congress, [*(row["bill"] for row in table("bills")), *noted()]))
    assert {c: n for c, n in counted(rows, "congress", "records").items() if n} == recorded
    assert sum(int(row["reforms"]) for row in rows) == len(reforms())


def test_measures_by_relevance_are_those_of_the_list(store: Embedded) -> None:
    expected = Counter(bill["relevance"].replace("-", " ") for bill in facts("bills"))
    assert counted(ask(store, "bills-by-relevance"), "relevance", "measures") == expected


def test_operations_are_those_of_the_list(store: Embedded) -> None:
    listed = [(bill["id"], operation["op"]) for bill in facts("bills") for operation in bill.get("operations", ())]
    rows = ask(store, "bills-by-operation")
    assert counted(rows, "operation", "changes") == Counter(operation for _, operation in listed)
    assert counted(rows, "operation", "bills") == Counter(operation for _, operation in set(listed))


def test_parties_of_sponsors_are_those_of_the_official_records(store: Embedded) -> None:
    expected = Counter((number, party) for number, party, _ in {(congress(b), p, b) for b, _, p in sponsors()})
    assert not any(party == "not recorded" for _, party in expected)
    assert counted(ask(store, "bills-by-party"), "congress", "party", "bills") == expected


def test_a_sponsor_of_many_bills_has_them_in_the_official_records(store: Embedded) -> None:
    bills = Counter(iri.BASE + iri.person(member) for member, _ in {(m, b) for b, m, _ in sponsors()})
    expected = {member: count for member, count in bills.items() if count > 1}
    assert counted(ask(store, "sponsors-with-most-bills"), "member", "bills") == expected


def test_a_bridge_has_cosponsored_bills_of_both_parties(store: Embedded) -> None:
    wanted = reforms()
    rows = [row for row in table("sponsorships") if row["bill"] in wanted]
    party = {row["bill"]: row["party"] for row in rows if row["role"] == "sponsor"}
    joined = {(r["bioguide"], r["bill"]) for r in rows if r["role"] == "cosponsor" and not r["withdrawn"]}
    by_member = Counter((iri.BASE + iri.person(member), party[bill]) for member, bill in joined)
    members = {member for member, _ in by_member if by_member[member, "R"] and by_member[member, "D"]}
    found = {
        row["member"]: (int(row["republican"]), int(row["democratic"]))
        for row in ask(store, "cosponsors-across-parties")
    }
    assert found == {member: (by_member[member, "R"], by_member[member, "D"]) for member in members}


def test_cosponsors_of_s1693_grow_as_the_record_says(store: Embedded) -> None:
    found = counted(ask(store, "cosponsors-over-time"), "day", "cosponsors")
    joined = [
        r["joined"] for r in table("sponsorships") if (r["bill"], r["role"]) == ("/us/bill/115/s/1693", "cosponsor")
    ]
    assert found == {day: sum(other <= day for other in joined) for day in joined}
    known = {"2017-08-01": 24, "2018-03-08": 67, "2018-03-19": 68, "2018-03-21": 70}
    assert {day: found[day] for day in known} == known


def test_days_between_introduction_and_last_action_are_counted_as_the_calendar_does(store: Embedded) -> None:
    rows = ask(store, "days-to-last-action")
    assert {row["bill"] for row in rows} >= {"H.R. 1865, 115th Cong.", "S. 652, 104th Cong."}
    for row in rows:
        days = date.fromisoformat(row["last"]) - date.fromisoformat(row["introduced"])
        assert int(row["days"]) == days.days, row
    last = max(row["day"] for row in table("actions") if row["bill"] == "/us/bill/115/hr/1865")
    assert next(row["last"] for row in rows if row["bill"] == "H.R. 1865, 115th Cong.") == last


def test_the_enacted_are_those_whose_records_name_a_law(store: Embedded) -> None:
    rows = ask(store, "enactment-rate")
    passed = [bill for bill, record in noted().items() if "law" in record]
    laws = Counter(map(congress, [*(row["bill"] for row in table("laws")), *passed]))
    assert {c: n for c, n in counted(rows, "congress", "enacted").items() if n} == laws
    stages = counted(ask(store, "expired-and-enacted"), "stage", "measures")
    assert stages["enacted"] == laws.total()
    assert sum(stages.values()) == len(table("bills")) + len(noted())


def test_pending_bills_are_of_the_sitting_congress_alone(store: Embedded) -> None:
    wanted = {bill for bill in reforms() if congress(bill) == "119"}
    enacted = {row["bill"] for row in table("laws")}
    recorded = {row["bill"] for row in table("bills")}
    rows = ask(store, "pending-bills")
    assert len(rows) == len((wanted & recorded) - enacted)
    assert all(row["bill"].endswith("119th Cong.") for row in rows)


def test_votes_are_those_of_the_roll_calls(store: Embedded) -> None:
    rolls = {row["vote"]: int(row["yea"]) - int(row["nay"]) for row in table("votes") if row["yea"]}
    rows = ask(store, "votes-by-margin")
    assert sorted(int(row["margin"]) for row in rows) == sorted(rolls.values())
    assert [abs(int(row["margin"])) for row in rows] == sorted(abs(int(row["margin"])) for row in rows)


def test_outcomes_are_those_of_the_cases(store: Embedded) -> None:
    expected = Counter((case["court"], case["outcome"].replace("-", " ")) for case in facts("cases"))
    assert counted(ask(store, "outcomes-by-court"), "court", "outcome", "cases") == expected
    years = Counter((case["day"][:4], case["outcome"].replace("-", " ")) for case in facts("cases"))
    assert counted(ask(store, "outcomes-by-year"), "year", "outcome", "cases") == years


def test_a_case_before_the_renumbering_cites_a_designation_that_moved(store: Embedded) -> None:
    rows = ask(store, "cases-renumbered-since")
    zeran = {row["cited"]: row["today"] for row in rows if row["case"].startswith("Zeran")}
    assert zeran["47 U.S.C. § 230(d)(3)"] == "47 U.S.C. § 230(e)(3)"
    moved = {case["name"] for case in facts("cases") if case["numbering"] == "1996"}
    assert {row["case"] for row in rows if "§ 230" in row["cited"]} <= moved


def test_verdicts_are_those_of_the_claims(store: Embedded) -> None:
    expected = Counter(claim["verdict"].replace("-", " ") for claim in facts("claims"))
    assert counted(ask(store, "claims-by-verdict"), "verdict", "claims") == expected


def test_stances_on_fosta_are_those_of_organizations(store: Embedded) -> None:
    bills = ("/us/bill/115/hr/1865", "/us/bill/115/s/1693")
    expected = Counter(
        (actor["name"], stance["position"])
        for actor in facts("actors")
        for stance in actor.get("stances", ())
        if stance["target"] in bills and actor["id"].startswith("/org/")
    )
    assert Counter((row["organization"], row["position"]) for row in ask(store, "stances-on-fosta")) == expected


def test_section_230_was_renumbered_once(store: Embedded) -> None:
    moves = {(r["day"], r["from"], r["to"]) for r in ask(store, "renumberings") if "§ 230(" in r["from"]}
    cites = [f"47 U.S.C. § 230({letter})" for letter in "def"]
    assert moves == {("1998-11-20", cites[0], cites[1]), ("1998-11-20", cites[1], cites[2])}


def test_both_sides_of_a_conflict_are_shown(store: Embedded) -> None:
    sides: dict[tuple[str, str], set[str]] = {}
    for row in ask(store, "conflicts"):
        sides.setdefault((row["thing"], row["property"]), set()).add(row["value"])
    assert all(len(values) > 1 for values in sides.values())
    assert {thing.removeprefix(iri.BASE) for thing, _ in sides} == {
        c["id"] for c in facts("cases") if c.get("disputed")
    }


def test_what_rests_on_memory_is_said_by_no_other_graph(store: Embedded) -> None:
    for row in ask(store, "facts-from-memory"):
        if row["value"].startswith("http"):
            said = f"GRAPH ?g {{ <{row['thing']}> <{row['property']}> ?value }} FILTER (STR(?value) = '{row['value']}')"
            graphs = store.select(f"SELECT ?g {{ {said} }}")
            assert {found["g"] for found in graphs} == {row["graph"]}


def test_families_and_undated_sources_add_up(store: Embedded) -> None:
    families = {row["family"]: row for row in ask(store, "source-families")}
    documents = {row["document"] for name in ("bills", "votes") for row in table(name)}
    listed = Counter(row["family"] for row in table("sources") if row["document"] in documents)
    listed["noted-records"] = len(noted())
    assert {family: int(families[family]["graphs"]) for family in listed} == listed
    undated = Counter(row["family"] for row in table("sources") if not row["coverage"])
    undated["noted-records"] = len(noted())
    assert Counter(row["family"] for row in ask(store, "undated-sources")) == undated


def test_gaps_that_can_be_counted_are_counted_right(store: Embedded) -> None:
    found = counted([row for row in ask(store, "not-covered") if "things" in row], "counted", "things")
    recorded = {row["bill"] for row in table("bills")}
    told = {bill["sponsor_party"]["member"].rpartition("/")[2] for bill in facts("bills") if "sponsor_party" in bill}
    silent = [
        r for r in table("sponsorships") if not r["party"] and not (r["role"] == "sponsor" and r["bioguide"] in told)
    ]
    unread = [b for b in facts("bills") if b["relevance"] != "none" and b["id"] not in recorded]
    recalled = [case for case in facts("cases") if "provisions" in _from_memory(case)]
    assert found["measures that count, without an official record at hand"] == len(unread)
    assert found["sponsorships without a party"] == len(silent)
    assert found["cases whose provisions rest on memory"] == len(recalled)
    assert found["roll calls without the positions of members"] == len({row["vote"] for row in table("votes")})
    assert found["source documents of undated families"] == len(noted()) + sum(
        not row["coverage"] for row in table("sources")
    )


def _from_memory(record: dict[str, Any]) -> Iterator[str]:
    for evidence in record["evidence"]:
        if evidence["confidence"] == "memory":
            yield from evidence.get("fields", record)


@pytest.mark.corpus
def test_those_who_voted_against_fosta_come_with_the_official_roll_calls(corpus: Path, tmp_path: Path) -> None:
    from ingest.build import build

    votes = corpus / "section230-bills" / "votes"
    build([votes / "115-votes-2018-h91.json", votes / "115-votes-2018-s60.json"], tmp_path, jobs=1)
    rows = ask(Embedded(tmp_path), "voted-against-fosta")
    assert Counter("Senate" in row["chamber"] for row in rows) == {False: 25, True: 2}
    assert len({row["member"] for row in rows}) == 27
    assert any("Wyden" in row["member"] for row in rows)
