"""The curated facts: ``data/facts/*.yaml`` checked against ``data/schemas/*.json`` and read into records.

A file holds a list of records under its own name (``cases: [...]``); docs/facts.md describes them. All is checked
before anything comes out: shapes, days that exist, ids that exist, ids used once. A breach stops the curated build with
one `FactsError` that names file, record, field and the likely mend of each problem.

>>> problem = Problem("cases.yaml", "/case/zeran", "outcome", "'imunity-granted' is not known", "immunity-granted")
>>> print(problem)
cases.yaml: /case/zeran: outcome: 'imunity-granted' is not known; did you mean 'immunity-granted'?
"""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from data import ROOT
from graph.records import (
    Action,
    Actor,
    Bill,
    BillFacts,
    Case,
    Claim,
    Document,
    Effect,
    Evidence,
    FactSource,
    Law,
    LawSection,
    ProvisionFacts,
    Sponsorship,
    Stance,
    Vote,
)

Record = FactSource | Law | ProvisionFacts | Actor | Case | Document | BillFacts | Effect
"""What `read` gives; claims come within their documents."""

Row = dict[str, Any]
Rows = dict[str, list[Row]]

FILES = ("sources", "laws", "provisions", "effects", "actors", "cases", "documents", "claims", "bills")
REGISTERED = re.compile(r"/(us/(pl|act|eo|bill)|provision|exemption|case|org|person|document|claim)/")
"""Kinds of paths that must have a record here; members of Congress and the Code have theirs in official files."""

SECTION_230 = "/us/usc/t47/s230"
LAW = re.compile(r"/us/(?:pl/\d+/\d+|act/[\d-]+/ch\d+|eo/\d+)")
DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")


class Problem(NamedTuple):
    """One breach: the file, the record by id (or place), the field by its path, what is wrong, the likely mend."""

    file: str
    record: str
    field: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        mend = f"; did you mean {self.mend!r}?" if self.mend else ""
        return ": ".join(part for part in (self.file, self.record, self.field, self.what) if part) + mend


class FactsError(Exception):
    """The curated facts cannot be built from; `problems` holds every breach, the message one line for each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Place(NamedTuple):
    """A string somewhere in a record: the keys and indexes that lead to it, and the mapping it stands in."""

    keys: tuple[str | int, ...]
    value: str
    within: Row

    @property
    def field(self) -> str:
        """The way to the string, joined by dots: ``evidence.0.sources.1``."""
        return ".".join(map(str, self.keys))

    @property
    def key(self) -> str:
        """The name of the field that holds the string, alone or in a list."""
        return next((key for key in reversed(self.keys) if isinstance(key, str)), "")


class _Loader(yaml.CSafeLoader):
    """YAML as we write it: a day is a string, quoted or not."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def read(folder: Path = ROOT / "facts", schemas: Path = ROOT / "schemas") -> Iterator[Record]:
    """The records of the YAML files in `folder`, in the order of `FILES`; a file that is absent has no records.

    Everything is checked before the first record. Raises `FactsError` listing every breach.
    """
    rows, problems = _load(folder)
    problems += _misshapen(rows, schemas)
    problems += _doubled(rows)
    problems += _dangling(rows)
    if problems:
        raise FactsError(problems)
    return _records(rows)


# --- checking --------------------------------------------------------------------------------------------------------


def _load(folder: Path) -> tuple[Rows, list[Problem]]:
    rows: Rows = {}
    problems = []
    for name in FILES:
        path = folder / f"{name}.yaml"
        if not path.is_file():
            continue
        try:
            content = yaml.load(path.read_bytes(), _Loader)
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
            problems.append(Problem(path.name, "", "", " ".join(str(error).split())))
            continue
        listed = content.get(name) if isinstance(content, dict) else None
        if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
            problems.append(Problem(path.name, "", name, f"a list of records was expected under the key {name!r}"))
            continue
        rows[name] = listed
    return rows, problems


def _misshapen(rows: Rows, schemas: Path) -> Iterator[Problem]:
    contents = {path.stem: json.loads(path.read_bytes()) for path in sorted(schemas.glob("*.json"))}
    for name, listed in rows.items():
        validator = Draft202012Validator(_inlined(contents[name], name, contents))
        for error in validator.iter_errors({name: listed}):
            yield _breach(name, listed, error)


def _inlined(schema: Any, name: str, contents: dict[str, Any]) -> Any:
    """The schema with each definition in the place of its ``$ref``: following references takes half of the time."""
    if isinstance(schema, list):
        return [_inlined(part, name, contents) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        file, _, definition = schema["$ref"].partition("#/$defs/")
        home = file.removesuffix(".json") or name
        return _inlined(contents[home]["$defs"][definition], home, contents)
    return {key: _inlined(part, name, contents) for key, part in schema.items() if key != "$defs"}


def _breach(name: str, listed: list[Row], error: ValidationError) -> Problem:
    _, *keys = error.absolute_path or [name]
    if not keys:
        return Problem(f"{name}.yaml", "", "", error.message)
    index, *field = keys
    instance: Any = error.instance
    schema: Any = error.schema
    what, mend = error.message, ""
    if error.validator == "additionalProperties":
        unknown = sorted(set(instance) - set(schema["properties"]))
        what, mend = f"no such field: {', '.join(unknown)}", _near(unknown[0], schema["properties"])
    elif error.validator == "enum":
        what, mend = f"{instance!r} is not known", _near(instance, schema["enum"])
    elif error.validator == "pattern":
        what = f"{instance!r} is not written as this is: {schema.get('description', schema['pattern'])}"
    elif error.validator == "contains":
        what = "one entry without `fields` is needed, for all other fields"
    return Problem(f"{name}.yaml", _id(listed[int(index)], int(index)), ".".join(map(str, field)), what, mend)


def _doubled(rows: Rows) -> Iterator[Problem]:
    for name, listed in rows.items():
        count = Counter(_id(row, index) for index, row in enumerate(listed))
        for doubled in (id_ for id_, times in count.items() if times > 1):
            yield Problem(f"{name}.yaml", doubled, "id", f"stands {count[doubled]} times; give each record its own")


def _dangling(rows: Rows) -> Iterator[Problem]:
    known = _known(rows)
    for name, listed in rows.items():
        for index, row in enumerate(listed):
            for field, what, mend in _faults(row, known):
                yield Problem(f"{name}.yaml", _id(row, index), field, what, mend)


def _known(rows: Rows) -> dict[str, set[str]]:
    """Ids of sources, of everything with a path, and the slots of section 230, then and now."""
    provisions = rows.get("provisions", [])
    slots = {str(row.get("slot")) for row in provisions}
    slots |= {str(row.get("id")).removeprefix("/provision").partition("@")[0] for row in provisions}
    paths = {_id(row, index) for name, listed in rows.items() if name != "sources" for index, row in enumerate(listed)}
    paths |= {str(row["exemption"]) for row in provisions if "exemption" in row}
    return {"source": {str(row.get("id")) for row in rows.get("sources", [])}, "path": paths, "slot": slots}


def _faults(row: Row, known: dict[str, set[str]]) -> Iterator[tuple[str, str, str]]:
    for place in _places(row, ()):
        value, key = place.value, place.key
        if DAY.fullmatch(value) and not _possible(value):
            yield place.field, f"{value} is not a day of the calendar", ""
        elif key == "sources" and value not in known["source"]:
            yield place.field, f"no source {value!r} in sources.yaml", _near(value, known["source"])
        elif _must_exist(place) and _home(value) not in known["path"]:
            yield place.field, f"no record {_home(value)!r}", _near(_home(value), known["path"])
        elif _in_section_230(place) and value not in known["slot"]:
            yield place.field, f"section 230 has no slot {value!r}", _near(value, known["slot"])
    for field, name, names in _unknown_fields(row):
        yield field, f"no field {name!r} in the record", _near(name, names)


def _places(value: object, keys: tuple[str | int, ...], within: Row | None = None) -> Iterator[Place]:
    if isinstance(value, str):
        yield Place(keys, value, within or {})
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _places(part, (*keys, str(key)), value)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _places(part, (*keys, index), within)


def _must_exist(place: Place) -> bool:
    """A law's own bill is left to the official record: not every one of them changes or names section 230."""
    return bool(REGISTERED.match(place.value)) and place.key != "bill"


def _in_section_230(place: Place) -> bool:
    named = place.value == SECTION_230 or place.value.startswith(SECTION_230 + "/")
    return named and "proposed_label" not in place.within


def _home(path: str) -> str:
    """The id of the record that describes `path`: sections of a law stand in the law."""
    law = LAW.match(path)
    return law.group() if law else path


def _unknown_fields(row: object, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Names under ``evidence`` … ``fields`` that the record itself does not have."""
    if isinstance(row, dict):
        for index, entry in enumerate(row.get("evidence") or ()):
            for name in entry.get("fields", ()) if isinstance(entry, dict) else ():
                if name not in row:
                    yield ".".join(map(str, (*keys, "evidence", index, "fields"))), str(name), row
        for key, part in row.items():
            yield from _unknown_fields(part, (*keys, key))
    elif isinstance(row, list):
        for index, part in enumerate(row):
            yield from _unknown_fields(part, (*keys, index))


def _possible(day: str) -> bool:
    try:
        date.fromisoformat(day if len(day) == 10 else day + "-01")
    except ValueError:
        return False
    return True


def _near(name: object, names: Iterable[object]) -> str:
    return next(iter(difflib.get_close_matches(str(name), sorted(map(str, names)), n=1)), "")


def _id(row: Row, index: int) -> str:
    return str(row.get("id") or f"record {index + 1}")


# --- records ---------------------------------------------------------------------------------------------------------


def _records(rows: Rows) -> Iterator[Record]:
    claims = [(row["document"], _claim(row)) for row in rows.get("claims", [])]
    makers: dict[str, Callable[[Row], Record]] = {
        "sources": lambda row: FactSource(**row),
        "laws": _law,
        "provisions": _provision,
        "effects": _effect,
        "actors": _actor,
        "cases": _case,
        "documents": lambda row: _document(row, tuple(claim for path, claim in claims if path == row["id"])),
        "bills": _bill,
    }
    return (make(row) for name, make in makers.items() for row in rows.get(name, []))


def _evidence(row: Row) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            tuple(entry["sources"]),
            entry["confidence"],
            tuple(entry.get("fields", ())),
            entry.get("part", ""),
            entry.get("note", ""),
        )
        for entry in row["evidence"]
    )


def _frozen(row: Row) -> Row:
    """The fields of a row as the records have them: lists as tuples, evidence as records, ``id`` as ``path``."""
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    if "id" in fields:
        fields["path"] = fields.pop("id")
    if "stances" in fields:
        fields["stances"] = tuple(Stance(**_frozen(stance)) for stance in row["stances"])
    return {**fields, "evidence": _evidence(row)}


def _split(row: Row, names: Iterable[str]) -> tuple[Row, Row]:
    """The fields that a record names itself, and the rest, which go into its `facts` as they are."""
    own = {key: value for key, value in row.items() if key in names}
    return own, {key: value for key, value in row.items() if key not in own}


def _law(row: Row) -> Law:
    sections = tuple(LawSection(**_frozen(section)) for section in row.get("sections", ()))
    votes = tuple(map(_vote, row.get("votes", ())))
    return Law(**{**_frozen(row), "sections": sections, "votes": votes})


def _vote(row: Row) -> Vote:
    """Congress and session follow from the year: a Congress begins in each odd year, 1789 the first."""
    year = int(row["day"][:4])
    _, _, _, congress, kind, number = row["bill"].split("/")
    counts = {key: row[key] for key in ("chamber", "roll", "day", "question", "yea", "nay")}
    return Vote(
        congress=(year - 1789) // 2 + 1,
        session="1" if year % 2 else "2",
        year=str(year),
        result=row.get("result", ""),
        amendment=row.get("amendment", ""),
        bill=(int(congress), kind, int(number)),
        **counts,
    )


def _provision(row: Row) -> ProvisionFacts:
    own, facts = _split(row, ("id", "kind", "heading", "summary", "summaries", "exemption", "evidence"))
    summaries = tuple((entry["from"], entry["text"]) for entry in own.get("summaries", ()))
    return ProvisionFacts(
        provision=own["id"],
        kind=own["kind"],
        heading=own.get("heading", ""),
        summary=own.get("summary") or summaries[-1][1],
        facts=facts,
        evidence=_evidence(row),
        summaries=summaries,
        exemption=own.get("exemption", ""),
    )


def _effect(row: Row) -> Effect:
    fields = {**_frozen(row), "id": row["id"]}
    del fields["path"]
    for pairs in ("moves", "keeps"):
        fields[pairs] = tuple((before, after) for before, after in row.get(pairs, ()))
    return Effect(**fields)


def _actor(row: Row) -> Actor:
    path = row["id"]
    return Actor(**_frozen(row), bioguides=(path.rpartition("/")[2],) if path.startswith("/us/person/") else ())


def _case(row: Row) -> Case:
    names = ("id", "name", "court", "day", "citation", "outcome", "holding", "provisions", "evidence")
    own, facts = _split(row, names)
    return Case(**_frozen(own), facts=facts)


def _document(row: Row, claims: tuple[Claim, ...]) -> Document:
    return Document(**{"day_note": "", "sha256": "", **_frozen(row), "claims": claims})


def _claim(row: Row) -> Claim:
    fields = {**_frozen(row), "id": row["id"]}
    del fields["path"], fields["document"]
    return Claim(**fields)


def _bill(row: Row) -> BillFacts:
    return BillFacts(**_frozen(row))


def measure(record: BillFacts) -> Bill | None:
    """What was written down of the official record of a measure, as such a record: no names of cosponsors, one action.

    ``None`` where nothing was, and for a draft that was never introduced.
    """
    known: Row | None = record.record
    if known is None or known["status"] == "draft":
        return None
    _, _, _, congress, kind, number = record.path.split("/")
    introduced, last = known["introduced"], known["latest_action"]
    member = known["sponsor"].rpartition("/")[2]
    sponsor = Sponsorship(member, known["sponsor_name"], known["party"], known["state"], "", introduced)
    return Bill(
        congress=int(congress),
        type=kind,
        number=int(number),
        title=record.title,
        introduced=introduced,
        sponsors=(sponsor,),
        cosponsors=None,
        actions=(Action(last["day"], last["text"]),),
        laws=(known["law"].removeprefix("/us/pl/").replace("/", "-"),) if "law" in known else (),
        updated=known.get("as_of", last["day"]),
        abridged=("actions", "cosponsors"),
    )
