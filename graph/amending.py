"""Amending instructions in the words of a bill: which provision, what is to be done, with which words.

A bill is taken in the plain form of `ingest.billtext`: a line a provision, two spaces of indentation a level, ``> ``
before what it would insert. Drafting in Congress is regular (House Office of the Legislative Counsel, "Quick Guide to
Legislative Drafting"): a section is named with its Act and its place in the Code, parts of it by level ("in subsection
(c)—"), and each change begins with "by": striking, inserting, adding, redesignating, amending.

What stands below such a name and is none of these forms is given back as an instruction without a kind: it is known to
be there, and not understood.

>>> text = '''(a) Fix.—Section 230 of the Communications Act of 1934 (47 U.S.C. 230) is amended—
...   (1) in subsection (c)(2)(B), by striking “paragraph (1)” and inserting “subparagraph (A)”; and
...   (2) by adding at the end the following:
...     > (g) Sunset.—This section shall end.'''
>>> for one in read(text):
...     print(one.kind, *one.slots, one.old_text, one.new_text, sep=" | ")
substitution | /us/usc/t47/s230/c/2/B | paragraph (1) | subparagraph (A)
addition | /us/usc/t47/s230/g |  | (g) Sunset.—This section shall end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from graph.records import Path


class Read(NamedTuple):
    """One instruction as it stands in a bill; `kind` is empty where it was not understood.

    `slots` are operated on, for an addition or a designation those that it would fill; `moves`, `note`, `old_text` and
    `new_text` are as in `graph.records.Effect`, new matter in the plain form without its marks.
    """

    kind: str
    slots: tuple[Path, ...]
    sentence: str
    old_text: str = ""
    new_text: str = ""
    note: str = ""
    moves: tuple[tuple[Path, Path], ...] = ()


@dataclass
class _Line:
    """A provision of the bill: its own words, what it quotes, and the provisions below it."""

    indent: float
    label: str
    words: str
    quoted: list[str] = field(default_factory=list)
    below: list[_Line] = field(default_factory=list)


LEVELS = ("subsection", "paragraph", "subparagraph", "clause", "subclause", "item", "subitem")

_LABEL = r"\((?:[0-9]{1,3}|[A-Za-z]{1,5})\)"
_PART = rf"(?P<level>{'|'.join(LEVELS)})s? (?P<labels>{_LABEL}(?:{_LABEL})*)"
_USC = re.compile(
    rf"[Ss]ection (?P<number>\d+[A-Za-z]*)(?P<parts>(?:{_LABEL})*) of (?:the )?[^().]{{3,120}}? "
    rf"\((?P<title>\d+) U\.?S\.?C\.? (?P<code>\d+[a-z]*(?:-\d+)?)[^)]*(?:{_LABEL})*\)"
)
_TITLE = re.compile(
    rf"[Ss]ection (?P<code>\d+[A-Za-z]*)(?P<parts>(?:{_LABEL})*) of title (?P<title>\d+), United States Code"
)
_ITEM = re.compile(r"(?P<indent> *)(?:(?P<section>§ \S+)|\((?P<label>[0-9A-Za-z]{1,5})\))?\s?(?P<words>.*)")
_HEADED = re.compile(r"(?:[A-Z“][^.—]{0,200}?)\.—(?=\S)")
_Q = r"[“\"](?P<{0}>[^”\"]+)[”\"]"
_IS_AMENDED = re.compile(r"\bis (?:further )?amended\b|\bis repealed\b|\bis (?:further )?amended—")

_TAIL = r"(?:,? the following(?: new \w+)?:?)"


def read(text: str) -> list[Read]:
    """The instructions of a bill, in the order of its text."""
    return [found for line in _tree(text) for found in _below(line)]


def _tree(text: str) -> list[_Line]:
    """The provisions of the bill. A line without a label that ends in a dash has those with labels below it."""
    top: list[_Line] = []
    open_lines: list[_Line] = []
    for line in text.split("\n"):
        if quote := re.match(r" *> (?P<matter>.*)", line):
            if open_lines:
                open_lines[-1].quoted.append(quote["matter"])
            continue
        item = _ITEM.fullmatch(line)
        if not item or not line.strip():
            continue
        is_lead = not item["label"] and item["words"].endswith("—")
        indent = len(item["indent"]) - (0.5 if is_lead or item["section"] else 0)
        new = _Line(indent, item["label"] or "", _HEADED.sub("", item["words"], count=1).strip())
        while open_lines and (open_lines[-1].indent >= indent or item["section"]):
            open_lines.pop()
        (open_lines[-1].below if open_lines else top).append(new)
        open_lines.append(new)
    return top


def _below(line: _Line) -> Iterator[Read]:
    """The instructions in a provision of the bill that names no section of the Code yet, or names one."""
    named = _named(line.words)
    if named is None:
        for part in line.below:
            yield from _below(part)
        return
    slot, rest = named
    yield from _done(line, slot, rest, line.words)


def _named(words: str) -> tuple[Path, str] | None:
    """The designation that is amended, and the words from "is amended" on."""
    amended = _IS_AMENDED.search(words)
    if amended is None:
        return None
    for form in (_USC, _TITLE):
        found = list(form.finditer(words, 0, amended.start()))
        if not found:
            continue
        last = found[-1]
        if len(words[last.end() : amended.start()]) > 120:
            continue
        parts = re.findall(r"\((\w+)\)", last["parts"])
        return "/".join((f"/us/usc/t{last['title']}/s{last['code']}", *parts)), words[amended.start() :]
    return None


def _done(line: _Line, slot: Path, words: str, lead: str) -> Iterator[Read]:
    """What a line does in `slot`: by itself, or by the lines below it."""
    inner, words = _context(slot, words)
    sentence = " ".join(lead.split())
    acts = list(_acts(inner, words, line, sentence))
    if line.below and words.rstrip().endswith("—"):
        for part in line.below:
            yield from _done(part, inner, part.words, f"{_short(sentence)} {part.words}")
        return
    yield from acts or [Read("", (inner,), sentence)]


def _short(lead: str) -> str:
    return lead if len(lead) <= 240 else lead[:239] + "…"


def _context(slot: Path, words: str) -> tuple[Path, str]:
    """The slot that "in subsection (c)(1)," leads to, and the words behind it.

    >>> _context("/us/usc/t47/s230/c", "in paragraph (2)(B), by striking “x”")
    ('/us/usc/t47/s230/c/2/B', 'by striking “x”')
    """
    found = re.match(rf"(?:is (?:further )?amended )?(?:,? ?)in {_PART}(?:, as so (?:re)?designated)?,? ?", words)
    if not found:
        return slot, words
    return _slot(slot, found["level"], found["labels"]), words[found.end() :]


def _slot(context: Path, level: str, labels: str) -> Path:
    """The slot of a part that is named by its level, within what the bill speaks of.

    >>> _slot("/us/usc/t47/s230/c/2", "paragraph", "(1)"), _slot("/us/usc/t47/s230", "subsection", "(c)(2)")
    ('/us/usc/t47/s230/c/1', '/us/usc/t47/s230/c/2')
    """
    above = context.split("/")[: 5 + LEVELS.index(level)]
    return "/".join((*above, *re.findall(r"\((\w+)\)", labels)))


# --- the forms -------------------------------------------------------------------------------------------------------

_STRIKE = rf"striking {_Q.format('old')}"
_EACH = r"(?P<each> each place (?:it|such term|the term) appears| both places it appears)?"
_FORMS = (
    ("repeal", r"is repealed"),
    ("general-amendment", r"is (?:further )?amended to read as follows:?"),
    ("general-amendment", rf"amending (?:the \w+ )?{_PART} to read as follows:?"),
    ("general-amendment", rf"striking {_PART} and inserting{_TAIL}"),
    ("substitution", rf"{_STRIKE}{_EACH}(?: at the end)? and inserting {_Q.format('new')}"),
    ("opening", rf"{_STRIKE} and inserting{_TAIL}"),
    ("period", rf"striking the (?P<mark>period|semicolon|comma)(?: at the end)? and inserting {_Q.format('new')}"),
    ("insertion", rf"inserting {_Q.format('new')} (?P<side>after|before) {_Q.format('anchor')}{_EACH}"),
    (
        "insertion",
        rf"inserting (?P<side>before|after) the (?P<mark>period|semicolon|comma)(?: at the end)?{_TAIL}? ?"
        rf"{_Q.format('new')}",
    ),
    ("insertion", rf"inserting (?P<side>after|before) {_Q.format('anchor')}{_TAIL}? ?{_Q.format('new')}"),
    ("addition", rf"inserting after {_PART}{_TAIL}"),
    ("addition", rf"adding at the end{_TAIL}"),
    ("striking", rf"{_STRIKE}{_EACH}"),
    ("repeal", rf"striking {_PART}"),
    (
        "renumbering",
        rf"redesignating (?P<level>{'|'.join(LEVELS)})s? (?P<from>[^,]*?) as (?P<to_level>{'|'.join(LEVELS)})s? "
        rf"(?P<to>{_LABEL}(?:(?:, | and |, and |, respectively)(?:{_LABEL})?)*)",
    ),
)
_COMPILED = tuple((kind, re.compile(form)) for kind, form in _FORMS)
_MARKS = {"period": ".", "semicolon": ";", "comma": ","}
_BETWEEN = re.compile(
    r"[\s,;.]*(?:\band\b|\bby\b|is (?:further )?amended|the following|respectively|adjusting the margins? accordingly|"
    r"and moving[^;]*|as so (?:re)?designated)?[\s,;.:]*"
)


def _acts(slot: Path, words: str, line: _Line, sentence: str) -> Iterator[Read]:
    """The changes that a line tells of, if all its words are understood; else none."""
    in_heading = re.match(r"(?:is amended )?in the heading,? ?", words)
    rest = words[in_heading.end() :] if in_heading else words
    found: list[Read] = []
    while rest:
        match = next(((kind, m) for kind, form in _COMPILED if (m := form.match(rest))), None)
        if match is None:
            between = _BETWEEN.match(rest)
            if not between or not between.end():
                return
            rest = rest[between.end() :]
            continue
        kind, m = match
        read_here = list(_read(kind, m, slot, line, sentence))
        if not read_here:
            return
        found += [one._replace(note="in the heading") if in_heading else one for one in read_here]
        rest = rest[m.end() :]
    yield from found


def _read(kind: str, m: re.Match[str], slot: Path, line: _Line, sentence: str) -> Iterator[Read]:
    """The instruction of one form; nothing where what it needs is not there."""
    said = m.groupdict()
    part = _slot(slot, said["level"], said["labels"]) if said.get("labels") and said.get("level") else slot
    note = "wherever it appears" if said.get("each") else ""
    match kind:
        case "repeal":
            yield Read("repeal", (part,), sentence)
        case "general-amendment" if line.quoted:
            yield Read("general-amendment", (part,), sentence, new_text="\n".join(line.quoted))
        case "substitution":
            at_end = "at the end" if " at the end and inserting" in m[0] else note
            yield Read("substitution", (slot,), sentence, said["old"], said["new"].strip(), at_end)
        case "period":
            yield Read("substitution", (slot,), sentence, _MARKS[said["mark"]], said["new"].strip(), "at the end")
        case "insertion":
            mark = said.get("mark")
            place = f'{said["side"]} the final "{_MARKS[mark]}"' if mark else f'{said["side"]} "{said["anchor"]}"'
            together = f"{place}, {note}" if note else place
            yield Read("insertion", (slot,), sentence, new_text=said["new"], note=together)
        case "striking":
            yield Read("striking", (slot,), sentence, old_text=said["old"], note=note)
        case "renumbering":
            yield from _renumbered(said, slot, sentence)
        case "opening" if line.quoted:
            yield from _opened(said["old"], slot, line.quoted, sentence)
        case "addition" if line.quoted:
            yield from _added(part if said.get("labels") else "", slot, line.quoted, sentence)


def _renumbered(said: dict[str, str], slot: Path, sentence: str) -> Iterator[Read]:
    """ "redesignating subsections (d) and (e) as subsections (e) and (f), respectively"."""
    before, after = (re.findall(_LABEL, said[name]) for name in ("from", "to"))
    if len(before) != len(after) or not before or "through" in said["from"]:
        return
    moves = tuple(
        (_slot(slot, said["level"], old), _slot(slot, said["to_level"], new))
        for old, new in zip(before, after, strict=True)
    )
    yield Read("renumbering", tuple(old for old, _ in moves), sentence, moves=moves)


def _opened(old: str, slot: Path, quoted: list[str], sentence: str) -> Iterator[Read]:
    """The first words struck for the same words behind a new designation: what stands there becomes that part."""
    label = re.match(r"\((\w+)\) ", quoted[0])
    if len(quoted) == 1 and label:
        new = f"{slot}/{label[1]}"
        yield Read("designation", (new,), sentence, old_text=old, new_text=quoted[0])


def _added(after: Path, slot: Path, quoted: list[str], sentence: str) -> Iterator[Read]:
    """New matter at the end of a provision, or behind one of its parts: provisions, or words alone."""
    margin = min(len(line) - len(line.lstrip()) for line in quoted)
    outermost = [line[margin:] for line in quoted if len(line) - len(line.lstrip()) == margin]
    labels = [m[1] for line in outermost if (m := re.match(r"\((\w+)\)", line))]
    above = after.rpartition("/")[0] if after else slot
    text = "\n".join(line[margin:] for line in quoted)
    if labels and len(labels) == len(outermost):
        yield Read("addition", tuple(f"{above}/{label}" for label in labels), sentence, new_text=text)
    elif not labels and not after and len(quoted) == 1:
        yield Read("insertion", (slot,), sentence, new_text=text, note="at the end")
