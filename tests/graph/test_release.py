"""A release is whole or not there; what a killed build leaves behind goes with the next one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from graph import release


def _publish(folder: Path, checksum: str, content: str = "x") -> Path:
    with release.aside(folder) as workplace:
        (workplace / "store").write_text(content)
        return release.publish(workplace, folder, {"dump_sha256": checksum})


def _dead_process() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_what_is_published_is_current(tmp_path: Path) -> None:
    first = _publish(tmp_path, "a" * 64)
    assert release.current(tmp_path) == first
    second = _publish(tmp_path, "b" * 64)
    assert (first.name, second.name) == ("r0001-" + "a" * 12, "r0002-" + "b" * 12)
    assert release.current(tmp_path) == second
    assert release.current(second) == second
    assert release.description(second) == {"name": second.name, "dump_sha256": "b" * 64}


def test_the_same_content_again_is_a_release_of_its_own(tmp_path: Path) -> None:
    assert _publish(tmp_path, "a" * 64) != _publish(tmp_path, "a" * 64)


def test_releases_before_stay_for_those_who_have_them_open(tmp_path: Path) -> None:
    made = [_publish(tmp_path, digit * 64) for digit in "abcdef"]
    assert sorted(path for path in tmp_path.iterdir() if path.is_dir()) == made[-release.KEPT :]


def test_a_build_that_fails_leaves_nothing_and_changes_nothing(tmp_path: Path) -> None:
    first = _publish(tmp_path, "a" * 64)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(RuntimeError, match="half-way"), release.aside(tmp_path) as workplace:
        (workplace / "store").write_text("half")
        raise RuntimeError("half-way")
    assert sorted(tmp_path.rglob("*")) == before
    assert release.current(tmp_path) == first


def test_what_a_killed_build_left_is_swept_and_a_running_one_is_let_be(tmp_path: Path) -> None:
    dead = _dead_process()
    left = [tmp_path / f".building-{dead}-x", tmp_path / ".building-x", tmp_path / f".writing-{dead}-current"]
    left[0].mkdir()
    left[1].mkdir()
    left[2].write_text("r0001-")
    running = tmp_path / f".building-{os.getpid()}-y"
    running.mkdir()
    (tmp_path / ".hidden").write_text("somebody's")
    _publish(tmp_path, "a" * 64)
    assert not any(path.exists() for path in left)
    assert running.exists() and (tmp_path / ".hidden").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "no release in"), ("", "names '', which is no release"), ("r0009-abc\n", "names 'r0009-abc'")],
)
def test_where_there_is_no_release_the_reader_is_told_what_to_do(
    tmp_path: Path, content: str | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "current").write_text(content)
    with pytest.raises(release.NoRelease, match=said) as raised:
        release.current(tmp_path)
    assert "build" in str(raised.value) and "\n" not in str(raised.value)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    release.write_aside(path, "old")
    with pytest.raises(UnicodeEncodeError):
        release.write_aside(path, "new \ud800")
    assert path.read_text() == "old"
