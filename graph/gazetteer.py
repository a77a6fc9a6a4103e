"""Who and what a text names: members of Congress, measures, laws, provisions, organizations, decisions, states.

Citations are found by `graph.citation`; all other names come from the record itself (`graph/queries/named_things.rq`,
`participations.rq`) and from `data/names.yaml`, which has what people say for it. Nothing is guessed: a name that may
mean two is told apart by what stands around it (title, state, the measures that the text speaks of), or keeps its
choices.

A text is read in its legible form, which has as many code points as the text as given, so that offsets hold for both.

>>> legible("“H.R.\u00a01865” – <b>")
'"H.R. 1865" - ‹b›'
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path as File
from typing import Any, NamedTuple

import yaml

from graph import citation, iri
from graph.records import Day, Path
from graph.store import Store, ask_for

NAMES = File(__file__).parent.parent / "data" / "names.yaml"
SENATE, HOUSE = "/org/us-senate", "/org/us-house-of-representatives"

LONGEST_LIST = 30
"""Names that follow one title."""

KINDS = {"usc": "provision", "law": "law", "act": "law", "bill": "bill", "order": "order", "case": "case"}
"""What a citation of a kind names; a page of the Statutes at Large names none of these."""


class Participation(NamedTuple):
    """One member's part in one measure: ``sponsor`` or ``cosponsor``, over ``[joined, withdrawn)``."""

    bill: Path
    person: Path
    name: str
    role: str
    party: str
    state: str
    joined: Day | None
    withdrawn: Day | None


class Entry(NamedTuple):
    """One name of things: its words, its kind, and what may be meant."""

    words: tuple[str, ...]
    kind: str
    paths: tuple[Path, ...]


class Gazetteer(NamedTuple):
    """All names of a release, by their first word; who took part in what; which measure became which law."""

    names: dict[str, tuple[Entry, ...]]
    labels: dict[Path, str]
    surnames: dict[tuple[str, ...], tuple[Path, ...]]
    by_person: dict[Path, tuple[Participation, ...]]
    by_bill: dict[Path, tuple[Participation, ...]]
    numbers: dict[tuple[str, ...], tuple[Path, ...]]
    sections: dict[str, Path]
    introduced: dict[Path, Day | None]
    laws: dict[Path, Path]
    bills: dict[Path, Path]


class Mention(NamedTuple):
    """Something that ``text[start:end]`` names. `choices` has what may be meant where `path` is empty.

    `around` is the wider stretch with the title before a name and the seat behind it: "Sen. Portman (R-OH)".
    """

    text: str
    start: int
    end: int
    kind: str
    path: Path
    choices: tuple[Path, ...] = ()
    note: str = ""
    around: tuple[int, int] = (0, 0)


# --- reading ---------------------------------------------------------------------------------------------------------

_LEGIBLE = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u1680\u2007\u2009\u202f\u205f\u3000\ufeff\u200b\t\r\v\f", " "),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("‘’‚′", "'"),
        **dict.fromkeys("“”„″«»", '"'),
        **{chr(0xFF01 + n): chr(0x21 + n) for n in range(94)},
        "<": "‹",
        ">": "›",
    }
)
_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\s.'&,-]{1,3}")
_ONE = r"Sen|Senator|Rep|Representative|Congressman|Congresswoman|Congressmember|Delegate|Chairman|Chairwoman|President"
_TITLE = re.compile(rf"\b(?:(?P<many>Sens|Senators|Reps|Representatives|Congressmen)|(?P<one>{_ONE}))\b\.?\s+")
_SEAT = re.compile(r"\.?\s*\((?P<party>[RDI])\s?-\s?(?P<state>[A-Z][A-Za-z. ]{1,20}?)(?:-\d+)?\)|,? of (?=[A-Z])")
_BEFORE = re.compile(
    r"(?:(?:U\.S\. |US |former |then-)?"
    rf"(?:{_ONE}|Sens|Senators|Reps|Representatives|Mr|Ms|Mrs|Dr|Leader|Speaker)\.? )+$"
)
"""The titles before a name that belong to it in a sentence."""
_HOME = re.compile(
    r",? (?:(?:an? |the )?(?:Republican|Democrat|independent) )?(?:of|from) "
    r"(?P<state>[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?![\w'])"
)
_SECTION = re.compile(
    r"\b[Ss]ections? (?P<number>\d{3,4}[A-Z]?)(?P<below>(?:\(\w{1,4}\))*)"
    r"(?![\w.-]*\d)(?! of (?!title|the Communications\b))"
)
_NEXT = re.compile(r"(?:,\s+and|\s+and|,|\s+&)\s+")
_SUFFIXES = frozenset({"Jr", "Sr", "II", "III", "IV"})
_FIRM = re.compile(r",? (?:Inc|LLC|L\.L\.C|L\.P|LP|Corp|Co|Ltd)\b\.?.*$")
_COMMITTEE = re.compile(r"\s+(?:[A-Z][\w,]+\s+|and\s+|on\s+){1,7}(?:Sub)?[Cc]ommittee\b|\s+Committee\b")
_BILL_NAME = re.compile(r"[A-Z].*\bAct\b(?: of \d{4})?|[A-Z]{4,}(?:-[A-Z]{4,})?")


def legible(text: str) -> str:
    """The text with one spelling of quotation marks, dashes, spaces and full-width letters, one for one."""
    return text.translate(_LEGIBLE)


def find(gazetteer: Gazetteer, text: str) -> list[Mention]:
    """Everything that a legible text names, in order, none overlapping another; what is ambiguous is left so.

    `settle` tells apart what a day and the rest of the text tell apart.
    """
    cited = [_of_citation(gazetteer, text, found) for found in citation.find(text)]
    taken = [mention for mention in cited if mention is not None]
    taken = _in_order(taken + _beside(taken, _bare_sections(gazetteer, text)))
    named = _beside(taken, _named(gazetteer, text))
    known = _in_order(taken + named)
    known = _in_order(known + _beside(known, _titled(gazetteer, text)))
    known = _in_order(known + _beside(known, _again(known, text)))
    return [_with_title(text, mention) for mention in known]


def _bare_sections(gazetteer: Gazetteer, text: str) -> Iterator[Mention]:
    """Sections cited without their title, of which the record has one alone: "section 1591", "sections 223"."""
    for match in _SECTION.finditer(text):
        path = gazetteer.sections.get(match["number"], "")
        below = path + "".join(f"/{part}" for part in re.findall(r"\w+", match["below"]))
        if path and below in gazetteer.sections.values():
            yield Mention(match[0], *match.span(), "provision", below, around=match.span())


def _in_order(mentions: list[Mention]) -> list[Mention]:
    return sorted(mentions, key=lambda mention: mention.start)


def _of_citation(gazetteer: Gazetteer, text: str, found: citation.Mention) -> Mention | None:
    """A citation as a mention; a measure whose Congress is not said has those of its number as choices."""
    kind = KINDS.get(found.kind, "")
    if not kind or (kind == "case" and not found.path):
        return None
    path, choices = found.path, found.choices
    if kind == "bill" and not path and not choices:
        choices = gazetteer.numbers.get(_number(found.text), ())
    span = found.start, found.end
    return Mention(text[found.start : found.end], *span, kind, path, choices, found.note, span)


@lru_cache(maxsize=4096)
def _number(cite: str) -> tuple[str, ...]:
    """Type and number of a measure cited without its Congress."""
    path = next((found.path for found in citation.find(cite, citation.Context(congress=1))), "")
    return tuple(path.split("/")[4:])


def _beside(taken: list[Mention], more: Iterable[Mention]) -> list[Mention]:
    """Those of `more` that overlap none of `taken` (in order) and none before them."""
    free: list[Mention] = []
    at, end = 0, 0
    for mention in more:
        while at < len(taken) and taken[at].end <= mention.start:
            at += 1
        if mention.start >= end and (at == len(taken) or taken[at].start >= mention.end):
            free.append(mention)
            end = mention.end
    return free


def _named(gazetteer: Gazetteer, text: str) -> Iterator[Mention]:
    """Full names, the longest at each place."""
    words = list(_WORD.finditer(text))
    names, past = gazetteer.names, 0
    for at, word in enumerate(words):
        entries = names.get(word[0])
        if entries is None or at < past:
            continue
        for entry in entries:
            last = at + len(entry.words) - 1
            if last < len(words) and _stands(text, words[at : last + 1], entry.words):
                start, end = word.start(), words[last].end()
                if entry.kind != "chamber" or _is_chamber(text, start, end):
                    path = entry.paths[0] if len(entry.paths) == 1 else ""
                    choices = () if path else entry.paths
                    kind = "organization" if entry.kind == "chamber" else entry.kind
                    yield Mention(text[start:end], start, end, kind, path, choices, "", (start, end))
                past = last + 1
                break


def _stands(text: str, words: list[re.Match[str]], name: tuple[str, ...]) -> bool:
    """Whether the words are those of a name, with nothing between them but what joins a name."""
    if any(word[0] != part for word, part in zip(words[1:], name[1:], strict=True)):
        return False
    return all(_GAP.fullmatch(text, a.end(), b.start()) for a, b in pairwise(words))


def _is_chamber(text: str, start: int, end: int) -> bool:
    """Whether "House" or "Senate" is a chamber of Congress here, not the White House nor a committee."""
    before = text[max(0, start - 12) : start].split()
    return not (before and before[-1] in _not_chamber()) and not _COMMITTEE.match(text, end)


def _titled(gazetteer: Gazetteer, text: str) -> Iterator[Mention]:
    """Surnames behind a title, and those that go on the list: "Senators Portman and Blumenthal"."""
    for title in _TITLE.finditer(text):
        chamber = SENATE if title[0].startswith("Sen") else HOUSE if title[0][0] in "RCD" else ""
        at = title.end()
        for _ in range(LONGEST_LIST):
            found = _surname(gazetteer, text, at, chamber)
            if found:
                yield found
            end = found.end if found else _full_name_end(text, at)
            if not end or not title["many"] or _TITLE.match(text, at):
                break
            seat = _SEAT.match(text, end)
            following = _NEXT.match(text, seat.end() if seat else end)
            if not following:
                break
            at = following.end()


def _full_name_end(text: str, at: int) -> int:
    """The end of a first name and a surname at a place, for lists in which some have both; 0 where there is none."""
    found = re.compile(r"[A-Z][\w'-]+(?:\s+[A-Z]\.)?\s+[A-Z][\w'-]+").match(text, at)
    return found.end() if found else 0


def _surname(gazetteer: Gazetteer, text: str, at: int, chamber: Path) -> Mention | None:
    words = [m for m in (_WORD.match(text, at),) if m]
    if words and (second := re.compile(r"[\s-][^\W_]+").match(text, words[0].end())):
        words.append(second)
    for count in range(len(words), 0, -1):
        key = tuple(word[0].lstrip(" -\n") for word in words[:count])
        paths = gazetteer.surnames.get(key)
        if paths:
            end = words[count - 1].end()
            seat = _SEAT.match(text, end)
            state = _state(seat["state"]) if seat and seat["state"] else _state_behind(text, end)
            chosen = _narrow(gazetteer, paths, chamber, state)
            path, choices = (chosen[0], ()) if len(chosen) == 1 else ("", chosen)
            return Mention(text[at:end], at, end, "person", path, choices, "", (at, end))
    return None


def _narrow(gazetteer: Gazetteer, paths: tuple[Path, ...], chamber: Path, state: str) -> tuple[Path, ...]:
    """Those whose record fits a title and a state; one that fits neither is nobody the record knows."""
    fit = [
        path
        for path in paths
        if any(
            (not chamber or chamber_of(part.bill) == chamber) and (not state or part.state == state)
            for part in gazetteer.by_person.get(path, ())
        )
        or (not chamber and not state)
    ]
    return tuple(fit)


def _again(known: list[Mention], text: str) -> Iterator[Mention]:
    """Surnames alone, of people whom the text names with given name or title."""
    people = [mention for mention in known if mention.kind == "person" and mention.path]
    surnames: dict[str, set[Path]] = defaultdict(set)
    for mention in people:
        last = [word for word in _WORD.findall(mention.text) if word not in _SUFFIXES][-1]
        surnames[last].add(mention.path)
    if surnames:
        for word in re.finditer(r"\b(?:" + "|".join(map(re.escape, surnames)) + r")\b", text):
            paths = tuple(sorted(surnames[word[0]]))
            following = re.match(r"\s+([A-Z][a-z]+)\b", text[word.end() : word.end() + 20])
            if not following or following[1] in _after_name():
                path, choices = (paths[0], ()) if len(paths) == 1 else ("", paths)
                yield Mention(word[0], *word.span(), "person", path, choices, "", word.span())


def _with_title(text: str, mention: Mention) -> Mention:
    """A person with the title before the name and the seat behind it."""
    if mention.kind != "person":
        return mention
    before = text[max(0, mention.start - 24) : mention.start]
    title = _BEFORE.search(before)
    start = mention.start - (len(before) - title.start()) if title else mention.start
    seat = _SEAT.match(text, mention.end)
    home = _HOME.match(text, mention.end)
    end = seat.end() if seat and seat["party"] else home.end() if home and _place_at(home["state"]) else mention.end
    return mention._replace(around=(start, end))


def _place_at(words: str) -> bool:
    return any(words.startswith(name) for name in _places().values())


def _state(name: str) -> str:
    """The postal code of a state as it stands in "(R-Ohio)"; the abbreviations of newspapers by their first letters."""
    bare = name.strip().replace(".", "")
    codes = _places()
    if bare.upper() in codes:
        return bare.upper()
    return next((code for code, full in codes.items() if full.lower().startswith(bare.lower())), "")


def _state_behind(text: str, end: int) -> str:
    found = re.compile(r",? of ((?:[A-Z][a-z]+ ?){1,2})").match(text, end)
    return next((code for code, full in _places().items() if found[1].strip().startswith(full)), "") if found else ""


# --- telling apart ---------------------------------------------------------------------------------------------------


def settle(gazetteer: Gazetteer, mentions: list[Mention], day: Day | None) -> list[Mention]:
    """What the day and the other mentions tell apart: a measure by its Congress, a member by the measures named.

    A popular name is that of the measure until the day of its enactment, and of the law from then on.
    """
    settled = list(_beside_its_number([_by_day(gazetteer, mention, day) for mention in mentions]))
    people = {m.path for m in settled if m.kind == "person" and m.path}
    settled = [_by_people(gazetteer, mention, people) for mention in settled]
    measures = {measure_of(gazetteer, m.path) for m in settled if m.kind in ("bill", "law")}
    return [_by_measures(gazetteer, mention, measures - {""}) for mention in settled]


def congress_of(day: Day) -> int:
    """The Congress that sits on a day.

    >>> congress_of("2018-03-21"), congress_of("2019-01-02"), congress_of("2019-01-03")
    (115, 115, 116)
    """
    year = int(day[:4]) - (day[5:] < "01-03")
    return (year - 1789) // 2 + 1


def _by_day(gazetteer: Gazetteer, mention: Mention, day: Day | None) -> Mention:
    if day is None:
        return _chosen(mention, mention.choices) if mention.kind == "bill" else mention
    if mention.kind == "law" and day < (gazetteer.introduced.get(mention.path) or ""):
        return _before_enactment(gazetteer, mention, day)
    if mention.kind == "bill" and mention.choices:
        sitting = [p for p in mention.choices if int(p.split("/")[3]) == congress_of(day)]
        begun = [p for p in sitting if (gazetteer.introduced.get(p) or day) <= day]
        enacted = [p for p in mention.choices if (gazetteer.introduced.get(gazetteer.laws.get(p, "")) or "9") <= day]
        return _chosen(mention, tuple(begun or sitting or enacted))
    if mention.kind == "person" and mention.choices:
        sat = [
            path
            for path in mention.choices
            if any(int(part.bill.split("/")[3]) == congress_of(day) for part in gazetteer.by_person.get(path, ()))
        ]
        return _chosen(mention, tuple(sat))
    return mention


def _before_enactment(gazetteer: Gazetteer, mention: Mention, day: Day) -> Mention:
    """The bill that a law's name means before there was the law: its own, or an earlier one of that name."""
    bill = gazetteer.bills.get(mention.path, "")
    if not bill or (gazetteer.introduced.get(bill) or "") <= day:
        return mention._replace(kind="bill", path=bill) if bill else mention
    words = tuple(_WORD.findall(mention.text))
    called = {
        path
        for entry in gazetteer.names.get(words[0], ())
        if entry.kind == "bill" and entry.words == words
        for path in entry.paths
        if int(path.split("/")[3]) == congress_of(day) and (gazetteer.introduced.get(path) or "9") <= day
    }
    return _chosen(mention._replace(kind="bill", path="", choices=()), tuple(sorted(called)))


def _beside_its_number(mentions: list[Mention]) -> Iterator[Mention]:
    """A name of several measures, directly before or behind the number of one of them, means that one."""
    for at, mention in enumerate(mentions):
        beside = [*mentions[max(0, at - 1) : at], *mentions[at + 1 : at + 2]]
        numbers = {
            other.path
            for other in beside
            if other.path in mention.choices and max(other.start - mention.end, mention.start - other.end) <= 6
        }
        yield _chosen(mention, tuple(numbers)) if mention.kind == "bill" and len(numbers) == 1 else mention


def _by_people(gazetteer: Gazetteer, mention: Mention, people: set[Path]) -> Mention:
    """A name of several measures means that in which most of the people named took part."""
    if mention.kind != "bill" or not mention.choices or not people:
        return mention
    shared = {
        path: len({part.person for part in gazetteer.by_bill.get(path, ())} & people)
        + 2 * any(part.role == "sponsor" and part.person in people for part in gazetteer.by_bill.get(path, ()))
        for path in mention.choices
    }
    most = max(shared.values())
    return _chosen(mention, tuple(path for path, count in shared.items() if most and count == most))


def _by_measures(gazetteer: Gazetteer, mention: Mention, measures: set[Path]) -> Mention:
    """A name of several people means the one who took part in a measure that the text names."""
    if mention.kind != "person" or not mention.choices:
        return mention
    taking = [p for p in mention.choices if any(part.bill in measures for part in gazetteer.by_person.get(p, ()))]
    return _chosen(mention, tuple(taking))


def _chosen(mention: Mention, left: tuple[Path, ...]) -> Mention:
    if len(left) == 1:
        return mention._replace(path=left[0], choices=())
    return mention._replace(choices=left) if left else mention


def measure_of(gazetteer: Gazetteer, path: Path) -> Path:
    """The measure that a mention of a measure, or of the law it became, speaks of; empty where the record has none."""
    return gazetteer.bills.get(path) or (path if path.startswith("/us/bill/") else "")


def chamber_of(bill: Path) -> Path:
    """The chamber in which a measure begins."""
    return SENATE if bill.split("/")[4].startswith("s") else HOUSE


# --- making ----------------------------------------------------------------------------------------------------------


def gazetteer(store: Store) -> Gazetteer:
    """The names of a release, made at the first question."""
    return _gazetteer(store, store.name)


@lru_cache(maxsize=2)
def _gazetteer(store: Store, release: str) -> Gazetteer:
    parts = [
        Participation(
            iri.path(row["bill"]),
            iri.path(row["person"]),
            row["name"],
            row["role"].rpartition("-")[2],
            row.get("party", ""),
            row.get("state", ""),
            row.get("joined"),
            row.get("withdrawn"),
        )
        for row in ask_for(store, "participations")
    ]
    by_person, by_bill = defaultdict(list), defaultdict(list)
    for part in parts:
        by_person[part.person].append(part)
        by_bill[part.bill].append(part)
    names: dict[tuple[tuple[str, ...], str], dict[Path, None]] = defaultdict(dict)
    surnames: dict[tuple[str, ...], dict[Path, None]] = defaultdict(dict)
    introduced: dict[Path, Day | None] = {}
    laws: dict[Path, Path] = {}
    labels: dict[Path, str] = {}
    for row in ask_for(store, "named_things"):
        path = iri.path(row["thing"])
        labels[path] = row["label"]
        if row["class"].endswith("#Bill"):
            introduced[path] = row.get("introduced")
            if "law" in row:
                laws[path] = iri.path(row["law"])
        for kind, words in _names(path, row["name"]):
            names[words, kind][path] = None
        if path.startswith(("/us/person/", "/person/")):
            for words in _surnames(row["name"]):
                surnames[words][path] = None
    for path, others in _others().items():
        for name in others:
            kind = "chamber" if path in (SENATE, HOUSE) else "organization"
            names[tuple(_WORD.findall(name)), kind][path] = None
    for code, name in _places().items():
        names[tuple(_WORD.findall(name)), "place"][f"/place/{code}"] = None
    for row in ask_for(store, "enactment_days"):
        introduced[iri.path(row["law"])] = row["enacted"]
    return Gazetteer(
        _by_first_word(names),
        labels,
        {words: tuple(paths) for words, paths in surnames.items()},
        {person: tuple(found) for person, found in by_person.items()},
        {bill: tuple(found) for bill, found in by_bill.items()},
        _by_number(introduced),
        _sections(iri.path(row["slot"]) for row in ask_for(store, "designations")),
        introduced,
        laws,
        {law: bill for bill, law in laws.items()},
    )


def _by_first_word(names: dict[tuple[tuple[str, ...], str], dict[Path, None]]) -> dict[str, tuple[Entry, ...]]:
    """Entries by their first word, the longest first."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for (words, kind), paths in names.items():
        found[words[0]].append(Entry(words, kind, tuple(sorted(paths))))
    return {word: tuple(sorted(entries, key=lambda e: (-len(e.words), e.kind))) for word, entries in found.items()}


def _by_number(measures: Iterable[Path]) -> dict[tuple[str, ...], tuple[Path, ...]]:
    """The measures of all Congresses by type and number."""
    numbers: dict[tuple[str, ...], tuple[Path, ...]] = {}
    for path in sorted(measures):
        if path.startswith("/us/bill/"):
            key = tuple(path.split("/")[4:])
            numbers[key] = (*numbers.get(key, ()), path)
    return numbers


def _sections(slots: Iterable[Path]) -> dict[str, Path]:
    """Designations by section and what is below it ("1591", "1591/e"), where one title alone has a section so called.

    >>> _sections(["/us/usc/t18/s1591", "/us/usc/t18/s1591/e", "/us/usc/t47/s9", "/us/usc/t17/s9"])
    {'1591': '/us/usc/t18/s1591', '1591/e': '/us/usc/t18/s1591/e'}
    """
    found: dict[str, set[Path]] = defaultdict(set)
    for slot in slots:
        if named := re.fullmatch(r"/us/usc/t\w+/s(.+)", slot):
            found[named[1]].add(slot)
    return {name: paths.pop() for name, paths in found.items() if len(paths) == 1}


def _names(path: Path, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names by which a thing is found, as words, each with its kind."""
    if path in (SENATE, HOUSE):
        return
    if path.startswith("/us/bill/"):
        if _BILL_NAME.fullmatch(name) and not citation.find(name):
            yield "bill", tuple(_WORD.findall(name))
    elif path.startswith("/case/"):
        if " v. " in name or name.startswith("In re "):
            yield "case", tuple(_WORD.findall(name))
            sides = [_FIRM.sub("", side) for side in re.sub(r" \(.*\)$", "", name).split(" v. ")]
            yield "case", tuple(_WORD.findall(" v. ".join(sides)))
    elif path.startswith("/org/"):
        yield "organization", tuple(_WORD.findall(name))
        yield "organization", tuple(_WORD.findall(_FIRM.sub("", name)))
        initials = "".join(word[0] for word in _WORD.findall(name) if word[0].isupper())
        if path == f"/org/{initials.lower()}" and len(initials) > 2:
            yield "organization", (initials,)
    elif path.startswith(("/us/person/", "/person/")):
        for words in _given_and_surname(name):
            yield "person", words


def _given_and_surname(name: str) -> Iterator[tuple[str, ...]]:
    """The forms in which a person is named in full: as recorded, without initials, by a short given name.

    >>> sorted(" ".join(words) for words in _given_and_surname('Henry C. "Hank" Johnson, Jr.'))
    ['Hank Johnson', 'Henry C Hank Johnson', 'Henry C Hank Johnson Jr', 'Henry Johnson']
    """
    words = _WORD.findall(name)
    yield tuple(words)
    core = [word for word in words if word not in _SUFFIXES]
    yield tuple(core)
    quoted = re.findall(r'"(\w+),?"', name)
    whole = [word for word in core if len(word) > 1 and word not in quoted]
    if len(whole) < 2:
        return
    surnames = [tuple(whole[-1:]), *([tuple(whole[-2:])] if len(whole) > 2 else [])]
    givens = {whole[0], *quoted, *_short_forms().get(whole[0], ())}
    for given in givens:
        for surname in surnames:
            yield (given, *surname)


def _surnames(name: str) -> Iterator[tuple[str, ...]]:
    core = [word for word in _WORD.findall(name) if word not in _SUFFIXES and len(word) > 1]
    yield tuple(core[-1:])
    if len(core) > 2:
        yield tuple(core[-2:])


@cache
def _file() -> dict[str, Any]:
    with NAMES.open(encoding="utf-8") as file:
        found: dict[str, Any] = yaml.safe_load(file)
    return found


@cache
def _short_forms() -> dict[str, tuple[str, ...]]:
    forms: dict[str, list[str]] = defaultdict(list)
    for short, longs in _file()["given"].items():
        for long in longs:
            forms[long].append(short)
    return {long: tuple(shorts) for long, shorts in forms.items()}


def _others() -> dict[Path, list[str]]:
    others: dict[Path, list[str]] = _file()["others"]
    return others


def _places() -> dict[str, str]:
    places: dict[str, str] = _file()["places"]
    return places


@cache
def _after_name() -> frozenset[str]:
    return frozenset(_file()["after_name"])


@cache
def _not_chamber() -> frozenset[str]:
    return frozenset(_file()["not_chamber"])
