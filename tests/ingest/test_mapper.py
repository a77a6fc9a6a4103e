"""Records in, facts out: which predicates a record becomes, and what is never said."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import iri, shapes
from graph.records import (
    Action,
    Actor,
    Bill,
    Case,
    Committee,
    Effect,
    Evidence,
    Person,
    Position,
    Provision,
    Section,
    Source,
    Sponsorship,
    Stance,
    Term,
    Title,
    Vote,
)
from graph.vocabulary import DRAFT, ELI, FOAF, ORG, RDFS, S230, SKOS, A, concept, day, number, ref, text
from ingest import mapper, stages, uslm
from ingest.build import map_record

TODAY = mapper.Setting("2026-06-26")
BILL = Bill(115, "hr", 1865, "An Act", "2017-04-03")
SUBJECT = ref("/us/bill/115/hr/1865")


def _lines(facts: object) -> set[str]:
    return {line for *_, line in facts}  # type: ignore[attr-defined]


def _of(lines: set[str], subject: str, predicate: str) -> list[str]:
    start = f"{subject} {predicate} "
    return sorted(line.removeprefix(start) for line in lines if line.startswith(start))


def _member(bioguide: str, name: str = "Rep. Doe, Jane [D-OH-1]", **more: object) -> Sponsorship:
    return Sponsorship(bioguide, name, "D", "OH", "1", "2017-04-03", **more)  # type: ignore[arg-type]


# --- bills -----------------------------------------------------------------------------------------------------------


def test_a_withdrawn_cosponsor_is_not_counted() -> None:
    people = _member("A000001"), _member("B000002", withdrawn="2017-09-25")
    lines = _lines(mapper.bill(BILL._replace(cosponsors=people), TODAY))
    assert _of(lines, SUBJECT, S230.cosponsorCount) == [number(1)]
    assert _of(lines, SUBJECT, S230.cosponsor) == [ref("/us/person/A000001")]
    assert _of(lines, SUBJECT, S230.withdrawnCosponsor) == [ref("/us/person/B000002")]
    assert len(_of(lines, SUBJECT, S230.cosponsorship)) == 2


def test_a_member_who_withdrew_and_joined_again_is_counted_once() -> None:
    again = Sponsorship("A000001", "Rep. Doe, Jane", "D", "OH", "1", "2018-01-02")
    lines = _lines(mapper.bill(BILL._replace(cosponsors=(_member("A000001", withdrawn="2017-09-25"), again)), TODAY))
    assert _of(lines, SUBJECT, S230.cosponsorCount) == [number(1)]
    assert len(_of(lines, SUBJECT, S230.cosponsorship)) == 2


def test_where_cosponsors_are_unknown_none_are_counted() -> None:
    assert _of(_lines(mapper.bill(BILL._replace(cosponsors=None), TODAY)), SUBJECT, S230.cosponsorCount) == []
    assert _of(_lines(mapper.bill(BILL, TODAY)), SUBJECT, S230.cosponsorCount) == [number(0)]


@pytest.mark.parametrize(
    ("person", "name", "path"),
    [
        ("W000812", "Rep. Wagner, Ann", "/us/person/W000812"),
        ("S348", "Portman", "/us/person/P000449"),
        ("S999", "Nobody", "/us/person/lis-S999"),
        ("thomas:01238", "Wolf, Frank R.", "/us/person/W000672"),
        ("thomas:99999", "Nobody", "/us/person/thomas-99999"),
        ("", "Rep. Johnson, E. B. [D-TX]", "/person/e-b-johnson"),
    ],
)
def test_a_member_goes_by_one_path_whatever_the_source_calls_him(person: str, name: str, path: str) -> None:
    setting = mapper.Setting("", thomas={"01238": "W000672"}, lis={"S348": "P000449"})
    assert mapper.member(person, name, setting) == path


@given(st.text(max_size=8), st.text("Aé. ,[]-", min_size=1, max_size=12))
def test_no_member_has_an_empty_path(person: str, name: str) -> None:
    sponsor = Sponsorship(person.strip(), f"Rep. X{name}", "", "", "", None)
    lines = _lines(mapper.bill(BILL._replace(sponsors=(sponsor,)), TODAY))
    assert not any("/person/>" in line for line in lines)
    assert len(_of(lines, SUBJECT, S230.sponsor)) == 1


def test_a_public_and_a_private_law_of_one_number_are_two_laws() -> None:
    lines = _lines(mapper.bill(BILL._replace(laws=("115-1",), private_laws=("115-1",)), TODAY))
    assert _of(lines, SUBJECT, S230.enactedAs) == [ref("/us/pl/115/1"), ref("/us/pvtl/115/1")]
    assert _of(lines, ref("/us/pvtl/115/1"), RDFS.label) == [text("Pvt. L. 115-1")]
    assert _of(lines, ref("/us/pvtl/115/1"), S230.enactedFrom) == [SUBJECT]


def test_a_bill_never_amends() -> None:
    lines = _lines(mapper.bill(BILL._replace(laws=("115-164",)), TODAY))
    assert not any(f" {ELI.amends} " in line for line in lines)


def test_a_title_of_a_portion_is_no_title_of_the_bill() -> None:
    titles = Title("Whole Act", "short"), Title("Part Act", "short", portion=True)
    lines = _lines(mapper.bill(BILL._replace(titles=titles), TODAY))
    assert _of(lines, SUBJECT, SKOS.altLabel) == [text("Whole Act")]


def test_participations_belong_to_the_introduction_and_the_shortcut_stands_beside() -> None:
    lines = _lines(mapper.bill(BILL._replace(sponsors=(_member("W000812"),)), TODAY))
    introduction = ref("/us/bill/115/hr/1865/introduction")
    (participation,) = _of(lines, introduction, DRAFT.had_participation)
    assert _of(lines, participation, DRAFT.had_participant_person) == _of(lines, SUBJECT, S230.sponsor)
    assert f"{introduction} {A} {DRAFT.LegislativeActivity}" in lines


# --- stages ----------------------------------------------------------------------------------------------------------

STAGES = [
    ("hr", "Referred to the Committee on Energy and Commerce.", (), "introduced"),
    ("hr", "Ordered to be Reported (Amended) by Voice Vote.", ("REPORTED",), "introduced"),
    ("s", "Committee on Commerce. Reported by Senator Thune with an amendment.", (), "reported"),
    ("s", "Placed on Senate Legislative Calendar under General Orders.", (), "reported"),
    (
        "hr",
        "On motion to suspend the rules and pass the bill Agreed to by voice vote.",
        ("PASS_OVER:HOUSE",),
        "passed-house",
    ),
    ("s", "Whatever the words are.", ("PASS_OVER:SENATE",), "passed-senate"),
    ("hr", "Passed/agreed to in House: On passage Passed by recorded vote.", ("8000",), "passed-house"),
    ("hr", "Whatever the words are.", ("PASSED:BILL",), "passed-both"),
    ("hres", "Whatever the words are.", ("PASSED:SIMPLERES",), "agreed-to"),
    ("sres", "Resolution agreed to in Senate without amendment.", (), "agreed-to"),
    ("hconres", "Whatever the words are.", ("PASSED:CONCURRENTRES",), "agreed-to"),
    ("hr", "Presented to President.", (), "presented"),
    ("hr", "Vetoed by President.", (), "vetoed"),
    ("hr", "Whatever the words are.", ("ENACTED:SIGNED",), "enacted"),
    ("hr", "Became Public Law No: 115-164.", (), "enacted"),
    ("hr", "Became Private Law No: 115-1.", (), "enacted"),
]


@pytest.mark.parametrize(("kind", "words", "codes", "stage"), STAGES)
def test_how_far_a_bill_came_is_read_in_words_and_codes(
    kind: str, words: str, codes: tuple[str, ...], stage: str
) -> None:
    bill = Bill(115, kind, 1, "", None, actions=(Action("2018-02-27", words, codes=codes),))
    assert stages.furthest(bill) == stage
    assert stages.stage(bill, "2018-12-31") == stage
    assert stages.stage(bill, "2019-01-03") == (stage if stage in ("enacted", "agreed-to") else "expired")


def test_what_both_chambers_passed_is_passed_by_both() -> None:
    steps = (
        Action("2018-02-27", "x", codes=("PASS_OVER:HOUSE",)),
        Action("2018-03-21", "y", codes=("PASS_BACK:SENATE",)),
    )
    assert stages.furthest(BILL._replace(actions=steps)) == "passed-both"
    assert stages.furthest(Bill(115, "hconres", 1, "", None, actions=steps)) == "agreed-to"


def test_a_private_law_is_an_enactment() -> None:
    lines = _lines(mapper.bill(BILL._replace(private_laws=("115-1",)), TODAY))
    assert _of(lines, SUBJECT, S230.stage) == [concept("stage", "enacted")]


def test_the_furthest_stage_of_a_dead_bill_is_kept_beside_its_end() -> None:
    lines = _lines(mapper.bill(BILL._replace(actions=(Action("2018-01-10", "Reported by the committee."),)), TODAY))
    assert _of(lines, SUBJECT, S230.stage) == [concept("stage", "expired")]
    assert _of(lines, SUBJECT, S230.furthestStage) == [concept("stage", "reported")]


# --- votes, people, committees ---------------------------------------------------------------------------------------


def test_members_vote_by_position() -> None:
    positions = (
        Position("W000812", "Wagner", "R", "MO", "Aye"),
        Position("A000001", "Amash", "R", "MI", "No"),
        Position("B000002", "Brady", "R", "TX", "Not Voting"),
        Position("", "Johnson, E. B.", "D", "TX", "Present"),
    )
    vote = Vote(
        "House", 115, "2", "2018", 91, "2018-02-27", yea=388, nay=25, bill=(115, "hr", 1865), positions=positions
    )
    lines, roll = _lines(mapper.vote(vote, TODAY)), ref("/us/vote/115/house/2018/91")
    assert _of(lines, roll, S230.votedYea) == [ref("/us/person/W000812")]
    assert _of(lines, roll, S230.votedNay) == [ref("/us/person/A000001")]
    assert _of(lines, roll, S230.didNotVote) == [ref("/us/person/B000002")]
    assert _of(lines, roll, S230.votedPresent) == [ref("/person/e-b-johnson")]
    assert _of(lines, SUBJECT, S230.recordedVote) == [roll]


def test_counts_that_a_source_does_not_give_are_not_said() -> None:
    lines = _lines(mapper.vote(Vote("Senate", 115, "2", "2018", 60, "2018-03-21"), TODAY))
    assert not any(f" {predicate} " in line for predicate in (S230.yea, S230.nay, S230.present) for line in lines)


def test_a_list_of_members_of_a_committee_gives_it_no_label() -> None:
    members = Committee("HSJU00", "", "House", members=(("W000812", 1, ""),))
    lines = _lines(mapper.committee(members))
    assert _of(lines, ref("/us/committee/hsju00"), RDFS.label) == []
    assert _of(lines, ref("/us/committee/hsju00"), ORG.hasMember) == [ref("/us/person/W000812")]


def test_a_term_without_days_is_no_membership() -> None:
    terms = Term("rep", "", None, "OR", "3", "Democrat"), Term("sen", "1996-02-06", None, "OR", "", "Democrat")
    lines = _lines(mapper.person(Person("W000779", "Ron", "Wyden", "Ron Wyden", terms=terms)))
    (membership,) = _of(lines, ref("/us/person/W000779"), ORG.hasMembership)
    assert _of(lines, membership, S230.party) == [text("D")]
    assert _of(lines, membership, ORG.organization) == [ref("/org/us-senate")]


def test_a_holder_of_office_without_a_bioguide_id_goes_by_name() -> None:
    lines = _lines(mapper.person(Person("", "Grover", "Cleveland", "Grover Cleveland")))
    assert f"{ref('/person/grover-cleveland')} {A} {FOAF.Person}" in lines
    assert not any(S230.bioguide in line for line in lines)


# --- enactments, cases, actors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "agent", "amends"),
    [
        ("addition", "/us/pl/115/164/s4/a", True),
        ("renumbering", "/us/pl/105/277/dC/tXIV/s1404/a/2", True),
        ("court-holding", "/case/reno-v-aclu", False),
        ("transfer", "/us/olrc", False),
        ("saving", "/us/pl/115/164/s7", False),
    ],
)
def test_only_a_statute_that_changes_words_amends(kind: str, agent: str, amends: bool) -> None:
    effect = Effect("x", kind, agent, "/us/usc/t47/s230/e/5", "2018-04-11", "2018-04-11")
    provision = "/provision/us/usc/t47/s230/e/5@2018-04-11"
    lines = _lines(mapper.amends(effect, [provision], ["/provision/us/usc/t47/s230@1996-02-08"]))
    assert any(f" {ELI.amends} {ref(provision)}" in line for line in lines) is amends


EVIDENCE = (Evidence(("a-source",), "one-source"),)


def test_nothing_is_said_of_a_private_person() -> None:
    private = Actor("/person/quoted", "somebody quoted", "person", "advocate", page=False, evidence=EVIDENCE)
    assert list(mapper.actor(private)) == []
    assert list(mapper.stance(Stance("/us/bill/115/hr/1865", "supported"), private, 1)) == []


def test_other_values_of_a_case_replace_one_field_each() -> None:
    disputed = [
        {"field": "day", "value": "2007-05-30", "sources": ["a", "b"]},
        {"field": "amended", "value": "2007-05-30", "sources": ["c"]},
    ]
    facts = {"amended": "2007-05-31", "disputed": disputed}
    case = Case("/case/x", "X v. Y", "9th Cir.", "2007-03-29", "", "mixed", "", facts=facts, evidence=EVIDENCE)
    first, second = mapper.disputed(case)
    assert first[0] == ("a", "b")
    assert _lines(first[1]) == {f"{ref('/case/x')} {S230.decided} {day('2007-05-30')}"}
    assert _lines(second[1]) == {f"{ref('/case/x')} {S230.opinionAmended} {day('2007-05-30')}"}
    assert list(mapper.disputed(case._replace(facts={}))) == []


# --- the Code --------------------------------------------------------------------------------------------------------


def _section(identifier: str) -> Section:
    leaf = Provision(f"{identifier}/a", f"{identifier}/a", "subsection", "(a)", "", ("Words.",))
    return Section(Provision(identifier, identifier, "section", "§ 1", "A heading", (leaf,)), "47", "", (), ())


def test_a_provision_whose_history_is_not_kept_dates_from_the_earliest_code_at_hand() -> None:
    source = Source("us-code", "/us/usc/t47/s901", "2026-06-26", "2026-06-26")
    setting = mapper.Setting("2026-06-26", earliest_code="2024-01-01")
    lines = _lines(mapper.section(_section("/us/usc/t47/s901"), source, setting))
    provision, version = ref("/provision/us/usc/t47/s901/a@2024-01-01"), ref("/us/usc/t47/s901/a@2026-06-26")
    assert f"{version} {ELI.is_member_of} {provision}" in lines
    assert _of(lines, version, S230.validFrom) == [day("2026-06-26")]
    assert f"{ref('/us/usc/t47/s901@2026-06-26')} {ELI.has_part} {version}" in lines


def test_an_undated_file_binds_nothing_and_is_never_current() -> None:
    source = Source("undated", "/us/usc/t47/s901", sha256="abcdef0123")
    lines = _lines(mapper.section(_section("/us/usc/t47/s901"), source, mapper.Setting("2026-06-26")))
    assert not any(S230.Binding in line or S230.currentDesignation in line or S230.validFrom in line for line in lines)
    assert any("/us/usc/t47/s901/a@undated-abcdef01" in line for line in lines)


# --- whatever a record holds -----------------------------------------------------------------------------------------

ANY = st.text(max_size=12)


@given(ANY, ANY, ANY, ANY)
def test_facts_are_lines_of_ntriples_whatever_the_words(title: str, name: str, person: str, words: str) -> None:
    sponsor = Sponsorship(person, name, name, "", "", None)
    bill = BILL._replace(
        title=title, sponsors=(sponsor,), actions=(Action("2018-02-27", words, words),), subjects=(title,)
    )
    lines = [f"{line} ." for *_, line in mapper.bill(bill, TODAY)]
    assert all("\n" not in line for line in lines)
    assert len(list(ox.parse("\n".join(lines).encode(), ox.RdfFormat.N_TRIPLES))) == len(lines)


def test_facts_say_what_they_are_about() -> None:
    facts = list(mapper.bill(BILL._replace(sponsors=(_member("W000812"),)), TODAY))
    assert {thing for thing, *_ in facts} == {iri.bill_of(BILL), "/us/person/W000812"}


def test_a_court_rule_of_a_title_is_mapped_beside_its_sections(data: Path) -> None:
    """It has no place in the Code's numbering, so what it cites is read without one."""
    with (data / "uslm" / "title.xml").open("rb") as stream:
        (rule,) = (r for r in uslm.read(stream) if isinstance(r, Section) and r.provision.level == "courtRule")
    source = Source("us-code", rule.provision.identifier, "2026-06-26", "2026-06-26")
    lines = {line for _, _, line in map_record(rule, source, mapper.Setting("2026-06-26", "2026-06-26"))}
    assert any(f" {S230.text} " in line and "By day." in line for line in lines)
    assert list(shapes.violations(f"{line} ." for line in sorted(lines))) == []
