"""The documentation against the code: what is there is written down, and what is written down is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.main import get_command

from api.app import create_app
from api.cli import app
from api.settings import Settings
from graph import queries
from graph.timeline import STATUSES

ROOT = Path(__file__).parent.parent
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
HTTP = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")


def test_every_command_is_documented_and_no_other() -> None:
    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    assert set(re.findall(r"\| `s230 (\w+)", COMMANDS)) == known


def test_every_status_is_documented() -> None:
    assert {status for status in STATUSES if f"`{status}`" in COMMANDS} == set(STATUSES)


def test_every_setting_is_documented_and_in_the_example_file() -> None:
    names = {f"S230_{name.upper()}" for name in Settings.model_fields}
    for file in ("docs/settings.md", ".env.example"):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert set(re.findall(r"\bS230_[A-Z_]+\b", text)) == names, file


def test_every_json_address_is_documented(release: Path) -> None:
    with TestClient(create_app(release, Settings())) as client:
        paths = set(json.loads(client.get("/openapi.json").content)["paths"])
    assert {path for path in paths if path.startswith("/api/")} == set(re.findall(r"`(/api/v1/\w+)", HTTP))


@pytest.mark.parametrize("name", queries.names())
def test_every_named_query_says_what_it_asks(name: str) -> None:
    example = queries.load(name)
    assert example.title.endswith("?") or example.title
    assert example.audience in {"everybody", "researcher", "student", "lawyer"}
    assert example.columns and example.description


def test_the_readme_shows_what_the_program_prints(release: Path) -> None:
    """The README's examples with output, run as they stand."""
    from typer.testing import CliRunner

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^    \$ s230 (\w+) (.*)\n((?:    .*\n)+)", text, re.M)
    assert blocks
    import shlex

    for command, words, shown in blocks:
        if command == "view":
            continue
        result = CliRunner().invoke(app, [command, *shlex.split(words), "--store", str(release)])
        expected = re.sub(r"^    ", "", shown, flags=re.M)
        assert result.stdout.strip() == expected.strip(), command
