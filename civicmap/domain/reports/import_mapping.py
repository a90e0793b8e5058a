"""The mapping file of an import: which column of somebody's CSV means what. Pure.

`docs/examples/nyc_311_2022.yaml` is one, with every field explained.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from yaml.nodes import Node

from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.checked_yaml import Checker, compose
from civicmap.foundation.locales import LANGUAGES, N_

VERSION = 1
SKIP = "skip"
ISO = "iso"

_SOURCE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_DEPARTMENT_CODE = re.compile(r"[a-z0-9_-]{1,40}")
_SINGLE = ("external_id", "category", "status", "created_at", "latitude", "longitude")
_OPTIONAL_SINGLE = ("closed_at", "department", "department_name", "outcome")
_JOINED = ("address", "description")


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns in the header of the file; None or empty where the file has none.

    `address` and `description` may be several columns, put together in this order. `outcome` is
    what the city answered when it closed the report.
    """

    external_id: str
    category: str
    status: str
    created_at: str
    latitude: str
    longitude: str
    closed_at: str | None = None
    department: str | None = None
    department_name: str | None = None
    outcome: str | None = None
    address: tuple[str, ...] = ()
    description: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every column the file must have, each once, in a readable order."""
        single = (getattr(self, name) for name in (*_SINGLE, *_OPTIONAL_SINGLE))
        named = [name for name in single if name] + [*self.address, *self.description]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """`source` goes with the external ids: the same id from another source is another report.

    `categories` maps values of the category column to our category ids or `SKIP`;
    `other_categories` takes the values it does not name (None: such rows are faults). `statuses`
    maps values of the status column to ours. `departments` maps values of the department column to
    codes; others are their own code in small letters. `time_zone` None: the city's. `date_formats`
    are tried in order: `ISO`, or strptime's.
    """

    source: str
    columns: Columns
    categories: Mapping[str, str]
    statuses: Mapping[str, str]
    other_categories: str | None = None
    departments: Mapping[str, str] | None = None
    time_zone: ZoneInfo | None = None
    date_formats: tuple[str, ...] = (ISO,)
    delimiter: str = ","
    language: str = "en"
    # words_held: pins and categories show, words and addresses wait for a person's look.
    visibility: Literal["public", "words_held", "held"] = "public"


def parse_mapping(content: bytes, *, categories: Collection[str]) -> ImportMapping:
    """Read a mapping file; `categories` are the ids that reports can be given.

    Raises `YamlFaults` with every fault and its line.
    """
    reader = _MappingReader({*categories, SKIP})
    mapping = reader.read(compose(content))
    reader.raise_faults()
    return mapping


class _MappingReader(Checker):
    def __init__(self, categories: Collection[str]) -> None:
        super().__init__()
        self._categories = categories

    def read(self, root: Node) -> ImportMapping:
        """The mapping; where it is faulty its fields are empty, and `raise_faults` refuses it."""
        fields = self.fields(
            root,
            required=["version", "source", "columns", "categories", "statuses"],
            optional=[
                "other_categories", "departments", "time_zone", "dates", "delimiter", "language",
                "visibility",
            ],
        )  # fmt: skip
        if "version" in fields:
            self.whole_number(fields["version"], least=VERSION, most=VERSION, unit="version")
        return ImportMapping(
            source=self.text(fields["source"], pattern=_SOURCE) or "" if "source" in fields else "",
            columns=self._columns(fields.get("columns")),
            categories=self._category_values(fields.get("categories")),
            other_categories=(
                self._category(fields["other_categories"]) if "other_categories" in fields else None
            ),
            statuses=self._status_values(fields.get("statuses")),
            departments=self._department_values(fields.get("departments")),
            time_zone=self._time_zone(fields.get("time_zone")),
            date_formats=self._date_formats(fields.get("dates")),
            delimiter=self._delimiter(fields.get("delimiter")),
            language=self._optional_choice(fields.get("language"), LANGUAGES, "en"),
            visibility=self._visibility(fields.get("visibility")),
        )

    def _columns(self, node: Node | None) -> Columns:
        if node is None:
            return Columns("", "", "", "", "", "")
        fields = self.fields(node, required=_SINGLE, optional=[*_OPTIONAL_SINGLE, *_JOINED])
        single = {
            name: self.text(fields[name]) or ""
            for name in (*_SINGLE, *_OPTIONAL_SINGLE)
            if name in fields
        }
        joined = {name: self._joined(fields[name]) for name in _JOINED if name in fields}
        if "department_name" in fields and "department" not in fields:
            self.fault(
                fields["department_name"],
                N_("a department's name needs a column for its code: add “department”."),
            )
        return Columns(
            external_id=single.get("external_id", ""),
            category=single.get("category", ""),
            status=single.get("status", ""),
            created_at=single.get("created_at", ""),
            latitude=single.get("latitude", ""),
            longitude=single.get("longitude", ""),
            closed_at=single.get("closed_at"),
            department=single.get("department"),
            department_name=single.get("department_name"),
            outcome=single.get("outcome"),
            address=joined.get("address", ()),
            description=joined.get("description", ()),
        )

    def _joined(self, node: Node) -> tuple[str, ...]:
        """One column, or a list of columns."""
        nodes = self.items(node) if isinstance(node.value, list) else [node]
        return tuple(name for one in nodes if (name := self.text(one)))

    def _category(self, node: Node) -> str | None:
        return self.reference(node, self._categories, N_("there is no category “%(text)s”."))

    def _category_values(self, node: Node | None) -> dict[str, str]:
        entries = self.entries(node) if node is not None else []
        return {value: ours for value, _, at in entries if (ours := self._category(at))}

    def _status_values(self, node: Node | None) -> dict[str, str]:
        entries = self.entries(node) if node is not None else []
        if node is not None and not entries and not self.faults:
            self.fault(node, N_("name at least one status."))
        return {value: ours for value, _, at in entries if (ours := self.choice(at, STATUSES))}

    def _department_values(self, node: Node | None) -> dict[str, str]:
        entries = self.entries(node) if node is not None else []
        return {
            value: code
            for value, _, at in entries
            if (code := self.text(at, pattern=_DEPARTMENT_CODE))
        }

    def _time_zone(self, node: Node | None) -> ZoneInfo | None:
        name = self.text(node) if node is not None else None
        if node is None or name is None:
            return None
        if name not in available_timezones():
            self.fault(
                node,
                N_("there is no time zone “%(name)s”. Write it like Europe/Warsaw."),
                name=name[:40],
            )
            return None
        return ZoneInfo(name)

    def _date_formats(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return (ISO,)
        nodes = self.items(node) if isinstance(node.value, list) else [node]
        formats = [(one, text) for one in nodes if (text := self.text(one))]
        for one, text in formats:
            if not _is_date_format(text):
                self.fault(
                    one,
                    N_(
                        "“%(format)s” is no date format. Write “iso”, or a format with day, month "
                        "and year like “%%m/%%d/%%Y %%I:%%M:%%S %%p”."
                    ),
                    format=text[:40],
                )
        return tuple(text for _, text in formats)

    def _delimiter(self, node: Node | None) -> str:
        if node is None:
            return ","
        # A tab is white space, which `text` would take away.
        if isinstance(node.value, str) and node.value in (",", ";", "|", "\t", "tab"):
            return "\t" if node.value == "tab" else node.value
        self.fault(node, N_("the delimiter should be one of: “,” “;” “|” “tab”."))
        return ","

    def _visibility(self, node: Node | None) -> Literal["public", "words_held", "held"]:
        match self._optional_choice(node, ("public", "words_held", "held"), "public"):
            case "held":
                return "held"
            case "words_held":
                return "words_held"
            case _:
                return "public"

    def _optional_choice(self, node: Node | None, options: Collection[str], otherwise: str) -> str:
        return (self.choice(node, options) or otherwise) if node is not None else otherwise


def _is_date_format(text: str) -> bool:
    """Whether a moment written in this format can be read back, at least to the day."""
    if text == ISO:
        return True
    sample = datetime(2021, 11, 23, 14, 35, 52)  # noqa: DTZ001 - formats without zone are meant
    try:
        return datetime.strptime(sample.strftime(text), text).date() == sample.date()  # noqa: DTZ007
    except ValueError:
        return False
