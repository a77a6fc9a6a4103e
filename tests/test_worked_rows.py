"""The worked rows of the rules come out right everywhere: from the functions, the command line and the HTTP API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from api.cli import app
from graph import answers, iri
from graph.store import Store, connect

Row = dict[str, Any]

ROWS: dict[str, list[Row]] = yaml.safe_load((Path(__file__).parent / "data" / "worked_rows.yaml").read_text("utf-8"))


def named(row: Row) -> str:
    return f"{row['cite']} {row.get('day', '')}"


def provision(row: Row) -> str | None:
    return iri.of(f"/provision/us/usc/{row['provision']}") if row.get("provision") else None


@pytest.fixture(scope="module")
def store(release: Path) -> Store:
    return connect(release)


@pytest.fixture(scope="module")
def ask(release: Path) -> Iterator[Callable[..., Row]]:
    """The HTTP API: a name and parameters to the JSON of the answer, which is always 200."""
    if not find_spec("api.app"):
        pytest.skip("the service is not there")
    from starlette.testclient import TestClient

    from api.app import create_app
    from api.settings import Settings

    with TestClient(create_app(release, Settings())) as client:

        def get(name: str, **parameters: str) -> Row:
            answer = client.get(f"/api/v1/{name}", params=parameters)
            assert answer.status_code == 200
            found: Row = answer.json()
            return found

        yield get


def run(*words: str, store: Path) -> tuple[int, Row]:
    found = CliRunner().invoke(app, [*words, "--format", "json", "--store", str(store)])
    return found.exit_code, json.loads(found.stdout)


# --- at --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS["at"], ids=named)
def test_what_stood_there(store: Store, row: Row) -> None:
    found = answers.at(store, row["cite"], row["day"])
    assert (found["status"], found["provision"], found["cite"]) == (row["status"], provision(row), row["cite"])
    assert row.get("from", "") in found["message"]


@pytest.mark.parametrize("row", [row for row in ROWS["at"] if row["status"] == "ok"], ids=named)
def test_where_it_stands_today_and_that_it_leads_back(store: Store, row: Row) -> None:
    there = answers.translate(store, row["cite"], row["day"])
    assert there["now"]["cite"] == row["today"]
    back = answers.translate(store, row["today"], "today", row["day"])
    assert (back["now"]["cite"], back["provision"]) == (row["cite"], there["provision"])


@pytest.mark.parametrize("row", ROWS["at"], ids=named)
def test_the_command_line_gives_the_same(store: Store, release: Path, row: Row) -> None:
    status, found = run("at", row["cite"], row["day"], store=release)
    assert found == answers.at(store, row["cite"], row["day"])
    assert status == (0 if row["status"] == "ok" else 1)


@pytest.mark.parametrize("row", ROWS["at"], ids=named)
def test_the_service_gives_the_same(store: Store, ask: Callable[..., Row], row: Row) -> None:
    assert ask("at", cite=row["cite"], date=row["day"]) == answers.at(store, row["cite"], row["day"])


@pytest.mark.corpus
@pytest.mark.parametrize("row", [row for row in ROWS["at"] if "has" in row or "lacks" in row], ids=named)
def test_the_words_of_the_day_are_shown(worded: Path, row: Row) -> None:
    found = answers.at(connect(worded), row["cite"], row["day"])
    assert row.get("has", "") in found["text"]
    assert row.get("lacks", "\0") not in found["text"]
    assert found["text_status"] == ("official" if found["valid_to"] is None else "derived")


# --- translate -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS["translate"], ids=named)
def test_an_old_citation_is_translated_and_why(store: Store, row: Row) -> None:
    found = answers.translate(store, row["cite"], row["day"], row.get("to"))
    assert (found["status"], found["now"]["cite"]) == ("ok", row["now"])
    assert [reason["law"] for reason in found["because"]] == row["because"]
    assert all(reason["source"]["confidence"] == "official" for reason in found["because"])


@pytest.mark.parametrize("row", ROWS["translate"], ids=named)
def test_a_translation_is_the_same_everywhere(store: Store, release: Path, ask: Callable[..., Row], row: Row) -> None:
    expected = answers.translate(store, row["cite"], row["day"], row.get("to"))
    until = {"to": row["to"]} if "to" in row else {}
    options = [word for key, value in until.items() for word in (f"--{key}", value)]
    assert run("translate", row["cite"], "--date", row["day"], *options, store=release) == (0, expected)
    assert ask("translate", cite=row["cite"], date=row["day"], **until) == expected


# --- trace -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS["trace"], ids=named)
def test_the_chain_behind_a_provision(store: Store, row: Row) -> None:
    found = answers.trace(store, row["cite"])
    chain, last = found["chain"], found["chain"][-1]
    assert [link["law"]["section"] for link in chain] == row["laws"]
    assert [link["law"]["stat"] for link in chain] == row.get("stat", [link["law"]["stat"] for link in chain])
    assert [link["bill"]["cite"] for link in chain] == row.get("bills", [link["bill"]["cite"] for link in chain])
    assert [link["law"]["section"] for link in found["reach"]] == row.get(
        "reach", [link["law"]["section"] for link in found["reach"]]
    )
    assert last["sponsor"]["bioguide"] == row.get("sponsor", last["sponsor"]["bioguide"])
    assert row.get("cosponsors", {}).items() <= last["cosponsors"].items()
    votes = {(v["chamber"], v["date"], v["yea"], v["nay"], v["roll"]) for v in last["votes"]}
    assert votes >= {tuple(vote) for vote in row.get("votes", ())}
    assert all(link["sources"] for link in chain)


@pytest.mark.parametrize("row", [row for row in ROWS["trace"] if "reports" in row], ids=named)
def test_the_reports_on_a_bill_and_its_pages_in_the_record(store: Store, row: Row) -> None:
    history = answers.trace(store, row["cite"])["chain"][-1]["history"]
    assert [[report["cite"], report["kind"]] for report in history["reports"]] == row["reports"]
    assert {pages["cite"] for pages in history["record"]} >= set(row["record"])
    assert all(thing["address"].startswith("https://www.govinfo.gov/") for part in history.values() for thing in part)


def test_every_thing_of_a_chain_has_its_official_page(store: Store) -> None:
    found = answers.trace(store, "47 U.S.C. § 230(e)(5)")
    (link,) = found["chain"]
    assert [found["address"], link["law"]["address"], link["bill"]["address"]] == [
        "https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title47-section230",
        "https://www.govinfo.gov/link/plaw/115/public/164",
        "https://www.congress.gov/bill/115th-congress/house-bill/1865",
    ]
    rolls = {vote["roll"]: vote["address"] for vote in link["votes"]}
    assert rolls[91] == "https://clerk.house.gov/evs/2018/roll091.xml"
    assert rolls[60].startswith("https://www.senate.gov/legislative/LIS/roll_call_votes/")


@pytest.mark.parametrize("row", ROWS["trace"], ids=named)
def test_a_chain_is_the_same_everywhere(store: Store, release: Path, ask: Callable[..., Row], row: Row) -> None:
    expected = answers.trace(store, row["cite"])
    assert run("trace", row["cite"], store=release) == (0, expected)
    assert ask("trace", cite=row["cite"]) == expected
