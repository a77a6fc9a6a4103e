"""The gaps: what the graph does not cover, as `data/gaps.yaml` says it."""

from __future__ import annotations

from pathlib import Path

from data import ROOT
from graph.records import Gap
from ingest.yaml import BrokenYAML, load, mapping, sequence, text

FIELDS = ("id", "what", "why", "affects", "counts", "congresses", "counted", "note")


def read(file: Path = ROOT / "gaps.yaml") -> tuple[Gap, ...]:
    """The gaps in the order of the file. Raises `ValueError` naming the file and the gap that cannot be read."""
    try:
        with file.open("rb") as stream:
            listed = sequence(mapping(load(stream), "gaps").get("gaps"), "gaps")
    except (OSError, BrokenYAML, ValueError) as error:
        raise ValueError(f"{file.name}: cannot be read: {error}") from None
    gaps: list[Gap] = []
    for position, entry in enumerate(listed, 1):
        try:
            gaps.append(_gap(mapping(entry, "gap")))
        except ValueError as error:
            raise ValueError(f"{file.name}: gap {position}: {error}") from None
    return tuple(gaps)


def _gap(row: dict[str, object]) -> Gap:
    if unknown := sorted(set(row) - set(FIELDS)):
        raise ValueError(f"no such field: {', '.join(unknown)}; there are {', '.join(FIELDS)}")
    if missing := [name for name in ("id", "what", "why", "affects") if not row.get(name)]:
        raise ValueError(f"{missing[0]} is missing")
    affects, counts = (
        tuple(text(part, name) for part in sequence(row.get(name), name)) for name in ("affects", "counts")
    )
    congresses = tuple(int(text(part, "congresses")) for part in sequence(row.get("congresses"), "congresses"))
    words = {name: text(row.get(name), name) for name in ("what", "why", "counted", "note")}
    return Gap(f"/gap/{text(row['id'], 'id')}", affects=affects, counts=counts, congresses=congresses, **words)
