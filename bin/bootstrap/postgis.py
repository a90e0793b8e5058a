"""PostgreSQL with PostGIS on this machine: where its programs are."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from bootstrap.errors import CannotGoOn

# (folder of the programs, folder that holds extension/postgis.control); N is the version.
PLACES = (
    ("/usr/lib/postgresql/*/bin", "/usr/share/postgresql/*/extension"),  # Debian, Ubuntu
    ("/usr/pgsql-*/bin", "/usr/pgsql-*/share/extension"),  # PGDG on Fedora and its kin
    ("/usr/local/pgsql-*/bin", "/usr/local/pgsql-*/share/extension"),
)


@dataclass(frozen=True)
class PostgresPrograms:
    """One installed PostgreSQL that has PostGIS."""

    version: int
    folder: Path

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


def installed() -> list[PostgresPrograms]:
    """Every PostgreSQL with PostGIS found here, newest first."""
    found = {}
    for programs, extensions in PLACES:
        for folder in Path("/").glob(programs.lstrip("/")):
            number = re.search(r"(\d+)/bin$", str(folder))
            if not number or not (folder / "initdb").exists():
                continue
            version = int(number[1])
            if (Path(extensions.replace("*", number[1])) / "postgis.control").exists():
                found[version] = PostgresPrograms(version, folder)
    on_path = shutil.which("initdb")
    if not found and on_path:
        folder = Path(on_path).resolve().parent
        number = re.search(r"(\d+)", str(folder))
        if list(folder.parent.glob("share/**/extension/postgis.control")) and number:
            found[int(number[1])] = PostgresPrograms(int(number[1]), folder)
    return [found[version] for version in sorted(found, reverse=True)]


def packages() -> list[str]:
    """The Debian packages to add before there is a PostgreSQL with PostGIS."""
    return [] if installed() else ["postgresql-postgis"]


def programs_for(data: Path) -> PostgresPrograms:
    """The programs for the cluster in `data`, or the newest when it has yet to be made.

    Raises CannotGoOn when the version that made the cluster is no longer installed.
    """
    here = installed()
    if not here:
        raise CannotGoOn("There is no PostgreSQL with PostGIS on this machine.")
    made_by = data / "PG_VERSION"
    if not made_by.exists():
        return here[0]
    version = int(made_by.read_text().strip())
    for programs in here:
        if programs.version == version:
            return programs
    raise CannotGoOn(
        f"The database in {data} was made by PostgreSQL {version}, which is no longer installed "
        f"with PostGIS (there is {here[0].version}). Install postgresql-{version}-postgis-3 again, "
        "or move the contents over with pg_upgrade."
    )
