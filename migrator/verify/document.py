"""YAML files as trees whose every value knows its line, read by code of the auditor's own.

YAML 1.2 scalars: ``on``, ``yes`` and dates stay text, and a key is always text. Tags and aliases are refused. Names in
braces (``{prefix}``) are replaced by the source's variables; other braces stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from migrator.errors import Fault

Scalar = str | int | float | bool | None
_VARIABLE = re.compile(r"\{([a-z_]\w*)\}")
_NUMBERED = "n"
"""``{n}`` is the number of a partitioned table, never a variable."""


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar, a list of nodes, or a mapping of nodes, and the line it begins on (1-based)."""

    value: Scalar | list[Node] | dict[str, Node]
    line: int


class _Loader(yaml.SafeLoader):
    """Composes nodes only, with the scalars of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own shape

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """As PyYAML, but an alias is an error."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases are not used here", problem_mark=mark)
        return super().compose_node(parent, index)


_TAGS = {name: f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str")}
_Loader.add_implicit_resolver(_TAGS["null"], re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver(_TAGS["bool"], re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(_TAGS["int"], re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))
_Loader.add_implicit_resolver(_TAGS["float"], re.compile(r"^-?[0-9]+\.[0-9]+$"), list("-0123456789"))


class Document:
    """A file being read, and the faults found in it so far."""

    def __init__(self, path: Path, variables: Mapping[str, str]) -> None:
        self.path, self.variables = path, variables
        self.faults: list[Fault] = []

    def fault(self, line: int, message: str, hint: str = "") -> None:
        """Put a fault on record."""
        self.faults.append(Fault(str(self.path), line, message, hint))

    def read(self) -> dict[str, Node]:
        """The members of the file's top mapping; empty, with a fault, where it has none."""
        try:
            top = yaml.compose(self.path.read_text(encoding="utf-8-sig"), Loader=_Loader)
        except OSError as error:
            self.fault(0, f"cannot be read: {error.strerror}")
        except UnicodeDecodeError:
            self.fault(0, "is not UTF-8", "save the file as UTF-8")
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            self.fault(line, f"is not valid YAML: {error.problem or error.context}")
        except (yaml.YAMLError, RecursionError) as error:
            self.fault(0, f"is not valid YAML: {type(error).__name__}")
        else:
            node = self._node(top) if top is not None else Node(None, 1)
            if isinstance(node.value, dict):
                return node.value
            self.fault(node.line, "the file holds no mapping")
        return {}

    def _node(self, node: yaml.Node, line: int = 0) -> Node:
        line = line or node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return Node(dict(self._members(node)), line)
        if isinstance(node, yaml.SequenceNode):
            return Node([self._node(child) for child in node.value], line)
        return Node(self._scalar(node.tag, str(node.value), line), line)

    def _members(self, node: yaml.MappingNode) -> Iterator[tuple[str, Node]]:
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self.fault(line, "a key must be a word")
                continue
            name = self.filled(key.value, line)
            if name in seen:
                self.fault(line, f"'{name}' stands twice")
            seen.add(name)
            yield name, self._node(value, line if isinstance(value, yaml.ScalarNode) else 0)

    def _scalar(self, tag: str, text: str, line: int) -> Scalar:
        if tag == _TAGS["null"]:
            return None
        if tag == _TAGS["bool"]:
            return text == "true"
        if tag == _TAGS["int"]:
            return int(text)
        if tag == _TAGS["float"]:
            return float(text)
        if tag != _TAGS["str"]:
            self.fault(line, f"the tag {tag} is not used here")
        return self.filled(text, line)

    def filled(self, text: str, line: int) -> str:
        """The text with its variables."""

        def fill(match: re.Match[str]) -> str:
            name = match[1]
            if name in self.variables:
                return self.variables[name]
            if name != _NUMBERED:
                known = ", ".join(sorted(self.variables)) or "none"
                self.fault(line, f"there is no variable {{{name}}}", f"known: {known}")
            return match[0]

        return _VARIABLE.sub(fill, text)
