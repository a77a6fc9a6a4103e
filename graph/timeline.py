"""The law through time: what stood where, on which day, and where it is today.

Four nouns (TIME.md): a **slot** is a designation such as 230(e)(2); a **provision** lives on through renumbering; a
**version** is a provision's words in one slot over a half-open interval; an **effect** is one operation that ends one
version and begins the next. A `Timeline` holds these for one section; the functions ask it questions and answer with a
typed status, never a guess.

The two lives of 230(e)(2): in 1997 it was a definition, which is (f)(2) today; since 1998 it is the intellectual
property exemption, which was (d)(2) before.

>>> from graph.ledger import derive
>>> S = "/us/usc/t47/s230"
>>> effects = [
...     Effect("born", "addition", "/us/pl/104/104/tV/s509", S, "1996-02-08", "1996-02-08",
...            adds=("d", "d/2", "e", "e/2")),
...     Effect("moved", "renumbering", "/us/pl/105/277/dC/tXIV/s1404/a/2", S, "1998-10-21", "1998-11-20",
...            moves=((S + "/d", S + "/e"), (S + "/e", S + "/f"))),
... ]
>>> line = timeline(S, effects, known_through="2026-06-26")
>>> then = translate(line, S + "/e/2", "1997-11-12")
>>> then.status, then.now.binding.slot, [e.id for e in then.because]
('ok', '/us/usc/t47/s230/f/2', ['moved'])
>>> standing(line, S + "/f/2", "1998-11-01").status
'not-yet-effective'
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple

from graph import ledger
from graph.naming import name as label
from graph.records import Binding, Day, Effect, Path, Version, spans

STATUSES = (
    "ok", "unknown-citation", "ambiguous-citation", "not-yet-enacted", "not-yet-effective", "repealed",
    "no-version-on-date", "outside-coverage",
)  # fmt: skip


class Timeline(NamedTuple):
    """The history of one section. `known_through` is the last day it speaks for; `confirmed` are the provisions whose
    birth a source tells, so that before it there was nothing."""

    section: Path
    bindings: tuple[Binding, ...]
    versions: tuple[Version, ...]
    effects: dict[str, Effect]
    confirmed: frozenset[Path]
    known_through: Day | None


class Standing(NamedTuple):
    """What stood in a slot on a day: a status, and what goes with it. `message` is one sentence for the reader."""

    status: str
    slot: Path
    day: Day
    message: str
    binding: Binding | None = None
    version: Version | None = None
    near: tuple[Path, ...] = ()
    effect: Effect | None = None


class Translation(NamedTuple):
    """An old designation and today's: what stood there then, where it stands now, and the effects that moved it."""

    status: str
    then: Standing
    now: Standing | None
    now_status: str
    because: tuple[Effect, ...]
    message: str


def timeline(section: Path, effects: Iterable[Effect], known_through: Day | None) -> Timeline:
    """The timeline of one section from its ledger of effects."""
    known = {effect.id: effect for effect in effects}
    history = ledger.derive(known.values())
    confirmed = frozenset(birth.provision for birth in history.births if birth.confirmed)
    return Timeline(section, history.bindings, history.versions, known, confirmed, known_through)


def standing(line: Timeline, slot: Path, day: Day) -> Standing:
    """What stood in `slot` on `day` (ISO), with a status of TIME.md.

    The order of the questions is the order of what we can know: the slot itself, our coverage, what stood there, what
    was about to, what had stood there.
    """
    bindings = [b for b in line.bindings if b.slot == slot]
    if bindings and (line.known_through is None or day > line.known_through):
        return Standing("outside-coverage", slot, day, _record_ends(line, slot))
    for binding in bindings:
        if spans(binding.valid_from, binding.valid_to, day):
            message = f"{label(slot)} as it stood on {day}."
            return Standing("ok", slot, day, message, binding, _version_on(line, binding, day))
    untold = _untold(line, slot, day)
    if untold:
        until = f" until {untold.valid_to}" if untold.valid_to else ""
        message = f"No source tells which parts {label(untold.slot)} had from {untold.valid_from}{until}."
        return Standing("outside-coverage", slot, day, message)
    return _nothing_there(line, bindings, slot, day) if bindings else _never_bound(line, slot, day)


def whereabouts(line: Timeline, provision: Path, day: Day) -> Standing:
    """Where a provision stood on `day` (ISO): in its first slot, `not-yet-enacted`, before its birth; in its last,
    `repealed`, after its end; whoever else may have stood there then.
    """
    here = sorted((b for b in line.bindings if b.provision == provision), key=lambda b: b.valid_from)
    if not here:
        first, _, birth = provision.removeprefix("/provision").partition("@")
        near = near_misses(line, first)
        return Standing(
            "unknown-citation", first, day, f"No provision is known that began in {label(first)} on {birth}.", near=near
        )
    for binding in here:
        if spans(binding.valid_from, binding.valid_to, day):
            return standing(line, binding.slot, day)
    if line.known_through is None or day > line.known_through:
        return Standing("outside-coverage", here[-1].slot, day, _record_ends(line, here[-1].slot))
    return _nothing_there(line, here, (here[0] if day < here[0].valid_from else here[-1]).slot, day)


def translate(line: Timeline, slot: Path, day: Day, to: Day | None = None) -> Translation:
    """The provision that stood in `slot` on `day`, and where it stands on `to` (the coverage day unless given)."""
    return follow(line, standing(line, slot, day), to)


def follow(line: Timeline, then: Standing, to: Day | None = None) -> Translation:
    """Where what stood `then` stands on `to` (the coverage day unless given), and the effects that moved it in between.

    `status` speaks of then; where the provision ended since, `now` is ``None`` and `now_status` says how.
    """
    slot, day = then.slot, then.day
    target = to or line.known_through or day
    if then.status != "ok" or then.binding is None:
        return Translation(then.status, then, None, "", (), then.message)
    if line.known_through is None or target > line.known_through:
        return Translation(then.status, then, None, "outside-coverage", (), _record_ends(line, slot))
    provision = then.binding.provision
    here = [b for b in line.bindings if b.provision == provision]
    because = _movers(line, here, *sorted((day, target)))
    for binding in here:
        if spans(binding.valid_from, binding.valid_to, target):
            now = Standing("ok", binding.slot, target, "", binding, _version_on(line, binding, target))
            return Translation("ok", then, now, "ok", because, _moved_sentence(slot, day, binding.slot, target))
    gone = whereabouts(line, provision, target)
    fate = f"ended on {gone.binding.valid_to}" if gone.binding else f"did not exist on {target}"
    return Translation("ok", then, None, gone.status, because, f"What {label(slot)} was on {day} {fate}.")


def life(line: Timeline, provision: Path) -> tuple[Effect, ...]:
    """The effects that began each version of a provision, oldest first: what made it what it is."""
    ids = dict.fromkeys(e for v in line.versions if v.provision == provision for e in (*v.begun_by, *v.ended_by))
    return tuple(sorted((line.effects[i] for i in ids if i in line.effects), key=ledger.chronological))


def near_misses(line: Timeline, slot: Path) -> tuple[Path, ...]:
    """Slots that a mistyped one may have meant: those that look like it, then its would-be neighbours; at most five.

    >>> stands = Binding("/us/usc/t47/s230/e/5", "", "2018-04-11", None)
    >>> line = Timeline("/us/usc/t47/s230", (stands,), (), {}, frozenset(), None)
    >>> near_misses(line, "/us/usc/t47/s230/e/6")
    ('/us/usc/t47/s230/e/5',)
    """
    known = sorted({b.slot for b in line.bindings})
    cased = [other for other in known if other.lower() == slot.lower()]
    close = cased + difflib.get_close_matches(slot, known, n=3, cutoff=0.8)
    parent = slot
    while parent not in known and not ledger.is_section(parent):
        parent = parent.rpartition("/")[0]
    siblings = [s for s in known if s.rpartition("/")[0] == parent]
    return tuple(dict.fromkeys([*close, *siblings[-2:], *([parent] if parent in known else [])]))[:5]


def _never_bound(line: Timeline, slot: Path, day: Day) -> Standing:
    """A slot in which nothing has ever stood: mistyped, or waiting for a day that no source tells (rule 3)."""
    cite = label(slot)
    waiting = next((e for e in line.effects.values() if e.effective is None and _bears(e, slot)), None)
    if waiting and waiting.enacted <= day:
        by = f"was enacted on {waiting.enacted} by {label(waiting.agent)}"
        message = f"{cite} {by}; the day on which it takes effect is not known."
        return Standing("not-yet-effective", slot, day, message, effect=waiting)
    if waiting:
        message = f"There was no {cite} on {day}; it was enacted on {waiting.enacted} by {label(waiting.agent)}."
        return Standing("not-yet-enacted", slot, day, message, effect=waiting)
    near = near_misses(line, slot)
    hint = f" Near it: {', '.join(label(s) for s in near)}." if near else ""
    return Standing(
        "unknown-citation", slot, day, f"No {cite} has ever stood in the Code, as far as is known.{hint}", near=near
    )


def _bears(effect: Effect, slot: Path) -> bool:
    """Whether something would stand in `slot` for the first time by the effect."""
    added = (
        {effect.target, *(f"{effect.target}/{part}" for part in effect.adds)}
        if effect.kind in ledger.BEARING
        else set()
    )
    return slot in added or any(slot == to or slot.startswith(to + "/") for _, to in effect.moves)


def _record_ends(line: Timeline, slot: Path) -> str:
    if line.known_through is None:
        return f"No source says up to which day the record of {label(slot)} is complete."
    return f"The record of {label(slot)} ends on {line.known_through}."


def _nothing_there(line: Timeline, bindings: list[Binding], slot: Path, day: Day) -> Standing:
    cite = label(slot)
    past = [b for b in bindings if b.valid_to and b.valid_to <= day]
    coming = [b for b in bindings if b.valid_from > day]
    opener = next((line.effects[e] for b in coming for e in b.opened_by if e in line.effects), None)
    if opener and opener.enacted <= day:
        first = coming[0].valid_from
        message = f"{cite} was enacted on {opener.enacted} but takes effect only on {first}."
        return Standing("not-yet-effective", slot, day, message, effect=opener)
    if past:
        last = max(past, key=lambda b: b.valid_from)
        closer = next((line.effects[e] for e in last.closed_by if e in line.effects), None)
        if last.ended:
            by = f" by {label(closer.agent)}" if closer else ""
            fate = "was repealed" if closer and closer.kind in ledger.ENDING else "ended"
            return Standing("repealed", slot, day, f"{cite} {fate} on {last.valid_to}{by}.", last, effect=closer)
        went = next((b for b in line.bindings if b.provision == last.provision and b.valid_from == last.valid_to), None)
        where = f"; what stood there is {label(went.slot)} since then" if went else ""
        message = f"{cite} was vacated by renumbering on {last.valid_to}{where}."
        return Standing("no-version-on-date", slot, day, message, last, effect=closer)
    first_binding = coming[0]
    if first_binding.provision not in line.confirmed:
        message = f"What is known of {cite} begins on {first_binding.valid_from}."
        return Standing("outside-coverage", slot, day, message)
    by = f" (enacted {opener.enacted} by {label(opener.agent)})" if opener else ""
    message = f"There was no {cite} on {day}; it took effect on {first_binding.valid_from}{by}."
    return Standing("not-yet-enacted", slot, day, message, effect=opener)


def _version_on(line: Timeline, binding: Binding, day: Day) -> Version | None:
    """The version of the bound provision on `day`."""
    return next(
        (v for v in line.versions if v.provision == binding.provision and spans(v.valid_from, v.valid_to, day)), None
    )


def _untold(line: Timeline, slot: Path, day: Day) -> Version | None:
    """The version above `slot` on `day` whose parts no source tells, if there is one."""
    above = set(ledger.ancestors(slot)) if slot != line.section else set()
    return next(
        (v for v in line.versions if v.parts_untold and v.slot in above and spans(v.valid_from, v.valid_to, day)), None
    )


def _movers(line: Timeline, here: list[Binding], start: Day, end: Day) -> tuple[Effect, ...]:
    """The effects that opened or closed a binding of the provision in ``(start, end]``, oldest first."""
    ids: dict[str, None] = {}
    for binding in here:
        if start < binding.valid_from <= end:
            ids.update(dict.fromkeys(binding.opened_by))
        if binding.valid_to and start < binding.valid_to <= end:
            ids.update(dict.fromkeys(binding.closed_by))
    return tuple(sorted((line.effects[i] for i in ids if i in line.effects), key=ledger.chronological))


def _moved_sentence(slot: Path, day: Day, now: Path, to: Day) -> str:
    if slot == now:
        return f"What was {label(slot)} on {day} is {label(now)} on {to} as well."
    return f"What was {label(slot)} on {day} is {label(now)} on {to}."
