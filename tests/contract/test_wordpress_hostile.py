"""What stands between us and a WordPress, and what lives in it: firewalls, security plugins, full disks, lost passwords."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from migrator.errors import AccessError, StopRun
from migrator.load.wordpress import client, jobs
from migrator.ports import Write
from migrator.project.doctor_site import altered
from migrator.read.wordpress import WordPressReader, asking
from tests import faulty_proxy
from tests.faulty_proxy import Fault, once
from tests.wordpress_site import WordPress
from tests.wordpress_target import BODY, PNG, WHOLE, article, opened, record, service_of

pytestmark = [pytest.mark.slow, pytest.mark.real]

HTML = {"Content-Type": "text/html; charset=utf-8"}
MOMENT = b"<!doctype html><html><head><title>Just a moment &hellip;</title></head><body>Checking</body></html>"
WARNING = (
    b"<br />\n<b>Warning</b>: Undefined variable $x in <b>/srv/plugin.php</b> on line <b>7</b><br />\n" + b'{"id":1}'
)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience is for real servers."""
    for module, name, value in (
        (client, "TRIES", 2), (client, "FIRST_WAIT_S", 0.01), (jobs, "FIRST_WAIT_S", 0.01), (jobs, "ROUNDS", 2),
        (asking, "TRIES", 2), (asking, "FIRST_WAIT_S", 0.01),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)


def refusal(code: str, status: int) -> Fault:
    body = {"code": code, "message": "No.", "data": {"status": status}}
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


# --- pages where data should be ---
@pytest.mark.parametrize("status", [200, 502])
@pytest.mark.parametrize("page", [MOMENT, WARNING, b""], ids=["page", "warning", "empty"])
@pytest.mark.parametrize("path", ["batch/v1", "wp/v2/users", "wp/v2/media"])
def test_a_page_in_place_of_an_answer_loses_and_doubles_nothing(
    wordpress: WordPress, path: str, page: bytes, status: int
) -> None:
    records = {
        "batch/v1": [article(n) for n in range(1, 31)],
        "wp/v2/users": [record("person", n, name=f"Bút {n}", slug=f"but-{n}") for n in range(1, 4)],
        "wp/v2/media": [WHOLE[7], WHOLE[8]],
    }[path]
    with faulty_proxy.before(wordpress.url) as proxy, opened(wordpress, PNG, url=proxy.url) as target:
        proxy.fault = once((status, HTML, page), only=path)
        assert target.put(*records) == [""] * len(records)
        assert not proxy.fault.left  # type: ignore[attr-defined]
        for each in records:
            (found,) = target.reader.read(each.entity, [each.key])
            assert dict(found.fields) == dict(each.fields)


def test_a_page_that_stays_is_told_with_its_title(wordpress: WordPress, hurried: None) -> None:
    with faulty_proxy.before(wordpress.url) as proxy, opened(wordpress, url=proxy.url) as target:
        proxy.fault = lambda method, path, body: (200, HTML, MOMENT) if "batch" in path else None
        with pytest.raises(StopRun, match=r"a page answers \(200\): Just a moment …"):
            target.put(article(1), article(2))
        proxy.fault = lambda method, path, body: (200, HTML, MOMENT)
        with pytest.raises(StopRun, match="Just a moment"):
            target.loader.standing("article", ["web:article:1"])
        reader = WordPressReader(service_of(wordpress, url=proxy.url))
        with pytest.raises(AccessError, match="Just a moment"):
            reader.read("article", ["web:article:1"])
        reader.close()
        with pytest.raises(AccessError, match="Just a moment"), opened(wordpress, url=proxy.url):
            pass


def test_a_firewall_that_dislikes_one_article_stops_no_other(wordpress: WordPress) -> None:
    records = [article(n, body_html="<p>union select</p>" if n == 17 else "<p>…</p>") for n in range(1, 31)]

    def firewall(method: str, path: str, body: bytes) -> Fault:
        return (403, HTML, b"<h1>Forbidden by rule 942100</h1>") if b"union select" in body else None

    with faulty_proxy.before(wordpress.url) as proxy, opened(wordpress, url=proxy.url) as target:
        proxy.fault = firewall
        errors = target.put(*records)
        assert errors[16] == "Not WordPress' API, but a page answers (403): Forbidden by rule 942100"
        assert [error for error in errors if error] == [errors[16]]
        assert len(target.ids("article")) == 29


def test_a_firewall_that_shuts_the_door_stops_the_run(wordpress: WordPress) -> None:
    with faulty_proxy.before(wordpress.url) as proxy, opened(wordpress, url=proxy.url) as target:
        assert target.put(article(1)) == [""]
        proxy.fault = lambda method, path, body: (403, HTML, b"<title>Blocked</title>")
        with pytest.raises(StopRun, match="Blocked"):
            target.put(article(2), article(3))


@pytest.mark.parametrize("answer", [(302, {"Location": "/wp-login.php"}), (404, HTML, MOMENT)], ids=["login", "page"])
def test_a_removal_nobody_heard_of_does_not_count(wordpress: WordPress, answer: Fault) -> None:
    people = [record("person", n, name=f"Bút {n}", slug=f"but-{n}") for n in (1, 2)]
    with faulty_proxy.before(wordpress.url) as proxy, opened(wordpress, url=proxy.url) as target:
        assert target.put(*people) == ["", ""]
        proxy.fault = lambda method, path, body: answer if method == "DELETE" else None
        answers = target.loader.write([Write("withdraw", each.key, "person") for each in people])
        assert all(answer.error for answer in answers)
        proxy.fault = lambda method, path, body: answer
        with pytest.raises(StopRun):
            target.loader.write([Write("withdraw", each.key, "person") for each in people])
        proxy.fault = lambda method, path, body: None
        assert len(target.ids("person")) == 2


# --- parts that are closed ---
@pytest.mark.parametrize(
    "closed", [refusal("rest_no_route", 404), refusal("rest_forbidden", 403), (403, HTML, MOMENT), (405, HTML, b"")]
)
def test_without_batches_each_record_goes_in_a_call_of_its_own(wordpress: WordPress, closed: Fault) -> None:
    with faulty_proxy.before(wordpress.url) as proxy:
        proxy.fault = lambda method, path, body: closed if "batch/v1" in path else None
        with opened(wordpress, PNG, url=proxy.url) as target:
            said = target.loader.facts().batches
            assert str(closed[0]) in said  # type: ignore[index]
            assert target.put(*WHOLE) == [""] * len(WHOLE)
            for each in WHOLE:
                (found,) = target.reader.read(each.entity, [each.key])
                assert dict(found.fields) == dict(each.fields)
            target.restorer.loosen("article", ["web:article:1"])
            assert target.loader.write([Write("withdraw", "web:article:1", "article")])[0].error == ""
            assert sum("batch/v1" in path for _, path in proxy.seen) == 1


@pytest.mark.parametrize(
    "closed", [refusal("rest_user_cannot_view", 403), refusal("rest_login_required", 401), refusal("rest_no_route", 404),
               (403, HTML, MOMENT), (302, {"Location": "/wp-login.php"})],
)  # fmt: skip
def test_a_collection_that_is_closed_is_named(wordpress: WordPress, closed: Fault) -> None:
    with faulty_proxy.before(wordpress.url) as proxy:
        proxy.fault = lambda method, path, body: closed if "wp/v2/users" in path else None
        with (
            pytest.raises(AccessError, match="wp/v2/users is closed to admin") as raised,
            opened(wordpress, url=proxy.url),
        ):
            pass
        assert "security plugin" in raised.value.next_step


def test_a_password_that_does_not_arrive_is_told_from_a_wrong_one(wordpress: WordPress) -> None:
    with faulty_proxy.before(wordpress.url) as proxy:
        proxy.dropped = {"authorization"}
        with pytest.raises(AccessError) as raised, opened(wordpress, url=proxy.url):
            pass
        assert "Authorization header" in raised.value.next_step
    with pytest.raises(AccessError) as raised, opened(wordpress, password="falsch"):
        pass
    assert "application password of that user" in raised.value.next_step
    assert "Authorization header" not in raised.value.next_step


def test_a_password_that_is_withdrawn_stops_the_run(wordpress: WordPress) -> None:
    with opened(wordpress) as target:
        assert target.put(article(1)) == [""]
        ((kept,),) = wordpress.rows("SELECT meta_value FROM wp_usermeta WHERE meta_key = '_application_passwords'")
        wordpress.change("UPDATE wp_usermeta SET meta_value = 'a:0:{}' WHERE meta_key = '_application_passwords'")
        with pytest.raises(StopRun) as raised:
            target.put(article(1), article(2))
        assert "withdrawn" in raised.value.next_step
        wordpress.change(
            "UPDATE wp_usermeta SET meta_value = :kept WHERE meta_key = '_application_passwords'", kept=kept
        )
        assert target.put(article(1), article(2)) == ["", ""]
        assert len(target.ids("article")) == 2


# --- patience ---
def test_a_time_to_come_back_is_kept_to(wordpress: WordPress) -> None:
    def later() -> Fault:
        return 429, {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)}

    with faulty_proxy.before(wordpress.url) as proxy, opened(wordpress, url=proxy.url) as target:
        proxy.fault = once(later(), only="batch/v1")
        assert target.put(*[article(n) for n in range(1, 31)]) == [""] * 30
        reader = WordPressReader(service_of(wordpress, url=proxy.url))
        asked: list[Fault] = [later(), (429, {"Retry-After": "1"})]
        proxy.fault = lambda method, path, body: asked.pop() if asked else None
        assert len(reader.read("article", [f"web:article:{n}" for n in range(1, 31)])) == 30
        reader.close()
        assert not asked


# --- no room ---
def test_uploads_that_cannot_be_written_stop_the_run(wordpress: WordPress) -> None:
    uploads = wordpress.folder / "wp-content/uploads"
    uploads.rename(uploads.with_name("away"))
    uploads.write_text("no folder")
    try:
        with opened(wordpress, PNG) as target:
            assert "Unable to create directory" in target.loader.facts().uploads
            with pytest.raises(StopRun, match="cannot keep files: Unable to create directory"):
                target.put(WHOLE[7], WHOLE[8])
            assert target.ids("asset") == []
    finally:
        uploads.unlink()
        uploads.with_name("away").rename(uploads)


@contextmanager
def small_disk(folder: Any) -> Iterator[None]:
    """A file system of 64 KB in place of a folder."""
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False, timeout=30).returncode:
        pytest.skip("nobody may mount a file system here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True, timeout=30)


def test_a_full_disk_stops_the_run_and_what_is_there_stays(wordpress: WordPress) -> None:
    uploads = wordpress.folder / "wp-content/uploads"
    large = PNG + bytes(1 << 17)
    fields = {**WHOLE[8].fields, "sha256": hashlib.sha256(large).hexdigest(), "file_name": "large.png"}
    other = record("asset", 2, **fields)
    with small_disk(uploads), opened(wordpress, PNG, large) as target:
        assert target.put(WHOLE[7], WHOLE[8]) == ["", ""]
        free = target.loader.facts().free_bytes
        assert free is not None
        assert free < 1 << 16
        with pytest.raises(StopRun, match=r"cannot keep files: \d+ bytes are free, the file has 131"):
            target.put(other)
        assert len(target.ids("asset")) == 1
        assert [path.name for path in uploads.rglob("large*")] == []
    wordpress.change("DELETE FROM wp_postmeta")  # what was on the small disk is gone


# --- plugins that know better ---
def test_a_plugin_that_rewrites_what_is_saved_is_a_named_difference(wordpress: WordPress) -> None:
    rewriter = wordpress.plugin.with_name("rewriter.php")
    rewriter.write_text(
        "<?php add_filter('wp_insert_post_data', function ($data) {"
        " $data['post_content'] = preg_replace('#<iframe.*?</iframe>#s', '', $data['post_content']); return $data; }, 99);"
    )
    try:
        with opened(wordpress) as target:
            assert altered(target.loader, target.reader) == ["body_html"]
            sent = article(1, body_html=BODY, standfirst="Sa-pô")
            assert target.put(sent) == [""]
            (found,) = target.reader.read("article", [sent.key])
            assert {name for name, value in found.fields.items() if value != sent.fields[name]} == {"body_html"}
    finally:
        with suppress(FileNotFoundError):
            rewriter.unlink()
    with opened(wordpress) as target:
        assert altered(target.loader, target.reader) == []
        assert target.ids("article") == [found.target_id]  # the draft on trial is gone
