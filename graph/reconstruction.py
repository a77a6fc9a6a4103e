"""The ledger of a section rebuilt backwards: from its words today and the effects that its notes tell.

Notes tell what each law did and not in which order, nor what stood in a section at its beginning. Both are found by
walking back from the official text: the operations of a law are undone, provisions that it added last, in the one order
that the text confirms; what stands there at the end of the walk came with the first enactment. Where an effect cannot
be undone its target is missing before it, and the parts that it then had are untold.

>>> from graph.records import Effect, Provision
>>> S = "/us/usc/t1/s1"
>>> a, b = (Provision(f"{S}/{x}", "", "subsection", f"({x})", "", ("Cats sleep.",)) for x in "ab")
>>> now = Provision(S, S, "section", "§ 1.", "Animals", (a, b))
>>> told = [Effect("e", "addition", "/us/pl/9/1/s2", S + "/b", "2001-01-01", "2001-01-01")]
>>> found = reconstruct(now, "2026-01-01", told, "/us/pl/8/1/s1", "1990-01-01")
>>> [(e.id, e.adds) for e in found.effects], found.outcomes["e"].verdict
([('t1-s1-first', ('a',)), ('e', ())], 'confirmed')
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from graph import derivation, ledger, wording
from graph.records import Day, Effect, Path, Provision

_RANKS = {"repeal": 0, "renumbering": 1, "designation": 2, "addition": 3, "general-amendment": 4}
"""In which order the operations of one law on one section go, among those that change its parts."""


class Outcome(NamedTuple):
    """What the text says of an effect: ``confirmed`` where its new words or parts stand in the text after it, at the
    place named, and it could be undone and done again; ``refuted`` where the text after it is known and does not bear
    it out; ``untestable`` where the text or the words are not known. `why` tells."""

    verdict: str
    why: str = ""


class Rebuilt(NamedTuple):
    """The effects in order, complete with the parts they brought, the first enactment among them; what the text says of
    each; and the section as it first stood, as far as is known."""

    effects: tuple[Effect, ...]
    outcomes: dict[str, Outcome]
    first: Provision


def reconstruct(tree: Provision, day: Day, effects: Iterable[Effect], agent: Path, enacted: Day) -> Rebuilt:
    """Walk `effects` back from the official `tree` of `day`; `agent` made the section on `enacted`."""
    walk = _Walk(derivation.standing(tree))
    dated = [e for e in effects if e.effective and e.kind not in ledger.WORDLESS and ledger.valid_from(e) <= day]
    dated.sort(key=lambda e: (ledger.valid_from(e), e.enacted, ledger.law_of(e.agent)), reverse=True)
    for _, group in groupby(dated, key=lambda e: (ledger.valid_from(e), e.enacted, ledger.law_of(e.agent))):
        walk.law(list(group))
    name = tree.identifier.removeprefix("/us/usc/").replace("/", "-")
    slots = list(wording.walk(walk.tree))
    first = Effect(
        f"{name}-first",
        "addition",
        agent,
        tree.identifier,
        enacted,
        enacted,
        order=0,
        adds=tuple(_below(p.identifier, tree.identifier) for p in slots[1:]),
        as_cited="Section",
        assumed=True,
        parts_untold=tuple(_below(p.identifier, tree.identifier) for p in slots if _hides_parts(p)),
    )
    return Rebuilt((first, *reversed(walk.done)), walk.outcomes, walk.tree)


def _below(slot: Path, section: Path) -> Path:
    return slot[len(section) + 1 :]


def _is_missing(provision: Provision) -> bool:
    return provision.status.startswith(derivation.MISSING)


def _is_untold(provision: Provision) -> bool:
    """Whether neither its words nor its parts are known."""
    return _is_missing(provision) and not provision.children


def _hides_parts(provision: Provision) -> bool:
    """Whether it may have parts that nothing tells of."""
    return _is_untold(provision) or provision.status.startswith(derivation.QUOTED)


def _unknown_before(known: Provision) -> Outcome:
    return Outcome(
        "untestable", f"what stood there is not known before {known.status.removeprefix(derivation.MISSING)}"
    )


class _Walk:
    """The section while it is walked back, what was undone in that order, and what the text said of it."""

    def __init__(self, tree: Provision) -> None:
        self.tree = tree
        self.done: list[Effect] = []
        self.outcomes: dict[str, Outcome] = {}

    def law(self, group: list[Effect]) -> None:
        """Undo what one law did on one day: words under the labels it left, parts, words under the labels it found."""
        worded = [e for e in group if e.kind in derivation.WORDED]
        parts = sorted((e for e in group if e.kind not in derivation.WORDED), key=_rank, reverse=True)
        after, early = self._placed(worded, parts)
        taken: list[Effect] = []
        for effect in (*reversed(after), *parts, *reversed(early)):
            taken.append(self._undone(effect))
        for order, effect in enumerate(reversed(taken), 1):
            taken[len(taken) - order] = effect._replace(order=order)
        self.done += taken

    def _placed(self, worded: list[Effect], parts: list[Effect]) -> tuple[list[Effect], list[Effect]]:
        """Which changes of words name labels as the law left them, and which as it found them (TIME, rule 4)."""
        if not any(p.moves for p in parts):
            return worded, []
        before: Provision | None = self.tree
        for effect in parts:
            before = before and derivation.back(before, effect)
        after: list[Effect] = []
        early: list[Effect] = []
        for effect in worded:
            fits_after, fits_early = _fits(self.tree, effect), before is not None and _fits(before, effect)
            if fits_early and (not fits_after or (_moves(effect, parts) and _precedes(effect, parts))):
                early.append(effect)
            else:
                after.append(effect)
        return after, early

    def _undone(self, effect: Effect) -> Effect:
        """Undo one effect; the effect as the ledger takes it, with the parts that the text shows it brought."""
        known = _nearest(self.tree, effect.target) or self.tree
        own = known.identifier == effect.target
        if _is_untold(known) and own and effect.kind == "addition":
            self.outcomes[effect.id] = _unknown_before(known)
            self.tree = derivation.undo(self.tree, effect)
            return effect._replace(parts_untold=("",))
        if _is_missing(known) and own and effect.kind in derivation.WORDED:
            self.outcomes[effect.id] = _unknown_before(known)
            return effect._replace(within=effect.target if _is_untold(known) else "")
        if _is_untold(known) and not (own and _stands_alone(effect)):
            self.outcomes[effect.id] = _unknown_before(known)
            return effect._replace(within=known.identifier, moves=())
        before = derivation.back(self.tree, effect)
        if before is None:
            before = self.tree._replace(body=(), status=derivation.MISSING + effect.id)
        self.outcomes[effect.id] = self._outcome(effect, before)
        missing = (p for p in wording.walk(before) if p.status == derivation.MISSING + effect.id and not p.children)
        lost = next((p.identifier for p in missing), "")
        ended = effect.kind == "general-amendment" or (effect.kind == "repeal" and not own)
        if lost and not (lost == effect.target and ended):
            complete = effect._replace(within=lost, adds=self._brought(lost, before), moves=())
        elif effect.kind == "designation":
            complete = effect._replace(moves=self._taken_under(effect, before))
        else:
            complete = effect if effect.moves else effect._replace(adds=self._brought(effect.target, before))
        if own and _hides_parts(known) and effect.kind in ("addition", "general-amendment"):
            complete = complete._replace(parts_untold=("",))
        self.tree = before
        return complete

    def _outcome(self, effect: Effect, before: Provision) -> Outcome:
        if not effect.words_complete:
            return Outcome("untestable", "the notes do not give the words")
        try:
            derivation.undo(self.tree, effect)
        except derivation.Stopped as stopped:
            if str(stopped) == derivation.MANY and effect.new_text:
                return Outcome("confirmed", str(stopped))
            told = effect.kind in ("addition", "renumbering", "designation") or effect.new_text or effect.old_text
            return Outcome("refuted" if told else "untestable", str(stopped))
        if any(p.status == derivation.MISSING + effect.id for p in wording.walk(before)):
            return Outcome("refuted", "undone and done again it gives other words")
        return Outcome("confirmed")

    def _brought(self, slot: Path, before: Provision) -> tuple[Path, ...]:
        """The slots below `slot` that stand after an effect and not before it."""
        target = next((p for p in wording.walk(self.tree) if p.identifier == slot), None)
        kept = {p.identifier for p in wording.walk(before)}
        below = wording.walk(target) if target is not None else ()
        return tuple(p.identifier[len(slot) + 1 :] for p in below if p is not target and p.identifier not in kept)

    def _taken_under(self, effect: Effect, before: Provision) -> tuple[tuple[Path, Path], ...]:
        above = effect.target.rpartition("/")[0]
        parent = next((p for p in wording.walk(before) if p.identifier == above), None)
        children = parent.children if parent and not _is_missing(parent) else ()
        return tuple((c.identifier, f"{effect.target}{c.identifier[len(above) :]}") for c in children)


def _stands_alone(effect: Effect) -> bool:
    """Whether an effect can be undone on a provision whose words are not known."""
    return effect.kind == "renumbering" or (effect.kind == "general-amendment" and bool(effect.old_text))


def _rank(effect: Effect) -> tuple[int, int, str]:
    depth = effect.target.count("/")
    return _RANKS.get(effect.kind, 5), depth, effect.target


def _nearest(tree: Provision, slot: Path) -> Provision | None:
    found = {p.identifier: p for p in wording.walk(tree)}
    return next((found[s] for s in (slot, *ledger.ancestors(slot)) if s in found), None)


def _fits(tree: Provision, effect: Effect) -> bool:
    try:
        derivation.undo(tree, effect)
    except derivation.Stopped:
        return False
    return True


def _moves(effect: Effect, parts: list[Effect]) -> bool:
    """Whether the label that the effect names is one that the law moved."""
    slots = [slot for part in parts for move in part.moves for slot in move]
    return any(effect.target == slot or effect.target.startswith(slot + "/") for slot in slots)


def _precedes(effect: Effect, parts: list[Effect]) -> bool:
    """Whether the law's own order puts the effect before the moves."""
    mine = _section_order(effect.agent)
    return any(mine < _section_order(part.agent) for part in parts if part.moves)


def _section_order(agent: Path) -> list[tuple[int, int, str]]:
    """A provision of a law as a key that sorts in the order of the law."""
    labels = agent.removeprefix(ledger.law_of(agent)).strip("/").split("/")
    numbers = [re.match(r"\w?(\d+)", label) for label in labels]
    return [(0, int(n[1]), label) if n else (1, 0, label) for n, label in zip(numbers, labels, strict=True)]
