"""bin/bench: lists what can be measured, or measures it."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import NoReturn

from bootstrap import chromium, packages, postgis, python_packages
from bootstrap.checkout import CHECKOUT, VENV_PYTHON, check_path, make_folder, state_folder
from bootstrap.cluster import SUPERUSER, Cluster
from bootstrap.environment import for_civicmap
from bootstrap.errors import CannotGoOn
from bootstrap.programs import become
from bootstrap.steps import Steps

PARTS = CHECKOUT / "bin" / "benches"
DATABASE = "civicmap_bench"
PACKAGES = {"nginx": "nginx-light", "wrk": "wrk"}


def main(arguments: list[str]) -> int:
    """Become the measurement PART, on an empty database of its own; without PART, list them."""
    parts = list_parts()
    if not arguments or arguments[0] in {"-h", "--help"}:
        print("bin/bench PART [ARGUMENTS]  measures one part of civicmap:\n")
        width = max((len(name) for name in parts), default=0)
        for name, (_, description) in parts.items():
            print(f"  {name:<{width}}  {description}")
        return 0
    if arguments[0] not in parts:
        raise CannotGoOn(f"There is no part {arguments[0]!r}. There are: {', '.join(parts)}.")
    return measure(parts[arguments[0]][0], arguments[1:])


def measure(module: str, arguments: list[str]) -> NoReturn:
    """Become the measurement in `module`.

    Its `NEEDS` are words: `browser` gets it a Chromium, `nginx` and `wrk` those programs. With
    `KEEPS` it makes and keeps databases of its own, whose names begin with that; its URL is then of
    such a name, and nothing is dropped.
    """
    check_path()
    said = constants(source_of(module))
    needs = said.get("NEEDS", "").split()
    in_browser = "browser" in needs
    steps = Steps(4 if in_browser else 3, quiet=True)
    packages.install(
        steps,
        python_packages.DEVELOPMENT if in_browser else python_packages.RUNTIME,
        [
            *postgis.packages(),
            *(chromium.packages() if in_browser else []),
            *(PACKAGES[need] for need in needs if need in PACKAGES and not program(need)),
        ],
    )
    state = state_folder(holds_cluster=True)
    if in_browser:
        with steps.step("Chromium") as step:
            chromium.install_with_playwright(state, step)
    cluster = Cluster(state / "bench-postgis")
    with steps.step("Database") as step:
        cluster.start(step)
        if "KEEPS" not in said:
            cluster.run_sql(
                """
                DROP DATABASE IF EXISTS :"name" WITH (FORCE);
                CREATE DATABASE :"name";
                \\connect :"name"
                CREATE EXTENSION postgis;
                """,
                name=DATABASE,
            )
    cluster.hold_across_exec()
    url = cluster.url(SUPERUSER, said.get("KEEPS", DATABASE))
    environment = for_civicmap(make_folder(state / "bench-state"), url)
    environment["CIVICMAP_BENCH_DATABASE_URL"] = url
    environment["PYTHONPATH"] = f"{CHECKOUT}:{PARTS.parent}"
    if in_browser:
        environment |= chromium.environment(state)
    command = [str(VENV_PYTHON), "-m", "benches", module, *arguments]
    become(command, environment)


def list_parts() -> dict[str, tuple[str, str]]:
    """Name → (module, description), read from the sources: no package need be there yet."""
    parts = {}
    for path in sorted(PARTS.iterdir()):
        source = source_of(path.stem)
        said = constants(source) if source.exists() else {}
        if "NAME" in said:
            parts[said["NAME"]] = (path.stem, said.get("DESCRIPTION", ""))
    return parts


def source_of(module: str) -> Path:
    """The file that says what a part is: its own, or the one that opens its folder."""
    folder = PARTS / module
    return folder / "__init__.py" if folder.is_dir() else PARTS / f"{module}.py"


def program(name: str) -> str | None:
    """Where a program is; Debian keeps nginx out of a person's path."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin")


def constants(path: Path) -> dict[str, str]:
    """The module's top-level string constants."""
    return {
        node.targets[0].id: node.value.value
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
