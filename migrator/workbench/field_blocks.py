"""Editing the ``fields`` of a mapping file in its text: what is not changed keeps every byte, comments included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from migrator.errors import ConfigurationError
from migrator.workbench.flow import in_flow

WIDTH = 120

_DECIDED = re.compile(r"[ \t]*# decided (?P<field>\w+) (?P<when>\S+) by (?P<who>[^:]*)(?:: (?P<note>.*))?")
_COMMENT = re.compile(r"#[^\r\n]*")


@dataclass(frozen=True, slots=True)
class Decided:
    """Who decided how a field is mapped, when, and why. In the file it is a comment above the field."""

    who: str
    when: str
    note: str = ""

    def line(self, field: str) -> str:
        """The comment, without indentation and line end."""
        who = " ".join(self.who.replace(":", " ").split())
        note = " ".join(self.note.split())
        return f"# decided {field} {self.when} by {who}" + (f": {note}" if note else "")


def decisions_in(text: str) -> dict[str, Decided]:
    """The decisions a file's comments speak of, by field."""
    found = {}
    for line in text.splitlines():
        if match := _DECIDED.fullmatch(line):
            found[match["field"]] = Decided(match["who"], match["when"], match["note"] or "")
    return found


def with_field(text: str, name: str, own: Mapping[str, object] | None, *, stands: bool, decided: Decided) -> str:
    """The file's text with another entry for a field, and the decision above it.

    ``own`` is the entry; None with ``stands`` writes ``null`` (the preset's field is not filled), without it the entry
    goes. ConfigurationError where the file is not written in a form that can be edited.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = _with_fields_key(_Lines(text, end).without_decision(name), end)
    span = lines.span(name)
    indent = lines.indent()
    comments = [f"{indent}{comment}" for comment in lines.comments(span)] if span else []
    entry = [f"{indent}{line}" for line in _entry(name, own, WIDTH - len(indent))] if stands else []
    block = [*comments, f"{indent}{decided.line(name)}", *entry]
    start, stop = span or (lines.end_of_fields(), lines.end_of_fields())
    lines.lines[start:stop] = [line + end for line in block]
    return lines.closed()


def _entry(name: str, own: Mapping[str, object] | None, width: int) -> list[str]:
    line = f"{name}: {in_flow(own)}"
    if own is None or not own or len(line) <= width:
        return [line]
    return [f"{name}:", *(f"  {in_flow(key)}: {in_flow(value)}" for key, value in own.items())]


class _Lines:
    """The lines of a file and where its fields stand in them."""

    def __init__(self, text: str, end: str) -> None:
        self.end = end
        self.lines = text.splitlines(keepends=True)
        if self.lines and not self.lines[-1].endswith(("\n", "\r")):
            self.lines[-1] += end

    def text(self) -> str:
        return "".join(self.lines)

    def without_decision(self, name: str) -> _Lines:
        kept = []
        for line in self.lines:
            match = _DECIDED.fullmatch(line.rstrip("\r\n"))
            if match is None or match["field"] != name:
                kept.append(line)
        self.lines = kept
        return self

    def fields(self) -> tuple[yaml.Node, yaml.Node] | None:
        """The key ``fields`` and what stands behind it."""
        top = yaml.compose(self.text(), Loader=yaml.SafeLoader)
        if not isinstance(top, yaml.MappingNode) or top.flow_style:
            raise _unfit()
        return next(((key, value) for key, value in top.value if key.value == "fields"), None)

    def members(self) -> list[tuple[yaml.Node, yaml.Node]]:
        found = self.fields()
        return found[1].value if found and isinstance(found[1], yaml.MappingNode) else []

    def indent(self) -> str:
        members = self.members()
        return " " * (members[0][0].start_mark.column if members else 2)

    def span(self, name: str) -> tuple[int, int] | None:
        """First line of a field's entry and the line behind its last one."""
        for key, value in self.members():
            if key.value == name:
                return key.start_mark.line, self._last_line(value) + 1
        return None

    def _last_line(self, node: yaml.Node) -> int:
        """The last line with something of the node in it; a block's end mark lies behind blank lines and comments."""
        children = [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else node.value
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and children:
            return max(map(self._last_line, children))
        before = self.text()[: node.end_mark.index].rstrip() if isinstance(node, yaml.ScalarNode) else ""
        return min(before.count("\n"), node.end_mark.line) if before else node.end_mark.line

    def comments(self, span: tuple[int, int]) -> Iterator[str]:
        """Comments among the lines of an entry."""
        text = "".join(self.lines[span[0] : span[1]])
        at = 0
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if token.start_mark.index > at:
                yield from _COMMENT.findall(text[at : token.start_mark.index])
            at = max(at, token.end_mark.index)

    def end_of_fields(self) -> int:
        """The line behind the last entry."""
        found = self.fields()
        if found is None:
            return len(self.lines)
        members = self.members()
        return self._last_line(members[-1][1]) + 1 if members else found[0].start_mark.line + 1

    def closed(self) -> str:
        """The text; where no entry is left, ``fields: {}``, because nothing at all would remove the preset's."""
        found = self.fields()
        if found is not None and not self.members():
            at = found[0].start_mark.line
            self.lines[at] = self.lines[at].replace("fields:", "fields: {}", 1)
        return self.text()


def _with_fields_key(lines: _Lines, end: str) -> _Lines:
    """A file in which an entry can be put below ``fields:``."""
    found = lines.fields()
    if found is None:
        lines.lines.append(f"fields:{end}")
        return lines
    key, value = found
    if isinstance(value, yaml.MappingNode) and value.flow_style:
        if value.value:
            raise _unfit()
        at = key.start_mark.line
        lines.lines[at] = re.sub(r"fields:\s*\{\s*\}", "fields:", lines.lines[at], count=1)
    return lines


def _unfit() -> ConfigurationError:
    return ConfigurationError(
        "The fields of the file stand between braces.", "Write them below `fields:`, each on a line of its own."
    )
