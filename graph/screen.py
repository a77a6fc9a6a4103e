"""Screening: what can be told from the text of a query before any engine parses it.

The parser of the engine recurses, its planner compares every pattern with every other, and its SERVICE fetches from any
address. A query that would only do harm is refused here with a reason a person can act on. This is courtesy, not the
wall: the wall is the worker process, with its deadline, its memory bound and its missing sockets.

>>> screen("PREFIX ex: <http://example.org/> ASK { ?s ex:service 'SERVICE <x> is a word' }").form
'ASK'
>>> screen("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
Traceback (most recent call last):
graph.screen.RefusedError: SERVICE is not available: a query never leaves this machine
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

MOST_NESTING = 256
"""Levels of brackets, or signs in a row, that a query may have."""

MOST_PARTS = 5_000
"""Patterns, list items and operators that a query may have. Rows of VALUES do not count: they cost little."""

UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "ADD", "MOVE", "COPY", "WITH"})
"""First words of the SPARQL 1.1 Update operations."""

FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})

BLANK = r"(?:\s|\#[^\n\r]*+(?:[\n\r]|\Z))*+"
"""White space and comments."""

IRI = r"<[^<>\"{}|^`\\\x00-\x20]*+>"
"""An IRI in angle brackets, without escapes."""

STRING = (
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
    r'|"(?:[^"\\\n\r]|\\.)*+"'
    r"|'(?:[^'\\\n\r]|\\.)*+'"
)
"""A string literal in any of its four forms; long ones need ``re.DOTALL``."""

_PROLOGUE = re.compile(
    rf"{BLANK}(?:(?:BASE{BLANK}{IRI}|PREFIX{BLANK}[^\s:<>]*+:{BLANK}{IRI}|VERSION{BLANK}['\"][^'\"\n]*+['\"]){BLANK})*+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z]+")

# The shape of a SERVICE clause wherever it stands, in comments and strings too: which stretch is a comment or a string
# depends on whether a "<" before it opens an IRI or compares, and only a parser knows that.
_SERVICE = re.compile(
    rf"service{BLANK}(?:silent{BLANK})?(?:<[^>]*+>|[?$]\w++|[\w.\-]*+:(?:\\.|[^\s{{}}\"'<>()\#\\])*+){BLANK}\{{",
    re.IGNORECASE,
)

_OPAQUE = re.compile(rf"{STRING}|{IRI}|\#[^\n\r]*+", re.DOTALL)
_BRACKET = re.compile(r"[({\[\])}]|<<|>>")
_STEP = {"(": 1, "{": 1, "[": 1, "<<": 1, ")": -1, "}": -1, "]": -1, ">>": -1}
_SIGNS = re.compile(rf"[!^+\-]\s*+(?:[!^+\-]\s*+){{{MOST_NESTING - 1}}}")
_PART = re.compile(r"[.;,/|+*\-{]|&&")
_PART_WORDS = "FILTER", "BIND"
_EXTENSION = re.compile(r"(?<![?$\w:/<.\-])(?:DEFINE\s|(?:BIF|SQL)\s*+:|OPTION\s*+\(|`)", re.IGNORECASE)
_VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*+\(")
_VOLATILE_WORDS = "NOW", "RAND", "UUID", "BNODE"


class Screened(NamedTuple):
    """What the text of a query tells: its form (empty where only the parser can say), whether answers may differ."""

    form: str
    volatile: bool


class RefusedError(ValueError):
    """A query that is not evaluated. `forbidden` tells what is never allowed from what is merely too much."""

    def __init__(self, message: str, *, forbidden: bool) -> None:
        super().__init__(message)
        self.forbidden = forbidden


def screen(query: str) -> Screened:
    """The form of `query`, or `RefusedError` for an update, a SERVICE clause, or nesting and length beyond all use.

    >>> screen("# LOAD <x>\\nDROP ALL")
    Traceback (most recent call last):
    graph.screen.RefusedError: DROP is an update, and this service is read-only: nothing was changed
    """
    first = _first_word(query)
    if first in UPDATES:
        raise RefusedError(f"{first} is an update, and this service is read-only: nothing was changed", forbidden=True)
    if _SERVICE.search(query):
        raise RefusedError("SERVICE is not available: a query never leaves this machine", forbidden=True)
    bare = _OPAQUE.sub(" ", query)
    if _nesting(bare) > MOST_NESTING or _SIGNS.search(bare):
        raise RefusedError(f"the query is nested deeper than {MOST_NESTING} levels", forbidden=False)
    words = bare.upper()
    if len(_PART.findall(bare)) + sum(map(words.count, _PART_WORDS)) > MOST_PARTS:
        raise RefusedError(
            f"the query has more than {MOST_PARTS} patterns, list items and operators; give long lists as VALUES",
            forbidden=False,
        )
    # A plain look for the words first: it is many times faster than the expression, and nearly all queries have none.
    volatile = any(word in words for word in _VOLATILE_WORDS) and bool(_VOLATILE.search(words))
    return Screened(first if first in FORMS else "", volatile)


def screen_for_server(query: str) -> Screened:
    """As `screen`, for a query that a server will evaluate which knows more than SPARQL 1.1.

    Its functions and pragmas can fetch and write: ``define``, ``bif:``, ``sql:``, ``option``, back quotes (Virtuoso).

    >>> screen_for_server('DEFINE get:soft "replace" SELECT * FROM <http://example.org/> { ?s ?p ?o }')
    Traceback (most recent call last):
    graph.screen.RefusedError: extensions of SPARQL are not available: a query never leaves this service
    """
    screened = screen(query)
    if _EXTENSION.search(_OPAQUE.sub(" ", query)):
        raise RefusedError("extensions of SPARQL are not available: a query never leaves this service", forbidden=True)
    if not screened.form:
        raise RefusedError("a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE", forbidden=False)
    return screened


def unquoted(query: str) -> str:
    """The query without its strings and comments.

    >>> unquoted("ASK { <http://example.org/#a> ?p 'GRAPH' } # FROM")
    'ASK { <http://example.org/#a> ?p   }  '
    """
    return _OPAQUE.sub(lambda match: match[0] if match[0].startswith("<") else " ", query)


def _first_word(query: str) -> str:
    prologue = _PROLOGUE.match(query)
    word = _WORD.match(query, prologue.end() if prologue else 0)
    return word.group().upper() if word else ""


def _nesting(text: str) -> int:
    return max(accumulate(map(_STEP.__getitem__, _BRACKET.findall(text))), default=0)
