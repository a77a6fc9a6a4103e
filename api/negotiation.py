"""Which representation of a thing a reader wants: by the ending of the address, else by the Accept header.

Rules: RFC 9110, sections 12.4.2 (quality values) and 12.5.1 (Accept: the most specific range that fits a type counts).
An ending in the address (``.ttl``) is a choice already made and wins over the header.

>>> choose("text/turtle;q=0.9, text/html;q=0.2").name
'ttl'
>>> choose("application/pdf") is None
True
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Format(NamedTuple):
    """A representation: the ending of its address, its media type, how we call it, and other types that mean it."""

    name: str
    media_type: str
    title: str
    also: tuple[str, ...] = ()


HTML = Format("html", "text/html", "HTML", ("application/xhtml+xml",))
TURTLE = Format("ttl", "text/turtle", "Turtle", ("application/x-turtle",))
JSON_LD = Format("jsonld", "application/ld+json", "JSON-LD", ("application/json",))
N_TRIPLES = Format("nt", "application/n-triples", "N-Triples", ("text/plain",))
CSV = Format("csv", "text/csv", "CSV")

OFFERED = (HTML, TURTLE, JSON_LD, N_TRIPLES)
"""What everything comes in; the first is what a reader gets who does not say."""

OF_A_THING = (*OFFERED, CSV)
"""What a thing comes in: its statements are rows as well."""


def split_ending(path: str) -> tuple[str, Format | None]:
    """A path without the ending that names a format, and that format if there is one.

    >>> split_ending("/us/bill/115/hr/1865.ttl")[0]
    '/us/bill/115/hr/1865'
    >>> split_ending("/graph/votes/s60-115.2018")
    ('/graph/votes/s60-115.2018', None)
    """
    for offered in OF_A_THING[1:]:
        if path.endswith("." + offered.name):
            return path.removesuffix("." + offered.name), offered
    return path, None


def home(scheme: str, host: str, root: str) -> str:
    """The address of the service as a client wrote it, without a path; a Host that is none is not repeated.

    >>> home("http", "example.org:8230", "/graph"), home("http", "x> <y", "")
    ('http://example.org:8230/graph', 'http://localhost')
    """
    is_host = re.fullmatch(r"[\w.\-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?", host, re.ASCII)
    return f"{scheme}://{host if is_host else 'localhost'}{root}"


def choose(accept: str | None, offered: tuple[Format, ...] = OFFERED) -> Format | None:
    """The offered format that an Accept header likes best; among equals the first offered; ``None`` where none fits.

    >>> choose(None).name, choose("*/*").name, choose("text/html;q=0, */*;q=0.1").name
    ('html', 'html', 'ttl')
    """
    ranges = _ranges(accept or "*/*")
    named = {form: [ranges.get(kind, 0.0) for kind in form.also] for form in offered}
    liked = [(max([_quality(ranges, form.media_type), *named[form]]), form) for form in offered]
    best = max(quality for quality, _ in liked)
    return next(form for quality, form in liked if quality == best) if best > 0 else None


def _ranges(accept: str) -> dict[str, float]:
    """Media ranges and their quality; parameters other than ``q`` do not tell our types apart."""
    found: dict[str, float] = {}
    for part in accept.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if re.fullmatch(r"[\w.+*-]+/[\w.+*-]+", kind):
            found[kind] = max(found.get(kind, 0.0), _q(parameters))
    return found


def _q(parameters: list[str]) -> float:
    for parameter in parameters:
        if match := re.fullmatch(r"q\s*=\s*([01](?:\.\d{0,3})?)", parameter):
            return min(float(match.group(1)), 1.0)
    return 1.0


def _quality(ranges: dict[str, float], kind: str) -> float:
    family = kind.partition("/")[0]
    return next((ranges[r] for r in (kind, f"{family}/*", "*/*") if r in ranges), 0.0)
