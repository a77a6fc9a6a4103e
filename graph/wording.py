"""The words of a provision as one text: how versions are stored, shown and compared.

>>> from graph.records import Provision
>>> leaf = Provision("/us/usc/t1/s1/a/1", "", "paragraph", "(1)", "Cats", ("Cats sleep.",))
>>> print(words(Provision("/us/usc/t1/s1/a", "", "subsection", "(a)", "Animals", ("Among animals—", leaf))))
Among animals—
(1) Cats
Cats sleep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from graph.records import Path, Provision

LEVELS = ("section", "subsection", "paragraph", "subparagraph", "clause", "subclause", "item", "subitem")
"""The levels of the Code by their depth, the section first."""

_LABELLED = re.compile(r"(?P<margin> *)\((?P<label>[0-9A-Za-z]{1,6})\)\s*(?P<words>.*)")
_HEADED = re.compile(r"(?P<heading>[A-Z][^.]{0,200}?)\.\s?—\s*(?P<words>.*)")


def words(provision: Provision) -> str:
    """The text below a provision's own number and heading, one line a stretch; children with number and heading.

    The provision's own number and heading are left out: they change when it is renumbered, its words do not.
    """
    return "\n".join(_lines(provision))


def walk(provision: Provision) -> Iterator[Provision]:
    """The provision and all below it, in the order of the page."""
    yield provision
    for child in provision.children:
        yield from walk(child)


def _lines(provision: Provision) -> Iterator[str]:
    for part in provision.body:
        if isinstance(part, str):
            yield part
            continue
        lines = list(_lines(part))
        if part.heading:
            yield f"{part.num} {part.heading}".strip()
        elif lines and isinstance(part.body[0], str):
            lines[0] = f"{part.num} {lines[0]}".strip()
        else:
            yield part.num
        yield from lines


def rebuilt(slot: Path, heading: str, text: str, children: Sequence[Provision]) -> Provision | None:
    """A provision out of its text and the provisions below it: what `words` undoes, ``None`` where they do not fit.

    >>> leaf = Provision("/us/usc/t1/s1/a/1", "", "paragraph", "(1)", "Cats", ("Cats sleep.",))
    >>> found = rebuilt("/us/usc/t1/s1/a", "Animals", "Among animals—\\n(1) Cats\\nCats sleep.\\nMostly.", [leaf])
    >>> [part if isinstance(part, str) else part.num for part in found.body]
    ['Among animals—', '(1)', 'Mostly.']
    """
    lines, waiting = text.split("\n") if text else [], list(children)
    body: list[str | Provision] = []
    while lines:
        child = next((c for c in waiting if (own := _block(c)) and lines[: len(own)] == own), None)
        if child is None:
            body.append(lines.pop(0))
            continue
        waiting.remove(child)
        body.append(child)
        del lines[: len(_block(child))]
    return None if waiting else numbered(slot, heading, tuple(body))


def _block(child: Provision) -> list[str]:
    """The lines of a provision where it stands below another."""
    return list(_lines(Provision("", "", "", "", "", (child,))))


def numbered(slot: Path, heading: str, body: tuple[str | Provision, ...], status: str = "") -> Provision:
    """A provision with the level and number that its slot gives it.

    >>> numbered("/us/usc/t47/s230/e/5", "", ())[2:4], numbered("/us/usc/t47/s230", "", ())[2:4]
    (('paragraph', '(5)'), ('section', '§ 230.'))
    """
    depth, label = slot.count("/") - 4, slot.rpartition("/")[2]
    number = f"({label})" if depth > 0 else f"§ {label.removeprefix('s')}."
    return Provision(slot, slot, LEVELS[min(depth, len(LEVELS) - 1)], number, heading, body, status)


def parsed(above: Path, text: str) -> tuple[str | Provision, ...]:
    """New matter as a bill sets it out, below the slot `above`: words and provisions in order.

    One line a provision, two spaces of indentation a level, a heading closed by a point and dash. A line without a
    label belongs to the nearest provision above it with a smaller margin.

    >>> body = parsed("/us/usc/t1/s1", "(b) Dogs.—The term—\\n  (1) barks; and\\n  (2) bites.\\n  It runs.")
    >>> print(words(numbered("/us/usc/t1/s1", "", body)))
    (b) Dogs
    The term—
    (1) barks; and
    (2) bites.
    It runs.
    """
    body, _ = _level(above, [line.rstrip() for line in text.split("\n") if line.strip()], -1)
    return tuple(body)


def _level(above: Path, lines: list[str], margin: int) -> tuple[list[str | Provision], list[str]]:
    """What stands deeper than `margin`, as the body of the provision `above`, and the lines behind it."""
    body: list[str | Provision] = []
    while lines:
        found = _LABELLED.fullmatch(lines[0])
        indent = len(lines[0]) - len(lines[0].lstrip())
        if indent <= margin:
            break
        if found is None:
            body.append(lines[0].strip())
            lines = lines[1:]
            continue
        headed = _HEADED.fullmatch(found["words"])
        heading, own = (headed["heading"], headed["words"]) if headed else ("", found["words"])
        slot = f"{above}/{found['label']}"
        parts, lines = _level(slot, lines[1:], indent)
        body.append(numbered(slot, heading, (*((own,) if own else ()), *parts)))
    return body, lines
