"""The job with dlt, which keeps state: python dlt_job.py SOURCE TARGET FOLDER

Run it again and it looks for changed rows by ``edittime``, as its incremental loading is meant to be used.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import dlt
from job import QUERY, article


@dlt.resource(name="article", primary_key="legacy_key", write_disposition="merge")
def articles(changed: Any = dlt.sources.incremental("edittime", initial_value=-1)) -> Iterator[list[dict[str, Any]]]:  # noqa: B008
    source = sqlite3.connect(sys.argv[1])
    source.row_factory = sqlite3.Row
    query = QUERY.replace("SELECT r.id", "SELECT r.edittime, r.id").replace("ORDER BY", "WHERE r.edittime > ? ORDER BY")
    rows = source.execute(query, (changed.last_value,))
    while page := list(islice(rows, 1000)):
        yield [{**article(row), "edittime": row["edittime"]} for row in page]


pipeline = dlt.pipeline(
    "peer",
    pipelines_dir=sys.argv[3],
    dataset_name="main",
    destination=dlt.destinations.sqlalchemy(f"sqlite:///{sys.argv[2]}"),
)
pipeline.run(articles())
