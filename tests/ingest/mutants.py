"""Official files with something broken in them, and what our readers make of them.

A mutant is an official file after one to three mutations: bytes cut out, doubled, swapped or replaced; a tag, a number
or the text of an element turned into something that no publisher meant. The same seed gives the same mutants.
"""

from __future__ import annotations

import io
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox

from graph import shapes
from graph.records import Rejected, Source
from ingest import build, documents, formats, mapper, sources

LARGEST = 150_000
"""Bytes of a file from which mutants are made; larger ones tell no more and take longer."""

ODD = (
    "", " ", "\0", "\x07", "\n", "\u2028", "\ufffe", "\ue000", "\U000e0001", '"', "\\", "<", "&amp;", "&nosuch;", "%zz",
    "-1", "0", "99999999999999999999", "1e9", "NaN", "null", "true", "{}", "[]", "[[[[", "2018-02-30", "0000-00-00",
    "9999-12-31T23:59:59Z", "2017-04-03T24:00:00Z", "/../..", "http://a b", "S230", "H.R. 1865", "§ 230(e)(5)",
    "é" * 300, "x" * 5000, "<a>" * 300, "]]>", "<![CDATA[", "<!--", "<?x?>", "١٢٣", "①", "٢٠١٨-٠٤-١١",
)  # fmt: skip
"""What takes the place of a text, a number, a name or a few bytes."""

_TAG = re.compile(rb"</?[A-Za-z][^<>]*>")
_TEXT = re.compile(rb'(?<=>)[^<>]+(?=<)|(?<=")[^"<>]+(?=")')
_NUMBER = re.compile(rb"\d+")


def seeds(corpus: Path) -> list[sources.Item]:
    """The files that mutants are made of: all small ones, of every format and dialect."""
    found = (item for item in sources.walk([corpus]) if isinstance(item, sources.Item))
    return [item for item in found if item.size <= LARGEST and not item.path.endswith((".md", ".csv"))]


def mutants(items: list[sources.Item], number: int, seed: int) -> Iterator[tuple[str, sources.Item, bytes]]:
    """So many mutants: a name that tells how to get it again, the file it was made of, and what it holds."""
    folders: dict[str, list[sources.Item]] = {}
    for item in items:
        folders.setdefault(str(Path(item.path).parent), []).append(item)
    for position in range(number):
        chance = random.Random(f"{seed} {position}")
        item = chance.choice(folders[chance.choice(sorted(folders))])
        with sources.open_item(item) as stream:
            content = stream.read()
        for _ in range(chance.randint(1, 3)):
            content = chance.choice(MUTATIONS)(content, chance)
        yield f"seed {seed}, mutant {position} of {item.name}", item, content


def _cut(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    return content[:start] + content[start + chance.choice((1, 7, 100, 5000, len(content))) :]


def _doubled(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    stretch = content[start : start + chance.choice((1, 50, 3000))]
    return content[:start] + stretch * chance.choice((2, 3, 20)) + content[start + len(stretch) :]


def _swapped(content: bytes, chance: random.Random) -> bytes:
    first, second, third = sorted(chance.randrange(len(content) + 1) for _ in range(3))
    return content[:first] + content[second:third] + content[first:second] + content[third:]


def _noise(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _odd(pattern: re.Pattern[bytes]) -> Callable[[bytes, random.Random], bytes]:
    def replaced(content: bytes, chance: random.Random) -> bytes:
        found = list(pattern.finditer(content))
        if not found:
            return content
        chosen = chance.choice(found)
        return content[: chosen.start()] + chance.choice(ODD).encode() + content[chosen.end() :]

    return replaced


def _moved(content: bytes, chance: random.Random) -> bytes:
    """One text put in the place of another: a name where a date was meant, a date where a number was."""
    found = list(_TEXT.finditer(content))
    if not found:
        return content
    chosen = chance.choice(found)
    return content[: chosen.start()] + chance.choice(found)[0] + content[chosen.end() :]


MUTATIONS = (_cut, _doubled, _swapped, _noise, _odd(_TAG), _odd(_TEXT), _odd(_TEXT), _odd(_NUMBER), _moved, _moved)


def faults(item: sources.Item, content: bytes, setting: mapper.Setting) -> tuple[list[str], float]:
    """What is wrong with how a file with this content is read, and the seconds of this core that it took.

    Nothing is where it is skipped, or rejected with a reason in one line, or read into statements that an RDF parser
    takes and that break no shape by themselves (the classes of things that other files describe are left open).
    """
    begun = time.process_time()
    wrong: list[str] = []
    lines: set[str] = set()
    stream = io.BufferedReader(io.BytesIO(content))  # type: ignore[type-var]
    reader = formats.detect(stream)
    for record in reader.read(stream) if reader else ():
        if isinstance(record, Rejected):
            if not record.reason or "\n" in record.reason:
                wrong.append(f"reason {record.reason!r}")
            continue
        found = sources.source_of(item, documents.document(record), documents.updated(record), "0" * 64)
        source: Source = documents.described(found, record)
        lines.update(line for _, _, line in build.map_record(record, source, setting))
    seconds = time.process_time() - begun
    ordered = [f"{line} ." for line in sorted(lines)]
    try:
        for _ in ox.parse("\n".join(ordered).encode(), ox.RdfFormat.N_QUADS):
            pass
    except SyntaxError as error:
        return [*wrong, f"no RDF: {error}"], seconds
    broken = (v for v in shapes.violations(ordered) if v.constraint != "class")
    return [*wrong, *(f"{v.shape} {v.path} {v.constraint}: {v.node}: {v.message}" for v in broken)], seconds
