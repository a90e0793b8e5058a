"""Reporting a problem: one form, which scripts turn into steps."""

from civicmap.web.report import addresses, form, place  # noqa: F401 - views register themselves on import
