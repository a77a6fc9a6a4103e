"""How a thing is cited: by the Bluebook, as a Markdown link, as BibTeX. The address in each is the thing's IRI."""

from __future__ import annotations

import re

from api.things import Thing
from graph import iri
from graph.citation import bluebook as of_address

_TEX = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_", "$": r"\$",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "§": r"\S{}"}  # fmt: skip


def bluebook(thing: Thing) -> str:
    """The Bluebook form where the thing is of a kind that is cited; else its label."""
    year = thing.first("introduced")[:4] or thing.first("enacted")[:4]
    match thing.kind.key:
        case "case":
            reporter = thing.first("reporterCitation")
            court = " ".join(filter(None, (thing.first("court"), thing.first("decided")[:4])))
            return ", ".join(filter(None, (thing.label, reporter))) + (f" ({court})" if court else "")
        case "law" | "law-section" | "order":
            stat = thing.first("statutesAtLarge")
            return f"{_of_address(thing)}, {stat} ({year})" if stat and year else _of_address(thing)
        case "bill":
            return f"{_of_address(thing)} ({year})" if year else _of_address(thing)
    return _of_address(thing)


def _of_address(thing: Thing) -> str:
    try:
        return of_address(iri.split_day(thing.path.removeprefix("/provision"))[0])
    except ValueError:
        return thing.label


def markdown(thing: Thing) -> str:
    """A Markdown link to the thing by its IRI."""
    label = re.sub(r"([\[\]\\`*_<>])", r"\\\1", thing.label)
    return f"[{label}]({iri.of(thing.path).replace('(', '%28').replace(')', '%29')})"


def bibtex(thing: Thing, known_through: str | None) -> str:
    """A BibTeX entry of a thing, with the day for which it was read."""
    key = re.sub(r"[^A-Za-z0-9]+", "-", thing.path).strip("-")
    day = thing.first("decided") or thing.first("enacted") or thing.first("introduced") or thing.first("issued")
    fields = {
        "title": f"{{{tex(bluebook(thing))}}}",
        "howpublished": "Section 230 graph",
        "url": iri.of(thing.path),
        **({"date": day} if day else {}),
        **({"note": f"As known through {known_through}"} if known_through else {}),
    }
    return "\n".join([f"@misc{{{key},", *(f"  {name} = {{{value}}}," for name, value in fields.items()), "}"])


def tex(text: str) -> str:
    r"""A text as TeX reads it.

    >>> tex("47 U.S.C. § 230 & {more}")
    '47 U.S.C. \\S{} 230 \\& \\{more\\}'
    """
    return "".join(_TEX.get(letter, letter) for letter in text)
