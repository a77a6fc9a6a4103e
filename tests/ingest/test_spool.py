"""The spool gives back what was written, and sorts more lines than it keeps in memory."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import spool

LINES = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n")))


def _block(where: tuple[int, int], file: Path) -> spool.Block:
    return spool.Block("/thing", "family", "/graph/x", None, "official", True, file.name, *where)


def test_blocks_come_back_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "facts"
    writer = spool.Spool(file)
    first = writer.write(["a", "b", "a"])
    second = writer.write(["é – ü"])
    writer.close()
    with spool.Lines(tmp_path) as lines:
        assert lines.of(_block(second, file)) == ["é – ü"]
        assert lines.of(_block(first, file)) == ["a", "b"]


def test_a_spool_that_is_opened_again_goes_on_at_its_end(tmp_path: Path) -> None:
    file = tmp_path / "facts"
    for text in ("first", "second"):
        writer = spool.Spool(file)
        where = writer.write([text])
        writer.close()
    with spool.Lines(tmp_path) as lines:
        assert lines.of(_block(where, file)) == ["second"]


@settings(deadline=None)
@given(LINES, st.integers(1, 5), st.integers(1, 9))
def test_sorting_gives_each_line_once_in_order_whatever_the_chunk_and_the_buffer(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], chunk: int, buffer: int
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "CHUNK", chunk)
        patch.setattr(spool, "BUFFER", buffer)
        pieces = list(spool.sort((f"{line}\n".encode() for line in lines), folder))
    assert b"".join(pieces).decode().split("\n")[:-1] == sorted(set(lines))
    assert all(pieces)
    assert list(folder.iterdir()) == []


THINGS = st.text(st.characters(exclude_categories=["Cs"]))


@settings(deadline=None)
@given(st.lists(st.tuples(THINGS, THINGS), max_size=8))
def test_the_index_brings_the_blocks_of_a_thing_together(
    tmp_path_factory: pytest.TempPathFactory, noted: list[tuple[str, str]]
) -> None:
    """Things hold whatever a file says: quotes, line feeds, brackets."""
    folder = tmp_path_factory.mktemp("spool")
    writer = spool.new(folder)
    stretches = []
    for thing, graph in noted:
        where = writer.write([graph.replace("\n", " ")])
        writer.note([spool.Block(thing, "family", graph, None, "official", True, writer.path.name, *where)])
        stretches.append(writer.stretch())
    writer.close()
    with spool.Lines(folder) as lines:
        found = list(spool.by_thing(map(lines.index, stretches), folder))
        assert all({block.thing for block in blocks} == {blocks[0].thing} for blocks in found)
        assert len({blocks[0].thing for blocks in found}) == len(found)
        said = {(block.thing, block.graph): lines.of(block) for blocks in found for block in blocks}
    assert said == {(thing, graph): [graph.replace("\n", " ")] for thing, graph in noted}


def test_a_line_separator_of_unicode_is_no_end_of_a_line(tmp_path: Path) -> None:
    """Titles of bills hold U+2028 and the like now and then."""
    file = tmp_path / "facts"
    writer = spool.Spool(file)
    where = writer.write(['<a> <b> "one\u2028two\u0085three"', "next"])
    writer.close()
    with spool.Lines(tmp_path) as lines:
        assert lines.of(_block(where, file)) == ['<a> <b> "one\u2028two\u0085three"', "next"]


def test_a_dump_is_counted_and_summed_and_handed_on(tmp_path: Path) -> None:
    path = tmp_path / "dump"
    taken: list[bytes] = []
    total, checksum = spool.dump([b"a\n", "ü\nz\n".encode()], path, taken.append)
    assert path.read_bytes() == b"".join(taken) == "a\nü\nz\n".encode()
    assert (total, checksum) == (3, hashlib.sha256(path.read_bytes()).hexdigest())
