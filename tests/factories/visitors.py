"""A visitor without scripts: reads pages, fills in the forms that are on them, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from html.parser import HTMLParser
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.people import PASSWORD

Values = dict[str, list[str]]


@dataclass
class Form:
    """A form as it came: `values` are those that a browser would send back unchanged."""

    action: str
    method: str
    values: Values = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values[name][0]


class _FormReader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.typing: str | None = None
        self.choosing: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(
                Form(given.get("action") or self.address, given.get("method", "get").lower())
            )
        if not self.forms:
            return
        form, name = self.forms[-1], given.get("name", "")
        if tag == "input" and name:
            chosen = given.get("type") not in {"checkbox", "radio"} or "checked" in given
            form.options.setdefault(name, []).append(given.get("value", ""))
            if chosen and given.get("type") != "file":
                form.values.setdefault(name, []).append(given.get("value", ""))
        elif tag == "textarea":
            self.typing = name
            form.values[name] = [""]
        elif tag == "select":
            self.choosing = name
            form.values[name] = []
        elif tag == "option" and self.choosing:
            form.options.setdefault(self.choosing, []).append(given.get("value", ""))
            if "selected" in given or not form.values[self.choosing]:
                form.values[self.choosing] = [given.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.typing = None
        elif tag == "select":
            self.choosing = None

    def handle_data(self, data: str) -> None:
        if self.typing is not None:
            # A browser drops the line break right after <textarea>.
            self.forms[-1].values[self.typing][0] += data.removeprefix("\n")
        else:
            self.words.append(data)


class Page:
    """An answer, its forms and words read when somebody asks for them: most pages are passed by."""

    def __init__(self, answer: TestResponse) -> None:
        self.answer = answer
        self.status_code = answer.status_code
        self.address = answer.request.path
        self.html = answer.get_data(as_text=True)

    @cached_property
    def _reader(self) -> _FormReader:
        reader = _FormReader(self.address)
        reader.feed(self.html)
        return reader

    @property
    def forms(self) -> list[Form]:
        return self._reader.forms

    @cached_property
    def text(self) -> str:
        return " ".join(unescape(" ".join(self._reader.words)).split())

    def form(self, ending: str) -> Form:
        """The form whose action ends so."""
        return next(form for form in self.forms if form.action.endswith(ending))

    def has_form(self, ending: str) -> bool:
        return any(form.action.endswith(ending) for form in self.forms)


class Visitor:
    """Somebody with a browser of their own, reading English."""

    def __init__(self, app: Flask, client: FlaskClient | None = None) -> None:
        self.client = client or app.test_client()
        self.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def open(self, address: str) -> Page:
        return Page(self.client.get(address, follow_redirects=True))

    def fetch(self, address: str) -> tuple[int, bytes]:
        """The status code and the bytes of a file."""
        with self.client.get(address) as answer:
            return answer.status_code, answer.get_data()

    def submit(
        self,
        form: Form,
        fields: dict[str, str] | None = None,
        /,
        *,
        photos: dict[str, list[bytes]] | None = None,
        **typed: str,
    ) -> Page:
        """Send a form with some of its fields changed; redirects are followed."""
        changed = {name: [text] for name, text in {**(fields or {}), **typed}.items()}
        values: dict[str, object] = {**form.values, **changed}
        for name, contents in (photos or {}).items():
            values[name] = [(BytesIO(content), "photo.jpg") for content in contents]
        answer = self.client.open(
            form.action,
            method=form.method.upper(),
            data=values,
            content_type="multipart/form-data" if photos else None,
            follow_redirects=True,
        )
        return Page(answer)

    def sign_in(self, email: str, password: str = PASSWORD, *, remember: bool = False) -> Page:
        page = self.open("/auth/sign-in")
        form = page.form("/auth/sign-in")
        if remember:
            return self.submit(form, email=email, password=password, remember="yes")
        return self.submit(form, email=email, password=password)
