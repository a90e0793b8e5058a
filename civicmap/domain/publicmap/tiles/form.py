"""The form of a tile: JSON of flat rows, the same for whoever asks (docs/architecture.md). Pure."""

from __future__ import annotations


def write_tile(
    *, cell_level: int, cells: str, report_level: int, reports: str, is_more: bool = False
) -> bytes:
    """The rows, numbers and strings parted by commas, in their frame; nothing for no rows."""
    if not (cells or reports):
        return b""
    more = "true" if is_more else "false"
    return (
        f'{{"cells":{{"level":{cell_level},"rows":[{cells}]}},'
        f'"reports":{{"level":{report_level},"rows":[{reports}]}},"more":{more}}}'
    ).encode()
