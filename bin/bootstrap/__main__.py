"""`python3 bin/bootstrap COMMAND …`: bin/run, bin/test, bin/bench and bin/civicmap come here."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

# Python puts this folder itself on the path; the package is found from the folder above.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bootstrap import bench, command, keeper, run, test  # noqa: E402
from bootstrap.errors import CannotGoOn  # noqa: E402

COMMANDS = {
    "run": run.main,
    "test": test.main,
    "bench": bench.main,
    "civicmap": command.main,
    "keeper": keeper.main,
}


def main(arguments: list[str]) -> int:
    """Run one command; a fault that a person can mend is a sentence, not a stack trace."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except CannotGoOn as fault:
        print(f"\n{fault}", file=sys.stderr)
        return 1
    except PermissionError as fault:
        print(
            f"\n{fault.filename} belongs to another user. Start civicmap as the user who started "
            "it first (root, if it was started with sudo).",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
