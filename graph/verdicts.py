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

from graph import answers, iri, ledger, naming, timeline
from graph.claims import Claim, Stretch, grammar, stretches
from graph.gazetteer import HOUSE, SENATE, Gazetteer, Mention, Participation, chamber_of, congress_of, measure_of
from graph.records import Binding, Day, Path, spans
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

    `day` is that of the text, `today` the coverage day, `topic` the measure that the text is taken to speak of. `named`
    has the measures named, each with where its name ends, nothing where it is not sure which; `cited` the provisions
    and measures as they are named; `known` the findings so far, for texts that repeat themselves.
    """

    store: Store
    gazetteer: Gazetteer
    mentions: Sequence[Mention]
    day: Day | None
    topic: Path
    today: Day
    named: tuple[tuple[int, Path], ...]
    cited: tuple[tuple[int, Path], ...]
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
    measures = ((m, measure_of(gazetteer, m.path)) for m in mentions if m.kind in ("bill", "law"))
    named = [(m.end, path) for m, path in measures if path or m.kind == "bill"]
    cited = tuple((m.end, m.path) for m in mentions if m.kind in ("bill", "law", "provision"))
    return Setting(store, gazetteer, mentions, day, topic, today, tuple(named), cited, {})


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
    together = coordinated(setting, claim, candidates)
    said = claim.sentence if claim.kind == "vote" else claim.slots["said"]
    meant = re.sub(r"<\w+:(\d+)>", lambda tag: setting.mentions[int(tag[1])].path, said)
    key = (claim.kind, meant, tuple(sorted(claim.slots)), claim.negated, tuple(candidates), is_named, on)
    if key not in setting.known:
        found = (
            _of_each(setting, claim, on, test, together)
            if together
            else _of_measure(setting, claim, on, test, candidates, is_named)
        )
        setting.known[key] = weighed(found)
    return setting.known[key]


def _of_measure(setting: Setting, claim: Claim, on: Day, test: Test, candidates: list[Path], is_named: bool) -> Finding:
    """The finding for the measure that is meant.

    None where the record of the measure that is nearest does not tell, or where that does not fit and another one may.
    """
    if not candidates:
        return Finding("unverifiable", note="It is not said which measure is meant.")
    first = _turned(claim, test(setting, claim, candidates[0], on))
    if not first:
        name = f" of {naming.name(candidates[0])}" if candidates[0] else ""
        return Finding("unverifiable", note=f"The record{name} does not tell.")
    if is_named:
        return first
    found = [(candidates[0], first)]
    found += [(bill, finding) for bill in candidates[1:] if (finding := _turned(claim, test(setting, claim, bill, on)))]
    if first.verdict != "supported" and any(other.verdict != first.verdict for _, other in found[1:]):
        names = ", ".join(naming.name(bill) for bill, _ in found)
        return Finding("unverifiable", first.asserted, None, f"It may speak of any of these, and they differ: {names}")
    return _taken(first, candidates[0])


def _of_each(setting: Setting, claim: Claim, on: Day, test: Test, bills: list[Path]) -> Finding:
    """The finding on a claim of several measures: that on each, where they agree."""
    found = [_turned(claim, test(setting, claim, bill, on)) for bill in bills]
    told = [finding for finding in found if finding]
    if len(told) < len(bills):
        return Finding("unverifiable", note="The record of one of them does not tell.")
    if len({finding.verdict for finding in told}) > 1:
        names = ", ".join(map(naming.name, bills))
        return Finding("unverifiable", told[0].asserted, None, f"The record of {names} differs.")
    return told[0]._replace(
        observed={naming.name(bill): finding.observed for bill, finding in zip(bills, told, strict=True)},
        note="; ".join(dict.fromkeys(finding.note for finding in told)),
        evidence=tuple(part for finding in told for part in finding.evidence),
    )


def _taken(finding: Finding, bill: Path) -> Finding:
    name = naming.name(bill)
    meant = "the text does not name it here" if name in finding.note else f"taken to speak of {name}"
    return finding._replace(note="; ".join(filter(None, (finding.note, meant))))


def _turned(claim: Claim, found: Finding | None) -> Finding | None:
    """The finding on a claim that denies what its test affirms."""
    if not found or not claim.negated or claim.kind in ("exempts", "status"):
        return found
    if claim.kind not in ("passage", "signed", "sponsor", "cosponsor", "changes"):
        return Finding("unverifiable", found.asserted, None, "It denies something, which this test cannot weigh.")
    turned = {"supported": "contradicted", "contradicted": "supported", "premature": "supported"}
    return found._replace(verdict=turned.get(found.verdict, "unverifiable"), asserted=f"not: {found.asserted}")


# --- which measure ---------------------------------------------------------------------------------------------------


def measures(setting: Setting, claim: Claim) -> tuple[list[Path], bool]:
    """The measures that a claim may speak of, the likeliest first, and whether the claim itself names one."""
    subject = claim.slots.get("the_bill", claim.slots["said"])
    inside = tags(subject, "bill")
    if inside:
        mention = setting.mentions[inside[0]]
        path = measure_of(setting.gazetteer, mention.path)
        if path:
            return [path], True
        return ([*mention.choices], False) if mention.choices else ([], True)
    near = _nearest(setting, claim)
    is_open = claim.kind in ("signed", "status") and ("the_bill" in claim.slots or not near)
    if is_open and _may_be_a_provision(setting, claim):
        return [], True
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
    found = list(dict.fromkeys((*near, *around, setting.topic)))
    if found[0] == "" and len(found) > 1:
        return [], True
    found = [path for path in found if path]
    if claim.kind in ("cosponsors", "bipartisan") or tags(claim.slots.get("the_bill", ""), "chamber"):
        found = _of_chamber(setting, claim, found)
    if claim.kind in ("cosponsors", "bipartisan", "introduced", "passage"):
        found = _sponsored_by(setting.gazetteer, people, found[:4]) or found
    return found[:4], len(dict.fromkeys(near)) == 1


def _sponsored_by(gazetteer: Gazetteer, people: Sequence[Path], bills: Sequence[Path]) -> list[Path]:
    """The one of several measures that somebody of the sentence sponsored; empty where that is none, or several."""
    found = [
        bill
        for bill in bills
        if any(part.role == "sponsor" and part.person in people for part in gazetteer.by_bill.get(bill, ()))
    ]
    return found if len(found) == 1 else []


def _nearest(setting: Setting, claim: Claim) -> list[Path]:
    """The measures that the sentence of a claim names: those before the claim, the nearest first, then those behind."""
    found = [(match.start(), int(match[1])) for match in re.finditer(r"<bill:(\d+)>", claim.sentence)]
    before = [number for place, number in reversed(found) if place < claim.place]
    behind = [number for place, number in found if place >= claim.place]
    named = (setting.mentions[number] for number in (*before, *behind))
    # a law that was no bill of the record is no measure; a bill of which it is not sure which may be any
    return [path for m in named if (path := measure_of(setting.gazetteer, m.path)) or m.kind == "bill"]


def _may_be_a_provision(setting: Setting, claim: Claim) -> bool:
    """Whether a claim whose subject is a pronoun may speak of a provision, named shortly before it."""
    is_pronoun = claim.slots.get("the_bill", "it").lower() == "it"
    if not is_pronoun or "sign" in claim.slots["said"].lower():
        return False
    first, last = (bisect_right(setting.cited, (place, "~")) for place in (claim.start - 250, claim.start))
    return any(path.startswith("/us/usc/") for _, path in setting.cited[first:last])


def coordinated(setting: Setting, claim: Claim, candidates: list[Path]) -> list[Path]:
    """The measures of which a claim speaks at once: "neither S. 1 nor S. 2", "neither bill"; empty where it is one."""
    if "neither" not in claim.slots:
        return []
    numbers = tags(claim.slots["neither"], "bill")
    named = list(dict.fromkeys(_measure(setting, number) for number in numbers))
    if not numbers:
        at = bisect_right(setting.named, (claim.start, "~"))
        named = list(dict.fromkeys(path for _, path in reversed(setting.named[:at])))[:2]
    return named if len(named) > 1 and all(named) else []


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
    found = tags(claim.slots.get("chamber", "") or claim.slots.get("the_bill", ""), "chamber")
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
    if (not parts and not told) or (told and int(told[0]) != len(_active(parts, setting.today))):
        return None
    named = bool(parts)
    asserted = 0 if "none" in claim.slots else value(claim.slots.get("number", "0"))
    letter = _letter(claim.slots.get("party") or _party_in(claim.slots.get("supporters", "")))
    begun = setting.gazetteer.introduced.get(bill) or ""
    if "original" in claim.slots:
        parts = [part for part in parts if part.joined == begun]
    if "every" in claim.slots:  # all of them of one party: none of another
        parts = [part for part in parts if part.party != letter]
    elif letter:
        parts = [part for part in parts if part.party == letter]
    compare = _comparison(claim.slots.get("quantifier", ""))
    observed = len(_active(parts, day))
    property = S230 + ("cosponsorship" if named else "cosponsorCount")
    shown = evidence(setting.store, "cosponsors_on", {"bill": bill, "day": day}, bill, property)
    if day < begun:
        return Finding("premature", asserted, 0, f"{naming.name(bill)} was introduced later.", shown)
    note = f"Cosponsors of {naming.name(bill)}"
    note += f", not of {naming.name(setting.topic)}" if setting.topic and setting.topic != bill else ""
    if "every" in claim.slots:
        return Finding(
            "contradicted" if observed else "supported", f"all {letter}", f"{observed} of another party", note, shown
        )
    if compare(observed, asserted):
        return Finding("supported", asserted, observed, note, shown)
    earlier = _when(parts, lambda count: compare(count, asserted), "", day)
    if earlier:
        return Finding("outdated", asserted, observed, f"{note}; it was so {earlier}", shown)
    later = _when(parts, lambda count: compare(count, asserted), day, setting.today)
    if later:
        return Finding("premature", asserted, observed, f"{note}; it was so {later}", shown)
    return Finding("contradicted", asserted, observed, note, shown)


def _letter(party: str) -> str:
    return party[:1].upper().replace("G", "R")


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


def _when(parts: Sequence[Participation], fits: Callable[[int], bool], after: Day, before: Day) -> str:
    """The last stretch between two days on which a count fitted, in words; empty where there was none."""
    turns = sorted({day for part in parts for day in (part.joined, part.withdrawn) if day and after < day <= before})
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
        late = "original" in claim.slots and best and best.joined != setting.gazetteer.introduced.get(bill)
        grades.append(
            "supported" if best in held and best and best.role == role and not late
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
    asserted = _when_said(setting, claim, day)
    days = {chamber: passed(setting.store, bill, chamber) for chamber in chambers}
    observed = {naming.name(chamber): [each for each, _ in found] for chamber, found in days.items()}
    if not ask_for(setting.store, "actions", bill=bill):
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
        + (f" on {asserted.words}" if asserted.words else "")
    )
    note = f"{naming.name(bill)}"
    first = chambers[0]
    if "either" in claim.slots and any(found and found[0][0] <= day for found in days.values()):
        return Finding("supported", words.replace(" and ", " or "), observed, note, shown)
    if any(not found for found in days.values()):
        return Finding("contradicted", words, observed, note, shown) if _settled(setting, bill, day) else None
    if any(found[0][0] > day for found in days.values()):
        return Finding("premature", words, observed, note, shown)
    fits = any(asserted.fits(each) for each, _ in days[first] if each <= day)
    if len(chambers) > 1 and not numbers:
        fits = any(asserted.fits(each) for found in days.values() for each, _ in found if each <= day)
    return Finding("supported" if fits else "contradicted", words, observed, note, shown)


def _step_evidence(store: Store, bill: Path, rows: list[Row]) -> tuple[dict[str, Any], ...]:
    """The evidence of some steps of a measure; where there are none, that of its record, which has no such step."""
    if not rows:
        query = "steps" if ask_for(store, "steps", bill=bill) else "actions"
        first = ask_for(store, query, bill=bill)[:1]
    else:
        query, first = "steps", rows[:1]
    return (
        evidence(store, query, {"bill": bill}, iri.path(first[0]["action"]), S230 + "actionDay", rows, bill)
        if first
        else ()
    )


def _settled(setting: Setting, bill: Path, day: Day) -> bool:
    """Whether the record of a measure is whole on a day: its Congress is over, or the record is of later."""
    if day >= iri.congress_ends(int(bill.split("/")[3])) and setting.today >= day:
        return True
    said = ask_for(setting.store, "said_in", thing=bill, property=S230 + "introduced")
    return any((row.get("snapshot") or "") >= day for row in said if row["confidence"].endswith("official"))


class When(NamedTuple):
    """When a claim says that something was: in its words, and the stretches of days in which that may lie."""

    words: str
    stretches: tuple[Stretch, ...]

    def fits(self, day: Day) -> bool:
        """Whether a day is one of those; any is where the claim names none."""
        return not self.stretches or any(first <= day <= last for first, last in self.stretches)


def _when_said(setting: Setting, claim: Claim, day: Day) -> When:
    """The day, month or year that a claim names, or no stretch."""
    said = f"{claim.slots.get('aux', '')} {claim.slots['said']}".lower()
    now = setting.day or day
    if found := tags(claim.slots["said"], "day"):
        named = stretches(setting.mentions[found[0]].path, now)
        first, last = named[0]
        return When(first if first == last else f"{first} to {last}", named)
    if "yesterday" in said:
        before = (calendar.fromisoformat(now) - timedelta(days=1)).isoformat()
        return When(before, ((before, before),))
    if re.search(r"\btoday\b|\bthis (?:morning|afternoon)\b|\btonight\b", said):
        return When(now, ((now, now),))
    return When("", ())


def vote(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether the measure passed by the numbers named, in the chamber that the sentence names."""
    yea, nay = _numbers(claim.slots.get("tally", claim.slots["said"]))
    position = claim.sentence.find(claim.slots["said"])
    stretch = claim.sentence[: position + len(claim.slots["said"])]
    numbers = (
        tags(claim.slots["said"], "chamber")[-1:]
        or tags(stretch, "chamber")[-1:]
        or tags(claim.sentence, "chamber")[:1]
    )
    chambers = [setting.mentions[number].path for number in numbers] or [HOUSE, SENATE]
    is_amendment = "amendment" in claim.slots["said"].lower()
    tallies: dict[str, list[str]] = {}
    rows: list[Row] = []
    shown: tuple[dict[str, Any], ...] = ()
    for row in ask_for(setting.store, "votes", bill=bill):
        question = row.get("question", "").lower()
        if (
            iri.path(row["chamber"]) in chambers
            and "yea" in row
            and (
                "amendment" in question
                if is_amendment
                else re.search("passage|pass|conference report", question) and "amendment" not in question
            )
        ):
            tallies.setdefault(row["day"], []).append(f"{row['yea']}-{row['nay']}")
            rows.append(row)
    if rows:
        shown = evidence(setting.store, "votes", {"bill": bill}, iri.path(rows[-1]["vote"]), S230 + "yea", rows)
    for chamber in () if is_amendment else chambers:
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
    note = f"Votes on {'amendments' if is_amendment else 'passage'} of {naming.name(bill)}"
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
    # of amendments there are more than the record here has
    return Finding("unverifiable" if is_amendment else "contradicted", f"{yea}-{nay}", known, note, shown)


def _numbers(tally: str) -> tuple[int, int]:
    """The two numbers of a vote.

    >>> _numbers("97 to 2"), _numbers("414 members in favor and sixteen opposed")
    ((97, 2), (414, 16))
    """
    found = [word for word in re.findall(r"[\w]+(?:-[a-z]+)?|\d+", tally.lower()) if word.isdigit() or _is_number(word)]
    return value(found[0]), value(found[-1])


def _is_number(word: str) -> bool:
    return all(part in _NUMBERS for part in word.split("-"))


def signed(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether the measure was signed or law, on the day named where one is."""
    steps = ask_for(setting.store, "steps", bill=bill)
    law = setting.gazetteer.laws.get(bill, "")
    enacted = setting.gazetteer.introduced.get(law) if law else None
    asserted = _when_said(setting, claim, day)
    words = "signed" + (f" on {asserted.words}" if asserted.words else "")
    note = f"{naming.name(bill)}" + (f" is {naming.name(law)}." if law else " is no law.")
    rows = [row for row in steps if row["text"].lower().startswith(("signed by president", "became public law"))]
    if not enacted:
        shown = evidence(setting.store, "steps", {"bill": bill}, bill, S230 + "stage", rows)
        return Finding("contradicted", words, None, note, shown) if _settled(setting, bill, day) else None
    shown = evidence(setting.store, "law", {"law": law}, law, S230 + "enacted") + _step_evidence(
        setting.store, bill, rows
    )
    if enacted > day:
        return Finding("premature", words, enacted, note, shown)
    if not asserted.fits(enacted):
        return Finding("contradicted", words, enacted, note, shown)
    if _names_a_president(setting, claim):
        note += " Who signed it is told by the curated positions alone, if at all."
        if not _signed_by(setting, claim, bill, law):
            return Finding("unverifiable", words, enacted, note, shown)
    return Finding("supported", words, enacted, note, shown)


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


def reported(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether a committee reported the measure, or ordered it to be, on the day named where one is."""
    name = re.sub(r"\b(?:house|senate)\b", "", claim.slots.get("committee", "").lower())
    rows = [row for row in ask_for(setting.store, "actions", bill=bill) if _REPORTED.search(row.get("text", ""))]
    if any(word not in row["text"].lower() for row in rows for word in re.findall(r"[a-z]{4,}", name)):
        return None  # by another committee, or by one whose name the step does not tell
    shown = evidence(
        setting.store,
        "actions",
        {"bill": bill},
        iri.path(rows[0]["action"]) if rows else bill,
        S230 + ("actionDay" if rows else "introduced"),
        rows,
        bill,
    )
    asserted = _when_said(setting, claim, day)
    words = "reported" + (f" on {asserted.words}" if asserted.words else "")
    days = [row["day"] for row in rows if "day" in row]
    note = naming.name(bill)
    if not days:
        return Finding("contradicted", words, [], note, shown) if _settled(setting, bill, day) else None
    if days[0] > day:
        return Finding("premature", words, days, note, shown)
    fits = any(asserted.fits(each) for each in days if each <= day)
    return Finding("supported" if fits else "contradicted", words, days, note, shown)


_REPORTED = re.compile(r"\breported (?:by|to|with|in)\b|\breported \(|ordered to be reported|reported original", re.I)


def introduced(setting: Setting, claim: Claim, bill: Path, day: Day) -> Finding | None:
    """Whether the measure was introduced on the day named."""
    known = setting.gazetteer.introduced.get(bill)
    asserted = _when_said(setting, claim, day)
    if not known or not asserted.stretches:
        return None
    shown = evidence(setting.store, "steps", {"bill": bill}, bill, S230 + "introduced")
    verdict = "contradicted" if not asserted.fits(known) else "supported" if known <= day else "premature"
    return Finding(verdict, asserted.words, known, f"{naming.name(bill)}", shown)


# --- tests: what law does --------------------------------------------------------------------------------------------

ADDS = ("addition", "insertion")
REMOVES = ("repeal", "striking")
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
    does = next(name for name in ("adds", "amends", "repeals", "touches", "untouched") if name in claim.slots)
    targets = _targets(setting, claim)
    law = setting.gazetteer.laws.get(bill, "")
    if not targets:
        return None
    asserted = f"{does} {', '.join(map(naming.name, targets))}"
    if law:
        found = _done(setting, claim, law, does, targets, asserted)
        if found and day < (setting.gazetteer.introduced.get(law) or "") and re.search("ed$", claim.slots[does], re.I):
            return found._replace(verdict="premature" if found.verdict == "supported" else "unverifiable")
        return found
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
        verdict = "supported" if does == "untouched" else "contradicted"
        return Finding(verdict, asserted, "no effect on it", f"{naming.name(law)}", shown)
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
    elif does in ("touches", "untouched"):
        right, partly = does == "touches", False
    elif does == "amends":
        right = any(slot not in targets or kind not in ADDS for slot, kind in kinds if touched)
        partly = False
    else:
        right, partly = (
            any(kind in REMOVES and slot in targets for slot, kind in kinds),
            any(kind in REMOVES for _, kind in kinds),
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
    elif does == "untouched":
        verdict = "contradicted"
    elif does == "adds":
        verdict = "supported" if operations & {*FORESEEN_ADDS} else "unverifiable"
    else:
        verdict = "supported" if operations - {"borrow-definition", "refer", "study", "save"} else "unverifiable"
    observed = sorted(
        {f"{row['operation']}: {row.get('slotLabel') or naming.name(iri.path(row['slot']))}" for row in touched}
    )
    note = f"What {naming.name(bill)} would do; a bill is not law"
    return Finding(verdict, asserted, observed, note, shown)


SECTION = "/us/usc/t47/s230"
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
    """Whether the provision named, or the section, left the laws named as they are on the day, or covers them."""
    slot = _section_meant(setting, claim)
    if not slot:
        return None
    stretch = claim.slots["said"].lower()
    entries = [entry for entry in grammar()["subjects"] if re.search(entry["words"], stretch)]
    found = [finding for entry in entries if (finding := _left_alone(setting, claim, slot, entry, day))]
    if not found or len(found) < len(entries):
        return None
    verdicts = {finding.verdict for finding in found}
    verdict = (
        verdicts.pop() if len(verdicts) == 1 else "partly-supported" if "supported" in verdicts else "unverifiable"
    )
    return Finding(
        verdict,
        "; ".join(str(finding.asserted) for finding in found),
        "; ".join(str(finding.observed) for finding in found),
        " ".join(dict.fromkeys(finding.note for finding in found)),
        tuple(part for finding in found for part in finding.evidence),
    )


def _section_meant(setting: Setting, claim: Claim) -> Path:
    """The place in section 230 that a claim names, or the section where "it" follows one of them; empty for others."""
    numbers = tags(claim.slots["said"], "provision")
    if numbers:
        mention = setting.mentions[numbers[0]]
        return iri.split_day(mention.path)[0] if mention.path.startswith(SECTION) else ""
    at = bisect_right(setting.cited, (claim.start, "~"))
    return SECTION if at and setting.cited[at - 1][1].startswith(SECTION) else ""


def _left_alone(setting: Setting, claim: Claim, slot: Path, entry: dict[str, str], day: Day) -> Finding | None:
    """The finding on one law that a claim says the section leaves as it is, or covers."""
    rows = ask_for(setting.store, "exemption_at", exemption=entry["exemption"])
    if not rows:
        return None
    shown = evidence(
        setting.store, "exemption_at", {"exemption": entry["exemption"]}, entry["exemption"], S230 + "provision"
    )
    provision, since = iri.path(rows[0]["provision"]), rows[0]["from"]
    asserted = f"{naming.name(slot)}: {rows[0]['label']}"
    if "covers" in claim.slots and not claim.negated:
        # an exemption with conditions leaves something to the section: it may cover what the claim means
        is_whole = entry.get("whole", True)
        if since > day or not is_whole or slot != SECTION:
            return None
        return Finding("contradicted", f"it covers that: {asserted}", f"exempt since {since}", "", shown)
    if since > day:
        verdict = "premature" if "not" not in claim.slots["said"].split() else "contradicted"
        return Finding(verdict, asserted, f"only since {since}", rows[0]["label"], shown)
    place = timeline.whereabouts(answers.timeline_of(setting.store, SECTION), provision, day)
    observed = f"{naming.name(place.slot)}: {rows[0]['label']}"
    if slot == SECTION or _within(place.slot, slot) or _within(slot, place.slot):
        return Finding("supported", asserted, observed, f"In force since {since}.", shown)
    return Finding("contradicted", asserted, observed, f"On {day} it stood at {naming.name(place.slot)}.", shown)


def enacted(setting: Setting, claim: Claim, _: Path, day: Day) -> Finding | None:
    """Whether a provision was enacted on the day, or by the law, that the claim names."""
    slot, _day = iri.split_day(setting.mentions[tags(claim.slots["said"], "provision")[0]].path)
    if not slot.startswith("/us/usc/"):
        return None
    line = answers.timeline_of(setting.store, _section(slot))
    standing = timeline.standing(line, slot, max(day, setting.day or day))
    if not standing.binding:
        return None
    births = sorted(
        (effect for effect in line.effects.values() if effect.enacted and effect.id in _births(line, standing.binding)),
        key=lambda effect: effect.enacted or "",
    )
    if not births:
        return None
    birth, asserted = births[0], _when_said(setting, claim, day)
    law = ledger.law_of(birth.agent)
    said = tags(claim.slots["said"], "bill")
    laws = [setting.gazetteer.laws.get(bill) for bill in (_measure(setting, number) for number in said)]
    if not asserted.stretches and not laws:
        return None
    shown = evidence(setting.store, "effects_of", {"law": law}, f"/effect/{birth.id}", S230 + "kind", None, law)
    observed = f"enacted on {birth.enacted} by {naming.name(law)}"
    words = f"{naming.name(slot)} enacted" + (f" on {asserted.words}" if asserted.words else "")
    if laws and any(other != law for other in laws):
        return None  # a law may have been named for another reason
    fits = asserted.fits(birth.enacted or "")
    return Finding("supported" if fits else "contradicted", words, observed, naming.name(law), shown)


def _births(line: timeline.Timeline, binding: Binding) -> set[str]:
    """The effects that opened the first place of a provision."""
    first = min((b for b in line.bindings if b.provision == binding.provision), key=lambda b: b.valid_from)
    return set(first.opened_by)


WITHOUT_MEASURE = ("shield", "exempts", "enacted")

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
    "reported": reported,
    "changes": changes,
    "shield": shield,
    "exempts": exempts,
    "enacted": enacted,
}
"""The test of each kind of claim that can be tested; the names are those of the grammar."""
