"""The effects on a section of the Code that its own notes tell.

The grammar (`ingest.notes`) reads the amendment notes; the source credit and the notes on effective dates give the
days (`ingest.enactments`). In which order the operations of one law went, `graph.reconstruction` finds out by the text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from graph import ledger, reconstruction, timeline
from graph.records import Day, Effect, Evidence, Path, Section
from ingest import enactments, notes

SHOWN = 160
"""Of words that a note quotes, as many characters are said of the effect in its label."""


class Told(NamedTuple):
    """A sentence of the amendment notes of a section: the position of the note, counted from 1, and the sentence."""

    note: int
    sentence: notes.Sentence


def sentences(section: Section) -> list[Told]:
    """The sentences of a section's amendment notes that state an operation, in the order of the page."""
    return [
        Told(position, sentence)
        for position, note in enumerate(section.notes, 1)
        if note.topic == "amendments"
        for sentence in notes.read(note.paragraphs)
        if sentence.states
    ]


def effects(section: Section) -> list[Effect]:
    """The effects that the notes of a section tell, those of the latest law first as notes are ordered.

    A sentence that was not understood is an effect whose words are not known, on all that its head names. What changed
    no words (margins, directory language, what could not be executed) is no effect.
    """
    credit = enactments.credited(section.source_credit)
    told = enactments.effective(section.notes)
    found: list[Effect] = []
    numbers: Counter[str] = Counter()
    law = notes.Law("/us/olrc")
    for item in sentences(section):
        law = next(iter(item.sentence.laws), law)
        for operation in _operations(item.sentence):
            agent, enacted = _agent(law, credit, item.sentence.year)
            day, known = enactments.day_of(ledger.law_of(agent), law.sections[0] if law.sections else "", told)
            slug = re.sub(r"\W+", "-", ledger.law_of(agent).removeprefix("/us/"))
            name = f"{section.provision.identifier.removeprefix('/us/usc/').replace('/', '-')}-{slug}"
            numbers[name] += 1
            evidence = Evidence((f"note/{item.note}",), "official", part=f"character {item.sentence.offset}")
            first = max(day or enacted, enacted)
            number = f"{name}-{numbers[name]}"
            found.append(
                _effect(number, operation, section.provision.identifier, agent, enacted)._replace(
                    effective=first,
                    assumed=not day,
                    applicability="the notes name no day on which it takes effect" if known and not day else "",
                    evidence=(evidence,),
                )
            )
    return list(_with_moves_together([*found, *_untold(section, credit)]))


def _untold(section: Section, credit: list[enactments.Enactment]) -> Iterator[Effect]:
    """An effect without words for each law that the source credit says amended the section and no note speaks of."""
    said = {law.path for item in sentences(section) for law in item.sentence.laws}
    own = section.provision.identifier
    first = min((e.day for e in credit if e.added), default=credit[0].day if credit else "")
    for law, named in groupby(credit, key=lambda e: ledger.law_of(e.path)):
        made = next(named)
        known = law in said or any(law.startswith(path + "/") for path in said)
        if made.day > first and not made.renumbered and not known:
            slug = re.sub(r"\W+", "-", law.removeprefix("/us/"))
            yield Effect(
                f"{own.removeprefix('/us/usc/').replace('/', '-')}-{slug}-untold",
                "substitution",
                made.path,
                own,
                made.day,
                made.day,
                as_cited=cited(""),
                assumed=True,
                words_complete=False,
                note="the notes do not tell what it changed",
            )


def _operations(sentence: notes.Sentence) -> Iterator[notes.Operation]:
    if sentence.reason:
        for target in sentence.head or (notes.WHOLE,):
            yield notes.Operation("substitution", target, words_given=False)
    for operation in sentence.operations:
        outward = next((there for here, there in operation.moves if here.startswith(there + "/")), None)
        if outward is not None:
            # A part that took the place of what it was part of: the ledger has no such move.
            yield notes.Operation("substitution", outward, words_given=False)
        elif operation.kind != "none":
            yield operation


def _agent(law: notes.Law, credit: list[enactments.Enactment], year: str) -> tuple[Path, Day]:
    """The longest path that the source credit gives of a law, and its day; without one only the year is known."""
    section = law.sections[0] if law.sections else ""
    known = [e for e in credit if ledger.law_of(e.path) == law.path or e.path.startswith(law.path + "/")]
    fitting = [e for e in known if section and f"/{section.partition('/')[0]}" in re.sub(r"(/s\w+).*", r"\1", e.path)]
    if fitting:
        stem = re.sub(r"/s[^/]+.*", "", fitting[0].path)
        return f"{stem}/{section}", fitting[0].day
    if known:
        return (f"{ledger.law_of(known[0].path)}/{section}" if section else known[0].path), known[0].day
    dated = re.search(r"\d{4}-\d{2}-\d{2}", law.path)
    return (law.path or "/us/olrc"), dated[0] if dated else f"{year or '1900'}-12-31"


def _effect(name: str, operation: notes.Operation, section: Path, agent: Path, enacted: Day) -> Effect:
    target = f"{section}/{operation.target}" if operation.target else section
    needed = operation.kind in ("insertion", "substitution", "striking")
    worded = operation.words_given and (not needed or bool(operation.old or operation.new))
    return Effect(
        name,
        operation.kind,
        agent,
        target,
        enacted,
        enacted,
        moves=tuple((f"{section}/{a}", f"{section}/{b}") for a, b in operation.moves),
        old_text=_as_in_the_code(operation.old),
        new_text=_as_in_the_code(operation.new),
        as_cited=cited(operation.target),
        directed="" if operation.directed in ("restated", "") else operation.directed[:SHOWN],
        words_complete=worded,
        note=_as_in_the_code(operation.place.phrase) or "",
    )


def cited(target: str) -> str:
    """A target as notes write it.

    >>> cited("e/5"), cited("")
    ('(e)(5)', 'Section')
    """
    return "".join(f"({label})" for label in target.split("/")) if target else "Section"


def _as_in_the_code(words: str | None) -> str | None:
    """Words of a note as the Code prints them: its inner quotation marks are the Code's outer ones."""
    if words is None:
        return None
    return re.sub(r"‘((?:[^‘’]|(?<=\w)’(?=\w))*)’", r"“\1”", " ".join(words.split()))


def _with_moves_together(found: list[Effect]) -> Iterator[Effect]:
    """The effects, the moves of one law at one depth as one: they go at once, and what is told twice counts once."""
    moves: dict[tuple[Path, Day, int], dict[Path, Path]] = defaultdict(dict)
    first: dict[tuple[Path, Day, int], str] = {}
    for effect in found:
        for before, after in effect.moves:
            key = (ledger.law_of(effect.agent), effect.effective or "", before.count("/"))
            moves[key].setdefault(before, after)
            first.setdefault(key, effect.id)
    for effect in found:
        if not effect.moves:
            yield effect
            continue
        for key in _keys(effect):
            if first.get(key) == effect.id:
                together = tuple(sorted(moves[key].items()))
                yield effect._replace(target=together[0][0], moves=together)
                break


def _keys(effect: Effect) -> Iterable[tuple[Path, Day, int]]:
    return dict.fromkeys((ledger.law_of(effect.agent), effect.effective or "", b.count("/")) for b, _ in effect.moves)


def same_operation(kept: Effect, told: Effect) -> bool:
    """Whether two effects are one operation of one law on one target."""
    if ledger.law_of(kept.agent) != ledger.law_of(told.agent):
        return False
    if kept.moves:
        return bool(set(kept.moves) & set(told.moves))
    return (kept.kind, kept.target) == (told.kind, told.target)


def told_otherwise(section: Section, kept: Iterable[Effect]) -> Iterator[tuple[Effect, str, Day]]:
    """The effects kept by hand of which the notes and the source credit of the section give another day: the effect,
    ``enacted`` or ``effective``, and the day that they give. Where the notes name no day they say nothing against one.
    """
    credited = {ledger.law_of(e.path) for e in enactments.credited(section.source_credit)}
    told = [e for e in effects(section) if ledger.law_of(e.agent) in credited]
    for effect in kept:
        same = [other for other in told if same_operation(effect, other)]
        if same and effect.enacted not in {other.enacted for other in same}:
            yield effect, "enacted", same[0].enacted
        dated = [other.effective or "" for other in same if not other.assumed]
        if dated and (effect.effective or effect.enacted) not in dated:
            yield effect, "effective", dated[0]


def rebuilt(section: Section, day: Day) -> reconstruction.Rebuilt | None:
    """The ledger of a section as its notes tell it, from its official words of `day`; ``None`` without a first day."""
    credit = enactments.credited(section.source_credit)
    if not credit:
        return None
    born = next((e for e in credit if e.added), credit[0])
    known = [e for e in effects(section) if (e.effective or "") >= born.day]
    return reconstruction.reconstruct(section.provision, day, known, born.path, born.day)


class Noted(NamedTuple):
    """The history of a section that its notes tell: the timeline, what the ledger yields, what the text says of each
    effect."""

    line: timeline.Timeline
    history: ledger.History
    outcomes: dict[str, reconstruction.Outcome]


def history(section: Section, day: Day, known_through: Day | None) -> Noted | None:
    """The history of a section by its notes; ``None`` where they give no first day or do not fit together."""
    found = rebuilt(section, day)
    if found is None:
        return None
    try:
        yielded = ledger.derive(found.effects)
    except ledger.LedgerError:
        return None
    line = timeline.timeline(section.provision.identifier, found.effects, known_through)
    return Noted(line, yielded, found.outcomes)
