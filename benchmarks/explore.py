"""How quickly the picture is drawn and answers, in a real browser.

    python -m benchmarks.explore RELEASES

RELEASES is a folder of releases, such as ``$S230_HOME/graph``. Times are medians in milliseconds: drawn, from the
request for the page until boxes stand on the canvas, the page being kept by the server; slider, from a step of it until
the next frame is drawn. They stand beside an ordinary page of the same server as a yardstick.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.__main__ import Service, fetch

VIEWS = {
    "the story": "/explore",
    "around H.R. 1865, gathered": "/explore?focus=/us/bill/115/hr/1865",
    "a large view": "/explore?focus=/us/usc/t47/s230&focus=/us/bill/115/hr/1865&depth=3&limit=1000",
}
TIMES = 5
SLIDE = """async () => {
    const slider = document.getElementById("slide-to");
    const times = [];
    for (let year = slider.max; year > slider.max - 20; year--) {
        slider.value = year;
        const before = performance.now();
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
        times.push(performance.now() - before);
    }
    return times;
}"""


def main() -> None:
    """Measure and print."""
    browsers = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    with Service(Path(sys.argv[1])) as service, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=next(filter(None, browsers)), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        yardstick = statistics.median(opened(page, f"{service.address}/about", "main") for _ in range(TIMES))
        print(f"{'an ordinary page':<34}{yardstick:>9.0f} ms")
        for name, address in VIEWS.items():
            fetch(service.address + address)
            times = [opened(page, service.address + address, "#stage[data-drawn]") for _ in range(TIMES)]
            boxes = page.get_attribute("#stage", "data-drawn")
            drawn, slid = statistics.median(times), statistics.median(page.evaluate(SLIDE))
            print(f"{name:<34}{drawn:>9.0f} ms{drawn / yardstick:>7.1f} x   slider {slid:.0f} ms   {boxes} boxes")
        browser.close()


def opened(page: Any, address: str, sign: str) -> float:
    """Milliseconds until an element is there."""
    page.goto("about:blank")
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(sign)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
