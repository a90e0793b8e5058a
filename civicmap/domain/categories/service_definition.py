"""The questions of a category as Open311 GeoReport v2 tells them: GET service definition. Pure.

The mapping only, ready for the endpoint to come: no address of ours answers with it yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from civicmap.domain.categories.questions import Option, Question
from civicmap.foundation.locales import N_, gettext, local_number

_DATATYPES = {
    "number": "number",
    "single": "singlevaluelist",
    "multiple": "multivaluelist",
    "date": "datetime",
}


def service_definition(
    service_code: str, questions: Sequence[Question], *, country: str
) -> dict[str, Any]:
    """The definition in the reader's language, as JSON values. Order counts from 1.

    Open311 knows no answer that ends a form: what such an option says stands in the description,
    and `send_report` refuses it.
    """
    return {
        "service_code": service_code,
        "attributes": [
            _attribute(question, order, country)
            for order, question in enumerate(questions, start=1)
        ],
    }


def _attribute(question: Question, order: int, country: str) -> dict[str, Any]:
    attribute: dict[str, Any] = {
        "variable": question.is_asked,
        "code": question.code,
        "datatype": _datatype(question),
        "required": question.required,
        "datatype_description": _datatype_description(question),
        "order": order,
        "description": _description(question, country),
    }
    if question.options:
        attribute["values"] = [
            {"key": option.key, "name": option.display_name} for option in question.options
        ]
    return attribute


def _datatype(question: Question) -> str:
    """A notice is "text"; a text of one line "string", of several "text"."""
    if question.kind == "text" and not question.lines:
        return "string"
    return _DATATYPES.get(question.kind, "text")


def _datatype_description(question: Question) -> str:
    """How to answer: what is accepted, then the hint."""
    parts = [_accepted(question), question.hint]
    return " ".join(filter(None, parts))


def _accepted(question: Question) -> str:
    if question.kind == "text":
        return gettext(N_("At most %(limit)s characters.")) % {"limit": question.longest}
    if question.kind == "number":
        said = gettext(
            N_("A whole number from %(least)s to %(most)s.")
            if question.whole
            else N_("A number from %(least)s to %(most)s.")
        ) % {"least": local_number(question.least), "most": local_number(question.most)}
        unit = question.unit
        return f"{said} ({unit})" if unit else said
    if question.kind == "date":
        return gettext(N_("A date, as 2026-03-15."))
    return ""


def _description(question: Question, country: str) -> str:
    parts = [question.display_name, _call(question.phone(country))]
    parts += [_stop(option, country) for option in question.options if option.stop]
    return " ".join(filter(None, parts))


def _stop(option: Option, country: str) -> str:
    stop = option.stop
    if stop is None:
        return ""
    said = f"“{option.display_name}”: {stop.display_words}"
    return " ".join(filter(None, [said, _call(stop.phone(country))]))


def _call(phone: str) -> str:
    return gettext(N_("Call %(number)s.")) % {"number": phone} if phone else ""
