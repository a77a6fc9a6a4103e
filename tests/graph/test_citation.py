"""Citations: rows of (text, expected) in tests/data/citations, and what must hold for any text."""

from __future__ import annotations

import time
from pathlib import Path as File
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph import citation
from graph.citation import Context, Mention, bluebook, csl, find, join, label, markdown, parse, plain, split

ROWS = File(__file__).parent.parent / "data" / "citations"


def rows(name: str) -> Any:
    return yaml.safe_load((ROWS / f"{name}.yaml").read_text(encoding="utf-8"))


def items(name: str) -> list[tuple[str, Any]]:
    return list(rows(name).items())


def paths(mention: Mention) -> str | list[str]:
    return list(mention.choices) if mention.choices else mention.path


# --- rows ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), items("one"))
def test_one_citation_is_the_whole_text(text: str, expected: str | list[str]) -> None:
    mention = parse(text)
    assert mention is not None
    assert paths(mention) == expected


@pytest.mark.parametrize(("text", "expected"), items("one"))
def test_a_citation_is_found_inside_a_sentence(text: str, expected: str | list[str]) -> None:
    if text == "230":
        assert find("See 230.") == []
        return
    sentence = f"See {text}; then go on."
    found = find(sentence)
    assert found
    assert paths(found[0]) == expected
    assert sentence[found[0].start : found[0].end] == found[0].text


@pytest.mark.parametrize(("text", "expected"), items("several"))
def test_each_thing_named_is_a_mention(text: str, expected: dict[str, str]) -> None:
    found = [(mention.text, mention.path) for mention in find(text)]
    assert list(dict(found).items()) == list(expected.items())


@pytest.mark.parametrize("row", rows("context"), ids=lambda row: f"{row['context']} {row['text']}")
def test_relative_citations_resolve_in_their_context(row: dict[str, Any]) -> None:
    found = [(mention.text, paths(mention)) for mention in find(row["text"], Context(**row["context"]))]
    assert found == list(row["found"].items())


@pytest.mark.parametrize("text", rows("nothing"))
def test_prose_and_the_law_of_others_are_not_cited(text: str) -> None:
    assert find(text) == []
    assert parse(text) is None


@pytest.mark.parametrize(("text", "expected"), items("cases"))
def test_reporter_citations_are_normalised(text: str, expected: dict[str, str]) -> None:
    pytest.importorskip("eyecite", reason="eyecite recognises law reports")
    found = find(text)
    assert [(mention.text, mention.note) for mention in found] == list(expected.items())
    assert {mention.kind for mention in found} == {"case"}
    if len(found) == 1:
        assert parse(text) == found[0]


@pytest.mark.parametrize(("path", "forms"), items("labels"))
def test_a_path_is_written_in_each_form(path: str, forms: list[str]) -> None:
    assert [label(path), bluebook(path), plain(path)] == forms


@pytest.mark.parametrize(("path", "forms"), items("labels"))
def test_what_is_written_is_read_again(path: str, forms: list[str]) -> None:
    for form in forms:
        mention = parse(form)
        if form.startswith("section 1733"):
            continue  # an Act enacted by reference has no form in words that is in use
        assert mention is not None, form
        assert mention.path == path


def test_there_are_rows_enough() -> None:
    assert sum(len(rows(name)) for name in ("one", "several", "context", "nothing", "cases", "labels")) >= 150


# --- single behaviours -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "through"),
    [
        ("18 U.S.C. §§ 1591–1595", "/us/usc/t18/s1595"),
        ("18 U.S.C. §§ 1591-95", "/us/usc/t18/s1595"),
        ("sections 1591(e)(3) through (5) of title 18", "/us/usc/t18/s1591/e/5"),
        ("47 U.S.C. § 230(c)(1)-(2)", "/us/usc/t47/s230/c/2"),
        ("47 U.S.C. §§ 223 and 231", ""),
        ("132 Stat. 1253–1255", "/us/stat/132/1255"),
    ],
)
def test_a_range_says_where_it_ends(text: str, through: str) -> None:
    assert find(text)[0].through == through


@pytest.mark.parametrize("text", ["18 U.S.C. §§ 1591–1595", "18 U.S.C. §§ 1591 and 1595", "see 47 U.S.C. 230", "", "."])
def test_several_things_or_other_words_are_not_one_citation(text: str) -> None:
    assert parse(text) is None


def test_marks_around_a_citation_do_not_matter() -> None:
    mention = parse("  “47 U.S.C. § 230 (2018)”. ")
    assert mention is not None
    assert (mention.text, mention.start, mention.end) == ("47 U.S.C. § 230", 3, 18)


def test_the_kind_goes_with_the_thing() -> None:
    text = (
        "47 U.S.C. 230; Pub. L. 115-164; 132 Stat. 1253; June 19, 1934, ch. 652; S. 1693 (115th); E.O. 13925; "
        "/us/usc/t47/s230"
    )
    assert [mention.kind for mention in find(text)] == ["usc", "law", "stat", "act", "bill", "order", "iri"]


def test_the_day_of_an_identifier_stands_apart_from_its_path() -> None:
    found = find("(https://w3id.org/section230/us/usc/t47/s230/e/2@1996-02-08).")
    assert [(mention.path, mention.day) for mention in found] == [("/us/usc/t47/s230/e/2", "1996-02-08")]


def test_the_popular_misnomer_notes_the_formal_name() -> None:
    mention = parse("Section 230 of the Communications Decency Act")
    assert mention is not None
    assert mention.note.startswith("formally section 230 of the Communications Act of 1934")


@pytest.mark.parametrize(
    ("text", "note"),
    [("47 U.S.C. 230 note", "note"), ("47 U.S.C. 201 et seq.", "et seq."), ("H.R. 1865", "no Congress named")],
)
def test_notes_say_what_the_path_does_not(text: str, note: str) -> None:
    mention = parse(text)
    assert mention is not None
    assert mention.note == note


def test_a_name_of_several_bills_has_choices_and_the_congress_narrows_them() -> None:
    mention = parse("EARN IT Act")
    assert mention is not None
    assert mention.path == ""
    assert len(mention.choices) == 6
    narrowed = parse("EARN IT Act", Context(congress=117))
    assert narrowed is not None
    assert narrowed.choices == ("/us/bill/117/hr/6544", "/us/bill/117/s/3538")


def test_a_section_of_an_ambiguous_bill_is_ambiguous_too() -> None:
    mention = parse("section 5 of the EARN IT Act of 2022")
    assert mention is not None
    assert mention.choices == ("/us/bill/117/hr/6544/s5", "/us/bill/117/s/3538/s5")


@pytest.mark.parametrize(
    ("text", "context", "path"),
    [
        ("223(h)", Context(title="47"), "/us/usc/t47/s223/h"),
        ("section 223(h)", Context(title="47"), "/us/usc/t47/s223/h"),
        ("(c)(1)", Context(title="47", section="230"), "/us/usc/t47/s230/c/1"),
        ("1591(c)(2)", Context(title="18"), "/us/usc/t18/s1591/c/2"),
    ],
)
def test_a_designation_alone_is_a_citation_where_nothing_else_is_said(text: str, context: Context, path: str) -> None:
    mention = parse(text, context)
    assert mention is not None
    assert mention.path == path


def test_offsets_count_code_points() -> None:
    text = "🙂 né — “§ 230(c)(1)” or 47 U.S.C. § 227b–2"
    for mention in find(text):
        assert text[mention.start : mention.end] == mention.text
    assert [mention.start for mention in find(text)] == [8, 24]


def test_split_and_join_are_inverse_and_refuse_other_paths() -> None:
    path = "/us/usc/t47/s230/e/5/A"
    assert join(*split(path)) == path
    with pytest.raises(ValueError, match=r"no section of the U\.S\. Code"):
        split("/us/pl/115/164")


@pytest.mark.parametrize(
    "path", ["/us/person/W000812", "/us/usc/t47", "/us/usc/t47/x", "/provision/us/usc/t47/s230@x", ""]
)
def test_a_path_without_a_citation_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="no citation names this path"):
        label(path)


def test_a_markdown_link_survives_parentheses_and_brackets() -> None:
    assert markdown("/us/usc/t47/s230/c", "/a(b) c") == "[47 U.S.C. § 230(c)](/a%28b%29%20c)"
    assert markdown("/us/pl/106/554/s1/a/4/dB", "/x") == r"[Pub. L. 106-554, § 1(a)(4) \[div. B\]](/x)"


def test_csl_names_the_type_and_the_fields_of_each_kind() -> None:
    law = csl("/us/pl/115/164/s4/a", title="FOSTA", url="https://example.org/", issued="2018-04-11")
    assert law == {
        "id": "/us/pl/115/164/s4/a",
        "type": "legislation",
        "title": "FOSTA",
        "number": "Pub. L. No. 115-164",
        "section": "4(a)",
        "URL": "https://example.org/",
        "issued": {"date-parts": [[2018, 4, 11]]},
    }
    bill = csl("/us/bill/115/hr/1865", issued="2017")
    assert (bill["type"], bill["number"], bill["authority"]) == ("bill", "H.R. 1865", "115th Congress")
    assert bill["issued"] == {"date-parts": [[2017]]}
    assert csl("/us/stat/132/1253")["page"] == "1253"


# --- popular names ---------------------------------------------------------------------------------------------------

NAMED = [
    (spelling, entry, kind)
    for kind, part in yaml.safe_load(citation.NAMES.read_text(encoding="utf-8")).items()
    for entry in part["names"]
    for spelling in entry["names"]
]


@pytest.mark.parametrize(("spelling", "entry", "kind"), NAMED, ids=[spelling for spelling, _, _ in NAMED])
def test_every_popular_name_is_read(spelling: str, entry: dict[str, Any], kind: str) -> None:
    year = f" of {entry['year']}" if "year" in entry and " " in spelling else ""
    mention = parse(spelling + year)
    assert mention is not None, f"data/facts/popular_names.yaml: {spelling!r} in {kind} is not read as a citation"
    assert list(mention.choices or (mention.path,)) == entry["paths"]


def test_an_act_that_the_code_renumbered_leads_to_the_code() -> None:
    for act, code in (("1", "151"), ("4", "154"), ("227", "227"), ("631", "551"), ("705", "605"), ("399B", "399b")):
        mention = parse(f"section {act} of the Communications Act of 1934")
        assert mention is not None
        assert mention.path == f"/us/usc/t47/s{code}"


# --- any text --------------------------------------------------------------------------------------------------------

FRAGMENTS = (ROWS / "fragments.txt").read_text(encoding="utf-8").split()
ANY_TEXT = st.one_of(
    st.text(),
    st.lists(st.sampled_from(FRAGMENTS), max_size=40).map(" ".join),
    st.lists(st.sampled_from(FRAGMENTS)).map("".join),
)
CONTEXTS = st.sampled_from([Context(), Context(title="47"), Context(path="/us/usc/t47/s230/c/2/B", congress=115)])


@settings(deadline=None, max_examples=400)
@example("2019 WI 2020 WI 47", Context())
@given(ANY_TEXT, CONTEXTS)
def test_any_text_is_read_and_every_mention_stands_where_it_says(text: str, context: Context) -> None:
    found = find(text, context)
    end = 0
    for mention in found:
        assert text[mention.start : mention.end] == mention.text != ""
        assert mention.start >= end
        assert not (mention.path and mention.choices)
        end = mention.end
    one = parse(text, context)
    assert one is None or text[one.start : one.end] == one.text


LOWER = st.sampled_from("abcdefghjk")
SECTIONS = st.one_of(
    st.integers(1, 99999).map(str),
    st.builds("{}{}".format, st.integers(1, 9999), st.sampled_from(["A", "B", "a", "b", "aa", "bb", "l"])),
    st.builds("{}{}-{}".format, st.integers(100, 9999), st.sampled_from(["a", "b", "gg"]), st.integers(1, 99)),
)
DEEP = st.tuples(
    LOWER,
    st.integers(1, 99).map(str),
    st.sampled_from("ABCDEFG"),
    st.sampled_from(["i", "ii", "iv", "xii"]),
    st.sampled_from(["I", "II", "XIV"]),
    st.sampled_from(["aa", "bb"]),
)
LEVELS = st.builds(lambda levels, depth: levels[:depth], DEEP, st.integers(0, 6))
INNER = st.builds(lambda section, levels: "/".join((f"/s{section}", *levels)), SECTIONS, LEVELS)
PARTS = st.sampled_from(["", "/dC", "/tXIV", "/dC/tXIV", "/dFF/tI/stA", "/tIX/stB"])
PATHS = st.one_of(
    st.builds(join, st.integers(1, 54).map(str), SECTIONS, LEVELS),
    st.builds(
        "/us/{}/{}/{}{}{}".format,
        st.sampled_from(["pl", "pvtl"]),
        st.integers(1, 150),
        st.integers(1, 999),
        PARTS,
        st.one_of(st.just(""), INNER),
    ),
    st.builds("/us/stat/{}/{}".format, st.integers(1, 150), st.integers(1, 9999)),
    st.builds(
        "/us/act/{}{}".format,
        st.dates().filter(lambda day: day.year >= 1789),
        st.sampled_from(["", "/ch1", "/ch652/s230/a"]),
    ),
    st.builds(
        "/us/bill/{}/{}/{}{}".format,
        st.integers(1, 150),
        st.sampled_from(["hr", "s", "hjres", "sjres", "hconres", "sconres", "hres", "sres"]),
        st.integers(1, 99999),
        st.one_of(st.just(""), INNER),
    ),
    st.integers(1000, 99999).map("/us/eo/{}".format),
)


@settings(deadline=None, max_examples=400)
@given(PATHS)
def test_reading_a_label_gives_the_path_back(path: str) -> None:
    for write in (label, bluebook, plain):
        mention = parse(write(path))
        assert mention is not None, write(path)
        assert mention.path == path, write(path)
        assert write(mention.path) == write(path)


def seconds(text: str) -> float:
    start = time.process_time()
    find(text)
    return time.process_time() - start


@pytest.mark.parametrize("unit", rows("hostile"))
def test_hostile_text_takes_time_in_proportion(unit: str) -> None:
    find("129 F.3d 327")
    small, large = (seconds(unit * (size // len(unit))) for size in (20_000, 160_000))
    # Eight times the text; a quadratic reader would take 64 times as long.
    assert large < max(24 * small, 1)


def test_a_designation_has_an_end() -> None:
    assert find("18 U.S.C. § 9" + "-1" * 40) == []
    assert seconds("§ 9" + "-1" * 80_000) < 1


# --- the official files ----------------------------------------------------------------------------------------------


def section_text(corpus: File, name: str) -> str:
    from ingest.xml import parse as parse_xml
    from ingest.xml import words

    with (corpus / "uscode" / "119-100" / f"{name}.xml").open("rb") as file:
        root = parse_xml(file)
    return words(next(root.iter("{*}section")))


@pytest.mark.corpus
def test_the_untagged_citations_of_section_230_are_read(corpus: File) -> None:
    text = section_text(corpus, "47/230")
    found = {mention.path for mention in find(text, Context(title="47", section="230"))}
    assert {
        "/us/usc/t47/s223",
        "/us/usc/t47/s231",
        "/us/usc/t18/ch71",
        "/us/usc/t18/ch110",
        "/us/usc/t18/s1591",
        "/us/usc/t18/s1595",
        "/us/usc/t18/s2421A",
        "/us/usc/t47/s230/c/2/A",
        "/us/pl/99/508",
        "/us/pl/104/104/tV/s509",
        "/us/pl/105/277/dC/tXIV/s1404/a",
        "/us/pl/115/164/s4/a",
        "/us/stat/112/2681-739",
    } <= found


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["18/1462", "18/1465"])
def test_the_stale_pointers_of_title_18_are_read_as_they_stand(corpus: File, name: str) -> None:
    text = section_text(corpus, name)
    assert "/us/usc/t47/s230/e/2" in {mention.path for mention in find(text, Context(title="18"))}


@pytest.mark.corpus
def test_section_223_points_at_the_definition_where_it_stands_today(corpus: File) -> None:
    found = {mention.path for mention in find(section_text(corpus, "47/223"), Context(title="47", section="223"))}
    assert "/us/usc/t47/s230/f/2" in found


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["47/231", "47/941", "17/1401", "18/2421A", "18/2257", "28/4102"])
def test_every_section_known_to_point_into_section_230_does(corpus: File, name: str) -> None:
    title, _, number = name.partition("/")
    found = find(section_text(corpus, name), Context(title=title, section=number))
    assert any(mention.path.startswith("/us/usc/t47/s230") for mention in found)


@pytest.mark.corpus
def test_what_the_publisher_tagged_is_read_in_the_same_way(corpus: File) -> None:
    """The words of each `ref` of title 47 lead where its `href` leads, or to a finer place below it."""
    from ingest.xml import parse as parse_xml
    from ingest.xml import words

    right = wrong = 0
    for file in sorted((corpus / "uscode" / "119-100" / "47").glob("2*.xml")):
        with file.open("rb") as stream:
            root = parse_xml(stream)
        for ref in root.iter("{*}ref"):
            target = (ref.get("href") or "").replace("–", "-")
            if not target.startswith(("/us/usc/", "/us/pl/", "/us/stat/", "/us/act/")):
                continue
            found = find(words(ref), Context(title="47", section="1"))
            agrees = any(f"{mention.path}/".startswith(f"{target}/") for mention in found)
            right, wrong = right + agrees, wrong + (not agrees)
    assert right > 1000
    assert wrong <= right * 0.01
