"""How far a measure got, read from its actions.

Bills die with their Congress: a measure that is no law when its Congress is over is ``expired`` (TIME, rule 15), and
how far it had come is kept beside that.

>>> from graph.records import Action, Bill
>>> step = Action("2018-01-10", "Committee on Commerce. Reported by Senator Thune")
>>> bill = Bill(115, "s", 1693, "", "2017-08-01", actions=(step,))
>>> furthest(bill), stage(bill, "2018-03-21"), stage(bill, "2026-06-26")
('reported', 'reported', 'expired')
"""

from __future__ import annotations

import re

from graph import iri
from graph.records import Bill, Day

STAGES = (
    "introduced", "reported", "passed-house", "passed-senate", "passed-both", "presented", "vetoed", "agreed-to",
    "enacted",
)  # fmt: skip
"""Stages from first to last; ``expired`` is what remains of the others when the Congress is over."""

SIMPLE, CONCURRENT = ("hres", "sres"), ("hconres", "sconres")
"""Resolutions that one chamber agrees to, and that both do; neither goes to the President."""

_PASSED_HOUSE = re.compile(
    r"(?!rule h).*?(passed(/agreed to in)? house|on passage passed|on agreeing to the resolution.*agreed to)",
    re.I | re.S,
)
"""Not the rule under which the House will debate the measure: that is a resolution of its own."""
_PASSED_SENATE = re.compile(r"passed/agreed to in senate|passed senate|resolution agreed to in senate", re.I)
_REPORTED = re.compile(r"\breported\b|placed on (the )?(senate legislative|union|house) calendar", re.I)
_NOT_REPORTED = re.compile(r"ordered to be reported|rules committee resolution .* reported", re.I)
_PASSED_BY_CODE = re.compile(r"PASS_(?:OVER|BACK):(HOUSE|SENATE)")
"""``status`` in data.json: the chamber that passed a measure first (over) or as changed (back)."""


def furthest(bill: Bill) -> str:
    """The last stage that the measure reached, one of `STAGES`.

    By the words of its actions, and by the states that unitedstates/congress gives them (``PASS_OVER:HOUSE``; its wiki,
    "bills"). Its ``REPORTED`` is not one of them: it means ordered to be reported.
    """
    texts = [action.text for action in bill.actions]
    codes = {code for action in bill.actions for code in action.codes}
    enacted = any(code.startswith("ENACTED:") for code in codes)
    if (
        enacted
        or bill.laws
        or bill.private_laws
        or any(re.match(r"became (public|private) law", t, re.I) for t in texts)
    ):
        return "enacted"
    house, senate = _passed(texts, codes)
    if any(re.search(r"^vetoed by president", text, re.I) for text in texts) or any(
        c.startswith("VETOED:") for c in codes
    ):
        return "vetoed"
    if any(re.search(r"^presented to president", text, re.I) for text in texts):
        return "presented"
    if (house or senate) and (bill.type in SIMPLE or (house and senate and bill.type in CONCURRENT)):
        return "agreed-to"
    if house and senate:
        return "passed-both"
    if house or senate:
        return "passed-house" if house else "passed-senate"
    reported = any(_REPORTED.search(text) and not _NOT_REPORTED.search(text) for text in texts)
    return "reported" if reported else "introduced"


def _passed(texts: list[str], codes: set[str]) -> tuple[bool, bool]:
    """Whether the House and the Senate have passed or agreed to a measure."""
    chambers = {match[1] for code in codes if (match := _PASSED_BY_CODE.fullmatch(code))}
    both = not codes.isdisjoint(("PASSED:BILL", "PASSED:CONCURRENTRES", "PASSED:SIMPLERES"))
    house = both or "HOUSE" in chambers or any(map(_PASSED_HOUSE.match, texts))
    return house, both or "SENATE" in chambers or any(map(_PASSED_SENATE.search, texts))


def stage(bill: Bill, today: Day) -> str:
    """The stage on the day `today`: that reached, or ``expired`` once the Congress is over without an enactment."""
    return left(furthest(bill), bill.congress, today)


def left(reached: str, congress: int, today: Day) -> str:
    """What is left on the day `today` of the stage that a measure of a Congress reached."""
    over = today >= iri.congress_ends(congress)
    return "expired" if over and reached not in ("enacted", "agreed-to") else reached


def last_over(today: Day) -> int:
    """The last Congress that is over on the day `today`: all that `left` makes of the day.

    >>> last_over("2019-01-02"), last_over("2019-01-03"), last_over("2026-06-26")
    (114, 115, 118)
    """
    congress = (int(today[:4] or "1789") - 1789) // 2
    return congress if today >= iri.congress_ends(congress) else congress - 1
