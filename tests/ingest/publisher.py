"""A publisher for the tests: a real HTTP server on loopback that serves files by path, and misbehaves on order."""

from __future__ import annotations

import email.utils
import hashlib
import io
import json
import threading
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODIFIED = "Fri, 26 Jun 2026 20:26:06 GMT"

Trick = Callable[[BaseHTTPRequestHandler, bytes], bool]
"""Answers a request instead of the server (True), or lets it answer (False)."""


class Publisher:
    """Files by path, tricks for the next requests of a path, and what was asked: path and headers."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.tricks: dict[str, list[Trick]] = defaultdict(list)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.address = ""

    def publish(self, path: str, content: bytes | str) -> bytes:
        """Put a file at a path."""
        self.files[path] = content.encode() if isinstance(content, str) else content
        return self.files[path]

    def requests(self, path: str) -> list[dict[str, str]]:
        """The headers of the requests for a path, in their order."""
        return [headers for asked, headers in self.asked if asked == path]


@contextmanager
def publishing() -> Iterator[Publisher]:
    """A publisher that listens."""
    publisher = Publisher()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            publisher.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            tricks = publisher.tricks[self.path]
            if tricks and tricks.pop(0)(self, publisher.files.get(self.path, b"")):
                return
            content = publisher.files.get(self.path)
            if content is None:
                whole(self, b"<html>Not here</html>", 404, {"Content-Type": "text/html"})
                return
            answer(self, content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    publisher.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()


def tag(content: bytes) -> str:
    """The strong validator of a file."""
    return f'"{hashlib.sha256(content).hexdigest()[:16]}"'


def answer(to: BaseHTTPRequestHandler, content: bytes) -> None:
    """As a well-behaved server: 304, 206 or 200."""
    validators = {"ETag": tag(content), "Last-Modified": MODIFIED}
    if to.headers.get("If-None-Match") == tag(content):
        to.send_response(304)
        to.end_headers()
        return
    asked = to.headers.get("Range", "")
    if asked and to.headers.get("If-Range") == tag(content):
        begin = int(asked.removeprefix("bytes=").rstrip("-"))
        if begin >= len(content):
            whole(to, b"", 416)
            return
        place = {"Content-Range": f"bytes {begin}-{len(content) - 1}/{len(content)}"}
        whole(to, content[begin:], 206, validators | place)
        return
    whole(to, content, 200, validators)


def whole(to: BaseHTTPRequestHandler, content: bytes, status: int, headers: dict[str, str] | None = None) -> None:
    to.send_response(status)
    for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
        to.send_header(name, value)
    to.end_headers()
    to.wfile.write(content)


# --- misbehaviour ----------------------------------------------------------------------------------------------------


def refusing(status: int, **headers: str) -> Trick:
    """Answers with a status and nothing."""

    def trick(to: BaseHTTPRequestHandler, _: bytes) -> bool:
        whole(to, b"", status, {name.replace("_", "-"): value for name, value in headers.items()})
        return True

    return trick


def cut_after(count: int) -> Trick:
    """Announces the whole file, sends its first bytes and hangs up."""

    def trick(to: BaseHTTPRequestHandler, content: bytes) -> bool:
        to.send_response(200)
        for name, value in {"ETag": tag(content), "Content-Length": str(len(content))}.items():
            to.send_header(name, value)
        to.end_headers()
        to.wfile.write(content[:count])
        to.wfile.flush()
        to.close_connection = True
        return True

    return trick


def page(to: BaseHTTPRequestHandler, _: bytes) -> bool:
    """A page that says "error", with status 200."""
    whole(to, b"<!DOCTYPE html><html><body>Bulkdata Service Error</body></html>", 200, {"Content-Type": "text/html"})
    return True


def dripping(to: BaseHTTPRequestHandler, content: bytes) -> bool:
    """A byte now and then."""
    to.send_response(200)
    to.send_header("Content-Length", str(len(content)))
    to.end_headers()
    try:
        for byte in content:
            to.wfile.write(bytes([byte]))
            to.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass
    return True


def going_to(address: str) -> Trick:
    """Leads elsewhere."""
    return refusing(302, Location=address)


# --- what publishers publish -----------------------------------------------------------------------------------------


def archive(**members: bytes) -> bytes:
    """A zip file of members; ``__`` in a name stands for a point."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(zipfile.ZipInfo(name.replace("__", ".")), data)
    return content.getvalue()


def listing(*entries: tuple[str, str, bytes | None]) -> str:
    """A listing of GovInfo: name, address and content (None for a folder) of each entry."""
    return json.dumps(
        {
            "files": [
                {
                    "justFileName": name,
                    "link": address,
                    "folder": content is None,
                    "size": len(content or b""),
                    "formattedLastModifiedTime": "18-Sep-2026 20:26",
                }
                for name, address, content in entries
            ]
        }
    )


def day_of(said: str) -> str:
    """The day of an HTTP date."""
    return email.utils.parsedate_to_datetime(said).date().isoformat()
