"""Search: everything that has a page, by citation, name and words, grouped by kind; typing errors forgiven.

The index is made once a release, in memory, from `graph/queries/names.rq`; stories and terms of the glossary are in it
as well. A word of the question matches a word that begins with it; where nothing does, those that share most pairs of
letters with it are compared (difflib), so that "Wagnr" finds Wagner and "Xeran" finds Zeran.
"""

from __future__ import annotations

import bisect
import difflib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from api import stories
from api.things import Kind, exists, kind_of
from graph import citation, iri
from graph.naming import name
from graph.records import Path
from graph.store import Store, ask_for

NAME, OTHER_NAME, SHORT, WORDS = 8, 6, 3, 1
"""What a match is worth in the label of a thing, in another name of it, in a short property, and in a longer text."""

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
    pairs: dict[str, list[str]]


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
    labels: dict[Path, str] = dict(_told())
    said: dict[Path, list[str]] = defaultdict(list)
    names: dict[Path, list[str]] = defaultdict(list)
    for row in ask_for(store, "names"):
        path = iri.path(row["thing"])
        labels[path] = min(filter(None, (labels.get(path), row["label"])))
        if row.get("words") and row["words"] not in said[path]:
            said[path].append(row["words"])
            if row.get("isName") == "true":
                names[path].append(row["words"])
    for path, text in _about().items():
        said[path].append(text)
    words: dict[str, dict[int, int]] = defaultdict(dict)
    hits = []
    for number, (path, label) in enumerate(sorted(labels.items())):
        short = sorted((words for words in said[path] if len(words) <= LONG and words != label), key=len, reverse=True)
        long = [words for words in said[path] if len(words) > LONG]
        hits.append(Hit(path, label, next(iter(short or long), "")[:LONG], kind_of(path)))
        for worth, texts in ((WORDS, long), (SHORT, short), (OTHER_NAME, names[path]), (NAME, [label, path])):
            for token in {token for text in texts for token in tokens(text)}:
                words[token][number] = max(worth, words[token].get(number, 0))
    pairs: dict[str, list[str]] = defaultdict(list)
    for word in words:
        for pair in pairs_of(word):
            pairs[pair].append(word)
    return Index(tuple(hits), dict(words), tuple(sorted(words)), dict(pairs))


def _told() -> Iterable[tuple[Path, str]]:
    """The stories and the terms of the glossary, with their names."""
    yield from ((f"/stories/{slug}", told["title"]) for slug, told in stories.tours().items())
    yield from ((f"/glossary#{entry['id']}", entry["term"]) for entry in stories.glossary())


def _about() -> dict[Path, str]:
    tours = {f"/stories/{slug}": told["lead"] for slug, told in stories.tours().items()}
    return tours | {f"/glossary#{entry['id']}": entry["means"] for entry in stories.glossary()}


def pairs_of(word: str) -> set[str]:
    """The pairs of letters of a word, its ends among them.

    >>> sorted(pairs_of("cox"))
    ['^c', 'co', 'ox', 'x$']
    """
    closed = f"^{word}$"
    return {closed[i : i + 2] for i in range(len(closed) - 1)}


def search(store: Store, text: str, kind: str = "", most: int = 8) -> list[Group]:
    """What matches `text`, in groups by kind, the best group first; only one kind if `kind` names it."""
    found = index(store)
    ranked = _exact(store, found, text) + [found.hits[number] for number in _ranked(found, tokens(text))]
    groups: dict[Kind, dict[Path, Hit]] = defaultdict(dict)
    for hit in ranked:
        if not kind or hit.kind.key == kind:
            groups[hit.kind].setdefault(hit.path, hit)
    return [Group(key, tuple(hits.values())[:most], len(hits)) for key, hits in groups.items()]


def near(store: Store, path: Path) -> list[tuple[Path, str]]:
    """Things that a mistyped address may have meant: of the same kind, and spelled like it; at most five."""
    known = {hit.path: hit.label for hit in index(store).hits if hit.path.split("/")[:3] == path.split("/")[:3]}
    return [(close, known[close]) for close in difflib.get_close_matches(path, known, n=5, cutoff=0.75)]


def _exact(store: Store, found: Index, text: str) -> list[Hit]:
    """What the text is a citation of, if it is one."""
    closed = text + ")" * (text.count("(") - text.count(")"))
    mention = citation.parse(closed)
    paths = [p for p in (mention.path, *mention.choices) if p] if mention else []
    if loose := _loosely(tokens(text)):
        paths.append(loose)
    return [_hit(found, p) for p in dict.fromkeys(paths) if exists(store, p)]


def _hit(found: Index, path: Path) -> Hit:
    """What the index says of a thing; of one that bears no label, its name from its address."""
    at = bisect.bisect_left(found.hits, path, key=lambda hit: hit.path)
    known = found.hits[at : at + 1]
    return known[0] if known and known[0].path == path else Hit(path, name(path), "", kind_of(path))


def _loosely(asked: list[str]) -> Path:
    """The designation of § 230 that people mean by "cda 230 c 1"; empty where they mean none.

    >>> _loosely(["section", "230", "c", "2", "a"]), _loosely(["230", "repeal"])
    ('/us/usc/t47/s230/c/2/A', '')
    """
    steps = [token for token in asked if token not in ("section", "sec", "cda", "s")]
    if steps[:1] != ["230"] or any(len(step) > 3 for step in steps[1:]):
        return ""
    return "/".join(["/us/usc/t47/s230", *(s.upper() if depth == 2 else s for depth, s in enumerate(steps[1:]))])


def _ranked(found: Index, asked: list[str]) -> Iterable[int]:
    """The things that hold every word of the question, best first."""
    scores: dict[int, int] | None = None
    for token in asked:
        matches = _matches(found, token)
        scores = matches if scores is None else {n: scores[n] + worth for n, worth in matches.items() if n in scores}
    return sorted(scores or {}, key=lambda n: (-(scores or {})[n], len(found.hits[n].label), found.hits[n].path))


def _matches(found: Index, token: str) -> dict[int, int]:
    words = _beginning_with(found.vocabulary, token) or _like(found, token)
    if not words and (joined := re.fullmatch(r"([a-z]+)(\d+)", token)):
        first, second = (_matches(found, part) for part in joined.groups())
        return {n: first[n] + worth for n, worth in second.items() if n in first}
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


def _like(found: Index, token: str) -> list[str]:
    """The words most like a mistyped one: of the forty that share most pairs of letters with it, at most three."""
    if token.isdigit() or len(token) < 4:
        return []
    shared = Counter(word for pair in pairs_of(token) for word in found.pairs.get(pair, ()))
    candidates = [word for word, _ in shared.most_common(40) if abs(len(word) - len(token)) <= 2]
    return difflib.get_close_matches(token, candidates, n=3, cutoff=0.75)
