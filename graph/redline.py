"""Two days compared word by word (`diff`), and each stretch of words with the enactment that put it there (`blame`).

Both go provision by provision: what was renumbered is compared with itself under its new designation and shown as
moved. Where a text is not loaded the structure is compared all the same, and the answer says that the words are not.

>>> [(c.op, c.text) for c in compare("section 223 of this title", "section 223 or 231 of this title")]
[('equal', 'section 223 '), ('insert', 'or 231 '), ('equal', 'of this title')]
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from graph import answers, iri, ledger, naming, timeline
from graph.records import Binding, Day, Effect, Path, Version, spans
from graph.store import Store, ask_for

Answer = dict[str, Any]


class Change(NamedTuple):
    """A stretch of words: ``equal``, ``insert`` or ``delete``."""

    op: str
    text: str


class Worded(NamedTuple):
    """The words of one version: heading, own words (without those of the provisions below), where they are from."""

    heading: str
    own: str
    status: str


def compare(before: str, after: str) -> list[Change]:
    """The redline from one text to another, by words; the white space after a word goes with it."""
    old, new = _tokens(before), _tokens(after)
    bare = difflib.SequenceMatcher(None, [t.strip() for t in old], [t.strip() for t in new], autojunk=False)
    changes: list[Change] = []
    for op, i, j, k, m in bare.get_opcodes():
        if op == "equal":
            changes.append(Change("equal", "".join(new[k:m])))
            continue
        if i < j:
            changes.append(Change("delete", "".join(old[i:j])))
        if k < m:
            changes.append(Change("insert", "".join(new[k:m])))
    return changes


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+\s*|[^\w\s]\s*|\s+", text)


# --- the words of a section's versions -------------------------------------------------------------------------------


def words_of(store: Store, section: Path) -> dict[Path, Worded]:
    """The words of every version of a section that has a text, by the version's path."""
    return _words(store, store.name, section)


@lru_cache(maxsize=64)
def _words(store: Store, release: str, section: Path) -> dict[Path, Worded]:
    line = answers.timeline_of(store, section)
    rows = {iri.path(row["version"]): row for row in ask_for(store, "section_words", section=section)}
    parted = _parted(line)
    return {
        path: Worded(
            row.get("heading", ""),
            row.get("own", "") if path in parted else row["text"],
            row["status"].rpartition("#text-")[2],
        )
        for path, row in rows.items()
    }


def _parted(line: timeline.Timeline) -> set[Path]:
    """The versions below which provisions stood, so that their texts hold more than their own words."""
    below: dict[Path, list[Binding]] = defaultdict(list)
    for binding in line.bindings:
        for slot in ledger.ancestors(binding.slot):
            below[slot].append(binding)
    return {
        version.path
        for version in line.versions
        if any(spans(part.valid_from, part.valid_to, version.valid_from) for part in below[version.slot])
    }


def standing_on(line: timeline.Timeline, slot: Path, day: Day) -> list[Version]:
    """The versions of what stood in `slot` and below on a day, in the order of designations."""
    found = [
        v
        for v in line.versions
        if (v.slot == slot or v.slot.startswith(slot + "/")) and spans(v.valid_from, v.valid_to, day)
    ]
    return sorted(found, key=lambda v: natural(v.slot))


def natural(slot: Path) -> tuple[tuple[int, str], ...]:
    """A sort key that puts (2) before (10) and (z) before (aa)."""
    return tuple((int(part) if part.isdigit() else len(part) * 1000, part) for part in slot.split("/"))


# --- diff ------------------------------------------------------------------------------------------------------------


def diff(store: Store, cite: str, start: str, end: str) -> Answer:
    """What changed in a provision and below it between two days: a redline, with what was moved shown as moved.

    `status` is ``ok`` where the provision stood on either day; else, and where the later day is past the coverage
    day, that of the later day. Raises `answers.Malformed`.
    """
    asked = answers.target(cite)
    if not asked.slot:
        return answers.ambiguous(store, cite, asked)
    coverage = answers.today(store)
    first, last = sorted((answers.read_day(start, coverage), answers.read_day(end, coverage)))
    then, now = answers.stood(store, asked.slot, first), answers.stood(store, asked.slot, last)
    line = answers.timeline_of(store, ledger.section_of(now.slot))
    words = words_of(store, line.section)
    stands = next((found for found in (now, then) if found.status == "ok"), None)
    # Past the coverage day nothing is known to have gone: no redline to a day that the record does not reach.
    beyond = coverage is not None and last > coverage
    parts = [] if beyond else list(_parts(line, words, then, now))
    return {
        "status": "ok" if stands and not beyond else now.status,
        "cite": naming.name(now.slot),
        "message": "" if stands and not beyond else now.message,
        "from": _side(then),
        "to": _side(now),
        "text_status": _status(parts),
        "parts": parts,
        "because": [_enactment(e) for e in _between(line, parts, first, last)],
        "known_through": answers.known_through(store),
    }


def _side(found: timeline.Standing) -> Answer:
    version = found.version if found.status == "ok" else None
    return {
        "date": found.day,
        "status": found.status,
        "message": found.message,
        "version": iri.of(version.path) if version else None,
    }


def _parts(
    line: timeline.Timeline, words: dict[Path, Worded], then: timeline.Standing, now: timeline.Standing
) -> Iterator[Answer]:
    """One entry a provision that stood there on either day, in the order of the later day's designations.

    A provision that stood elsewhere on the other day is compared with itself, and is moved.
    """
    earlier = {v.provision: v for v in line.versions if spans(v.valid_from, v.valid_to, then.day)}
    later = {v.provision: v for v in line.versions if spans(v.valid_from, v.valid_to, now.day)}
    here = standing_on(line, now.slot, now.day) if now.status == "ok" else []
    gone = standing_on(line, then.slot, then.day) if then.status == "ok" else []
    for provision in dict.fromkeys(v.provision for v in (*here, *gone)):
        yield part(provision, earlier.get(provision), later.get(provision), words)


def part(provision: Path, old: Version | None, new: Version | None, words: Mapping[Path, Worded]) -> Answer:
    """One entry of a redline: a provision before and after; words are compared where those of both are known."""
    before, after = (words.get(v.path) if v else None for v in (old, new))
    loaded = (old is None or before is not None) and (new is None or after is not None)
    heading = compare(before.heading if before else "", after.heading if after else "")
    body = compare(before.own if before else "", after.own if after else "")
    changed = any(c.op != "equal" for c in (*heading, *body))
    moved = old is not None and new is not None and old.slot != new.slot
    kind = "added" if old is None else "removed" if new is None else "changed" if loaded and changed else "same"
    return {
        "provision": iri.of(provision),
        "from_cite": naming.name(old.slot) if old else None,
        "to_cite": naming.name(new.slot) if new else None,
        "depth": (new or old).slot.count("/") - 4,  # type: ignore[union-attr]
        "change": kind,
        "moved": moved,
        "heading": [c._asdict() for c in heading] if loaded else None,
        "words": [c._asdict() for c in body] if loaded else None,
        "text_status": _worst(w.status for w in (before, after) if w) if loaded else "not-loaded",
    }


def _worst(statuses: Iterable[str]) -> str:
    order = ("official", "derived", "not-loaded")
    return max(statuses, key=order.index, default="not-loaded")


def _status(parts: list[Answer]) -> str:
    return _worst(part["text_status"] for part in parts)


def _between(line: timeline.Timeline, parts: list[Answer], first: Day, last: Day) -> list[Effect]:
    """The effects between the days that touched one of the provisions, oldest first."""
    provisions = {iri.path(part["provision"]) for part in parts}
    ids = {
        e
        for v in line.versions
        if v.provision in provisions
        for day, effects in ((v.valid_from, v.begun_by), (v.valid_to, v.ended_by))
        if day and first < day <= last
        for e in effects
    }
    return sorted((line.effects[e] for e in ids if e in line.effects), key=ledger.chronological)


def _enactment(effect: Effect) -> Answer:
    return {
        "effect": iri.of(f"/effect/{effect.id}"),
        "kind": effect.kind,
        "law": naming.name(effect.agent),
        "iri": iri.of(ledger.law_of(effect.agent)),
        "enacted": effect.enacted,
        "effective": ledger.valid_from(effect),
    }


# --- blame -----------------------------------------------------------------------------------------------------------


class Stretch(NamedTuple):
    """Words, and the effect that put them there (``None`` where what was there before is not known)."""

    text: str
    effect: str | None


def blame(store: Store, cite: str, day: str = "today") -> Answer:
    """Each stretch of words that stood at `cite` on `day`, with the enactment that put it there."""
    asked = answers.target(cite)
    if not asked.slot:
        return answers.ambiguous(store, cite, asked)
    when = answers.read_day(asked.day or day, answers.today(store))
    found = answers.stood(store, asked.slot, when)
    answer: Answer = {
        "status": found.status,
        "cite": naming.name(found.slot),
        "date": when,
        "message": found.message,
        "text_status": "not-loaded",
        "parts": [],
        "known_through": answers.known_through(store),
    }
    if found.status != "ok":
        return answer
    line = answers.timeline_of(store, ledger.section_of(found.slot))
    words = words_of(store, line.section)
    parts = [_blamed(line, words, version) for version in standing_on(line, found.slot, when)]
    answer.update(parts=parts, text_status=_status(parts))
    return answer


def _blamed(line: timeline.Timeline, words: dict[Path, Worded], version: Version) -> Answer:
    worded = words.get(version.path)
    return {
        "cite": naming.name(version.slot),
        "provision": iri.of(version.provision),
        "depth": version.slot.count("/") - 4,
        "heading": worded.heading if worded else None,
        "text_status": worded.status if worded else "not-loaded",
        "stretches": [
            {"text": s.text, **(_enactment(line.effects[s.effect]) if s.effect else {"effect": None, "law": None})}
            for s in (stretches(line, words, version) if worded else ())
        ],
    }


def stretches(line: timeline.Timeline, words: dict[Path, Worded], version: Version) -> list[Stretch]:
    """The own words of a version, stretch by stretch: replayed through the provision's versions up to this one.

    Words of the first version whose text is known belong to the effect that brought the provision; where an earlier
    version has no text, they belong to nobody we could name.
    """
    before = [v for v in line.versions if v.provision == version.provision and v.valid_from <= version.valid_from]
    pieces: list[Stretch] | None = None
    for step in sorted(before, key=lambda v: v.valid_from):
        worded = words.get(step.path)
        if worded is None:
            pieces = [Stretch("", None)]
            continue
        if pieces is None:
            pieces = [Stretch(worded.own, _bearer(line, step))]
        else:
            pieces = _replayed(pieces, worded.own, _writer(line, step), known=pieces != [Stretch("", None)])
    return [piece for piece in pieces or () if piece.text]


def _bearer(line: timeline.Timeline, version: Version) -> str | None:
    """The effect that brought a provision into being, of those that begin its first version."""
    known = [e for e in version.begun_by if e in line.effects]
    born = [e for e in known if line.effects[e].kind in ledger.BEARING]
    return next(iter(born or known), None)


def _writer(line: timeline.Timeline, version: Version) -> dict[str, str]:
    """The effects that begin a version, by the words they insert; under "" the first of them."""
    known = [line.effects[e] for e in version.begun_by if e in line.effects]
    worded = {e.new_text: e.id for e in known if e.new_text}
    return {**worded, "": next((e.id for e in known if e.new_text or e.old_text), known[0].id if known else "")}


def _replayed(pieces: list[Stretch], after: str, writers: dict[str, str], known: bool) -> list[Stretch]:
    """The pieces of the text before, carried over into the text after; what is new belongs to its writer."""
    owners = [piece.effect for piece in pieces for _ in _tokens(piece.text)]
    old = [token.strip() for piece in pieces for token in _tokens(piece.text)]
    new = _tokens(after)
    result: list[Stretch] = []
    matcher = difflib.SequenceMatcher(None, old, [token.strip() for token in new], autojunk=False)
    for op, i, _, k, m in matcher.get_opcodes():
        if op == "equal":
            result += [Stretch(token, owners[i + offset]) for offset, token in enumerate(new[k:m])]
        elif k < m:
            added = "".join(new[k:m])
            writer = (
                next((e for words, e in writers.items() if words and words in added), writers[""]) if known else None
            )
            result.append(Stretch(added, writer or None))
    return _coalesced(result)


def _coalesced(pieces: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for piece in pieces:
        if joined and joined[-1].effect == piece.effect:
            joined[-1] = Stretch(joined[-1].text + piece.text, piece.effect)
        else:
            joined.append(piece)
    return joined
