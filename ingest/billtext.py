"""The words of bills: bill.dtd XML of the Government Publishing Office, and Markdown made from it.

Both come out in one plain form, a line a provision: two spaces of indentation a level, ``> `` before each line of
matter that the bill quotes (the words it would insert), headings closed by a point and dash as in print,
``§ 2. Heading`` for a section. Matter that the reporting committee struck is left out, and so are tables of contents.

What identifies a bill inside its file: in XML ``congress``, ``legis-num`` and the stage on the root element, with the
Dublin Core title (``119 S1829 RS: …``) where those are silent (an enrolled bill spells its Congress out in words); in
Markdown the front matter. A Markdown text names no version; the metadata file beside it repeats cosponsors and actions
of an early day and holds no text, so it is no format of ours.

>>> import io
>>> front = b"---\\nlegis-num: H.R. 7\\ncongress: 118th CONGRESS\\n---\\n"
>>> bill, = read(io.BytesIO(front + b"## Section 1. Name\\n- **(a)** *Aim* To test."))
>>> bill.congress, bill.type, bill.number, bill.text.splitlines()
(118, 'hr', 7, ['Section 1. Name', '(a) Aim.—To test.'])
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import BinaryIO, NamedTuple

from lxml import etree

from graph.iri import BILL_TYPES
from graph.records import BillText, Day, Rejected
from ingest.xml import BrokenXML, local, parse, words

NAME = "bill-text"

VERSIONS = {
    "introduced in house": "ih",
    "introduced in senate": "is",
    "referred in house": "rfh",
    "referred in senate": "rfs",
    "reported in house": "rh",
    "reported in senate": "rs",
    "engrossed in house": "eh",
    "engrossed in senate": "es",
    "engrossed amendment house": "eah",
    "engrossed amendment senate": "eas",
    "placed on calendar house": "pch",
    "placed on calendar senate": "pcs",
    "received in house": "rdh",
    "received in senate": "rds",
    "agreed to house": "ath",
    "agreed to senate": "ats",
    "considered and passed house": "cph",
    "considered and passed senate": "cps",
    "committee discharged house": "cdh",
    "committee discharged senate": "cds",
    "reference change house": "rch",
    "reference change senate": "rcs",
    "public print": "pp",
    "enrolled bill": "enr",
}
"""Stages as bill.dtd spells them (in small letters, without hyphens), and the publisher's codes for versions."""

_DIVISIONS = ("division", "title", "subtitle", "chapter", "subchapter", "part", "subpart")
_LEFT_OUT = ("metadata", "form", "toc", "attestation", "endorsement", "deleted-phrase")

_XML = re.compile(r"<!DOCTYPE\s+(bill|resolution)\s[^>]*\b(bill|res)\.dtd|<(bill|resolution)\s[^>]*\b\3-stage=")
_MARKDOWN = re.compile(r"---\r?\nlegis-num: ")
_DUBLIN = re.compile(r"(?P<congress>\d+)\s+(?P<measure>[A-Z. ]+?\s*\d+)\s+(?P<version>[A-Z]{2,4})?\s*:")
_MEASURE = re.compile(rf"({'|'.join(BILL_TYPES)})(\d{{1,5}})")
_ITEM = re.compile(r"- \*\*(?P<label>[^*]+)\*\*(?: \*(?P<heading>[^*]+)\*)?(?: (?P<words>.*))?")


class _Unknown(Exception):  # noqa: N818
    """The file does not say which bill it is."""


def recognises(head: bytes) -> bool:
    """Whether the first bytes of a file look like the text of a bill."""
    text = head.decode("utf-8-sig", "replace")
    return _MARKDOWN.match(text) is not None or _XML.search(text) is not None


def read(stream: BinaryIO) -> Iterator[BillText | Rejected]:
    """The one bill in the file, its type in small letters (``hr``), or a `Rejected` that says why there is none."""
    data = stream.read().removeprefix(codecs.BOM_UTF8)
    try:
        yield _from_markdown(data.decode()) if data.startswith(b"---") else _from_xml(data)
    except (BrokenXML, _Unknown) as error:
        yield Rejected(str(error))
    except UnicodeDecodeError as error:
        yield Rejected(f"not UTF-8 text: byte {error.start}")


def _identity(congress: str, measure: str) -> tuple[int, str, int]:
    """Congress, type and number from their printed forms.

    >>> _identity("119th CONGRESS", "H. J. Res. 5")
    (119, 'hjres', 5)
    """
    numbered = re.match(r"\d{1,3}(?!\d)", congress.strip())
    named = _MEASURE.fullmatch(re.sub(r"[\s.]", "", measure).lower())
    if not numbered:
        raise _Unknown(f"no number of a Congress in {congress[:60]!r}")
    if not named:
        raise _Unknown(f"no number of a bill in {measure[:60]!r}")
    return int(numbered.group()), named.group(1), int(named.group(2))


def _day(text: str) -> Day | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


# --- Markdown --------------------------------------------------------------------------------------------------------


def _from_markdown(text: str) -> BillText:
    front, _, body = text.replace("\r\n", "\n").removeprefix("---\n").partition("\n---\n")
    facts = dict(re.findall(r"(?m)^([a-z-]+): *(.*)$", front))
    if not body:
        raise _Unknown("nothing behind the front matter")
    congress, kind, number = _identity(facts.get("congress", ""), facts.get("legis-num", ""))
    lines = [line for line in body.splitlines() if line.strip() and not line.startswith("# ")]
    start = next((place for place, line in enumerate(lines) if not line.startswith("> ")), len(lines))
    title = " ".join(line[2:].strip() for line in lines[:start])
    return BillText(congress, kind, number, "", title, _text(_plain(line) for line in lines[start:]))


def _plain(line: str) -> str:
    """One line of Markdown in the plain form.

    >>> _plain("  > - **(3)** *Aim* To test.")
    '  > (3) Aim.—To test.'
    """
    margin, rest = re.fullmatch(r"([ >]*)(.*?)\s*", line).groups()  # type: ignore[union-attr]
    item = _ITEM.fullmatch(rest)
    return margin + (_led(item["label"], item["heading"] or "", item["words"] or "") if item else rest.lstrip("# "))


def _led(label: str, heading: str, text: str) -> str:
    headed = f"{heading.rstrip('.')}.—{text}" if heading else text
    return f"{label} {headed}".strip()


def _text(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line.strip(" >"))


# --- XML -------------------------------------------------------------------------------------------------------------


class _Dublin(NamedTuple):
    congress: str = ""
    measure: str = ""
    version: str = ""
    day: str = ""


def _from_xml(data: bytes) -> BillText:
    root = parse(io.BytesIO(data))
    if local(root) not in ("bill", "resolution"):
        raise _Unknown(f"expected a bill or a resolution, found {local(root)!r}")
    dublin = _dublin(root)
    congress = words(root.find("form/congress"))
    stage = root.get("bill-stage") or root.get("resolution-stage") or ""
    action_days = [day.get("date", "") for day in root.iterfind("form/action/action-date")]
    return BillText(
        *_identity(
            congress if congress[:1].isdigit() else dublin.congress,
            words(root.find("form/legis-num")) or dublin.measure,
        ),
        version=VERSIONS.get(stage.replace("-", " ").casefold()) or dublin.version,
        title=words(root.find("form/official-title")),
        text=_text(line for part in root for line in _lines(part, "")),
        issued=_day(dublin.day) or next(filter(None, map(_day, reversed(action_days))), None),
    )


def _dublin(root: etree._Element) -> _Dublin:
    title, day = (words(root.find(f"metadata/dublinCore/{{*}}{name}")) for name in ("title", "date"))
    found = _DUBLIN.match(title)
    if not found:
        return _Dublin(day=day)
    return _Dublin(found["congress"], found["measure"], (found["version"] or "").lower(), day)


def _lines(element: etree._Element, margin: str) -> Iterator[str]:
    """The lines of one element and all below it, each behind `margin`."""
    name = local(element)
    if name in _LEFT_OUT or element.get("changed") == "deleted":
        return
    if name == "quoted-block":
        yield from _quoted(element, margin)
    elif element.find("enum") is not None or element.find("header") is not None:
        yield from _level(element, margin)
    elif name == "text" or len(element) == 0 or (element.text or "").strip():
        yield margin + _inline(element)
        for block in element.iterfind("quoted-block"):
            yield from _quoted(block, margin)
    else:
        for part in element:
            yield from _lines(part, margin)


def _quoted(block: etree._Element, margin: str) -> Iterator[str]:
    """Quoted matter line by line; what the bill says after the closing quotation mark is no part of it."""
    for part in block:
        yield from _lines(part, margin if local(part) == "after-quoted-block" else margin + "> ")


def _level(level: etree._Element, margin: str) -> Iterator[str]:
    """A provision: its label and heading, with its own words on the same line where print runs them in."""
    name, label, heading = local(level), words(level.find("enum")), words(level.find("header"))
    parts = [part for part in level if local(part) not in ("enum", "header")]
    below = [line for part in parts for line in _lines(part, "")]
    if name in _DIVISIONS:
        yield margin + "—".join(filter(None, (f"{name.upper()} {label}".strip(), heading)))
    elif name == "section" and heading:
        yield margin + " ".join(f"§ {label} {heading}".split())
    else:
        run_in = below.pop(0) if below and local(parts[0]) == "text" else ""
        yield margin + _led(f"§ {label}" if name == "section" else label, heading, run_in)
        margin += "" if name == "section" else "  "
    yield from (margin + line for line in below)


def _inline(element: etree._Element) -> str:
    return " ".join("".join(_stretches(element)).split())


def _stretches(element: etree._Element) -> Iterator[str]:
    """The words of one paragraph; quotation marks stand around what the publisher marks as quoted or defined."""
    yield element.text or ""
    for child in element:
        name = local(child)
        marked = name == "quote" or (name == "term" and local(element) != "quote")
        if name not in ("quoted-block", *_LEFT_OUT) and child.get("changed") != "deleted":
            yield "“" if marked else ""
            yield from _stretches(child)
            yield "”" if marked else ""
        yield child.tail or ""
