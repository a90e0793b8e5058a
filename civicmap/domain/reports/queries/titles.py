"""What a report is called wherever it is shown, and how its place is told."""

from __future__ import annotations

from civicmap.foundation.locales import in_language


class Titled:
    """A frozen row with these columns."""

    category_key: str
    category_names: dict[str, str]
    address: str
    area_name: str

    @property
    def title(self) -> str:
        return in_language(self.category_names) or self.category_key

    @property
    def place(self) -> str:
        return ", ".join(filter(None, (self.address, self.area_name)))
