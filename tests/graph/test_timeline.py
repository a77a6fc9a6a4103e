"""A timeline answers every question about a slot and a day with a status and one sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import timeline
from graph.records import Effect
from graph.timeline import STATUSES, Timeline, follow, near_misses, standing, translate, whereabouts

S = "/us/usc/t1/s1"
CITE = "1 U.S.C. § 1"


def law(year: int) -> str:
    return f"Pub. L. 1-{year}, § 1"


def effect(id: str, kind: str, target: str, enacted: str, effective: str | None = "", **more: object) -> Effect:
    day = enacted if effective == "" else effective
    pairs = {key: tuple((S + a, S + b) for a, b in more.pop(key, ())) for key in ("moves", "keeps")}  # type: ignore[attr-defined]
    agent = f"/us/pl/1/{enacted[:4]}/s1"
    return Effect(id, kind, agent, S + target, enacted, day, **pairs, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def line() -> Timeline:
    """(a) stays; (b) becomes (c), which is repealed; (d) is enacted before it takes effect; (x) waits for a day."""
    return timeline.timeline(
        S,
        [
            effect("born", "addition", "", "2000-01-01", adds=("a", "a/1", "a/2", "b", "b/1")),
            effect("inserted", "insertion", "/a/1", "2005-01-01", new_text="or cats"),
            effect("moved", "renumbering", "/b", "2010-01-01", moves=[("/b", "/c")]),
            effect("delayed", "addition", "/d", "2012-01-01", "2014-01-01"),
            effect("struck", "repeal", "/c", "2020-01-01"),
            effect("waiting", "addition", "/x", "2016-01-01", None),
            effect("rewritten", "general-amendment", "/a", "2022-01-01", keeps=[("/a/1", "/a/1")]),
        ],
        known_through="2026-01-01",
    )


@pytest.mark.parametrize(
    ("slot", "day", "status", "message"),
    [
        ("/a", "2000-01-01", "ok", f"{CITE}(a) as it stood on 2000-01-01."),
        ("/a", "2026-01-01", "ok", f"{CITE}(a) as it stood on 2026-01-01."),
        (
            "/a", "1999-12-31", "not-yet-enacted",
            f"There was no {CITE}(a) on 1999-12-31; it took effect on 2000-01-01 (enacted 2000-01-01 by {law(2000)}).",
        ),
        (
            "/d", "2013-12-31", "not-yet-effective",
            f"{CITE}(d) was enacted on 2012-01-01 but takes effect only on 2014-01-01.",
        ),
        (
            "/x", "2017-01-01", "not-yet-effective",
            f"{CITE}(x) was enacted on 2016-01-01 by {law(2016)}; the day on which it takes effect is not known.",
        ),
        (
            "/x", "2015-01-01", "not-yet-enacted",
            f"There was no {CITE}(x) on 2015-01-01; it was enacted on 2016-01-01 by {law(2016)}.",
        ),
        ("/c", "2020-01-01", "repealed", f"{CITE}(c) was repealed on 2020-01-01 by {law(2020)}."),
        ("/c/1", "2020-01-01", "repealed", f"{CITE}(c)(1) was repealed on 2020-01-01 by {law(2020)}."),
        ("/a/2", "2022-01-01", "repealed", f"{CITE}(a)(2) ended on 2022-01-01 by {law(2022)}."),
        (
            "/b", "2010-01-01", "no-version-on-date",
            f"{CITE}(b) was vacated by renumbering on 2010-01-01; what stood there is {CITE}(c) since then.",
        ),
        ("/a", "2026-01-02", "outside-coverage", f"The record of {CITE}(a) ends on 2026-01-01."),
        (
            "/z", "2001-01-01", "unknown-citation",
            f"No {CITE}(z) has ever stood in the Code, as far as is known. "
            f"Near it: {CITE}(d), {CITE}(c), {CITE}(b), {CITE}.",
        ),
    ],
)  # fmt: skip
def test_a_slot_on_a_day_has_a_status_and_a_sentence(line, slot, day, status, message):
    found = standing(line, S + slot, day)
    assert (found.status, found.message) == (status, message)


def test_a_section_whose_birth_no_source_tells_has_no_past(line):
    unconfirmed = line._replace(confirmed=frozenset())
    found = standing(unconfirmed, S + "/a", "1999-12-31")
    assert (found.status, found.message) == ("outside-coverage", f"What is known of {CITE}(a) begins on 2000-01-01.")


def test_without_a_coverage_day_nothing_is_said_of_any_day(line):
    found = standing(line._replace(known_through=None), S + "/a", "2001-01-01")
    assert found.status == "outside-coverage"
    assert found.message == f"No source says up to which day the record of {CITE}(a) is complete."


def test_a_change_enacted_later_than_the_day_asked_about_is_not_foretold(line):
    assert standing(line, S + "/d", "2011-12-31").status == "not-yet-enacted"


@given(
    st.sampled_from(["", "/a", "/a/1", "/b", "/b/1", "/c", "/d", "/x", "/z", "/a/1/A"]),
    st.dates().map(lambda day: day.isoformat()),
)
def test_every_question_has_one_of_the_eight_statuses_and_a_sentence(line, slot, day):
    found = standing(line, S + slot, day)
    assert found.status in STATUSES
    assert (found.binding is not None) >= (found.status == "ok")
    assert found.message.endswith(".")


# --- where a provision is --------------------------------------------------------------------------------------------

B = f"/provision{S}/b@2000-01-01"


@pytest.mark.parametrize(
    ("day", "status", "slot"),
    [
        ("1999-01-01", "not-yet-enacted", "/b"),
        ("2005-01-01", "ok", "/b"),
        ("2015-01-01", "ok", "/c"),
        ("2021-01-01", "repealed", "/c"),
        ("2027-01-01", "outside-coverage", "/c"),
    ],
)
def test_a_provision_is_found_in_the_slot_of_the_day(line, day, status, slot):
    found = whereabouts(line, B, day)
    assert (found.status, found.slot) == (status, S + slot)


def test_a_provision_that_ended_is_not_taken_for_what_stands_in_its_slot_now():
    line = timeline.timeline(
        S,
        [
            effect("born", "addition", "", "2000-01-01", adds=("a",)),
            effect("struck", "repeal", "/a", "2010-01-01", order=1),
            effect("anew", "addition", "/a", "2015-01-01"),
        ],
        known_through="2026-01-01",
    )
    assert whereabouts(line, f"/provision{S}/a@2000-01-01", "2020-01-01").status == "repealed"
    assert standing(line, S + "/a", "2020-01-01").binding.provision == f"/provision{S}/a@2015-01-01"


def test_a_provision_that_was_never_born_is_unknown(line):
    found = whereabouts(line, f"/provision{S}/b@2001-01-01", "2005-01-01")
    assert found.status == "unknown-citation"
    assert found.message == f"No provision is known that began in {CITE}(b) on 2001-01-01."


# --- translation -----------------------------------------------------------------------------------------------------


def test_an_old_designation_is_translated_with_the_effects_that_moved_it(line):
    found = translate(line, S + "/b/1", "2005-01-01", "2015-01-01")
    assert (found.status, found.now_status, found.now.slot) == ("ok", "ok", S + "/c/1")
    assert [e.id for e in found.because] == ["moved"]
    assert found.message == f"What was {CITE}(b)(1) on 2005-01-01 is {CITE}(c)(1) on 2015-01-01."


def test_a_change_of_words_is_no_reason_for_a_move(line):
    found = translate(line, S + "/a/1", "2000-01-01")
    assert (found.now.slot, found.because) == (S + "/a/1", ())
    assert found.message.endswith("as well.")


def test_what_has_ended_since_has_no_place_now(line):
    found = translate(line, S + "/b", "2005-01-01")
    assert (found.status, found.now, found.now_status) == ("ok", None, "repealed")
    assert found.message == f"What {CITE}(b) was on 2005-01-01 ended on 2020-01-01."
    assert [e.id for e in found.because] == ["moved", "struck"]


def test_what_was_not_yet_there_has_no_place_on_the_earlier_day(line):
    found = translate(line, S + "/d", "2015-01-01", "2013-01-01")
    assert (found.now, found.now_status) == (None, "not-yet-effective")
    assert translate(line, S + "/d", "2015-01-01", "2011-01-01").now_status == "not-yet-enacted"


def test_a_translation_to_a_day_after_the_record_says_so(line):
    found = translate(line, S + "/a", "2005-01-01", "2027-01-01")
    assert (found.status, found.now, found.now_status) == ("ok", None, "outside-coverage")


def test_where_nothing_stood_there_is_nothing_to_translate(line):
    found = translate(line, S + "/z", "2005-01-01")
    assert (found.status, found.now, found.because) == ("unknown-citation", None, ())


def test_a_provision_is_followed_like_the_designation_it_had(line):
    assert follow(line, whereabouts(line, B, "2005-01-01")) == translate(line, S + "/b", "2005-01-01")


# --- life and near misses --------------------------------------------------------------------------------------------


def test_the_life_of_a_provision_has_what_made_moved_and_ended_it(line):
    assert [e.id for e in timeline.life(line, B)] == ["born", "moved", "struck"]
    assert [e.id for e in timeline.life(line, f"/provision{S}/a@2000-01-01")] == ["born", "inserted", "rewritten"]


@pytest.mark.parametrize(("slot", "meant"), [("/a/3", "/a/1"), ("/c/9", "/c"), ("/b/1/A", "/b/1"), ("/e", "/d")])
def test_a_mistyped_slot_is_near_the_one_that_was_meant(line, slot, meant):
    found = near_misses(line, S + slot)
    assert S + meant in found
    assert len(found) <= 5


def test_a_slot_in_the_wrong_case_is_near_the_one_in_the_right_case_before_all_others(line):
    assert near_misses(line, S + "/B/1")[0] == S + "/b/1"


def test_the_version_of_a_day_is_the_one_whose_words_held(line):
    before, after = (standing(line, S + "/a/1", day).version for day in ("2004-12-31", "2005-01-01"))
    assert (before.path, after.path) == (f"{S}/a/1@2000-01-01", f"{S}/a/1@2005-01-01")
    assert (before.valid_to, after.valid_to) == ("2005-01-01", "2022-01-01")


# --- parts that no source tells of -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def untold() -> Timeline:
    """What stood below (a) is told only since it was amended as a whole, as (b)."""
    return timeline.timeline(
        S,
        [
            effect("born", "addition", "", "2000-01-01", adds=("a", "c"), parts_untold=("a",)),
            effect("moved", "renumbering", "/a", "2010-01-01", moves=[("/a", "/b")]),
            effect("rewritten", "general-amendment", "/b", "2015-01-01", adds=("1",)),
        ],
        known_through="2026-01-01",
    )


@pytest.mark.parametrize(
    ("slot", "day", "status"),
    [
        ("/a", "2005-01-01", "ok"),
        ("/a/1", "1999-12-31", "unknown-citation"),
        ("/a/1", "2005-01-01", "outside-coverage"),
        ("/a/9/Z", "2005-01-01", "outside-coverage"),
        ("/a/1", "2010-01-01", "unknown-citation"),
        ("/b/1", "1999-12-31", "not-yet-enacted"),
        ("/b/1", "2005-01-01", "not-yet-enacted"),
        ("/b/1", "2014-12-31", "outside-coverage"),
        ("/b/1", "2015-01-01", "ok"),
        ("/b/2", "2015-01-01", "unknown-citation"),
        ("/c/1", "2005-01-01", "unknown-citation"),
    ],
)
def test_what_may_have_stood_below_is_outside_of_what_is_known(
    untold: Timeline, slot: str, day: str, status: str
) -> None:
    found = standing(untold, S + slot, day)
    assert found.status == status
    assert found.message


def test_the_sentence_says_whose_parts_are_untold_and_when(untold: Timeline) -> None:
    found = standing(untold, S + "/b/1", "2014-12-31")
    assert found.message == f"No source tells which parts {CITE}(b) had from 2010-01-01 until 2015-01-01."
