"""YAML from strangers, read safely: no tags, no alias bombs, no nesting without bound; typed access to what it holds.

>>> import io
>>> load(io.BytesIO(b"- id: 7"))
[{'id': 7}]
"""

from __future__ import annotations

import re
from datetime import date
from typing import BinaryIO

import yaml

MAX_DEPTH = 40
MAX_ALIASES = 16

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BrokenYAML(Exception):  # noqa: N818
    """The file is not YAML that we accept; the message says where and why, in one line."""


def load(stream: BinaryIO) -> object:
    """The one document in `stream`, made of mappings, lists and plain values.

    Raises `BrokenYAML` for anything that is not well formed, names a tag, nests deeper than `MAX_DEPTH` or points back
    at an anchor more than `MAX_ALIASES` times. The events are looked at before anything is built, because libyaml's
    composer kills the process on deep nesting and aliases can unfold without end.
    """
    data = stream.read()
    try:
        _refuse_bombs(data)
        return yaml.load(data, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BrokenYAML(_one_line(error)) from None


def mapping(value: object, what: str) -> dict[str, object]:
    """`value` as a mapping, nothing as an empty one; raises `ValueError` naming `what` for anything else."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"{what}: expected a mapping, found {type(value).__name__}")
    return value


def sequence(value: object, what: str) -> list[object]:
    """`value` as a list, nothing as an empty one; raises `ValueError` naming `what` for anything else."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"{what}: expected a list, found {type(value).__name__}")
    return value


def text(value: object, what: str) -> str:
    """`value` as text, white space folded, nothing as the empty string; whole numbers and days too,
    which YAML makes of plain words.

    Raises `ValueError` naming `what` for anything else.

    >>> text(7, "district"), text(None, "caucus")
    ('7', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | date):
        raise ValueError(f"{what}: expected text, found {type(value).__name__}")
    words = " ".join(str(value).split())
    if _LONE_SURROGATE.search(words):
        raise ValueError(f"{what}: holds half a character (a lone surrogate)")
    return words


def _refuse_bombs(data: bytes) -> None:
    depth = aliases = 0
    for event in yaml.parse(data, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > MAX_DEPTH:
            raise BrokenYAML(f"{_line(event.start_mark)}nested deeper than {MAX_DEPTH} levels")
        if aliases > MAX_ALIASES:
            raise BrokenYAML(f"{_line(event.start_mark)}more than {MAX_ALIASES} aliases")
        if getattr(event, "tag", None):
            raise BrokenYAML(f"{_line(event.start_mark)}names a tag, which no file of ours does")


def _one_line(error: Exception) -> str:
    said = getattr(error, "problem", None) or str(error) or "nested too deep"
    return _line(getattr(error, "problem_mark", None)) + " ".join(said.split())


def _line(mark: object) -> str:
    line = getattr(mark, "line", None)
    return "" if line is None else f"line {line + 1}: "
