"""Whom to call before reporting, when there is danger to life: the numbers of each country."""

from __future__ import annotations

from dataclasses import dataclass

from civicmap.foundation.locales import N_, gettext


@dataclass(frozen=True)
class EmergencyNumber:
    """A number that answers day and night, without area code and free of charge."""

    number: str
    name_msgid: str

    @property
    def name(self) -> str:
        """Who answers, in the person's language."""
        return gettext(self.name_msgid)


_EVERYTHING = N_("All emergencies")
_AMBULANCE = N_("Ambulance")
_FIRE = N_("Fire brigade")
_POLICE = N_("Police")
_GAS = N_("Gas emergency service")


def _numbers(*pairs: tuple[str, str]) -> list[EmergencyNumber]:
    return [EmergencyNumber(number, name) for number, name in pairs]


# By country (ISO 3166-1), the general number first. Poland: the ministry's list. Kazakhstan and
# Kyrgyzstan: 101 to 104 as everywhere in the former union, 112 joins them.
_CENTRAL_ASIA = _numbers(
    ("112", _EVERYTHING), ("101", _FIRE), ("102", _POLICE), ("103", _AMBULANCE), ("104", _GAS)
)
_BY_COUNTRY = {
    "PL": _numbers(
        ("112", _EVERYTHING), ("999", _AMBULANCE), ("998", _FIRE), ("997", _POLICE), ("992", _GAS)
    ),
    "KZ": _CENTRAL_ASIA,
    "KG": _CENTRAL_ASIA,
    "GB": _numbers(("999", _EVERYTHING)),
    "US": _numbers(("911", _EVERYTHING)),
    "CA": _numbers(("911", _EVERYTHING)),
    "MX": _numbers(("911", _EVERYTHING)),
}
# 112 works in the whole European Union, and on most phones anywhere.
_ELSEWHERE = _numbers(("112", _EVERYTHING))


def emergency_numbers(country: str) -> list[EmergencyNumber]:
    """The numbers of a country (ISO 3166-1 alpha-2), the general one first; never empty."""
    return _BY_COUNTRY.get(country.upper(), _ELSEWHERE)
