"""Situations of named cases held against the section: what decides, in order, and which decisions answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from data import ROOT
from graph import iri
from graph.answers import Malformed
from graph.scenario import FINDINGS, courts, rules, scenario
from graph.store import Store, ask_for, connect

ROWS = yaml.safe_load((Path(__file__).parent.parent / "data" / "scenarios.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def store(release: Path) -> Store:
    return connect(release)


def asked(row: dict[str, Any]) -> dict[str, str]:
    return {name: row[name] for name in ("who", "law", "conduct", "where") if name in row} | {"on": row["day"]}


def told(answer: dict[str, Any]) -> set[str]:
    return {holding["case"].rpartition("/")[2] for step in answer["steps"] for holding in step["holdings"]}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(asked(row).values()))
def test_a_situation_is_decided_as_in_the_named_cases(store: Store, row: dict[str, Any]) -> None:
    answer = scenario(store, **asked(row))
    assert answer["finding"] == row["finding"], answer["steps"]
    cites = [step["cite"] for step in answer["steps"]]
    assert cites == row.get("cites", cites)
    assert set(row.get("has", ())) <= told(answer)
    assert not set(row.get("lacks", ())) & told(answer)
    assert row.get("says", "") in " ".join(step["says"] for step in answer["steps"])


def test_every_step_has_a_source_and_no_decision_rests_on_memory(store: Store) -> None:
    for row in ROWS:
        for step in scenario(store, **asked(row))["steps"]:
            assert step["sources"], step["cite"]
            assert all(
                holding["confidence"] in ("official", "two-sources", "one-source") for holding in step["holdings"]
            )


def test_a_decision_counts_until_it_is_vacated(store: Store) -> None:
    before, after = (
        scenario(store, "private", "state-tort", "recommending", day) for day in ("2023-05-17", "2023-05-18")
    )
    undone = {h["name"]: h["undone"] for step in after["steps"] for h in step["holdings"] if h["undone"]}
    assert undone == {"Gonzalez v. Google LLC": "2023-05-18"}
    assert told(before) == told(after)


def test_no_answer_calls_anybody_immune() -> None:
    assert not [words for words in FINDINGS.values() if "immune" in words]
    assert "immune" not in (ROOT / "scenario.yaml").read_text(encoding="utf-8")


def test_the_rules_keep_to_their_schema_and_name_what_is_in_the_graph(store: Store) -> None:
    read = yaml.safe_load((ROOT / "scenario.yaml").read_text(encoding="utf-8"))
    jsonschema.validate(read, json.loads((ROOT / "schemas" / "scenario.json").read_text(encoding="utf-8")))
    known = rules()
    cases = {iri.path(row["case"]) for row in ask_for(store, "decisions")}
    asked_for = {entry["question"] for entry in known["conducts"].values()}
    for law in known["laws"].values():
        assert set(law["who"]) <= set(known["plaintiffs"])
        asked_for |= {law["otherwise"]} if "otherwise" in law else set()
        for rule in law.get("exemptions", ()):
            assert ask_for(store, "exemption_reach", exemption=rule["exemption"]), rule
            asked_for |= {rule["question"]} if "question" in rule else set()
    assert asked_for == set(known["questions"])
    for question in known["questions"].values():
        assert {entry["case"] for entry in question["holdings"]} <= cases
        assert {entry["answer"] for entry in question["holdings"]} == set(question["answers"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"who": "martian"}, "one of: private"),
        ({"law": "47 U.S.C. § 9"}, "one of: federal-crime"),
        ({"law": "\x00" * 500}, "one of: federal-crime"),
        ({"conduct": ""}, "one of: publishing"),
        ({"on": "2020-02-30"}, "2020-02-30"),
        ({"where": "ca99"}, "no court of the graph"),
        ({"who": "federal-prosecutor"}, "does not go by"),
    ],
)
def test_a_wrong_question_is_told_what_may_be_asked(store: Store, change: dict[str, str], words: str) -> None:
    right = {"who": "private", "law": "state-tort", "conduct": "publishing", "on": "2020-01-01", "where": "ca9"}
    with pytest.raises(Malformed, match=words):
        scenario(store, **(right | change))


def test_courts_are_those_of_the_decisions(store: Store) -> None:
    found = courts(store)
    assert found["ca9"] == "9th Cir." and found["scotus"]
