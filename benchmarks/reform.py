"""What it costs to apply bills to the text and to hold the bills of a Congress against each other.

    python -m benchmarks.reform RELEASES

The folder holds a release; with the official text of the Code and of bills in it, more of them can be measured.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from graph import collisions, families, proposals, simulation
from graph.store import connect


def main() -> None:
    """Measure and print."""
    store = connect(Path(sys.argv[1]))
    show("reading what all bills would do, once", taken(lambda: proposals.instructions(store)))
    bills = sorted(proposals.instructions(store))
    first = [taken(lambda bill=bill: simulation.simulate(store, [bill])) for bill in bills]  # type: ignore[misc]
    again = [taken(lambda bill=bill: simulation.simulate(store, [bill])) for bill in bills]  # type: ignore[misc]
    show(f"simulate, first time, slowest of {len(bills)}", max(first))
    show("simulate, again, median", statistics.median(again))
    show("simulate, again, slowest", max(again))
    for congress in collisions.congresses(store)[-2:]:
        show(f"collisions of the {congress}th Congress", taken(lambda: collisions.matrix(store, str(congress))))  # noqa: B023
    show("families", taken(lambda: families.families(store)))


def taken(work: object) -> float:
    """Seconds that a piece of work takes."""
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begun


def show(name: str, seconds: float) -> None:
    """One row, in milliseconds."""
    print(f"{name:<44}{seconds * 1000:>9.1f} ms")


if __name__ == "__main__":
    main()
