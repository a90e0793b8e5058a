"""What is wrong in a file that somebody brings: every fault at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_, gettext


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong in a line (counted from 1) of a file, as a sentence."""

    line: int
    message: str

    def __str__(self) -> str:
        return gettext(N_("Line %(line)s: %(message)s")) % {
            "line": self.line,
            "message": self.message,
        }


class FileFaults(InvalidInput):
    """A file with faults, of which nothing is taken; `faults` holds every one, by line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__(
            N_("The file has faults and was not taken:\n%(faults)s"),
            field="file",
            faults="\n".join(map(str, self.faults)),
        )
