#!/bin/sh
# Finds a Python that is new enough and hands over to it: python.sh COMMAND [ARGUMENTS…]
# Everything after this file is Python; this one is shell because there may be no Python at all.
set -eu
here=$(dirname "$(readlink -f "$0")")
found=
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    command -v "$candidate" >/dev/null 2>&1 || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$candidate" -B "$here" "$@"
    fi
    version=$("$candidate" --version 2>&1) || continue
    found="$found ($candidate is $version)"
done
cat >&2 <<MESSAGE
civicmap needs Python 3.11 or newer, and there is none here$found.
  Debian 12, Ubuntu 24.04 and newer:  sudo apt-get install python3
  Ubuntu 22.04:                       sudo apt-get install python3.11 python3.11-venv
MESSAGE
exit 1
