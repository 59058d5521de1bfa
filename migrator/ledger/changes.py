"""What a run has to know of rows it may pass by: read narrow, a page at a time; and the high-water marks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import orjson
import sqlalchemy as sa

from migrator.db import Among
from migrator.ledger import rows, tables
from migrator.ledger.reading import LedgerReading
from migrator.model.outcome import LOADED, Bucket
from migrator.ports import HighWater, Known

_BUCKETS = {bucket.value: bucket for bucket in Bucket}
_GONE = Bucket.GONE.value


class ChangeLog(LedgerReading):
    """The half of the Ledger port that tells changed rows from others."""

    def known(self, keys: Collection[str]) -> Mapping[str, Known]:
        """What tells whether these rows changed."""
        return {
            key: Known(_BUCKETS[bucket], bytes(source), bytes(mapping), bool(is_partial), noted_seq or 0)
            for key, bucket, source, mapping, is_partial, noted_seq in self.among(self._known, keys)
        }

    @cached_property
    def _known(self) -> Among:
        item = tables.item.c
        names = ("key", "bucket", "source_fingerprint", "mapping_fingerprint", "is_partial", "noted_seq")
        return Among(self._engine, sa.select(*(item[name] for name in names)), item.key)

    def live_keys(self, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys whose rows the source had when they were last looked at."""
        return frozenset(row[0] for row in self.among(self._live, keys))

    @cached_property
    def _live(self) -> Among:
        item = tables.item.c
        return Among(self._engine, sa.select(item.key).where(item.bucket != _GONE), item.key)

    def live(self, source: str, entity: str, *, kept: bool) -> int:
        """How many such rows there are; with ``kept`` also those that are gone and whose record still stands."""
        item = tables.item.c
        left = item.bucket != _GONE
        if kept:
            left |= item.content.is_not(None)
        where = (item.entity == entity, item.key.startswith(f"{source}:", autoescape=True), left)
        with self._reading() as connection:
            return int(connection.execute(sa.select(sa.func.count()).where(*where)).scalar_one())

    def unsettled(self, source: str, entity: str, run: int, mapping: bytes, lead_change: int) -> Iterator[str]:
        """Keys the run has not looked at that need it although their rows may not have changed, in key order."""
        item = tables.item.c
        settled = item.bucket.in_([bucket.value for bucket in LOADED]) & (item.mapping_fingerprint == mapping)
        settled &= sa.func.coalesce(item.is_partial, sa.false()).is_(sa.false())
        settled &= sa.func.coalesce(item.noted_seq, 0) >= lead_change
        where = (item.run < run, item.bucket != _GONE, item.key.startswith(f"{source}:", autoescape=True))
        for row in self._pages(sa.select(item.key).where(*where, sa.not_(settled)), entity, ()):
            yield row[0]

    def was_read(self, run: int, source: str, entity: str) -> bool:
        """Whether an earlier run read the entity of the source to its end."""
        mark = tables.mark.c
        where = (mark.run < run, mark.source == source, mark.entity == entity, mark.done.is_(sa.true()))
        with self._reading() as connection:
            return connection.execute(sa.select(mark.run).where(*where).limit(1)).scalar() is not None

    def high_water(self, source: str, entity: str) -> HighWater | None:
        """How far changes were taken in; None where no run that kept it came to its end."""
        high = tables.high_water
        where = (high.c.source == source, high.c.entity == entity)
        with self._reading() as connection:
            row = connection.execute(sa.select(high).where(*where)).mappings().one_or_none()
        if row is None:
            return None
        try:
            return HighWater(source, entity, _read(row["mark"]), row["run"], datetime.fromisoformat(row["scanned_at"]))
        except (ValueError, KeyError, TypeError) as error:
            raise rows.unreadable(f"the high-water mark of {source}:{entity}", error) from error


def high_water_rows(marks: Sequence[HighWater]) -> list[dict[str, Any]]:
    """Rows of ``high_water``."""
    return [
        {"source": each.source, "entity": each.entity, "mark": _written(each.mark), "run": each.run,
         "scanned_at": each.scanned_at.isoformat()}
        for each in marks
    ]  # fmt: skip


_KINDS: Mapping[str, Any] = {
    "int": int, "float": float, "str": str, "Decimal": Decimal, "datetime": datetime.fromisoformat,
    "date": date.fromisoformat, "bytes": bytes.fromhex, "bytearray": bytes.fromhex,
}  # fmt: skip


def _written(mark: Any) -> str | None:
    """A mark with its type. One of a type that cannot be read back is none."""
    kind = type(mark).__name__
    if mark is None or kind not in _KINDS:
        return None
    text = mark.isoformat() if isinstance(mark, date) else bytes(mark).hex() if kind.startswith("byte") else str(mark)
    return orjson.dumps([kind, text]).decode()


def _read(text: str | None) -> Any:
    if text is None:
        return None
    kind, said = orjson.loads(text)
    return _KINDS[kind](said)
