"""Former addresses of provisions lead to those of today."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.addresses import redirect
from graph import answers, iri
from graph.release import current
from graph.store import connect
from ingest import curated, mapper
from ingest.aliases import Alias, read
from ingest.load import load

NEW = "/provision/us/usc/t47/s230/d/2@1996-02-08"
OLD = "/provision/us/usc/t47/s230/e/2@2026-06-26"

BROKEN = [
    ("old,new\n", "the first line must be old,new,why"),
    (f"old,new,why\n/us/usc/t47/s230,{NEW},better\n", "line 2: '/us/usc/t47/s230' is no address of a provision"),
    (f"old,new,why\n{NEW},{NEW},better\n", "is in use"),
    (f"old,new,why\n{OLD},/provision/us/usc/t47/s1@2000-01-01,better\n", "is no provision of the ledger"),
    (f"old,new,why\n{OLD},{NEW},better\n{OLD},{NEW},better\n", "line 3: .* has a successor in a line above"),
    (f"old,new,why\n{OLD},{NEW},\n", "why is missing"),
    (f"old,new,why\n{OLD}\n", "is no provision of the ledger"),
]


@pytest.mark.parametrize(("words", "said"), BROKEN, ids=[said for _, said in BROKEN])
def test_a_row_that_breaks_a_rule_is_named(tmp_path: Path, words: str, said: str) -> None:
    file = tmp_path / "aliases.csv"
    file.write_text(words, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        read({NEW}, file)


def test_the_former_addresses_of_the_data_can_be_read() -> None:
    assert curated.load().aliases == read(curated.provisions(curated.load().timelines))


def test_a_former_address_leads_to_the_provision_and_its_history(tmp_path: Path, release: Path) -> None:
    file = tmp_path / "aliases.csv"
    file.write_text(f"old,new,why\n{OLD},{NEW},the day of its birth was confirmed\n", encoding="utf-8")
    known = curated.load()
    found = known._replace(aliases=read(curated.provisions(known.timelines), file))
    assert found.aliases == (Alias(OLD, NEW, "the day of its birth was confirmed"),)
    said_of_it = (facts for _, own, facts, _ in curated.statements(found, mapper.Setting(known.coverage)) if own == OLD)
    lines = [line for facts in said_of_it for _, _, line in facts]
    said = tmp_path / "aliases.nt"
    said.write_text("".join(f"{line} .\n" for line in lines), encoding="utf-8")
    load([said], current(release), tmp_path / "out")
    store = connect(tmp_path / "out")
    assert redirect(store, OLD) == NEW
    assert answers.translate(store, OLD, "1997-11-12")["provision"] == iri.of(NEW)
    assert answers.at(store, OLD, "1997-11-12")["cite"] == "47 U.S.C. § 230(d)(2)"
