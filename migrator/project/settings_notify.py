"""The keys ``notify``, ``log`` and ``metrics`` of ``migration.yaml``.

```yaml
notify:
  on: [failed, stopped, set_aside]    # and done; all four if left out
  language: vi                        # or en
  email:
    host: mail.example.vn
    port: 587                         # this if left out
    starttls: true                    # this if left out
    from: migrator@example.vn
    to: [it@example.vn]
    user: migrator                    # to log in; left out for a relay that asks for nothing
    password: env:SMTP_PASSWORD       # always by reference
  webhook:
    url: env:WEBHOOK_URL              # or "https://…"; no other host is asked, and no redirection followed
    headers: {Authorization: env:WEBHOOK_TOKEN}     # values always by reference
log: night.log                        # JSON lines; like `migrator run --log`
metrics: /var/lib/node_exporter/textfile/migrator.prom
```
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from migrator.transform.document import Node
from migrator.transform.shape import Shapes

EVENTS = ("done", "failed", "stopped", "set_aside")
_NOTIFY = dict.fromkeys(("on", "language", "email", "webhook"))
_EMAIL = dict.fromkeys(("host", "port", "starttls", "from", "to", "user", "password"))
_WEBHOOK = dict.fromkeys(("url", "headers"))
_REFERENCE = re.compile(r"(?:env|file):(?!//).+")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Email:
    """Where a message is handed in. ``password`` is a reference, looked up when it is needed; empty: no login."""

    host: str
    port: int
    starttls: bool
    sender: str
    to: tuple[str, ...]
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes JSON. ``url`` may be a reference, ``headers`` are references by name."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Notify:
    """When to tell, to whom, and in which language."""

    on: frozenset[str]
    language: str
    email: Email | None
    webhook: Webhook | None


def read_notify(node: Node, shapes: Shapes) -> Notify:
    """The settings; mistakes go into the shapes."""
    members = shapes.members(node, "notify", _NOTIFY)
    if "email" not in members and "webhook" not in members:
        shapes.fault(node, "notify names neither email nor webhook", "write `email:` or `webhook:` below it")
    on = shapes.texts(members["on"], "notify.on") if "on" in members else EVENTS
    for event in on:
        if event not in EVENTS:
            shapes.fault(members["on"], f"there is nothing called {event!r} to tell", f"known: {', '.join(EVENTS)}")
    language = shapes.choice(members["language"], "notify.language", ("vi", "en")) if "language" in members else "vi"
    return Notify(
        frozenset(on),
        language or "vi",
        _email(members["email"], shapes) if "email" in members else None,
        _webhook(members["webhook"], shapes) if "webhook" in members else None,
    )


def _email(node: Node, shapes: Shapes) -> Email:
    members = shapes.members(node, "notify.email", _EMAIL)
    for key in ("host", "from", "to"):
        shapes.require(node, members, key, f"notify.email does not name {key!r}", f"write `{key}:`")
    said = {key: shapes.text(members[key], key) for key in ("host", "from", "user", "password") if key in members}
    to = shapes.texts(members["to"], "to") if "to" in members else ()
    for key, addresses in (("from", (said.get("from", "x@y"),)), ("to", to)):
        for address in addresses:
            if address and not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", address):
                shapes.fault(members[key], f"{address!r} is no e-mail address", "write it like it@example.vn")
    starttls = shapes.boolean(members["starttls"], "starttls") if "starttls" in members else True
    if "password" in members:
        _demand_reference(members["password"], "password", shapes)
        if not starttls and said.get("host") not in _LOOPBACK:
            shapes.fault(node, "a password would be sent in the open", "write `starttls: true`")
    return Email(
        said.get("host", ""), shapes.integer(members["port"], "port") if "port" in members else 587, starttls,
        said.get("from", ""), to, said.get("user", ""), said.get("password", ""),
    )  # fmt: skip


def _webhook(node: Node, shapes: Shapes) -> Webhook:
    members = shapes.members(node, "notify.webhook", _WEBHOOK)
    shapes.require(node, members, "url", "notify.webhook has no url", "write `url: env:WEBHOOK_URL`")
    url = shapes.text(members["url"], "url") if "url" in members else ""
    if url and not _REFERENCE.fullmatch(url) and not re.fullmatch(r"https?://[^/\s]+.*", url):
        shapes.fault(members["url"], f"{url!r} is no address", 'write it like "https://chat.example.vn/hook"')
    headers = {}
    for name, child in shapes.mapping(members["headers"], "headers").items() if "headers" in members else ():
        headers[name] = shapes.text(child, name)
        _demand_reference(child, name, shapes)
    return Webhook(url, headers)


def _demand_reference(node: Node, what: str, shapes: Shapes) -> None:
    if isinstance(node.value, str) and not _REFERENCE.fullmatch(node.value):
        shapes.fault(node, f"{what} stands in the open", "write env:NAME or file:PATH")
