"""Who may do what: one readable table. Pure.

A membership gives a role within a scope: everywhere, one city, or one department of a city. Roles
build on nothing: each line below is the whole truth about its permission.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ADMIN = "admin"
OPERATOR = "operator"
STAFF = "staff"

#                            anywhere in the city     only where the report is their department's
PERMISSIONS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "see_worklist":         (frozenset({ADMIN, OPERATOR, STAFF}), frozenset()),
    "read_reports":         (frozenset({ADMIN, OPERATOR, STAFF}), frozenset()),
    "read_unpublished":     (frozenset({ADMIN, OPERATOR}),        frozenset({STAFF})),
    "read_reporter":        (frozenset({ADMIN, OPERATOR}),        frozenset({STAFF})),
    "write_notes":          (frozenset({ADMIN, OPERATOR, STAFF}), frozenset()),
    "update_public":        (frozenset({ADMIN, OPERATOR}),        frozenset({STAFF})),
    "ask_reporter":         (frozenset({ADMIN, OPERATOR}),        frozenset({STAFF})),
    "change_status":        (frozenset({ADMIN, OPERATOR}),        frozenset({STAFF})),
    "transfer":             (frozenset({ADMIN, OPERATOR}),        frozenset({STAFF})),
    "move_pin":             (frozenset({ADMIN, OPERATOR}),        frozenset({STAFF})),
    "moderate":             (frozenset({ADMIN, OPERATOR}),        frozenset({STAFF})),
    "read_demo_mailbox":    (frozenset({ADMIN, OPERATOR, STAFF}), frozenset()),
}  # fmt: skip


@dataclass(frozen=True)
class Grant:
    """A membership: `jurisdiction_id` None is everywhere, `department_id` None the whole city."""

    role: str
    jurisdiction_id: int | None
    department_id: int | None


def may(
    grants: Iterable[Grant],
    permission: str,
    *,
    jurisdiction_id: int,
    department_id: int | None = None,
) -> bool:
    """Whether any of the grants allows it in this city, on a report of this department.

    `department_id` None: nobody's report yet (triage), or a question about the city as a whole.
    """
    anywhere, own = PERMISSIONS[permission]
    for grant in grants:
        if grant.jurisdiction_id not in (None, jurisdiction_id):
            continue
        if grant.role in anywhere:
            return True
        if grant.role in own and department_id and grant.department_id == department_id:
            return True
    return False
