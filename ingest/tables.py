"""The tables: what the official records say of the bills that matter here, as CSV that lives in the repository.

`write` takes records that readers made from official files; `read` gives the same records back, each with the source it
was taken from. So the default graph needs no download. An extract yields to the document itself where that is loaded:
both have the same named graph (publisher's document id and snapshot day).

Every row carries ``document`` and ``snapshot``; ``sources.csv`` describes each document once. What the tables leave out
of a record: its roll calls' positions, titles other than short ones, the committees of an action.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph import iri
from graph.records import CONFIDENCES, Action, Bill, RelatedBill, Source, Sponsorship, Title, Vote

COLUMNS = {
    "sources": ("document", "snapshot", "family", "coverage", "publisher", "title", "licence", "address", "retrieved",
                "sha256", "via", "confidence", "note"),
    "bills": ("bill", "title", "introduced", "origin_chamber", "policy_area", "committees", "reports", "subjects",
              "short_titles", "cosponsors_known", "document", "snapshot"),
    "sponsorships": ("bill", "role", "bioguide", "name", "party", "state", "district", "joined", "withdrawn",
                     "original", "party_from", "document", "snapshot"),
    "actions": ("bill", "position", "day", "kind", "codes", "systems", "text", "document", "snapshot"),
    "votes": ("vote", "chamber", "congress", "session", "year", "roll", "day", "bill", "question", "result", "yea",
              "nay", "present", "not_voting", "amendment", "address", "document", "snapshot"),
    "laws": ("bill", "law", "document", "snapshot"),
    "related": ("bill", "related", "relations", "identified_by", "document", "snapshot"),
}  # fmt: skip
"""The tables and their columns; lists inside a cell are separated by `` | ``."""

SEPARATOR = " | "
PRIVATE = "Pvt. L. "
"""Before the number of a private law: 115-1 is another law than the public one of that number."""

WHERE = "where"
"""The key under which a row says which line of which table it is."""

Row = dict[str, str]

_BILL = re.compile(rf"/us/bill/(\d{{1,3}})/({'|'.join(iri.BILL_TYPES)})/(\d{{1,6}})", re.A)


def write(
    documents: Iterable[tuple[Source, Bill | Vote]], folder: Path, read_in: Iterable[Source] = ()
) -> dict[str, int]:
    """Write the tables of `documents` into `folder`, sorted; the number of rows of each.

    `read_in` are further documents that rows name, in ``party_from``. Raises `ValueError` for a part of a list that
    holds the separator.
    """
    rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    rows["sources"] += map(_source_row, read_in)
    for source, record in documents:
        key = {"document": source.document, "snapshot": source.snapshot or ""}
        rows["sources"].append(_source_row(source))
        for name, found in _rows(record):
            rows[name].append({**{column: str(value) for column, value in found.items()}, **key})
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, columns in COLUMNS.items():
        ordered = sorted({tuple(row.get(c, "") for c in columns): None for row in rows[name]}, key=_natural)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(ordered)
        written[name] = len(ordered)
    return written


def _source_row(source: Source) -> Row:
    return {column: str(getattr(source, column) or "") for column in COLUMNS["sources"]}


def sources(folder: Path) -> dict[str, Source]:
    """The documents of ``sources.csv`` by id; none where there are no tables. Raises `ValueError` as `read` does."""
    if not (folder / "sources.csv").is_file():
        return {}
    return {row["document"]: _source(row) for row in _table(folder / "sources.csv", COLUMNS["sources"])}


def read(folder: Path) -> Iterator[tuple[Source, Bill | Vote]]:
    """The records of the tables in `folder`, in the order of ``sources.csv``, each with its source.

    Raises `ValueError` naming file and line where a row cannot be read.
    """
    if not (folder / "sources.csv").is_file():
        return
    by_document: dict[str, dict[str, list[Row]]] = {name: defaultdict(list) for name in COLUMNS}
    for name in COLUMNS:
        for row in _table(folder / f"{name}.csv", COLUMNS[name]):
            if name != "sources" and row["document"] not in by_document["sources"]:
                raise ValueError(f"{row[WHERE]}: sources.csv has no document {row['document']!r}")
            if row.get("party_from") and row["party_from"] not in by_document["sources"]:
                raise ValueError(f"{row[WHERE]}: sources.csv has no document {row['party_from']!r}")
            by_document[name][row["document"]].append(row)
    for document, described in by_document["sources"].items():
        source = _source(described[0])
        found = {name: by_document[name][document] for name in COLUMNS}
        for row in found["bills"]:
            yield source, _bill(row, found)
        if not found["bills"]:
            for row in found["votes"]:
                yield source, _vote(row)


def _table(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != columns:
                raise ValueError(f"{path.name}: the columns must be {', '.join(columns)}")
            for row in reader:
                where = f"{path.name}:{reader.line_num}"
                if None in row.values() or None in row:
                    raise ValueError(f"{where}: the row has more or fewer cells than the header")
                yield {**row, WHERE: where}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path.name}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


@contextmanager
def _reading(row: Row) -> Iterator[None]:
    """Says of what goes wrong in reading a row which row it is."""
    try:
        yield
    except (ValueError, KeyError) as error:
        raise ValueError(f"{row[WHERE]}: cannot be read: {error}") from None


def _rows(record: Bill | Vote) -> Iterator[tuple[str, dict[str, object]]]:
    if isinstance(record, Vote):
        yield "votes", _vote_row(record)
        return
    bill = iri.bill_of(record)
    yield (
        "bills",
        {
            "bill": bill,
            "title": record.title,
            "introduced": record.introduced or "",
            "origin_chamber": record.origin_chamber,
            "policy_area": record.policy_area,
            "committees": _cell(record.committees),
            "reports": _cell(record.reports),
            "subjects": _cell(record.subjects),
            "short_titles": _cell(
                dict.fromkeys(t.text for t in record.titles if not t.portion and "short" in t.kind.lower())
            ),
            "cosponsors_known": "no" if record.cosponsors is None else "yes",
        },
    )
    for role, people in (("sponsor", record.sponsors), ("cosponsor", record.cosponsors or ())):
        for s in people:
            original = "" if s.original is None else str(s.original).lower()
            yield "sponsorships", {**_strings(s._asdict()), "bill": bill, "role": role, "original": original}
    for position, action in enumerate(record.actions, 1):
        yield "actions", {
            "bill": bill, "position": position, "day": action.day, "kind": action.kind,
            "codes": _cell(action.codes), "systems": _cell(action.systems), "text": action.text,
        }  # fmt: skip
    for vote in record.votes:
        yield "votes", {**_vote_row(vote), "bill": bill}
    for law in (*record.laws, *(PRIVATE + number for number in record.private_laws)):
        yield "laws", {"bill": bill, "law": law}
    for other in record.related:
        yield "related", {
            "bill": bill, "related": iri.bill(other.congress, other.type, other.number),
            "relations": _cell(other.relations), "identified_by": _cell(other.identified_by),
        }  # fmt: skip


def _vote_row(vote: Vote) -> dict[str, object]:
    bill = iri.bill(*vote.bill) if vote.bill else ""
    return {**_strings(vote._asdict()), "vote": iri.vote_of(vote), "bill": bill}


def _strings(record: dict[str, object]) -> dict[str, object]:
    return {name: "" if value is None else value for name, value in record.items()}


def _source(row: Row) -> Source:
    with _reading(row):
        if row["confidence"] not in CONFIDENCES:
            raise ValueError(f"{row['confidence']!r} is not a confidence ({', '.join(CONFIDENCES)})")
    days = {column: row[column] or None for column in ("snapshot", "coverage", "retrieved")}
    return Source(**{**{column: row[column] for column in COLUMNS["sources"]}, **days})  # type: ignore[arg-type]


def _bill(row: Row, found: dict[str, list[Row]]) -> Bill:
    with _reading(row):
        measure = _measure(row["bill"])
    mine = {
        name: [r for r in found[name] if r["bill"] == row["bill"]]
        for name in ("sponsorships", "actions", "votes", "laws", "related")
    }
    people = [(r["role"], _sponsorship(r)) for r in mine["sponsorships"]]
    sponsors, cosponsors = (tuple(s for role, s in people if role == of) for of in ("sponsor", "cosponsor"))
    actions = tuple(action for _, action in sorted((_action(r) for r in mine["actions"]), key=lambda found: found[0]))
    laws = [r["law"] for r in mine["laws"]]
    return Bill(
        *measure,
        title=row["title"],
        introduced=row["introduced"] or None,
        sponsors=sponsors,
        cosponsors=cosponsors if row["cosponsors_known"] == "yes" else None,
        actions=actions,
        laws=tuple(law for law in laws if not law.startswith(PRIVATE)),
        votes=tuple(_vote(r) for r in mine["votes"]),
        related=tuple(_related(r) for r in mine["related"]),
        titles=tuple(Title(text, "short") for text in _list(row["short_titles"])),
        committees=_list(row["committees"]),
        reports=_list(row["reports"]),
        policy_area=row["policy_area"],
        subjects=_list(row["subjects"]),
        latest_action=actions[-1] if actions else None,
        updated=row["snapshot"] or None,
        origin_chamber=row["origin_chamber"],
        private_laws=tuple(law.removeprefix(PRIVATE) for law in laws if law.startswith(PRIVATE)),
    )


def _sponsorship(row: Row) -> Sponsorship:
    with _reading(row):
        if row["role"] not in ("sponsor", "cosponsor"):
            raise ValueError(f"{row['role']!r} is neither sponsor nor cosponsor")
        original = {"true": True, "false": False, "": None}[row["original"]]
    return Sponsorship(
        row["bioguide"], row["name"], row["party"], row["state"], row["district"], row["joined"] or None,
        row["withdrawn"] or None, original, row["party_from"],
    )  # fmt: skip


def _action(row: Row) -> tuple[int, Action]:
    with _reading(row):
        position = int(row["position"])
    return position, Action(row["day"], row["text"], row["kind"], _list(row["codes"]), _list(row["systems"]))


def _related(row: Row) -> RelatedBill:
    with _reading(row):
        measure = _measure(row["related"])
    return RelatedBill(*measure, _list(row["relations"]), _list(row["identified_by"]))


def _vote(row: Row) -> Vote:
    with _reading(row):
        return Vote(
            chamber=iri.CHAMBERS[row["chamber"].lower()],
            congress=int(row["congress"]),
            session=row["session"],
            year=row["year"],
            roll=int(row["roll"]),
            day=row["day"],
            question=row["question"],
            result=row["result"],
            bill=_measure(row["bill"]) if row["bill"] else None,
            amendment=row["amendment"],
            address=row["address"],
            yea=_count(row["yea"]),
            nay=_count(row["nay"]),
            present=_count(row["present"]),
            not_voting=_count(row["not_voting"]),
        )


def _count(cell: str) -> int | None:
    return int(cell) if cell else None


def _measure(path: str) -> tuple[int, str, int]:
    match = _BILL.fullmatch(path)
    if not match:
        raise ValueError(f"{path!r} is not the path of a bill")
    return int(match[1]), match[2], int(match[3])


def _cell(parts: Iterable[str]) -> str:
    listed = list(parts)
    for part in listed:
        if not part or SEPARATOR in f" {part} ":
            raise ValueError(f"{part!r} cannot stand in a list of a table")
    return SEPARATOR.join(listed)


def _list(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(SEPARATOR)) if cell else ()


def _natural(row: tuple[str, ...]) -> tuple[object, ...]:
    """Numbers inside paths sort as numbers."""
    return tuple((part.zfill(8) if part.isdigit() else part) for cell in row for part in cell.split("/"))
