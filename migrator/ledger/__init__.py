"""The tool's memory: runs, items, intents and the journal, in SQLite or PostgreSQL."""

from migrator.ledger.store import SqlLedger

__all__ = ["SqlLedger"]
