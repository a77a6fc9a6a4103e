"""Words of former versions: official text walked back through the ledger, effect by effect, and forward again.

`former` takes the tree of a section as an official file prints it on a day, undoes the effects before that day, the
latest first, and gives the words of every earlier version that can be known. An effect is undone only where it can be
done again with the same result; where its words are not given, are not found, or are found twice, the provision it
stands in is *missing* before that day, with the effect that stopped it. Nothing is guessed.

>>> from graph.records import Effect, Provision
>>> S = "/us/usc/t1/s1"
>>> now = Provision(S, S, "section", "§ 1.", "Cats", ("Cats or dogs may sleep.",))
>>> inserted = Effect("e", "insertion", "/us/pl/1/1/s1", S, "2001-01-01", "2001-01-01", new_text="or dogs",
...                   note='after "Cats"')
>>> undo(now, inserted).body
('Cats may sleep.',)
>>> do(undo(now, inserted), inserted, now) == now
True
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from graph import ledger, wording
from graph.records import Day, Effect, Path, Provision, Version

MISSING = "missing:"
"""Status of a provision whose words are not known, followed by the id of the effect that stopped the walk back."""


UNHEADED = "heading missing:"
"""Status of a provision whose words are known and whose heading is not, followed by the id of the effect."""

QUOTED = "quoted"
"""Status of a provision whose words a note quotes in one piece, though they had parts."""

_PARTS_IN_WORDS = re.compile(r"(?:^|[\s—])\((?:1|A|a|i)\)\s")

WORDED = frozenset({"insertion", "substitution", "striking"})
"""Kinds of effect that change words in a provision and leave its parts."""

DEAD = ("repealed", "omitted", "transferred", "renumbered")
"""What the Code says of a stub: nothing stands there any more."""

WHOLE_HEADING = ("as heading", "the heading")
"""Notes of effects whose words are a heading by themselves."""


class Stopped(Exception):  # noqa: N818 - an outcome of the walk, not a fault
    """An effect cannot be undone or done in this text; the message says why."""


class Words(NamedTuple):
    """What is known of the words of a version: the provision as it then stood, or the effect that stopped the walk."""

    version: Version
    provision: Provision | None
    stopped_by: str = ""


def former(tree: Provision, day: Day, versions: Iterable[Version], effects: Iterable[Effect]) -> Iterator[Words]:
    """The words of the versions of a section that ended on or before `day`, when the official `tree` was taken."""
    ending: dict[Day, list[Version]] = {}
    for version in versions:
        if version.valid_to and version.valid_to <= day:
            ending.setdefault(version.valid_to, []).append(version)
    changing = [e for e in effects if e.effective and e.kind not in ledger.WORDLESS and ledger.valid_from(e) <= day]
    changing.sort(key=ledger.chronological, reverse=True)
    state: Provision | None = standing(tree)
    for changed, group in groupby(changing, key=ledger.valid_from):
        for effect in group:
            state = state and back(state, effect)
        found = {p.identifier: p for p in wording.walk(state)} if state else {}
        for version in ending.get(changed, ()):
            yield _words(version, found)


def _words(version: Version, found: dict[Path, Provision]) -> Words:
    provision = found.get(version.slot)
    if provision is None:
        above = (found[slot].status for slot in ledger.ancestors(version.slot) if slot in found)
        stopped = next((status for status in above if status.startswith(MISSING)), "")
        return Words(version, None, stopped.removeprefix(MISSING))
    lost = next((p.status.removeprefix(MISSING) for p in wording.walk(provision) if p.status.startswith(MISSING)), None)
    below = (p.status for p in wording.walk(provision) if p is not provision)
    lost = lost or next((status.partition(UNHEADED)[2] for status in below if UNHEADED in status), None)
    return Words(version, None, lost) if lost is not None else Words(version, provision)


def standing(tree: Provision) -> Provision:
    """The tree without the stubs that the Code prints where a provision was: "(a) Repealed. Pub. L. …"."""
    body = tuple(
        standing(part) if isinstance(part, Provision) else part
        for part in tree.body
        if isinstance(part, str) or part.status not in DEAD
    )
    return tree._replace(body=body)


def back(tree: Provision, effect: Effect) -> Provision | None:
    """The tree before an effect; what cannot be undone surely is missing there."""
    if effect.kind == "addition" and effect.target == tree.identifier and not _adds_to(tree, effect):
        return None
    named = next((p for p in wording.walk(tree) if p.identifier == effect.target), None)
    if named and named.status.startswith(MISSING) and effect.kind in WORDED:
        return tree
    try:
        before = undo(tree, effect)
        if do(before, effect, tree) != tree:
            raise Stopped("doing it again does not give the same text")
    except Stopped:
        return _lose(tree, effect)
    return before


def _adds_to(tree: Provision, effect: Effect) -> bool:
    """Whether an addition at the section adds to what stood there, and did not bring the section itself."""
    named = {f"{effect.target}/{part}" for part in effect.adds}
    return any(child.identifier not in named for child in tree.children) if effect.adds else False


# --- undo and do -----------------------------------------------------------------------------------------------------


def undo(tree: Provision, effect: Effect) -> Provision:
    """The tree as it stood before an effect. Raises `Stopped` where that cannot be known."""
    if not effect.words_complete:
        raise Stopped("the notes do not give the words")
    match effect.kind:
        case "addition":
            return _without(tree, _born(effect, tree))
        case "renumbering" | "transfer":
            return _renumber(tree, [(after, before) for before, after in effect.moves])
        case "repeal" if effect.old_text:
            return _restore(tree, effect.target, _leaf(effect.target, effect.old_text, _heading_lost(effect)))
        case "general-amendment" if effect.old_text:
            return _reworded(tree, effect)
        case "designation":
            return _undesignated(tree, effect)
        case "insertion" if effect.new_text:
            return _in_target(tree, effect, _cut(effect.new_text))
        case "striking" if effect.old_text:
            return _in_target(tree, effect, _put(effect.old_text))
        case "substitution" if effect.old_text and effect.new_text:
            return _in_target(tree, effect, _swap(effect.new_text, effect.old_text))
    raise Stopped(f"a {effect.kind} without its words cannot be undone")


def do(tree: Provision, effect: Effect, later: Provision) -> Provision:
    """The tree after an effect; what it brought takes its words from `later`. Raises `Stopped`."""
    match effect.kind:
        case "addition":
            return _graft(tree, later, _born(effect, later))
        case "renumbering" | "transfer":
            return _renumber(tree, list(effect.moves))
        case "repeal":
            return _without(tree, {effect.target} & {p.identifier for p in wording.walk(tree)})
        case "general-amendment" | "designation":
            return _as_in(tree, later, effect.target)
        case "insertion" if effect.new_text and not _anchored(effect.note):
            return _as_in(tree, later, effect.target)
        case "insertion" if effect.new_text:
            return _in_target(tree, effect, _put(effect.new_text), later)
        case "striking" if effect.old_text:
            return _in_target(tree, effect, _cut(effect.old_text), later)
        case "substitution" if effect.old_text and effect.new_text:
            return _in_target(tree, effect, _swap(effect.old_text, effect.new_text), later)
    raise Stopped(f"a {effect.kind} cannot be done without its words")


def enact(tree: Provision, effect: Effect, brought: Provision | None = None) -> Provision:
    """The tree after an effect whose new matter is at hand as `brought`, not in a later text. Raises `Stopped`.

    A change of words is made where `effect.note` puts it, and nowhere where that leaves a choice.

    >>> now = wording.numbered("/us/usc/t1/s1", "Cats", (wording.numbered("/us/usc/t1/s1/a", "", ("Cats sleep.",)),))
    >>> new = wording.numbered("/us/usc/t1/s1/b", "", ("Dogs bark.",))
    >>> added = Effect("e", "addition", "/us/bill/1/hr/1", "/us/usc/t1/s1/b", "2001-01-01", "2001-01-01")
    >>> print(wording.words(enact(now, added, new)))
    (a) Cats sleep.
    (b) Dogs bark.
    """
    present = {p.identifier for p in wording.walk(tree)}
    if effect.kind == "addition" and brought is not None:
        return _restore(tree, effect.target, brought)
    if effect.kind == "designation" and brought is not None and effect.old_text:
        return _designated(tree, effect, brought)
    if effect.target not in present:
        raise Stopped(f"nothing stands in {effect.target}")
    if effect.kind == "general-amendment" and brought is not None:
        return _map(tree, lambda p: brought if p.identifier == effect.target else p)
    if effect.kind == "insertion" and effect.new_text and not _anchored(effect.note):
        raise Stopped("it does not say beside which words to insert")
    if effect.kind == "insertion" and effect.new_text:
        return _in_target(tree, effect, _put(effect.new_text))
    if effect.kind in ("substitution", "striking") and effect.old_text:
        change = _swap(effect.old_text, effect.new_text) if effect.new_text else _cut(effect.old_text)
        return _in_target(tree, effect, change)
    if effect.kind in ("renumbering", "repeal"):
        return do(tree, effect, tree)
    raise Stopped(f"a {effect.kind} without its words cannot be done")


def _designated(tree: Provision, effect: Effect, opening: Provision) -> Provision:
    """The tree after all that stands in a provision became its one part, which opens with other words than it did."""
    above = effect.target.rpartition("/")[0]
    parent = next((p for p in wording.walk(tree) if p.identifier == above), None)
    if parent is None:
        raise Stopped(f"nothing stands in {above}")
    first = parent.body[0] if parent.body else ""
    old = effect.old_text or ""
    if not isinstance(first, str) or not re.match(rf"{re.escape(old)}(?!\w)", first):
        raise Stopped("it does not open with these words")
    words = _joined(opening.own_text, first[len(old) :])
    body = tuple(
        _moved(part, effect.target + part.identifier[len(above) :]) if isinstance(part, Provision) else part
        for part in parent.body[1:]
    )
    part = opening._replace(body=(words, *body))
    return _map(tree, lambda p: p._replace(body=(part,)) if p.identifier == above else p)


def _lose(tree: Provision, effect: Effect) -> Provision:
    """The tree with what the effect touched missing. Before a repeal it stood there, but its words are gone."""
    if effect.kind == "repeal":
        try:
            return _restore(tree, effect.target, _leaf(effect.target, "")._replace(status=MISSING + effect.id, body=()))
        except Stopped:
            pass
    slots = [before for before, _ in effect.moves] if effect.moves else [effect.target]
    found = {p.identifier for p in wording.walk(tree)}
    lost = {next((s for s in (slot, *ledger.ancestors(slot)) if s in found), tree.identifier) for slot in slots}
    part = _where(effect.note).part
    own = part in ("introductory", "concluding") and effect.target in lost and effect.kind not in ("repeal", "addition")

    def lose(provision: Provision) -> Provision:
        if provision.identifier not in lost:
            return provision
        if part == "heading":
            gone = effect.kind == "insertion" and not effect.new_text
            unheaded = provision.status if provision.status.startswith(MISSING) else UNHEADED + effect.id
            return provision._replace(heading="") if gone else provision._replace(status=unheaded)
        missing = provision.status if provision.status.startswith(MISSING) else MISSING + effect.id
        return provision._replace(status=missing, body=provision.children if own else ())

    return _map(tree, lose)


# --- structure -------------------------------------------------------------------------------------------------------


def _map(tree: Provision, change: Callable[[Provision], Provision]) -> Provision:
    """The tree with `change` applied to every provision, children first."""
    body = tuple(_map(part, change) if isinstance(part, Provision) else part for part in tree.body)
    return change(tree._replace(body=body))


def _born(effect: Effect, tree: Provision) -> set[Path]:
    """The topmost slots that an addition brought."""
    listed = {f"{effect.target}/{part}" for part in effect.adds}
    present = {p.identifier for p in wording.walk(tree)}
    whole = [s for s in present if s.startswith(effect.target + "/") and s not in listed]
    return listed & present if whole and effect.adds else {effect.target} & present


def _without(tree: Provision, slots: set[Path]) -> Provision:
    if not slots:
        raise Stopped("what it added does not stand there")

    def prune(provision: Provision) -> Provision:
        kept = tuple(part for part in provision.body if isinstance(part, str) or part.identifier not in slots)
        return provision._replace(body=kept) if len(kept) != len(provision.body) else provision

    return _map(tree, prune)


def _graft(tree: Provision, later: Provision, slots: set[Path]) -> Provision:
    """The tree with the provisions at `slots` of the later tree put where they stand there."""
    parents = {p.identifier: p for p in wording.walk(later)}

    def grow(provision: Provision) -> Provision:
        model = parents.get(provision.identifier)
        if model is None or not any(child.identifier in slots for child in model.children):
            return provision
        mine = iter(provision.body)
        body: list[str | Provision] = []
        for part in model.body:
            added = isinstance(part, Provision) and part.identifier in slots
            body.append(part if added else next(mine, ""))
        return provision._replace(body=tuple(body))

    return _map(tree, grow)


def _leaf(slot: Path, words: str, lost: str = "") -> Provision:
    """A provision of words alone, as a note quotes it; `lost` says whether its heading is not known."""
    label = slot.rpartition("/")[2]
    return Provision(slot, slot, "", f"({label})", "", (words,), status=_quoted(words) + lost)


def _heading_lost(effect: Effect) -> str:
    """Where a note gives the former text alone, the provision had a heading that it does not give."""
    return UNHEADED + effect.id if "in the former text" in effect.note else ""


def _quoted(words: str) -> str:
    return QUOTED if _PARTS_IN_WORDS.search(words) else ""


def _restore(tree: Provision, slot: Path, former: Provision) -> Provision:
    """The tree with a provision that was struck out back among its siblings, in the order of their labels."""
    above = slot.rpartition("/")[0]
    parent = next((p for p in wording.walk(tree) if p.identifier == above), None)
    if parent is None or parent.status.startswith(MISSING):
        raise Stopped(f"nothing is known of what stood around {slot}")
    if any(child.identifier == slot for child in parent.children):
        raise Stopped(f"{slot} is taken")
    children = [i for i, part in enumerate(parent.body) if isinstance(part, Provision)]
    rank = _rank(slot)
    later = [i for i in children if _rank(parent.body[i].identifier) > rank]  # type: ignore[union-attr]
    at = later[0] if later else children[-1] + 1 if children else len(parent.body)
    body = (*parent.body[:at], former, *parent.body[at:])
    return _map(tree, lambda p: p._replace(body=body) if p.identifier == above else p)


def _rank(slot: Path) -> tuple[int, int, str]:
    """The order of a label among its siblings: by number, Roman where clauses have such, else by letters.

    >>> sorted(["/us/usc/t1/s1/a/1/A/v", "/us/usc/t1/s1/a/1/A/ix", "/us/usc/t1/s1/a/1/A/ii"], key=_rank)[-1]
    '/us/usc/t1/s1/a/1/A/ix'
    """
    label = slot.rpartition("/")[2]
    depth = slot.count("/") - 5
    if number := re.match(r"\d+", label):
        return 0, int(number[0]), label
    if depth >= (2 if label.islower() else 3) and re.fullmatch(r"[ivx]+", label.lower()):
        digits = [{"i": 1, "v": 5, "x": 10}[letter] for letter in label.lower()]
        return 0, sum(-d if d < max(digits[i:]) else d for i, d in enumerate(digits)), label
    return (len(label) if len(set(label)) == 1 else 1), 0, label


def _reworded(tree: Provision, effect: Effect) -> Provision:
    """The tree with the words of a provision as they were before a general amendment, and its heading where it is known
    to be the same."""
    words = effect.old_text or ""
    kept = "in the text" in effect.note or ledger.is_section(effect.target)

    def reword(provision: Provision) -> Provision:
        if provision.identifier != effect.target:
            return provision
        status = _quoted(words) + ("" if kept else _heading_lost(effect))
        return provision._replace(body=(words,), heading=provision.heading if kept else "", citations=(), status=status)

    if all(p.identifier != effect.target for p in wording.walk(tree)):
        raise Stopped(f"nothing stands in {effect.target}")
    return _map(tree, reword)


def _undesignated(tree: Provision, effect: Effect) -> Provision:
    """The tree before existing words became its one part."""
    above = effect.target.rpartition("/")[0]
    parent = next((p for p in wording.walk(tree) if p.identifier == above), None)
    if parent is None or [p.identifier for p in parent.children] != [effect.target] or len(parent.body) > 1:
        raise Stopped("it was not the only part")
    (part,) = parent.children
    if part.heading or part.status.startswith(MISSING):
        raise Stopped("the words that it designated are not known")
    body = tuple(
        _moved(piece, above + piece.identifier[len(effect.target) :]) if isinstance(piece, Provision) else piece
        for piece in part.body
    )
    return _map(tree, lambda p: p._replace(body=body) if p.identifier == above else p)


def _moved(provision: Provision, to: Path) -> Provision:
    """A provision with all below it under another path."""
    body = tuple(
        _moved(part, to + part.identifier[len(provision.identifier) :]) if isinstance(part, Provision) else part
        for part in provision.body
    )
    return provision._replace(identifier=to, id_local=to, body=body)


def _as_in(tree: Provision, later: Provision, slot: Path) -> Provision:
    """The tree with the provision at `slot`, or the nearest one above it that both have, as it stands in the later."""
    found = {p.identifier: p for p in wording.walk(later)}
    mine = {p.identifier for p in wording.walk(tree)}
    common = next((s for s in (slot, *ledger.ancestors(slot)) if s in found and s in mine), tree.identifier)
    return _map(tree, lambda p: found[common] if p.identifier == common else p)


def _anchored(note: str) -> bool:
    """Whether a note says beside what the words stand."""
    where = _where(note)
    return bool(where.side or where.part == "heading")


def _renumber(tree: Provision, moves: list[tuple[Path, Path]]) -> Provision:
    """Whole subtrees under new designations, all at once, in place; only among children of one parent."""
    present = {p.identifier for p in wording.walk(tree)}
    for before, after in moves:
        if before not in present:
            raise Stopped(f"nothing stands in {before}")
        if before.rpartition("/")[0] != after.rpartition("/")[0]:
            raise Stopped("it moves provisions to another parent")
    names = dict(moves)
    if {a for a in names.values() if a in present and a not in names}:
        raise Stopped("a designation is taken")

    def move(provision: Provision) -> Provision:
        if provision.identifier in names:
            to = names[provision.identifier]
            old, new = provision.identifier.rpartition("/")[2], to.rpartition("/")[2]
            return _moved(provision, to)._replace(num=provision.num.replace(old, new, 1))
        body = tuple(move(part) if isinstance(part, Provision) else part for part in provision.body)
        return provision._replace(body=body)

    return _in_order(tree, move(tree))


def _in_order(before: Provision, renamed: Provision) -> Provision:
    """The renamed tree with parts in the order of their labels, wherever they were in that order before."""
    ordered = {p.identifier: _is_ordered(p) for p in wording.walk(before)}

    def sort(provision: Provision) -> Provision:
        if not ordered.get(provision.identifier) or _is_ordered(provision):
            return provision
        children = iter(sorted(provision.children, key=lambda child: _rank(child.identifier)))
        body = tuple(next(children) if isinstance(part, Provision) else part for part in provision.body)
        return provision._replace(body=body)

    return _map(renamed, sort)


def _is_ordered(provision: Provision) -> bool:
    ranks = [_rank(child.identifier) for child in provision.children]
    return ranks == sorted(ranks)


# --- words -----------------------------------------------------------------------------------------------------------


class _Where(NamedTuple):
    """Where a note puts a change of words: beside an anchor or a mark, at an end, in a part, in how many places.

    `times` is ``None`` where the note does not count; 0 is "wherever it appears".
    """

    side: str = ""
    anchor: str = ""
    final: bool = False
    part: str = ""
    paragraph: int | None = None
    times: int | None = None
    nth: bool = False


_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "seventh": 6, "last": -1}


def _where(note: str) -> _Where:
    """The place that the note of an effect names.

    >>> _where('after "Cats", in the introductory words, in 2 places')
    _Where(side='after', anchor='Cats', final=False, part='introductory', paragraph=None, times=2, nth=False)
    """
    anchor = re.search(r'\b(after|before)( the final)? "([^"]+)"', note)
    end = re.search(r"\bat the (end|beginning)\b", note)
    times = re.search(r"\bin (\d+) places\b", note)
    parts = {"in the introductory words": "introductory", "in the words after": "concluding", "heading": "heading"}
    part = next((name for said, name in parts.items() if said in note), "")
    ordinal = re.search(r"in the (\w+) (?:undesignated )?par\b", note)
    if not part and "paragraph (" in note.partition("after ")[2][:12]:
        part = "concluding"
    return _Where(
        anchor[1] if anchor else end[1] if end else "",
        anchor[3] if anchor else "",
        bool(anchor and anchor[2]) and "sentence" not in note,
        part,
        _ORDINALS.get(ordinal[1]) if ordinal else None,
        0 if "wherever it appears" in note else int(times[1]) if times else None,
        "occurrence" in note,
    )


def _in_target(tree: Provision, effect: Effect, change: _Change, later: Provision | None = None) -> Provision:
    """The tree with words of the target changed: in its heading where the note speaks of it, else in the stretches of
    words at and below it; in as many places as the note counts, in exactly one where it does not."""
    where = _where(effect.note)
    if where.nth:
        raise Stopped("the note counts occurrences in words that it does not give")
    target = next((p for p in wording.walk(tree) if p.identifier == effect.target), None)
    if target is None:
        raise Stopped(f"nothing stands in {effect.target}")
    if where.part == "heading":
        found = change(target.heading, where, effect.note in WHOLE_HEADING)
        if len(found) != 1:
            raise Stopped("its words do not stand in the heading")
        return _map(tree, lambda p: p._replace(heading=found[0]) if p.identifier == effect.target else p)
    places = _stretches(target, where.part)
    if where.paragraph is not None:
        own = [place for place in places if place.provision == target.identifier]
        places = own[where.paragraph :][:1] if -len(own) <= where.paragraph < len(own) else []
    if where.side in ("end", "beginning") or where.final:
        places = places[-1:] if where.side != "beginning" else places[:1]
    ends = where.side == "end" and effect.kind == "striking" and places and places[-1].provision != target.identifier
    if ends and re.match(r"[“(]?[A-Z].*\.”?\Z", effect.old_text or ""):
        raise Stopped("whether its words stood in the last part or behind it is not told")
    changed = [(place, found) for place in places if (found := change(place.words, where, False))]
    count = sum(len(found) for _, found in changed)
    if count == 0:
        raise Stopped("its words do not stand there")
    if later is not None and not where.times and count > 1:
        shown = {(p.identifier, i): part for p in wording.walk(later) for i, part in enumerate(p.body)}
        changed = [(p, [w]) for p, found in changed for w in found if shown.get((p.provision, p.position)) == w]
        if len(changed) != 1:
            raise Stopped("the later text does not show it")
        return _restretched(tree, changed[0][0], changed[0][1][0])
    if later is not None and where.times and count > where.times:
        # The words stand in more places than were changed; the later text shows in which.
        return _as_in(tree, later, effect.target)
    if count != (where.times or 1):
        raise Stopped(MANY)
    for place, found in changed:
        for words in _together(place.words, found, change, where):
            tree = _restretched(tree, place, words)
    return tree


def _together(text: str, found: list[str], change: _Change, where: _Where) -> Iterator[str]:
    """The stretch with a change made in each of its places."""
    for _ in found:
        made = change(text, where, False)
        if not made:
            raise Stopped(MANY)
        text = made[-1]
    yield text


MANY = "its words stand in more places, or fewer, than the note counts"


class _Stretch(NamedTuple):
    """One stretch of words of a provision."""

    provision: Path
    position: int
    words: str


def _stretches(target: Provision, part: str) -> list[_Stretch]:
    """The stretches of words of a provision and those below it in the order of the page, or those of a part of it."""
    first = next((i for i, piece in enumerate(target.body) if isinstance(piece, Provision)), len(target.body))
    found: list[_Stretch] = []
    for index, piece in enumerate(target.body):
        if isinstance(piece, Provision):
            found += [] if part else _stretches(piece, "")
        elif not part or (index < first) == (part == "introductory"):
            found.append(_Stretch(target.identifier, index, piece))
    return found


def _restretched(tree: Provision, place: _Stretch, words: str) -> Provision:
    """The tree with one stretch of one provision replaced."""

    def replace(provision: Provision) -> Provision:
        body = (*provision.body[: place.position], words, *provision.body[place.position + 1 :])
        return provision._replace(body=body) if provision.identifier == place.provision else provision

    return _map(tree, replace)


_Change = Callable[[str, _Where, bool], list[str]]
"""A change of one stretch: given the stretch, the place, and whether the stretch is a whole heading, the stretch
changed in each place where it applies, one place at a time; empty where it does not."""


_ENDING = r"(?: and| or)?\Z"
"""What may stand behind the last mark of a stretch: the word that joins it to the next."""


def _matches(text: str, words: str, where: _Where) -> list[tuple[int, int]]:
    """Where `words` stand in `text` as whole words, at the place named."""
    left = r"(?<!\w)" if words[:1].isalnum() else ""
    right = r"(?!\w)" if words[-1:].isalnum() else ""
    before = after = ""
    if where.final:
        after = rf"(?=\s*{re.escape(where.anchor)}{_ENDING})" if where.side == "before" else r"(?=\Z)"
    elif where.side == "after":
        edge = r"(?<!\w)" if where.anchor[:1].isalnum() else ""
        before, left = rf"{edge}{re.escape(where.anchor)}\s*", ""
    elif where.side == "before":
        edge = r"(?!\w)" if where.anchor[-1:].isalnum() else ""
        after, right = rf"(?=\s*{re.escape(where.anchor)}{edge})", ""
    elif where.side == "end":
        after = r"(?=\Z)"
    elif where.side == "beginning":
        before = r"\A"
    return [m.span("words") for m in re.finditer(f"{before}{left}(?P<words>{re.escape(words)}){right}{after}", text)]


def _swap(old: str, new: str) -> _Change:
    """`new` in the place of `old`."""

    def change(text: str, where: _Where, whole: bool) -> list[str]:
        return list(_one_by_one(text, _matches(text, old, where), new))

    return change


def _cut(words: str) -> _Change:
    """The words gone; a heading that they were is empty then."""

    def change(text: str, where: _Where, whole: bool) -> list[str]:
        if whole:
            return [""] if text == words else []
        return list(_one_by_one(text, _matches(text, words, where), ""))

    return change


def _put(words: str) -> _Change:
    """The words put beside the anchor or at the end; where there was no heading, as the heading."""

    def change(text: str, where: _Where, whole: bool) -> list[str]:
        if whole:
            return [words] if not text else []
        if where.final and where.side == "before":
            last = re.search(rf"{re.escape(where.anchor)}{_ENDING}", text)
            return [_joined(text[: last.start()], words) + text[last.start() :]] if last else []
        if where.side == "end" or where.final:
            return [_joined(text, words)] if text else []
        if where.side == "beginning":
            return [_joined(words, text)]
        # Behind a date the law has a comma, which notes that quote only the date do not tell of.
        untold = where.side == "after" and re.search(r"\d, \d{4}\Z", where.anchor) and words[:1].isalpha()
        spots = _matches(text, where.anchor, _Where()) if where.anchor and not untold else []
        ends = [(end, end) if where.side == "after" else (start, start) for start, end in spots]
        return list(_one_by_one(text, ends, words))

    return change


def _one_by_one(text: str, spans: list[tuple[int, int]], words: str) -> Iterator[str]:
    """The text with one of the spans replaced by the words, for each of them."""
    for start, end in spans:
        yield _joined(_joined(text[:start], words), text[end:])


def _joined(left: str, right: str) -> str:
    """Two stretches as one: one space between words, none before punctuation."""
    left, right = left.rstrip(), right.lstrip() if left.endswith(" ") else right
    bare = right.lstrip()
    if not left or not bare:
        return left + bare
    if bare[0] in ",.;:)”— " or left[-1] in "(“—":
        return left + bare
    return f"{left} {bare}"
