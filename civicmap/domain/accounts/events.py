"""What happens to accounts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PasswordResetRequested:
    """`token` is in clear: the letter carries it, the database keeps its hash."""

    person_id: int
    token: str
    is_invitation: bool


@dataclass(frozen=True)
class LinkRequested:
    """Somebody asks for a one-time link to their reports."""

    link_id: int
