"""Committees, their subcommittees and members, and files that are wrong."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Committee, Rejected
from ingest import committees, legislators

HERE = Path(__file__).parent.parent / "data" / "committees"
FILES = ("committees.yaml", "membership.yaml")


def from_bytes(data: bytes) -> list[Committee | Rejected]:
    return list(committees.read(io.BytesIO(data)))


def test_a_subcommittee_follows_its_committee_and_carries_its_code() -> None:
    assert from_bytes((HERE / "committees.yaml").read_bytes()) == [
        Committee("hstt00", "House Committee on Tests", "House", congresses=(116, 118)),
        Committee("hstt01", "Unit Tests", "House", parent="hstt00", congresses=(118,)),
        Committee("jsfx00", "Joint Committee on Fixtures", "Joint"),
    ]


def test_membership_names_members_by_rank_and_title() -> None:
    assert from_bytes((HERE / "membership.yaml").read_bytes()) == [
        Committee("hstt00", "", "", members=(("R000001", 1, "Chair"), ("M000002", 1, ""))),
        Committee("hstt01", "", "", members=(("R000001", 2, ""),)),
    ]


@pytest.mark.parametrize("name", FILES)
def test_each_shape_is_recognised_and_is_not_taken_for_people(name: str) -> None:
    head = (HERE / name).read_bytes()
    assert committees.recognises(head)
    assert not legislators.recognises(head)


@pytest.mark.parametrize("head", [b"", b"\0\xff", b"- type: rep\n  start: 1", b"HSTT: 1", b"ABCD:\n- bioguide: x\n"])
def test_other_files_are_not_recognised(head: bytes) -> None:
    assert not committees.recognises(head)


@pytest.mark.parametrize(("document", "where", "reason"), yaml.safe_load((HERE / "wrong.yaml").read_text()))
def test_a_wrong_committee_is_rejected_with_place_and_reason(document: object, where: str, reason: str) -> None:
    assert from_bytes(yaml.safe_dump(document).encode()) == [Rejected(reason, where)]


def test_a_wrong_committee_does_not_stop_the_next() -> None:
    found = from_bytes(b"- {type: house}\n- {type: senate, name: B, thomas_id: SSBB}\n")
    assert [type(record) for record in found] == [Rejected, Committee]


def test_a_subcommittee_without_a_code_is_rejected_and_not_taken_for_its_committee() -> None:
    found = from_bytes(b"- {type: house, name: A, thomas_id: HSAA, subcommittees: [{name: B}]}")
    assert found == [
        Committee("hsaa00", "A", "House"),
        Rejected("subcommittee of HSAA without a thomas_id", "committee 1"),
    ]


@given(st.binary(max_size=300))
def test_arbitrary_bytes_never_raise(data: bytes) -> None:
    committees.recognises(data)
    from_bytes(data)


@given(st.sampled_from(FILES), st.integers(0, 600), st.integers(0, 30), st.binary(max_size=6))
def test_a_damaged_file_never_raises(name: str, start: int, length: int, instead: bytes) -> None:
    data = (HERE / name).read_bytes()
    from_bytes(data[:start] + instead + data[start + length :])


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "count"),
    [("committees-current.yaml", 230), ("committees-historical.yaml", 512), ("committee-membership-current.yaml", 230)],
)
def test_every_committee_of_the_official_files_is_read(corpus: Path, name: str, count: int) -> None:
    data = (corpus / "legislators" / name).read_bytes()
    assert committees.recognises(data[:8192])
    found = from_bytes(data)
    assert [record for record in found if isinstance(record, Rejected)] == []
    assert len(found) == count


@pytest.mark.corpus
def test_the_official_membership_names_committees_of_the_current_list(corpus: Path) -> None:
    listed, seated = (
        {
            record.code
            for record in from_bytes((corpus / "legislators" / name).read_bytes())
            if isinstance(record, Committee)
        }
        for name in ("committees-current.yaml", "committee-membership-current.yaml")
    )
    assert seated == listed
