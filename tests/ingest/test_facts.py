"""The curated facts: what the reader refuses, and what stands in the real files."""

from __future__ import annotations

import csv
import hashlib
import re
import time
from collections import Counter
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import ROOT
from graph.records import CONFIDENCES, Actor, BillFacts, Case, Document, Effect, FactSource, Law, ProvisionFacts
from ingest import facts
from ingest.facts import FactsError, Problem, read

R = TypeVar("R")

SOURCES = """
sources:
  - {id: gazette-1, title: First gazette, kind: web-page}
  - {id: gazette-2, title: Second gazette, kind: web-page}
  - {id: memory, title: Memory, kind: memory}
"""
CASE = """
cases:
  - id: /case/{slug}
    name: Doe v. Roe
    court: Somewhere
    court_id: nowhere
    jurisdiction: federal
    day: {day}
    citation: 1 X.2d 3
    numbering: '1998'
    outcome: {outcome}
    holding: Held for a test
    evidence:
      - {{sources: [{source}], confidence: {confidence}{more}}}
"""


def case(
    slug: str = "doe-v-roe",
    day: str = "2001-02-03",
    outcome: str = "mixed",
    source: str = "gazette-1",
    confidence: str = "one-source",
    more: str = "",
) -> str:
    return CASE.format(slug=slug, day=day, outcome=outcome, source=source, confidence=confidence, more=more)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    return tmp_path


def refused(folder: Path, text: str, name: str = "cases") -> list[Problem]:
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FactsError) as caught:
        read(folder)
    return caught.value.problems


def of(kind: type[R]) -> list[R]:
    return [record for record in CURATED if isinstance(record, kind)]


CURATED = tuple(read())


# --- what is refused -------------------------------------------------------------------------------------------------


def test_a_day_is_read_as_a_string_with_and_without_quotes(folder: Path) -> None:
    for day in ("2001-02-03", "'2001-02-03'"):
        (folder / "cases.yaml").write_text(case(day=day), encoding="utf-8")
        (decision,) = (record for record in read(folder) if isinstance(record, Case))
        assert decision.day == "2001-02-03"


def test_a_word_that_the_schema_does_not_know_is_named_with_its_mend(folder: Path) -> None:
    (problem,) = refused(folder, case(outcome="immunity-grantd"))
    assert problem == Problem(
        "cases.yaml", "/case/doe-v-roe", "outcome", "'immunity-grantd' is not known", "immunity-granted"
    )
    assert str(problem).endswith("did you mean 'immunity-granted'?")


def test_a_field_that_does_not_exist_is_named_with_its_mend(folder: Path) -> None:
    (problem,) = refused(folder, case().replace("court_id", "courtid"))[:1]
    assert (problem.record, problem.mend) == ("/case/doe-v-roe", "court_id")


def test_an_unknown_source_is_named_with_its_mend(folder: Path) -> None:
    (problem,) = refused(folder, case(source="gazete-1"))
    assert (problem.file, problem.record) == ("cases.yaml", "/case/doe-v-roe")
    assert (problem.field, problem.mend) == ("evidence.0.sources.0", "gazette-1")


@pytest.mark.parametrize("day", ["2001-02-29", "2001-04-31"])
def test_a_day_that_does_not_exist_is_refused(folder: Path, day: str) -> None:
    (problem,) = refused(folder, case(day=day))
    assert (problem.field, problem.what) == ("day", f"{day} is not a day of the calendar")


def test_a_day_that_does_not_look_like_one_is_refused(folder: Path) -> None:
    (problem,) = refused(folder, case(day="03/02/2001"))
    assert problem.field == "day"
    assert "03/02/2001" in problem.what


def test_an_id_that_stands_twice_is_refused(folder: Path) -> None:
    (problem,) = refused(folder, case() + case().replace("\ncases:", ""))
    assert (problem.record, problem.field) == ("/case/doe-v-roe", "id")
    assert "2 times" in problem.what


def test_a_path_without_a_record_is_named_with_its_mend(folder: Path) -> None:
    history = "    history:\n      - {court_id: nowhere, what: affirmed, case: /case/doe-v-rod}\n"
    (problem,) = refused(folder, case() + history)
    assert (problem.field, problem.mend) == ("history.0.case", "/case/doe-v-roe")


def test_a_slot_that_section_230_never_had_is_refused(folder: Path) -> None:
    (problem,) = refused(folder, case() + "    provisions: [/us/usc/t47/s230/z]\n")
    assert (problem.field, problem.what) == ("provisions.0", "section 230 has no slot '/us/usc/t47/s230/z'")


def test_evidence_for_a_field_that_the_record_lacks_is_refused(folder: Path) -> None:
    extra = "      - {sources: [gazette-2], confidence: one-source, fields: [citatoin]}\n"
    (problem,) = refused(folder, case() + extra)
    assert (problem.field, problem.mend) == ("evidence.1.fields", "citation")


@pytest.mark.parametrize(
    ("confidence", "source", "more"),
    [
        ("certain", "gazette-1", ""),
        ("two-sources", "gazette-1", ""),
        ("memory", "gazette-1", ""),
        ("official", "memory", ""),
        ("one-source", "gazette-1", ", fields: [day]"),
    ],
    ids=[
        "an unknown confidence",
        "two sources that are one",
        "memory with a document",
        "a document that is memory",
        "no entry for the other fields",
    ],
)
def test_evidence_that_does_not_add_up_is_refused(folder: Path, confidence: str, source: str, more: str) -> None:
    problems = refused(folder, case(confidence=confidence, source=source, more=more))
    assert {problem.record for problem in problems} == {"/case/doe-v-roe"}
    assert all(problem.field.startswith("evidence") for problem in problems)


def test_every_breach_is_listed_at_once(folder: Path) -> None:
    problems = refused(folder, case(day="2001-02-30", outcome="moot", source="gazette-9"))
    assert {problem.field for problem in problems} == {"day", "outcome", "evidence.0.sources.0"}


@pytest.mark.parametrize("text", ["cases: [", "- a\n- b\n", "case: []\n", "cases: [1]\n", "\x00", ""])
def test_a_file_that_is_no_list_of_records_gives_one_line(folder: Path, text: str) -> None:
    (problem,) = refused(folder, text)
    assert problem.file == "cases.yaml"
    assert "\n" not in str(problem)


@given(
    st.recursive(st.none() | st.text(max_size=4) | st.integers(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))
)
def test_strings_are_found_wherever_they_stand(value: object) -> None:
    def reached(part: object, keys: tuple[str | int, ...]) -> object:
        for key in keys:
            part = part[key]  # type: ignore[index]
        return part

    for place in facts._places(value, ()):
        assert reached(value, place.keys) == place.value


# --- what stands in the real files -----------------------------------------------------------------------------------


def test_the_files_are_read_in_under_a_second_and_a_half() -> None:
    start = time.process_time()
    list(read())
    assert time.process_time() - start < 1.5


def test_every_file_has_records() -> None:
    counts = Counter(type(record).__name__ for record in CURATED)
    assert counts["Law"] == 46
    assert counts["ProvisionFacts"] == 36
    assert counts["Case"] == 75
    assert counts["BillFacts"] == 212
    assert counts["Document"] == 6
    assert counts["Actor"] >= 50
    assert counts["Effect"] > 100


def test_every_record_has_evidence_of_a_known_confidence() -> None:
    for record in CURATED:
        if isinstance(record, FactSource):
            continue
        assert record.evidence
        assert {entry.confidence for entry in record.evidence} <= set(CONFIDENCES)


def test_every_source_is_used() -> None:
    used = {source for text in (ROOT / "facts").glob("*.yaml") for source in text.read_text(encoding="utf-8").split()}
    words = {word.strip("[],{}") for word in used}
    assert {source.id for source in of(FactSource)} <= words


def test_official_documents_have_official_addresses() -> None:
    hosts = {
        "us-code": "https://uscode.house.gov/",
        "billstatus": "https://www.govinfo.gov/",
        "data-json": "https://www.congress.gov/",
        "congress-api": "https://www.congress.gov/",
        "bill-text": "https://www.congress.gov/",
    }
    for source in of(FactSource):
        assert source.address.startswith(hosts.get(source.kind, ""))


def test_fifty_rows_of_law_became_sections_of_their_laws() -> None:
    laws = of(Law)
    assert sum(len(law.sections) for law in laws) == 79
    assert all(section.path.startswith(law.path) for law in laws for section in law.sections)


def test_only_three_laws_changed_the_words_of_section_230() -> None:
    classes = ("creates-230", "amends-230")
    changed = {law.path for law in of(Law) for section in law.sections if section.relation_class in classes}
    assert changed == {"/us/pl/104/104", "/us/pl/105/277", "/us/pl/115/164"}


def test_fosta_keeps_its_votes_and_what_is_set_out_as_notes() -> None:
    (fosta,) = (law for law in of(Law) if law.path == "/us/pl/115/164")
    assert [
        (vote.roll, vote.yea, vote.nay, vote.session) for vote in fosta.votes if vote.question.startswith("passage")
    ]
    assert (388, 25) in {(vote.yea, vote.nay) for vote in fosta.votes}
    assert (97, 2) in {(vote.yea, vote.nay) for vote in fosta.votes}
    noted = {section.path for section in fosta.sections if section.set_out_under == "/us/usc/t47/s230"}
    assert noted == {"/us/pl/115/164/s2", "/us/pl/115/164/s4/b", "/us/pl/115/164/s7"}


def test_a_vote_of_1995_belongs_to_the_104th_congress() -> None:
    votes = {(vote.year, vote.roll): vote for law in of(Law) for vote in law.votes}
    assert (votes["1995", 631].congress, votes["1995", 631].session, votes["1995", 631].bill) == (
        104,
        "1",
        (104, "hr", 1555),
    )
    assert (votes["1996", 25].congress, votes["1996", 25].session) == (104, "2")


def test_the_criminal_law_exemption_was_summed_up_without_copa_before_1998_11_20() -> None:
    (criminal,) = (p for p in of(ProvisionFacts) if p.provision.endswith("/s230/d/1@1996-02-08"))
    (first, before), (second, after) = criminal.summaries
    assert (first, second) == ("1996-02-08", "1998-11-20")
    assert "web matter" not in before
    assert "web matter" in after
    assert criminal.summary == after


def test_state_law_is_a_preemption_rule_and_no_exemption() -> None:
    kinds = {provision.facts["slot"]: provision for provision in of(ProvisionFacts)}
    state = kinds["/us/usc/t47/s230/e/3"]
    assert (state.kind, state.exemption) == ("preemption-rule", "")
    exempt = {slot for slot, provision in kinds.items() if provision.exemption}
    assert exempt == {f"/us/usc/t47/s230/e/{label}" for label in ("1", "2", "4", "5", "5/A", "5/B", "5/C")}


def test_every_provision_of_section_230_that_the_ledger_makes_has_a_summary() -> None:
    made = set()
    for effect in of(Effect):
        if effect.kind == "addition" and effect.target.startswith("/us/usc/t47/s230"):
            slots = [effect.target, *(f"{effect.target}/{added}" for added in effect.adds)]
            made |= {f"/provision{slot}@{effect.effective}" for slot in slots}
    assert made == {provision.provision for provision in of(ProvisionFacts)}
    assert all(provision.summary for provision in of(ProvisionFacts))


def test_no_private_person_has_a_name_or_a_page() -> None:
    private = [actor for actor in of(Actor) if not actor.page]
    assert private
    assert all("quoted" in actor.name and "quoted" in actor.path for actor in private)
    mentioned = {path for document in of(Document) for path in document.mentions}
    mentioned |= {path for document in of(Document) for claim in document.claims for path in claim.about}
    assert not mentioned & {actor.path for actor in private}


def test_criminal_proceedings_rest_on_two_sources() -> None:
    prosecutions = [decision for decision in of(Case) if decision.name.startswith("United States v.")]
    assert prosecutions
    for decision in prosecutions:
        assert decision.evidence[0].confidence in ("official", "two-sources")


def test_members_of_congress_stand_under_their_bioguide_ids() -> None:
    members = [actor for actor in of(Actor) if actor.path.startswith("/us/person/")]
    assert all(actor.bioguides == (actor.path.removeprefix("/us/person/"),) for actor in members)
    assert {"W000812", "W000779", "C000830"} <= {actor.bioguides[0] for actor in members}


def test_the_press_release_has_its_21_claims_with_anchors_and_verdicts() -> None:
    (release,) = (document for document in of(Document) if document.kind == "press-release")
    verdicts = {claim.id[-2:]: claim.verdict for claim in release.claims}
    assert len(verdicts) == 21
    assert (verdicts["01"], verdicts["07"], verdicts["12"]) == ("premature", "contradicted", "outdated")
    assert all(claim.anchor and claim.anchor[0] < claim.anchor[1] for claim in release.claims)


def test_a_weaker_field_has_evidence_of_its_own() -> None:
    decisions = {decision.path: decision for decision in of(Case)}
    cubby = {entry.fields: entry.confidence for entry in decisions["/case/cubby"].evidence}
    assert cubby == {(): "one-source", ("citation",): "memory"}
    fates = {
        entry.fields: entry.confidence for law in of(Law) for section in law.sections for entry in section.evidence
    }
    assert fates["fate",] == "two-sources"


def test_ninety_measures_would_change_the_text() -> None:
    bills = of(BillFacts)
    assert sum(bill.changes_text for bill in bills) == 90
    assert all(bill.why and bill.relevance for bill in bills)


def test_the_anchors_lie_within_the_press_release() -> None:
    (release,) = (document for document in of(Document) if document.kind == "press-release")
    seeds = ROOT.parent.parent / "shared" / "seeds"
    found = [path for path in seeds.glob("*.txt") if hashlib.sha256(path.read_bytes()).hexdigest() == release.sha256]
    if not found:
        pytest.skip("the text of the press release is absent; its words are not in the repository")
    text = found[0].read_bytes().decode("utf-8")
    for claim in release.claims:
        assert claim.anchor is not None
        passage = text[slice(*claim.anchor)]
        assert passage == passage.strip()
        assert len(passage) > 10


def test_what_a_bill_would_do_is_known_as_well_as_the_words_it_was_read_in() -> None:
    for bill in of(BillFacts):
        kept = {field: entry for entry in bill.evidence for field in entry.fields}
        general = next(entry for entry in bill.evidence if not entry.fields)
        read_in = kept.get("operations", general)
        if "why" in kept:
            told = kept.get("relevance", general).confidence
            assert CONFIDENCES.index(told) >= CONFIDENCES.index(kept["why"].confidence), bill.path
        if bill.operations_basis == "text" and bill.operations:
            assert any(source.startswith("bill-text-") for source in read_in.sources), bill.path


def test_a_relation_that_no_record_states_is_not_said_to_be_official() -> None:
    for bill in of(BillFacts):
        if bill.related_by_content:
            general = next(entry for entry in bill.evidence if not entry.fields)
            (told,) = [e for e in bill.evidence if "related_by_content" in e.fields] or [general]
            assert CONFIDENCES.index(told.confidence) >= CONFIDENCES.index("one-source"), bill.path


@pytest.mark.corpus
def test_the_page_of_a_section_stands_in_the_source_credit_of_its_place_in_the_code(corpus: Path) -> None:
    checked = 0
    for number, part in ((law.cite.removeprefix("Pub. L. "), p) for law in of(Law) for p in law.sections if p.stat):
        places = [re.fullmatch(r"/us/usc/t(\d+)/s(\w+)", slot) for slot in part.classified_to]
        files = [corpus / "uscode" / "119-100" / place[1] / f"{place[2]}.xml" for place in places if place]
        credits = [_credit_of(number, file) for file in files if file.is_file()]
        if any(credits):
            checked += 1
            page = part.stat.rpartition(" ")[2]
            assert any(page in credit for credit in credits), f"{part.path}: {part.stat} is not in {credits}"
    assert checked > 50


def _credit_of(number: str, file: Path) -> str:
    """What the source credits of a section say of one public law, dashes as hyphens; empty where it is not named."""
    from ingest.xml import local, parse

    with file.open("rb") as stream:
        credits = [e for e in parse(stream).iter() if local(e) == "sourceCredit"]
    words = "".join("".join(credit.itertext()) for credit in credits).replace("\N{EN DASH}", "-")
    return words.partition(f"Pub. L. {number},")[2].partition("; Pub. L.")[0]


@pytest.mark.corpus
def test_every_indexed_measure_of_the_corpus_has_a_written_relevance(corpus: Path) -> None:
    with (corpus / "section230-bills" / "INDEX.csv").open(encoding="utf-8", newline="") as stream:
        indexed = {
            f"/us/bill/{row['congress']}/{row['type'].lower()}/{row['number']}" for row in csv.DictReader(stream)
        }
    assert indexed <= {bill.path for bill in of(BillFacts)}


@pytest.mark.corpus
def test_the_slots_of_section_230_are_those_of_the_official_file(corpus: Path) -> None:
    from ingest.xml import parse

    with (corpus / "uscode" / "119-100" / "47" / "230.xml").open("rb") as stream:
        root = parse(stream)
    official = {
        str(e.get("identifier")) for e in root.iter() if str(e.get("identifier", "")).startswith("/us/usc/t47/s230")
    }
    assert official == {provision.facts["slot"] for provision in of(ProvisionFacts)}
