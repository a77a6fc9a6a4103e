"""What a record of an official file is the record of: the publisher's document id, and the path of the thing."""

from __future__ import annotations

from typing import Any

from graph import iri, publishers
from graph.naming import name
from graph.records import Bill, BillText, Committee, Day, LawText, Path, Person, Section, Source, Vote


def document(record: Any) -> str:
    """The publisher's id of the document: what its named graph is called after.

    >>> document(Bill(115, "hr", 1865, "", None))
    '115hr1865'
    """
    match record:
        case Section():
            return record.provision.identifier
        case Bill():
            return f"{record.congress}{record.type}{record.number}"
        case Vote():
            return f"{record.chamber[0].lower()}{record.roll}-{record.congress}.{record.year}"
        case Person():
            return record.bioguide or iri.slug(record.full_name)
        case Committee():
            return record.code.lower()
        case BillText():
            return f"{record.congress}{record.type}{record.number}{record.version}"
        case LawText():
            return "-".join(record.law.path.split("/")[2:])
    raise TypeError(f"no document id for {type(record).__name__}")


def thing(record: Any) -> Path:
    """The path of the thing that the record is the record of.

    >>> thing(Bill(115, "hr", 1865, "", None))
    '/us/bill/115/hr/1865'
    """
    match record:
        case Section():
            return record.provision.identifier
        case Bill():
            return iri.bill_of(record)
        case Vote():
            return iri.vote_of(record)
        case Person():
            return iri.person(record.bioguide) if record.bioguide else f"/person/{iri.slug(record.full_name)}"
        case Committee():
            return f"/us/committee/{record.code.lower()}"
        case BillText():
            return iri.bill(record.congress, record.type, record.number) + f"/text/{record.version or 'unknown'}"
        case LawText():
            return record.law.path
    raise TypeError(f"no thing for {type(record).__name__}")


def updated(record: Any) -> Day | None:
    """The publisher's own day of the record, where it states one."""
    return record.updated if isinstance(record, Bill) else None


def described(source: Source, record: Any) -> Source:
    """The source with a title of its own and the publisher's address of the document, where a rule gives one."""
    return source._replace(title=_title(source, record), address=source.address or _address(record))


def _title(source: Source, record: Any) -> str:
    match record:
        case Section():
            return f"{name(record.provision.identifier)} ({source.title or 'United States Code'})"
        case Bill():
            return f"{source.title or 'Record'} of {name(iri.bill_of(record))}"
        case Vote():
            return f"{record.chamber} roll call {record.roll} of {record.year}"
        case Person():
            return f"Entry of {record.full_name} ({source.title or 'legislators'})"
        case BillText():
            measure = name(iri.bill(record.congress, record.type, record.number))
            return f"Text of {measure} ({record.version or 'version unknown'})"
        case LawText():
            return f"{name(record.law.path)}, as printed"
    return source.title or source.document


def _address(record: Any) -> str:
    match record:
        case Section():
            return publishers.page(record.provision.identifier)
        case Bill():
            return publishers.page(iri.bill_of(record))
        case LawText():
            return publishers.page(record.law.path)
        case Vote():
            return record.address
        case Person():
            return f"https://bioguide.congress.gov/search/bio/{record.bioguide}" if record.bioguide else ""
    return ""
