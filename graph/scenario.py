"""Who sues or prosecutes, under which law, over what: which provisions decide, in order, and what courts made of them.

Immunity, exemption, exception to the exemption and condition are a defeasible structure: an exemption defeats the
immunity for the laws it names, from its day on; a condition, or an immunity that the exemption leaves standing, defeats
that again. The questions and the decisions that answer them are in `data/scenario.yaml`; days, designations, holdings
and sources are in the graph. An answer tells what courts asked and held by a day, never that somebody is immune.

Where the decisions that stand on that day answer a question in two ways, it is unsettled, unless the court of the place
(or the Supreme Court) has answered. A decision whose holding rests on memory is no evidence and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path as File
from typing import Any, NamedTuple

import yaml

from graph import answers, iri, ledger, naming, timeline
from graph.answers import Answer, Malformed
from graph.records import Day, Path
from graph.store import Row, Store, ask_for
from graph.vocabulary import PREFIXES

RULES = File(__file__).parent.parent / "data" / "scenario.yaml"
SECTION = "/us/usc/t47/s230"
PREEMPTION = "/provision/us/usc/t47/s230/d/3@1996-02-08"
BORN = "1996-02-08"
HIGHEST = "scotus"
HELD = PREFIXES["s230"] + "holding"

FINDINGS = {
    "not-in-force": "Section 230 had not been enacted.",
    "exempt": "An exemption leaves such a case as it is: the section is no answer to it.",
    "exempt-if": "An exemption leaves such a case as it is, under the condition that it states.",
    "applied": "No exemption reaches it, and courts that answered the question applied the section.",
    "not-applied": "No exemption is needed: courts that answered the question did not apply the section.",
    "facts": "Courts ask the same question, and the answer turns on the facts.",
    "unsettled": "Courts differ, or none that is on record has answered.",
}
"""What an answer can come to. None of them is advice."""


class Holding(NamedTuple):
    """A decision on a question: its answer, whether it stood on the day asked, and whether it binds there."""

    case: Path
    name: str
    court: str
    decided: Day
    outcome: str
    holding: str
    answer: str
    binding: bool
    undone: Day
    confidence: str
    graph: str
    address: str


class Weighed(NamedTuple):
    """What the decisions make of a question: `follows` of the answer (``unsettled``, where two stand), and in words."""

    follows: str
    says: str
    holdings: tuple[Holding, ...]


@cache
def rules() -> Mapping[str, Any]:
    """The rules of `data/scenario.yaml`, each list as a mapping by ``id``."""
    read = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return {name: {entry["id"]: entry for entry in entries} for name, entries in read.items()}


def scenario(store: Store, who: str, law: str, conduct: str, on: str = "today", where: str = "") -> Answer:
    """Which provisions decide a case, in order, with the decisions on each and their sources.

    `who`, `law` and `conduct` are ids of the rules; `law` may be a citation of the Code. `where` is a court as
    CourtListener abbreviates it (``ca9``), whose decisions bind. Raises `Malformed` where one of them is not known or a
    plaintiff of that kind does not go by that law.
    """
    day = answers.read_day(on, answers.today(store))
    chosen = _chosen(who, law, conduct)
    places = courts(store)
    if where and where not in places:
        raise Malformed(f'"{where[:40]}" is no court of the graph; one of: {", ".join(places)}')
    steps = [] if day < BORN else list(_steps(store, chosen, day, where))
    finding = _finding(steps) if steps else "not-in-force"
    return {
        "status": "ok",
        "asked": {
            **{name: {"id": entry["id"], "label": entry["label"]} for name, entry in chosen.items()},
            "on": day,
            "where": {"id": where, "label": places[where]} if where else None,
        },
        "finding": finding,
        "message": FINDINGS[finding],
        "steps": steps,
        "known_through": answers.known_through(store),
    }


def courts(store: Store) -> dict[str, str]:
    """The courts whose decisions the graph has: id and name, in the order of the names."""
    found = {row["courtId"]: row["court"] for row in ask_for(store, "decisions")}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _chosen(who: str, law: str, conduct: str) -> dict[str, Mapping[str, Any]]:
    known = rules()
    chosen = {
        "who": _one(known["plaintiffs"], who, "who"),
        "law": _law(known["laws"], law, who),
        "conduct": _one(known["conducts"], conduct, "conduct"),
    }
    if who not in chosen["law"]["who"]:
        may = ", ".join(known["plaintiffs"][each]["label"] for each in chosen["law"]["who"])
        raise Malformed(f"{chosen['who']['label']} does not go by {chosen['law']['label']}; this is open to: {may}")
    return chosen


def _one(entries: Mapping[str, Mapping[str, Any]], given: str, name: str) -> Mapping[str, Any]:
    if given not in entries:
        raise Malformed(f'{name} "{given[:40]}" is not known; one of: {", ".join(entries)}')
    return entries[given]


def _law(entries: Mapping[str, Mapping[str, Any]], given: str, who: str) -> Mapping[str, Any]:
    """A kind of law by its id, or that which a citation falls under: the longest designation that holds it wins."""
    if given in entries:
        return entries[given]
    try:
        slot = answers.target(given).slot
    except Malformed:
        slot = ""
    under = [
        (len(place), who in entry["who"], entry)
        for entry in entries.values()
        for place in entry.get("slots", ())
        if slot and f"{slot}/".startswith(f"{place}/")
    ]
    if not under:
        known = ", ".join(entries)
        raise Malformed(f'law "{given[:60]}" is no kind of law nor a section that the rules know; one of: {known}')
    return max(under, key=lambda found: (found[1], found[0]))[2]


def _steps(store: Store, chosen: Mapping[str, Mapping[str, Any]], day: Day, where: str) -> Iterator[Answer]:
    """The provisions that decide, in order: exemptions of the law, the rule on State law, the immunity itself."""
    law, conduct = chosen["law"], chosen["conduct"]
    immunities = [f"/provision{SECTION}/{label}@{BORN}" for label in conduct["immunities"]]
    decided = False
    for rule in law.get("exemptions", ()):
        step = _exemption(store, rule, immunities, day, where)
        yield step
        decided = decided or step["follows"] == "reaches"
    if decided:
        return
    if law["level"] == "state":
        question = rules()["questions"].get(law.get("otherwise", ""))
        yield _preemption(store, question, day, where)
        if question:
            return
    question = rules()["questions"][conduct["question"]]
    first, *others = immunities
    yield _step(store, first, day, "immunity", question["asks"], weigh(store, question, day, where))
    for immunity in others:
        yield _step(store, immunity, day, "immunity", question["asks"], Weighed("", "It is pleaded beside.", ()))


def _exemption(store: Store, rule: Mapping[str, Any], immunities: Iterable[Path], day: Day, where: str) -> Answer:
    """Whether an exemption reaches the law on that day."""
    rows = ask_for(store, "exemption_reach", exemption=rule["exemption"])
    provision = iri.path(rows[0]["provision"])
    if "question" in rule:
        question = rules()["questions"][rule["question"]]
        asks, weighed = question["asks"], weigh(store, question, day, where)
    elif "excluded_by" in rule:
        asks, weighed = "Is this law one of those that the exemption names?", _excluded(store, rule["excluded_by"], day)
    else:
        asks, weighed = "Is this law one of those that the exemption names?", Weighed(rule["follows"], "It is.", ())
    conditions = sorted({row["condition"] for row in rows if "condition" in row})
    if weighed.follows == "reaches-if" and conditions:
        weighed = weighed._replace(says=f"{weighed.says} Condition: {'; '.join(map(_plain, conditions))}.")
    if provision.rpartition("@")[2] > day:
        weighed = Weighed("reaches-not", f"The exemption took effect on {provision.rpartition('@')[2]}, later.", ())
    kept = sorted({iri.path(row["kept"]) for row in rows if "kept" in row} & set(immunities))
    if weighed.follows.startswith("reaches") and weighed.follows != "reaches-not" and kept:
        left = naming.name(timeline.whereabouts(_line(store), kept[0], day).slot)
        weighed = weighed._replace(
            follows="reaches-not", says=f"{weighed.says} But it leaves {left} standing, which is about such conduct."
        )
    return _step(store, provision, day, "exemption", asks, weighed)


def _plain(condition: str) -> str:
    return naming.name(iri.path(condition)) if condition.startswith("http") else condition


def _excluded(store: Store, law: Path, day: Day) -> Weighed:
    """A law that says of itself that it is not one the exemption names, without touching the exemption's words."""
    enacted = _enacted(store, ledger.law_of(law))
    if not enacted or day < enacted:
        return Weighed("unsettled", f"{naming.name(law)}, which answers this, was enacted on {enacted}.", ())
    return Weighed("reaches-not", f"{naming.name(law)} says since {enacted} that it is not.", ())


def _enacted(store: Store, law: Path) -> Day:
    days = (row["enacted"] for row in ask_for(store, "enactment_days") if iri.path(row["law"]) == law)
    return next(days, "")


def _preemption(store: Store, question: Mapping[str, Any] | None, day: Day, where: str) -> Answer:
    """The rule on State law: what agrees with the section may be enforced, what conflicts with it may not."""
    asks = "Does State law agree with the section?"
    if question:
        return _step(store, PREEMPTION, day, "preemption", question["asks"], weigh(store, question, day, where))
    says = "State law may be enforced where it agrees with the section; no claim may rest on it where it conflicts."
    return _step(store, PREEMPTION, day, "preemption", asks, Weighed("", says, ()))


def weigh(store: Store, question: Mapping[str, Any], day: Day, where: str = "") -> Weighed:
    """What the decisions that stood on `day` make of a question, and what binds at `where`."""
    decisions = {iri.path(row["case"]): row for row in ask_for(store, "decisions")}
    holdings = tuple(
        holding
        for entry in question["holdings"]
        if (row := decisions.get(entry["case"])) and row.get("decided", "9999") <= day
        for holding in _holding(store, row, entry["answer"], where)
    )
    standing = [holding for holding in holdings if not holding.undone or holding.undone > day]
    binding = {holding.answer for holding in standing if holding.binding}
    told = binding or {holding.answer for holding in standing}
    if len(told) == 1:
        answer = question["answers"][next(iter(told))]
        others = sorted({holding.court for holding in standing if holding.answer not in told})
        differ = f" Elsewhere courts differ ({', '.join(others)})." if others else ""
        return Weighed(answer["follows"], answer["says"] + differ, holdings)
    if told:
        parts = [f"{_courts(standing, answer)}: {question['answers'][answer]['says']}" for answer in sorted(told)]
        return Weighed("unsettled", "Courts differ. " + " ".join(parts), holdings)
    words = question.get("unanswered")
    if words:
        return Weighed(words["follows"], f"{words['says']} No decision on record had answered by then.", holdings)
    return Weighed("unsettled", "No decision on record had answered by then.", holdings)


def _courts(standing: Iterable[Holding], answer: str) -> str:
    return ", ".join(dict.fromkeys(holding.court for holding in standing if holding.answer == answer))


def _holding(store: Store, row: Row, answer: str, where: str) -> Iterator[Holding]:
    """The decision as evidence: nothing where only memory says what was held."""
    case = iri.path(row["case"])
    said = [
        source
        for source in ask_for(store, "said_in", thing=case, property=HELD)
        if not source["confidence"].endswith("-memory")
    ]
    for source in said[:1]:
        yield Holding(
            case=case,
            name=row["label"],
            court=row["court"],
            decided=row["decided"],
            outcome=row["outcome"],
            holding=row["holding"],
            answer=answer,
            binding=bool(where) and row["courtId"] in (where, HIGHEST),
            undone=row.get("undone", ""),
            confidence=source["confidence"].rpartition("confidence-")[2],
            graph=iri.path(source["graph"]),
            address=next((s["documentAddress"] for s in said if "documentAddress" in s), source.get("address", "")),
        )


def _line(store: Store) -> timeline.Timeline:
    return answers.timeline_of(store, SECTION)


def _step(store: Store, provision: Path, day: Day, role: str, asks: str, weighed: Weighed) -> Answer:
    """A provision that decides: its designation on the day and now, what is asked, what follows, the decisions.

    Its sources are those of the effects that made it what it is.
    """
    line = _line(store)
    then, now = (timeline.whereabouts(line, provision, when) for when in (day, answers.today(store) or day))
    made_by = [f"/effect/{effect.id}" for effect in timeline.life(line, provision)]
    return {
        "provision": iri.of(provision),
        "role": role,
        "cite": naming.name(then.slot),
        "cite_now": naming.name(now.slot),
        "asks": asks,
        "follows": weighed.follows,
        "says": weighed.says,
        "holdings": [_told(holding) for holding in weighed.holdings],
        "sources": [source for source in answers.sources(store, made_by) if source["confidence"] != "memory"],
    }


def _told(holding: Holding) -> Answer:
    return holding._asdict() | {"case": iri.of(holding.case), "graph": iri.of(holding.graph)}


def _finding(steps: Iterable[Answer]) -> str:
    """What the steps come to: an exemption that reaches goes first, then one on which courts differ, then the rest."""
    follows: list[str] = [step["follows"] for step in steps if step["role"] != "exemption"]
    exemptions = {step["follows"] for step in steps if step["role"] == "exemption"}
    for result, finding in (("reaches", "exempt"), ("reaches-if", "exempt-if"), ("unsettled", "unsettled")):
        if result in exemptions:
            return finding
    return next((result for result in follows if result in FINDINGS), "unsettled")
