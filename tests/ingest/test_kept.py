"""A build on top of an earlier one reads only what changed, and gives what one from scratch gives, byte for byte."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph import release as releases
from graph.store import Embedded
from ingest import kept, mapper
from ingest.build import build

MANIFEST = {
    "sources": [
        {"path": "bills", "family": "billstatus-115", "coverage": "2021-08-13", "publisher": "A publisher"},
        {"path": "code", "family": "us-code", "coverage": "2026-06-26"},
        {"path": "people", "family": "legislators", "coverage": "2026-06-15"},
    ]
}


@pytest.fixture
def sources(tmp_path: Path, data: Path) -> Path:
    """Three bills, one of them twice, lines of JSON of which one is broken, a section and some people."""
    folder = tmp_path / "sources"
    for name in ("bills", "code", "people"):
        (folder / name).mkdir(parents=True)
    bill = (data / "bills" / "billstatus-new.xml").read_text(encoding="utf-8")
    number = bill[bill.index("<number>") : bill.index("</number>")]
    for position in range(3):
        content = bill.replace(f"{number}</number>", f"<number>{9000 + position}</number>", 1)
        (folder / "bills" / f"{position}.xml").write_text(content, encoding="utf-8")
    shutil.copy(folder / "bills" / "0.xml", folder / "bills" / "copy.xml")
    (folder / "bills" / "api.jsonl").write_text(
        json.dumps(json.loads((data / "bills" / "api.json").read_bytes())) + "\n{\n"
    )
    shutil.copy(data / "uslm" / "section.xml", folder / "code")
    shutil.copy(data / "legislators" / "people.json", folder / "people")
    (folder / "notes.txt").write_text("not a format of ours")
    _describe(folder, MANIFEST)
    return folder


def _describe(folder: Path, manifest: dict[str, Any]) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _build(sources: Path, out: Path) -> dict[str, Any]:
    return build([sources], out, with_curated=False, jobs=1)


def _content(folder: Path) -> tuple[set[str], set[str]]:
    store = Embedded(folder)
    return {str(quad) for quad in store.oxigraph}, set(store.graphs())


def _edit(folder: Path) -> None:
    path = folder / "bills" / "1.xml"
    path.write_text(path.read_text(encoding="utf-8").replace("Introduced in", "Reintroduced in"), encoding="utf-8")


def _cover(folder: Path) -> None:
    entry = {**MANIFEST["sources"][0], "publisher": "Another publisher"}
    _describe(folder, {"sources": [entry, *MANIFEST["sources"][1:]]})


CHANGES: dict[str, tuple[Callable[[Path], object], int]] = {
    "nothing": (lambda folder: None, 7),
    "a file": (_edit, 6),
    "a file went": (lambda folder: (folder / "bills" / "2.xml").unlink(), 6),
    "a copy went": (lambda folder: (folder / "bills" / "copy.xml").unlink(), 6),
    "a file came": (lambda folder: shutil.copy(folder / "bills" / "0.xml", folder / "code"), 7),
    "names": (lambda folder: (folder / "bills" / "0.xml").rename(folder / "bills" / "z.bin"), 7),
    "what is said of the files": (_cover, 2),
    "who is who": (lambda folder: (folder / "people" / "people.json").unlink(), 0),
}
"""What changes between two builds, and how many files need not be read again then."""


@pytest.mark.parametrize("what", CHANGES)
def test_a_build_on_top_of_another_gives_what_a_build_from_scratch_gives(
    what: str, sources: Path, tmp_path: Path
) -> None:
    change, expected = CHANGES[what]
    first = _build(sources, tmp_path / "out")
    change(sources)
    again, scratch = _build(sources, tmp_path / "out"), _build(sources, tmp_path / "scratch")
    assert again["reused"] == {"files": expected, "release": first["release"] if expected else None}
    assert again["dump_sha256"] == scratch["dump_sha256"]
    assert (again["dump_sha256"] == first["dump_sha256"]) == (what in ("nothing", "names", "a copy went"))
    assert _content(tmp_path / "out") == _content(tmp_path / "scratch")
    for key in ("totals", "formats", "rejected", "skipped", "files"):
        assert again[key] == scratch[key], key


def test_what_a_strict_build_rejected_is_rejected_again(sources: Path, tmp_path: Path) -> None:
    said = [_build(sources, tmp_path / "out")["rejected"] for _ in range(2)]
    assert said[0] == said[1] == [{"path": f"{sources / 'bills' / 'api.jsonl'}:line 2", "reason": said[0][0]["reason"]}]


def test_many_builds_on_top_of_each_other_stay_true_and_do_not_pile_up(sources: Path, tmp_path: Path) -> None:
    path = sources / "bills" / "1.xml"
    bill = path.read_text(encoding="utf-8")
    sizes = []
    for step in range(6):
        path.write_text(bill.replace("Introduced in", f"Introduced {'again and ' * step * 40}in"), encoding="utf-8")
        report = _build(sources, tmp_path / "out")
        assert report["totals"]["read"] == 7
        facts = releases.current(tmp_path / "out") / kept.FACTS
        sizes.append(sum(each.stat().st_size for each in facts.iterdir()))
    assert report["dump_sha256"] == _build(sources, tmp_path / "scratch")["dump_sha256"]
    assert _content(tmp_path / "out") == _content(tmp_path / "scratch")
    assert max(sizes) < 4 * sizes[0]


def test_a_change_of_code_or_data_has_all_read_anew(tmp_path: Path) -> None:
    setting = mapper.Setting("2026-06-26")
    (tmp_path / "code.py").write_text("a = 1")
    before = kept.era(setting, [tmp_path])
    assert kept.era(setting._replace(today="2026-06-27"), [tmp_path]) == before
    assert kept.era(setting._replace(today="2027-01-03"), [tmp_path]) != before, "a Congress is over"
    assert kept.era(setting._replace(lis={"S1": "A000001"}), [tmp_path]) != before
    (tmp_path / "code.py").write_text("a = 2")
    assert kept.era(setting, [tmp_path]) != before
    assert kept.era(setting) != before


def test_another_era_and_what_is_damaged_are_not_used(sources: Path, tmp_path: Path) -> None:
    now = kept.era(mapper.Setting(""))
    assert kept.read(None, now) == kept.NOTHING
    _build(sources, tmp_path / "out")
    found = releases.current(tmp_path / "out")
    assert kept.read(found, "another") == kept.NOTHING
    file = found / kept.FACTS / kept.FILES
    lines = file.read_bytes().splitlines(keepends=True)
    era = json.loads(lines[0])
    assert len(kept.read(found, era).files) == 6
    for damage in (b"", lines[0][:9], lines[0] + b"{", lines[0] + b"7\n", lines[0] + lines[1][:-30]):
        file.write_bytes(damage)
        assert kept.read(found, era) in (kept.NOTHING, kept.Kept(found, {}))
    file.write_bytes(b"".join(lines))
    next(path for path in (found / kept.FACTS).iterdir() if path != file).unlink()
    assert kept.read(found, era) == kept.NOTHING


def test_the_command_says_what_it_did_not_read_again(
    sources: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from typer.testing import CliRunner

    from api.cli import app

    command = ["build", "--no-curated", "--source", str(sources / "bills" / "0.xml"), "--out", str(tmp_path / "out")]
    first, second = (CliRunner().invoke(app, command).output for _ in range(2))
    assert "unchanged" not in first
    assert "1 of them unchanged since r0001-" in second
