"""A row as one line of JSON, and back, exactly: a staged row has the fingerprint of the live one.

What JSON itself holds is written as it is: null, texts, whole numbers of 64 bits, floats that are numbers, true and
false. Everything else is an object with one member, whose name says what it is: ``{"decimal": "10.50"}``. The names are
described in docs/staging.md, for readers without this program.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any
from uuid import UUID

import orjson

_PLAIN = frozenset({type(None), str, bool, int})
_MOST = 2**63
_MICROSECOND = timedelta(microseconds=1)


def line(values: Sequence[Any]) -> bytes:
    """One row, without a line break. TypeError for a value of a kind that has no exact form here."""
    try:
        return orjson.dumps([value if type(value) in _PLAIN else _tagged(value) for value in values])
    except TypeError:  # a lone surrogate, or a number above 64 bits
        return orjson.dumps([_tagged(value) for value in values])


def row(data: bytes) -> list[Any]:
    """The values of a line."""
    return [_untagged(value) if type(value) is dict else value for value in orjson.loads(data)]


def _tagged(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return value if _is_text(value) else {"text": value.encode("utf-8", "surrogatepass").hex()}
    if kind is int:
        return value if -_MOST <= value < _MOST else {"integer": str(value)}
    if kind is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if kind in _PLAIN:
        return value
    write = _WRITE.get(kind)
    if write is None:
        raise TypeError(f"{kind.__name__} has no exact form in a pack")
    name, said = write
    return {name: said(value)}


def _untagged(tagged: Mapping[str, Any]) -> Any:
    ((name, said),) = tagged.items()
    return _READ[name](said)


def _again(value: Any) -> Any:
    return _untagged(value) if type(value) is dict else value


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


_WRITE: Mapping[type, tuple[str, Callable[[Any], Any]]] = {
    Decimal: ("decimal", str),
    bytes: ("bytes", bytes.hex),
    datetime: ("datetime", datetime.isoformat),
    date: ("date", date.isoformat),
    time: ("time", time.isoformat),
    timedelta: ("microseconds", lambda value: str(value // _MICROSECOND)),
    UUID: ("uuid", str),
    list: ("list", lambda value: [_tagged(part) for part in value]),
    tuple: ("tuple", lambda value: [_tagged(part) for part in value]),
    dict: ("object", lambda value: [[_tagged(name), _tagged(part)] for name, part in value.items()]),
    **{type(make(text)): (name, str) for name, make, text in (
        ("address", ip_address, "::1"), ("address", ip_address, "0.0.0.0"),
        ("interface", ip_interface, "::1"), ("interface", ip_interface, "0.0.0.0"),
        ("network", ip_network, "::1"), ("network", ip_network, "0.0.0.0"),
    )},
}  # fmt: skip

_READ: Mapping[str, Callable[[Any], Any]] = {
    "text": lambda said: bytes.fromhex(said).decode("utf-8", "surrogatepass"),
    "integer": int,
    "float": float,
    "decimal": Decimal,
    "bytes": bytes.fromhex,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "microseconds": lambda said: timedelta(microseconds=int(said)),
    "uuid": UUID,
    "list": lambda said: [_again(part) for part in said],
    "tuple": lambda said: tuple(_again(part) for part in said),
    "object": lambda said: {_again(name): _again(part) for name, part in said},
    "address": ip_address,
    "interface": ip_interface,
    "network": ip_network,
}
