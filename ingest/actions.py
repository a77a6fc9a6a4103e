"""Steps of a bill, as its record lists them and as they were: merged where two systems report one, and what they say.

The House, the Senate and the Library of Congress each report actions, and a record lists them all (FACTS, "How the
files lie"). Entries are the same step where they are of one day and

- name the same roll call with its count ("388 - 25 (Roll no. 91)"), or have the same words, when the Library's heading
  ("Passed/agreed to in Senate: ") and references to the Congressional Record ("(text: CR S988)") are left out;
- do not contradict each other in the time: an entry without a time goes with one that has it;
- do not name different committees where neither has a code: two subcommittees hold two hearings, while one referral to
  three committees is listed three times under one code.

The heading is kept: it says what the step amounts to. Codes, systems and committees of all entries are kept, sorted.

>>> step, = merged([
...     Entry("2018-03-21", "", "Passed Senate without amendment.", "Floor", (), ("Senate",)),
...     Entry("2018-03-21", "", "Passed/agreed to in Senate: Passed Senate without amendment.", "", ("17000",), ("L",)),
... ])
>>> step.text, step.codes, step.systems
('Passed/agreed to in Senate: Passed Senate without amendment.', ('17000',), ('L', 'Senate'))
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from graph.records import Action, Day, Vote
from ingest.measures import BrokenMeasure, Measure, local_day, natural

_HEADING = re.compile(
    r"^(?:(?:Passed|Failed of passage|Conference report)\b[^:.(]{0,40}"
    r"|Resolving differences -- \w+ actions|Conference committee actions|To conference): ?"
)
_REFERENCE = re.compile(r"\((?=[^()]*\bCR\b|text|consideration)[^()]*\)")
_NOT_A_WORD = re.compile(r"\W+")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
_LAW = re.compile(r"Became (?P<kind>Public|Private) Law No: ?(?P<number>\d+-\d+)", re.I)
_ROLL = re.compile(
    r"(?P<yea>\d{1,3}) ?- ?(?P<nay>\d{1,3})(?:, (?P<present>\d{1,3}) Present)?\.? ?"
    r"(?:\(Roll no\. ?(?P<house>\d{1,5})\)|Record Vote (?:Number|No): ?(?P<senate>\d{1,5}))",
    re.I,
)
_QUESTION = re.compile(
    r"(?P<question>.*?)(?:[ .]{1,3}(?P<result>passed|agreed to|failed|not agreed to))? by "
    r"(?:the Yeas and Nays?|recorded vote|Yea-Nay Vote)",
    re.I,
)
_RESULT = re.compile(
    r"\b((?:not )?(?:agreed to|invoked|sustained)|passed|failed|rejected|tabled|concurred)\b",
    re.I,
)
_AMENDMENT = re.compile(r"On agreeing to the (.+? amendment(?: \(A\d+\))?)", re.I)


class Entry(NamedTuple):
    """An action as one system reports it. `time` is the local time of day where the record has it."""

    day: Day
    time: str
    text: str
    kind: str
    codes: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    committees: tuple[str, ...] = ()


def merged(entries: Iterable[Entry]) -> tuple[Action, ...]:
    """The steps behind `entries`, which come oldest first; within a day their order is kept (the module's rule).

    Entries without words are left out: they double others.
    """
    alike: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.text:
            alike[(entry.day, _gist(entry.text), *(entry.committees if not entry.codes else ()))].append(entry)
    steps = [step for group in _with_coded(alike) for step in _by_time(group)]
    return tuple(sorted(map(_action, steps), key=lambda action: action.day))


def words(text: str) -> str:
    """The words of an action: white space folded, markup taken out.

    >>> words('Petition No: 115-1. (<a href="https://clerk.house.gov/">Discharge petition</a>)')
    'Petition No: 115-1. (Discharge petition)'
    """
    return " ".join((_MARKUP.sub("", text) if "<" in text else text).split())


def laws(stated: Iterable[str], actions: Iterable[Action]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The public and the private laws that a bill became: as stated (public ones), and as its actions say.

    The list of laws can lag behind the action (FACTS, "How the files lie").

    >>> laws([], [Action("2018-04-11", "Became Public Law No: 115-164.")])
    (('115-164',), ())
    """
    found: dict[str, list[str]] = {"public": list(stated), "private": []}
    for action in actions:
        if match := _LAW.match(action.text):
            found[match["kind"].lower()].append(match["number"])
    return tuple(dict.fromkeys(found["public"])), tuple(dict.fromkeys(found["private"]))


def latest(actions: tuple[Action, ...], stated: Action | None) -> Action | None:
    """The last step: of the actions, unless the record states a later one (of the 119th it often states the first)."""
    if actions and (stated is None or stated.day <= actions[-1].day):
        return actions[-1]
    return stated


def votes(bill: Measure, actions: Iterable[Action], pointed_at: Iterable[Vote]) -> tuple[Vote, ...]:
    """The roll calls on a bill, oldest first: those that its actions count and those that its record points at.

    Question and result are those of `pointed_at` where it has them, else read in the words of the action. The count is
    that of the action, which includes the Vice President's casting vote. Days are local.
    """
    found: dict[tuple[str, str, int], Vote] = {}
    for vote in (*filter(None, (vote_in(bill, action) for action in actions)), *pointed_at):
        key = (vote.chamber, vote.session, vote.roll)
        known = found.get(key)
        found[key] = _joined(vote, known) if known else vote
    return tuple(sorted(found.values(), key=lambda vote: vote.day))


def vote_in(bill: Measure, action: Action) -> Vote | None:
    """The roll call whose count an action gives; ``None`` where it gives none.

    >>> passage = Action("2018-02-27", "On passage Passed by recorded vote: 388 - 25 (Roll no. 91).")
    >>> vote = vote_in((115, "hr", 1865), passage)
    >>> vote.chamber, vote.session, vote.roll, vote.question, vote.result, vote.yea, vote.nay
    ('House', '2', 91, 'On passage', 'Passed', 388, 25)
    """
    match = _ROLL.search(action.text)
    if not match:
        return None
    chamber, roll = ("House", int(match["house"])) if match["house"] else ("Senate", int(match["senate"]))
    said = _HEADING.sub("", action.text[: match.start()])
    asked = _QUESTION.match(said)
    question = asked["question"].strip(" .") if asked else said.strip(" .:")
    result = (asked["result"] if asked else None) or _last(_RESULT.findall(question))
    amendment = _AMENDMENT.match(question)
    vote = roll_call(chamber, bill[0], session_of(bill[0], action.day), roll, action.day)
    return vote._replace(
        question=question,
        result=result.capitalize(),
        yea=int(match["yea"]),
        nay=int(match["nay"]),
        present=int(match["present"]) if match["present"] else None,
        bill=bill,
        amendment=amendment[1] if amendment else "",
    )


def pointer(chamber: str, congress: str, session: str, roll: str, moment: str) -> Vote:
    """The roll call that a record points at by its number and its time, which is UTC.

    Raises `BrokenMeasure` where there can be no such roll call.
    """
    day = local_day(moment, "date of a vote")
    if (
        chamber not in ("House", "Senate")
        or session not in ("1", "2")
        or not (natural(congress) and natural(roll))
        or not day
    ):
        raise BrokenMeasure(
            f"no roll call: chamber {chamber!r}, congress {congress!r}, session {session!r}, roll {roll!r}"
        )
    return roll_call(chamber, int(congress), session, int(roll), day)


def roll_call(chamber: str, congress: int, session: str, roll: int, day: Day) -> Vote:
    """A roll call by its number, with the address at which the chamber publishes it."""
    year = first_year(congress) + int(session) - 1
    if chamber == "House":
        address = f"https://clerk.house.gov/evs/{year}/roll{roll:03}.xml"
    else:
        folder = f"vote{congress}{session}/vote_{congress}_{session}_{roll:05}.xml"
        address = f"https://www.senate.gov/legislative/LIS/roll_call_votes/{folder}"
    return Vote(chamber, congress, session, str(year), roll, day, address=address)


def first_year(congress: int) -> int:
    """The year in which a Congress begins: the first began in 1789, each lasts two years.

    >>> first_year(115)
    2017
    """
    return 1787 + 2 * congress


def session_of(congress: int, day: Day) -> str:
    """The session in which a day falls: ``1`` in the first year of the Congress, ``2`` after it."""
    return "1" if int(day[:4]) <= first_year(congress) else "2"


def _with_coded(alike: dict[tuple[str, ...], list[Entry]]) -> list[list[Entry]]:
    joined: dict[tuple[str, ...], list[Entry]] = {}
    for key, group in alike.items():
        plain = key[:2]
        joined.setdefault(plain if plain in alike else key, []).extend(group)
    return list(joined.values())


def _by_time(group: list[Entry]) -> list[list[Entry]]:
    times = [entry.time for entry in group if entry.time]
    steps: dict[str, list[Entry]] = defaultdict(list)
    for entry in group:
        steps[entry.time or (times[-1] if times else "")].append(entry)
    return list(steps.values())


def _action(step: list[Entry]) -> Action:
    said = next((entry for entry in step if _HEADING.match(entry.text)), step[-1])
    return Action(
        said.day,
        said.text,
        said.kind,
        tuple(sorted({code for entry in step for code in entry.codes})),
        tuple(sorted({system for entry in step for system in entry.systems})),
        tuple(sorted({committee for entry in step for committee in entry.committees})),
    )


def _gist(text: str) -> str:
    if match := _ROLL.search(text):
        return match[0].lower()
    bare = _REFERENCE.sub("", _HEADING.sub("", text))
    return _NOT_A_WORD.sub("", bare).lower()


def _joined(vote: Vote, known: Vote) -> Vote:
    """`vote` with the count of `known`, and with whatever else it leaves open itself."""
    open_fields = {field for field, value in vote._asdict().items() if value in (None, "", ())}
    if known.yea is not None:
        open_fields |= {"yea", "nay"}
    return vote._replace(**{field: getattr(known, field) for field in open_fields})


def _last(found: list[str]) -> str:
    return found[-1] if found else ""
