"""Records inside records: objects that become JSON text."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from migrator.transform.values import as_text


class JsonObject(dict[str, Any]):
    """What `object:` makes. Its members are in the declared order; null ones are left out."""


def is_objects(value: Any) -> bool:
    """Whether this is an object, or a list that holds some."""
    return isinstance(value, JsonObject) or (
        isinstance(value, list) and bool(value) and all(isinstance(each, JsonObject) for each in value)
    )


def json_text(value: Any) -> str:
    """Compact JSON. Instants are ISO 8601 in UTC, other dates ISO 8601; decimal numbers are text, bytes are UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return as_text(value)
