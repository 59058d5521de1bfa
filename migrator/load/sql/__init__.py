"""The default platform: a clean newsroom schema in SQLite, PostgreSQL or MariaDB, and the vault beside it."""

from migrator.load.sql.loader import SqlLoader
from migrator.load.sql.vault import SqlVault

__all__ = ["SqlLoader", "SqlVault"]
