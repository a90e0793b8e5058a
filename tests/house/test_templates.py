"""Templates: every one is used, and none breaks the content security policy or skips escaping."""

from __future__ import annotations

import re

from civicmap.domain.reports.workflow import STATUSES
from tests.house.repository import REPOSITORY, files, name

TEMPLATES = REPOSITORY / "templates"
# Names put together from what happened (notifications/actions.py, web/report/form.py,
# web/mine/changes.py).
MADE_UP = {f"letters/report_{status}.txt" for status in STATUSES} | {
    "mine/add_photos.html",
    "mine/edit.html",
    "mine/reopen.html",
    "mine/withdraw.html",
    "report/check.html",
    "report/stop.html",
    "report/nearby.html",
}

FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script with words in it": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE
    ),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\b"),
    "something from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"(?:https?:)?//", re.IGNORECASE
    ),
}
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def templates() -> dict[str, str]:
    """The source of every template by its name, without comments."""
    return {
        path.relative_to(TEMPLATES).as_posix(): COMMENT.sub("", path.read_text())
        for path in files(".html", ".txt", ".xml", ".js", ".svg")
        if TEMPLATES in path.parents
    }


def test_what_a_script_reads_from_a_page_is_written_there() -> None:
    scripts = "\n".join(path.read_text() for path in files(".js") if "/vendor/" not in str(path))
    written = set(re.findall(r"\bdata-([a-z0-9-]+)", "\n".join([scripts, *templates().values()])))
    made = set(re.findall(r"\bdataset\.(\w+) =[^=]", scripts))
    read = set(re.findall(r"\bdataset\.(\w+)", scripts)) - made
    assert len(read) > 20
    as_written = {each: re.sub("([A-Z])", r"-\1", each).lower() for each in read}
    assert {each for each in read if as_written[each] not in written} == set()


def test_every_template_is_used() -> None:
    sources = list(templates().values())
    sources += [path.read_text() for path in files(".py") if name(path).startswith("civicmap/")]
    everything = "\n".join(sources)
    unused = []
    for template in set(templates()) - MADE_UP:
        # Letters are called by their kind, and extend each other without the folder.
        kind = template.removeprefix("letters/")
        called = {template} if kind == template else {kind, kind.removesuffix(".txt")}
        if not any(f'"{each}"' in everything for each in called):
            unused.append(template)
    assert sorted(unused) == []
    assert set(templates()) >= MADE_UP


def test_no_template_breaks_the_content_security_policy() -> None:
    faults = [
        f"{template}: {fault}: {found[0].strip()[:60]}"
        for template, source in templates().items()
        for fault, pattern in FORBIDDEN.items()
        if (found := pattern.search(source))
    ]
    assert faults == []


def test_no_python_marks_text_as_safe() -> None:
    marking = [
        name(path)
        for path in files(".py")
        if name(path).startswith("civicmap/")
        and re.search(r"\bMarkup\(|\brender_template_string\b", path.read_text())
    ]
    assert marking == []
