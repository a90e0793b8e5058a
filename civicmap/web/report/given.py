"""The fields `q.<code>` of the form: what was answered to the questions of a category."""

from __future__ import annotations

import re
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from civicmap.domain.categories.questions import FIELD_PREFIX

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
# More than a form of ours holds: the rest was not typed by a person.
_MOST_CODES = 40
_MOST_VALUES = 20


def read_given(form: MultiDict[str, str]) -> dict[str, tuple[str, ...]]:
    """What was answered, by the question's code, as typed; empty fields are no answers."""
    codes = [name.removeprefix(FIELD_PREFIX) for name in form if name.startswith(FIELD_PREFIX)]
    given = {}
    for code in filter(_CODE.fullmatch, codes[:_MOST_CODES]):
        values = form.getlist(FIELD_PREFIX + code)[:_MOST_VALUES]
        if kept := tuple(value for value in values if value.strip()):
            given[code] = kept
    return given


def given_fields(given: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """The same as names and values, for a page that carries them on."""
    return [(FIELD_PREFIX + code, value) for code, values in given.items() for value in values]
