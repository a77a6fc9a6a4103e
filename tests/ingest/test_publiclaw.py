"""Laws as printed: what their heads and margins say, their words in the plain form, and files that are wrong."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from graph.records import LawSection, LawText, Rejected
from ingest import formats, instructions, publiclaw

FILE = Path(__file__).parent.parent / "data" / "publiclaw" / "9-7.xml"


def from_bytes(data: bytes) -> LawText | Rejected:
    (record,) = publiclaw.read(io.BytesIO(data))
    return record


def printed(data: bytes) -> LawText:
    record = from_bytes(data)
    assert isinstance(record, LawText), record
    return record


def test_a_law_is_recognised_by_its_content() -> None:
    found = formats.detect(io.BufferedReader(io.BytesIO(FILE.read_bytes())))  # type: ignore[arg-type]
    assert found is not None
    assert found.NAME == publiclaw.NAME


def test_the_head_tells_number_day_bill_pages_and_names() -> None:
    law = printed(FILE.read_bytes()).law
    assert (law.path, law.cite, law.kind) == ("/us/pl/9/7", "Pub. L. 9-7", "public_law")
    assert (law.enacted, law.bill, law.stat) == ("2031-09-03", "/us/bill/9/hr/70", "99 Stat. 12")
    assert (law.name, law.short_names) == ("Test Act", ("Test Act",))


def test_sections_stand_below_their_titles_and_tell_where_they_went_in_the_code() -> None:
    assert printed(FILE.read_bytes()).law.sections == (
        LawSection("/us/pl/9/7/s1", "Pub. L. 9-7, § 1", "SHORT TITLE", set_out_under="/us/usc/t47/s609"),
        LawSection("/us/pl/9/7/tI/s101", "Pub. L. 9-7, § 101", "CHANGES", classified_to=("/us/usc/t47/s230a",)),
    )


def test_the_words_come_in_the_plain_form_of_bills() -> None:
    assert printed(FILE.read_bytes()).text.splitlines()[2:] == [
        "TITLE I—CHANGES",
        "§ 101 CHANGES.",
        "(a) In General.—Section 230 of the Communications Act of 1934 (47 U.S.C. 230) is amended—",
        "  (1) by striking “old” at the end of subsection (d) and inserting “new”; and",
        "  (2) by adding at the end the following:",
        "    > (g) New.—It is—",
        "    >   (1) one; and",
        "    >   (2) two.",
    ]


def test_instructions_of_a_law_are_read_as_those_of_a_bill() -> None:
    found = instructions.read(printed(FILE.read_bytes()).text)
    assert [(told.kind, told.target, told.adds) for told in found] == [
        ("substitution", "/us/usc/t47/s230/d", ()),
        ("addition", "/us/usc/t47/s230/g", ("1", "2")),
    ]


def test_a_private_law_is_known_by_its_number_alone() -> None:
    data = FILE.read_bytes().replace(b">public<", b">private<")
    record = printed(data)
    assert (record.law.path, record.law.name, record.law.sections, record.text) == (
        "/us/pvtl/9/7",
        "Pvt. L. 9-7",
        (),
        "",
    )


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"<congress>9</congress>", b"", "no number of a law in its head: Congress '', number '7'"),
        (b"<docNumber>7<", b"<docNumber>seven<", "no number of a law in its head: Congress '9', number 'seven'"),
        (b"3, 2031", b"", "no day of approval in its head"),
        (b"</pLaw>", b"", "Premature end of data"),
    ],
)
def test_a_law_that_does_not_say_which_it_is_is_rejected(old: bytes, new: bytes, reason: str) -> None:
    record = from_bytes(FILE.read_bytes().replace(old, new))
    assert isinstance(record, Rejected)
    assert reason in record.reason


def test_every_law_of_the_corpus_is_read(corpus: Path) -> None:
    files = sorted((corpus / "uslm" / "samples").glob("*l*-uslm.xml"))
    laws = [printed(path.read_bytes()).law for path in files]
    assert len(laws) == 14
    assert all(law.enacted[:4] in ("2012", "2013", "2014", "2015", "2016", "2017") and law.bill for law in laws)
