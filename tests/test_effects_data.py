"""The ledger of effects holds together: schema, identity, days, order, and the slots it leads to."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from graph.records import Effect
from ingest.xml import local, parse

DATA = Path(__file__).parent.parent / "data"
EFFECTS: list[dict[str, Any]] = yaml.safe_load((DATA / "facts" / "effects.yaml").read_text("utf-8"))["effects"]
SCHEMA = json.loads((DATA / "schemas" / "effects.json").read_text("utf-8"))

SECTIONS = (
    ("47", "230"),
    ("47", "223"),
    ("47", "231"),
    ("47", "941"),
    ("18", "1591"),
    ("18", "1595"),
    ("18", "2421A"),
    ("18", "2255"),
    ("18", "2258A"),
    ("17", "512"),
    ("28", "4102"),
)
LEVELS = {"section", "subsection", "paragraph", "subparagraph", "clause", "subclause", "item", "subitem"}
WORDLESS = {"court-holding", "deeming", "exception", "retroactivity", "saving"}
ENACTED_SECTION = re.compile(r"(/us/pl/\d+/\d+)(?:/d[A-Z]+)?(?:/t[IVXLC]+)?/(s[^/]+)")

Slots = dict[str, str]


def section(slot: str) -> str:
    return "/".join(slot.split("/")[:5])


def at_or_below(slots: Slots, slot: str) -> list[str]:
    return [other for other in slots if other == slot or other.startswith(slot + "/")]


def chronology(effect: dict[str, Any]) -> tuple[str, str, list[str], int]:
    return effect["effective"], effect["enacted"], effect["agent"].split("/")[:5], effect["order"]


def standing(day: str = "9999-12-31") -> Slots:
    """Which provision (named by slot and day of birth) stands in which slot at the end of `day`."""
    slots: Slots = {}
    for effect in sorted(EFFECTS, key=chronology):
        if effect["effective"] <= day:
            apply(effect, slots)
    return slots


def apply(effect: dict[str, Any], slots: Slots) -> None:
    name, kind, target, day = effect["id"], effect["kind"], effect["target"], effect["effective"]
    if kind == "addition":
        assert target not in slots, f"{name}: {target} is taken; what stood there must be repealed or moved first"
        slots[target] = f"{target}@{day}"
    assert target in slots, f"{name}: nothing stands in {target} on {day}"
    if kind in ("repeal", "general-amendment"):
        for slot in at_or_below(slots, target):
            if kind == "repeal" or slot != target:
                del slots[slot]
    moved: Slots = {}
    for source, destination in effect.get("moves", ()):
        assert source in slots, f"{name}: nothing stands in {source} that could be moved"
        for slot in at_or_below(slots, source):
            moved[destination + slot.removeprefix(source)] = slots[slot]
    for source, _ in effect.get("moves", ()):
        for slot in at_or_below(slots, source):
            del slots[slot]
    born = {f"{target}/{part}": f"{target}/{part}@{day}" for part in effect.get("adds", ())}
    for slot, provision in (*born.items(), *moved.items()):
        assert slot not in slots, f"{name}: {slot} is taken on {day}"
        assert slot.rpartition("/")[0] in {*slots, *moved}, f"{name}: {slot} comes before its parent"
        slots[slot] = provision


def test_the_ledger_conforms_to_its_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    broken = [
        f"{EFFECTS[error.path[1]].get('id') if len(error.path) > 1 else 'file'}: {error.json_path}: {error.message}"
        for error in Draft202012Validator(SCHEMA).iter_errors({"effects": EFFECTS})
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "amendment"},
        {"agent": "/us/pl/115/164"},
        {"agent": "/case/reno-v-aclu"},
        {"target": "47 U.S.C. 230(e)(5)"},
        {"enacted": "2018-4-11"},
        {"kind": "renumbering"},
        {"kind": "insertion", "words_complete": True},
        {"kind": "striking"},
        {"old_text": "x" * 161},
        {"evidence": []},
        {"surprise": 1},
    ],
    ids=str,
)
def test_the_schema_refuses_what_is_no_effect(change: dict[str, Any]) -> None:
    good = next(effect for effect in EFFECTS if effect["id"] == "pl-115-164-s4-a")
    assert not Draft202012Validator(SCHEMA).is_valid({"effects": [good | change]})


def test_every_key_is_a_field_of_the_record() -> None:
    assert {key for effect in EFFECTS for key in effect} <= set(Effect._fields)


def test_ids_are_unique() -> None:
    repeated = [name for name, count in Counter(effect["id"] for effect in EFFECTS).items() if count > 1]
    assert not repeated


def test_every_day_exists_and_nothing_takes_effect_before_enactment() -> None:
    for effect in EFFECTS:
        days = [date.fromisoformat(effect[key]) for key in ("enacted", "effective") if effect[key]]
        assert days == sorted(days), f"{effect['id']}: effective {effect['effective']} is before {effect['enacted']}"


def test_an_assumed_day_is_the_day_of_enactment() -> None:
    wrong = [e["id"] for e in EFFECTS if e.get("assumed") and e["effective"] != e["enacted"]]
    assert not wrong


def test_a_law_has_one_day_of_enactment() -> None:
    days = defaultdict(set)
    for effect in EFFECTS:
        days["/".join(effect["agent"].split("/")[:5])].add(effect["enacted"])
    assert not {law: found for law, found in days.items() if law.startswith("/us/pl/") and len(found) > 1}


def test_the_order_of_operations_is_unambiguous() -> None:
    places = Counter(
        ("/".join(e["agent"].split("/")[:5]), e["effective"], section(e["target"]), e["order"]) for e in EFFECTS
    )
    assert not [place for place, count in places.items() if count > 1]


def test_a_section_of_a_law_is_always_spelled_in_one_way() -> None:
    spellings = defaultdict(set)
    for effect in EFFECTS:
        if found := ENACTED_SECTION.match(effect["agent"]):
            spellings[found.groups()].add(found.group())
    assert not {key: found for key, found in spellings.items() if len(found) > 1}


def test_every_operation_finds_what_it_operates_on() -> None:
    assert standing()


def test_the_target_of_a_renumbering_is_the_first_slot_moved() -> None:
    for effect in EFFECTS:
        if effect["kind"] == "renumbering":
            assert effect["target"] == effect["moves"][0][0], effect["id"]


def test_three_enactments_have_changed_the_words_of_section_230() -> None:
    laws = [e["agent"][:14] for e in sorted(EFFECTS, key=chronology) if e["kind"] not in WORDLESS and is_230(e)]
    assert list(dict.fromkeys(laws)) == ["/us/pl/104/104", "/us/pl/105/277", "/us/pl/115/164"]


def is_230(effect: dict[str, Any]) -> bool:
    return section(effect["target"]) == "/us/usc/t47/s230"


@pytest.mark.parametrize(
    ("slot", "day", "provision", "now"),
    [
        ("t47/s230", "1996-02-07", None, None),
        ("t47/s230/c/1", "1996-02-08", "t47/s230/c/1@1996-02-08", "t47/s230/c/1"),
        ("t47/s230/e/2", "1997-11-12", "t47/s230/e/2@1996-02-08", "t47/s230/f/2"),
        ("t47/s230/d/3", "1997-11-12", "t47/s230/d/3@1996-02-08", "t47/s230/e/3"),
        ("t47/s230/d", "1998-11-19", "t47/s230/d@1996-02-08", "t47/s230/e"),
        ("t47/s230/d", "1998-11-20", "t47/s230/d@1998-11-20", "t47/s230/d"),
        ("t47/s230/f/2", "1998-11-19", None, None),
        ("t47/s230/e/5", "2018-04-10", None, None),
        ("t47/s230/e/5/A", "2018-04-11", "t47/s230/e/5/A@2018-04-11", "t47/s230/e/5/A"),
        ("t47/s223/h/2", "1999-01-01", "t47/s223/h/2@1996-02-08", "t47/s223/i/2"),
        ("t47/s223/h", "2025-05-19", "t47/s223/h@2025-05-19", "t47/s223/h"),
        ("t47/s223/2", "1983-12-07", "t47/s223/2@1968-05-03", None),
        ("t18/s1591/c/1", "2005-01-01", "t18/s1591/c/1@2000-10-28", "t18/s1591/e/3"),
        ("t18/s1591/c/2", "2005-01-01", "t18/s1591/c/2@2000-10-28", "t18/s1591/e/2"),
        ("t18/s1591/c/3", "2005-01-01", "t18/s1591/c/3@2000-10-28", "t18/s1591/e/6"),
        ("t18/s1591/e/4", "2017-06-01", "t18/s1591/e/4@2008-12-23", "t18/s1591/e/5"),
        ("t18/s1591/e/4", "2018-04-11", "t18/s1591/e/4@2018-04-11", "t18/s1591/e/4"),
        ("t18/s2421A", "2018-04-10", None, None),
    ],
)
def test_a_provision_is_followed_from_slot_to_slot(slot: str, day: str, provision: str | None, now: str | None) -> None:
    found = standing(day).get(f"/us/usc/{slot}")
    assert found == (provision and f"/us/usc/{provision}")
    today = {value: key for key, value in standing().items()}
    assert today.get(found or "") == (now and f"/us/usc/{now}")


@pytest.mark.corpus
@pytest.mark.parametrize(("title", "number"), SECTIONS)
def test_the_ledger_leads_to_the_slots_of_the_official_file(corpus: Path, title: str, number: str) -> None:
    top = f"/us/usc/t{title}/s{number}"
    with (corpus / "uscode" / "119-100" / title / f"{number}.xml").open("rb") as stream:
        root = parse(stream)
    official = {str(e.get("identifier")) for e in root.iter() if local(e) in LEVELS}
    assert set(at_or_below(standing(), top)) == set(at_or_below(dict.fromkeys(official, ""), top))


@pytest.mark.corpus
@pytest.mark.parametrize(("title", "number"), SECTIONS)
def test_the_source_credit_names_every_law_that_changed_the_words(corpus: Path, title: str, number: str) -> None:
    top = f"/us/usc/t{title}/s{number}"
    with (corpus / "uscode" / "119-100" / title / f"{number}.xml").open("rb") as stream:
        (credit,) = (e for e in parse(stream).iter() if local(e) == "sourceCredit")
    credited = {str(e.get("href")) for e in credit.iter() if local(e) == "ref"}
    sections = {found.group() for href in credited if (found := ENACTED_SECTION.match(href))}
    for effect in EFFECTS:
        if section(effect["target"]) != top or effect["kind"] in WORDLESS:
            continue
        found = ENACTED_SECTION.match(effect["agent"])
        assert found and (
            found.group() in sections or any(found.group().startswith(f"{href}/") for href in credited - sections)
        ), f"{effect['id']}: the source credit of {top} does not name {effect['agent']}"
