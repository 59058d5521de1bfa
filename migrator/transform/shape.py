"""Reading nodes as the shapes the language expects; whatever is wrong becomes a fault, and reading goes on."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from migrator.errors import Fault
from migrator.transform.document import Node, Scalar


def closest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known name that was probably meant; empty where none is so close (1 is equal)."""
    by_lower = {other.lower(): other for other in sorted(known)}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[close[0]] if close else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint with the closest known name, or with all of them where they are few and none is close."""
    names = sorted(known)
    close = closest(name, names)
    if close:
        return f"did you mean {close!r}?"
    return f"known: {', '.join(names)}" if 0 < len(names) <= 12 else ""


def describe(node: Node) -> str:
    """What a node is, in words for a message."""
    match node.value:
        case None:
            return "nothing"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case bool():
            return str(node.value).lower()
        case int() | float():
            return f"the number {node.value}"
        case _:
            return f"the text {node.value!r}"


class Shapes:
    """Reads nodes and collects faults. A method gives an empty value of its type where the node has another shape."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, node: Node, message: str, hint: str = "") -> None:
        """Put a fault on record at the node's line."""
        self.faults.append(node.place.fault(message, hint))

    def _wrong(self, node: Node, what: str, wanted: str, hint: str) -> None:
        self.fault(node, f"{what} must be {wanted}, not {describe(node)}", hint)

    def mapping(self, node: Node, what: str, hint: str = "") -> dict[str, Node]:
        """Members of a mapping."""
        if isinstance(node.value, dict):
            return node.value
        self._wrong(node, what, "a mapping", hint or "write `key: value` lines below it, indented")
        return {}

    def members(self, node: Node, what: str, keys: Mapping[str, Any]) -> dict[str, Node]:
        """Members of a mapping with a fixed set of keys; others are faults.

        A misspelled key is read as the one that was meant, so that one mistake gives one fault.
        """
        found = self.mapping(node, what)
        members = {key: member for key, member in found.items() if key in keys}
        for key in found.keys() - keys.keys():
            self.fault(found[key], f"unknown key {key!r} in {what}", nearest(key, keys))
            members.setdefault(closest(key, keys), found[key])
        members.pop("", None)
        return members

    def require(self, node: Node, members: Mapping[str, Node], key: str, message: str, hint: str) -> None:
        """A fault where a mapping lacks a key. A node that is no mapping has its fault already."""
        if key not in members and isinstance(node.value, dict):
            self.fault(node, message, hint)

    def sequence(self, node: Node, what: str, hint: str = "") -> list[Node]:
        """Members of a list."""
        if isinstance(node.value, list):
            return node.value
        self._wrong(node, what, "a list", hint or "write it between [ and ]")
        return []

    def text(self, node: Node, what: str) -> str:
        """A text that is not empty."""
        if isinstance(node.value, str) and node.value:
            return node.value
        hint = f'put it between quotes: "{node.value}"' if isinstance(node.value, int | float) else ""
        self._wrong(node, what, "a text", hint)
        return ""

    def texts(self, node: Node, what: str) -> tuple[str, ...]:
        """A text or a list of texts, as a tuple."""
        if isinstance(node.value, list):
            found = tuple(self.text(child, f"each entry of {what}") for child in node.value)
            if not found:
                self.fault(node, f"{what} is an empty list")
            return tuple(text for text in found if text)
        text = self.text(node, what)
        return (text,) if text else ()

    def boolean(self, node: Node, what: str) -> bool:
        """True or false."""
        if isinstance(node.value, bool):
            return node.value
        said = str(node.value).lower()
        hint = "write true" if said in {"yes", "on", "1"} else "write false" if said in {"no", "off", "0"} else ""
        self._wrong(node, what, "true or false", hint)
        return False

    def integer(self, node: Node, what: str) -> int:
        """A whole number."""
        if isinstance(node.value, int) and not isinstance(node.value, bool):
            return node.value
        self._wrong(node, what, "a whole number", "remove the quotes" if str(node.value).isdigit() else "")
        return 0

    def scalar(self, node: Node, what: str) -> Scalar:
        """A text, number, or true/false; never null."""
        if isinstance(node.value, list | dict) or node.value is None:
            self._wrong(node, what, "a single value", "")
            return None
        return node.value

    def choice(self, node: Node, what: str, choices: Iterable[str]) -> str:
        """One of some words."""
        word = self.text(node, what)
        if word and word not in set(choices):
            self.fault(node, f"{what} cannot be {word!r}", nearest(word, choices))
            return ""
        return word
