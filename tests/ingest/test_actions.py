from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Action
from ingest import actions
from ingest.actions import Entry

BILLS = Path(__file__).parent.parent / "data" / "bills"


def rows(name: str) -> list[dict[str, str]]:
    with (BILLS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def entry(row: dict[str, str], which: str) -> Entry:
    time, text, *lists = (row[f"{which}_{part}"] for part in ("time", "text", "code", "system", "committee"))
    codes, systems, committees = ((part,) if part else () for part in lists)
    return Entry("2018-03-21", time, text, "", codes, systems, committees)


@pytest.mark.parametrize("row", rows("steps.csv"), ids=lambda row: row["why"])
@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_entries_of_one_step_are_merged_and_different_steps_of_a_day_are_not(row, order):
    steps = actions.merged(entry(row, which) for which in order)
    assert len(steps) == (1 if row["same"] == "yes" else 2)
    for part in ("code", "system", "committee"):
        given_ones = {row[f"{which}_{part}"] for which in order} - {""}
        kept = {value for step in steps for value in getattr(step, f"{part}s")}
        assert kept == given_ones


def test_the_heading_of_the_library_is_kept_because_it_says_what_the_step_amounts_to():
    row = rows("steps.csv")[0]
    (step,) = actions.merged([entry(row, "second"), entry(row, "first")])
    assert step.text.startswith("Passed/agreed to in Senate: ")


def test_steps_of_different_days_are_never_merged():
    assert len(actions.merged(Entry(day, "", "Considered by Senate.", "") for day in ("2021-05-24", "2021-05-25"))) == 2


def test_an_entry_without_words_is_left_out():
    assert actions.merged([Entry("2015-06-18", "", "", "IntroReferral", ("Intro-H",))]) == ()


ENTRIES = st.lists(
    st.builds(
        Entry,
        day=st.sampled_from(["2018-01-01", "2018-01-02"]),
        time=st.sampled_from(["", "10:00:00", "11:00:00"]),
        text=st.sampled_from(["A.", "A. (text: CR S1)", "To conference: A.", "B 1 - 0 (Roll no. 2).", ""]),
        kind=st.just("Floor"),
        codes=st.sampled_from([(), ("H1",), ("17000",)]),
        systems=st.sampled_from([(), ("Senate",), ("Library of Congress",)]),
        committees=st.sampled_from([(), ("hsif00",), ("hsju00",)]),
    )
)


@given(ENTRIES)
def test_merging_loses_no_code_system_or_committee_and_sorts_by_day(entries):
    steps = actions.merged(entries)
    for part in ("codes", "systems", "committees"):
        before = {(e.day, value) for e in entries if e.text for value in getattr(e, part)}
        assert before == {(step.day, value) for step in steps for value in getattr(step, part)}
    assert [step.day for step in steps] == sorted(step.day for step in steps)


@given(ENTRIES)
def test_listing_every_entry_once_more_changes_nothing(entries):
    assert set(actions.merged(entries + entries)) == set(actions.merged(entries))


@pytest.mark.parametrize("row", rows("votes.csv"), ids=lambda row: row["text"][:60])
def test_a_roll_call_is_read_in_the_words_of_an_action(row):
    vote = actions.vote_in((115, "hr", 77), Action("2018-02-27", row["text"]))
    if not row["roll"]:
        assert vote is None
        return
    assert vote is not None
    present = int(row["present"]) if row["present"] else None
    said = (vote.chamber, vote.roll, vote.yea, vote.nay, vote.present, vote.question, vote.result, vote.amendment)
    expected = (row["chamber"], *(int(row[key]) for key in ("roll", "yea", "nay")), present)
    assert said == (*expected, row["question"], row["result"], row["amendment"])


def test_the_session_is_that_of_the_congress_though_it_may_meet_on_new_years_day():
    vote = actions.vote_in((112, "hr", 8), Action("2013-01-01", "Passed by recorded vote: 257 - 167 (Roll no. 659)."))
    assert vote is not None
    assert (vote.session, vote.year, vote.address) == ("2", "2012", "https://clerk.house.gov/evs/2012/roll659.xml")


def test_a_roll_call_that_is_pointed_at_and_counted_is_one_vote():
    pointed_at = actions.pointer("House", "115", "2", "91", "2018-02-28T01:30:15Z")
    passage = Action("2018-02-27", "On passage Passed by recorded vote: 388 - 25 (Roll no. 91).")
    (vote,) = actions.votes((115, "hr", 77), [passage, passage], [pointed_at, pointed_at])
    assert (vote.day, vote.yea, vote.nay, vote.question, vote.bill) == (
        "2018-02-27", 388, 25, "On passage", (115, "hr", 77),
    )  # fmt: skip


def test_a_private_law_is_not_the_public_law_of_that_number():
    assert actions.laws([], [Action("2018-01-29", "Became Private Law No: 115-1.")]) == ((), ("115-1",))


@pytest.mark.parametrize("text", ["<a" * 200_000, "." * 200_000, "(" * 200_000, "On agreeing to the " * 20_000])
def test_an_endless_text_takes_no_endless_time(text):
    (step,) = actions.merged([Entry("2018-01-01", "", f"{actions.words(text)} 1 - 0 (Roll no. 2).", "")])
    assert actions.vote_in((115, "hr", 77), step) is not None
