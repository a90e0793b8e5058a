"""`python -m benches MODULE ARGUMENTS…`: bin/bench has chosen the module and made the database."""

from __future__ import annotations

import importlib
import sys

if __name__ == "__main__":
    sys.exit(importlib.import_module(f"benches.{sys.argv[1]}").run(sys.argv[2:]))
