"""Pages for browsers that show text alone: w3m, Lynx, Links.

They know neither scripts nor style sheets nor `hidden`, so they would show everything that waits
for a script: messages of things that have not happened, buttons that do nothing, every question of
every category. These are taken out, in one place for all pages. The rest is the same page.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from flask import Flask, Response, request

TEXT_BROWSERS = re.compile(r"^(?:w3m|lynx|e?links|edbrowse)\b", re.IGNORECASE)
# Of scripts, or a second time what stands elsewhere on the page.
FOR_OTHERS = {"scripted-only", "narrow-only"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


def register(app: Flask) -> None:
    app.after_request(answer_in_text)


def answer_in_text(response: Response) -> Response:
    is_page = response.mimetype == "text/html" and not response.is_streamed
    if is_page and TEXT_BROWSERS.match(request.headers.get("User-Agent", "")):
        response.set_data(without_what_scripts_need(response.get_data(as_text=True)))
    return response


def without_what_scripts_need(page: str) -> str:
    """The page without templates, hidden parts, and buttons that only a script answers."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    # Neighbours that a style sheet sets apart.
    return re.sub(r"</a>(?=<a\b)", "</a> ", "".join(reader.kept))


class _Reader(HTMLParser):
    """Copies a page as it is written, but for elements that are `for_others`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: list[str] = []
        self.dropped = ""  # the tag of the outermost element that is being left out
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.dropped:
            self.depth += tag == self.dropped
        elif not _is_for_others(tag, dict(attrs)):
            self._keep(self.get_starttag_text() or "")
        elif tag not in VOID:
            self.dropped, self.depth = tag, 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._keep(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if not self.dropped:
            self._keep(f"</{tag}>")
        elif tag == self.dropped:
            self.depth -= 1
            if not self.depth:
                self.dropped = ""

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._keep(f"<!{decl}>")

    def _keep(self, text: str) -> None:
        if not self.dropped:
            self.kept.append(text)


def _is_for_others(tag: str, attributes: dict[str, str | None]) -> bool:
    return (
        tag in {"template", "dialog", "svg"}
        or "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (tag == "button" and attributes.get("type") == "button")
        or not FOR_OTHERS.isdisjoint((attributes.get("class") or "").split())
    )
