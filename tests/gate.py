"""A way to a server that can be closed and opened again, like a failing network."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Gate:
    """Carries connections from a port of its own to `host`:`port` while it is open."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.links: list[socket.socket] = []
        self.is_open = True
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if not self.is_open:
                    near.close()
                    continue
                far = socket.create_connection(self.target)
                self.links += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self.carry, args=(source, sink), daemon=True).start()

    @staticmethod
    def carry(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while block := source.recv(65536):
                sink.sendall(block)
            sink.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.is_open = False
        for link in self.links:
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            link.close()
        self.links.clear()

    def open(self) -> None:
        self.is_open = True
