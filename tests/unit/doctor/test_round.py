"""The doctor's whole round: everything that is wrong is told at once, with what to do, and nothing is changed."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from migrator.cli.app import migrator
from migrator.doctor import Diagnosis, Level, worst
from migrator.doctor.clocks import clock, own_zone
from migrator.doctor.secrets import Reference, secrets
from migrator.doctor.space import Need, space
from migrator.doctor.versions import server_version
from migrator.i18n import LANGUAGES, has
from migrator.model.server import ServerFacts
from tests.unit.run.paper import FILES, LEGACY, Paper

ROOT = Path(__file__).resolve().parents[3]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    paper = Paper(tmp_path)
    paper.legacy(LEGACY)
    return paper


def doctor(folder: Path, *more: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(migrator, ["doctor", "--project", str(folder), "--json", "--lang", "en", *more])
    return done.exit_code, json.loads(done.stdout)


def found(answer: dict[str, Any], *levels: str) -> set[tuple[str, str]]:
    return {(c["check"], c["code"]) for c in answer["checks"] if not levels or c["level"] in levels}


def facts(**changed: Any) -> ServerFacts:
    said: dict[str, Any] = {
        "dialect": "mariadb", "version": (10, 11, 6), "now": NOON, "asked_at": NOON, "zone": "SYSTEM (+07)",
        "offset_minutes": 420, "encoding": "utf8mb4", "session_encoding": "utf8mb4", "is_read_only": False,
        "writes": frozenset(), "lacks": frozenset(),
    }  # fmt: skip
    return ServerFacts(**{**said, **changed})


def test_a_good_paper(paper: Paper) -> None:
    before = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paper.folder.iterdir()}
    code, answer = doctor(paper.folder)
    assert code == 0
    assert found(answer, "fault") == set()
    assert {("mapping", "mapping_good"), ("ledger", "ledger_new"), ("access", "will_be_made")} <= found(answer, "ok")
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paper.folder.iterdir()} == before
    assert sum(answer["counts"].values()) == len(answer["checks"])


def test_everything_wrong_is_told_at_once(paper: Paper) -> None:
    (paper.folder / "article.yaml").write_text(FILES["article.yaml"].replace("from: title", "from: tittle"))
    (paper.folder / "key").write_text("a secret", encoding="utf-8")
    (paper.folder / "key").chmod(0o644)
    (paper.folder / "migration.yaml").write_text(
        "sources: {old: {url: 'sqlite:///legacy.sqlite', variables: {pseudonym_key: 'file:key'}, "
        "media: {root: nowhere}}}\n"
        "target: {url: 'postgresql://me:open@127.0.0.1:1/none'}\n"
    )
    code, answer = doctor(paper.folder)
    assert code == 2
    assert {("mapping", "mistake"), ("access", "refused"), ("folder", "folder_missing")} <= found(answer, "fault")
    assert {("secret", "file_open_to_others"), ("secret", "secret_in_the_open")} <= found(answer, "warning")
    assert ("space", "space_unchecked") in found(answer, "unchecked")
    assert all(check["next_step"] for check in answer["checks"] if check["level"] != "ok")
    assert "a secret" not in json.dumps(answer)
    assert ":open@" not in json.dumps(answer)


def test_settings_that_cannot_be_read_are_not_the_end_of_the_round(paper: Paper) -> None:
    (paper.folder / "migration.yaml").write_text("sources: {old: {url: 'env:NO_SUCH_NAME_HERE', colour: red}}\n")
    code, answer = doctor(paper.folder, "--quiet")
    assert code == 2
    assert {("secret", "env_missing"), ("settings", "mistake")} <= found(answer, "fault")
    assert found(answer, "ok") == set()


def test_no_project_is_no_round(tmp_path: Path) -> None:
    done = CliRunner().invoke(migrator, ["doctor", "--project", str(tmp_path)])
    assert done.exit_code == 2
    assert "migration.yaml" in done.stderr


def test_a_source_that_does_not_answer_leaves_the_rest(paper: Paper) -> None:
    (paper.folder / "legacy.sqlite").unlink()
    code, answer = doctor(paper.folder)
    assert code == 2
    assert ("access", "refused") in found(answer, "fault")
    assert ("mapping", "mapping_unchecked") in found(answer, "unchecked")
    assert ("ledger", "ledger_new") in found(answer, "ok")


def test_space_and_inodes(tmp_path: Path) -> None:
    (enough, inodes) = space([Need("ledger", tmp_path / "not" / "there", 1), Need("target", tmp_path, 1)])
    assert (enough.code, enough.facts["what"]) == ("space_ok", "ledger, target")
    assert inodes.code == "inodes_ok"
    (short, few) = space(
        [Need("ledger", tmp_path, enough.facts["free_bytes"]), Need("target", tmp_path, 10**9, 10**12)]
    )
    assert (short.level, few.level) == (Level.FAULT, Level.FAULT)
    (tight, _) = space([Need("ledger", tmp_path, int(enough.facts["free_bytes"] / 1.2))])
    assert tight.level is Level.WARNING


@pytest.mark.parametrize(
    ("off_s", "offset", "code", "level"),
    [
        (0.2, 420, "clock_good", Level.OK),
        (30, 420, "clock_ahead", Level.WARNING),
        (-600, 0, "clock_behind", Level.FAULT),
        (0, -300, "zone_unusual", Level.WARNING),
    ],
)
def test_clocks(off_s: float, offset: int, code: str, level: Level) -> None:
    (said,) = clock("target", facts(now=NOON + timedelta(seconds=off_s), offset_minutes=offset))
    assert (said.code, said.level) == (code, level)


def test_a_file_has_no_clock_and_this_machine_has_one() -> None:
    assert clock("target", facts(offset_minutes=None)) == []
    assert own_zone(NOON.astimezone(timezone(timedelta(hours=7))))[0].level is Level.OK
    assert own_zone(NOON)[0].facts["offset"] == "+00:00"


@pytest.mark.parametrize(
    ("dialect", "version", "is_target", "level"),
    [
        ("mariadb", (10, 11, 6), True, Level.OK),
        ("mariadb", (10, 3, 1), True, Level.WARNING),
        ("mariadb", (10, 1), True, Level.FAULT),
        ("mysql", (5, 5, 62), False, Level.OK),
        ("mysql", (5, 1, 73), False, Level.FAULT),
        ("mysql", (8, 0, 36), True, Level.WARNING),
        ("oracle", (19,), False, Level.WARNING),
    ],
)
def test_versions(dialect: str, version: tuple[int, ...], is_target: bool, level: Level) -> None:
    assert server_version("x", facts(dialect=dialect, version=version), is_target=is_target)[0].level is level


def test_secrets_of_the_environment_and_files(tmp_path: Path) -> None:
    (tmp_path / "closed").write_text("x")
    (tmp_path / "closed").chmod(0o600)
    (tmp_path / "wide").write_text("x")
    (tmp_path / "wide").chmod(0o666)
    names = [("env", "SET"), ("env", "UNSET"), ("file", "closed"), ("file", "wide"), ("file", "gone")]
    said = secrets([Reference(kind, name, "migration.yaml:3") for kind, name in names], tmp_path, {"SET": "x"})
    assert [(d.code, d.level) for d in said] == [
        ("env_set", Level.OK), ("env_missing", Level.FAULT), ("file_closed", Level.OK),
        ("file_open_to_others", Level.FAULT), ("file_missing", Level.FAULT),
    ]  # fmt: skip


def test_the_gravest_level() -> None:
    lines = [Diagnosis("x", "", level, "reached") for level in (Level.OK, Level.UNCHECKED, Level.WARNING)]
    assert (worst([]), worst(lines)) == (Level.OK, Level.WARNING)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_sentence(language: str) -> None:
    """Codes are read out of the source: one nobody has written a sentence for would stop the doctor on somebody's night."""
    files = [*(ROOT / "migrator/doctor").glob("*.py"), ROOT / "migrator/project/doctor.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    codes = set(re.findall(r'Level\.(?:WARNING|FAULT|UNCHECKED|OK), "([a-z0-9_]+)"', text))
    codes |= {f"{what}_{level}" for what in ("space", "inodes") for level in ("ok", "warning", "fault")}
    codes |= {"clock_ahead", "clock_behind", "own_zone", "own_zone_elsewhere", "packet_small"}
    assert len(codes) > 50
    assert [code for code in codes if not has(f"doctor.said.{code}", language)] == []
    bad = set(re.findall(r'Level\.(?:WARNING|FAULT|UNCHECKED), "([a-z0-9_]+)"', text))
    assert [code for code in bad if not has(f"doctor.next.{code}", language)] == []
