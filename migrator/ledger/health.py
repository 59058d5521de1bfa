"""A look at the ledger that changes nothing, not even its tables: for whoever asks before a run."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from migrator.db import open_engine, parse_url, reading
from migrator.errors import EvidenceError
from migrator.ledger import tables
from migrator.ledger.lease import Lease
from migrator.model.server import LedgerFacts


def ledger_facts(url: str) -> LedgerFacts:
    """What the ledger holds; ``exists`` False where there is none yet. AccessError where it cannot be reached."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).is_file():
        return LedgerFacts(exists=False)
    engine = open_engine(url, read_only=True)
    try:
        with reading(url), engine.connect() as connection:
            if not sa.inspect(connection).has_table(tables.meta.name):
                return LedgerFacts(exists=False)
            return _facts(connection)
    finally:
        engine.dispose()


def _facts(connection: sa.Connection) -> LedgerFacts:
    said = connection.execute(sa.select(tables.meta.c.value).where(tables.meta.c.name == "schema_version")).scalar()
    try:
        version = int(said or 0)
    except ValueError as error:
        raise EvidenceError("The ledger's version cannot be read.", "Restore the ledger from a backup.") from error
    lease = connection.execute(sa.select(tables.lease)).mappings().one_or_none()
    held = lease is not None and bool(lease["holder"])
    run = tables.run.c
    return LedgerFacts(
        exists=True,
        version=version,
        known_version=tables.SCHEMA_VERSION,
        holder=f"{lease['pid']} on {lease['host']}" if lease is not None and held else "",
        alive=Lease.is_held(connection),
        open_intents=int(connection.execute(sa.select(sa.func.count()).select_from(tables.intent)).scalar_one()),
        open_run=connection.execute(sa.select(sa.func.max(run.id)).where(run.result == "")).scalar() or 0,
    )
