"""Run the benchmarks and print a table: ``python -m benchmarks``.

Each figure stands beside a yardstick measured in the same run, because machines differ and are noisy.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from benchmarks import law

QUESTIONS = (
    "at?cite=47+USC+230(e)(2)&date=1997-11-12",
    "translate?cite=47+USC+230(e)(2)&date=1997-11-12",
    "trace?cite=47+USC+230(e)(5)",
    "diff?cite=47+USC+230&from=1996-02-08&to=today",
    "blame?cite=47+USC+230",
)

PAGES = Path(__file__).parent.parent / "tests" / "data" / "api"
"""The addresses of pages that the tests open."""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        python = best(lambda: run([sys.executable, "-c", "pass"]))
        show("python starts", python, python)
        show("s230 --help", best(lambda: run([sys.executable, "-m", "api.cli", "--help"])), python)
        build, peak = built(home / "graph")
        show("default build", build, python)
        print(f"{'  peak memory of the build':<34}{peak:>9.0f} MB")
        with Service(home / "graph") as service:
            show("service ready", service.ready, python)
            yardstick = statistics.median(asked(service, "healthz", 50))
            show("GET /healthz, median", yardstick, yardstick)
            for question in QUESTIONS:
                times = asked(service, f"api/v1/{question}", 200)
                name = question.partition("?")[0]
                show(f"{name}, median", statistics.median(times), yardstick)
                show(f"{name}, 99th percentile", sorted(times)[int(len(times) * 0.99)], yardstick)
            show_pages(service, yardstick)
    for name, rate in law.reading():
        print(f"{name:<36}{rate:>7.1f} MB/s")
    for unit, seconds in law.slowest(1):
        show(f"cite, 1 MB of {unit!r} (the slowest)", seconds, python)


def show_pages(service: Service, yardstick: float) -> None:
    """Every page of the tests: its first reader waits for it to be made, all later ones have it from memory."""
    addresses = [address for name in ("tools", "things") for address in (PAGES / f"{name}.txt").read_text().split()]
    first = {address: page_seconds(service, address) for address in addresses}
    later = [page_seconds(service, address) for address in addresses]
    show(f"{len(first)} pages, first time, median", statistics.median(first.values()), yardstick)
    slowest = max(first, key=lambda address: first[address])
    show(f"  slowest: {slowest[:23]}", first[slowest], yardstick)
    show(f"{len(later)} pages, again, median", statistics.median(later), yardstick)
    show("  slowest", max(later), yardstick)


def page_seconds(service: Service, address: str) -> float:
    """Seconds until a page is there."""
    return timed(lambda: fetch(f"{service.address}{address}", "text/html"))


def show(name: str, seconds: float, yardstick: float) -> None:
    """One row: milliseconds, and how many times the yardstick."""
    print(f"{name:<34}{seconds * 1000:>9.1f} ms{seconds / yardstick:>9.1f} x")


def best(work: Callable[[], None], times: int = 5) -> float:
    """The shortest of several runs, in seconds: the one least disturbed."""
    return min(timed(work) for _ in range(times))


def timed(work: Callable[[], None]) -> float:
    """Seconds that a piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def run(command: list[str]) -> None:
    """Run a command to its end; its output is of no interest."""
    subprocess.run(command, check=True, capture_output=True)


def built(out: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of a default build."""
    seconds = timed(lambda: run([sys.executable, "-m", "api.cli", "build", "--source", "", "--out", str(out)]))
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


class Service:
    """A running service over a release, on a free port."""

    def __init__(self, releases: Path) -> None:
        self.releases = releases

    def __enter__(self) -> Service:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        begun = time.perf_counter()
        command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--store", str(self.releases)]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ})
        while time.perf_counter() - begun < 60:
            try:
                json.loads(fetch(f"{self.address}/api/v1/stats"))
                break
            except OSError:
                time.sleep(0.02)
        self.ready = time.perf_counter() - begun
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)


def fetch(address: str, accept: str = "*/*") -> bytes:
    """The body of an answer."""
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": accept}), timeout=30) as answer:
        content: bytes = answer.read()
        return content


def asked(service: Service, path: str, times: int) -> list[float]:
    """Seconds of each of several requests, after a few to warm up."""
    for _ in range(3):
        fetch(f"{service.address}/{path}")
    return [timed(lambda: fetch(f"{service.address}/{path}")) for _ in range(times)]


if __name__ == "__main__":
    main()
