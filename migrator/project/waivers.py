"""Waivers as a person writes them into ``migration.yaml``.

```yaml
waivers:
  - kind: copy-drift          # kind of a difference or finding, or the reason rows are not loaded for
    entity: article           # or "*"
    limit: 12                 # records; or a share of the entity's source rows, such as 0.5%
    why: the main table is right
    who: Phòng kỹ thuật
    expires: 2027-01-31       # optional
    check: I1                 # optional: only differences of this check …
    field: standfirst         # … and of this field
```
"""

from __future__ import annotations

import re
from datetime import date

from migrator.model.content import ENTITIES
from migrator.model.finding import Waiver
from migrator.transform.document import Node
from migrator.transform.shape import Shapes, nearest

_KEYS = dict.fromkeys(("kind", "entity", "limit", "why", "who", "expires", "check", "field"))
_NEEDED = ("kind", "entity", "limit", "why", "who")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")


def read_waiver(node: Node, shapes: Shapes) -> Waiver:
    """The waiver of a node; every mistake is a fault."""
    members = shapes.members(node, "waiver", _KEYS)
    for key in _NEEDED:
        if key not in members or not str(members[key].plain()).strip():
            shapes.fault(members.get(key, node), f"a waiver needs {key!r}", f"{', '.join(_NEEDED)} must all be said")
    texts = {key: str(member.plain()).strip() for key, member in members.items()}
    entity = texts.get("entity", "")
    if entity and entity != "*" and entity not in ENTITIES:
        shapes.fault(members["entity"], f"there is no entity {entity!r}", nearest(entity, ENTITIES))
    limit, share = read_limit(members.get("limit"), shapes)
    return Waiver(
        kind=texts.get("kind", ""), entity=entity, limit=limit, share=share, why=texts.get("why", ""),
        who=texts.get("who", ""), expires=_expires(members.get("expires"), shapes),
        check=texts.get("check", ""), field=texts.get("field", ""),
    )  # fmt: skip


def read_limit(node: Node | None, shapes: Shapes) -> tuple[float, bool]:
    """The number of records, or the share (0.01 = 1 %) and True."""
    if node is None:
        return 0.0, False
    if isinstance(node.value, int) and not isinstance(node.value, bool) and node.value >= 0:
        return float(node.value), False
    share = _SHARE.fullmatch(str(node.value).strip())
    if share is None or float(share[1]) > 100:
        shapes.fault(node, "limit must be a number of records, or a share of at most 100 %", "write 12 or 0.5%")
        return 0.0, False
    return float(share[1]) / 100, True


def _expires(node: Node | None, shapes: Shapes) -> str:
    if node is None:
        return ""
    text = str(node.plain()).strip()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        shapes.fault(node, f"{text!r} is not a date", "write it as 2027-01-31")
        return ""
