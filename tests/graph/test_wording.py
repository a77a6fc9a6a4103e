"""Words of provisions: written as one text and read back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graph import wording
from graph.records import Provision

S = "/us/usc/t1/s1"
SENTENCES = st.sampled_from(
    ["Cats sleep.", "Among animals—", "dogs bark; and", "It is so (1) here.", "(b) is no label."]
)


@st.composite
def provisions(draw: st.DrawFn, slot: str = S, depth: int = 0) -> Provision:
    """A provision with its own words and, below, others with theirs between."""
    labels = draw(st.lists(st.sampled_from("abcd123"), unique=True, max_size=3)) if depth < 3 else []
    body: list[str | Provision] = draw(st.lists(SENTENCES, min_size=0 if labels else 1, max_size=2))
    for label in labels:
        body.append(draw(provisions(f"{slot}/{label}", depth + 1)))
        body += draw(st.lists(SENTENCES, max_size=1))
    return wording.numbered(slot, draw(st.sampled_from(["", "Animals"])), tuple(body))


@given(provisions())
def test_a_provision_is_rebuilt_from_its_text_and_its_parts(provision: Provision) -> None:
    text = wording.words(provision)
    found = wording.rebuilt(provision.identifier, provision.heading, text, provision.children)
    assert found is not None
    assert wording.words(found) == text
    assert sorted(p.identifier for p in found.children) == sorted(p.identifier for p in provision.children)


def test_parts_that_do_not_stand_in_the_text_are_not_put_there() -> None:
    part = wording.numbered(S + "/a", "", ("Cats sleep.",))
    assert wording.rebuilt(S, "", "(a) Dogs bark.", [part]) is None


def test_new_matter_is_read_level_by_level() -> None:
    text = "(6) No effect on cats.—Nothing shall—\n  (A) wake—\n    (i) a cat; or\n  (B) feed it.\n(7) It sleeps."
    six, seven = wording.parsed(S + "/e", text)
    assert isinstance(six, Provision) and isinstance(seven, Provision)
    assert [p.identifier for p in wording.walk(six)] == [f"{S}/e/6{rest}" for rest in ("", "/A", "/A/i", "/B")]
    assert (six.heading, six.own_text, seven.heading) == ("No effect on cats", "Nothing shall—", "")
    assert [p.level for p in wording.walk(six)] == ["paragraph", "subparagraph", "clause", "subparagraph"]
