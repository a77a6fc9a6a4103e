"""Words of former versions, derived from the current text and the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import wording
from graph.derivation import Stopped, do, former, undo
from graph.ledger import derive
from graph.records import Effect, Provision
from ingest import curated, uslm

S = "/us/usc/t1/s1"


def leaf(path: str, words: str, heading: str = "") -> Provision:
    return Provision(S + path, S + path, "paragraph", f"({path.rpartition('/')[2]})", heading, (words,))


def section(*body: str | Provision) -> Provision:
    return Provision(S, S, "section", "§ 1.", "Animals", body)


def effect(kind: str, target: str = "", **fields: object) -> Effect:
    return Effect("e", kind, "/us/pl/100/1/s1", S + target, "2001-01-01", "2001-01-01", **fields)  # type: ignore[arg-type]


WORDED = [
    (effect("insertion", "/a", new_text="or dogs", note='after "Cats"'), "Cats or dogs sleep.", "Cats sleep."),
    (effect("insertion", "/a", new_text=", too,", note='after "Cats"'), "Cats, too, sleep.", "Cats sleep."),
    (effect("insertion", "/a", new_text="Old", note='before "cats"'), "Old cats sleep.", "cats sleep."),
    (effect("substitution", "/a", old_text="two", new_text="three"), "It has three legs.", "It has two legs."),
    (effect("striking", "/a", old_text="lazy", note='after "the"'), "See the cat.", "See the lazy cat."),
    (effect("striking", "/a", old_text=", as ever,", note='after "Cats"'), "Cats sleep.", "Cats, as ever, sleep."),
]


@pytest.mark.parametrize(("worded", "after", "before"), WORDED)
def test_an_effect_with_its_words_is_undone_and_done_again(worded: Effect, after: str, before: str) -> None:
    tree = section(leaf("/a", after), leaf("/b", "Birds sing."))
    earlier = undo(tree, worded)
    assert earlier.children[0].own_text == before
    assert earlier.children[1] == tree.children[1]
    assert do(earlier, worded, tree) == tree


def test_words_that_stand_twice_are_not_undone() -> None:
    tree = section(leaf("/a", "A cat and a cat."))
    with pytest.raises(Stopped):
        undo(tree, effect("substitution", "/a", old_text="dog", new_text="cat"))


def test_words_that_do_not_stand_there_are_not_undone() -> None:
    with pytest.raises(Stopped):
        undo(section(leaf("/a", "A cat.")), effect("substitution", "/a", old_text="dog", new_text="bird"))


def test_half_a_word_is_not_a_word() -> None:
    with pytest.raises(Stopped):
        undo(section(leaf("/a", "It has 120 legs.")), effect("substitution", "/a", old_text="30", new_text="20"))


def test_a_heading_is_changed_where_the_note_speaks_of_it() -> None:
    tree = section(leaf("/a", "Cats sleep.", "Cats"))
    earlier = undo(tree, effect("substitution", "/a", old_text="Dogs", new_text="Cats", note="in the heading"))
    assert (earlier.children[0].heading, earlier.children[0].own_text) == ("Dogs", "Cats sleep.")


def test_the_words_after_the_children_are_told_from_those_before() -> None:
    child = leaf("/a/1", "one;")
    tree = section(Provision(S + "/a", S + "/a", "subsection", "(a)", "", ("cat—", child, "cat.")))
    after = effect("substitution", "/a", old_text="dog", new_text="cat", note="in the words after paragraph (1)")
    assert undo(tree, after).children[0].body == ("cat—", child, "dog.")


def test_an_added_provision_goes_and_comes_back_in_its_place() -> None:
    tree = section("Animals:", leaf("/a", "cats;"), leaf("/b", "dogs;"), leaf("/c", "birds."))
    added = effect("addition", "/b")
    earlier = undo(tree, added)
    assert [p.identifier for p in earlier.children] == [S + "/a", S + "/c"]
    assert do(earlier, added, tree) == tree


def test_renumbering_moves_whole_subtrees_at_once() -> None:
    tree = section(Provision(S + "/e", S + "/e", "subsection", "(e)", "", (leaf("/e/1", "one"),)), leaf("/f", "two"))
    moved = effect("renumbering", "/d", moves=((S + "/d", S + "/e"), (S + "/e", S + "/f")))
    earlier = undo(tree, moved)
    assert [(p.identifier, p.num) for p in wording.walk(earlier)][1:] == [
        (S + "/d", "(d)"),
        (S + "/d/1", "(1)"),
        (S + "/e", "(e)"),
    ]
    assert do(earlier, moved, tree) == tree


def test_where_the_words_are_not_given_the_provision_is_missing_and_the_effect_is_named() -> None:
    tree = section(leaf("/a", "Cats sleep."), leaf("/b", "Birds sing."))
    born = Effect("born", "addition", "/us/pl/99/1/s1", S, "2000-01-01", "2000-01-01", adds=("a", "b"))
    changed = effect("general-amendment", "/a", words_complete=False)
    versions = derive([born, changed]).versions
    found = {w.version.path: w for w in former(tree, "2002-01-01", versions, [born, changed])}
    assert found[f"{S}/a@2000-01-01"].stopped_by == "e"
    assert found[f"{S}@2000-01-01"].stopped_by == "e"
    assert f"{S}/b@2000-01-01" not in found, "a leaf that nothing changed keeps its version and its official text"


@given(st.lists(st.sampled_from(["cat", "dog", "bird", "fish", "cow"]), min_size=2, max_size=8, unique=True), st.data())
def test_undo_after_do_is_nothing(words: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words) - 2))
    tree = section(leaf("/a", " ".join(words) + "."))
    inserted = effect("insertion", "/a", new_text="very", note=f'after "{words[at]}"')
    assert undo(do(tree, inserted, tree), inserted) == tree


@pytest.mark.corpus
def test_section_230_is_derived_whole_in_all_three_versions(corpus: Path) -> None:
    with (corpus / "uscode/119-100/47/230.xml").open("rb") as file:
        (record,) = uslm.read(file)
    line = curated.load().timelines["/us/usc/t47/s230"]
    found = {w.version.path: w for w in former(record.provision, "2026-06-26", line.versions, line.effects.values())}
    assert all(w.provision for w in found.values())
    ended = {v.path for v in line.versions if v.valid_to}
    assert set(found) == ended
    in_1996 = found["/us/usc/t47/s230/d/1@1996-02-08"].provision
    assert in_1996 and "section 223 of this title" in wording.words(in_1996) and "231" not in wording.words(in_1996)
    in_1998 = found["/us/usc/t47/s230@1998-11-20"].provision
    assert in_1998 and [p.identifier[-2:] for p in in_1998.children] == ["/a", "/b", "/c", "/d", "/e", "/f"]
    assert "1591" not in wording.words(in_1998)
    moved = found["/us/usc/t47/s230/e/2@1996-02-08"].provision
    now = next(p for p in wording.walk(record.provision) if p.identifier.endswith("/f/2"))
    assert moved and wording.words(moved) == wording.words(now)


@pytest.mark.corpus
def test_the_neighbours_are_derived_as_far_back_as_the_notes_hold_the_words(corpus: Path) -> None:
    lines = curated.load().timelines
    expected = {"18/1591": (38, 38), "18/1595": (10, 8), "17/512": (8, 8), "47/223": (87, 39)}
    for place, (versions, derived) in expected.items():
        with (corpus / f"uscode/119-100/{place}.xml").open("rb") as file:
            (record,) = uslm.read(file)
        line = lines[record.provision.identifier]
        found = list(former(record.provision, "2026-06-26", line.versions, line.effects.values()))
        assert (len(found), sum(w.provision is not None for w in found)) == (versions, derived), place
        assert all(w.stopped_by for w in found if w.provision is None), place
