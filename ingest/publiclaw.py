"""Public and private laws in USLM 2, as the Government Publishing Office prints them since the 113th Congress.

What a law is stands at its head: number and Congress, the day of its approval and the bill it was, in the notes at the
margin, the page of the Statutes at Large. Its words come in the plain form of `ingest.billtext`, so that
`ingest.instructions` reads laws as it reads bills. The mark-up of instructions (``amendingAction`` wraps only the verb,
``quotedContent`` the new words) serves for the quoted matter alone: verbs are words.

A section's path is that of the law with the divisions above it (``/us/pl/113/121/tI/s1001``). The notes at its margin
say where it went in the Code: ``33 USC 2282c`` as a section, ``33 USC 2201 note`` under one.

A private law names the person it is for: its record goes by its number alone, without headings and words of its own.

>>> import io
>>> margin = b'<sidenote><p>Feb. 28, 2017</p><p>[<ref href="/us/bill/115/hr/255">H.R. 255</ref>]</p></sidenote>'
>>> head = b"<meta><docNumber>6</docNumber><congress>115</congress></meta><main><longTitle>" + margin + b"</longTitle>"
>>> told, = read(io.BytesIO(b"<pLaw>" + head + b"<section><num value='1'>SEC. 1.</num></section></main></pLaw>"))
>>> told.law.path, told.law.enacted, told.law.bill, told.law.sections[0].path
('/us/pl/115/6', '2017-02-28', '/us/bill/115/hr/255', '/us/pl/115/6/s1')
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from lxml import etree

from graph.iri import BILL_TYPES
from graph.records import Day, Law, LawSection, LawText, Path, Rejected
from ingest.xml import BrokenXML, local, parse, words

NAME = "public-law-uslm"

DIVISIONS = {"division": "d", "title": "t", "subtitle": "st", "chapter": "ch", "subchapter": "sch", "part": "pt"}
"""Divisions of a law and how paths write them."""

_SMALL = ("subsection", "paragraph", "subparagraph", "clause", "subclause", "item", "subitem", "level")
_LEVELS = frozenset((*DIVISIONS, *_SMALL, "section", "subpart"))
_LEFT_OUT = frozenset({"sidenote", "toc", "page", "footnote", "num", "heading", "note", "ear"})
_ROOT = re.compile(rb"<(?:[\w.-]+:)?pLaw[\s>]")
_BILL = re.compile(rf"/us/bill/(\d+)/({'|'.join(BILL_TYPES)})/(\d+)")
_DAY = re.compile(r"([A-Z][a-z]{2,8})\.? (\d{1,2}), (\d{4})")


class _Unknown(Exception):  # noqa: N818
    """The file does not say which law it is."""


def recognises(head: bytes) -> bool:
    """Whether the first bytes of a file look like a law in USLM.

    >>> recognises(b'<?xml version="1.0"?><pLaw xmlns="http://schemas.gpo.gov/xml/uslm">')
    True
    """
    return _ROOT.search(head) is not None


def read(stream: BinaryIO) -> Iterator[LawText | Rejected]:
    """The one law in the file, or a `Rejected` that says why there is none."""
    try:
        yield _law(parse(stream))
    except (BrokenXML, _Unknown) as error:
        yield Rejected(str(error))


def _law(root: etree._Element) -> LawText:
    congress = words(root.find("{*}meta/{*}congress"))
    number = words(root.find("{*}meta/{*}docNumber")).rpartition("–")[2]
    if not congress.isdigit() or not number.isdigit():
        raise _Unknown(f"no number of a law in its head: Congress {congress[:40]!r}, number {number[:40]!r}")
    private = words(root.find("{*}meta/{*}publicPrivate")).lower() == "private"
    path = f"/us/{'pvtl' if private else 'pl'}/{congress}/{number}"
    enacted = _enacted(root)
    if enacted is None:
        raise _Unknown("no day of approval in its head")
    main = root.find("{*}main")
    cite = f"{'Pvt' if private else 'Pub'}. L. {congress}-{number}"
    stat = next((cited for e in root.iterfind("{*}meta/{*}citableAs") if " Stat. " in (cited := words(e))), "")
    bill = _bill(root)
    if private or main is None:
        return LawText(Law(path, "private_law" if private else "public_law", cite, cite, enacted, stat, bill), "")
    names = tuple(dict.fromkeys(_short_names(main)))
    title = names[0] if names else words(main.find("{*}longTitle/{*}officialTitle"))
    sections = tuple(_sections(main, path, cite))
    law = Law(path, "public_law", title or cite, cite, enacted, stat, bill, names, sections)
    return LawText(law, "\n".join(line for line in _lines(main, "", "") if line.strip(" >")))


def _short_names(main: etree._Element) -> list[str]:
    """The names that a law gives itself as a whole."""
    found = main.iterfind(".//{*}shortTitle")
    return [words(e).strip("“”") for e in found if e.get("role") in (None, "act")]


def _bill(root: etree._Element) -> Path:
    for ref in root.iterfind("{*}main/{*}longTitle/{*}sidenote//{*}ref"):
        if match := _BILL.fullmatch(ref.get("href") or ""):
            return match[0]
    return ""


def _enacted(root: etree._Element) -> Day | None:
    """The day of approval, from the margin of the long title, else from the closing formula."""
    heads = [*root.iterfind("{*}main/{*}longTitle/{*}sidenote"), *root.iterfind("{*}main/{*}action")]
    for match in filter(None, (_DAY.search(words(head)) for head in heads)):
        for form in ("%B %d %Y", "%b %d %Y"):
            try:
                named = match[1].replace("Sept", "Sep") if form.startswith("%b") else match[1]
                return datetime.strptime(f"{named} {match[2]} {match[3]}", form).date().isoformat()  # noqa: DTZ007
            except ValueError:
                continue
    return None


def _sections(element: etree._Element, above: Path, cite: str) -> Iterator[LawSection]:
    """The sections of a law, each with the places in the Code that its margin names."""
    for child in element:
        name = local(child)
        number = _number(child)
        if name in DIVISIONS and number:
            yield from _sections(child, f"{above}/{DIVISIONS[name]}{number}", cite)
        elif name == "section" and number:
            hrefs = [ref for note in child.iterfind("{*}sidenote") for ref in note.iterfind(".//{*}ref")]
            code = [(ref.get("href") or "", (ref.tail or "") + words(ref)) for ref in hrefs]
            slots = [(href, "note" in said) for href, said in code if re.fullmatch(r"/us/usc/t\w+/s[\w-]+", href)]
            yield LawSection(
                f"{above}/s{number}",
                f"{cite}, § {number}",
                heading=words(child.find("{*}heading")).rstrip("."),
                classified_to=tuple(dict.fromkeys(href for href, note in slots if not note)),
                set_out_under=next((href for href, note in slots if note), ""),
            )
        elif name in ("part", "subpart", "appropriations", "level"):
            yield from _sections(child, above, cite)


def _number(element: etree._Element) -> str:
    num = element.find("{*}num")
    return (num.get("value") or "").strip() if num is not None else ""


# --- words -----------------------------------------------------------------------------------------------------------


def _lines(element: etree._Element, margin: str, quoted: str) -> Iterator[str]:
    """The lines of an element in the plain form; `quoted` is the mark before each of them in quoted matter."""
    for child in element:
        name = local(child)
        if name in _LEVELS:
            yield from _level(child, margin, quoted)
        elif name in ("content", "chapeau", "continuation", "p", "proviso", "text"):
            yield from _words(child, margin, quoted, "")
        elif name == "quotedContent":
            yield from _quoted(child, margin)
        elif name not in _LEFT_OUT and name not in ("longTitle", "enactingFormula", "action", "preamble"):
            yield from _lines(child, margin, quoted)


def _quoted(element: etree._Element, margin: str) -> Iterator[str]:
    inside = list(_lines(element, "", ">")) or [f"> {_inline(element)}"]
    for place, line in enumerate(inside):
        line = re.sub(r"^(> *(?:\([^()]*\) |§ )?)[“”]", r"\1", line).replace("> “", "> ")
        yield margin + (re.sub(r"”[.;,]?$", "", line) if place == len(inside) - 1 else line)


def _level(level: etree._Element, margin: str, quoted: str) -> Iterator[str]:
    name = local(level)
    label = re.sub(r"^[“”]+", "", words(level.find("{*}num")).strip())
    heading = words(level.find("{*}heading")).rstrip("—").strip()
    front = f"{quoted} " if quoted else ""
    if name == "section":
        yield f"{margin}{front}§ {_number(level) or label} {heading}".rstrip()
        yield from _lines(level, margin, quoted)
        return
    if name not in _SMALL:
        yield f"{margin}{front}{label}{heading}".rstrip()
        yield from _lines(level, margin, quoted)
        return
    led = f"{label} " if label else ""
    led += f"{heading.rstrip('.')}.—" if heading else ""
    first = next((c for c in level if local(c) in ("content", "chapeau", "text")), None)
    if quoted:
        below = [f"{quoted}   {line.removeprefix(quoted + ' ')}" for line in _lines_behind(level, first, "", quoted)]
        below = [margin + line for line in below]
    else:
        below = list(_lines_behind(level, first, margin + "  ", ""))
    lines = list(_words(first, margin, quoted, led)) if first is not None else [f"{margin}{front}{led}".rstrip()]
    yield from lines
    yield from below


def _lines_behind(level: etree._Element, first: etree._Element | None, margin: str, quoted: str) -> Iterator[str]:
    """The lines of a level behind the words that run in behind its label."""
    for child in level:
        if child is not first and local(child) not in _LEFT_OUT:
            wrapped = etree.Element("wrapped")
            wrapped.append(_copied(child))
            yield from _lines(wrapped, margin, quoted)


def _copied(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element, with_tail=False))


def _words(element: etree._Element, margin: str, quoted: str, led: str) -> Iterator[str]:
    """A paragraph with its label, and the matter quoted in it on lines of its own."""
    front = f"{quoted} " if quoted else ""
    inline = _inline(element)
    blocks = [child for child in element.iter() if local(child) == "quotedContent"]
    if inline or led:
        yield f"{margin}{front}{led}{inline}".rstrip()
    for block in blocks if not quoted else ():
        yield from _quoted(block, margin + "  ")
    for child in element:
        if local(child) in _LEVELS:
            yield from _level(child, margin + "  ", quoted)


def _inline(element: etree._Element) -> str:
    return " ".join("".join(_stretches(element)).replace("\xad", "").split())


def _stretches(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = local(child)
        if name not in _LEFT_OUT and name not in _LEVELS and name != "quotedContent":
            yield from _stretches(child)
        # What stands behind quoted matter is the full stop of the sentence that quotes.
        yield "" if name == "quotedContent" else child.tail or ""
