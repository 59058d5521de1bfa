"""The default platform: a clean newsroom schema in SQLite, PostgreSQL or MariaDB."""

from migrator.load.sql.loader import SqlLoader

__all__ = ["SqlLoader"]
