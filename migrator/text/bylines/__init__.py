"""Bylines and credits: who made what, as a page says it. The raw string is always kept."""

from migrator.text.bylines.credit import Credit, read_credit
from migrator.text.bylines.model import CONFIDENT, Byline, Contribution, Kind, Role
from migrator.text.bylines.reading import read_byline
from migrator.text.bylines.tail import TailByline, last_block_byline

__all__ = [
    "CONFIDENT",
    "Byline",
    "Contribution",
    "Credit",
    "Kind",
    "Role",
    "TailByline",
    "last_block_byline",
    "read_byline",
    "read_credit",
]
