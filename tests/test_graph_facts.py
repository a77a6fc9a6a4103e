"""Figures that must come out of the default graph, each read in the official record, by plain SPARQL without GRAPH."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from graph import release as releases
from graph.iri import BASE, congress_ends
from graph.records import Actor
from graph.store import Embedded, Row, ask_for
from ingest import facts

HR1865, S1693 = f"<{BASE}/us/bill/115/hr/1865>", f"<{BASE}/us/bill/115/s/1693>"
ACTIVE = "FILTER (?joined <= ?day) OPTIONAL { ?c s230:validTo ?left } FILTER (!BOUND(?left) || ?left > ?day)"


@pytest.fixture(scope="module")
def graph(release: Path) -> Embedded:
    return Embedded(release)


@pytest.fixture(scope="module")
def dump(release: Path) -> str:
    return gzip.decompress((releases.current(release) / "dump.nq.gz").read_bytes()).decode()


def _one(graph: Embedded, pattern: str, what: str = "(COUNT(*) AS ?n)") -> str:
    (row,) = graph.select(f"SELECT {what} {{ {pattern} }}")
    return next(iter(row.values()))


def _paths(rows: list[Row]) -> list[tuple[str, ...]]:
    return [tuple(value.removeprefix(BASE) for value in row.values()) for row in rows]


# --- sponsors and cosponsors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bill", "active", "withdrawn", "original"),
    [("115/hr/1865", 174, 1, 9), ("115/s/1693", 70, 0, 24), ("117/s/2972", 2, 1, None)],
)
def test_cosponsors_are_counted_without_those_who_withdrew(
    graph: Embedded, bill: str, active: int, withdrawn: int, original: int | None
) -> None:
    subject = f"<{BASE}/us/bill/{bill}>"
    assert _one(graph, f"{subject} s230:cosponsor ?who") == str(active)
    assert _one(graph, f"{subject} s230:cosponsorCount ?n", "?n") == str(active)
    assert _one(graph, f"{subject} s230:withdrawnCosponsor ?who") == str(withdrawn)
    assert _one(graph, f"{subject} s230:cosponsorship ?c") == str(active + withdrawn)
    if original is not None:
        assert _one(graph, f"{subject} s230:cosponsorship ?c . ?c s230:original true") == str(original)


def test_mcnerney_withdrew_from_hr_1865(graph: Embedded) -> None:
    pattern = f"{HR1865} s230:cosponsorship ?c . ?c s230:validTo ?left ; eli-dl:had_participant_person ?who"
    assert _paths(graph.select(f"SELECT ?who ?left {{ {pattern} }}")) == [("/us/person/M001166", "2017-09-25")]


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2018-02-27", 66),
        ("2018-03-07", 66),
        ("2018-03-08", 67),
        ("2018-03-18", 67),
        ("2018-03-19", 68),
        ("2018-03-20", 68),
        ("2018-03-21", 70),
    ],
)
def test_cosponsors_of_s_1693_on_a_day(graph: Embedded, day: str, count: int) -> None:
    pattern = f'BIND("{day}"^^xsd:date AS ?day) {S1693} s230:cosponsorship ?c . ?c s230:validFrom ?joined . {ACTIVE}'
    assert _one(graph, pattern, "(COUNT(DISTINCT ?c) AS ?n)") == str(count)


def test_s_1693_was_bipartisan(graph: Embedded) -> None:
    pattern = f"{S1693} s230:cosponsorship ?c . ?c s230:party ?party"
    rows = graph.select(f"SELECT ?party (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?party ORDER BY ?party")
    assert [(row["party"], row["n"]) for row in rows] == [("D", "27"), ("R", "43")]


@pytest.mark.parametrize(
    ("bill", "sponsor"),
    [("115/hr/1865", "W000812"), ("115/s/1693", "P000449"), ("104/hr/1978", "C000830"), ("104/s/652", "P000513")],
)
def test_a_bill_has_its_sponsor(graph: Embedded, bill: str, sponsor: str) -> None:
    rows = graph.select(f"SELECT ?who {{ <{BASE}/us/bill/{bill}> s230:sponsor ?who }}")
    assert _paths(rows) == [(f"/us/person/{sponsor}",)]


# --- laws and votes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bill", "law"),
    [
        ("115/hr/1865", "115/164"),
        ("104/s/652", "104/104"),
        ("105/hr/4328", "105/277"),
        ("119/s/146", "119/12"),
    ],
)
def test_an_enacted_bill_leads_to_its_law_and_back(graph: Embedded, bill: str, law: str) -> None:
    measure, enacted = f"<{BASE}/us/bill/{bill}>", f"<{BASE}/us/pl/{law}>"
    assert _paths(graph.select(f"SELECT ?law {{ {measure} s230:enactedAs ?law }}")) == [(f"/us/pl/{law}",)]
    assert _paths(graph.select(f"SELECT ?bill {{ {enacted} s230:enactedFrom ?bill }}")) == [(f"/us/bill/{bill}",)]
    assert _one(graph, f"{measure} s230:stage ?stage", "?stage").endswith("#stage-enacted")


@pytest.mark.parametrize("bill", ["115/s/1693", "104/hr/1978", "104/hr/1555"])
def test_a_bill_that_was_not_enacted_leads_to_no_law(graph: Embedded, bill: str) -> None:
    assert not graph.ask(f"ASK {{ <{BASE}/us/bill/{bill}> s230:enactedAs ?law }}")


@pytest.mark.parametrize(
    ("vote", "yea", "nay", "day"),
    [
        ("115/house/2018/91", 388, 25, "2018-02-27"),
        ("115/senate/2018/60", 97, 2, "2018-03-21"),
        ("104/house/1995/631", 420, 4, "1995-08-04"),
    ],
)
def test_roll_calls_have_their_counts_and_their_local_day(
    graph: Embedded, vote: str, yea: int, nay: int, day: str
) -> None:
    subject = f"<{BASE}/us/vote/{vote}>"
    pattern = f"{subject} s230:yea ?yea ; s230:nay ?nay ; s230:voteDay ?day"
    assert graph.select(f"SELECT ?yea ?nay ?day {{ {pattern} }}") == [{"yea": str(yea), "nay": str(nay), "day": day}]


@pytest.mark.parametrize(
    ("law", "provision"),
    [
        ("104/104", "c/1@1996-02-08"),
        ("104/104", "d/1@1996-02-08"),
        ("105/277", "d/1@1996-02-08"),
        ("105/277", "d@1998-11-20"),
        ("115/164", "e/5@2018-04-11"),
        ("115/164", "d@1996-02-08"),
    ],
)
def test_a_law_amends_the_provision_it_touched_and_those_above(graph: Embedded, law: str, provision: str) -> None:
    assert graph.ask(f"ASK {{ <{BASE}/us/pl/{law}> eli:amends <{BASE}/provision/us/usc/t47/s230/{provision}> }}")


def test_three_laws_amended_section_230_and_no_other(graph: Embedded) -> None:
    section = f"<{BASE}/provision/us/usc/t47/s230@1996-02-08>"
    whole = (
        f"SELECT DISTINCT ?law {{ ?law a s230:Enactment ; eli:amends ?p . ?p s230:inSection <{BASE}/us/usc/t47/s230> }}"
    )
    assert sorted(_paths(graph.select(whole))) == [("/us/pl/104/104",), ("/us/pl/105/277",), ("/us/pl/115/164",)]
    assert graph.ask(f"ASK {{ {section} eli:amended_by <{BASE}/us/pl/115/164> }}")


# --- what a bill is not ----------------------------------------------------------------------------------------------


def test_a_bill_never_amends_whatever_became_of_it(graph: Embedded) -> None:
    assert graph.select("SELECT ?bill { ?bill a s230:Bill ; eli:amends ?p }") == []
    named = f"SELECT ?bill {{ ?bill eli:amends ?p FILTER STRSTARTS(STR(?bill), '{BASE}/us/bill/') }}"
    assert graph.select(named) == []
    assert int(_one(graph, "?bill eli-dl:foresees_change_of ?p", "(COUNT(DISTINCT ?bill) AS ?n)")) > 50


def test_bills_of_past_congresses_are_expired_enacted_or_agreed_to(graph: Embedded) -> None:
    today = _one(graph, f"<{BASE}/family/curated> s230:coverageDay ?day", "?day")
    stages: dict[bool, set[str]] = {True: set(), False: set()}
    for row in graph.select(
        "SELECT ?congress ?stage { ?bill a s230:Bill ; s230:congress ?congress ; s230:stage ?stage }"
    ):
        stages[congress_ends(int(row["congress"])) <= today].add(row["stage"].rpartition("#stage-")[2])
    assert stages[True] <= {"expired", "enacted", "agreed-to"} and {"expired", "enacted"} <= stages[True]
    assert "expired" not in stages[False]
    assert not graph.ask("ASK { ?bill s230:stage s230:stage-expired ; s230:furthestStage s230:stage-enacted }")


@pytest.mark.parametrize(
    ("bill", "stage"), [("115/s/1693", "reported"), ("104/hr/1555", "passed-house"), ("105/hr/3783", "passed-house")]
)
def test_how_far_a_dead_bill_came_is_kept(graph: Embedded, bill: str, stage: str) -> None:
    subject = f"<{BASE}/us/bill/{bill}>"
    assert _one(graph, f"{subject} s230:furthestStage ?stage", "?stage").endswith(f"#stage-{stage}")
    assert _one(graph, f"{subject} s230:stage ?stage", "?stage").endswith("#stage-expired")


@pytest.mark.parametrize("bill", ["115/hr/2201", "115/hr/5999"])
def test_false_hits_of_a_word_search_are_not_about_the_section(graph: Embedded, bill: str) -> None:
    assert not graph.ask(f"ASK {{ <{BASE}/us/bill/{bill}> eli-dl:foresees_change_of ?p }}")


# --- where sources differ --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "property", "taken", "other"),
    [
        ("stratton-oakmont", "decided", "1995-05-24", "1995-05-26"),
        ("perfect10-ccbill", "opinionAmended", "2007-05-31", "2007-05-30"),
        ("sikhs-for-justice", "decided", "2015-11-13", "2015-11-12"),
        ("kgm-v-meta", "decided", "2026-03-25", "2026-03-24"),
    ],
)
def test_a_disputed_day_is_a_conflict_with_both_sides(
    graph: Embedded, case: str, property: str, taken: str, other: str
) -> None:
    subject = f"<{BASE}/case/{case}>"
    about = f"?c a s230:Conflict ; s230:about {subject} ; s230:property s230:{property}"
    assert _one(graph, f"{about} ; s230:prevails ?value", "?value") == taken
    assert _one(graph, f"{subject} s230:{property} ?value", "?value") == taken
    rows = graph.select(
        f"SELECT ?value ?graph {{ {about} ; s230:side ?s . ?s s230:value ?value ; s230:saidIn ?graph }}"
    )
    assert {row["value"] for row in rows} == {taken, other} and len({row["graph"] for row in rows}) == 2
    for row in rows:
        said = f'GRAPH <{row["graph"]}> {{ {subject} s230:{property} "{row["value"]}"^^xsd:date }}'
        assert graph.ask(f"ASK {{ {said} }}"), "the graph named for a side says it"


# --- people ----------------------------------------------------------------------------------------------------------


def test_a_private_person_has_no_node_and_no_name_only_a_quoted_role(graph: Embedded, dump: str) -> None:
    private = [record for record in facts.read() if isinstance(record, Actor) and not record.page]
    assert private
    for actor in private:
        assert actor.path not in dump and actor.name not in dump
    assert "iryna" not in dump.casefold()
    assert graph.ask('ASK { ?document s230:quotes "survivor-advocate" }')


def test_no_thing_is_without_a_name(graph: Embedded, dump: str) -> None:
    assert f"<{BASE}/us/person/>" not in dump and f"<{BASE}/person/>" not in dump
    assert not graph.ask('ASK { ?thing rdfs:label "" }')


def test_whatever_an_s230_term_points_at_has_a_label(graph: Embedded) -> None:
    """People, bills, laws and votes: what a reader follows from the reform table never shows as an address."""
    for term in (
        "sponsor",
        "cosponsor",
        "enactedAs",
        "recordedVote",
        "cosponsorship",
        "foresees",
        "relatedBill",
        "law",
    ):
        pattern = f"?s s230:{term} ?o FILTER NOT EXISTS {{ ?o rdfs:label ?label }}"
        assert graph.select(f"SELECT DISTINCT ?o {{ {pattern} }} LIMIT 5") == [], term


# --- exemptions, cases, gaps -----------------------------------------------------------------------------------------


def test_the_parts_of_an_exemption_exempt_from_what_it_does(graph: Embedded) -> None:
    rows = graph.select("SELECT ?x (COUNT(*) AS ?n) { ?x a s230:Exemption ; s230:exemptsFrom ?from } GROUP BY ?x")
    assert {row["x"].rpartition("/")[2]: int(row["n"]) for row in rows} == {
        "federal-criminal-law": 3, "intellectual-property": 3, "communications-privacy": 3, "sex-trafficking": 2,
        "sex-trafficking-civil-claim": 2, "sex-trafficking-state-charge": 2, "prostitution-state-charge": 2,
    }  # fmt: skip


def test_a_carve_out_has_its_first_day_and_the_law_that_made_it(graph: Embedded) -> None:
    rows = graph.select(
        f"SELECT ?law ?from {{ <{BASE}/exemption/federal-criminal-law> s230:carveOut ?part ."
        f" ?part s230:reachesLaw <{BASE}/us/usc/t47/s231> ; s230:lawMadeBy ?law ; s230:validFrom ?from }}"
    )
    assert _paths(rows) == [("/us/pl/105/277/dC/tXIV/s1403", "1998-11-20")]


def test_laws_bear_on_provisions(graph: Embedded) -> None:
    assert _one(graph, "?law s230:bearsOn ?what FILTER NOT EXISTS { ?what a s230:Provision }") == "0"


def test_a_case_has_what_a_lawyer_cites(graph: Embedded) -> None:
    def values(case: str, term: str) -> set[str]:
        return {row["v"] for row in graph.select(f"SELECT ?v {{ <{BASE}/case/{case}> {term} ?v }}")}

    assert values("zeran", "s230:docket") == {"97-1523"}
    assert values("js-v-village-voice", "s230:parallelCitation") == {"359 P.3d 714"}
    assert values("roommates", "s230:panel") == {"en banc"}
    assert values("zeran", "s230:numbering") == {"1996"}
    assert values("stratton-oakmont", "s230:jurisdiction") == {"state"}
    assert values("doe-v-backpage", "s230:caseStep/s230:detail") == {"certiorari denied"}
    assert values("doe-v-backpage", "s230:caseStep/s230:stepDay") == {"2017-01-09"}


def test_a_gap_bears_on_counts(graph: Embedded) -> None:
    rows = graph.select("SELECT ?gap { ?gap a s230:Gap ; s230:bearsOnCountOf s230:Case }")
    assert _paths(rows) == [("/gap/cases-selected",)]


# --- the merged graph ------------------------------------------------------------------------------------------------


def test_the_merged_graph_counts_once_what_two_graphs_state(graph: Embedded) -> None:
    twice = "GRAPH ?a { ?s ?p ?o } GRAPH ?b { ?s ?p ?o } FILTER (STR(?a) < STR(?b)) ?s ?p ?o"
    (row,) = graph.select(f"SELECT ?s ?p ?o {{ {twice} }} LIMIT 1")
    terms = (row["s"], row["p"], row["o"])
    assert _one(graph, f"<{terms[0]}> <{terms[1]}> ?o FILTER (STR(?o) = {terms[2]!r})") == "1"


def test_single_valued_properties_have_one_value(graph: Embedded) -> None:
    for term in (
        "stage",
        "furthestStage",
        "introduced",
        "cosponsorCount",
        "yea",
        "nay",
        "voteDay",
        "decided",
        "enacted",
    ):
        assert graph.select(f"SELECT ?s {{ ?s s230:{term} ?a, ?b FILTER (STR(?a) < STR(?b)) }} LIMIT 3") == [], term


# --- exemptions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exemption", "kinds", "levels", "disputed", "plaintiffs"),
    [
        ("federal-criminal-law", {"criminal"}, {"federal"}, set(), {"public"}),
        ("intellectual-property", {"civil", "criminal"}, {"federal"}, {"state"}, {"private", "public"}),
        ("communications-privacy", {"civil", "criminal"}, {"federal", "state"}, set(), {"private", "public"}),
        ("sex-trafficking-civil-claim", {"civil"}, {"federal"}, set(), {"private", "public"}),
        ("sex-trafficking-state-charge", {"criminal"}, {"state"}, set(), {"public"}),
        ("prostitution-state-charge", {"criminal"}, {"state"}, set(), {"public"}),
    ],
)
def test_an_exemption_says_what_it_reaches(
    graph: Embedded, exemption: str, kinds: set[str], levels: set[str], disputed: set[str], plaintiffs: set[str]
) -> None:
    rows = ask_for(graph, "exemption_structure", exemption=f"/exemption/{exemption}")
    told = {key: {row["value"] for row in rows if row["key"] == key} for key in ("law_type", "level", "plaintiff")}
    assert told == {"law_type": kinds, "level": levels, "plaintiff": plaintiffs}
    assert {row["value"] for row in rows if row["key"] == "level_disputed"} == disputed


def test_only_the_sex_trafficking_exemption_reaches_earlier_conduct(graph: Embedded) -> None:
    rows = graph.select("SELECT ?exemption { ?exemption s230:reachesEarlierConduct true }")
    assert _paths(rows) == [("/exemption/sex-trafficking",)]


def test_the_trade_secrets_act_changes_a_reach_and_no_words(graph: Embedded) -> None:
    (row,) = ask_for(graph, "reach_changes", exemption="/exemption/intellectual-property")
    assert (row["label"], row["effective"]) == ("Pub. L. 114-153, § 2(g)", "2016-05-11")
    begun = graph.select('SELECT ?slot { ?version s230:slot ?slot ; s230:validFrom "2016-05-11"^^xsd:date }')
    assert not [slot for (slot,) in _paths(begun) if slot.startswith("/us/usc/t47/s230")]


# --- acts and the Code (TIME.md, rules 8 and 9) ----------------------------------------------------------------------


def test_sections_of_acts_point_at_where_the_code_has_them(graph: Embedded) -> None:
    found = _paths(graph.select("SELECT ?section ?slot { ?section s230:classifiedTo ?slot }"))
    assert {
        ("/us/pl/104/104/tV/s509", "/us/usc/t47/s230"),
        ("/us/pl/115/164/s3/a", "/us/usc/t18/s2421A"),
        ("/us/pl/115/164/s4/a", "/us/usc/t47/s230"),
        ("/us/pl/115/164/s5", "/us/usc/t18/s1591"),
    } <= {*found}
    assert all(section.startswith(("/us/pl/", "/us/act/")) for section, _ in found)


def test_law_without_words_in_the_code_stands_under_its_section_and_in_no_designation(graph: Embedded) -> None:
    found = dict(_paths(graph.select("SELECT ?section ?slot { ?section s230:setOutUnder ?slot }")))
    under_230 = {section for section, slot in found.items() if slot == "/us/usc/t47/s230"}
    assert {f"/us/pl/115/164/{section}" for section in ("s2", "s4/b", "s7")} <= under_230
    assert found["/us/pl/114/153/s2/g"] == "/us/usc/t18/s1833"
    assert not graph.select("SELECT ?s { ?s s230:setOutUnder ?a ; s230:classifiedTo ?b }")
