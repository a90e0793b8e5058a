"""System and Python packages, in this order: Python's need Debian's venv."""

from __future__ import annotations

from bootstrap import debian_packages, python_packages
from bootstrap.checkout import VENV_PYTHON, only_one_at_work
from bootstrap.steps import Steps


def install(steps: Steps, requirements: str, system_packages: list[str]) -> None:
    """Put in `system_packages` (those found missing) and what the `requirements` file asks for."""
    with only_one_at_work():
        venv = [] if VENV_PYTHON.exists() else debian_packages.python_venv_package()
        missing = [*venv, *system_packages]
        with steps.step("System packages") as step:
            debian_packages.install(missing, step)
            step.result(f"{', '.join(missing)} installed" if missing else "nothing missing")
        with steps.step("Python packages") as step:
            python_packages.install(requirements, step)
