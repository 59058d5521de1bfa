"""A migrated demo project that can be copied, tampered with and examined, all in one process."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import orjson

from migrator.cli import main
from migrator.model.examination import DIFFERENCES_FILE, FINDINGS_FILE
from tests import small_paper

ARTICLES, BATCH = 100, 25

Named = tuple[str, str, str, str]
"""Check, key, field and kind of a difference."""


SUBJECTS = frozenset({"section", "topic", "tag", "person", "asset", "article"})
"""Entities that are tampered with. What hangs on them (redirects, counters, versions) is found to be wrong as well."""

ECHOES = frozenset({"N1", "T1", "U1"})
"""Checks that see from another side what another check names already: sums, words, old addresses."""


@dataclass(frozen=True)
class Examined:
    """How `migrator verify` ended: exit code and lists. ``findings`` are (kind, key); states are left out.

    ``differences`` are those of the tampered subjects themselves, ``echoes`` what other checks and records say of them.
    """

    code: int
    differences: frozenset[Named]
    findings: frozenset[tuple[str, str]]
    details: dict[Named, str]
    echoes: frozenset[Named]

    @property
    def everything(self) -> frozenset[Named]:
        """The differences with their echoes."""
        return self.differences | self.echoes

    @property
    def keys(self) -> frozenset[str]:
        """Every record that is named."""
        return frozenset(named[1] for named in self.differences) | frozenset(key for _, key in self.findings)

    def new_since(self, before: Examined) -> frozenset[Named]:
        """The differences that were not there before."""
        return self.differences - before.differences


def prepare(folder: Path) -> Path:
    """A demo project that has not run. Source and site are named by absolute paths, so that copies need not hold them."""
    small_paper.prepare(folder, ARTICLES)
    settings = folder / "migration.yaml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("sqlite:///legacy/", f"sqlite:///{folder}/legacy/").replace(
        "serve: legacy/", f"serve: {folder}/legacy/"
    )
    settings.write_text(text, encoding="utf-8")
    return folder


def copy(project: Path, folder: Path) -> Path:
    """The project in another folder, with the same source and site."""
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("legacy", "verification", "report"))
    return folder


def command(*words: str | Path) -> tuple[int, str]:
    """Carry a command out in this process; its exit code and everything it said."""
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            main([str(word) for word in words])
        except SystemExit as left:
            return int(left.code or 0), said.getvalue()
    raise AssertionError("the command line always leaves by SystemExit")


def run(project: Path) -> None:
    """Carry the newsroom over."""
    code, said = command("run", "--project", project, "--batch", str(BATCH))
    assert code in {0, 3}, said


def examine(project: Path) -> Examined:
    """`migrator verify`."""
    code, said = command("verify", "--project", project, "--json")
    folder = project / "verification"
    assert (folder / DIFFERENCES_FILE).is_file(), said
    lines = [orjson.loads(line) for line in (folder / DIFFERENCES_FILE).read_bytes().splitlines()]
    details = {(d["check"], d["key"], d["field"], d["kind"]): d["detail"] for d in lines if d["state"] == "open"}
    findings = [orjson.loads(line) for line in (folder / FINDINGS_FILE).read_bytes().splitlines()]
    echoes = frozenset(named for named in details if named[0] in ECHOES or _entity(named[1]) not in SUBJECTS)
    subjects = frozenset(details) - echoes
    return Examined(code, subjects, frozenset((f["kind"], f["key"]) for f in findings), details, echoes)


def _entity(key: str) -> str:
    """The entity of a legacy key; one of the subjects for what is no key, such as a target id or a journal entry."""
    parts = key.split(":")
    return parts[1] if len(parts) > 2 else "article"


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The database by plain sqlite3; what was changed is kept."""
    with closing(sqlite3.connect(path)) as connection, connection:
        yield connection


class Articles:
    """Picks articles at a target, each at most once, so that what is done to one is not mistaken for what is done to another."""

    def __init__(self, target: sqlite3.Connection) -> None:
        self.target = target
        self._used: set[int] = set()

    def pick(self, condition: str = "1") -> tuple[int, str]:
        """Id and legacy key of a published article that fulfils a condition, and that nothing was merged into."""
        found = self.target.execute(
            "SELECT id, legacy_key FROM article WHERE status = 'published' AND length(headline) > 20 AND length(standfirst) > 20 "
            f"AND id NOT IN (SELECT target_id FROM legacy_alias) AND ({condition}) ORDER BY id"
        ).fetchall()
        number, key = next((row for row in found if row[0] not in self._used), (0, ""))
        assert number, f"the demo has too few articles where {condition}"
        self._used.add(number)
        return int(number), str(key)
