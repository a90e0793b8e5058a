"""Children that do not outlive us, even when we are killed with no chance to tell them."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)  # loaded before any fork


def signalled_when_we_die(number: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `number` to the child when this process ends.

    The kernel means the thread that starts the child, so start it from the main thread. Signals
    that we hold back must not be held back in the child: they are set free here, too.
    """
    parent = os.getpid()

    def prepare() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, int(number))
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if os.getppid() != parent:  # we died before the kernel was told
            os._exit(1)

    return prepare
