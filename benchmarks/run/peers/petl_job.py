"""The job with petl: python petl_job.py SOURCE TARGET"""

from __future__ import annotations

import sqlite3
import sys

import petl
from job import COLUMNS, QUERY, article, new_target

source, target = sqlite3.connect(sys.argv[1]), new_target(sys.argv[2])
petl.appenddb(
    petl.fromdb(source, QUERY).rowmap(lambda row: list(article(row).values()), header=COLUMNS), target, "article"
)
