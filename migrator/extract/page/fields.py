"""Where a profile says that the fields stand: rules in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from migrator.extract.page.profile import Profile, Rule
from migrator.extract.page.stated import plain
from migrator.html.dom import Document, Node, attribute, is_within, line_of, remove, select

_MOST_MATCHES = 500
_MOST_BODIES = 50
_LONGEST_VALUE = 5_000
_HIGHEST = 12  # elements around a value that are asked whether they hold comments
_COMMENTS = re.compile(r"(?:^|[\s_-])(?:comments?|binh-?luan)(?:$|[\s_-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Value:
    """A value as found: NFC in one line. ``source`` is the rule's selector; ``node`` the element it stands in.

    ``inside``: the element was part of the body when it was found. ``raw`` is the text with what the rule leaves out.
    """

    text: str
    source: str
    node: Node
    inside: bool
    raw: str


class Fields:
    """The fields of one page by the rules of one profile.

    Rules about the page are asked at once, before anything is taken out of the body; rules ``in_body`` when they are
    needed, when only the article is left of it. For a field the profile says nothing about, ``usual`` rules hold.
    """

    def __init__(self, page: Document, profile: Profile, body: Node, usual: Mapping[str, tuple[Rule, ...]]) -> None:
        self._body = body
        self._rules = {**usual, **profile.rules}
        self._found = {
            rule: list(_values(page, rule, body))
            for name, rules in self._rules.items()
            if name != "body"
            for rule in rules
            if not rule.in_body
        }

    def values(self, name: str) -> Iterator[Value]:
        """The values of a field, those of the first rule first."""
        for rule in self._rules.get(name, ()):
            yield from self._of(rule)

    def first(self, name: str) -> Value | None:
        """The first value of a field."""
        return next(self.values(name), None)

    def listed(self, name: str) -> list[Value]:
        """All values of the first rule that gives any."""
        return next((found for rule in self._rules.get(name, ()) if (found := self._of(rule))), [])

    def _of(self, rule: Rule) -> list[Value]:
        return list(_values(self._body, rule, self._body)) if rule.in_body else self._found[rule]


def _values(scope: Document | Node, rule: Rule, body: Node) -> Iterator[Value]:
    found = []
    for node in select(scope, rule.css)[:_MOST_MATCHES]:
        raw = _raw(node, rule)
        text = _matched(_bare(node, rule.without) if rule.without else raw, rule)
        if text and node.mem_id != body.mem_id and not _is_comment(node):
            found.append(Value(text, rule.css, node, is_within(node, body), raw))
    if rule.join and found:
        yield replace(found[0], text=" - ".join(dict.fromkeys(value.text for value in found)))
    elif rule.pick == "longest":
        yield from sorted(found, key=lambda value: -len(value.text))
    else:
        yield from reversed(found) if rule.pick == "last" else found


def _is_comment(node: Node) -> bool:
    """Whether the element is part of what readers wrote."""
    above: Node | None = node
    for _ in range(_HIGHEST):
        if above is None:
            return False
        if _COMMENTS.search(f"{attribute(above, 'class')} {attribute(above, 'id')}"):
            return True
        above = above.parent
    return False


def longest_match(page: Document, rules: tuple[Rule, ...]) -> Iterator[tuple[Node, str]]:
    """The element with the most text for each rule in turn, with the rule's selector; elements in others do not count."""
    for rule in rules:
        nodes = select(page, rule.css)[:_MOST_BODIES]
        found = {node.mem_id for node in nodes}
        outer = [node for node in nodes if not any(above in found for above in _above(node))]
        if outer:
            yield max(outer, key=lambda node: len(node.text())), rule.css


def _above(node: Node) -> Iterator[int]:
    above = node.parent
    while above is not None:
        yield above.mem_id
        above = above.parent


def _raw(node: Node, rule: Rule) -> str:
    is_attribute = bool(rule.attribute) or node.tag == "meta"
    return plain(attribute(node, rule.attribute or "content")) if is_attribute else line_of(node)


def _bare(node: Node, without: str) -> str:
    """The text of an element without some elements in it."""
    copy = node.clone()
    for each in select(copy, without):
        if each.mem_id != copy.mem_id:
            remove(each)
    return line_of(copy)


def _matched(text: str, rule: Rule) -> str:
    """The part of a text that the rule's pattern wants; empty where it does not match."""
    if rule.pattern is not None:
        match = rule.pattern.search(text[:_LONGEST_VALUE])
        text = (match[1] if match.re.groups else match[0]) or "" if match else ""
    return text.strip()
