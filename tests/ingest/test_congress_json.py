from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Bill, Rejected
from ingest import billstatus, congress_api, congress_json, rollcall
from tests.ingest.damage import NOT_DOCUMENTS, damaged_bytes, damaged_json

BILLS = Path(__file__).parent.parent / "data" / "bills"
THOMAS = (BILLS / "data-thomas.json").read_bytes()
LATER = (BILLS / "data-later.json").read_bytes()
ABRIDGED = (BILLS / "data-abridged.json").read_bytes()


def read(raw: bytes) -> Bill:
    (bill,) = congress_json.read(io.BytesIO(raw))
    assert isinstance(bill, Bill), bill
    return bill


def test_a_record_made_from_thomas_is_read_whole():
    bill = read(THOMAS)
    assert (bill.congress, bill.type, bill.number, bill.introduced) == (104, "hr", 99, "1995-05-03")
    assert (bill.updated, bill.origin_chamber, bill.laws) == ("2013-07-14", "House", ("104-900",))
    assert bill.address == "https://www.congress.gov/bill/104th-congress/house-bill/99"
    assert bill.committees == ("hsif00", "hsif01")
    assert bill.reports == ("H. Rept. 104-204",)
    assert (bill.policy_area, bill.subjects) == ("Kites, Toys and Games", ("String", "Wind"))
    assert bill.latest_action == bill.actions[-1]


def test_where_the_congressional_record_has_an_action_stands_in_its_words():
    assert [step.text for step in read(THOMAS).actions if " CR " in step.text] == [
        "On passage Passed by the Yeas and Nays: 305 - 117 (Roll No. 635). (consideration: 8/3/95 CR H9001-9003, H9010)"
    ]


def test_members_known_by_thomas_ids_say_so():
    bill = read(THOMAS)
    assert [(one.bioguide, one.name, one.state) for one in bill.sponsors] == [("thomas:90242", "Rep. Ash, Ann", "WY")]
    assert [(one.bioguide, one.withdrawn, one.original) for one in bill.cosponsors or ()] == [
        ("thomas:91247", None, True),
        ("thomas:90748", "1995-08-01", False),
    ]


def test_a_short_title_for_portions_is_not_the_title_of_the_bill():
    assert read(THOMAS).title == "Kites bill"


def test_roll_calls_are_read_in_the_actions():
    house, senate = read(THOMAS).votes
    assert (house.roll, house.session, house.year, house.yea, house.nay) == (635, "1", "1995", 305, 117)
    assert (senate.roll, senate.session, senate.year, senate.yea, senate.nay) == (8, "2", "1996", 91, 5)


def test_related_bills_are_those_the_record_names_and_not_its_search_for_numbers():
    related = {(one.type, one.number): one.relations for one in read(THOMAS).related}
    assert related == {("hres", 207): ("rule",), ("s", 652): ("related", "unknown")}


def test_a_later_record_has_bioguide_ids_and_display_titles():
    bill = read(LATER)
    assert bill.title == "KITE–IT Act"
    assert [one.bioguide for one in bill.sponsors] == ["A900001"]
    assert [(one.name, one.district, one.original) for one in bill.cosponsors or ()] == [("Del. Raúl, Bob", "0", False)]
    assert bill.reports == ("H. Rept. 118-900",)
    assert [(action.codes, action.committees) for action in bill.actions] == [
        (("Intro-H",), ()),
        (("H11100",), ("hsif00", "hsju00")),
        (("H30000",), ()),
        (("H30000",), ()),
    ]


def test_a_record_that_says_it_is_abridged_keeps_that_and_does_not_count_what_was_left_out():
    bill = read(ABRIDGED)
    assert bill.abridged == ("cosponsors", "most actions: 1 of 9 kept")
    assert (bill.cosponsors, bill.sponsors) == (None, ())
    assert read(LATER).abridged == ()


@given(st.text(alphabet=st.characters(codec="cp1252")))
def test_text_damaged_in_the_known_way_is_mended(text):
    damaged = text.encode().decode("latin-1")
    assert congress_json.mended(damaged) in (text, congress_json.mended(text))


@pytest.mark.parametrize("text", ["Nydia Velázquez", "Peña – “a” ’", "naïve 数 text", "", "plain"])
def test_text_that_is_right_stays(text):
    assert congress_json.mended(text) == text


@pytest.mark.parametrize("raw", NOT_DOCUMENTS, ids=lambda raw: repr(raw[:12]))
def test_what_is_no_record_is_rejected_with_one_line(raw):
    read_ones = list(congress_json.read(io.BytesIO(raw)))
    assert read_ones
    assert all(isinstance(one, Rejected) and one.reason and "\n" not in one.reason for one in read_ones)


WRONG = [
    b'{"bill_id": 7}',
    b'{"bill_id": "hx7-104"}',
    b'{"bill_id": "hr7-104", "actions": "none"}',
    b'{"bill_id": "hr7-104", "actions": [7]}',
    b'{"bill_id": "hr7-104", "actions": [{"text": "A step"}]}',
    b'{"bill_id": "hr7-104", "introduced_at": "May 3"}',
    b'{"bill_id": "hr7-104", "sponsor": ["a"]}',
    b'{"bill_id": "hr7-104", "official_title": "\\ud800"}',
]


@pytest.mark.parametrize("raw", WRONG)
def test_a_wrong_type_inside_is_rejected_naming_it(raw):
    (rejected,) = congress_json.read(io.BytesIO(raw))
    assert isinstance(rejected, Rejected)


@given(damaged_json(THOMAS) | damaged_json(LATER) | damaged_bytes(LATER))
def test_damage_raises_nothing(raw):
    assert all(isinstance(one, Bill | Rejected) for one in congress_json.read(io.BytesIO(raw)))


def test_the_format_is_told_by_what_is_in_the_file():
    assert all(map(congress_json.recognises, (THOMAS, THOMAS[:200], LATER[:200], ABRIDGED)))
    others = [
        (BILLS / name).read_bytes() for name in ("api.json", "api.jsonl", "rollcall-house.json", "billstatus-old.xml")
    ]
    assert not any(map(congress_json.recognises, [*others, b"", b"{}", b'["bill_id"]']))
    assert not any(other.recognises(LATER) for other in (billstatus, congress_api, rollcall))


# --- official files --------------------------------------------------------------------------------------------------


@pytest.mark.corpus
def test_every_official_record_is_read(corpus):
    paths = list((corpus / "section230-bills").rglob("*data.json"))
    assert len(paths) == 37
    bills = {path.name: read(path.read_bytes()) for path in paths if congress_json.recognises(path.read_bytes()[:8192])}
    assert len(bills) == 37
    assert bills["104-hr1978-data.json"].sponsors[0].bioguide == "thomas:00242"
    assert bills["105-hr4328-data.json"].laws == ("105-277",)
    assert bills["s652-104.data.json"].laws == ("104-104",)
    assert bills["s652-104.data.json"].abridged
    assert bills["118-hr573-data.json"].title.startswith("CASE–IT Act")
    assert not any("Ã" in one.name for bill in bills.values() for one in bill.cosponsors or ())
