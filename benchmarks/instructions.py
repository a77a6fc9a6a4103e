"""What the reader of amending instructions understands of the texts of bills.

    python -m benchmarks.instructions ../shared/corpus

Instructions of all texts of bills below the folder, how many were read, by kind; why the others were not; the same for
those on section 230; texts read a second.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.notes import share
from graph.records import BillText
from ingest import billtext, instructions

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


def main() -> None:
    """Measure and print."""
    kinds: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    bills: set[str] = set()
    about = 0
    read = list(texts(Path(sys.argv[1])))
    begun = time.process_time()
    for name, text in read:
        for told in instructions.read(text):
            kinds[told.kind] += 1
            reasons[told.reason] += not told.kind
            if told.kind and f"{told.target}/".startswith(f"{ABOUT}/"):
                bills.add(name)
                about += 1
    seconds = time.process_time() - begun
    total = sum(kinds.values())
    understood = total - kinds[""]
    tables = reasons[instructions.TABLE]
    print(f"texts {len(read)}, {len(read) / seconds:.0f} a second")
    print(f"instructions {total}, read {understood} ({share(understood, total)})")
    print(f"  without those on tables of contents {total - tables}, read {share(understood, total - tables)}")
    print(f"on section 230: {about} in {len(bills)} texts")
    for kind, number in kinds.most_common():
        print(f"  {number:>5}  {kind or 'not read'}")
    for reason, number in reasons.most_common():
        print(f"    not read {number:>5}  {reason}")


if __name__ == "__main__":
    main()
