"""How well `s230 check` reads the labelled documents of the tests, and how fast: ``python -m benchmarks.check``.

A mention is right when words, place and address are; a claim is found when its kind is found over its words. "Wrong"
are verdicts of supported or contradicted that the label does not bear out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import yaml

from graph import iri
from graph.check import check
from graph.store import Store, connect

DOCUMENTS = Path(__file__).parent.parent / "tests" / "data" / "check"


class Score(NamedTuple):
    """Counts: mentions found, labelled and right; claims labelled, found and judged as labelled; the wrong verdicts."""

    mentions: int
    labelled: int
    right: int
    claims: int
    found: int
    judged: int
    wrong: tuple[str, ...]


def labels(folder: Path = DOCUMENTS) -> list[dict[str, Any]]:
    """The labelled documents."""
    found: list[dict[str, Any]] = yaml.safe_load((folder / "labels.yaml").read_text(encoding="utf-8"))["documents"]
    return found


def scored(answer: dict[str, Any], text: str, label: dict[str, Any]) -> Score:
    """The score of one answer against the labels of its document."""
    places = set(_places(text, label["mentions"]))
    linked = {(m["start"], m["end"], iri.path(m["iri"])) for m in answer["mentions"] if m["iri"]}
    found = judged = 0
    wrong = []
    used: set[int] = set()
    for words, kind, verdict in label["claims"]:
        start = text.index(words)
        over = [
            number
            for number, claim in enumerate(answer["claims"])
            if claim["kind"] == kind and claim["start"] < start + len(words) and claim["end"] > start
        ]
        used |= set(over)
        verdicts = {answer["claims"][number]["verdict"] for number in over}
        found += bool(over)
        judged += verdict in verdicts
        wrong += [f"{words!r}: {v}, not {verdict}" for v in verdicts & {"supported", "contradicted"} if v != verdict]
    for number, claim in enumerate(answer["claims"]):
        if number not in used and claim["verdict"] in ("supported", "contradicted"):
            wrong.append(f"{claim['text']!r}: {claim['verdict']} ({claim['kind']}), not labelled")
    return Score(len(linked), len(places), len(linked & places), len(label["claims"]), found, judged, tuple(wrong))


def _places(text: str, mentions: list[list[str]]) -> Iterator[tuple[int, int, str]]:
    at = 0
    for words, path in mentions:
        at = text.index(words, at)
        yield at, at + len(words), path
        at += len(words)


def total(store: Store) -> Score:
    """The score over all labelled documents."""
    parts = []
    for label in labels():
        text = (DOCUMENTS / label["file"]).read_text(encoding="utf-8")
        parts.append(scored(check(store, text, label.get("given")), text, label))
    sums = [sum(values) for values in list(zip(*parts, strict=True))[:-1]]
    return Score(*sums, tuple(line for part in parts for line in part.wrong))


def main() -> None:
    """Build the default graph, measure and print."""
    from ingest.build import build

    with TemporaryDirectory() as folder:
        build([], Path(folder), jobs=1)
        store = connect(Path(folder))
        score = total(store)
        print(
            f"mention linking: precision {score.right / score.mentions:.3f}, recall {score.right / score.labelled:.3f}"
        )
        print(f"claims: recall {score.found / score.claims:.3f}, verdict as labelled {score.judged / score.claims:.3f}")
        print(f"wrong supported or contradicted: {len(score.wrong)}")
        for line in score.wrong:
            print(f"  {line}")
        pages = "".join((DOCUMENTS / label["file"]).read_text(encoding="utf-8") for label in labels()[:6])
        for name, text in (("two pages", pages[:6000]), ("1 MB", (pages * 400)[: 1 << 20])):
            seconds = min(_timed(store, text) for _ in range(3))
            print(f"check of {name} ({len(text):,} characters): {seconds * 1000:.0f} ms")


def _timed(store: Store, text: str) -> float:
    start = time.perf_counter()
    check(store, text, "2018-04-12")
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
