"""Keeps the decoder process and hands it photos, from any thread of any application process.

The decoder is started with the first photo (or by `start`) and kept warm: starting it takes some
tenths of a second, forking it for one photo a few thousandths. It belongs to this process alone: a
process forked from this one starts its own. When it is killed, the next photo starts another.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from civicmap.domain.media.limits import Limits
from civicmap.domain.media.wire import Hangup, receive, receive_answer, send_request

logger = logging.getLogger(__name__)

# The decoder must not load the web application and its settings with the package it lives in, so
# an empty package stands in for `civicmap` there. Libraries are found where we found them.
_START = """
import sys, types
package = types.ModuleType("civicmap")
package.__path__ = [sys.argv[1]]
sys.modules["civicmap"] = package
sys.path[:] = sys.argv[2:]
from civicmap.domain.media.decoder import serve
serve()
"""
_PACKAGE = str(Path(__file__).parents[2])
# glibc gives every thread its own 64 MB arena, which would eat the address space allowed.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
_MOST_RENDITION = 16 * 1024 * 1024
_GRACE_SECONDS = 5.0
_MOST_SLOTS = 32


class DecoderAway(Exception):
    """The photo could not be looked at now; nothing is known about the photo itself."""


class DecoderBusy(DecoderAway):
    """Too many photos are being decoded, and this one's turn did not come or end in time."""


class _Helper:
    """A running decoder process and the control socket that keeps it alive."""

    def __init__(self) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control.settimeout(_GRACE_SECONDS)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, _PACKAGE, *filter(os.path.isabs, sys.path)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=_ENVIRONMENT,
                # Ctrl-C in a terminal is for us; the decoder goes when its control socket closes.
                start_new_session=True,
            )

    def stop(self) -> None:
        self.control.close()
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def forget(self) -> None:
        """In a forked process: let go of the parent's decoder without ending it."""
        self.control.close()
        self.process.returncode = 0


class Sandbox:
    """Decodes photos in separate, limited processes, at most `slots` at a time."""

    def __init__(self, *, slots: int | None = None, patience: float = 15.0) -> None:
        """`slots`: photos at once, by default one per processor; `patience`: seconds to wait."""
        self._slots = slots or min(len(os.sched_getaffinity(0)), _MOST_SLOTS)
        self._patience = patience
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(self._slots)
        self._helper: _Helper | None = None
        _sandboxes.add(self)

    def start(self) -> None:
        """Start the decoder now, so that the first photo need not wait for it."""
        with self._lock:
            self._running_helper()

    def stop(self) -> None:
        """End the decoder; the next photo starts another."""
        with self._lock:
            helper, self._helper = self._helper, None
        if helper:
            helper.stop()

    @property
    def process_id(self) -> int | None:
        """The decoder's process id, or None while there is none."""
        return self._helper.process.pid if self._helper else None

    def develop(self, upload: bytes, limits: Limits) -> tuple[dict[str, Any], list[bytes]]:
        """What the decoder tells about `upload`, and the renditions' bytes; see `decoder._answer`.

        Raises DecoderBusy, DecoderAway.
        """
        if not self._free.acquire(timeout=self._patience):
            raise DecoderBusy
        try:
            try:
                return self._ask(upload, limits)
            except TimeoutError:
                raise
            except (Hangup, OSError) as error:
                # Killed between two photos, or with this one by something from outside: once more.
                logger.warning("photo decoder went away (%s), starting another", error)
                return self._ask(upload, limits)
        except TimeoutError as error:
            # It ends its own children in time, so it must hang itself.
            logger.error("photo decoder does not answer, ending it")
            self.stop()
            raise DecoderAway from error
        except (Hangup, OSError) as error:
            logger.error("photo decoder went away twice (%s)", error)
            raise DecoderAway from error
        finally:
            self._free.release()

    def _ask(self, upload: bytes, limits: Limits) -> tuple[dict[str, Any], list[bytes]]:
        ours, theirs = socket.socketpair()
        with ours:
            ours.settimeout(limits.seconds + _GRACE_SECONDS)
            with theirs:
                self._order(theirs, limits)
            # A child that died meanwhile has left its reason for us to read.
            with suppress(BrokenPipeError, ConnectionResetError):
                send_request(ours, upload)
            told = receive_answer(ours)
            if "late" in told:
                raise DecoderBusy
            if "died" in told:
                raise Hangup(f"died with {told['died']}")
            return told, [receive(ours, length) for length in _lengths(told)]

    def _order(self, connection: socket.socket, limits: Limits) -> None:
        """Have the decoder fork a child for `connection`; a dead decoder is replaced first."""
        order = json.dumps(asdict(limits)).encode()
        with self._lock:
            try:
                socket.send_fds(self._running_helper().control, [order], [connection.fileno()])
            except OSError:
                if self._helper:
                    self._helper.stop()
                self._helper = None
                socket.send_fds(self._running_helper().control, [order], [connection.fileno()])

    def _running_helper(self) -> _Helper:
        if self._helper and self._helper.process.poll() is not None:
            self._helper.stop()
            self._helper = None
        if self._helper is None:
            self._helper = _Helper()
        return self._helper

    def after_fork(self) -> None:
        """In a forked process: begin anew, whatever other threads held at the fork."""
        helper, self._helper = self._helper, None
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(self._slots)
        if helper:
            helper.forget()


def _lengths(told: dict[str, Any]) -> list[int]:
    """Lengths of the renditions that follow an answer. Raises Hangup for nonsense."""
    renditions = told.get("renditions", [])
    try:
        lengths = [length for _, _, _, length in renditions]
    except (TypeError, ValueError) as error:
        raise Hangup("answer makes no sense") from error
    if not all(isinstance(length, int) and 0 < length < _MOST_RENDITION for length in lengths):
        raise Hangup("answer makes no sense")
    return lengths


_sandboxes: weakref.WeakSet[Sandbox] = weakref.WeakSet()


def _forget_in_forked_process() -> None:
    for sandbox in list(_sandboxes):
        sandbox.after_fork()


def _stop_all() -> None:
    for sandbox in list(_sandboxes):
        sandbox.stop()


os.register_at_fork(after_in_child=_forget_in_forked_process)
atexit.register(_stop_all)
