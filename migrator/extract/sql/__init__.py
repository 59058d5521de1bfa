"""Legacy databases over SQLAlchemy: SQLite, MariaDB, MySQL and PostgreSQL are run; SQL Server and Oracle only compile."""

from migrator.extract.sql.extractor import SqlExtractor

__all__ = ["SqlExtractor"]
