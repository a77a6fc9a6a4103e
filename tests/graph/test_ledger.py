"""The ledger: what the rules of identity and time make of a list of effects."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import ledger, timeline
from graph.ledger import History, LedgerError, derive
from graph.records import Binding, Day, Effect, Path, Version, spans

S = "/us/usc/t1/s1"
LAW = "/us/pl/1/{}/s1"


def effect(id: str, kind: str, target: str, day: Day, **more: object) -> Effect:
    """An effect on `target`, a slot below the section of these tests, enacted and effective on `day`."""
    agent = str(more.pop("agent", LAW.format(1)))
    enacted = str(more.pop("enacted", day))
    moves = tuple((S + a, S + b) for a, b in more.pop("moves", ()))  # type: ignore[attr-defined]
    keeps = tuple((S + a, S + b) for a, b in more.pop("keeps", ()))  # type: ignore[attr-defined]
    return Effect(id, kind, agent, S + target, enacted, day, moves=moves, keeps=keeps, **more)  # type: ignore[arg-type]


def born(*adds: str, day: Day = "2000-01-01") -> Effect:
    return effect("born", "addition", "", day, adds=adds)


def at(history: History, slot: str, day: Day) -> Path | None:
    """The provision in a slot on a day, as its slot of birth and day."""
    found = [b.provision for b in history.bindings if b.slot == S + slot and spans(b.valid_from, b.valid_to, day)]
    assert len(found) <= 1
    return found[0].removeprefix(f"/provision{S}") if found else None


def versions(history: History, provision: str) -> list[tuple[str, Day, Day | None]]:
    """Slot, first and last day of the versions of a provision, oldest first."""
    found = [v for v in history.versions if v.provision == f"/provision{S}{provision}"]
    return [(v.slot.removeprefix(S), v.valid_from, v.valid_to) for v in sorted(found, key=lambda v: v.valid_from)]


# --- identity (rules 5, 6, 12) ---------------------------------------------------------------------------------------


def test_an_addition_bears_the_target_and_all_that_it_brings():
    history = derive([born("a", "a/1")])
    assert [b.provision for b in history.births] == [
        f"/provision{S}/a/1@2000-01-01",
        f"/provision{S}/a@2000-01-01",
        f"/provision{S}@2000-01-01",
    ]
    assert all(birth.confirmed and birth.effect == "born" for birth in history.births)


def test_a_provision_lives_on_when_it_is_renumbered():
    moved = effect("moved", "renumbering", "/a", "2001-01-01", moves=[("/a", "/b")])
    history = derive([born("a"), moved])
    assert at(history, "/a", "2000-12-31") == at(history, "/b", "2001-01-01") == "/a@2000-01-01"
    assert at(history, "/a", "2001-01-01") is None


def test_children_move_with_their_parent():
    moved = effect("moved", "renumbering", "/a", "2001-01-01", moves=[("/a", "/b")])
    history = derive([born("a", "a/1", "a/1/A"), moved])
    assert at(history, "/b/1/A", "2001-01-01") == "/a/1/A@2000-01-01"
    assert at(history, "/a/1/A", "2001-01-01") is None


def test_provisions_that_trade_places_move_all_at_once():
    moved = effect("moved", "renumbering", "/d", "2001-01-01", moves=[("/d", "/e"), ("/e", "/d")])
    history = derive([born("d", "d/1", "e", "e/1"), moved])
    assert at(history, "/e/1", "2001-01-01") == "/d/1@2000-01-01"
    assert at(history, "/d/1", "2001-01-01") == "/e/1@2000-01-01"


def test_what_is_added_in_a_vacated_slot_is_new():
    moved = effect("moved", "renumbering", "/d", "2001-01-01", moves=[("/d", "/e")], order=1)
    added = effect("added", "addition", "/d", "2001-01-01", order=2)
    history = derive([born("d"), moved, added])
    assert at(history, "/d", "2001-01-01") == "/d@2001-01-01"
    assert at(history, "/e", "2001-01-01") == "/d@2000-01-01"


def test_what_is_re_enacted_where_the_former_was_struck_by_the_same_law_is_new():
    struck = effect("struck", "repeal", "/a", "2001-01-01", order=1)
    added = effect("added", "addition", "/a", "2001-01-01", order=2)
    history = derive([born("a", "a/1"), struck, added])
    assert at(history, "/a", "2001-01-01") == "/a@2001-01-01"
    assert at(history, "/a/1", "2001-01-01") is None
    assert set(history.deaths) == {f"/provision{S}/a@2000-01-01", f"/provision{S}/a/1@2000-01-01"}


def test_a_provision_amended_in_part_lives_on():
    history = derive([born("a"), effect("inserted", "insertion", "/a", "2001-01-01", new_text="or cats")])
    assert at(history, "/a", "2001-01-01") == "/a@2000-01-01"
    assert not history.deaths


def test_a_general_amendment_keeps_the_provision_and_replaces_its_children():
    amended = effect("amended", "general-amendment", "/a", "2001-01-01", adds=("1", "2"))
    history = derive([born("a", "a/1", "a/1/A"), amended])
    assert at(history, "/a", "2001-01-01") == "/a@2000-01-01"
    assert at(history, "/a/1", "2001-01-01") == "/a/1@2001-01-01"
    assert at(history, "/a/1/A", "2001-01-01") is None


def test_a_general_amendment_keeps_the_children_that_the_note_calls_former():
    amended = effect("amended", "general-amendment", "/a", "2001-01-01", adds=("1",), keeps=[("/a/1", "/a/2")])
    history = derive([born("a", "a/1", "a/1/A"), amended])
    assert at(history, "/a/2/A", "2001-01-01") == "/a/1/A@2000-01-01"
    assert at(history, "/a/1", "2001-01-01") == "/a/1@2001-01-01"


def test_existing_provisions_designated_as_a_subsection_are_born_out_of_the_section():
    history = derive([born(), effect("designated", "designation", "", "2001-01-01", adds=("a",))])
    (birth,) = (b for b in history.births if b.slot == S + "/a")
    assert birth.derived_from == f"/provision{S}@2000-01-01"
    assert birth.confirmed


def test_a_designation_by_the_editors_tells_no_birth():
    agent = "/us/olrc"
    history = derive([born(), effect("designated", "designation", "", "2001-01-01", adds=("a",), agent=agent)])
    (birth,) = (b for b in history.births if b.slot == S + "/a")
    assert not birth.confirmed


def test_a_transfer_by_the_editors_moves_a_whole_section():
    transfer = Effect(
        "moved", "transfer", "/us/olrc", S, "2001-01-01", "2001-01-01", moves=((S, "/us/usc/t2/s7"),), order=1
    )
    history = derive([born("a"), transfer])
    found = {b.slot: b.provision for b in history.bindings if b.valid_to is None}
    assert found["/us/usc/t2/s7/a"] == f"/provision{S}/a@2000-01-01"
    assert not any(slot.startswith(S) for slot in found)


def test_two_births_in_one_slot_on_one_day_are_told_apart_by_the_law():
    first = effect("first", "addition", "/a", "2001-01-01", agent=LAW.format(7), order=1)
    moved = effect("moved", "renumbering", "/a", "2001-01-01", agent=LAW.format(8), order=1, moves=[("/a", "/b")])
    second = effect("second", "addition", "/a", "2001-01-01", agent=LAW.format(8), order=2)
    history = derive([born(), first, moved, second])
    assert at(history, "/b", "2001-01-01") == "/a@2001-01-01"
    assert at(history, "/a", "2001-01-01") == "/a@2001-01-01;pl-1-8"


# --- versions (rule 2) -----------------------------------------------------------------------------------------------


def test_a_version_ends_when_its_words_change():
    history = derive([born("a"), effect("inserted", "insertion", "/a", "2001-01-01", new_text="or cats")])
    assert versions(history, "/a@2000-01-01") == [("/a", "2000-01-01", "2001-01-01"), ("/a", "2001-01-01", None)]


def test_a_version_ends_when_its_slot_changes():
    history = derive([born("a"), effect("moved", "renumbering", "/a", "2001-01-01", moves=[("/a", "/b")])])
    assert versions(history, "/a@2000-01-01") == [("/a", "2000-01-01", "2001-01-01"), ("/b", "2001-01-01", None)]


def test_a_change_below_ends_the_versions_above_and_none_beside():
    history = derive(
        [born("a", "a/1", "a/2", "b"), effect("struck", "striking", "/a/1", "2001-01-01", old_text="cats")]
    )
    assert len(versions(history, "@2000-01-01")) == len(versions(history, "/a@2000-01-01")) == 2
    assert versions(history, "/a/2@2000-01-01") == [("/a/2", "2000-01-01", None)]
    assert versions(history, "/b@2000-01-01") == [("/b", "2000-01-01", None)]


def test_what_comes_or_goes_below_ends_the_versions_above():
    added = effect("added", "addition", "/a/1", "2001-01-01")
    struck = effect("struck", "repeal", "/a/1", "2002-01-01")
    history = derive([born("a"), added, struck])
    assert [start for _, start, _ in versions(history, "/a@2000-01-01")] == ["2000-01-01", "2001-01-01", "2002-01-01"]
    assert versions(history, "/a/1@2001-01-01") == [("/a/1", "2001-01-01", "2002-01-01")]


def test_what_moves_between_two_parents_ends_the_versions_of_both():
    moved = effect("moved", "renumbering", "/a/1", "2001-01-01", moves=[("/a/1", "/b/1")])
    history = derive([born("a", "a/1", "b"), moved])
    assert len(versions(history, "/a@2000-01-01")) == len(versions(history, "/b@2000-01-01")) == 2


def test_changes_of_one_day_make_one_version():
    first = effect("first", "insertion", "/a", "2001-01-01", order=1)
    second = effect("second", "striking", "/a", "2001-01-01", order=2)
    history = derive([born("a"), first, second])
    assert versions(history, "/a@2000-01-01")[1:] == [("/a", "2001-01-01", None)]
    assert {v.begun_by for v in history.versions if v.valid_to is None} == {("first", "second")}


def test_the_path_of_a_version_is_its_slot_and_first_day():
    history = derive([born("a"), effect("moved", "renumbering", "/a", "2001-01-01", moves=[("/a", "/b")])])
    assert {v.path for v in history.versions} == {f"{v.slot}@{v.valid_from}" for v in history.versions}


@pytest.mark.parametrize("kind", sorted(ledger.WORDLESS))
def test_what_changes_no_words_makes_no_version(kind):
    history = derive([born("a"), effect("said", kind, "/a", "2001-01-01")])
    assert versions(history, "/a@2000-01-01") == [("/a", "2000-01-01", None)]
    assert history.touches["said"] == (f"/provision{S}/a@2000-01-01",)


def test_three_versions_of_the_section_two_of_what_moved_one_of_what_stayed(effects_of_230):
    history = derive(effects_of_230)
    count = Counter(v.provision.removeprefix("/provision/us/usc/t47/s230") for v in history.versions)
    assert (count["@1996-02-08"], count["/d/2@1996-02-08"], count["/c/1@1996-02-08"]) == (3, 2, 1)


@pytest.fixture(scope="module")
def effects_of_230() -> list[Effect]:
    """Section 230 as three enactments made it, in as many operations as matter for its shape."""
    t = "/us/usc/t47/s230"
    of_1998 = "/us/pl/105/277/dC/tXIV/s1404/a/"
    adds = ("c", "c/1", "c/2", "d", "d/1", "d/2", "d/3", "e", "e/1", "e/2")
    return [
        Effect("1996", "addition", "/us/pl/104/104/tV/s509", t, "1996-02-08", "1996-02-08", adds=adds),
        Effect("1998-1", "insertion", f"{of_1998}1", f"{t}/d/1", "1998-10-21", "1998-11-20", 1),
        Effect(
            "1998-2", "renumbering", f"{of_1998}2", f"{t}/d", "1998-10-21", "1998-11-20", 2,
            moves=((f"{t}/d", f"{t}/e"), (f"{t}/e", f"{t}/f")),
        ),
        Effect("1998-3", "addition", f"{of_1998}3", f"{t}/d", "1998-10-21", "1998-11-20", 3),
        Effect("2018", "addition", "/us/pl/115/164/s4/a", f"{t}/e/5", "2018-04-11", "2018-04-11", adds=("A", "B")),
    ]  # fmt: skip


# --- days and order (rules 3, 4) -------------------------------------------------------------------------------------


def test_a_change_is_law_from_the_later_of_enactment_and_effect():
    assert ledger.valid_from(effect("later", "striking", "/a", "2001-03-01", enacted="2001-01-01")) == "2001-03-01"
    assert ledger.valid_from(effect("earlier", "striking", "/a", "2000-06-01", enacted="2001-01-01")) == "2001-01-01"


def test_words_on_older_conduct_never_move_the_first_day_back():
    retroactive = effect("added", "addition", "/a", "2001-01-01", applicability="conduct before that day, too")
    history = derive([born(), retroactive])
    assert versions(history, "/a@2001-01-01") == [("/a", "2001-01-01", None)]


def test_a_contingent_day_makes_no_version():
    waiting = effect("waiting", "addition", "/a", "2001-01-01")._replace(effective=None)
    assert derive([born(), waiting]) == derive([born()])


def test_operations_of_one_law_apply_in_the_order_of_its_provisions_not_of_the_list(effects_of_230):
    history = derive(reversed(effects_of_230))
    (insertion,) = history.touches["1998-1"]
    assert insertion == "/provision/us/usc/t47/s230/d/1@1996-02-08"
    assert history == derive(effects_of_230)


def test_laws_of_one_day_apply_in_the_order_of_enactment():
    late = effect("late", "renumbering", "/a", "2001-03-01", enacted="2001-02-01", moves=[("/a", "/c")])
    early = effect("early", "renumbering", "/b", "2001-03-01", enacted="2001-01-01", moves=[("/b", "/a"), ("/a", "/b")])
    history = derive([born("a", "b"), late, early])
    assert at(history, "/c", "2001-03-01") == "/b@2000-01-01"


# --- what does not fit -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "slot"),
    [
        (effect("odd", "addition", "/a", "2001-01-01"), "/a"),
        (effect("odd", "addition", "", "2001-01-01", adds=("a",)), "/a"),
        (effect("odd", "insertion", "/z", "2001-01-01"), "/z"),
        (effect("odd", "repeal", "/z", "2001-01-01"), "/z"),
        (effect("odd", "general-amendment", "/z", "2001-01-01"), "/z"),
        (effect("odd", "renumbering", "/z", "2001-01-01", moves=[("/z", "/y")]), "/z"),
        (effect("odd", "renumbering", "/a", "2001-01-01", moves=[("/a", "/b")]), "/b"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_an_effect_that_does_not_fit_is_named_with_its_slot(wrong, slot):
    with pytest.raises(LedgerError, match=f"effect odd: .*{S}{slot}\\b.* 2001-01-01|effect odd: .*{S}{slot}"):
        derive([born("a", "b"), wrong])


# --- properties ------------------------------------------------------------------------------------------------------

DAYS = [f"20{year:02}-01-01" for year in range(1, 7)]
LETTERS = "abcd"


@st.composite
def ledgers(draw: st.DrawFn) -> list[Effect]:
    """Effects that fit one another: each is drawn against the state that those before it have made."""
    slots = {S, *(f"{S}/{letter}" for letter in LETTERS[:2]), *(f"{S}/{letter}/1" for letter in LETTERS[:2])}
    effects = [born(*(slot.removeprefix(S + "/") for slot in sorted(slots) if slot != S))]
    for number, day in enumerate(DAYS):
        below = sorted(slot for slot in slots if slot != S)
        free = [f"{S}/{letter}" for letter in LETTERS if f"{S}/{letter}" not in slots]
        top = [slot for slot in below if slot.count("/") == 5]
        kinds = ["insertion"]
        kinds += ["addition"] if free else []
        kinds += ["repeal", "general-amendment"] if top else []
        kinds += ["renumbering"] if top and (free or len(top) > 1) else []
        kind = draw(st.sampled_from(kinds))
        target, more = S, {}
        if kind == "insertion":
            target = draw(st.sampled_from([S, *below]))
        elif kind == "addition":
            target, more = draw(st.sampled_from(free)), {"adds": ("1",)}
            slots |= {target, f"{target}/1"}
        elif kind == "repeal":
            target = draw(st.sampled_from(top))
            slots -= {target, f"{target}/1"}
        elif kind == "general-amendment":
            target, more = draw(st.sampled_from(top)), {"adds": ("1",)}
            slots |= {f"{target}/1"}
        else:
            order = draw(st.permutations(top))
            places = draw(st.permutations([*top, *free]))[: len(order)]
            more = {"moves": tuple((a, b) for a, b in zip(order, places, strict=False) if a != b)}
            target = order[0]
            carried = {slot for slot in slots if slot.count("/") == 6}
            moved = dict(more["moves"])
            slots -= {*moved, *(slot for slot in carried if slot[:-2] in moved)}
            slots |= {*moved.values(), *(moved[slot[:-2]] + "/1" for slot in carried if slot[:-2] in moved)}
        effects.append(Effect(f"e{number}", kind, LAW.format(number + 2), target, day, day, **more))  # type: ignore[arg-type]
    return effects


def overlap(a: Binding | Version, b: Binding | Version) -> bool:
    return (b.valid_to is None or a.valid_from < b.valid_to) and (a.valid_to is None or b.valid_from < a.valid_to)


@given(ledgers())
def test_bindings_of_one_slot_never_overlap(effects):
    bindings = derive(effects).bindings
    assert not [(a, b) for i, a in enumerate(bindings) for b in bindings[:i] if a.slot == b.slot and overlap(a, b)]


@given(ledgers())
def test_a_provision_stands_in_one_slot_at_most_on_a_day(effects):
    bindings = derive(effects).bindings
    assert not [
        (a, b) for i, a in enumerate(bindings) for b in bindings[:i] if a.provision == b.provision and overlap(a, b)
    ]


@given(ledgers())
def test_versions_of_a_provision_follow_on_one_another_until_it_ends(effects):
    history = derive(effects)
    for birth in history.births:
        mine = sorted((v for v in history.versions if v.provision == birth.provision), key=lambda v: v.valid_from)
        assert mine[0].valid_from == birth.day
        assert all(a.valid_to == b.valid_from for a, b in pairwise(mine))
        assert mine[-1].valid_to == (history.deaths[birth.provision][0] if birth.provision in history.deaths else None)


@given(ledgers())
def test_a_version_stands_in_the_slot_its_provision_is_bound_to(effects):
    history = derive(effects)
    for version in history.versions:
        slots = {b.slot for b in history.bindings if b.provision == version.provision and overlap(version, b)}
        assert slots == {version.slot}


@given(ledgers(), st.randoms())
def test_the_order_of_the_list_does_not_matter(effects, random):
    shuffled = list(effects)
    random.shuffle(shuffled)
    assert derive(shuffled) == derive(effects)


@settings(max_examples=50)
@given(ledgers(), st.sampled_from(["2000-06-01", *DAYS]), st.sampled_from(["2000-06-01", *DAYS]))
def test_a_designation_translated_there_and_back_is_itself(effects, day, to):
    line = timeline.timeline(S, effects, "2026-01-01")
    for slot in {b.slot for b in line.bindings}:
        there = timeline.translate(line, slot, day, to)
        if there.now:
            back = timeline.translate(line, there.now.slot, to, day)
            assert back.now and back.now.slot == slot
            assert set(back.because) == set(there.because)


def test_only_what_stands_there_can_have_parts_that_are_untold():
    with pytest.raises(LedgerError, match="whose parts could be untold"):
        derive([effect("born", "addition", "", "2000-01-01", adds=("a",), parts_untold=("b",))])
