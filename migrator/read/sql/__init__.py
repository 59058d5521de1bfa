"""Databases as the auditor reads them: over read-only connections of its own."""
