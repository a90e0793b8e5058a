"""Public holidays of a country, from the `holidays` library (dates as its governments publish)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import holidays

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_


def find_public_holidays(country: str, years: Iterable[int], *, language: str) -> dict[date, str]:
    """Days off of a country (ISO 3166 code) in these years, named in `language` where known there,
    else in the country's own. Raises InvalidInput for a country that the library does not know."""
    try:
        found = holidays.country_holidays(country, years=list(years))
    except NotImplementedError:
        raise InvalidInput(
            N_("The holidays of “%(country)s” are not known here. Add them one by one."),
            field="country",
            country=country,
        ) from None
    spoken = {known.split("_")[0]: known for known in found.supported_languages}
    if language in spoken:
        found = holidays.country_holidays(
            country, years=list(found.years), language=spoken[language]
        )
    return {day: found[day] for day in sorted(found)}
