"""What WordPress makes of a value when it stores it: both sides in a form that must then be the same.

Nothing here is looser than what the profile declares: whatever is lost beyond it shows as a difference.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from unicodedata import combining, normalize
from urllib.parse import quote

from migrator.model.content import Value
from migrator.model.platform import Place

_BARRED = str.maketrans({"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O"})
_OTHER = re.compile(r"[\x00-\x7f](?<![a-z0-9_-])")
_TAG = re.compile(r"<[^>]*>")
_BLANKS = " \n\r\t\v\0"
"""What PHP's trim takes away."""

_LONGEST_SLUG = 200


def is_alike(place: Place, kept: Value, stands: object) -> bool:
    """Whether what stands in a place is what WordPress makes of the value that was sent."""
    if kept in (None, "") and place.is_invented:
        return True
    match place.alike:
        case "trimmed":
            return str(kept or "").strip(_BLANKS) == str(stands or "")
        case "plain":
            return plain(str(kept or "")) == plain(str(stands or ""))
        case "slug":
            return slug(str(kept or "")) == str(stands or "")
        case "seconds":
            return isinstance(kept, datetime) and kept.replace(microsecond=0) == instant(stands)
        case "values":
            wanted = (place.values or {}).get(str(kept))
            return wanted is not None and (stands == wanted or (wanted in place.also and stands in place.also))
    return (kept or "") == (stands or "")


def plain(text: str) -> str:
    """Text without markup, entities and runs of blanks."""
    return " ".join(unescape(_TAG.sub("", text)).split())


def slug(text: str) -> str:
    """An address as WordPress writes it: small letters without marks, digits, dashes; other scripts percent-encoded."""
    bare = "".join(letter for letter in normalize("NFD", text.translate(_BARRED)) if not combining(letter)).lower()
    dashed = _OTHER.sub("", re.sub(r"[./\s–—]", "-", bare))
    return re.sub(r"-+", "-", quote(dashed, safe="").lower()).strip("-")[:_LONGEST_SLUG]


def instant(text: object) -> Value:
    """A time the API shows, in UTC; the text itself where it is none."""
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
    except ValueError:
        return str(text)
