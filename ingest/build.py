"""The build: sources in, a published release out.

Files are read and mapped in parallel, each document into a named graph of its own; the merged graph, the ledger's
versions and the descriptions in ``/graph/meta`` are made from all of them; everything is sorted into one dump, loaded
into a new store beside the old one, checked, and made current by one rename. No clock, no file name and no random id
enters the graph: the same inputs give the same dump, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import pickle
import shutil
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from io import BufferedReader
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import pyoxigraph as ox

from graph import iri, network, networks, release, shapes
from graph.records import Bill, BillText, Committee, Day, LawText, Person, Rejected, Section, Source, Vote
from graph.store import Embedded
from graph.vocabulary import META, ONTOLOGY, PREFIXES, S230, ref, text
from ingest import curated, documents, formats, instructions, mapper, merge, noted, sources, spool

Progress = Callable[[str, int, int], None]
"""Called with the name of a step, what is done of it, and how much there is."""

SLICE = 500_000
"""Quads loaded at once."""

CHUNK = 32
"""Files handed to a worker process at once."""


class Outcome(NamedTuple):
    """What became of one file: ``read``, ``skipped`` or ``rejected``, with the reason, and its blocks and graphs."""

    path: str
    format: str
    status: str
    reason: str = ""
    documents: int = 0
    records: int = 0
    quads: int = 0
    blocks: tuple[spool.Block, ...] = ()
    graphs: tuple[tuple[str, Source], ...] = ()
    rejections: tuple[tuple[str, str], ...] = ()


def build(
    paths: Iterable[Path],
    out: Path,
    *,
    with_curated: bool = True,
    strict: bool = False,
    jobs: int | None = None,
    progress: Progress = lambda step, done, total: None,
) -> dict[str, Any]:
    """Build a release from `paths` (files, folders, archives) and the curated data into `out`; the report.

    The report says of every file whether it was read, skipped or rejected, and why. With `strict` nothing is published
    when something was rejected: the report says so under ``published``. Raises `facts.FactsError` where the curated
    data contradict themselves, and `OSError` where `out` cannot be written.
    """
    seconds: dict[str, float] = {}
    with release.aside(out) as workplace:
        spools = workplace / "spool"
        spools.mkdir()
        with _timed(seconds, "find"):
            items, outcomes = _find(paths)
        with _timed(seconds, "curated"):
            facts = curated.load() if with_curated else curated.NOTHING
            setting = _setting(items, facts)
        with _timed(seconds, "read"):
            outcomes += _read(items, setting, spools, jobs, progress)
        with _timed(seconds, "map"):
            mapped = _map_curated(facts, setting, spools)
        blocks, graphs = _gather(outcomes, mapped)
        with _timed(seconds, "merge"):
            total, checksum = _write_dump(workplace, blocks, graphs, facts, progress)
        with _timed(seconds, "load"):
            store = ox.Store(str(workplace / "store"))
            _load(store, workplace / "dump.nq")
        with _timed(seconds, "analysis.shacl"):
            violations = _violations(workplace / "dump.nq")
        with _timed(seconds, "analysis.positions"):
            network.keep_story(Embedded.over(store, workplace, checksum), workplace / network.STORY)
        with _timed(seconds, "analysis.networks"):
            networks.keep(Embedded.over(store, workplace, checksum), workplace / networks.FILE)
        counts = _counts(store)
        del store
        report = _report([*outcomes, mapped], counts, total, checksum, seconds, violations)
        rejected = report["totals"]["rejected"]
        report["published"] = not (strict and rejected)
        if report["published"]:
            with _timed(seconds, "publish"):
                spool.pack(workplace / "dump.nq")
                shutil.rmtree(spools)
                about = {
                    "dump_sha256": checksum,
                    "quads": total,
                    "triples": counts["merged"],
                    "graphs": counts["graphs"],
                    "coverage": {family: day for family, day in _coverage(graphs) if day},
                }
                release.write_aside(workplace / "report.json", _json(report))
                report["release"] = release.publish(workplace, out, about).name
        release.write_aside(out / "report.json", _json(report))
    return report


def _load(store: ox.Store, dump: Path) -> None:
    """Load a dump slice by slice: in one go Oxigraph keeps all of it in memory, 2 GB for 2.4 million quads."""
    with dump.open("rb") as file:
        while lines := b"".join(islice(file, SLICE)):
            store.bulk_load(input=lines, format=ox.RdfFormat.N_QUADS)
    store.flush()


@contextmanager
def _timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    seconds[step] = round(time.perf_counter() - begun, 3)


def _json(report: dict[str, Any]) -> str:
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


# --- reading ---------------------------------------------------------------------------------------------------------


def _find(paths: Iterable[Path]) -> tuple[list[sources.Item], list[Outcome]]:
    items: list[sources.Item] = []
    outcomes: list[Outcome] = []
    for found in sources.walk(paths):
        if isinstance(found, sources.Item):
            items.append(found)
        else:
            outcomes.append(Outcome(found[0], "", "rejected", found[1].reason))
    return items, outcomes


def _setting(items: list[sources.Item], facts: curated.Curated) -> mapper.Setting:
    """What every document is mapped against. People come first: other records name them by ids of other systems."""
    days = [(i.entry.family, i.entry.coverage) for i in items if i.entry and i.entry.coverage]
    people = sorted(p for item in items for p in _people(item))
    return mapper.Setting(
        today=max([facts.coverage, *(day for family, day in days if not merge.is_sample(family))]),
        earliest_code=min((day for family, day in days if family == "us-code"), default=None),
        timelines=facts.timelines,
        thomas={thomas: bioguide for bioguide, thomas, _ in people if thomas},
        lis={lis: bioguide for bioguide, _, lis in people if lis},
    )


def _people(item: sources.Item) -> Iterator[tuple[str, str, str]]:
    """The people of a file by Bioguide, THOMAS and LIS id."""
    if item.member:
        return
    try:
        with sources.open_item(item) as stream:
            reader = formats.detect(stream)
            if reader is formats.LEGISLATORS:
                yield from ((r.bioguide, r.thomas, r.lis) for r in reader.read(stream) if isinstance(r, Person))
    except (OSError, sources.Unreadable):
        return


def _read(
    items: list[sources.Item], setting: mapper.Setting, spools: Path, jobs: int | None, progress: Progress
) -> list[Outcome]:
    """Read and map every file, in as many processes as there are cores; a few files are not worth a process."""
    workers = jobs or os.cpu_count() or 1
    outcomes: list[Outcome] = []
    if workers == 1 or len(items) < 2 * CHUNK:
        _begin(setting, spools)
        for item in items:
            outcomes.append(_map_item(item))
            progress("reading", len(outcomes), len(items))
        _end()
        return outcomes
    (spools / SETTING).write_bytes(pickle.dumps(setting))
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin_worker, (spools,))
    try:
        with pool:
            for outcome in pool.map(_map_item, items, chunksize=CHUNK):
                outcomes.append(outcome)
                progress("reading", len(outcomes), len(items))
    except BrokenProcessPool:
        raise ChildProcessError("a process that reads files was ended; with less memory try --jobs 1") from None
    return outcomes


SETTING = "setting"
"""The file through which worker processes get the setting: one that dies at its start leaves a full pipe behind."""

_worker: dict[str, Any] = {}
"""What a worker process keeps between files: the setting, and the spool file of its own."""


def _begin_worker(spools: Path) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _begin(pickle.loads((spools / SETTING).read_bytes()), spools)


def _end_with_parent() -> None:
    """End this process when the build is killed: it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _begin(setting: mapper.Setting, spools: Path) -> None:
    _worker["setting"] = setting
    _worker["spool"] = spool.Spool(spools / f"facts-{os.getpid()}")


def _end() -> None:
    _worker.pop("spool").close()


def _map_item(item: sources.Item) -> Outcome:
    """Read one file and write its facts to the spool. Never raises for what is in the file, foreseen or not."""
    shown = item.name
    try:
        with sources.open_item(item) as stream:
            checksum = hashlib.file_digest(cast(BufferedReader, stream), "sha256").hexdigest()
        with sources.open_item(item) as stream:
            reader = formats.detect(stream)
            if reader is None:
                return Outcome(shown, "", "skipped", "no format of ours")
            return _map_stream(item, shown, reader, stream, checksum)
    except (OSError, sources.Unreadable) as error:
        return Outcome(shown, "", "rejected", getattr(error, "strerror", None) or " ".join(str(error).split()))
    except Exception as error:
        return Outcome(
            shown, "", "rejected", f"cannot be read: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        )


def _map_stream(item: sources.Item, shown: str, reader: formats.Reader, stream: BinaryIO, checksum: str) -> Outcome:
    blocks: list[spool.Block] = []
    graphs: dict[str, Source] = {}
    rejections: list[tuple[str, str]] = []
    records = quads = 0
    for record in reader.read(stream):
        if isinstance(record, Rejected):
            rejections.append((f"{shown}:{record.where}" if record.where else shown, record.reason))
            continue
        records += 1
        found = sources.source_of(item, documents.document(record), documents.updated(record), checksum)
        source = documents.described(found, record)
        path = iri.graph(source)
        graphs[path] = source
        written, lines = _spooled(map_record(record, source, _worker["setting"]), source, path, documents.thing(record))
        blocks += written
        quads += lines
    _worker["spool"].flush()
    if rejections and not records:
        return Outcome(shown, reader.NAME, "rejected", rejections[0][1], rejections=tuple(rejections))
    return Outcome(
        shown,
        reader.NAME,
        "read",
        documents=len(graphs),
        records=records,
        quads=quads,
        blocks=tuple(blocks),
        graphs=tuple(graphs.items()),
        rejections=tuple(rejections),
    )


def map_record(record: Any, source: Source, setting: mapper.Setting) -> Iterator[mapper.Fact]:
    """The facts of an official record of any kind."""
    match record:
        case Section():
            return _section(record, source, setting)
        case Bill():
            return mapper.bill(record, setting)
        case Vote():
            return mapper.vote(record, setting)
        case Person():
            return mapper.person(record)
        case Committee():
            return mapper.committee(record)
        case BillText():
            return mapper.bill_text(record, instructions.read(record.text), setting)
        case LawText(law=law):
            return chain(mapper.law(law), *(mapper.law_section(section, law) for section in law.sections))
    raise TypeError(f"no mapping for {type(record).__name__}")


def _section(record: Section, source: Source, setting: mapper.Setting) -> Iterator[mapper.Fact]:
    """The facts of a section, with the history that its notes tell where we keep none by hand."""
    own = record.provision.identifier
    told = (
        None
        if own in setting.timelines or not source.snapshot
        else noted.history(record, source.snapshot, source.coverage)
    )
    if told is None:
        return mapper.section(record, source, setting)
    setting = setting._replace(timelines={**setting.timelines, own: told.line})
    return chain(mapper.section(record, source, setting), mapper.noted(record, source, setting, told))


def _spooled(
    facts: Iterable[mapper.Fact], source: Source, path: str, own: str, role: str = ""
) -> tuple[list[spool.Block], int]:
    """Write what a document says to the spool: its blocks, one a thing, and the number of statements."""
    by_thing: dict[str, dict[str, None]] = defaultdict(dict)
    for thing, _, line in facts:
        by_thing[thing][line] = None
    writer: spool.Spool = _worker["spool"]
    about, file = (source.family, path, source.snapshot, source.confidence), str(writer.path)
    blocks = [
        spool.Block(thing, *about, thing == own, file, *writer.write(lines), role) for thing, lines in by_thing.items()
    ]
    return blocks, sum(map(len, by_thing.values()))


# --- curated data ----------------------------------------------------------------------------------------------------


def _map_curated(facts: curated.Curated, setting: mapper.Setting, spools: Path) -> Outcome:
    """The curated data and the tables, each evidence entry and each record's extract a graph of its own."""
    _worker["spool"] = spool.Spool(spools / "curated")
    blocks: list[spool.Block] = []
    graphs: dict[str, Source] = {}
    records = quads = 0
    for source, own, said, role in curated.statements(facts, setting):
        path = iri.graph(source)
        graphs[path] = source
        written, lines = _spooled(said, source, path, own, role)
        blocks += written
        records += 1
        quads += lines
    _end()
    return Outcome("", "curated", "", "", len(graphs), records, quads, tuple(blocks), tuple(graphs.items()))


def _gather(outcomes: list[Outcome], mapped: Outcome) -> tuple[list[spool.Block], dict[str, Source]]:
    """All blocks and graphs. An extract of a document yields to the document itself where that is loaded.

    Two files that are one document on one day share its graph; which of them describes it depends on what they are,
    never on where they lie.
    """
    official: dict[str, Source] = {}
    for outcome in outcomes:
        for path, source in outcome.graphs:
            official[path] = min(source, official.get(path, source), key=repr)
    blocks = [block for outcome in outcomes for block in outcome.blocks]
    blocks += [b for b in mapped.blocks if not (b.role == spool.EXTRACT and b.graph in official)]
    return blocks, {**dict(mapped.graphs), **official}


# --- the dump --------------------------------------------------------------------------------------------------------


def _write_dump(
    workplace: Path, blocks: list[spool.Block], graphs: dict[str, Source], facts: curated.Curated, progress: Progress
) -> tuple[int, str]:
    with spool.Lines() as lines:
        quads = _quads(blocks, graphs, facts, lines, progress)
        return spool.dump(spool.sort(quads, workplace / "spool"), workplace / "dump.nq")


def _quads(
    blocks: list[spool.Block],
    graphs: dict[str, Source],
    facts: curated.Curated,
    lines: spool.Lines,
    progress: Progress,
) -> Iterator[str]:
    for position, block in enumerate(blocks, 1):
        graph = ref(block.graph)
        for line in lines.of(block):
            yield f"{line} {graph} ."
        if position % 5000 == 0:
            progress("writing", position, len(blocks))
    vocabulary = Source("ontology", "ontology", title="Vocabulary of this graph", address=PREFIXES["s230"])
    for line in _ontology():
        yield f"{line} ."
        yield f"{line} {ref('/graph/ontology')} ."
    day = facts.coverage or None
    conflicts = Source("derived", "conflicts", day, day, title="Disagreements between sources")
    sides: set[str] = set()
    for line, of_merge in merge.merge(blocks, lines):
        yield f"{line} ."
        if of_merge:
            yield f"{line} {ref(iri.graph(conflicts))} ."
            _, predicate, value = line.split(" ", 2)
            sides |= {iri.path(value[1:-1])} if predicate == S230.saidIn else set()
    ours = {"/graph/ontology": vocabulary}
    if sides:
        ours[iri.graph(conflicts)] = conflicts._replace(derived_from=tuple(sorted(sides)))
    described = list(_meta({**graphs, **ours}, facts))
    described.append(f"{ref(META)} {S230.sha256} {text(_digest(described))}")
    yield from (f"{line} ." for line in described if line.startswith(f"<{iri.BASE}/family/"))
    yield from (f"{line} {ref(META)} ." for line in described)


def _meta(graphs: dict[str, Source], facts: curated.Curated) -> Iterator[str]:
    for path, source in graphs.items():
        yield from mapper.source_graph(path, source)
    for document in facts.documents:
        yield from mapper.source_document(document)
    publishers = {s.family: s.publisher for s in sorted(graphs.values(), key=lambda s: (s.family, s.publisher))}
    for family, day in _coverage(graphs):
        yield from mapper.family(family, day, publishers[family], family)
    yield from mapper.meta_graph()


def _coverage(graphs: dict[str, Source]) -> list[tuple[str, Day | None]]:
    """The coverage day of each family that is in the graph."""
    days: dict[str, Day | None] = {}
    for source in graphs.values():
        days[source.family] = max(filter(None, (days.get(source.family), source.coverage)), default=None)
    return sorted(days.items())


def _ontology() -> Iterator[str]:
    for quad in ox.parse(path=str(ONTOLOGY), format=ox.RdfFormat.TURTLE):
        yield f"{quad.subject} {quad.predicate} {quad.object}"


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


# --- the report ------------------------------------------------------------------------------------------------------


def _counts(store: ox.Store) -> dict[str, int]:
    def count(pattern: str) -> int:
        (row,) = cast(ox.QuerySolutions, store.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"))
        return int(row["n"].value)

    return {
        "merged": count("?s ?p ?o"),
        "graphs": sum(1 for _ in store.named_graphs()),
        "conflicts": count(f"?s a {S230.Conflict}"),
    }


def _violations(dump: Path) -> list[shapes.Violation]:
    with dump.open(encoding="utf-8", newline="\n") as file:
        return list(shapes.violations(line[:-1] for line in file))


def _report(
    outcomes: list[Outcome],
    counts: dict[str, int],
    total: int,
    checksum: str,
    seconds: dict[str, float],
    violations: list[shapes.Violation],
) -> dict[str, Any]:
    """The report: sums under ``totals`` are those of ``formats``; what we wrote ourselves is the format ``curated``."""
    formats_found: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome in outcomes:
        counter = formats_found[outcome.format or "unknown"]
        counter[outcome.status] += 1
        counter["rejected"] += len(outcome.rejections) if outcome.status == "read" else 0
        counter["documents"] += outcome.documents
        counter["records"] += outcome.records
        counter["quads"] += outcome.quads
    rejected = [
        *({"path": o.path, "reason": o.reason} for o in outcomes if o.status == "rejected"),
        *({"path": p, "reason": r} for o in outcomes if o.status == "read" for p, r in o.rejections),
    ]
    keys = ("read", "skipped", "rejected", "documents", "records", "quads")
    summed = {key: sum(counter[key] for counter in formats_found.values()) for key in keys}
    files = [outcome for outcome in outcomes if outcome.path]
    return {
        "formats": {name: {key: counter[key] for key in keys} for name, counter in sorted(formats_found.items())},
        "totals": {
            "files": len(files),
            **{key: total for key, total in summed.items() if key != "quads"},
            "said": summed["quads"],
            "quads": total,
            "merged": counts["merged"],
            "named": total - counts["merged"],
            "graphs": counts["graphs"],
        },
        "conflicts": counts["conflicts"],
        "violations": [v._asdict() for v in violations],
        "dump_sha256": checksum,
        "seconds": seconds,
        "rejected": rejected,
        "skipped": [{"path": o.path, "reason": o.reason} for o in files if o.status == "skipped"],
        "files": [
            {"path": o.path, "format": o.format, "status": o.status, **({"reason": o.reason} if o.reason else {})}
            for o in files
        ],
    }
