"""Official files with something broken in them are read, skipped or rejected: never a crash, a hang or bad RDF.

`S230_MUTANTS=10000 python -m pytest tests/ingest/test_mutants.py` tries so many; the suite tries 300.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest import curated, mapper
from tests.ingest import mutants

NUMBER = int(os.environ.get("S230_MUTANTS", "300"))
SEED = int(os.environ.get("S230_MUTANTS_SEED", "230"))
LONGEST = 5
"""Seconds of a core that no file may take."""


@pytest.mark.corpus
def test_broken_files_are_never_a_crash_a_hang_or_bad_rdf(corpus: Path) -> None:
    facts = curated.load()
    setting = mapper.Setting(facts.coverage, "2026-06-26", facts.timelines)
    wrong: list[str] = []
    for name, item, content in mutants.mutants(mutants.seeds(corpus), NUMBER, SEED):
        try:
            found, seconds = mutants.faults(item, content, setting)
        except Exception as error:
            found, seconds = [f"{type(error).__name__}: {error}"], 0.0
        wrong += [f"{name}: {fault}" for fault in found]
        if seconds > LONGEST:
            wrong.append(f"{name}: {seconds:.1f} seconds")
    assert wrong == [], "\n".join(wrong)
