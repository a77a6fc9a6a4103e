"""What bills propose: the instructions of each, as the graph holds them, in the order of the bill.

An `Instruction` is what a bill would do in one go: an effect that it *foresees*, never one that happened. `kind` is the
kind of effect on the text where that is known, empty where the bill leaves the words alone (an override, a study) or
nobody wrote down how the words would change.

>>> one = Instruction("/us/bill/119/hr/6746/foresees/1", "/us/bill/119/hr/6746", 1, "sunset", "addition",
...                   ("/us/usc/t47/s230/g",))
>>> cite(one)
'47 U.S.C. § 230(g)'
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from graph import iri, ledger, naming
from graph.records import Day, Path
from graph.store import Row, Store, ask_for, note

KINDS = {"repeal": "repeal", "redesignate": "renumbering"}
"""What an operation does to the text, for those that say it by their name."""

NAMES = {"addition": "add-provision", "renumbering": "redesignate", "repeal": "repeal"}
"""What an instruction that was read in a text is called, where our reading of the bill has no name for it."""

ADDING = frozenset(
    {
        "add-condition", "add-definition", "add-duty", "add-exception", "add-exemption", "add-offence", "add-provision",
        "add-section", "affirmative-defence", "sunset",
    }
)  # fmt: skip
"""Operations that bring new text; with designations that are only proposed, they bring those."""

APART = frozenset({*ledger.WORDS_STAY, "deem-ip-law", "extend-immunity", "override"})
"""Operations that leave the words of the provision as they are: the bill says elsewhere how it is to be read."""


class Instruction(NamedTuple):
    """One instruction of a bill; paths of the Code are slots as the bill names them."""

    id: Path
    bill: Path
    order: int
    operation: str
    kind: str
    slots: tuple[Path, ...]
    """The slots operated on; for an addition those that it would fill."""
    moves: tuple[tuple[Path, Path], ...] = ()
    old_text: str = ""
    new_text: str = ""
    """New words; for an addition the new matter, a line a provision."""
    through: str = ""
    """The old words go up to these, beginning with `old_text`."""
    note: str = ""
    """Where the words go, as `graph.derivation` reads it."""
    detail: str = ""
    sentence: str = ""
    """The instruction as the bill words it, where its text was read."""
    sunset: Day = ""
    effective: str = ""
    """When it would take effect, in the words of the bill."""
    basis: str = ""
    version: str = ""
    """The version of the text in which it was read; empty where it is curated."""
    reason: str = ""
    """Why the sentence was not understood."""


Versions = dict[tuple[Path, str], tuple[Instruction, ...]]
"""By bill and version of its text, oldest first, what it would do; under an empty version what is curated."""


def instructions(store: Store) -> dict[Path, tuple[Instruction, ...]]:
    """What every bill would do, by the bill, in the order of its text: the latest version, where one was read."""
    return _counting(versions(store))


def of_bill(store: Store, bill: Path) -> tuple[Instruction, ...]:
    """What one bill would do; nothing where nothing is known."""
    note("proposed", bill=bill)
    return _counting(_versions(store, store.name, bill)).get(bill, ())


def versions(store: Store) -> Versions:
    """What each version of the text of each bill would do."""
    return _versions(store, store.name, "")


def _counting(found: Versions) -> dict[Path, tuple[Instruction, ...]]:
    """Of the versions of each bill the one that counts: the latest that was read, and what is curated beside it."""
    # The latest version comes last.
    latest = {bill: ones for (bill, version), ones in found.items() if version}
    curated = {bill: ones for (bill, version), ones in found.items() if not version}
    return {bill: _merged(curated.get(bill, ()), latest.get(bill, ())) for bill in sorted({*curated, *latest})}


@lru_cache(maxsize=512)
def _versions(store: Store, release: str, bill: Path) -> Versions:
    asked = {"bill": bill} if bill else {}
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in ask_for(store, "proposed", **asked):
        rows[row["change"]].append({"bill": iri.of(bill), **row})
    found: dict[tuple[Path, Day, str], list[Instruction]] = defaultdict(list)
    for of_it in rows.values():
        one = _instruction(of_it)
        found[one.bill, of_it[0].get("issued", ""), one.version].append(one)
    for row in ask_for(store, "unread", **asked):
        lost = _unread({"bill": iri.of(bill), **row})
        found[lost.bill, row.get("issued", ""), lost.version].append(lost)
    return {
        (of_it, version): tuple(sorted(ones, key=lambda one: (one.order, one.id)))
        for (of_it, _, version), ones in sorted(found.items())
    }


def _instruction(rows: list[Row]) -> Instruction:
    first = rows[0]
    operation, is_proposed = first["operation"], first.get("proposed") == "true"
    is_read = "readIn" in first
    slots = tuple(dict.fromkeys(iri.path(row["slot"]) for row in rows if "slot" in row))
    kind = KINDS.get(operation) or ("addition" if is_proposed and operation in ADDING else "")
    found = Instruction(
        id=iri.path(first["change"]),
        bill=iri.path(first["bill"]),
        order=int(first["order"]),
        operation=NAMES.get(operation, "amend") if is_read else operation,
        kind=first["kind"].rpartition("#kind-")[2] if is_read else kind,
        slots=slots,
        moves=tuple(dict.fromkeys((iri.path(row["from"]), iri.path(row["to"])) for row in rows if "from" in row)),
        old_text=first.get("old", ""),
        new_text=first.get("new", ""),
        through=first.get("through", ""),
        note=where(first),
        detail=first.get("detail", ""),
        sentence=first.get("sentence", ""),
        sunset=first.get("sunset", ""),
        effective=first.get("effective", ""),
        basis=first.get("basis", ""),
        version=first.get("version", ""),
    )
    return _opening(found)


def _opening(one: Instruction) -> Instruction:
    """An instruction that strikes the first words of a provision for the same words behind a new designation: all that
    stands there becomes that part."""
    label = re.match(r"\((\w+)\) ", one.new_text)
    if one.kind != "substitution" or not label or not one.old_text or "\n" in one.new_text:
        return one
    return one._replace(kind="designation", slots=(f"{one.slots[0]}/{label[1]}",))


def where(row: Row) -> str:
    """Where words go, as the notes of the Code say it and `graph.derivation` reads it.

    >>> where({"side": "before", "anchor": ".", "part": "end"}), where({"part": "heading", "times": "0"})
    ('before the final "."', 'in the heading, wherever it appears')
    """
    side, anchor, part, times = (row.get(name, "") for name in ("side", "anchor", "part", "times"))
    final = " the final" if part == "end" else ""
    places = {"heading": "in the heading", "introductory": "in the introductory words", "end": "at the end"}
    said = [
        f'{side}{final} "{anchor}"' if anchor else side,
        "in the words after" if part == "concluding" else "" if part == "end" and side else places.get(part, ""),
        "wherever it appears" if times == "0" else f"in {times} places" if times else "",
    ]
    return ", ".join(filter(None, said))


def _unread(row: Row) -> Instruction:
    slots = (iri.path(row["slot"]),) if "slot" in row else ()
    return Instruction(
        id=iri.path(row["change"]),
        bill=iri.path(row["bill"]),
        order=LAST,
        operation="amend",
        kind="",
        slots=slots,
        sentence=row["sentence"],
        basis="text",
        version=row["version"],
        reason=row["reason"],
    )


LAST = 10_000
"""The order of what was not understood: behind what was."""


def _merged(curated: Iterable[Instruction], read: Iterable[Instruction]) -> tuple[Instruction, ...]:
    """The instructions read in the text, called what our reading of the bill calls them; and of the latter what leaves
    the words alone or lies in sections of which nothing was read."""
    known_by = list(curated)
    found = [_called(one, known_by) for one in read]
    told = {ledger.section_of(slot) for one in found for slot in one.slots}
    rest = [c for c in known_by if c.operation in APART or not told & {ledger.section_of(slot) for slot in c.slots}]
    return (*found, *rest)


def _called(one: Instruction, curated: Iterable[Instruction]) -> Instruction:
    for known in curated:
        if {*known.slots} & {*one.slots} and (known.operation == "redesignate") == (one.kind == "renumbering"):
            return one._replace(operation=known.operation, detail=known.detail)
    return one


def of_section(found: Iterable[Instruction], section: Path) -> list[Instruction]:
    """The instructions that name a designation of a section."""
    return [one for one in found if any(ledger.section_of(slot) == section for slot in one.slots)]


def cite(instruction: Instruction) -> str:
    """The designations of an instruction, as lawyers write them."""
    return ", ".join(map(naming.name, instruction.slots))
