"""Fixtures for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import SERVERS, Address

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of official files; tests that read it are skipped, saying so, where it is absent."""
    folder = Path(os.environ.get("S230_CORPUS") or HERE.parent.parent / "shared" / "corpus")
    if not (folder / "manifest.json").is_file():
        pytest.skip(f"official files are absent ({folder}); set S230_CORPUS to their folder")
    return folder


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of small files written for the tests."""
    return HERE / "data"


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A releases folder with the default graph: the curated data alone, built once for all tests."""
    from ingest.build import build

    folder = tmp_path_factory.mktemp("release")
    build([], folder, jobs=1)
    return folder


@pytest.fixture(scope="session", params=sorted(SERVERS))
def published(
    request: pytest.FixtureRequest, release: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Address]:
    """A server of another house, with the default graph published to it."""
    from graph import publication
    from graph.protocol import Server
    from graph.store import Embedded

    with SERVERS[request.param](tmp_path_factory.mktemp(request.param)) as address:
        publication.publish(Embedded(release), Server(address.write, timeout=publication.TIMEOUT))
        yield address


@pytest.fixture(scope="session")
def worded(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A releases folder with the official text of five sections beside the curated data."""
    from ingest.build import build

    code = corpus / "uscode" / "119-100"
    sections = [code / name for name in ("47/201.xml", "47/223.xml", "47/230.xml", "47/231.xml", "18/1591.xml")]
    folder = tmp_path_factory.mktemp("worded")
    build(sections, folder, jobs=1)
    return folder
