from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Bill, Rejected
from ingest import billstatus, congress_api, congress_json, rollcall
from tests.ingest.damage import NOT_DOCUMENTS, damaged_bytes, damaged_json

BILLS = Path(__file__).parent.parent / "data" / "bills"
OBJECT = (BILLS / "api.json").read_bytes()
LINES = (BILLS / "api.jsonl").read_bytes()


def read(raw: bytes) -> Bill:
    (bill,) = congress_api.read(io.BytesIO(raw))
    assert isinstance(bill, Bill), bill
    return bill


def test_a_record_is_read_whole():
    bill = read(OBJECT)
    assert (bill.congress, bill.type, bill.number, bill.title) == (119, "s", 46, "Kite Act")
    assert (bill.introduced, bill.updated, bill.origin_chamber) == ("2025-01-16", "2025-10-07", "Senate")
    assert bill.address == "https://www.congress.gov/bill/119th-congress/senate-bill/46"
    assert (bill.policy_area, bill.subjects) == ("Kites", ("String",))
    assert [one.bioguide for one in bill.sponsors] == ["A900001", "E900005"]
    assert [(one.type, one.number, one.relations) for one in bill.related] == [("hr", 33, ("Identical bill",))]
    assert [title.text for title in bill.titles if title.portion] == ["Red Kite Act"]
    assert bill.laws == ("119-900",)


def test_lists_of_one_that_collapsed_are_lists():
    bill = read(OBJECT)
    assert bill.committees == ("sscm00", "sscm01", "sscm02", "ssju00", "ssju03")
    assert bill.actions[1].committees == ("sscm00",)


def test_the_last_action_is_taken_from_the_actions():
    bill = read(OBJECT)
    assert bill.latest_action is not None
    assert (bill.latest_action.day, bill.latest_action.text) == ("2025-05-19", "Became Public Law No: 119-900.")


def test_without_actions_the_stated_one_is_the_last():
    first = next(congress_api.read(io.BytesIO(LINES)))
    assert isinstance(first, Bill)
    assert first.latest_action is not None
    assert (first.actions, first.latest_action.text) == ((), "Submitted in House")


def test_a_member_who_withdrew_and_came_back_is_there_twice():
    bill = read(OBJECT)
    assert [(one.joined, one.withdrawn) for one in bill.cosponsors or ()] == [
        ("2025-02-01", "2025-02-11"),
        ("2025-03-01", None),
    ]


def test_roll_calls_carry_the_votes_of_the_members():
    senate, house = read(OBJECT).votes
    assert (house.day, house.yea, house.nay, house.present, house.not_voting) == ("2025-04-28", 409, 2, 0, 22)
    assert (house.question, house.result) == ("On Motion to Suspend the Rules and Pass", "Passed")
    assert [(one.member, one.vote) for one in house.positions] == [("B900002", "Yea")]
    assert (senate.day, senate.yea, senate.nay, senate.present, senate.not_voting) == ("2025-02-13", 51, 50, 0, 0)
    assert (senate.result, senate.question) == ("Bill Passed", "On Passage of the Bill S. 46")


def test_the_vice_president_breaks_a_tie_and_is_counted():
    senate = read(OBJECT).votes[0]
    assert (senate.yea, senate.nay) == (51, 50)
    assert [(one.member, one.vote) for one in senate.positions] == [("S999", "Nay"), ("VP", "Yea")]


def test_a_broken_line_is_rejected_by_its_number_and_the_rest_is_read():
    read_ones = list(congress_api.read(io.BytesIO(LINES)))
    assert [one.number if isinstance(one, Bill) else one.where for one in read_ones] == [1, "line 2", "line 4", 5]


@given(
    st.lists(
        st.sampled_from([b'{"bill": {"bill": {"congress": 119, "type": "S", "number": "7"}}}', b"{", b""]), min_size=2
    )
)
def test_each_line_stands_for_itself(lines):
    raw = b"\n".join([b'{"bill": {}}', *lines])
    got = [one.where if isinstance(one, Rejected) else "read" for one in congress_api.read(io.BytesIO(raw))]
    expected = ["read" if b"119" in line else f"line {n}" for n, line in enumerate(lines, 2) if line]
    assert got == ["line 1", *expected]


@pytest.mark.parametrize("raw", NOT_DOCUMENTS, ids=lambda raw: repr(raw[:12]))
def test_what_is_no_record_is_rejected_with_one_line(raw):
    read_ones = list(congress_api.read(io.BytesIO(raw)))
    assert read_ones
    assert all(isinstance(one, Rejected) and one.reason and "\n" not in one.reason for one in read_ones)


@given(damaged_json(OBJECT) | damaged_bytes(OBJECT) | damaged_bytes(LINES))
def test_damage_raises_nothing(raw):
    assert all(isinstance(one, Bill | Rejected) for one in congress_api.read(io.BytesIO(raw)))


def test_the_format_is_told_by_what_is_in_the_file():
    assert all(map(congress_api.recognises, (OBJECT, LINES, b"\xef\xbb\xbf" + LINES)))
    others = [(BILLS / name).read_bytes() for name in ("data-later.json", "rollcall-house.json", "billstatus-old.xml")]
    assert not any(map(congress_api.recognises, [*others, b"", b"{}", b'{"bill": {"congress": 104}}']))
    assert not any(other.recognises(OBJECT) for other in (billstatus, congress_json, rollcall))


# --- official files --------------------------------------------------------------------------------------------------


@pytest.mark.corpus
def test_every_object_of_the_119th_congress_is_read(corpus):
    bills = {path.stem: read(path.read_bytes()) for path in (corpus / "section230-bills/119").glob("*.json")}
    assert len(bills) == 34
    assert bills["119s146"].laws == ("119-12",)
    assert (bills["119s3546"].laws, bills["119hr6746"].laws) == ((), ())
    assert [(vote.roll, vote.yea, vote.nay) for vote in bills["119s146"].votes] == [(104, 409, 2)]


@pytest.mark.corpus
def test_a_sample_of_the_119th_congress_is_read(corpus):
    with gzip.open(corpus / "bulk/congress119-bills.jsonl.gz") as stream:
        lines = [stream.readline() for _ in range(400)]
    bills = list(congress_api.read(io.BytesIO(b"".join(lines))))
    assert len(bills) == 400
    assert all(isinstance(bill, Bill) and bill.congress == 119 for bill in bills)


@pytest.mark.corpus
def test_the_whole_119th_congress_is_read(corpus):
    count = laws = votes = 0
    with gzip.open(corpus / "bulk/congress119-bills.jsonl.gz") as stream:
        for bill in congress_api.read(stream):
            assert isinstance(bill, Bill), bill
            count, laws = count + 1, laws + len(bill.laws)
            votes += sum(vote.yea is not None for vote in bill.votes)
    assert (count, votes) == (16_310, 677)
    assert laws == 91
