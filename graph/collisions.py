"""Bills that cannot both pass as they stand: two that would fill one designation, change the same words, or of which
one takes away what the other works on. They are of one Congress, because bills die with theirs.

- ``same-designation``: both would put new text, or what they move, into one slot that is free today: "(e)(6)".
- ``same-words``: both change words that overlap, or put words at one place.
- ``repealed``: one repeals or replaces as a whole what the other amends, adds to or moves.
- ``moved``: one gives another designation to what the other names by the old one.
- ``same-provision``: both change the words of one provision, and it was not written down which words; whether they get
  in each other's way is open.

>>> one = Instruction("/us/bill/119/s/1/foresees/1", "/us/bill/119/s/1", 1, "add-exemption", "addition",
...                   ("/us/usc/t47/s230/e/6",))
>>> other = one._replace(bill="/us/bill/119/s/2", id="/us/bill/119/s/2/foresees/1")
>>> [(c.kind, c.slot) for c in among({one.bill: (one,), other.bill: (other,)})]
[('same-designation', '/us/usc/t47/s230/e/6')]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from graph import answers, iri, naming, proposals
from graph.answers import Answer, Malformed
from graph.proposals import Instruction
from graph.records import Day, Path
from graph.store import Row, Store, ask_for

KINDS = {
    "same-designation": "Both would fill the same new designation.",
    "same-words": "Both would change the same words.",
    "repealed": "One repeals or replaces as a whole what the other changes.",
    "moved": "One gives another designation to what the other names by the old one.",
    "same-provision": "Both would change the words of one provision; which words was not written down.",
}
"""The kinds of collisions, the gravest first."""

CHANGING = frozenset({"insertion", "substitution", "striking"})
AMENDING = frozenset({"amend", "amend-definition", "conform", "correct-pointer", "insert"})
"""Operations on the words of a provision, where the words were not read."""


class Collision(NamedTuple):
    """Two bills, in the order of their paths, and where they get in each other's way: the designation that both want,
    or that one repeals or moves."""

    bills: tuple[Path, Path]
    kind: str
    slot: Path
    changes: tuple[Path, Path]
    """The instructions of the two."""


def among(bills: Mapping[Path, Iterable[Instruction]]) -> list[Collision]:
    """The collisions of every two of some bills, the gravest first; one a kind and designation for each two."""
    instructions = {
        bill: [one for one in bills[bill] if one.operation not in proposals.APART] for bill in sorted(bills)
    }
    found: dict[tuple[Path, Path, str, Path], Collision] = {}
    for one, other in combinations(instructions, 2):
        for mine in instructions[one]:
            for theirs in instructions[other]:
                for kind, slot in _between(mine, theirs):
                    found.setdefault(
                        (one, other, kind, slot), Collision((one, other), kind, slot, (mine.id, theirs.id))
                    )
    order = list(KINDS)
    return sorted(found.values(), key=lambda c: (order.index(c.kind), c.slot, c.bills))


def _between(one: Instruction, other: Instruction) -> Iterator[tuple[str, Path]]:
    """How two instructions get in each other's way, and where."""
    for slot in sorted({*_filled(one)} & {*_filled(other)}):
        yield "same-designation", slot
    for mine, theirs in ((one, other), (other, one)):
        if mine.kind in ("repeal", "general-amendment"):
            # Two repeals of one thing want the same.
            for ended in mine.slots if theirs.kind != mine.kind or theirs.slots != mine.slots else ():
                if any(_at_or_below(slot, ended) for slot in theirs.slots):
                    yield "repealed", ended
        if mine.kind == "renumbering" and theirs.kind not in ("repeal", "renumbering"):
            for source in [source for source, _ in mine.moves] or mine.slots:
                # Who fills a slot that the other empties does not name what stood there.
                if any(_at_or_below(slot, source) and (slot != source or not _fills(theirs)) for slot in theirs.slots):
                    yield "moved", source
    for slot in sorted({*one.slots} & {*other.slots}):
        if one.kind in CHANGING and other.kind in CHANGING:
            if _overlap(one, other):
                yield "same-words", slot
        elif _rewords(one) and _rewords(other) and not one.operation == other.operation == "conform":
            # Two that conform another section to what they do to this one mostly take out the same pointer.
            yield "same-provision", slot


def _fills(one: Instruction) -> bool:
    return one.kind in ("addition", "designation")


def _filled(one: Instruction) -> list[Path]:
    """The slots that an instruction would fill."""
    return [*one.slots] if _fills(one) else [to for _, to in one.moves]


def _rewords(one: Instruction) -> bool:
    return one.kind in CHANGING or (not one.kind and one.operation in AMENDING)


def _overlap(one: Instruction, other: Instruction) -> bool:
    """Whether two changes of words touch the same words, or put new ones at the same place."""
    if one.old_text and other.old_text:
        return one.old_text in other.old_text or other.old_text in one.old_text
    return one.note == other.note if not one.old_text and not other.old_text else False


def _at_or_below(slot: Path, other: Path) -> bool:
    return f"{slot}/".startswith(f"{other}/")


# --- what is asked ---------------------------------------------------------------------------------------------------


def of_congress(store: Store, congress: int) -> list[Collision]:
    """The collisions among the bills of a Congress that were not enacted."""
    settled = {iri.path(row["bill"]) for row in ask_for(store, "measures") if "law" in row}
    found = proposals.instructions(store)
    return among({bill: ones for bill, ones in found.items() if of(bill) == congress and bill not in settled})


def of(bill: Path) -> int:
    """The Congress of a bill.

    >>> of("/us/bill/119/hr/6746")
    119
    """
    return int(bill.split("/")[3])


def matrix(store: Store, congress: str = "") -> Answer:
    """The collisions among the bills of a Congress, the sitting one where none is given: bills, pairs, sets.

    ``bills`` are those that collide, pending ones first; ``sets`` the designations that more than two of them claim.
    Raises `Malformed` for what is no Congress of the graph.
    """
    known = congresses(store)
    wanted = congress or str(max(known, default=0))
    if not wanted.isdigit() or int(wanted) not in known:
        raise Malformed(
            f'"{congress[:20]}" is no Congress with bills that would change the Code; one of: '
            + ", ".join(map(str, known))
        )
    found = of_congress(store, int(wanted))
    about = {iri.path(row["bill"]): row for row in ask_for(store, "measures")}
    names = {path for collision in found for path in collision.bills}
    bills = sorted((_measure(path, about.get(path, {})) for path in names), key=_pending_first)
    return {
        "status": "ok",
        "congress": int(wanted),
        "congresses": known,
        "is_sitting": _sits(store, int(wanted)),
        "bills": bills,
        "pairs": [told(store, collision) for collision in found],
        "sets": list(_sets(found, about)),
        "kinds": KINDS,
        "known_through": answers.known_through(store),
    }


def congresses(store: Store) -> list[int]:
    """The Congresses with a bill that would change the Code."""
    return sorted({of(bill) for bill in proposals.instructions(store)})


def _sits(store: Store, congress: int) -> bool:
    now: Day = answers.today(store) or ""
    return iri.congress_begins(congress) <= now < iri.congress_ends(congress)


def _measure(path: Path, row: Row) -> dict[str, Any]:
    return {
        "iri": iri.of(path),
        "cite": row.get("label") or naming.name(path),
        "title": row.get("title"),
        "stage": row["stage"].rpartition("#stage-")[2] if "stage" in row else None,
    }


def _pending_first(bill: Mapping[str, Any]) -> tuple[bool, str, int]:
    kind, _, number = iri.path(bill["iri"]).removeprefix("/us/bill/").partition("/")[2].partition("/")
    return bill["stage"] in answers.SETTLED, kind, int(number) if number.isdigit() else 0


def told(store: Store, collision: Collision) -> Answer:
    """A collision in words, and whether the two are one bill in two chambers."""
    one, other = collision.bills
    related = {iri.path(row["bill"]) for row in ask_for(store, "related_bills", bill=one)}
    related_back = {iri.path(row["bill"]) for row in ask_for(store, "related_bills", bill=other)}
    return {
        "bills": [iri.of(one), iri.of(other)],
        "cites": [naming.name(one), naming.name(other)],
        "kind": collision.kind,
        "says": KINDS[collision.kind],
        "at": naming.name(collision.slot),
        "slot": iri.of(collision.slot),
        "changes": [iri.of(change) for change in collision.changes],
        "related": other in related or one in related_back,
    }


def _sets(found: Iterable[Collision], about: Mapping[Path, Row]) -> Iterator[Answer]:
    """The designations that more than two bills would fill, with all of these."""
    claimed: dict[Path, set[Path]] = defaultdict(set)
    for collision in found:
        if collision.kind == "same-designation":
            claimed[collision.slot] |= {*collision.bills}
    for slot in sorted(claimed, key=lambda s: (-len(claimed[s]), s)):
        if len(claimed[slot]) > 2:
            bills = sorted((_measure(path, about.get(path, {})) for path in claimed[slot]), key=_pending_first)
            yield {"slot": iri.of(slot), "at": naming.name(slot), "bills": bills}
