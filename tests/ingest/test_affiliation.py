"""The party of a sponsor is read where a record tells it for that day, and left unknown where none does."""

from __future__ import annotations

import pytest

from graph.records import Bill, Person, Position, Source, Sponsorship, Term, Vote
from ingest import affiliation

ENTRY = Source("legislators", "D000001")
ROLL = Source("roll-calls", "h1-104.1995")
LATER = Source("roll-calls", "h9-104.1996")
TERMS = (
    Term("rep", "1995-01-03", "1995-04-10", "GA", "9", "Democrat"),
    Term("rep", "1995-04-10", "1997-01-03", "GA", "9", "Republican"),
)
MEMBER = Person("D000001", "Ann", "Doe", "Ann Doe", terms=TERMS)


def sponsor(joined: str | None, bioguide: str = "D000001", party: str = "") -> Sponsorship:
    return Sponsorship(bioguide, "Rep. Doe, Ann", party, "GA", "9", joined)


def roll_call(party: str, congress: int = 104) -> Vote:
    positions = (Position("D000001", "Doe", party, "GA", "yea"),)
    return Vote("House", congress, "1", "1995", 1, "1995-08-04", positions=positions)


@pytest.mark.parametrize(
    ("joined", "party"), [("1995-04-09", "D"), ("1995-04-10", "R"), ("1997-01-03", None), ("1994-12-31", None)]
)
def test_terms_tell_the_party_of_the_day(joined: str, party: str | None) -> None:
    read = affiliation.party(sponsor(joined), 104, affiliation.by_member([(ENTRY, MEMBER)]), {})
    assert (read and read.party) == party
    assert read is None or read.source == ENTRY


def test_a_list_of_last_terms_tells_nothing_of_an_earlier_day() -> None:
    last = MEMBER._replace(terms=(Term("rep", "", None, "GA", "9", "Republican"),), terms_complete=False)
    assert affiliation.party(sponsor("1995-05-01"), 104, affiliation.by_member([(ENTRY, last)]), {}) is None


def test_another_record_of_the_same_congress_tells_it_if_none_disagrees() -> None:
    one = affiliation.seen([(ROLL, roll_call("R"))])
    assert affiliation.party(sponsor("1995-05-01"), 104, {}, one) == affiliation.Read("R", ROLL)
    assert affiliation.party(sponsor("1997-05-01"), 105, {}, one) is None, "another Congress"
    switched = affiliation.seen([(ROLL, roll_call("D")), (LATER, roll_call("R"))])
    assert affiliation.party(sponsor("1995-05-01"), 104, {}, switched) is None, "a switch whose day is not known"


def test_only_what_a_record_lacks_is_read_elsewhere_and_the_document_is_named() -> None:
    silent, told = sponsor("1995-05-01"), sponsor("1995-05-01", "E000001", "I")
    bill = Bill(104, "hr", 1, "", "1995-05-01", sponsors=(silent,), cosponsors=(told,))
    completed, used = affiliation.completed(bill, affiliation.by_member([(ENTRY, MEMBER)]), {})
    assert completed.sponsors == (silent._replace(party="R", party_from="D000001"),)
    assert completed.cosponsors == (told,)
    assert used == [ENTRY]
    unknown, _ = affiliation.completed(bill._replace(cosponsors=None), {}, {})
    assert unknown.cosponsors is None and unknown.sponsors == (silent,)
