"""People of Congress and of national office, from unitedstates/congress-legislators in its three forms.

JSON and YAML hold every term with its days; the CSV holds one row a person with the last term only and no day, so
it cannot tell party or chamber on an earlier day (``terms_complete`` is false, the one term has an empty start). A term
during which the member changed party comes as several terms. ``executive`` has the same shape with ``prez`` and
``viceprez`` terms; some of its people have no Bioguide id, theirs is empty.

Source of the shapes: the README of unitedstates/congress-legislators ("Legislators Data Dictionary").

>>> import io
>>> person, = read(io.BytesIO(b"last_name,first_name,type,state,party,bioguide_id\\nRoe,Ann,sen,OR,Democrat,R000001"))
>>> person.full_name, person.terms[0].kind, person.terms_complete
('Ann Roe', 'sen', False)
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import BinaryIO, TypeVar

from graph.records import Day, Person, Rejected, Term
from ingest.yaml import BrokenYAML, load, mapping, sequence, text

T = TypeVar("T")

NAME = "legislators"

KINDS = ("rep", "sen", "prez", "viceprez")

_COLUMNS = {"last_name", "first_name", "type", "state", "party", "bioguide_id"}
_BIOGUIDE = re.compile(r"[A-Z][0-9]{6}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def recognises(head: bytes) -> bool:
    """Whether the first bytes of a file look like one of the three forms."""
    start = _decoded(head)
    if start.lstrip().startswith("["):
        return '"terms"' in start and '"name"' in start and re.search(r'"(bioguide|govtrack)"', start) is not None
    return _is_table(start) or all(re.search(rf"(?m)^[- ] {key}:", start) for key in ("id", "name", "terms"))


def read(stream: BinaryIO) -> Iterator[Person | Rejected]:
    """The people in the file, in its order; a `Rejected` for each that cannot be read, or one for the whole file."""
    data = stream.read().removeprefix(codecs.BOM_UTF8)
    if _is_table(_decoded(data[:8192])):
        yield from _read_table(data)
    else:
        yield from _read_list(data)


def _decoded(head: bytes) -> str:
    return head.decode("utf-8-sig", "replace")


def _is_table(start: str) -> bool:
    first, _, _ = start.partition("\n")
    return {name.strip(' "\r') for name in first.split(",")} >= _COLUMNS


# --- JSON and YAML ---------------------------------------------------------------------------------------------------


def _read_list(data: bytes) -> Iterator[Person | Rejected]:
    try:
        people = json.loads(data) if data.lstrip()[:1] == b"[" else load(io.BytesIO(data))
    except RecursionError:
        yield Rejected("nested too deep")
        return
    except (BrokenYAML, ValueError) as error:
        yield Rejected(" ".join(str(error).split()))
        return
    if not isinstance(people, list):
        yield Rejected("expected a list of people")
        return
    for place, entry in enumerate(people, 1):
        yield _checked(_person, entry, f"person {place}")


def _checked(make: Callable[[T], Person], entry: T, where: str) -> Person | Rejected:
    try:
        return make(entry)
    except ValueError as error:
        return Rejected(str(error), where)


def _person(entry: object) -> Person:
    fields = mapping(entry, "person")
    ids, name, bio = (mapping(fields.get(key), key) for key in ("id", "name", "bio"))
    first, last, nickname = (text(name.get(key), key) for key in ("first", "last", "nickname"))
    others = sequence(fields.get("other_names"), "other_names")
    former = tuple(_joined({"first": first} | mapping(other, "other name")) for other in others)
    return Person(
        bioguide=_bioguide(ids.get("bioguide")),
        first=first,
        last=_required(last, "last name"),
        full_name=text(name.get("official_full"), "official_full") or _joined(name),
        lis=text(ids.get("lis"), "lis"),
        birthday=_day(bio.get("birthday"), "birthday"),
        gender=text(bio.get("gender"), "gender"),
        terms=tuple(part for term in sequence(fields.get("terms"), "terms") for part in _terms(mapping(term, "term"))),
        thomas=text(ids.get("thomas"), "thomas"),
        wikidata=text(ids.get("wikidata"), "wikidata"),
        other_names=_nicknamed(nickname, last) + former,
    )


def _terms(term: dict[str, object]) -> tuple[Term, ...]:
    """A term as one record, or as several by day where the member changed party during it.

    The publisher's days of an affiliation are inclusive; each runs until the next begins.
    """
    whole = Term(
        kind=_kind(text(term.get("type"), "type")),
        start=_required(_day(term.get("start"), "start"), "start of a term"),
        end=_day(term.get("end"), "end"),
        state=text(term.get("state"), "state"),
        district=_district(term.get("district")),
    )
    changes = [mapping(change, "affiliation") for change in sequence(term.get("party_affiliations"), "affiliations")]
    turns = [_required(_day(change.get("start"), "start"), "start of an affiliation") for change in changes[1:]]
    starts, ends = [whole.start, *turns], [*turns, whole.end]
    if any(end is not None and start > end for start, end in zip(starts, ends, strict=True)):
        raise ValueError(f"term of {whole.start}: ends before it starts")
    return tuple(
        whole._replace(
            start=start,
            end=end,
            party=text(change.get("party"), "party"),
            caucus=text(change.get("caucus"), "caucus"),
        )
        for change, start, end in zip(changes or [term], starts, ends, strict=True)
    )


# --- CSV -------------------------------------------------------------------------------------------------------------


def _read_table(data: bytes) -> Iterator[Person | Rejected]:
    try:
        rows = csv.DictReader(io.StringIO(data.decode(), newline=""), restval="")
        if missing := _COLUMNS - set(rows.fieldnames or ()):
            yield Rejected(f"no column {min(missing)}", "line 1")
            return
        for row in rows:
            yield _checked(_row, row, f"line {rows.line_num}")
    except (csv.Error, UnicodeDecodeError) as error:
        yield Rejected(f"not a table of text: {error}")


def _row(row: dict[str, str]) -> Person:
    if None in row:
        raise ValueError("more fields than the first line names")
    name = {key: row.get(f"{key}_name", row.get(key, "")) for key in ("first", "middle", "last", "suffix")}
    term = Term(_kind(row["type"]), "", None, row["state"], _district(row.get("district")), row["party"])
    return Person(
        bioguide=_bioguide(row["bioguide_id"]),
        first=row["first_name"],
        last=_required(row["last_name"], "last name"),
        full_name=row.get("full_name") or _joined(name),
        lis=row.get("lis_id", ""),
        birthday=_day(row.get("birthday"), "birthday"),
        gender=row.get("gender", ""),
        terms=(term,),
        terms_complete=False,
        thomas=row.get("thomas_id", ""),
        other_names=_nicknamed(row.get("nickname", ""), row["last_name"]),
    )


# --- values ----------------------------------------------------------------------------------------------------------


def _day(value: object, what: str) -> Day | None:
    written = text(value, what)
    if not written:
        return None
    try:
        if _DAY.fullmatch(written):
            return date.fromisoformat(written).isoformat()
    except ValueError:
        pass
    raise ValueError(f"{what}: {written[:40]!r} is not a day (YYYY-MM-DD)")


def _required(value: str | None, what: str) -> str:
    if not value:
        raise ValueError(f"no {what}")
    return value


def _bioguide(value: object) -> str:
    written = text(value, "bioguide")
    if written and not _BIOGUIDE.fullmatch(written):
        raise ValueError(f"{written[:40]!r} is not a Bioguide id")
    return written


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"{kind[:40]!r} is not a kind of term ({', '.join(KINDS)})")
    return kind


def _district(value: object) -> str:
    """The number of the district; 0 is at large, and the publisher's -1 for an unknown one is empty."""
    number = text(value, "district")
    return "" if number == "-1" else number


def _joined(name: dict[str, object] | dict[str, str]) -> str:
    return " ".join(filter(None, (text(name.get(key), key) for key in ("first", "middle", "last", "suffix"))))


def _nicknamed(nickname: str, last: str) -> tuple[str, ...]:
    return (f"{nickname} {last}",) if nickname else ()
