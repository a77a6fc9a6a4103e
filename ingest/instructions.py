"""Amending instructions: the language in which bills and laws tell what is to be done to the law, read by a grammar.

The text is in the plain form of `ingest.billtext`: a line a provision, two spaces a level, ``> `` before quoted matter.
An instruction is spread over the provisions that lead to it; each adds to where it works::

    text      = {section}
    line      = [subject ("is" | "are") "amended"] {place} [operation {operation}] ["—" lines below | quoted matter]
    subject   = "Section 230(c) of the Communications Act of 1934 (47 U.S.C. 230(c))" | "Title 18, …" | "Such section" …
    place     = "in" (designation | part | "section" number)
    operation = "by" ("striking" object ["and inserting" words] | "inserting" words ("after" | "before") object
              | "adding at the end" words | "amending" designation "to read as follows"
              | "redesignating" list "as" list)

Quoted words are tokens: what a quotation says is never read as grammar. A place is resolved against the provisions
above the line: "paragraph (1)" below "in subsection (c)" is ``c/1``. A subject names its place in the Code itself, or
it is an Act whose places are known (`graph.citation`).

>>> bill = '''§ 2. Changes
... Section 230 of the Communications Act of 1934 (47 U.S.C. 230) is amended—
... (1) in subsection (c)(2)(B), by striking “paragraph (1)” and inserting “subparagraph (A)”; and
... (2) in subsection (e), by adding at the end the following:
...   > (6) No effect.—Nothing here is so.'''
>>> for told in read(bill):
...     print(told.order, told.clause, told.kind, told.target, told.old, "->", told.new)
1 s2/1 substitution /us/usc/t47/s230/c/2/B paragraph (1) -> subparagraph (A)
2 s2/2 addition /us/usc/t47/s230/e/6 None -> (6) No effect.—Nothing here is so.

What changes a law and fits no rule is an `Instruction` without a kind, with the reason. Nothing here raises for any
text, and the time grows with its length. Rules: House Legislative Counsel's Manual on Drafting Style, "Amendments".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from graph import citation
from graph.records import Day, Instruction, Path

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

RANKS = {"subsection": 1, "paragraph": 2, "subparagraph": 3, "clause": 4, "subclause": 5, "item": 6, "subitem": 7}
"""How deep the named levels of a section lie."""

MARKS = {"period": ".", "semicolon": ";", "comma": ",", "colon": ":", "dash": "—", "hyphen": "-"}

TABLE = "a table of contents, which is no provision"
"""Why an instruction that changes such a table is not told as a change of a provision."""

_LABEL = r"\([0-9A-Za-z]{1,6}(?:[-–][0-9A-Za-z]+)?\)"
_LABELS = rf"{_LABEL}(?:\s?{_LABEL})*"
_UNIT = r"(?:sub)?(?:section|paragraph|clause|item)"
_NUMBER = r"\d+[A-Za-z]{0,3}(?:[-–]\d+[A-Za-z]?)?"
_LINE = re.compile(r"(?P<margin> *)(?P<quoted>>)?(?P<inner>.*)")
_SECTION = re.compile(rf"§ (?P<number>{_NUMBER})\.?(?: |$)|(?:SEC(?:TION)?|Sec(?:tion)?)\. ?(?P<other>{_NUMBER})\. ")
_SECTION_1 = re.compile(rf"Section (?P<number>{_NUMBER})\. (?=[A-Z])")
_DIVISION = re.compile(
    r"(?:DIVISION|TITLE|SUBTITLE|CHAPTER|SUBCHAPTER|PART|SUBPART)\b|(?:Sub)?[Tt]itle [A-Z]+\b ?[—–-]"
)
_LED = re.compile(rf"(?P<label>{_LABEL}) ?")
_HEADING = re.compile(r"(?P<heading>[^“”.;]{1,200}?\.)—")
_QUOTATION = re.compile(r"“[^”]*”")
_TOKEN = re.compile(r"«(\d+)»")
_STOP = re.compile(r"(?<![A-Z])(?<!Pub)(?<!Stat)(?<!seq)(?<!No)(?<!Sec)\.(?:»)? (?=[A-Z«])")
_CODE = re.compile(rf"\(?(?P<title>\d+) U\.S\.C\. (?P<section>{_NUMBER})(?P<labels>(?:{_LABEL})*)(?P<more> et seq)?")
_OF_TITLE = re.compile(r"\btitle (?P<title>\d+)(?:,? (?:of the )?United States Code)", re.IGNORECASE)
_OF_SECTION = re.compile(rf"\b[Ss]ections? (?P<section>{_NUMBER})(?P<labels>(?:{_LABEL})*)")
_CHANGED = re.compile(
    r",? (?:is|are|shall be)(?: each)?(?: hereby)?(?: further)? (?P<verb>amended|repealed|redesignated|stricken)\b,?"
)
_CHANGES = re.compile(
    r"\b(?:is|are)(?: each)?(?: hereby)?(?: further)? (?:amended|repealed|redesignated)\b"
    r"|\bby (?:striking|inserting|adding|amending|redesignating|revising|repealing|deleting|moving|transferring)\b"
)
_VERB = re.compile(
    r"(?:^|\bby |,? and (?:by )?|, |; )(?P<verb>striking|strike|inserting|adding|amending|redesignating|revising"
    r"|repealing|deleting|moving|adjusting|transferring|indenting)\b "
)
_ASIDE = re.compile(
    r",? \((?:as|and)[^()]*(?:\([^()]*\)[^()]*)*\)"
    r"|,? as (?:so |previously )?(?:redesignated|amended|added|designated|transferred)"
    r"(?: (?:by|in|under) (?:[^,;«—]|\([^)]*\))*?)?(?=,|;|—| is | are | by | to read|$)"
)
_TIMES = re.compile(
    r",? ?(?:(?P<all>(?:each|every) (?:place|time)(?: (?:it|such|the|that|those|either)?(?: ?terms?| phrases?| words?)?"
    r" ?(?:appears?|occurs?))?|wherever (?:it|such term|the term) appears?)|(?P<both>both places)"
    r"(?: (?:it|such term|the term|that term)? ?appears?)?"
    r"|(?:in )?the (?P<nth>first|second|third|last) place(?: (?:it|such term|the term|that term)? ?appears?)?)"
)
_PART = re.compile(
    r"(?:the )?(?P<before>(?:undesignated )?matter (?:preceding|before))[^,;—]*"
    r"|(?:the )?(?P<after>(?:undesignated |flush )?(?:matter|text|language) (?:following|after|at the end))[^,;—]*"
    r"|(?:the )?(?:(?:(?:sub)?(?:section|paragraph|clause)|chapter) )?(?P<heading>heading|enumerator|header)(?: of)?"
    r"|(?:the )?(?P<sentence>first|second|third|fourth|fifth|sixth|last|penultimate) sentence"
)
_PLACE = re.compile(
    rf"""(?:,?\ ?and\ )?,?\ ?(?:in|of|at\ the\ end\ of)\ (?:each\ of\ )?(?:such\ |the\ )?
    (?:(?P<section>sections?\ {_NUMBER}(?:{_LABEL})*(?:\ of\ such\ (?:Act|title))?
        (?:\ \((?:as\ [^()]*|\d+\ U\.S\.C\.\ [^()]*(?:\([^()]*\)[^()]*)*)\))?)
    |(?P<places>{_UNIT}s?\ {_LABELS}(?:(?:,\ and\ |,\ |\ and\ |\ or\ |\ through\ ){_LABELS})*)
    |(?P<part>{_PART.pattern.replace("?P<", "?P<in_").replace(" ", "[ ]")}))""",
    re.VERBOSE,
)
_DESIGNATED = re.compile(
    rf"(?P<unit>{_UNIT})s? (?P<list>{_LABELS}(?:(?:, and |, or |, | and | or | through |–|-){_LABELS})*)", re.IGNORECASE
)
_REDESIGNATED = re.compile(
    rf"{_DESIGNATED.pattern.replace('?P<', '?P<old_')}(?:,? respectively)?,?"
    rf" as {_DESIGNATED.pattern.replace('?P<', '?P<new_')}",
    re.IGNORECASE,
)
_DAY = rf"(?P<month>{'|'.join(MONTHS)}) (?P<day>\d{{1,2}}), (?P<year>\d{{4}})"
_SUNSET = re.compile(
    r"(?:this section|section 230|such section)[^.]{0,80}"
    r"(?:no (?:legal )?force or effect|cease to (?:have (?:any )?(?:force or )?effect|be (?:in )?effect\w*)|expires?"
    r"|terminates?|not (?:apply|be in effect)|be repealed|is repealed)[^.]{0,40}?"
    rf"(?P<side>on and after|on or after|after|on|effective) {_DAY}",
    re.IGNORECASE,
)
_REPEALED_ON = re.compile(
    rf"\b(?P<side>[Ee]ffective(?: on(?: and after)?| beginning on| as of)?|on and after|on|after|beginning on),? {_DAY}"
)
_EFFECT = re.compile(
    r"\b(?:takes? effect|(?:shall|becomes?) (?:be )?effective"
    r"|shall apply (?:to|with respect|on|beginning|only|regardless))\b"
)
_SCOPE = re.compile(
    rf"(?P<whole>this (?:Act|bill)\b|amendments? made by this Act)|this (?P<own>section|subsection|paragraph)"
    rf"|(?P<unit>{_UNIT})s? (?P<list>{_LABELS}(?:(?:, and |, | and | or | through ){_LABELS})*)"
)


class _Where(NamedTuple):
    """Where an instruction works: a slot, or an Act or a title whose sections the lines below name."""

    target: Path = ""
    title: str = ""
    act: str = ""
    part: str = ""
    others: tuple[Path, ...] = ()
    """Further slots, where a place names several."""
    reason: str = ""
    amends: bool = False

    @property
    def slots(self) -> tuple[Path, ...]:
        return (self.target, *self.others)


class _Line(NamedTuple):
    """A provision of the text outside quoted matter, and the matter quoted behind it."""

    indent: int
    label: str
    heading: str
    words: str
    start: int
    quoted: tuple[str, ...]


class _Frame(NamedTuple):
    indent: int
    label: str
    where: _Where


def read(text: str) -> list[Instruction]:
    """The instructions of a text in the plain form, in their order. Raises nothing.

    >>> read("This Act may be cited as the Test Act.")
    []
    >>> read("Section 9 of the Moon Act is amended by pleasing everybody.")[0].reason
    'an Act whose place in the Code is not known'
    """
    found: list[Instruction] = []
    effects: list[tuple[str, str, str]] = []
    section = ""
    stack: list[_Frame] = []
    such = _Where()
    for line in _lines(text):
        numbered = _SECTION.match(line.words) if not line.label else None
        first = _SECTION_1.match(line.words) if not line.label else None
        if numbered or first:
            number = (numbered["number"] or numbered["other"]) if numbered else first["number"] if first else ""
            section, stack = f"s{number}", []
            end = (numbered or first).end()  # type: ignore[union-attr]
            if not _CHANGES.search(line.words):
                continue
            line = line._replace(words=line.words[end:], start=line.start + end)
        elif not line.label and _DIVISION.match(line.words):
            section, stack, such = "", [], _Where()
            continue
        # Words without a label stand above the labelled lines of the same margin.
        depth = line.indent if line.label else line.indent - 1
        while stack and stack[-1].indent >= depth:
            stack.pop()
        above = stack[-1].where if stack else _Where()
        labels = [frame.label for frame in stack if frame.label] + ([line.label] if line.label else [])
        clause = "/".join(filter(None, (section, *labels)))
        if _EFFECT.search(line.words) and not _CHANGED.search(_tokened(line.words)[0]):
            effects.append((clause, section, line.words))
        where = above
        for sentence, start in _sentences(line.words, line.start):
            last = start + len(sentence) >= line.start + len(line.words)
            reader = _Sentence(sentence, line.quoted if last else (), above, such)
            told = reader.read()
            where, such = reader.where, reader.such
            for instruction in told:
                found.append(instruction._replace(order=len(found) + 1, clause=clause, sentence=sentence, start=start))
        stack.append(_Frame(depth, line.label, where))
    return [_with_effect(instruction, effects) for instruction in found]


# --- lines and sentences ---------------------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[_Line]:
    """The lines outside quoted matter, each with the matter quoted right behind it (its margin taken off)."""
    pending: _Line | None = None
    quoted: list[str] = []
    offset = 0
    for whole in text.split("\n"):
        match = _LINE.fullmatch(whole)
        start, offset = offset, offset + len(whole) + 1
        if match is None or not whole.strip():
            continue
        if match["quoted"]:
            quoted.append(match["inner"].removeprefix(" "))
            continue
        if pending:
            yield pending._replace(quoted=tuple(quoted))
        quoted = []
        words, margin = match["inner"], len(match["margin"])
        label = heading = ""
        at = start + margin
        if led := _LED.match(words):
            label, words, at = led["label"].strip("()"), words[led.end() :], at + led.end()
        if headed := _HEADING.match(words):
            heading, words, at = headed["heading"], words[headed.end() :], at + headed.end()
        pending = _Line(margin, label, heading, words, at, ())
    if pending:
        yield pending._replace(quoted=tuple(quoted))


def _tokened(words: str) -> tuple[str, list[str]]:
    """Words with a token for each quotation, and the quotations without their marks."""
    quotations: list[str] = []

    def token(match: re.Match[str]) -> str:
        quotations.append(match[0][1:-1])
        return f"«{len(quotations) - 1}»"

    return _QUOTATION.sub(token, words), quotations


def _sentences(words: str, start: int) -> Iterator[tuple[str, int]]:
    """The sentences of a line, each with its place in the text."""
    masked = _QUOTATION.sub(lambda match: "“" + "x" * (len(match[0]) - 2) + "”", words)
    begun = 0
    for stop in _STOP.finditer(masked):
        yield words[begun : stop.start() + 1], start + begun
        begun = stop.end()
    if words[begun:]:
        yield words[begun:], start + begun


# --- places ----------------------------------------------------------------------------------------------------------


def _rank(label: str, above: int) -> int:
    """How deep a label lies, from its form and the depth of the one above it.

    >>> _rank("c", 0), _rank("1", 1), _rank("A", 2), _rank("i", 3), _rank("I", 4)
    (1, 2, 3, 4, 5)
    """
    if label[:1].isdigit():
        return 2
    if label[:1].isupper():
        return 5 if above >= 4 else 3
    return 1 if above == 0 else 6 if above >= 5 else 4


def _below(slot: Path, unit: str, labels: str) -> Path:
    """The slot that "paragraph (1)(A)" names where `slot` is what the words are about."""
    _, _, title, section, *levels = slot.strip("/").split("/") if slot else ["", "", "", ""]
    named = [label.strip() for label in re.findall(r"\(([^()]*)\)", labels)]
    wanted = RANKS.get(unit.lower().rstrip("s"), 0)
    kept: list[str] = []
    rank = 0
    for level in levels:
        rank = _rank(level, rank)
        if wanted and rank >= wanted:
            break
        kept.append(level)
    return "/".join(("/us/usc", title, section, *kept, *named))


def _listed(words: str) -> list[str]:
    """The runs of labels that a list names, ranges told one by one; none where a range cannot be told.

    >>> _listed("(3) through (5)"), _listed("(A), (B), and (D)(i)"), _listed("(ix) through (xi)")
    (['(3)', '(4)', '(5)'], ['(A)', '(B)', '(D)(i)'], ['(ix)', '(x)', '(xi)'])
    """
    pieces = re.findall(rf"(through|–|-(?=\())|({_LABELS})", words)
    found: list[str] = []
    ranged = False
    for through, labels in pieces:
        if through:
            ranged = True
        elif ranged and found:
            between = _range(found[-1], labels)
            if not between:
                return []
            found += between
            ranged = False
        else:
            found.append(labels)
    return found


def _range(first: str, last: str) -> list[str]:
    """The labels behind `first` up to `last`; none where the two are of no one series."""
    a, b = first.strip("()"), last.strip("()")
    for series in (_NUMERALS, _LETTERS, _CAPITALS, _ROMANS, _CAPITAL_ROMANS):
        if a in series and b in series and series.index(a) < series.index(b):
            run = series[series.index(a) + 1 : series.index(b) + 1]
            if len(run) <= 30:
                return [f"({label})" for label in run]
    return []


def _roman(number: int) -> str:
    pairs = ((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    text = ""
    for value, sign in pairs:
        text, number = text + sign * (number // value), number % value
    return text


_NUMERALS = [str(number) for number in range(1, 200)]
_ROMANS = [_roman(number) for number in range(1, 40)]
_CAPITAL_ROMANS = [roman.upper() for roman in _ROMANS]
_LETTERS = [chr(letter) for letter in range(ord("a"), ord("z") + 1)]
_CAPITALS = [letter.upper() for letter in _LETTERS]


def _section_of(words: str, title: str, act: str) -> Path:
    """The slot that "section 307(b)(3) (6 U.S.C. 187(b)(3))" names, in a title of the Code or an Act that is known."""
    named = _OF_SECTION.search(words)
    coded = _CODE.search(words)
    labels = re.findall(r"\(([^()]*)\)", named["labels"]) if named else []
    if coded and not coded["more"]:
        inside = re.findall(r"\(([^()]*)\)", coded["labels"])
        number = coded["section"].replace("–", "-")
        return "/".join((f"/us/usc/t{coded['title']}/s{number}", *(labels or inside)))
    if named and title and not act:
        return "/".join((f"/us/usc/t{title}/s{named['section'].replace('–', '-')}", *labels))
    if named and act:
        known = citation.parse(f"section {named['section']}{named['labels']} of the {act}")
        if known and known.path.startswith("/us/usc/"):
            return known.path
    return ""


def _subject(words: str, such: _Where) -> _Where:
    """What a subject names: a slot, an Act, a title of the Code; with the reason where it names nothing we know."""
    words = _ASIDE.sub("", words).strip(" ,")
    if re.search(
        r"\btable of (?:contents|sections|chapters|parts)\b|\b(?:chapter|part) analysis\b|\banalysis (?:for|of)\b",
        words,
    ):
        return _Where(reason=TABLE, amends=True)
    if re.search(r"\bof this (?:Act|title|division)\b|^(?:This|this) (?:Act|section)\b", words):
        return _Where(reason="a provision of the text itself or of another bill", amends=True)
    titled = _OF_TITLE.search(words)
    acts = re.search(
        r"\b(?:of |[Tt]he )(?:the )?(?P<act>[A-Z][^()]*?(?:Act|Code|Law|Amendments?)\b(?: of \d{4})?)", words
    )
    act = acts["act"] if acts and not titled else ""
    part = _PART.match(words)
    slot = _section_of(words, titled["title"] if titled else "", act)
    same = re.search(r"\b[Ss]uch (section|Act|title|Code|subsection|paragraph)\b", words)
    if same and not slot:
        if same[1] in ("section", "subsection", "paragraph") and such.target:
            slot = such.target if same[1] != "section" else "/".join(such.target.split("/")[:5])
        elif same[1] in ("Act", "title", "Code"):
            slot, act = _section_of(words, such.title, such.act), such.act
    if slot:
        designated = _DESIGNATED.match(words)
        several: list[Path] = []
        if designated and designated["unit"].lower() != "section":
            several = [_below(slot, designated["unit"], labels) for labels in _listed(designated["list"])]
            # "Subsection (e) of section 230": what stands first lies below the section.
            slot, several = (several[0], several[1:]) if several else (slot, [])
        return _Where(slot, _title_of(slot), act, _part_named(part) if part else "", tuple(several), amends=True)
    coded = _CODE.search(words)
    title = titled["title"] if titled else coded["title"] if coded else such.title if same else ""
    reason = "" if titled or coded else "an Act whose place in the Code is not known"
    return _Where("", title, act, reason=reason if not same else "", amends=True)


def _title_of(slot: Path) -> str:
    return slot.split("/")[3].removeprefix("t") if slot else ""


def _part_named(match: re.Match[str]) -> str:
    """The name of a part of a provision that has no designation."""
    groups = {name.removeprefix("in_"): value for name, value in match.groupdict().items() if value}
    if "before" in groups:
        return "introductory"
    if "after" in groups:
        return "concluding"
    return f"{groups['sentence']} sentence" if "sentence" in groups else "heading"


# --- one sentence ----------------------------------------------------------------------------------------------------


class _Misread(Exception):  # noqa: N818
    """An operation that fits no rule."""


class _Sentence:
    """Reads one sentence: first what it is about (`where`, for the lines below too), then each operation."""

    def __init__(self, words: str, quoted: tuple[str, ...], above: _Where, such: _Where) -> None:
        self.text, self.quotations = _tokened(words)
        self.quoted = quoted
        self.where = above
        self.such = such

    def read(self) -> list[Instruction]:
        changed = _CHANGED.search(self.text)
        if not changed and not (self.where.amends and (_VERB.search(self.text) or _PLACE.match(self.text))):
            if self.where.amends and not self.text.endswith("—"):
                return []
            self.where = self.where if self.where.amends else _Where()
            return []
        rest = self.text
        if changed and not _TOKEN.search(self.text[: changed.start()]):
            lead = _REPEALED_ON.match(self.text)
            subject = self.text[: changed.start()][lead.end() if lead else 0 :]
            self.where = _subject(subject, self.such)
            if self.where.target or self.where.title:
                self.such = self.where
            rest = self.text[changed.end() :]
            if changed["verb"] in ("repealed", "stricken"):
                return self._repealed()
            if changed["verb"] == "redesignated":
                return self._guarded(lambda: self._redesignated_itself(rest))
        rest = _ASIDE.sub("", rest).strip(" ,")
        rest = self._placed(rest)
        if re.match(r"(?:by (?:amending|revising) such \w+ )?(?:so as )?to read(?: as follows)?\b", rest):
            return self._guarded(lambda: self._rewritten(self.where.slots))
        pieces = list(self._operations(rest))
        if not pieces:
            bare = rest.strip(" —,;:.")
            opens = self.text.rstrip().endswith(("—", "-", ":")) or not bare or bare in ("and", "by")
            if opens and not bare.replace("and", "").strip():
                return []
            return (
                [self._unread(self.where.reason or "no operation that the grammar knows")]
                if changed or _CHANGES.search(self.text)
                else []
            )
        found: list[Instruction] = []
        for place, (verb, said) in enumerate(pieces):
            final = place == len(pieces) - 1
            found += self._guarded(partial(self._operation, verb, said, final))
        return found

    def _placed(self, rest: str) -> str:
        """Take the places at the front of what is said into `where`."""
        while match := _PLACE.match(rest):
            follows = rest[match.end() :]
            if follows and not re.match(r"[\s,;:—.]", follows):
                break
            if match["section"]:
                slot = _section_of(match["section"], self.where.title, self.where.act)
                if slot:
                    self.where = self.where._replace(target=slot, title=_title_of(slot), part="", others=(), reason="")
                else:
                    reason = self.where.reason or "a section of an Act whose place in the Code is not known"
                    self.where = self.where._replace(target="", reason=reason)
            elif match["places"]:
                designated = _DESIGNATED.match(match["places"])
                lists = _listed(designated["list"]) if designated else []
                if designated and self.where.target and lists:
                    slots = [_below(self.where.target, designated["unit"], labels) for labels in lists]
                    self.where = self.where._replace(target=slots[0], others=tuple(slots[1:]), part="")
            else:
                self.where = self.where._replace(part=_part_named(match))
            rest = follows.lstrip(" ,")
        return rest

    def _operations(self, rest: str) -> Iterator[tuple[str, str]]:
        """The operations of a sentence: each verb with what is said up to the next one."""
        joined: list[tuple[str, int, int]] = []
        for match in _VERB.finditer(rest):
            verb = match["verb"]
            before = rest[joined[-1][2] : match.start()] if joined else ""
            # "striking X and inserting Y" is one operation; "inserting Y after X" behind ", and by" another.
            if (
                verb == "inserting"
                and joined
                and joined[-1][0] in ("striking", "strike", "deleting")
                and "by" not in match[0].split()
                and not re.match(r"(?:after|before)\b", rest[match.end() :])
                and not re.search(r" (?:after|before) «", rest[match.end() :].split(";")[0])
                and "inserting" not in before
            ):
                continue
            joined.append((verb, match.start(), match.end()))
        for place, (verb, _, end) in enumerate(joined):
            until = joined[place + 1][1] if place + 1 < len(joined) else len(rest)
            yield verb, rest[end:until].strip(" ,")

    def _guarded(self, told: Callable[[], list[Instruction]]) -> list[Instruction]:
        if self.where.reason == TABLE:
            return [self._unread(TABLE)]
        try:
            found = told()
        except _Misread as error:
            return [self._unread(str(error))]
        if self.where.reason and not all(i.target or i.moves for i in found):
            return [self._unread(self.where.reason)]
        if any(not i.target and not i.moves for i in found):
            return [self._unread("no provision of the Code is named")]
        return found

    def _unread(self, reason: str) -> Instruction:
        return Instruction("", self.where.target, 0, "", "", 0, reason=reason)

    def _made(self, kind: str, target: Path | None = None) -> Instruction:
        return Instruction(kind, self.where.target if target is None else target, 0, "", "", 0, part=self.where.part)

    # operations

    def _operation(self, verb: str, said: str, final: bool) -> list[Instruction]:
        said = said.rstrip(" ;,.—") if not said.endswith("«") else said
        said = re.sub(r"(?:[;,] and|[;,]|\band)$", "", _ASIDE.sub("", said)).strip(" ,;")
        if re.search(r"\bexcept\b", said):
            raise _Misread("an exception from what is to be done")
        if verb in ("striking", "strike", "deleting", "repealing"):
            return self._struck(said, final)
        if verb == "inserting":
            return self._inserted(said, final)
        if verb == "adding":
            return self._inserted(said, final)
        if verb in ("amending", "revising"):
            return self._revised(said)
        if verb == "redesignating":
            return self._redesignated(said)
        if verb in ("adjusting", "indenting") or re.match(r"the (?:left )?margins?|such .* margins?", said):
            return []
        raise _Misread(f"no rule for {verb!r}")

    def _words(self, said: str) -> str | None:
        """The words that a phrase at its front names: a quotation, or a mark by its name."""
        if token := _TOKEN.match(said):
            return self.quotations[int(token[1])]
        mark = re.match(rf"(?:a|the|such|an) ({'|'.join(MARKS)})\b", said)
        return MARKS[mark[1]] if mark else None

    def _block(self, said: str, final: bool) -> str | None:
        """The words behind "the following": the matter quoted below the line, or a quotation in it."""
        if not re.search(r"\bfollowing\b", said):
            return None
        if tokens := _TOKEN.findall(said[re.search(r"\bfollowing\b", said).end() :]):  # type: ignore[union-attr]
            return self.quotations[int(tokens[0])]
        return "\n".join(self.quoted) if final and self.quoted else None

    def _times(self, said: str) -> tuple[int | None, str]:
        """How often, and what is said without it; "the second place" stands in the part."""
        match = _TIMES.search(said)
        if not match:
            return None, said
        times = 0 if match["all"] else 2 if match["both"] else None
        if match["nth"]:
            self.where = self.where._replace(part=self.where.part or f"{match['nth']} occurrence")
        return times, said[: match.start()] + said[match.end() :]

    def _narrowed(self, said: str) -> str:
        """What is said without "of paragraph (10)" at its end, which is where the operation works."""
        match = re.search(rf" (?:of|in) (?:such )?(?P<places>{_DESIGNATED.pattern}),?$", said.strip(), re.IGNORECASE)
        if not match or not self.where.target or not _TOKEN.search(said[: match.start()] + "«0»"):
            return said
        slots = [_below(self.where.target, match["unit"], labels) for labels in _listed(match["list"])]
        if slots:
            self.where = self.where._replace(target=slots[0], others=tuple(slots[1:]), part="")
        return said.strip()[: match.start()]

    def _struck(self, said: str, final: bool) -> list[Instruction]:
        kept = self.where
        times, said = self._times(said)
        old_said, joined, new_said = said.partition("inserting ")
        old_said = re.sub(r"(?:,? and|,)\s*$", "", old_said.strip()).strip(" ,")
        new: str | None = None
        if joined:
            new = self._words(new_said)
            if new is None:
                new = self._block(new_said, final)
            if new is None:
                raise _Misread("the words to be inserted are not given")
        if designated := _DESIGNATED.match(old_said):
            found = self._struck_whole(designated, old_said, new)
        else:
            found = self._struck_words(self._narrowed(old_said), new, times, final)
        self.where = kept
        return found

    def _struck_whole(self, designated: re.Match[str], said: str, new: str | None) -> list[Instruction]:
        if said[designated.end() :].strip(" ,.") and not re.match(
            r" ?(?:and )?(?:in its entirety|at the end)", said[designated.end() :]
        ):
            more = said[designated.end() :]
            if not re.fullmatch(
                r"(?:,| and|, and| or| through|\s|\([^)]*\)|(?:sub)?(?:paragraph|clause|section)s?)*", more
            ):
                raise _Misread("more is said of what is struck than the grammar knows")
        if designated["unit"].lower() == "section":
            raise _Misread("a section is struck that has no number the grammar knows")
        lists = _listed(designated["list"])
        if not lists or not self.where.target:
            raise _Misread(
                "the list of what is struck cannot be told"
                if not lists
                else self.where.reason or "no provision of the Code is named"
            )
        slots = [_below(self.where.target, designated["unit"], labels) for labels in lists]
        if new is None:
            return [self._made("repeal", slot)._replace(part="") for slot in slots]
        made = [p for p in _provisions(new) if p.label]
        if len(slots) == 1 and len(made) <= 1:
            return [self._made("general-amendment", slots[0])._replace(new=new, part="", sunset=_sunset(new))]
        parent = slots[0].rpartition("/")[0]
        rewritten = {f"{parent}/{p.label}": p for p in made}
        found = [self._made("repeal", slot)._replace(part="") for slot in slots if slot not in rewritten]
        for slot, provision in rewritten.items():
            kind = "general-amendment" if slot in slots else "addition"
            adds = provision.adds if kind == "addition" else ()
            found.append(self._made(kind, slot)._replace(new=provision.words, adds=adds, part=""))
        return found

    def _struck_words(self, said: str, new: str | None, times: int | None, final: bool) -> list[Instruction]:
        kind = "striking" if new is None else "substitution"
        old = self._words(said)
        part, through = self.where.part, ""
        if old is not None and (follows := re.search(r"\ball that follows(?: through)?(?P<to>.*)", said)):
            through = self._words(follows["to"].strip(" ,")) or "."
            if "period" in follows["to"] or "end" in follows["to"] or not follows["to"].strip():
                through = "."
        elif old is not None and len(_TOKEN.findall(said)) > 1 and new is None:
            return [
                self._made(kind, slot)._replace(old=self.quotations[int(n)], times=times)
                for slot in self.where.slots
                for n in _TOKEN.findall(said)
            ]
        if old is None:
            named = _PART.match(said)
            if not named:
                raise _Misread("what is struck is not told in words the grammar knows")
            part = _part_named(named)
            kind = "striking" if new is None else "general-amendment"
        elif (re.search(r"\bat the end\b", said) and not through) or re.match(
            r"the (?:" + "|".join(MARKS) + r")$", said
        ):
            part = part or "end"
        # "striking “No provider” and inserting the following: (A) In general.—No provider" makes a new slot too.
        adds = tuple(p.label for p in _provisions(new) if p.label) if new and self.quoted and final else ()
        return [
            self._made(kind, slot)._replace(old=old, new=new, through=through, part=part, times=times, adds=adds)
            for slot in self.where.slots
        ]

    def _inserted(self, said: str, final: bool) -> list[Instruction]:
        times, said = self._times(said)
        place = re.search(
            r"\b(?P<side>at the end|at the beginning|after|before)\b(?: (?:of|thereof))?(?P<anchor>.*)", said
        )
        if not place:
            raise _Misread("where words are put in is not told")
        side, anchor = place["side"], place["anchor"].strip(" ,:")
        new = self._words(said)
        if new is None:
            new = self._block(said, final)
        if new is None:
            raise _Misread("the words to be put in are not given")
        behind = re.split(r",? ?the following\b", anchor)[0].strip(" ,:")
        kept = self.where
        if side in ("after", "before") and not _DESIGNATED.match(behind):
            behind = self._narrowed(behind)
        elif of := re.match(rf"of (?:the )?({_DESIGNATED.pattern})", anchor, re.IGNORECASE) or re.match(
            rf"({_DESIGNATED.pattern})", behind if side.startswith("at") else "", re.IGNORECASE
        ):
            self._narrowed(f"«0» of {of[1]}")
        try:
            return self._put_in(said, new, side, behind, times)
        finally:
            self.where = kept

    def _put_in(self, said: str, new: str, side: str, behind: str, times: int | None) -> list[Instruction]:
        ended = re.match(r"(?:at|before|after) the end", behind)
        words = self._words(behind)
        designated = _DESIGNATED.match(behind)
        section = re.match(rf"section {_NUMBER}", behind)
        made = [p for p in _provisions(new) if p.label] if not _TOKEN.match(said) else []
        if made and (section or (made[0].section and side.startswith("at"))):
            return self._sections(made, behind)
        if made and (designated or side.startswith("at")) and not made[0].section:
            return self._additions(made, None if side.startswith("at") else designated)
        if side.startswith("at") or ended:
            return [
                self._made("insertion", slot)._replace(new=new, side=side if not ended else "at the end", times=times)
                for slot in self.where.slots
            ]
        if words is None and designated and self.where.target:
            labels = _listed(designated["list"])
            if not labels:
                raise _Misread("the place cannot be told")
            # Words put in behind a provision: behind its last word.
            return [
                self._made("insertion", _below(self.where.target, designated["unit"], labels[0]))._replace(
                    new=new, side="at the end" if side == "after" else "at the beginning", part=""
                )
            ]
        if words is None and (named := _PART.match(behind)):
            return [
                self._made("insertion", slot)._replace(
                    new=new, side="at the end" if side == "after" else "at the beginning", part=_part_named(named)
                )
                for slot in self.where.slots
            ]
        if words is None:
            raise _Misread("the place is not told in words the grammar knows")
        part = self.where.part
        if not _TOKEN.match(behind):
            part = part or "end"
        return [
            self._made("insertion", slot)._replace(new=new, side=side, anchor=words, times=times, part=part)
            for slot in self.where.slots
        ]

    def _additions(self, made: list[_Provision], designated: re.Match[str] | None) -> list[Instruction]:
        if not self.where.target:
            raise _Misread(self.where.reason or "no provision of the Code is named")
        parent = self.where.target
        if designated:
            labels = _listed(designated["list"])
            if not labels:
                raise _Misread("the place cannot be told")
            parent = _below(self.where.target, designated["unit"], labels[-1]).rpartition("/")[0]
        return [
            self._made("addition", f"{parent}/{p.label}")._replace(
                new=p.words, adds=p.adds, part="", sunset=_sunset(p.words)
            )
            for p in made
        ]

    def _sections(self, made: list[_Provision], behind: str) -> list[Instruction]:
        """New sections: they have a place in the Code where the section beside them keeps its number there."""
        title = self.where.title
        if self.where.act:
            beside = re.match(rf"section ({_NUMBER})", behind)
            place = _section_of(behind, title, self.where.act) if beside else ""
            if not beside or place != f"/us/usc/t{title}/s{beside[1]}":
                raise _Misread("a new section of an Act, whose place in the Code is not known yet")
        if not title:
            raise _Misread(self.where.reason or "no title of the Code is named")
        return [
            self._made("addition", f"/us/usc/t{title}/s{p.label}")._replace(new=p.words, adds=p.adds, part="")
            for p in made
        ]

    def _revised(self, said: str) -> list[Instruction]:
        if not re.search(r"\bto read\b", said):
            raise _Misread("amended, but not to read as follows")
        if designated := _DESIGNATED.match(said):
            lists = _listed(designated["list"])
            if not lists or not self.where.target:
                raise _Misread(self.where.reason or "the list of what is amended cannot be told")
            return self._rewritten(tuple(_below(self.where.target, designated["unit"], labels) for labels in lists))
        if named := _PART.match(said):
            self.where = self.where._replace(part=_part_named(named))
        return self._rewritten(self.where.slots)

    def _rewritten(self, slots: tuple[Path, ...]) -> list[Instruction]:
        quoted = "\n".join(self.quoted) or (self.quotations[-1] if self.quotations else "")
        if not quoted:
            raise _Misread("the words it is to read are not given")
        if len(slots) == 1:
            return [self._made("general-amendment", slots[0])._replace(new=quoted, sunset=_sunset(quoted))]
        by_label = {p.label: p for p in _provisions(quoted)}
        if any(slot.rpartition("/")[2] not in by_label for slot in slots):
            raise _Misread("which words each provision is to read is not told")
        return [
            self._made("general-amendment", slot)._replace(new=by_label[slot.rpartition("/")[2]].words)
            for slot in slots
        ]

    def _redesignated(self, said: str) -> list[Instruction]:
        match = _REDESIGNATED.match(said)
        if not match:
            raise _Misread("what is redesignated is not told in words the grammar knows")
        if not self.where.target:
            raise _Misread(self.where.reason or "no provision of the Code is named")
        old = [_below(self.where.target, match["old_unit"], labels) for labels in _listed(match["old_list"])]
        parent = old[0].rpartition("/")[0] if old else ""
        sibling = match["old_unit"].lower() == match["new_unit"].lower()
        new = [
            f"{parent}/{labels.strip('()')}" if sibling else _below(self.where.target, match["new_unit"], labels)
            for labels in _listed(match["new_list"])
        ]
        if not old or len(old) != len(new):
            raise _Misread("the lists of former and new designations do not match")
        return [self._made("renumbering", parent)._replace(moves=tuple(zip(old, new, strict=True)), part="")]

    def _redesignated_itself(self, rest: str) -> list[Instruction]:
        named = re.match(rf",? ?as (?P<unit>{_UNIT}) (?P<label>{_LABEL}|{_NUMBER})", rest)
        if not named or not self.where.target or self.where.others:
            raise _Misread("what is redesignated is not told in words the grammar knows")
        label = named["label"].strip("()")
        stem = self.where.target.rpartition("/")[0]
        new = f"{stem}/s{label}" if named["unit"] == "section" else f"{stem}/{label}"
        return [self._made("renumbering", stem)._replace(moves=((self.where.target, new),), part="")]

    def _repealed(self) -> list[Instruction]:
        if not self.where.target:
            return [self._unread(self.where.reason or "no provision of the Code is named")]
        day = _REPEALED_ON.search(self.text)
        sunset = _day(day) if day else None
        effective = day[0] if day else ""
        return [self._made("repeal", slot)._replace(sunset=sunset, effective=effective) for slot in self.where.slots]


# --- quoted matter ---------------------------------------------------------------------------------------------------


class _Provision(NamedTuple):
    """A provision at the top of quoted matter: its label, its lines, the slots below it relative to it."""

    label: str
    words: str
    adds: tuple[str, ...]
    section: bool


def _provisions(quoted: str) -> list[_Provision]:
    """The provisions at the top of quoted matter; words before the first label are one without a label.

    >>> [(p.label, p.adds) for p in _provisions("(6) Not so.—\\n  (A) One;\\n    (i) deep\\n(7) Two.")]
    [('6', ('A', 'A/i')), ('7', ())]
    """
    found: list[tuple[str, list[str], list[str], bool]] = []
    levels: list[tuple[int, str]] = []
    for line in quoted.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        words = line.strip()
        section = _SECTION.match(words)
        led = _LED.match(words)
        label = led["label"].strip("()") if led else ""
        top = section or (led and indent == 0 and not (found and found[-1][3]))
        if top:
            number = (section["number"] or section["other"]).replace("–", "-") if section else label
            found.append((number, [line], [], bool(section)))
            levels = []
        elif not found:
            found.append(("", [line], [], False))
        else:
            found[-1][1].append(line)
            if label:
                while levels and levels[-1][0] >= indent:
                    levels.pop()
                levels.append((indent, label))
                found[-1][2].append("/".join(name for _, name in levels))
    return [_Provision(label, "\n".join(lines), tuple(adds), section) for label, lines, adds, section in found]


def _sunset(words: str) -> Day | None:
    """The first day on which a section has no force any more, where new words name one.

    >>> _sunset("(g) Sunset.—This section shall have no force or effect after December 31, 2026.")
    '2027-01-01'
    """
    match = _SUNSET.search(words)
    return _day(match) if match else None


def _day(match: re.Match[str]) -> Day | None:
    try:
        named = date(int(match["year"]), MONTHS.index(match["month"]) + 1, int(match["day"]))
    except ValueError:
        return None
    after = match["side"].lower() == "after"
    return (named + timedelta(days=1) if after else named).isoformat()


def _with_effect(instruction: Instruction, effects: list[tuple[str, str, str]]) -> Instruction:
    """The instruction with what the nearest clause says of when it takes effect."""
    best = ("", -1)
    for clause, section, words in effects:
        said = _EFFECT.search(words)
        scope = _SCOPE.search(words[: said.start()] if said else words)
        if not scope:
            continue
        if scope["whole"]:
            reaches = [""]
        elif scope["own"] == "section":
            reaches = [section]
        elif scope["own"]:
            reaches = [clause.rpartition("/")[0]]
        elif scope["unit"] == "section":
            continue
        else:
            stem = section if scope["unit"] == "subsection" else clause.rpartition("/")[0]
            reaches = ["/".join((stem, *re.findall(r"\(([^()]*)\)", labels))) for labels in _listed(scope["list"])]
        for reach in reaches:
            inside = not reach or f"{instruction.clause}/".startswith(f"{reach}/")
            if inside and len(reach) > best[1]:
                best = (words, len(reach))
    return instruction._replace(effective=best[0]) if best[0] and not instruction.effective else instruction
