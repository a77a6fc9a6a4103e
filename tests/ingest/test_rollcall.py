from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given

from graph.records import Rejected, Vote
from ingest import billstatus, congress_api, congress_json, rollcall
from tests.ingest.damage import NOT_DOCUMENTS, damaged_bytes, damaged_json

BILLS = Path(__file__).parent.parent / "data" / "bills"
HOUSE = (BILLS / "rollcall-house.json").read_bytes()
SENATE = (BILLS / "rollcall-senate.json").read_bytes()


def read(raw: bytes) -> Vote:
    (vote,) = rollcall.read(io.BytesIO(raw))
    assert isinstance(vote, Vote), vote
    return vote


def test_a_house_roll_call_is_read_whole():
    vote = read(HOUSE)
    assert (vote.chamber, vote.congress, vote.session, vote.year, vote.roll) == ("House", 115, "2", "2018", 90)
    assert (vote.yea, vote.nay, vote.present, vote.not_voting) == (2, 1, 1, 0)
    assert (vote.bill, vote.amendment, vote.result) == ((115, "hr", 77), "No. 2, Elm of Maine amendment", "Agreed to")
    assert vote.question == "On Agreeing to the Amendment: Amendment 2 to H R 77"
    assert vote.address == "https://clerk.house.gov/evs/2018/roll090.xml"
    assert {one.member: one.vote for one in vote.positions} == {
        "A900001": "Aye", "B900002": "Aye", "C900003": "No", "E900005": "Present",
    }  # fmt: skip


def test_the_day_is_that_of_washington():
    assert read(HOUSE).day == "2018-02-27"
    assert read(HOUSE.replace(b"2018-02-27T23:46:00-05:00", b"2018-02-28T04:46:00Z")).day == "2018-02-27"


def test_senators_are_known_by_their_lis_ids_and_the_vice_president_breaks_a_tie():
    vote = read(SENATE)
    assert (vote.chamber, vote.session, vote.day, vote.amendment) == ("Senate", "1", "2021-08-11", "S.Amdt. 2213")
    assert (vote.yea, vote.nay, vote.present, vote.not_voting) == (2, 1, 0, 1)
    assert [one.member for one in vote.positions] == ["S999", "S998", "S997", "VP"]
    assert vote.address.endswith("/vote1171/vote_117_1_00357.xml")


def test_an_election_has_neither_yea_nor_nay():
    vote = read(HOUSE.replace(b'"Aye"', b'"Ash"').replace(b'"No"', b'"Elm"'))
    assert (vote.yea, vote.nay, vote.present) == (None, None, 1)
    assert {one.vote for one in vote.positions} == {"Ash", "Elm", "Present"}


def test_a_roll_call_on_no_bill_has_none():
    raw = HOUSE.replace(b'"bill": {"congress": 115, "number": 77, "type": "hr"},', b"")
    assert read(raw).bill is None


WRONG = {
    "no number": HOUSE.replace(b'"number": 90', b'"number": null'),
    "a chamber of neither house": HOUSE.replace(b'"chamber": "h"', b'"chamber": "x"'),
    "a session of another congress": HOUSE.replace(b'"session": "2018"', b'"session": "2005"'),
    "no date": HOUSE.replace(b"2018-02-27T23:46:00-05:00", b""),
    "members as text": HOUSE.replace(b'"Not Voting": []', b'"Not Voting": ["Birch"]'),
    "an impossible bill": HOUSE.replace(b'"type": "hr"', b'"type": "treaty"'),
}


@pytest.mark.parametrize("raw", WRONG.values(), ids=WRONG)
def test_a_roll_call_that_cannot_be_is_rejected_with_one_line(raw):
    (rejected,) = rollcall.read(io.BytesIO(raw))
    assert isinstance(rejected, Rejected)
    assert rejected.reason and "\n" not in rejected.reason


@pytest.mark.parametrize("raw", NOT_DOCUMENTS, ids=lambda raw: repr(raw[:12]))
def test_what_is_no_record_is_rejected_with_one_line(raw):
    read_ones = list(rollcall.read(io.BytesIO(raw)))
    assert read_ones
    assert all(isinstance(one, Rejected) and one.reason and "\n" not in one.reason for one in read_ones)


@given(damaged_json(HOUSE) | damaged_json(SENATE) | damaged_bytes(HOUSE))
def test_damage_raises_nothing(raw):
    assert all(isinstance(one, Vote | Rejected) for one in rollcall.read(io.BytesIO(raw)))


def test_the_format_is_told_by_what_is_in_the_file():
    assert all(map(rollcall.recognises, (HOUSE, SENATE)))
    others = [
        (BILLS / name).read_bytes() for name in ("data-later.json", "api.json", "api.jsonl", "billstatus-old.xml")
    ]
    assert not any(map(rollcall.recognises, [*others, b"", b"{}"]))
    assert not any(other.recognises(HOUSE) for other in (billstatus, congress_api, congress_json))


# --- official files --------------------------------------------------------------------------------------------------


@pytest.mark.corpus
def test_the_roll_calls_of_the_record_are_read(corpus):
    votes = {path.stem: read(path.read_bytes()) for path in (corpus / "section230-bills/votes").glob("*.json")}
    assert len(votes) == 14
    counts = {name: (vote.day, vote.yea, vote.nay) for name, vote in votes.items()}
    assert counts["104-votes-1995-h631"] == ("1995-08-04", 420, 4)
    assert counts["115-votes-2018-h91"] == ("2018-02-27", 388, 25)
    assert counts["115-votes-2018-s60"] == ("2018-03-21", 97, 2)
    assert votes["104-votes-1995-h631"].bill == (104, "hr", 1555)
    assert "Cox of California" in votes["104-votes-1995-h631"].amendment
    assert all(one.member.startswith("S") for one in votes["115-votes-2018-s60"].positions)


@pytest.mark.corpus
def test_a_roll_call_has_the_key_address_and_count_that_the_record_of_the_bill_gives_it(corpus):
    folder = corpus / "section230-bills"
    (bill,) = billstatus.read(io.BytesIO((folder / "115/BILLSTATUS-115hr1865.xml").read_bytes()))
    assert not isinstance(bill, Rejected)
    for name, roll in (("h91", 91), ("s57", 57), ("s60", 60)):
        called = read((folder / f"votes/115-votes-2018-{name}.json").read_bytes())
        on_bill = next(vote for vote in bill.votes if vote.roll == roll)
        for field in ("chamber", "congress", "session", "year", "roll", "day", "yea", "nay", "bill", "address"):
            assert getattr(called, field) == getattr(on_bill, field), (name, field)
