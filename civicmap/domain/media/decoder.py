"""The decoder process: opens hostile files so that the application never has to.

One such process runs beside each application process, started by `sandbox.py`. It loads the image
libraries once, has one thread, no secrets in its environment and no other open files, and forks a
child for every photo. The child sets its own limits, decodes that one photo, answers and is gone:
nothing of one person's photo, and nothing a forged file may have done, is left for the next.

The process ends when its control socket closes, which the kernel does however its parent dies; its
children are killed by the kernel when it ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from civicmap.domain.media.limits import Limits
from civicmap.domain.media.refusals import Reason, Refusal
from civicmap.domain.media.renditions import develop, prepare_decoders
from civicmap.domain.media.wire import Hangup, receive_request, send_answer

_CONTROL = 0
_LIFELINE = 1
_MOST_FILES = 256
_MOST_ORDER = 4096
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CRASHED = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}
_OUT_OF_PROCESSOR_TIME = {signal.SIGPROF, signal.SIGXCPU}


@dataclass
class _Child:
    """A photo being decoded: its process, the connection to whoever waits, and when it must end."""

    process_id: int
    connection: socket.socket
    deadline: float
    late: bool = False


def serve() -> NoReturn:
    """Take orders from the control socket (descriptor 0) until it closes."""
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    most_files = min(most_files, _MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.chdir("/")
    prepare_decoders()
    libc = ctypes.CDLL(None)
    # What is loaded now is never looked at by the collector, so children share its memory.
    gc.freeze()
    control = socket.socket(fileno=_CONTROL)
    poll = select.poll()
    poll.register(_CONTROL, select.POLLIN)
    children: dict[int, _Child] = {}
    while True:
        for descriptor, _ in poll.poll(_until_next_deadline(children)):
            if descriptor == _CONTROL:
                message, descriptors, _, _ = socket.recv_fds(control, _MOST_ORDER, 1)
                if not message:
                    os._exit(0)
                _start_child(libc, message, descriptors, poll, children)
            else:
                poll.unregister(descriptor)
                os.close(descriptor)
                _bury(children.pop(descriptor))
        for child in children.values():
            if child.deadline < time.monotonic():
                child.late = True
                os.kill(child.process_id, signal.SIGKILL)


def _until_next_deadline(children: dict[int, _Child]) -> int | None:
    """Milliseconds."""
    if not children:
        return None
    first = min(child.deadline for child in children.values())
    return max(50, int((first - time.monotonic()) * 1000))


def _start_child(
    libc: ctypes.CDLL,
    message: bytes,
    descriptors: list[int],
    poll: select.poll,
    children: dict[int, _Child],
) -> None:
    connection = socket.socket(fileno=descriptors[0])
    limits = Limits(**json.loads(message))
    lifeline, held = os.pipe()
    parent = os.getpid()
    try:
        process_id = os.fork()
    except OSError:  # no memory or no process left: closing tells the other side
        os.close(lifeline)
        os.close(held)
        connection.close()
        return
    if not process_id:
        _be_the_child(libc, connection, held, limits, parent=parent)
    os.close(held)
    # The child alone holds the other end of the lifeline, so its death wakes the poll.
    poll.register(lifeline, select.POLLHUP)
    children[lifeline] = _Child(process_id, connection, time.monotonic() + limits.seconds)


def _bury(child: _Child) -> None:
    """Collect a dead child; when it left no answer, say what it died of."""
    status = 0
    for _ in range(200):
        process_id, status = os.waitpid(child.process_id, os.WNOHANG)
        if process_id:
            break
        time.sleep(0.001)
    else:  # it closed its lifeline and lives on: no honest child does
        os.kill(child.process_id, signal.SIGKILL)
        _, status = os.waitpid(child.process_id, 0)
    code = os.waitstatus_to_exitcode(status)
    with contextlib.suppress(OSError):
        if child.late:
            send_answer(child.connection, {"late": True})
        elif -code in _OUT_OF_PROCESSOR_TIME:
            send_answer(child.connection, {"refused": Reason.TOO_COSTLY})
        elif -code in _CRASHED:
            send_answer(child.connection, {"refused": Reason.BROKEN})
        elif code:
            send_answer(child.connection, {"died": code})
    child.connection.close()


def _be_the_child(
    libc: ctypes.CDLL, connection: socket.socket, held: int, limits: Limits, *, parent: int
) -> NoReturn:
    try:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the kernel was told
            os._exit(1)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        # Only this photo's connection and lifeline stay, never another person's.
        os.dup2(connection.fileno(), _CONTROL)
        os.dup2(held, _LIFELINE)
        os.closerange(3, _MOST_FILES)
        _confine(limits)
        _answer(socket.socket(fileno=_CONTROL), limits)
        os._exit(0)
    except Hangup:
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(1)


def _confine(limits: Limits) -> None:
    """Limits the kernel keeps: memory, processor time, and no new file or socket."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    memory = pages * resource.getpagesize() + limits.memory
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    seconds = int(limits.processor_seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    signal.setitimer(signal.ITIMER_PROF, limits.processor_seconds)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _answer(connection: socket.socket, limits: Limits) -> None:
    try:
        developed = develop(receive_request(connection), limits)
    except Refusal as refusal:
        send_answer(connection, {"refused": refusal.reason, "values": refusal.values})
        return
    except MemoryError:
        send_answer(connection, {"refused": Reason.TOO_COSTLY})
        return
    told = {
        "renditions": [
            [made.name, made.width, made.height, len(made.content)] for made in developed.renditions
        ],
        "position": developed.position,
        "moment": developed.moment and developed.moment.isoformat(),
    }
    send_answer(connection, told, *(made.content for made in developed.renditions))
