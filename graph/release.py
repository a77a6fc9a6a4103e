"""Releases: immutable folders of a graph, and the pointer to the one that counts.

A releases folder holds one folder a release and the file ``current``, which names one of them. A release is written
aside and becomes current by one rename, so a reader sees the old one or the new one, never half of either; a crash at
any moment leaves the old one current. Nothing in a release is ever written again.

    graph/current                  the name of the release that counts
    graph/report.json              the report of the last build, published or not
    graph/r0007-3f9a0c1b2d4e/      store/  facts/  dump.nq.gz  story.json  report.json  release.json
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

KEPT = 3
"""Releases kept beside each other: the current one, and those that a running service may still have open."""

_NAME = re.compile(r"r(\d+)-[0-9a-f]+")


class NoRelease(Exception):  # noqa: N818
    """There is no release where one was looked for."""


def home() -> Path:
    """Where the program keeps what it made: ``S230_HOME``, else the user's data folder on this system."""
    if named := os.environ.get("S230_HOME"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "s230"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "s230"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "s230"


def current(folder: Path) -> Path:
    """The current release in `folder`, or `folder` itself if it is a release. Raises `NoRelease`."""
    if (folder / "release.json").is_file():
        return folder
    try:
        name = (folder / "current").read_text(encoding="utf-8").strip()
    except OSError:
        raise NoRelease(f"no release in {folder}; make one with: s230 build --out {folder}") from None
    release = folder / name
    if not (release / "release.json").is_file():
        raise NoRelease(f"{folder / 'current'} names {name!r}, which is no release; build again")
    return release


def latest(folder: Path) -> Path | None:
    """The current release in `folder`, if there is one."""
    try:
        return current(folder)
    except NoRelease:
        return None


def description(release: Path) -> dict[str, Any]:
    """What ``release.json`` says: name, checksum of the dump, numbers, coverage."""
    found: dict[str, Any] = json.loads((release / "release.json").read_text(encoding="utf-8"))
    return found


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """A new folder beside the releases to write the next one in; removed again unless it was published."""
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    workplace = Path(tempfile.mkdtemp(prefix=f".building-{os.getpid()}-", dir=folder))
    try:
        yield workplace
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def publish(workplace: Path, folder: Path, about: dict[str, Any]) -> Path:
    """Make what stands in `workplace` the current release of `folder`; its path.

    `about` becomes ``release.json`` and must hold ``dump_sha256``. The one rename that counts is that of ``current``.
    """
    numbers = [int(match.group(1)) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    name = f"r{max(numbers, default=0) + 1:04d}-{about['dump_sha256'][:12]}"
    write_aside(workplace / "release.json", json.dumps({"name": name, **about}, indent=2, ensure_ascii=False) + "\n")
    _settle(workplace)
    release = folder / name
    os.rename(workplace, release)
    write_aside(folder / "current", name + "\n")
    _prune(folder, name)
    return release


def write_aside(path: Path, content: str) -> None:
    """Write a file whole or not at all: aside, to the disk, then one rename."""
    beside = path.with_name(f".writing-{os.getpid()}-{path.name}")
    with beside.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def _settle(folder: Path) -> None:
    """Bring every file of the release to the disk before a name points at it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _prune(folder: Path, name: str) -> None:
    releases = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    for path in releases[:-KEPT]:
        if path.name != name:
            shutil.rmtree(path, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what builds that were killed have left behind."""
    for path in (*folder.glob(".building-*"), *folder.glob(".writing-*")):
        owner = path.name.split("-")[1]
        if owner.isdigit() and _alive(int(owner)):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
