"""What a run left behind, in a form two runs can be compared by: keys, buckets, fingerprints – no target ids, no times."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from migrator.ledger import SqlLedger
from migrator.model.content import ENTITIES
from migrator.model.record import content_fingerprint
from migrator.read.sql.target import SqlReader

PROGRAM = (sys.executable, "-c", "from migrator.cli import main; main()")


@dataclass(frozen=True)
class Left:
    """``items``: key -> (bucket, reason, content, merged into). ``records``: per entity (key, fingerprint, is stub), sorted.

    ``withheld``: key -> digest of what the vault keeps. ``files``: the media store's files -> their digests.
    """

    items: dict[str, tuple[str, str, bytes | None, str | None]]
    records: dict[str, list[tuple[str | None, bytes, bool]]]
    aliases: dict[str, str]
    open_intents: int
    withheld: dict[str, str]
    files: dict[str, str]


def left_by(project: Path) -> Left:
    """Read a project's ledger and target, vault and files."""
    found = left_at(f"sqlite:///{project}/ledger.sqlite", f"sqlite:///{project}/target.sqlite")
    return replace(found, withheld=withheld_by(project), files=files_of(project))


def left_at(ledger_url: str, target_url: str) -> Left:
    """Read a ledger and a target alone."""
    ledger, reader = SqlLedger(ledger_url), SqlReader(target_url)
    try:
        items = {i.key: (i.bucket.value, i.reason, i.content, i.merged_into) for i in ledger.all_items()}
        records = {}
        for name, entity in ENTITIES.items():
            ids = [target_id for target_id, _, _ in reader.enumerate(name)]
            found = [r for start in range(0, len(ids), 500) for r in reader.fetch(name, ids[start : start + 500])]
            records[name] = sorted(
                ((r.key, content_fingerprint(entity, r.fields), r.is_stub) for r in found),
                key=lambda entry: entry[0] or "",
            )
        aliases, open_intents = dict(reader.aliases(list(items))), ledger.open_intent_count()
        return Left(items, records, aliases, open_intents, {}, {})
    finally:
        ledger.close()
        reader.close()


def withheld_by(project: Path) -> dict[str, str]:
    """What the vault keeps; nothing where the project has none."""
    if not (project / "vault.sqlite").is_file():
        return {}
    with contextlib.closing(sqlite3.connect(project / "vault.sqlite")) as vault:
        return dict(vault.execute("SELECT key, content_sha256 FROM withheld").fetchall())


def files_of(project: Path) -> dict[str, str]:
    """Every file below the media folder, unfinished ones too."""
    files = (path for path in (project / "media").rglob("*") if path.is_file())
    return {str(path.relative_to(project)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def state(project: Path) -> str:
    """``new`` before anything was put on record, ``at work`` afterwards, ``ended`` when the run came to its end."""
    if not (project / "ledger.sqlite").is_file():
        return "new"
    ledger = SqlLedger(f"sqlite:///{project}/ledger.sqlite")
    try:
        run = ledger.latest_run()
        if run is not None and run.result:
            return "ended"
        return "at work" if ledger.open_intent_count() or any(True for _ in ledger.journal()) else "new"
    finally:
        ledger.close()


def migrator(*arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    done = subprocess.run([*PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=300)
    if check and done.returncode not in {0, 3}:
        raise AssertionError(f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def fresh_copy(prepared: Path, folder: Path) -> Path:
    """A project that has not run yet, with the legacy database of the prepared one; its site is not needed for a run."""
    shutil.copytree(prepared, folder, ignore=shutil.ignore_patterns("site"))
    return folder
