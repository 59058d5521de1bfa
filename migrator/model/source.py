"""What to read from a source: which table, by which key, with which side tables. Plain values; `extract` makes SQL of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Operator = Literal["in", "not_in", "like", "not_like", "lt", "le", "gt", "ge", "empty", "matches"]


@dataclass(frozen=True, slots=True)
class Test:
    """One condition on a column.

    ``in``/``not_in`` take a tuple; ``like``/``not_like`` an SQL pattern; ``empty`` a bool (null or ''); ``matches`` a
    regular expression (in Python only, never in SQL); the comparisons a number or text.
    """

    column: str
    operator: Operator
    operand: tuple[object, ...] | str | int | float | bool

    __test__ = False  # the name is the field's term; this tells pytest that it is not a test case


@dataclass(frozen=True, slots=True)
class Partition:
    """A side table cut into numbered tables: row with ``column`` = v lives in number ceil(v / size)."""

    column: str
    size: int


@dataclass(frozen=True, slots=True)
class Side:
    """Rows of another table that belong to a row. ``on`` pairs (side column, main column). ``many`` False keeps the first.

    Exactly one of ``table`` and ``sql`` is set. With ``partition`` the table name holds ``{n}``. ``source`` names the
    source the table is in, where it is not the selection's own. A main column written ``side.column`` is that column
    of the first row of a side that stands earlier in the selection; where that has no row, this side has none either.
    """

    name: str
    on: tuple[tuple[str, str], ...]
    table: str | None = None
    sql: str | None = None
    many: bool = False
    where: tuple[Test, ...] = ()
    order: tuple[str, ...] = ()
    partition: Partition | None = None
    source: str | None = None

    @property
    def follows(self) -> tuple[str, ...]:
        """Names of the earlier sides whose columns lead to this one, each once."""
        return tuple(dict.fromkeys(main.partition(".")[0] for _, main in self.on if "." in main))


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of one entity: a table, or a declared query used as one, cut by ``where``, ordered by ``key``.

    ``is_descending``: pages begin at the largest key.
    """

    source: str
    entity: str
    key: tuple[str, ...]
    table: str | None = None
    sql: str | None = None
    where: tuple[Test, ...] = ()
    sides: tuple[Side, ...] = ()
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table as the database describes it. ``primary_key`` may be empty."""

    name: str
    columns: tuple[str, ...]
    primary_key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyRange:
    """Keys above ``after`` up to and including ``upto``; None means open. ``rows`` is the number of rows counted in it."""

    after: tuple[object, ...] | None
    upto: tuple[object, ...] | None
    rows: int


@dataclass(frozen=True, slots=True)
class Marker:
    """What the source looked like when a run began: per entity the number of rows and the largest key.

    ``consistent`` is True where the engine gave a snapshot (SQLite, InnoDB, PostgreSQL); elsewhere drift is measured by
    taking the marker again.

    ``at_end`` is the same at the end of the run, where it was not read as one snapshot; None where it was. ``touched``
    are the tables without snapshots that were written to meanwhile. ``staged``: what was read is not the source but a
    staged copy of it: when that was begun, and the SHA-256 of its catalogue; empty where the source itself was read.
    """

    consistent: bool
    entities: tuple[tuple[str, int, str], ...]
    at_end: tuple[tuple[str, int, str], ...] | None = None
    touched: tuple[str, ...] = ()
    staged: str = ""
