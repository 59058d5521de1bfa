"""The bare copy, nothing transformed: what reading and writing costs by itself: python copy_job.py SOURCE TARGET"""

from __future__ import annotations

import sqlite3
import sys
from itertools import islice

from job import QUERY

source, target = sqlite3.connect(sys.argv[1]), sqlite3.connect(sys.argv[2])
target.execute(
    "CREATE TABLE article (id INTEGER PRIMARY KEY, title, hometext, author, status, publtime, alias, bodyhtml)"
)
rows = source.execute(QUERY)
while page := list(islice(rows, 1000)):
    target.executemany("INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?)", page)
target.commit()
