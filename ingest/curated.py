"""The curated data on its way into the graph: facts with their evidence, tables, and the timelines they yield.

Every evidence entry of a record is a named graph of its own, with its confidence; a table's rows go into the named
graph of the official document they were taken from. The ledger of effects yields bindings and versions, in a graph a
section.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pyoxigraph as ox

from data import ROOT
from graph import iri, ledger, timeline
from graph.naming import name as label
from graph.records import (
    Actor,
    Bill,
    BillFacts,
    Case,
    Day,
    Document,
    Effect,
    Evidence,
    FactSource,
    Gap,
    Law,
    Path,
    ProvisionFacts,
    Source,
    Sponsorship,
    Vote,
    spans,
)
from graph.vocabulary import RDFS, named
from ingest import aliases, facts, gaps, mapper, spool, tables

FAMILY = "curated"
LEDGER = "ledger"
GAPS = "gaps"
NOTED = "noted-records"
"""The family of official records that were read and noted by hand: each yields to a newer copy that is loaded."""

Statement = tuple[Source, Path, Iterable[mapper.Fact], str]
"""What one source says of one thing: source, the thing it is the record of, facts, and its role (see `spool.Block`)."""


class Curated(NamedTuple):
    """All curated records, the coverage day of ours, and the timelines of the sections whose ledger we keep."""

    coverage: Day
    publisher: str
    licence: str
    records: tuple[Any, ...]
    extracts: tuple[tuple[Source, Bill | Vote], ...]
    timelines: dict[Path, timeline.Timeline]
    read_in: dict[str, Source]
    """The official documents in which the tables' parties were read, by id."""
    aliases: tuple[aliases.Alias, ...] = ()

    @property
    def documents(self) -> Iterator[FactSource]:
        """The documents in which the facts were read."""
        yield from (record for record in self.records if isinstance(record, FactSource))
        for source in self.read_in.values():
            yield FactSource(
                _read_in(source), source.title, source.family, source.publisher, source.address, source.snapshot
            )


NOTHING = Curated("", "", "", (), (), {}, {})


def load() -> Curated:
    """Read `data/`: manifest, facts, gaps and tables. Raises `facts.FactsError` where a record or row breaks a rule."""
    manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))["sources"][0]
    records: tuple[Any, ...] = tuple(facts.read(ROOT / "facts"))
    coverage: Day = manifest["coverage"]
    by_section: dict[Path, list[Effect]] = defaultdict(list)
    for record in records:
        if isinstance(record, Effect):
            by_section[ledger.section_of(record.target)].append(record)
    lines = {section: timeline.timeline(section, effects, coverage) for section, effects in sorted(by_section.items())}
    try:
        missing = gaps.read(ROOT / "gaps.yaml")
        former = aliases.read(provisions(lines))
    except ValueError as error:
        raise facts.FactsError([facts.Problem("data", "", "", str(error))]) from None
    try:
        extracts = tuple(tables.read(ROOT / "tables"))
        described = tables.sources(ROOT / "tables")
    except ValueError as error:
        raise facts.FactsError([facts.Problem("data/tables", "", "", str(error))]) from None
    named = sorted({s.party_from for _, record in extracts if isinstance(record, Bill) for s in _people(record)} - {""})
    read_in = {document: described[document] for document in named}
    about = manifest["publisher"], manifest["licence"]
    return Curated(coverage, *about, (*records, *missing), extracts, lines, read_in, former)


def provisions(lines: dict[Path, timeline.Timeline]) -> set[Path]:
    """The provisions that the ledger knows."""
    return {binding.provision for line in lines.values() for binding in line.bindings}


def statements(curated: Curated, setting: mapper.Setting) -> Iterator[Statement]:
    """Everything the curated data say, source by source."""
    for source, record in curated.extracts:
        if isinstance(record, Bill):
            yield source, iri.bill_of(record), mapper.bill(record, setting), spool.EXTRACT
            yield from _parties(curated, record, setting)
        else:
            yield source, iri.vote_of(record), mapper.vote(record, setting), spool.EXTRACT
    yield from _ledgers(curated)
    for alias in curated.aliases:
        yield _ours(curated, FAMILY, f"alias{alias.old}", alias.why), alias.old, mapper.alias(alias.old, alias.new), ""
    exemptions = {r.provision: r.exemption for r in curated.records if isinstance(r, ProvisionFacts) and r.exemption}
    for record in curated.records:
        match record:
            case Law():
                yield from _record(curated, f"law{record.path}", record.path, record.evidence, mapper.law(record))
                for part in record.sections:
                    said = mapper.law_section(part, record)
                    yield from _record(
                        curated, f"section{part.path}", record.path, part.evidence or record.evidence, said
                    )
                for vote in record.votes:
                    own = iri.vote_of(vote)
                    said = mapper.vote(vote, setting)
                    yield from _record(curated, f"vote{own}", own, _speaking_of("votes", record.evidence), said)
            case ProvisionFacts():
                name = f"provision{record.provision.removeprefix('/provision')}"
                line = curated.timelines.get(
                    ledger.section_of(record.provision.removeprefix("/provision").partition("@")[0])
                )
                versions = [v for v in line.versions if v.provision == record.provision] if line else []
                said = mapper.provision_facts(record, versions, exemptions)
                yield from _record(curated, name, record.provision, record.evidence, said)
            case Actor():
                yield from _record(curated, f"actor{record.path}", record.path, record.evidence, mapper.actor(record))
                for position, stance in enumerate(record.stances, 1):
                    said = mapper.stance(stance, record, position)
                    name = f"stance{record.path}/{position}"
                    yield from _record(curated, name, record.path, stance.evidence or record.evidence, said)
            case Case():
                case = [*mapper.case(record), *_construed(record, curated)]
                yield from _record(curated, record.path.strip("/"), record.path, record.evidence, case)
                yield from _disputed(curated, record)
            case Document():
                yield from _record(
                    curated, record.path.strip("/"), record.path, record.evidence, mapper.document(record)
                )
                for claim in record.claims:
                    own = claim.id if claim.id.startswith("/") else f"/claim/{claim.id}"
                    said = mapper.claim(claim, record)
                    yield from _record(curated, own.strip("/"), own, claim.evidence or record.evidence, said)
            case BillFacts():
                said = mapper.bill_facts(record, curated.timelines, setting)
                yield from _record(curated, f"bill{record.path}", record.path, record.evidence, said)
                yield from _noted(curated, record, setting)
            case Gap():
                seen_in = tuple(named(thing)[1:-1] for thing in record.affects)
                source = _ours(curated, GAPS, record.path, record.what)._replace(derived_from=seen_in)
                yield source, record.path, mapper.gap(record), ""


def _people(record: Bill) -> tuple[Sponsorship, ...]:
    return (*record.sponsors, *(record.cosponsors or ()))


def _read_in(source: Source) -> str:
    return f"{source.family}/{source.document}"


def _parties(curated: Curated, record: Bill, setting: mapper.Setting) -> Iterator[Statement]:
    """The parties that the bill's own record lacks, in a graph of their own that names where each was read."""
    read = sorted({s.party_from for s in _people(record)} - {""})
    if read:
        own = iri.bill_of(record)
        evidence = Evidence(tuple(_read_in(curated.read_in[document]) for document in read), "official")
        yield _source(curated, f"parties{own}", own, evidence), own, mapper.parties(record, setting), ""


def _noted(curated: Curated, record: BillFacts, setting: mapper.Setting) -> Iterator[Statement]:
    """The official record of a measure as it was noted: a record of the measure, as of the day it speaks for."""
    measure = facts.measure(record)
    if measure is None or record.record is None:
        return
    evidence = next((e for e in record.evidence if "record" in e.fields), None)
    evidence = evidence or next(e for e in record.evidence if not e.fields)
    source = _source(curated, record.path.strip("/"), record.path, evidence)
    source = source._replace(family=NOTED, snapshot=measure.updated, coverage=None)
    count = record.record.get("cosponsors")
    said = mapper.stand_in(measure, count if isinstance(count, int) else None, setting)
    yield source, record.path, said, ""


def _ledgers(curated: Curated) -> Iterator[Statement]:
    named = {r.path for r in curated.records if isinstance(r, Law | Case)}
    named |= {part.path for r in curated.records if isinstance(r, Law) for part in r.sections}
    for section, line in curated.timelines.items():
        history = ledger.derive(line.effects.values())
        graphs: list[Path] = []
        for effect in line.effects.values():
            touched = history.touches.get(effect.id, ())
            above = _above(line, touched, effect)
            said = [*mapper.effect(effect, touched), *mapper.amends(effect, touched, above)]
            said += [] if effect.agent in named else mapper.agent_label(effect)
            for statement in _record(curated, f"effect/{effect.id}", f"/effect/{effect.id}", effect.evidence, said):
                graphs.append(iri.graph(statement[0]))
                yield statement
        source = _ours(curated, LEDGER, section, f"Versions of {label(section)} derived from the ledger of effects")
        yield source._replace(derived_from=tuple(sorted(graphs))), section, mapper.history(section, line, history), ""


def _ours(curated: Curated, family: str, document: Path, title: str) -> Source:
    """The source of what we ourselves say, without a document in which it was read."""
    return Source(family, document, curated.coverage, curated.coverage, curated.publisher, title, curated.licence)


def _above(line: timeline.Timeline, touched: Iterable[Path], effect: Effect) -> list[Path]:
    """The provisions above those that an effect touched, on its first day."""
    day = ledger.valid_from(effect)
    standing = {b.slot: b.provision for b in line.bindings if spans(b.valid_from, b.valid_to, day)}
    slots = {provision: slot for slot, provision in standing.items()}
    above: dict[Path, None] = {}
    for provision in touched:
        for slot in ledger.ancestors(slots[provision]) if provision in slots else ():
            if slot in standing:
                above[standing[slot]] = None
    return list(above)


def _construed(case: Case, curated: Curated) -> Iterator[mapper.Fact]:
    for slot in case.provisions:
        line = curated.timelines.get(ledger.section_of(slot))
        if line:
            yield from mapper.construed(case, slot, timeline.standing(line, slot, case.day))


def _disputed(curated: Curated, record: Case) -> Iterator[Statement]:
    """Values that sources give and the record does not take: graphs of their own, so that the merge sees both sides."""
    evidence = next(e for e in record.evidence if "disputed" in e.fields or not e.fields)
    for position, (sources, said) in enumerate(mapper.disputed(record), 1):
        name = f"{record.path.strip('/')}/disputed/{position}"
        yield _source(curated, name, record.path, evidence._replace(sources=sources)), "", said, spool.DISSENT


def _record(
    curated: Curated, name: str, own: Path, evidence: tuple[Evidence, ...], said: Iterable[mapper.Fact]
) -> Iterator[Statement]:
    """One statement for each evidence entry: the fields it names, or all that no entry names."""
    all_facts = list(said)
    named = {field for entry in evidence for field in entry.fields}
    for position, entry in enumerate(evidence, 1):
        chosen = [f for f in all_facts if (f[1] in entry.fields if entry.fields else f[1] not in named)]
        if not chosen:
            continue
        source = _source(curated, f"{name}/{position}", own, entry)
        yield source._replace(title=_title(curated, own, all_facts)), own, chosen, ""


def _title(curated: Curated, own: Path, said: Iterable[mapper.Fact]) -> str:
    """What the graph of a curated record is called: the name that it or its actor bears, else one by its path."""
    naming = f"{named(own)} {RDFS.label} "
    labelled = next((triple for _, _, triple in said if triple.startswith(naming)), "")
    called = [quad.object.value for quad in ox.parse(f"{labelled} .", ox.RdfFormat.N_TRIPLES)] if labelled else []
    actors = (record.name for record in curated.records if isinstance(record, Actor) and record.path == own)
    return "Curated record: " + (next(iter(called), "") or next(actors, label(own)))


def _speaking_of(field: str, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The evidence for one field, as that of all that is said under it; where no entry names the field, the general."""
    named = tuple(entry._replace(fields=()) for entry in evidence if field in entry.fields)
    return named or tuple(entry for entry in evidence if not entry.fields)


def _source(curated: Curated, name: str, own: Path, entry: Evidence) -> Source:
    """The source of what a curated record says on one evidence entry."""
    return Source(
        FAMILY,
        name,
        curated.coverage,
        curated.coverage,
        curated.publisher,
        f"Curated record: {label(own)}",
        curated.licence,
        confidence=entry.confidence,
        derived_from=tuple(f"/source/{source}" for source in entry.sources),
        note=mapper.evidence_note(entry),
    )
