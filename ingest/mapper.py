"""Records in, facts out: the one place where a predicate is chosen.

Each function takes a record and yields facts: ``(thing, field, triple)``. `thing` is the path of what the fact is about
(merging goes by thing); `field` names the field of a curated record it comes from, so that each field can have evidence
of its own; `triple` is one N-Triples statement without its full stop. The mapper knows RDF and no XML.

>>> from graph.records import Committee
>>> _, (thing, field, triple), _ = committee(Committee("hsju00", "Judiciary Committee", "House"))
>>> thing, triple.partition(" ")[2]
('/us/committee/hsju00', '<http://www.w3.org/2000/01/rdf-schema#label> "Judiciary Committee (House)"')
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from graph import derivation, iri, ledger, publishers, timeline, wording
from graph.naming import name as label
from graph.records import (
    Actor,
    Bill,
    BillFacts,
    BillText,
    Binding,
    Case,
    Claim,
    Committee,
    Day,
    Document,
    Effect,
    Evidence,
    FactSource,
    Gap,
    Instruction,
    Law,
    LawSection,
    Path,
    Person,
    Provision,
    ProvisionFacts,
    Section,
    Source,
    Sponsorship,
    Stance,
    Version,
    Vote,
)
from graph.vocabulary import (
    DCTERMS,
    DRAFT,
    ELI,
    FOAF,
    META,
    OA,
    ORG,
    PROV,
    RDFS,
    S230,
    SCHEMA,
    SKOS,
    A,
    boolean,
    concept,
    day,
    named,
    number,
    ref,
    text,
)
from ingest import affiliation, measures, pointers, stages
from ingest.noted import Noted

Fact = tuple[Path, str, str]

ENGLISH = "<http://publications.europa.eu/resource/authority/language/ENG>"
CHAMBER = {"House": "/org/us-house-of-representatives", "Senate": "/org/us-senate"}


CASE_WORDS = {
    "aka": SKOS.altLabel, "court_id": S230.courtId, "jurisdiction": S230.jurisdiction, "panel": S230.panel,
    "numbering": S230.numbering, "outcome_note": S230.outcomeNote, "disposition": S230.disposition, "note": SKOS.note,
}  # fmt: skip
CASE_LISTS = {"dockets": S230.docket, "parallel_citations": S230.parallelCitation}
"""Fields of a case that are said as they stand."""


class Setting(NamedTuple):
    """What the mapper must know beside the record: the coverage day, the timelines, who is who by other ids."""

    today: Day
    earliest_code: Day | None = None
    """The earliest coverage day of the Code that is loaded (TIME, rule 12)."""
    timelines: dict[Path, timeline.Timeline] = {}  # noqa: RUF012 - a default that is never written to
    thomas: dict[str, str] = {}  # noqa: RUF012
    lis: dict[str, str] = {}  # noqa: RUF012


def _says(thing: Path, field: str, subject: str, *pairs: tuple[str, str | None]) -> list[Fact]:
    """One fact for each (predicate, object) whose object is known."""
    return [(thing, field, f"{subject} {predicate} {value}") for predicate, value in pairs if value]


def _day(value: Day | None) -> str | None:
    return day(value) if value else None


def _text(value: str | None) -> str | None:
    return text(value) if value else None


def _number(value: int | None) -> str | None:
    return None if value is None else number(value)


# --- the Code --------------------------------------------------------------------------------------------------------


def section(record: Section, source: Source, setting: Setting) -> Iterator[Fact]:
    """A section of the Code as an official file prints it: designations, versions, words, notes, pointers."""
    thing = record.provision.identifier
    for provision in wording.walk(record.provision):
        yield from _official_provision(thing, provision, source, setting)
        yield from _pointers(thing, record, provision, source, setting)
    yield from _former(record, source, setting)
    place = _place(thing, source, setting)
    subject = ref(place.version)
    yield from _says(
        thing,
        "",
        ref(place.version + "/en"),
        (S230.sourceCredit, _text(record.source_credit)),
        (S230.releasePoint, _text(source.release_point)),
        (SCHEMA.url, _text(publishers.page(thing))),
    )
    for position, note in enumerate(record.notes, 1):
        if not note.paragraphs:
            continue
        node = ref(f"{place.version}/note/{position}")
        yield from _says(
            thing,
            "",
            node,
            (A, S230.EditorialNote),
            (RDFS.label, text(f"{label(thing)} note: {note.heading or note.topic}")),
            (S230.noteOf, subject),
            (S230.topic, _text(note.topic)),
            (S230.text, text("\n".join(note.paragraphs))),
            (S230.position, number(position)),
        )
        for target in dict.fromkeys(c.target for c in pointers.pointers_of_note(note, thing)):
            yield from _says(thing, "", node, (S230.pointsAt, ref(target)))


def _former(record: Section, source: Source, setting: Setting) -> Iterator[Fact]:
    """The words of earlier versions, derived from the official text and the ledger; or the effect that stopped us."""
    thing = record.provision.identifier
    line = setting.timelines.get(thing)
    if line is None or source.snapshot is None:
        return
    official = ref(_place(thing, source, setting).version + "/en")
    for words in derivation.former(record.provision, source.snapshot, line.versions, line.effects.values()):
        version = ref(words.version.path)
        if words.provision is None:
            stopped = ref(f"/effect/{words.stopped_by}") if words.stopped_by else None
            yield from _says(thing, "", version, (S230.textStoppedBy, stopped))
            continue
        yield from _expression(thing, words.version.path, words.provision, "derived")
        yield from _says(thing, "", ref(words.version.path + "/en"), (PROV.wasDerivedFrom, official))


def _expression(thing: Path, version: Path, record: Provision, status: str) -> Iterator[Fact]:
    """The words of a version, and whether they are ``official`` or ``derived``."""
    expression = ref(version + "/en")
    yield from _says(
        thing,
        "",
        expression,
        (A, ELI.LegalExpression),
        (ELI.realizes, ref(version)),
        (ELI.language, ENGLISH),
        (RDFS.label, text(f"{label(record.identifier)}, {status} text")),
        (S230.heading, _text(record.heading)),
        (S230.text, text(wording.words(record))),
        (S230.ownText, _text(record.own_text if record.children else "")),
        (S230.textStatus, concept("text", status)),
    )
    yield from _says(thing, "", ref(version), (ELI.is_realized_by, expression))


def alias(old: Path, new: Path) -> Iterator[Fact]:
    """A former address of a provision, which points on to the one that replaces it (TIME, rule 12)."""
    yield from _says(old, "", ref(old), (RDFS.label, text(label(old))), (DCTERMS.isReplacedBy, ref(new)))


class _Place(NamedTuple):
    """Where a provision of an official file stands in the history: provision, version, and since when."""

    provision: Path
    version: Path
    valid_from: Day | None
    known: bool


def _place(slot: Path, source: Source, setting: Setting) -> _Place:
    """The provision and version that an official text of `slot` belongs to: from the ledger, else minted (rule 12)."""
    line = setting.timelines.get(ledger.section_of(slot))
    if line and source.snapshot:
        found = timeline.standing(line, slot, min(source.snapshot, line.known_through or source.snapshot))
        if found.status == "ok" and found.binding and found.version:
            return _Place(found.binding.provision, found.version.path, found.version.valid_from, True)
    if source.snapshot is None:
        undated = f"undated-{source.sha256[:8]}"
        return _Place(f"/provision{slot}@{setting.earliest_code or undated}", f"{slot}@{undated}", None, False)
    first = setting.earliest_code or source.snapshot
    return _Place(f"/provision{slot}@{first}", f"{slot}@{source.snapshot}", source.snapshot, False)


def _official_provision(thing: Path, record: Provision, source: Source, setting: Setting) -> Iterator[Fact]:
    slot = record.identifier
    place = _place(slot, source, setting)
    version, provision = ref(place.version), ref(place.provision)
    if not place.known:
        yield from _designation(thing, slot)
        binding = Binding(slot, place.provision, place.valid_from or "", None)
        if place.valid_from:
            yield from _binding(thing, binding)
            yield from _says(thing, "", provision, (S230.currentDesignation, ref(slot)))
            yield from _says(thing, "", ref(slot), (S230.currentProvision, provision))
        yield from _says(
            thing,
            "",
            provision,
            (A, S230.Provision),
            (A, ELI.LegalResourceSubdivision),
            (RDFS.label, text(label(slot))),
        )
        yield from _version(thing, Version(place.version, place.provision, slot, place.valid_from or "", None))
    yield from _says(
        thing,
        "",
        version,
        (S230.level, _text(record.level)),
        (ELI.id_local, _text(record.id_local if record.id_local != slot else "")),
        (S230.codeStatus, _text(record.status)),
        (S230.prospective, boolean(True) if record.prospective else None),
    )
    yield from _expression(thing, place.version, record, "official")
    for position, child in enumerate(record.children, 1):
        below = ref(_place(child.identifier, source, setting).version)
        yield from _says(thing, "", version, (ELI.has_part, below))
        yield from _says(thing, "", below, (ELI.is_part_of, version), (S230.position, number(position)))
    for target in dict.fromkeys(c.target for c in pointers.pointers(record)):
        yield from _says(thing, "", version, (S230.pointsAt, ref(target)))


def _pointers(thing: Path, whole: Section, record: Provision, source: Source, setting: Setting) -> Iterator[Fact]:
    """A node for each pointer into a section whose history we keep, with the day since which the words cite it.

    Only these can be stale: their target may have moved on (TIME, rule 14).
    """
    place = _place(record.identifier, source, setting)
    for position, pointer in enumerate(pointers.pointers(record), 1):
        target = ledger.section_of(pointer.target)
        if target not in setting.timelines or target == pointer.target or target == thing:
            continue
        since = pointers.since(pointer, record, whole, setting.timelines.get(thing))
        yield from _says(
            thing,
            "",
            ref(f"{place.version}/pointer/{position}"),
            (A, S230.Pointer),
            (RDFS.label, text(f"{label(record.identifier)} points at {label(pointer.target)}")),
            (S230.inVersion, ref(place.version)),
            (S230.targetSlot, ref(pointer.target)),
            (S230.citedAs, text(pointer.text)),
            (S230.tagged, boolean(pointer.tagged)),
            (S230.citedSince, _day(since.day) if since else None),
            (S230.citedBy, ref(since.law) if since else None),
        )


def _designation(thing: Path, slot: Path) -> Iterator[Fact]:
    parent = "" if ledger.is_section(slot) else slot.rpartition("/")[0]
    yield from _says(
        thing,
        "",
        ref(slot),
        (A, S230.Designation),
        (RDFS.label, text(label(slot))),
        (S230.inSection, ref(ledger.section_of(slot))),
        (S230.within, ref(parent) if parent else None),
    )


def _binding(thing: Path, record: Binding) -> Iterator[Fact]:
    until = f" until {record.valid_to}" if record.valid_to else ""
    yield from _says(
        thing,
        "",
        ref(f"/binding{record.slot}@{record.valid_from}"),
        (A, S230.Binding),
        (RDFS.label, text(f"{label(record.slot)} from {record.valid_from}{until}")),
        (S230.slot, ref(record.slot)),
        (S230.provision, ref(record.provision)),
        (S230.inSection, ref(ledger.section_of(record.slot))),
        (S230.validFrom, day(record.valid_from)),
        (S230.validTo, _day(record.valid_to)),
        (S230.endsProvision, boolean(True) if record.ended else None),
        *((S230.openedBy, ref(f"/effect/{e}")) for e in record.opened_by),
        *((S230.closedBy, ref(f"/effect/{e}")) for e in record.closed_by),
    )


def _version(thing: Path, record: Version) -> Iterator[Fact]:
    since = f" from {record.valid_from}" if record.valid_from else ""
    until = f" until {record.valid_to}" if record.valid_to else ""
    subject, provision = ref(record.path), ref(record.provision)
    force = "notInForce" if record.valid_to else "inForce"
    yield from _says(
        thing,
        "",
        subject,
        (A, S230.Version),
        (A, ELI.LegalResourceSubdivision),
        (RDFS.label, text(f"{label(record.slot)}{since}{until}")),
        (ELI.is_member_of, provision),
        (S230.slot, ref(record.slot)),
        (S230.inSection, ref(ledger.section_of(record.slot))),
        (S230.validFrom, _day(record.valid_from)),
        (S230.validTo, _day(record.valid_to)),
        (ELI.version_date, _day(record.valid_from)),
        (ELI.first_date_entry_in_force, _day(record.valid_from)),
        (ELI.date_no_longer_in_force, _day(record.valid_to)),
        (ELI.in_force, f"<http://data.europa.eu/eli/ontology#InForce-{force}>" if record.valid_from else None),
        (S230.partsUntold, boolean(True) if record.parts_untold else None),
        *((S230.begunBy, ref(f"/effect/{e}")) for e in record.begun_by),
        *((S230.endedBy, ref(f"/effect/{e}")) for e in record.ended_by),
    )
    yield from _says(thing, "", provision, (ELI.has_member, subject))


def history(section: Path, line: timeline.Timeline, found: ledger.History) -> Iterator[Fact]:
    """What the ledger yields for one section: designations, bindings, provisions, versions and their parts."""
    for slot in sorted({b.slot for b in line.bindings}.union(birth.slot for birth in found.births)):
        yield from _designation(section, slot)
    for binding in line.bindings:
        yield from _binding(section, binding)
        if binding.valid_to is None:
            yield from _says(section, "", ref(binding.slot), (S230.currentProvision, ref(binding.provision)))
            yield from _says(section, "", ref(binding.provision), (S230.currentDesignation, ref(binding.slot)))
    for birth in found.births:
        yield from _life(section, line, birth, found.deaths)
    for version in line.versions:
        yield from _version(section, version)
    yield from _parts(section, line.versions)


def _life(
    section: Path, line: timeline.Timeline, birth: ledger.Birth, deaths: dict[Path, tuple[Day, str]]
) -> Iterator[Fact]:
    bindings = [b for b in line.bindings if b.provision == birth.provision]
    last = max(bindings, key=lambda b: b.valid_from, default=None)
    name = label(last.slot if last else birth.slot)
    if birth.provision in deaths:
        name = f"former {name} (until {deaths[birth.provision][0]})"
    agent = line.effects[birth.effect].agent
    yield from _says(
        section,
        "",
        ref(birth.provision),
        (A, S230.Provision),
        (A, ELI.LegalResourceSubdivision),
        (RDFS.label, text(name)),
        (S230.inSection, ref(section)),
        (S230.validFrom, day(birth.day)),
        (S230.validTo, day(deaths[birth.provision][0]) if birth.provision in deaths else None),
        (S230.firstDesignation, ref(birth.slot)),
        (S230.addedBy, ref(ledger.law_of(agent)) if birth.confirmed else None),
        (S230.birthConfirmed, boolean(birth.confirmed)),
        (PROV.wasDerivedFrom, ref(birth.derived_from) if birth.derived_from else None),
    )


def _parts(section: Path, versions: Iterable[Version]) -> Iterator[Fact]:
    """``eli:has_part`` between versions: a leaf untouched by a change belongs to several versions of its parent."""
    by_slot: dict[Path, list[Version]] = {}
    for version in versions:
        by_slot.setdefault(version.slot, []).append(version)
    for slot in sorted(by_slot):
        if ledger.is_section(slot):
            continue
        parents = by_slot.get(slot.rpartition("/")[0], [])
        for child in by_slot[slot]:
            for parent in parents:
                starts_before = parent.valid_to is None or child.valid_from < parent.valid_to
                ends_after = child.valid_to is None or child.valid_to > parent.valid_from
                if starts_before and ends_after:
                    yield from _says(section, "", ref(parent.path), (ELI.has_part, ref(child.path)))
                    yield from _says(section, "", ref(child.path), (ELI.is_part_of, ref(parent.path)))


def noted(record: Section, source: Source, setting: Setting, told: Noted) -> Iterator[Fact]:
    """The history of a section that its notes tell: the effects with the note and what the text says of them, and what
    they yield."""
    thing = record.provision.identifier
    place = _place(thing, source, setting)
    yield from history(thing, told.line, told.history)
    for made in told.line.effects.values():
        touched = told.history.touches.get(made.id, ())
        subject = ref(f"/effect/{made.id}")
        yield from effect(made, touched)
        yield from amends(made, touched, ())
        for agent in (made.agent, ledger.law_of(made.agent)):
            yield from _says(ledger.law_of(made.agent), "", ref(agent), (RDFS.label, text(label(agent))))
        for evidence in made.evidence:
            notes = [ref(f"{place.version}/{note}") for note in evidence.sources]
            yield from _says(f"/effect/{made.id}", "", subject, *((PROV.wasDerivedFrom, note) for note in notes))
        if made.id in told.outcomes:
            verdict = told.outcomes[made.id]
            yield from _says(f"/effect/{made.id}", "", subject, (S230.textVerdict, text(verdict.verdict)))


def told_otherwise(differences: Iterable[tuple[Effect, str, Day]]) -> Iterator[Fact]:
    """The days that the notes of a section give to effects kept by hand, where they differ: sides of a conflict."""
    properties = {"enacted": S230.enacted, "effective": S230.effective}
    for kept, what, told in differences:
        thing = f"/effect/{kept.id}"
        yield from _says(thing, "", ref(thing), (properties[what], _day(told)))


# --- enactments and effects ------------------------------------------------------------------------------------------


def effect(record: Effect, touched: Iterable[Path]) -> Iterator[Fact]:
    """An effect, its agent and what it did; `touched` are the provisions it operated on directly."""
    thing = f"/effect/{record.id}"
    subject, agent, law = ref(thing), ref(record.agent), ledger.law_of(record.agent)
    provisions = [ref(p) for p in touched]
    yield from _says(
        thing,
        "",
        subject,
        (A, S230.Effect),
        (RDFS.label, text(f"{label(record.agent)}: {record.kind} — {label(record.target)} ({record.effective})")),
        (S230.kind, concept("kind", record.kind)),
        (S230.agent, agent),
        (S230.targetSlot, ref(record.target)),
        (S230.order, number(record.order)),
        *((S230.target, p) for p in provisions),
    )
    yield from _says(thing, "law", subject, (S230.law, ref(law)))
    yield from _says(thing, "enacted", subject, (S230.enacted, _day(record.enacted)))
    yield from _says(thing, "effective", subject, (S230.effective, _day(record.effective)))
    yield from _says(thing, "assumed", subject, (S230.effectiveAssumed, boolean(True) if record.assumed else None))
    yield from _says(thing, "applicability", subject, (S230.applicability, _text(record.applicability)))
    yield from _says(thing, "as_cited", subject, (S230.targetAsCited, _text(record.as_cited)))
    yield from _says(thing, "old_text", subject, (S230.oldText, _text(record.old_text)))
    yield from _says(thing, "new_text", subject, (S230.newText, _text(record.new_text)))
    yield from _says(thing, "words_complete", subject, (S230.wordsComplete, boolean(record.words_complete)))
    yield from _says(thing, "directed", subject, (S230.directed, _text(record.directed)))
    yield from _says(thing, "note", subject, (SKOS.note, _text(record.note)))
    yield from _moves(thing, "moves", thing, (*record.moves, *record.keeps))


def _moves(thing: Path, field: str, change: Path, moves: Iterable[tuple[Path, Path]]) -> Iterator[Fact]:
    """What an effect or a foreseen change moves, and where to."""
    for source, destination in moves:
        node = ref(f"{change}/move{source}")
        yield from _says(
            thing,
            field,
            node,
            (A, S230.Move),
            (RDFS.label, text(f"{label(source)} becomes {label(destination)}")),
            (S230.movedFrom, ref(source)),
            (S230.movedTo, ref(destination)),
        )
        yield from _says(thing, field, ref(change), (S230.move, node))


def agent_label(record: Effect) -> Iterator[Fact]:
    """A name for the agent of an effect that no record of its own names."""
    yield from _says(f"/effect/{record.id}", "", ref(record.agent), (RDFS.label, text(label(record.agent))))


def amends(record: Effect, touched: Iterable[Path], above: Iterable[Path]) -> Iterator[Fact]:
    """``eli:amends`` from the law and its section to the exact provisions and their ancestors, for a statute's effect.

    Courts and the Code's editors amend nothing; an effect that changes no words does not amend either.
    """
    if record.kind in ledger.WORDLESS or not record.agent.startswith(("/us/pl/", "/us/act/", "/us/pvtl/")):
        return
    law = ledger.law_of(record.agent)
    thing = f"/effect/{record.id}"
    for provision in dict.fromkeys([*touched, *above]):
        for agent in dict.fromkeys([law, record.agent]):
            yield from _says(thing, "", ref(agent), (ELI.amends, ref(provision)))
            yield from _says(thing, "", ref(provision), (ELI.amended_by, ref(agent)))
    if record.kind in ledger.ENDING:
        for provision in touched:
            yield from _says(thing, "", ref(law), (ELI.repeals, ref(provision)))


def law(record: Law) -> Iterator[Fact]:
    """An enactment, its sections and its votes."""
    thing, subject = record.path, ref(record.path)
    yield from _says(
        thing,
        "",
        subject,
        (A, ELI.LegalResource),
        (A, S230.Enactment if record.kind != "executive_order" else S230.ExecutiveOrder),
        (RDFS.label, text(record.cite or label(record.path))),
    )
    yield from _says(thing, "name", subject, (ELI.title, text(record.name)))
    yield from _says(
        thing,
        "cite",
        subject,
        (
            ELI.number,
            text(record.path.rsplit("/", 2)[-2] + "-" + record.path.rsplit("/", 1)[-1])
            if record.path.startswith("/us/pl/")
            else None,
        ),
    )
    yield from _says(
        thing, "enacted", subject, (S230.enacted, day(record.enacted)), (ELI.date_document, day(record.enacted))
    )
    yield from _says(thing, "", subject, (SCHEMA.url, _text(publishers.page(record.path))))
    yield from _says(thing, "stat", subject, (S230.statutesAtLarge, _text(record.stat)))
    yield from _says(thing, "short_names", subject, *((SKOS.altLabel, text(name)) for name in record.short_names))
    yield from _says(thing, "note", subject, (SKOS.note, _text(record.note)))
    if record.bill:
        yield from _says(thing, "bill", ref(record.bill), (S230.enactedAs, subject))
        yield from _says(thing, "bill", subject, (S230.enactedFrom, ref(record.bill)))


def law_section(record: LawSection, parent: Law) -> Iterator[Fact]:
    """A section of an enactment: what it is, where it is set out, which provisions it bears on."""
    thing, subject = parent.path, ref(record.path)
    yield from _says(
        thing,
        "",
        subject,
        (A, ELI.LegalResourceSubdivision),
        (A, S230.EnactmentProvision),
        (RDFS.label, text(record.cite or label(record.path))),
        (ELI.title, _text(record.heading)),
        (ELI.is_part_of, ref(parent.path)),
        (S230.relationClass, concept("relation", record.relation_class) if record.relation_class else None),
        *((S230.classifiedTo, ref(slot)) for slot in record.classified_to),
        (S230.setOutUnder, ref(record.set_out_under) if record.set_out_under else None),
    )
    yield from _says(thing, "stat", subject, (S230.statutesAtLarge, _text(record.stat)))
    yield from _says(thing, "effective", subject, (S230.effective, _day(record.effective)))
    yield from _says(thing, "effective_note", subject, (S230.effectiveNote, _text(record.effective_note)))
    yield from _says(thing, "relation", subject, (S230.relation, _text(record.relation)))
    for agent in dict.fromkeys([subject, ref(parent.path)]):
        yield from _says(thing, "touches", agent, *((S230.bearsOn, ref(target)) for target in record.touches))


def provision_facts(
    record: ProvisionFacts, versions: Iterable[Version], exemptions: Mapping[Path, Path]
) -> Iterator[Fact]:
    """Our words about a provision: its summary, its role, and what it exempts if it is an exemption.

    `versions` are the provision's, so that an older summary goes to the version it was true of; `exemptions` maps
    provisions to the exemptions they are.
    """
    thing, subject = record.provision, ref(record.provision)
    yield from _says(thing, "kind", subject, (S230.role, concept("role", record.kind)))
    yield from _says(thing, "summary", subject, (S230.summary, _text(record.summary)))
    yield from _says(thing, "heading", subject, (S230.shortHeading, _text(record.heading)))
    for version in versions:
        fitting = [text for first, text in record.summaries if first <= version.valid_from]
        yield from _says(thing, "summaries", ref(version.path), (S230.summary, _text(fitting[-1]) if fitting else None))
    yield from _says(thing, "courts", subject, (S230.courtsSay, _text(_word(record.facts, "courts"))))
    yield from _says(thing, "covers", subject, (S230.covers, _text(_word(record.facts, "covers"))))
    for who in _listed(record.facts, "protects"):
        yield from _says(thing, "protects", subject, (S230.protects, text(str(who))))
    for limit in _listed(record.facts, "limited_by"):
        for part in (provision for provision in exemptions if _is_within(provision, str(limit))):
            yield from _says(thing, "limited_by", ref(exemptions[part]), (S230.exemptsFrom, subject))
    yield from _says(thing, "note", subject, (SKOS.note, _text(_word(record.facts, "note"))))
    if record.exemption:
        yield from _exemption(record)


def _is_within(provision: Path, other: Path) -> bool:
    """Whether a provision is another one or was made below it: what an exemption exempts from, its parts do too."""
    return provision == other or provision.startswith(iri.split_day(other)[0] + "/")


def _exemption(record: ProvisionFacts) -> Iterator[Fact]:
    thing, subject, facts = record.provision, ref(record.exemption), record.facts
    name = record.heading or record.exemption.rpartition("/")[2].replace("-", " ").capitalize()
    yield from _says(
        thing,
        "exemption",
        subject,
        (A, S230.Exemption),
        (RDFS.label, text(name)),
        (S230.provision, ref(record.provision)),
        *((S230.doesNotDisplace, ref(str(kept))) for kept in _listed(facts, "does_not_displace")),
        *((S230.lawType, text(str(kind))) for kind in _listed(facts, "law_types")),
        *((S230.lawLevel, text(str(level))) for level in _listed(facts, "levels")),
        *((S230.plaintiffType, text(str(who))) for who in _listed(facts, "plaintiffs")),
        (S230.reachesEarlierConduct, boolean(True) if facts.get("retroactive") is True else None),
    )
    for level in _listed(facts, "levels_disputed"):
        yield from _says(thing, "levels_disputed", subject, (S230.lawLevelDisputed, text(str(level))))
    for position, carved in enumerate(_listed(facts, "carves_out"), 1):
        if isinstance(carved, dict):
            yield from _carve_out(record, position, carved)
    for changed in _listed(facts, "excluded_from_outside"):
        if isinstance(changed, dict):
            yield from _says(thing, "excluded_from_outside", subject, (S230.reachChangedBy, ref(changed["law"])))
    condition = facts.get("condition")
    if isinstance(condition, dict):
        laws = condition.get("slots", ())
        words = f"the conduct violates {' or '.join(label(slot) for slot in laws)}"
        words += f", and {condition['and']}" if condition.get("and") else ""
        slots = [(S230.conditionLaw, ref(slot)) for slot in laws]
        yield from _says(thing, "condition", subject, (S230.condition, text(words)), *slots)


def _carve_out(record: ProvisionFacts, position: int, carved: Mapping[str, Any]) -> Iterator[Fact]:
    """What an exemption leaves enforceable, from when to when; with the shortcuts from the exemption itself."""
    thing, subject = record.provision, ref(record.exemption)
    node = ref(f"{record.exemption}/carve-out/{position}")
    slots = [(S230.reachesLaw, ref(slot)) for slot in carved.get("slots", ())]
    yield from _says(thing, "carves_out", subject, (S230.carvesOut, text(carved["what"])), *slots)
    yield from _says(thing, "carves_out", subject, (S230.carveOut, node))
    yield from _says(
        thing,
        "carves_out",
        node,
        (A, S230.CarveOut),
        (RDFS.label, text(carved["what"])),
        *slots,
        (S230.lawMadeBy, ref(carved["law"]) if "law" in carved else None),
        (S230.validFrom, _day(carved.get("from"))),
        (S230.validTo, _day(carved.get("to"))),
    )


def _word(facts: Mapping[str, object], key: str) -> str:
    value = facts.get(key)
    return value if isinstance(value, str) else ""


def _listed(facts: Mapping[str, object], key: str) -> Iterable[object]:
    value = facts.get(key)
    return value if isinstance(value, list | tuple) else ()


# --- Congress --------------------------------------------------------------------------------------------------------


def bill_label(record: Bill) -> str:
    """How lawyers name a measure: ``H.R. 1865, 115th Cong.``."""
    return label(iri.bill_of(record))


def bill(record: Bill, setting: Setting) -> Iterator[Fact]:
    """A measure: its titles, sponsors, cosponsors over intervals, actions, votes, laws and relations."""
    thing = iri.bill_of(record)
    subject, introduction = ref(thing), ref(f"{thing}/introduction")
    furthest = stages.furthest(record)
    stage = stages.left(furthest, record.congress, setting.today)
    yield from _says(
        thing,
        "",
        subject,
        (A, DRAFT.DraftLegislationWork),
        (A, S230.Bill),
        (RDFS.label, text(bill_label(record))),
        (ELI.title, _text(record.title)),
        (ELI.number, text(label(thing).split(", ")[0])),
        (S230.congress, number(record.congress)),
        (S230.billType, text(record.type)),
        (S230.billNumber, number(record.number)),
        (S230.introduced, _day(record.introduced)),
        (ELI.date_document, _day(record.introduced)),
        (S230.stage, concept("stage", stage)),
        (S230.furthestStage, concept("stage", furthest)),
        (S230.policyArea, _text(record.policy_area)),
        (SCHEMA.url, text(publishers.page(thing))),
        *((SKOS.altLabel, text(t.text)) for t in record.titles if not t.portion and t.text != record.title),
        *((DCTERMS.subject, text(name)) for name in record.subjects),
        *((S230.committeeReport, text(report)) for report in record.reports),
        *((S230.conferenceReport, text(report)) for report in measures.conference_reports(record.actions)),
        *((S230.referredTo, text(name)) for name in record.committees),
    )
    yield from _process(thing, record, stage)
    for sponsor in record.sponsors:
        yield from _sponsorship(thing, introduction, sponsor, "sponsor", setting)
    for cosponsor in record.cosponsors or ():
        yield from _sponsorship(thing, introduction, cosponsor, "cosponsor", setting)
    if record.cosponsors is not None:
        active = {member(c.bioguide, c.name, setting) for c in record.cosponsors if c.withdrawn is None}
        yield from _says(thing, "", subject, (S230.cosponsorCount, number(len(active))))
    for path in (*map(iri.law, record.laws), *(iri.law(name, private=True) for name in record.private_laws)):
        yield from _says(thing, "", subject, (S230.enactedAs, ref(path)))
        yield from _says(thing, "", ref(path), (S230.enactedFrom, subject), (RDFS.label, text(label(path))))
    for other in record.related:
        measure = iri.bill(other.congress, other.type, other.number)
        yield from _says(thing, "", subject, (S230.relatedBill, ref(measure)))
        yield from _says(thing, "", ref(measure), (RDFS.label, text(label(measure))))
    for roll_call in record.votes:
        yield from _says(thing, "", subject, (S230.recordedVote, ref(iri.vote_of(roll_call))))
        yield from vote(roll_call._replace(bill=(record.congress, record.type, record.number)), setting)


def _process(thing: Path, record: Bill, stage: str) -> Iterator[Fact]:
    """ELI-DL: a process with dated activities; participations belong to the introduction."""
    process = ref(f"{thing}/process")
    name = bill_label(record)
    yield from _says(
        thing,
        "",
        process,
        (A, DRAFT.LegislativeProcess),
        (RDFS.label, text(f"Legislative process of {name}")),
        (DRAFT.process_status, concept("stage", stage)),
        (S230.concerns, ref(thing)),
    )
    introduction = f"{thing}/introduction"
    yield from _says(
        thing,
        "",
        ref(introduction),
        (A, DRAFT.LegislativeActivity),
        (RDFS.label, text(f"Introduction of {name}")),
        (S230.actionDay, _day(record.introduced)),
        (S230.partOfProcess, process),
    )
    for position, action in enumerate(record.actions, 1):
        yield from _says(
            thing,
            "",
            ref(f"{thing}/action/{position}"),
            (A, DRAFT.LegislativeActivity),
            (RDFS.label, text(action.text)),
            (S230.actionDay, _day(action.day)),
            (S230.actionKind, _text(action.kind)),
            *((S230.congressionalRecord, text(pages)) for pages in measures.record_pages(action)),
            (S230.position, number(position)),
            (S230.partOfProcess, process),
            (S230.concerns, ref(thing)),
        )


def member(bioguide: str, name: str, setting: Setting) -> Path:
    """The path of a member by Bioguide, LIS (``S348``) or THOMAS id (``thomas:01238``); unresolved ids get a path too.

    A member of whom the record has no id goes by name.

    >>> member("thomas:01238", "Wolf, Frank R.", Setting("2026-06-26", thomas={"01238": "W000672"}))
    '/us/person/W000672'
    >>> member("", "Sen. Wyden, Ron [D-OR]", Setting("2026-06-26"))
    '/person/ron-wyden'
    """
    if not bioguide:
        return f"/person/{iri.slug(plain_name(name)) or 'unnamed'}"
    if bioguide.startswith("thomas:"):
        key = bioguide.removeprefix("thomas:")
        return iri.person(setting.thomas[key]) if key in setting.thomas else f"/us/person/thomas-{key}"
    if re.fullmatch(r"S\d{3}", bioguide):
        return iri.person(setting.lis[bioguide]) if bioguide in setting.lis else f"/us/person/lis-{bioguide}"
    return iri.person(bioguide)


@lru_cache(maxsize=16384)
def plain_name(name: str) -> str:
    """A member's name as people say it, from the record's way of writing it.

    >>> plain_name("Rep. Donovan, Daniel M., Jr. [R-NY-11]"), plain_name("Wolf, Frank R."), plain_name("Ann Wagner")
    ('Daniel M. Donovan, Jr.', 'Frank R. Wolf', 'Ann Wagner')
    """
    bare = re.sub(r"\s*\[[^\]]*\]\s*$", "", re.sub(r"^(Rep|Sen|Del|Resident Commissioner|Com)\.?\s+", "", name)).strip()
    family, comma, rest = bare.partition(", ")
    if not comma:
        return bare
    given, comma, suffix = rest.partition(", ")
    return f"{given} {family}, {suffix}" if comma else f"{given} {family}"


def parties(record: Bill, setting: Setting) -> Iterator[Fact]:
    """The parties of sponsors and cosponsors that were read elsewhere than in the bill's own record."""
    thing = iri.bill_of(record)
    for role, found in (("sponsor", record.sponsors), ("cosponsor", record.cosponsors or ())):
        for sponsor in found:
            if sponsor.party_from:
                who = member(sponsor.bioguide, sponsor.name, setting)
                node = _participation(thing, who, sponsor, role)
                yield from _says(thing, "", ref(node), (S230.party, text(sponsor.party)))


def _participation(thing: Path, who: Path, record: Sponsorship, role: str) -> Path:
    """The path of a sponsorship; a member may cosponsor a bill twice, from different days."""
    return f"{thing}/{role}/{who.rsplit('/', 1)[-1]}" + (f"/{record.joined}" if role == "cosponsor" else "")


def _sponsorship(thing: Path, introduction: str, record: Sponsorship, role: str, setting: Setting) -> Iterator[Fact]:
    who = member(record.bioguide, record.name, setting)
    person_term, subject = ref(who), ref(thing)
    node = ref(_participation(thing, who, record, role))
    name = plain_name(record.name)
    yield from _says(
        thing,
        "",
        node,
        (A, DRAFT.Participation),
        (A, S230.Sponsorship if role == "sponsor" else S230.Cosponsorship),
        (RDFS.label, text(f"{name}, {role} of {label(thing)}")),
        (DRAFT.had_participant_person, person_term),
        (DRAFT.participation_role, concept("participation", role)),
        (S230.party, _text("" if record.party_from else record.party)),
        (S230.state, _text(record.state)),
        (S230.district, _text(record.district)),
        (S230.validFrom, _day(record.joined)),
        (S230.validTo, _day(record.withdrawn)),
        (S230.original, None if record.original is None else boolean(record.original)),
        (S230.onBill, subject),
    )
    yield from _says(thing, "", introduction, (DRAFT.had_participation, node))
    yield from _says(who, "", person_term, (A, FOAF.Person), (RDFS.label, text(name)))
    if role == "sponsor":
        yield from _says(thing, "", subject, (S230.sponsor, person_term))
    else:
        yield from _says(thing, "", subject, (S230.cosponsorship, node))
        standing = S230.cosponsor if record.withdrawn is None else S230.withdrawnCosponsor
        yield from _says(thing, "", subject, (standing, person_term))


def vote(record: Vote, setting: Setting) -> Iterator[Fact]:
    """A roll call: counts and, where the source has them, the members by position."""
    thing = iri.vote_of(record)
    subject = ref(thing)
    yield from _says(
        thing,
        "",
        subject,
        (A, S230.RollCall),
        (RDFS.label, text(f"{record.chamber} roll call {record.roll} of {record.year}")),
        (S230.chamber, ref(CHAMBER[record.chamber])),
        (S230.congress, number(record.congress)),
        (S230.roll, number(record.roll)),
        (S230.voteDay, _day(record.day)),
        (S230.yea, _number(record.yea)),
        (S230.nay, _number(record.nay)),
        (S230.present, _number(record.present)),
        (S230.notVoting, _number(record.not_voting)),
        (S230.question, _text(record.question)),
        (S230.result, _text(record.result)),
        (S230.amendmentOffered, _text(record.amendment)),
        (SCHEMA.url, _text(record.address)),
    )
    if record.bill:
        measure = ref(iri.bill(*record.bill))
        yield from _says(thing, "", subject, (S230.onBill, measure))
        yield from _says(thing, "", measure, (S230.recordedVote, subject))
    how = {
        "yea": S230.votedYea,
        "aye": S230.votedYea,
        "nay": S230.votedNay,
        "no": S230.votedNay,
        "present": S230.votedPresent,
    }
    for position in record.positions:
        who = member(position.member, position.name, setting)
        predicate = how.get(position.vote.lower(), S230.didNotVote)
        yield from _says(thing, "", subject, (predicate, ref(who)))
        yield from _says(who, "", ref(who), (A, FOAF.Person), (RDFS.label, text(plain_name(position.name))))


def person(record: Person) -> Iterator[Fact]:
    """A member of Congress or holder of national office, with dated terms as memberships."""
    thing = iri.person(record.bioguide) if record.bioguide else f"/person/{iri.slug(record.full_name)}"
    subject = ref(thing)
    yield from _says(
        thing,
        "",
        subject,
        (A, FOAF.Person),
        (RDFS.label, text(record.full_name)),
        (FOAF.name, text(record.full_name)),
        (FOAF.givenName, _text(record.first)),
        (FOAF.familyName, _text(record.last)),
        (S230.bioguide, _text(record.bioguide)),
        (S230.lis, _text(record.lis)),
        *((SKOS.altLabel, text(name)) for name in record.other_names),
    )
    organization = {"rep": CHAMBER["House"], "sen": CHAMBER["Senate"]}
    for term in record.terms:
        if not term.start:
            continue
        node = ref(f"{thing}/term/{term.start}")
        yield from _says(
            thing,
            "",
            node,
            (A, ORG.Membership),
            (RDFS.label, text(f"{record.full_name}, {term.kind} {term.state} from {term.start}".replace("  ", " "))),
            (ORG.member, subject),
            (ORG.organization, ref(organization.get(term.kind, "/org/us-executive"))),
            (S230.party, _text(affiliation.letter(term.party))),
            (S230.state, _text(term.state)),
            (S230.district, _text(term.district)),
            (S230.office, text(term.kind)),
            (S230.validFrom, _day(term.start)),
            (S230.validTo, _day(term.end)),
        )
        yield from _says(thing, "", subject, (ORG.hasMembership, node))


def committee(record: Committee) -> Iterator[Fact]:
    """A committee of Congress and, where the source has them, its members; a list of members has no name of it."""
    thing = f"/us/committee/{record.code.lower()}"
    name = f"{record.name} ({record.chamber})" if record.name and record.chamber else record.name
    yield from _says(
        thing,
        "",
        ref(thing),
        (A, ORG.OrganizationalUnit),
        (RDFS.label, _text(name)),
        (ORG.unitOf, ref(CHAMBER[record.chamber]) if record.chamber in CHAMBER else None),
        (ORG.subOrganizationOf, ref(f"/us/committee/{record.parent.lower()}") if record.parent else None),
        *((ORG.hasMember, ref(iri.person(bioguide))) for bioguide, _, _ in record.members),
    )


def bill_text(record: BillText, told: Iterable[Instruction], setting: Setting) -> Iterator[Fact]:
    """The words of a bill in one version, and what they tell to be done; nothing else of such a file is trusted."""
    thing = iri.bill(record.congress, record.type, record.number)
    node = ref(_read_in(thing, record))
    yield from _says(
        thing,
        "",
        node,
        (A, S230.BillText),
        (RDFS.label, text(f"{label(thing)}, text ({record.version or 'version unknown'})")),
        (S230.onBill, ref(thing)),
        (S230.textVersion, text(record.version or "unknown")),
        (S230.text, text(record.text)),
        (S230.issued, _day(record.issued)),
    )
    yield from _says(thing, "", ref(thing), (RDFS.label, text(label(thing))), (S230.billText, node))
    unread = 0
    for instruction in told:
        if instruction.kind:
            yield from _instructed(thing, record, instruction, setting)
        else:
            unread += 1
            yield from _unread(thing, record, instruction, unread)


def _read_in(thing: Path, record: BillText) -> Path:
    return f"{thing}/text/{record.version or 'unknown'}"


def _instructed(thing: Path, record: BillText, told: Instruction, setting: Setting) -> Iterator[Fact]:
    """What one instruction of the text of a bill would do. It is foreseen, never done."""
    path = f"{_read_in(thing, record)}/foresees/{told.order}"
    node = ref(path)
    where = f": {label(told.target)}" if told.target else ""
    yield from _says(
        thing,
        "",
        node,
        (A, S230.ForeseenChange),
        (RDFS.label, text(f"{label(thing)}, {told.kind.replace('-', ' ')} foreseen{where}")),
        (S230.onBill, ref(thing)),
        (S230.operation, text(told.kind)),
        (S230.kind, concept("kind", told.kind)),
        (S230.targetSlot, ref(told.target) if told.target else None),
        (S230.proposedSlot, boolean(True) if told.kind == "addition" else None),
        (S230.order, number(told.order)),
        (S230.operationBasis, text("text")),
        (S230.readIn, ref(_read_in(thing, record))),
        (S230.textVersion, text(record.version or "unknown")),
        (S230.clause, _text(told.clause)),
        (S230.sentence, text(told.sentence)),
        (S230.sentenceStart, number(told.start)),
        (S230.oldText, _text(told.old)),
        (S230.newText, _text(told.new)),
        (S230.oldTextThrough, _text(told.through)),
        (S230.anchorSide, _text(told.side)),
        (S230.anchorText, _text(told.anchor)),
        (S230.partOfTarget, _text(told.part)),
        (S230.occurrences, _number(told.times)),
        *((S230.bringsSlot, ref(f"{told.target}/{slot}")) for slot in told.adds),
        (S230.sunsetDay, _day(told.sunset)),
        (S230.effectiveNote, _text(told.effective)),
    )
    yield from _says(thing, "", ref(thing), (S230.foresees, node))
    yield from _moves(thing, "", path, told.moves)
    changed = [source for source, _ in told.moves] or [told.target]
    for provision in dict.fromkeys(
        p for slot in changed if slot for p in _provisions_at(slot, setting.timelines, setting)
    ):
        yield from _says(thing, "", ref(thing), (DRAFT.foresees_change_of, ref(provision)))


def _unread(thing: Path, record: BillText, told: Instruction, place: int) -> Iterator[Fact]:
    """A sentence that changes a law and was not understood: kept with the reason."""
    yield from _says(
        thing,
        "",
        ref(f"{_read_in(thing, record)}/unread/{place}"),
        (A, S230.UnreadInstruction),
        (RDFS.label, text(f"{label(thing)}, an instruction that was not understood")),
        (S230.onBill, ref(thing)),
        (S230.readIn, ref(_read_in(thing, record))),
        (S230.sentence, text(told.sentence)),
        (S230.sentenceStart, number(told.start)),
        (S230.targetSlot, ref(told.target) if told.target else None),
        (S230.reason, text(told.reason)),
    )


def bill_facts(record: BillFacts, timelines: Mapping[Path, timeline.Timeline], setting: Setting) -> Iterator[Fact]:
    """Why a bill counts, and what it would do. It *foresees* changes; it never amends (DESIGN, "Time")."""
    thing, subject = record.path, ref(record.path)
    yield from _says(thing, "", subject, (RDFS.label, text(label(thing))))
    yield from _says(thing, "title", subject, (ELI.title, _text(record.title)))
    yield from _says(thing, "also_known_as", subject, *((SKOS.altLabel, text(name)) for name in record.also_known_as))
    yield from _says(thing, "relevance", subject, (S230.relevance, concept("relevance", record.relevance)))
    yield from _says(thing, "why", subject, (S230.relevanceNote, _text(record.why)))
    yield from _says(thing, "effect", subject, (S230.effectSummary, _text(record.effect)))
    yield from _says(thing, "operations_basis", subject, (S230.operationBasis, _text(record.operations_basis)))
    yield from _says(thing, "note", subject, (SKOS.note, _text(record.note)))
    if record.sponsor_party:
        node = ref(f"{thing}/sponsor/{record.sponsor_party['member'].rpartition('/')[2]}")
        yield from _says(thing, "sponsor_party", node, (S230.party, text(record.sponsor_party["party"])))
    if record.record and record.record["status"] == "draft":
        yield from _draft(record, record.record)
    for other in record.related_by_content:
        yield from _says(thing, "related_by_content", subject, (S230.relatedBill, ref(other)))
    for other in record.words_from:
        yield from _says(thing, "words_from", subject, (S230.wordsFrom, ref(other)))
    for position, operation in enumerate(record.operations, 1):
        yield from _foreseen(thing, position, operation, record.operations_basis, timelines, setting)


def _draft(record: BillFacts, known: Mapping[str, object]) -> Iterator[Fact]:
    """A draft that nobody introduced has a Congress and people behind it, and neither number nor steps."""
    thing, subject = record.path, ref(record.path)
    people = [_word(known, "sponsor"), *map(str, _listed(known, "further_sponsors"))]
    yield from _says(
        thing,
        "record",
        subject,
        (S230.congress, number(int(record.path.split("/")[3]))),
        (S230.stage, concept("stage", "draft")),
        *((DCTERMS.creator, ref(path)) for path in people),
    )


def stand_in(record: Bill, count: int | None, setting: Setting) -> Iterator[Fact]:
    """A measure whose official record was read and noted; `count` are its cosponsors, whose names were not noted."""
    yield from bill(record, setting)
    thing = iri.bill_of(record)
    yield from _says(thing, "", ref(thing), (S230.cosponsorCount, _number(count)))


def _foreseen(
    thing: Path,
    position: int,
    operation: Mapping[str, object],
    basis: str,
    timelines: Mapping[Path, timeline.Timeline],
    setting: Setting,
) -> Iterator[Fact]:
    node, slots = ref(f"{thing}/foresees/{position}"), [str(slot) for slot in _listed(operation, "provisions")]
    where = ", ".join(label(slot) for slot in slots)
    kind = _word(operation, "op")
    yield from _says(
        thing,
        "operations",
        node,
        (A, S230.ForeseenChange),
        (RDFS.label, text(f"{label(thing)} would {kind.replace('-', ' ')}" + (f": {where}" if where else ""))),
        (S230.onBill, ref(thing)),
        (S230.operation, text(kind)),
        (S230.order, number(position)),
        (S230.operationBasis, _text(basis)),
        (S230.detail, _text(_word(operation, "detail"))),
        (S230.oldText, _text(_word(operation, "old_text"))),
        (S230.newText, _text(_word(operation, "new_text"))),
        (S230.proposedSlot, boolean(True) if operation.get("proposed_label") else None),
        *((S230.targetSlot, ref(slot)) for slot in slots),
    )
    yield from _says(thing, "operations", ref(thing), (S230.foresees, node))
    for slot in slots if kind not in ledger.WORDS_STAY else ():
        for provision in _provisions_at(slot, timelines, setting):
            yield from _says(thing, "operations", ref(thing), (DRAFT.foresees_change_of, ref(provision)))


def _provisions_at(slot: Path, timelines: Mapping[Path, timeline.Timeline], setting: Setting) -> list[Path]:
    """The provision in a slot on the coverage day and those above it; for a slot that is only proposed, those above."""
    line = timelines.get(ledger.section_of(slot))
    if line is None:
        return []
    found = [timeline.standing(line, s, line.known_through or setting.today) for s in (slot, *ledger.ancestors(slot))]
    return [f.binding.provision for f in found if f.status == "ok" and f.binding]


# --- cases, actors, documents ----------------------------------------------------------------------------------------


def case(record: Case) -> Iterator[Fact]:
    """A decision, with one interpretation for each provision it construed, cited as numbered on its day."""
    thing, subject = record.path, ref(record.path)
    yield from _says(thing, "", subject, (A, S230.Case), (A, SCHEMA.LegalCase))
    yield from _says(thing, "name", subject, (RDFS.label, text(record.name)))
    yield from _says(thing, "court", subject, (S230.court, text(record.court)))
    yield from _says(thing, "day", subject, (S230.decided, day(record.day)))
    yield from _says(thing, "amended", subject, (S230.opinionAmended, _day(_word(record.facts, "amended"))))
    yield from _says(thing, "citation", subject, (S230.reporterCitation, _text(record.citation)))
    yield from _says(thing, "outcome", subject, (S230.outcome, concept("outcome", record.outcome)))
    yield from _says(thing, "holding", subject, (S230.holding, _text(record.holding)))
    for field, predicate in CASE_WORDS.items():
        yield from _says(thing, field, subject, (predicate, _text(_word(record.facts, field))))
    for field, predicate in CASE_LISTS.items():
        yield from _says(thing, field, subject, *((predicate, text(str(p))) for p in _listed(record.facts, field)))
    for position, step in enumerate(_listed(record.facts, "history"), 1):
        if isinstance(step, dict):
            yield from _step(record, position, step)
    for slot in record.provisions:
        node = ref(f"{thing}/interpretation{slot}")
        yield from _says(
            thing,
            "provisions",
            node,
            (A, S230.Interpretation),
            (RDFS.label, text(f"{record.name} on {label(slot)}")),
            (S230.inCase, subject),
            (S230.slotAsCited, ref(slot)),
        )
        yield from _says(thing, "provisions", subject, (S230.interpretation, node))


def _step(record: Case, position: int, step: Mapping[str, str]) -> Iterator[Fact]:
    """What another court, or the same one, did in the case before or after the decision."""
    thing = record.path
    node = ref(f"{thing}/history/{position}")
    yield from _says(
        thing,
        "history",
        node,
        (A, S230.CaseStep),
        (RDFS.label, text(f"{record.name}: {step['what']}")),
        (S230.detail, text(step["what"])),
        (S230.courtId, text(step["court_id"])),
        (S230.stepDay, _day(step.get("day"))),
        (S230.reporterCitation, _text(step.get("citation"))),
        (S230.concerns, ref(step["case"]) if "case" in step else None),
    )
    yield from _says(thing, "history", ref(thing), (S230.caseStep, node))


def disputed(record: Case) -> Iterator[tuple[tuple[str, ...], list[Fact]]]:
    """What sources say of a decision and its record does not take: their ids, and facts instead of the record's."""
    for other in _listed(record.facts, "disputed"):
        if isinstance(other, dict):
            field, value = other["field"], other["value"]
            changes: dict[str, Any] = (
                {field: value} if field in record._fields else {"facts": {**record.facts, field: value}}
            )
            changed = record._replace(**changes)
            yield tuple(other["sources"]), [fact for fact in case(changed) if fact[1] == field]


def construed(record: Case, slot: Path, found: timeline.Standing) -> Iterator[Fact]:
    """Which provision and version a decision construed: what stood in the slot on its day."""
    if found.status != "ok" or not found.binding or not found.version:
        return
    node = ref(f"{record.path}/interpretation{slot}")
    yield from _says(record.path, "provisions", node, (S230.construes, ref(found.version.path)))
    yield from _says(record.path, "provisions", ref(record.path), (S230.concerns, ref(found.binding.provision)))


def actor(record: Actor) -> Iterator[Fact]:
    """A person or organization and its stances. A private person has no name and no node: nothing is said of one."""
    if not record.page:
        return
    thing, subject = record.path, ref(record.path)
    is_person = record.path.startswith(("/person/", "/us/person/"))
    kind = ((A, FOAF.Person),) if is_person else ((A, ORG.Organization), (A, FOAF.Organization))
    yield from _says(thing, "", subject, *kind, (RDFS.label, text(record.name)))
    yield from _says(thing, "name", subject, (FOAF.name, text(record.name)))
    yield from _says(thing, "role", subject, (S230.roleDescription, _text(record.role)))
    yield from _says(thing, "kind", subject, (S230.actorKind, _text(record.kind)))
    yield from _says(thing, "note", subject, (SKOS.note, _text(record.note)))


def stance(record: Stance, who: Actor, position: int) -> Iterator[Fact]:
    """A position of an actor; `position` counts the actor's stances."""
    if not who.page:
        return
    node = ref(f"{who.path}/stance/{position}")
    yield from _says(
        who.path,
        "",
        node,
        (A, S230.Stance),
        (RDFS.label, text(f"{who.name}: {record.position.replace('_', ' ')} — {label(record.target)}")),
        (S230.actor, ref(who.path)),
        (S230.on, ref(record.target)),
        (S230.stancePosition, text(record.position)),
    )
    yield from _says(who.path, "day", node, (S230.stanceDay, _day(record.day)))
    yield from _says(who.path, "note", node, (SKOS.note, _text(record.note)))
    yield from _says(who.path, "", ref(who.path), (S230.stance, node))


def document(record: Document) -> Iterator[Fact]:
    """A text about the law: publisher, day, what it names; the text itself is not in the graph."""
    thing, subject = record.path, ref(record.path)
    yield from _says(
        thing,
        "",
        subject,
        (A, FOAF.Document),
        (A, S230.Document),
        (RDFS.label, text(record.title)),
        (S230.documentKind, _text(record.kind)),
        (DCTERMS.publisher, ref(record.publisher) if record.publisher else None),
        (S230.sha256, _text(record.sha256)),
    )
    yield from _says(thing, "about", subject, (S230.aboutDocument, _text(record.about)))
    yield from _says(thing, "day", subject, (DCTERMS.issued, _day(record.day)), (S230.dayNote, _text(record.day_note)))
    yield from _says(thing, "mentions", subject, *((SCHEMA.mentions, ref(path)) for path in record.mentions))
    yield from _says(thing, "quoted_roles", subject, *((S230.quotes, text(role)) for role in record.quoted_roles))


def claim(record: Claim, parent: Document) -> Iterator[Fact]:
    """Something a document says, held against the record; anchored by offsets and hash (W3C Web Annotation)."""
    thing = record.id if record.id.startswith("/") else f"/claim/{record.id}"
    subject = ref(thing)
    yield from _says(
        thing,
        "",
        subject,
        (A, S230.Claim),
        (RDFS.label, text(record.text)),
        (S230.claimedIn, ref(parent.path)),
        (S230.verdict, concept("verdict", record.verdict)),
        (SKOS.note, _text(record.note)),
        *((S230.about, ref(path)) for path in record.about),
    )
    yield from _says(thing, "finding", subject, (S230.finding, _text(record.finding)))
    yield from _checked(record, thing)
    if record.anchor:
        yield from _annotation(record, thing, parent)


def _checked(record: Claim, thing: Path) -> Iterator[Fact]:
    """The check that found the verdict (PROV-O): what it used, what it made of the claim."""
    node = ref(f"{thing}/check")
    used = (source for entry in record.evidence if entry.confidence != "memory" for source in entry.sources)
    yield from _says(
        thing,
        "",
        node,
        (A, PROV.Activity),
        (RDFS.label, text(f"Check of {thing.removeprefix('/claim/')}: {record.verdict}")),
        (PROV.generated, ref(thing)),
        *((PROV.used, ref(f"/source/{source}")) for source in dict.fromkeys(used)),
    )
    yield from _says(thing, "", ref(thing), (PROV.wasGeneratedBy, node))


def _annotation(record: Claim, thing: Path, parent: Document) -> Iterator[Fact]:
    """The passage that a claim paraphrases (Web Annotation Data Model, sections 3.2.3 and 4.2.5): offsets and hash.

    Offsets count the code points of the document whose words have the checksum of the source.
    """
    assert record.anchor is not None
    target, selector, annotation = (ref(f"{thing}/{part}") for part in ("target", "selector", "annotation"))
    yield from _says(
        thing,
        "anchor",
        annotation,
        (A, OA.Annotation),
        (RDFS.label, text(f"{thing.removeprefix('/claim/')}, where it stands in the text")),
        (OA.motivatedBy, OA.assessing),
        (OA.hasBody, ref(thing)),
        (OA.hasTarget, target),
    )
    yield from _says(
        thing,
        "anchor",
        target,
        (A, OA.SpecificResource),
        (RDFS.label, text(f"Passage of {parent.title}")),
        (OA.hasSource, ref(parent.path)),
        (OA.hasSelector, selector),
    )
    yield from _says(
        thing,
        "anchor",
        selector,
        (A, OA.TextPositionSelector),
        (RDFS.label, text(f"Code points {record.anchor[0]} to {record.anchor[1]}")),
        (OA.start, number(record.anchor[0])),
        (OA.end, number(record.anchor[1])),
        (S230.sha256, _text(parent.sha256)),
    )
    yield from _says(thing, "anchor", ref(thing), (OA.hasTarget, target))


# --- gaps ------------------------------------------------------------------------------------------------------------


def gap(record: Gap) -> Iterator[Fact]:
    """What is missing, why, what it bears on and which counts are not what they seem."""
    yield from _says(
        record.path,
        "",
        ref(record.path),
        (A, S230.Gap),
        (RDFS.label, text(record.what)),
        (S230.reason, text(record.why)),
        (S230.countedAs, _text(record.counted)),
        (SKOS.note, _text(record.note)),
        *((S230.affects, named(thing)) for thing in record.affects),
        *((S230.bearsOnCountOf, named(kind)) for kind in record.counts),
        *((S230.bearsOnCongress, number(congress)) for congress in record.congresses),
    )


# --- sources ---------------------------------------------------------------------------------------------------------


def source_graph(path: Path, source: Source) -> Iterator[str]:
    """Triples of `/graph/meta` that describe one named graph."""
    subject = ref(path)
    about = (
        (A, S230.SourceGraph),
        (A, PROV.Entity),
        (RDFS.label, text(source.title or source.document)),
        (DCTERMS.identifier, text(source.document)),
        (S230.family, ref(f"/family/{source.family}")),
        (S230.confidence, concept("confidence", source.confidence)),
        (DCTERMS.publisher, _text(source.publisher)),
        (DCTERMS.source, _text(source.address)),
        (DCTERMS.rights, _text(source.licence)),
        (S230.snapshotDay, _day(source.snapshot)),
        (S230.retrieved, _day(source.retrieved)),
        (S230.sha256, _text(source.sha256)),
        (S230.releasePoint, _text(source.release_point)),
        (DCTERMS.provenance, _text(source.via)),
        (SKOS.note, _text(source.note)),
        *((PROV.wasDerivedFrom, ref(path)) for path in source.derived_from),
    )
    yield from (f"{subject} {predicate} {value}" for predicate, value in about if value)


def source_document(record: FactSource) -> Iterator[str]:
    """Triples of `/graph/meta` that describe a document in which curated facts were read."""
    subject = ref(f"/source/{record.id}")
    about = (
        (A, S230.SourceDocument),
        (RDFS.label, text(record.title)),
        (DCTERMS.type, _text(record.kind)),
        (DCTERMS.publisher, _text(record.publisher)),
        (DCTERMS.source, _text(record.address)),
        (S230.snapshotDay, _day(record.snapshot)),
        (S230.releasePoint, _text(record.release_point)),
        (DCTERMS.provenance, _text(record.via)),
        (SKOS.note, _text(record.note)),
    )
    yield from (f"{subject} {predicate} {value}" for predicate, value in about if value)


def family(name: str, coverage: Day | None, publisher: str, title: str) -> Iterator[str]:
    """Triples of `/graph/meta` that describe a family of sources and the day up to which it is complete."""
    subject = ref(f"/family/{name}")
    about = (
        (A, S230.SourceFamily),
        (RDFS.label, text(title or name)),
        (DCTERMS.identifier, text(name)),
        (DCTERMS.publisher, _text(publisher)),
        (S230.coverageDay, _day(coverage)),
    )
    yield from (f"{subject} {predicate} {value}" for predicate, value in about if value)


def meta_graph() -> Iterator[str]:
    """The description of `/graph/meta` by itself."""
    subject = ref(META)
    yield f"{subject} {A} {S230.SourceGraph}"
    yield f"{subject} {RDFS.label} {text('What every other graph is and where it comes from')}"
    yield f"{subject} {S230.confidence} {concept('confidence', 'official')}"


def evidence_note(record: Evidence) -> str:
    """What an evidence entry says beside its sources: which part was read, and a caveat."""
    return "; ".join(part for part in (record.part, record.note) if part)
