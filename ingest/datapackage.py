"""The description of `data/tables` as a Frictionless Data Package: what each column of each table holds.

Columns come from `ingest.tables.COLUMNS`; a column that nothing here describes stops the writing. To write it again:

    python -m ingest.datapackage > data/datapackage.json

Rules: https://specs.frictionlessdata.io/tabular-data-package/ and table-schema/ (version 1).
"""

from __future__ import annotations

import json
import sys
from typing import Any

from ingest.tables import COLUMNS, SEPARATOR

LISTED = f"several are separated by '{SEPARATOR}'"

TABLES = {
    "sources": "The official documents that the other tables are taken from, one row a document.",
    "bills": "The measures that count here (docs/inclusion.md), as their official records show them.",
    "sponsorships": "Sponsors and cosponsors of the measures, one row a member and day of joining.",
    "actions": "The steps of each measure in order; reports of one step by several systems are merged.",
    "votes": "Recorded votes on the measures; a roll call stands once for each document that reports it.",
    "laws": "The laws that measures became.",
    "related": "Measures that the record of a measure calls related.",
}

KEYS = {
    "sources": ["document"],
    "bills": ["bill"],
    "sponsorships": ["bill", "role", "bioguide", "name", "joined"],
    "actions": ["bill", "position"],
    "votes": ["vote", "document"],
    "laws": ["bill", "law"],
    "related": ["bill", "related"],
}

FIELDS = {
    "document": ("string", "The publisher's id of the document that the row is taken from."),
    "snapshot": ("date", "The day that the document speaks for; empty where nobody says."),
    "family": ("string", "The series of documents it belongs to; one coverage day for all."),
    "coverage": ("date", "The day up to which the family is complete; empty for an undated family."),
    "publisher": ("string", "Who published the document."),
    "licence": ("string", "Under what terms it may be used."),
    "retrieved": ("date", "The day on which the copy was taken."),
    "sha256": ("string", "Checksum of the copy that was read."),
    "via": ("string", "Where the copy was found."),
    "confidence": ("string", "official, two-sources, one-source or memory."),
    "note": ("string", "What a reader should know about it."),
    "bill": ("string", "The measure, as a path: /us/bill/115/hr/1865."),
    "title": ("string", "The title."),
    "introduced": ("date", "The day of introduction."),
    "origin_chamber": ("string", "House or Senate."),
    "policy_area": ("string", "The policy area that the Library of Congress gives it."),
    "committees": ("string", f"Codes of the committees it went to; {LISTED}."),
    "reports": ("string", f"Committee reports on it; {LISTED}."),
    "subjects": ("string", f"Subjects that the Library of Congress gives it; {LISTED}."),
    "short_titles": ("string", f"Its short titles, without those of its portions; {LISTED}."),
    "cosponsors_known": ("boolean", "Whether the record carries cosponsors at all."),
    "role": ("string", "sponsor or cosponsor."),
    "bioguide": ("string", "The member in the Biographical Directory of Congress; empty where the record has no id."),
    "name": ("string", "The member, as the record writes the name."),
    "party": ("string", "Party on the day: R, D, I; empty where the record has none."),
    "state": ("string", "State on the day, as its postal code."),
    "district": ("string", "District of the House on the day; empty for senators."),
    "joined": ("date", "First day of the sponsorship."),
    "withdrawn": ("date", "The day on which it no longer stood; empty while it stands."),
    "original": ("boolean", "Whether a cosponsor joined at introduction, as the record says."),
    "party_from": ("string", "The document in which the party was read, where the record itself has none."),
    "position": ("integer", "Place among the steps of the measure, counted from one."),
    "day": ("date", "The local day in Washington."),
    "kind": ("string", "The record's kind of a step."),
    "codes": ("string", f"The record's codes of a step; {LISTED}."),
    "systems": ("string", f"The systems that reported the step; {LISTED}."),
    "text": ("string", "What happened, as the record words it."),
    "vote": ("string", "The roll call, as a path: /us/vote/115/senate/2018/60."),
    "chamber": ("string", "House or Senate."),
    "congress": ("integer", "The number of the Congress."),
    "session": ("string", "The session of the Congress."),
    "year": ("year", "The year in which the roll calls are numbered."),
    "roll": ("integer", "The number of the roll call in its chamber and year."),
    "question": ("string", "What was voted on, as the record words it."),
    "result": ("string", "The result, as the record words it."),
    "yea": ("integer", "Votes in favour."),
    "nay": ("integer", "Votes against."),
    "present": ("integer", "Members who answered present."),
    "not_voting": ("integer", "Members who did not vote."),
    "amendment": ("string", "The amendment voted on, where it was one."),
    "address": ("string", "The official page."),
    "law": ("string", "The number of the law: 115-164; a private law begins with Pvt. L."),
    "related": ("string", "The other measure, as a path."),
    "relations": ("string", f"How the record calls the relation; {LISTED}."),
    "identified_by": ("string", f"Who found the relation; {LISTED}."),
}
"""Column -> type of Table Schema, and what it holds. A name means the same in every table."""

BOOLEANS = {"original": ("true", "false"), "cosponsors_known": ("yes", "no")}


def package() -> dict[str, Any]:
    """The data package of `data/tables`, ready for ``json.dumps``; paths are relative to `data`.

    Raises `KeyError` for a table or column that is not described here.

    >>> [resource["name"] for resource in package()["resources"]][:2]
    ['sources', 'bills']
    """
    return {
        "profile": "tabular-data-package",
        "name": "section230-tables",
        "title": "Measures of Congress on Section 230: what the official records say",
        "description": "Extracts of official records of the measures that data/facts/bills.yaml lists. Each row names "
        "the document and the day it is from; data/gaps.yaml says what is missing.",
        "licenses": [{"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}],
        "resources": [_resource(name, columns) for name, columns in COLUMNS.items()],
    }


def _resource(name: str, columns: tuple[str, ...]) -> dict[str, Any]:
    links = {"document": ("sources", "document"), "party_from": ("sources", "document"), "bill": ("bills", "bill")}
    return {
        "name": name,
        "path": f"tables/{name}.csv",
        "profile": "tabular-data-resource",
        "description": TABLES[name],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in columns],
            "missingValues": [""],
            "primaryKey": KEYS[name],
            "foreignKeys": [
                {"fields": column, "reference": {"resource": resource, "fields": field}}
                for column, (resource, field) in links.items()
                if column in columns and resource != name
            ],
        },
    }


def _field(column: str) -> dict[str, Any]:
    kind, description = FIELDS[column]
    field: dict[str, Any] = {"name": column, "type": kind, "description": description}
    if column in BOOLEANS:
        yes, no = BOOLEANS[column]
        field |= {"trueValues": [yes], "falseValues": [no]}
    return field


def text() -> str:
    """The package as the file holds it."""
    return json.dumps(package(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
