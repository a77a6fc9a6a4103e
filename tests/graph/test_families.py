"""Bills that come back: who belongs together, what changed, and where the words of laws began."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph import families, iri
from graph.proposals import Instruction
from graph.store import Store, connect


@pytest.fixture(scope="module")
def found(release: Path) -> dict[str, Any]:
    store: Store = connect(release)
    return families.families(store)


def family_of(found: dict[str, Any], bill: str) -> dict[str, Any]:
    (family,) = (f for f in found["families"] if iri.of(bill) in {b["iri"] for b in f["bills"]})
    return family


@pytest.mark.parametrize(
    "bills",
    [
        ("/us/bill/117/s/299", "/us/bill/118/s/560", "/us/bill/118/hr/1231"),
        ("/us/bill/116/s/4066", "/us/bill/117/s/797", "/us/bill/118/s/483"),
        ("/us/bill/116/s/3398", "/us/bill/118/s/1207"),
        ("/us/bill/118/hr/4887", "/us/bill/119/hr/2889"),
    ],
)
def test_reintroductions_are_one_family(found: dict[str, Any], bills: tuple[str, ...]) -> None:
    family = family_of(found, bills[0])
    assert {*map(iri.of, bills)} <= {bill["iri"] for bill in family["bills"]}


def test_a_bill_is_of_one_family_and_a_family_of_several_congresses(found: dict[str, Any]) -> None:
    bills = [bill["iri"] for family in found["families"] for bill in family["bills"]]
    assert len(bills) == len(set(bills))
    assert all(len(family["congresses"]) > 1 and family["why"] for family in found["families"])


def test_bills_stand_in_the_order_of_congresses_and_are_held_against_an_earlier_one(found: dict[str, Any]) -> None:
    for family in found["families"]:
        congresses = [bill["congress"] for bill in family["bills"]]
        assert congresses == sorted(congresses)
        by_iri = {bill["iri"]: bill for bill in family["bills"]}
        for bill in family["bills"]:
            assert (bill["before"] is None) == (bill["congress"] == congresses[0])
            assert bill["before"] is None or by_iri[bill["before"]]["congress"] < bill["congress"]


def test_what_two_bills_would_do_is_compared_by_designation() -> None:
    one = Instruction("/b/1", "/b", 1, "add-exemption", "addition", ("/us/usc/t47/s230/e/6",))
    other = one._replace(slots=("/us/usc/t47/s230/e/7",))
    assert families.compare([one], [other]) == {
        "kept": [],
        "new": [{"operation": "add-exemption", "at": "47 U.S.C. § 230(e)(7)"}],
        "gone": [{"operation": "add-exemption", "at": "47 U.S.C. § 230(e)(6)"}],
    }


def test_a_change_told_less_exactly_is_not_another() -> None:
    one = Instruction("/b/1", "/b", 1, "add-exemption", "addition", ("/us/usc/t47/s230/e/6",))
    found = families.compare([one._replace(slots=("/us/usc/t47/s230/e",))], [one])
    assert (len(found["kept"]), found["new"], found["gone"]) == (1, [], [])


def test_versions_of_one_bill_are_held_against_each_other_in_their_order() -> None:
    one = Instruction(
        "/us/bill/118/s/1/1", "/us/bill/118/s/1", 1, "add-exemption", "addition", ("/us/usc/t47/s230/e/6",)
    )
    other = one._replace(operation="add-definition", slots=("/us/usc/t47/s230/f/5",))
    found = families.between_versions(
        {
            (one.bill, ""): (one,),
            (one.bill, "is"): (one,),
            (one.bill, "rs"): (one, other),
            ("/us/bill/118/s/2", "is"): (),
        }
    )
    (only,) = found
    assert (only["cite"], only["from"], only["to"]) == ("S. 1, 118th Cong.", "is", "rs")
    assert [change["at"] for change in only["changed"]["new"]] == ["47 U.S.C. § 230(f)(5)"]
    assert not only["changed"]["gone"] and len(only["changed"]["kept"]) == 1


def test_the_vehicle_of_section_230_is_not_the_origin_of_its_words(found: dict[str, Any]) -> None:
    origins = {v["iri"]: {o["iri"] for o in v["origins"]} for v in found["vehicles"]}
    assert origins[iri.of("/us/bill/104/s/652")] == {iri.of("/us/bill/104/hr/1978"), iri.of("/us/bill/104/hr/1555")}
    assert origins[iri.of("/us/bill/115/hr/1865")] == {iri.of("/us/bill/115/s/1693")}
    assert all(v["law"] for v in found["vehicles"])
