"""What a demo has left behind, read with nothing of the tool's own: SQLite, JSON and CSV as they lie in the folder."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ARTICLES = 600


@dataclass(frozen=True, eq=False)
class Demo:
    """A demo's folder, how the command ended, and what it said. Databases are opened read-only."""

    folder: Path
    exit_code: int
    said: str
    manifest: dict[str, Any]
    databases: dict[str, sqlite3.Connection] = field(repr=False)

    def trouble(self, name: str) -> dict[str, Any]:
        """What the maker tells of a planted trouble."""
        found: dict[str, Any] = self.manifest["troubles"][name]
        return found

    def keys(self, name: str) -> list[str]:
        """Legacy keys of a planted trouble."""
        trouble = self.trouble(name)
        return [whole(key, trouble.get("entity", "article")) for key in trouble["keys"]]

    def rows(self, database: str, statement: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Rows of ``target``, ``vault``, ``ledger``, ``web`` or ``print`` (the legacy databases), ``site`` or ``twins``."""
        return self.databases[database].execute(statement, values).fetchall()

    def value(self, database: str, statement: str, values: Sequence[Any] = ()) -> Any:
        """The first value of the first row."""
        return self.rows(database, statement, values)[0][0]

    def listed(self, name: str) -> list[dict[str, str]]:
        """A list of the report."""
        with (self.folder / "report" / "lists" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    # --- the target ---------------------------------------------------------------------------------------------------
    def record(self, key: str) -> sqlite3.Row:
        """The target's record with a legacy key of its own."""
        (found,) = self.rows("target", f"SELECT * FROM {key.split(':')[1]} WHERE legacy_key = ?", [key])
        return found

    def stands(self, key: str) -> bool:
        """Whether the target has a record with this legacy key as its own."""
        table = key.split(":")[1]
        return bool(self.rows("target", f"SELECT 1 FROM {table} WHERE legacy_key = ? AND NOT is_stub", [key]))

    def leads_to(self, key: str) -> str | None:
        """The legacy key of the record a legacy key leads to: its own, or the one it was merged into."""
        if self.stands(key):
            return key
        table = key.split(":")[1]
        found = self.rows(
            "target",
            f"SELECT t.legacy_key FROM legacy_alias a JOIN {table} t ON t.id = a.target_id WHERE a.legacy_key = ?",
            [key],
        )
        return str(found[0][0]) if found else None

    def named(self, entity: str, target_id: int | None) -> str | None:
        """The legacy key of the record a reference points to."""
        if target_id is None:
            return None
        return str(self.value("target", f"SELECT legacy_key FROM {entity} WHERE id = ?", [target_id]))

    def pointed_to(self, key: str, field_name: str, entity: str) -> list[str]:
        """Legacy keys of the records a list of references names, in order."""
        table = key.split(":")[1]
        column = f"to_{entity}_id" if table == entity else f"{entity}_id"
        rows = self.rows(
            "target",
            f"SELECT e.legacy_key FROM {table}_{field_name} l JOIN {entity} e ON e.id = l.{column} "
            f"WHERE l.{table}_id = ? ORDER BY l.position",
            [self.record(key)["id"]],
        )
        return [str(row[0]) for row in rows]


def whole(key: Any, entity: str = "article") -> str:
    """A key of the manifest as a legacy key."""
    if isinstance(key, list):
        return f"web:{entity}:{'|'.join(map(str, key))}"
    return key if isinstance(key, str) and key.count(":") >= 2 else f"web:{entity}:{key}"


_DATABASES = {
    "target": "target.sqlite", "vault": "vault.sqlite", "ledger": "ledger.sqlite", "web": "legacy/legacy.sqlite",
    "print": "legacy/print.sqlite", "site": "evidence/web.sqlite", "twins": "evidence/twins.sqlite",
}  # fmt: skip


def opened(folder: Path, exit_code: int, said: str) -> Demo:
    """A demo that was made in a folder."""
    databases = {}
    for name, path in _DATABASES.items():
        databases[name] = sqlite3.connect(f"file:{folder / path}?mode=ro", uri=True, check_same_thread=False)
        databases[name].row_factory = sqlite3.Row
    manifest = json.loads((folder / "legacy" / "manifest.json").read_text(encoding="utf-8"))
    return Demo(folder, exit_code, said, manifest, databases)


@contextmanager
def closing(demo: Demo) -> Iterator[Demo]:
    """Close its databases in the end."""
    try:
        yield demo
    finally:
        for database in demo.databases.values():
            database.close()
