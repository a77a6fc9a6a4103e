"""What the networks of a whole Congress cost: every measure of it, every cosponsor, not only reform.

    python -m benchmarks.networks BILLSTATUS.zip

The archive holds BILLSTATUS files, such as those of the 115th Congress (11,277 of them). Reading them is not counted.
"""

from __future__ import annotations

import io
import resource
import sys
import time
import zipfile
from collections.abc import Iterator

from graph import cooperation, iri
from graph.cooperation import Support
from graph.records import Bill
from ingest import billstatus


def main() -> None:
    """Measure and print."""
    found = [support for bill in bills(sys.argv[1]) for support in supports(bill)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.perf_counter()
    measured = cooperation.measured(found)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(measured["summary"])
    print(f"networks of {len(measured['bills'])} bills, {len(found)} supports: {seconds:.1f} s")
    print(f"peak memory {peak:.0f} MB, of which {before:.0f} MB before")


def bills(archive: str) -> Iterator[Bill]:
    """The bills of an archive that could be read."""
    with zipfile.ZipFile(archive) as files:
        for name in sorted(name for name in files.namelist() if name.endswith(".xml")):
            for record in billstatus.read(io.BytesIO(files.read(name))):
                if isinstance(record, Bill):
                    yield record


def supports(bill: Bill) -> Iterator[Support]:
    """Who stands behind a bill."""
    for role in (bill.sponsors, bill.cosponsors or ()):
        for said in role:
            if said.withdrawn is None and said.joined:
                person = iri.person(said.bioguide)
                yield Support(iri.bill_of(bill), person, said.name, said.party, said.joined, role is bill.sponsors)


if __name__ == "__main__":
    main()
