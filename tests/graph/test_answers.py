"""The answers have the shapes that the interface fixes, and say what the record says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph import answers, iri
from graph.answers import Malformed
from graph.store import Store, connect
from graph.timeline import STATUSES

TEXT, NUMBER, FLAG, LIST, DICT = str, int, bool, list, dict
NOTHING = type(None)

Shape = dict[str, Any]

SOURCE: Shape = {"graph": TEXT, "address": (TEXT, NOTHING), "confidence": TEXT}
AT: Shape = {
    "status": TEXT, "cite": TEXT, "date": TEXT, "provision": (TEXT, NOTHING), "version": (TEXT, NOTHING),
    "valid_from": (TEXT, NOTHING), "valid_to": (TEXT, NOTHING), "heading": (TEXT, NOTHING), "text": (TEXT, NOTHING),
    "text_status": TEXT, "summary": (TEXT, NOTHING), "exempts": LIST, "sources": LIST, "known_through": DICT,
}  # fmt: skip
TRANSLATE: Shape = {
    "status": TEXT, "then": DICT, "provision": (TEXT, NOTHING), "now": (DICT, NOTHING), "now_status": (TEXT, NOTHING),
    "because": LIST, "known_through": DICT,
}  # fmt: skip
THEN: Shape = {
    "cite": TEXT, "date": TEXT, "version": (TEXT, NOTHING), "valid_from": (TEXT, NOTHING), "valid_to": (TEXT, NOTHING),
    "summary": (TEXT, NOTHING),
}  # fmt: skip
REASON: Shape = {"effect": TEXT, "kind": TEXT, "law": TEXT, "enacted": TEXT, "effective": TEXT, "source": DICT}
TRACE: Shape = {
    "status": TEXT, "cite": TEXT, "provision": (TEXT, NOTHING), "chain": LIST, "pending": LIST, "known_through": DICT,
}  # fmt: skip
LINK: Shape = {
    "effect": DICT, "law": DICT, "bill": (DICT, NOTHING), "sponsor": (DICT, NOTHING), "cosponsors": (DICT, NOTHING),
    "votes": LIST, "sources": LIST,
}  # fmt: skip
EFFECT: Shape = {
    "kind": TEXT, "target_as_cited": TEXT, "old_text": (TEXT, NOTHING), "new_text": (TEXT, NOTHING), "enacted": TEXT,
    "effective": TEXT, "applicability": (TEXT, NOTHING),
}  # fmt: skip
LAW: Shape = {"cite": TEXT, "section": TEXT, "stat": (TEXT, NOTHING), "enacted": TEXT, "iri": TEXT}
BILL: Shape = {"cite": TEXT, "title": (TEXT, NOTHING), "iri": TEXT}
SPONSOR: Shape = {"name": TEXT, "bioguide": TEXT, "party": (TEXT, NOTHING), "state": (TEXT, NOTHING)}
COSPONSORS: Shape = {"count": NUMBER, "withdrawn": NUMBER, "by_party": DICT}
VOTE: Shape = {"chamber": TEXT, "date": TEXT, "yea": (NUMBER, NOTHING), "nay": (NUMBER, NOTHING), "roll": NUMBER}
PENDING: Shape = {"bill": TEXT, "kind": TEXT, "stage": TEXT, "as_of": (TEXT, NOTHING)}
EXEMPTION: Shape = {
    "exemption": TEXT, "label": TEXT, "from": LIST, "condition": (TEXT, NOTHING), "carves_out": LIST, "laws": LIST,
    "law_types": LIST, "law_levels": LIST,
}  # fmt: skip

ASKED = (
    ("47 U.S.C. § 230(e)(1)", "2020-01-01"),
    ("47 U.S.C. § 230(e)(2)", "1997-11-12"),
    ("47 U.S.C. § 230", "1996-02-07"),
    ("47 U.S.C. § 230(f)(2)", "1998-11-01"),
    ("47 U.S.C. § 230(d)(1)", "2020-01-01"),
    ("47 U.S.C. § 223(b)(3)(B)(ii)", "1989-01-01"),
    ("47 U.S.C. § 230(z)(9)", "2020-01-01"),
    ("47 U.S.C. § 230", "2199-01-01"),
    ("the EARN IT Act", "2020-01-01"),
    ("H.R. 1865", "2020-01-01"),
    ("Pub. L. 115-164", "2020-01-01"),
)


@pytest.fixture(scope="module")
def store(release: Path) -> Store:
    return connect(release)


def assert_shape(found: Shape, shape: Shape) -> None:
    assert not {
        key: found.get(key, "missing") for key, kind in shape.items() if not isinstance(found.get(key, ...), kind)
    }


# --- shapes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cite", "day"), ASKED)
def test_every_answer_of_at_has_every_key(store, cite, day):
    found = answers.at(store, cite, day)
    assert_shape(found, AT)
    assert found["status"] in STATUSES
    assert found["status"] == "ok" or found["message"].endswith(".")
    for source in found["sources"]:
        assert_shape(source, SOURCE)
    for exemption in found["exempts"]:
        assert_shape(exemption, EXEMPTION)


@pytest.mark.parametrize(("cite", "day"), ASKED)
def test_every_answer_of_translate_has_every_key(store, cite, day):
    found = answers.translate(store, cite, day)
    assert_shape(found, TRANSLATE)
    assert_shape(found["then"], THEN)
    for reason in found["because"]:
        assert_shape(reason, REASON)
        assert_shape(reason["source"], SOURCE)


@pytest.mark.parametrize("cite", [cite for cite, _ in ASKED] + ["18 U.S.C. § 1591(e)(5)", "17 U.S.C. § 512"])
def test_every_answer_of_trace_has_every_key(store, cite):
    found = answers.trace(store, cite)
    assert_shape(found, TRACE)
    for link in found["chain"] + found["reach"]:
        for part, shape in ((link, LINK), (link["effect"], EFFECT), (link["law"], LAW)):
            assert_shape(part, shape)
        for part, shape in ((link["bill"], BILL), (link["sponsor"], SPONSOR), (link["cosponsors"], COSPONSORS)):
            assert part is None or assert_shape(part, shape) is None
        for vote in link["votes"]:
            assert_shape(vote, VOTE)
    for bill in found["pending"]:
        assert_shape(bill, PENDING)


def test_the_answers_between_them_have_all_eight_statuses(store):
    found = {answers.at(store, cite, day)["status"] for cite, day in ASKED}
    assert found == set(STATUSES)


# --- reading the question --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cite", ["", "nonsense", "9999", "112 Stat. 2681-739", "129 F.3d 327", "x" * 500])
def test_what_is_no_citation_of_the_code_is_malformed(store, cite):
    with pytest.raises(Malformed, match="is no citation of the Code"):
        answers.at(store, cite, "2020-01-01")


@pytest.mark.parametrize("day", ["", "2018-4-11", "2018-02-30", "yesterday", "11 April 2018", "2018-04-11T00:00:00"])
def test_what_is_no_day_is_malformed(store, day):
    with pytest.raises(Malformed, match="is no date"):
        answers.at(store, "47 U.S.C. § 230", day)


def test_today_is_the_coverage_day_of_the_code(store):
    assert answers.at(store, "47 U.S.C. § 230", "today")["date"] == answers.known_through(store)["curated"]


@pytest.mark.parametrize(
    "cite",
    ["230(e)(2)", "section 230(e)(2)", "47 USC 230(e)(2)", "/us/usc/t47/s230/e/2", iri.of("/us/usc/t47/s230/e/2")],
)
def test_a_designation_may_be_written_in_any_form(store, cite):
    assert answers.at(store, cite, "1997-11-12")["version"] == iri.of("/us/usc/t47/s230/e/2@1996-02-08")


@pytest.mark.parametrize("form", [str, iri.of])
def test_the_day_behind_an_address_is_the_day_that_is_meant(store, form):
    cite = form("/us/usc/t47/s230/e/2@1997-11-12")
    found = answers.at(store, cite, "today")
    assert (found["date"], found["version"]) == ("1997-11-12", iri.of("/us/usc/t47/s230/e/2@1996-02-08"))
    assert answers.translate(store, cite, "today")["now"]["cite"] == "47 U.S.C. § 230(f)(2)"


@pytest.mark.parametrize("form", [str, iri.of])
def test_a_provision_is_found_by_its_address_wherever_it_stands(store, form):
    cite = form("/provision/us/usc/t47/s230/e/2@1996-02-08")
    assert answers.at(store, cite, "1997-11-12")["cite"] == "47 U.S.C. § 230(e)(2)"
    assert answers.at(store, cite, "2020-01-01")["cite"] == "47 U.S.C. § 230(f)(2)"
    found = answers.translate(store, cite, "1997-11-12")
    assert (found["then"]["cite"], found["now"]["cite"]) == ("47 U.S.C. § 230(e)(2)", "47 U.S.C. § 230(f)(2)")


def test_a_provision_that_was_never_born_is_unknown(store):
    found = answers.at(store, "/provision/us/usc/t47/s230/e/2@1996-02-09", "2020-01-01")
    assert found["status"] == "unknown-citation"
    assert "No provision is known that began in 47 U.S.C. § 230(e)(2) on 1996-02-09" in found["message"]


def test_a_bill_without_a_congress_is_ambiguous_and_says_why(store):
    found = answers.at(store, "H.R. 1865", "2020-01-01")
    assert found["status"] == "ambiguous-citation"
    assert found["message"] == '"H.R. 1865" does not say of which Congress or title.'


@pytest.mark.parametrize(
    ("cite", "choices"),
    [
        ("47 U.S.C. §§ 223 and 231", ["47 U.S.C. § 223", "47 U.S.C. § 231"]),
        ("18 U.S.C. §§ 1591 and 1595", ["18 U.S.C. § 1591", "18 U.S.C. § 1595"]),
    ],
)
def test_several_sections_at_once_are_choices(store, cite, choices):
    found = answers.at(store, cite, "2020-01-01")
    assert (found["status"], [choice["cite"] for choice in found["choices"]]) == ("ambiguous-citation", choices)


def test_an_ambiguous_name_comes_with_its_choices(store):
    found = answers.trace(store, "the EARN IT Act of 2020")
    assert [choice["cite"] for choice in found["choices"]] == ["H.R. 8454, 116th Cong.", "S. 3398, 116th Cong."]


@pytest.mark.parametrize(
    ("cite", "words"),
    [
        ("47 U.S.C. § 9999", "no official text of title 47 is loaded, only the history of 4 of its sections"),
        ("5 U.S.C. § 552", "nothing of title 5 is loaded, so that it may well exist"),
        ("Pub. L. 115-164", "Pub. L. 115-164 is no section of the Code nor part of one."),
    ],
)
def test_an_unknown_section_says_what_is_loaded_of_its_title(store, cite, words):
    found = answers.at(store, cite, "2020-01-01")
    assert found["status"] == "unknown-citation"
    assert words in found["message"]


@pytest.mark.corpus
def test_an_unknown_section_of_a_loaded_title_is_not_among_its_sections(worded):
    found = answers.at(connect(worded), "47 U.S.C. § 232", "2020-01-01")
    assert "4 sections of title 47 are loaded, and it is not among them" in found["message"]
    assert "47 U.S.C. § 231" in found["near"]


@pytest.mark.corpus
def test_a_section_has_the_past_that_its_notes_tell(worded):
    store = connect(worded)
    assert answers.at(store, "47 U.S.C. § 201(b)", "1934-06-18")["status"] == "not-yet-enacted"
    found = answers.at(store, "47 U.S.C. § 201(b)", "2026-06-25")
    assert (found["status"], found["text_status"]) == ("ok", "official")


# --- what there is to say --------------------------------------------------------------------------------------------


def test_a_version_is_summarized_in_its_own_words(store):
    before = answers.at(store, "47 U.S.C. § 230(d)(1)", "1998-11-19")["summary"]
    after = answers.at(store, "47 U.S.C. § 230(e)(1)", "1998-11-20")["summary"]
    assert "harmful to minors" in after
    assert "harmful to minors" not in before
    assert answers.translate(store, "47 U.S.C. § 230(d)(1)", "1998-11-19")["then"]["summary"] == before


def test_an_exemption_says_from_whom_for_what_and_in_which_laws(store):
    (found,) = answers.at(store, "47 U.S.C. § 230(e)(1)", "2020-01-01")["exempts"]
    protections = ["(c)(1)", "(c)(2)(A)", "(c)(2)(B)"]
    assert found["from"] == [f"47 U.S.C. § 230{level}" for level in protections]
    assert {"47 U.S.C. § 223", "47 U.S.C. § 231"} <= set(found["laws"])
    assert "obscenity" in found["carves_out"]
    assert (found["law_types"], found["law_levels"]) == (["criminal"], ["federal"])
    assert found["laws"] == sorted(found["laws"])


def test_an_exemption_has_its_condition(store):
    (found,) = answers.at(store, "47 U.S.C. § 230(e)(5)(A)", "2020-01-01")["exempts"]
    assert found["condition"] == "the conduct violates 18 U.S.C. § 1591"
    assert found["laws"] == ["18 U.S.C. § 1595"]


def test_a_rule_on_state_law_is_no_exemption(store):
    found = answers.at(store, "47 U.S.C. § 230(e)(3)", "2020-01-01")
    assert (found["exempts"], found["status"]) == ([], "ok")


def test_laws_on_the_books_that_courts_stopped_are_shown_with_the_exemption(store):
    (found,) = answers.at(store, "47 U.S.C. § 230(e)(1)", "2020-01-01")["exempts"]
    held = {(holding["cite"], holding["date"]) for holding in found["enforceability"]}
    assert held == {
        ("47 U.S.C. § 223(a)(1)(B)", "1997-06-26"),
        ("47 U.S.C. § 223(d)", "1997-06-26"),
        ("47 U.S.C. § 231", "2004-06-29"),
        ("47 U.S.C. § 231", "2008-07-22"),
    }


@pytest.mark.parametrize(
    ("cite", "count"), [("47 U.S.C. § 231(a)", 2), ("47 U.S.C. § 223(d)(1)", 1), ("47 U.S.C. § 223(c)", 0)]
)
def test_a_holding_is_shown_with_what_it_concerns_and_its_parts(store, cite, count):
    assert len(answers.at(store, cite, "2020-01-01")["enforceability"]) == count


@pytest.mark.corpus
def test_the_graph_of_the_official_text_is_among_the_sources(worded):
    found = answers.at(connect(worded), "47 U.S.C. § 230(c)(1)", "2020-01-01")
    assert found["text_status"] == "official"
    assert found["sources"][0]["graph"] == iri.of("/graph/us-code/us/usc/t47/s230@2026-06-26")


def test_where_no_source_gives_the_words_the_change_that_hides_them_is_named(worded):
    found = answers.at(connect(worded), "47 U.S.C. § 223(h)", "1996-02-08")
    hidden = answers.at(connect(worded), "47 U.S.C. § 223(a)", "1990-01-01")
    assert (found["text_status"], found["text_stopped_by"]) == ("derived", None)
    assert (hidden["text_status"], hidden["text_stopped_by"]["law"]) == (
        "not-loaded",
        "Pub. L. 104-104, title V, § 502(1)",
    )


def test_without_official_text_the_sources_are_those_of_the_record(store):
    found = answers.at(store, "47 U.S.C. § 230(c)(1)", "2020-01-01")
    assert (found["text"], found["text_status"]) == (None, "not-loaded")
    assert {source["confidence"] for source in found["sources"]} == {"official"}


# --- trace -----------------------------------------------------------------------------------------------------------


def test_a_page_of_the_statutes_is_that_of_the_section_not_of_the_act(store):
    chain = answers.trace(store, "47 U.S.C. § 230(e)(1)")["chain"]
    assert [link["law"]["stat"] for link in chain] == ["110 Stat. 137", "112 Stat. 2681-739", "112 Stat. 2681-739"]


def test_what_changed_the_reach_and_not_the_words_stands_apart(store):
    found = answers.trace(store, "47 U.S.C. § 230(e)(2)")
    assert [link["effect"]["kind"] for link in found["chain"]] == ["addition", "renumbering"]
    assert [link["effect"]["kind"] for link in found["reach"]] == ["exception", "deeming"]


def test_no_record_of_a_bill_is_not_no_cosponsor(store):
    reach = answers.trace(store, "47 U.S.C. § 230(e)(2)")["reach"]
    assert reach[0]["bill"]["cite"] == "S. 1890, 114th Cong."
    assert reach[0]["cosponsors"] is None


def test_cosponsors_are_counted_without_the_withdrawn_and_by_party(store):
    found = answers.trace(store, "47 U.S.C. § 230(e)(5)")["chain"][0]["cosponsors"]
    assert found == {"count": 174, "withdrawn": 1, "original": 9, "by_party": {"D": 60, "R": 114}}


def test_pending_are_only_bills_of_the_sitting_congress_that_would_change_something(store):
    found = answers.trace(store, "47 U.S.C. § 230")["pending"]
    assert found
    assert all("/us/bill/119/" in bill["bill"] for bill in found)
    assert not {bill["stage"] for bill in found} & {"expired", "enacted", "vetoed"}
    kinds = {kind for bill in found for kind in bill["kind"].split(", ")}
    assert not kinds & {"borrow-definition", "refer", "related-duty", "save", "study"}


def test_a_repeal_of_the_whole_is_pending_for_each_part(store):
    bills = {bill["cite"]: bill["kind"] for bill in answers.trace(store, "47 U.S.C. § 230(c)(1)")["pending"]}
    assert bills["S. 3546, 119th Cong."] == "repeal"
    assert bills["H.R. 6746, 119th Cong."] == "sunset"


def test_a_law_that_has_passed_is_not_pending(store):
    assert "S. 146, 119th Cong." not in {bill["cite"] for bill in answers.trace(store, "47 U.S.C. § 223")["pending"]}


# --- timeline --------------------------------------------------------------------------------------------------------


def test_the_timeline_of_a_designation_has_all_that_stood_there(store):
    found = answers.life(store, "47 U.S.C. § 230(e)(2)")
    assert [(v["cite"], v["valid_from"], v["valid_to"]) for v in found["versions"]] == [
        ("47 U.S.C. § 230(d)(2)", "1996-02-08", "1998-11-20"),
        ("47 U.S.C. § 230(e)(2)", "1996-02-08", "1998-11-20"),
        ("47 U.S.C. § 230(e)(2)", "1998-11-20", None),
        ("47 U.S.C. § 230(f)(2)", "1998-11-20", None),
    ]
    assert [e["law"] for e in found["enactments"]] == [
        "Pub. L. 104-104, title V, § 509",
        "Pub. L. 105-277, div. C, title XIV, § 1404(a)(2)",
    ]


def test_the_timeline_of_the_section_has_three_versions(store):
    found = answers.life(store, "47 U.S.C. § 230")
    assert [v["valid_from"] for v in found["versions"]] == ["1996-02-08", "1998-11-20", "2018-04-11"]
    assert [v["begun_by"][-1] for v in found["versions"]][-1] == iri.of("/effect/pl-115-164-s4-a")


def test_the_timeline_of_a_provision_has_its_own_versions_alone(store):
    found = answers.life(store, "/provision/us/usc/t47/s230/d/2@1996-02-08")
    assert {v["provision"] for v in found["versions"]} == {iri.of("/provision/us/usc/t47/s230/d/2@1996-02-08")}


def test_pending_bills_stand_by_the_day_of_their_introduction(store):
    days = [bill["introduced"] for bill in answers.life(store, "47 U.S.C. § 230")["pending"]]
    assert days
    assert days == sorted(days)


def test_a_timeline_of_what_never_stood_is_empty(store):
    found = answers.life(store, "47 U.S.C. § 230(z)(9)")
    assert (found["status"], found["versions"], found["enactments"]) == ("unknown-citation", [], [])


# --- cite ------------------------------------------------------------------------------------------------------------


def test_citations_of_a_text_are_held_against_the_graph(store):
    text = "FOSTA (Pub. L. 115-164) added 47 U.S.C. § 230(e)(5) but no 47 U.S.C. § 9999; see 129 F.3d 327."
    found = answers.cited(store, text)
    assert found["status"] == "ok"
    assert all(text[m["start"] : m["end"]] == m["text"] for m in found["mentions"])
    assert [(m["normalized"], m["known"], m["label"]) for m in found["mentions"][1:]] == [
        ("Pub. L. 115-164", True, "Pub. L. 115-164"),
        ("47 U.S.C. § 230(e)(5)", True, "47 U.S.C. § 230(e)(5)"),
        ("47 U.S.C. § 9999", False, None),
        ("129 F.3d 327", False, None),
    ]


def test_a_text_without_a_citation_says_so(store):
    found = answers.cited(store, "Cats sleep.")
    assert (found["status"], found["mentions"]) == ("unknown-citation", [])


def test_citations_come_as_items_for_reference_managers_each_once(store):
    found = answers.csl(store, "FOSTA, Pub. L. 115-164; H.R. 1865 (115th Cong.); 47 U.S.C. § 230(e)(5).")
    assert [(item["id"], item["type"]) for item in found] == [
        ("/us/pl/115/164", "legislation"),
        ("/us/bill/115/hr/1865", "bill"),
        ("/us/usc/t47/s230/e/5", "legislation"),
    ]
    assert found[0]["issued"] == {"date-parts": [[2018, 4, 11]]}
