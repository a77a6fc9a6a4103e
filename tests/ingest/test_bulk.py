"""A store that is changed holds what one that is filled would, whatever went and came."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import bulk

LINES = st.sets(st.integers(0, 60).map(lambda n: f'<a:{n % 7}> <a:is> "{n}" <a:graph-{n % 5}> .'))


def _pieces(lines: set[str], size: int) -> list[bytes]:
    """Sorted lines in pieces of some lines each."""
    ordered = [f"{line}\n".encode() for line in sorted(lines)]
    return [b"".join(ordered[n : n + size]) for n in range(0, len(ordered), size)]


@settings(deadline=None)
@given(LINES, LINES, st.integers(1, 20))
def test_what_went_and_came_makes_the_one_dump_of_the_other(old: set[str], new: set[str], size: int) -> None:
    changes = bulk._Changes(io.BytesIO(b"".join(_pieces(old, 100))))
    for piece in _pieces(new, size):
        changes.take(piece)
    changes.end()
    assert {line.decode()[:-1] for line in changes.gone} == old - new
    assert {line.decode()[:-1] for line in changes.come} == new - old
    assert changes.number == len(old ^ new) and changes.total == len(new)


def _release(folder: Path, lines: set[str]) -> Path:
    folder.mkdir()
    content = b"".join(_pieces(lines, 100))
    (folder / "dump.nq.gz").write_bytes(gzip.compress(content, mtime=0))
    (folder / "dump.nq").write_bytes(content)
    bulk.fill(folder / "store", folder / "dump.nq")
    return folder


def _content(store: Path) -> tuple[set[str], set[str]]:
    opened = ox.Store.read_only(str(store))
    return {f"{quad} ." for quad in opened}, {str(graph) for graph in opened.named_graphs()}


@pytest.mark.parametrize(("gone", "come"), [(0, 0), (1, 1), (30, 0), (0, 25), (300, 300)])
def test_a_changed_store_is_as_a_filled_one_and_the_earlier_one_stays(tmp_path: Path, gone: int, come: int) -> None:
    old = {f"<a:{n}> <a:is> <a:x> <a:graph-{n % 150}> ." for n in range(300)}
    new = set(sorted(old)[gone:]) | {f"<b:{n}> <a:is> <a:x> <a:graph-{n}> ." for n in range(come)}
    earlier, filled = _release(tmp_path / "earlier", old), _release(tmp_path / "filled", new)
    before = _content(earlier / "store")
    with bulk.changing(tmp_path / "store", earlier, filled / "dump.nq") as take:
        for piece in _pieces(new, 40):
            take(piece)
    assert _content(tmp_path / "store") == _content(filled / "store")
    assert _content(earlier / "store") == before


def test_what_cannot_be_loaded_is_said(tmp_path: Path) -> None:
    with pytest.raises(SyntaxError), bulk.filling(tmp_path / "store") as take:
        take(b"this is no statement\n")
