"""The words of a provision as one text: how versions are stored, shown and compared.

>>> from graph.records import Provision
>>> leaf = Provision("/us/usc/t1/s1/a/1", "", "paragraph", "(1)", "Cats", ("Cats sleep.",))
>>> print(words(Provision("/us/usc/t1/s1/a", "", "subsection", "(a)", "Animals", ("Among animals—", leaf))))
Among animals—
(1) Cats
Cats sleep.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.records import Provision


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
