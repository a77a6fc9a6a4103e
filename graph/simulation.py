"""Bills applied to the text: what the section would be if they became law on a day.

Each instruction of each bill (`graph.proposals`) is done through the machinery of the enacted law: `graph.ledger` keeps
which provision stands in which slot, `graph.derivation` the words. An instruction is done whole or not at all, and each
is reported: ``applied``; ``unchecked`` (done as it says, but its words are not known, or there is no text to hold them
against); ``refused``, with the reason; ``apart`` (it leaves the words alone); ``elsewhere`` (nothing is known of the
section that it changes). Several bills are applied in the order
given, each to what the one before it left.

The day is the day of the text. Nothing here says that a bill would pass, or what a court would make of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from graph import answers, citation, collisions, derivation, iri, ledger, naming, proposals, redline, timeline, wording
from graph.answers import Answer, Malformed
from graph.derivation import Stopped
from graph.ledger import LedgerError, State
from graph.proposals import Instruction
from graph.records import Day, Effect, Path, Provision, Version, spans
from graph.store import Row, Store, ask_for

MOST = 12
"""How many bills are applied in one go."""

STATUSES = {
    "ok": "Every instruction could be applied.",
    "partly-applied": "Some instructions could be applied, others not; each is listed.",
    "not-applied": "No instruction could be applied to the text of that day.",
    "not-loaded": "The bill would change sections of the Code of which nothing is loaded here.",
    "words-stay": "The bill would leave the words of the Code as they are; it says elsewhere how they are to be read.",
    "conflict": "The bills cannot all be applied: one takes what another needs.",
    "unknown-bill": "The bill is not in the graph.",
    "no-instructions": "Nothing is known of what the bill would do to the Code: no text of it was read.",
    "enacted": "The bill is law already on that day.",
    "not-yet-introduced": "The bill had not been introduced by that day.",
}
"""What an answer may say, beside the statuses of a provision on a day."""


class Text(NamedTuple):
    """A section on a day: which provision stands where; its words, ``None`` where no text of it is loaded."""

    section: Path
    state: State
    tree: Provision | None
    status: str
    """``official``, ``derived`` or ``not-loaded``."""


class Outcome(NamedTuple):
    """What became of one instruction."""

    instruction: Instruction
    outcome: str
    why: str
    born: tuple[Path, ...] = ()
    """The designations that it would fill."""


# --- the question ----------------------------------------------------------------------------------------------------


def simulate(store: Store, bills: Iterable[str], on: str = "today") -> Answer:
    """The text in force on a day with the foreseen changes of one or several bills applied to it, in the order given.

    `bills` are citations ("H.R. 6746 (119th Cong.)"), paths or IRIs. Raises `Malformed` for what is no bill or no day.
    """
    paths = list(dict.fromkeys(bill_path(bill) for bill in bills))
    if not paths:
        raise Malformed('no bill is given; write one like "H.R. 6746 (119th Cong.)"')
    if len(paths) > MOST:
        raise Malformed(f"{len(paths)} bills are more than can be applied in one go; give at most {MOST}")
    coverage = answers.today(store)
    day = answers.read_day(on, coverage)
    known = {path: proposals.of_bill(store, path) for path in paths}
    about = [_bill(store, path) for path in paths]
    answer: Answer = {
        "status": "ok",
        "message": "",
        "date": day,
        "bills": about,
        "instructions": [],
        "sections": [],
        "collisions": [],
        "sunsets": [],
        "known_through": answers.known_through(store),
    }
    for bill in about:
        if refusal := _refused(bill, known, day):
            return answer | {"status": refusal[0], "message": refusal[1]}
    if coverage is None or day > coverage:
        message = f"The record of the Code ends on {coverage or 'no known day'}; what is law on {day} is not known."
        return answer | {"status": "outside-coverage", "message": message}
    wanted = [instruction for path in paths for instruction in known[path]]
    acted_on = _sections(one for one in wanted if one.kind or one.operation in proposals.ADDING)
    before = {section: _text(store, section, day) for section in acted_on}
    before |= {section: _unread(store, section) for section in _sections(wanted) if section not in before}
    gone = next((found for section in acted_on if (found := _not_there(store, section, day, wanted))), None)
    if gone:
        return answer | {"status": gone.status, "message": gone.message}
    after, outcomes = applied(before, wanted, day)
    crossed = [c for c in collisions.among(known) if c.kind != "same-provision"]
    return answer | {
        **_said(outcomes, before, after, day, crossed, about),
        "instructions": [_instruction(outcome, {b["iri"]: b["cite"] for b in about}) for outcome in outcomes],
        "sections": [_section(store, before[s], after[s], day) for s in before if before[s] != after[s]],
        "collisions": [collisions.told(store, c) for c in crossed],
        "sunsets": [
            {
                "bill": iri.of(one.bill),
                "cite": proposals.cite(one),
                "day": one.sunset or None,
                "detail": one.detail or one.effective,
            }
            for one in wanted
            if one.sunset or one.operation == "sunset" or "takes effect" in one.detail
        ],
    }


def bill_path(cite: str) -> Path:
    """The path of the bill that a citation names. Raises `Malformed`."""
    mention = citation.parse(cite)
    path = mention.path if mention else ""
    if path.startswith("/us/bill/"):
        return path
    shown = cite if len(cite) <= 60 else cite[:57] + "..."
    if mention and mention.kind == "bill":
        raise Malformed(f'"{shown}" does not say of which Congress; write it like "H.R. 6746 (119th Cong.)"')
    raise Malformed(f'"{shown}" is no bill; write it like "H.R. 6746 (119th Cong.)"')


def _bill(store: Store, path: Path) -> Answer:
    row: Row = next(iter(ask_for(store, "measure", bill=path)), {})
    return {
        "iri": iri.of(path),
        "cite": row.get("label") or naming.name(path),
        "title": row.get("title"),
        "congress": row.get("congress"),
        "introduced": row.get("introduced"),
        "stage": row["stage"].rpartition("#stage-")[2] if "stage" in row else None,
        "law": row.get("lawLabel"),
        "enacted": row.get("enacted"),
        "is_known": bool(row),
    }


def _refused(bill: Answer, known: Mapping[Path, tuple[Instruction, ...]], day: Day) -> tuple[str, str] | None:
    """Why a bill cannot be applied at all, as a status and a sentence."""
    cite = bill["cite"]
    if not bill["is_known"]:
        return "unknown-bill", f"{cite} is not in the graph; /bills lists the measures that are."
    if bill["law"] and (bill["enacted"] or "") <= day:
        since = f" since {bill['enacted']}" if bill["enacted"] else ""
        return "enacted", f"{cite} is law{since}, as {bill['law']}; what it did is in the text of {day} already."
    if not known[iri.path(bill["iri"])]:
        return "no-instructions", f"Nothing is known of what {cite} would do to the Code: no text of it was read."
    if bill["introduced"] and day < bill["introduced"]:
        return "not-yet-introduced", f"{cite} was introduced on {bill['introduced']}, later than {day}."
    return None


def _not_there(store: Store, section: Path, day: Day, wanted: list[Instruction]) -> timeline.Standing | None:
    """What is said of a section of the ledger that did not stand on the day, unless a bill brings it."""
    if section not in _known(store, store.name):
        return None
    line = answers.timeline_of(store, section)
    if not line.bindings or any(one.operation == "add-section" and section in one.slots for one in wanted):
        return None
    found = timeline.standing(line, section, day)
    return None if found.status == "ok" else found


def _said(
    outcomes: list[Outcome],
    before: Mapping[Path, Text],
    after: Mapping[Path, Text],
    day: Day,
    crossed: list[collisions.Collision],
    about: list[Answer],
) -> Answer:
    """The status of the whole and its sentence."""
    acting = [outcome for outcome in outcomes if outcome.outcome not in ("apart", "elsewhere")]
    elsewhere = sum(outcome.outcome == "elsewhere" for outcome in outcomes)
    refused = [outcome for outcome in acting if outcome.outcome == "refused"]
    alone = [
        outcome
        for outcome in refused
        if len(about) > 1 and applied(before, [outcome.instruction], day)[1][0].outcome != "refused"
    ]
    fights = alone and any(outcome.instruction.bill in c.bills for outcome in alone for c in crossed)
    status = (
        ("not-loaded" if elsewhere else "words-stay") if not acting
        else "conflict" if fights
        else "not-applied" if len(refused) == len(acting)
        else "partly-applied" if refused
        else "ok"
    )  # fmt: skip
    dead = [bill["cite"] for bill in about if bill["stage"] == "expired"]
    more = f" {', '.join(dead)} died with its Congress and is no longer pending." if len(dead) == 1 else ""
    if len(dead) > 1:
        more = f" {', '.join(dead)} died with their Congresses and are no longer pending."
    unread = [naming.name(section) for section, text in before.items() if text.tree is None and text != after[section]]
    words = (
        f" The official text of {', '.join(unread)} is not loaded: designations are shown, words not." if unread else ""
    )
    beyond = f" {elsewhere} more would change sections of which nothing is loaded." if elsewhere and acting else ""
    return {"status": status, "message": STATUSES[status] + beyond + words + more}


# --- the text --------------------------------------------------------------------------------------------------------


def _sections(wanted: Iterable[Instruction]) -> list[Path]:
    return list(dict.fromkeys(ledger.section_of(slot) for one in wanted for slot in one.slots if slot.count("/") >= 4))


def _text(store: Store, section: Path, day: Day) -> Text:
    """A section as it stands on a day, from the store."""
    return _read(store, store.name, section, day)


def _unread(store: Store, section: Path) -> Text:
    """A section on which nothing acts: only whether it stands is of interest, not what stands in it."""
    return Text(section, {section: ""} if section in _known(store, store.name) else {}, None, "not-loaded")


@lru_cache(maxsize=64)
def _read(store: Store, release: str, section: Path, day: Day) -> Text:
    if section not in _known(store, release):
        return Text(section, {}, None, "not-loaded")
    line = answers.timeline_of(store, section)
    state = {b.slot: b.provision for b in line.bindings if spans(b.valid_from, b.valid_to, day)}
    versions = {v.slot: v for v in line.versions if spans(v.valid_from, v.valid_to, day)}
    rows = {iri.path(row["version"]): row for row in ask_for(store, "section_words", section=section)}
    tree = _tree(section, sorted(state, key=redline.natural), versions, rows) if section in state else None
    status = rows[versions[section].path]["status"].rpartition("#text-")[2] if tree is not None else "not-loaded"
    return Text(section, state, tree, status)


@lru_cache(maxsize=4)
def _known(store: Store, release: str) -> frozenset[Path]:
    """The sections of which the graph knows the history."""
    return frozenset(iri.path(row["slot"]) for row in ask_for(store, "sections_loaded"))


def _tree(
    slot: Path, standing: list[Path], versions: Mapping[Path, Version], rows: Mapping[Path, Row]
) -> Provision | None:
    """The words of a slot and all below it as one tree; ``None`` where a part of it has no text."""
    row = rows.get(versions[slot].path) if slot in versions else None
    below = [other for other in standing if other.rpartition("/")[0] == slot]
    children = [_tree(other, standing, versions, rows) for other in below]
    if row is None or any(child is None for child in children):
        return None
    return wording.rebuilt(slot, row.get("heading", ""), row["text"], [child for child in children if child])


# --- applying --------------------------------------------------------------------------------------------------------


def applied(
    before: Mapping[Path, Text], wanted: Iterable[Instruction], day: Day
) -> tuple[dict[Path, Text], list[Outcome]]:
    """The sections after some instructions, and what became of each of these. One that does not fit changes nothing."""
    now = dict(before)
    outcomes = []
    for instruction in wanted:
        outcome, changed = _done(now, instruction, day)
        now |= changed
        outcomes.append(outcome)
    return now, outcomes


def _done(now: Mapping[Path, Text], one: Instruction, day: Day) -> tuple[Outcome, dict[Path, Text]]:
    """One instruction: its outcome, and the sections that it changed."""
    if one.operation in proposals.APART:
        return Outcome(one, "apart", _APART.get(one.operation, "It leaves the words as they are.")), {}
    if not one.slots:
        return Outcome(one, "apart", "It names no provision of the Code."), {}
    sections = [now[section] for section in _sections([one])]
    if any(not text.state for text in sections) and one.operation != "add-section":
        unknown = ", ".join(naming.name(text.section) for text in sections if not text.state)
        return Outcome(one, "elsewhere", f"{unknown} is not in the record of that day."), {}
    kind = one.kind or _kind(one, now)
    if not kind:
        why = (
            "The instruction was not understood." if one.sentence else "How the words would change is not written down."
        )
        return Outcome(one, "refused", why), {}
    one = _spelled_out(one._replace(kind=kind), now)
    if kind == "renumbering" and not one.moves:
        return Outcome(one, "refused", "To which designation it would move is not written down."), {}
    changed: dict[Path, Text] = {}
    born: list[Path] = []
    sure = True
    try:
        for text in sections:
            found, slots, checked = _changed(text, one, day)
            changed[text.section] = found
            born += slots
            sure = sure and checked
    except (Stopped, LedgerError) as error:
        return Outcome(one, "refused", _sentence(error)), {}
    why = "" if sure else _UNSURE[bool(one.new_text or one.old_text)]
    return Outcome(one, "applied" if sure else "unchecked", why, tuple(born)), changed


_APART = {
    "override": "It says elsewhere that the provision is not to apply; the words of the Code stay.",
    "borrow-definition": "It uses words of the provision for its own rules; the words of the Code stay.",
    "deem-ip-law": "It says of another law that it counts as one on intellectual property; the words of the Code stay.",
    "save": "It says that it leaves the provision as it is.",
    "study": "It has somebody study the provision.",
}

_UNSURE = {
    False: "The new words are not written down; the designations are.",
    True: "The official text is not loaded, so that its words could not be held against it.",
}


def _kind(one: Instruction, now: Mapping[Path, Text]) -> str:
    """The kind of an operation whose words were not read: an addition where its slots are free."""
    standing = {slot for text in now.values() for slot in text.state}
    return "addition" if one.operation in proposals.ADDING and not standing & {*one.slots} else ""


def _spelled_out(one: Instruction, now: Mapping[Path, Text]) -> Instruction:
    """An instruction that strikes "… and all that follows through …" with all the words that it strikes, if the text
    has them in one place; else with words that stand nowhere."""
    if not one.through or len(one.slots) != 1:
        return one
    tree = now[ledger.section_of(one.slots[0])].tree
    form = re.compile(f"{re.escape(one.old_text)}.*?{re.escape(one.through)}")
    parts = wording.walk(tree) if tree else ()
    target = next((p for p in parts if p.identifier == one.slots[0]), None)
    words = [w for p in wording.walk(target) for w in p.body if isinstance(w, str)] if target else []
    found = [m[0] for w in words for m in form.finditer(w)]
    return (
        one._replace(old_text=found[0]) if len(found) == 1 else one._replace(old_text=f"{one.old_text} … {one.through}")
    )


def _changed(text: Text, one: Instruction, day: Day) -> tuple[Text, list[Path], bool]:
    """A section after an instruction, the slots it filled, and whether all its words are known and were put in place.

    Raises `Stopped` or `LedgerError`.
    """
    here = [slot for slot in one.slots if ledger.section_of(slot) == text.section]
    brought = {p.identifier: p for p in _matter(text, one, here)}
    slots = brought if one.kind in ("addition", "designation") else here[:1] if one.kind == "renumbering" else here
    effects = [_effect(one, slot, day, brought.get(slot)) for slot in slots]
    if one.kind == "designation":
        above = here[0].rpartition("/")[0]
        below = (slot for slot in text.state if slot.rpartition("/")[0] == above)
        effects = [effects[0]._replace(moves=tuple((slot, here[0] + slot[len(above) :]) for slot in below))]
    state = ledger.step(text.state, effects, day)
    standing = {*text.state.values()}
    born = [slot for slot in sorted(state, key=redline.natural) if state[slot] not in standing]
    told = not any(p.status.startswith(derivation.MISSING) for new in brought.values() for p in wording.walk(new))
    if text.tree is None:
        return text._replace(state=state), born, one.kind in ("renumbering", "repeal")
    tree: Provision | None = text.tree
    for effect in effects:
        gone = tree is None or (effect.kind == "repeal" and ledger.is_section(effect.target))
        tree = None if gone else derivation.enact(tree, effect, brought.get(effect.target))  # type: ignore[arg-type]
    return text._replace(state=state, tree=tree), born, told


def _effect(one: Instruction, slot: Path, day: Day, brought: Provision | None) -> Effect:
    return Effect(
        one.id, one.kind, one.bill, slot, day, day, order=one.order, note=one.note, moves=one.moves,
        adds=tuple(p.identifier[len(slot) + 1 :] for p in [*wording.walk(brought)][1:]) if brought else (),
        old_text=one.old_text or None, new_text=one.new_text or None,
    )  # fmt: skip


def _matter(text: Text, one: Instruction, here: list[Path]) -> Iterator[Provision]:
    """What an instruction brings into a section: the topmost provisions, each whole; unknown words are missing.

    Where a slot has nothing above it yet, that is brought with it.
    """
    if one.kind not in ("addition", "designation", "general-amendment"):
        return
    above = [a for slot in here for a in ledger.ancestors(slot) if a not in text.state]
    needed = sorted({*here, *(() if one.kind == "general-amendment" else above)}, key=redline.natural)
    known = {p.identifier: p for slot in here for p in _set_out(one, slot)}

    def build(slot: Path) -> Provision:
        below = tuple(build(other) for other in needed if other.rpartition("/")[0] == slot)
        return known.get(slot) or wording.numbered(slot, "", below, derivation.MISSING + one.id)

    yield from (build(slot) for slot in needed if slot.rpartition("/")[0] not in needed)


def _set_out(one: Instruction, slot: Path) -> Iterator[Provision]:
    """The new matter for a slot: that with its label, else, where the instruction has no other slot, all of it."""
    if not one.new_text:
        return
    labelled = [p for p in wording.parsed(slot.rpartition("/")[0], one.new_text) if isinstance(p, Provision)]
    found = [p for p in labelled if p.identifier == slot]
    if found or len(one.slots) > 1:
        yield from found[:1]
    else:
        yield wording.numbered(slot, "", wording.parsed(slot, one.new_text))


def _sentence(error: Exception) -> str:
    """The reason as a sentence with citations in the place of paths."""
    words = str(error).partition(": ")[2] if isinstance(error, LedgerError) else str(error)
    said = " ".join(naming.name(word.rstrip(".,;")) if word.startswith("/us/") else word for word in words.split())
    return said[:1].upper() + said[1:] + "."


# --- the answer ------------------------------------------------------------------------------------------------------


def _instruction(found: Outcome, cites: Mapping[str, str]) -> Answer:
    one = found.instruction
    return {
        "bill": iri.of(one.bill),
        "bill_cite": cites[iri.of(one.bill)],
        "change": iri.of(one.id),
        "operation": one.operation,
        "kind": one.kind or None,
        "at": [naming.name(slot) for slot in one.slots],
        "detail": one.detail or None,
        "sentence": one.sentence or None,
        "outcome": found.outcome,
        "why": found.why or None,
        "new_designations": [naming.name(slot) for slot in found.born],
        "effective": one.effective or None,
        "basis": one.basis or None,
        "version": one.version or None,
    }


def _section(store: Store, before: Text, after: Text, day: Day) -> Answer:
    """What would become of a section: redline, new designations, citations and holdings that would shift or dangle."""
    then = {provision: slot for slot, provision in before.state.items()}
    now = {provision: slot for slot, provision in after.state.items()}
    words = _worded(before, "before") | _worded(after, "after")
    order = sorted(after.state, key=redline.natural)
    provisions = dict.fromkeys([*(after.state[slot] for slot in order), *before.state.values()])
    parts = [
        redline.part(p, _version(p, then.get(p), "before", day), _version(p, now.get(p), "after", day), words)
        for p in provisions
    ]
    parts = [part for part in parts if part["change"] != "same" or part["moved"]]
    reworded = {iri.path(part["provision"]) for part in parts if part["change"] == "changed"}
    return {
        "cite": naming.name(before.section),
        "iri": iri.of(before.section),
        "text_status": before.status,
        "parts": parts,
        "new": [naming.name(slot) for slot in order if after.state[slot] not in then],
        "moved": [
            {"from": naming.name(then[p]), "to": naming.name(now[p])} for p in provisions if p in then and p in now
            and then[p] != now[p]
        ],
        "ended": [naming.name(then[p]) for p in provisions if p in then and p not in now],
        "pointers": list(_pointers(store, before, after, now, day)),
        "holdings": list(_holdings(store, before.section, then, now, reworded)),
    }  # fmt: skip


def _version(provision: Path, slot: Path | None, side: str, day: Day) -> Version | None:
    return Version(f"{side}:{slot}", provision, slot, day, None) if slot else None


def _worded(text: Text, side: str) -> dict[Path, redline.Worded]:
    """The words of the parts, by a name that `_version` gives them; what is missing has none."""
    if text.tree is None:
        return {}
    return {
        f"{side}:{p.identifier}": redline.Worded(p.heading, p.own_text, text.status)
        for p in wording.walk(text.tree)
        if not p.status.startswith(derivation.MISSING)
    }


def _pointers(store: Store, before: Text, after: Text, now: Mapping[Path, Path], day: Day) -> Iterator[Answer]:
    """Citations in the Code that would mean something else, or nothing."""
    for row in ask_for(store, "pointing_into", section=before.section):
        at, slot = iri.path(row["at"]), iri.path(row["slot"])
        meant = before.state.get(at)
        if meant is None or after.state.get(at) == meant or not spans(row["from"], row.get("to"), day):
            continue
        yield {
            "from": row["label"],
            "iri": iri.of(slot),
            "at": naming.name(at),
            "fate": "shifts" if at in after.state else "dangles",
            "now": naming.name(now[meant]) if meant in now else None,
        }


def _holdings(
    store: Store, section: Path, then: Mapping[Path, Path], now: Mapping[Path, Path], reworded: set[Path]
) -> Iterator[Answer]:
    """Decisions on provisions that would move, end or read differently."""
    touched = {then[p] for p in reworded if p in then}
    for row in ask_for(store, "construed_in", section=section):
        provision = iri.path(row["provision"])
        slot = then.get(provision)
        if slot is None:
            continue
        if provision not in now:
            fate = "ended"
        elif now[provision] != slot:
            fate = "moved"
        elif slot in touched:
            fate = "reworded"
        elif any(other.startswith(slot + "/") for other in touched):
            fate = "reworded-within"
        else:
            continue
        yield {
            "case": row["case"],
            "name": row["name"],
            "decided": row["decided"],
            "cited": naming.name(iri.path(row["cited"])),
            "at": naming.name(slot),
            "fate": fate,
            "now": naming.name(now[provision]) if provision in now else None,
        }
