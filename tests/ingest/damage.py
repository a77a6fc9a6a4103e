"""Hypothesis strategies that damage a good document, to see that a reader says so and raises nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=4), part, max_size=3),
    max_leaves=6,
)

DEEP = b'{"a":' * 200_000
NOT_DOCUMENTS = [
    b"",
    b"   ",
    b"[]",
    b"null",
    b"7",
    b"{",
    b'{"a": 1',
    b"\xff\xfe\x00{",
    b'{"a": "\xff"}',
    DEEP,
    b"not JSON",
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to all parts of a JSON document."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from places(part, (*path, key))


@st.composite
def damaged_json(draw: st.DrawFn, raw: bytes) -> bytes:
    """The document with one part of it replaced by anything."""
    document = json.loads(raw)
    path = draw(st.sampled_from([path for path in places(document) if path]))
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = draw(ANYTHING)
    return json.dumps(document).encode()


@st.composite
def damaged_bytes(draw: st.DrawFn, raw: bytes) -> bytes:
    """The document with a stretch of its bytes cut out or replaced."""
    start = draw(st.integers(0, len(raw)))
    end = draw(st.integers(start, len(raw)))
    return raw[:start] + draw(st.binary(max_size=8)) + raw[end:]
