"""Internal links in bodies: the ``href``s of the source body against those of the target body, by a parser of our own.

At the target an internal link is ``/r/<source>/<entity>/<id>``. Proved is that every object the source body links to,
and that was loaded, is linked to from the target body (by its own address or its survivor's), and that the target
body links to nothing else. How often and where in the text is not compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from migrator.model.audit import BODY_VALUE, Audit, AuditedEntity
from migrator.model.content import EntityType, Kind
from migrator.model.finding import DifferenceKind
from migrator.model.record import record_key
from migrator.verify.desk import Batch, Desk, Standing
from migrator.verify.resolve import Resolved, Resolver

INTERNAL = "/r/"


class _Hrefs(HTMLParser):
    """Collects the ``href`` of every ``a`` and ``area``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address."""
        if tag in {"a", "area"}:
            self.found += [value.strip() for name, value in attrs if name == "href" and value]


def hrefs(body: str) -> list[str]:
    """Addresses of all links of a piece of HTML, decoded once, in order. Nothing is parsed where no link can begin."""
    if "<a" not in body and "<A" not in body:
        return []
    parser = _Hrefs()
    parser.feed(body)
    parser.close()
    return parser.found


@dataclass(slots=True)
class _Linked:
    """A standing record, the keys its source body links to, and the internal addresses of its target body."""

    standing: Standing
    keys: dict[str, None]
    there: dict[str, None] = field(default_factory=dict)


class BodyLinks:
    """The part of R1 that looks into bodies, for one entity."""

    def __init__(self, desk: Desk, entity: EntityType, resolver: Resolver) -> None:
        self._desk, self._entity, self._resolver = desk, entity, resolver
        self._field = next((f.name for f in entity.fields if f.kind is Kind.HTML), "")
        self._patterns: dict[str, list[tuple[re.Pattern[str], str]]] = {}
        self.asked = False
        self.compared = self.differences = 0

    def look(self, batch: Batch) -> frozenset[str]:
        """Compare the bodies of a batch. The keys of records whose links could not be compared."""
        if batch.audit is None or batch.audited is None or not batch.audited.links or not self._field:
            return frozenset()
        self.asked = True
        linked = list(self._linked(batch, batch.audit, self._compiled(batch.audit.source, batch.audited)))
        resolved = self._resolver.resolve({key: None for each in linked for key in each.keys})
        return frozenset(each.standing.key for each in linked if not self._compare(each, resolved))

    def _compiled(self, source: str, audited: AuditedEntity) -> list[tuple[re.Pattern[str], str]]:
        if source not in self._patterns:
            self._patterns[source] = [(re.compile(link.pattern), link.to) for link in audited.links]
        return self._patterns[source]

    def _linked(self, batch: Batch, audit: Audit, patterns: list[tuple[re.Pattern[str], str]]) -> Iterable[_Linked]:
        for standing in batch.settled:
            if standing.row is None:
                continue
            raw: Any = standing.row.values.get(BODY_VALUE)
            source_body = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw or "")
            target_body = str(standing.record.fields.get(self._field) or "")
            keys = dict.fromkeys(self._keys(hrefs(source_body), audit, patterns))
            there = dict.fromkeys(_as_key(href) for href in hrefs(target_body) if href.startswith(INTERNAL))
            if keys or there:
                yield _Linked(standing, keys, there)

    @staticmethod
    def _keys(found: Iterable[str], audit: Audit, patterns: list[tuple[re.Pattern[str], str]]) -> Iterable[str]:
        for href in found:
            path = own_path(href, audit.hosts)
            for pattern, to in patterns if path else ():
                match = pattern.search(path)
                if match:
                    yield record_key(audit.source, to, match["id"])
                    break

    def _compare(self, linked: _Linked, resolved: Mapping[str, Resolved]) -> bool:
        """Whether the links of one body could be compared; differences and findings go to the lists."""
        key, rest, clear = linked.standing.key, dict(linked.there), True
        for to in linked.keys:
            answer = resolved[to]
            own = rest.pop(to, to) is None
            if answer.state == "unknown":
                clear = False
            elif answer.state == "stands":
                survivor = answer.target in linked.there
                rest.pop(answer.target, None)
                self.compared += 1
                if not own and not survivor:
                    self._difference(key, DifferenceKind.MISSING, _address(to), None)
            else:
                self._finding(key, to, answer)
        for surplus in rest:
            self._difference(key, DifferenceKind.EXTRA, None, _address(surplus))
        return clear

    def _difference(self, key: str, kind: DifferenceKind, expected: str | None, found: str | None) -> None:
        self.differences += 1
        named = (kind, "internal link in the body")
        self._desk.lists.difference("R1", self._entity.name, key, self._field, named, expected, found)

    def _finding(self, key: str, to: str, answer: Resolved) -> None:
        if answer.state == "dangling":
            self._desk.lists.finding("dangling-link", self._entity.name, key, f"links to {to}, which does not exist")
        else:
            detail = f"links to {to}, which was not loaded: {answer.why}"
            self._desk.lists.finding("link-to-unloaded", self._entity.name, key, detail)


def own_path(href: str, hosts: frozenset[str]) -> str:
    """Path and query of a link that stays on the site; empty for one that leads elsewhere or is none."""
    try:
        parts = urlsplit(href)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in {"", "http", "https"} or (parts.netloc and host not in hosts):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _as_key(href: str) -> str:
    """``/r/<source>/<entity>/<id>`` as a legacy key; the address itself where it has another shape."""
    parts = urlsplit(href).path.removeprefix(INTERNAL).split("/", 2)
    return ":".join(parts) if len(parts) == 3 else href


def _address(key: str) -> str:
    return INTERNAL + key.replace(":", "/", 2)
