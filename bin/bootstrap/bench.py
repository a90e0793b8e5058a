"""bin/bench: lists what can be measured, or measures it."""

from __future__ import annotations

import ast
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
    """Become the measurement in `module`; one with `NEEDS = "browser"` gets a Chromium."""
    check_path()
    in_browser = constants(PARTS / f"{module}.py").get("NEEDS") == "browser"
    steps = Steps(4 if in_browser else 3, quiet=True)
    packages.install(
        steps,
        python_packages.DEVELOPMENT if in_browser else python_packages.RUNTIME,
        [*postgis.packages(), *(chromium.packages() if in_browser else [])],
    )
    state = state_folder(holds_cluster=True)
    if in_browser:
        with steps.step("Chromium") as step:
            chromium.install_with_playwright(state, step)
    cluster = Cluster(state / "bench-postgis")
    with steps.step("Database") as step:
        cluster.start(step)
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
    url = cluster.url(SUPERUSER, DATABASE)
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
    for path in sorted(PARTS.glob("*.py")):
        said = constants(path)
        if "NAME" in said:
            parts[said["NAME"]] = (path.stem, said.get("DESCRIPTION", ""))
    return parts


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
