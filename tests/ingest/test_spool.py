"""The spool gives back what was written, and sorts more lines than it keeps in memory."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import spool

LINES = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n")))


def _block(where: tuple[int, int], file: Path) -> spool.Block:
    return spool.Block("/thing", "family", "/graph/x", None, "official", True, str(file), *where)


def test_blocks_come_back_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "facts"
    writer = spool.Spool(file)
    first = writer.write(["a", "b", "a"])
    second = writer.write(["é – ü"])
    writer.close()
    with spool.Lines() as lines:
        assert lines.of(_block(second, file)) == ["é – ü"]
        assert lines.of(_block(first, file)) == ["a", "b"]


def test_a_spool_that_is_opened_again_goes_on_at_its_end(tmp_path: Path) -> None:
    file = tmp_path / "facts"
    for text in ("first", "second"):
        writer = spool.Spool(file)
        where = writer.write([text])
        writer.close()
    with spool.Lines() as lines:
        assert lines.of(_block(where, file)) == ["second"]


@given(LINES, st.integers(1, 5))
def test_sorting_gives_each_line_once_in_order_whatever_the_chunk(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], chunk: int
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "CHUNK", chunk)
        assert list(spool.sort(lines, folder)) == sorted(set(lines))
    assert list(folder.iterdir()) == []


def test_a_line_separator_of_unicode_is_no_end_of_a_line(tmp_path: Path) -> None:
    """Titles of bills hold U+2028 and the like now and then."""
    file = tmp_path / "facts"
    writer = spool.Spool(file)
    where = writer.write(['<a> <b> "one\u2028two\u0085three"', "next"])
    writer.close()
    with spool.Lines() as lines:
        assert lines.of(_block(where, file)) == ['<a> <b> "one\u2028two\u0085three"', "next"]


def test_a_dump_is_counted_and_summed(tmp_path: Path) -> None:
    path = tmp_path / "dump"
    total, checksum = spool.dump(["a", "ü"], path)
    assert path.read_bytes() == "a\nü\n".encode()
    assert (total, checksum) == (2, hashlib.sha256("a\nü\n".encode()).hexdigest())
