"""Amendment notes: the small language in which the editors of the Code tell every change, read by a grammar.

A note is paragraphs; a paragraph is a year, a head that names what was amended, and sentences; a sentence is a law and
what it did. `read` gives a `Sentence` for each, with the `Operation` records it states; a sentence that states a change
and fits no rule is kept verbatim with the reason.

>>> (sentence,) = read(["2018—Subsec. (e)(5). Pub. L. 115–164, § 4(a), added par. (5)."])
>>> sentence.laws, [(o.kind, o.target) for o in sentence.operations]
((Law(path='/us/pl/115/164', sections=('s4/a',)),), [('addition', 'e/5')])
>>> (sentence,) = read(["1998—Subsec. (d)(1). Pub. L. 105–277 inserted “or 231” after “section 223”."])
>>> sentence.operations[0].new, sentence.operations[0].place.phrase
('or 231', 'after "section 223"')
>>> read(["2001—Subsec. (a). Pub. L. 107–56 pleased everybody."])[0].reason
'no verb of change that the grammar knows'

The grammar::

    paragraph = [year "—"] [head "."] {sentence}
    sentence  = law {law} {predicate} | "Former" designation "redesignated" designation | aside
    predicate = {place} verb object {place}
    place     = ("in" | "of") (designation | part) | ("after" | "before") words | "at end" | "wherever appearing" …

Quoted words are tokens: what a quotation says is never read as grammar. A designation is resolved against the head:
"par. (5)" under "Subsec. (e)(5)." is ``e/5``. Nothing here raises for any text, and the time grows with its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import yaml

from data import ROOT
from graph.records import Path
from ingest.enactments import MONTHS

WHOLE = ""
"""The target of what is done to the section itself."""


class Law(NamedTuple):
    """An enactment as a note cites it: its path, and the sections of it that are named."""

    path: Path
    sections: tuple[str, ...] = ()


class Place(NamedTuple):
    """Where in its target an operation works.

    `side` is ``after``, ``before``, ``at the end`` or ``at the beginning``; `anchor` the words it is after or before;
    `part` a part that has no designation (``heading``, ``introductory``, ``concluding``, ``second sentence``);
    `times` in how many places, 0 for everywhere, ``None`` where the note does not count.
    """

    side: str = ""
    anchor: str = ""
    part: str = ""
    times: int | None = None
    nth: int | None = None

    @property
    def phrase(self) -> str:
        """The place in the words that notes of effects use."""
        times = "" if self.times is None else "wherever it appears" if not self.times else f"in {self.times} places"
        nth = f"occurrence {self.nth}" if self.nth else ""
        parts = {"introductory": "in the introductory words", "concluding": "in the words after the parts"}
        part = parts.get(self.part) or (f"in the {self.part}" if self.part else "")
        anchor = f'{self.side} "{self.anchor}"' if self.anchor else self.side
        return ", ".join(filter(None, (anchor, part, times, nth)))


class Operation(NamedTuple):
    """One change. `target` is relative to the section (``e/5``, empty for the section); `words_given` says whether the
    note gives all words that are needed to undo it; `why` why not, or what became of it."""

    kind: str
    target: str
    old: str | None = None
    new: str | None = None
    place: Place = Place()
    moves: tuple[tuple[str, str], ...] = ()
    words_given: bool = True
    directed: str = ""


class Sentence(NamedTuple):
    """One sentence of a note: `text` verbatim at `offset` in the paragraphs joined by a line feed, the year and the
    head it stands under, the laws, and what they did. `states` says whether it states an operation at all; where it
    does and was not understood, `operations` is empty and `reason` says why."""

    text: str
    offset: int
    year: str
    head: tuple[str, ...]
    laws: tuple[Law, ...]
    operations: tuple[Operation, ...]
    states: bool
    reason: str = ""


def read(paragraphs: Iterable[str]) -> list[Sentence]:
    """The sentences of a note, in order. Raises nothing.

    >>> read(["“(A) quoted text that belongs to no sentence;"])
    []
    >>> [s.reason for s in read(["1990—Pub. L. 101–647 added."])]
    ['nothing follows "added"']
    """
    text = "\n".join(paragraphs)
    found: list[Sentence] = []
    year = ""
    head: _Head = ()
    laws: tuple[Law, ...] = ()
    for paragraph in _paragraphs(_tokens(text)):
        year, rest = _year(paragraph, year)
        named, rest = _head(rest)
        of_heading, rest = _catchline(rest)
        # A paragraph that opens with no head and no year goes on under the head of the one before.
        head = named if named or len(rest) < len(paragraph) else head
        for tokens in _sentences(rest):
            reader = _Reader(tokens, head, laws)
            statement = reader.sentence()
            if statement is None:
                if found and reader.former is not None:
                    found[-1] = _with_former(found[-1], *reader.former)
                continue
            laws = statement.laws or laws
            span = text[tokens[0].start : tokens[-1].end]
            statement = _in_the_heading(statement) if of_heading else statement
            found.append(statement._replace(text=span, offset=tokens[0].start, year=year, head=_paths(head)))
    return found


# --- tokens ----------------------------------------------------------------------------------------------------------


class _Token(NamedTuple):
    """A word, mark, quotation, law, level or run of labels; `value` is what it says."""

    kind: str
    value: str
    start: int
    end: int


_LEVELS = ("subsec", "par", "subpar", "cl", "subcl", "item")
_LABEL = r"\((?:\d+[A-Z]{0,3}(?:[-–]\d+)?|[a-z]{1,5}(?:[-–]\d+)?|[A-Z]{1,5}(?:[-–]\d+)?)\)"
_TOKEN = re.compile(
    rf"""(?P<law>Pub\.\ L\.\ \d+[–-]\d+
                |(?:[Aa]ct|(?:Joint|Jt\.|J\.)\ Res\.)
                \ (?:Jan|Feb|Mar|Apr|May|June|July|Aug|Sept|Oct|Nov|Dec)\.?\ \d+,\ \d{{4}}
                (?:,\ ch\.\ \d+\w*)?
                |Ex\.\ Ord\.\ No\.\ \d+|Reorg\.\ Plan\ No\.\ \d+\ of\ \d{{4}}|\d{{4}}\ Reorg\.\ Plan\ No\.\ \d+)
    |(?P<level>(?:[Ss]ubsec|[Ss]ubdiv|[Ss]ubpar|[Ss]ubcl|[Pp]ar|[Cc]l)s?\.
                |(?:items?|Items?|(?:sub)?paragraphs?|(?:sub)?clauses?)\b(?=\ \())
    |(?P<labels>{_LABEL}(?:{_LABEL})*)
    |(?P<abbreviation>(?:U\.S\.C?|et\ seq|ch|chs|div|No|Nos|Stat|App|Dr|Mr|Rev|Ex|Ord|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov
                |Dec|Const|art|Art|pt|subch|Inc|Co|Corp|Sec|secs?|amend|[A-Z])\.)
    |(?P<number>\$?\d+(?:,\d{{3}})*(?:\.\d+)?(?:st|nd|rd|th)?)
    |(?P<word>[^\W\d_]+(?:[’'-][^\W\d_]+)*)
    |(?P<newline>\n)
    |(?P<mark>[^\s\w])""",
    re.VERBOSE,
)


def _tokens(text: str) -> list[_Token]:
    """The tokens of a note. A quotation runs to the mark that closes it, over paragraphs that go on quoting; one that
    is never closed ends with its paragraph."""
    found: list[_Token] = []
    position = 0
    while position < len(text):
        if text[position] == "“":
            end = _closing(text, position)
            found.append(_Token("quote", _unquoted(text[position:end]), position, end))
        else:
            match = _TOKEN.match(text, position)
            end = match.end() if match else position + 1
            if match:
                found.append(_Token(str(match.lastgroup), match.group(), position, end))
        position = end
    return found


def _closing(text: str, start: int) -> int:
    """The end of the quotation that begins at `start`."""
    position = start + 1
    while True:
        close = text.find("”", position)
        line = text.find("\n", position)
        if close >= 0 and (line < 0 or close < line):
            return close + 1
        if line < 0:
            return len(text)
        if text[line + 1 : line + 2] == "“":
            position = line + 2
        elif _quotes_on(text, line + 1):
            position = line + 1
        else:
            return line


def _quotes_on(text: str, start: int) -> bool:
    """Whether a paragraph without a mark of its own goes on with a quotation: it closes one that it did not open."""
    end = text.find("\n", start)
    paragraph = text[start : end if end >= 0 else len(text)]
    close, opened = paragraph.find("”"), paragraph.find("“")
    return close >= 0 and (opened < 0 or close < opened) and not _OPENS_A_NOTE.match(paragraph)


_OPENS_A_NOTE = re.compile(r"\d{4}—|Pub\. L\.|Act |(?:Subsec|Par|Subpar|Cl)s?\. \(")


def _unquoted(quotation: str) -> str:
    return re.sub(r"\n“", "\n", quotation.removeprefix("“").removesuffix("”"))


def _paragraphs(tokens: list[_Token]) -> Iterator[list[_Token]]:
    """Paragraphs; one that breaks off goes on in the next, behind a quotation that fills paragraphs of its own."""
    paragraph: list[_Token] = []
    for token, following in zip(tokens, [*tokens[1:], None][: len(tokens)], strict=True):
        if token.kind != "newline":
            paragraph.append(token)
        elif paragraph and not (following and _goes_on(paragraph[-1], following)):
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _goes_on(last: _Token, following: _Token) -> bool:
    return (
        (last.value[-1:] != "." or (last.kind == "quote" and following.value in ("for", ",", ";", "and")))
        and (following.value[:1].islower() or following.value in (",", ";"))
        and (following.kind in ("word", "mark"))
    )


def _year(tokens: list[_Token], year: str) -> tuple[str, list[_Token]]:
    """The year a paragraph opens with, else that of the one before; and the rest."""
    if len(tokens) > 1 and tokens[0].kind == "number" and len(tokens[0].value) == 4 and tokens[1].value == "—":
        return tokens[0].value, tokens[2:]
    return year, tokens


def _sentences(tokens: list[_Token]) -> Iterator[list[_Token]]:
    """Sentences end with a period, inside a closing quotation or behind it, before a capital or the end."""
    sentence: list[_Token] = []
    for token, following in zip(tokens, [*tokens[1:], None][: len(tokens)], strict=True):
        sentence.append(token)
        opens = (
            following is None
            or following.kind == "law"
            or (following.kind != "quote" and following.value[:1].isupper())
        )
        ends = (
            token.value == "."
            or (token.kind == "quote" and token.value.endswith((".", ".’")) and opens)
            or (token.kind in ("level", "abbreviation") and token.value.endswith(".") and opens
                and (token.kind == "level" or following is None))
        )  # fmt: skip
        if ends:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


# --- designations ----------------------------------------------------------------------------------------------------


class _Designation(NamedTuple):
    """Labels and the depth of the first of them: ``(0, ("e", "5"))`` is subsec. (e)(5)."""

    depth: int
    labels: tuple[str, ...]


_Head = tuple[_Designation, ...]


def _last_depth(designation: _Designation) -> int:
    """The depth of the last label of a designation."""
    return designation.depth + len(designation.labels) - 1


def _paths(head: _Head) -> tuple[str, ...]:
    return tuple("/".join(d.labels) for d in head)


def _depth(level: str) -> int:
    name = level.lower().rstrip(".").replace("subdiv", "subsec").replace("agraph", "").replace("ause", "")
    return next(i for i, known in enumerate(_LEVELS) if name in (known, known + "s"))


def _labels(text: str) -> tuple[str, ...]:
    return tuple(label.replace("–", "-") for label in re.findall(r"\(([^)]*)\)", text))


def _head(tokens: list[_Token]) -> tuple[_Head, list[_Token]]:
    """The head of a paragraph, before its first law, and the rest; without one the section is the head."""
    if not tokens or tokens[0].kind != "level" or not tokens[0].value[0].isupper():
        return (), tokens
    end = next((i for i, token in enumerate(tokens) if token.value == "." or token.kind == "law"), None)
    if end is None or len(tokens) < 2 or tokens[1].kind != "labels":
        return (), tokens
    found, after = _list(tokens, 0)
    rest = tokens[after:]
    while rest and rest[0].kind != "law" and rest[0].value != ".":
        rest = rest[1:]
    return tuple(found), rest[1:] if rest and rest[0].value == "." else rest


def _catchline(tokens: list[_Token]) -> tuple[bool, list[_Token]]:
    """Whether a paragraph is headed "Section catchline.", and the rest."""
    start = 1 if tokens and tokens[0].value == "Section" else 0
    head = [token.value.lower() for token in tokens[start : start + 2]]
    if head in (["catchline", "."], ["heading", "."]):
        return True, tokens[start + 2 :]
    return False, tokens


def _in_the_heading(sentence: Sentence) -> Sentence:
    """A sentence under "Section catchline.": its words stand in the heading of the section."""
    return sentence._replace(
        operations=tuple(
            o._replace(place=o.place._replace(part="heading")) if o.target == WHOLE and not o.place.part else o
            for o in sentence.operations
        )
    )


def _list(tokens: list[_Token], start: int) -> tuple[list[_Designation], int]:
    """The designations of a list that opens with a level, ranges spelled out, and the index behind it."""
    depth, index = _depth(tokens[start].value), start + 1
    found: list[_Designation] = []
    ranging = False
    while index < len(tokens):
        token = tokens[index]
        if token.kind == "labels":
            labels = _labels(token.value)
            this = _Designation(depth, labels) if not found else _continued(found[-1], labels)
            found += _between(found[-1], this) if ranging and found else []
            found.append(this)
            ranging = False
        elif not found or not _joins(tokens, index):
            break
        elif token.value == "to" and tokens[index + 1].kind == "level" and _depth(tokens[index + 1].value) != depth:
            break  # "cls. (v) and (vi) to subpar. (C)" is no range.
        elif token.kind == "level":
            depth = _depth(token.value)
            index += 1
            found.append(_Designation(depth, _labels(tokens[index].value)))
        else:
            ranging = token.value in ("to", "–", "through")
        index += 1
    return found, index


def _joins(tokens: list[_Token], index: int) -> bool:
    """Whether the token at `index` only joins designations of one list."""
    ahead = tokens[index : index + 4]
    kinds = [token.kind for token in ahead]
    values = [token.value for token in ahead]
    if kinds[:2] == ["level", "labels"]:
        return tokens[index - 1].value in (",", "and", "to") and index > 0
    if values[0] not in (",", "and", "to", "or", "–", "through"):
        return False
    if values[0] == "," and values[1:2] == ["and"]:
        return kinds[2:3] == ["labels"] or kinds[2:4] == ["level", "labels"]
    return kinds[1:2] == ["labels"] or kinds[1:3] == ["level", "labels"]


def _style(label: str) -> str:
    return "digit" if label[:1].isdigit() else "upper" if label[:1].isupper() else "lower"


def _is_roman(label: str) -> bool:
    return bool(re.fullmatch(r"x{0,3}(?:ix|iv|v?i{0,3})", label.lower())) and bool(label)


def _continued(before: _Designation, labels: tuple[str, ...]) -> _Designation:
    """A later member of a list: it stands where the label of its own style stood in the one before."""
    for index in range(len(before.labels) - 1, -1, -1):
        stood = before.labels[index]
        if _style(stood) != _style(labels[0]):
            continue
        deep = before.depth + index >= 3 and _is_roman(stood)
        if not deep or _is_roman(labels[0]):
            return _Designation(before.depth, (*before.labels[:index], *labels))
    return _Designation(before.depth, labels)


def _between(first: _Designation, last: _Designation) -> list[_Designation]:
    """The designations strictly between two ends; none where they are of no one row."""
    if len(first.labels) != len(last.labels) or first.labels[:-1] != last.labels[:-1]:
        return []
    one, other = first.labels[-1], last.labels[-1]
    roman = _is_roman(one) and _is_roman(other) and first.depth + len(first.labels) - 1 >= 3
    return [first._replace(labels=(*first.labels[:-1], label)) for label in _row(one, other, roman)]


def _row(one: str, other: str, roman: bool) -> list[str]:
    if one.isdigit() and other.isdigit():
        return [str(n) for n in range(int(one) + 1, min(int(other), int(one) + 100))]
    if roman:
        row = [numeral(n) for n in range(1, 40)]
        row = [n.upper() for n in row] if one[0].isupper() else row
        return row[row.index(one) + 1 : row.index(other)]
    alphabet = [chr(c) for c in range(ord("a"), ord("z") + 1)]
    letters = [*alphabet, *(c + c for c in alphabet)]
    if one.lower() in letters and other.lower() in letters:
        row = letters[letters.index(one.lower()) + 1 : letters.index(other.lower())]
        return [label.upper() for label in row] if one.isupper() else row
    return []


def numeral(value: int) -> str:
    """A number from 1 to 39 in small Roman numerals.

    >>> numeral(4), numeral(19)
    ('iv', 'xix')
    """
    tens, ones = divmod(value, 10)
    return "x" * tens + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[ones]


def _resolved_all(named: list[_Designation], head: _Head) -> list[tuple[str, ...]]:
    """The labels from the section down of designations of one row, all beside each other."""
    found = [_resolved(d, head) for d in named]
    beside = len({len(labels) - len(d.labels) for labels, d in zip(found, named, strict=True)}) == 1
    return found if beside else [_resolved(d, head, skips=False) for d in named]


def _resolved(named: _Designation, head: _Head, *, skips: bool = True) -> tuple[str, ...]:
    """The labels from the section down of a designation named under a head, which may skip a level."""
    for above in head:
        at = named.depth - above.depth
        if at < 0 or (len(named.labels) > 1 and named.depth == 0):
            continue
        if at < len(above.labels) and above.labels[at : at + 1] == named.labels[:1]:
            return (*above.labels[:at], *named.labels)
    if not head or named.depth <= head[0].depth:
        return named.labels
    above = head[0]
    if skips and len(above.labels) > 1 and above.labels[-1] == named.labels[0]:
        # The head skips a level: "cl. (iii)(I)" under "Subsec. (a)(1)(iii)".
        return (*above.labels[:-1], *named.labels)
    return (*above.labels[: named.depth - above.depth], *named.labels)


# --- sentences -------------------------------------------------------------------------------------------------------

_WORDS: dict[str, Any] = yaml.safe_load((ROOT / "note_words.yaml").read_text(encoding="utf-8"))
"""The words of the language by what they do in a sentence."""

_VERBS: dict[str, str] = _WORDS["verbs"]
_COUNTS: dict[str, int] = _WORDS["counts"]
_PUNCTUATION: dict[str, str] = _WORDS["marks"]
_PARTS: dict[str, str] = _WORDS["parts"]


def _class(name: str) -> frozenset[str]:
    return frozenset(_WORDS[name].split())


_TOLD, _FORM, _ORDINALS, _FILLER = _class("told"), _class("form"), _class("ordinal"), _class("filler")
_DESCRIBING, _DESCRIBING_OBJECT = _class("describing"), _class("describing_object")
_EVERYWHERE, _OCCURRENCE, _UNNUMBERED = _class("everywhere"), _class("occurrence"), _class("unnumbered")
_ASIDE, _HISTORY, _DIVISIONS = _class("aside"), _class("history"), _class("division")
_DESCRIBED = _class("described")
_BEFORE_WORDS = ("after", "before", "definition", "of", "term", "defining", "to", "item")
_BOTH = "heading and text"
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}


class _Unread(Exception):  # noqa: N818 - an outcome of reading, not a fault
    """The sentence does not fit the grammar; the message is the reason."""


class _Reader:
    """A cursor over the tokens of one sentence: one method a rule."""

    def __init__(self, tokens: list[_Token], head: _Head, laws: tuple[Law, ...]) -> None:
        closing = tokens[-1].value == "."
        self.tokens = tokens[:-1] if closing else tokens
        self.head = head
        self.laws_before = laws
        self.at = 0
        self.scope_depth = _last_depth(head[0]) if head else 0
        """The depth of the level that was named last as a place; at first that of the head."""
        self.designated: set[tuple[str, ...]] = set()
        """What the sentence said was designated."""
        self.destinations: set[str] = set()
        """What it said was redesignated, by the new labels."""
        self.former: tuple[str, str] | None = None
        """What "Prior to amendment, … read as follows" quotes: of what, and the words."""

    # cursor

    def value(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.tokens[index].value if index < len(self.tokens) else ""

    def kind(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.tokens[index].kind if index < len(self.tokens) else ""

    def done(self) -> bool:
        return self.at >= len(self.tokens)

    def take(self, *values: str) -> bool:
        """Step over the next token if it is one of `values`."""
        if not self.done() and self.kind() != "quote" and self.value().lower() in values:
            self.at += 1
            return True
        return False

    # rules

    def sentence(self) -> Sentence | None:
        """The sentence, or ``None`` for one that states no operation."""
        if not self.tokens:
            return None
        if self.value() in ("Prior", "Former", "Text", "Section", "As", "Section") or self.kind() == "level":
            aside = self._aside()
            if aside is not None or self.value() != "Former":
                return aside
        if self.kind() != "law":
            if self.value() in _ASIDE or not self._states():
                return None
            return self._not_read((), "it names no law")
        laws = self._laws()
        if not self._states():
            return self._not_read(laws, "no verb of change that the grammar knows") if not self.done() else None
        try:
            operations = self._predicates()
        except _Unread as unread:
            return self._not_read(laws, str(unread))
        if not operations:
            return self._not_read(laws, "no operation")
        return Sentence("", 0, "", (), laws, tuple(_with_headings(operations)), True)

    def _not_read(self, laws: tuple[Law, ...], reason: str) -> Sentence:
        return Sentence("", 0, "", (), laws, (), True, reason)

    def _states(self) -> bool:
        words = {t.value.lower() for t in self.tokens if t.kind == "word"}
        return bool(words & _VERBS.keys() or words & _TOLD)

    def _aside(self) -> Sentence | None:
        """ "Former subsec. (h) redesignated (i)." restates; "Prior to amendment, … read as follows" gives old words."""
        values = [t.value for t in self.tokens]
        quotes = [t.value for t in self.tokens if t.kind == "quote"]
        if values[0] == "Former" and "redesignated" in values:
            start = self.at = 1
            if self._names_a_level():
                old, self.at = _list(self.tokens, start)
                self.take("was", "were")
                if self.take("redesignated"):
                    self.take("as")
                    new = self._destinations(old, self.head)
                    moves = tuple(zip(map(self._path, old), new, strict=False)) if len(old) == len(new) else ()
                    if moves:
                        operation = Operation("renumbering", moves[0][0], moves=moves, directed="restated")
                        return Sentence("", 0, "", (), self.laws_before, (operation,), True)
            self.at = 0
            return None
        if values[0] == "Former" and "redesignated" not in values and "read" not in values:
            struck = next((i for i, v in enumerate(values) if v in ("struck", "repealed", "omitted", "eliminated")), 0)
            if struck and self.kind(1) == "level" and self.kind(2) == "labels":
                named, self.at = _list(self.tokens, 1)
                if self.at == struck - 1 or self.value() in (",", "struck", "repealed", "omitted", "eliminated"):
                    gone = tuple(Operation("repeal", self._path(d), words_given=False) for d in named)
                    return Sentence("", 0, "", (), self.laws_before, gone, True)
            self.at = 0
        if (
            quotes
            and "read" in values
            and ("Prior" in values[:1] or "amendment" in values or values[0] in ("Text", "Former"))
        ):
            what = "text" if "text" in [v.lower() for v in values[:6]] else ""
            self.former = (what, quotes[0]) if len(quotes) == 1 else None
        return None

    def _laws(self) -> tuple[Law, ...]:
        """The laws that the sentence opens with; those by which they were amended or renumbered stand aside."""
        laws: list[Law] = []
        while self.kind() == "law":
            path = _law_path(self.value())
            self.at += 1
            laws.append(Law(path, self._law_sections()))
            while (self.value() == "," and self.value(1) in ("as", "formerly")) or self.value() in ("as", "formerly"):
                self.take(",")
                self._skip_to_law_end()
            if self.value() in ("and", ",", ";") and self.kind(1) == "law":
                self.at += 1
            elif self.value() == "," and self.value(1) == "and" and self.kind(2) == "law":
                self.at += 2
        if self.value() == "," and self.kind(1) == "number" and self.value(2) == "Stat.":
            self.at += 4
        self.take(",")
        return tuple(laws)

    def _skip_to_law_end(self) -> None:
        """Over "as amended by Pub. L. …", "formerly § 225, as renumbered by Pub. L. …"."""
        self.at += 1
        while not self.done() and (
            self.kind() in ("law", "labels", "number")
            or self.value() in _HISTORY
            or (self.value() == "," and (self.value(1) in ("§", "title", "div.", "as", "formerly", "subtitle")
                                        or self.kind(1) == "labels"))
        ):  # fmt: skip
            if self.value() == "and" and self.kind(1) not in ("law", "labels", "number") and self.value(1) != "§":
                break
            if self.value() == "§":
                self._step_over_section()
            else:
                self.at += 2 if self.value() in _DIVISIONS - {"§", "["} else 1

    def _law_sections(self) -> tuple[str, ...]:
        """ "title V, § 509(a)(1), (2), [title II, § 5]": the sections named, as paths below the law."""
        found: list[str] = []
        while True:
            if self._law_goes_on(bool(found)):
                self.at += 1
            if self.value() in _DIVISIONS - {"§", "["}:
                self.at += 2
            elif self.value() == "§" or (found and self.kind() in ("labels", "number")):
                found += self._section_list(found)
            elif self.value() == "]":
                self.at += 1
            else:
                return tuple(found)

    def _law_goes_on(self, begun: bool) -> bool:
        """Whether the next mark only joins sections of one law."""
        if self.value() == ",":
            numbered = begun and self.kind(1) in ("labels", "number") and self.value(2) != "Stat."
            return self.value(1) in _DIVISIONS or numbered
        if self.value() == "and":
            return begun and self.kind(1) in ("labels", "number") and self.kind(2) != "word"
        return self.value() == "[" or (self.value() == "]" and begun)

    def _section_list(self, before: list[str]) -> list[str]:
        while self.value() == "§":
            self.at += 1
        number = ""
        if self.kind() == "number":
            number = self.value()
            self.at += 1
            if self.kind() == "word" and self.tokens[self.at - 1].end == self.tokens[self.at].start:
                number += self.value()
                self.at += 1
            while self.value() in ("–", "-", "—") and self.kind(1) == "number":
                number += f"-{self.value(1)}"
                self.at += 2
        labels: tuple[str, ...] = ()
        while self.kind() == "labels" or (self.value() == "[" and self.kind(1) == "labels" and self.value(2) == "]"):
            bracketed = self.value() == "["
            labels += _labels(self.value(1 if bracketed else 0))
            self.at += 3 if bracketed else 1
        if self.value() in ("–", "to") and self.kind(1) in ("labels", "number"):
            self.at += 2
        if number:
            return ["/".join((f"s{number}", *labels))]
        if not before or not labels:
            self.at += 0 if labels else 1
            return []
        first, *stood = before[-1].split("/")
        return ["/".join((first, *_continued(_Designation(0, tuple(stood)), labels).labels))]

    def _step_over_section(self) -> None:
        self._section_list(["s0"])

    # predicates

    def _predicates(self) -> list[Operation]:
        found: list[Operation] = []
        scope: list[tuple[str, ...]] = []
        place = Place()
        directed = ""
        placed = False
        while not self.done():
            self._separators()
            if self.done():
                break
            word = self.value().lower() if self.kind() == "word" else ""
            if word in ("each", "also", "temporarily", "similarly", "further", "both", "once", "twice", "only"):
                self.at += 1
                continue
            if word == "which" and self.value(1) != "directed" and not (self._find("executed") and not found):
                begin, self.at = self.at, len(self.tokens)
                said = self._words(begin, self.at)
                found = [] if "no change in text" in said else found
                return found or [Operation("none", t, directed=said) for t in self._targets(scope)]
            if word == "which" or word == "directed":
                self.at += 2 if word == "which" else 1
                begin = self.at
                end = self._find("executed")
                if end is None:
                    if (undone := self._find("repealed")) and self.tokens[undone - 1].value == "was":
                        directed, self.at = self._words(begin, undone), len(self.tokens)
                        return [*found, *(Operation("none", t, directed=directed) for t in self._targets(scope))]
                    if not (_VERBS.keys() & {t.value.lower() for t in self.tokens[begin:]}):
                        return [*found, *self._told(scope)]
                    continue
                directed = self._words(begin, end)
                self.at = end + 1
                if "not" in [t.value for t in self.tokens[begin:end][-4:]]:
                    return [Operation("none", target, directed=directed) for target in self._targets(scope)]
                executed = self._executed(begin, end, scope)
                return [operation._replace(directed=directed) for operation in executed]
            if word in ("in", "of", "at", "to", "from", "under", "as", "wherever", "after", "before", "on"):
                if self._purpose():
                    return found
                before = self.at
                scope, place = self._joined(*self._places(scope), scope, place, placed)
                placed = True
                if self.at == before and self._named_part():
                    place = Place(part="part that is named")
                elif self.at == before:
                    raise _Unread(f'the words at "{self.value()}" are not understood')
                continue
            if word in _VERBS:
                found += self._verb(scope, place)
                placed = False
                continue
            if word == "among" and self.value(1) == "other":
                # "among other changes": what else was changed is not told.
                self.at += 3
                found += self._untold("substitution", scope)
                continue
            if word in _DESCRIBING:
                self._free()
                continue
            if word in _TOLD or word in ("and", "by", "generally") or word.endswith("ed"):
                if word in ("by", "and", "generally"):
                    self.at += 1
                    continue
                if word in _FORM:
                    self._free()
                    found += [Operation("none", target, directed="form") for target in self._targets(scope)]
                else:
                    found += self._told(scope)
                continue
            raise _Unread(f'the words at "{self.value()[:40]}" are not understood')
        return found

    def _joined(
        self,
        scope: list[tuple[str, ...]],
        place: Place,
        scope_before: list[tuple[str, ...]],
        place_before: Place,
        placed: bool,
    ) -> tuple[list[tuple[str, ...]], Place]:
        """Two places before one verb, "in par. (1) and in par. (2)": both, where they are nothing but targets."""
        if not placed or (scope == scope_before and place_before == Place()):
            return scope, place
        if place == place_before == Place():
            return [*scope_before, *scope], place
        raise _Unread("several places before the verb are not understood")

    def _named_part(self) -> bool:
        """A part of the section by a name of its own, before a verb: "in Schedule of Charges added …"."""
        for index in range(self.at + 1, min(self.at + 14, len(self.tokens))):
            token = self.tokens[index]
            if token.kind == "word" and token.value in _VERBS:
                self.at = index
                return True
            if token.kind == "quote" and self.tokens[index - 1].value != "designated":
                return False
        return False

    def _separators(self) -> None:
        while (self.kind() == "mark" and self.value() in ",;()[]") or self.take("and", "then"):
            if self.kind() == "mark" and not self.done():
                self.at += 1

    def _find(self, word: str) -> int | None:
        return next((i for i in range(self.at, len(self.tokens)) if self.tokens[i].value == word), None)

    def _words(self, begin: int, end: int) -> str:
        said = [f"“{t.value}”" if t.kind == "quote" else t.value for t in self.tokens[begin:end]]
        return re.sub(r" ([,;.)])", r"\1", " ".join(said)).removesuffix(" was").rstrip(" ,")

    def _executed(self, begin: int, end: int, scope: list[tuple[str, ...]]) -> list[Operation]:
        """What was done in place of what was directed: said anew ("by inserting “A” after “B”"), or what was directed
        with another place or other former words ("by making the substitution for “C” in par. (2)"); else not told."""
        purpose = self._find("reflect")
        limit = purpose - 1 if purpose else len(self.tokens)
        while limit > self.at and self.tokens[limit - 1].value in (",", "to"):
            limit -= 1
        part = _Reader(self.tokens[self.at : limit] or [self.tokens[-1]], self.head, self.laws_before)
        directed = [t for t in self.tokens[begin:end] if t.value not in ("was", "were")]
        self.at = len(self.tokens)
        part.take("by")
        try:
            if part.value().lower() in _VERBS:
                if done := part._predicates():
                    return done
            elif part.take("making"):
                intended = _Reader(directed or [self.tokens[-1]], self.head, self.laws_before)
                intended.take("the")
                return part._made(intended._predicates())
        except _Unread:
            pass
        kinds = [_VERBS[t.value.lower()] for t in self.tokens[begin:] if t.kind == "word" and t.value.lower() in _VERBS]
        kind = next((k for k in kinds if k != "general-amendment"), "substitution")
        return [Operation(kind, target, words_given=False) for target in self._targets(scope)]

    def _made(self, directed: list[Operation]) -> list[Operation]:
        """ "the substitution for “C” after “D” in par. (2)": what was directed, done there."""
        self.take("the", "such")
        self.at += 1
        words = self._quotes() if self.take("for") else []
        scope, place = self._places()
        if len(directed) != 1 or len(words) > 1 or not self.done():
            raise _Unread("what was done in its place is not understood")
        (operation,) = directed
        targets = self._targets(scope) if scope else [operation.target]
        where = operation.place if place == Place() else place
        old = words[0] if words else operation.old
        return [operation._replace(target=target, old=old, place=where) for target in targets]

    def _purpose(self) -> bool:
        """ "to reflect the probable intent of Congress" and its like end a sentence."""
        if self.value() == "on" and self.value(1) == "authority":
            self.at = len(self.tokens)
            return True
        if self.value() in ("to", "as", "because", "in") and self.value(1) in (
            "reflect",
            "the",
            "order",
            "if",
            "conform",
        ):
            if self.value() == "in" and self.value(1) != "order":
                return False
            if self.value() == "to" and self.value(1) == "the":
                return False
            self.at = len(self.tokens)
            return True
        return False

    def _told(self, scope: list[tuple[str, ...]]) -> list[Operation]:
        """A change that is told in the editors' words: whatever is said up to the next verb of the grammar.

        A reference mended in the original Act changes no words here.
        """
        begin = self.at
        self.at += 1
        moved = [self._path(d) for d in self._listed_as_place()[0]] if self._names_a_level() else []
        self._free()
        said = {t.value for t in self.tokens[begin : self.at]}
        if moved and "appear" in said:
            # "redesignated subsec. (j) as (g), transferred subsec. (g) to appear after subsec. (f)": the place is told
            # by the label already.
            by_label = set(moved) <= self.destinations
            kind, why = ("none", self._words(begin, self.at)) if by_label else ("substitution", "")
            return [Operation(kind, target, words_given=by_label, directed=why) for target in moved]
        if {"made", "technical"} <= said:
            return [Operation("none", t, directed=self._words(begin, self.at)) for t in self._targets(scope)]
        return [Operation("substitution", target, words_given=False) for target in self._targets(scope)]

    def _names_a_level(self) -> bool:
        return self.kind() == "level" and self.kind(1) == "labels"

    def _free(self) -> None:
        """Step over free words up to where another predicate begins."""
        while not self.done():
            if self.value() in (",", "and", ";") and self.kind() != "quote" and self._predicate_ahead():
                return
            self.at += 1

    def _predicate_ahead(self) -> bool:
        """Whether what follows a comma or "and" is a predicate: a verb of the grammar, or a place and then a verb."""
        ahead = self.at + 1
        while ahead < len(self.tokens) and self.tokens[ahead].value in ("and", "also", ","):
            ahead += 1
        if ahead >= len(self.tokens):
            return False
        token = self.tokens[ahead]
        if token.kind == "word" and token.value in _VERBS and token.value.endswith(("ed", "struck", "ing")):
            after = self.tokens[ahead + 1] if ahead + 1 < len(self.tokens) else None
            ends = after is None or after.value in ("by", "in", ",", "under", "with", "as", "for", "and", "or", "to")
            return not ends or token.value == "struck" or (token.value == "amended" and False)
        if token.value in ("in", "at") and token.kind == "word":
            for token in self.tokens[ahead : ahead + 8]:
                if token.kind == "word" and token.value in _VERBS and token.value.endswith(("ed", "struck")):
                    return True
                if token.kind == "quote":
                    return False
        return False

    def _targets(self, scope: list[tuple[str, ...]]) -> list[str]:
        if scope:
            return ["/".join(labels) for labels in scope]
        return ["/".join(d.labels) for d in self.head] or [WHOLE]

    def _path(self, named: _Designation) -> str:
        return "/".join(_resolved(named, self.head))

    # places

    def _places(
        self,
        scope: list[tuple[str, ...]] | None = None,
        place: Place = Place(),  # noqa: B008
    ) -> tuple[list[tuple[str, ...]], Place]:
        """Zero or more places in a row: the targets they narrow to, and what they say beside."""
        scope = list(scope or [])
        begun = False
        while not self.done():
            start = self.at
            step = 2 if self.value() == "," and self.value(1) == "and" else 1
            another = self.kind(step + 1) == "level" or self.value() == "and" or step == 2
            another = (another and begun) or self._words_ahead(step)
            if another and self.value() in (",", "and") and self.value(step) in ("in", "wherever"):
                return scope, place
            joins = self.value() in (",", "(", ")", "and")
            if joins and self._place_ahead(and_too=self.value() == "and"):
                self.at += 1
            if self.kind() == "word" and self.value().lower() in ("respectively", "thereof", "thereafter", "both"):
                self.at += 1
                continue
            found = self._place(scope, place)
            if found is None:
                self.at = start
                return scope, place
            begun = True
            scope, place = found
        return scope, place

    def _several(self, scope: list[tuple[str, ...]], place: Place) -> list[tuple[list[tuple[str, ...]], Place]]:
        """The places of one pair of words: "in par. (1), in par. (2) after “Y”, and in par. (3)"."""
        found = [self._places(scope, place)]
        while self.value() in (",", "and") and self.kind() != "quote":
            step = 2 if self.value(1) == "and" else 1
            if self.value(step) not in ("in", "after", "before", "wherever") or found[-1] == (scope, place):
                break
            if self.value(step) == "wherever" and "in" not in (self.value(step + 2), self.value(step + 3)):
                break
            if self.value(step) == "in" and self._verb_or_words_ahead(step):
                break
            start = self.at
            self.at += step
            also = self._places(scope if self.value() in ("in", "wherever") else found[-1][0], place)
            if also == (scope, place):
                self.at = start
                break
            found.append(also)
        return found

    def _verb_or_words_ahead(self, step: int) -> bool:
        """Whether a verb, or new words, follow before the clause ends: then its place opens another predicate."""
        for token in self.tokens[self.at + step : self.at + step + 14]:
            if token.kind == "quote":
                before = self.tokens[self.at + step : self.tokens.index(token)]
                return before[-1].value not in ("after", "before") if before else True
            if token.kind == "word" and token.value in _VERBS:
                return True
        return False

    def _words_ahead(self, step: int) -> bool:
        """Whether quoted words follow a place at once, "in second sentence, “C” for “D”": they are the next object."""
        ahead = self.at + step + 1
        for index in range(ahead, min(ahead + 10, len(self.tokens))):
            token = self.tokens[index]
            if token.kind == "quote":
                return index > ahead and self.tokens[index - 1].value not in _BEFORE_WORDS
            if token.value in ("and", "in", "after", "before", "for") or token.value in _VERBS:
                return False
        return False

    def _place_ahead(self, and_too: bool = False) -> bool:
        following = self.value(1).lower()
        if self.value() == ")":
            return True
        if self.value() == "(":
            return following in ("as", "the", "relating")
        if following in ("respectively", "wherever", "thereof", "preceding", "following"):
            return True
        if following == "as" and self.value(3) in ("heading", "catchline"):
            return True
        if following == "the" and self.value(3) in ("place", "time") and self.value() == ",":
            return True
        if following in ("in", "at", "as") or (not and_too and following in ("after", "before")):
            if following == "as" and self.value(2) not in ("so", "redesignated", "amended", "added"):
                return False
            # A place behind a comma that a verb follows opens the next predicate.
            for ahead in range(2, 12):
                token = self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else None
                if token is None or token.kind == "quote":
                    return True
                if token.kind == "word" and token.value in _VERBS:
                    return False
            return True
        return False

    def _place(self, scope: list[tuple[str, ...]], place: Place) -> tuple[list[tuple[str, ...]], Place] | None:
        word = self.value().lower() if self.kind() in ("word", "number") else ""
        if word in ("after", "before", "preceding", "following", "between"):
            side = "after" if word in ("after", "following") else "before"
            self.at += 1
            self.take("the", "such")
            if self.value() in _NTH and self.value(1) in ("reference", "occurrence") and self.kind(3) == "quote":
                place = place._replace(nth=_NTH[self.value()])
                self.at += 3
            if word == "between" and self.kind() == "quote" and self.value(1) == "and" and self.kind(2) == "quote":
                anchor = self.value()
                self.at += 3
                return scope, place._replace(side="after", anchor=anchor)
            words = self._anchor()
            if words is None:
                return self._loose(scope, place)
            return self._tail(scope, place._replace(side=side, anchor=words))
        if word == "at":
            self.at += 1
            self.take("the")
            if self.take("end"):
                return self._of(scope, place._replace(side=place.side if place.anchor else "at the end"))
            if self.take("beginning"):
                return self._of(scope, place._replace(side="at the beginning"))
            return None
        if word in ("wherever", "each", "throughout") or (word == "every" and self.value(1) in ("place", "time")):
            self.at += 1
            while self.kind() == "word" and self.value().lower() in _EVERYWHERE:
                self.at += 1
            if self.value() == "except" or (self.value() == "," and self.value(1) == "except"):
                self.take(",")
                self._free()
                return scope, place._replace(times=0, part="neighbour")
            return scope, place._replace(times=0)
        if word in ("the", "first", "second", "third", "last", "both") and self._counted():
            return self._occurrence(scope, place)
        if word in ("in", "from", "of", "under", "to"):
            return self._inside(scope, place)
        if word == "as" and {self.value(1), self.value(2)} & {"heading", "catchline", "headings"}:
            self.at += 2 if self.value(1) in ("heading", "catchline", "headings") else 3
            return scope, place._replace(part="heading")
        if word == "as":
            return self._so_redesignated(scope, place)
        if word in ("second", "third", "first") and self.value(1) in ("place", "time"):
            return self._occurrence(scope, place)
        if word in ("thereof", "therein"):
            self.at += 1
            return scope, place
        return None

    def _tail(self, scope: list[tuple[str, ...]], place: Place) -> tuple[list[tuple[str, ...]], Place]:
        """ "at end", "the second place appearing" behind an anchor."""
        if self.value() == "at" and "end" in (self.value(1), self.value(2)):
            self.at += 2 if self.value(1) == "end" else 3
            anchor = f"{place.anchor}" if place.anchor in ".;,:" else place.anchor
            return self._of(
                scope,
                place._replace(anchor=anchor, side=f"{place.side} the final" if anchor in ".;,:—" else place.side),
            )
        if self.value() in ("the", "both", "each") and self._counted():
            return self._occurrence(scope, place)
        return scope, place

    def _counted(self) -> bool:
        return any(self.value(i) in ("place", "places", "time", "times") for i in range(1, 4))

    def _occurrence(self, scope: list[tuple[str, ...]], place: Place) -> tuple[list[tuple[str, ...]], Place]:
        """ "the second place appearing", "the first place it appears", "both places appearing"."""
        number = next((_NTH[self.value(i)] for i in range(3) if self.value(i) in _NTH), None)
        times = 2 if "both" in (self.value(), self.value(1)) else place.times
        while self.kind() == "word" and self.value() in _OCCURRENCE:
            self.at += 1
        return scope, place._replace(nth=number, times=times)

    def _anchor(self) -> str | None:
        """Words that something stands after or before: a quotation, a mark by its name."""
        if self.kind() == "quote":
            anchor = self.value().strip()
            self.at += 1
            return anchor
        self.take("closing", "opening", "final", "last")
        if self.value() in _PUNCTUATION:
            mark = _PUNCTUATION[self.value()]
            self.at += 1
            return mark
        return None

    def _loose(self, scope: list[tuple[str, ...]], place: Place) -> tuple[list[tuple[str, ...]], Place]:
        """A place that is named without quoting: "after par. (2)", "before last sentence"."""
        if self._names_a_level():
            _, self.at = _list(self.tokens, self.at)
            return scope, place._replace(part="neighbour")
        if not self._part():
            raise _Unread(f'the words after "{self.value(-1)}" are not understood')
        return scope, place._replace(part="neighbour")

    def _part(self) -> str:
        """A part without a designation: its name, the cursor behind it; empty where there is none."""
        start = self.at
        words: list[str] = []
        while not self.done():
            word = self.value().lower().rstrip(".")
            if self.kind() == "quote" and words and words[-1] in ("definition", "of", "defining", "term", "item"):
                self.at += 1
                words.append("quoted")
            elif self.kind() in ("word", "level", "number") and (
                word in _ORDINALS or word in _PARTS or word in _FILLER - {"and", "to", "as", "redesignated"}
                or word in _UNNUMBERED
                or re.fullmatch(r"\d+(st|nd|rd|th)", word)
            ):  # fmt: skip
                if self._names_a_level():
                    break
                self.at += 1
                words.append(word)
            elif (
                word in ("and", "through", "to")
                and words
                and self.value(1).lower().rstrip(".") in _ORDINALS | _PARTS.keys()
            ):
                self.at += 1
                words.append("and")
            elif (
                word in ("preceding", "following", "relating", "after", "before")
                and words
                and words[-1] in ("provisions", "provision", "text", "matter", "language", "par", "sentence")
            ):
                self.at += 1
                words.append(word)
                if self._names_a_level():
                    _, self.at = _list(self.tokens, self.at)
            else:
                break
        if not any(
            word in _ORDINALS
            or word in _PARTS
            or word in ("section", "sentences", "pars", "paragraphs", "preceding", "following")
            for word in words
        ):
            self.at = start
            return ""
        named = [word for word in words if word not in _FILLER or word in ("par", "section", "text")]
        if "heading" in words or "catchline" in words or "headings" in words:
            return _BOTH if "text" in words else "heading"
        if {"introductory", "opening", "chapeau"} & set(words) or "preceding" in words:
            return "introductory"
        if {"concluding", "closing", "flush"} & set(words) or "following" in words:
            return "concluding"
        return " ".join(word for word in named if word not in ("section",)) or "text"

    def _inside(self, scope: list[tuple[str, ...]], place: Place) -> tuple[list[tuple[str, ...]], Place] | None:
        start = self.at
        self.take("in", "from", "of", "under", "to")
        self.take("the")
        if (self.value() in _COUNTS or self.value().isdecimal()) and self.value(1) in ("places", "instances"):
            times = _COUNTS.get(self.value()) or int(self.value())
            self.at += 2
            self.take("appearing")
            return scope, place._replace(times=times)
        while (
            self.value() in ("former", "newly", "existing", "redesignated", "such", "new", "original")
            and self.kind() == "word"
        ):
            self.at += 1
        if self.value() in ("each", "all", "both") and self.value(1) in ("place", "places", "instance"):
            self.at += 2
            while self.value() in _EVERYWHERE:
                self.at += 1
            return scope, place._replace(times=0)
        if self._names_a_level():
            named, self.at = self._listed_as_place()
            above = self._of_what(self.head)
            scope = [(*above, *d.labels) if above else _resolved(d, self.head) for d in named]
            self.scope_depth = _last_depth(named[-1])
            while self.value() in ("as", ",", "(") and self.value(1 if self.value() == "as" else 2) in (
                "so",
                "redesignated",
            ):
                if self.value() in (",", "("):
                    self.at += 1
                so = self._so_redesignated(scope, place)
                if so is None:
                    break
                self.take(")")
            return scope, place
        if self.kind() == "labels" and scope:
            self.at += 1
            return scope, place
        if self.value() in ("this", "such") and self.value(1) in ("section", "subsection"):
            self.at += 2
            return scope, place
        if self.value() == "item" and self.kind(1) == "number":
            self.at += 2
            return scope, place._replace(part="item")
        part = self._part()
        if not part:
            self.at = start
            return None
        if self.value(-1) == "of" and self.kind() == "level":
            self.at -= 1
        if self.value() in ("relating", "beginning", "defining") and part not in ("text", "heading"):
            self._free()
        while self.value() in ("of", "in", "preceding", "following", "thereof") and not self.done():
            before = self.at
            self.at += 1
            self.take("the", "such", "this")
            if self._names_a_level():
                named, self.at = _list(self.tokens, self.at)
                if self.tokens[before].value in ("of", "in"):
                    scope = [_resolved(d, self.head) for d in named]
                    self.scope_depth = _last_depth(named[-1])
            elif not self._part():
                self.at = before
                break
        if part == "text":
            return scope, place._replace(part="")
        return scope, place._replace(part=part)

    def _listed_as_place(self) -> tuple[list[_Designation], int]:
        """The list at the cursor; ", and cl. (iii)" behind a single one is what the verb governs next, and no place."""
        named, behind = _list(self.tokens, self.at)
        last = behind - 2
        joined = [t.value for t in self.tokens[last - 2 : last]] == [",", "and"] and self.tokens[last].kind == "level"
        if len(named) == 2 and joined and not self.tokens[self.at].value.endswith("s."):
            return named[:1], last - 2
        return named, behind

    def _of_what(self, head: _Head, *words: str) -> tuple[str, ...]:
        """ "of subpar. (A) of par. (2)": the labels of what a provision is named as part of, if it is."""
        chain: list[_Designation] = []
        while self.value() in (words or ("of",)):
            step = 2 if self.value(1) in ("former", "such", "the") else 1
            if self.kind(step) != "level" or self.kind(step + 1) != "labels":
                break
            start = self.at
            listed, self.at = _list(self.tokens, self.at + step)
            if len(listed) != 1:
                self.at = start
                break
            chain.append(listed[0])
        if not chain:
            return ()
        inner = [label for d in reversed(chain[:-1]) for label in d.labels]
        return (*_resolved(chain[-1], head), *inner)

    def _of(self, scope: list[tuple[str, ...]], place: Place) -> tuple[list[tuple[str, ...]], Place]:
        """ "at end of par. (3)"."""
        if self.value() in ("of", "thereof"):
            if self.take("thereof"):
                return scope, place
            inside = self._inside(scope, place._replace(part=""))
            return inside if inside else (scope, place)
        return scope, place

    def _so_redesignated(
        self, scope: list[tuple[str, ...]], place: Place
    ) -> tuple[list[tuple[str, ...]], Place] | None:
        if self.value() != "as" or self.value(1) not in ("so", "redesignated", "amended", "added"):
            return None
        self.at += 2
        self.take("redesignated", "amended", "designated", "added")
        if self.take("by"):
            while self.kind() in ("law", "labels", "number") or self.value() in ("§", "of", ","):
                if self.value() == "," and self.value(1) != "§" and self.kind(1) != "labels":
                    break
                self.at += 1
        self.take(",")
        return scope, place

    # verbs

    def _verb(self, scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        word = self.value().lower()
        kind = _VERBS[word]
        self.at += 1
        if word in ("struck", "striking"):
            self.take("out")
        self.take("of")
        self.take("the")
        begin = self.at
        rule = {
            "substitution": self._substituted, "insertion": self._inserted, "striking": self._struck,
            "addition": self._added, "renumbering": self._redesignated, "designation": self._designated,
            "general-amendment": self._amended, "repeal": self._repealed,
        }[kind]  # fmt: skip
        found = rule(scope, place)
        if found:
            return found
        if self.at == begin and self.done():
            raise _Unread(f'nothing follows "{word}"')
        raise _Unread(f'the words after "{word}" are not understood')

    def _quotes(self, wanted: int = 0) -> list[str]:
        """A list of quotations or marks by name: "“A”, “B”, and “C”".

        Behind the first `wanted`, one that "for" follows opens the next pair: "“A” for “B” and “C” for “D”".
        """
        found: list[str] = []
        while not self.done():
            if found:
                step = 2 if self.value() == "," and self.value(1) in ("and", "or") else 1
                if self.value() not in (",", "and", "or") or not self._quoted(step):
                    break
                if wanted and len(found) >= wanted and self._opens_pair(step):
                    break
                self.at += step
            if not self._quoted(0):
                break
            if self.kind() == "quote":
                found.append(self.value())
            else:
                self.take("the", "a", "final")
                found.append(_PUNCTUATION[self.value()])
            self.at += 1
        return found

    def _opens_pair(self, ahead: int) -> bool:
        """Whether the quotation `ahead` is new words, or one of a list of new words, with "for" behind."""
        for token in self.tokens[self.at + ahead :]:
            if token.value == "for":
                return True
            if token.kind == "word" and token.value in _VERBS:
                return False
        return False

    def _quoted(self, ahead: int) -> bool:
        if self.kind(ahead) == "quote":
            return True
        skip = 1 if self.value(ahead) in ("the", "a", "final") else 0
        return self.kind(ahead) == "word" and self.value(ahead + skip) in _PUNCTUATION

    def _substituted(self, scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        found: list[Operation] = []
        outer_scope, outer = around = scope, place
        news: list[str] = []
        while True:
            start = self.at
            if self.value() == "," and self.value(1) in ("in", "at") and not found:
                self.at += 1
            if self.value() in ("in", "at", "wherever") and self.kind() == "word":
                outer_scope, outer = self._places(*around)
                self.take(",")
                place = outer
            quotes = self._quotes()
            if quotes:
                news = quotes
                if self.value() in ("at", "in", "after", "before") and self._find("for"):
                    scope, place = self._places(outer_scope, outer)
            if (
                news
                and self.value() == "as"
                and self.value(1) in ("section", "heading", "subsection", "catchline", "subsec.")
            ):
                self._free()
                found += [Operation("substitution", t, new=news[0], place=Place(part="heading"), words_given=False)
                          for t in self._targets(outer_scope)]  # fmt: skip
                break
            if news and self.value() in ("and", ",") and not self._quoted(1) and self._find("for"):
                self.at = self._find("for") or self.at
                news = []
            if self.value() == "for" and (self.kind(1) in ("quote", "word", "level")) and not news and quotes:
                self._free()
                found += self._untold("substitution", outer_scope)
            elif news and self.take("for"):
                olds, narrow, where = self._old(outer_scope, place, len(news))
                if olds is None or (self.value() == "and" and self.value(1) == "all"):
                    self._free()
                    found += self._untold("substitution", outer_scope, news)
                else:
                    for narrowed, there in self._several(narrow, where):
                        found += self._pairs(news, olds, narrowed, there)
            elif quotes or (not found and self.done()):
                self.at = start
                return []
            else:
                self.at = start
                self._narrative_pair()
                found += self._untold("substitution", outer_scope)
            scope, place = outer_scope, outer
            if not self._again(("for",)):
                break
        return found

    def _old(
        self, scope: list[tuple[str, ...]], place: Place, wanted: int
    ) -> tuple[list[str] | None, list[tuple[str, ...]], Place]:
        """What was substituted for: quoted words, a mark, or ``None`` where it is only described."""
        olds = self._quotes(wanted)
        return (olds or None), scope, place

    def _narrative_pair(self) -> None:
        """ "provision relating to … for former provision that …": free words on both sides."""
        self._free()

    def _untold(self, kind: str, scope: list[tuple[str, ...]], news: list[str] | None = None) -> list[Operation]:
        new = news[0] if news and len(news) == 1 else None
        return [Operation(kind, target, new=new, words_given=False) for target in self._targets(scope)]

    def _pairs(self, news: list[str], olds: list[str], scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        if len(news) == len(olds):
            pairs = list(zip(olds, news, strict=True))
        elif len(news) == 1:
            pairs = [(old, news[0]) for old in olds]
        else:
            return self._untold("substitution", scope)
        if place.side == "at the end" and len(pairs) == 1 and pairs[0][0] in ".;,:":
            place = place._replace(side="at the end")
        given = place.part != "neighbour"
        return [
            Operation("substitution", t, old, new, place, words_given=given)
            for old, new in pairs
            for t in self._targets(scope)
        ]

    def _again(self, opening: tuple[str, ...]) -> bool:
        """Whether the verb governs one more object: "and “C” for “D”", "and for “E” after “F”"."""
        step = 2 if self.value() == "," and self.value(1) == "and" else 1
        if self.value() not in (",", "and", ";") or self.kind() == "quote":
            return False
        if self.value(step) == "," and self.value(step + 1) in ("in", "at"):
            step += 1
        if self._quoted(step) or (self.kind(step) == "word" and self.value(step) in opening):
            self.at += step
            return True
        if self.value(step) in ("in", "at") and self.kind(step) == "word":
            # "and, in par. (2), “C” for “D”": the same verb in another place.
            for ahead in range(step + 1, step + 9):
                token = self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else None
                if token is None or (token.kind == "word" and token.value in (*_VERBS, *_TOLD)):
                    return False
                if token.kind == "quote":
                    self.at += step
                    return True
        return False

    def _inserted(self, scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        return self._placed("insertion", scope, place)

    def _struck(self, scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        return self._placed("striking", scope, place)

    def _repealed(self, scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        return self._placed("repeal", scope, place)

    def _placed(self, kind: str, scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        """Insertions and strikings: words and where, in either order."""
        found: list[Operation] = []
        words: list[str] = []
        while True:
            narrow, where = (scope, place)
            if self.value() == "," and self.value(1) in ("after", "before", "at", "in") and not found:
                self.at += 1
            if self.kind() == "word" and self.value() in ("at", "before", "after", "in", "following", "preceding"):
                narrow, where = self._places(scope, place)
                self.take(",")
                self.take("the")
                self.take("following")
                self.take(":", ",")
            if self.value() in ("the", "new") and self.kind(1) == "quote":
                self.at += 1
            quotes = self._quotes()
            if not quotes and found and (self.done() or self.value() in (",", "and")):
                return found
            if not quotes and not ((found and self.value() in ("after", "before")) or (where != place and words)):
                structural = self._structural(kind, narrow, where)
                if structural:
                    return [*found, *structural]
                if not self._subject_ahead():
                    return found
                self._free()
                return [*found, *self._untold(kind, narrow)]
            words = quotes or words
            if self.value() == "and" and self.value(1) == "all":
                self._free()
                return [*found, *self._untold(kind, narrow)]
            if [self.value(i) for i in range(3)] in (["before", "and", "after"], ["after", "and", "before"]):
                found += self._around(kind, words, narrow, where)
                continue
            many: list[Place] = []
            (narrow, where), *others = self._several(narrow, where)
            if (
                (self.value() == "and" or self.value() == ",")
                and self.value(1) in ("after", "before")
                and self.kind(2) == "quote"
            ):
                many.append(where)
                while self.value() in ("and", ",") and self.value(1) in ("after", "before") and self.kind(2) == "quote":
                    self.at += 1
                    narrow, also = self._places(narrow, place)
                    many.append(also)
            elif where.anchor and not (kind == "striking" and self.value() == ",") and self._more_anchors(words):
                anchors = [where.anchor]
                while self.value() in (",", "and") and self.kind(2 if self.value(1) == "and" else 1) == "quote":
                    self.at += 2 if self.value(1) == "and" else 1
                    anchors.append(self.value())
                    self.at += 1
                narrow, where = self._places(narrow, where)
                many = [where._replace(anchor=anchor) for anchor in anchors]
            found += self._at_places(kind, words, narrow, many or [where])
            for narrowed, there in others:
                found += self._at_places(kind, words, narrowed, [there])
            if kind == "insertion" and (self.value() == "for" or self.value(1) == "lieu"):
                # "inserted “A” in lieu of “B”" is a substitution in other words.
                self.at += 1 if self.value() == "for" else 3
                olds = self._quotes(len(words))
                narrow, where = self._places(narrow, where)
                if not olds or others or many:
                    raise _Unread("what was inserted in lieu of is not understood")
                found = found[: -len(self._targets(narrow)) * len(words)] + self._pairs(words, olds, narrow, where)
            if self.value() in (
                "which",
                "relating",
                "that",
                "providing",
                "defining",
                "designating",
                "preceding",
                "referring",
            ):
                self._free()
            if not self._again(("after", "before")):
                return [*found, *self._more_objects(kind, scope, place)]

    def _around(self, kind: str, words: list[str], scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        """ "inserted “A” and “B” before and after “C”, respectively"."""
        sides = (self.value(), self.value(2))
        self.at += 3
        anchor = self._anchor()
        if anchor is None or len(words) != 2:
            raise _Unread("what stands before and after is not understood")
        scope, place = self._places(scope, place)
        places = [place._replace(side=side, anchor=anchor) for side in sides]
        return self._at_places(kind, words, scope, places)

    def _more_objects(self, kind: str, scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        """What the same verb governs beside quoted words: "and par. (3)", ", and provisions relating to …"."""
        step = 2 if self.value() == "," and self.value(1) == "and" else 1
        if self.value() not in (",", "and") or self.kind() == "quote":
            return []
        start = self.at
        self.at += step
        self.take("former", "the", "a")
        described = self.value() in _DESCRIBED or self._part()
        if not (self._names_a_level()) and not described:
            self.at = start
            return []
        named = self._names_a_level()
        if named:
            return self._structural(kind, scope, place)
        self._free()
        return self._untold(kind, scope)

    def _more_anchors(self, words: list[str]) -> bool:
        """ "inserted “A” and “B” after “C” and “D”, respectively", "inserted “A” after “C” and “D”"."""
        if not ((self.value() == "and" and self.kind(1) == "quote") or (self.value() == "," and self.kind(1) == "quote")
                or (self.value() == "," and self.value(1) == "and" and self.kind(2) == "quote")):  # fmt: skip
            return False
        ahead = self.at + 1
        while ahead < len(self.tokens) and (
            self.tokens[ahead].kind == "quote" or self.tokens[ahead].value in (",", "and")
        ):
            if self.tokens[ahead].value == "respectively":
                return True
            ahead += 1
        following = self.tokens[ahead].value if ahead < len(self.tokens) else ""
        if following == "respectively":
            return len(words) > 1
        return len(words) == 1 and following not in ("after", "before", "for", "at", "in")

    def _at_places(
        self, kind: str, words: list[str], scope: list[tuple[str, ...]], places: list[Place]
    ) -> list[Operation]:
        pairs = (
            zip(words, places, strict=True) if len(words) == len(places) else ((w, p) for p in places for w in words)
        )
        found = []
        for said, where in pairs:
            old, new = (None, said) if kind == "insertion" else (said, None)
            given = where.part != "neighbour"
            found += [Operation(kind, t, old, new, where, words_given=given) for t in self._targets(scope)]
        return found

    def _subject_ahead(self) -> bool:
        """Whether a description follows: anything that is no verb and no end."""
        return not self.done() and self.value() not in (",", "and")

    def _structural(self, kind: str, scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        """ "struck out par. (5)", "struck out former subsec. (c) which read as follows: “…”", "inserted heading"."""
        start = self.at
        while self.value() in (
            "former",
            "the",
            "existing",
            "all",
            "of",
            "existing",
            "designation",
            "designations",
            "new",
        ):
            if self.value() in ("designation", "designations"):
                self.at += 1
                labels = _labels(self.value()) if self.kind() in ("quote", "labels") else ()
                self._free()
                within = self._labels_of(scope)
                labelled = [t if t[-len(labels) :] == labels else (*t, *labels) for t in within] if labels else []
                return self._label_changed(kind, scope, labelled)
            self.at += 1
        if self.value() == "heading" and self.value(1) == "and" and self.value(2) == "text" and self.value(3) == "of":
            self.at += 4
            self.take("former")
        if self._names_a_level():
            named, self.at = _list(self.tokens, self.at)
            if self.take("designation", "designations"):
                return self._label_changed(kind, scope, [_resolved(d, self.head) for d in named])
            if self.take("heading", "headings"):
                self._free()
                return [Operation(kind, self._path(d), words_given=False, place=Place(part="heading")) for d in named]
            if self.take("provision", "provisions"):
                self._free()
                return [Operation(kind, self._path(d), words_given=False) for d in named]
            above = self._of_what(self.head)
            targets = ["/".join((*above, *d.labels)) for d in named] if above else self._beside(named, scope)
            old = self._which_read() if kind in ("striking", "repeal") else None
            made = "repeal" if kind in ("striking", "repeal") else "addition"
            return [Operation(made, t, old=old if len(targets) == 1 else None, words_given=kind == "insertion"
                              or bool(old and len(targets) == 1)) for t in targets]  # fmt: skip
        if kind == "repeal" and (self.kind() == "law" or self.value() in ("amendment", "amendments")):
            return self._amendment_undone(scope)
        if kind == "repeal" and (self.value() in ("section", "this") or self.done()):
            self._free()
            return [Operation("repeal", WHOLE, words_given=False)]
        self.at = start
        part = self._part()
        if part:
            old = self._which_read() if kind == "striking" else None
            if old is None and self.kind() == "quote":
                old = self.value()
                self.at += 1
            where = Place(part="heading") if part == "heading" else place._replace(part=part)
            self._free()
            if "sentence" in part and old:
                ends = {"last", "final"} & set(part.split())
                where = Place(side="at the end" if ends else "at the beginning" if "first" in part else "", part=part)
            if kind == "insertion":
                return [Operation(kind, t, new=old, words_given=False, place=place._replace(part=part))
                        for t in self._targets(scope)]  # fmt: skip
            if kind == "striking" and old and part != "heading":
                return [Operation(kind, t, old=old, place=where) for t in self._targets(scope)]
            return [Operation(kind, t, old=old, words_given=False, place=where) for t in self._targets(scope)]
        return []

    def _beside(self, named: list[_Designation], scope: list[tuple[str, ...]]) -> list[str]:
        """The paths of provisions that are named behind a place: below it, unless they are of its level or above."""
        below = len(scope) == 1 and named and named[0].depth > 0 and named[0].depth > self.scope_depth
        if not below:
            return [self._path(d) for d in named]
        base = (_Designation(self.head[0].depth if self.head else 0, scope[0]),)
        return ["/".join(_resolved(d, base)) for d in named]

    def _labels_of(self, scope: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        return scope or [d.labels for d in self.head] or [()]

    def _label_changed(
        self, kind: str, scope: list[tuple[str, ...]], labelled: list[tuple[str, ...]]
    ) -> list[Operation]:
        """ "inserted par. (1) designation and heading": existing words are designated; "struck out par. (1)
        designation": they stand without their label, which no rule of the ledger undoes."""
        heading = self.value() == "and" and self.value(1) == "heading"
        struck = kind != "insertion" or not labelled
        if not struck and (heading or self.done() or self.value() in (",", "before", "and")):
            if heading:
                self.at += 2
            if self.value() == "before":
                self._places(scope)
            paths = ["/".join(labels) for labels in labelled]
            given = len(paths) == 1
            found = [Operation("designation", path, words_given=given) for path in paths]
            return found + [Operation("insertion", p, words_given=False, place=Place(part="heading"))
                            for p in paths if heading]  # fmt: skip
        self._free()
        return [Operation("striking" if struck else kind, t, words_given=False) for t in self._targets(scope)]

    def _amendment_undone(self, scope: list[tuple[str, ...]]) -> list[Operation]:
        """ "repealed Pub. L. 101–647, § 1606": no words, unless they are said to be restored; "repealed amendment by
        Pub. L. 104–294": whatever that amendment was."""
        said = {token.value for token in self.tokens[self.at :]}
        by_law = self.kind() == "law"
        self.at = len(self.tokens)
        if by_law and not said & {"restored", "revived", "reenacted", "read", "section"}:
            return [Operation("none", WHOLE, directed="directory language")]
        return self._untold("substitution", scope)

    def _which_read(self) -> str | None:
        """The words of "which read as follows: “…”" or "which provided “…”", the cursor behind them; else what is said
        up to the next predicate is passed over."""
        if self.value() == "," and self.value(1) in ("which", "relating", "providing", "defining", "that"):
            self.at += 1
        if self.value() in ("which", "reading", "that"):
            ahead = self.at
            while ahead < len(self.tokens) and ahead - self.at < 12:
                if self.tokens[ahead].kind == "quote":
                    verbs = {t.value for t in self.tokens[self.at : ahead]}
                    if verbs & {"read", "follows", "reading"} and not verbs & {"defined", "related"}:
                        self.at = ahead + 1
                        return self.tokens[ahead].value
                    break
                ahead += 1
        if self.value() in _DESCRIBING_OBJECT:
            self._free()
        return None

    def _added(self, scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        while self.value() in ("a", "new", "the"):
            self.at += 1
        if self._names_a_level():
            found: list[Operation] = []
            named, self.at = _list(self.tokens, self.at)
            above = self._of_what(self.head, "of", "to")
            targets = ["/".join((*above, *d.labels)) for d in named] if above else self._beside(named, scope)
            found += [Operation("addition", t) for t in targets]
            if self.value() in _DESCRIBING_OBJECT:
                self._free()
            self._places(scope, place)
            while self.value() in (",", "and") and (
                (self.kind(1) == "level" and self.kind(2) == "labels")
                or ((self.value(1) in _COUNTS or self.value(1) == "the") and self.kind(2) == "level")
            ):  # fmt: skip
                self.at += 2 if self.kind(2) == "level" else 1
                named, self.at = _list(self.tokens, self.at)
                found += [Operation("addition", self._path(d)) for d in named]
                if self.value() in _DESCRIBING:
                    self._free()
            return [*found, *self._more_objects("insertion", scope, place)]
        if self.kind() == "quote" or self.value() in ("at", "after", "before"):
            return self._placed("insertion", scope, place)
        if self.done():
            return []
        self._free()
        return self._untold("insertion", scope)

    def _redesignated(self, scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        found: list[Operation] = []
        while True:
            while self.value() in ("former", "existing", "the", "and", "then", "second", "first"):
                self.at += 1
            if not (self._names_a_level()):
                if found:
                    return found
                if self.done():
                    return []
                if self.value() in ("provisions", "provision", "text"):
                    return self._designated(scope, place)
                self._free()
                return [Operation("renumbering", t, words_given=False) for t in self._targets(scope)]
            named, self.at = _list(self.tokens, self.at)
            under, under_depth = self.head, None
            if self.value() == "of":
                scope, place = self._places(scope, place)
                if scope:
                    under = (_Designation(self.head[0].depth if self.head else 0, scope[0]),)
                    under_depth = self.scope_depth
            if self.value() in ("relating", "which", ",", "defining", "(") and self.value(1) != "as":
                probe = self._find("as")
                if probe is not None:
                    self.at = probe
            self.take(",")
            if not self.take("as"):
                raise _Unread('"redesignated" without "as"')
            self.take("and")
            new = self._destinations(named, under, under_depth)
            if len(new) != len(named):
                raise _Unread("what is redesignated and what it becomes differ in number")
            resolved = zip(named, _resolved_all(named, under), strict=True)
            olds = ("/".join(labels if d.depth or len(d.labels) == 1 else d.labels) for d, labels in resolved)
            moves = tuple((old, there) for old, there in zip(olds, new, strict=True) if old != there)
            self.destinations |= {there for _, there in moves}
            found += [Operation("renumbering", moves[0][0], moves=moves)] if moves else []
            self.take(",")
            if not self.take("respectively") and self.value(-1) == ",":
                self.at -= 1
            step = 2 if self.value() == "," and self.value(1) == "and" else 1
            if self.value() in ("and", ",") and not (
                (self.kind(step) == "level" and self.kind(step + 1) == "labels") or self.value(step) == "former"
            ):
                return found
            if self.done() or self.value() not in ("and", ","):
                if self.value() in ("of", "in"):
                    self._places(scope, place)
                return found
            self.at += step

    def _bare(self, depth: int) -> list[_Designation]:
        """A list of labels whose level is that of what is redesignated."""
        level = _Token("level", _LEVELS[min(depth, 5)] + ".", 0, 0)
        end = self.at
        while end < len(self.tokens) and (self.tokens[end].kind == "labels" or _joins(self.tokens, end)):
            if self.tokens[end].kind != "labels" and "level" in (t.kind for t in self.tokens[end : end + 3]):
                break
            end += 1
        listed, behind = _list([level, *self.tokens[self.at : end]], 0)
        self.at += behind - 1
        return listed

    def _destinations(self, named: list[_Designation], under: _Head, under_depth: int | None = None) -> list[str]:
        """The slots that redesignated provisions come to, each beside the one it comes from unless a level is named, or
        what they come to be part of: "as subpars. (A) to (C) of par. (3)". `under` is what they are part of before, and
        `under_depth` the depth of its last label where the note names it."""
        labelled = self._names_a_level()
        if labelled:
            depth = _depth(self.value())
            self.at += 1
            listed = self._bare(depth)
        elif self.kind() == "labels":
            listed = self._bare(named[0].depth + len(named[0].labels) - 1 if not named[0].depth else named[0].depth)
        else:
            return []
        if len(listed) < len(named) and len(listed) == 2:
            listed = [listed[0], *_between(listed[0], listed[1]), listed[1]]
        above = self._part_of(under)
        destinations: list[str] = []
        for old, new, before in zip(named, listed, _resolved_all(named, under), strict=False):
            if above:
                destinations.append("/".join((*above, *new.labels)))
            elif labelled and under_depth is not None and new.depth <= under_depth:
                kept = max(0, len(under[0].labels) - (under_depth - new.depth + 1))
                destinations.append("/".join((*under[0].labels[:kept], *new.labels)))
            elif labelled and new.depth != old.depth:
                destinations.append(
                    "/".join(_resolved(new, under) if new.depth < old.depth else (*before[:-1], *new.labels))
                )
            elif len(new.labels) >= len(old.labels) and len(old.labels) > 1:
                destinations.append("/".join((*before[: len(before) - len(old.labels)], *new.labels)))
            else:
                destinations.append("/".join((*before[: len(before) - len(old.labels)], *old.labels[:-1], *new.labels)))
        return destinations if len(listed) == len(named) else []

    def _part_of(self, under: _Head) -> tuple[str, ...]:
        """ "of par. (3)" behind the new labels, before or behind "respectively"; nothing where the same sentence
        designates that provision, because its parts come under it by that."""
        start = self.at
        if self.value() == "," and self.value(1) == "respectively":
            self.at += 2
        self.take(",")
        begin = self.at
        above = self._of_what(under)
        if [t.value for t in self.tokens[begin : self.at]].count("of") > 1:
            self.at = begin
            above = self._of_what(self.head)
        if above:
            return above if above not in self.designated else ()
        self.at = start
        return ()

    def _designated(self, scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        if self.done():
            return []
        as_at = self._find("as")
        if as_at is not None:
            partly = {t.value for t in self.tokens[self.at : as_at]} & (_ORDINALS | {"sentence", "remainder"})
            self.at = as_at + 1
            if self._names_a_level():
                named, self.at = _list(self.tokens, self.at)
                if above := self._of_what(self.head):
                    # What the sentence goes on to add stands there too.
                    scope[:], self.scope_depth = [above], named[0].depth - 1
                targets = ["/".join((*above, *d.labels)) if above else self._path(d) for d in named]
                self._places([], place)
                if self.value() in ("fourth", "first", "second", "existing", "third", "last", "provisions", "the"):
                    self._free()
                self.designated |= {tuple(target.split("/")) for target in targets}
                given = len(targets) == 1 and not partly
                return [Operation("designation", t, words_given=given) for t in targets]
        self._free()
        return [Operation("designation", t, words_given=False) for t in self._targets(scope)]

    def _amended(self, scope: list[tuple[str, ...]], place: Place) -> list[Operation]:
        """ "amended subsec. (b) generally"; "amended par. (2) identically, striking out …" passes the verb on."""
        if self.kind() == "law" or self.value() == "directory":
            self.at = len(self.tokens)
            return [Operation("none", WHOLE, directed="directory language")]
        named: list[_Designation] = []
        if self._names_a_level():
            named, self.at = _list(self.tokens, self.at)
        begin = self.at
        while not self.done() and self.value() not in ("generally", "identically", ",", "by", "to"):
            if self.value() == "and" and self._predicate_ahead():
                break
            if not named and self._names_a_level():
                named, self.at = _list(self.tokens, self.at)
            else:
                self.at += 1
        if self.value() == "," and self.value(1) in ("as", "relating", "which"):
            probe = self._find("by")
            self.at = probe if probe is not None else self.at
        said = [t.value.lower() for t in self.tokens[begin : self.at]]
        if self.kind() == "law" or ("language" in said and "directory" in said):
            self.at = len(self.tokens)
            return [Operation("none", WHOLE, directed="directory language")]
        targets = [self._path(d) for d in named] or (
            [WHOLE] if "section" in said and "catchline" not in said else self._targets(scope)
        )
        if self.take("identically") or self.value() == "by":
            scope[:] = [tuple(t.split("/")) if t else () for t in targets] if named else scope
            self.take(",")
            self.take("by")
            if self.value().lower() in _VERBS:
                return self._verb(scope, place)
        self._rest_of_amended()
        if "heading" in said and "text" in said:
            of_heading = [Operation("substitution", t, words_given=False, place=Place(part="heading")) for t in targets]
            text = [Operation("general-amendment", t, words_given=False, place=Place(part="text")) for t in targets]
            return [*of_heading, *text]
        part = next((w for w in said if w in _PARTS and w != "text"), "")
        ordinal = next((w for w in said if w in _ORDINALS), "")
        if ordinal or part in ("introductory", "concluding", "heading", "catchline", "sentence", "definition"):
            which = Place(part=f"{ordinal} {part}".strip() if ordinal else _PARTS.get(part, part))
            return [Operation("substitution", t, words_given=False, place=which) for t in targets]
        where = Place(part="text" if "text" in said and "heading" not in said else "")
        return [Operation("general-amendment", t, words_given=False, place=where)
                for t in targets]  # fmt: skip

    def _rest_of_amended(self) -> None:
        """ "generally, substituting provisions … for provisions …" tells again what the amendment was about."""
        self.take("generally")
        if self.value() == "," and (self.value(1).endswith("ing") or self.value(1) in ("to", "by")):
            while not self.done() and not (self.value() in (",", "and") and self._predicate_ahead_past()):
                self.at += 1
        elif self.value() not in ("and", ",", ""):
            self._free()

    def _predicate_ahead_past(self) -> bool:
        following = self.value(2) if self.value(1) == "and" else self.value(1)
        return following in _VERBS and following.endswith(("ed", "struck"))


def _with_headings(operations: list[Operation]) -> Iterator[Operation]:
    """The operations; a heading inserted with a designation is that of what was designated."""
    designated = [o.target for o in operations if o.kind == "designation" and o.words_given]
    for operation in _apart(operations):
        inserted = operation.kind == "insertion" and operation.place == Place(part="heading") and not operation.new
        above = [target for target in designated if target.rpartition("/")[0] == operation.target]
        yield operation._replace(target=above[0]) if inserted and len(above) == 1 else operation


def _apart(operations: list[Operation]) -> Iterator[Operation]:
    """What was done "in heading and text" as two operations."""
    for operation in operations:
        if operation.place.part == _BOTH:
            yield operation._replace(place=operation.place._replace(part="heading"))
            yield operation._replace(place=operation.place._replace(part=""))
        else:
            yield operation


def _with_former(sentence: Sentence, what: str, words: str) -> Sentence:
    """The sentence with the words that its general amendment replaced, where it made just one."""
    general = [
        i for i, o in enumerate(sentence.operations) if o.kind in ("general-amendment", "repeal") and o.old is None
    ]
    if len(general) != 1:
        return sentence
    operations = list(sentence.operations)
    chosen = operations[general[0]]
    part = "former text" if what and chosen.place.part != "text" else chosen.place.part
    operations[general[0]] = chosen._replace(old=words, words_given=True, place=chosen.place._replace(part=part))
    return sentence._replace(operations=tuple(operations))


def _law_path(text: str) -> Path:
    """The path of an enactment as a note cites it.

    >>> _law_path("Pub. L. 115–164"), _law_path("Act Mar. 26, 1954"), _law_path("Act Aug. 6, 1956, ch. 973")
    ('/us/pl/115/164', '/us/act/1954-03-26', '/us/act/1956-08-06/ch973')
    >>> _law_path("Ex. Ord. No. 11609"), _law_path("Reorg. Plan No. 20 of 1949"), _law_path("Joint Res. June 30, 1954")
    ('/us/eo/11609', '/us/reorgplan/1949/20', '/us/act/1954-06-30')
    """
    numbers = re.findall(r"\d+", text)
    if text.startswith("Pub"):
        return f"/us/pl/{numbers[0]}/{numbers[1]}"
    if text.startswith("Ex."):
        return f"/us/eo/{numbers[0]}"
    if "Plan" in text:
        number, year = sorted(numbers, key=len)
        return f"/us/reorgplan/{year}/{number}"
    month = next(i for i, name in enumerate(MONTHS, 1) if f" {name}" in text)
    chapter = re.search(r"ch\. (\d+\w*)", text)
    return f"/us/act/{numbers[1]}-{month:02d}-{int(numbers[0]):02d}" + (f"/ch{chapter[1]}" if chapter else "")
