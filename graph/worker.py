"""The worker: a process that evaluates one query at a time over a release and may be killed at any moment.

Run by `graph.engine` as a program, never imported by the service. It talks frames over its standard input and output: a
request is four bytes of length and JSON (see `answer`), the first one its setting; an answer is frames of one byte of
kind, four of length, and content. What it may use is bound before the first query: memory, stack, and no socket at all,
because SPARQL's SERVICE would otherwise reach any address this machine can reach. Only the standard library and
pyoxigraph are imported: a worker that was killed must be replaced in a blink.
"""

from __future__ import annotations

import json
import os
import platform
import re
import resource
import signal
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox

MORE, LAST, ERROR = b"d", b"e", b"!"
"""Kinds of frames: result bytes with more to come, the last result bytes, an error as JSON."""

FRAME = 1 << 16
"""Bytes of a result that are gathered before they are sent."""

WORTH_COMPRESSING = 1400
"""A result that fits one packet gains nothing from gzip."""

STACK = 96 << 20
"""Room for the recursion of parser and planner; the usual 8 MB end at a few hundred levels."""

_FORMATS: dict[str, ox.QueryResultsFormat | ox.RdfFormat] = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}

Request = dict[str, Any]
"""A request has ``text``, ``format`` (a key of ours), ``gzip``, ``seconds``, ``default`` and ``named`` (graph IRIs, or
null where the query's own dataset counts; an empty string in ``default`` is the merged graph)."""

Evaluate = Callable[[Request], Any]
"""What gives the results of a request, ready to be serialized."""

_POSITION = re.compile(r"error at (\d+):(\d+): ")


class Frames:
    """A writer that sends what is written to it in frames, compressed if asked and worth it."""

    def __init__(self, out: BinaryIO, gzip: bool) -> None:
        self.out, self.gzip = out, gzip
        self.held = bytearray()
        self.compressor: Any = None

    def write(self, data: bytes) -> int:
        """Take result bytes; blocks while the reader of the frames is slow."""
        self.held += data
        if len(self.held) >= FRAME:
            self._send(MORE)
        return len(data)

    def flush(self) -> None:
        """Nothing: the end of a result is told by `close`, with its last bytes."""

    def close(self) -> None:
        """Send what is left, as the last frame."""
        self._send(LAST)

    def _send(self, kind: bytes) -> None:
        if self.gzip and self.compressor is None and len(self.held) > WORTH_COMPRESSING:
            self.compressor = zlib.compressobj(4, wbits=31)
        content = bytes(self.held)
        self.held.clear()
        if self.compressor is not None:
            content = self.compressor.compress(content) + (self.compressor.flush() if kind == LAST else b"")
        _frame(self.out, kind, content)


class RefusedError(Exception):
    """A query without results; `about` is what the other side is told."""

    def __init__(self, **about: Any) -> None:
        super().__init__(about["message"])
        self.about = about


def answer(evaluate: Evaluate, request: Request, out: BinaryIO) -> None:
    """Evaluate `request` and write its result as frames."""
    try:
        results = evaluate(request)
        frames = Frames(out, request["gzip"])
        results.serialize(frames, _FORMATS[request["format"]])
        frames.close()
    except SyntaxError as error:
        _frame(out, ERROR, json.dumps(_malformed(str(error))).encode())
    except RefusedError as error:
        _frame(out, ERROR, json.dumps(error.about).encode())
    except MemoryError:
        os.abort()
    except (OSError, ValueError, RuntimeError) as error:
        _frame(out, ERROR, json.dumps({"message": str(error)}).encode())


def over_release(setting: dict[str, Any]) -> Evaluate:
    """Open the release of `setting`; from here on this process has no network."""
    forbid_sockets()
    store = ox.Store.read_only(setting["store"])

    def evaluate(request: Request) -> Any:
        return store.query(
            request["text"],
            base_iri=setting["base"],
            prefixes=setting["prefixes"],
            default_graph=_graphs(request["default"]),
            named_graphs=_graphs(request["named"]),
        )

    return evaluate


def _graphs(iris: list[str] | None) -> Any:
    if iris is None:
        return None
    return [ox.NamedNode(iri) if iri else ox.DefaultGraph() for iri in iris]


def _malformed(message: str) -> dict[str, Any]:
    position = _POSITION.match(message)
    line, column = (int(position.group(1)), int(position.group(2))) if position else (0, 0)
    return {"message": message[position.end() :] if position else message, "line": line, "column": column}


def _frame(out: BinaryIO, kind: bytes, content: bytes) -> None:
    out.write(kind + struct.pack("!I", len(content)) + content)
    out.flush()


def forbid_sockets() -> bool:
    """Have the kernel refuse every new socket to this process, for good; false where the kernel cannot.

    A seccomp filter (Linux: seccomp(2), linux/filter.h) that answers ``socket`` with EACCES. Threads started later
    inherit it, so it is set before the store is opened.
    """
    numbers = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
    if sys.platform != "linux" or platform.machine() not in numbers:
        return False
    import ctypes

    architecture, socket_call = numbers[platform.machine()]
    load, equal, leave = 0x20, 0x15, 0x06
    allow, refuse, kill = 0x7FFF0000, 0x00050000 | 13, 0x80000000
    program = b"".join(
        struct.pack("HBBI", *step)
        for step in (
            (load, 0, 0, 4),
            (equal, 1, 0, architecture),
            (leave, 0, 0, kill),
            (load, 0, 0, 0),
            (equal, 0, 1, socket_call),
            (leave, 0, 0, refuse),
            (leave, 0, 0, allow),
        )
    )
    steps = ctypes.create_string_buffer(program, len(program))
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(steps)))
    kernel = ctypes.CDLL(None, use_errno=True)
    set_no_new_privileges, set_seccomp, by_filter = 38, 22, 2
    return bool(
        kernel.prctl(set_no_new_privileges, 1, 0, 0, 0) == 0
        and kernel.prctl(set_seccomp, by_filter, filter_, 0, 0) == 0
    )


def bound_memory(room: int) -> None:
    """Let the process grow by `room` bytes over what it has mapped now, and no further (Linux; elsewhere no bound)."""
    try:
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (mapped + room, mapped + room))


def main(opened: Callable[[dict[str, Any]], Evaluate]) -> None:
    """Open what the setting names, say so with an empty frame, then answer requests until the input ends."""
    requests, out = sys.stdin.buffer, sys.stdout.buffer
    setting = _request(requests)
    os.nice(setting["nice"])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (STACK if most == resource.RLIM_INFINITY else min(STACK, most), most))
    evaluate = opened(setting)
    bound_memory(setting["memory"])
    _frame(out, LAST, b"")
    while request := _request(requests):
        # The kernel ends a query whose parent has died and can no longer kill it.
        signal.alarm(request["seconds"])
        answer(evaluate, request, out)
        signal.alarm(0)


def _request(requests: BinaryIO) -> Request:
    head = requests.read(4)
    return json.loads(requests.read(struct.unpack("!I", head)[0])) if head else {}


if __name__ == "__main__":
    main(over_release)
