"""The gaps file: what is read of it, and what is said of a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import gaps

ROW = "  - id: one\n    what: Something is missing.\n    why: Nobody has it.\n    affects: [/family/x]\n"


def test_a_gap_has_what_why_and_what_it_bears_on(tmp_path: Path) -> None:
    (tmp_path / "gaps.yaml").write_text(f"gaps:\n{ROW}    counts: [s230:Case]\n    congresses: [118]\n", "utf-8")
    (gap,) = gaps.read(tmp_path / "gaps.yaml")
    assert (gap.path, gap.what, gap.why) == ("/gap/one", "Something is missing.", "Nobody has it.")
    assert (gap.affects, gap.counts, gap.congresses) == (("/family/x",), ("s230:Case",), (118,))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"gaps:\n{ROW}    afects: [x]\n", "gaps.yaml: gap 1: no such field: afects; there are id, what, why"),
        ("gaps:\n  - id: one\n    what: A.\n    affects: [/x]\n", "gaps.yaml: gap 1: why is missing"),
        ("gaps: {a: 1}\n", "gaps.yaml: cannot be read: gaps: expected a list, found dict"),
        ("gaps:\n  - [\n", "gaps.yaml: cannot be read: line"),
        (f"gaps:\n{ROW}    congresses: [many]\n", "gaps.yaml: gap 1: invalid literal"),
    ],
)
def test_a_broken_file_is_one_line_that_names_the_gap(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "gaps.yaml").write_text(content, "utf-8")
    with pytest.raises(ValueError) as raised:
        gaps.read(tmp_path / "gaps.yaml")
    assert str(raised.value).startswith(said)
    assert "\n" not in str(raised.value)
