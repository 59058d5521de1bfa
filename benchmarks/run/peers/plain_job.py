"""The job with the standard library alone: python plain_job.py SOURCE TARGET"""

from __future__ import annotations

import sqlite3
import sys
from itertools import islice

from job import COLUMNS, QUERY, article, new_target

source, target = sqlite3.connect(sys.argv[1]), new_target(sys.argv[2])
source.row_factory = sqlite3.Row
rows = source.execute(QUERY)
insert = f"INSERT INTO article ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
while page := list(islice(rows, 1000)):
    target.executemany(insert, [tuple(article(row).values()) for row in page])
target.commit()
