"""Bad input and a bad environment: one clear message with the next step, the right exit code, nothing half-written."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from migrator.ledger import SqlLedger
from tests import small_paper
from tests.e2e.outcome import PROGRAM, Left, left_by, migrator

ARTICLES = 60
SECRET = "s3cr3t-Mật"
ENVIRONMENT = {**os.environ, "MIGRATOR_LANG": "en", "PYTHONUTF8": "1"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo project that has not run. Its site is empty: it cannot be compared with, and need not be copied."""
    folder = tmp_path_factory.mktemp("prepared") / "demo"
    small_paper.prepare(folder, ARTICLES)
    shutil.rmtree(folder / "legacy/site")
    (folder / "legacy/site").mkdir()
    return folder


@pytest.fixture(scope="module")
def undisturbed(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """What a run leaves behind that nothing went wrong with."""
    project = copied(prepared, tmp_path_factory.mktemp("undisturbed") / "demo")
    migrator("run", "--project", project)
    return left_by(project)


@pytest.fixture
def project(prepared: Path, tmp_path: Path) -> Path:
    return copied(prepared, tmp_path / "demo")


def copied(prepared: Path, folder: Path) -> Path:
    shutil.copytree(prepared, folder)
    return folder


def command(*words: str | Path, environment: Mapping[str, str] = ENVIRONMENT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, words)], capture_output=True, text=True, check=False, timeout=60, env=dict(environment)
    )


def complains(done: subprocess.CompletedProcess[str], code: int, *says: str) -> None:
    """One message with a next step, no traceback, no secret."""
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    assert len(re.findall(r"^Error: ", done.stderr, re.MULTILINE)) == 1, done.stderr
    assert re.search(r"^What to do: .|^Try '|Did you mean|Begin with", done.stderr, re.MULTILINE), done.stderr
    for words in says:
        assert words in done.stderr, done.stderr
    assert SECRET not in done.stdout + done.stderr


def listing(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# --- the project's files ------------------------------------------------------------------------------------------------
def settings(old: str, new: str) -> Callable[[Path], None]:
    """Replace a piece of migration.yaml."""
    return replaced("migration.yaml", old, new)


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def spoil(project: Path) -> None:
        before = (project / name).read_text(encoding="utf-8")
        assert old in before
        (project / name).write_text(before.replace(old, new, 1), encoding="utf-8")

    return spoil


def written(name: str, content: str | bytes) -> Callable[[Path], None]:
    def spoil(project: Path) -> None:
        (project / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    return spoil


def in_source(sql: str) -> Callable[[Path], None]:
    def spoil(project: Path) -> None:
        with closing(sqlite3.connect(project / "legacy/legacy.sqlite")) as source, source:
            source.executescript(sql)

    return spoil


def in_target(sql: str) -> Callable[[Path], None]:
    def spoil(project: Path) -> None:
        with closing(sqlite3.connect(project / "target.sqlite")) as target, target:
            target.executescript(sql)

    return spoil


def untouched(project: Path) -> None:
    """The project is good; the words are not."""


def both(*spoils: Callable[[Path], None]) -> Callable[[Path], None]:
    def spoil(project: Path) -> None:
        for each in spoils:
            each(project)

    return spoil


def cut_source(project: Path) -> None:
    path = project / "legacy/legacy.sqlite"
    path.write_bytes(path.read_bytes()[:60_000])


def overwrite_source(project: Path) -> None:
    """The header stays, the pages behind it are noise."""
    path = project / "legacy/legacy.sqlite"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa7" * (len(content) - 4096)
    path.write_bytes(content)


def newer_ledger(project: Path) -> None:
    ledger = SqlLedger(f"sqlite:///{project}/ledger.sqlite")
    ledger.close()
    with closing(sqlite3.connect(project / "ledger.sqlite")) as connection, connection:
        connection.execute("UPDATE meta SET value = '99' WHERE name = 'schema_version'")
        connection.execute("PRAGMA journal_mode = DELETE")


@dataclass(frozen=True)
class Bad:
    """What is spoilt, the command that stumbles over it, its exit code, and words of its message."""

    spoil: Callable[[Path], None]
    says: tuple[str, ...]
    code: int = 2
    words: tuple[str, ...] = ("run",)
    environment: Mapping[str, str] = field(default_factory=dict)


CHECK = ("mapping", "check")
TEXT = "INSERT INTO nv4_users …\n" * 99
SOURCE = "sqlite:///legacy/legacy.sqlite"
OWN_STEPS = "entity: article\nextends: nukeviet/article\nfields:\n  byline: {{from: author, steps: [{}]}}\n"

BAD: dict[str, Bad] = {
    "no migration.yaml": Bad(lambda p: (p / "migration.yaml").unlink(), ("There is no migration.yaml", "migrator init")),
    "a tab": Bad(settings("  web:", "\tweb:"), ("migration.yaml:5:", "a tab where only spaces")),
    "a broken indentation": Bad(settings("    preset:", "   preset:"), ("migration.yaml:7:", "check the indentation")),
    "not UTF-8": Bad(written("migration.yaml", b"name: B\xe1o\n"), ("migration.yaml:1:", "is not UTF-8")),
    "an empty file": Bad(written("migration.yaml", ""), ("migration.yaml", "holds no mapping")),
    "an alias": Bad(written("migration.yaml", "a: &x 1\nb: *x\n"), ("migration.yaml:2:", "anchors and aliases")),
    "code": Bad(settings("name: Báo Cửa Biển", "name: !!python/object/apply:os.system [exit]"), ("migration.yaml:3:", "tag")),
    "an unknown key": Bad(settings("target:", "targets:"), ("migration.yaml:12:", "did you mean 'target'?")),
    "an unknown preset": Bad(settings("preset: nukeviet", "preset: nukevet"), ("migration.yaml:7:", "did you mean 'nukeviet'?")),
    "an audit statement of what is not there": Bad(
        written("audit.yaml", "extends: nukeviet\narticle:\n  identity:\n    headline: titel\n    byline: {column: autor}\n"),
        ("audit.yaml:4:", "did you mean 'title'?", "audit.yaml:5:", "did you mean 'author'?"), words=("mapping", "check"),
    ),
    "the legacy database as the target": Bad(
        settings('target: {url: "sqlite:///target.sqlite"}', 'target: {url: "sqlite:///legacy/legacy.sqlite"}'), ("is a source",)
    ),
    "a ledger on a database it cannot be on": Bad(
        settings('ledger: {url: "sqlite:///ledger.sqlite"}', 'ledger: {url: "mysql://u@127.0.0.1/l"}'), (":13:", "needs SQLite")
    ),
    "a waiver of an unknown entity": Bad(
        settings("entity: article, limit", "entity: artikel, limit"), ("did you mean 'article'",)
    ),
    "a waiver of more than all": Bad(settings("limit: 2%", "limit: 900%"), ("at most 100 %",)),
    "a waiver until a day that is none": Bad(settings("limit: 2%", "limit: 2%, expires: 31/12/2026"), ("is not a date",)),
    "no source": Bad(written("migration.yaml", "name: x\n"), ("migration.yaml:1:", "no source is named")),
    "a waiver without a name": Bad(settings(', who: "Ban biên tập"}', "}"), ("migration.yaml:15:", "a waiver needs 'who'")),
    "an environment variable that is not set": Bad(settings(SOURCE, "env:NOT_SET"), ("migration.yaml:6:", "export NOT_SET=")),
    "a file of secrets that is not there": Bad(settings(SOURCE, "file:secret.txt"), ("migration.yaml:6:", "cannot be read")),
    "a URL that is none": Bad(settings(SOURCE, "env:URL"), ("migration.yaml:6:", "database URL"), environment={"URL": SECRET}),
    "a database nobody knows": Bad(
        settings(SOURCE, "env:URL"), ("No database of the kind 'dbase'",), environment={"URL": f"dbase://u:{SECRET}@host/x"}
    ),
    "mistakes in several files": Bad(
        both(
            settings("preset: nukeviet", "preset: nukeviet\n    preste: x"), settings("target:", "targets:"),
        ),
        ("migration.yaml:8:", "migration.yaml:13:"),
    ),
    "mistakes in several mappings": Bad(
        both(
            written("article.yaml", OWN_STEPS.format("unescpe")), written("tag.yaml", "entity: tag\nextends: nukeviet/tga\n"),
            written("topic.yaml", "entity: topic\nextends: nukeviet/topic\nkey: topicidd\n"),
        ),
        ("article.yaml:4:", "did you mean 'unescape'?", "tag.yaml:2:", "topic.yaml:3:", "'topicidd'"),
    ),
    "a step that would be code": Bad(
        written("article.yaml", OWN_STEPS.format("{python: 'import os'}")), ("article.yaml:4:", "--allow-python"), words=CHECK
    ),
    "a mapping that is no YAML": Bad(written("article.yaml", "entity: [article\n"), ("article.yaml:2:", "bracket")),
    # --- the source
    "no source file": Bad(lambda p: (p / "legacy/legacy.sqlite").unlink(), ("There is no database file", "Check the path")),
    "a source that is text": Bad(written("legacy/legacy.sqlite", TEXT), ("not an SQLite database",)),
    "a source that was cut off": Bad(cut_source, ("legacy.sqlite: The database file is damaged", "backup")),
    "a source full of noise": Bad(overwrite_source, ("legacy.sqlite: The database file is damaged", "backup")),
    "an empty source": Bad(written("legacy/legacy.sqlite", b""), ("nv4_vi_news_rows",)),
    "a missing table": Bad(in_source("DROP TABLE nv4_vi_news_topics"), ("topic.yaml:3:", "nv4_vi_news_topics")),
    "a missing side table": Bad(in_source("DROP TABLE nv4_vi_news_detail"), ("article.yaml:", "nv4_vi_news_detail")),
    "a missing column": Bad(in_source("ALTER TABLE nv4_vi_news_rows RENAME hometext TO lead"), ("article.yaml:", "hometext")),
    "a table nobody speaks of": Bad(in_source("CREATE TABLE nv4_vi_weather (t)"), ("nv4_vi_weather is neither", "audit.yaml")),
    # --- the target and the ledger
    "no folder for the target": Bad(settings("sqlite:///target", "sqlite:///nowhere/target"), ("There is no folder", "nowhere")),
    "a target that is a folder": Bad(lambda p: (p / "target.sqlite").mkdir(), ("target.sqlite", "cannot be opened")),
    "a target with a foreign table": Bad(
        in_target("CREATE TABLE article (id INTEGER, body TEXT)"), ("'article' that is not ours", "empty database")
    ),
    "a target that is text": Bad(written("target.sqlite", TEXT), ("target.sqlite: The file is not an SQLite database",)),
    "a ledger that is text": Bad(written("ledger.sqlite", TEXT), ("ledger.sqlite: The file is not an SQLite database", "backup")),
    "a ledger of a newer version": Bad(newer_ledger, ("newer migrator", "Install that version"), 5),
    # --- the words
    "an unknown option": Bad(untouched, ("No such option", "--bach"), words=("run", "--bach", "3")),
    "rows named and more": Bad(untouched, ("--only",), words=("run", "--only", "web:article:101", "--limit", "5")),
    "an unknown entity to run": Bad(untouched, ("artikel", "did you mean 'article'?"), words=("run", "artikel")),
    "a key that is none": Bad(untouched, ("There is no row artikel",), words=("run", "--only", "artikel")),
    "half a key": Bad(untouched, ("There is no row",), words=("run", "--only", "web:article")),
    "a key the source does not have": Bad(untouched, ("There is no row",), words=("run", "--only", "web:article:1")),
    "an unknown entity to plan": Bad(untouched, ("did you mean 'article'?",), words=("plan", "articel")),
    "a limit that is none": Bad(untouched, ("--limit",), words=("run", "--limit", "0")),
    "verify before a run": Bad(untouched, ("Nothing was run here yet", "migrator run"), words=("verify",)),
    "report before a run": Bad(untouched, ("Nothing was run here yet", "migrator run"), words=("report",)),
    "a preview of no row": Bad(untouched, ("There is no row",), words=("mapping", "preview", "--key", "web:article:1")),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_it_is_refused_with_a_message_and_nothing_is_written(what: str, project: Path) -> None:
    bad = BAD[what]
    bad.spoil(project)
    before = listing(project)
    done = command(*bad.words, "--project", project, environment={**ENVIRONMENT, **bad.environment})
    complains(done, bad.code, *bad.says)
    assert listing(project) == before


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--project", "nowhere"),
        ("init", ".", "--preset", "nukeviet"),
        ("init", "new", "--preset", "x"),
        ("fly",),
    ],
)
def test_it_is_refused_without_a_project(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    done = subprocess.run(
        [*PROGRAM, *words], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60, env=ENVIRONMENT
    )
    complains(done, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["something"]


# --- servers ------------------------------------------------------------------------------------------------------------
def execute(server: URL | str, *statements: str) -> None:
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


@contextmanager
def mariadb_account(url: str, rights: str) -> Iterator[URL]:
    """An account with these rights in the database of the URL."""
    name, where = f"reader_{uuid.uuid4().hex[:10]}", make_url(url)
    execute(
        url,
        f"CREATE USER {name}@'127.0.0.1' IDENTIFIED BY '{SECRET}'",
        f"GRANT {rights} ON {where.database}.* TO {name}@'127.0.0.1'",
    )
    try:
        yield where.set(username=name, password=SECRET)
    finally:
        execute(url, f"DROP USER {name}@'127.0.0.1'")


@contextmanager
def postgres_account(url: str) -> Iterator[URL]:
    """An account that may log in and nothing else."""
    name, where = f"reader_{uuid.uuid4().hex[:10]}", make_url(url)
    execute(url, f"CREATE ROLE {name} LOGIN PASSWORD '{SECRET}'", "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    try:
        yield where.set(username=name, password=SECRET)
    finally:
        execute(url, f"DROP ROLE {name}")


def with_source(project: Path, url: URL | str) -> subprocess.CompletedProcess[str]:
    settings(SOURCE, "env:URL")(project)
    return command("run", "--project", project, environment=ENVIRONMENT | {"URL": in_full(url)})


def with_target(project: Path, url: URL | str) -> subprocess.CompletedProcess[str]:
    settings("sqlite:///target.sqlite", "env:URL")(project)
    return command("run", "--project", project, environment=ENVIRONMENT | {"URL": in_full(url)})


def in_full(url: URL | str) -> str:
    return url if isinstance(url, str) else url.render_as_string(hide_password=False)


def nothing_was_made(project: Path) -> bool:
    return not (project / "target.sqlite").exists() and not (project / "ledger.sqlite").exists()


@pytest.mark.parametrize("kind", ["mysql", "postgresql"])
@pytest.mark.parametrize("side", [with_source, with_target])
def test_no_server(kind: str, side: Callable[[Path, str], subprocess.CompletedProcess[str]], project: Path) -> None:
    complains(
        side(project, f"{kind}://reader:{SECRET}@127.0.0.1:1/paper"), 2, "does not answer", "Check host and port", "***"
    )
    assert nothing_was_made(project)


def test_a_password_in_the_query_of_an_address_is_not_shown(project: Path) -> None:
    complains(with_source(project, f"postgresql://reader@127.0.0.1:1/paper?password={SECRET}"), 2, "does not answer")


@pytest.mark.real
def test_mariadb_refuses(mariadb_url: str, project: Path) -> None:
    with mariadb_account(mariadb_url, "SELECT") as reader:
        wrong = with_source(project, reader.set(password=f"{SECRET}!"))
        complains(wrong, 2, "refuses this account", "Check user name, password and rights")
    settings("env:URL", SOURCE)(project)
    complains(
        with_source(project, make_url(mariadb_url).set(database="no_such_paper")),
        2,
        "no such database",
        "Check the name",
    )
    settings("env:URL", SOURCE)(project)
    complains(with_source(project, mariadb_url), 2, "nv4_vi_news_rows")
    assert nothing_was_made(project)


@pytest.mark.real
def test_postgres_refuses(postgres_url: str, project: Path) -> None:
    complains(
        with_source(project, make_url(postgres_url).set(database="no_such_paper")), 2, "is missing", "Check the name"
    )
    settings("env:URL", SOURCE)(project)
    complains(with_source(project, make_url(postgres_url).set(username="nobody_we_know", password=SECRET)), 2)
    settings("env:URL", SOURCE)(project)
    complains(with_source(project, postgres_url), 2, "nv4_vi_news_rows")
    assert nothing_was_made(project)


@pytest.mark.real
def test_postgres_refuses_a_wrong_password(postgres_url: str, project: Path) -> None:
    with postgres_account(postgres_url) as reader:
        wrong = reader.set(password=f"{SECRET}!")
        try:
            execute(wrong, "SELECT 1")
        except OperationalError:
            complains(with_source(project, wrong), 2, "refuses this account", "Check user name")
        else:
            pytest.skip("this PostgreSQL server trusts every password")


@pytest.mark.real
def test_a_mariadb_target_that_may_only_be_read(mariadb_url: str, project: Path) -> None:
    with mariadb_account(mariadb_url, "SELECT") as reader:
        complains(with_target(project, reader), 2, "this account")
    assert nothing_was_made(project)


@pytest.mark.real
def test_a_postgres_target_that_may_only_be_read(postgres_url: str, project: Path) -> None:
    with postgres_account(postgres_url) as reader:
        complains(with_target(project, reader), 2, "this account")
    assert nothing_was_made(project)


@pytest.mark.real
def test_a_mariadb_target_that_became_read_only_after_its_tables_were_made(mariadb_url: str, project: Path) -> None:
    settings("sqlite:///target.sqlite", "env:URL")(project)
    assert (
        command("run", "section", "--project", project, environment=ENVIRONMENT | {"URL": mariadb_url}).returncode == 0
    )
    before = listing(project)
    with mariadb_account(mariadb_url, "SELECT") as reader:
        complains(
            command("run", "--project", project, environment=ENVIRONMENT | {"URL": in_full(reader)}), 2, "this account"
        )
    assert listing(project).keys() == before.keys()


# --- disks --------------------------------------------------------------------------------------------------------------
@contextmanager
def disk(folder: Path, options: str) -> Iterator[Path]:
    """A small file system; a visible skip where mounting is not permitted."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"mounting is not permitted here: {mounted.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize(
    ("name", "size", "code"),
    [("target", "60k", 2), ("target", "400k", 1), ("target", "600k", 1), ("ledger", "60k", 2), ("ledger", "200k", 1)],
)
def test_a_full_disk_stops_the_run_and_on_a_larger_one_it_goes_on(
    name: str, size: str, code: int, project: Path, undisturbed: Left, tmp_path: Path
) -> None:
    own = f"sqlite:///{name}.sqlite"
    with disk(tmp_path / "small", f"size={size}") as small:
        settings(own, f"sqlite:///{small}/{name}.sqlite")(project)
        complains(command("run", "--project", project, "--batch", "10"), code, "The disk", "Free space on it")
        shutil.copytree(small, project, dirs_exist_ok=True)
    settings(f"sqlite:///{tmp_path}/small/{name}.sqlite", own)(project)
    migrator("run", "--project", project, "--batch", "10")
    assert left_by(project) == undisturbed


def test_a_read_only_disk_is_noticed_before_anything_is_done(project: Path, tmp_path: Path) -> None:
    with disk(tmp_path / "small", "size=4m") as small:
        (small / "target.sqlite").touch()
        subprocess.run(["mount", "-o", "remount,ro", small], check=True)
        settings("sqlite:///target.sqlite", f"sqlite:///{small}/target.sqlite")(project)
        complains(command("run", "--project", project), 2, "target.sqlite: The database")
        assert nothing_was_made(project)
        settings(f"sqlite:///{small}/target.sqlite", "sqlite:///target.sqlite")(project)
        settings("sqlite:///ledger.sqlite", f"sqlite:///{small}/ledger.sqlite")(project)
        complains(command("run", "--project", project), 2, "ledger.sqlite: The database")


def test_verification_on_a_full_disk_leaves_no_half_of_an_examination(project: Path, tmp_path: Path) -> None:
    migrator("run", "--project", project)
    (project / "verification").mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", project / "verification"], check=False, capture_output=True
    )
    if not os.path.ismount(project / "verification"):
        pytest.skip("mounting is not permitted here")
    try:
        complains(command("verify", "--project", project), 1, "space")
        assert not (project / "verification/examination.json").exists()
    finally:
        subprocess.run(["umount", "--lazy", project / "verification"], check=True)


# --- one at a time, and stopping ----------------------------------------------------------------------------------------
def test_a_second_run_is_refused_while_the_first_goes_on(project: Path) -> None:
    ledger = SqlLedger(f"sqlite:///{project}/ledger.sqlite")
    try:
        ledger.begin("run", "0" * 64, "{}")
        complains(
            command("run", "--project", project), 2, f"Another run is going on (process {os.getpid()}", "migrator stop"
        )
        assert ledger.is_running()
    finally:
        ledger.close()


def started(project: Path) -> subprocess.Popen[str]:
    """A slow run that has confirmed a batch."""
    running = subprocess.Popen(
        [*PROGRAM, "run", "--project", str(project), "--batch", "1"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(project / "ledger.sqlite")) as ledger:
            if ledger.execute("SELECT max(seq) FROM journal").fetchone()[0]:
                return running
        time.sleep(0.02)
    raise AssertionError("the run confirms nothing")


def interrupt(project: Path, running: subprocess.Popen[str]) -> None:
    running.send_signal(signal.SIGINT)


def terminate(project: Path, running: subprocess.Popen[str]) -> None:
    running.send_signal(signal.SIGTERM)


def ask_to_stop(project: Path, running: subprocess.Popen[str]) -> None:
    assert "will stop" in command("stop", "--project", project).stdout


@pytest.mark.parametrize("stop", [interrupt, terminate, ask_to_stop])
def test_a_run_that_was_asked_to_stop_says_so_and_goes_on_later(
    stop: Callable[[Path, subprocess.Popen[str]], None], project: Path, undisturbed: Left
) -> None:
    running = started(project)
    stop(project, running)
    said, complaints = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in complaints
    assert "Start the same command again" in said
    assert left_by(project).open_intents == 0
    assert command("verify", "--project", project).returncode == 4
    migrator("run", "--project", project)
    assert left_by(project) == undisturbed


# --- what is bad, but must not stop anything ----------------------------------------------------------------------------
STRANGE: tuple[object, ...] = ("a\0b", "x" * 1_000_000, b"\xed\xa0\x80", b"\xff\xfe", "\u202e" * 9, 7)
"""NUL, far too long, a surrogate's bytes, bytes that are no text, nothing that can be seen, a number."""


def test_strange_text_in_source_rows_does_not_stop_the_run(project: Path) -> None:
    with closing(sqlite3.connect(project / "legacy/legacy.sqlite")) as source, source:
        keys = [
            key for (key,) in source.execute("SELECT id FROM nv4_vi_news_rows WHERE status = 1 ORDER BY id LIMIT 6")
        ]
        for key, value in zip(keys, STRANGE, strict=True):
            source.execute("UPDATE nv4_vi_news_rows SET title = ? WHERE id = ?", (value, key))
    done = command("run", "--project", project)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 3


def test_a_site_that_does_not_answer_is_said_not_to_have_been_checked(project: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        settings("{serve: legacy/site}", f"{{url: 'http://127.0.0.1:{taken.getsockname()[1]}'}}")(project)
        migrator("run", "--project", project)
        done = command("verify", "--project", project)
    assert "Traceback" not in done.stderr
    assert done.returncode == 4
    assert "C1b article: 1 could not be compared (not compared: the site could not be read" in done.stdout
