"""Every table in one place, for migrations."""

from __future__ import annotations

from civicmap.domain.accounts import models as accounts
from civicmap.domain.addresses import models as addresses
from civicmap.domain.categories import models as categories
from civicmap.domain.departments import models as departments
from civicmap.domain.jurisdictions import models as jurisdictions
from civicmap.domain.media import models as media
from civicmap.domain.moderation import models as moderation
from civicmap.domain.notifications import models as notifications
from civicmap.domain.publicmap import models as publicmap
from civicmap.domain.reports import models as reports
from civicmap.domain.routing import models as routing
from civicmap.foundation.database import Base

__all__ = [
    "accounts",
    "addresses",
    "categories",
    "departments",
    "jurisdictions",
    "media",
    "metadata",
    "moderation",
    "notifications",
    "publicmap",
    "reports",
    "routing",
]

metadata = Base.metadata
