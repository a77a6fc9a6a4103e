"""The United States Code in USLM: one file a section or a whole title, in any dialect of the Law Revision Counsel.

The namespaces differ in nothing that matters here, so elements go by their local names. What a page prints is kept
apart as a lawyer reads it: the provisions, nested as the levels are; the source credit; the notes; and the footnotes,
which stand inline in the files and are taken out of the words.

**Words.** White space is folded to one space; soft hyphens, a typesetter's hint, are dropped. Each chapeau, content and
continuation, and in them each block paragraph, list item and table row (cells parted by a space), is a stretch of its
own: no stretch holds a line feed. A superscript number that repeats a footnote of the section without further markup is
a footnote mark as well (18/1462 has one right behind its pointer to section 230); other superscripts are words.

**Identity.** A path is the publisher's ``@identifier`` with ASCII hyphens (TIME, rule 13). A level without one takes
its parent's path and the value of its number (``…/a``), and without a number its kind and its place among its siblings
(``…/paragraph-2``); its `id_local` is empty. The second provision with the same path in a section, and the second such
section in a file, get ``;2``, and their children stand below that (TIME, rule 12). A dead section that stands for
several (``§§ 10, 10a``) comes once for each; a range (``s19...19c``) keeps the publisher's path.

**Status.** The publisher's ``@status``; without it, the first word of the heading, or of the text where a level has no
heading, if that word says so (``Repealed.``, ``, (ii) Omitted``).

Rules: USLM User Guide, "Levels", "Referencing Model"; ``StatusEnum`` of the schema, where ``proposed`` and ``pending``
come before ``operational`` (hence `prospective`). An amendment that is only announced stays a note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import BinaryIO

from lxml import etree

from graph.records import Citation, Note, Path, Provision, Rejected, Section
from ingest.xml import BrokenXML, elements, local, words

NAME = "us-code-uslm"

UNITS = ("section", "courtRule", "reorganizationPlan")
"""The levels that become a `Section`: those that carry a source credit and notes."""

_LARGE = ("title", "subtitle", "chapter", "subchapter", "part", "subpart", "division", "subdivision")
_OTHER = ("article", "subarticle", "preliminary", "appendix", "compiledAct", "courtRules", "reorganizationPlans")
_SMALL = ("subsection", "paragraph", "subparagraph", "clause", "subclause", "item", "subitem", "subsubitem", "level")
LEVELS = frozenset((*_LARGE, *_OTHER, *UNITS, *_SMALL))
"""The levels of the Code, large and small; a small one is known by its element, since an ``i`` may be any of them."""

_NOT_CODE = frozenset({"note", "notes", "footnote", "quotedContent", "toc"})
_BESIDE_THE_WORDS = frozenset({"num", "heading", "sourceCredit", "notes", "note", "toc", "meta"})
_PARAGRAPHS = ("p", "continuation", "proviso", "listItem", "tr", "caption", "signature", "note")
_ANALYSIS = ("header", "tocItem", "headingItem", "referenceItem")
_BLOCKS = LEVELS.union(_PARAGRAPHS, _ANALYSIS)
_CELLS = frozenset({"td", "th", "column", "designator", "label", "target", "br"})

# No XML file can hold these characters, so they cannot be taken for its words.
_BREAK, _FOOTNOTE, _CHILD, _OPEN, _MIDDLE, _CLOSE = "\x01\x02\x03\x04\x05\x06"

_CITED = re.compile(rf"({_OPEN}[^{_MIDDLE}]*{_MIDDLE}|{_CLOSE})")
_SPACE_IN_CITED = re.compile(rf"({_OPEN}[^{_MIDDLE}]*{_MIDDLE})(\s+)")
_SPACE_BEFORE_CLOSE = re.compile(rf"(\s+){_CLOSE}")
_EMPTY_CITED = re.compile(rf"{_OPEN}[^{_MIDDLE}]*{_MIDDLE}[\s{_FOOTNOTE}]*{_CLOSE}")
_FOOTNOTES = re.compile(rf"[\s{_FOOTNOTE}]*{_FOOTNOTE}[\s{_FOOTNOTE}]*")

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_PATH = re.compile(r"/[^\s<>\"{}|\\^`]+")
_ROOT = re.compile(rb"<!--.*?(?:-->|\Z)|<(?![?!])(?:[\w.-]+:)?([\w.-]+)([^>]*)", re.DOTALL)
_DEAD = re.compile(
    r"(?:[\s,\[]*\(\w+\))*[\s,\[]*(Repealed|Omitted|Transferred|Renumbered|Reserved|Vacant)\b(?P<alone>$|[.,;\]]| or )?"
)


def recognises(head: bytes) -> bool:
    """Whether a file that begins with `head` is US Code in USLM: its root is ``uscDoc``, or is identified as Code.

    >>> recognises(b'<section xmlns="http://xml.house.gov/schemas/uslm/1.0" identifier="/us/usc/t47/s230">')
    True
    >>> recognises(b'<pLaw xmlns="http://schemas.gpo.gov/xml/uslm">')
    False
    """
    root = next((tag for tag in _ROOT.finditer(head) if tag[1]), None)
    if root is None:
        return False
    return root[1] == b"uscDoc" or re.search(rb"\sidentifier\s*=\s*[\"']/us/usc/", root[2]) is not None


def read(stream: BinaryIO) -> Iterator[Section | Rejected]:
    """The sections of one file in its order; court rules and reorganization plans come as sections too.

    Raises nothing: a file that is not well formed or declares entities ends in a `Rejected`, after what could be read
    before the fault; so does a section for which no path can be made. Notes of a whole title or chapter belong to no
    section and are passed over.
    """
    times: Counter[Path] = Counter()
    headings: dict[etree._Element, str] = {}
    try:
        for element in elements(stream, *UNITS):
            if any(local(ancestor) in _NOT_CODE for ancestor in element.iterancestors()):
                continue
            above = [ancestor for ancestor in element.iterancestors() if local(ancestor) in LEVELS]
            # The heading of a chapter is freed with its first section: keep it while it is there.
            for ancestor in above:
                if ancestor not in headings:
                    headings[ancestor] = _headline(ancestor)
            breadcrumb = tuple(headings[ancestor] for ancestor in reversed(above) if headings[ancestor])
            identities = _identities(element)
            for path, spelling in identities:
                yield _section(element, _numbered(path, times), spelling, breadcrumb)
            if not identities:
                reason = f"{local(element)} without an identifier, and none follows from its number and its title"
                yield Rejected(reason, f"line {element.sourceline}")
    except BrokenXML as error:
        yield Rejected(str(error))


# --- records ---------------------------------------------------------------------------------------------------------


def _section(element: etree._Element, identifier: Path, spelling: str, breadcrumb: tuple[str, ...]) -> Section:
    footnotes = [note for note in element.iter() if _is_footnote(note)]
    marks = frozenset(words(num) for note in footnotes for num in note if local(num) == "num")
    title = re.match(r"/us/usc/t([^/]+)", identifier)
    publication = element.getroottree().getroot().find("{*}meta/{*}docPublicationName")
    source_credit, credit_citations = _cited(_lines(_credit(element, marks)))
    return Section(
        provision=_provision(element, identifier, spelling, marks, Counter()),
        title_number=title[1] if title else "",
        source_credit=" ".join(source_credit),
        credit_citations=credit_citations,
        notes=tuple(_note(note, marks) for note in _notes(element)),
        footnotes=tuple(_plain(note, (), [num for num in note if local(num) == "num"]) for note in footnotes),
        breadcrumb=breadcrumb,
        publication=words(publication),
    )


def _provision(
    level: etree._Element, identifier: Path, spelling: str, marks: Collection[str], times: Counter[Path]
) -> Provision:
    lines = _lines(_own(level, marks))
    stretches, citations = _cited([line for line in lines if line != _CHILD])
    rest, children = iter(stretches), iter(_children(level, identifier, marks, times))
    num, heading = (_plain(part, marks) for part in (_first(level, "num"), _first(level, "heading")))
    status = level.get("status") or ("" if _CHILD in lines else _told_status(num, heading or "".join(stretches[:1])))
    return Provision(
        identifier=identifier,
        id_local=spelling,
        level=local(level),
        num=num,
        heading=heading,
        body=tuple(next(children) if line == _CHILD else next(rest) for line in lines),
        status=status,
        citations=citations,
        prospective=status in ("proposed", "pending"),
    )


def _children(level: etree._Element, identifier: Path, marks: Collection[str], times: Counter[Path]) -> list[Provision]:
    children: list[Provision] = []
    places: Counter[str] = Counter()
    for child in level:
        if local(child) in LEVELS:
            places[local(child)] += 1
            path = _path_below(level, identifier, child, places[local(child)])
            children.append(_provision(child, _numbered(path, times), child.get("identifier") or "", marks, times))
    return children


def _note(note: etree._Element, marks: Collection[str]) -> Note:
    heading = _first(note, "heading")
    paragraphs, citations = _cited(_lines(_inside(note, marks, [] if heading is None else [heading])))
    return Note(note.get("topic") or "", _plain(heading, marks), paragraphs, citations, note.get("role") or "")


def _notes(level: etree._Element) -> Iterator[etree._Element]:
    """The notes under a section or under a level of it, in the order of the page, without footnotes."""
    for child in level:
        if local(child) in LEVELS or local(child) == "notes":
            yield from _notes(child)
        elif local(child) == "note" and not _is_footnote(child):
            yield child


def _told_status(num: str, told: str) -> str:
    """What the first word of a heading (or of the text, where there is none) says about a dead provision.

    >>> _told_status("(i)", ", (ii) Omitted"), _told_status("[§ 116A.", "Renumbered § 116]")
    ('omitted', 'renumbered')
    >>> _told_status("(c)", "Transferred property")
    ''
    """
    dead = _DEAD.match(told)
    return dead[1].lower() if dead and (dead["alone"] is not None or num.startswith("[")) else ""


# --- identity --------------------------------------------------------------------------------------------------------


def _path(spelling: str) -> Path:
    """The path that a publisher's spelling means; empty for what is none.

    >>> _path("/us/usc/t47/s227b–1"), _path("#note")
    ('/us/usc/t47/s227b-1', '')
    """
    path = spelling.translate(_DASHES)
    return path if _PATH.fullmatch(path) else ""


def _identities(element: etree._Element) -> list[tuple[Path, str]]:
    """The paths under which a section stands, each with its spelling; none where they cannot be known."""
    published = [(_path(spelling), spelling) for spelling in (element.get("identifier") or "").split()]
    known = [(path, spelling) for path, spelling in published if path]
    if known or local(element) != "section":
        return known
    titles = (re.match(r"/us/usc/t[^/]+", above.get("identifier") or "") for above in element.iterancestors())
    title, number = next(filter(None, titles), None), _number(element)
    return [(f"{title[0]}/s{number}", "")] if title and number else []


def _path_below(level: etree._Element, identifier: Path, child: etree._Element, place: int) -> Path:
    above = _path(level.get("identifier") or "") or re.sub(r";\d+", "", identifier)
    published = _path(child.get("identifier") or "")
    if published.startswith(above + "/"):
        return identifier + published[len(above) :]
    return published or f"{identifier}/{_number(child) or f'{local(child)}-{place}'}"


def _number(level: etree._Element) -> str:
    num = _first(level, "num")
    value = "" if num is None else num.get("value") or _plain(num, ())
    return re.sub(r"[^\w.-]+", "", value.translate(_DASHES)).strip(".")


def _numbered(path: Path, times: Counter[Path]) -> Path:
    times[path] += 1
    return path if times[path] == 1 else f"{path};{times[path]}"


# --- words -----------------------------------------------------------------------------------------------------------


def _first(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if local(child) == name), None)


def _headline(level: etree._Element) -> str:
    num, heading = (_plain(_first(level, name), ()) for name in ("num", "heading"))
    return f"{num}{heading}" if num.endswith("—") else f"{num} {heading}".strip()


def _plain(element: etree._Element | None, marks: Collection[str], without: Collection[etree._Element] = ()) -> str:
    """The words of an element on one line, without footnotes."""
    return "" if element is None else " ".join(_cited(_lines(_inside(element, marks, without)))[0])


def _credit(section: etree._Element, marks: Collection[str]) -> str:
    return _BREAK.join(_inside(child, marks) for child in section if local(child) == "sourceCredit")


def _own(level: etree._Element, marks: Collection[str]) -> str:
    """The words of a level with a mark where each child stands, without its number, heading, credit and notes."""
    parts = [level.text or ""]
    for child in level:
        name = local(child)
        if name in LEVELS:
            parts.append(_BREAK + _CHILD + _BREAK)
        elif name in ("chapeau", "content"):
            parts.append(_BREAK + _inside(child, marks) + _BREAK)
        elif name not in _BESIDE_THE_WORDS or _is_footnote(child):
            parts.append(_marked(child, marks))
        parts.append(child.tail or "")
    return "".join(parts)


def _inside(element: etree._Element, marks: Collection[str], without: Collection[etree._Element] = ()) -> str:
    """The words between the tags of an element, with marks for breaks, citations and footnotes."""
    parts = [element.text or ""]
    for child in element:
        if child not in without:
            parts.append(_marked(child, marks))
        parts.append(child.tail or "")
    return "".join(parts)


def _marked(element: etree._Element, marks: Collection[str]) -> str:
    if _is_footnote(element) or _is_footnote_mark(element, marks):
        return _FOOTNOTE
    name, inside = local(element), _inside(element, marks)
    if name in ("ref", "a") and (target := _path(element.get("href") or "")):
        return f"{_OPEN}{target}{_MIDDLE}{inside}{_CLOSE}"
    if name in _CELLS:
        return f" {inside.replace(_BREAK, ' ')} "
    return _BREAK + inside + _BREAK if name in _BLOCKS else inside


def _is_footnote(element: etree._Element) -> bool:
    name = local(element)
    return name == "footnote" or (name == "note" and element.get("type") in ("footnote", "endnote"))


def _is_footnote_mark(element: etree._Element, marks: Collection[str]) -> bool:
    name = local(element)
    if name == "ref":
        return "footnoteRef" in (element.get("class") or "").split()
    if name != "sup" or words(element) not in marks:
        return False
    previous, parent = element.getprevious(), element.getparent()
    before = previous.tail if previous is not None else parent.text if parent is not None else None
    return not re.search(r"[\d−-]\Z", before or "")  # else an exponent


def _lines(marked: str) -> list[str]:
    """The stretches of marked words: white space folded, footnotes gone, citations and children still marked."""
    folded = " ".join(_EMPTY_CITED.sub(_FOOTNOTE, marked.replace("\xad", "")).split())
    text = _FOOTNOTES.sub(_gap, folded)
    text = _SPACE_BEFORE_CLOSE.sub(rf"{_CLOSE}\1", _SPACE_IN_CITED.sub(r"\2\1", text))
    return [line for part in text.split(_BREAK) if (line := " ".join(part.split()))]


def _gap(footnote: re.Match[str]) -> str:
    """What stays where a footnote was: the space that parts two words, none before a closing sign."""
    start, end = footnote.span()
    before, after = footnote.string[max(start - 1, 0) : start], footnote.string[end : end + 1]
    if any(map(str.isspace, footnote[0])):
        return "" if after in ",.;:!?)]”’" or before in "([“‘" else " "
    return " " if before.isalnum() and after.isalnum() else ""


def _cited(lines: list[str]) -> tuple[tuple[str, ...], tuple[Citation, ...]]:
    """Stretches without marks, and the tagged citations, whose offsets count in the stretches joined by a line feed.

    What is cited without markup is read in the same words by `graph.citation`.
    """
    stretches, citations, offset = [], [], 0
    for line in lines:
        text, target, start = "", "", 0
        for piece in _CITED.split(line):
            if piece.startswith(_OPEN):
                target, start = piece[1:-1], len(text)
            elif piece != _CLOSE:
                text += piece
            elif target:
                citations.append(Citation(target, text[start:], offset + start, offset + len(text), tagged=True))
                target = ""
        stretches.append(text)
        offset += len(text) + 1
    return tuple(stretches), tuple(citations)
