"""Views that are nobody's: the same answer for everyone, asked for hundreds of times a second.

Before and after them nothing runs that looks at who asks: no language, no city, no sign-in, no
limits, no cookies. Where such a view refuses, the words are in the person's language all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from civicmap.web.shared.request_context import choose_language
from civicmap.web.shared.security import add_headers

View = TypeVar("View", bound=Callable[..., object])


class Application(Flask):
    """Flask, with a short way for bare views."""

    def preprocess_request(self) -> ResponseReturnValue | None:
        return None if self.is_bare() else super().preprocess_request()

    def process_response(self, response: Response) -> Response:
        return add_headers(response) if self.is_bare() else super().process_response(response)

    def is_bare(self) -> bool:
        return getattr(self.view_functions.get(request.endpoint or ""), "is_bare", False)


def bare(view: View) -> View:
    """Mark a view as one of these; see `Application`."""

    @wraps(view)
    def viewed(*arguments: object, **named: object) -> object:
        try:
            return view(*arguments, **named)
        except Exception:
            choose_language()
            raise

    viewed.is_bare = True  # type: ignore[attr-defined]
    return cast(View, viewed)
