"""How far a measure got, read from its actions.

Bills die with their Congress: a measure that is no law when its Congress is over is ``expired`` (TIME, rule 15), and how
far it had come is kept beside that.

>>> from graph.records import Action, Bill
>>> bill = Bill(115, "s", 1693, "", "2017-08-01", actions=(Action("2018-01-10", "Committee on Commerce. Reported by Senator Thune"),))
>>> furthest(bill), stage(bill, "2018-03-21"), stage(bill, "2026-06-26")
('reported', 'reported', 'expired')
"""

from __future__ import annotations

import re

from graph import iri
from graph.records import Bill, Day

STAGES = (
    "introduced", "reported", "passed-house", "passed-senate", "passed-both", "presented", "vetoed", "agreed-to", "enacted",
)  # fmt: skip
"""Stages from first to last; ``expired`` is what remains of the others when the Congress is over."""

_PASSED_HOUSE = re.compile(r"passed/agreed to in house|passed house|on passage passed|on agreeing to the resolution.*agreed to", re.I)
_PASSED_SENATE = re.compile(r"passed/agreed to in senate|passed senate|resolution agreed to in senate", re.I)
_REPORTED = re.compile(r"\breported\b|placed on (the )?(senate legislative|union|house) calendar", re.I)
_NOT_REPORTED = re.compile(r"ordered to be reported|rules committee resolution .* reported", re.I)


def furthest(bill: Bill) -> str:
    """The last stage that the measure reached, one of `STAGES`."""
    texts = [action.text for action in bill.actions]
    if bill.laws or any(re.match(r"became (public|private) law", text, re.I) for text in texts):
        return "enacted"
    house = any(_PASSED_HOUSE.search(text) for text in texts)
    senate = any(_PASSED_SENATE.search(text) for text in texts)
    if any(re.search(r"^vetoed by president", text, re.I) for text in texts):
        return "vetoed"
    if any(re.search(r"^presented to president", text, re.I) for text in texts):
        return "presented"
    if (house and bill.type == "hres") or (senate and bill.type == "sres"):
        return "agreed-to"
    if house and senate:
        return "passed-both"
    if house or senate:
        return "passed-house" if house else "passed-senate"
    reported = any(_REPORTED.search(text) and not _NOT_REPORTED.search(text) for text in texts)
    return "reported" if reported else "introduced"


def stage(bill: Bill, today: Day) -> str:
    """The stage on the day `today`: that reached, or ``expired`` once the Congress is over without an enactment."""
    reached = furthest(bill)
    over = today >= iri.congress_ends(bill.congress)
    return "expired" if over and reached not in ("enacted", "agreed-to") else reached
