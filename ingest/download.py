"""One file over HTTP, whole or not at all: tried again, resumed, checked, put in its place by one rename.

What has come of a file waits beside its place as ``.NAME.part``, with the validators of the publisher in
``.NAME.part.json``; the next try goes on behind its last byte if the publisher's file is still the same (RFC 9110,
sections 13.1.5 and 14.2). A file is checked before it is renamed: the length that was announced, the checksums inside
an archive, the first bytes of anything else, because publishers answer with pages that say "error" and status 200.

Nothing here knows what is fetched or why: `ingest.fetch` does.
"""

from __future__ import annotations

import email.utils
import hashlib
import json
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

import httpx

from graph.records import Day

T = TypeVar("T")

LATER = (408, 425, 429, 500, 502, 503, 504)
"""What a publisher says who may answer later."""
LONGEST_PAUSE = 60.0
"""Seconds that a publisher may make us wait before the next try."""
AGENT = "s230/0.1 (knowledge graph of Section 230)"

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)

Progress = Callable[[str, int, int], None]
"""Told of the name of a file, the bytes that have come, and those that there are (0 where that is not known)."""


class FetchError(Exception):
    """A file that did not come; the message is one line and names its address."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address, self.reason = address, reason


class UnreachedError(FetchError):
    """The publisher's machine cannot be reached: other files of the same place need not be tried."""


class TransientError(Exception):
    """What another try may mend; `pause` is how many seconds the publisher asks us to wait."""

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.pause = pause


class Patience(NamedTuple):
    """How long a file is tried for.

    `attempts` in all, the second after `pause` seconds and each later one after twice the pause before; a transfer is
    given up that is silent for `quiet` seconds, or that brings fewer than `pace` bytes a second over as long; requests
    of one run are `apart` seconds from each other.
    """

    attempts: int = 5
    pause: float = 1.0
    quiet: float = 30.0
    pace: int = 2_000
    apart: float = 0.2


class Known(NamedTuple):
    """What is known of the copy in place: its checksum and the publisher's validators; empty where there are none."""

    sha256: str = ""
    etag: str = ""
    modified: str = ""


class Got(NamedTuple):
    """A file in its place: whether it `is_new`, its size in bytes, checksum, validators, the day it was modified."""

    is_new: bool
    size: int
    sha256: str
    etag: str
    modified: str
    day: Day | None


class Client:
    """HTTP with pauses between requests and an end: `until` is a time of the monotonic clock. Closes as a context."""

    def __init__(self, patience: Patience = Patience(), until: float = float("inf")) -> None:  # noqa: B008
        self.patience, self.until = patience, until
        self._last = float("-inf")
        self._http = httpx.Client(
            headers={"User-Agent": AGENT, "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(patience.quiet, connect=min(10.0, patience.quiet)),
            follow_redirects=True,
            max_redirects=5,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def read(self, address: str, accept: str = "*/*") -> bytes:
        """The content of a small page. Raises `FetchError`."""

        def attempt() -> bytes:
            with self._stream(address, {"Accept": accept}) as reply:
                _refuse(reply, address)
                return b"".join(self._pieces(reply))

        return self._try(address, attempt)

    def download(self, address: str, place: Path, known: Known = Known(), progress: Progress | None = None) -> Got:  # noqa: B008
        """Bring the file at `address` to `place`, unless it is there already and unchanged.

        Raises `FetchError`, or `OSError` where it cannot be written (a full disk); what has come by then is kept.
        """
        place.parent.mkdir(parents=True, exist_ok=True)
        is_there = bool(known.sha256) and place.is_file() and checksum(place) == known.sha256
        return self._try(address, lambda: self._attempt(address, place, known if is_there else Known(), progress))

    def _try(self, address: str, attempt: Callable[[], T]) -> T:
        reason, pause, failure = "was not tried", 0.0, FetchError
        for number in range(self.patience.attempts):
            if number:
                self._sleep(max(self.patience.pause * 2 ** (number - 1), pause), address, reason)
            try:
                return attempt()
            except TransientError as error:
                reason, pause, failure = str(error), min(error.pause, LONGEST_PAUSE), FetchError
            except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.TooManyRedirects) as error:
                raise FetchError(address, _one_line(error)) from None
            except httpx.HTTPError as error:
                is_away = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                reason, pause, failure = _one_line(error), 0.0, UnreachedError if is_away else FetchError
        raise failure(address, f"{reason} ({self.patience.attempts} tries)")

    def _sleep(self, seconds: float, address: str, reason: str) -> None:
        if time.monotonic() + seconds > self.until:
            raise FetchError(address, f"{reason}; the time is up")
        time.sleep(seconds)

    def _stream(self, address: str, headers: dict[str, str]) -> AbstractContextManager[httpx.Response]:
        wait = self._last + self.patience.apart - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._last = time.monotonic()
        if self._last > self.until:
            raise FetchError(address, "the time is up")
        return self._http.stream("GET", address, headers=headers)

    def _pieces(self, reply: httpx.Response) -> Iterator[bytes]:
        """The body piece by piece. Raises `TransientError` where it drips, `FetchError` where the time is up."""
        begun, came = time.monotonic(), 0
        for piece in reply.iter_bytes():
            yield piece
            came += len(piece)
            now = time.monotonic()
            if now > self.until:
                raise FetchError(str(reply.request.url), f"the time is up after {came:,} bytes")
            if now - begun > self.patience.quiet:
                if came < self.patience.pace * (now - begun):
                    raise TransientError(f"only {came:,} bytes in {now - begun:.0f} seconds")
                begun, came = now, 0

    def _attempt(self, address: str, place: Path, known: Known, progress: Progress | None) -> Got:
        part, notes = _part(place), _notes(place)
        held = _held(part, notes, address)
        headers = _conditions(held, part) if held else _unless(known)
        with self._stream(address, headers) as reply:
            if reply.status_code == 304:
                return Got(False, place.stat().st_size, known.sha256, known.etag, known.modified, _day(known.modified))
            if reply.status_code == 416:
                _forget(part, notes)
                raise TransientError("the publisher's file is another one now")
            _refuse(reply, address)
            begin = _resumed(reply, part) if held else 0
            total = _announced(reply, begin)
            about = Known("", reply.headers.get("etag", ""), reply.headers.get("last-modified", ""))
            _write(notes, json.dumps({"address": address, "etag": about.etag, "modified": about.modified}).encode())
            size = self._keep(reply, part, begin, total, place.name, progress)
        if total is not None and size != total:
            if size > total:
                _forget(part, notes)
            raise TransientError(f"{size:,} of {total:,} bytes came")
        if fault := _fault(part, place.suffix):
            _forget(part, notes)
            raise TransientError(fault)
        sha256 = checksum(part)
        os.replace(part, place)
        notes.unlink(missing_ok=True)
        return Got(sha256 != known.sha256, size, sha256, about.etag, about.modified, _day(about.modified))

    def _keep(
        self, reply: httpx.Response, part: Path, begin: int, total: int | None, name: str, progress: Progress | None
    ) -> int:
        """Write the body behind byte `begin`; the size of what is there then."""
        size = begin
        with part.open("r+b" if begin else "wb") as file:
            file.truncate(begin)
            file.seek(begin)
            for piece in self._pieces(reply):
                file.write(piece)
                size += len(piece)
                if progress:
                    progress(name, size, total or 0)
            file.flush()
            os.fsync(file.fileno())
        return size


# --- what a reply says -----------------------------------------------------------------------------------------------


def _refuse(reply: httpx.Response, address: str) -> None:
    """Raise what a reply amounts to that brings no file."""
    last, first = urlsplit(str(reply.url)), urlsplit(address)
    if first.scheme == "https" and last.scheme != "https":
        raise FetchError(address, f"leads to {last.scheme}://{last.netloc}, which is not encrypted")
    if reply.status_code in LATER:
        raise TransientError(f"answers with {reply.status_code}", _wanted_pause(reply))
    if reply.status_code not in (200, 206):
        raise FetchError(address, f"answers with {reply.status_code}")


def _wanted_pause(reply: httpx.Response) -> float:
    said = reply.headers.get("retry-after", "")
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0


def _announced(reply: httpx.Response, begin: int) -> int | None:
    """How long the file is to be, in bytes; None where the publisher does not say."""
    length = reply.headers.get("content-length", "")
    if reply.headers.get("content-encoding", "identity") != "identity" or not length.isdigit():
        return None
    return begin + int(length)


def _resumed(reply: httpx.Response, part: Path) -> int:
    """Behind which byte the body goes on: 0 where the publisher sends the whole file."""
    if reply.status_code != 206:
        return 0
    found = _RANGE.fullmatch(reply.headers.get("content-range", ""))
    if not found or int(found[1]) != part.stat().st_size:
        raise TransientError("another part was sent than the one asked for")
    return int(found[1])


def _day(modified: str) -> Day | None:
    """The day of an HTTP date, in UTC.

    >>> _day("Fri, 26 Jun 2026 20:26:06 GMT"), _day("yesterday")
    ('2026-06-26', None)
    """
    try:
        return email.utils.parsedate_to_datetime(modified).date().isoformat()
    except (TypeError, ValueError):
        return None


# --- what is on disk -------------------------------------------------------------------------------------------------


def _part(place: Path) -> Path:
    return place.with_name(f".{place.name}.part")


def _notes(place: Path) -> Path:
    return place.with_name(f".{place.name}.part.json")


def _held(part: Path, notes: Path, address: str) -> str:
    """The validator of a part that can be gone on with; empty where there is none. Weak ones do not count."""
    try:
        said = json.loads(notes.read_bytes())
        if not part.stat().st_size or said["address"] != address:
            return ""
        etag = str(said["etag"])
        return etag if etag.startswith('"') else str(said["modified"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _conditions(validator: str, part: Path) -> dict[str, str]:
    return {"Range": f"bytes={part.stat().st_size}-", "If-Range": validator}


def _unless(known: Known) -> dict[str, str]:
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in conditions.items() if value}


def _forget(part: Path, notes: Path) -> None:
    part.unlink(missing_ok=True)
    notes.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    """A small file, replaced as a whole."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    os.replace(new, path)


def checksum(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fault(path: Path, ending: str) -> str:
    """What is wrong with a file that came whole; empty where nothing is."""
    with path.open("rb") as file:
        head = file.read(512)
    if not head:
        return "the file is empty"
    if _MARKUP.match(head):
        return "a web page came instead of the file"
    if ending != ".zip":
        return ""
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        return f"no archive that can be read: {_one_line(error)}"
    return f"damaged in {broken}" if broken else ""


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
