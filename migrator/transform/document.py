"""YAML files as trees that know where every value was written.

The dialect is YAML 1.2 without anchors and tags: ``yes``, ``no``, ``on`` and dates stay text, ``007`` stays text, and
a key is always text. Nothing a file may contain can run code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from migrator.errors import Fault

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file. ``path`` is for the person who opens it; ``name`` is short and the same on every machine."""

    path: str
    name: str
    line: int

    def fault(self, message: str, hint: str = "") -> Fault:
        """A fault at this place."""
        return Fault(self.path, self.line, message, hint)

    def __str__(self) -> str:
        return f"{self.name}:{self.line}"


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place: a scalar, a list of nodes, or a mapping. A mapping's member has the place of its key."""

    value: Scalar | list[Node] | dict[str, Node]
    place: Place

    def plain(self) -> object:
        """The value without places: scalars, lists and dicts."""
        if isinstance(self.value, dict):
            return {key: member.plain() for key, member in self.value.items()}
        if isinstance(self.value, list):
            return [member.plain() for member in self.value]
        return self.value


_NULL, _BOOL, _INT, _FLOAT, _TEXT = (f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str"))
_TAGS = frozenset({_NULL, _BOOL, _INT, _FLOAT, _TEXT, "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})


class _Loader(yaml.SafeLoader):
    """Composes nodes only; its resolvers are those of YAML 1.2, and aliases are refused."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own shape

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """As PyYAML, but an alias (``*name``) is an error: it would hide where a value comes from."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="alias", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


_Loader.add_implicit_resolver(_NULL, re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(_INT, re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,17})$"), list("-+0123456789"))
_Loader.add_implicit_resolver(_FLOAT, re.compile(r"^[-+]?[0-9]{1,15}\.[0-9]{1,15}$"), list("-+0123456789"))


def read_document(path: Path, name: str, faults: list[Fault]) -> Node | None:
    """The tree of a file; None, with a fault, where it cannot be read. Its top is always a mapping."""
    text = read_text(path, faults)
    if text is None:
        return None
    try:
        top = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        faults.append(_explain(error, str(path), text))
        return None
    except RecursionError:
        faults.append(Fault(str(path), 0, "nested too deeply"))
        return None
    if not isinstance(top, yaml.MappingNode):
        line = top.start_mark.line + 1 if top else 0
        faults.append(Fault(str(path), line, "the file holds no mapping", "begin with lines like `entity: article`"))
        return None
    return _Converter(str(path), name, faults).node(top)


def read_text(path: Path, faults: list[Fault], how: str = "save the file as UTF-8") -> str | None:
    """The text of a UTF-8 file, with or without byte order mark; None, with a fault, where it is none. ``how`` to mend it."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        faults.append(Fault(str(path), 0, f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        faults.append(Fault(str(path), line, "is not UTF-8", how))
    return None


class _Converter:
    """Turns PyYAML's nodes of one file into ours."""

    def __init__(self, path: str, name: str, faults: list[Fault]) -> None:
        self._path, self._name, self._faults = path, name, faults

    def node(self, node: yaml.Node, line: int | None = None) -> Node:
        place = Place(self._path, self._name, line or node.start_mark.line + 1)
        if node.tag not in _TAGS:
            self._faults.append(place.fault(f"tag {node.tag!r} is not part of the language", "remove it"))
        if isinstance(node, yaml.MappingNode):
            variable = _unquoted_variable(node)
            if variable:
                self._faults.append(place.fault("text that begins with { is not quoted", f'write it as "{variable}"'))
            return Node(variable or self._members(node), place)
        if isinstance(node, yaml.SequenceNode):
            return Node([self.node(child) for child in node.value], place)
        return Node(_scalar(node.tag, node.value), place)

    def _members(self, node: yaml.MappingNode) -> dict[str, Node]:
        members: dict[str, Node] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            place = Place(self._path, self._name, line)
            if not isinstance(key, yaml.ScalarNode):
                self._faults.append(place.fault("a key must be plain text", "quote text that begins with { or ["))
            elif " {" in key.value:
                word = key.value.split(" {")[0]
                self._faults.append(place.fault(f"a colon is missing behind {word!r}", f"write {word}: {{…}}"))
            elif key.value in members:
                first = members[key.value].place.line
                self._faults.append(place.fault(f"key {key.value!r} stands twice", f"first in line {first}; keep one"))
            else:
                members[key.value] = self.node(value, line)
        return members


def _unquoted_variable(node: yaml.MappingNode) -> str:
    """``{lang}`` without quotes is, to YAML, a mapping with the key ``lang`` and no value; what was meant is text."""
    if node.flow_style and len(node.value) == 1:
        key, value = node.value[0]
        without_colon = value.start_mark.index == key.end_mark.index
        if isinstance(key, yaml.ScalarNode) and value.tag == _NULL and without_colon:
            return f"{{{key.value}}}"
    return ""


def _scalar(tag: str, text: str) -> Scalar:
    if tag == _NULL:
        return None
    if tag == _BOOL:
        return text == "true"
    if tag == _INT:
        return int(text)
    return float(text) if tag == _FLOAT else text


_HINTS = (
    ("alias", "anchors and aliases (&, *) are not part of the language", "write the value out, or use `extends`"),
    ("'\\t'", "a tab where only spaces are allowed", "indent with spaces"),
    ("unknown escape", "a backslash in double quotes", "put patterns between single quotes"),
    (
        "mapping values are not allowed",
        "a colon that is not expected",
        "check the indentation, or quote text with a colon",
    ),
    ("could not find expected ':'", "a colon is missing", "write `key: value`; check the indentation"),
    ("but found another document", "more than one document", "remove the line `---`"),
    ("cannot start any token", "a character that no value can begin with", "put the value between single quotes"),
    ("expected <block end>", "the structure breaks here", "check the indentation of this line and the one above"),
    ("expected ',' or", "a bracket is not closed", "check { } and [ ] up to this line; quote text with a comma"),
)


def _explain(error: yaml.YAMLError, path: str, text: str) -> Fault:
    """PyYAML's error in words a consultant can act on."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    mark = getattr(error, "problem_mark", None)
    position = getattr(error, "position", None)
    line = mark.line + 1 if mark else text.count("\n", 0, position) + 1 if position is not None else 0
    written = text.split("\n")[line - 1] if 0 < line <= text.count("\n") + 1 else ""
    if re.search(r"[:\-]\s+\{\w+\}\S", written):
        return Fault(path, line, "text that begins with { is not quoted", 'write it as "{prefix}_rows"')
    for sign, message, hint in _HINTS:
        if sign in problem:
            return Fault(path, line, message, hint)
    return Fault(path, line, f"not readable as YAML: {problem}")
