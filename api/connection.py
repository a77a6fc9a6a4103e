"""Connections that nobody finishes: a head that does not come or does not end, an answer that is not taken.

uvicorn bounds the rest between two requests and leaves these open. Give `Connection` to it as ``http``.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = 10.0
"""Seconds within which the head of a request must be whole."""

MOST_HEAD = 1 << 16
"""Bytes of a head that comes in pieces: room for an address of 60 kB. Not every parser of uvicorn has a bound."""

TAKE_SECONDS = 15
"""Seconds after which a peer that takes nothing of what was sent is given up (tcp(7), TCP_USER_TIMEOUT; Linux)."""

_TIMEOUT = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on `host` and `port` (0: any free one). Raises `OSError` where that cannot be had.

    Made for TCP by name: asyncio turns Nagle's algorithm off only where it sees that.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


class Connection(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's connection, with an end to its patience."""

    _patience: asyncio.TimerHandle | None = None
    _head = 0
    """Bytes that came since the last head was whole."""

    def connection_made(self, transport: Any) -> None:
        """Start to wait for the head of the first request."""
        super().connection_made(transport)
        line = transport.get_extra_info("socket")
        if line is not None and hasattr(socket, "TCP_USER_TIMEOUT") and line.family != socket.AF_UNIX:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TAKE_SECONDS * 1000)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on waiting until the bytes make a head."""
        before, is_head = self.cycle, self.cycle is None or not self.cycle.more_body
        super().data_received(data)
        self._head = self._head + len(data) if is_head and self.cycle is before else 0
        if self._head > MOST_HEAD:
            self._refuse(_TOO_LONG)
            return
        if not self._between_requests():
            self._stop_waiting()
        elif self._patience is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        if self._between_requests():
            self._refuse(_TIMEOUT)

    def _refuse(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()
