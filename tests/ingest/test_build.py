"""The build: the same graph from the same files, whatever happens on the way, and a report that adds up."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from api.cli import app
from graph import release as releases
from graph.store import Embedded
from graph.vocabulary import DCTERMS, META, PROV, RDFS, S230, ref
from ingest import bulk, kept
from ingest.build import CHUNK, build

HERE = Path(__file__).parent.parent.parent
MANY = 2 * CHUNK + 6
"""Files enough to be read by several processes."""

MANIFEST = {
    "sources": [
        {"path": "bills", "family": "billstatus-115", "coverage": "2021-08-13", "publisher": "A publisher"},
        {"path": "code", "family": "us-code", "coverage": "2026-06-26"},
        {"path": "people", "family": "legislators", "coverage": "2026-06-15"},
        {"path": "samples", "family": "billstatus-sample", "coverage": None},
    ]
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Path:
    """A folder of small official files, with a manifest."""
    return _sources(tmp_path_factory.mktemp("sources"), data)


def _sources(folder: Path, data: Path, many: int = 3) -> Path:
    bill = (data / "bills" / "billstatus-new.xml").read_text(encoding="utf-8")
    number = bill[bill.index("<number>") : bill.index("</number>")]
    for name in ("bills", "code", "people", "samples"):
        (folder / name).mkdir(parents=True)
    for position in range(many):
        content = bill.replace(f"{number}</number>", f"<number>{9000 + position}</number>", 1)
        (folder / "bills" / f"{position}.xml").write_text(content, encoding="utf-8")
    record = json.loads((data / "bills" / "api.json").read_bytes())
    (folder / "bills" / "api.jsonl").write_text(json.dumps(record) + "\n")
    shutil.copy(data / "bills" / "rollcall-house.json", folder / "bills")
    shutil.copy(data / "uslm" / "section.xml", folder / "code")
    shutil.copy(data / "legislators" / "people.json", folder / "people")
    shutil.copy(data / "bills" / "billstatus-old.xml", folder / "samples")
    (folder / "notes.txt").write_text("not a format of ours")
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    return folder


def _built(paths: Iterable[Path], out: Path, **options: Any) -> dict[str, Any]:
    return build(paths, out, **{"with_curated": False, "jobs": 1, **options})


def _dump(folder: Path) -> list[str]:
    return gzip.decompress((releases.current(folder) / "dump.nq.gz").read_bytes()).decode().split("\n")[:-1]


# --- the same inputs, the same bytes ---------------------------------------------------------------------------------


def test_the_folder_its_name_and_the_order_of_sources_do_not_matter(sources: Path, tmp_path: Path) -> None:
    first = _built([sources], tmp_path / "a")
    moved = Path(shutil.copytree(sources, tmp_path / "elsewhere" / "x y"))
    second = _built([moved], tmp_path / "b")
    parts = [moved / name for name in ("samples", "people", "code", "bills")]
    third = _built(parts, tmp_path / "c")
    fourth = _built([*reversed(parts), moved], tmp_path / "d")
    assert len({report["dump_sha256"] for report in (first, second, third, fourth)}) == 1
    assert first["totals"]["read"] == 8 and fourth["totals"]["skipped"] == 1


def test_file_names_do_not_matter(sources: Path, tmp_path: Path) -> None:
    renamed = Path(shutil.copytree(sources, tmp_path / "renamed"))
    for position, path in enumerate(sorted((renamed / "bills").iterdir(), reverse=True)):
        path.rename(path.with_name(f"{position}.bin"))
    assert _built([renamed], tmp_path / "a")["dump_sha256"] == _built([sources], tmp_path / "b")["dump_sha256"]


def test_a_copy_of_a_file_adds_nothing(sources: Path, tmp_path: Path) -> None:
    doubled = Path(shutil.copytree(sources, tmp_path / "doubled"))
    shutil.copy(doubled / "bills" / "0.xml", doubled / "bills" / "copy.xml")
    assert _built([doubled], tmp_path / "a")["dump_sha256"] == _built([sources], tmp_path / "b")["dump_sha256"]


def test_two_versions_of_one_document_give_one_graph_in_any_order(sources: Path, tmp_path: Path) -> None:
    """Someone edited his copy: which file is read first must not decide what the graph says of itself."""
    edited = Path(shutil.copytree(sources, tmp_path / "edited"))
    path = edited / "bills" / "0.xml"
    (edited / "bills" / "again.xml").write_bytes(path.read_bytes().replace(b"</title>", b" </title>", 1))
    path.write_bytes(path.read_bytes().replace(b"</title>", b"  </title>", 1))
    orders = (
        [edited / "bills" / "0.xml", edited / "bills" / "again.xml"],
        [edited / "bills" / "again.xml", edited / "bills" / "0.xml"],
    )
    first, second = (_built(paths, tmp_path / str(n)) for n, paths in enumerate(orders))
    assert first["dump_sha256"] == second["dump_sha256"]
    assert first["violations"] == []


def test_many_processes_build_what_one_builds(data: Path, tmp_path: Path) -> None:
    many = _sources(tmp_path / "many", data, MANY)
    one, several = _built([many], tmp_path / "one"), _built([many], tmp_path / "several", jobs=2)
    assert one["dump_sha256"] == several["dump_sha256"]
    assert several["formats"] == one["formats"]
    assert several["totals"] == one["totals"]


SCRIPT = """
import sys
from pathlib import Path
from ingest.build import build
print(build([Path(path) for path in sys.argv[2:]], Path(sys.argv[1]), jobs=1)["dump_sha256"])
"""


def _environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1", **more}


def test_the_seed_of_hashes_does_not_matter(release: Path, sources: Path, tmp_path: Path) -> None:
    ours = build([sources], tmp_path / "ours", jobs=1)["dump_sha256"]
    found = []
    for seed in ("1", "424242"):
        command = [sys.executable, "-c", SCRIPT, str(tmp_path / seed), str(sources)]
        done = subprocess.run(
            command, env=_environment(PYTHONHASHSEED=seed), capture_output=True, text=True, check=True
        )
        found.append(done.stdout.strip())
    assert found == [ours, ours]
    assert ours != releases.description(releases.current(release))["dump_sha256"]


# --- what the graph is -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with the curated data and the small files."""
    folder = tmp_path_factory.mktemp("built")
    build([sources], folder, jobs=1)
    return folder


def _quads(folder: Path) -> tuple[set[str], dict[str, set[str]]]:
    """The statements of the merged graph, and those of each named one."""
    merged: set[str] = set()
    named: dict[str, set[str]] = {}
    for quad in ox.parse("\n".join(_dump(folder)).encode(), ox.RdfFormat.N_QUADS):
        triple = f"{quad.subject} {quad.predicate} {quad.object}"
        if isinstance(quad.graph_name, ox.DefaultGraph):
            merged.add(triple)
        else:
            named.setdefault(str(quad.graph_name), set()).add(triple)
    return merged, named


@pytest.mark.parametrize("which", ["release", "built"])
def test_each_named_graph_is_described_and_each_merged_statement_has_a_source(
    which: str, request: pytest.FixtureRequest
) -> None:
    merged, named = _quads(request.getfixturevalue(which))
    described = {line.partition(" ")[0] for line in named[ref(META)]}
    assert set(named) - described == set()
    for graph in named:
        about = [line for line in named[ref(META)] if line.startswith(f"{graph} ")]
        assert any(f" {S230.confidence} " in line for line in about) and any(
            f" {RDFS.label} " in line for line in about
        )
    assert merged - set().union(*named.values()) == set()
    families = {line.split(" ")[2] for line in named[ref(META)] if f" {S230.family} " in line}
    assert families <= described


def test_each_graph_of_the_default_release_names_what_it_rests_on(release: Path) -> None:
    _, named = _quads(release)
    about = {tuple(line.split(" ")[:2]) for line in named[ref(META)]}
    for graph in named.keys() - {ref(META)}:
        assert {(graph, DCTERMS.source), (graph, PROV.wasDerivedFrom)} & about, graph


@pytest.mark.parametrize("which", ["release", "built"])
def test_a_dump_is_sorted_and_says_nothing_twice(which: str, request: pytest.FixtureRequest) -> None:
    lines = _dump(request.getfixturevalue(which))
    assert lines == sorted(set(lines))


def test_no_path_of_this_machine_is_in_the_graph(built: Path, sources: Path) -> None:
    text = "\n".join(_dump(built))
    assert str(sources) not in text and "notes.txt" not in text and str(HERE) not in text


def test_samples_are_in_a_graph_of_their_own_and_not_merged(built: Path) -> None:
    store = Embedded(built)
    inside = "GRAPH ?g {{ ?s a s230:Bill }} FILTER CONTAINS(STR(?g), '/graph/billstatus-sample/')"
    assert len(store.select(f"SELECT ?s {{ {inside.format()} }}")) == 1
    assert not store.ask(f"ASK {{ {inside.format()} ?s a s230:Bill }}")


# --- the report ------------------------------------------------------------------------------------------------------


def test_the_report_has_its_keys_and_adds_up(sources: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "cut.json").write_bytes((sources / "bills" / "api.jsonl").read_bytes()[:150])
    (bad / "lines.jsonl").write_bytes((sources / "bills" / "api.jsonl").read_bytes() + b"{\n")
    report = build([sources, bad], tmp_path / "out", jobs=1)
    assert json.loads((tmp_path / "out" / "report.json").read_text()) == report
    totals, formats = report["totals"], report["formats"].values()
    for key in ("read", "skipped", "rejected", "documents", "records"):
        assert totals[key] == sum(found[key] for found in formats), key
    assert totals["said"] == sum(found["quads"] for found in formats)
    assert totals["quads"] == totals["merged"] + totals["named"] == len(_dump(tmp_path / "out"))
    assert totals["files"] == len(report["files"]) == 11
    assert Counter(file["status"] for file in report["files"]) == {"read": 9, "skipped": 1, "rejected": 1}
    assert totals["rejected"] == 2, "a file that cannot be read, and a line of one that can"
    assert totals["rejected"] == len(report["rejected"]) and totals["skipped"] == len(report["skipped"])
    assert all(entry["path"] and entry["reason"] for entry in (*report["rejected"], *report["skipped"]))
    assert {"find", "curated", "read", "map", "load", "analysis.shacl", "publish"} <= set(report["seconds"])
    assert report["published"] and report["violations"] == [] and len(report["dump_sha256"]) == 64
    store = Embedded(tmp_path / "out")
    assert int(store.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0]["n"]) == totals["merged"]
    assert int(store.select("SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }")[0]["n"]) == totals["graphs"]
    assert int(store.select("SELECT (COUNT(*) AS ?n) { ?s a s230:Conflict }")[0]["n"]) == report["conflicts"]


def test_a_build_without_anything_publishes_an_empty_graph(tmp_path: Path) -> None:
    report = _built([], tmp_path)
    assert report["published"] and report["totals"]["files"] == report["totals"]["records"] == 0
    assert not Embedded(tmp_path).ask("ASK { ?s a s230:Bill }")


# --- bad input -------------------------------------------------------------------------------------------------------

BOMB = (
    b'<!DOCTYPE billStatus [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<billStatus><bill><title>&b;</title></bill></billStatus>"
)
SPY = b'<!DOCTYPE billStatus [<!ENTITY a SYSTEM "file:///etc/passwd">]><billStatus><bill><title>&a;</title></bill></billStatus>'


def _zip(members: dict[str, bytes], mode: int = 0o100644) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            about = zipfile.ZipInfo(name)
            about.external_attr = mode << 16
            archive.writestr(about, content, zipfile.ZIP_DEFLATED, 1)
    return packed.getvalue()


def _encrypted(archive: bytes) -> bytes:
    """An archive of one member that says of itself that it is encrypted (APPNOTE 4.4.4, bit 0)."""
    changed = bytearray(archive)
    changed[archive.index(b"PK\x03\x04") + 6] |= 1
    changed[archive.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def _bad_files(sources: Path) -> dict[str, tuple[bytes, str]]:
    """Name -> content, and what the report must say of it: the beginning of a status and a part of the reason."""
    bill = (sources / "bills" / "0.xml").read_bytes()
    return {
        "broken.xml": (bill.replace(b"</bill>", b"</bil>"), "rejected line"),
        "truncated.xml": (bill[: len(bill) // 2], "rejected line"),
        "latin.xml": (bill.replace(b"</title>", b"\xe9\xe8</title>", 1), "rejected line 31, column"),
        "bomb.xml": (BOMB, "rejected declares entities"),
        "spy.xml": (SPY, "rejected declares entities"),
        "deep.xml": (b"<billStatus>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</billStatus>", "rejected line 1"),
        "long.xml": (
            b"<billStatus><bill><title>" + b"x" * 100_000_000 + b"</title></bill></billStatus>",
            "rejected line 1",
        ),
        "wide.xml": (b"<billStatus><bill>" + b"<a/>" * 1_000_000 + b"</bill></billStatus>", "rejected no measure"),
        "unknown.xml": (b"<catalogue><book/></catalogue>", "skipped no format"),
        "saved.xml": (b"<!DOCTYPE html><html><body><p>Bill status</p></body></html>", "skipped no format"),
        "empty.xml": (b"", "skipped no format"),
        "cut.json": ((sources / "bills" / "api.jsonl").read_bytes()[:150], "rejected "),
        "zeros.json": (b"\0" * 5000, "skipped no format"),
        "hollow.zip": (_zip({}), "skipped no format"),
        "nested.zip": (_zip({"inner.zip": _zip({"bill.xml": bill})}), "skipped no format"),
        "traversal.zip": (_zip({"../../escape.xml": bill, "fine.txt": b"x"}), "rejected path that leaves"),
        "link.zip": (_zip({"link.xml": b"/etc/passwd"}, mode=0o120777), "rejected symbolic link"),
        "encrypted.zip": (_encrypted(_zip({"bill.xml": bill})), "rejected encrypted"),
        "bomb.zip": (_zip({"bill.xml": bill + b" " * 60_000_000}), "rejected unpacks to more than 200 times"),
        "damaged.zip": (_zip({"bill.xml": bill})[:-30], "rejected damaged archive"),
        "damaged.gz": (gzip.compress(bill, mtime=0)[:-20], "rejected"),
    }


def test_bad_files_are_named_with_the_reason_and_the_rest_is_built(sources: Path, tmp_path: Path) -> None:
    mixed = Path(shutil.copytree(sources, tmp_path / "mixed"))
    bad = _bad_files(sources)
    (mixed / "bad").mkdir()
    for name, (content, _) in bad.items():
        (mixed / "bad" / name).write_bytes(content)
    (mixed / "bad" / "loop").symlink_to("loop")
    (mixed / "bad" / "up").symlink_to(mixed, target_is_directory=True)
    os.mkfifo(mixed / "bad" / "pipe")
    report = _built([mixed], tmp_path / "a")
    said = {file["path"]: f"{file['status']} {file.get('reason', '')}" for file in report["files"]}
    for name, (_, expected) in bad.items():
        (found,) = [
            text
            for path, text in said.items()
            if path.startswith(str(mixed / "bad" / name)) and not path.endswith("fine.txt")
        ]
        assert found.startswith(expected) and "\n" not in found, (name, found)
    assert said[str(mixed / "bad" / "loop")].startswith("rejected symbolic link")
    assert said[str(mixed / "bad" / "pipe")].startswith("rejected neither a file")
    assert report["totals"]["read"] == 8 and report["published"]
    assert report["dump_sha256"] == _built([sources], tmp_path / "b")["dump_sha256"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_not_be_read_is_rejected(sources: Path, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0)
    report = _built([sources, tmp_path / "locked"], tmp_path / "out")
    assert [entry["path"] for entry in report["rejected"]] == [str(tmp_path / "locked")]


def test_a_file_that_vanishes_while_the_others_are_read_is_rejected(sources: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(sources, tmp_path / "moved"))
    victim = moved / "samples" / "billstatus-old.xml"
    report = _built([moved], tmp_path / "out", progress=lambda step, done, total: victim.unlink(missing_ok=True))
    assert report["rejected"] == [{"path": str(victim), "reason": "No such file or directory"}]
    assert report["totals"]["read"] == 7


def test_ids_that_no_address_can_hold_do_not_stop_the_build(sources: Path, tmp_path: Path) -> None:
    """Whatever stands in a field of a file, the build goes on and the graph loads."""
    hostile = Path(shutil.copytree(sources, tmp_path / "hostile"))
    path = hostile / "bills" / "0.xml"
    text = path.read_text(encoding="utf-8")
    start = text.index("<bioguideId>") + len("<bioguideId>")
    end = text.index("</bioguideId>", start)
    path.write_text(text[:start] + "&lt;x&gt; \u007f %zz#[\ue000]\u2028" + text[end:], encoding="utf-8")
    report = _built([hostile], tmp_path / "out")
    assert report["rejected"] == [] and report["violations"] == []
    assert report["totals"]["quads"] == len(_dump(tmp_path / "out"))


# --- the command -----------------------------------------------------------------------------------------------------


def _command(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["build", "--no-curated", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_the_exit_status_tells_whether_anything_was_rejected(sources: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    assert _command("--source", str(sources), "--out", out)[0] == 0
    (tmp_path / "bomb.xml").write_bytes(BOMB)
    status, said = _command("--source", str(sources), "--source", str(tmp_path / "bomb.xml"), "--out", out)
    assert status == 2 and f"rejected {tmp_path / 'bomb.xml'}: declares entities" in said


def test_a_source_that_is_missing_is_rejected_and_the_rest_is_built(sources: Path, tmp_path: Path) -> None:
    status, said = _command("--source", "nowhere", "--source", str(sources), "--out", str(tmp_path))
    assert status == 2 and "rejected nowhere: no such file or folder" in said
    assert Embedded(tmp_path).ask("ASK { ?s a s230:Bill }")


def test_strict_publishes_nothing_and_the_old_release_answers(sources: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = _built([sources], out)["release"]
    (tmp_path / "bomb.xml").write_bytes(BOMB)
    status, said = _command("--source", str(tmp_path / "bomb.xml"), "--strict", "--out", str(out))
    assert status == 2 and "nothing published (--strict)" in said
    assert releases.current(out).name == before
    assert Embedded(out).ask("ASK { ?s a s230:Bill }")
    report = json.loads((out / "report.json").read_text())
    assert report["published"] is False and "release" not in report and len(report["rejected"]) == 1
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    status, said = _command("--source", "", "--out", str(tmp_path / "file"))
    assert status == 2 and len(said.strip().splitlines()) == 1 and "file" in said


# --- the disk and sudden death ---------------------------------------------------------------------------------------

WATCHED = """
import os, sys
from pathlib import Path
out = Path(sys.argv[1]).resolve()
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
def watch(event, arguments):
    paths = ()
    if event == "open" and isinstance(arguments[0], (str, bytes)) and (arguments[2] or 0) & WRITING:
        paths = arguments[:1]
    elif event in ("os.mkdir", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.truncate"):
        paths = arguments[:1]
    elif event == "os.rename":
        paths = arguments[:2]
    for path in paths:
        place = Path(os.path.abspath(os.fsdecode(path)))
        in_open_folder = event in ("os.remove", "os.rmdir") and arguments[1] not in (None, -1)
        if not in_open_folder and place != out and out not in place.parents and str(place) != os.devnull:
            print(event, place, file=sys.stderr)
            os._exit(3)
from ingest.build import build
sys.addaudithook(watch)
build([Path(path) for path in sys.argv[2:]], Path(sys.argv[1]), jobs=1)
"""


def test_nothing_outside_the_folder_of_releases_is_written(sources: Path, tmp_path: Path) -> None:
    places = {name: tmp_path / name for name in ("home", "temporary", "here")}
    for place in places.values():
        place.mkdir()
    before = {path: path.stat().st_mtime_ns for path in sources.rglob("*")}
    command = [sys.executable, "-c", WATCHED, str(tmp_path / "out"), str(sources)]
    environment = _environment(HOME=str(places["home"]), TMPDIR=str(places["temporary"]))
    done = subprocess.run(command, env=environment, cwd=places["here"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in sources.rglob("*")} == before
    assert [list(place.iterdir()) for place in places.values()] == [[], [], []]


KILLED = """
import sys
from pathlib import Path
from ingest.build import build
if __name__ == "__main__":
    build([Path(path) for path in sys.argv[2:]], Path(sys.argv[1]), with_curated=False, jobs=2)
"""


def test_a_build_that_is_killed_leaves_the_old_graph_serving(data: Path, tmp_path: Path) -> None:
    """At twenty moments, every other time without what the earlier build kept."""
    many = _sources(tmp_path / "many", data, MANY)
    script, out = tmp_path / "run.py", tmp_path / "out"
    script.write_text(KILLED)
    command = [sys.executable, str(script), str(out), str(many)]
    begun = time.monotonic()
    subprocess.run(command, env=_environment(), check=True)
    whole, chance = time.monotonic() - begun, random.Random(230)
    for turn in range(20):
        before = releases.current(out)
        if turn % 2:
            shutil.rmtree(before / kept.FACTS, ignore_errors=True)
        process = subprocess.Popen(command, env=_environment(), start_new_session=True)
        time.sleep(chance.uniform(0.1, 1.0) * whole)
        process.kill()
        process.wait()
        after = releases.current(out)
        assert after == before or after.name > before.name
        assert Embedded(out).ask("ASK { ?s a s230:Bill }")
        _wait_for_group(process.pid)
    last = _built([many], out)
    assert releases.current(out).name == last["release"]
    assert last["dump_sha256"] == _built([many], tmp_path / "scratch")["dump_sha256"]
    assert sorted(path.name for path in out.iterdir() if path.name.startswith(".")) == []


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from api.cli import app
app(["build", "--no-curated", "--source", sys.argv[2], "--out", sys.argv[3]])
"""


@pytest.mark.parametrize("room", [0, 1000, 40_000, 400_000])
def test_where_there_is_no_room_the_old_graph_serves_and_one_line_says_so(
    room: int, sources: Path, tmp_path: Path
) -> None:
    """A limit on the size of files stands for a full disk: spool, dump and store meet it at different moments."""
    out = tmp_path / "out"
    before = _built([sources], out)["release"]
    for again in (False, True):
        if again:
            shutil.rmtree(releases.current(out) / kept.FACTS)
        command = [sys.executable, "-c", FULL, str(room), str(sources), str(out)]
        done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 2, done.stderr
        assert len(done.stderr.strip().splitlines()) == 1 and str(tmp_path) in done.stderr, done.stderr
        assert releases.current(out).name == before
        assert Embedded(out).ask("ASK { ?s a s230:Bill }")
    assert _built([sources], out)["published"]
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []


def _wait_for_group(group: int) -> None:
    """The processes that a killed build had begun end by themselves, within seconds."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    os.killpg(group, signal.SIGKILL)
    pytest.fail("a reading process outlived its build")


DYING = """
import sys
from pathlib import Path
from ingest.build import build
try:
    build([Path(path) for path in sys.argv[2:]], Path(sys.argv[1]), with_curated=False, jobs=2)
except OSError as error:
    print(error)
"""


def test_a_build_whose_processes_die_ends_and_says_so(data: Path, tmp_path: Path) -> None:
    """A script that is read from standard input is one that worker processes cannot start from."""
    many = _sources(tmp_path / "many", data, MANY)
    command = [sys.executable, "-", str(tmp_path / "out"), str(many)]
    done = subprocess.run(
        command, input=DYING, env=_environment(), capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith("a process that reads files was ended")
    assert list((tmp_path / "out").iterdir()) == []


# --- official files --------------------------------------------------------------------------------------------------


@pytest.mark.corpus
def test_an_extract_yields_to_the_official_document(corpus: Path, release: Path, tmp_path: Path) -> None:
    report = build([corpus / "section230-bills" / "115"], tmp_path, jobs=1)
    assert report["rejected"] == [] and report["violations"] == []
    default, loaded = Embedded(release), Embedded(tmp_path)
    figures = "SELECT ?bill ?count { ?bill s230:congress 115 ; s230:cosponsorCount ?count } ORDER BY ?bill"
    assert set(_rows(default, figures)) <= set(_rows(loaded, figures))
    assert loaded.select("SELECT ?s { ?s s230:cosponsorCount ?a, ?b FILTER (?a < ?b) }") == []
    days = "SELECT ?a { ?a s230:actionDay ?x, ?y FILTER (?x < ?y) }"
    assert loaded.select(days) == []
    graph = "https://w3id.org/section230/graph/billstatus-115/115hr1865@2021-07-10"
    about = f"SELECT ?sum {{ GRAPH ?meta {{ <{graph}> s230:sha256 ?sum }} }}"
    assert default.select(about) == loaded.select(about)
    positions = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    assert int(loaded.select(positions)[0]["n"]) > int(default.select(positions)[0]["n"])


def _rows(store: Embedded, query: str) -> list[tuple[str, ...]]:
    return [tuple(row.values()) for row in store.select(query)]


@pytest.mark.corpus
def test_no_member_is_without_an_id_and_nothing_is_rejected(corpus: Path, tmp_path: Path) -> None:
    parts = (
        "section230-bills/votes",
        "section230-bills/104-105-datajson",
        "section230-bills/transcribed",
        "legislators",
    )
    report = build([corpus / part for part in parts], tmp_path, jobs=1)
    assert report["rejected"] == [] and report["violations"] == []
    assert not any("/us/person/>" in line or "/person/>" in line for line in _dump(tmp_path))
    assert not Embedded(tmp_path).ask('ASK { ?s rdfs:label "" }')


def test_a_dump_longer_than_a_slice_is_loaded_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "SLICE", 300)
    dump = tmp_path / "dump.nq"
    dump.write_text("".join(f"<a:{n}> <a:is> <a:{n}> <a:graph> .\n" for n in range(200)), encoding="utf-8")
    bulk.fill(tmp_path / "store", dump)
    assert len(ox.Store.read_only(str(tmp_path / "store"))) == 200
