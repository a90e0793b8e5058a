"""What a department asks about a report of one category, and what may stop the form.

Pure. A question belongs to one category; its `code` is unique among all that are asked, so that an
answer never lands in another category's question. Words come in every language with the definition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from civicmap.foundation.locales import in_language, local_date, local_number

KINDS = ("text", "number", "single", "multiple", "date", "notice")
FIELD_PREFIX = "q."  # of the form's fields: q.<code>
OTHER_COUNTRIES = "other"
LONGEST_ANSWER = 200  # characters, where a question does not say otherwise
PAST_DAYS = 3_660  # ten years
FUTURE_DAYS = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the form ends here: the words, and whom to call instead, by country (ISO 3166-1)."""

    words: Mapping[str, str]
    phones: Mapping[str, str] = field(default_factory=dict)

    @property
    def display_words(self) -> str:
        return in_language(self.words)

    def phone(self, country: str) -> str:
        """The number to call in a country; "" if the notice names none."""
        return phone_in(self.phones, country)


@dataclass(frozen=True, slots=True)
class Option:
    """A choice. With `stop` set it ends the form instead of being sent."""

    key: str
    names: Mapping[str, str]
    stop: Stop | None = None

    @property
    def display_name(self) -> str:
        return in_language(self.names) or self.key


@dataclass(frozen=True, slots=True)
class Question:
    """A question, or (kind "notice") words that ask nothing.

    `least` and `most` bound a number, in `units`; `whole`: without decimals. `longest`: characters
    of a text, `lines`: it may have several. A date lies between `past_days` before and
    `future_days` after the day of the report. `public`: everybody may read the answer. A notice may
    name `phones`, and `stops`: nothing can be sent. `id`: of the kept definition, or 0.
    """

    code: str
    kind: str
    names: Mapping[str, str]
    hints: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    public: bool = False
    options: tuple[Option, ...] = ()
    least: int = 0
    most: int = 0
    whole: bool = True
    units: Mapping[str, str] = field(default_factory=dict)
    longest: int = LONGEST_ANSWER
    lines: bool = False
    past_days: int = PAST_DAYS
    future_days: int = FUTURE_DAYS
    phones: Mapping[str, str] = field(default_factory=dict)
    stops: bool = False
    id: int = field(default=0, compare=False)

    @property
    def field_name(self) -> str:
        return FIELD_PREFIX + self.code

    @property
    def display_name(self) -> str:
        return in_language(self.names) or self.code

    @property
    def hint(self) -> str:
        return in_language(self.hints)

    @property
    def unit(self) -> str:
        return in_language(self.units)

    @property
    def is_asked(self) -> bool:
        return self.kind != "notice"

    @property
    def stop(self) -> Stop | None:
        """The stop of a notice that nobody gets past."""
        return Stop(self.names, self.phones) if self.stops else None

    def phone(self, country: str) -> str:
        """The number that a notice names for a country; "" if none."""
        return phone_in(self.phones, country)

    def option(self, key: str) -> Option | None:
        return next((option for option in self.options if option.key == key), None)

    def say(self, values: Sequence[str]) -> list[str]:
        """A kept answer in the reader's language."""
        if self.kind in ("single", "multiple"):
            return [option.display_name if (option := self.option(key)) else key for key in values]
        if self.kind == "number":
            return [_with_unit(value, self.unit) for value in values]
        if self.kind == "date":
            return [local_date(date.fromisoformat(value)) for value in values]
        return list(values)


def phone_in(phones: Mapping[str, str], country: str) -> str:
    return phones.get(country.upper()) or phones.get(OTHER_COUNTRIES, "")


def _with_unit(value: str, unit: str) -> str:
    number = local_number(float(value) if "." in value else int(value))
    return f"{number} {unit}" if unit else number


# The definition as JSON: what differs from the defaults. Words and flags that the database or an
# admin asks for have columns of their own (see `models.CategoryQuestion`).

_PLAIN = ("least", "most", "whole", "longest", "lines", "past_days", "future_days", "stops")
_BY_KEY = ("units", "phones")


def details_of(question: Question) -> dict[str, Any]:
    """What the kind of question adds (options, bounds, phones), where it is not the default."""
    defaults = Question(code="", kind="", names={})
    details: dict[str, Any] = {
        name: getattr(question, name)
        for name in _PLAIN
        if getattr(question, name) != getattr(defaults, name)
    }
    details |= {name: dict(getattr(question, name)) for name in _BY_KEY if getattr(question, name)}
    if question.options:
        details["options"] = [_option_details(option) for option in question.options]
    return details


def _option_details(option: Option) -> dict[str, Any]:
    kept: dict[str, Any] = {"key": option.key, "names": dict(option.names)}
    if option.stop:
        kept["stop"] = {"words": dict(option.stop.words), "phones": dict(option.stop.phones)}
    return kept


def question_from(details: Mapping[str, Any], **columns: Any) -> Question:
    """The definition again, from `details_of` and the values of the columns."""
    options = tuple(
        Option(
            key=option["key"],
            names=option["names"],
            stop=Stop(**option["stop"]) if "stop" in option else None,
        )
        for option in details.get("options", ())
    )
    rest = {name: details[name] for name in (*_PLAIN, *_BY_KEY) if name in details}
    return Question(**columns, **rest, options=options)
