"""Raw values of database drivers as what steps work on."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from migrator.errors import SetAside

ZERO_DATE = "0000-00-00"
"""How MySQL writes "no date"."""


_WHOLE = re.compile(r"([-+]?[0-9]{1,30})(?:\.0*)?")


def as_text(value: Any) -> str:
    """A raw value as text: bytes are UTF-8, numbers as written. SetAside ``bad-text``; TypeError for a list."""
    if type(value) is str:
        return value
    if isinstance(value, bytes | bytearray):
        try:
            return bytes(value).decode("utf-8")
        except UnicodeDecodeError as error:
            raise SetAside("bad-text", f"not UTF-8 at byte {error.start}") from error
    if isinstance(value, str | int | float | Decimal | date | time):
        return str(value)
    raise TypeError(f"a single value is expected, not {type(value).__name__}")


def as_integer(value: Any) -> int | None:
    """A raw value as a whole number; null for empty text. SetAside ``bad-number`` where it is none."""
    if isinstance(value, int):
        return int(value)
    text = f"{value:f}" if isinstance(value, Decimal | float) else as_text(value).strip()
    match = _WHOLE.fullmatch(text)
    if match:
        return int(match[1])
    if not text:
        return None
    raise SetAside("bad-number", f"{text[:80]!r} is not a whole number")


def as_instant(value: Any, zone: ZoneInfo, form: str | None) -> datetime | None:
    """A raw date and time of a zone as aware UTC; null for empty text and zero dates. SetAside ``bad-date``.

    ``form`` is a strptime format for texts that are not ISO 8601. A value that states its own offset keeps to it.
    """
    try:
        moment = _moment(value, form)
        if moment is None:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise SetAside("bad-date", f"{str(value)[:80]!r}: {error}") from error


def _moment(value: Any, form: str | None) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    text = as_text(value).strip()
    if not text or text.startswith(ZERO_DATE):
        return None
    return datetime.strptime(text, form) if form else datetime.fromisoformat(text)


_SHOWN = 60


def shown(text: str) -> str:
    """A text between quotes for a note, cut to 60 characters."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
