"""What describes the data is held against the data: package, codebook, inclusion rule, gaps, corrections, citation."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rdflib
import yaml

from data import ROOT
from graph import codebook, iri, queries
from graph.store import Embedded
from graph.vocabulary import ONTOLOGY, PREFIXES, named
from ingest import datapackage, gaps, tables

CHECKOUT = ROOT.parent
RESOURCES = datapackage.package()["resources"]
NAMES = [resource["name"] for resource in RESOURCES]

READ: dict[str, Callable[[str], object]] = {
    "string": str,
    "integer": int,
    "year": int,
    "date": date.fromisoformat,
    "boolean": {"true": True, "false": False, "yes": True, "no": False}.__getitem__,
}


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def resource(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(resource for resource in RESOURCES if resource["name"] == name)
    return found


# --- the package of the tables ---------------------------------------------------------------------------------------


def test_the_package_is_the_one_that_the_code_describes():
    mend = "write it again: python -m ingest.datapackage > data/datapackage.json"
    assert (ROOT / "datapackage.json").read_text(encoding="utf-8") == datapackage.text(), mend


def test_every_table_is_described_and_every_description_is_of_a_column():
    assert {Path(found["path"]).name for found in RESOURCES} == {file.name for file in (ROOT / "tables").glob("*.csv")}
    assert set(datapackage.FIELDS) == {column for columns in tables.COLUMNS.values() for column in columns}


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_of_the_type_of_its_field(name: str) -> None:
    fields = resource(name)["schema"]["fields"]
    for line, row in enumerate(rows(name), 2):
        assert list(row) == [field["name"] for field in fields]
        for field in fields:
            cell = row[field["name"]]
            try:
                assert cell == "" or READ[field["type"]](cell) is not None
            except (ValueError, KeyError):
                pytest.fail(f"{name}.csv:{line}: {field['name']} is {cell!r}, which is no {field['type']}")


@pytest.mark.parametrize("name", NAMES)
def test_a_primary_key_names_one_row(name: str) -> None:
    key = resource(name)["schema"]["primaryKey"]
    keys = Counter(tuple(row[column] for column in key) for row in rows(name))
    assert [found for found, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_foreign_key_names_a_row_that_exists(name: str) -> None:
    for link in resource(name)["schema"]["foreignKeys"]:
        there = {row[link["reference"]["fields"]] for row in rows(link["reference"]["resource"])}
        assert {row[link["fields"]] for row in rows(name)} - {""} <= there


# --- the codebook ----------------------------------------------------------------------------------------------------


def test_the_codebook_is_current():
    mend = "write it again: python -m graph.codebook > docs/codebook.md"
    assert (CHECKOUT / "docs" / "codebook.md").read_text(encoding="utf-8") == codebook.codebook(), mend


def test_every_term_of_ours_is_in_the_codebook():
    book = codebook.codebook()
    ontology = rdflib.Graph().parse(ONTOLOGY)
    terms = {str(term) for term in ontology.subjects(rdflib.RDFS.label) if str(term).startswith(PREFIXES["s230"])}
    schemes = {str(term) for term in ontology.subjects(rdflib.RDF.type, rdflib.SKOS.ConceptScheme)}
    assert len(terms) > 200
    absent = (
        short for short in map(codebook.short, terms - schemes) if not re.search(rf"`{short}`|### {short}\n", book)
    )
    assert sorted(absent) == []


# --- the inclusion rule ----------------------------------------------------------------------------------------------


def test_the_counts_of_the_inclusion_rule_are_those_of_the_list():
    text = (CHECKOUT / "docs" / "inclusion.md").read_text(encoding="utf-8")
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    start = next(position for position, cells in enumerate(lines) if cells[0] == "Congress")
    _, *kinds, last = lines[start]
    bills = yaml.safe_load((ROOT / "facts" / "bills.yaml").read_text(encoding="utf-8"))["bills"]
    found = Counter((bill["id"].split("/")[3], bill["relevance"]) for bill in bills)
    assert last == "counted"
    assert set(kinds) == {kind for _, kind in found}
    expected = [_line(number, kinds, found) for number in sorted({number for number, _ in found}, key=int)]
    totals = [str(sum(int(cells[column]) for cells in expected)) for column in range(1, len(kinds) + 2)]
    assert lines[start + 2 :] == [*expected, ["all", *totals]]


def _line(number: str, kinds: list[str], found: Counter[tuple[str, str]]) -> list[str]:
    counts = {kind: found[number, kind] for kind in kinds}
    return [number, *map(str, counts.values()), str(sum(counts.values()) - counts["none"])]


def test_every_relevance_is_explained_in_the_inclusion_rule():
    text = (CHECKOUT / "docs" / "inclusion.md").read_text(encoding="utf-8")
    ontology = rdflib.Graph().parse(ONTOLOGY)
    scheme = rdflib.URIRef(PREFIXES["s230"] + "relevance-scheme")
    kinds = {str(term).partition("relevance-")[2] for term in ontology.subjects(rdflib.SKOS.inScheme, scheme)}
    assert kinds == set(re.findall(r"^\| `([a-z-]+)` \|", text, re.M))


# --- gaps, corrections, citation -------------------------------------------------------------------------------------


def test_a_gap_says_what_is_missing_why_and_what_it_bears_on():
    assert len({gap.path for gap in gaps.read()}) == len(gaps.read())
    for gap in gaps.read():
        assert re.fullmatch(r"/gap/[a-z0-9-]+", gap.path)
        assert gap.what.endswith(".")
        assert gap.why.endswith(".")
        assert gap.affects


def test_what_a_gap_bears_on_is_in_the_graph(release: Path) -> None:
    store = Embedded(release)
    meta = f"GRAPH <{iri.of('/graph/meta')}>"
    for term in {named(bearing) for gap in gaps.read() for bearing in (*gap.affects, *gap.counts)}:
        assert store.ask(
            f"ASK {{ {{ {term} ?p ?o }} UNION {{ ?thing a {term} }} UNION {{ {meta} {{ {term} ?p ?o }} }} }}"
        ), term


def test_every_gap_that_is_counted_is_explained(release: Path) -> None:
    rows = Embedded(release).select(queries.load("research/not-covered").text)
    assert {row["gap"] for row in rows} == {iri.of(gap.path) for gap in gaps.read()}
    counted = {row["counted"]: int(row["things"]) for row in rows if "counted" in row}
    assert set(counted) == {gap.counted for gap in gaps.read() if gap.counted}
    assert all(counted.values())


def test_every_measure_without_a_record_is_named_by_a_gap():
    bills = yaml.safe_load((ROOT / "facts" / "bills.yaml").read_text(encoding="utf-8"))["bills"]
    unread = {bill["id"] for bill in bills if bill["relevance"] != "none"} - {row["bill"] for row in rows("bills")}
    noted = {bill["id"] for bill in bills if bill.get("record", {}).get("status", "draft") != "draft"}
    named_by_gap = {path for gap in gaps.read() for path in gap.affects if path.startswith("/us/bill/")}
    assert unread - noted <= named_by_gap <= unread
    assert noted <= unread
    assert any("/family/noted-records" in gap.affects and "nine" in gap.what for gap in gaps.read()) and len(noted) == 9


def test_a_correction_says_when_where_what_it_was_and_what_it_is():
    with (ROOT / "corrections.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == ["date", "record", "statement", "was", "is", "source"]
        for row in reader:
            assert date.fromisoformat(row["date"])
            assert row["record"].startswith("/")
            assert row["was"] != row["is"]
            assert all(row[column] for column in ("statement", "is", "source"))


def test_the_citation_names_the_release_and_no_person():
    citation = yaml.safe_load((CHECKOUT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["cff-version"] == "1.2.0"
    assert str(citation["version"]) == project["version"]
    assert citation["authors"] == [{"name": "Section 230 graph contributors"}]
    assert {"message", "title", "abstract", "license"} <= set(citation)


def test_the_package_is_plain_json():
    assert json.loads(datapackage.text())["profile"] == "tabular-data-package"
