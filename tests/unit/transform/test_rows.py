"""One row that becomes several records, and several rows that become one, read from a real database."""

import sqlite3
from pathlib import Path
from typing import Any

from migrator.extract.sql import SqlExtractor
from migrator.ports import Transformed

ASSET = """entity: asset
sql: |
  SELECT p.id, j.key AS n, json_extract(j.value, '$.file') AS file, json_extract(j.value, '$.alt') AS alt
  FROM posts p, json_each(p.gallery) j
key: [id, n]
fields:
  path: {from: file, steps: [nfc]}
  alt: {from: alt, steps: [unescape, nfc]}
"""
TAG = """entity: tag
sql: |
  SELECT DISTINCT trim(j.value) AS name
  FROM posts p, json_each('["' || replace(p.tags, ',', '","') || '"]') j
key: name
fields: {name: {from: name}}
"""
ARTICLE = """entity: article
table: posts
key: id
sides:
  pages: {table: pages, on: {post: id}, many: true, order: [sort]}
  meta: {table: meta, on: {post: id}, pivot: {key: name, value: value}}
fields:
  headline: {from: title}
  status: {constant: draft}
  body_text: {from: "pages[].text", steps: [{join: "\\n"}]}
  word_count: {from: "pages[].words", steps: [sum]}
  byline: {from: meta.byline}
"""


def database(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        connection.executescript("""
            CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, gallery TEXT, tags TEXT);
            CREATE TABLE pages (post INTEGER, sort INTEGER, text TEXT, words INTEGER);
            CREATE TABLE meta (post INTEGER, name TEXT, value TEXT);
            INSERT INTO posts VALUES
              (1, 'Lũ', '[{"file": "a.jpg", "alt": "A &amp; B"}, {"file": "b.jpg"}]', 'lũ, bão'),
              (2, 'Bão', '[]', 'bão'),
              (3, 'Nắng', '[{"file": "c.jpg"}]', 'nắng');
            INSERT INTO pages VALUES (1, 2, 'hai', 20), (1, 1, 'một', 10), (3, 1, 'ba', NULL);
            INSERT INTO meta VALUES (1, 'byline', 'An'), (1, '_large', 'x'), (2, '_large', 'x');
        """)
    connection.close()
    return f"sqlite:///{path}"


def read(project: Any, tmp_path: Path, entity: str, text: str, limit: int = 2) -> dict[str, Any]:
    """Every record of the entity, read page by page."""
    project.write({f"{entity}.yaml": text})
    mapping = project.compile(entity)
    extractor = SqlExtractor(database(tmp_path / "legacy.sqlite"), "bao")
    records: dict[str, Any] = {}
    after = None
    try:
        while True:
            rows = extractor.read(mapping.selection, after, limit)
            for row in rows:
                made = mapping.transform(row)
                assert isinstance(made, Transformed), made
                assert row.key not in records
                records[row.key] = made.record.fields
            if len(rows) < limit:
                assert extractor.existing(mapping.selection, records.keys()) == records.keys()
                return records
            after = rows[-1].position
    finally:
        extractor.close()


def test_every_entry_of_a_list_is_a_row_of_its_own(project: Any, tmp_path: Path) -> None:
    records = read(project, tmp_path, "asset", ASSET)
    assert {key: (fields["path"], fields["alt"]) for key, fields in records.items()} == {
        "bao:asset:1|0": ("a.jpg", "A & B"),
        "bao:asset:1|1": ("b.jpg", None),
        "bao:asset:3|0": ("c.jpg", None),
    }


def test_words_of_a_list_become_records_once_each(project: Any, tmp_path: Path) -> None:
    assert sorted(read(project, tmp_path, "tag", TAG)) == ["bao:tag:bão", "bao:tag:lũ", "bao:tag:nắng"]


def test_pages_become_one_body_in_their_order(project: Any, tmp_path: Path) -> None:
    records = read(project, tmp_path, "article", ARTICLE)
    shown = {key: (fields["body_text"], fields["word_count"], fields["byline"]) for key, fields in records.items()}
    assert shown == {
        "bao:article:1": ("một\nhai", 30, "An"),
        "bao:article:2": ("", None, None),
        "bao:article:3": ("ba", None, None),
    }


def test_pairs_nobody_asks_for_are_not_read(project: Any, tmp_path: Path) -> None:
    project.write({"article.yaml": ARTICLE})
    extractor = SqlExtractor(database(tmp_path / "legacy.sqlite"), "bao")
    rows = extractor.read(project.compile().selection, None, 10)
    extractor.close()
    assert [pair["name"] for row in rows for pair in row.sides["meta"]] == ["byline"]
