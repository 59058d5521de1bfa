"""From the ledger and the examination to what people read: ``report.json``, pages in two languages, lists.

``build_report`` is the way in. Every number on a page comes from ``report.json``; this package counts lists, compares
them with what the examination says, and never adjusts anything.
"""

from migrator.report.build import build_report
from migrator.report.schema import report_schema
from migrator.report.sides import Sides

__all__ = ["Sides", "build_report", "report_schema"]
