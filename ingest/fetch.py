"""Official files from their publishers, into a folder that a build reads: which there are, and where they go.

Addresses stand in ``data/addresses.yaml``. The US Code comes as archives of a release point, the newest that the Law
Revision Counsel's page of downloads names; bills, laws and texts come as the archives that GovInfo's own listings
name, with their sizes and days; people come as single files. What came stands in the ``manifest.json`` of the folder,
which is written anew after every file: its source, when it was retrieved, through which day it is complete, its
checksum. A file that did not come takes nothing away: the one before stays, and is still described.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from data import ROOT
from graph.records import Day
from ingest.download import Client, FetchError, Got, Known, Progress, UnreachedError
from ingest.sources import MANIFEST, read_manifest
from ingest.yaml import BrokenYAML, load, mapping, sequence, text

ADDRESSES = ROOT / "addresses.yaml"

KINDS = {"statutes": ("statutes",), "bills": ("bills",), "people": ("people",), "laws": ("laws", "texts")}
"""What can be asked for, and the publishers' collections that it is."""

JSON = "application/json"

_POINT = re.compile(r"releasepoints/us/pl/(\d+)/(\d\w*)/xml_usc\w+@(\d+)-(\w+)\.zip", re.IGNORECASE)
_DATED = re.compile(r"Public\s+Law\s+(\d+-[0-9a-z]+)\s*\((\d\d)/(\d\d)/(\d{4})\)", re.IGNORECASE)
_TITLE = re.compile(r"(\d{1,2})([a-z]?)", re.IGNORECASE)
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._-]*")


NEEDED = {
    "statutes": ("page", "file"),
    "people": ("file", "names"),
    "bills": ("listing", "files"),
    "laws": ("listing", "files"),
    "texts": ("listing", "files"),
}
"""The addresses that a collection must have."""


class Collection(NamedTuple):
    """What a publisher offers, and where: patterns of addresses with names in braces."""

    family: str
    publisher: str
    document: str
    licence: str
    page: str = ""
    listing: str = ""
    files: str = ""
    file: str = ""
    names: tuple[str, ...] = ()


class Wanted(NamedTuple):
    """A file to bring: its path in the folder, where it is, and what the manifest is to say of it."""

    path: str
    address: str
    family: str
    publisher: str
    document: str
    licence: str
    coverage: Day | None = None
    release_point: str = ""
    size: int | None = None


class Outcome(NamedTuple):
    """What became of a file, or of a listing: ``fetched``, ``unchanged`` or ``failed`` with the reason, in one line."""

    path: str
    status: str
    size: int = 0
    reason: str = ""


class ReleasePoint(NamedTuple):
    """A state of the Code: the last law in it (``100``, ``73not60``), and the day of that law where the page has it."""

    congress: int
    law: str
    day: Day | None

    def __str__(self) -> str:
        return f"{self.congress}-{self.law}"


class Listed(NamedTuple):
    """An entry of a listing of GovInfo: a folder or a file, with its address, size and day."""

    name: str
    address: str
    is_folder: bool
    size: int | None
    day: Day | None


# --- the run ---------------------------------------------------------------------------------------------------------


def fetch(
    kinds: Iterable[str],
    folder: Path,
    client: Client,
    *,
    congresses: Iterable[int] = (),
    titles: Iterable[str] = (),
    addresses: Path = ADDRESSES,
    progress: Progress | None = None,
) -> Iterator[Outcome]:
    """Bring what `kinds` ask for (``statutes``, ``bills``, ``people``, ``laws``) into `folder`, an outcome a file.

    No `congresses` means all that there are, no `titles` the whole Code. Raises `ValueError` for a title that cannot
    be, for addresses or a manifest that cannot be read, and `OSError` where the folder cannot be written.
    """
    published = read_addresses(addresses)
    entries = _entries(folder)
    named = [_title(title) for title in titles] or ["All"]
    for collection in (part for kind in kinds for part in KINDS[kind]):
        about = published[collection]
        try:
            for wanted in _wanted(collection, about, client, frozenset(congresses), named):
                yield _bring(wanted, folder, client, entries, progress)
        except FetchError as error:
            yield Outcome(collection, "failed", reason=str(error))


def read_addresses(file: Path) -> dict[str, Collection]:
    """The publishers' collections by name. Raises `ValueError` naming the file and what is wrong."""
    try:
        with file.open("rb") as stream:
            found = mapping(load(stream), "addresses")
        return {name: _collection(name, found) for parts in KINDS.values() for name in parts}
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror or error}") from None
    except (BrokenYAML, ValueError) as error:
        raise ValueError(f"{file}: not a file of addresses: {' '.join(str(error).split())}") from None


def _collection(name: str, found: Mapping[str, object]) -> Collection:
    about = mapping(found.get(name), name)
    names = tuple(_safe(part) for part in sequence(about.get("names"), f"{name}: names"))
    fields = {key: text(about.get(key), f"{name}: {key}") for key in Collection._fields if key != "names"}
    for key in (*Collection._fields[:4], *NEEDED[name]):
        if not (names if key == "names" else fields[key]):
            raise ValueError(f"{name}: {key} is missing")
    return Collection(**fields, names=names)


def _bring(
    wanted: Wanted, folder: Path, client: Client, entries: dict[str, dict[str, Any]], progress: Progress | None
) -> Outcome:
    before = entries.get(wanted.path, {})
    known = Known(*(str(before.get(key) or "") for key in ("sha256", "etag", "modified")))
    try:
        got: Got = client.download(wanted.address, folder / wanted.path, known, progress)
    except UnreachedError:
        raise
    except FetchError as error:
        return Outcome(wanted.path, "failed", reason=str(error))
    if wanted.size is not None and got.size != wanted.size and got.is_new:
        # The listing is older than the file, or the other way round; the archive itself was checked.
        wanted = wanted._replace(coverage=min(filter(None, (wanted.coverage, got.day)), default=None))
    entries[wanted.path] = _entry(wanted, got, before)
    _write_manifest(folder, entries)
    return Outcome(wanted.path, "fetched" if got.is_new else "unchanged", got.size)


def _entry(wanted: Wanted, got: Got, before: Mapping[str, Any]) -> dict[str, Any]:
    today = datetime.now(UTC).date().isoformat()
    return {
        "path": wanted.path,
        "family": wanted.family,
        "publisher": wanted.publisher,
        "document": wanted.document,
        "licence": wanted.licence,
        "coverage": wanted.coverage or got.day,
        "retrieved": today if got.is_new else before.get("retrieved") or today,
        "release_point": wanted.release_point or None,
        "address": wanted.address,
        "sha256": got.sha256,
        "size": got.size,
        "etag": got.etag or None,
        "modified": got.modified or None,
    }


def _entries(folder: Path) -> dict[str, dict[str, Any]]:
    """The entries of the folder's manifest by path, those of other hands too. Raises `ValueError` for a broken one."""
    file = folder / MANIFEST
    if not file.is_file():
        return {}
    if fault := read_manifest(file).fault:
        raise ValueError(f"{file}: {fault}; mend it or move it away, nothing was fetched")
    return {entry["path"]: entry for entry in json.loads(file.read_bytes())["sources"]}


def _write_manifest(folder: Path, entries: Mapping[str, Mapping[str, Any]]) -> None:
    new = folder / f".{MANIFEST}.new"
    listed = {"sources": [entries[path] for path in sorted(entries)]}
    new.write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(new, folder / MANIFEST)


# --- what there is ---------------------------------------------------------------------------------------------------


def _wanted(
    collection: str, about: Collection, client: Client, congresses: frozenset[int], titles: list[str]
) -> Iterator[Wanted]:
    match collection:
        case "statutes":
            return _statutes(about, client, titles)
        case "people":
            return _people(about)
        case _:
            return _archives(collection, about, client, congresses)


def _statutes(about: Collection, client: Client, titles: list[str]) -> Iterator[Wanted]:
    address = about.page
    point = release_point(client.read(address, "text/html").decode("utf-8", "replace"))
    if point is None:
        raise FetchError(address, "names no release point of the Code")
    for title in titles:
        file = about.file.format(congress=point.congress, law=point.law, title=title)
        path = f"us-code/{point}/{file.rpartition('/')[2]}"
        yield _described(about, path, file, congress=point.congress)._replace(
            coverage=point.day, release_point=str(point)
        )


def release_point(page: str) -> ReleasePoint | None:
    """The newest release point that a page of downloads links to; the day is that of the law it names.

    >>> release_point('<a href="releasepoints/us/pl/119/73not60/xml_usc47@119-73not60.zip">'
    ...               'Public Law 119-73not60 (01/23/2026)</a>')
    ReleasePoint(congress=119, law='73not60', day='2026-01-23')
    >>> release_point("<p>closed for maintenance</p>") is None
    True
    """
    found = {(int(a), law) for a, law, b, again in _POINT.findall(page) if (a, law) == (b, again)}
    if not found:
        return None
    congress, law = max(found, key=lambda point: (point[0], int(re.split(r"\D", point[1])[0]), point[1]))
    days = {name.lower(): f"{year}-{month}-{day}" for name, month, day, year in _DATED.findall(page)}
    return ReleasePoint(congress, law, days.get(f"{congress}-{law}"))


def _people(about: Collection) -> Iterator[Wanted]:
    for name in about.names:
        yield _described(about, f"people/{name}", about.file.format(name=name))


def _archives(collection: str, about: Collection, client: Client, congresses: frozenset[int]) -> Iterator[Wanted]:
    """The archives of a collection: those that the listings of the Congresses name, at any depth."""
    there = {int(entry.name): entry for entry in _listing(about.listing, client) if entry.name.isdigit()}
    for congress in sorted(congresses & there.keys() if congresses else there):
        for entry in _files(f"{about.listing}/{congress}", client):
            if entry.name.endswith(".zip"):
                if not entry.address.startswith(about.files):
                    raise FetchError(about.listing, f"leads elsewhere: {entry.address[:120]}")
                path = f"{collection}/{congress}/{entry.name}"
                yield _described(about, path, entry.address, congress=congress)._replace(
                    coverage=entry.day, size=entry.size
                )
    if missing := sorted(congresses - there.keys()):
        names = ", ".join(map(str, missing))
        raise FetchError(about.listing, f"names no Congress of the number {names}, only {_span(there)}")


def _span(numbers: Iterable[int]) -> str:
    known = sorted(numbers)
    return f"{known[0]} to {known[-1]}" if known else "none at all"


def _files(listing: str, client: Client) -> Iterator[Listed]:
    for entry in _listing(listing, client):
        if entry.is_folder:
            yield from _files(f"{listing}/{entry.name}", client)
        else:
            yield entry


def _listing(address: str, client: Client) -> list[Listed]:
    """What a listing names. Raises `FetchError` where it is none."""
    try:
        entries = json.loads(client.read(address, JSON))["files"]
        return [
            Listed(
                _safe(entry["justFileName"]),
                str(entry.get("link") or ""),
                bool(entry.get("folder")),
                entry.get("size") if isinstance(entry.get("size"), int) else None,
                modified(str(entry.get("formattedLastModifiedTime") or "")),
            )
            for entry in entries
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FetchError(address, f"is no listing of GovInfo: {' '.join(str(error).split())[:120]}") from None


def _safe(name: object) -> str:
    """A name that can be a file's or a folder's. Raises `ValueError`."""
    if not isinstance(name, str) or not _SAFE.fullmatch(name):
        raise ValueError(f"{str(name)[:80]!r} cannot be the name of a file")
    return name


def modified(said: str) -> Day | None:
    """The day of a time as GovInfo's listings write it.

    >>> modified("13-Jul-2026 23:36"), modified("soon")
    ('2026-07-13', None)
    """
    try:
        return datetime.strptime(said, "%d-%b-%Y %H:%M").date().isoformat()
    except ValueError:
        return None


def _described(about: Collection, path: str, address: str, **names: object) -> Wanted:
    return Wanted(path, address, about.family.format(**names), about.publisher, about.document, about.licence)


def _title(text: str) -> str:
    """A title as the names of archives have it. Raises `ValueError`.

    >>> _title("5"), _title("5a"), _title("47")
    ('05', '05a', '47')
    """
    found = _TITLE.fullmatch(text.strip())
    if not found or not 1 <= int(found[1]) <= 99:
        raise ValueError(f"{text!r} is no title of the Code; write a number as in --title 47, or 5a for an appendix")
    return f"{int(found[1]):02}{found[2].lower()}"
