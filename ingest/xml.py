"""XML from strangers, read safely: no entities, no network, no document type of its own, no trees without bound.

>>> import io
>>> root = parse(io.BytesIO(b"<bill><number>7</number></bill>"))
>>> words(root.find("number"))
'7'
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, BinaryIO

from lxml import etree


class BrokenXML(Exception):  # noqa: N818
    """The file is not XML that we accept; the message says where and why, in one line."""


def _options() -> dict[str, Any]:
    return {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }


def parse(stream: BinaryIO) -> etree._Element:
    """The root element of the document in `stream`.

    Raises `BrokenXML` for anything that is not well formed, declares entities, or passes libxml2's limits on depth and
    on the length of one text (its guard against bombs; ``huge_tree`` stays off).
    """
    try:
        tree = etree.parse(_nameless(stream), etree.XMLParser(**_options()))
    except etree.XMLSyntaxError as error:
        raise BrokenXML(_one_line(error)) from None
    except (LookupError, ValueError) as error:
        raise BrokenXML(str(error)) from None
    _refuse_entities(tree)
    return tree.getroot()


def elements(stream: BinaryIO, *names: str) -> Iterator[etree._Element]:
    """Each element whose local name is one of `names`, whole, in document order; what has been passed is freed.

    An element nested in another of these comes as part of the outer one. Raises `BrokenXML` as `parse` does,
    possibly after some elements have come.
    """
    try:
        depth = 0
        for event, element in etree.iterparse(_nameless(stream), events=("start", "end"), **_options()):
            if depth == 0 and event == "start" and element.getparent() is None:
                _refuse_entities(element.getroottree())
            if not isinstance(element.tag, str) or etree.QName(element).localname not in names:
                continue
            depth += 1 if event == "start" else -1
            if event == "end" and depth == 0:
                yield element
                element.clear(keep_tail=True)
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise BrokenXML(_one_line(error)) from None
    except (LookupError, ValueError) as error:
        raise BrokenXML(str(error)) from None


def _nameless(stream: BinaryIO) -> Any:
    """The stream without the name of its file: given one, lxml says of a wrong encoding only that the file is bad."""
    return SimpleNamespace(read=stream.read)


def local(element: etree._Element) -> str:
    """The name of an element without its namespace: the two USLM namespaces differ in nothing else."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def words(element: etree._Element | None) -> str:
    """All text below an element, white space folded; the empty string for ``None``."""
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


def _refuse_entities(tree: etree._ElementTree) -> None:
    dtd = tree.docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):  # type: ignore[attr-defined]
        raise BrokenXML("declares entities, which no official file does")


def _one_line(error: etree.XMLSyntaxError) -> str:
    """What is wrong, behind the line where it is; libxml2 names the place itself, at the end."""
    said, _, place = " ".join((error.msg or "not well-formed XML").split()).partition(f", line {error.lineno}, ")
    where = f"line {error.lineno}" + (f", {place}" if place else "")
    return f"{where}: {said}" if error.lineno else said
