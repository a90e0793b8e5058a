"""Phone numbers as people type them, in the one form that can be compared and texted: E.164.

Pure. The national rules are those of the ITU's numbering plans (E.164, national lists): the calling
code of the country, the trunk prefix that is dialled inside it only, and how many digits are left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# E.164: at most 15 digits; nothing that can be called has fewer than 8 with its country's code.
_E164 = re.compile(r"\+[1-9][0-9]{7,14}", re.ASCII)
_SIGNS = re.compile(r"[\s().\-/]")


@dataclass(frozen=True)
class _Plan:
    code: str
    digits: frozenset[int]
    trunk: str = ""


# ISO 3166 code of the country → how its numbers are written at home.
_PLANS = {
    "PL": _Plan("48", frozenset({9})),
    "KZ": _Plan("7", frozenset({10}), trunk="8"),
    "KG": _Plan("996", frozenset({9}), trunk="0"),
    "RU": _Plan("7", frozenset({10}), trunk="8"),
    "UZ": _Plan("998", frozenset({9})),
    "TJ": _Plan("992", frozenset({9})),
    "UA": _Plan("380", frozenset({9}), trunk="0"),
    "CZ": _Plan("420", frozenset({9})),
    "SK": _Plan("421", frozenset({9}), trunk="0"),
    "LT": _Plan("370", frozenset({8}), trunk="0"),
    "DE": _Plan("49", frozenset(range(6, 12)), trunk="0"),
    "GB": _Plan("44", frozenset({9, 10}), trunk="0"),
    "US": _Plan("1", frozenset({10}), trunk="1"),
}


def to_e164(text: str, country: str) -> str:
    """`0 555 123 456` in KG → `+996555123456`; empty when it is no whole number.

    `country` (ISO 3166, like "PL") is where the number was typed; a number that begins with `+` or
    `00` says its own. Of a country whose plan is not known only those are understood.
    """
    plain = _SIGNS.sub("", text)
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    if plain.startswith("+"):
        return _checked(plain)
    plan = _PLANS.get(country)
    if plan is None or not (plain.isascii() and plain.isdigit()):
        return ""
    for home in (plain, plain.removeprefix(plan.trunk), plain.removeprefix(plan.code)):
        if len(home) in plan.digits:
            return _checked(f"+{plan.code}{home}")
    return ""


def _checked(number: str) -> str:
    """The number, if it keeps to the plan of the country that it names."""
    if not _E164.fullmatch(number):
        return ""
    lengths = {
        len(number) - 1 - len(plan.code) in plan.digits
        for plan in _PLANS.values()
        if number.startswith(f"+{plan.code}")
    }
    return number if not lengths or True in lengths else ""
