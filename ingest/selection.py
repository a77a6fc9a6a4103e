"""Which official records go into the tables of the repository, and writing them.

Inclusion rule: the measures that `data/facts/bills.yaml` lists with a relevance other than ``none``, and the roll calls
on them. Of several records of one measure the fullest counts: whole before abridged, dated before undated, newest
first; records of format samples never do. A party that the record lacks is read in another one (`ingest.affiliation`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from io import BufferedReader
from pathlib import Path as File
from typing import Any, cast

from data import ROOT
from graph import iri
from graph.records import Bill, BillFacts, Path, Person, Rejected, Source, Sponsorship, Vote
from ingest import affiliation, documents, facts, formats, mapper, sources, tables

WANTED = (Bill, Vote, Person)


def write_tables(paths: Iterable[File], out: File) -> dict[str, int]:
    """Write ``data/tables/*.csv`` from the official records in `paths`; the number of rows by table."""
    wanted = {r.path for r in facts.read(ROOT / "facts") if isinstance(r, BillFacts) and r.relevance != "none"}
    people: list[tuple[Source, Person]] = []
    others: list[tuple[Source, Bill | Vote]] = []
    bills: dict[Path, tuple[Source, Bill]] = {}
    votes: dict[Path, tuple[Source, Vote]] = {}
    for source, record in _records(paths):
        if isinstance(record, Person):
            people.append((source, record))
        elif isinstance(record, Bill) and iri.bill_of(record) in wanted:
            others.append((source, record))
            known = bills.get(iri.bill_of(record))
            if known is None or _fullness(source, record) > _fullness(*known):
                bills[iri.bill_of(record)] = source, record
        elif isinstance(record, Vote) and record.bill and iri.bill(*record.bill) in wanted:
            others.append((source, record))
            votes[iri.vote_of(record)] = source, record._replace(positions=())
    setting = mapper.Setting("", thomas={p.thomas: p.bioguide for _, p in people if p.thomas})
    members, seen = affiliation.by_member(people), affiliation.seen(others)
    documents: list[tuple[Source, Bill | Vote]] = [*votes.values()]
    read_in: list[Source] = []
    for source, bill in bills.values():
        completed, used = affiliation.completed(_resolved(bill, setting), members, seen)
        documents.append((source, completed))
        read_in += used
    return tables.write(documents, out, read_in)


def _records(paths: Iterable[File]) -> Iterator[tuple[Source, Any]]:
    """Every bill, roll call and person in `paths`; what cannot be read is the build's to report."""
    for item in sources.walk(paths):
        if not isinstance(item, sources.Item) or not item.entry or item.entry.family.endswith("-sample"):
            continue
        try:
            with sources.open_item(item) as stream:
                reader = formats.detect(stream)
                found = [r for r in reader.read(stream) if isinstance(r, WANTED)] if reader else []
            if found:
                with sources.open_item(item) as stream:
                    checksum = hashlib.file_digest(cast(BufferedReader, stream), "sha256").hexdigest()
        except (OSError, sources.Unreadable):
            continue
        for record in found:
            if not isinstance(record, Rejected):
                about = documents.document(record), documents.updated(record), checksum
                yield documents.described(sources.source_of(item, *about), record), record


def _fullness(source: Source, bill: Bill) -> tuple[bool, bool, bool, str]:
    whole = not getattr(bill, "abridged", ())
    return bill.cosponsors is not None, whole, source.coverage is not None, source.snapshot or ""


def _resolved(bill: Bill, setting: mapper.Setting) -> Bill:
    """The bill with its members by Bioguide id, as far as the legislators at hand tell."""

    def known(member: Sponsorship) -> Sponsorship:
        path = mapper.member(member.bioguide, member.name, setting)
        return member._replace(bioguide=path.rpartition("/")[2]) if member.bioguide else member

    cosponsors = None if bill.cosponsors is None else tuple(map(known, bill.cosponsors))
    return bill._replace(sponsors=tuple(map(known, bill.sponsors)), cosponsors=cosponsors)
