"""Two copies of official files: what changed in substance is told, and nothing else."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from graph import wording
from graph.records import Action, Bill, Section, Sponsorship, Vote
from ingest import uslm
from ingest.changes import Change, between, of_bill, of_section

WAGNER = Sponsorship("W000812", "Rep. Wagner, Ann [R-MO-2]", "R", "MO", "2", "2017-04-03")
MCNERNEY = Sponsorship("M001166", "Rep. McNerney, Jerry [D-CA-9]", "D", "CA", "9", "2017-09-06")
BILL = Bill(
    115,
    "hr",
    1865,
    "A bill",
    "2017-04-03",
    (WAGNER,),
    (MCNERNEY,),
    (Action("2017-04-03", "Introduced in House"),),
    updated="2017-10-01",
)


def _kinds(old: Bill, new: Bill) -> list[tuple[str, str, str]]:
    return [(change.kind, change.before, change.after) for change in of_bill(old, new)]


def test_a_bill_that_is_served_again_has_not_changed() -> None:
    assert _kinds(BILL, BILL._replace(updated="2021-07-10", subjects=("Crime",))) == []


def test_what_happened_to_a_bill_between_two_days() -> None:
    passed = Action("2018-02-27", "On passage Passed by recorded vote: 388 - 25 (Roll no. 91).")
    joined = Sponsorship("B001281", "Rep. Beatty, Joyce [D-OH-3]", "D", "OH", "3", "2017-09-20")
    new = BILL._replace(
        title="FOSTA",
        cosponsors=(MCNERNEY._replace(withdrawn="2017-09-25"), joined),
        actions=(*BILL.actions, passed),
        votes=(Vote("House", 115, "2", "2018", 91, "2018-02-27"),),
        laws=("115-164",),
    )
    assert _kinds(BILL, new) == [
        ("stage", "introduced", "enacted"),
        ("title", "A bill", "FOSTA"),
        ("action", "", "2018-02-27 On passage Passed by recorded vote: 388 - 25 (Roll no. 91)."),
        ("cosponsor withdrew", "Rep. McNerney, Jerry [D-CA-9] (2017-09-06)", "2017-09-25"),
        ("cosponsor joined", "", "Rep. Beatty, Joyce [D-OH-3] (2017-09-20)"),
        ("vote", "", "House roll call 91 of 2018"),
        ("law", "", "115-164"),
    ]


def test_a_member_who_joins_again_joins_and_a_list_that_a_source_lacks_says_nothing() -> None:
    again = BILL._replace(
        cosponsors=(MCNERNEY._replace(withdrawn="2017-09-25"), MCNERNEY._replace(joined="2017-11-01"))
    )
    assert [kind for kind, _, _ in _kinds(BILL, again)] == ["cosponsor withdrew", "cosponsor joined"]
    assert _kinds(BILL, BILL._replace(cosponsors=None)) == []
    assert _kinds(BILL, BILL._replace(cosponsors=())) == [
        ("cosponsor no longer listed", "Rep. McNerney, Jerry [D-CA-9] (2017-09-06)", "")
    ]


@pytest.fixture
def content(data: Path) -> str:
    return (data / "uslm" / "section.xml").read_text(encoding="utf-8")


def _section(content: str) -> Section:
    (section,) = uslm.read(io.BytesIO(content.encode()))
    assert isinstance(section, Section)
    return section


def test_new_ids_are_no_change(content: str) -> None:
    assert list(of_section(_section(content), _section(content.replace(' id="', ' id="x')))) == []


def test_words_are_changed_where_they_stand(content: str) -> None:
    old = _section(content)
    parts = [(each.identifier, part) for each in wording.walk(old.provision) for part in each.body]
    where, words = next((place, w) for place, w in parts if isinstance(w, str) and len(w) > 9 and content.count(w) == 1)
    (change,) = of_section(old, _section(content.replace(words, "Other words.")))
    assert change == Change(old.provision.identifier, "words", where, change.before, change.after)
    assert words in change.before and change.after == change.before.replace(words, "Other words.")


def test_provisions_notes_and_credits_come_and_go(content: str) -> None:
    whole = _section(content)
    first = next(child for child in whole.provision.children)
    body = tuple(part for part in whole.provision.body if part is not first)
    less = whole._replace(provision=whole.provision._replace(body=body), notes=whole.notes[1:], source_credit="")
    kinds = {change.kind for change in of_section(whole, less)}
    assert kinds == {"provision removed", "note removed", "source credit"}
    assert {change.kind for change in of_section(less, whole)} == {"provision added", "note added", "source credit"}
    noted = whole.notes[0]._replace(paragraphs=("Other words.",))
    (change,) = of_section(whole, whole._replace(notes=(noted, *whole.notes[1:])))
    assert (change.kind, change.where, change.after) == ("note", noted.heading or noted.topic, "Other words.")


def test_files_are_paired_by_what_they_hold(data: Path, content: str, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    bill = (data / "bills" / "billstatus-new.xml").read_text(encoding="utf-8")
    (old / "a.xml").write_text(bill, encoding="utf-8")
    (old / "gone.xml").write_text(content, encoding="utf-8")
    (new / "b.txt").write_text(bill, encoding="utf-8")
    (new / "came.jsonl").write_text(json.dumps(json.loads((data / "bills" / "api.json").read_bytes())) + "\n{\n")
    (new / "broken.xml").write_text(bill[:500], encoding="utf-8")
    assert sorted(change.kind for change in between([old], [new])) == ["added", "removed"]
    assert list(between([old], [old])) == []
    command = ["changes", str(old), str(new)]
    said = CliRunner().invoke(app, command)
    assert said.exit_code == 0 and said.output.startswith("2 changes in 2 things")
    asked = CliRunner().invoke(app, [*command, "--format", "json"])
    assert [Change(**change).kind for change in json.loads(asked.output)["changes"]] == [
        change.kind for change in between([old], [new])
    ]
    missing = CliRunner().invoke(app, ["changes", "nowhere", str(new)])
    assert missing.exit_code == 2 and "nowhere: no such file or folder" in missing.output


@pytest.mark.corpus
def test_two_sections_of_a_title_changed_though_every_file_did(corpus: Path) -> None:
    """The same numbers of sections around those that changed, and some of the rest: the whole title takes seconds."""
    folders = corpus / "uscode" / "119-99" / "47", corpus / "uscode" / "119-100" / "47"
    names = [*(path.name for path in sorted(folders[0].glob("*0.xml"))), "901.xml", "1201.xml"]
    old, new = ([folder / name for name in names] for folder in folders)
    assert all(one.read_bytes() != other.read_bytes() for one, other in zip(old, new, strict=True))
    found = list(between(old, new))
    assert {change.thing for change in found} == {"/us/usc/t47/s901", "/us/usc/t47/s1201"}
    assert {change.kind for change in found} <= {"note", "note added", "note removed"}
