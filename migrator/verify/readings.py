"""The auditor's own readings: how a raw source value is to be read, with code shared with nobody.

``audit.yaml`` names them after ``read:``, in order. A reading that takes a value from one representation to another
(``unix``, ``integer``) announces nothing. A reading that changes *what stands there* announces a kind: where source and
target are equal only through it, the record is listed as a **declared** difference of that kind. An argument follows
``=`` (``first-of-list=;``). A ``?`` at the end makes a reading optional: tried only where the values differ without it.

Null stays null through every reading but ``default``. A value a reading cannot read raises :class:`Unreadable`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from migrator.model.finding import DifferenceKind
from migrator.verify.kinds import INVISIBLE
from migrator.verify.letters import by_letters, mended

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""The zone newspapers mean by local time."""

_BLOCKS = frozenset({"p", "br", "div", "li", "tr", "td", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
_FALSE = frozenset({"0", "", "false", "f", "no", "n"})
_TRUE = frozenset({"1", "true", "t", "yes", "y"})


class Unreadable(ValueError):
    """The raw value cannot be read this way, so nothing can be compared."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading, ready to use. ``announces`` is the kind of difference it makes; None for a mere representation."""

    name: str
    read: Callable[[Any], Any]
    announces: DifferenceKind | None
    optional: bool = False


def _spaces(value: str) -> str:
    return " ".join(value.split())


def _unix(value: Any) -> datetime:
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Unreadable(f"{value!r} is no Unix time") from error


def _naive(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    try:
        return datetime.fromisoformat(str(value).strip())
    except ValueError as error:
        raise Unreadable(f"{value!r} is no date") from error


def _local_time(value: Any) -> datetime:
    moment = _naive(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)


def _utc_time(value: Any) -> datetime:
    moment = _naive(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _year(value: Any) -> str:
    if not isinstance(value, datetime):
        raise Unreadable(f"{value!r} is no instant; read it with unix, local-time or utc-time first")
    return str(value.astimezone(ZONE).year)


def _integer(value: Any) -> int:
    try:
        return int(value)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"{value!r} is no whole number") from error


def _boolean(value: Any) -> bool:
    word = str(value).strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise Unreadable(f"{value!r} is neither true nor false")


def _text(value: Any) -> str:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)


class _TextOnly(HTMLParser):
    """The text of a piece of HTML; block elements and line breaks become spaces, scripts and styles vanish."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Blocks separate words; the content of script and style is no text."""
        if tag in _BLOCKS:
            self.parts.append(" ")
        self._hidden += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        """As the beginning of the element."""
        if tag in _BLOCKS:
            self.parts.append(" ")
        self._hidden = max(0, self._hidden - (tag in {"script", "style"}))

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        if not self._hidden:
            self.parts.append(data)


def _no_markup(value: str) -> str:
    if "<" not in value:
        return html.unescape(value)
    parser = _TextOnly()
    parser.feed(value)
    parser.close()
    return _spaces("".join(parser.parts))


def _nothing_if_empty(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _nothing_if_zero(value: Any) -> Any:
    return None if str(value).strip() in {"0", "", "0000-00-00", "0000-00-00 00:00:00"} else value


def _on_text(function: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: function(value if isinstance(value, str) else _text(value))


_K = DifferenceKind
_PLAIN: Mapping[str, tuple[Callable[[Any], Any], DifferenceKind | None]] = {
    "html-entities": (_on_text(html.unescape), _K.ESCAPE),
    "html-entities-twice": (_on_text(lambda text: html.unescape(html.unescape(text))), _K.ESCAPE),
    "url-decode": (_on_text(unquote), _K.ESCAPE),
    "nfc": (_on_text(lambda text: unicodedata.normalize("NFC", text)), _K.UNICODE_FORM),
    "spaces": (_on_text(_spaces), _K.WHITESPACE),
    "trim": (_on_text(str.strip), _K.WHITESPACE),
    "line-breaks": (_on_text(lambda text: re.sub(r"\r\n?", "\n", text)), _K.WHITESPACE),
    "no-invisible": (_on_text(lambda text: INVISIBLE.sub("", text)), _K.INVISIBLE),
    "no-markup": (_on_text(_no_markup), _K.MARKUP),
    "repair-mojibake": (_on_text(mended), _K.MOJIBAKE),
    "legacy-letters": (_on_text(by_letters), _K.MOJIBAKE),
    "lower-case": (_on_text(str.lower), _K.CASE),
    "unix": (_unix, None),
    "local-time": (_local_time, None),
    "utc-time": (_utc_time, None),
    "year": (_year, None),
    "integer": (_integer, None),
    "boolean": (_boolean, None),
    "text": (_text, None),
    "empty-is-null": (_nothing_if_empty, None),
    "zero-is-null": (_nothing_if_zero, None),
}


def _first_of(separator: str) -> Callable[[str], str]:
    return lambda text: next((part.strip() for part in text.split(separator) if part.strip()), "")


def _rest_of(separator: str) -> Callable[[str], tuple[str, ...]]:
    return lambda text: tuple(part.strip() for part in text.split(separator) if part.strip())[1:]


def _all_of(separator: str) -> Callable[[str], tuple[str, ...]]:
    return lambda text: tuple(part.strip() for part in text.split(separator) if part.strip())


_WITH_ARGUMENT: Mapping[str, tuple[Callable[[str], Callable[[Any], Any]], DifferenceKind | None]] = {
    "first-of-list": (lambda separator: _on_text(_first_of(separator)), _K.TRUNCATED),
    "rest-of-list": (lambda separator: _on_text(_rest_of(separator)), None),
    "list": (lambda separator: _on_text(_all_of(separator)), None),
    "at-most": (lambda length: _on_text(lambda text: text[: int(length)]), _K.TRUNCATED),
    "without-prefix": (lambda prefix: _on_text(lambda text: text.removeprefix(prefix)), None),
    "default": (lambda word: lambda value: word if value in (None, "") else value, _K.DEFAULT_FILLED),
}

_SEPARATOR = ","
"""Where a list reading has no argument."""

NAMES = frozenset(_PLAIN) | frozenset(f"{name}=" for name in _WITH_ARGUMENT)
"""What may stand after ``read:``; names that end in ``=`` take an argument (the list readings: a comma without one)."""


def reading(spelled: str) -> Reading:
    """The reading of this name. KeyError where there is none; ValueError where the argument cannot be used."""
    optional = spelled.endswith("?")
    name, equals, argument = spelled.removesuffix("?").partition("=")
    if not equals and name.endswith("list"):
        argument = _SEPARATOR
    elif not equals:
        function, announces = _PLAIN[name]
        return Reading(name, function, announces, optional)
    make, announces = _WITH_ARGUMENT[name]
    if not argument or (name == "at-most" and not argument.isdecimal()):
        raise ValueError(f"{name} needs an argument")
    return Reading(name, make(argument), announces, optional)


@dataclass(slots=True)
class ReadValue:
    """A value after its readings, and the kinds of difference the readings made on the way."""

    value: Any
    announced: tuple[DifferenceKind, ...]


def read(value: Any, readings: tuple[Reading, ...], *, optional: bool) -> ReadValue:
    """The value read. With ``optional`` also by the optional readings. Unreadable where a reading cannot read it."""
    announced: list[DifferenceKind] = []
    for step in readings:
        if step.optional and not optional:
            continue
        if value is None and step.name != "default":
            return ReadValue(None, tuple(announced))
        after = step.read(value)
        if step.announces and after != value:
            announced.append(step.announces)
        value = after
    return ReadValue(value, tuple(announced))
