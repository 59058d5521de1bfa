"""How two values differ: the most telling kind, and a detail for people. Pure; nothing here decides whether it matters.

The looser comparisons below are named second-level comparisons: they say *how* two values differ that have already been
found to be different, and never that they are equal.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from migrator.model.content import Value
from migrator.model.finding import DifferenceKind

Named = tuple[DifferenceKind, str]

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
"""Characters that take no room in print: soft hyphen, joiners, zero-width spaces, direction marks, byte order mark."""

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_TAG = re.compile(r"<[^<>]*>")
_FILLED = frozenset({"", "0", "null", "none", "nan", "undefined", "n/a", "untitled", "no title", "0000-00-00"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST_SHIFT = timedelta(hours=14)


def classify(expected: Value, found: Value) -> Named:
    """The kind of difference between two values that are not equal (or not of the same type), and its detail."""
    if _is_nothing(expected) or _is_nothing(found):
        return _nothing(expected, found)
    if isinstance(expected, datetime) and isinstance(found, datetime):
        return _instants(expected, found)
    if isinstance(expected, tuple) and isinstance(found, tuple):
        return _lists(expected, found)
    if type(expected) is not type(found):
        return DifferenceKind.CHANGED, f"{type(found).__name__} instead of {type(expected).__name__}"
    if isinstance(expected, str) and isinstance(found, str):
        return _texts(expected, found)
    return DifferenceKind.CHANGED, ""


def classify_references(expected: Value, found: Value) -> Named:
    """As :func:`classify` for legacy keys: two keys are the same or not, never nearly the same.

    Keys the Reader could not name begin with ``?:`` (a record without a legacy key) or ``!:`` (no record at all).
    """
    if isinstance(expected, tuple) and isinstance(found, tuple) and expected and found:
        kind, detail = _lists(expected, found, leaf=classify_references)
    elif _is_nothing(expected) or _is_nothing(found):
        kind, detail = _nothing(expected, found)
    else:
        kind, detail = DifferenceKind.CHANGED, ""
    strange = [key for key in (found if isinstance(found, tuple) else (found,)) if str(key)[:2] in {"?:", "!:"}]
    if strange:
        detail = "; ".join([detail, *map(_unnamed, strange)]).removeprefix("; ")
    return kind, detail


def _unnamed(key: object) -> str:
    mark, _, rest = str(key).partition(":")
    return f"{rest} {'does not exist' if mark == '!' else 'has no legacy key'}"


def _is_nothing(value: Value) -> bool:
    return value is None or value == "" or value == ()


def _nothing(expected: Value, found: Value) -> Named:
    if _is_nothing(expected) and _is_nothing(found):
        return DifferenceKind.DEFAULT_FILLED, f"{_name_nothing(found)} instead of {_name_nothing(expected)}"
    if _is_nothing(found):
        return DifferenceKind.MISSING, "" if found is None else f"{_name_nothing(found)} instead"
    if _is_default(found):
        return DifferenceKind.DEFAULT_FILLED, f"{_name_nothing(expected)} was filled"
    return DifferenceKind.EXTRA, f"{_name_nothing(expected)} expected"


def _name_nothing(value: Value) -> str:
    return "null" if value is None else "empty text" if value == "" else "an empty list"


def _is_default(value: Value) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in _FILLED
    if isinstance(value, datetime):
        return value.astimezone(UTC) == _EPOCH if value.tzinfo else value == _EPOCH.replace(tzinfo=None)
    return isinstance(value, int) and not value


def _instants(expected: datetime, found: datetime) -> Named:
    if (expected.tzinfo is None) != (found.tzinfo is None):
        return DifferenceKind.CHANGED, "one has a time zone, the other none"
    if _is_default(found):
        return DifferenceKind.DEFAULT_FILLED, "the zero of Unix time"
    delta = found - expected
    if delta and abs(delta) <= _LARGEST_SHIFT and not delta % timedelta(minutes=30):
        return DifferenceKind.TIME_SHIFT, f"{delta / timedelta(hours=1):+g} h"
    if found == expected.replace(microsecond=0):
        return DifferenceKind.TRUNCATED, "the fraction of the second is cut off"
    if found == expected.replace(second=0, microsecond=0):
        return DifferenceKind.TRUNCATED, "the seconds are cut off"
    if found == expected.replace(hour=0, minute=0, second=0, microsecond=0):
        return DifferenceKind.TRUNCATED, "the time of day is cut off"
    return DifferenceKind.CHANGED, f"{delta.total_seconds():+g} s"


def _lists(
    expected: tuple[str, ...], found: tuple[str, ...], leaf: Callable[[Value, Value], Named] | None = None
) -> Named:
    wanted, there = Counter(expected), Counter(found)
    if wanted == there:
        return DifferenceKind.ORDER, ""
    lacking, surplus = list((wanted - there).elements()), list((there - wanted).elements())
    if not lacking:
        if set(surplus) <= set(expected):
            return DifferenceKind.DUPLICATE_OF, "twice: " + ", ".join(surplus)
        return DifferenceKind.EXTRA, "too many: " + ", ".join(surplus)
    if not surplus:
        return DifferenceKind.MISSING, "lacking: " + ", ".join(lacking)
    if len(lacking) == len(surplus) == 1:
        kind, detail = (leaf or classify)(lacking[0], surplus[0])
        return kind, f"{surplus[0]} instead of {lacking[0]}" + (f" ({detail})" if detail else "")
    return DifferenceKind.CHANGED, f"lacking: {', '.join(lacking)}; too many: {', '.join(surplus)}"


def _texts(expected: str, found: str) -> Named:
    for rule in (_single_form, _truncated, _mojibake, _combined_forms, _reordered):
        named = rule(expected, found)
        if named:
            return named
    return DifferenceKind.CHANGED, ""


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _spaces(text: str) -> str:
    return " ".join(text.split())


def _visible(text: str) -> str:
    return _CONTROL.sub("", INVISIBLE.sub("", text))


def _unescape(text: str) -> str:
    plain = html.unescape(html.unescape(text))
    return re.sub(r"\\(['\"\\/])", r"\1", plain)


def _untagged(text: str) -> str:
    return _spaces(html.unescape(_TAG.sub(" ", text)))


_FORMS: tuple[tuple[DifferenceKind, Callable[[str], str]], ...] = (
    (DifferenceKind.UNICODE_FORM, _nfc),
    (DifferenceKind.INVISIBLE, _visible),
    (DifferenceKind.WHITESPACE, lambda text: "".join(text.split())),
    (DifferenceKind.ESCAPE, _unescape),
    (DifferenceKind.ESCAPE, unquote),
    (DifferenceKind.CASE, str.casefold),
    (DifferenceKind.MARKUP, lambda text: _untagged(text) if "<" in text else _spaces(text)),
)


def _single_form(expected: str, found: str) -> Named | None:
    """One looser comparison alone makes them equal."""
    for kind, form in _FORMS:
        if form(expected) == form(found):
            return kind, _where(expected, found) if kind is DifferenceKind.WHITESPACE else ""
    return None


def _where(expected: str, found: str) -> str:
    for name, sign in (("no-break space", "\u00a0"), ("carriage return", "\r"), ("tab", "\t"), ("line break", "\n")):
        if expected.count(sign) != found.count(sign):
            return f"{name}: {expected.count(sign)} expected, {found.count(sign)} found"
    if expected.strip() == found.strip():
        return "at the beginning or the end"
    return ""


def _truncated(expected: str, found: str) -> Named | None:
    """The beginning only, with or without dots put at the cut."""
    for dots in ("", "…", "..."):
        kept = found.removesuffix(dots).rstrip() if dots and found.endswith(dots) else "" if dots else found
        if kept and len(kept) < len(expected) and expected.startswith(kept):
            size = f" ({len(found.encode('utf-8', 'surrogatepass'))} bytes)"
            return DifferenceKind.TRUNCATED, f"at {len(kept)} of {len(expected)} characters{size}"
    if found and len(found) < len(expected) and expected.endswith(found):
        return DifferenceKind.TRUNCATED, f"{len(expected) - len(found)} of {len(expected)} characters gone at the front"
    return None


def _mojibake(expected: str, found: str) -> Named | None:
    """Bytes read in the wrong encoding, letters replaced by question marks, or marks lost."""
    for encoding in MISREAD_AS:
        for name, good, bad in (("read as", expected, found), ("was repaired from", found, expected)):
            once = undo_misreading(bad, encoding)
            if once == good:
                return DifferenceKind.MOJIBAKE, f"UTF-8 {name} {encoding}"
            if once and undo_misreading(once, encoding) == good:
                return DifferenceKind.MOJIBAKE, f"UTF-8 {name} {encoding}, twice"
    if len(expected) == len(found):
        pairs = [(a, b) for a, b in zip(expected, found, strict=True) if a != b]
        if all(b in "?\ufffd" and not a.isascii() for a, b in pairs):
            return DifferenceKind.MOJIBAKE, f"{len(pairs)} letters replaced by '{pairs[0][1]}'"
    if "\ufffd" in found and "\ufffd" not in expected:
        return DifferenceKind.MOJIBAKE, f"{found.count(chr(0xFFFD))} replacement characters"
    if found == _unmarked(expected):
        return DifferenceKind.MOJIBAKE, "letters without their marks"
    return None


def undo_misreading(text: str, encoding: str) -> str | None:
    """What the text was before its UTF-8 bytes were read in the wrong encoding; None where that cannot have been."""
    table = _BYTES[encoding]
    try:
        return bytes(table[letter] for letter in text).decode("utf-8")
    except (KeyError, UnicodeError):
        return None


def _letters(encoding: str) -> dict[str, int]:
    """Letter -> byte. Bytes the encoding leaves open count as control characters, as browsers and MySQL have it."""
    letters = (bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in range(256))
    return {letter: byte for byte, letter in enumerate(letters)}


MISREAD_AS = ("latin-1", "cp1252", "cp1258")
"""Encodings that UTF-8 is mistaken for."""

_BYTES = {encoding: _letters(encoding) for encoding in MISREAD_AS}


def _unmarked(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _combined_forms(expected: str, found: str) -> Named | None:
    """Several looser comparisons together make them equal; the last one needed gives the kind."""
    used: list[DifferenceKind] = []
    for kind, form in _FORMS:
        wanted, there = form(expected), form(found)
        if wanted != expected or there != found:
            used.append(kind)
        expected, found = wanted, there
        if expected == found:
            return kind, "also " + ", ".join(dict.fromkeys(other.value for other in used if other is not kind))
    return None


def _reordered(expected: str, found: str) -> Named | None:
    if Counter(expected.split()) == Counter(found.split()):
        return DifferenceKind.ORDER, "the same words in another order"
    return None
