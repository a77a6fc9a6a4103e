"""What reading citations, comparing and blaming cost, in this process.

    python -m benchmarks.law [RELEASES]

RELEASES is a folder of releases with official words; without it only citations are measured. Times are processor time,
since what else the machine does is not our claim.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import yaml

from graph import answers, citation, redline
from graph.store import connect

HOSTILE = Path(__file__).parent.parent / "tests" / "data" / "citations" / "hostile.yaml"
SIZE = 1_000_000

PROSE = """
The committee heard that services differ in size and in what they do, and that a rule made for one may miss another. A
claim under section 1595 of title 18, United States Code, stands on other ground than one under State law; so the
report reads 47 U.S.C. 230(c)(1) together with subsection (e)(5), which Pub. L. 115-164, § 4(a), 132 Stat. 1254, put
there. Others asked what would be left of the defence if H.R. 1865 (115th Cong.) had passed as it was brought in, and
whether the findings of the Senate bear on it. Nobody spoke for the rule as it stood before the first of these Acts,
and several members wanted to know how often courts had looked at paragraph (2) at all. The answer took three pages.
"""

WHOLE = (
    ("diff", "47 U.S.C. § 230", "1996-02-08"),
    ("blame", "47 U.S.C. § 230", ""),
    ("diff", "17 U.S.C. § 512", "1998-10-28"),
    ("blame", "17 U.S.C. § 512", ""),
    ("diff", "47 U.S.C. § 223", "1996-02-08"),
    ("blame", "47 U.S.C. § 223", ""),
)


def main() -> None:
    """Measure and print."""
    for name, rate in reading():
        print(f"{name:<44}{rate:>8.1f} MB/s")
    for unit, seconds in slowest(5):
        print(f"{f'cite, 1 MB of {unit!r}':<44}{seconds:>8.2f} s")
    for folder in sys.argv[1:]:
        for name, first, again in comparing(Path(folder)):
            print(f"{name:<44}{first * 1000:>8.1f} ms at first{again * 1000:>8.1f} ms again")


def reading() -> list[tuple[str, float]]:
    """Millions of characters a second: of prose with statutes and bills."""
    text = PROSE * (SIZE // len(PROSE))
    citation.find(PROSE)
    return [("cite, prose with statutes and bills", len(text) / 1e6 / least(lambda: citation.find(text)))]


def slowest(most: int) -> list[tuple[str, float]]:
    """The texts of 1 MB that take longest, of those that repeat one thing to be slow, with seconds."""
    units: list[str] = yaml.safe_load(HOSTILE.read_text(encoding="utf-8"))
    spent = [(unit, least(partial(citation.find, unit * (SIZE // len(unit))), 1)) for unit in units]
    return sorted(spent, key=lambda pair: -pair[1])[:most]


def comparing(folder: Path) -> list[tuple[str, float, float]]:
    """Seconds of `diff` and `blame` of whole sections: with nothing remembered, and asked again."""
    store = connect(folder)
    answers.at(store, "47 U.S.C. § 230", "today")
    rows = []
    for name, cite, day in WHOLE:
        ask = partial(redline.diff, store, cite, day, "today") if day else partial(redline.blame, store, cite, "today")
        rows.append((f"{name} {cite}", least(ask, 1), least(ask)))
    return rows


def least(work: Callable[[], object], times: int = 3) -> float:
    """The least processor time of several runs, in seconds."""
    spent = []
    for _ in range(times):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return min(spent)


if __name__ == "__main__":
    main()
