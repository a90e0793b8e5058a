"""The languages of civicmap: messages, plurals, dates and numbers.

One mechanism serves pages, mail and the command line: a context variable holds the language of the
person being spoken to, and Babel does the rest. The web sets it for each request, a mail job for
each letter (see docs/decisions/0004-languages.md).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.support import NullTranslations, Translations

LANGUAGES: dict[str, str] = {
    "en": "English",
    "pl": "Polski",
    "ru": "Русский",
    "kk": "Қазақша",
    "ky": "Кыргызча",
}
DEFAULT_LANGUAGE = "en"
TRANSLATIONS_FOLDER = Path(__file__).parent.parent / "translations"

_language: ContextVar[str] = ContextVar("civicmap_language", default=DEFAULT_LANGUAGE)
_time_zone: ContextVar[str] = ContextVar("civicmap_time_zone", default="UTC")


def N_(message: str) -> str:  # noqa: N802 - the marker's name is gettext's convention
    """Mark a message id for extraction without translating it now."""
    return message


@contextmanager
def speaking(language: str, time_zone: str | None = None) -> Iterator[None]:
    """Speak `language` (and, if given, in local times of the IANA `time_zone`) inside the block."""
    language_token = _language.set(language if language in LANGUAGES else DEFAULT_LANGUAGE)
    zone_token = _time_zone.set(time_zone) if time_zone else None
    try:
        yield
    finally:
        _language.reset(language_token)
        if zone_token:
            _time_zone.reset(zone_token)


def speak(language: str) -> None:
    """Set the language for the rest of this request or command."""
    _language.set(language if language in LANGUAGES else DEFAULT_LANGUAGE)


def set_time_zone(time_zone: str) -> None:
    """Set the IANA time zone in which dates are told for the rest of this request."""
    _time_zone.set(time_zone)


def current_language() -> str:
    return _language.get()


def current_time_zone() -> ZoneInfo:
    return ZoneInfo(_time_zone.get())


# No other number in a date has the digits of this year or of this day.
_DAY_OF_EACH_MONTH = [date(2468, month, 17) for month in range(1, 13)]


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(TRANSLATIONS_FOLDER, [language])


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def gettext(message: str) -> str:
    return _catalogue(current_language()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    return _catalogue(current_language()).ngettext(singular, plural, number)


def pgettext(context: str, message: str) -> str:
    return str(_catalogue(current_language()).pgettext(context, message))


def npgettext(context: str, singular: str, plural: str, number: int) -> str:
    return str(_catalogue(current_language()).npgettext(context, singular, plural, number))


def in_language(names: Mapping[str, str], *preferred: str) -> str:
    """The best of several translations that come with the content itself (a category's names).

    Tries the reader's language, then `preferred` in order, then English, then any.
    """
    for language in (current_language(), *preferred, DEFAULT_LANGUAGE):
        if names.get(language):
            return names[language]
    return next((name for name in names.values() if name), "")


def alphabetical(name: str) -> str:
    """What names are sorted by: Ś stands beside S and Ł beside L, not behind Z."""
    spelt = name.casefold().translate({ord("ł"): "l"})
    return unicodedata.normalize("NFKD", spelt)


def local_date(value: date | datetime, style: str = "long") -> str:
    """A date in the reader's language; an aware datetime is first moved to the local time zone."""
    if isinstance(value, datetime):
        value = value.astimezone(current_time_zone()).date()
    return dates.format_date(value, style, locale=_locale(current_language()))


def month_patterns() -> list[str]:
    """The twelve months as the reader's language writes them with a year: "March %(year)s"."""
    return [
        dates.format_skeleton("yMMMM", day, locale=_locale(current_language())).replace(
            str(day.year), "%(year)s"
        )
        for day in _DAY_OF_EACH_MONTH
    ]


def day_patterns() -> list[str]:
    """The same for a day of each month: "March %(day)s, %(year)s"."""
    return [
        local_date(day).replace(str(day.year), "%(year)s").replace(str(day.day), "%(day)s")
        for day in _DAY_OF_EACH_MONTH
    ]


def local_datetime(value: datetime, style: str = "medium") -> str:
    """An aware datetime in the reader's language and the local time zone, to the minute."""
    moment = value.astimezone(current_time_zone())
    day = dates.format_date(moment, style, locale=_locale(current_language()))
    return f"{day}, {moment:%H:%M}"


def local_time(value: datetime) -> str:
    """The time of day of an aware datetime in the local time zone: 14:35."""
    return f"{value.astimezone(current_time_zone()):%H:%M}"


def local_age(value: datetime, now: datetime) -> str:
    """How long ago `value` was, seen from `now`: "2 hours ago"."""
    return dates.format_timedelta(
        value - now, add_direction=True, locale=_locale(current_language())
    )


def local_number(value: int | float) -> str:
    return numbers.format_decimal(value, locale=_locale(current_language()))


def local_decimal(value: float, places: int) -> str:
    """A number with exactly `places` decimals: "3.20"."""
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return numbers.format_decimal(value, pattern, locale=_locale(current_language()))


def local_percent(share: float) -> str:
    """A share of 1 as whole percents: "63%"."""
    return numbers.format_percent(share, locale=_locale(current_language()))
