"""People of Congress in three forms: terms by day, party changes, and files that are wrong."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Person, Rejected, Term, spans
from ingest import legislators

HERE = Path(__file__).parent.parent / "data" / "legislators"
FORMS = ("people.json", "people.yaml", "people.csv")


def records(file: Path) -> list[Person | Rejected]:
    with file.open("rb") as stream:
        return list(legislators.read(stream))


def from_bytes(data: bytes) -> list[Person | Rejected]:
    return list(legislators.read(io.BytesIO(data)))


def people(file: Path) -> list[Person]:
    found = records(file)
    assert [record for record in found if isinstance(record, Rejected)] == []
    return [record for record in found if isinstance(record, Person)]


def in_office(person: Person, day: str) -> list[Term]:
    return [term for term in person.terms if spans(term.start, term.end, day)]


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_recognised_by_its_content(name: str) -> None:
    head = (HERE / name).read_bytes()
    assert legislators.recognises(head)
    assert legislators.recognises(b"\xef\xbb\xbf" + head)


@pytest.mark.parametrize(
    "head",
    [b"", b"\0\xff\xfe", b"[]", b'[{"id": 1, "name": "x"}]', b"last_name,first_name\nRoe,Ann", b"- id:\n  name:\n"],
)
def test_other_files_are_not_recognised(head: bytes) -> None:
    assert not legislators.recognises(head)


def test_json_and_yaml_hold_the_same_people() -> None:
    assert people(HERE / "people.json") == people(HERE / "people.yaml")
    assert from_bytes(b"\xef\xbb\xbf" + (HERE / "people.json").read_bytes()) == people(HERE / "people.json")


def test_ids_and_names_are_read() -> None:
    roe = people(HERE / "people.yaml")[0]
    assert (roe.bioguide, roe.lis, roe.thomas, roe.wikidata) == ("R000001", "S901", "00001", "Q900001")
    assert (roe.full_name, roe.other_names) == ("Ann B. Roe", ("Annie Roe", "Ann Doe"))
    assert (roe.birthday, roe.gender, roe.terms_complete) == ("1950-02-28", "F", True)


def test_a_change_of_party_within_a_term_splits_the_term_on_its_day() -> None:
    roe = people(HERE / "people.yaml")[0]
    assert roe.terms[1:] == (
        Term("sen", "1997-01-07", "2001-06-06", "OR", "", "Republican", ""),
        Term("sen", "2001-06-06", "2003-01-03", "OR", "", "Independent", "Democrat"),
    )
    assert [term.party for term in in_office(roe, "2001-06-05")] == ["Republican"]
    assert [term.party for term in in_office(roe, "2001-06-06")] == ["Independent"]


def test_a_person_without_a_bioguide_id_has_an_empty_one() -> None:
    moe = people(HERE / "people.yaml")[1]
    assert (moe.bioguide, moe.full_name) == ("", "Max Moe")
    assert moe.terms == (Term("viceprez", "1789-04-21", "1793-03-04", party="no party"),)


def test_at_large_is_district_0_and_an_unknown_district_is_empty() -> None:
    roe, _, poe = people(HERE / "people.yaml")
    assert (roe.terms[0].district, poe.terms[0].district) == ("0", "")


def test_the_table_knows_the_last_term_only_and_no_days() -> None:
    roe, poe = people(HERE / "people.csv")
    assert roe.terms == (Term("sen", "", None, "OR", "", "Independent"),)
    assert not roe.terms_complete
    assert (roe.lis, roe.other_names, poe.full_name, poe.birthday) == ("S901", ("Annie Roe",), "Pat Poe Jr.", None)
    assert poe.terms[0].district == ""


@pytest.mark.parametrize(("change", "reason"), yaml.safe_load((HERE / "wrong.yaml").read_text()))
def test_a_wrong_person_is_rejected_with_the_reason_and_the_rest_is_read(
    change: dict[str, object], reason: str
) -> None:
    whole = yaml.safe_load((HERE / "people.yaml").read_text())
    whole[0] |= change
    found = from_bytes(yaml.safe_dump(whole).encode())
    assert found[0] == Rejected(reason, "person 1")
    assert [record.full_name for record in found[1:] if isinstance(record, Person)] == ["Max Moe", "Pat Poe Jr."]


HEADER = b"last_name,first_name,type,state,party,bioguide_id\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "expected a list of people"),
        (b"[", "Expecting value: line 1 column 2 (char 1)"),
        (b'[{"id": {"bioguide": "R0', "Unterminated string starting at: line 1 column 22 (char 21)"),
        (b"[" * 100_000, "nested too deep"),
        (b"- " * 100_000, "line 1: nested deeper than 40 levels"),
        (b"- " + b"{a: " * 50_000, "line 1: nested deeper than 40 levels"),
        (b"- &a x\n" + b"- *a\n" * 17, "line 18: more than 16 aliases"),
        (b"- !!python/object:os.system x", "line 1: names a tag, which no file of ours does"),
        (b"- id: 2018-13-45", "month must be in 1..12"),
        (b"- id: \xff\xfe", "invalid leading UTF-8 octet"),
        (b"id: 7", "expected a list of people"),
        (HEADER + b"Roe,Ann,sen,OR,D,R\xff00001", "not a table of text"),
        (HEADER + b"Roe,Ann,sen,OR,D,R000001,more", "more fields than the first line names"),
        (HEADER + b"Roe,Ann", "'' is not a kind of term"),
        (HEADER.replace(b",type", b", type") + b"Roe,Ann,sen,OR,D,R000001", "no column type"),
        (HEADER + b",Ann,sen,OR,D,R000001", "no last name"),
        (b'[{"name": {"last": "\\ud800"}}]', "last: holds half a character (a lone surrogate)"),
    ],
)
def test_a_broken_file_gives_one_rejection_in_one_line(data: bytes, reason: str) -> None:
    (found,) = from_bytes(data)
    assert isinstance(found, Rejected)
    assert reason in found.reason
    assert "\n" not in found.reason


@given(st.binary(max_size=300))
def test_arbitrary_bytes_never_raise(data: bytes) -> None:
    legislators.recognises(data)
    from_bytes(data)
    from_bytes(b"- " + data)
    from_bytes(HEADER + data)


@given(st.sampled_from(FORMS), st.integers(0, 2000), st.integers(0, 30), st.binary(max_size=6))
def test_a_damaged_file_never_raises(name: str, start: int, length: int, instead: bytes) -> None:
    data = (HERE / name).read_bytes()
    from_bytes(data[:start] + instead + data[start + length :])
    from_bytes(data[:start])


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("legislators-current.json", 537),
        ("legislators-current.yaml", 537),
        ("legislators-current.csv", 537),
        ("legislators-historical.csv", 12_230),
        ("executive.json", 80),
        ("executive.yaml", 80),
    ],
)
def test_every_person_of_the_official_files_is_read(corpus: Path, name: str, count: int) -> None:
    file = corpus / "legislators" / name
    with file.open("rb") as stream:
        assert legislators.recognises(stream.read(8192))
    assert len(people(file)) == count


@pytest.mark.corpus
def test_the_official_json_and_yaml_agree(corpus: Path) -> None:
    for name in ("legislators-current", "executive"):
        by_id = [
            {person.full_name + person.bioguide: person for person in people(corpus / "legislators" / f"{name}.{form}")}
            for form in ("json", "yaml")
        ]
        assert by_id[0] == by_id[1]


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("bioguide", "day", "kind", "party"),
    [
        ("W000779", "1995-08-04", "rep", "Democrat"),
        ("W000779", "2018-03-21", "sen", "Democrat"),
        ("V000133", "2019-12-18", "rep", "Democrat"),
        ("V000133", "2019-12-19", "rep", "Republican"),
    ],
)
def test_office_and_party_are_those_of_the_day(corpus: Path, bioguide: str, day: str, kind: str, party: str) -> None:
    by_id = {person.bioguide: person for person in people(corpus / "legislators" / "legislators-current.json")}
    assert [(term.kind, term.party) for term in in_office(by_id[bioguide], day)] == [(kind, party)]


@pytest.mark.corpus
def test_every_sponsor_of_the_indexed_bills_is_found(corpus: Path) -> None:
    folder = corpus / "legislators"
    known = {
        person.bioguide
        for name in ("legislators-current.json", "legislators-historical.csv")
        for person in people(folder / name)
    }
    with (corpus / "section230-bills" / "INDEX.csv").open(newline="") as table:
        sponsors = {row["sponsor_bioguide"] for row in csv.DictReader(table)} - {""}
    assert len(sponsors) > 80
    assert sponsors - known == set()
