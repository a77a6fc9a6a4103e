"""The reader of US Code files: shapes written for the test, then the official files where they are at hand."""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from graph.records import Citation, Note, Provision, Rejected, Section
from ingest import uslm

DATA = Path(__file__).parent.parent / "data" / "uslm"
ROWS = json.loads((DATA / "words.json").read_text(encoding="utf-8"))
HEADS = json.loads((DATA / "heads.json").read_text(encoding="utf-8"))
STATUSES = json.loads((DATA / "statuses.json").read_text(encoding="utf-8"))
TITLES = {"47": 403, "18": 1321, "17": 150, "28": 8, "42": 1}


def read(content: bytes) -> list[Section | Rejected]:
    return list(uslm.read(io.BytesIO(content)))


def sections(content: bytes) -> list[Section]:
    return [record for record in read(content) if isinstance(record, Section)]


def one(inner: str, attributes: str = "") -> Section:
    xml = f'<section xmlns="x" identifier="/us/usc/t1/s1" {attributes}><num value="1">§ 1.</num>{inner}</section>'
    (section,) = read(xml.encode())
    assert isinstance(section, Section)
    return section


def below(provision: Provision) -> Iterator[Provision]:
    yield provision
    for child in provision.children:
        yield from below(child)


def by_path(section: Section) -> dict[str, Provision]:
    return {provision.identifier: provision for provision in below(section.provision)}


def assert_offsets(text: str, citations: tuple[Citation, ...]) -> None:
    for citation in citations:
        assert text[citation.start : citation.end] == citation.text
        assert citation.text == citation.text.strip() != ""
        assert citation.target.startswith("/")
        assert "–" not in citation.target
        assert citation.tagged


def assert_clean(section: Section) -> None:
    """No mark of the reader, no double space is left; every offset fits."""
    provisions = list(below(section.provision))
    assert_offsets(section.source_credit, section.credit_citations)
    for note in section.notes:
        assert_offsets("\n".join(note.paragraphs), note.citations)
    for provision in provisions:
        assert_offsets(provision.own_text, provision.citations)
    stretches = [part for provision in provisions for part in provision.body if isinstance(part, str)]
    stretches += [text for provision in provisions for text in (provision.num, provision.heading)]
    stretches += [paragraph for note in section.notes for paragraph in (note.heading, *note.paragraphs)]
    for text in (*stretches, section.source_credit, *section.footnotes):
        assert text == " ".join(text.split())
        assert all(character >= " " for character in text)


@pytest.fixture(scope="module")
def section() -> Section:
    (found,) = sections((DATA / "section.xml").read_bytes())
    return found


@pytest.fixture(scope="module")
def title() -> list[Section | Rejected]:
    return read((DATA / "title.xml").read_bytes())


# --- what is ours ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("head", "ours"), HEADS)
def test_the_code_is_known_by_its_root(head: str, ours: bool) -> None:
    assert uslm.recognises(head.encode()) is ours


def test_the_files_of_the_tests_are_recognised() -> None:
    for path in DATA.glob("*.xml"):
        assert uslm.recognises(path.read_bytes()[:8192])


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS, ids=[row["case"] for row in ROWS])
def test_words_of_a_provision(row: dict[str, list[str]]) -> None:
    section = one(f"<content>{row['content']}</content>")
    assert list(section.provision.body) == row["words"]
    found = [[citation.target, citation.text, citation.start, citation.end] for citation in section.provision.citations]
    assert found == row.get("cited", [])
    assert_clean(section)


@pytest.mark.parametrize("row", ROWS, ids=[row["case"] for row in ROWS])
def test_notes_are_read_as_provisions_are(row: dict[str, list[str]]) -> None:
    (note,) = one(f'<notes><note topic="amendments">{row["content"]}</note></notes>').notes
    assert list(note.paragraphs) == row["words"]
    found = [[citation.target, citation.text, citation.start, citation.end] for citation in note.citations]
    assert found == row.get("cited", [])


def test_words_and_children_keep_the_order_of_the_page(section: Section) -> None:
    body = by_path(section)["/us/usc/t97/s12b-1/a"].body
    assert [part if isinstance(part, str) else part.num for part in body] == [
        "Each lantern under section 4–2(b) of this title—",
        "(1)",
        "(2)",
        "unless the tide is low, at 103 steps.",
    ]


def test_block_paragraphs_are_stretches_of_their_own(section: Section) -> None:
    provision = by_path(section)["/us/usc/t97/s12b-1/a/2"]
    assert provision.body == ("is oiled; and", "is seen from section 7 of title 98 at dusk.")
    assert provision.citations == (Citation("/us/usc/t98/s7", "section 7 of title 98", 27, 48, True),)


def test_offsets_pass_over_children(section: Section) -> None:
    text = (
        '<chapeau>a</chapeau><paragraph><num>(1)</num></paragraph><continuation><ref href="/b">b</ref></continuation>'
    )
    provision = one(text).provision
    assert provision.own_text == "a\nb"
    assert provision.citations == (Citation("/b", "b", 2, 3, True),)


def test_text_without_an_element_of_its_own_is_kept() -> None:
    body = one("bare <i>words</i><paragraph><num>(1)</num></paragraph> after").provision.body
    assert (body[0], body[2]) == ("bare words", "after")


def test_tables_are_read_row_by_row(section: Section) -> None:
    assert by_path(section)["/us/usc/t97/s12b-1/e"].body == ("Port Lights", "North two")


def test_both_halves_of_a_footnote_leave_the_words(section: Section) -> None:
    assert section.provision.num == "§ 12b–1."
    assert section.provision.heading == "Lanterns of harbors"
    assert by_path(section)["/us/usc/t97/s12b-1/a/1"].own_text == "shines, as paragraph (9) says."
    assert section.footnotes == (
        "No section 12b was made.",
        "See Pub. L. 200–1.",
        "So in original. Probably should be “(2)”.",
    )


# --- identity --------------------------------------------------------------------------------------------------------


def test_paths_have_ascii_hyphens_and_keep_the_spelling_of_the_publisher(section: Section) -> None:
    assert section.provision.identifier == "/us/usc/t97/s12b-1"
    assert section.provision.id_local == "/us/usc/t97/s12b–1"
    assert section.title_number == "97"


def test_a_second_provision_in_one_slot_is_numbered_and_its_children_are_below_it(section: Section) -> None:
    slot = "/us/usc/t97/s12b-1/d/8"
    assert [path for path in by_path(section) if path.startswith(slot)] == [
        slot,
        f"{slot}/A",
        f"{slot};2",
        f"{slot};2/A",
        f"{slot};2/a",
        f"{slot};3",
    ]


def test_small_levels_keep_their_case(section: Section) -> None:
    paths = by_path(section)
    assert paths["/us/usc/t97/s12b-1/d/8;2/A"].own_text == "upper"
    assert paths["/us/usc/t97/s12b-1/d/8;2/a"].own_text == "lower"


def test_the_level_is_the_element_whatever_the_number() -> None:
    found = one(
        '<subsection identifier="/us/usc/t1/s1/i"><num value="i">(i)</num></subsection>'
        '<paragraph><num value="1">(1)</num><clause><num value="i">(i)</num></clause></paragraph>'
    )
    assert [(p.identifier, p.level) for p in below(found.provision)][1:] == [
        ("/us/usc/t1/s1/i", "subsection"),
        ("/us/usc/t1/s1/1", "paragraph"),
        ("/us/usc/t1/s1/1/i", "clause"),
    ]


def test_a_level_without_identifier_takes_its_number_or_its_place(section: Section) -> None:
    (provision,) = (child for child in section.provision.children if child.num == "(f)")
    assert [(p.identifier, p.id_local) for p in below(provision)] == [
        ("/us/usc/t97/s12b-1/f", ""),
        ("/us/usc/t97/s12b-1/f/paragraph-1", ""),
        ("/us/usc/t97/s12b-1/f/2", ""),
    ]


def test_published_children_of_a_numbered_provision_without_identifier_are_below_it() -> None:
    twice = (
        '<paragraph><num value="8">(8)</num><clause identifier="/us/usc/t1/s1/8/i"><num>(i)</num></clause></paragraph>'
    )
    paths = [provision.identifier for provision in below(one(twice * 2).provision)]
    assert paths[1:] == ["/us/usc/t1/s1/8", "/us/usc/t1/s1/8/i", "/us/usc/t1/s1/8;2", "/us/usc/t1/s1/8;2/i"]


def test_quoted_levels_are_no_provisions(section: Section) -> None:
    assert not any(path.endswith("/z") for path in by_path(section))
    quoted = one("<content><quotedContent><paragraph><num>(1)</num></paragraph></quotedContent></content>")
    assert quoted.provision.children == ()
    assert quoted.provision.body == ("(1)",)


# --- status ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("attribute", "num", "heading", "text", "status"), STATUSES)
def test_status(attribute: str, num: str, heading: str, text: str, status: str) -> None:
    headed = f"<heading> {heading}</heading>" if heading else ""
    level = f"<subsection {attribute}><num>{num}</num>{headed}<content> {text}</content></subsection>"
    assert one(level).provision.children[0].status == status


def test_a_level_with_children_is_alive_whatever_its_heading() -> None:
    found = one("<heading>Transferred</heading><paragraph><num>(1)</num><content>x</content></paragraph>")
    assert found.provision.status == ""


def test_only_a_status_before_commencement_makes_words_prospective(section: Section) -> None:
    assert [p.identifier for p in below(section.provision) if p.prospective] == ["/us/usc/t97/s12b-1/e"]


def test_an_announced_amendment_is_a_note(section: Section) -> None:
    assert section.notes[0].topic == "prospectiveAmendment"
    assert section.notes[0].heading == "Amendment of Section"


# --- credit and notes ------------------------------------------------------------------------------------------------


def test_the_source_credit_has_its_citations(section: Section) -> None:
    assert [citation.target for citation in section.credit_citations] == [
        "/us/act/1934-06-19/ch652",
        "/us/pl/200/2/tI/s3",
        "/us/stat/112/2681-739",
    ]
    assert_clean(section)


def test_notes_have_topic_heading_role_and_one_entry_a_paragraph(section: Section) -> None:
    _, cross, amendments, savings = section.notes
    assert cross == Note("editorialNotes", "Editorial Notes", (), (), "crossHeading")
    assert amendments.paragraphs == (
        "1999—Subsec. (a). Pub. L. 200–2 added par. (2).",
        "1998—Subsec. (d). Pub. L. 200–1, § 4, redesignated par. (8).",
    )
    assert [citation.target for citation in amendments.citations] == ["/us/pl/200/2", "/us/pl/200/1/s4"]
    assert (savings.topic, savings.heading) == ("miscellaneous", "Savings")


def test_quoted_law_in_a_note_is_text_level_by_level(section: Section) -> None:
    assert section.notes[-1].paragraphs == (
        "Pub. L. 200–2, § 7, provided that: “Lamps are—",
        "“sec. 1. Wicks.",
        "“(a) under section 5;",
        "“(2) old.”",
        "[Amended this section.]",
    )
    assert [citation.target for citation in section.notes[-1].citations] == ["/us/pl/200/2/s7", "/us/usc/t97/s5"]


# --- whole titles ----------------------------------------------------------------------------------------------------


def test_a_title_comes_section_by_section(title: list[Section | Rejected]) -> None:
    assert [record.provision.identifier for record in title if isinstance(record, Section)] == [
        "/us/usc/t96/s1",
        "/us/usc/t96/s2",
        "/us/usc/t96/s2;2",
        "/us/usc/t96/s10",
        "/us/usc/t96/s10a",
        "/us/usc/t96/s19...19c",
        "/us/usc/t96/s20",
        "/us/usc/t96/s21-1",
        "/us/usc/t96/r4",
    ]


def test_children_of_the_second_section_in_a_slot_are_below_it(title: list[Section | Rejected]) -> None:
    second = title[2]
    assert isinstance(second, Section)
    assert [(p.identifier, p.own_text) for p in second.provision.children] == [("/us/usc/t96/s2;2/a", "two")]


def test_a_section_that_cannot_be_identified_is_rejected_alone(title: list[Section | Rejected]) -> None:
    (rejected,) = (record for record in title if isinstance(record, Rejected))
    assert rejected.where.startswith("line ")
    assert "identifier" in rejected.reason
    assert rejected is title[-1]


def test_breadcrumb_and_publication_come_from_above(title: list[Section | Rejected]) -> None:
    found = [record for record in title if isinstance(record, Section)]
    assert {record.publication for record in found} == {"Online@200-1"}
    assert found[2].breadcrumb == ("TITLE 96—LANTERNS", "CHAPTER 1—RULES")
    assert found[-1].breadcrumb == ("TITLE 96—LANTERNS", "CHAPTER 2—OIL", "SUBCHAPTER I—CASKS")


def test_dead_sections_of_a_title_have_their_status(title: list[Section | Rejected]) -> None:
    statuses = [record.provision.status for record in title if isinstance(record, Section)]
    assert statuses == ["", "", "", "repealed", "repealed", "omitted", "transferred", "", ""]


def test_a_section_for_several_keeps_each_spelling(title: list[Section | Rejected]) -> None:
    spellings = [record.provision.id_local for record in title if isinstance(record, Section)]
    assert spellings[3:5] == ["/us/usc/t96/s10", "/us/usc/t96/s10a"]


def test_footnotes_and_lists_of_the_second_version_are_read(title: list[Section | Rejected]) -> None:
    first = title[0]
    assert isinstance(first, Section)
    assert first.provision.body == ("Lights are—", "red;", "green.")
    assert first.footnotes == ("So in original.",)


def test_a_note_directly_under_a_section_is_a_note(title: list[Section | Rejected]) -> None:
    first = title[0]
    assert isinstance(first, Section)
    assert first.notes == (Note("", "See Rules", ("Rule 3.",)),)


@pytest.mark.parametrize("name", ["section.xml", "title.xml"])
def test_the_namespace_makes_no_difference(name: str) -> None:
    content = (DATA / name).read_bytes()
    old, new = b"http://xml.house.gov/schemas/uslm/1.0", b"http://schemas.gpo.gov/xml/uslm"
    assert read(content.replace(old, new)) == read(content.replace(new, old)) == read(content)


# --- broken files ----------------------------------------------------------------------------------------------------

SECTION = b'<section identifier="/us/usc/t1/s1"><content>a</content></section>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01",
        b"no markup",
        SECTION[:-5],
        '<section identifier="/us/usc/t1/s1">é</section>'.encode("latin-1"),
        b'<?xml version="1.0" encoding="no-such"?>' + SECTION,
        b'<!DOCTYPE section [<!ENTITY a "a">]>' + SECTION,
        b'<!DOCTYPE section [<!ENTITY % a SYSTEM "file:///a"> %a;]>' + SECTION,
        b"<section>" * 300 + b"</section>" * 300,
    ],
)
def test_a_broken_file_is_rejected_with_a_reason(content: bytes) -> None:
    (rejected,) = read(content)
    assert isinstance(rejected, Rejected)
    assert rejected.reason
    assert "\n" not in rejected.reason


def test_sections_before_a_fault_are_kept() -> None:
    first, second = read(b"<uscDoc>" + SECTION + b"<section></uscDoc>")
    assert isinstance(first, Section)
    assert isinstance(second, Rejected)


def test_levels_as_deep_as_the_parser_allows_are_read() -> None:
    depth = 250
    (found,) = read(b'<section identifier="/us/usc/t1/s1">' + b"<level>" * depth + b"</level>" * depth + b"</section>")
    assert isinstance(found, Section)
    assert len(list(below(found.provision))) == depth + 1


@pytest.mark.parametrize("filler", [b" ", b",", b"(a)", b'<ref href="/a"/> ', b'<ref class="footnoteRef"/> '])
def test_long_runs_of_nothing_take_no_long_time(filler: bytes) -> None:
    started = time.process_time()
    read(SECTION.replace(b"a</content>", filler * 100_000 + b"</content>"))
    assert time.process_time() - started < 10


WORD = st.text(alphabet="abcXYZ§—,.", min_size=1, max_size=6)
PIECE = st.one_of(
    WORD,
    st.sampled_from([" ", "\n", "\u202f", "  "]),
    WORD.map(lambda word: f'<ref href="/us/usc/t1/s1">{word}</ref>'),
    WORD.map(lambda word: f"<i> {word}</i>"),
    WORD.map(lambda word: f"<p>{word}</p>"),
    st.just('<ref class="footnoteRef">9</ref><note type="footnote"><num>9</num> QQQ</note>'),
)


@given(st.lists(PIECE, max_size=12))
def test_no_word_is_lost_joined_or_added(pieces: list[str]) -> None:
    found = one(f"<content>{''.join(pieces)}</content>")
    assert_clean(found)
    assert "Q" not in found.provision.own_text
    assert "9" not in found.provision.own_text
    plain = one(f"<content>{''.join(piece for piece in pieces if 'QQQ' not in piece)}</content>")
    assert "".join(found.provision.own_text.split()) == "".join(plain.provision.own_text.split())
    marked_up = sum("/us/usc/t1/s1" in piece for piece in pieces)
    assert len(found.provision.citations) == marked_up


@given(st.binary(max_size=200), st.text(max_size=50))
def test_nothing_is_ever_raised(noise: bytes, text: str) -> None:
    uslm.recognises(noise)
    read(noise)
    read(SECTION.replace(b">a<", b">" + noise + b"<"))
    read(f'<section identifier="{escape(text)}">{text}</section>'.encode(errors="replace"))


# --- the official files ----------------------------------------------------------------------------------------------


def official(folder: Path) -> Iterator[tuple[str, list[Section | Rejected]]]:
    for path in sorted(folder.glob("*.xml")):
        with path.open("rb") as stream:
            assert uslm.recognises(stream.read(8192)), path.name
            stream.seek(0)
            yield path.stem, list(uslm.read(stream))


@pytest.mark.corpus
@pytest.mark.parametrize("number", TITLES)
def test_every_official_section_is_read_cleanly(corpus: Path, number: str) -> None:
    count = 0
    for _name, (record,) in official(corpus / "uscode" / "119-100" / number):
        assert isinstance(record, Section), record
        count += 1
        assert record.title_number == number
        assert_clean(record)
        paths = Counter(provision.identifier for provision in below(record.provision))
        assert set(paths.values()) == {1}
        assert all(path.isascii() for path in paths)
        for provision in below(record.provision):
            assert all(child.identifier.startswith(f"{provision.identifier}/") for child in provision.children)
            assert provision.body or provision.status or record.notes
    assert count == TITLES[number]


def printed(provision: Provision) -> str:
    """The words of a provision and of all below it, in the order of the page."""
    parts = (part if isinstance(part, str) else printed(part) for part in provision.body)
    return "".join((provision.num, provision.heading, *parts))


def letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))


@pytest.mark.corpus
@pytest.mark.parametrize("number", ["17", "47"])
def test_no_official_word_is_lost_added_or_moved(corpus: Path, number: str) -> None:
    for name, (record,) in official(corpus / "uscode" / "119-100" / number):
        root = etree.parse(corpus / "uscode" / "119-100" / number / f"{name}.xml").getroot()
        for element in list(root.iter("{*}note", "{*}notes", "{*}sourceCredit")):
            element.clear(keep_tail=True)
        assert isinstance(record, Section)
        assert letters(printed(record.provision)) == letters("".join(root.itertext())), name


@pytest.mark.corpus
def test_section_230_is_read_as_printed(corpus: Path) -> None:
    with (corpus / "uscode" / "119-100" / "47" / "230.xml").open("rb") as stream:
        (record,) = uslm.read(stream)
    assert isinstance(record, Section)
    paths = by_path(record)
    root = "/us/usc/t47/s230"
    assert len(paths) == 36
    assert Counter(p.level for p in paths.values()) == {
        "section": 1,
        "subsection": 6,
        "paragraph": 21,
        "subparagraph": 8,
    }
    assert [child.num for child in paths[f"{root}/e"].children] == ["(1)", "(2)", "(3)", "(4)", "(5)"]
    assert paths[f"{root}/c/2/B"].own_text.endswith(" described in paragraph (1).")
    assert len(record.footnotes) == 1
    assert not any("So in original" in provision.own_text for provision in paths.values())
    assert [citation.target for citation in paths[f"{root}/e/5/C"].citations] == ["/us/usc/t18/s2421A"]
    assert [citation.target for citation in record.credit_citations] == [
        "/us/act/1934-06-19/ch652",
        "/us/pl/104/104/tV/s509",
        "/us/stat/110/137",
        "/us/pl/105/277/dC/tXIV/s1404/a",
        "/us/stat/112/2681-739",
        "/us/pl/115/164/s4/a",
        "/us/stat/132/1254",
    ]
    assert Counter(note.role for note in record.notes) == {"": 8, "crossHeading": 3}
    assert [note.heading for note in record.notes if note.topic == "miscellaneous"] == ["Savings", "Sense of Congress"]
    words = "\n".join(provision.own_text for provision in paths.values())
    assert hashlib.sha256(words.encode()).hexdigest()[:16] == "c3db4fce32ff2b7d"


@pytest.mark.corpus
def test_two_paragraphs_in_one_slot_are_told_apart(corpus: Path) -> None:
    with (corpus / "uscode" / "119-100" / "47" / "615b.xml").open("rb") as stream:
        (record,) = uslm.read(stream)
    assert isinstance(record, Section)
    paths = [path for path in by_path(record) if path.startswith("/us/usc/t47/s615b/8")]
    assert paths == ["/us/usc/t47/s615b/8", "/us/usc/t47/s615b/8;2"]


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "words"), [("1462", "section 230(e)(2) of the"), ("1465", "section 230(e)(2) of the")]
)
def test_an_untagged_footnote_mark_behind_the_stale_pointer_is_dropped(corpus: Path, name: str, words: str) -> None:
    with (corpus / "uscode" / "119-100" / "18" / f"{name}.xml").open("rb") as stream:
        (record,) = uslm.read(stream)
    assert isinstance(record, Section)
    assert any(words in provision.own_text for provision in below(record.provision))


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["922", "924", "925", "2511"])
def test_announced_amendments_of_title_18_are_notes(corpus: Path, name: str) -> None:
    with (corpus / "uscode" / "119-100" / "18" / f"{name}.xml").open("rb") as stream:
        (record,) = uslm.read(stream)
    assert isinstance(record, Section)
    assert "prospectiveAmendment" in {note.topic for note in record.notes}
    assert not any(provision.prospective for provision in below(record.provision))


@pytest.mark.corpus
def test_two_releases_differ_only_where_the_law_does(corpus: Path) -> None:
    old, new = (dict(official(corpus / "uscode" / release / "47")) for release in ("119-99", "119-100"))
    assert old.keys() == new.keys()
    assert {name for name in new if old[name] != new[name]} == {"901", "1201"}


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "count", "dead"),
    [
        ("doctorpangloss_2013_usc17", 140, {"repealed": 3, "renumbered": 1}),
        ("aih_uslm1_usc16_slice", 160, {"repealed": 112, "transferred": 8, "omitted": 2}),
        ("aih_uslm2_usc01", 39, {}),
    ],
)
def test_whole_titles_of_every_dialect_are_read(corpus: Path, name: str, count: int, dead: dict[str, int]) -> None:
    found = dict(official(corpus / "uscode" / "dialects"))[name]
    assert not [record for record in found if isinstance(record, Rejected)]
    records = [record for record in found if isinstance(record, Section)]
    assert len(records) == count
    assert Counter(record.provision.status for record in records if record.provision.status) == dead
    paths = Counter(provision.identifier for record in records for provision in below(record.provision))
    assert set(paths.values()) == {1}
    for record in records:
        assert_clean(record)
        assert record.breadcrumb[0].lower().startswith("title ")
        assert record.publication.startswith("Online")


@pytest.mark.corpus
def test_laws_and_compilations_are_not_the_code(corpus: Path) -> None:
    samples = list((corpus / "uslm" / "samples").glob("*.xml"))
    assert len(samples) > 10
    assert not [path.name for path in samples if uslm.recognises(path.read_bytes()[:8192])]
