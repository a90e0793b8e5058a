"""Reference numbers: short, random, easy to read over the phone (`PO-7K4M-2Q`). Pure."""

from __future__ import annotations

import re
import secrets

# No 0 O, 1 I L, 5 S, 8 B, U V: nothing that is misheard or misread.
ALPHABET = "234679ACDEFGHJKMNPQRTWXYZ"
_NUMBER = re.compile(rf"([A-Z]{{2,3}})-?([{ALPHABET}]{{4}})-?([{ALPHABET}]{{2}})")


def new_number(prefix: str) -> str:
    """A random number for a city with this prefix; about 244 million per prefix."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"{prefix}-{drawn[:4]}-{drawn[4:]}"


def read_number(text: str) -> str | None:
    """The number as it is written down, from what a person typed; None if it cannot be one.

    Case, spaces and dashes do not matter.
    """
    if len(text) > 40:
        return None
    plain = re.sub(r"[\s\u2010-\u2015-]+", "", text.upper())
    match = _NUMBER.fullmatch(plain)
    return f"{match[1]}-{match[2]}-{match[3]}" if match else None


def last_number(beginning: str) -> str:
    """The last of all numbers that begin so (`PO-7K` → `PO-7KZZ-ZZ`), in every sort order a
    database may have: digits before letters is what they agree on."""
    prefix, _, drawn = beginning.partition("-")
    filled = drawn.replace("-", "").ljust(6, ALPHABET[-1])
    return f"{prefix}-{filled[:4]}-{filled[4:]}"


def new_secret() -> str:
    """The secret of a reporter's own link: 128 bits, safe in a URL."""
    return secrets.token_urlsafe(16)
