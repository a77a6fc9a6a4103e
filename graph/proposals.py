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

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from graph import amending, iri, ledger, naming
from graph.records import Path
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
    note: str = ""
    """Where the words go, as `graph.derivation` reads it."""
    detail: str = ""
    sentence: str = ""
    """The instruction as the bill words it, where its text was read."""
    basis: str = ""


def instructions(store: Store) -> dict[Path, tuple[Instruction, ...]]:
    """What every bill would do, by the bill, in the order of its text."""
    note("proposed")
    return _instructions(store, store.name)


@lru_cache(maxsize=4)
def _instructions(store: Store, release: str) -> dict[Path, tuple[Instruction, ...]]:
    rows: dict[Path, list[Row]] = defaultdict(list)
    for row in ask_for(store, "proposed"):
        rows[iri.path(row["change"])].append(row)
    curated: dict[Path, list[Instruction]] = defaultdict(list)
    for change, of_it in rows.items():
        one = _instruction(change, of_it)
        curated[one.bill].append(one)
    # The latest version of a text comes last.
    read = {bill: found for (bill, _), found in _versions(store, release).items() if found}
    return {
        bill: _merged(sorted(curated[bill], key=_in_order), read.get(bill, ())) for bill in sorted({*curated, *read})
    }


def versions(store: Store) -> dict[tuple[Path, str], tuple[Instruction, ...]]:
    """What each version of the text of each bill would do, by bill and version, in the order of their days."""
    note("bill_texts")
    return _versions(store, store.name)


@lru_cache(maxsize=4)
def _versions(store: Store, release: str) -> dict[tuple[Path, str], tuple[Instruction, ...]]:
    return {
        (bill, row["version"]): tuple(_read(bill, row["version"], row["text"]))
        for row in ask_for(store, "bill_texts")
        for bill in [iri.path(row["bill"])]
    }


def _read(bill: Path, version: str, text: str) -> Iterator[Instruction]:
    """The instructions in a text of a bill."""
    for order, one in enumerate(amending.read(text), 1):
        yield Instruction(
            id=f"{bill}/text/{version}/foresees/{order}",
            bill=bill,
            order=order,
            operation=NAMES.get(one.kind, "amend"),
            kind=one.kind,
            slots=one.slots,
            moves=one.moves,
            old_text=one.old_text,
            new_text=one.new_text,
            note=one.note,
            sentence=one.sentence,
            basis="text",
        )


def _merged(curated: list[Instruction], read: Iterable[Instruction]) -> tuple[Instruction, ...]:
    """The instructions read in the text, called what our reading of the bill calls them; and of the latter what leaves
    the words alone or lies in sections of which nothing was read."""
    found = [_called(one, curated) for one in read]
    known = {ledger.section_of(slot) for one in found for slot in one.slots}
    rest = [c for c in curated if c.operation in APART or not known & {ledger.section_of(slot) for slot in c.slots}]
    return (*found, *rest)


def _called(one: Instruction, curated: Iterable[Instruction]) -> Instruction:
    for known in curated:
        if {*known.slots} & {*one.slots} and (known.operation == "redesignate") == (one.kind == "renumbering"):
            return one._replace(operation=known.operation, detail=known.detail)
    return one


def _in_order(one: Instruction) -> tuple[int, Path]:
    return one.order, one.id


def _instruction(change: Path, rows: list[Row]) -> Instruction:
    first = rows[0]
    operation, is_proposed = first["operation"], first.get("proposed") == "true"
    return Instruction(
        id=change,
        bill=iri.path(first["bill"]),
        order=int(change.rpartition("/")[2]),
        operation=operation,
        kind=KINDS.get(operation) or ("addition" if is_proposed and operation in ADDING else ""),
        slots=tuple(dict.fromkeys(iri.path(row["slot"]) for row in rows if "slot" in row)),
        detail=first.get("detail", ""),
        basis=first.get("basis", ""),
    )


def of_section(found: Iterable[Instruction], section: Path) -> list[Instruction]:
    """The instructions that name a designation of a section."""
    return [one for one in found if any(ledger.section_of(slot) == section for slot in one.slots)]


def cite(instruction: Instruction) -> str:
    """The designations of an instruction, as lawyers write them."""
    return ", ".join(map(naming.name, instruction.slots))
