"""Comparing values as the staged database did: which are equal, which come first, which fit a condition.

Each engine converts in its own way before it compares: MariaDB makes numbers of texts that meet numbers, SQLite goes by
the column's affinity, PostgreSQL reads what it is given as the column's type. Texts are compared by the weights the
database itself gave for its collations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from migrator.model.record import Row
from migrator.model.source import Test
from migrator.model.staged import Collation, Trait, Traits

Sortable = int | float | bytes | None
"""A value SQLite sorts as the staged database sorted the original."""

_EXACT = Collation(pads=False, weights={})
_NOCASE = Collation(pads=False, weights={chr(code): f"{code + 32:02X}" for code in range(ord("A"), ord("Z") + 1)})
_NUMBER = re.compile(r" *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})? *", re.ASCII)
_UTF8 = "surrogatepass"


class Comparison:
    """What one column's values are to its database. ``trait`` None: the column of a declared query's answer."""

    def __init__(self, traits: Traits, trait: Trait | None) -> None:
        self._engine = traits.engine
        self._kind = trait.kind if trait else "any"
        named = trait.collation if trait else traits.default
        self._collation = _NOCASE if named == "NOCASE" else traits.collations.get(named, _EXACT)
        self._ignores_case = self._engine == "sqlite"  # LIKE does there, for ASCII, whatever the collation

    # --- equality ---
    def form(self, value: Any) -> bytes:
        """Equal for values that are equal to the column, but for what :meth:`number` adds."""
        number = self._number(value)
        if number is not None and self._kind != "text":
            return b"n" + _plain(number)
        if self._kind == "time" and (instant := _instant(value)) is not None:
            return b"z" + instant.isoformat().encode()
        if isinstance(value, (bytes, bytearray)):
            return b"x" + bytes(value)
        return b"t" + self.weigh(str(value))

    def number(self, value: Any) -> bytes | None:
        """The number a text is to a database that makes one of it when it meets a number; None where it is none."""
        if self._engine != "mysql":
            return None
        number = _decimal(value)
        return None if number is None else _plain(number)

    def equal(self, value: Any, there: Any) -> bool:
        """Whether the database takes a value for what stands in the column."""
        if value is None or there is None:
            return False
        if self.form(value) == self.form(there):
            return True
        is_number = isinstance(value, (int, float, Decimal)) or isinstance(there, (int, float, Decimal))
        return is_number and (number := self.number(value)) is not None and number == self.number(there)

    def weigh(self, text: str) -> bytes:
        """The weights of a text, which decide equality and order."""
        text = text.rstrip(" ") if self._collation.pads else text
        weights = self._collation.weights
        if not weights:
            return text.encode("utf-8", _UTF8)
        return b"".join(
            bytes.fromhex(weight) if (weight := weights.get(char)) is not None else char.encode("utf-8", _UTF8)
            for char in text
        )

    def _number(self, value: Any) -> Decimal | None:
        """A number, or a text the column makes one of."""
        if isinstance(value, str) and self._kind != "number":
            return None
        return _decimal(value)

    # --- order ---
    def sortable(self, value: Any) -> Sortable:
        """The value as something SQLite sorts in the same order: numbers, then texts and bytes, null before all."""
        if value is None:
            return None
        number = self._number(value)
        if number is not None and self._kind != "text":
            whole = int(number) if number == number.to_integral_value() else None
            return whole if whole is not None and -(2**63) <= whole < 2**63 else float(number)
        return self.form(value)

    def before(self, value: Any, other: Any) -> bool:
        """Whether a value stands before another in the column's order. Neither may be null."""
        ours, theirs = self.sortable(value), self.sortable(other)
        if isinstance(ours, bytes) is isinstance(theirs, bytes):
            return ours < theirs  # type: ignore[operator]  # of one kind, and not null
        return not isinstance(ours, bytes)

    # --- conditions ---
    def holds(self, test: Test) -> Callable[[Any], bool]:
        """Whether a value of the column fits a condition; null as SQL decides it. ValueError for ``matches``."""
        operand: Any = test.operand
        among = operand if isinstance(operand, tuple) else (operand,)
        match test.operator:
            case "in" | "not_in":
                return lambda value: (
                    ((value is None and None in among) or any(self.equal(each, value) for each in among))
                    is (test.operator == "in")
                )
            case "like" | "not_like":
                pattern = self._like(str(operand))
                if test.operator == "like":
                    return lambda value: value is not None and pattern(str(value))
                return lambda value: value is None or not pattern(str(value))
            case "empty":
                return lambda value: (value is None or self._is_empty(value)) is bool(operand)
            case "lt":
                return lambda value: value is not None and self.before(value, operand)
            case "ge":
                return lambda value: value is not None and not self.before(value, operand)
            case "gt":
                return lambda value: value is not None and self.before(operand, value)
            case "le":
                return lambda value: value is not None and not self.before(operand, value)
        raise ValueError(f"{test.operator} cannot be done by a database")

    def _is_empty(self, value: Any) -> bool:
        if isinstance(value, str):
            return value.rstrip(" ") == "" if self._collation.pads else value == ""
        return self._engine == "mysql" and (value == b"" or _decimal(value) == 0)

    def _like(self, pattern: str) -> Callable[[str], bool]:
        """``%`` and ``_`` as in SQL, each character by its weight; spaces at the end count."""
        weights = self._collation.weights

        def weight(char: str) -> str:
            weighed = weights.get(char, char)
            return weighed.lower() if self._ignores_case and char.isascii() and not weights else weighed

        escapes = self._engine != "sqlite"
        parts: list[str | None] = []  # a weight, "" for any one, None for any number of them
        characters = iter(pattern)
        for char in characters:
            if char == "\\" and escapes:
                parts.append(weight(next(characters, "\\")))
            else:
                parts.append(None if char == "%" else "" if char == "_" else weight(char))
        numbered: dict[str, str] = {}

        def sign(weighed: str) -> str:
            return numbered.setdefault(weighed, chr(0x100000 + len(numbered)))

        regex = re.compile(
            "".join(".*" if part is None else "." if part == "" else re.escape(sign(part)) for part in parts), re.DOTALL
        )
        other = "\U000ffffd"  # a character the pattern does not name
        return lambda value: bool(regex.fullmatch("".join(numbered.get(weight(char), other) for char in value)))


class Comparisons:
    """The comparison of each column of one relation."""

    def __init__(self, traits: Traits, table: str | None) -> None:
        self._traits = traits
        self._columns = traits.tables.get(table, {}) if table is not None else {}
        self._made: dict[str, Comparison] = {}

    def __getitem__(self, column: str) -> Comparison:
        if column not in self._made:
            self._made[column] = Comparison(self._traits, self._columns.get(column))
        return self._made[column]

    def fits(self, where: Sequence[Test]) -> Callable[[Row], bool]:
        """Whether a row fits all of the conditions."""
        decided = [(test.column, self[test.column].holds(test)) for test in where]
        return lambda row: all(holds(row[column]) for column, holds in decided)


def _decimal(value: Any) -> Decimal | None:
    """A number exactly, also one that is written as a text; None for what is none."""
    if isinstance(value, bool):
        return Decimal(value)
    if not isinstance(value, (int, float, Decimal, str)) or not _NUMBER.fullmatch(str(value)):
        return None
    return Decimal(str(value).strip())


def _plain(number: Decimal) -> bytes:
    """One spelling for each number."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return b"0" if text == "-0" else text.encode()


def _instant(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, str):
        try:
            return _instant(datetime.fromisoformat(value))
        except ValueError:
            return None
    return None
