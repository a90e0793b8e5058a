"""Where a writing request's transaction ends: before the answer leaves."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from civicmap.extensions import db
from civicmap.foundation.transaction import transaction

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def transactional(view: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Return commits, raise rolls back."""

    @wraps(view)
    def within(*arguments: Arguments.args, **named: Arguments.kwargs) -> Answer:
        with transaction(db.session):
            return view(*arguments, **named)

    return within
