"""What the application gives to the storeys below it, once, when it is made.

The domain reads no environment and imports no configuration. Where it needs something that depends
on the installation (the address of civicmap, the folder of the photos), the package that needs it
declares a `Binding` beside its use, and `create_app` fills it. Everything else is an argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Value = TypeVar("Value")


class NotBound(RuntimeError):
    """Something was used before the application had been made."""


class Binding(Generic[Value]):
    """A place for one value; `purpose` completes the sentence "civicmap was not told …"."""

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose
        self._values: list[Value] = []

    def bind(self, value: Value) -> None:
        """Give the value; a later application in the same process replaces it."""
        self._values[:] = [value]

    @property
    def value(self) -> Value:
        """What was bound. Raises NotBound."""
        if not self._values:
            raise NotBound(f"civicmap was not told {self._purpose}")
        return self._values[0]

    @contextmanager
    def bound_to(self, value: Value) -> Iterator[None]:
        """Another value inside the block, for tests."""
        before = self._values[:]
        self._values[:] = [value]
        try:
            yield
        finally:
            self._values[:] = before
