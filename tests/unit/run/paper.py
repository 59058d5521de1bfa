"""A small paper of its own for tests of the loop: two tables, a project folder, a target."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrator.cli.progress import Silence
from migrator.project.compose import Project
from migrator.run.loop import Options, Result, run

FILES = {
    "migration.yaml": """
name: Báo Thử
sources: {old: {url: "sqlite:///legacy.sqlite"}}
""",
    "section.yaml": """
entity: section
table: sections
key: id
fields:
  name: {from: name}
  parent: {from: parent, to: section, missing: drop}
""",
    "article.yaml": """
entity: article
table: articles
key: id
merge: {on: [headline, body_text], name: duplicate}
fields:
  headline: {from: title, steps: [squeeze]}
  body_text: {from: body}
  status: {constant: published}
  section: {from: section, to: section, missing: reject}
  sections: {from: others, steps: [{split: ","}], to: section, missing: drop}
""",
    "audit.yaml": """
section: {table: sections, key: id, identity: {name: name}}
article: {table: articles, key: id, identity: {headline: title}}
""",
}
LEGACY = """
CREATE TABLE sections (id INTEGER PRIMARY KEY, parent INTEGER, name TEXT);
CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, body TEXT, section INTEGER, others TEXT);
INSERT INTO sections VALUES (1, 3, 'Cảng'), (2, NULL, 'Đời sống'), (3, NULL, 'Kinh tế'), (4, 9, 'Mồ côi');
INSERT INTO articles VALUES (1, 'Một', 'a', 1, '1,2'), (2, 'Hai', 'b', 2, '2,99'), (3, 'Một', 'a', 1, '1'),
  (4, 'Bốn', 'd', 7, '');
"""


@dataclass
class Paper:
    """A project folder and its legacy database."""

    folder: Path

    def legacy(self, script: str) -> None:
        connection = sqlite3.connect(self.folder / "legacy.sqlite")
        connection.executescript(script)
        connection.close()

    def target(self, sql: str) -> list[Any]:
        connection = sqlite3.connect(self.folder / "target.sqlite")
        rows = connection.execute(sql).fetchall()
        connection.close()
        return rows

    def run(self, command: str = "run", stopping: Callable[[], bool] = lambda: False, **options: Any) -> Result:
        with Project(self.folder) as project:
            return run(
                project.parts(), Options(command, project.mapping_digest(), stopping=stopping, **options), Silence()
            )

    def rule(self, entity: str, rule: str) -> None:
        with (self.folder / f"{entity}.yaml").open("a", encoding="utf-8") as mapping:
            mapping.write(f"rules: [{rule}]\n")

    def sections_of(self, number: int) -> list[str]:
        found = self.target(
            "SELECT s.legacy_key FROM article a JOIN article_sections l ON l.article_id = a.id JOIN section s "
            f"ON s.id = l.section_id WHERE a.legacy_key = 'old:article:{number}' ORDER BY l.position"
        )
        return [key.removeprefix("old:section:") for (key,) in found]

    def buckets(self) -> dict[str, str]:
        with Project(self.folder) as project:
            return {i.key.removeprefix("old:"): f"{i.bucket} {i.reason}".strip() for i in project.ledger.all_items()}

    def notes(self) -> set[tuple[str, str]]:
        with Project(self.folder) as project:
            return {(key, note.code) for key, note in project.ledger.notes()}
