"""The build: sources in, a published release out.

Files are read and mapped in parallel, each document into a named graph of its own; the merged graph, the ledger's
versions and the descriptions in ``/graph/meta`` are made from all of them; everything is sorted into one dump, brought
into a new store beside the old one, checked, and made current by one rename. What an earlier build read in a file that
is as it was is not read again (`ingest.kept`), and its store is changed rather than filled (`ingest.bulk`). No clock,
no file name and no random id enters the graph: the same inputs give the same dump, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import pickle
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyoxigraph as ox

from graph import iri, network, networks, release, shapes
from graph.records import Bill, BillText, Committee, Day, LawText, Person, Rejected, Section, Source, Vote
from graph.store import Embedded
from graph.vocabulary import META, ONTOLOGY, PREFIXES, S230, ref, text
from ingest import bulk, curated, documents, formats, instructions, kept, mapper, merge, noted, sources, spool
from ingest.outcome import KEPT, Outcome

Progress = Callable[[str, int, int], None]
"""Called with the name of a step, what is done of it, and how much there is."""

CHUNK = 32
"""Files handed to a worker process at once."""


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
        spools = workplace / kept.FACTS
        spools.mkdir()
        with _timed(seconds, "find"):
            items, outcomes = _find(paths)
        with _timed(seconds, "curated"):
            facts = curated.load() if with_curated else curated.NOTHING
            setting = _setting(items, facts)
            era = kept.era(setting)
            before = kept.read(release.latest(out), era)
            kept.link(before, spools)
        with _timed(seconds, "read"):
            outcomes += _read(items, setting, before, spools, jobs, progress)
        graphs = _described(outcomes)
        with _timed(seconds, "map"):
            mapped = _map_curated(facts, setting, graphs, spools)
        stretches = [o.stretch for o in (*outcomes, mapped) if o.stretch]
        graphs = {**dict(mapped.graphs), **graphs}
        with _timed(seconds, "load"), _store(workplace, before) as take:
            total, checksum = _write_dump(workplace, stretches, graphs, facts, take, progress)
        store = ox.Store(str(workplace / "store"))
        with ThreadPoolExecutor(1) as pool:
            packing = pool.submit(spool.pack, workplace / "dump.nq")
            with _timed(seconds, "analysis.shacl"):
                violations = _violations(workplace / "dump.nq")
            with _timed(seconds, "analysis.positions"):
                network.keep_story(Embedded.over(store, workplace, checksum), workplace / network.STORY)
            with _timed(seconds, "analysis.networks"):
                networks.keep(Embedded.over(store, workplace, checksum), workplace / networks.FILE)
            with _timed(seconds, "count"):
                counts = _counts(store)
            del store
            with _timed(seconds, "pack"):
                packing.result()
        report = _report([*outcomes, mapped], counts, total, checksum, seconds, violations, before)
        rejected = report["totals"]["rejected"]
        report["published"] = not (strict and rejected)
        with _timed(seconds, "publish"):
            if report["published"]:
                (workplace / "dump.nq").unlink()
                kept.write(outcomes, era, spools)
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


def _store(workplace: Path, before: kept.Kept) -> AbstractContextManager[bulk.Taker]:
    """What takes the dump into the new store: the earlier one with what changed, where there is one of the same era."""
    if before.release is None:
        return bulk.filling(workplace / "store")
    return bulk.changing(workplace / "store", before.release, workplace / "dump.nq")


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
    items: list[sources.Item],
    setting: mapper.Setting,
    before: kept.Kept,
    spools: Path,
    jobs: int | None,
    progress: Progress,
) -> list[Outcome]:
    """Read and map every file that is not kept, in as many processes as there are cores; a few are not worth one."""
    known = frozenset(before.files)
    workers = jobs or os.cpu_count() or 1
    outcomes: list[Outcome] = []
    if workers == 1 or len(items) < 2 * CHUNK:
        _begin(setting, known, spools)
        for item in items:
            outcomes.append(_taken(_map_item(item), before))
            progress("reading", len(outcomes), len(items))
        _end()
        return outcomes
    (spools / SETTING).write_bytes(pickle.dumps((setting, known)))
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin_worker, (spools,))
    try:
        with pool:
            for outcome in pool.map(_map_item, items, chunksize=CHUNK):
                outcomes.append(_taken(outcome, before))
                progress("reading", len(outcomes), len(items))
    except BrokenProcessPool:
        raise ChildProcessError("a process that reads files was ended; with less memory try --jobs 1") from None
    return outcomes


def _taken(outcome: Outcome, before: kept.Kept) -> Outcome:
    if outcome.status != KEPT:
        return outcome
    return before.files[outcome.key]._replace(path=outcome.path, reused=True)


SETTING = "setting"
"""The file through which worker processes get the setting: one that dies at its start leaves a full pipe behind."""

_worker: dict[str, Any] = {}
"""What a worker process keeps between files: the setting, and the spool file of its own."""


def _begin_worker(spools: Path) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    setting, known = pickle.loads((spools / SETTING).read_bytes())
    _begin(setting, known, spools)


def _end_with_parent() -> None:
    """End this process when the build is killed: it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _begin(setting: mapper.Setting, known: frozenset[str], spools: Path) -> None:
    _worker["setting"], _worker["known"] = setting, known
    _worker["spool"] = spool.new(spools)


def _end() -> None:
    _worker.pop("spool").close()


def _map_item(item: sources.Item) -> Outcome:
    """Read one file and write its facts to the spool. Never raises for what is in the file, foreseen or not."""
    shown = item.name
    try:
        with sources.content(item) as (stream, checksum):
            key = hashlib.sha256(f"{checksum} {item.entry!r}".encode()).hexdigest()
            if key in _worker["known"]:
                return Outcome(shown, "", KEPT, key=key)
            reader = formats.detect(stream)
            if reader is None:
                return Outcome(shown, "", "skipped", "no format of ours")
            return _map_stream(item, shown, reader, stream, checksum)._replace(key=key)
    except (OSError, sources.Unreadable) as error:
        return Outcome(shown, "", "rejected", getattr(error, "strerror", None) or " ".join(str(error).split()))
    except Exception as error:
        return Outcome(
            shown, "", "rejected", f"cannot be read: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        )


def _map_stream(item: sources.Item, shown: str, reader: formats.Reader, stream: BinaryIO, checksum: str) -> Outcome:
    graphs: dict[str, Source] = {}
    rejections: list[tuple[str, str]] = []
    records = quads = 0
    _worker["spool"].stretch()  # passes over what a file left behind whose reading failed half-way
    for record in reader.read(stream):
        if isinstance(record, Rejected):
            rejections.append((record.where, record.reason))
            continue
        records += 1
        found = sources.source_of(item, documents.document(record), documents.updated(record), checksum)
        source = documents.described(found, record)
        path = iri.graph(source)
        graphs[path] = source
        quads += _spooled(map_record(record, source, _worker["setting"]), source, path, documents.thing(record))
    stretch = _worker["spool"].stretch()
    if rejections and not records:
        return Outcome(shown, reader.NAME, "rejected", rejections[0][1], rejections=tuple(rejections))
    return Outcome(
        shown,
        reader.NAME,
        "read",
        documents=len(graphs),
        records=records,
        quads=quads,
        stretch=stretch,
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
    """The facts of a section, with the history that its notes tell where we keep none by hand; where we do, with what
    they tell otherwise."""
    own = record.provision.identifier
    if kept := setting.timelines.get(own):
        otherwise = mapper.told_otherwise(noted.told_otherwise(record, kept.effects.values()))
        return chain(mapper.section(record, source, setting), otherwise)
    told = noted.history(record, source.snapshot, source.coverage) if source.snapshot else None
    if told is None:
        return mapper.section(record, source, setting)
    setting = setting._replace(timelines={**setting.timelines, own: told.line})
    return chain(mapper.section(record, source, setting), mapper.noted(record, source, setting, told))


def _spooled(facts: Iterable[mapper.Fact], source: Source, path: str, own: str, role: str = "") -> int:
    """Write what a document says to the spool, in blocks, one a thing; the number of statements."""
    by_thing: dict[str, dict[str, None]] = defaultdict(dict)
    for thing, _, line in facts:
        by_thing[thing][line] = None
    writer: spool.Spool = _worker["spool"]
    about, file = (source.family, path, source.snapshot, source.confidence), writer.path.name
    writer.note(
        spool.Block(thing, *about, thing == own, file, *writer.write(lines), role) for thing, lines in by_thing.items()
    )
    return sum(map(len, by_thing.values()))


# --- curated data ----------------------------------------------------------------------------------------------------


def _map_curated(facts: curated.Curated, setting: mapper.Setting, official: Container[str], spools: Path) -> Outcome:
    """The curated data and the tables, each evidence entry and each record's extract a graph of its own.

    An extract of a document yields to the document itself where that is loaded.
    """
    _worker["spool"] = spool.new(spools)
    graphs: dict[str, Source] = {}
    records = quads = 0
    for source, own, said, role in curated.statements(facts, setting):
        path = iri.graph(source)
        graphs[path] = source
        records += 1
        if role == spool.EXTRACT and path in official:
            quads += len({(thing, line) for thing, _, line in said})
        else:
            quads += _spooled(said, source, path, own, role)
    stretch = _worker["spool"].stretch()
    _end()
    return Outcome("", "curated", "", "", len(graphs), records, quads, stretch, tuple(graphs.items()))


def _described(outcomes: Iterable[Outcome]) -> dict[str, Source]:
    """The graphs of official documents.

    Two files that are one document on one day share its graph; which of them describes it depends on what they are,
    never on where they lie.
    """
    official: dict[str, Source] = {}
    for outcome in outcomes:
        for path, source in outcome.graphs:
            official[path] = min(source, official.get(path, source), key=repr)
    return official


# --- the dump --------------------------------------------------------------------------------------------------------


def _write_dump(
    workplace: Path,
    stretches: list[spool.Stretch],
    graphs: dict[str, Source],
    facts: curated.Curated,
    take: bulk.Taker,
    progress: Progress,
) -> tuple[int, str]:
    with spool.Lines(workplace / kept.FACTS) as lines:
        quads = _quads(workplace, stretches, graphs, facts, lines, progress)
        return spool.dump(spool.sort(quads, workplace), workplace / "dump.nq", take)


def _quads(
    workplace: Path,
    stretches: list[spool.Stretch],
    graphs: dict[str, Source],
    facts: curated.Curated,
    lines: spool.Lines,
    progress: Progress,
) -> Iterator[bytes]:
    """All statements, in pieces: each block in the graph of its document, each thing in the merged graph, and ours."""
    day = facts.coverage or None
    conflicts = Source("derived", "conflicts", day, day, title="Disagreements between sources")
    sides: set[str] = set()
    size, done = sum(stretch.facts for stretch in stretches), 0
    aside = workplace / "things"
    aside.mkdir()
    for position, found in enumerate(spool.by_thing(map(lines.index, stretches), aside), 1):
        for block in found:
            done += block.length
            yield _in_graph(lines.content(block), block.graph)
        for piece, of_merge in merge.merge(found, lines):
            yield piece.replace(b"\n", b" .\n")
            if of_merge:
                yield _in_graph(piece, iri.graph(conflicts))
                said = (line.split(" ", 2) for line in piece.decode().split("\n")[:-1])
                sides |= {iri.path(value[1:-1]) for _, predicate, value in said if predicate == S230.saidIn}
        if position % 5000 == 0:
            progress("writing", done, size)
    aside.rmdir()
    vocabulary = Source("ontology", "ontology", title="Vocabulary of this graph", address=PREFIXES["s230"])
    terms = _piece(_ontology())
    yield terms.replace(b"\n", b" .\n")
    yield _in_graph(terms, "/graph/ontology")
    ours = {"/graph/ontology": vocabulary}
    if sides:
        ours[iri.graph(conflicts)] = conflicts._replace(derived_from=tuple(sorted(sides)))
    described = list(_meta({**graphs, **ours}, facts))
    described.append(f"{ref(META)} {S230.sha256} {text(_digest(described))}")
    families = (line for line in described if line.startswith(f"<{iri.BASE}/family/"))
    yield _piece(families).replace(b"\n", b" .\n")
    yield _in_graph(_piece(described), META)


def _piece(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _in_graph(triples: bytes, graph: str) -> bytes:
    """Triples as statements of a named graph; a line feed ends a line and stands nowhere else."""
    return triples.replace(b"\n", f" {ref(graph)} .\n".encode())


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
    before: kept.Kept,
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
        *({"path": o.where(w), "reason": r} for o in outcomes if o.status == "read" for w, r in o.rejections),
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
        "reused": {"files": sum(o.reused for o in outcomes), "release": before.name},
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
