"""How fast earlier work went, kept beside the journal: a comfort for planning, no evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from migrator.db import running
from migrator.ledger import tables
from migrator.ledger.reading import LedgerReading
from migrator.model.outcome import Bucket
from migrator.model.rate import Rate

rate = sa.Table(
    "rate",
    tables.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("stage", sa.String(20), nullable=False),
    sa.Column("entity", sa.String(40), nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("written", sa.BigInteger, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("cpu_s", sa.Float, nullable=False),
    sa.Column("ended_at", sa.String(40), nullable=False),
)


class LedgerRates(LedgerReading):
    """The RateBook port."""

    def keep_rate(self, measured: Rate) -> None:
        """Put a measurement on record."""
        values = {name: getattr(measured, name) for name in Rate.__dataclass_fields__}
        with running(self._url), self._engine.begin() as connection:
            connection.execute(sa.insert(rate).values(values))

    def rates(self) -> Sequence[Rate]:
        """Every measurement, oldest first."""
        columns = [rate.c[name] for name in Rate.__dataclass_fields__]
        with self._reading() as connection:
            return [Rate(*row) for row in connection.execute(sa.select(*columns).order_by(rate.c.id))]

    def written_by(self, run: int, entity: str) -> int:
        """Rows of the entity whose outcome in a run was another than unchanged."""
        item = tables.item.c
        where = (item.entity == entity, item.run == run, item.bucket != Bucket.UNCHANGED.value)
        with self._reading() as connection:
            return int(
                connection.execute(sa.select(sa.func.count()).select_from(tables.item).where(*where)).scalar_one()
            )

    def reasons(self, buckets: Collection[Bucket]) -> Mapping[str, Mapping[str, int]]:
        """Entity -> reason code -> rows, of the rows in these buckets."""
        item = tables.item.c
        statement = (
            sa.select(item.entity, item.reason, sa.func.count())
            .where(item.bucket.in_([bucket.value for bucket in buckets]))
            .group_by(item.entity, item.reason)
        )
        found: dict[str, dict[str, int]] = defaultdict(dict)
        with self._reading() as connection:
            for entity, reason, number in connection.execute(statement):
                found[entity][reason] = int(number)
        return found

    def rows_done(self) -> Mapping[tuple[str, str], int]:
        """By source and entity, the rows the open run has behind it; empty where no run is open."""
        mark, run = tables.mark.c, tables.run.c
        newest = sa.select(sa.func.max(run.id)).where(run.result == "").scalar_subquery()
        statement = sa.select(mark.source, mark.entity, mark.rows).where(mark.run == newest)
        with self._reading() as connection:
            return {(source, entity): int(rows) for source, entity, rows in connection.execute(statement)}
