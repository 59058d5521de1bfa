"""``target:`` of a platform with an API of its own, and what of the project it cannot hold.

```yaml
target:
  kind: wordpress                    # a profile of mappings/platforms
  url: https://www.example.vn        # the site; its API is below it
  user: migrator
  password: env:WORDPRESS_PASSWORD   # by reference only: env:NAME or file:PATH
  order: newest                      # newest rows of each entity first; default: oldest
  calls: 3                           # under way at once, at most; default: what the profile says
  timeout_s: 60
  leave_out:                         # entities that have a mapping and are not carried over, and why
    royalty: stays in the accounts department's own system
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from migrator.errors import ConfigurationError, Fault
from migrator.model.audit import Audit, OutOfScope
from migrator.model.content import ENTITIES
from migrator.model.platform import Service
from migrator.project.platforms import platform_names, read_platform
from migrator.project.secrets import resolve
from migrator.transform.document import Node
from migrator.transform.shape import Shapes, nearest
from migrator.transform.syntax import EntityDeclaration

_KEYS = dict.fromkeys(("kind", "url", "user", "password", "order", "calls", "timeout_s", "leave_out"))
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class ServiceReader:
    """Reads ``target:`` where it names a kind."""

    def __init__(self, folder: Path, shapes: Shapes) -> None:
        self._folder, self._shapes = folder, shapes

    def service(self, node: Node) -> Service | None:
        """The service; None, with faults, where it cannot be read."""
        shapes = self._shapes
        members = shapes.members(node, "target", _KEYS)
        for name in ("url", "user", "password"):
            shapes.require(node, members, name, f"target does not say its {name}", f"write `{name}:`")
        kind = shapes.choice(members["kind"], "kind", platform_names())
        if not kind or not {"url", "user", "password"} <= members.keys():
            return None
        try:
            platform = read_platform(kind)
        except ConfigurationError as error:
            shapes.faults += error.faults
            return None
        calls, seconds = (self._number(members, name) for name in ("calls", "timeout_s"))
        order = shapes.choice(members["order"], "order", ("newest", "oldest")) if "order" in members else "oldest"
        return Service(
            platform=platform,
            url=self._url(members["url"]),
            user=shapes.text(members["user"], "user"),
            password=self._password(members["password"]),
            left_out=self._left_out(members["leave_out"]) if "leave_out" in members else {},
            newest_first=order == "newest",
            calls=calls,
            timeout_s=None if seconds is None else float(seconds),
        )

    def _url(self, node: Node) -> str:
        text = self._resolved(node, "url")
        parts = urlsplit(text)
        if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.username):
            self._shapes.fault(node, "target.url is no address of a site", "write https://www.example.vn")
        elif parts.scheme == "http" and parts.hostname not in _LOCAL:
            self._shapes.fault(node, "target.url sends the password in clear text", "write https://")
        return text.rstrip("/")

    def _password(self, node: Node) -> str:
        text = self._shapes.text(node, "password")
        if text and not text.startswith(("env:", "file:")):
            self._shapes.fault(node, "the password stands in the file itself", "write env:NAME or file:PATH")
            return ""
        return self._resolved(node, "password").replace(" ", "")  # WordPress shows it in groups of four

    def _resolved(self, node: Node, what: str) -> str:
        text = self._shapes.text(node, what)
        try:
            return resolve(text, self._folder) if text else ""
        except ConfigurationError as error:
            self._shapes.fault(node, error.message, error.next_step)
            return ""

    def _number(self, members: Mapping[str, Node], name: str) -> int | None:
        if name not in members:
            return None
        number = self._shapes.integer(members[name], name)
        if number < 1:
            self._shapes.fault(members[name], f"{name} must be 1 or more")
        return number

    def _left_out(self, node: Node) -> Mapping[str, str]:
        found = {}
        for entity, child in self._shapes.mapping(node, "leave_out").items():
            if entity not in ENTITIES:
                self._shapes.fault(child, f"there is no entity {entity!r}", nearest(entity, ENTITIES))
            found[entity] = self._shapes.text(child, f"leave_out.{entity}")
        return found


def unheld_faults(
    service: Service, declarations: Mapping[str, Mapping[str, EntityDeclaration]], file: str
) -> list[Fault]:
    """A fault for each entity that has a mapping and that the platform cannot hold: nothing is lost in silence."""
    platform = service.platform
    entities = dict.fromkeys(name for by_name in declarations.values() for name in by_name)
    return [
        Fault(
            file, 0, f"{platform.name} cannot hold {name}: {platform.cannot_hold[name]}",
            f"say why it is not carried over: target: {{leave_out: {{{name}: …}}}}",
        )
        for name in entities
        if name in platform.cannot_hold
    ]  # fmt: skip


def carried(service: Service | None, declarations: Mapping[str, EntityDeclaration]) -> dict[str, EntityDeclaration]:
    """The declarations without what is left out."""
    left_out = service.left_out if service is not None else {}
    return {name: each for name, each in declarations.items() if name not in left_out}


def without_left_out(service: Service | None, audit: Audit) -> Audit:
    """The statement without what is left out: those tables are out of scope as a whole, with the reason."""
    if service is None or not service.left_out:
        return audit
    left_out = {name: why for name, why in service.left_out.items() if name in audit.entities}
    entities = {name: each for name, each in audit.entities.items() if name not in left_out}
    still_read = {each.table for each in entities.values()}
    tables = {
        str(audit.entities[name].table): f"left out: {why}"
        for name, why in left_out.items()
        if audit.entities[name].table and audit.entities[name].table not in still_read
    }
    kept = tuple(out for out in audit.out_of_scope if out.table not in tables)
    outs = tuple(OutOfScope(table, why) for table, why in tables.items())
    return replace(audit, entities=entities, out_of_scope=kept + outs)
