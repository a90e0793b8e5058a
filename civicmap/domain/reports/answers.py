"""What a reporter answered to the questions of a category, read and checked. Pure.

Numbers and dates are plain ASCII: what is kept has to mean the same to a person, to a database and
to an Open311 client.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from civicmap.domain.categories.questions import Question, Stop
from civicmap.foundation.errors import CivicmapError, InvalidInput
from civicmap.foundation.locales import N_, local_date, local_number
from civicmap.foundation.plain_text import clean_text

_LONGEST_VALUE = 40  # characters of a number or a date as typed
# People type a comma or a point; leading zeros and signs would be guesses.
_WHOLE = re.compile(r"0|[1-9][0-9]{0,6}", re.ASCII)
_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,6})(?:[.,]([0-9]{1,3}))?", re.ASCII)
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
# As people here write it, where the browser has no calendar of its own.
_DATE_IN_WORDS = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", re.ASCII)


@dataclass(frozen=True)
class Answer:
    """`given` is what is kept: a text, a number ("2.5"), a date (ISO 8601), keys of options.
    `is_hidden`: staff took it from the public."""

    question: Question
    given: tuple[str, ...]
    is_hidden: bool = False

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it, once the report is shown."""
        return self.question.public and not self.is_hidden

    @property
    def words(self) -> list[str]:
        """The answer in the reader's language."""
        return self.question.say(self.given)


class Stopped(InvalidInput):
    """The form ends here: this is for the phone, now. `stop` says why, `phone` whom to call."""

    stop: Stop
    phone: str = ""


def check_answers(
    questions: Sequence[Question],
    given: Mapping[str, tuple[str, ...]],
    *,
    today: date,
    country: str,
) -> tuple[tuple[Answer, ...], list[CivicmapError]]:
    """The answers by `code`, and every fault with its field (`q.<code>`).

    What is given to codes that are not asked is left out: the category was changed after answering,
    or the question was retired meanwhile. `today` in the city's time zone; `country` ISO 3166-1.
    """
    answers: list[Answer] = []
    faults: list[CivicmapError] = []
    for question in questions:
        try:
            if question.stop:
                raise _stopped(question, question.stop, country)
            if question.is_asked:
                kept = _read(question, given.get(question.code, ()), today, country)
                if kept:
                    answers.append(Answer(question, kept))
        except InvalidInput as fault:
            faults.append(fault)
    return tuple(answers), faults


def _read(question: Question, given: tuple[str, ...], today: date, country: str) -> tuple[str, ...]:
    values = tuple(value for value in given if value.strip())
    if not values:
        if question.required:
            raise InvalidInput(
                N_("“%(question)s” needs an answer."),
                field=question.field_name,
                question=question.display_name,
            )
        return ()
    if question.kind == "multiple":
        return _read_options(question, values)
    if len(values) > 1:
        raise _not_from_the_list(question)
    if question.kind == "single":
        return _read_option(question, values, country)
    if question.kind == "date":
        return (_read_date(question, values[0], today),)
    return (_READ[question.kind](question, values[0]),)


def _read_text(question: Question, value: str) -> str:
    return clean_text(
        value, field=question.field_name, limit=question.longest, lines=question.lines
    )


def _read_number(question: Question, value: str) -> str:
    text = clean_text(value, field=question.field_name, limit=_LONGEST_VALUE)
    number = _canonical(text, whole=question.whole)
    if number is None or not question.least <= float(number) <= question.most:
        raise InvalidInput(
            N_("“%(question)s”: write a whole number in digits, from %(least)s to %(most)s.")
            if question.whole
            else N_("“%(question)s”: write a number in digits, from %(least)s to %(most)s."),
            field=question.field_name,
            question=question.display_name,
            least=local_number(question.least),
            most=local_number(question.most),
        )
    return number


def _canonical(text: str, *, whole: bool) -> str | None:
    if whole:
        return text if _WHOLE.fullmatch(text) else None
    parts = _DECIMAL.fullmatch(text)
    if parts is None:
        return None
    decimals = (parts[2] or "").rstrip("0")
    return f"{parts[1]}.{decimals}" if decimals else parts[1]


_READ: Mapping[str, Callable[[Question, str], str]] = {"text": _read_text, "number": _read_number}


def _read_date(question: Question, value: str, today: date) -> str:
    text = clean_text(value, field=question.field_name, limit=_LONGEST_VALUE)
    day = _as_date(text)
    earliest = today - timedelta(days=question.past_days)
    latest = today + timedelta(days=question.future_days)
    if day is None or not earliest <= day <= latest:
        raise InvalidInput(
            N_(
                "“%(question)s”: write a date such as %(example)s, not before %(earliest)s and not "
                "after %(latest)s."
            ),
            field=question.field_name,
            question=question.display_name,
            example=latest.isoformat(),
            earliest=local_date(earliest),
            latest=local_date(latest),
        )
    return day.isoformat()


def _as_date(text: str) -> date | None:
    if parts := _ISO_DATE.fullmatch(text):
        year, month, day = parts.groups()
    elif parts := _DATE_IN_WORDS.fullmatch(text):
        day, month, year = parts.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _read_option(question: Question, values: tuple[str, ...], country: str) -> tuple[str, ...]:
    option = question.option(values[0])
    if option is None:
        raise _not_from_the_list(question)
    if option.stop:
        raise _stopped(question, option.stop, country)
    return (option.key,)


def _read_options(question: Question, values: tuple[str, ...]) -> tuple[str, ...]:
    chosen = set(values)
    if not chosen <= {option.key for option in question.options}:
        raise _not_from_the_list(question)
    return tuple(option.key for option in question.options if option.key in chosen)


def _not_from_the_list(question: Question) -> InvalidInput:
    return InvalidInput(
        N_("“%(question)s”: choose from the list."),
        field=question.field_name,
        question=question.display_name,
    )


def _stopped(question: Question, stop: Stop, country: str) -> Stopped:
    phone = stop.phone(country)
    error = Stopped(
        N_("%(words)s Call %(phone)s.") if phone else N_("%(words)s"),
        field=question.field_name,
        words=stop.display_words,
        phone=phone,
    )
    error.stop, error.phone = stop, phone
    return error
