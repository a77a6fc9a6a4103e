"""Claims held against the record, each as of a day: verdict, what was observed, and the evidence.

A test takes what a claim states and a day, and says how the record of that day stands to it. What rests on memory alone
is never evidence: such a claim is ``unverifiable``. A claim whose measure the text does not name is tested against the
measure it most likely means, and the finding says which; where another measure that may be meant fits better, no
verdict is given.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date as calendar
from datetime import timedelta
from typing import Any, NamedTuple

from graph import answers, iri, naming, timeline
from graph.claims import Claim, grammar, resolve
from graph.gazetteer import HOUSE, SENATE, Gazetteer, Mention, Participation, chamber_of, congress_of, measure_of
from graph.records import Day, Path, spans
from graph.store import Row, Store, ask_for, bind, query_text
from graph.vocabulary import PREFIXES

S230 = PREFIXES["s230"]
MOST_ROWS = 12
"""Rows of a query that an evidence shows."""

_ONES = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_NUMBERS = {word: number for number, word in enumerate(f"{_ONES}|seventeen|eighteen|nineteen".split("|"))}
_NUMBERS |= {word: 10 * number for number, word in enumerate(_TENS.split("|"), 2)}
_PASSED = {
    HOUSE: re.compile(
        r"^passed/agreed to in house|^on passage passed|^passed house|^on motion to suspend .* agreed to", re.I
    ),
    SENATE: re.compile(r"^passed/agreed to in senate|^passed senate", re.I),
}
_CONFERENCE = {
    HOUSE: re.compile(r"^on agreeing to the conference report agreed to", re.I),
    SENATE: re.compile(r"^senate agreed to conference report", re.I),
}
_TALLY = re.compile(r"(\d{1,3}) ?- ?(\d{1,3})")


class Setting(NamedTuple):
    """The text and the record that its claims are held against.

    `day` is that of the text, `today` the coverage day, `topic` the measure that the text is taken to speak of; `named`
    has the measures named, with where each name ends; `known` the findings so far, for texts that repeat themselves.
    """

    store: Store
    gazetteer: Gazetteer
    mentions: Sequence[Mention]
    day: Day | None
    topic: Path
    today: Day
    named: tuple[tuple[int, Path], ...]
    known: dict[tuple[Any, ...], Finding]


class Finding(NamedTuple):
    """How the record stands to a claim on a day."""

    verdict: str
    asserted: Any = None
    observed: Any = None
    note: str = ""
    evidence: tuple[dict[str, Any], ...] = ()


Test = Callable[[Setting, Claim, Path, Day], Finding | None]


def setting_of(
    store: Store, gazetteer: Gazetteer, mentions: Sequence[Mention], day: Day | None, topic: Path, today: Day
) -> Setting:
    """The setting of a text whose mentions are in order."""
    named = ((m.end, measure_of(gazetteer, m.path)) for m in mentions if m.kind in ("bill", "law"))
    return Setting(store, gazetteer, mentions, day, topic, today, tuple(pair for pair in named if pair[1]), {})


def judge(setting: Setting, claim: Claim, on: Day | None) -> Finding:
    """The finding on a claim with the record as of a day; nothing is told where the text has no day."""
    if claim.kind == "opinion":
        return Finding("opinion")
    test = TESTS.get(claim.kind)
    if test is None:
        return Finding("unverifiable", note="The graph has no facts of this kind.")
    if claim.future:
        return Finding("unverifiable", note="It speaks of what may come, which no record shows.")
    if on is None or setting.day is None:
        return Finding("unverifiable", note="The text has no date; say the day it is from.")
    candidates, is_named = ([""], True) if claim.kind in WITHOUT_MEASURE else measures(setting, claim)
    said = claim.sentence if claim.kind == "vote" else claim.slots["said"]
    meant = re.sub(r"<\w+:(\d+)>", lambda tag: setting.mentions[int(tag[1])].path, said)
    key = (claim.kind, meant, tuple(sorted(claim.slots)), claim.negated, tuple(candidates), is_named, on)
    if key not in setting.known:
        setting.known[key] = weighed(_turned(claim, _of_measure(setting, claim, on, test, candidates, is_named)))
    return setting.known[key]


def _of_measure(setting: Setting, claim: Claim, on: Day, test: Test, candidates: list[Path], is_named: bool) -> Finding:
    """The finding for the measure that is meant; none where another that may be meant fits and the nearest does not."""
    if not candidates:
        return Finding("unverifiable", note="It is not said which measure is meant.")
    found = [(bill, finding) for bill in candidates if (finding := test(setting, claim, bill, on))]
    if not found:
        return Finding("unverifiable", note="The record does not tell.")
    bill, first = found[0]
    if is_named:
        return first
    if first.verdict != "supported" and any(other.verdict != first.verdict for _, other in found[1:]):
        names = ", ".join(naming.name(bill) for bill, _ in found)
        return Finding("unverifiable", first.asserted, None, f"It may speak of any of these, and they differ: {names}")
    return _taken(first, bill)


def _taken(finding: Finding, bill: Path) -> Finding:
    name = naming.name(bill)
    meant = "the text does not name it here" if name in finding.note else f"taken to speak of {name}"
    return finding._replace(note="; ".join(filter(None, (finding.note, meant))))


def _turned(claim: Claim, found: Finding) -> Finding:
    """The finding on a claim that denies what its test affirms."""
    if not claim.negated or claim.kind in ("exempts", "status"):
        return found
    if claim.kind not in ("passage", "signed", "sponsor", "cosponsor"):
        return Finding("unverifiable", found.asserted, None, "It denies something, which this test cannot weigh.")
    turned = {"supported": "contradicted", "contradicted": "supported", "premature": "supported"}
    return found._replace(verdict=turned.get(found.verdict, "unverifiable"), asserted=f"not: {found.asserted}")


# --- which measure ---------------------------------------------------------------------------------------------------


def measures(setting: Setting, claim: Claim) -> tuple[list[Path], bool]:
    """The measures that a claim may speak of, the likeliest first, and whether the claim itself names one."""
    inside = tags(claim.slots.get("the_bill", claim.slots["said"]), "bill")
    if inside:
        mention = setting.mentions[inside[0]]
        path = measure_of(setting.gazetteer, mention.path)
        if path:
            return [path], True
        return ([*mention.choices], False) if mention.choices else ([], True)
    near = [path for number in tags(claim.sentence, "bill") if (path := _measure(setting, number))]
    people = [setting.mentions[number].path for number in tags(claim.sentence, "person")]
    day = setting.day or setting.today
    shared = (
        _by_people(setting.gazetteer, people, day)
        if claim.kind in ("cosponsors", "bipartisan", "sponsor", "cosponsor")
        else []
    )
    if not near and len(shared) == 1:
        return shared, False
    at = bisect_right(setting.named, (claim.start, "~"))
    around = [path for _, path in (*reversed(setting.named[max(0, at - 30) : at]), *setting.named[at : at + 30])]
    found = [path for path in dict.fromkeys((*near, *around, setting.topic)) if path]
    if claim.kind in ("cosponsors", "bipartisan"):
        found = _of_chamber(setting, claim, found)
    return found[:4], len(dict.fromkeys(near)) == 1


def tags(text: str, kind: str) -> list[int]:
    """The numbers of the mentions of a kind in a tagged text.

    >>> tags("The <chamber:0> passed <bill:12>", "bill")
    [12]
    """
    return [int(number) for number in re.findall(rf"<{kind}:(\d+)>", text)]


def _measure(setting: Setting, number: int) -> Path:
    return measure_of(setting.gazetteer, setting.mentions[number].path)


def _by_people(gazetteer: Gazetteer, people: Sequence[Path], day: Day) -> list[Path]:
    """The measures of a Congress in which all of several people took part, one of them as sponsor."""
    members = [path for path in people if path in gazetteer.by_person]
    if len(members) < 2:
        return []
    shared = set.intersection(*({part.bill for part in gazetteer.by_person[path]} for path in members))
    return [
        bill
        for bill in sorted(shared)
        if int(bill.split("/")[3]) == congress_of(day)
        and any(part.role == "sponsor" and part.person in members for part in gazetteer.by_bill[bill])
    ]


def _of_chamber(setting: Setting, claim: Claim, bills: list[Path]) -> list[Path]:
    """Those of a chamber, where the claim names one, and the companions there of those that are not."""
    chamber = _chamber(setting, claim)
    if not chamber:
        return bills
    found = []
    for bill in bills:
        if chamber_of(bill) == chamber:
            found.append(bill)
        else:
            related = [iri.path(row["bill"]) for row in ask_for(setting.store, "related_bills", bill=bill)]
            found += [
                other for other in related if chamber_of(other) == chamber and other in setting.gazetteer.introduced
            ]
    return list(dict.fromkeys(found))


def _chamber(setting: Setting, claim: Claim) -> Path:
    found = tags(claim.slots.get("chamber", ""), "chamber")
    if found:
        return setting.mentions[found[0]].path
    words = f"{claim.slots.get('supporters', '')} {claim.slots['said']}".lower()
    return SENATE if "senators" in words else HOUSE if "representatives" in words else ""


def likely_topic(gazetteer: Gazetteer, mentions: Sequence[Mention], claims: Sequence[Claim], day: Day | None) -> Path:
    """The measure a text most likely speaks of: the one it names most often, else the one its people carried.

    Of two measures that fit as well none is taken.
    """
    counts: dict[Path, int] = {}
    for mention in mentions:
        path = measure_of(gazetteer, mention.path)
        if path and mention.kind in ("bill", "law"):
            counts[path] = counts.get(path, 0) + 10
    if not counts:
        people = {mention.path for mention in mentions if mention.kind == "person"} & gazetteer.by_person.keys()
        for person in people:
            for part in {(p.bill, p.role) for p in gazetteer.by_person[person]}:
                counts[part[0]] = counts.get(part[0], 0) + (2 if part[1] == "sponsor" else 1)
        counts = {bill: count for bill, count in counts.items() if count > 2}
    if day:
        counts = {bill: count for bill, count in counts.items() if (gazetteer.introduced.get(bill) or day) <= day}
    most = sorted(counts, key=lambda bill: -counts[bill])
    return most[0] if most and (len(most) == 1 or counts[most[0]] > counts[most[1]]) else ""


def likely_day(
    store: Store, gazetteer: Gazetteer, mentions: Sequence[Mention], claims: Sequence[Claim], topic: Path
) -> Day | None:
    """The day of a text that has none, from an event of its measure that it calls today's."""
    if not topic:
        return None
    for claim in claims:
        if "today" not in claim.slots["said"].lower() or claim.future or claim.negated:
            continue
        named = [
            _m for number in tags(claim.slots["said"], "bill") if (_m := measure_of(gazetteer, mentions[number].path))
        ]
        bill = named[0] if named else topic
        if claim.kind == "passage":
            chambers = [mentions[number].path for number in tags(claim.slots["said"], "chamber")]
            days = [day for chamber in chambers[:1] for day, _ in passed(store, bill, chamber)]
        elif claim.kind == "signed":
            days = [
                row["day"]
                for row in ask_for(store, "steps", bill=bill)
                if row["text"].lower().startswith("signed by pres")
            ]
        else:
            continue
        if days:
            return days[-1]
    return None


# --- evidence --------------------------------------------------------------------------------------------------------


def evidence(
    store: Store,
    query: str,
    terms: dict[str, str],
    thing: Path,
    property: str,
    rows: Iterable[Row] | None = None,
    about: Path = "",
) -> tuple[dict[str, Any], ...]:
    """The evidence of one query: its text, its rows, the best source graph; nothing where only memory says so."""
    said = [
        row
        for row in ask_for(store, "said_in", thing=thing, property=property)
        if not row["confidence"].endswith("-memory")
    ]
    if not said:
        return ()
    ranks = {name: rank for rank, name in enumerate(("official", "two-sources", "one-source"))}
    best = min(
        said,
        key=lambda row: (
            ranks.get(row["confidence"].rpartition("-confidence-")[2].rpartition("#confidence-")[2], 3),
            "address" not in row,
        ),
    )
    shown = list(ask_for(store, query, **terms) if rows is None else rows)
    return (
        {
            "query": bind(query_text(query), terms),
            "rows": shown[:MOST_ROWS],
            "row_count": len(shown),
            "graph": best["graph"],
            "address": best.get("address") or best.get("documentAddress") or iri.of(thing),
            "thing": iri.of(about or thing),
            "label": naming.name(about or thing),
            "confidence": best["confidence"].rpartition("#confidence-")[2],
            "snapshot": best.get("snapshot"),
        },
    )


def weighed(finding: Finding) -> Finding:
    """The finding, or `unverifiable` where nothing but memory bears it."""
    if finding.evidence or finding.verdict in ("unverifiable", "opinion"):
        return finding
    return Finding(
        "unverifiable", finding.asserted, None, "What the graph has on this rests on memory, which is no evidence."
    )


# --- tests: cosponsors and sponsors ----------------------------------------------------------------------------------


def value(words: str) -> int:
    """A number as written.

    >>> value("67"), value("sixty-seven"), value("twelve")
    (67, 67, 12)
    """
    return int(words) if words.isdigit() else sum(_NUMBERS.get(part, 0) for part in words.lower().split("-"))


def cosponsors(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """The number of cosponsors, of a party where one is named."""
    parts = [part for part in setting.gazetteer.by_bill.get(bill, ()) if part.role == "cosponsor" and part.joined]
    told = [row["count"] for row in ask_for(setting.store, "cosponsor_count", bill=bill)]
    if not parts or (told and int(told[0]) != len(_active(parts, setting.today))):
        return None
    asserted = value(claim.slots["number"])
    letter = (
        (claim.slots.get("party") or _party_in(claim.slots.get("supporters", "")) or " ")[0]
        .upper()
        .replace("G", "R")
        .strip()
    )
    parts = [part for part in parts if not letter or part.party == letter]
    compare = _comparison(claim.slots.get("quantifier", ""))
    observed = len(_active(parts, day))
    shown = evidence(setting.store, "cosponsors_on", {"bill": bill, "day": day}, bill, S230 + "cosponsorship")
    if day < (setting.gazetteer.introduced.get(bill) or ""):
        return Finding("premature", asserted, 0, f"{naming.name(bill)} was introduced later.", shown)
    note = f"Cosponsors of {naming.name(bill)}"
    note += f", not of {naming.name(setting.topic)}" if setting.topic and setting.topic != bill else ""
    if compare(observed, asserted):
        return Finding("supported", asserted, observed, note, shown)
    earlier = _when(parts, lambda count: compare(count, asserted), day)
    if earlier:
        return Finding("outdated", asserted, observed, f"{note}; it was so {earlier}", shown)
    return Finding("contradicted", asserted, observed, note, shown)


def _party_in(words: str) -> str:
    return words if words.lower().startswith(("rep", "dem")) and words.lower() != "representatives" else ""


def _active(parts: Sequence[Participation], day: Day) -> set[Path]:
    return {part.person for part in parts if spans(part.joined, part.withdrawn, day)}


def _comparison(quantifier: str) -> Callable[[int, int], bool]:
    words = quantifier.lower()
    if words in ("more than", "over"):
        return lambda observed, asserted: observed > asserted
    if words in ("at least", "no fewer than"):
        return lambda observed, asserted: observed >= asserted
    if words in ("fewer than", "less than"):
        return lambda observed, asserted: observed < asserted
    if words == "up to":
        return lambda observed, asserted: observed <= asserted
    if words in ("nearly", "almost"):
        return lambda observed, asserted: asserted * 0.93 <= observed <= asserted
    if words in ("about", "around", "some", "roughly"):
        return lambda observed, asserted: abs(observed - asserted) <= max(1, asserted * 0.05)
    return lambda observed, asserted: observed == asserted


def _when(parts: Sequence[Participation], fits: Callable[[int], bool], before: Day) -> str:
    """The last stretch before a day on which a count fitted, in words; empty where there was none."""
    turns = sorted({day for part in parts for day in (part.joined, part.withdrawn) if day and day <= before})
    for position in range(len(turns) - 1, -1, -1):
        if fits(len(_active(parts, turns[position]))):
            until = turns[position + 1] if position + 1 < len(turns) else before
            return f"from {turns[position]} until {until}"
    return ""


def bipartisan(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether sponsor and cosponsors are of both parties."""
    parts = [
        part
        for part in setting.gazetteer.by_bill.get(bill, ())
        if part.joined and spans(part.joined, part.withdrawn, day)
    ]
    parties = {
        letter: len({p.person for p in parts if p.party == letter})
        for letter in sorted({p.party for p in parts} - {""})
    }
    if len(parts) < 2 or any(not part.party for part in parts):
        return None
    shown = evidence(setting.store, "cosponsors_on", {"bill": bill, "day": day}, bill, S230 + "cosponsorship")
    mixed = parties.get("R", 0) > 0 and parties.get("D", 0) > 0
    leads = ", ".join(sorted({p.party for p in parts if p.role == "sponsor"}))
    note = f"Cosponsors of {naming.name(bill)} on {day}; its sponsor: {leads}."
    observed = {
        letter: len({p.person for p in parts if p.party == letter and p.role == "cosponsor"}) for letter in parties
    }
    return Finding("supported" if mixed else "contradicted", "both parties", observed, note, shown)


def sponsor(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether the people named sponsored the measure."""
    return _roles(setting, claim, bill, day, "sponsor")


def cosponsor(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether the people named cosponsored the measure."""
    return _roles(setting, claim, bill, day, "cosponsor")


def _roles(setting: Setting, claim: Claim, bill: Path, day: Day, role: str) -> Finding | None:
    people = [setting.mentions[number] for number in tags(claim.slots.get("person_list", ""), "person")]
    parts = setting.gazetteer.by_bill.get(bill, ())
    told = [row["count"] for row in ask_for(setting.store, "cosponsor_count", bill=bill)]
    named = [part for part in parts if part.role == "cosponsor"]
    if not people or any(not m.path for m in people) or not any(part.role == "sponsor" for part in parts):
        return None
    complete = bool(named) or (bool(told) and told[0] == "0")
    if told and int(told[0]) != len(_active(named, setting.today)):
        complete = False
    observed = {}
    grades = []
    for mention in people:
        own = [part for part in parts if part.person == mention.path]
        held = [part for part in own if spans(part.joined, part.withdrawn, day)]
        if not own and not complete:
            return None
        best = (
            next((part for part in held if part.role == role), None) or next(iter(held), None) or next(iter(own), None)
        )
        observed[mention.text] = _role_words(best) if best else "no part in it"
        grades.append(
            "supported" if best in held and best and best.role == role
            else "other" if best in held and best
            else "later" if best and best.joined and best.joined > day
            else "earlier" if best and best.role == role
            else "none"
        )  # fmt: skip
    if all(grade == "supported" for grade in grades):
        verdict = "supported"
    elif "none" in grades or all(grade == "other" for grade in grades):
        verdict = "partly-supported" if "supported" in grades else "contradicted"
        if (
            verdict == "contradicted"
            and role == "sponsor"
            and "introduc" not in claim.slots["said"]
            and all(g == "other" for g in grades)
        ):
            verdict = "partly-supported"
    elif all(grade == "later" for grade in grades):
        verdict = "premature"
    elif all(grade == "earlier" for grade in grades):
        verdict = "outdated"
    else:
        verdict = "partly-supported"
    query = "sponsors" if role == "sponsor" else "cosponsors"
    persons = {iri.of(m.path) for m in people}
    shown = evidence(setting.store, "sponsors", {"bill": bill}, bill, S230 + "sponsor")
    if role == "cosponsor" or verdict != "supported":
        rows = [row for row in ask_for(setting.store, "cosponsors", bill=bill) if row["person"] in persons]
        shown += evidence(
            setting.store, "cosponsors", {"bill": bill}, bill, S230 + ("cosponsorship" if named else query), rows
        )
    return Finding(verdict, f"{role}: {', '.join(m.text for m in people)}", observed, f"{naming.name(bill)}", shown)


def _role_words(part: Participation) -> str:
    since = f" from {part.joined}" if part.role == "cosponsor" and part.joined else ""
    return f"{part.role}{since}{f' until {part.withdrawn}' if part.withdrawn else ''}"


# --- tests: passage, votes, signature --------------------------------------------------------------------------------


def passed(store: Store, bill: Path, chamber: Path) -> list[tuple[Day, str]]:
    """The days on which a chamber passed a measure or agreed to its conference report, and the words of the record."""
    steps = [(row["day"], row["text"]) for row in ask_for(store, "steps", bill=bill)]
    return [(day, text) for day, text in steps if _PASSED[chamber].search(text) or _CONFERENCE[chamber].search(text)]


def passage(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether the chambers named had passed the measure, on the day named where one is."""
    numbers = tags(claim.slots["said"], "chamber")
    chambers = list(dict.fromkeys(setting.mentions[number].path for number in numbers)) or [HOUSE, SENATE]
    asserted = _asserted_day(setting, claim, day)
    days = {chamber: passed(setting.store, bill, chamber) for chamber in chambers}
    observed = {naming.name(chamber): [each for each, _ in found] for chamber, found in days.items()}
    if not ask_for(setting.store, "steps", bill=bill):
        return None
    rows = [
        row
        for row in ask_for(setting.store, "steps", bill=bill)
        if any((row["day"], row["text"]) in found for found in days.values())
    ]
    shown = _step_evidence(setting.store, bill, rows)
    words = (
        " and ".join(naming.name(chamber) for chamber in chambers)
        + " passed it"
        + (f" on {asserted}" if asserted else "")
    )
    note = f"{naming.name(bill)}"
    first = chambers[0]
    if any(not found for found in days.values()):
        return Finding("contradicted", words, observed, note, shown) if _settled(setting, bill, day) else None
    if any(found[0][0] > day for found in days.values()):
        return Finding("premature", words, observed, note, shown)
    fits = not asserted or any(each.startswith(asserted) for each, _ in days[first] if each <= day)
    if asserted and len(chambers) > 1 and not numbers:
        fits = any(each.startswith(asserted) for found in days.values() for each, _ in found if each <= day)
    return Finding("supported" if fits else "contradicted", words, observed, note, shown)


def _step_evidence(store: Store, bill: Path, rows: list[Row]) -> tuple[dict[str, Any], ...]:
    actions = [iri.path(row["action"]) for row in rows or ask_for(store, "steps", bill=bill)[:1]]
    return evidence(store, "steps", {"bill": bill}, actions[0], S230 + "actionDay", rows, bill) if actions else ()


def _settled(setting: Setting, bill: Path, day: Day) -> bool:
    """Whether the record of a measure is whole on a day: its Congress is over, or the record is of later."""
    if day >= iri.congress_ends(int(bill.split("/")[3])) and setting.today >= day:
        return True
    said = ask_for(setting.store, "said_in", thing=bill, property=S230 + "introduced")
    return any((row.get("snapshot") or "") >= day for row in said if row["confidence"].endswith("official"))


def _asserted_day(setting: Setting, claim: Claim, day: Day) -> str:
    """The day, month or year that a claim names, as the beginning of a day; empty where it names none."""
    said = claim.slots.get("when", "") or (
        claim.slots.get("aux", "") if claim.slots.get("aux", "").lower() in ("today", "yesterday") else ""
    )
    words = f"{said} {claim.slots['said']}".lower()
    if found := tags(claim.slots["said"], "day"):
        return resolve(setting.mentions[found[0]].path, setting.day)
    if "yesterday" in words:
        return (calendar.fromisoformat(setting.day or day) - timedelta(days=1)).isoformat()
    return (setting.day or day) if re.search(r"\btoday\b|\bthis (?:morning|afternoon)\b|\btonight\b", words) else ""


def vote(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether the measure passed by the numbers named, in the chamber that the sentence names."""
    yea, nay = (int(number) for number in re.findall(r"\d+", claim.slots["tally"])[:2])
    position = claim.sentence.find(claim.slots["said"])
    stretch = claim.sentence[: position + len(claim.slots["said"])]
    numbers = (
        tags(claim.slots["said"], "chamber")[-1:]
        or tags(stretch, "chamber")[-1:]
        or tags(claim.sentence, "chamber")[:1]
    )
    chambers = [setting.mentions[number].path for number in numbers] or [HOUSE, SENATE]
    tallies: dict[str, list[str]] = {}
    rows: list[Row] = []
    shown: tuple[dict[str, Any], ...] = ()
    for row in ask_for(setting.store, "votes", bill=bill):
        question = row.get("question", "").lower()
        if (
            iri.path(row["chamber"]) in chambers
            and "yea" in row
            and re.search("passage|pass|conference report", question)
            and "amendment" not in question
        ):
            tallies.setdefault(row["day"], []).append(f"{row['yea']}-{row['nay']}")
            rows.append(row)
    if rows:
        shown = evidence(setting.store, "votes", {"bill": bill}, iri.path(rows[-1]["vote"]), S230 + "yea", rows)
    for chamber in chambers:
        for when, text in passed(setting.store, bill, chamber):
            if found := _TALLY.search(text):
                tallies.setdefault(when, []).append(f"{found[1]}-{found[2]}")
    if not shown:
        shown = _step_evidence(
            setting.store,
            bill,
            [row for row in ask_for(setting.store, "steps", bill=bill) if _TALLY.search(row["text"])],
        )
    known = {when: sorted(set(found)) for when, found in sorted(tallies.items())}
    if not known:
        return None
    note = f"Votes on passage of {naming.name(bill)}"
    right = [when for when, found in known.items() if f"{yea}-{nay}" in found]
    if right:
        return Finding("supported" if right[0] <= day else "premature", f"{yea}-{nay}", known, note, shown)
    others = [
        row
        for row in ask_for(setting.store, "votes", bill=bill)
        if (row.get("yea"), row.get("nay"), iri.path(row["chamber"]) in chambers) == (str(yea), str(nay), True)
    ]
    if others:
        return Finding(
            "unverifiable",
            f"{yea}-{nay}",
            known,
            f"{note} Those are the numbers of another vote: {others[0].get('question', '')}",
            shown,
        )
    return Finding("contradicted", f"{yea}-{nay}", known, note, shown)


def signed(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether the measure was signed or law, on the day named where one is."""
    steps = ask_for(setting.store, "steps", bill=bill)
    law = setting.gazetteer.laws.get(bill, "")
    enacted = setting.gazetteer.introduced.get(law) if law else None
    asserted = _asserted_day(setting, claim, day)
    words = "signed" + (f" on {asserted}" if asserted else "")
    note = f"{naming.name(bill)}" + (f" is {naming.name(law)}." if law else " is no law.")
    rows = [row for row in steps if row["text"].lower().startswith(("signed by president", "became public law"))]
    if not enacted:
        shown = evidence(setting.store, "steps", {"bill": bill}, bill, S230 + "stage", rows)
        return Finding("contradicted", words, None, note, shown) if _settled(setting, bill, day) else None
    shown = evidence(setting.store, "law", {"law": law}, law, S230 + "enacted") + _step_evidence(
        setting.store, bill, rows
    )
    if _names_a_president(setting, claim):
        note += " Who signed it is told by the curated positions alone, if at all."
        if not _signed_by(setting, claim, bill, law):
            return Finding("unverifiable", words, enacted, note, shown)
    if enacted > day:
        return Finding("premature", words, enacted, note, shown)
    return Finding("supported" if enacted.startswith(asserted) else "contradicted", words, enacted, note, shown)


def _names_a_president(setting: Setting, claim: Claim) -> bool:
    return bool(
        tags(claim.slots["said"], "person") or re.search(r"[Pp]resident\s+(?!signed)[A-Z][a-z]+", claim.slots["said"])
    )


def _signed_by(setting: Setting, claim: Claim, bill: Path, law: Path) -> bool:
    people = [setting.mentions[number].path for number in tags(claim.slots["said"], "person")]
    for person in people:
        for row in ask_for(setting.store, "stances", thing=person):
            if row["position"] == "signed" and iri.path(row["on"]) in (bill, law):
                return bool(
                    evidence(
                        setting.store, "stances", {"thing": person}, iri.path(row["stance"]), S230 + "stancePosition"
                    )
                )
    return False


def status(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether the measure was law on the day, or a bill."""
    law = setting.gazetteer.laws.get(bill, "")
    enacted = setting.gazetteer.introduced.get(law) if law else None
    is_law = bool(enacted and enacted <= day)
    says_law = "law" in claim.slots and not claim.negated
    if not enacted and not _settled(setting, bill, day):
        return None
    shown = (
        evidence(setting.store, "law", {"law": law}, law, S230 + "enacted")
        if law
        else evidence(setting.store, "steps", {"bill": bill}, bill, S230 + "stage")
    )
    observed = f"law since {enacted}" if is_law else "bill"
    note = f"{naming.name(bill)}" + (f" became {naming.name(law)} on {enacted}" if enacted else " did not become law")
    if says_law == is_law:
        return Finding("supported", "law" if says_law else "bill", observed, note, shown)
    return Finding(
        "premature" if says_law and enacted else "contradicted", "law" if says_law else "bill", observed, note, shown
    )


def to_president(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether the measure was on its way to the President on the day."""
    days = {
        naming.name(chamber): [each for each, _ in passed(setting.store, bill, chamber)] for chamber in (HOUSE, SENATE)
    }
    law = setting.gazetteer.laws.get(bill, "")
    enacted = setting.gazetteer.introduced.get(law) or "9"
    rows = ask_for(setting.store, "steps", bill=bill)
    presented = any(row["text"].lower().startswith("presented to president") for row in rows)
    if not presented:
        return None
    both = all(found and found[0] <= day for found in days.values())
    verdict = "premature" if not both else "supported" if day < enacted else "outdated"
    return Finding(
        verdict, "next to the President", days, f"{naming.name(bill)}", _step_evidence(setting.store, bill, rows)
    )


def introduced(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether the measure was introduced on the day named."""
    known = setting.gazetteer.introduced.get(bill)
    asserted = _asserted_day(setting, claim, day)
    if not known or not asserted:
        return None
    shown = evidence(setting.store, "steps", {"bill": bill}, bill, S230 + "introduced")
    return Finding(
        "supported" if known.startswith(asserted) else "contradicted", asserted, known, f"{naming.name(bill)}", shown
    )


# --- tests: what law does --------------------------------------------------------------------------------------------

ADDS = ("addition", "insertion")
FORESEEN_ADDS = (
    "add-provision",
    "add-section",
    "add-exemption",
    "add-exception",
    "add-condition",
    "add-definition",
    "add-duty",
)


def changes(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether a law adds, amends or repeals a provision, or a bill would."""
    does = next(name for name in ("adds", "amends", "repeals") if name in claim.slots)
    targets = _targets(setting, claim)
    law = setting.gazetteer.laws.get(bill, "")
    if not targets:
        return None
    asserted = f"{does} {', '.join(map(naming.name, targets))}"
    if law:
        return _done(setting, claim, law, does, targets, asserted)
    return _foreseen(setting, bill, does, targets, asserted)


def _targets(setting: Setting, claim: Claim) -> list[Path]:
    """The designations that a claim names, or those that an exemption with its subject in its name reaches."""
    if numbers := tags(claim.slots["said"], "provision"):
        path = iri.split_day(setting.mentions[numbers[0]].path)[0]
        return [path] if path.startswith("/us/usc/") else []
    subject = claim.slots.get("subject", "").lower()
    rows = ask_for(setting.store, "subject_laws", word=subject.replace("-", " "))
    return sorted({iri.path(row["slot"]) for row in rows if "/s" in row["slot"].partition("/us/usc/")[2]})


def _done(setting: Setting, claim: Claim, law: Path, does: str, targets: list[Path], asserted: str) -> Finding | None:
    rows = ask_for(setting.store, "effects_of", law=law)
    touched = [row for row in rows if any(_within(iri.path(row["slot"]), target) for target in targets)]
    above = [row for row in rows if any(target.startswith(iri.path(row["slot"]) + "/") for target in targets)]
    if not touched and not above:
        known = any(answers.timeline_of(setting.store, _section(target)).effects for target in targets)
        if not rows or not known:
            return None
        shown = evidence(
            setting.store, "effects_of", {"law": law}, iri.path(rows[0]["effect"]), S230 + "kind", rows, law
        )
        return Finding("contradicted", asserted, "no effect on it", f"{naming.name(law)}", shown)
    shown = evidence(
        setting.store,
        "effects_of",
        {"law": law},
        iri.path((touched or above)[0]["effect"]),
        S230 + "kind",
        touched or above,
        law,
    )
    kinds = {(iri.path(row["slot"]), row["kind"]) for row in touched or above}
    observed = sorted(f"{kind}: {naming.name(slot)}" for slot, kind in kinds)
    new = {slot for slot, kind in kinds if kind in ADDS}
    if does == "adds":
        right = any(
            slot == target or target.startswith(slot + "/") or "subject" in claim.slots
            for slot in new
            for target in targets
        )
        partly = bool(new)
    elif does == "amends":
        right = any(slot not in targets or kind not in ADDS for slot, kind in kinds if touched)
        partly = False
    else:
        right, partly = (
            any(kind == "repeal" and slot in targets for slot, kind in kinds),
            any(kind == "repeal" for _, kind in kinds),
        )
    verdict = "supported" if right else "partly-supported" if partly else "contradicted"
    note = f"{naming.name(law)}"
    if does == "amends" and not right:
        note += "; what it did there was to add what is new"
    return Finding(verdict, asserted, observed, note, shown)


def _within(slot: Path, target: Path) -> bool:
    return f"{slot}/".startswith(f"{target}/")


def _section(slot: Path) -> Path:
    return "/".join(slot.split("/")[:5])


def _foreseen(setting: Setting, bill: Path, does: str, targets: list[Path], asserted: str) -> Finding | None:
    rows = [row for row in ask_for(setting.store, "foreseen", bill=bill) if "slot" in row]
    touched = [row for row in rows if any(_within(iri.path(row["slot"]), target) for target in targets)]
    if not touched:
        return None
    shown = evidence(
        setting.store, "foreseen", {"bill": bill}, iri.path(touched[0]["change"]), S230 + "operation", touched, bill
    )
    whole = {row["operation"] for row in touched if iri.path(row["slot"]) in targets}
    operations = {row["operation"] for row in touched}
    if does == "repeals":
        verdict = (
            "supported"
            if "repeal" in whole
            else "partly-supported"
            if operations & {"repeal", "sunset"}
            else "contradicted"
        )
    elif does == "adds":
        verdict = "supported" if operations & {*FORESEEN_ADDS} else "unverifiable"
    else:
        verdict = "supported" if operations - {"borrow-definition", "refer", "study", "save"} else "unverifiable"
    observed = sorted(
        {f"{row['operation']}: {row.get('slotLabel') or naming.name(iri.path(row['slot']))}" for row in touched}
    )
    note = f"What {naming.name(bill)} would do; a bill is not law"
    return Finding(verdict, asserted, observed, note, shown)


IMMUNITY = "/provision/us/usc/t47/s230/c/1@1996-02-08"


def shield(setting: Setting, claim: Claim, _: Path, day: Day) -> Finding | None:
    """Whether the section protects, without a word on what it leaves unprotected."""
    number = tags(claim.slots["said"], "provision")[0]
    if not setting.mentions[number].path.startswith("/us/usc/t47/s230"):
        return None
    if day < "1996-02-08":
        return None
    rows = ask_for(setting.store, "exemptions_on", day=day)
    if not rows:
        return None
    shown = evidence(setting.store, "exemptions_on", {"day": day}, IMMUNITY, S230 + "role")
    cases = [
        row for row in ask_for(setting.store, "construed_by", provision=IMMUNITY) if row.get("decided", "9") <= day
    ]
    held = [row for row in cases if row.get("outcome") in ("immunity granted", "immunity denied", "mixed")]
    if held:
        shown += evidence(
            setting.store,
            "construed_by",
            {"provision": IMMUNITY},
            iri.path(held[0]["case"]),
            S230 + "outcome",
            held,
            IMMUNITY,
        )
    observed = {"exemptions": [row["label"] for row in rows]} | {
        outcome: sum(row.get("outcome") == outcome for row in held)
        for outcome in ("immunity granted", "immunity denied", "mixed")
    }
    verdict = "contradicted" if "all" in claim.slots else "partly-supported"
    note = (
        "The section protects, but never against what its exemptions leave enforceable, and courts have denied it too."
    )
    return Finding(verdict, "protects", observed, note, shown)


def exempts(setting: Setting, claim: Claim, _: Path, day: Day) -> Finding | None:
    """Whether the provision named, or the section, left the law named as it is on the day."""
    subject = claim.slots["subject"].lower()
    entry = next(entry for entry in grammar()["subjects"] if re.search(entry["words"], subject))
    number = tags(claim.slots["said"], "provision")[0]
    slot = iri.split_day(setting.mentions[number].path)[0]
    rows = ask_for(setting.store, "exemption_at", exemption=entry["exemption"])
    if not slot.startswith("/us/usc/t47/s230") or not rows:
        return None
    shown = evidence(
        setting.store, "exemption_at", {"exemption": entry["exemption"]}, entry["exemption"], S230 + "provision"
    )
    provision, since = iri.path(rows[0]["provision"]), rows[0]["from"]
    asserted = f"{naming.name(slot)}: {subject}"
    if since > day:
        verdict = "premature" if "not" not in claim.slots["said"].split() else "contradicted"
        return Finding(verdict, asserted, f"only since {since}", rows[0]["label"], shown)
    place = timeline.whereabouts(answers.timeline_of(setting.store, "/us/usc/t47/s230"), provision, day)
    observed = f"{naming.name(place.slot)}: {rows[0]['label']}"
    if slot == "/us/usc/t47/s230" or _within(place.slot, slot) or _within(slot, place.slot):
        return Finding("supported", asserted, observed, f"In force since {since}.", shown)
    return Finding("contradicted", asserted, observed, f"On {day} it stood at {naming.name(place.slot)}.", shown)


WITHOUT_MEASURE = ("shield", "exempts")

TESTS: dict[str, Test] = {
    "cosponsors": cosponsors,
    "bipartisan": bipartisan,
    "sponsor": sponsor,
    "cosponsor": cosponsor,
    "passage": passage,
    "vote": vote,
    "signed": signed,
    "status": status,
    "to-president": to_president,
    "introduced": introduced,
    "changes": changes,
    "shield": shield,
    "exempts": exempts,
}
"""The test of each kind of claim that can be tested; the names are those of the grammar."""
