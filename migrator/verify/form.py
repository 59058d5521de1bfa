"""What a mapping of an audit statement may hold, asked for piece by piece; everything that is wrong becomes a fault."""

from __future__ import annotations

from typing import get_args

from migrator.model.source import Operator, Test
from migrator.verify.document import Document, Node, Scalar

OPERATORS = frozenset(get_args(Operator))


class Form:
    """One mapping. Ask for its members, then say :meth:`end`: members nobody asked for are faults."""

    def __init__(self, document: Document, node: Node, name: str) -> None:
        self.document, self.line, self.name = document, node.line, name
        self._members: dict[str, Node] = {}
        self._asked: set[str] = set()
        if isinstance(node.value, dict):
            self._members = node.value
        else:
            document.fault(node.line, f"{name} must be a mapping")

    def fault(self, message: str, hint: str = "", *, at: str = "") -> None:
        """A fault of this mapping, or of one of its members."""
        line = self._members[at].line if at in self._members else self.line
        self.document.fault(line, message, hint)

    def has(self, name: str) -> bool:
        """Whether the member is there."""
        return name in self._members

    def node(self, name: str) -> Node | None:
        """A member as it is."""
        self._asked.add(name)
        return self._members.get(name)

    def text(self, name: str, *, required: bool = False) -> str | None:
        """A text member; numbers count as text."""
        node = self.node(name)
        if node is None or node.value is None:
            if required:
                self.fault(f"{self.name} lacks '{name}'")
            return None
        if isinstance(node.value, (list, dict)):
            self.document.fault(node.line, f"'{name}' must be a text")
            return None
        return spelled(node.value)

    def flag(self, name: str) -> bool:
        """A member that is true or false; false where it is not there."""
        node = self.node(name)
        if node is None:
            return False
        if not isinstance(node.value, bool):
            self.document.fault(node.line, f"'{name}' must be true or false")
        return node.value is True

    def number(self, name: str, default: int) -> int:
        """A whole number above 0."""
        node = self.node(name)
        if node is None:
            return default
        if not isinstance(node.value, int) or isinstance(node.value, bool) or node.value < 1:
            self.document.fault(node.line, f"'{name}' must be a whole number above 0")
            return default
        return node.value

    def share(self, name: str, default: float) -> float:
        """A number from 0 to 1."""
        node = self.node(name)
        if node is None:
            return default
        if not isinstance(node.value, (int, float)) or isinstance(node.value, bool) or not 0 <= node.value <= 1:
            self.document.fault(node.line, f"'{name}' must be a number from 0 to 1")
            return default
        return float(node.value)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, or a single one."""
        node = self.node(name)
        return texts(self.document, node, name) if node is not None else ()

    def forms(self, name: str) -> list[tuple[str, Node]]:
        """The members of a mapping member."""
        node = self.node(name)
        if node is None:
            return []
        if not isinstance(node.value, dict):
            self.document.fault(node.line, f"'{name}' must be a mapping")
            return []
        return list(node.value.items())

    def items(self, name: str) -> list[Node]:
        """The members of a list member."""
        node = self.node(name)
        if node is None:
            return []
        if not isinstance(node.value, list):
            self.document.fault(node.line, f"'{name}' must be a list")
            return []
        return node.value

    def conditions(self, name: str) -> tuple[Test, ...]:
        """``column: value``, ``column: [values]`` or ``column: {operator: operand}``; all must hold."""
        tests: list[Test] = []
        for column, node in self.forms(name):
            if isinstance(node.value, dict):
                tests += [test for op, n in node.value.items() if (test := self._test(column, op, n)) is not None]
            else:
                tests.append(Test(column, "in", _scalars(self.document, node)))
        return tuple(tests)

    def _test(self, column: str, operator: str, node: Node) -> Test | None:
        if operator not in OPERATORS:
            self.document.fault(node.line, f"no such operator: {operator}", f"known: {', '.join(sorted(OPERATORS))}")
            return None
        values = _scalars(self.document, node)
        if operator in {"in", "not_in"}:
            return Test(column, operator, values)  # type: ignore[arg-type]
        if isinstance(node.value, (list, dict)) or node.value is None:
            self.document.fault(node.line, f"'{operator}' takes one value")
            return None
        return Test(column, operator, node.value)  # type: ignore[arg-type]

    def end(self) -> None:
        """Nothing else may stand here."""
        for name in self._members:
            if name not in self._asked:
                self.fault(f"'{name}' is not known in {self.name}", f"known: {', '.join(sorted(self._asked))}", at=name)


def texts(document: Document, node: Node, name: str) -> tuple[str, ...]:
    """A node as texts."""
    nodes = node.value if isinstance(node.value, list) else [node]
    found = []
    for each in nodes:
        if isinstance(each.value, (list, dict)) or each.value is None:
            document.fault(each.line, f"'{name}' must be a text or a list of texts")
        else:
            found.append(spelled(each.value))
    return tuple(found)


def spelled(value: Scalar) -> str:
    """A scalar as it is written in YAML."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _scalars(document: Document, node: Node) -> tuple[object, ...]:
    nodes = node.value if isinstance(node.value, list) else [node]
    for each in nodes:
        if isinstance(each.value, (list, dict)):
            document.fault(each.line, "a condition compares with single values")
    return tuple(each.value for each in nodes)
