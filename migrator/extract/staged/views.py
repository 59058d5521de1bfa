"""Which rows of a staged relation a question is about, in which order: found in one pass over its packs, then kept.

A view holds numbers of rows, keys, and what rows are looked up and ordered by; what the rows say stays in the packs. It
is a file of its own, made beside its name and moved there whole; it belongs to one state of the packs and to one
question, and may be deleted at any time: it is made again.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from migrator.errors import StopRun
from migrator.extract.staged import values
from migrator.extract.staged.comparison import Comparisons, Sortable
from migrator.extract.staged.packs import private_folder
from migrator.extract.staged.rows import StagedRows
from migrator.model.record import Row, record_key
from migrator.model.source import Test
from migrator.model.staged import Traits

_VERSION = 1
_AT_ONCE = 2000
_VARIABLES = 500


@dataclass(frozen=True, slots=True)
class Question:
    """The rows for which ``where`` holds, ordered by ``order`` (as they were staged, without one).

    ``named`` (source, entity): each row has the legacy key made of the ``order`` columns. By each column of ``by`` rows
    are looked up.
    """

    order: tuple[str, ...] = ()
    where: tuple[Test, ...] = ()
    named: tuple[str, str] | None = None
    by: tuple[str, ...] = ()


class View:
    """The answer to one question, on its file. Places count from 1."""

    def __init__(self, path: Path, question: Question, comparisons: Comparisons) -> None:
        self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        self._question, self._comparisons = question, comparisons

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def count(self) -> int:
        """How many rows there are."""
        return int(self._one("SELECT count(*) FROM row", ()) or 0)

    def numbers(self, after: int, upto: int, limit: int, *, descending: bool = False) -> list[int]:
        """Numbers of the rows behind a place, up to and including another; backwards: those before ``after``."""
        if descending:
            query = "SELECT n FROM row WHERE i < ? AND i <= ? ORDER BY i DESC LIMIT ?"
        else:
            query = "SELECT n FROM row WHERE i > ? AND i <= ? ORDER BY i LIMIT ?"
        return [n for (n,) in self._connection.execute(query, (after, upto, limit))]

    def with_keys(self, keys: Collection[str]) -> list[int]:
        """Numbers of the rows with these legacy keys, in order."""
        return [n for _, n in self._places(keys)]

    def keys_there(self, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that a row has."""
        there: set[str] = set()
        for chunk in _chunks([_bytes(key) for key in keys]):
            marks = ",".join("?" * len(chunk))
            found = self._connection.execute(f"SELECT key FROM row WHERE key IN ({marks})", chunk)
            there |= {bytes(key).decode("utf-8", "surrogatepass") for (key,) in found}
        return frozenset(there)

    def _places(self, keys: Collection[str]) -> list[tuple[int, int]]:
        places: set[tuple[int, int]] = set()
        for chunk in _chunks([_bytes(key) for key in keys]):
            marks = ",".join("?" * len(chunk))
            places |= set(self._connection.execute(f"SELECT i, n FROM row WHERE key IN ({marks})", chunk))
        return sorted(places)

    def place(self, key: str, position: Sequence[Any]) -> int:
        """The place of the last row with a legacy key; of the row it would stand behind, where no row has it."""
        exact = self._one("SELECT max(i) FROM row WHERE key = ?", (_bytes(key),))
        if exact is not None:
            return int(exact)
        order = self._question.order
        names = ", ".join(f"s{number}" for number in range(len(order)))
        sortable = tuple(self._comparisons[name].sortable(part) for name, part in zip(order, position, strict=True))
        query = f"SELECT max(i) FROM row WHERE ({names}) <= ({','.join('?' * len(order))})"
        return int(self._one(query, sortable) or 0)

    def largest(self, most: Any = None) -> Any:
        """The last value of the one column the rows are ordered and looked up by, not above ``most`` (None: of all)."""
        (column,) = self._question.order
        bound = None if most is None else self._comparisons[column].sortable(most)
        query = "SELECT r0 FROM row WHERE s0 IS NOT NULL AND (?1 IS NULL OR s0 <= ?1) ORDER BY s0 DESC LIMIT 1"
        data = self._one(query, (bound,))
        return None if data is None else values.row(data)[0]

    def looked_up(self, column: str, wanted: Collection[Any]) -> list[int]:
        """Numbers of the rows that have one of these values in a column, by its own comparison, in order."""
        number = self._question.by.index(column)
        comparison = self._comparisons[column]
        found: set[tuple[int, int]] = set()
        for letter, forms in (
            ("f", {comparison.form(value) for value in wanted if value is not None}),
            ("m", {form for value in wanted if (form := comparison.number(value)) is not None}),
        ):
            for chunk in _chunks(sorted(forms)):
                marks = ",".join("?" * len(chunk))
                found |= set(
                    self._connection.execute(f"SELECT i, n FROM row WHERE {letter}{number} IN ({marks})", chunk)
                )
        return [n for _, n in sorted(found)]

    def same(self, column: str, value: Any) -> list[Any]:
        """Each thing that stands in a column and is equal to a value to the database, once."""
        number, comparison = self._question.by.index(column), self._comparisons[column]
        form, as_number = comparison.form(value), comparison.number(value)
        query = f"SELECT DISTINCT r{number} FROM row WHERE f{number} = ? OR m{number} = ?"
        raw = [values.row(data)[0] for (data,) in self._connection.execute(query, (form, as_number))]
        return [there for there in raw if comparison.equal(value, there)]

    def _one(self, query: str, parameters: Sequence[Any]) -> Any:
        found = self._connection.execute(query, parameters).fetchone()
        return None if found is None else found[0]


class Views:
    """The views of one staged copy, in one folder."""

    def __init__(self, folder: Path, traits: Traits) -> None:
        self._folder, self._traits = folder, traits
        self._open: dict[tuple[str, Question], View] = {}

    def view(self, rows: StagedRows, question: Question) -> View:
        """The answer to a question; made now where it was never asked of this state of the packs."""
        relation = rows.relation
        if (relation.name, question) not in self._open:
            comparisons = Comparisons(self._traits, None if relation.sql is not None else relation.name)
            path = self._folder / f"{self._name(rows, question)}.sqlite"
            if not path.is_file():
                try:
                    private_folder(self._folder)
                    _make(path, rows, question, comparisons, is_nulls_last=self._traits.engine == "postgresql")
                except (OSError, sqlite3.Error) as error:
                    raise StopRun(
                        f"The view {path.name} of staged rows cannot be written: {error}.", "Free space on the disk."
                    ) from error
            self._open[relation.name, question] = View(path, question, comparisons)
        return self._open[relation.name, question]

    def _name(self, rows: StagedRows, question: Question) -> str:
        """Changes when the packs, the question, or how is compared change."""
        relation = rows.relation
        said = (_VERSION, relation.columns, relation.key, [pack.digest for pack in relation.packs], repr(question))
        compared = {name: self._traits.tables.get(relation.name, {}).get(name) for name in relation.columns}
        weighed = [self._traits.engine, self._traits.default, sorted(self._traits.collations.items()).__repr__()]
        return hashlib.sha256(orjson.dumps((said, compared, weighed), default=str)).hexdigest()[:32]

    def close(self) -> None:
        """Let go of all files."""
        for view in self._open.values():
            view.close()
        self._open.clear()


def _make(path: Path, rows: StagedRows, question: Question, comparisons: Comparisons, *, is_nulls_last: bool) -> None:
    """Write a view beside its name, and move it there."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            _fill(connection, rows, question, comparisons, is_nulls_last=is_nulls_last)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _fill(
    connection: sqlite3.Connection,
    rows: StagedRows,
    question: Question,
    comparisons: Comparisons,
    *,
    is_nulls_last: bool,
) -> None:
    sorts = [f"s{number}" for number in range(len(question.order))]
    looks = [f"{letter}{number}" for number in range(len(question.by)) for letter in "fmr"]
    columns = ["n", *(["key"] if question.named else []), *sorts, *looks]
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    as_staged = question.order == rows.relation.key[: len(question.order)]
    table = "row" if as_staged else "unsorted"
    for name in ("row", table) if table != "row" else ("row",):
        connection.execute(f"CREATE TABLE {name} (i INTEGER PRIMARY KEY, {', '.join(columns)})")
    insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({','.join('?' * len(columns))})"
    entries = _entries(rows, question, comparisons)
    while chunk := list(islice(entries, _AT_ONCE)):
        connection.executemany(insert, chunk)
    if not as_staged:
        order = ", ".join(f"{name} NULLS LAST" if is_nulls_last else name for name in sorts)
        names = ", ".join(columns)
        connection.execute(f"INSERT INTO row ({names}) SELECT {names} FROM unsorted ORDER BY {order}, i")
        connection.execute("DROP TABLE unsorted")
    for name in [*(["key"] if question.named else []), *(name for name in looks if name[0] in "fm")]:
        connection.execute(f"CREATE INDEX by_{name} ON row ({name})")
    if sorts:
        connection.execute(f"CREATE INDEX by_order ON row ({', '.join(sorts)})")
    connection.execute("COMMIT")


def _entries(rows: StagedRows, question: Question, comparisons: Comparisons) -> Iterator[tuple[Any, ...]]:
    fits = comparisons.fits(question.where)
    ordered = [(name, comparisons[name].sortable) for name in question.order]
    looked = [(name, comparisons[name]) for name in question.by]
    for number, row in enumerate(rows.all()):
        if not fits(row):
            continue
        entry: list[Sortable] = [number]
        if question.named:
            if any(row[name] is None for name in question.order):
                continue  # a row without a key cannot be read on from, in a database neither
            entry.append(_key(question, row))
        entry += [sortable(row[name]) for name, sortable in ordered]
        for name, comparison in looked:
            value = row[name]
            if value is None:
                entry += [None, None, None]
            else:
                entry += [comparison.form(value), comparison.number(value), values.line([value])]
        yield tuple(entry)


def _key(question: Question, row: Row) -> bytes:
    assert question.named is not None
    return _bytes(record_key(*question.named, tuple(row[name] for name in question.order)))


def _bytes(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def _chunks(wanted: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(wanted), _VARIABLES):
        yield wanted[start : start + _VARIABLES]
