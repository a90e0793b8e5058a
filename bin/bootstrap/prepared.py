"""Whether a database has been prepared for this version of civicmap."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from bootstrap.checkout import CHECKOUT


def remember(state: Path, database_url: str) -> None:
    """`prepare` has succeeded for this database and this version."""
    (state / "prepared").write_text(fingerprint(database_url))


def is_prepared(state: Path, database_url: str) -> bool:
    """Whether nothing `prepare` looks at has changed since it last succeeded."""
    mark = state / "prepared"
    return mark.exists() and mark.read_text() == fingerprint(database_url)


def fingerprint(database_url: str) -> str:
    """A digest of the database's address, the migrations, the categories and the translations.

    The port of a private cluster may change from start to start, so it is left out.
    """
    digest = hashlib.sha256(re.sub(r"@127\.0\.0\.1:\d+/", "@/", database_url).encode())
    for path in sorted((CHECKOUT / "migrations" / "versions").glob("*.py")):
        digest.update(path.name.encode())
    catalogues = sorted((CHECKOUT / "civicmap" / "translations").rglob("*.po"))
    for path in (CHECKOUT / "seed_categories.yaml", *catalogues):
        digest.update(path.read_bytes())
    return digest.hexdigest()
