"""The curated data on their way into the graph: evidence, the ledger, other values that sources give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from graph import iri
from graph.records import CONFIDENCES, Actor, Bill, Case, Document, Effect, Evidence, Law, Path, ProvisionFacts
from graph.vocabulary import ELI, RDFS, S230, day, number, ref, text
from ingest import curated, mapper, spool
from ingest.curated import Curated, Statement


@pytest.fixture(scope="module")
def loaded() -> Curated:
    return curated.load()


@pytest.fixture(scope="module")
def said(loaded: Curated) -> list[Statement]:
    setting = mapper.Setting(loaded.coverage, timelines=loaded.timelines)
    return [(source, own, list(facts), role) for source, own, facts, role in curated.statements(loaded, setting)]


def _lines(said: list[Statement], document: str) -> list[str]:
    """What the graphs of a curated document say, over its evidence entries."""
    return [
        line for source, _, facts, _ in said if source.document.rpartition("/")[0] == document for *_, line in facts
    ]


def test_each_graph_has_one_name_a_day_and_a_confidence(said: list[Statement], loaded: Curated) -> None:
    names = Counter(iri.graph(source) for source, *_ in said)
    shared = {name for name, count in names.items() if count > 1}
    extracts = {iri.graph(source) for source, _, _, role in said if role == spool.EXTRACT}
    assert shared <= extracts, "one document of tables may hold several records; ours are named once"
    for source, _, _, role in said:
        assert source.confidence in CONFIDENCES
        if role != spool.EXTRACT and source.family != curated.NOTED:
            assert source.snapshot == source.coverage == loaded.coverage


def test_each_record_says_something(said: list[Statement], loaded: Curated) -> None:
    things = {own for _, own, facts, _ in said if facts}
    hidden = {record.path for record in loaded.records if isinstance(record, Actor) and not record.page}
    for record in loaded.records:
        path = f"/effect/{record.id}" if isinstance(record, Effect) else getattr(record, "path", None)
        assert path is None or path in things or path in hidden or isinstance(record, Law), path


def test_a_field_with_evidence_of_its_own_is_said_in_a_graph_of_its_own(said: list[Statement]) -> None:
    graphs = {
        source.confidence: [line for *_, line in facts]
        for source, _, facts, role in said
        if source.document.startswith("case/perfect10-ccbill/") and not role
    }
    assert set(graphs) == {"two-sources", "memory"}
    decided = f"{ref('/case/perfect10-ccbill')} {S230.decided} {day('2007-03-29')}"
    assert decided in graphs["two-sources"] and decided not in graphs["memory"]
    assert any(S230.interpretation in line for line in graphs["memory"])


def test_every_graph_of_facts_names_the_documents_it_was_read_in(said: list[Statement], loaded: Curated) -> None:
    known = {f"/source/{document.id}" for document in loaded.documents}
    for source, _, _, role in said:
        if source.family == curated.FAMILY:
            assert source.derived_from and set(source.derived_from) <= known, source.document
        assert not (role == spool.EXTRACT and source.derived_from)


def test_a_noted_record_speaks_for_the_day_of_the_record_and_not_for_ours(said: list[Statement]) -> None:
    noted = {source.document: (source, facts) for source, _, facts, _ in said if source.family == curated.NOTED}
    source, facts = noted["us/bill/105/hr/774"]
    assert (source.snapshot, source.coverage, source.confidence) == ("2013-07-14", None, "official")
    lines = [line for *_, line in facts]
    subject = ref("/us/bill/105/hr/774")
    assert f"{subject} {S230.sponsor} {ref('/us/person/L000397')}" in lines
    assert f"{subject} {S230.cosponsorCount} {number(34)}" in lines
    assert not any(S230.cosponsorship in line for line in lines), "nobody noted their names"
    undated, _ = noted["us/bill/114/hr/5896"]
    assert undated.snapshot == "2016-08-10", "at least the day of its last action"


def test_a_party_read_elsewhere_is_said_by_a_graph_that_names_where(said: list[Statement], loaded: Curated) -> None:
    bill, node = "/us/bill/118/hr/573", ref("/us/bill/118/hr/573/sponsor/S001214")
    line = f"{node} {S230.party} {text('R')}"
    (source,) = [source for source, _, facts, _ in said if line in [said for *_, said in facts]]
    assert source.family == curated.FAMILY and source.document == f"parties{bill}"
    assert "/source/legislators/S001214" in source.derived_from
    assert "Entry of" in next(d.title for d in loaded.documents if d.id == "legislators/S001214")


def test_the_ledger_of_a_section_is_derived_from_its_effects(said: list[Statement]) -> None:
    (ledger,) = [source for source, own, _, _ in said if source.family == curated.LEDGER and own == "/us/usc/t47/s230"]
    effects = {path.rpartition("/")[0] for path in ledger.derived_from}
    assert len(effects) >= 5 and all(path.startswith("/graph/curated/effect/") for path in effects)


def test_another_value_that_a_source_gives_is_dissent_in_a_graph_of_its_own(
    said: list[Statement], loaded: Curated
) -> None:
    (found,) = [s for s in said if s[0].document == "case/stratton-oakmont/disputed/1"]
    source, own, facts, role = found
    assert (own, role, source.confidence) == ("", spool.DISSENT, "one-source")
    assert source.derived_from == ("/source/itlaw-stratton-oakmont",)
    assert [line for *_, line in facts] == [f"{ref('/case/stratton-oakmont')} {S230.decided} {day('1995-05-26')}"]
    disputes = [c for c in loaded.records if isinstance(c, Case) and "disputed" in c.facts]
    assert sum(role == spool.DISSENT for *_, role in said) == sum(len(c.facts["disputed"]) for c in disputes)  # type: ignore[arg-type]
    assert all(facts for _, _, facts, role in said if role == spool.DISSENT)


def test_a_private_person_is_nowhere_in_what_is_said(said: list[Statement], loaded: Curated) -> None:
    private = [record for record in loaded.records if isinstance(record, Actor) and not record.page]
    lines = [line for _, _, facts, _ in said for *_, line in facts]
    for actor in private:
        assert not any(ref(actor.path) in line for line in lines), actor.path


def test_the_law_amends_the_provision_it_made_and_what_stands_above_it(said: list[Statement]) -> None:
    lines = {line for _, _, facts, _ in said for *_, line in facts}
    law, section = ref("/us/pl/115/164"), ref("/us/pl/115/164/s4/a")
    made, above = (ref(f"/provision/us/usc/t47/s230{path}") for path in ("/e/5@2018-04-11", "/d@1996-02-08"))
    for agent in (law, section):
        assert f"{agent} {ELI.amends} {made}" in lines and f"{agent} {ELI.amends} {above}" in lines


def test_extracts_are_the_records_of_the_tables(said: list[Statement], loaded: Curated) -> None:
    extracts = [own for _, own, _, role in said if role == spool.EXTRACT]
    assert len(extracts) == len(loaded.extracts)
    bills = [record for _, record in loaded.extracts if isinstance(record, Bill)]
    assert {iri.bill_of(bill) for bill in bills} <= set(extracts)


def test_nothing_is_said_where_nothing_is_curated() -> None:
    assert list(curated.statements(curated.NOTHING, mapper.Setting(""))) == []


NOT_IN_THE_GRAPH = {"court_id", "disputed", "dockets", "fate", "history", "levels_disputed", "position"}
"""Fields that no triple states: `disputed` speaks of other values, and documents take no stance in the graph."""


def _entries(loaded: Curated) -> Iterator[tuple[Path, Evidence]]:
    """Each evidence entry that names fields, beside the thing whose graphs it is to head."""
    for record in loaded.records:
        own = f"/effect/{record.id}" if isinstance(record, Effect) else getattr(record, "path", "")
        own = record.provision if isinstance(record, ProvisionFacts) else own
        below = [*getattr(record, "sections", ()), *getattr(record, "stances", ())]
        for entry in (e for part in (record, *below) for e in getattr(part, "evidence", ()) if e.fields):
            votes = record.votes if isinstance(record, Law) and "votes" in entry.fields else ()
            yield from ((iri.vote_of(vote), entry) for vote in votes)
            if not votes:
                yield own, entry
        for claim in record.claims if isinstance(record, Document) else ():
            yield from ((claim.id, entry) for entry in claim.evidence if entry.fields)


def test_a_field_never_borrows_the_evidence_of_its_record(said: list[Statement], loaded: Curated) -> None:
    heads = {(own, source.confidence, source.derived_from) for source, own, *_ in said}
    entries = [(own, entry) for own, entry in _entries(loaded) if set(entry.fields) - NOT_IN_THE_GRAPH]
    assert len(entries) > 100
    for own, entry in entries:
        sources = tuple(f"/source/{source}" for source in entry.sources)
        assert (own, entry.confidence, sources) in heads, f"{own}: nothing is said on the evidence for {entry.fields}"


@pytest.mark.parametrize(
    ("subject", "predicate", "confidence", "source"),
    [
        ("/us/vote/115/senate/2018/57", S230.yea, "official", "senate-vote-115-2-57"),
        ("/us/vote/104/house/1996/25", S230.nay, "official", "house-roll-1996-25"),
        ("/us/pl/116/113", S230.relation, "memory", "memory"),
        ("/us/pl/117/263/s5933/7", S230.effective, "memory", "memory"),
        ("/us/eo/13925", S230.relation, "one-source", "ntia-petition"),
        ("/person/stephen-boyd/stance/1", S230.stanceDay, "memory", "memory"),
        ("/document/doj-review-2020-06-17", S230.aboutDocument, "memory", "memory"),
        ("/claim/ecpat-usa-2018-03-21/05", S230.finding, "two-sources", "cetient-reddit"),
        ("/case/stratton-oakmont", RDFS.label, "two-sources", "dmlp-stratton-oakmont"),
    ],
)
def test_a_fact_has_the_source_and_confidence_of_its_own_field(
    said: list[Statement], subject: str, predicate: str, confidence: str, source: str
) -> None:
    told = [
        (graph.confidence, f"/source/{source}" in graph.derived_from)
        for graph, _, facts, role in said
        for *_, line in facts
        if graph.family == curated.FAMILY and not role and line.startswith(f"{ref(subject)} {predicate} ")
    ]
    assert told == [(confidence, True)]


def test_a_graph_of_a_record_is_called_by_the_name_of_what_it_is_about(said: list[Statement]) -> None:
    titles = {source.document.rpartition("/")[0]: source.title for source, *_ in said}
    assert titles["actor/org/backpage"] == "Curated record: Backpage.com, LLC"
    assert titles["effect/pl-115-164-s4-a"].startswith("Curated record: Pub. L. 115-164, § 4(a): addition")
