"""Reads the questions of a category in `seed_categories.yaml`, noting every fault by line. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from yaml.nodes import Node

from civicmap.domain.categories.questions import (
    FUTURE_DAYS,
    KINDS,
    LONGEST_ANSWER,
    OTHER_COUNTRIES,
    PAST_DAYS,
    Option,
    Question,
    Stop,
)
from civicmap.foundation.checked_yaml import Checker
from civicmap.foundation.locales import N_, gettext

MOST_QUESTIONS = 6  # of a category, notices counted: the form must stay quick
MOST_OPTIONS = 12
LONGEST_LABEL = 120  # characters
LONGEST_OPTION = 60
LONGEST_HINT = 160
LONGEST_NOTICE = 300
LONGEST_UNIT = 20
LARGEST_NUMBER = 1_000_000
MOST_DAYS = 36_600  # a hundred years

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{1,19}")
_COMMON = ("code", "kind", "names")
_ASKED = ("required", "public", "hints")
# What each kind needs, and what it may have besides.
_NEEDS: Mapping[str, Sequence[str]] = {
    "number": ("least", "most"),
    "single": ("options",),
    "multiple": ("options",),
}
_MAY: Mapping[str, Sequence[str]] = {
    "text": (*_ASKED, "longest", "lines"),
    "number": (*_ASKED, "whole", "units"),
    "single": _ASKED,
    "multiple": _ASKED,
    "date": (*_ASKED, "past_days", "future_days"),
    "notice": ("phones", "stops"),
}
_EVERY = sorted({*_ASKED, "options"}.union(*_NEEDS.values(), *_MAY.values()))


class QuestionReader:
    """Reads lists of questions with one checker; codes are unique in the whole file."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._codes: set[str] = set()

    def read(self, node: Node | None) -> tuple[Question, ...]:
        """The questions of a category; what is faulty is left out, and the file is not taken."""
        if node is None:
            return ()
        items = self._checker.items(node)
        if len(items) > MOST_QUESTIONS:
            self._checker.fault(
                node,
                N_("at most %(limit)s questions a category: the form must stay quick."),
                limit=MOST_QUESTIONS,
            )
        return tuple(question for item in items if (question := self._question(item)))

    def _question(self, item: Node) -> Question | None:
        checker = self._checker
        fields = checker.fields(item, required=_COMMON, optional=_EVERY)
        code = self._code(fields.get("code"))
        kind = checker.choice(fields["kind"], KINDS) if "kind" in fields else None
        if kind is None:
            return None
        self._check_fields_of_kind(item, fields, kind)
        question = Question(
            code=code or "",
            kind=kind,
            names=self._words(
                fields.get("names"), LONGEST_NOTICE if kind == "notice" else LONGEST_LABEL
            ),
            hints=self._words(fields.get("hints"), LONGEST_HINT),
            required=self._flag(fields, "required", False),
            public=self._flag(fields, "public", False),
            options=self._options(fields.get("options"), may_stop=kind == "single"),
            least=self._number(fields, "least", 0, most=LARGEST_NUMBER),
            most=self._number(fields, "most", 0, least=1, most=LARGEST_NUMBER),
            whole=self._flag(fields, "whole", True),
            units=self._words(fields.get("units"), LONGEST_UNIT),
            longest=self._number(fields, "longest", LONGEST_ANSWER, least=1, most=2_000),
            lines=self._flag(fields, "lines", False),
            past_days=self._number(fields, "past_days", PAST_DAYS, most=MOST_DAYS),
            future_days=self._number(fields, "future_days", FUTURE_DAYS, most=MOST_DAYS),
            phones=self._phones(fields.get("phones")),
            stops=self._flag(fields, "stops", False),
        )
        if question.most and question.least >= question.most:
            checker.fault(fields["least"], N_("“least” should be smaller than “most”."))
        return question

    def _check_fields_of_kind(self, item: Node, fields: Mapping[str, Node], kind: str) -> None:
        needs = _NEEDS.get(kind, ())
        for name, node in fields.items():
            if name not in (*_COMMON, *needs, *_MAY[kind]):
                self._checker.fault(
                    node,
                    N_("a question of kind “%(kind)s” has no “%(key)s”."),
                    kind=kind,
                    key=name,
                )
        for name in needs:
            if name not in fields:
                self._checker.fault(item, N_("“%(key)s” is missing."), key=name)

    def _code(self, node: Node | None) -> str | None:
        if node is None:
            return None
        code = self._checker.text(node, pattern=_CODE)
        if code in self._codes:
            self._checker.fault(node, N_("“%(text)s” is there already."), text=code)
            return None
        if code:
            self._codes.add(code)
        return code

    def _options(self, node: Node | None, *, may_stop: bool) -> tuple[Option, ...]:
        if node is None:
            return ()
        checker = self._checker
        items = checker.items(node)
        if not 2 <= len(items) <= MOST_OPTIONS:
            checker.fault(
                node, N_("there should be from 2 to %(limit)s options."), limit=MOST_OPTIONS
            )
        options: dict[str, Option] = {}
        for item in items:
            fields = checker.fields(item, required=["key", "names"], optional=["stop"])
            key = checker.text(fields["key"], pattern=_CODE) if "key" in fields else None
            if key in options:
                checker.fault(fields["key"], N_("“%(text)s” is there already."), text=key)
            if "stop" in fields and not may_stop:
                checker.fault(
                    fields["stop"], N_("only an option of a single choice may stop the form.")
                )
            option = Option(
                key=key or "",
                names=self._words(fields.get("names"), LONGEST_OPTION),
                stop=self._stop(fields.get("stop")),
            )
            options.setdefault(option.key, option)
        return tuple(options.values())

    def _stop(self, node: Node | None) -> Stop | None:
        if node is None:
            return None
        fields = self._checker.fields(node, required=["words"], optional=["phones"])
        return Stop(
            words=self._words(fields.get("words"), LONGEST_NOTICE),
            phones=self._phones(fields.get("phones")),
        )

    def _phones(self, node: Node | None) -> dict[str, str]:
        """Numbers by country; with any there is one for all the others."""
        if node is None:
            return {}
        checker = self._checker
        phones: dict[str, str] = {}
        for country, key_node, value_node in checker.entries(node):
            if country != OTHER_COUNTRIES and not _COUNTRY.fullmatch(country):
                checker.fault(
                    key_node,
                    N_("“%(text)s” is no country: two capital letters (PL, KZ), or “other”."),
                    text=country[:40],
                )
            number = checker.text(value_node, longest=20)
            if number and not _PHONE.fullmatch(number):
                checker.fault(value_node, N_("“%(text)s” is not a phone number."), text=number)
            phones[country] = number or ""
        if phones and OTHER_COUNTRIES not in phones:
            checker.fault(node, N_("“%(key)s” is missing."), key=OTHER_COUNTRIES)
        return phones

    def _words(self, node: Node | None, longest: int) -> dict[str, str]:
        return self._checker.in_every_language(node, longest=longest)

    def _flag(self, fields: Mapping[str, Node], name: str, default: bool) -> bool:
        if name not in fields:
            return default
        return bool(self._checker.true_or_false(fields[name]))

    def _number(
        self, fields: Mapping[str, Node], name: str, default: int, *, least: int = 0, most: int
    ) -> int:
        if name not in fields:
            return default
        unit = {
            "longest": N_("characters"),
            "past_days": N_("days"),
            "future_days": N_("days"),
        }.get(name, N_("units"))
        return (
            self._checker.whole_number(fields[name], least=least, most=most, unit=gettext(unit))
            or 0
        )
