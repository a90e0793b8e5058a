"""What was measured: rows of figures, and the targets they are held against."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benches.measuring import percentile


@dataclass(frozen=True)
class Target:
    """A figure that must not be above (or, `at_least`, below) its bound."""

    name: str
    value: float
    bound: float
    unit: str
    at_least: bool = False

    @property
    def is_reached(self) -> bool:
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        reached = "reached" if self.is_reached else "MISSED"
        return (
            f"{self.name:58} {self.value:10.2f} {sign} {self.bound:8.2f} {self.unit:14} {reached}"
        )


@dataclass
class Outcome:
    """Printed as it grows; written down at the end."""

    reports: int
    machine: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def heading(self, title: str, *columns: str) -> None:
        """`columns` are told after the name of a row; the first are p50 and p95."""
        print(f"\n{title}", flush=True)
        if columns:
            print(" " * 46 + " ".join(f"{column:>9}" for column in columns))

    def row(self, section: str, name: str, **figures: float) -> None:
        """One line; numbers by the names of their columns."""
        self.rows.append({"section": section, "name": name, **figures})
        told = " ".join(f"{figure:9.{2 if figure < 1000 else 0}f}" for figure in figures.values())
        print(f"  {name:44}{told}", flush=True)

    def target(
        self, name: str, value: float, bound: float, unit: str, *, at_least: bool = False
    ) -> None:
        target = Target(name, value, bound, unit, at_least)
        self.targets.append(target)
        print(f"  -> {target}", flush=True)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """A part that fails is told, and the others go on."""
        try:
            yield
        except Exception as failure:
            self.failures.append(f"{name}: {failure!r}")
            print(f"\n{name} FAILED: {failure!r}", flush=True)

    @property
    def is_good(self) -> bool:
        """Everything was measured, and every target reached."""
        return not self.failures and all(target.is_reached for target in self.targets)

    def summary(self) -> str:
        """The last line: how many reports, how many targets reached, which missed."""
        reached = [target for target in self.targets if target.is_reached]
        missed = [target.name for target in self.targets if not target.is_reached]
        said = f"map: {self.reports} reports, {len(reached)} of {len(self.targets)} targets reached"
        if missed:
            said += f"; missed: {', '.join(missed)}"
        if self.failures:
            said += f"; not measured: {', '.join(self.failures)}"
        return said

    def write(self, path: Path) -> None:
        document = {
            "reports": self.reports,
            "machine": self.machine,
            "rows": self.rows,
            "targets": [
                {**asdict(target), "is_reached": target.is_reached} for target in self.targets
            ],
            "failures": self.failures,
            "summary": self.summary(),
        }
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def middle_and_tail(times: Sequence[float]) -> tuple[float, float]:
    """p50 and p95."""
    return percentile(list(times), 0.5), percentile(list(times), 0.95)


def machine(cores: int, database: str) -> dict[str, str]:
    """What it was measured on."""
    memory = Path("/proc/meminfo").read_text().split()[1] if Path("/proc/meminfo").exists() else "0"
    # With it, a server process of PostgreSQL may wait for a second (docs/how-to/deploy.md).
    grouping = Path("/proc/sys/kernel/sched_autogroup_enabled")
    return {
        "cores": str(cores),
        "memory": f"{int(memory) / 1024 / 1024:.0f} GB",
        "system": platform.platform(),
        "sched_autogroup": grouping.read_text().strip() if grouping.exists() else "unknown",
        "python": platform.python_version(),
        "database": database,
    }
