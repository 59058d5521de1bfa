"""What every peer does with an article: the same fields, the same cleaning function, the same table."""

from __future__ import annotations

import html
import re
import sqlite3
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from migrator.html import CleanOptions, clean

QUERY = """
SELECT r.id, r.title, r.hometext, r.author, r.status, r.publtime, r.alias, d.bodyhtml
FROM nv4_vi_news_rows r JOIN nv4_vi_news_detail d ON d.id = r.id ORDER BY r.id
"""
COLUMNS = ("legacy_key", "headline", "standfirst", "byline", "status", "published_at", "slug", "body_html", "body_text",
           "word_count")  # fmt: skip
TABLE = f"CREATE TABLE article (id INTEGER PRIMARY KEY, {', '.join(COLUMNS)})"
_STATUS = {1: "published", 4: "draft", 3: "expired"}
_SPACES = re.compile(r"\s+")
_OPTIONS = CleanOptions(hosts=frozenset({"baocuabien.example", "www.baocuabien.example"}))


def _line(text: str) -> str:
    return _SPACES.sub(" ", unicodedata.normalize("NFC", html.unescape(text))).strip()


def article(row: Mapping[str, Any]) -> dict[str, Any]:
    """The target's row of a legacy row."""
    body = clean(row["bodyhtml"] or "", _OPTIONS)
    published = row["publtime"]
    return {
        "legacy_key": f"web:article:{row['id']}",
        "headline": _line(row["title"]),
        "standfirst": clean(row["hometext"] or "", _OPTIONS).text,
        "byline": _line(row["author"] or ""),
        "status": _STATUS.get(row["status"], "draft"),
        "published_at": datetime.fromtimestamp(published, UTC).isoformat() if published else None,
        "slug": row["alias"],
        "body_html": body.html,
        "body_text": body.text,
        "word_count": body.words,
    }


def new_target(path: str) -> sqlite3.Connection:
    """An empty target with the table."""
    connection = sqlite3.connect(path)
    connection.execute(TABLE)
    return connection
