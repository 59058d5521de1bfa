"""The job with pandas, 1,000 rows at a time: python pandas_job.py SOURCE TARGET"""

from __future__ import annotations

import sqlite3
import sys

import pandas
from job import QUERY, article, new_target

source, target = sqlite3.connect(sys.argv[1]), new_target(sys.argv[2])
for chunk in pandas.read_sql_query(QUERY, source, chunksize=1000):
    made = pandas.DataFrame([article(row) for row in chunk.to_dict("records")])
    made.to_sql("article", target, if_exists="append", index=False)
target.commit()
