"""Whom to call before reporting, when there is danger to life."""

from __future__ import annotations

# Countries (ISO 3166-1) where it is not 112; that works in Europe, Kazakhstan and Kyrgyzstan.
_NUMBERS = {"US": "911", "CA": "911", "MX": "911", "GB": "999"}


def emergency_number(country: str) -> str:
    return _NUMBERS.get(country.upper(), "112")
