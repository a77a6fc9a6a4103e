"""What a build costs, beside what nobody can do without: Oxigraph's bulk loader, the XML parser, rdflib.

    python -m benchmarks.build ../shared/corpus

Prints, all in one run: the whole build against the bulk loader alone on the same quads from one N-Quads file; peak
memory; a build of half the files of the first archive against all of them; BILLSTATUS files read and mapped a second
against parsing alone; the same facts put into an rdflib graph; a build on top after one file changed. Seconds are those
of the clock; behind them stand those of all cores, which other work on the machine moves less.
"""

from __future__ import annotations

import gc
import gzip
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox
import rdflib
from lxml import etree

from graph import release
from graph.records import Bill
from ingest import billstatus, mapper, sources

LOADER = """
import sys, pyoxigraph
pyoxigraph.Store(sys.argv[1]).bulk_load(path=sys.argv[2], format=pyoxigraph.RdfFormat.N_QUADS)
"""
SAMPLE = 1000
"""BILLSTATUS files that are read and mapped in one process."""


class Cost(NamedTuple):
    """Seconds by the clock, seconds of all cores, and megabytes of all processes together at their most."""

    clock: float
    cores: float
    memory: float


def main() -> None:
    """Measure and print."""
    given = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        archive = next(given.rglob("*billstatus*.zip"), None)
        if archive:
            show_reading([content for _, content in members(archive, 1)])
        source, out = Path(shutil.copytree(given, home / "source")), home / "out"
        whole, report = built([source], out)
        steps: dict[str, float] = report["seconds"]
        analyses = sum(seconds for step, seconds in steps.items() if step.startswith("analysis."))
        print(f"{report['totals']['files']:,} files, {report['totals']['quads']:,} quads; steps {steps}")
        dump = home / "dump.nq"
        with gzip.open(release.current(out) / "dump.nq.gz") as packed, dump.open("wb") as plain:
            shutil.copyfileobj(packed, plain, 1 << 20)
        loader = run([sys.executable, "-c", LOADER, str(home / "store"), str(dump)])
        shutil.rmtree(home / "store")
        show("Oxigraph's bulk loader alone", loader, loader)
        show("whole build, with analyses", whole, loader)
        show("whole build, without", whole._replace(clock=whole.clock - analyses), loader)
        changed = change(source)
        again, second = built([source], out)
        less = sum(seconds for step, seconds in second["seconds"].items() if step.startswith("analysis."))
        print(f"{second['reused']['files']:,} files not read again; steps {second['seconds']}; changed {changed.name}")
        show("build after one changed file, with analyses", again, whole)
        rest = whole._replace(clock=whole.clock - analyses)
        show("build after one changed file, without", again._replace(clock=again.clock - less), rest)
        sizes = {
            "store": size(release.current(out) / "store"),
            "facts": size(release.current(out) / "facts"),
            "dump": dump.stat().st_size,
            "dump.gz": (release.current(out) / "dump.nq.gz").stat().st_size,
        }
        print("megabytes: " + ", ".join(f"{name} {number / 1e6:,.0f}" for name, number in sizes.items()))
        if archive:
            half, _ = built([part(archive, home / "half.zip", 4)], home / "half", "--no-curated")
            full, _ = built([part(archive, home / "full.zip", 2)], home / "full", "--no-curated")
            show("a quarter of the archive", half, half)
            show("twice as many files", full, half)


def show(name: str, cost: Cost, yardstick: Cost) -> None:
    """One row: seconds and memory, and how many times the yardstick's seconds."""
    print(
        f"{name:<45}{cost.clock:>8.1f} s{cost.clock / yardstick.clock:>7.2f} x"
        f"   cores {cost.cores:>7.1f} s{cost.cores / yardstick.cores:>7.2f} x   {cost.memory:>6.0f} MB",
        flush=True,
    )


def show_reading(files: list[bytes]) -> None:
    """BILLSTATUS read and mapped in one process, against parsing alone and against an rdflib graph."""
    setting = mapper.Setting("2026-06-26")
    sample = files[:: max(1, len(files) // SAMPLE)]
    parsing = timed(lambda: [etree.fromstring(content) for content in sample])
    records: list[Bill] = []
    facts: list[str] = []

    def read() -> None:
        records.clear()
        for content in sample:
            records.extend(r for r in billstatus.read(io.BytesIO(content)) if isinstance(r, Bill))

    def mapped() -> None:
        facts.clear()
        for record in records:
            facts.extend(line for _, _, line in mapper.bill(record, setting))

    reading, mapping = timed(read), timed(mapped)
    rate = len(sample) / (reading + mapping)
    print(f"BILLSTATUS parsed alone: {len(sample) / parsing:,.0f} files a second and core")
    print(f"read and mapped: {rate:,.0f} files a second and core, {parsing / (reading + mapping):.2f} of parsing alone")
    terms = list(islice(terms_of(facts), 200_000))
    rate = len(terms) / timed(lambda: fill(terms))
    ours = len(facts) / mapping
    print(f"records into N-Quads: {ours:,.0f} quads a second; into an rdflib graph {rate:,.0f}; {ours / rate:.1f} x")


def terms_of(facts: list[str]) -> Iterator[tuple[Any, ...]]:
    """The facts as plain values from which rdflib makes terms."""
    for triple in ox.parse("".join(f"{line} .\n" for line in facts).encode(), ox.RdfFormat.N_TRIPLES):
        value = triple.object
        kind = value.datatype.value if isinstance(value, ox.Literal) else None
        yield triple.subject.value, triple.predicate.value, value.value, kind  # type: ignore[union-attr]


def fill(terms: list[tuple[Any, ...]]) -> rdflib.Graph:
    """An rdflib graph of them."""
    graph = rdflib.Graph()
    for subject, predicate, value, kind in terms:
        node = rdflib.URIRef(value) if kind is None else rdflib.Literal(value, datatype=rdflib.URIRef(kind))
        graph.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), node))
    return graph


def timed(work: Callable[[], Any], times: int = 3) -> float:
    """The fewest seconds of this core that a piece of work takes."""
    found = []
    for _ in range(times):
        gc.collect()
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def built(paths: list[Path], out: Path, *options: str) -> tuple[Cost, dict[str, Any]]:
    """What a build of `paths` into `out` costs, and its report."""
    named = [argument for path in paths for argument in ("--source", str(path))]
    cost = run([sys.executable, "-m", "api.cli", "build", *named, "--out", str(out), *options])
    return cost, json.loads((out / "report.json").read_bytes())


def run(command: list[str]) -> Cost:
    """What a command costs, with the processes that it begins."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    most = [0.0]
    watch = threading.Thread(target=watched, args=(process, most))
    watch.start()
    process.wait()
    seconds = time.perf_counter() - begun
    watch.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, most[0])


def watched(process: subprocess.Popen[bytes], most: list[float]) -> None:
    """Note the most memory that the processes of a session have at one time; what they share counts once (Linux)."""
    while process.poll() is None:
        most[0] = max(
            most[0], sum(memory(each) for each in Path("/proc").glob("[0-9]*") if in_session(each, process.pid))
        )
        time.sleep(0.2)


def in_session(process: Path, session: int) -> bool:
    """Whether a process belongs to a session."""
    try:
        return os.getsid(int(process.name)) == session
    except OSError:
        return False


def memory(process: Path) -> float:
    """The megabytes of a process, its share of what others have too."""
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:"))) / 1024
    except OSError:
        return 0.0


def members(archive: Path, step: int) -> Iterator[tuple[str, bytes]]:
    """Every so many of the files of an archive."""
    with zipfile.ZipFile(archive) as packed:
        for name in sorted(name for name in packed.namelist() if name.endswith(".xml"))[::step]:
            yield name, packed.read(name)


def part(archive: Path, out: Path, step: int) -> Path:
    """An archive of every so many of the files of another."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, content in members(archive, step):
            packed.writestr(name, content)
    return out


def change(source: Path) -> Path:
    """Change one word in one file: the first section of the Code that holds it, else the first file of bills."""
    for item in sources.walk([source]):
        if isinstance(item, sources.Item) and not item.member and item.path.endswith(".xml"):
            path = Path(item.path)
            content = path.read_bytes()
            if content.count(b" shall ") > 1:
                path.chmod(0o644)
                path.write_bytes(content.replace(b" shall ", b" must ", 1))
                return path
    raise SystemExit(f"{source}: no XML file to change")


def size(folder: Path) -> int:
    """The bytes of the files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
