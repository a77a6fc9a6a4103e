"""The ledger: effects in, bindings and versions out.

An `Effect` is one operation of one agent. Applied in order to the state "which provision stands in which slot", the
effects of a section yield its whole history: dated `Binding` records (slot -> provision) and `Version` records (a
provision's words in one slot). The rules are those of TIME.md; numbers in the code point at them.

The two lives of 230(e)(2), in miniature:

>>> born = Effect("born", "addition", "/us/pl/104/104/tV/s509", "/us/usc/t47/s230", "1996-02-08", "1996-02-08",
...               adds=("d", "d/2", "e", "e/2"))
>>> moved = Effect("moved", "renumbering", "/us/pl/105/277/dC/tXIV/s1404/a/2", "/us/usc/t47/s230/d", "1998-10-21",
...                "1998-11-20", moves=(("/us/usc/t47/s230/d", "/us/usc/t47/s230/e"),
...                                     ("/us/usc/t47/s230/e", "/us/usc/t47/s230/f")))
>>> for b in derive([moved, born]).bindings:
...     if b.slot.endswith("/e/2"):
...         print(b.valid_from, b.valid_to, b.provision)
1996-02-08 1998-11-20 /provision/us/usc/t47/s230/e/2@1996-02-08
1998-11-20 None /provision/us/usc/t47/s230/d/2@1996-02-08
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from graph.records import Binding, Day, Effect, Path, Version

WORDLESS = frozenset({"court-holding", "saving", "exception", "retroactivity", "deeming"})
"""Kinds of effect that change what a provision means or whether it is enforced, but not its words (rules 9, 10)."""

WORDS_STAY = frozenset({"borrow-definition", "refer", "related-duty", "save", "study"})
"""What a bill may do about a provision without any change of it or of its reach."""

ENDING = frozenset({"repeal"})
REPLACING = frozenset({"general-amendment"})
BEARING = frozenset({"addition", "designation", "split"})

State = dict[Path, Path]
"""Slot -> the provision that stands in it."""


class LedgerError(ValueError):
    """An effect does not fit the state it meets; the message names the effect and the slot."""


class Birth(NamedTuple):
    """A provision's beginning: where, when, by which effect, and out of which provision's words if any."""

    provision: Path
    slot: Path
    day: Day
    effect: str
    confirmed: bool
    derived_from: Path = ""


class History(NamedTuple):
    """What a ledger yields. `touches` maps an effect to the provisions it operated on directly, oldest slot first."""

    bindings: tuple[Binding, ...]
    versions: tuple[Version, ...]
    births: tuple[Birth, ...]
    touches: dict[str, tuple[Path, ...]]
    deaths: dict[Path, tuple[Day, str]]


def derive(effects: Iterable[Effect]) -> History:
    """The history that `effects` (of any number of sections, in any order) yield.

    Raises `LedgerError` where one of them does not fit: a slot moved that nobody stands in, or taken twice.
    """
    recorder = _Recorder()
    dated = sorted((e for e in effects if e.effective), key=chronological)
    for day, group in groupby(dated, key=valid_from):
        recorder.day(day, list(group))
    return recorder.history()


def step(state: State, effects: Iterable[Effect], day: Day) -> State:
    """The state after some effects, applied in the order given; `state` itself stays as it is.

    Raises `LedgerError` where one of them does not fit: then none of them is done.

    >>> moved = Effect("e", "renumbering", "/us/bill/118/hr/2635", "/us/usc/t47/s230/f", "2023-04-14", "2023-04-14",
    ...                moves=(("/us/usc/t47/s230/f", "/us/usc/t47/s230/g"),))
    >>> step({"/us/usc/t47/s230/f": "/provision/us/usc/t47/s230/e@1996-02-08"}, [moved], "2023-04-14")
    {'/us/usc/t47/s230/g': '/provision/us/usc/t47/s230/e@1996-02-08'}
    """
    recorder = _Recorder()
    recorder.state = dict(state)
    for effect in effects:
        recorder.apply(effect, day)
    return recorder.state


def valid_from(effect: Effect) -> Day:
    """The first day on which the changed words are law: the later of enacted and effective (rule 3)."""
    return max(effect.enacted, effect.effective or effect.enacted)


def chronological(effect: Effect) -> tuple[Day, Day, str, int, str]:
    """Sort key: by first day, then enactment, then law, then the order of its provisions (rule 4)."""
    return valid_from(effect), effect.enacted, law_of(effect.agent), effect.order, effect.id


def law_of(agent: Path) -> Path:
    """The law, or other agent, that a provision of a law belongs to.

    >>> law_of("/us/pl/105/277/dC/tXIV/s1404/a/2"), law_of("/us/act/1934-06-19/ch652/s230"), law_of("/us/olrc")
    ('/us/pl/105/277', '/us/act/1934-06-19/ch652', '/us/olrc')
    """
    match = re.match(r"/us/(?:pl|pvtl)/\d+/\d+|/us/act/[^/]+/[^/]+", agent)
    return match.group() if match else agent


def below(state: State, slot: Path) -> list[Path]:
    """The occupied slots strictly below `slot`."""
    prefix = slot + "/"
    return [other for other in state if other.startswith(prefix)]


def ancestors(slot: Path) -> Iterator[Path]:
    """The slots above `slot`, nearest first, up to and with the section.

    >>> list(ancestors("/us/usc/t47/s230/e/5/A"))
    ['/us/usc/t47/s230/e/5', '/us/usc/t47/s230/e', '/us/usc/t47/s230']
    """
    while not is_section(slot):
        slot = slot.rpartition("/")[0]
        yield slot


def is_section(slot: Path) -> bool:
    """Whether a slot is that of a whole section.

    >>> is_section("/us/usc/t47/s230"), is_section("/us/usc/t47/s230/e")
    (True, False)
    """
    return slot.count("/") <= 4


def section_of(slot: Path) -> Path:
    """The section that a slot lies in, itself if it is one.

    >>> section_of("/us/usc/t47/s230/e/5/A")
    '/us/usc/t47/s230'
    """
    return "/".join(slot.split("/")[:5])


class _Recorder:
    """The state while a ledger is read, and what has been seen of it."""

    def __init__(self) -> None:
        self.state: State = {}
        self.open_bindings: dict[Path, Binding] = {}
        self.open_versions: dict[Path, Version] = {}
        self.bindings: list[Binding] = []
        self.versions: list[Version] = []
        self.births: dict[Path, Birth] = {}
        self.deaths: dict[Path, tuple[Day, str]] = {}
        self.touches: dict[str, tuple[Path, ...]] = {}
        self.untold: set[Path] = set()

    def day(self, day: Day, effects: list[Effect]) -> None:
        before = dict(self.state)
        causes: dict[Path, list[str]] = defaultdict(list)
        movers: dict[Path, list[str]] = defaultdict(list)
        for effect in effects:
            earlier = dict(self.state)
            touched = self.apply(effect, day)
            self.touches[effect.id] = tuple(dict.fromkeys(touched))
            if effect.kind in WORDLESS:
                continue
            for provision in self._with_ancestors(touched, earlier):
                causes[provision].append(effect.id)
            for provision in _relocated(earlier, self.state):
                movers[provision].append(effect.id)
        self._rebind(day, before, movers)
        self._reversion(day, before, causes)

    def apply(self, effect: Effect, day: Day) -> list[Path]:
        """Change the state by one effect; the provisions it operated on."""
        state, target = self.state, effect.within or effect.target
        touched: list[Path] = [state[target]] if target in state else []
        if effect.kind in WORDLESS:
            return touched
        if effect.within:
            return touched + self._tell(effect, day)
        moves = (*effect.moves, *effect.keeps)
        kept = {slot for source, _ in effect.keeps for slot in (source, *below(state, source))}
        ending: list[Path] = []
        if effect.kind in ENDING:
            if target not in state:
                raise LedgerError(f"effect {effect.id}: nothing stands in {target} on {day} that could end")
            ending = [target, *below(state, target)]
        elif effect.kind in REPLACING:
            if target not in state:
                raise LedgerError(f"effect {effect.id}: nothing stands in {target} on {day} that could be amended")
            ending = [slot for slot in below(state, target) if slot not in kept]
            self.untold.discard(state[target])
        for slot in ending:
            touched.append(state[slot])
            self.deaths[state.pop(slot)] = (day, effect.id)
        touched += self._move(effect, day, moves)
        touched += self._bear(effect, day)
        if not touched:
            raise LedgerError(f"effect {effect.id}: nothing stands in {target} on {day}")
        return touched

    def _move(self, effect: Effect, day: Day, moves: tuple[tuple[Path, Path], ...]) -> list[Path]:
        """Rule 5: whole subtrees, all at once, so that (d), (e) may become (e), (f)."""
        lifted: State = {}
        for source, destination in moves:
            if source not in self.state:
                raise LedgerError(f"effect {effect.id}: nothing stands in {source} on {day} that could be moved")
            for slot in (source, *below(self.state, source)):
                lifted[destination + slot[len(source) :]] = self.state[slot]
        for source, _ in moves:
            for slot in (source, *below(self.state, source)):
                self.state.pop(slot, None)
        for slot, provision in lifted.items():
            if slot in self.state:
                raise LedgerError(f"effect {effect.id}: {slot} is taken on {day}")
            self.state[slot] = provision
        return list(lifted.values())

    def _tell(self, effect: Effect, day: Day) -> list[Path]:
        """What changed is untold up to here; from here on the parts that `adds` names are known."""
        if effect.within not in self.state:
            raise LedgerError(f"effect {effect.id}: nothing stands in {effect.within} on {day}")
        for slot in below(self.state, effect.within):
            self.deaths[self.state.pop(slot)] = (day, effect.id)
        return self._bear(effect._replace(kind="", target=effect.within), day)

    def _bear(self, effect: Effect, day: Day) -> list[Path]:
        """Rule 6: what is new gets a provision named after the slot and day of its birth."""
        slots = [f"{effect.target}/{part}" for part in effect.adds]
        if effect.kind in BEARING and effect.target not in self.state:
            slots.insert(0, effect.target)
        elif effect.kind == "addition" and not slots:
            raise LedgerError(f"effect {effect.id}: {effect.target} is taken on {day}")
        origin = self.state.get(effect.target, "") if effect.kind in ("designation", "split") else ""
        born: list[Path] = []
        for slot in slots:
            if slot in self.state:
                raise LedgerError(f"effect {effect.id}: {slot} is taken on {day}")
            provision = f"/provision{slot}@{day}"
            if provision in self.births:
                provision += ";" + law_of(effect.agent).removeprefix("/us/").replace("/", "-")
            confirmed = not effect.within and (effect.kind != "designation" or effect.agent != "/us/olrc")
            self.births[provision] = Birth(provision, slot, day, effect.id, confirmed, origin)
            self.state[slot] = provision
            born.append(provision)
        if effect.adds and effect.kind not in BEARING:
            self.untold.discard(self.state.get(effect.target, ""))
        for part in effect.parts_untold:
            slot = f"{effect.target}/{part}".rstrip("/")
            if slot not in self.state:
                raise LedgerError(f"effect {effect.id}: nothing stands in {slot} on {day} whose parts could be untold")
            self.untold.add(self.state[slot])
        return born

    def _with_ancestors(self, touched: Iterable[Path], earlier: State) -> Iterator[Path]:
        """Rule 2: a change below is a change of the whole; looked up in the state before and after."""
        seen: set[Path] = set()
        for state in (earlier, self.state):
            slots = {provision: slot for slot, provision in state.items()}
            for provision in touched:
                for slot in (slots.get(provision), *(ancestors(slots[provision]) if provision in slots else ())):
                    found = state.get(slot) if slot else None
                    if found and found not in seen:
                        seen.add(found)
                        yield found

    def _rebind(self, day: Day, before: State, movers: dict[Path, list[str]]) -> None:
        for slot, provision in before.items():
            if self.state.get(slot) != provision:
                ended = provision in self.deaths
                closed = (self.deaths[provision][1],) if ended else tuple(movers[provision])
                opened = self.open_bindings.pop(slot)
                self.bindings.append(opened._replace(valid_to=day, closed_by=closed, ended=ended))
        for slot, provision in self.state.items():
            if before.get(slot) != provision:
                self.open_bindings[slot] = Binding(slot, provision, day, None, tuple(movers[provision]))

    def _reversion(self, day: Day, before: State, causes: dict[Path, list[str]]) -> None:
        slots = {provision: slot for slot, provision in self.state.items()}
        for provision, effects in causes.items():
            known = tuple(dict.fromkeys(effects))
            if provision in self.open_versions:
                self.versions.append(self.open_versions.pop(provision)._replace(valid_to=day, ended_by=known))
            if provision in slots:
                slot = slots[provision]
                path = f"{slot}@{day}"
                self.open_versions[provision] = Version(
                    path, provision, slot, day, None, known, parts_untold=provision in self.untold
                )

    def history(self) -> History:
        bindings = [*self.bindings, *self.open_bindings.values()]
        versions = [*self.versions, *self.open_versions.values()]
        # What came and went on one day stood on none.
        stood = {binding.provision for binding in bindings}
        return History(
            tuple(sorted(bindings, key=lambda b: (b.slot, b.valid_from))),
            tuple(sorted(versions, key=lambda v: (v.path, v.provision))),
            tuple(sorted(birth for birth in self.births.values() if birth.provision in stood)),
            {effect: tuple(p for p in touched if p in stood) for effect, touched in self.touches.items()},
            self.deaths,
        )


def _relocated(before: State, after: State) -> Iterator[Path]:
    """The provisions whose slot differs between two states, with those that came."""
    for slot, provision in after.items():
        if before.get(slot) != provision:
            yield provision
