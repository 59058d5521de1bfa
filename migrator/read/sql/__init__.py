"""Databases as the auditor reads them: over read-only connections of its own."""

from migrator.read.sql.source import SqlWitness
from migrator.read.sql.target import SqlReader

__all__ = ["SqlReader", "SqlWitness"]
