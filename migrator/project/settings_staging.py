"""The key ``staging`` of a source in ``migration.yaml``.

```yaml
staging:
  read: staged              # or live (the default): what runs, previews and the verification read
  witness: live             # what the verification's own reading of the source reads; the same as `read` if left out
  rate: 500                 # rows a second at most, when staging; no bound if left out
  also: [nv4_config]        # tables no mapping reads today, kept for the mapping of tomorrow
  leave_out: {nv4_users: [password, email]}     # columns that are never copied
  personal_data: {purpose: "…", legal_basis: "…"}   # lets all other columns that look personal be copied
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from migrator.project.policies import Permission
from migrator.transform.document import Node
from migrator.transform.shape import Shapes

Reads = Literal["live", "staged"]
_KEYS = dict.fromkeys(("read", "witness", "rate", "also", "leave_out", "personal_data"))
_READS = ("live", "staged")


@dataclass(frozen=True, slots=True)
class StagingPolicy:
    """How a source is staged, and whether it is read from there. ``rate``: rows a second at most; None: no bound."""

    read: Reads = "live"
    witness: Reads = "live"
    rate: int | None = None
    also: tuple[str, ...] = ()
    leave_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    personal_data: Permission | None = None

    @property
    def needs_live(self) -> bool:
        """Whether something besides staging itself reads the live source."""
        return "live" in (self.read, self.witness)


def read_staging(node: Node, shapes: Shapes) -> StagingPolicy:
    """The policy; faults for what is not understood."""
    members = shapes.members(node, "staging", _KEYS)
    read = _reads(members["read"], "staging.read", shapes) if "read" in members else "live"
    rate = shapes.integer(members["rate"], "staging.rate") if "rate" in members else None
    if rate is not None and rate < 1:
        shapes.fault(members["rate"], "staging.rate must be 1 or more", "it counts rows a second")
    left_out = shapes.mapping(members["leave_out"], "staging.leave_out") if "leave_out" in members else {}
    return StagingPolicy(
        read=read,
        witness=_reads(members["witness"], "staging.witness", shapes) if "witness" in members else read,
        rate=rate,
        also=tuple(shapes.texts(members["also"], "staging.also")) if "also" in members else (),
        leave_out={table: tuple(shapes.texts(each, f"leave_out.{table}")) for table, each in left_out.items()},
        personal_data=_permission(members["personal_data"], shapes) if "personal_data" in members else None,
    )


def _reads(node: Node, what: str, shapes: Shapes) -> Reads:
    said = shapes.choice(node, what, _READS)
    return cast(Reads, said) if said in _READS else "live"


def _permission(node: Node, shapes: Shapes) -> Permission:
    members = shapes.members(node, "staging.personal_data", dict.fromkeys(("purpose", "legal_basis")))
    said = {name: shapes.text(members[name], name).strip() for name in members}
    for name in ("purpose", "legal_basis"):
        if not said.get(name):
            shapes.fault(node, f"staging.personal_data does not say its {name.replace('_', ' ')}", f"write `{name}:`")
    return Permission(said.get("purpose", ""), said.get("legal_basis", ""))
