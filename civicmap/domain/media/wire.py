"""How the application and its decoder process talk: lengths, JSON and bytes. Pure.

No pickles: the decoder has handled hostile input, so what comes back is parsed like any input.

    request:  8 bytes length, upload
    answer:   4 bytes length, JSON, then the renditions one after another
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

MOST_JSON = 64 * 1024
_REQUEST = struct.Struct(">Q")
_ANSWER = struct.Struct(">I")


class Hangup(Exception):
    """The other side went away, or says what cannot be true."""


def send_request(connection: socket.socket, upload: bytes) -> None:
    connection.sendall(_REQUEST.pack(len(upload)))
    connection.sendall(upload)


def receive_request(connection: socket.socket) -> bytes:
    """Raises Hangup."""
    (length,) = _REQUEST.unpack(receive(connection, _REQUEST.size))
    return receive(connection, length)


def send_answer(connection: socket.socket, told: dict[str, Any], *parts: bytes) -> None:
    header = json.dumps(told).encode()
    connection.sendall(b"".join((_ANSWER.pack(len(header)), header, *parts)))


def receive_answer(connection: socket.socket) -> dict[str, Any]:
    """The JSON part of an answer. Raises Hangup."""
    (length,) = _ANSWER.unpack(receive(connection, _ANSWER.size))
    if length > MOST_JSON:
        raise Hangup("answer too long")
    try:
        told = json.loads(receive(connection, length))
    except ValueError as error:
        raise Hangup("answer is no JSON") from error
    if not isinstance(told, dict):
        raise Hangup("answer is no object")
    return told


def receive(connection: socket.socket, length: int) -> bytes:
    """Exactly `length` bytes. Raises Hangup when the other side closes before."""
    content = bytearray(length)
    view = memoryview(content)
    while view:
        received = connection.recv_into(view)
        if not received:
            raise Hangup("closed early")
        view = view[received:]
    return bytes(content)
