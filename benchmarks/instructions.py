"""What the reader of amending instructions understands of the texts of bills and of laws.

    python -m benchmarks.instructions ../shared/corpus

Instructions of all texts of bills in the corpus, how many were read, by kind; why the others were not; how many are on
section 230; texts read a second. Then the same for the public laws (`uslm/samples`).
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.notes import share
from graph.records import BillText, LawText
from ingest import billtext, instructions, publiclaw

FOLDERS = ("billtext", "section230-bills")
ABOUT = "/us/usc/t47/s230"


def texts(corpus: Path) -> Iterator[tuple[str, str]]:
    """The texts of bills in the corpus: the path of the file in it, and the words in the plain form."""
    for folder in FOLDERS:
        for path in sorted((corpus / folder).rglob("*")):
            if path.suffix in (".md", ".xml") and path.is_file():
                yield from ((str(path.relative_to(corpus)), record.text) for record in _bills(path))


def _bills(path: Path) -> Iterator[BillText]:
    with path.open("rb") as stream:
        recognised = billtext.recognises(stream.read(8192))
        stream.seek(0)
        if recognised:
            yield from (record for record in billtext.read(stream) if isinstance(record, BillText))


def laws(corpus: Path) -> Iterator[tuple[str, str]]:
    """The laws of the corpus, as `texts`."""
    for path in sorted((corpus / "uslm" / "samples").glob("*.xml")):
        with path.open("rb") as stream:
            recognised = publiclaw.recognises(stream.read(8192))
            stream.seek(0)
            if recognised:
                yield from ((path.name, r.text) for r in publiclaw.read(stream) if isinstance(r, LawText))


def main() -> None:
    """Measure and print."""
    corpus = Path(sys.argv[1])
    for kind, read in (("bills", texts), ("laws", laws)):
        show(kind, list(read(corpus)))


def show(title: str, read: list[tuple[str, str]]) -> None:
    """Print the figures of some texts."""
    kinds: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    bills: set[str] = set()
    about = 0
    begun = time.process_time()
    for name, text in read:
        for told in instructions.read(text):
            kinds[told.kind] += 1
            if not told.kind:
                reasons[told.reason] += 1
            elif f"{told.target}/".startswith(f"{ABOUT}/"):
                bills.add(name)
                about += 1
    seconds = time.process_time() - begun
    total = sum(kinds.values())
    understood = total - kinds[""]
    tables = reasons[instructions.TABLE]
    print(f"{title}: {len(read)} texts, {len(read) / seconds:.0f} a second")
    print(f"instructions {total}, read {understood} ({share(understood, total)})")
    print(f"  without those on tables of contents {total - tables}, read {share(understood, total - tables)}")
    print(f"  on section 230: {about} in {len(bills)} texts")
    for kind, number in kinds.most_common():
        print(f"    {number:>5}  {kind or 'not read'}")
    for reason, number in reasons.most_common():
        print(f"    not read {number:>5}  {reason}")


if __name__ == "__main__":
    main()
