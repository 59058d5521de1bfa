"""The end of a run is told to a real mail server and a real web server; neither can change the run."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from migrator.cli.app import migrator
from migrator.cli.progress import Silence
from migrator.db import open_engine
from migrator.errors import ConfigurationError, StopRun
from migrator.project.compose import Project
from migrator.project.night import Night
from migrator.project.settings import read_settings
from tests.unit.run.paper import FILES, Paper
from tests.unit.watch.sinks import Mailbox, Posts

SECRET = "s3cret-of-the-webhook"
BREAKS = """
CREATE TEMP TABLE kept AS SELECT * FROM articles;
DROP TABLE articles;
CREATE TABLE articles (id INTEGER PRIMARY KEY, body TEXT, section INTEGER, others TEXT);
INSERT INTO articles SELECT id, body, section, others FROM kept;
ALTER TABLE articles ADD COLUMN title TEXT AS (CASE id WHEN 3 THEN abs(-9223372036854775807 - id / 3) ELSE id || '' END);
"""
"""Reading the third article is an error of the database: the run stops in the middle."""


def run(paper: Paper, *more: str) -> Result:
    return CliRunner().invoke(migrator, ["run", "--project", str(paper.folder), "--lang", "en", "--batch", "1", *more])


def settings(paper: Paper, notify: str) -> None:
    (paper.folder / "migration.yaml").write_text(f"{FILES['migration.yaml']}notify:\n{notify}", encoding="utf-8")


def email(box: Mailbox, more: str = "") -> str:
    return f"  email: {{host: 127.0.0.1, port: {box.port}, starttls: false, from: m@example.vn, to: [it@example.vn]{more}}}\n"


def webhook(posts: Posts) -> str:
    return (
        f"  webhook: {{url: 'http://127.0.0.1:{posts.port}/hook/{SECRET}', headers: {{Authorization: 'file:token'}}}}\n"
    )


def test_done_with_rows_set_aside_is_told_both_ways(paper: Paper, box: Mailbox, posts: Posts) -> None:
    (paper.folder / "token").write_text(f"Bearer {SECRET}\n")
    (paper.folder / "password").write_text("pass word")
    settings(paper, email(box, ", user: me, password: 'file:password'") + webhook(posts))
    done = run(paper)
    assert done.exit_code == 3
    (message,) = box.messages
    assert box.logins == [("me", "pass word")]
    assert message["Subject"] == "Báo Thử: lần chạy đã xong, 1 dòng để riêng"
    assert (message["To"], message["From"]) == ("it@example.vn", "m@example.vn")
    content = message.get_content()
    assert "mã kết thúc 3" in content
    assert "migrator messages" in content
    ((headers, said),) = posts.taken
    assert headers["authorization"] == f"Bearer {SECRET}"
    assert (said["event"], said["exit_code"], said["set_aside"], said["run"]) == ("done", 3, 1, 1)
    assert said["buckets"]["article"] == {"created": 2, "merged": 1, "rejected": 1}
    everything = content + json.dumps(said, ensure_ascii=False)
    assert not any(word in everything for word in ("Cảng", "Đời sống", "Bốn", SECRET, "pass word", "old:article:"))


def test_what_nobody_wants_to_hear_is_not_told(paper: Paper, box: Mailbox) -> None:
    settings(paper, "  on: [failed, stopped]\n  language: en\n" + email(box))
    assert run(paper).exit_code == 3
    assert box.messages == []
    assert run(paper, "--until", "00:00", "--only", "old:article:99").exit_code == 2  # there is no such row
    (message,) = box.messages
    assert message["Subject"] == "Báo Thử: the run FAILED"
    assert "Error code: configuration" in message.get_content()


def test_a_run_that_breaks_off_is_told_by_its_code_alone(paper: Paper, box: Mailbox, posts: Posts) -> None:
    paper.legacy(BREAKS)
    (paper.folder / "token").write_text("x")
    settings(paper, "  language: en\n" + email(box) + webhook(posts))
    done = run(paper)
    assert done.exit_code == 1
    assert "overflow" in done.stderr
    ((_, said),) = posts.taken
    assert (said["event"], said["error"], said["exit_code"], said["run"]) == ("failed", "stopped", 1, 1)
    assert said["buckets"]["section"] == {"created": 4}
    assert "overflow" not in json.dumps(said)
    assert "migrator doctor" in box.messages[0].get_content()


def test_a_ledger_that_is_lost_is_told_all_the_same(paper: Paper, box: Mailbox, postgres_url: str) -> None:
    settings(paper, "  language: en\n" + email(box))
    with (paper.folder / "migration.yaml").open("a", encoding="utf-8") as file:
        file.write(f"ledger: {{url: '{postgres_url}'}}\nmetrics: m.prom\n")
    complaints: list[str] = []

    def lose(project: Project) -> None:
        with Night(project, "en", complaints.append, log=paper.folder / "n.log") as night:
            project.ledger.begin("run", "0" * 64, "{}")
            night.watching(Silence()).start("article", 1)
            engine = open_engine(postgres_url, read_only=False)
            with engine.begin() as connection:
                connection.execute(text("DROP TABLE item"))
            engine.dispose()
            raise StopRun("gone")

    with Project(paper.folder) as project, pytest.raises(StopRun, match="gone"):
        lose(project)
    assert len(complaints) == 1
    assert "missing" in complaints[0]
    assert "Run 1: from" in box.messages[0].get_content()


def test_notifications_that_fail_are_told_and_change_nothing(paper: Paper, box: Mailbox, posts: Posts) -> None:
    (paper.folder / "token").write_text("x")
    box.refuses, posts.status, posts.location = True, 302, "http://127.0.0.1:1/elsewhere"
    settings(paper, email(box) + webhook(posts))
    done = run(paper, "--json")
    assert done.exit_code == 3
    assert json.loads(done.stdout)["ended"] == "done"
    assert "SMTPRecipientsRefused" in done.stderr
    assert "127.0.0.1 answered 302" in done.stderr
    assert "it@example.vn" not in done.stderr
    assert SECRET not in done.stderr


def test_servers_that_are_not_there_and_secrets_that_are_gone(paper: Paper, posts: Posts) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        gone = Mailbox(port=taken.getsockname()[1])  # bound, but nobody listens
        settings(paper, email(gone) + webhook(posts))
        done = run(paper)
    assert done.exit_code == 3
    assert "ConnectionRefusedError" in done.stderr
    assert "token cannot be read" in done.stderr
    assert posts.taken == []


def test_encryption_that_is_asked_for_is_not_left_out(paper: Paper, box: Mailbox) -> None:
    settings(paper, email(box).replace("starttls: false", "starttls: true"))
    done = run(paper)
    assert done.exit_code == 3
    assert "SMTPNotSupportedError" in done.stderr
    assert box.messages == []


@pytest.mark.parametrize(
    ("notify", "said"),
    [
        ("  on: [done]\n", "neither email nor webhook"),
        ("  on: [always]\n  webhook: {url: 'env:X'}\n", "nothing called 'always'"),
        ("  webhook: {url: 'chat.example.vn/hook'}\n", "is no address"),
        ("  webhook: {url: 'env:X', headers: {Authorization: 'Bearer abc'}}\n", "stands in the open"),
        ("  email: {host: h, from: a@b, to: [c@d], user: u, password: abc}\n", "stands in the open"),
        ("  email: {host: h, from: a@b, to: [c@d], password: 'env:P', starttls: false}\n", "sent in the open"),
        ("  email: {host: h, from: a@b, to: ['x, y@z']}\n", "no e-mail address"),
        ("  email: {host: h, to: [c@d]}\n", "does not name 'from'"),
    ],
)
def test_settings_that_say_too_little_or_too_much(tmp_path: Path, notify: str, said: str) -> None:
    (tmp_path / "migration.yaml").write_text(f"{FILES['migration.yaml']}notify:\n{notify}", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_settings(tmp_path)
    assert any(said in str(fault) for fault in caught.value.faults)


def test_the_doctor_greets_the_mail_server_and_sends_nothing(paper: Paper, box: Mailbox, posts: Posts) -> None:
    (paper.folder / "token").write_text("x")
    (paper.folder / "password").write_text("pass word")
    settings(paper, email(box, ", user: me, password: 'file:password'") + webhook(posts))
    said = doctor(paper)
    assert said["email"] == ("ok", "mail_reached")
    assert said["webhook"] == ("unchecked", "webhook_untried")
    assert (box.logins, box.messages, posts.taken) == ([("me", "pass word")], [], [])
    settings(paper, email(box).replace("starttls: false", "starttls: true"))
    assert doctor(paper)["email"] == ("warning", "refused")


def doctor(paper: Paper) -> dict[str, tuple[str, str]]:
    done = CliRunner().invoke(migrator, ["doctor", "--project", str(paper.folder), "--json"])
    assert done.exit_code == 0
    return {c["subject"]: (c["level"], c["code"]) for c in json.loads(done.stdout)["checks"] if c["check"] == "notify"}
