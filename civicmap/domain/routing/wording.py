"""Why a report went where it went, in words for staff. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civicmap.foundation.locales import N_, gettext

# By what the winning rule named: whether a category or group, whether an area.
_RULES = {
    (True, True): N_("%(subject)s in %(area)s → %(department)s"),
    (True, False): N_("%(subject)s anywhere in the city → %(department)s"),
    (False, True): N_("Anything in %(area)s → %(department)s"),
    (False, False): N_("Anything in the city → %(department)s"),
}
_OTHERS = {
    "default": N_("%(subject)s goes to %(department)s where no rule says otherwise"),
    "none": N_("No rule names a department for this: %(subject)s"),
    "transferred": N_("Handed over by colleagues to %(department)s"),
}


def reason_in_words(
    reason: Mapping[str, Any], *, subject: str, group: str = "", department: str = ""
) -> str:
    """The reason kept with a report (`Choice.reason`) as a sentence; "" for a kind unknown here.

    `subject`, `group` and `department` are the names, in the reader's language, of the category,
    the group and the department that the reason speaks of.
    """
    area, names_group = reason.get("area") or "", bool(reason.get("group"))
    if reason.get("kind") == "rule":
        message = _RULES[names_group or bool(reason.get("category")), bool(area)]
    else:
        message = _OTHERS.get(str(reason.get("kind")), "")
    if not message:
        return ""
    return gettext(message) % {
        "subject": group if names_group else subject,
        "area": area,
        "department": department,
    }
