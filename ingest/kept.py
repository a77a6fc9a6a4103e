"""What a build keeps for the next one: the facts of every file that it read, so that only what changed is read again.

A release has a folder ``facts`` with the spool of its build (`ingest.spool`) and ``files.jsonl``: the era, then a line
for each file (`ingest.outcome`). A file goes by its content and its manifest entry, never by its name or its time. An
era is everything else that bears on what is read in a file: our code and curated data, the parser, and what the other
files say of members and days. In another era nothing kept is used.

The next release links to the same spool files. Nothing is ever cut out of one: when more than half of what is kept is
of no use any more, all is read anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from lxml import etree

import data
import graph
import ingest
from ingest import mapper, spool, stages
from ingest.outcome import Outcome, from_line, to_line

FACTS = "facts"
"""The folder in a release."""
FILES = "files.jsonl"


class Kept(NamedTuple):
    """What an earlier build has read: its release, and the outcome of each file by key."""

    release: Path | None
    files: dict[str, Outcome]

    @property
    def name(self) -> str | None:
        """The name of the release."""
        return self.release.name if self.release else None


NOTHING = Kept(None, {})


OURS = tuple(Path(str(package.__file__)).parent for package in (data, graph, ingest))
"""The folders of the code and the data that bear on what is read."""


def era(setting: mapper.Setting, folders: Iterable[Path] = OURS) -> str:
    """A checksum of all that bears on what is read in a file, beside the file itself and its manifest entry.

    That is every file in `folders`, the parser, and what `setting` brings from other files.
    """
    bears = [
        sys.version,
        etree.LXML_VERSION,
        etree.LIBXML_VERSION,
        setting.earliest_code,
        stages.last_over(setting.today),
        "" if all(line.known_through for line in setting.timelines.values()) else setting.today,
        sorted(setting.timelines),
        sorted(setting.thomas.items()),
        sorted(setting.lis.items()),
    ]
    checksum = hashlib.sha256(repr(bears).encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                checksum.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
                checksum.update(path.read_bytes())
    return checksum.hexdigest()


def read(release: Path | None, now: str) -> Kept:
    """What `release` keeps, where it is of the era `now`; nothing where it is of another or cannot be read."""
    if release is None or not (release / FACTS / FILES).is_file():
        return NOTHING
    try:
        with (release / FACTS / FILES).open("rb") as lines:
            if json.loads(next(lines)) != now:
                return NOTHING
            files = {outcome.key: outcome for outcome in map(from_line, lines)}
    except (OSError, ValueError, TypeError, StopIteration):
        return NOTHING
    used = {outcome.stretch for outcome in files.values() if outcome.stretch}
    if not all((release / FACTS / name).is_file() for stretch in used for name in spool.files_of(stretch)):
        return NOTHING
    size = sum(path.stat().st_size for path in (release / FACTS).iterdir() if spool.holds_facts(path))
    return Kept(release, files) if 2 * sum(stretch.facts for stretch in used) >= size else NOTHING


def link(kept: Kept, folder: Path) -> None:
    """Have the spool files of what is kept in `folder` too."""
    if kept.release is not None:
        for path in (kept.release / FACTS).iterdir():
            if path.name != FILES:
                same(path, folder / path.name)


def same(path: Path, other: Path) -> None:
    """Make `other` the same file as `path`, which nobody writes to any more; a copy where there are no links."""
    try:
        os.link(path, other)
    except OSError:
        shutil.copyfile(path, other)


def write(outcomes: Iterable[Outcome], now: str, folder: Path) -> None:
    """Note in `folder` what was read, for the next build. Spool files that nothing of it lies in go."""
    with (folder / FILES).open("w", encoding="utf-8") as file:
        file.write(json.dumps(now) + "\n")
        used: set[str] = set()
        for outcome in outcomes:
            if outcome.stretch:
                used.update(spool.files_of(outcome.stretch))
                file.write(to_line(outcome) + "\n")
    for path in folder.iterdir():
        if path.name not in (FILES, *used):
            path.unlink()
