"""What a project decides about deletions, personal data and twins, in ``migration.yaml``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, cast, get_args

from migrator.model.content import ENTITIES
from migrator.project.waivers import read_limit
from migrator.run.parts import ChangePolicy, ConflictPolicy, DeletionPolicy
from migrator.transform.document import Node
from migrator.transform.shape import Shapes, nearest

_POLICIES = ("report", "withdraw")


@dataclass(frozen=True, slots=True)
class Permission:
    """Why personal data of an entity may be taken over: both are shown in the report."""

    purpose: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class TwinPolicy:
    """Two sources that hold the same articles. ``links`` find the left source's id in an address the right one names.

    ``days`` is how far apart their dates may be; ``same`` and ``review`` are scores from 0 to 1: from the one on a pair
    is taken to be the same, from the other on a person is asked.
    """

    left: str
    right: str
    evidence: str = "twins"
    entity: str = "article"
    links: tuple[str, ...] = ()
    days: int = 3
    same: float = 0.75
    review: float = 0.40


def read_deletions(node: Node, shapes: Shapes) -> DeletionPolicy:
    """``{policy: report | withdraw, limit: 20 | 1%}``; the limit is a number of records or a share of an entity's."""
    members = shapes.members(node, "deletions", dict.fromkeys(("policy", "limit")))
    said = shapes.choice(members["policy"], "policy", _POLICIES) if "policy" in members else "report"
    policy: Literal["report", "withdraw"] = "withdraw" if said == "withdraw" else "report"
    if "limit" not in members:
        return DeletionPolicy(policy)
    limit, is_share = read_limit(members["limit"], shapes)
    return DeletionPolicy(policy, share=limit) if is_share else DeletionPolicy(policy, most=int(limit))


def read_conflicts(node: Node, shapes: Shapes) -> ConflictPolicy:
    """``keep``, ``overwrite`` or ``merge-fields``."""
    said = shapes.choice(node, "conflicts", get_args(ConflictPolicy))
    return cast(ConflictPolicy, said) if said in get_args(ConflictPolicy) else "keep"


_SPAN = re.compile(r"(\d+)\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def read_changes(node: Node, shapes: Shapes) -> Mapping[str, ChangePolicy]:
    """By entity ``scan``, or ``{mark: column, overlap: 1h, scan: 7d}``: see :class:`migrator.run.parts.ChangePolicy`."""
    policies = {}
    for entity, child in shapes.mapping(node, "changes").items():
        if entity not in ENTITIES:
            shapes.fault(child, f"there is no entity {entity!r}", nearest(entity, ENTITIES))
        if isinstance(child.value, str):
            shapes.choice(child, f"changes.{entity}", ("scan",))
            policies[entity] = ChangePolicy()
            continue
        what = f"changes.{entity}"
        members = shapes.members(child, what, dict.fromkeys(("mark", "overlap", "scan")))
        shapes.require(child, members, "mark", f"{what} names no column", "write `mark: column`, or only `scan`")
        column = shapes.text(members["mark"], f"{what}.mark") if "mark" in members else ""
        overlap = _span(members["overlap"], f"{what}.overlap", shapes) if "overlap" in members else 3600
        scan = _span(members["scan"], f"{what}.scan", shapes) if "scan" in members else 7 * 86400
        policies[entity] = ChangePolicy(column or None, overlap, scan // 86400)
    return policies


def _span(node: Node, what: str, shapes: Shapes) -> int:
    """A span of time in seconds."""
    match = _SPAN.fullmatch(str(node.plain()).strip())
    if match is None:
        shapes.fault(node, f"{what} must be a span of time", "write 90s, 30m, 1h or 7d")
        return 0
    return int(match[1]) * _SECONDS[match[2]]


def read_permissions(node: Node, shapes: Shapes) -> Mapping[str, Permission]:
    """By entity ``{purpose: …, legal_basis: …}``; both must be said."""
    permissions = {}
    for entity, child in shapes.mapping(node, "personal_data").items():
        if entity not in ENTITIES:
            shapes.fault(child, f"there is no entity {entity!r}", nearest(entity, ENTITIES))
        members = shapes.members(child, f"personal_data.{entity}", dict.fromkeys(("purpose", "legal_basis")))
        said = {name: shapes.text(members[name], name).strip() for name in members}
        for name in ("purpose", "legal_basis"):
            if not said.get(name):
                shapes.fault(
                    child, f"personal_data.{entity} does not say its {name.replace('_', ' ')}", f"write `{name}:`"
                )
        permissions[entity] = Permission(said.get("purpose", ""), said.get("legal_basis", ""))
    return permissions


def read_twins(node: Node, shapes: Shapes, sources: Collection[str]) -> TwinPolicy:
    """``{left: web, right: print, evidence: twins, entity: article, links: […], days: 3, same: 0.75, review: 0.4}``."""
    members = shapes.members(node, "twins", {each.name: None for each in fields(TwinPolicy)})
    values: dict[str, Any] = {}
    for side in ("left", "right"):
        shapes.require(node, members, side, f"twins does not name its {side} source", f"write `{side}: web`")
        values[side] = shapes.choice(members[side], f"twins.{side}", sources) if side in members else ""
    if values["left"] and values["left"] == values["right"]:
        shapes.fault(node, "left and right are the same source", "duplicates within a source are merged by `merge:`")
    if "entity" in members:
        values["entity"] = shapes.choice(members["entity"], "twins.entity", ENTITIES)
    if "evidence" in members:
        values["evidence"] = shapes.text(members["evidence"], "twins.evidence")
    if "days" in members:
        values["days"] = shapes.integer(members["days"], "twins.days")
    if "links" in members:
        values["links"] = tuple(
            text for text in shapes.texts(members["links"], "links") if _is_link(text, node, shapes)
        )
    for name in ("same", "review"):
        if name in members:
            values[name] = _score(members[name], name, shapes)
    return TwinPolicy(**values)


def _is_link(pattern: str, node: Node, shapes: Shapes) -> bool:
    try:
        if "id" in re.compile(pattern).groupindex:
            return True
        shapes.fault(node, f"{pattern!r} has no group `id`", "write (?P<id>...) around the number")
    except re.error as error:
        shapes.fault(node, f"{pattern!r} is no regular expression: {error}")
    return False


def _score(node: Node, name: str, shapes: Shapes) -> float:
    value = node.plain()
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1:
        return float(value)
    shapes.fault(node, f"twins.{name} must be a number above 0, at most 1")
    return 1.0
