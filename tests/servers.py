"""SPARQL servers of other houses, started for the tests: Oxigraph's (PyPI `oxigraph`) and Virtuoso 7 (Debian)."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

SECONDS = 60
"""What a server may take to come up."""

PASSWORD = "dba"
"""Virtuoso's own, as it comes."""

VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
ServerThreads = 20
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 10
[SPARQL]
{more}
"""


class Address(NamedTuple):
    """Where a server is asked, and where it is written to (with credentials, where it wants them)."""

    read: str
    write: str
    process: subprocess.Popen[bytes]


Start = Callable[..., contextlib.AbstractContextManager[Address]]


@contextlib.contextmanager
def oxigraph(folder: Path, port: int = 0) -> Iterator[Address]:
    """Oxigraph's own server over `folder`; it takes updates from everyone."""
    program = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    if not program:
        pytest.skip("the server of Oxigraph is absent: pip install oxigraph")
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    with _running([program, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"], folder, url) as process:
        yield Address(url, url, process)


@contextlib.contextmanager
def virtuoso(folder: Path, port: int = 0, more: str = "") -> Iterator[Address]:
    """Virtuoso over `folder`: everyone may ask, who gives a password may write. `more` are lines of its [SPARQL]."""
    program = shutil.which("virtuoso-t")
    if not program:
        pytest.skip("Virtuoso is absent: apt-get install virtuoso-opensource-7-bin")
    port = port or free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(VIRTUOSO_INI.format(folder=folder, sql=free_port(), port=port, more=more))
    url = f"http://127.0.0.1:{port}/sparql"
    with _running([program, "-f", "+configfile", str(ini)], folder, url) as process:
        yield Address(url, f"http://dba:{PASSWORD}@127.0.0.1:{port}/sparql-auth", process)


SERVERS: dict[str, Start] = {"oxigraph": oxigraph, "virtuoso": virtuoso}


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def _running(command: list[str], folder: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    log = folder.with_suffix(".log")
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder)
    try:
        end = time.monotonic() + SECONDS
        while not _answers(url):
            assert process.poll() is None and time.monotonic() < end, log.read_text(errors="replace")[-2000:]
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(url, timeout=SECONDS).status_code < 500
    return False
