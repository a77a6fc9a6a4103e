"""JSON from strangers, read safely: one document, or one a line; typed access; one clear line for what is wrong.

>>> import io
>>> [(where, document) for where, document in documents(io.BytesIO(b'{"number": 7}\\n{"number": 8}\\n'))]
[('line 1', {'number': 7}), ('line 2', {'number': 8})]
>>> text({"number": 7}, "number")
'7'
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

Record = dict[str, object]

LONGEST = 64 * 2**20
"""Bytes of the longest document that is read; the longest of the 119th Congress has 1.5 million."""

_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class BrokenJSON(ValueError):  # noqa: N818
    """The document is not JSON of the expected shape; the message says what is wrong, in one line."""


def documents(stream: BinaryIO) -> Iterator[tuple[str, Record | BrokenJSON]]:
    """Each document of `stream` with the place where it stands: ``line 3``, or nothing where the file is one document.

    A file is JSON lines where its first line is a whole object, or its second line begins one; a broken line comes as
    the `BrokenJSON` that says why, and the rest is read. Never more than one line, or one document, is in memory.
    """
    first, second = stream.readline(LONGEST + 1), stream.readline(LONGEST + 1)
    if isinstance(_document(first), BrokenJSON) and not second.startswith(b"{"):
        yield "", _document(first + second + stream.read(LONGEST + 1))
        return
    number = 0
    for number, line in enumerate((first, second), 1):
        if line.strip():
            yield f"line {number}", _document(line)
    while line := stream.readline(LONGEST + 1):
        number += 1
        if line.strip():
            yield f"line {number}", _document(line)


def text(record: Record, key: str) -> str:
    """The words under `key`, white space folded; a whole number as its digits; nothing where there is none.

    Raises `BrokenJSON` where something else stands there.
    """
    value = record.get(key)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise BrokenJSON(f"{key} is {_kind(value)}, not text")
    return " ".join(value.split())


def texts(record: Record, key: str) -> tuple[str, ...]:
    """The list of words under `key`; none where there is none. Raises `BrokenJSON` for anything else."""
    value = record.get(key) or []
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise BrokenJSON(f"{key} is {_kind(value)}, not a list of texts")
    return tuple(" ".join(part.split()) for part in value)


def nested(record: Record, key: str) -> Record:
    """The object under `key`; an empty one where there is none. Raises `BrokenJSON` for anything else."""
    value = record.get(key) or {}
    if not isinstance(value, dict):
        raise BrokenJSON(f"{key} is {_kind(value)}, not an object")
    return value


def items(record: Record, key: str) -> list[Record]:
    """The objects listed under `key`, none where there is none. Raises `BrokenJSON` for anything else.

    XML made into JSON wraps a list in ``{"item": [...]}`` and lets a list of one collapse to its only member.

    >>> items({"committees": {"item": {"systemCode": "hsif00"}}}, "committees")
    [{'systemCode': 'hsif00'}]
    """
    value = record.get(key) or []
    if isinstance(value, dict) and "item" in value:
        value = value["item"] or []
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        raise BrokenJSON(f"{key} is {_kind(value)}, not a list")
    wrong = next((part for part in value if not isinstance(part, dict)), None)
    if wrong is not None or None in value:
        raise BrokenJSON(f"{key} lists {_kind(wrong)}, not objects")
    return value


def _document(raw: bytes) -> Record | BrokenJSON:
    if len(raw) > LONGEST:
        return BrokenJSON(f"longer than {LONGEST} bytes")
    try:
        document = json.loads(raw)
        if _LONE_SURROGATE.search(raw):
            json.dumps(document, ensure_ascii=False).encode()
    except RecursionError:
        return BrokenJSON("nested too deep")
    except ValueError as error:
        return BrokenJSON(f"not JSON: {' '.join(str(error).split())[:200]}")
    return document if isinstance(document, dict) else BrokenJSON(f"{_kind(document)}, not an object")


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
