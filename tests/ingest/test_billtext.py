"""The words of bills: one plain form from two formats, the identity inside the file, and files that are wrong."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.records import BillText, Rejected
from ingest import billtext, legislators

HERE = Path(__file__).parent.parent / "data" / "billtext"
FILES = ("hr-7.bill.md", "s7rs.xml")


def from_bytes(data: bytes) -> BillText | Rejected:
    (record,) = billtext.read(io.BytesIO(data))
    return record


def bill(data: bytes) -> BillText:
    record = from_bytes(data)
    assert isinstance(record, BillText), record
    return record


@pytest.mark.parametrize("name", FILES)
def test_each_form_is_recognised_by_its_content(name: str) -> None:
    head = (HERE / name).read_bytes()
    assert billtext.recognises(head)
    assert billtext.recognises(b"\xef\xbb\xbf" + head)
    assert not legislators.recognises(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\0\xff",
        b"---\ntitle: notes\n---\n",
        b"---\nmeasure: H.R. 7\ncongress: 118\nversion: Introduced in House\n---\n",
        b"# H.R. 7\n",
        b'<?xml version="1.0"?><billStatus><bill><number>7</number></bill></billStatus>',
        b'<bill session="104" type="h" number="7" updated="2013-07-14T18:47:34-04:00">',
    ],
)
def test_other_files_are_not_recognised(head: bytes) -> None:
    assert not billtext.recognises(head)


@pytest.mark.parametrize(("name", "plain"), [("hr-7.bill.md", "hr-7.plain.txt"), ("s7rs.xml", "s7rs.plain.txt")])
def test_the_words_come_in_one_plain_form(name: str, plain: str) -> None:
    assert bill((HERE / name).read_bytes()).text == (HERE / plain).read_text().rstrip("\n")


def test_windows_line_ends_make_no_difference() -> None:
    data = (HERE / "hr-7.bill.md").read_bytes()
    assert bill(data.replace(b"\n", b"\r\n")) == bill(data)


def test_markdown_names_the_bill_in_its_front_matter_and_no_version() -> None:
    record = bill((HERE / "hr-7.bill.md").read_bytes())
    assert (record.congress, record.type, record.number, record.version) == (118, "hr", 7, "")
    assert record.title == "To test the reading of bills, and for other purposes."
    assert record.issued is None


def test_xml_names_the_bill_its_version_and_its_day() -> None:
    record = bill((HERE / "s7rs.xml").read_bytes())
    assert record[:5] == (119, "s", 7, "rs", "To test the reading of bills.")
    assert record.issued == "2025-06-26"


def test_words_that_the_committee_struck_are_left_out() -> None:
    assert "struck" not in bill((HERE / "s7rs.xml").read_bytes()).text


FORM = "<form><congress>{}</congress><legis-num>{}</legis-num><action><action-date date='20180321'/></action></form>"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (
            "<bill bill-stage='Enrolled-Bill'>"
            "<metadata><dublinCore><title>115 HR 7 ENR: A</title></dublinCore></metadata>"
            + FORM.format("One Hundred Fifteenth Congress", "H. R. 7")
            + "</bill>",
            (115, "hr", 7, "enr", "2018-03-21"),
        ),
        (
            "<resolution resolution-stage='Agreed-to-House'>"
            + FORM.format("116th CONGRESS", "H. J. RES. 12")
            + "</resolution>",
            (116, "hjres", 12, "ath", "2018-03-21"),
        ),
        (
            "<bill bill-stage='Unheard-of'>" + FORM.format("116th CONGRESS", "S. 1") + "</bill>",
            (116, "s", 1, "", "2018-03-21"),
        ),
    ],
)
def test_identity_and_version_are_found_where_the_form_has_them(xml: str, expected: tuple[object, ...]) -> None:
    assert billtext.recognises(xml.encode())
    record = bill(xml.encode())
    assert (record.congress, record.type, record.number, record.version, record.issued) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "line 1, column 1: Document is empty"),
        (b"<bill bill-stage='x'>", "line 1, column"),
        (b"<bill bill-stage='x'/>", "no number of a Congress in ''"),
        (
            b"<bill bill-stage='x'><form><congress>9999th</congress></form></bill>",
            "no number of a Congress in '9999th'",
        ),
        (b"<a/>", "expected a bill or a resolution, found 'a'"),
        (b"<bill>" * 1000, "line 1, column"),
        (b"---\nlegis-num: H.R. 7\ncongress: 118\n", "nothing behind the front matter"),
        (b"---\nlegis-num: Amdt. 7\ncongress: 118\n---\nx", "no number of a bill in 'Amdt. 7'"),
        (b"---\nlegis-num: H.R. 7\n---\nx", "no number of a Congress in ''"),
        (b"---\nlegis-num: \xff\n---\nx", "not UTF-8 text: byte 15"),
    ],
)
def test_a_broken_file_gives_one_rejection_in_one_line(data: bytes, reason: str) -> None:
    record = from_bytes(data)
    assert isinstance(record, Rejected)
    assert reason in record.reason
    assert "\n" not in record.reason


@given(st.binary(max_size=300))
def test_arbitrary_bytes_never_raise(data: bytes) -> None:
    billtext.recognises(data)
    from_bytes(data)
    from_bytes(b"---\nlegis-num: H.R. 7\ncongress: 118\n---\n" + data)


@given(st.sampled_from(FILES), st.integers(0, 2500), st.integers(0, 30), st.binary(max_size=6))
def test_a_damaged_file_never_raises(name: str, start: int, length: int, instead: bytes) -> None:
    data = (HERE / name).read_bytes()
    from_bytes(data[:start] + instead + data[start + length :])


@pytest.mark.corpus
def test_every_markdown_text_is_the_bill_of_its_file_name(corpus: Path) -> None:
    files = sorted((corpus / "section230-bills").glob("1*-junxit-md/*.bill.md"))
    assert len(files) == 62
    for file in files:
        assert billtext.recognises(file.read_bytes()[:8192])
        record = bill(file.read_bytes())
        kind, number = file.name.split(".")[0].split("-")
        assert (record.congress, record.type, record.number) == (int(file.parent.name[:3]), kind, int(number))
        assert record.title.startswith(("To ", "A bill "))
        assert record.text
        assert not re.search(r"\*\*|^\s*- |^#", record.text, re.MULTILINE)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bills_119_hr_7548.text.xml", (119, "hr", 7548, "ih", "2026-02-12")),
        ("bills_119_hr_7757.text.xml", (119, "hr", 7757, "rfs", "2026-07-13")),
        ("bills_119_s_1829.text.xml", (119, "s", 1829, "rs", "2025-06-26")),
    ],
)
def test_the_official_xml_texts_are_read(corpus: Path, name: str, expected: tuple[object, ...]) -> None:
    data = (corpus / "billtext" / name).read_bytes()
    assert billtext.recognises(data[:8192])
    record = bill(data)
    assert (*record[:4], record.issued) == expected
    assert record.text.startswith("§ 1. Short title")
    assert "section 230" in record.text
