"""The history of a section from its notes alone: the worked rows hold without any effect kept by hand."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph import citation, derivation, reconstruction, timeline, wording
from graph.records import Effect, Note, Provision, Section, Source
from graph.vocabulary import ELI, PROV, S230, ref
from ingest import build, enactments, mapper, noted, uslm

S = "/us/usc/t1/s1"
DATA = Path(__file__).parent.parent / "data" / "notes"
ROWS: list[dict[str, Any]] = yaml.safe_load((DATA.parent / "worked_rows.yaml").read_text("utf-8"))["at"]


def leaf(path: str, words: str) -> Provision:
    return Provision(S + path, S + path, "subsection", f"({path.rpartition('/')[2]})", "", (words,))


def section(
    credit: str, *amendments: str, body: tuple[str | Provision, ...], effective: tuple[str, ...] = ()
) -> Section:
    notes = (Note("amendments", "Amendments", amendments), Note("effectiveDateOfAmendment", "", effective))
    return Section(Provision(S, S, "section", "§ 1.", "Animals", body), "1", credit, (), notes)


CREDIT = "(Pub. L. 90–1, § 1, Jan. 2, 1970, 84 Stat. 1; Pub. L. 99–9, May 5, 1985, 99 Stat. 2.)"


def test_the_labels_that_a_law_left_and_found_are_told_apart_by_the_text() -> None:
    found = noted.history(
        section(
            CREDIT,
            "1985—Subsec. (a). Pub. L. 99–9, § 1, inserted “or hens” after “Cats”.",
            "Subsec. (b). Pub. L. 99–9, § 3, added subsec. (b).",
            "Subsec. (c). Pub. L. 99–9, § 2, redesignated subsec. (b) as (c).",
            body=(leaf("/a", "Cats or hens sleep."), leaf("/b", "Rats run."), leaf("/c", "Dogs bark.")),
        ),
        "2020-01-01",
        "2020-01-01",
    )
    assert found is not None
    assert {o.verdict for o in found.outcomes.values()} == {"confirmed"}
    then = timeline.translate(found.line, S + "/b", "1984-12-31")
    assert then.now and then.now.binding and then.now.binding.slot == S + "/c"
    assert timeline.standing(found.line, S + "/c", "1984-12-31").status == "not-yet-enacted"


def test_what_the_notes_do_not_give_is_outside_of_what_is_known() -> None:
    found = noted.history(
        section(
            CREDIT,
            "1985—Subsec. (a). Pub. L. 99–9 amended subsec. (a) generally.",
            body=(Provision(S + "/a", "", "subsection", "(a)", "", (leaf("/a/1", "Cats."),)), leaf("/b", "Dogs.")),
        ),
        "2020-01-01",
        "2020-01-01",
    )
    assert found is not None
    assert timeline.standing(found.line, S + "/a", "1975-01-01").status == "ok"
    assert timeline.standing(found.line, S + "/a/1", "1975-01-01").status == "outside-coverage"
    assert timeline.standing(found.line, S + "/a/1", "1985-05-05").status == "ok"


def test_a_sentence_that_was_not_understood_stops_the_words_of_what_its_head_names() -> None:
    whole = section(
        CREDIT,
        "1985—Subsec. (b). Pub. L. 99–9 pleased everybody.",
        body=(leaf("/a", "Cats."), leaf("/b", "Dogs.")),
    )
    found = noted.rebuilt(whole, "2020-01-01")
    assert found is not None
    a, b = found.first.children
    assert a.own_text == "Cats."
    assert b.status.startswith(derivation.MISSING)


def test_a_law_that_the_credit_names_and_no_note_tells_of_stops_the_words() -> None:
    credit = CREDIT.replace("Pub. L. 99–9", "Pub. L. 95–7, § 2, Mar. 4, 1980; Pub. L. 99–9")
    told = "1985—Pub. L. 99–9 struck out “lazy” after “See the”."
    found = noted.rebuilt(section(credit, told, body=("See the cat.",)), "2020-01-01")
    assert found is not None
    assert found.first.status.startswith(derivation.MISSING)
    assert [o.verdict for o in found.outcomes.values()] == ["confirmed", "untestable"]


@pytest.mark.parametrize(
    ("note", "day"),
    [
        ("Amendment by Pub. L. 99–9 effective 30 days after May 5, 1985, see section 4.", "1985-06-04"),
        ("Amendment by Pub. L. 99–9 effective Jan. 1, 1986, see section 4.", "1986-01-01"),
        ("Pub. L. 99–9, § 4, May 5, 1985, provided that: “This Act shall take effect 2 months after the date of the "
         "enactment of this Act [May 5, 1985].”", "1985-07-05"),
        ("Pub. L. 99–9, § 4, May 5, 1985, provided that: “This Act shall apply to all cats.”", "1985-05-05"),
        ("Pub. L. 99–9, § 4(b), May 5, 1985, provided that: “Subsection (a) shall take effect 2 months after the date "
         "of the enactment of this Act [May 5, 1985].”", "1985-05-05"),
        ("Amendment by Pub. L. 99–9 effective as if included in Pub. L. 90–1.", "1985-05-05"),
        ("Amendment by Pub. L. 95–7 effective Jan. 1, 1999.", "1985-05-05"),
    ],
)  # fmt: skip
def test_the_first_day_is_the_one_that_the_notes_tell(note: str, day: str) -> None:
    whole = section(
        CREDIT, "1985—Pub. L. 99–9, § 7, struck out “lazy” after “See the”.", body=("See the cat.",), effective=(note,)
    )
    (effect,) = noted.effects(whole)
    assert effect.effective == day


def test_a_source_credit_gives_laws_their_sections_and_days() -> None:
    credit = "(June 19, 1934, ch. 652, title I, § 3; Pub. L. 95–7, div. A, title II, § 2(a), (b), Mar. 4, 1980.)"
    assert [(e.path, e.day) for e in enactments.credited(credit)] == [
        ("/us/act/1934-06-19/ch652/tI/s3", "1934-06-19"),
        ("/us/pl/95/7/dA/tII/s2/a", "1980-03-04"),
        ("/us/pl/95/7/dA/tII/s2/b", "1980-03-04"),
    ]


def test_the_graph_has_the_effects_with_their_note_and_what_the_text_says() -> None:
    whole = section(CREDIT, "1985—Pub. L. 99–9, § 7, struck out “lazy” after “See the”.", body=("See the cat.",))
    source = Source("us-code", S, "2020-01-01", "2020-01-01")
    facts = {line for _, _, line in build.map_record(whole, source, mapper.Setting("2020-01-01"))}
    effect = ref("/effect/t1-s1-pl-99-9-1")
    former, provision = ref(f"{S}@1970-01-02"), ref(f"/provision{S}@1970-01-02")
    assert {
        f'{effect} {S230.textVerdict} "confirmed"',
        f"{effect} {PROV.wasDerivedFrom} {ref(f'{S}@1985-05-05/note/1')}",
        f"{ref('/us/pl/99/9')} {ELI.amends} {provision}",
        f"{former} {S230.endedBy} {effect}",
        f'{ref(f"{S}@1970-01-02/en")} {S230.text} "See the lazy cat."',
    } <= facts


@pytest.mark.parametrize(("day", "differs"), [("1985-05-05", False), ("1985-06-04", True)])
def test_a_day_that_the_notes_tell_otherwise_is_a_side_of_a_conflict(day: str, differs: bool) -> None:
    whole = section(CREDIT, "1985—Pub. L. 99–9, § 7, struck out “lazy” after “See the”.", body=("See the cat.",))
    dated = Note("effectiveDateOfAmendment", "", ("Amendment by Pub. L. 99–9 effective May 5, 1985, see section 9.",))
    whole = whole._replace(notes=(*whole.notes, dated))
    (told,) = [e for e in noted.effects(whole) if e.kind == "striking"]
    kept = told._replace(id="kept", effective=day)
    line = timeline.timeline(S, [told._replace(id="first", kind="addition", target=S), kept], "2020-01-01")
    source = Source("us-code", S, "2020-01-01", "2020-01-01")
    facts = build.map_record(whole, source, mapper.Setting("2020-01-01", timelines={S: line}))
    said = [line for thing, _, line in facts if thing == "/effect/kept"]
    other = f'{ref("/effect/kept")} {S230.effective} "1985-05-05"^^<http://www.w3.org/2001/XMLSchema#date>'
    assert said == ([other] if differs else [])


# --- the Code --------------------------------------------------------------------------------------------------------


@lru_cache
def of_file(path: Path) -> noted.Noted | None:
    with path.open("rb") as stream:
        found = next(s for s in uslm.read(stream) if isinstance(s, Section))
    return noted.history(found, "2026-06-26", "2026-06-26")


@pytest.mark.corpus
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['cite']} {row['day']}")
def test_the_worked_rows_hold_by_the_notes_alone(corpus: Path, row: dict[str, Any]) -> None:
    mention = citation.parse(row["cite"])
    assert mention
    title, number, _ = citation.split(mention.path)
    file = corpus / "uscode" / "119-100" / title / f"{number}.xml"
    if not file.exists():
        pytest.skip(f"section {number} of title {title} is not in the corpus")
    found = of_file(file)
    assert found
    standing = timeline.standing(found.line, mention.path, row["day"])
    assert standing.status == row["status"]
    if row.get("provision"):
        assert standing.binding and standing.binding.provision == f"/provision/us/usc/{row['provision']}"
    if row.get("today") and row["status"] == "ok":
        now = timeline.translate(found.line, mention.path, row["day"]).now
        assert now and now.binding and citation.label(now.binding.slot) == row["today"]


@pytest.mark.corpus
def test_section_230_is_derived_whole_from_its_notes(corpus: Path) -> None:
    path = corpus / "uscode" / "119-100" / "47" / "230.xml"
    with path.open("rb") as stream:
        (record,) = (s for s in uslm.read(stream) if isinstance(s, Section))
    found = of_file(path)
    assert found
    known = list(derivation.former(record.provision, "2026-06-26", found.line.versions, found.line.effects.values()))
    assert all(words.provision for words in known)
    then = next(w.provision for w in known if w.version.path == "/us/usc/t47/s230/d/1@1996-02-08")
    assert then and "or 231" not in wording.words(then)


def _moved(effect: Effect) -> bool:
    return bool(effect.moves)


@pytest.mark.corpus
@pytest.mark.parametrize(("title", "number"), [("18", "1591"), ("47", "223"), ("47", "230")])
def test_what_moved_agrees_with_the_effects_kept_by_hand(corpus: Path, title: str, number: str) -> None:
    facts = Path(__file__).parent.parent.parent / "data" / "facts" / "effects.yaml"
    by_hand = yaml.safe_load(facts.read_text("utf-8"))["effects"]
    slot = f"/us/usc/t{title}/s{number}"
    kept = {(e["effective"], a, b) for e in by_hand for a, b in e.get("moves", ()) if a.startswith(slot + "/")}
    found = of_file(corpus / "uscode" / "119-100" / title / f"{number}.xml")
    assert found
    told = {(e.effective, a, b) for e in found.line.effects.values() if _moved(e) for a, b in e.moves}
    known = {move for move in kept if move[0] >= "1996-01-01"}
    assert known <= told


@pytest.mark.corpus
def test_the_words_derived_for_2013_are_those_that_the_code_had_then(corpus: Path) -> None:
    """Title 17 as published in July 2013, which prints some words that stand behind parts as those of the last part."""
    with (corpus / "uscode" / "dialects" / "doctorpangloss_2013_usc17.xml").open("rb") as stream:
        published = {s.provision.identifier: s.provision for s in uslm.read(stream) if isinstance(s, Section)}
    wrong, right = [], 0
    for path in sorted((corpus / "uscode" / "119-100" / "17").glob("*.xml")):
        with path.open("rb") as stream:
            now = next(s for s in uslm.read(stream) if isinstance(s, Section))
        if now.provision.identifier not in published:
            continue
        then = _standing_on(now, "2013-07-25")
        if then is None:
            continue
        before = published[now.provision.identifier]
        printed = {
            (p.identifier, _words(p)) for p in (*wording.walk(before), *wording.walk(derivation.standing(before)))
        }
        for provision in wording.walk(then):
            if not _is_known(provision):
                continue
            same = (provision.identifier, _words(provision)) in printed
            right += same
            wrong += [] if same else [provision.identifier.removeprefix("/us/usc/t17/s")]
    assert set(wrong) <= set((DATA / "printed_otherwise.txt").read_text("utf-8").split())
    assert right > 2000


def _standing_on(now: Section, day: str) -> Provision | None:
    found = noted.rebuilt(now, "2026-06-26")
    assert found is not None
    first = found.effects[0]
    if first.enacted > day:
        return None
    later = [e for e in found.effects[1:] if (e.effective or "") > day]
    return reconstruction.reconstruct(now.provision, "2026-06-26", later, first.agent, first.enacted).first


def _is_known(provision: Provision) -> bool:
    marks = (derivation.MISSING, derivation.UNHEADED)
    return not any(mark in p.status for p in wording.walk(provision) for mark in marks)


def _words(provision: Provision) -> str:
    """The words without white space, which the two editions set otherwise."""
    return "".join(wording.words(provision).split())
