"""Where files and their dates come from: manifests, folders and archives.

Facts about a file come only from a ``manifest.json`` in its folder or any folder above it, above the given source too.
The nearest manifest rules; in it the longest prefix of whole path segments. Members of an archive take the archive's
entry. A file without an entry is undated (DESIGN, "One graph to query").

A manifest is a JSON object whose ``sources`` list has an object for each prefix: ``path``, ``family``, ``document``,
``publisher``, ``licence``, ``coverage``, ``retrieved``, ``release_point``, ``via``, ``confidence``, ``address``; only
the first two are required, days are ``YYYY-MM-DD`` or null.

Nothing here knows formats: folders are walked, archives are listed, streams are opened within bounds.

>>> entry = Entry("billstatus-115", title="BILLSTATUS", coverage="2021-08-13")
>>> source = source_of(Item("115/BILLSTATUS-115hr1865.xml", "", entry, 1), "115hr1865", "2021-07-10", "ab" * 32)
>>> source.snapshot, source.coverage
('2021-07-10', '2021-08-13')
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, NamedTuple, cast

from graph.records import CONFIDENCES, Day, Rejected, Source

MANIFEST = "manifest.json"

MAX_UNPACKED = 1 << 30
"""Bytes that one item may unpack to."""
MAX_RATIO = 200
"""How many times its packed size an item may unpack to, once it passes `RATIO_FREE` bytes; text packs 5 to 20 times."""
RATIO_FREE = 1 << 24
SMALL = 1 << 20
"""Bytes of an item that are held in memory while it is read."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b"
_FAMILY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FAULTS = (OSError, EOFError, KeyError, RuntimeError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)
"""What opening and unpacking raise for files that are missing, damaged, encrypted or packed in an unknown way."""


class Unreadable(Exception):  # noqa: N818
    """An item cannot be opened, is damaged, or unpacks beyond the bounds; the message is one line."""


class Entry(NamedTuple):
    """What the nearest manifest says about a file; `title` is its ``document``."""

    family: str
    publisher: str = ""
    title: str = ""
    licence: str = ""
    coverage: Day | None = None
    retrieved: Day | None = None
    release_point: str = ""
    via: str = ""
    confidence: str = "official"
    address: str = ""


class Item(NamedTuple):
    """A file, or a member of an archive, that a reader may open: plain data, so that worker processes can.

    `size` is in bytes: on disk for a file, unpacked as the archive declares it for a member.
    """

    path: str
    member: str
    entry: Entry | None
    size: int

    @property
    def name(self) -> str:
        """The item in reports: the path, or ``archive!member``."""
        return f"{self.path}!{self.member}" if self.member else self.path


class Manifest(NamedTuple):
    """A manifest and the folder it rules; a broken one has no entries and says why."""

    folder: Path
    entries: dict[tuple[str, ...], Entry]
    fault: str = ""


# --- walking ---------------------------------------------------------------------------------------------------------


def walk(paths: Iterable[Path]) -> Iterator[Item | tuple[str, Rejected]]:
    """Every file below `paths` and every member of an archive, in the order given, below a folder sorted by name.

    Archives are known by their first bytes; one inside another, or without members, is an item like any other. Hidden
    files and manifests are passed over, a file found twice comes once. What cannot be an item (a missing path, a link
    that leaves the source, a broken manifest, an unsafe member …) comes as its name and a `Rejected`, and the
    rest goes on. A link to a file inside the source is read, one to a folder inside it is passed over: its files are
    found in their own place.
    """
    known: dict[Path, Manifest] = {}
    seen: set[str] = set()
    told: set[Path] = set()
    for given in paths:
        for found in _files(given):
            if not isinstance(found, Path):
                yield found
                continue
            place = Path(os.path.realpath(given)) / found.relative_to(given)
            if str(place) in seen:
                continue
            seen.add(str(place))
            manifest = _nearest(place.parent, known)
            if manifest.fault and manifest.folder not in told:
                told.add(manifest.folder)
                yield str(manifest.folder / MANIFEST), Rejected(manifest.fault)
            yield from _items(found, _entry(manifest, place))


def _files(given: Path) -> Iterator[Path | tuple[str, Rejected]]:
    if not os.path.lexists(given):
        yield str(given), Rejected("no such file or folder")
    elif given.is_dir():
        yield from _below(given, Path(os.path.realpath(given)))
    elif given.name != MANIFEST:
        yield given


def _below(folder: Path, root: Path) -> Iterator[Path | tuple[str, Rejected]]:
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        yield str(folder), Rejected(_one_line(error))
        return
    for name in names:
        path = folder / name
        if name.startswith(".") or name == MANIFEST:
            continue
        if path.is_symlink():
            if fault := _link_fault(path, root):
                yield str(path), Rejected(fault)
            elif not path.is_dir():
                yield path
        elif path.is_dir():
            yield from _below(path, root)
        else:
            yield path


def _link_fault(link: Path, root: Path) -> str:
    if not os.path.exists(link):
        return "symbolic link that leads nowhere"
    return "" if Path(os.path.realpath(link)).is_relative_to(root) else "symbolic link that leaves the source"


def _items(path: Path, entry: Entry | None) -> Iterator[Item | tuple[str, Rejected]]:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            yield str(path), Rejected("neither a file nor a folder")
            return
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        yield str(path), Rejected(_one_line(error))
        return
    if head in _ZIP:
        yield from _members(path, entry)
    else:
        yield Item(str(path), "", entry, about.st_size)


def _members(path: Path, entry: Entry | None) -> Iterator[Item | tuple[str, Rejected]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(archive.infolist(), key=lambda info: info.filename)
    except _FAULTS as error:
        yield str(path), Rejected(f"damaged archive: {_one_line(error)}")
        return
    if not members:
        yield Item(str(path), "", entry, path.stat().st_size)
    names: set[str] = set()
    for info in members:
        item = Item(str(path), info.filename, entry, info.file_size)
        fault = _member_fault(info) or ("a second member of the same name" if info.filename in names else "")
        names.add(info.filename)
        if fault:
            yield item.name, Rejected(fault)
        elif not (info.is_dir() or _passed_over(info.filename)):
            yield item


def _passed_over(member: str) -> bool:
    parts = member.split("/")
    return parts[0] == "__MACOSX" or parts[-1] == MANIFEST or any(part.startswith(".") for part in parts)


def _member_fault(info: zipfile.ZipInfo) -> str:
    parts = re.split(r"[\\/]", info.filename)
    if ".." in parts or not parts[0] or re.match(r"[A-Za-z]:", info.filename):
        return "path that leaves the archive"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "symbolic link or special file in an archive"
    if info.flag_bits & 1:
        return "encrypted"
    return _bomb(info.file_size, info.compress_size)


def _bomb(unpacked: int, packed: int) -> str:
    if unpacked > MAX_UNPACKED:
        return f"unpacks to more than {MAX_UNPACKED} bytes"
    if unpacked > RATIO_FREE and unpacked > MAX_RATIO * packed:
        return f"unpacks to more than {MAX_RATIO} times its size"
    return ""


# --- manifests -------------------------------------------------------------------------------------------------------


def read_manifest(file: Path) -> Manifest:
    """The manifest in `file`; one that is broken in any part has no entries at all and a `fault` in one line."""
    try:
        document = json.loads(file.read_bytes())
        sources = document.get("sources") if isinstance(document, dict) else None
        if not isinstance(sources, list):
            raise ValueError("expected an object with a list of sources")
        entries = dict(_described(source) for source in sources)
        if len(entries) < len(sources):
            raise ValueError("two sources have the same path")
    except (OSError, ValueError, RecursionError) as error:
        return Manifest(file.parent, {}, f"broken manifest, its files are undated: {_one_line(error)}")
    return Manifest(file.parent, entries)


def _described(source: object) -> tuple[tuple[str, ...], Entry]:
    if not isinstance(source, dict):
        raise ValueError("each source must be an object")
    path = _text(source, "path")
    parts = PurePosixPath(path).parts
    if "path" not in source or ".." in parts or path.startswith("/"):
        raise ValueError(f"{path[:80]!r} is not a path below the manifest")
    family = _text(source, "family")
    if not _FAMILY.fullmatch(family):
        raise ValueError(f"{path[:80]!r}: {family[:40]!r} is not the name of a family")
    confidence = _text(source, "confidence") or "official"
    if confidence not in CONFIDENCES:
        raise ValueError(f"{path[:80]!r}: {confidence[:40]!r} is not a confidence ({', '.join(CONFIDENCES)})")
    return parts, Entry(
        family=family,
        publisher=_text(source, "publisher"),
        title=_text(source, "document"),
        licence=_text(source, "licence"),
        coverage=_day(source, "coverage"),
        retrieved=_day(source, "retrieved"),
        release_point=_text(source, "release_point"),
        via=_text(source, "via"),
        confidence=confidence,
        address=_text(source, "address"),
    )


def _text(source: dict[str, object], key: str) -> str:
    value = source.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key}: expected text, found {type(value).__name__}")
    return value


def _day(source: dict[str, object], key: str) -> Day | None:
    text = _text(source, key)
    if text and not _DAY.fullmatch(text):
        raise ValueError(f"{key}: {text[:40]!r} is not a day (YYYY-MM-DD)")
    return date.fromisoformat(text).isoformat() if text else None


def _nearest(folder: Path, known: dict[Path, Manifest]) -> Manifest:
    if folder not in known:
        if os.path.isfile(folder / MANIFEST):
            known[folder] = read_manifest(folder / MANIFEST)
        else:
            known[folder] = Manifest(folder, {}) if folder.parent == folder else _nearest(folder.parent, known)
    return known[folder]


def _entry(manifest: Manifest, place: Path) -> Entry | None:
    parts = place.relative_to(manifest.folder).parts
    prefixes = (parts[:length] for length in range(len(parts), -1, -1))
    return next((manifest.entries[prefix] for prefix in prefixes if prefix in manifest.entries), None)


def source_of(item: Item, document: str, updated: Day | None, sha256: str) -> Source:
    """The source record of the document with the publisher's id `document`, found in `item`.

    `updated` is the publisher's own date inside the document and refines the coverage day of its family; `sha256` is
    that of the document's bytes. Without a manifest entry the document is undated, whatever it says of itself: family
    ``undated``, no snapshot, no coverage.
    """
    if item.entry is None:
        return Source("undated", document, sha256=sha256)
    entry = item.entry
    return Source(
        family=entry.family,
        document=document,
        snapshot=updated or entry.coverage,
        coverage=entry.coverage,
        publisher=entry.publisher,
        title=entry.title,
        licence=entry.licence,
        address=entry.address,
        retrieved=entry.retrieved,
        sha256=sha256,
        release_point=entry.release_point,
        via=entry.via,
        confidence=entry.confidence,
    )


# --- opening ---------------------------------------------------------------------------------------------------------


@contextmanager
def open_item(item: Item) -> Iterator[BinaryIO]:
    """The bytes of an item as a stream; gzip and members of an archive are unpacked while they are read.

    Raises `Unreadable`, at once or while reading, for what is missing, damaged or encrypted, or unpacks to more than
    `MAX_UNPACKED` bytes or `MAX_RATIO` times its size. gzip inside an archive is not unpacked.
    """
    with ExitStack() as opened:
        try:
            stream, packed = _member(item) if item.member else _file(opened.enter_context(open(item.path, "rb")))
        except _FAULTS as error:
            raise Unreadable(_one_line(error)) from None
        opened.callback(stream.close)
        yield stream if packed is None else cast(BinaryIO, io.BufferedReader(_Bounded(stream, packed)))


@contextmanager
def content(item: Item) -> Iterator[tuple[BinaryIO, str]]:
    """The bytes of an item as a stream, and their SHA-256. Raises `Unreadable` as `open_item` does.

    What is small is read once and held; what is large is read twice.
    """
    with open_item(item) as stream:
        held = stream.read(SMALL)
        checksum = hashlib.sha256(held)
        if len(held) < SMALL:
            yield cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, io.BytesIO(held)))), checksum.hexdigest()
            return
        while chunk := stream.read(SMALL):
            checksum.update(chunk)
    with open_item(item) as stream:
        yield stream, checksum.hexdigest()


def _file(file: io.BufferedReader) -> tuple[BinaryIO, int | None]:
    if file.peek(2)[:2] != _GZIP:
        return file, None
    return cast(BinaryIO, gzip.GzipFile(fileobj=file)), os.fstat(file.fileno()).st_size


def _member(item: Item) -> tuple[BinaryIO, int]:
    about = os.stat(item.path)
    archive = _archive(item.path, about.st_mtime_ns, about.st_size, os.getpid())
    return cast(BinaryIO, archive.open(item.member)), archive.getinfo(item.member).compress_size


@lru_cache(maxsize=2)
def _archive(path: str, modified: int, size: int, process: int) -> zipfile.ZipFile:
    """An archive kept open, because its directory is read anew at each opening: minutes for ten thousand members.

    A changed file is another archive; so is the same file in a forked process, where a shared file position would mix
    up two readers.
    """
    return zipfile.ZipFile(path)


class _Bounded(io.RawIOBase):
    """A stream that is being unpacked, cut off where it passes the bounds; it can be wound back to its beginning."""

    def __init__(self, stream: IO[bytes], packed: int) -> None:
        self._stream, self._packed, self._unpacked = stream, packed, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._unpacked = self._stream.seek(offset, whence)
        return self._unpacked

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            chunk = self._stream.read(len(buffer))
        except _FAULTS as error:
            raise Unreadable(f"damaged: {_one_line(error)}") from None
        self._unpacked += len(chunk)
        if fault := _bomb(self._unpacked, self._packed):
            raise Unreadable(fault)
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _one_line(error: BaseException) -> str:
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join((said or type(error).__name__).split())
