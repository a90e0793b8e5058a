"""YAML that people write by hand, checked so that every fault is told at once, with its line.

YAML reads more into plain words than people mean: `no` is false, `010` is eight, `1:30` is ninety,
a key given twice silently wins over the first. So nothing here is converted by YAML: the tree is
read as it was written, and each value is asked for as what it should be. Anchors and aliases are
refused, because nothing short enough to be read by a person needs them and a few lines of them can
fill a memory.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from civicmap.foundation.file_faults import Fault, FileFaults
from civicmap.foundation.locales import LANGUAGES, N_, gettext

LARGEST_FILE_BYTES = 2 * 1024 * 1024
DEEPEST = 12

_TAG = "tag:yaml.org,2002:"
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class YamlFaults(FileFaults):
    """A YAML file with faults."""


def compose(content: bytes) -> Node:
    """The tree of a YAML file. Raises `YamlFaults` when it is no readable YAML at all."""
    text = _decode(content)
    try:
        node = yaml.compose(text, Loader=_Checked)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise _one(
            1 if mark is None else mark.line + 1,
            N_("this is not YAML: %(problem)s."),
            problem=error.problem or error.context or "?",
        ) from None
    except yaml.reader.ReaderError as error:
        raise _one(
            text.count("\n", 0, error.position) + 1,
            N_("there is a character that text does not hold (code %(code)s)."),
            code=f"{ord(text[error.position]):x}" if error.position < len(text) else "?",
        ) from None
    if node is None:
        raise _one(1, N_("the file is empty."))
    return node


def _decode(content: bytes) -> str:
    if len(content) > LARGEST_FILE_BYTES:
        raise _one(
            1,
            N_("the file is larger than %(limit)s MB."),
            limit=LARGEST_FILE_BYTES // 1024 // 1024,
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _one(
            content.count(b"\n", 0, error.start) + 1,
            N_("this is not UTF-8 text. Save the file as UTF-8 and try again."),
        ) from None


class _Checked(yaml.SafeLoader):
    """Refuses aliases and absurd nesting as they come by: no tree is built of them first.

    In the one pass that builds the tree, because PyYAML takes its time with each.
    """

    depth = 0

    def get_event(self) -> yaml.Event | None:
        event: yaml.Event | None = super().get_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1 if event and event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _one(line, N_("anchors and aliases (& and *) are not taken here."))
        if isinstance(event, yaml.CollectionStartEvent):
            self.depth += 1
            if self.depth > DEEPEST:
                raise _one(line, N_("this is nested too deeply."))
        elif isinstance(event, yaml.CollectionEndEvent):
            self.depth -= 1
        return event


def _one(line: int, message: str, **values: object) -> YamlFaults:
    said = gettext(message)
    return YamlFaults([Fault(line, said % values if values else said)])


class Checker:
    """Asks a YAML tree for what should be there and collects every fault it meets.

    Each question gives None (or an empty collection) where the answer is faulty; go on asking, and
    call `raise_faults` at the end.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, node: Node, message: str, **values: object) -> None:
        """Note a fault at the line of `node`; `message` is a message id with placeholders."""
        said = gettext(message)
        self.faults.append(Fault(node.start_mark.line + 1, said % values if values else said))

    def raise_faults(self) -> None:
        if self.faults:
            raise YamlFaults(self.faults)

    def entries(self, node: Node) -> list[tuple[str, ScalarNode, Node]]:
        """The key, its node and the value of each pair of a mapping; faulty pairs are left out."""
        if not isinstance(node, MappingNode):
            self.fault(node, N_("here should be fields, each with a name and a value."))
            return []
        found: dict[str, tuple[str, ScalarNode, Node]] = {}
        for key_node, value_node in node.value:
            key = self.text(key_node)
            if key is None:
                continue
            if key in found:
                self.fault(
                    key_node,
                    N_("“%(key)s” is given twice; the first is in line %(line)s."),
                    key=key,
                    line=found[key][1].start_mark.line + 1,
                )
                continue
            found[key] = (key, key_node, value_node)
        return list(found.values())

    def fields(
        self, node: Node, *, required: Sequence[str], optional: Sequence[str] = ()
    ) -> dict[str, Node]:
        """The fields of a mapping by name; unknown and missing ones are faults."""
        known = [*required, *optional]
        fields: dict[str, Node] = {}
        for key, key_node, value_node in self.entries(node):
            if key in known:
                fields[key] = value_node
                continue
            near = difflib.get_close_matches(key, known, 1)
            if near:
                self.fault(
                    key_node,
                    N_("there is no field “%(key)s”; did you mean “%(near)s”?"),
                    key=key,
                    near=near[0],
                )
            else:
                self.fault(key_node, N_("there is no field “%(key)s”."), key=key)
        if isinstance(node, MappingNode):
            for key in required:
                if key not in fields:
                    self.fault(node, N_("“%(key)s” is missing."), key=key)
        return fields

    def items(self, node: Node) -> list[Node]:
        """The items of a list."""
        if not isinstance(node, SequenceNode):
            self.fault(node, N_("here should be a list."))
            return []
        return list(node.value)

    def text(
        self, node: Node, *, pattern: re.Pattern[str] | None = None, longest: int = 200
    ) -> str | None:
        """A text, without spaces around it, not empty."""
        if not isinstance(node, ScalarNode):
            self.fault(node, N_("here should be a text."))
            return None
        if node.tag != _TAG + "str":
            self._fault_of_no_text(node)
            return None
        text = " ".join(node.value.split())
        if not text:
            self.fault(node, N_("the text is empty."))
        elif len(text) > longest:
            self.fault(node, N_("the text is longer than %(limit)s characters."), limit=longest)
        elif _CONTROL.search(text):
            self.fault(node, N_("the text holds characters that cannot be seen."))
        elif pattern is not None and not pattern.fullmatch(text):
            self.fault(
                node,
                N_("“%(text)s” may hold only small Latin letters, digits and _."),
                text=text[:40],
            )
        else:
            return str(text)
        return None

    def _fault_of_no_text(self, node: ScalarNode) -> None:
        if node.tag == _TAG + "null":
            self.fault(node, N_("here should be a text, but there is nothing."))
        elif node.tag == _TAG + "bool":
            self.fault(
                node,
                N_("YAML reads “%(value)s” as true or false. Put it in quotes to mean the word."),
                value=node.value[:40],
            )
        else:
            self.fault(
                node,
                N_("YAML does not read “%(value)s” as a text. Put it in quotes."),
                value=node.value[:40],
            )

    def in_every_language(self, node: Node | None, *, longest: int) -> dict[str, str]:
        """A text of at most `longest` characters for each language of civicmap."""
        if node is None:
            return {}
        fields = self.fields(node, required=list(LANGUAGES))
        texts = {
            language: self.text(fields[language], longest=longest)
            for language in LANGUAGES
            if language in fields
        }
        return {language: text for language, text in texts.items() if text}

    def whole_number(self, node: Node, *, least: int, most: int, unit: str) -> int | None:
        """A whole number in plain digits; `unit` is named in the fault ("working days")."""
        if (
            isinstance(node, ScalarNode)
            and node.tag == _TAG + "int"
            and _WHOLE_NUMBER.fullmatch(node.value)
            and least <= int(node.value) <= most
        ):
            return int(node.value)
        self.fault(
            node,
            N_("“%(value)s” should be a whole number of %(unit)s from %(least)s to %(most)s."),
            value=_shown(node),
            unit=unit,
            least=least,
            most=most,
        )
        return None

    def true_or_false(self, node: Node) -> bool | None:
        if (
            isinstance(node, ScalarNode)
            and node.tag == _TAG + "bool"
            and node.value in ("true", "false")
        ):
            return bool(node.value == "true")
        self.fault(node, N_("“%(value)s” should be true or false."), value=_shown(node))
        return None

    def choice(self, node: Node, options: Collection[str]) -> str | None:
        """One of a few words."""
        text = self.text(node)
        if text is None or text in options:
            return text
        self.fault(
            node,
            N_("“%(text)s” should be one of: %(options)s."),
            text=text[:40],
            options=", ".join(options),
        )
        return None

    def reference(self, node: Node, known: Collection[str], message: str) -> str | None:
        """A name that must be among `known`; else the fault `message` with %(text)s and a hint."""
        text = self.text(node)
        if text is None or text in known:
            return text
        near = difflib.get_close_matches(text, known, 1)
        said = gettext(message) % {"text": text[:40]}
        if near:
            said += " " + gettext(N_("Did you mean “%(near)s”?")) % {"near": near[0]}
        self.faults.append(Fault(node.start_mark.line + 1, said))
        return None


def _shown(node: Node) -> str:
    return node.value[:40] if isinstance(node, ScalarNode) else "…"
