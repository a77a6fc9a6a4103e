"""What the records of bills have in common: where the Congressional Record has a step, which reports were made."""

from __future__ import annotations

import pytest

from graph.records import Action
from ingest.measures import conference_reports, record_pages, reports_in

STEPS = [
    ("2018-03-14", "Motion to proceed made in Senate. (CR S1731)", ["164 Cong. Rec. S1731"]),
    (
        "2018-02-27",
        "Considered under a rule. (consideration: CR H1290-1305; text of amendment: CR H1301)",
        ["164 Cong. Rec. H1290-1305", "164 Cong. Rec. H1301"],
    ),
    (
        "2018-02-27",
        "Considered. (consideration: CR H1-2, H5; text: CR H1)",
        ["164 Cong. Rec. H1-2", "164 Cong. Rec. H5", "164 Cong. Rec. H1"],
    ),
    (
        "2018-06-01",
        "Considered. (consideration: CR H1973-1974; H2001-2004)",
        ["164 Cong. Rec. H1973-1974", "164 Cong. Rec. H2001-2004"],
    ),
    ("1996-02-01", "Remarks. (CR E177)", ["142 Cong. Rec. E177"]),
    # The file turns the range round: only the page that it begins with is taken.
    (
        "2025-04-28",
        "Considered under suspension of the rules. (consideration: CR H1644-1643: 1)",
        ["171 Cong. Rec. H1644"],
    ),
    # An issue of another day says which.
    ("2017-12-19", "Passed. (text: CR 12/18/2017 H10161)", ["163 Cong. Rec. H10161"]),
    ("2018-01-04", "Passed. (text: CR 12/18/17 H10161)", ["163 Cong. Rec. H10161"]),
    ("1995-08-03", "Considered. (consideration: 8/2/95 CR H8281-8295)", ["141 Cong. Rec. H8281-8295"]),
    # The session, and with it the volume, may be that of the old year.
    ("2018-01-03", "Considered by Senate. (CR S6)", []),
    ("2018-01-04", "Considered by Senate. (CR S6)", ["164 Cong. Rec. S6"]),
    ("2018-01-10", "Reported by the Committee on CR matters.", []),
    ("2018-01-10", "MCR S17", []),
]


@pytest.mark.parametrize(("day", "words", "pages"), STEPS, ids=[words for _, words, _ in STEPS])
def test_the_words_of_a_step_say_where_the_record_has_it(day: str, words: str, pages: list[str]) -> None:
    assert list(record_pages(Action(day, words))) == pages


def test_a_conference_report_is_a_report_too_and_one_that_is_debated_is_not_made_again() -> None:
    steps = [
        Action("1998-07-24", "The Committee reported an original measure, H. Rept. 105-648, by Mr. Doe."),
        Action("1998-10-19", "Conference report H. Rept. 105-825 filed."),
        Action("1998-10-20", "Mr. Roe brought up conference report H. Rept. 105-825 for consideration."),
    ]
    assert reports_in(steps) == ("H. Rept. 105-648", "H. Rept. 105-825")
    assert conference_reports(steps) == ("H. Rept. 105-825",)
