"""Asking a web server with as little of our own time as can be, over one open connection."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """`milliseconds` from the first byte sent to the last received; `body` as it came."""

    status: int
    milliseconds: float
    body: bytes
    etag: str


class Asker:
    """One kept-alive connection to `address`; opened again when the server closes it."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self._socket: socket.socket | None = None

    def get(self, path: str, *, known: str = "") -> Answer:
        """`known` is the ETag of a copy that is there already."""
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            "Accept-Encoding: gzip",
            *([f"If-None-Match: {known}"] if known else []),
        ]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        if self._socket is not None:
            try:
                return self._exchange(request)
            except OSError:
                self.close()
        self._open()
        return self._exchange(request)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _open(self) -> None:
        self._socket = socket.create_connection((self.host, self.port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _exchange(self, request: bytes) -> Answer:
        """Raises OSError when the server has closed the connection."""
        assert self._socket is not None  # noqa: S101 - for the type checker
        begun = time.perf_counter()
        self._socket.sendall(request)
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._some()
        head = received[:end].decode("latin-1").split("\r\n")
        status = int(head[0].split()[1])
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head)
        }
        needed = end + 4
        if status not in (204, 304):
            needed += int(headers["content-length"])
        while len(received) < needed:
            received += self._some()
        taken = (time.perf_counter() - begun) * 1000
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, taken, bytes(received[end + 4 : needed]), headers.get("etag", ""))

    def _some(self) -> bytes:
        assert self._socket is not None  # noqa: S101 - for the type checker
        some = self._socket.recv(262_144)
        if not some:
            raise ConnectionResetError
        return some
