"""Values that PHP's ``serialize()`` wrote, read as plain data.

The format is that of the PHP manual's page on serialize(): ``i:1;`` ``d:1.5;`` ``b:1;`` ``N;`` ``s:2:"ab";``
``a:1:{…}`` ``O:3:"Abc":1:{…}``; lengths count bytes. Nothing is ever made into an object: a serialised one becomes the
mapping of its properties. References (``R:``, ``r:``) and self-serialised classes (``C:``) are refused.
"""

from __future__ import annotations

import re
from typing import Any

LONGEST = 4_000_000
"""Bytes of the longest text that is read."""

_DEEPEST = 64
_MOST_ENTRIES = 100_000
_SCALAR = re.compile(rb"(?:N|b:([01])|i:(-?\d{1,20})|d:(-?(?:\d[\d.eE+-]{0,60}|INF)|NAN));")
_COUNTED = re.compile(rb"([saO]):(\d{1,9}):")


def unserialize(text: str) -> Any:
    """The value: texts, numbers, booleans, null, lists (keys 0, 1, 2, …) and mappings with text keys.

    ValueError, with the place, for anything else: cut off, of wrong lengths, too long, too deep.
    """
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > LONGEST:
        raise ValueError(f"{len(data)} bytes, at most {LONGEST}")
    reader = _Reader(data)
    value = reader.value(0)
    if data[reader.at :].strip():
        raise ValueError(f"something is left over at byte {reader.at}")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0
        self._entries = 0

    def value(self, depth: int) -> Any:
        scalar = _SCALAR.match(self._data, self.at)
        if scalar:
            self.at = scalar.end()
            return _scalar(scalar)
        counted = _COUNTED.match(self._data, self.at)
        if counted is None or depth > _DEEPEST:
            raise ValueError(f"{'too deep' if counted else 'no value'} at byte {self.at}")
        self.at = counted.end()
        size = int(counted[2])
        if counted[1] == b"s":
            text = self._quoted(size)
            self._expect(b";")
            return text
        if counted[1] == b"O":
            self._quoted(size)
            self._expect(b":")
            number = re.compile(rb"(\d{1,9}):").match(self._data, self.at)
            if number is None:
                raise ValueError(f"no number of properties at byte {self.at}")
            self.at, size = number.end(), int(number[1])
        return self._members(size, depth, is_object=counted[1] == b"O")

    def _members(self, size: int, depth: int, *, is_object: bool) -> Any:
        self._entries += size
        if self._entries > _MOST_ENTRIES:
            raise ValueError(f"more than {_MOST_ENTRIES} entries")
        self._expect(b"{")
        members: dict[Any, Any] = {}
        for _ in range(size):
            key = self.value(depth + 1)
            if not isinstance(key, str | int) or isinstance(key, bool):
                raise ValueError(f"a key that is neither text nor number at byte {self.at}")
            members[key] = self.value(depth + 1)
        self._expect(b"}")
        if not is_object and list(members) == list(range(len(members))):
            return list(members.values())
        # Private and protected properties carry their class between NUL characters.
        return {str(key).rpartition("\0")[2]: value for key, value in members.items()}

    def _quoted(self, size: int) -> str:
        self._expect(b'"')
        text = self._data[self.at : self.at + size]
        self.at += size
        self._expect(b'"')
        try:
            return text.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise ValueError(f"a text of {size} bytes ends inside a character at byte {self.at}") from error

    def _expect(self, sign: bytes) -> None:
        if not self._data.startswith(sign, self.at):
            raise ValueError(f"{sign.decode()!r} is missing at byte {self.at}")
        self.at += len(sign)


def _scalar(match: re.Match[bytes]) -> Any:
    boolean, whole, number = match.groups()
    if boolean is not None:
        return boolean == b"1"
    if whole is not None:
        return int(whole)
    return None if number is None else float(number)
