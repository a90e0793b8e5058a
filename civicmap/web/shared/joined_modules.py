"""ES modules that one page loads together, written as one: a third lighter, and one request.

Not a build: what is written runs as it is on a development server. Here each module becomes a
function of its own in the file of the one that imports them all, in the order of their imports;
a module that other entries import too stays apart, so that there is one of it on a page.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath

IMPORT = re.compile(r'^import\s*(?:\{([^}]*)\}\s*from\s*)?"(\.[^"]+)";\n?', re.MULTILINE)
EXPORT_FROM = re.compile(r'^export\s*\{([^}]*)\}\s*from\s*"(\.[^"]+)";\n?', re.MULTILINE)
EXPORT_LIST = re.compile(r"^export\s*\{([^}]*)\};\n?", re.MULTILINE)
EXPORT = re.compile(r"^export\s+(?=(?:async\s+)?(?:const|function\*?|class)\s+(\w+))", re.MULTILINE)
LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')
# What this way of joining does not know: such a module stays apart.
FOREIGN = re.compile(
    r"^export\s+(?:default|let|var|\*)|^import\s+[\w*]|\bimport\.meta\b|^await\b|\bimport\((?!\")",
    re.MULTILINE,
)
# Types in comments are written like imports.
COMMENT = re.compile(r"^[ \t]*/\*\*.*?\*/\n", re.MULTILINE | re.DOTALL)
VENDOR = "vendor/"


class CannotJoin(ValueError):
    """Two modules import each other, or one imports what is not there."""


def imports_of(root: Path, module: str) -> list[str]:
    """Modules that `module` imports at once, each once, as paths below `root`."""
    text = _text(root, module)
    found = [match[2] for match in (*IMPORT.finditer(text), *EXPORT_FROM.finditer(text))]
    return list(dict.fromkeys(_beside(module, path) for path in found))


def all_of(root: Path, entry: str, *, later: bool = False) -> list[str]:
    """`entry` and everything it imports, what is needed first; with `later` what it may load then.

    Raises CannotJoin.
    """
    ordered: dict[str, None] = {}

    def visit(module: str, above: tuple[str, ...]) -> None:
        if module in above:
            raise CannotJoin(f"{' → '.join((*above, module))} import each other")
        if module in ordered:
            return
        if not (root / module).is_file():
            raise CannotJoin(f"{above[-1:]} imports {module}, which is not there")
        for one in imports_of(root, module):
            visit(one, (*above, module))
        ordered[module] = None
        if later:
            for match in LATER.finditer(_text(root, module)):
                visit(_beside(module, match[1]), ())

    visit(entry, ())
    return list(ordered)


def list_joined(root: Path, entry: str, others: list[str]) -> list[str]:
    """Modules that go into `entry`'s file: not those of `others`, nor what they load.

    A module whose importer stays apart stays apart as well.
    """
    apart = {module for other in others for module in all_of(root, other, later=True)}
    apart |= {
        one
        for module in all_of(root, entry)
        for match in LATER.finditer(_text(root, module))
        for one in all_of(root, _beside(module, match[1]), later=True)
    }
    for module in reversed(all_of(root, entry)):
        foreign = FOREIGN.search(_text(root, module)) is not None
        if module != entry and (foreign or module.startswith(VENDOR)):
            apart.add(module)
        if module in apart:
            apart.update(imports_of(root, module))
    return [module for module in all_of(root, entry) if module == entry or module not in apart]


def join(root: Path, entry: str, others: list[str]) -> str:
    """The text of `entry` with all in it that `list_joined` names."""
    modules = list_joined(root, entry, others)
    names = {module: f"module{number}" for number, module in enumerate(modules)}
    outside: dict[str, str] = {}  # modules apart → the name of their namespace
    written = [_as_function(root, entry, module, names, outside) for module in modules]
    heads = [
        f'import * as {name} from "{_relative(entry, module)}";\n'
        for module, name in outside.items()
    ]
    return "".join([*heads, *written])


def _as_function(
    root: Path, entry: str, module: str, names: dict[str, str], outside: dict[str, str]
) -> str:
    text = _text(root, module)
    taken: list[str] = []
    given: list[str] = []

    def source(path: str) -> str:
        wanted = _beside(module, path)
        return names.get(wanted) or outside.setdefault(wanted, f"apart{len(outside)}")

    for match in EXPORT_FROM.finditer(text):
        given += [f"{b}: {source(match[2])}.{a}" for a, b in _pairs(match[1])]
    text = EXPORT_FROM.sub("", text)
    for match in IMPORT.finditer(text):
        name = source(match[2])
        if match[1] is not None:
            fields = ", ".join(a if a == b else f"{a}: {b}" for a, b in _pairs(match[1]))
            taken.append(f"const {{ {fields} }} = {name};\n")
    text = IMPORT.sub("", text)
    for match in EXPORT_LIST.finditer(text):
        given += [f"{b}: {a}" for a, b in _pairs(match[1])]
    text = EXPORT_LIST.sub("", text)
    given += [match[1] for match in EXPORT.finditer(text)]
    text = EXPORT.sub("", text)
    text = LATER.sub(lambda match: f'import("{_relative(entry, _beside(module, match[1]))}")', text)
    if module == entry:  # last, and for nobody: it may wait for something (`await`)
        return f"{''.join(taken)}{text}"
    return (
        f"const {names[module]} = (() => {{\n{''.join(taken)}{text}\n"
        f"return {{ {', '.join(given)} }};\n}})();\n"
    )


def _text(root: Path, module: str) -> str:
    return COMMENT.sub("", (root / module).read_text("utf-8"))


def _pairs(names: str) -> list[tuple[str, str]]:
    """`a, b as c` → (a, a), (b, c)."""
    parts = [part.split() for part in names.split(",") if part.strip()]
    return [(part[0], part[-1]) for part in parts]


def _beside(module: str, path: str) -> str:
    return normpath(PurePosixPath(module).parent / path)


def _relative(entry: str, module: str) -> str:
    up = "../" * (len(PurePosixPath(entry).parts) - 1)
    return f"{up or './'}{module}"
