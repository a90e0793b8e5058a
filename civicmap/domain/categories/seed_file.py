"""Reads `seed_categories.yaml`: groups, categories with their questions, default departments.

Pure. Every fault of the file is told with its line, so that one run is enough to mend it; nothing
is taken from a file with faults. What the fields mean is written at the top of the file itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from yaml.nodes import Node

from civicmap.domain.categories.questions import Question
from civicmap.domain.categories.seed_questions import QuestionReader
from civicmap.foundation.checked_yaml import Checker, YamlFaults, compose
from civicmap.foundation.file_faults import Fault
from civicmap.foundation.locales import LANGUAGES, N_, gettext

__all__ = [
    "TRIAGE",
    "Fault",
    "SeedCategory",
    "SeedDepartment",
    "SeedFaults",
    "SeedFile",
    "SeedGroup",
    "parse_seed_file",
]

VERSION = 1
TRIAGE = "triage"  # the default department of what only a person can route
URGENCIES = ("normal", "urgent", "emergency")
MOST_DAYS = 260  # working days: a year
LARGEST_RADIUS_M = 2_000
LONGEST_NAME = 60  # characters: more does not fit a phone's button

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


class SeedFaults(YamlFaults):
    """The category file has faults; `faults` holds every one, by line."""


@dataclass(frozen=True, slots=True)
class SeedDepartment:
    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SeedGroup:
    id: str
    icon: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SeedCategory:
    """Days are working days, the radius is metres; `department` may be `TRIAGE`."""

    id: str
    group: str
    icon: str
    department: str
    urgency: str
    response_days: int
    fix_days: int
    duplicate_radius: int
    public: bool
    names: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class SeedFile:
    """Everything in the order of the file, which is the order residents see."""

    groups: tuple[SeedGroup, ...]
    categories: tuple[SeedCategory, ...]
    departments: tuple[SeedDepartment, ...]


def parse_seed_file(content: bytes, *, icons: Collection[str] | None = None) -> SeedFile:
    """Read the file; `icons` are the names that can be drawn (None: not checked).

    Raises `SeedFaults`.
    """
    try:
        root = compose(content)
    except YamlFaults as unreadable:
        raise SeedFaults(unreadable.faults) from None
    reader = _SeedReader(icons)
    seed = reader.read(root)
    if reader.faults or seed is None:
        raise SeedFaults(reader.faults)
    return seed


class _SeedReader(Checker):
    def __init__(self, icons: Collection[str] | None) -> None:
        super().__init__()
        self._icons = icons
        self._questions = QuestionReader(self)

    def read(self, root: Node) -> SeedFile | None:
        fields = self.fields(
            root, required=["version", "languages", "departments", "groups", "categories"]
        )
        if "version" in fields:
            self.whole_number(
                fields["version"], least=VERSION, most=VERSION, unit=gettext(N_("file version"))
            )
        if "languages" in fields:
            self._check_languages(fields["languages"])
        departments = self._departments(fields.get("departments"))
        groups = self._groups(fields.get("groups"))
        categories = self._categories(
            fields.get("categories"), groups=set(groups), departments={*departments, TRIAGE}
        )
        if self.faults:
            return None
        return SeedFile(
            groups=tuple(groups.values()),
            categories=tuple(categories.values()),
            departments=tuple(departments.values()),
        )

    def _check_languages(self, node: Node) -> None:
        given = [language for item in self.items(node) if (language := self.text(item))]
        for language in sorted(set(LANGUAGES) - set(given)):
            self.fault(node, N_("the language “%(language)s” is missing."), language=language)
        for language in sorted(set(given) - set(LANGUAGES)):
            self.fault(node, N_("civicmap does not speak “%(language)s”."), language=language[:40])

    # Each of the next three gives every id it met, its entry faulty or not, so that one fault in a
    # group is not followed by forty about its categories.

    def _departments(self, node: Node | None) -> dict[str, SeedDepartment]:
        found: dict[str, SeedDepartment] = {}
        for item in self._listed(node):
            fields = self.fields(item, required=["code", "names"])
            code = self._identifier(fields.get("code"), found)
            if code == TRIAGE:
                self.fault(
                    fields["code"], N_("“triage” is no department: it stands for having none.")
                )
            names = self._names(fields.get("names"))
            if code:
                found[code] = SeedDepartment(code, names)
        return found

    def _groups(self, node: Node | None) -> dict[str, SeedGroup]:
        found: dict[str, SeedGroup] = {}
        for item in self._listed(node):
            fields = self.fields(item, required=["id", "icon", "names"])
            identifier = self._identifier(fields.get("id"), found)
            icon = self._icon(fields.get("icon"))
            names = self._names(fields.get("names"))
            if identifier:
                found[identifier] = SeedGroup(identifier, icon, names)
        return found

    def _categories(
        self, node: Node | None, *, groups: Collection[str], departments: Collection[str]
    ) -> dict[str, SeedCategory]:
        found: dict[str, SeedCategory] = {}
        for item in self._listed(node):
            category = self._category(item, found, groups, departments)
            if category.id:
                found[category.id] = category
        return found

    def _category(
        self,
        item: Node,
        found: Collection[str],
        groups: Collection[str],
        departments: Collection[str],
    ) -> SeedCategory:
        """The category; where it is faulty its fields are empty, and the file is not taken."""
        fields = self.fields(
            item,
            required=[
                "id", "group", "icon", "department", "urgency", "response_days", "fix_days",
                "duplicate_radius", "public", "names",
            ],
            optional=["keywords", "questions"],
        )  # fmt: skip
        identifier = self._identifier(fields.get("id"), found)
        group = self._reference(fields.get("group"), groups, N_("there is no group “%(text)s”."))
        department = self._reference(
            fields.get("department"), departments, N_("there is no department “%(text)s”.")
        )
        urgency = self.choice(fields["urgency"], URGENCIES) if "urgency" in fields else None
        response_days = self._days(fields.get("response_days"), least=0)
        fix_days = self._days(fields.get("fix_days"), least=1)
        if response_days and fix_days and response_days > fix_days:
            self.fault(
                fields["response_days"],
                N_("an answer after %(response)s days is too late: it is to be fixed in %(fix)s."),
                response=response_days,
                fix=fix_days,
            )
        radius = (
            self.whole_number(
                fields["duplicate_radius"],
                least=0,
                most=LARGEST_RADIUS_M,
                unit=gettext(N_("metres")),
            )
            if "duplicate_radius" in fields
            else None
        )
        public = self.true_or_false(fields["public"]) if "public" in fields else None
        return SeedCategory(
            id=identifier or "",
            group=group or "",
            icon=self._icon(fields.get("icon")),
            department=department or "",
            urgency=urgency or "",
            response_days=response_days or 0,
            fix_days=fix_days or 0,
            duplicate_radius=radius or 0,
            public=bool(public),
            names=self._names(fields.get("names")),
            keywords=self._keywords(fields.get("keywords")),
            questions=self._questions.read(fields.get("questions")),
        )

    def _listed(self, node: Node | None) -> list[Node]:
        if node is None:
            return []
        items = self.items(node)
        if not items and not self.faults:
            self.fault(node, N_("the list is empty."))
        return items

    def _identifier(self, node: Node | None, taken: Collection[str]) -> str | None:
        identifier = self.text(node, pattern=_ID) if node is not None else None
        if node is not None and identifier in taken:
            self.fault(node, N_("“%(text)s” is there already."), text=identifier)
            return None
        return identifier

    def _reference(self, node: Node | None, known: Collection[str], message: str) -> str | None:
        return self.reference(node, known, message) if node is not None else None

    def _days(self, node: Node | None, *, least: int) -> int | None:
        if node is None:
            return None
        unit = gettext(N_("working days"))
        return self.whole_number(node, least=least, most=MOST_DAYS, unit=unit)

    def _icon(self, node: Node | None) -> str:
        if node is None:
            return ""
        if self._icons is None:
            return self.text(node, longest=60) or ""
        return self.reference(node, self._icons, N_("there is no icon “%(text)s”.")) or ""

    def _names(self, node: Node | None) -> dict[str, str]:
        return self.in_every_language(node, longest=LONGEST_NAME)

    def _keywords(self, node: Node | None) -> dict[str, tuple[str, ...]]:
        """Words by language; languages may be missing."""
        if node is None:
            return {}
        fields = self.fields(node, required=[], optional=list(LANGUAGES))
        return {
            language: tuple(
                word for item in self.items(fields[language]) if (word := self.text(item))
            )
            for language in LANGUAGES
            if language in fields
        }
