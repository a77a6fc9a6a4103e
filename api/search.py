"""Search: everything that has a page, by citation, name and words, grouped by kind; typing errors forgiven.

The index is made once a release, in memory, from `graph/queries/names.rq`. A word of the question matches a word that
begins with it; where nothing does, the words most like it are taken (difflib), so "Wagnr" finds Wagner.
"""

from __future__ import annotations

import bisect
import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from api.things import Kind, exists, kind_of
from graph import citation, iri
from graph.naming import name
from graph.records import Path
from graph.store import Store, ask_for

NAME, TITLE, WORDS = 8, 3, 1
"""What a match is worth in the name of a thing, in a short property, and in a longer text."""

LONG = 160
"""Characters from which a value counts as a text."""


class Hit(NamedTuple):
    """Something found: its address, its name, a line about it, its kind."""

    path: Path
    label: str
    about: str
    kind: Kind


class Group(NamedTuple):
    """What was found of one kind: the first hits and how many there are."""

    kind: Kind
    hits: tuple[Hit, ...]
    total: int


class Index(NamedTuple):
    """All names of a release: things in order, and for each word the things it stands in with its worth."""

    hits: tuple[Hit, ...]
    words: dict[str, dict[int, int]]
    vocabulary: tuple[str, ...]


def tokens(text: str) -> list[str]:
    """The words of a text without accents and case.

    >>> tokens("47 U.S.C. § 230(e)(5) — Cárdenas")
    ['47', 'u', 's', 'c', '230', 'e', '5', 'cardenas']
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)


def index(store: Store) -> Index:
    """The index of a release, made at the first question."""
    return _index(store, store.name)


@lru_cache(maxsize=2)
def _index(store: Store, release: str) -> Index:
    labels: dict[Path, str] = {}
    said: dict[Path, list[str]] = defaultdict(list)
    for row in ask_for(store, "names"):
        path = iri.path(row["thing"])
        labels[path] = min(filter(None, (labels.get(path), row["label"])))
        if row.get("words") and row["words"] not in said[path]:
            said[path].append(row["words"])
    words: dict[str, dict[int, int]] = defaultdict(dict)
    hits = []
    for number, (path, label) in enumerate(sorted(labels.items())):
        short = sorted((words for words in said[path] if len(words) <= LONG and words != label), key=len, reverse=True)
        long = [words for words in said[path] if len(words) > LONG]
        hits.append(Hit(path, label, next(iter(short or long), "")[:LONG], kind_of(path)))
        for worth, texts in ((WORDS, long), (TITLE, short), (NAME, [label, path])):
            for token in {token for text in texts for token in tokens(text)}:
                words[token][number] = max(worth, words[token].get(number, 0))
    return Index(tuple(hits), dict(words), tuple(sorted(words)))


def search(store: Store, text: str, kind: str = "", most: int = 8) -> list[Group]:
    """What matches `text`, in groups by kind, the best group first; only one kind if `kind` names it."""
    found = index(store)
    ranked = _exact(store, text) + [found.hits[number] for number in _ranked(found, tokens(text))]
    groups: dict[Kind, dict[Path, Hit]] = defaultdict(dict)
    for hit in ranked:
        if not kind or hit.kind.key == kind:
            groups[hit.kind].setdefault(hit.path, hit)
    return [Group(key, tuple(hits.values())[:most], len(hits)) for key, hits in groups.items()]


def near(store: Store, path: Path) -> list[tuple[Path, str]]:
    """Things that a mistyped address may have meant: of the same kind, and spelled like it; at most five."""
    known = {hit.path: hit.label for hit in index(store).hits if hit.path.split("/")[:3] == path.split("/")[:3]}
    return [(close, known[close]) for close in difflib.get_close_matches(path, known, n=5, cutoff=0.75)]


def _exact(store: Store, text: str) -> list[Hit]:
    """What the text is a citation of, if it is one."""
    mention = citation.parse(text)
    paths = [p for p in (mention.path, *mention.choices) if p] if mention else []
    return [Hit(p, name(p), "", kind_of(p)) for p in paths if exists(store, p)]


def _ranked(found: Index, asked: list[str]) -> Iterable[int]:
    """The things that hold every word of the question, best first."""
    scores: dict[int, int] | None = None
    for token in asked:
        matches = _matches(found, token)
        scores = matches if scores is None else {n: scores[n] + worth for n, worth in matches.items() if n in scores}
    return sorted(scores or {}, key=lambda n: (-(scores or {})[n], len(found.hits[n].label), found.hits[n].path))


def _matches(found: Index, token: str) -> dict[int, int]:
    words = _beginning_with(found.vocabulary, token) or _like(found.vocabulary, token)
    matches: dict[int, int] = {}
    for word in words:
        whole = 2 if word == token else 1
        for number, worth in found.words[word].items():
            matches[number] = max(matches.get(number, 0), whole * worth)
    return matches


def _beginning_with(vocabulary: tuple[str, ...], token: str) -> list[str]:
    """The words that begin with a token; a number or a single letter only matches itself."""
    start = bisect.bisect_left(vocabulary, token)
    if token.isdigit() or len(token) < 2:
        return [token] if vocabulary[start : start + 1] == (token,) else []
    return list(vocabulary[start : bisect.bisect_left(vocabulary, token + "\uffff")])


def _like(vocabulary: tuple[str, ...], token: str) -> list[str]:
    if token.isdigit() or len(token) < 4:
        return []
    candidates = [word for word in vocabulary if word[0] == token[0] and abs(len(word) - len(token)) <= 2]
    return difflib.get_close_matches(token, candidates, n=3, cutoff=0.75)
