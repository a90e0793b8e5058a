"""The addresses that anybody may open, taken from the application itself."""

from __future__ import annotations

import re

from flask import Flask

SAMPLE = {
    "city_slug": "poznan",
    "number": "PO-7K4M-2Q",
    "secret": "no-such-secret",
    "token": "no-such-token",
    "key": "a" * 26,
    "size": "list",
    "category": "pothole",
    "code": "roads",
    "area": "west",
    "z": "12",
    "x": "2240",
    "y": "1345",
}
INTERNAL = ("staff.", "mailbox.", "admin.")


def public_rules(app: Flask) -> list[str]:
    """The rules of all pages that ask nobody who they are."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.endpoint.startswith(INTERNAL)
    )


def addresses(app: Flask, **values: str) -> list[str]:
    """One address for each of them. A parameter that SAMPLE does not know fails the test: name it
    there."""
    known = {**SAMPLE, **values}
    return [
        re.sub(r"<(?:[^:<>]*:)?(\w+)>", lambda match: known[match[1]], rule)
        for rule in public_rules(app)
    ]
