"""A legacy server is read once: what is carried over from its staged copy is what would be carried over from itself."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

import legacy_newsroom
from migrator.db import parse_url
from migrator.ledger import SqlLedger
from migrator.project.compose import Project
from tests import small_paper
from tests.e2e.outcome import Left, left_by, migrator

ARTICLES = 100
WAIVERS = "waivers:\n" + "".join(
    f"  - {{kind: {kind}, entity: '*', limit: 100%, why: planted, who: test}}\n"
    for kind in (
        "dangling-section", "missing-body", "zero-date", "too-long", "blank-draft", "retracted", "duplicate", "copy-drift",
        "dangling-link", "reader-account", "with-article", "time-shift-7h",
    )
)  # fmt: skip
PERSONAL = "personal_data: {purpose: chuyển dữ liệu sang tòa soạn mới, legal_basis: hợp đồng}"


def stages(project: Path, policy: str) -> None:
    """Give the source of a project a staging policy."""
    settings = (project / "migration.yaml").read_text(encoding="utf-8")
    lines = [line for line in settings.splitlines() if not line.startswith("    staging:")]
    lines.insert(lines.index("    preset: nukeviet") + 1, f"    staging: {{{policy}}}")
    (project / "migration.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def in_mariadb(project: Path, url: str) -> None:
    """A project whose legacy newsroom stands on a server."""
    legacy_newsroom.make(project.parent / "legacy", articles=ARTICLES, site=False, database=url)
    migrator("init", project, "--preset", "nukeviet")
    settings = (project / "migration.yaml").read_text(encoding="utf-8").replace("env:LEGACY_URL", url)
    settings = settings.replace("variables: {}", "variables: {domain: baocuabien.example}")
    (project / "migration.yaml").write_text(settings.replace("waivers: []\n", WAIVERS), encoding="utf-8")


def sources(project: Path) -> dict[str, tuple[bytes, bytes | None]]:
    """The fingerprints of each row, at the source and at the target."""
    with Project(project) as opened:
        return {item.key: (item.source_fingerprint, item.content) for item in opened.ledger.all_items()}


def roots(project: Path) -> list[tuple[int, int, bytes]]:
    ledger = SqlLedger(f"sqlite:///{project}/ledger.sqlite")
    try:
        return [(entry.seq, entry.count, entry.root) for entry in ledger.journal()]
    finally:
        ledger.close()


def verification(project: Path) -> tuple[list[tuple[object, ...]], list[str]]:
    """Verdict, the figures of each check and what was found; and what was not checked."""
    said = json.loads(migrator("verify", "--project", project, "--json", check=False).stdout)
    names = ("id", "entity", "holds", "compared", "not_compared", "differences")
    checks = [tuple(check[name] for name in names) for check in said["checks"]]
    tallies = [
        (group, kind, tally)
        for group in ("differences", "findings", "set_aside")
        for kind, tally in said[group].items()
    ]
    return [(said["verdict"],), *checks, *tallies], said["not_checked"]


def gone(project: Path, url: str) -> None:
    """The server is switched off, or its database deleted."""
    if url:
        parsed = parse_url(url)
        engine = sa.create_engine(parsed)
        with engine.begin() as connection:
            tables = [str(name) for name in connection.execute(sa.text("SHOW TABLES")).scalars()]
            for table in tables:
                connection.execute(sa.text(f"DROP TABLE `{table}`"))
        engine.dispose()
        settings = (project / "migration.yaml").read_text(encoding="utf-8")
        elsewhere = parsed.set(port=1).render_as_string(hide_password=False)
        (project / "migration.yaml").write_text(settings.replace(url, elsewhere), encoding="utf-8")
    else:
        (project / "legacy" / "legacy.sqlite").unlink()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_paper.prepare(tmp_path_factory.mktemp("prepared") / "paper", ARTICLES)


@pytest.mark.parametrize("kind", ["sqlite", "mariadb"])
def test_a_run_from_the_copy_is_a_run_from_the_source_and_needs_it_no_more(
    kind: str, prepared: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    live, staged = tmp_path / "live", tmp_path / "staged"
    url: str = request.getfixturevalue("mariadb_url") if kind == "mariadb" else ""
    if url:
        in_mariadb(live, url)
    else:
        shutil.copytree(prepared, live)
    shutil.copytree(live, staged)
    migrator("run", "--project", live)
    wanted, _ = verification(live)

    stages(staged, f"read: staged, {PERSONAL}")
    migrator("stage", "--project", staged)
    gone(staged, url)
    migrator("run", "--project", staged)
    left: Left = left_by(staged)
    assert left == left_by(live)
    assert sources(staged) == sources(live)
    assert roots(staged) == roots(live)

    # the witness reads the copy as well, comes to the same verdict, and the report says what was read
    found, said = verification(staged)
    assert found == wanted
    assert [line for line in said if line.startswith("C1: web was not asked itself, but its staged copy begun ")]
    migrator("report", "--project", staged)
    report = (staged / "report" / "index.en.html").read_text(encoding="utf-8")
    digest = json.loads(migrator("status", "--project", staged, "--json").stdout)["staged"]["web"]["catalogue"]
    assert report.count(digest) >= 2, "among what was not checked, and beside the cut-off marker"
    checked = migrator("stage", "--check", "--project", staged, "--json")
    assert json.loads(checked.stdout)["sources"]["web"]["drift"] is None

    # a changed mapping, with the source gone: the records it touches are written again, and only they
    changed = "entity: tag\nextends: nukeviet/tag\nfields:\n  description: {from: alias, steps: [squeeze]}\n"
    (staged / "tag.yaml").write_text(changed, encoding="utf-8")
    tags = {key for key, item in left.items.items() if key.startswith("web:tag:") and item[0] == "created"}
    for words in (("check",), ("preview", "--key", min(tags)), ("coverage",)):
        looked = migrator("mapping", *words, "--project", staged, check=False)
        assert looked.returncode == 0, looked.stdout + looked.stderr
    migrator("run", "--project", staged)
    after = left_by(staged)
    updated = {key for key, item in after.items.items() if item[0] == "updated"}
    assert updated == tags
    for entity, records in left.records.items():
        assert (after.records[entity] == records) is (entity != "tag")


def test_workers_read_the_copy(prepared: Path, tmp_path: Path) -> None:
    alone, together = tmp_path / "alone", tmp_path / "together"
    shutil.copytree(prepared, alone)
    stages(alone, f"read: staged, {PERSONAL}")
    migrator("stage", "--project", alone)
    (alone / "legacy" / "legacy.sqlite").unlink()
    shutil.copytree(alone, together)
    migrator("run", "--project", alone, "--batch", "25")
    migrator("run", "--project", together, "--batch", "25", "--workers", "2")
    assert left_by(together) == left_by(alone)
    assert roots(together) == roots(alone)


def test_a_project_may_change_from_the_live_source_to_the_copy_and_back(prepared: Path, tmp_path: Path) -> None:
    project = tmp_path / "paper"
    shutil.copytree(prepared, project)
    migrator("run", "--project", project)
    before = left_by(project)
    stages(project, f"read: staged, witness: live, {PERSONAL}")
    migrator("stage", "--project", project)
    migrator("run", "--project", project)
    assert left_by(project).records == before.records
    buckets = json.loads(migrator("status", "--project", project, "--json").stdout)["buckets"]
    assert not any(found.get("created") or found.get("updated") for found in buckets.values())
    # the independent witness still asks the live source, and sees what moved since
    assert migrator("verify", "--project", project, check=False).returncode == 0
    with closing(sqlite3.connect(project / "legacy" / "legacy.sqlite")) as legacy, legacy:
        legacy.execute("INSERT INTO nv4_vi_news_tags (tid, alias, keywords) VALUES (99999, 'moi', 'mới')")
    assert migrator("verify", "--project", project, check=False).returncode == 4
    moved = migrator("stage", "--check", "--project", project, "--json", check=False)
    assert moved.returncode == 4
    (drift,) = json.loads(moved.stdout)["sources"]["web"]["drift"]
    assert drift["table"] == "nv4_vi_news_tags"
    assert drift["live"] == drift["staged"] + 1


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-5]),
    "missing": lambda path: path.unlink(),
    "bent": lambda path: path.write_bytes(path.read_bytes()[:40] + b"?" + path.read_bytes()[41:]),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_pack_stops_a_run_and_a_verification_and_is_named(
    damage: str, prepared: Path, tmp_path: Path
) -> None:
    project = tmp_path / "paper"
    shutil.copytree(prepared, project)
    stages(project, f"read: staged, {PERSONAL}")
    migrator("stage", "--project", project)
    migrator("run", "--project", project, "section")
    catalogue = json.loads((project / "staging" / "web" / "catalogue.json").read_text(encoding="utf-8"))
    (digest,) = [
        relation["packs"][0]["digest"]
        for relation in catalogue["relations"]
        if relation["name"] == "nv4_vi_news_detail"
    ]
    DAMAGES[damage](project / "staging" / "web" / "packs" / digest[:2] / f"{digest}.gz")
    for words in (("run",), ("verify",), ("stage", "--check")):
        refused = migrator(*words, "--project", project, check=False)
        assert refused.returncode == 5, words
        assert digest in refused.stdout + refused.stderr, words
    migrator("stage", "--project", project)  # the source is still there: the pack is written anew
    migrator("run", "--project", project)


def test_personal_columns_need_a_reason_or_stay_away(prepared: Path, tmp_path: Path) -> None:
    project = tmp_path / "paper"
    shutil.copytree(prepared, project)
    refused = migrator("stage", "--project", project, check=False)
    assert refused.returncode == 2
    assert "nv4_users: [" in refused.stderr
    assert not (project / "staging").exists()
    for slip, why in (("passwort", "no column 'passwort'"), ("userid", "part of its primary key")):
        stages(project, f"leave_out: {{nv4_users: [{slip}]}}, {PERSONAL}")
        refused = migrator("stage", "--project", project, check=False)
        assert refused.returncode == 2
        assert why in refused.stderr
    users = (
        "password, email, gender, birthday, question, answer, view_mail, md5username, secretkey, last_login, last_ip"
    )
    stages(
        project,
        "read: staged, leave_out: {nv4_users: ["
        + users
        + ", email_verification_time, username, first_name, last_name], "
        "nv4_authors: [pre_last_login, pre_last_ip, last_login, last_ip]}",
    )
    migrator("stage", "--project", project)
    with closing(sqlite3.connect(project / "legacy" / "legacy.sqlite")) as legacy:
        emails = [str(email).encode() for (email,) in legacy.execute("SELECT email FROM nv4_users WHERE email <> ''")]
    assert emails
    unpacked = b"".join(gzip.decompress(path.read_bytes()) for path in (project / "staging").rglob("*.gz"))
    assert [email for email in emails if email in unpacked] == []
    assert migrator("stage", "--remove", "--project", project).returncode == 0
    assert list((project / "staging").rglob("*")) == []
    unread = migrator("run", "--project", project, check=False)
    assert unread.returncode == 2
    assert "migrator stage" in unread.stderr


def test_the_page_about_it(prepared: Path, tmp_path: Path) -> None:
    """docs/staging.md: its settings and its commands as they stand there."""
    text = (Path(__file__).parents[2] / "docs" / "staging.md").read_text(encoding="utf-8")
    project = tmp_path / "my-paper"
    shutil.copytree(prepared, project)
    said = re.search(r"^    staging:\n((?: {6}.*\n)+)", text, re.MULTILINE)
    block = re.search(r"<!-- run by tests/e2e/test_staging.py -->\n```sh\n(.*?)```", text, re.DOTALL)
    assert said is not None
    assert block is not None
    settings = (project / "migration.yaml").read_text(encoding="utf-8")
    settings = settings.replace("    preset: nukeviet\n", f"    preset: nukeviet\n    staging:\n{said[1]}")
    (project / "migration.yaml").write_text(settings, encoding="utf-8")
    commands = [line.partition("#")[0].split() for line in block[1].splitlines()]
    assert len(commands) == 5
    for program, *words in commands:
        assert program == "migrator"
        migrator(*(str(project) if word == "my-paper" else word for word in words))
    catalogue = json.loads((project / "staging" / "web" / "catalogue.json").read_text(encoding="utf-8"))
    relations = {relation["name"]: relation["columns"] for relation in catalogue["relations"]}
    assert "nv4_config" in relations
    assert not {"password", "email", "last_ip"} & set(relations["nv4_users"])
