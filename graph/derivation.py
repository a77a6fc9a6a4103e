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
    state: Provision | None = tree
    for changed, group in groupby(changing, key=ledger.valid_from):
        for effect in group:
            state = state and _back(state, effect)
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
    return Words(version, None, lost) if lost is not None else Words(version, provision)


def _back(tree: Provision, effect: Effect) -> Provision | None:
    """The tree before an effect; what cannot be undone surely is missing there."""
    if effect.kind == "addition" and effect.target == tree.identifier and not _adds_to(tree, effect):
        return None
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
        case "insertion" if effect.new_text:
            return _in_target(tree, effect, lambda text: _cut(text, effect.new_text or "", effect.note))
        case "striking" if effect.old_text:
            return _in_target(tree, effect, lambda text: _put(text, effect.old_text or "", effect.note))
        case "substitution" if effect.old_text and effect.new_text:
            return _in_target(tree, effect, lambda text: _swap(text, effect.new_text or "", effect.old_text or ""))
    raise Stopped(f"a {effect.kind} without its words cannot be undone")


def do(tree: Provision, effect: Effect, later: Provision) -> Provision:
    """The tree after an effect; an addition takes its words from `later`. Raises `Stopped`."""
    match effect.kind:
        case "addition":
            return _graft(tree, later, _born(effect, later))
        case "renumbering" | "transfer":
            return _renumber(tree, list(effect.moves))
        case "insertion" if effect.new_text:
            return _in_target(tree, effect, lambda text: _put(text, effect.new_text or "", effect.note))
        case "striking" if effect.old_text:
            return _in_target(tree, effect, lambda text: _cut(text, effect.old_text or "", effect.note))
        case "substitution" if effect.old_text and effect.new_text:
            return _in_target(tree, effect, lambda text: _swap(text, effect.old_text or "", effect.new_text or ""))
    raise Stopped(f"a {effect.kind} cannot be done without its words")


def _lose(tree: Provision, effect: Effect) -> Provision:
    """The tree with what the effect touched missing. Before a repeal it stood there, but its words are gone."""
    slots = [before for before, _ in effect.moves] if effect.moves else [effect.target]
    found = {p.identifier for p in wording.walk(tree)}
    lost = {next((s for s in (slot, *ledger.ancestors(slot)) if s in found), tree.identifier) for slot in slots}
    return _map(tree, lambda p: p._replace(status=MISSING + effect.id, body=()) if p.identifier in lost else p)


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

    def rename(provision: Provision, to: Path) -> Provision:
        own = provision.identifier
        body = tuple(
            rename(part, to + part.identifier[len(own) :]) if isinstance(part, Provision) else part
            for part in provision.body
        )
        return provision._replace(identifier=to, id_local=to, body=body)

    def move(provision: Provision) -> Provision:
        if provision.identifier in names:
            to = names[provision.identifier]
            old, new = provision.identifier.rpartition("/")[2], to.rpartition("/")[2]
            return rename(provision, to)._replace(num=provision.num.replace(old, new, 1))
        body = tuple(move(part) if isinstance(part, Provision) else part for part in provision.body)
        return provision._replace(body=body)

    return move(tree)


# --- words -----------------------------------------------------------------------------------------------------------


def _in_target(tree: Provision, effect: Effect, change: Callable[[str], str | None]) -> Provision:
    """The tree with one stretch of words of the target changed.

    `change` gives the new stretch, or ``None`` where it does not apply. It must apply to exactly one stretch: of the
    heading where the note speaks of it, of the target's own words, else of the words below it.
    """
    heading = "heading" in effect.note
    target = next((p for p in wording.walk(tree) if p.identifier == effect.target), None)
    if target is None:
        raise Stopped(f"nothing stands in {effect.target}")
    if heading:
        found = change(target.heading)
        if found is None:
            raise Stopped("its words do not stand in the heading")
        return _map(tree, lambda p: p._replace(heading=found) if p.identifier == effect.target else p)
    for provisions in ([target], [p for p in wording.walk(target) if p is not target]):
        places = [
            (p.identifier, index, found)
            for p in provisions
            for index, part in enumerate(p.body)
            if isinstance(part, str) and _speaks_of(effect.note, p, index) and (found := change(part)) is not None
        ]
        if len(places) > 1:
            raise Stopped("its words stand in more than one place")
        if places:
            return _restretched(tree, *places[0])
    raise Stopped("its words do not stand there")


def _restretched(tree: Provision, where: Path, index: int, words: str) -> Provision:
    """The tree with one stretch of one provision replaced."""

    def replace(provision: Provision) -> Provision:
        body = (*provision.body[:index], words, *provision.body[index + 1 :])
        return provision._replace(body=body) if provision.identifier == where else provision

    return _map(tree, replace)


def _speaks_of(note: str, provision: Provision, index: int) -> bool:
    """Whether a stretch is where the note puts the change: before the children, after them, or anywhere."""
    first = next((i for i, part in enumerate(provision.body) if isinstance(part, Provision)), len(provision.body))
    if "in the introductory words" in note:
        return index < first
    if "in the words after" in note:
        return index > first
    return True


def _anchor(note: str) -> tuple[str, str]:
    """Where the note puts the words: (``after``, words), (``before``, words) or nothing."""
    match = re.search(r'\b(after|before) "([^"]+)"', note)
    return (match.group(1), match.group(2)) if match else ("", "")


def _spot(text: str, words: str) -> tuple[int, int] | None:
    """Where `words` stand in `text` as whole words, if exactly once."""
    left = r"(?<!\w)" if words[:1].isalnum() else ""
    right = r"(?!\w)" if words[-1:].isalnum() else ""
    found = [m.span() for m in re.finditer(left + re.escape(words) + right, text)]
    return found[0] if len(found) == 1 else None


def _cut(text: str, words: str, note: str) -> str | None:
    """The text without the words that stand after (or before) the anchor; a whole heading is empty then."""
    where, anchor = _anchor(note)
    if note in WHOLE_HEADING:
        return "" if text == words else None
    if not anchor:
        span = _spot(text, words)
        return _joined(text[: span[0]], text[span[1] :]) if span else None
    first, second = (anchor, words) if where == "after" else (words, anchor)
    end = r"(?!\w)" if second[-1:].isalnum() else ""
    found = list(re.finditer(rf"(?<!\w){re.escape(first)}\s*{re.escape(second)}{end}", text))
    if len(found) != 1:
        return None
    if where == "after":
        return _joined(text[: found[0].start()] + anchor, text[found[0].end() :])
    return _joined(text[: found[0].start()], anchor + text[found[0].end() :])


def _put(text: str, words: str, note: str) -> str | None:
    """The text with the words put after (or before) the anchor; where there was no heading, as the heading."""
    where, anchor = _anchor(note)
    if note in WHOLE_HEADING:
        return words if not text else None
    span = _spot(text, anchor) if anchor else None
    if span is None:
        return None
    at = span[1] if where == "after" else span[0]
    return _joined(_joined(text[:at], words), text[at:])


def _swap(text: str, old: str, new: str) -> str | None:
    """The text with `new` in the place of `old`, which must stand there once."""
    span = _spot(text, old)
    return _joined(_joined(text[: span[0]], new), text[span[1] :]) if span else None


def _joined(left: str, right: str) -> str:
    """Two stretches as one: one space between words, none before punctuation."""
    left, right = left.rstrip(), right.lstrip() if left.endswith(" ") else right
    bare = right.lstrip()
    if not left or not bare:
        return left + bare
    if bare[0] in ",.;:)” " or left[-1] in "(“":
        return left + bare
    return f"{left} {bare}"
