"""YAML with places, for profiles: plain nodes of PyYAML and the faults found in them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

import yaml

from migrator.errors import Fault


def compose(path: Path, faults: list[Fault]) -> yaml.MappingNode | None:
    """The top of a file; None, with a fault, where it is no mapping that can be read."""
    try:
        top = yaml.compose(path.read_bytes().decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except OSError as error:
        faults.append(Fault(str(path), 0, f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        faults.append(
            Fault(str(path), error.object[: error.start].count(b"\n") + 1, "is not UTF-8", "save it as UTF-8")
        )
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        hint = "check the indentation; put selectors and patterns between single quotes"
        faults.append(Fault(str(path), mark.line + 1 if mark else 0, f"not readable as YAML: {problem}", hint))
    except RecursionError:
        faults.append(Fault(str(path), 0, "nested too deeply"))
    else:
        if isinstance(top, yaml.MappingNode):
            return top
        faults.append(Fault(str(path), 0, "the file holds no mapping", "begin with `profile: name`"))
    return None


class Tree:
    """Reads the values of one file and collects its faults."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self._path = str(path)
        self.faults = faults

    def fault(self, node: yaml.Node | None, message: str, hint: str = "") -> None:
        """Notes a fault at a node, or of the whole file."""
        self.faults.append(Fault(self._path, node.start_mark.line + 1 if node else 0, message, hint))

    def members(self, node: yaml.Node | None, known: Iterable[str], what: str) -> dict[str, yaml.Node]:
        """The members of a mapping; keys that are not known or stand twice are faults."""
        if node is None or self._is_null(node):
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"{what} must be a mapping", "write `key: value` lines below it")
            return {}
        known = tuple(known)
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
                self.fault(key, f"{what} has no {name!r}", hint)
            elif name in found:
                self.fault(key, f"{name!r} stands twice", "keep one")
            else:
                found[name] = value
        return found

    def items(self, node: yaml.Node | None) -> list[yaml.Node]:
        """The items of a list; a single value is a list of one."""
        if node is None or self._is_null(node):
            return []
        return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]

    def text(self, node: yaml.Node, what: str) -> str:
        """A text that is not empty; anything else is a fault, and empty."""
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            return str(node.value).strip()
        self.fault(node, f"{what} must be a text")
        return ""

    def flag(self, node: yaml.Node | None, what: str) -> bool:
        """true or false; null is false."""
        value = node.value if isinstance(node, yaml.ScalarNode) else ""
        if node is not None and value not in ("true", "false"):
            self.fault(node, f"{what} must be true or false")
        return bool(value == "true")

    @staticmethod
    def _is_null(node: yaml.Node) -> bool:
        return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"
