"""The command line: exit statuses, one clear line for what is wrong, formats, and help that opens nothing heavy."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.main import get_command
from typer.testing import CliRunner

from api.cli import app

COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]
ROOT = Path(__file__).parents[2]


def run(*words: str, store: Path | None = None, given: str | None = None) -> Result:
    """The command line in this process; `store` as ``--store``."""
    options = ["--store", str(store)] if store else []
    return CliRunner().invoke(app, [*words, *options], input=given)


def in_a_process(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, as a shell would start it."""
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def assert_one_clear_line(found: Result, *words: str) -> None:
    assert found.exit_code == 2
    assert found.stdout == ""
    lines = found.stderr.strip().splitlines()
    assert len(lines) == 1, found.stderr
    assert lines[0].startswith("s230: ")
    assert all(word in lines[0] for word in words), lines[0]
    assert isinstance(found.exception, SystemExit)


# --- exit statuses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("at", "230(e)(2)", "1997-11-12"), 0),
        (("at", "230", "1996-02-07"), 1),
        (("at", "47 U.S.C. § 230(z)(9)", "2020-01-01"), 1),
        (("translate", "230(e)(2)", "--date", "1997-11-12"), 0),
        (("translate", "230(e)(5)", "--date", "2018-04-10"), 1),
        (("trace", "230(e)(5)"), 0),
        (("trace", "230(z)(9)"), 1),
        (("timeline", "230(e)(2)"), 0),
        (("timeline", "230(z)(9)"), 1),
        (("cite", "see", "47 U.S.C. § 230"), 0),
        (("cite", "cats sleep"), 1),
        (("query", "ASK { ?s a s230:Nothing }"), 0),
        (("query", "SELECT ?s { ?s a s230:Nothing }"), 0),
        (("validate",), 0),
    ],
)
def test_the_exit_status_tells_yes_from_no(release, words, status):
    found = run(*words, store=release)
    assert found.exit_code == status, found.output
    assert found.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("at", "cats", "2020-01-01"), ('"cats" is no citation of the Code', "47 U.S.C. § 230(e)(5)")),
        (("at", "", "2020-01-01"), ("is no citation of the Code",)),
        (("translate", "cats", "--date", "2020-01-01"), ('"cats" is no citation',)),
        (("trace", "cats"), ('"cats" is no citation',)),
        (("timeline", "cats"), ('"cats" is no citation',)),
        (("at", "230", "2018-02-30"), ('"2018-02-30" is no date', "day is out of range")),
        (("at", "230", "11 April 2018"), ("is no date; write it YYYY-MM-DD",)),
        (("translate", "230", "--date", "2018-04-11", "--to", "later"), ('"later" is no date',)),
        (("at", "230", "2020-01-01", "--format", "pdf"), ("--format pdf is not known", "text, json")),
        (("trace", "230", "--format", "html"), ("--format html is not known", "text, md, csv, json")),
        (("cite", "230", "--format", "bibtex"), ("--format bibtex is not known", "csl")),
        (("query", "ASK {}", "--format", "pdf"), ("--format pdf is not known", "table, json")),
        (("query", "--name", "cats"), ("no example named 'cats'", "first/01-sponsor-of-hr1865")),
        (("query",), ("give a query, or --name",)),
        (("query", "ASK {}", "--name", "sponsor-of-hr1865"), ("give a query, or --name",)),
        (("query", "SELECT ?s { ?s ?p }"), ("the query cannot be read",)),
        (("query", "@no-such-file.rq"), ("no-such-file.rq", "No such file")),
        (("query", "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"), ("SERVICE is not available",)),
        (("query", "CLEAR ALL"), ("CLEAR is an update",)),
        (("export", "--format", "pdf", "--out", "x"), ("--format pdf is not known", "nq, ttl")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_wrong_use_is_answered_in_one_clear_line(release, words, expected):
    assert_one_clear_line(run(*words, store=release), *expected)


@pytest.mark.parametrize("command", [("at", "230", "today"), ("query", "ASK {}"), ("validate",), ("trace", "230")])
def test_a_store_that_cannot_be_opened_is_named_in_one_clear_line(tmp_path, command):
    (tmp_path / "file").write_text("no folder")
    for store, expected in (
        (tmp_path / "missing", "no release in"),
        (tmp_path, "no release"),
        (tmp_path / "file", "no release"),
    ):
        assert_one_clear_line(run(*command, store=store), expected, str(store))


@pytest.mark.parametrize("damage", ["{", "{}", '{"name": "r0001-a"}'])
def test_a_release_that_is_damaged_says_build_again(tmp_path, damage):
    (tmp_path / "release.json").write_text(damage)
    assert_one_clear_line(run("at", "230", "today", store=tmp_path), str(tmp_path), "cannot be opened", "build again")


def test_a_pointer_to_no_release_says_so(tmp_path):
    (tmp_path / "current").write_text("r0001-a\n")
    assert_one_clear_line(run("at", "230", "today", store=tmp_path), "'r0001-a', which is no release")


def test_a_store_that_does_not_answer_is_named_in_one_clear_line():
    found = CliRunner().invoke(app, ["at", "230", "today", "--store", "http://127.0.0.1:9/sparql"])
    assert_one_clear_line(found, "http://127.0.0.1:9/sparql does not answer")


@pytest.mark.parametrize("format", ["nq", "ttl", "jsonld", "csv", "graphml"])
def test_what_cannot_be_written_is_named_in_one_clear_line(release, tmp_path, format):
    (tmp_path / "file").write_text("no folder")
    out = tmp_path / "file" / "dump"
    found = run("export", "--format", format, "--out", str(out), store=release)
    assert_one_clear_line(found, str(tmp_path / "file"), "cannot be")


def test_a_release_that_cannot_be_written_is_named_in_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("no folder")
    found = run("build", "--source", "", "--out", str(tmp_path / "file" / "releases"))
    assert_one_clear_line(found, str(tmp_path / "file"))


def test_a_source_that_is_missing_is_named_in_one_clear_line(tmp_path):
    missing = tmp_path / "no-such-folder"
    found = run("build", "--source", str(missing), "--no-curated", "--out", str(tmp_path / "out"))
    assert found.exit_code == 2
    assert str(missing) in found.stderr
    assert "Traceback" not in found.stderr


def test_a_setting_that_is_wrong_is_named_in_one_clear_line(release, monkeypatch):
    monkeypatch.setenv("S230_WORKERS", "many")
    assert_one_clear_line(run("at", "230", "today"), "S230_WORKERS")


@pytest.mark.parametrize(
    "words", [("at", "230"), ("at", "230", "today", "--no-such-option"), ("no-such-command",), ("translate", "230")]
)
def test_what_the_command_line_does_not_know_is_wrong_use(words):
    found = run(*words)
    assert found.exit_code == 2
    assert "Traceback" not in found.output


def test_a_process_ends_with_the_same_status_and_without_a_traceback(release):
    found = in_a_process("at", "cats", "today", "--store", str(release))
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.count("\n") == 1
    assert in_a_process("at", "230", "1996-02-07", "--store", str(release)).returncode == 1


def test_a_reader_that_hangs_up_gets_no_traceback(release):
    words = [sys.executable, "-m", "api.cli", "query", "SELECT * { ?s ?p ?o } LIMIT 20000", "--format", "csv"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "S230_STORE": str(release)}
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


# --- what is written -------------------------------------------------------------------------------------------------


def test_the_settings_name_the_store(release, monkeypatch):
    monkeypatch.setenv("S230_STORE", str(release))
    assert run("at", "230(c)(1)", "today").exit_code == 0


@pytest.mark.parametrize(
    "command", [("at", "230(e)(1)", "today"), ("trace", "230(e)(1)"), ("timeline", "230(e)(1)"), ("cite", "230(e)(1)")]
)
def test_json_is_one_document_with_status_and_coverage(release, command):
    found = json.loads(run(*command, "--format", "json", store=release).stdout)
    assert {"status", "known_through"} <= found.keys()


def test_text_says_what_stood_there_in_words(release):
    text = run("at", "230(e)(1)", "2020-01-01", store=release).stdout
    assert "47 U.S.C. § 230(e)(1) on 2020-01-01" in text
    assert "from 1998-11-20 to this day" in text
    assert "from the protection of 47 U.S.C. § 230(c)(1), 47 U.S.C. § 230(c)(2)(A)" in text
    assert re.search(r"courts, 2008-07-22, .*Mukasey, on 47 U.S.C. § 231", text)
    assert text.rstrip().endswith("Not legal advice.")
    assert not [line for line in text.splitlines() if len(line) > 100 and "http" not in line]


def test_text_says_where_it_is_now_and_why(release):
    text = run("translate", "230(e)(2)", "--date", "1997-11-12", store=release).stdout
    assert "is 47 U.S.C. § 230(f)(2) on" in text
    assert "because of Pub. L. 105-277, div. C, title XIV, § 1404(a)(2): renumbering, enacted 1998-10-21" in text


def test_a_refusal_says_the_status_and_what_was_meant(release):
    text = run("at", "230(e)(6)", "2020-01-01", store=release).stdout
    assert text.startswith("unknown-citation: ")
    assert "did you mean 47 U.S.C. § 230(e)(5)?" in text


def test_a_chain_is_told_as_text_table_and_csv(release):
    text, table, rows = (
        run("trace", "230(e)(2)", "--format", form, store=release).stdout for form in ("text", "md", "csv")
    )
    assert "Its words stayed; what it reaches, or its enforcement, was changed by:" in text
    assert "Pending, not law:" in text
    assert table.count("\n| ") == 4
    assert [row["effective"] for row in csv.DictReader(io.StringIO(rows))] == ["1996-02-08", "1998-11-20"]


def test_a_chain_of_what_ended_says_so_first(release):
    found = run("trace", "47 U.S.C. § 223(b)(3)(B)(ii)", store=release)
    assert found.exit_code == 1
    assert found.stdout.splitlines()[1].startswith("repealed: 47 U.S.C. § 223(b)(3)(B)(ii) ended on 1988-11-18 by")


def test_a_timeline_is_told_as_text(release):
    text = run("timeline", "230(e)(2)", store=release).stdout
    assert "1996-02-08 to 1998-11-20  47 U.S.C. § 230(e)(2)" in text
    assert "1998-11-20  renumbering" in text


def test_citations_are_told_as_text_and_as_csl(release):
    words = ("cite", "FOSTA", "added", "47 U.S.C. § 230(e)(5),", "not", "47 U.S.C. § 9999.")
    text = run(*words, store=release).stdout
    assert "FOSTA  =  Pub. L. 115-164 (Pub. L. 115-164)" in text
    assert "47 U.S.C. § 9999  =  47 U.S.C. § 9999 (not in the graph)" in text
    items = json.loads(run(*words, "--format", "csl", store=release).stdout)
    assert [item["type"] for item in items] == ["legislation"] * 3


def test_a_query_comes_from_an_argument_a_file_or_standard_input(release, tmp_path):
    asked = "SELECT (1 AS ?one) {}"
    (tmp_path / "one.rq").write_text(asked)
    for words, given in (((asked,), None), ((f"@{tmp_path / 'one.rq'}",), None), (("-",), asked)):
        found = run("query", *words, "--format", "csv", store=release, given=given)
        assert found.stdout_bytes == b"one\r\n1\r\n"


@pytest.mark.parametrize(
    ("format", "name"), [("nq", "all.nq"), ("ttl", "all.ttl"), ("jsonld", "all.json"), ("graphml", "all.xml")]
)
def test_a_dump_is_one_file(release, tmp_path, format, name):
    found = run("export", "--format", format, "--out", str(tmp_path / name), store=release)
    assert (found.exit_code, found.stdout) == (0, "")
    assert (tmp_path / name).stat().st_size > 100_000


def test_own_rdf_is_loaded_beside_the_graph(release, tmp_path):
    file, out = tmp_path / "notes.ttl", tmp_path / "out"
    file.write_text("<a> <http://x/p> 'first' .", encoding="utf-8")
    found = run("load", str(file), "--graph", "http://x/g/", "--out", str(out), store=release)
    assert found.exit_code == 0, found.stderr
    assert "loaded 1 triples into 1 graphs" in found.stderr
    asked = "SELECT ?law ?o { GRAPH <http://x/g/> { <http://x/g/a> ?p ?o } ?law s230:enactedFrom ?bill } LIMIT 1"
    assert len(run("query", asked, "--format", "csv", store=out).stdout.splitlines()) == 2
    file.write_text("<b> <http://x/p> 'second' .", encoding="utf-8")
    assert run("load", str(file), "--graph", "http://x/g/", "--out", str(out), store=tmp_path / "none").exit_code == 0
    count = "SELECT (COUNT(*) AS ?n) { GRAPH <http://x/g/> { ?s ?p ?o } }"
    assert run("query", count, "--format", "csv", store=out).stdout.split() == ["n", "2"]
    file.write_text("<a>\n<b> .", encoding="utf-8")
    assert_one_clear_line(run("load", str(file), "--out", str(out)), str(file), ":2:")
    assert_one_clear_line(run("load", str(tmp_path / "none.ttl"), "--out", str(out)), "none.ttl")
    assert_one_clear_line(run("load", str(file), "--out", str(tmp_path / "new"), "--store", "http://127.0.0.1:9/"))


def test_a_dump_as_csv_is_a_folder_with_a_file_a_class(release, tmp_path):
    assert run("export", "--format", "csv", "--out", str(tmp_path / "all"), store=release).exit_code == 0
    with (tmp_path / "all" / "bill.csv").open(encoding="utf-8", newline="") as file:
        bills = {row["iri"].partition("section230")[2] for row in csv.DictReader(file)}
    assert "/us/bill/115/hr/1865" in bills


def test_a_picture_is_one_file_that_asks_no_other_host(release, tmp_path):
    out = tmp_path / "picture.html"
    found = run("view", "--focus", "230(e)(5)", "--out", str(out), store=release)
    assert found.exit_code == 0, found.output
    page = out.read_text("utf-8")
    assert "<html" in page
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=[\"']?(?:https?:)?//", page)


# --- help ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example_of_it(command):
    found = run(command, "--help")
    assert found.exit_code == 0
    assert f"Example: s230 {command} " in " ".join(found.stdout.split()) + " "


def test_the_commands_of_questions_are_there():
    expected = {
        "build",
        "fetch",
        "serve",
        "query",
        "at",
        "translate",
        "trace",
        "timeline",
        "cite",
        "view",
        "export",
        "validate",
        "tables",
    }
    assert expected <= set(COMMANDS)


def test_help_opens_nothing_heavy():
    script = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from api.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "print(sorted({'rdflib', 'pyoxigraph', 'fastapi', 'lxml', 'networkx', 'pydantic'} & sys.modules.keys()))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
