"""The whole newsroom, tampered with: money, counters, old addresses, files, text and the vault. Each is found and named."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from migrator.model.examination import DIFFERENCES_FILE
from tests.tamper.newsroom import Named, command, opened

ARTICLES = 300
PUBLIC = "r.status = 301 AND r.article_id IN (SELECT id FROM article WHERE status = 'published' AND NOT is_locked)"


@dataclass
class Estate:
    """A migrated demo with its databases open."""

    folder: Path
    target: sqlite3.Connection
    vault: sqlite3.Connection

    def one(self, statement: str, *values: Any) -> Any:
        """The first row a query finds at the target; its value where it has but one."""
        row = self.target.execute(statement, values).fetchone()
        assert row is not None, f"the demo has nothing for: {statement}"
        return row[0] if len(row) == 1 else row

    def change(self, statement: str, *values: Any) -> None:
        """Change exactly one row of the target."""
        assert self.target.execute(statement, values).rowcount == 1

    def stored(self, sha256: str) -> Path:
        """A file of the target's media store."""
        return self.folder / "media" / sha256[:2] / sha256[2:]


Tampering = Callable[[Estate], set[Named]]


# --- numbers ----------------------------------------------------------------------------------------------------------
def one_dong_more(estate: Estate) -> set[Named]:
    key, account, period = estate.one(
        "SELECT r.legacy_key, a.legacy_key, r.period FROM royalty r JOIN account a ON a.id = r.account_id "
        "WHERE r.legacy_key = 'print:royalty:20'"
    )
    estate.change("UPDATE royalty SET amount_vnd = amount_vnd + 1 WHERE legacy_key = ?", key)
    group = f"print:royalty:∑ account={account}, period={period}"
    return {(check, key, "amount_vnd", "changed") for check in ("F2", "I1")} | {("N1", group, "amount_vnd", "extra")}


def a_royalty_of_another_month(estate: Estate) -> set[Named]:
    key, account, period = estate.one(
        "SELECT r.legacy_key, a.legacy_key, r.period FROM royalty r JOIN account a ON a.id = r.account_id "
        "WHERE r.legacy_key = 'print:royalty:40'"
    )
    estate.change("UPDATE royalty SET period = '1999-01' WHERE legacy_key = ?", key)
    left, right = (f"print:royalty:∑ account={account}, period={month}" for month in (period, "1999-01"))
    sums = {("N1", left, of, "missing") for of in ("", "amount_vnd", "coefficient_thousandths")}
    sums |= {("N1", right, of, "extra") for of in ("", "amount_vnd", "coefficient_thousandths")}
    return sums | {(check, key, "period", "changed") for check in ("F2", "I1")}


def a_counter_that_is_set_back(estate: Estate) -> set[Named]:
    key = estate.one("SELECT legacy_key FROM counter WHERE name = 'views' AND value > 100 ORDER BY id")
    estate.change("UPDATE counter SET value = 7 WHERE legacy_key = ?", key)
    named: set[Named] = {(check, key, "value", "changed") for check in ("F2", "I1")}
    return named | {("N1", "web:counter:∑ name=views", "value", "missing")}


# --- old addresses ----------------------------------------------------------------------------------------------------
def a_redirect_that_is_gone(estate: Estate) -> set[Named]:
    key, article = redirect(estate, 0)
    estate.change("DELETE FROM redirect WHERE legacy_key = ?", key)
    return {("C4", key, "", "missing"), ("U1", article, "redirect", "missing")}


def a_redirect_that_leads_elsewhere(estate: Estate) -> set[Named]:
    key, article = redirect(estate, 1)
    other = estate.one(
        "SELECT id FROM article WHERE status = 'published' AND legacy_key <> ? ORDER BY id DESC", article
    )
    estate.change("UPDATE redirect SET article_id = ? WHERE legacy_key = ?", other, key)
    named: set[Named] = {(check, key, "article", "changed") for check in ("F2", "R1")}
    return named | {("U1", article, "redirect", "changed")}


def a_redirect_to_nothing(estate: Estate) -> set[Named]:
    key, article = redirect(estate, 2)
    estate.change("UPDATE redirect SET article_id = NULL WHERE legacy_key = ?", key)
    named: set[Named] = {(check, key, "article", "missing") for check in ("F2", "R1")}
    return named | {("U1", article, "redirect", "changed"), ("U1", key, "status", "missing")}


def a_redirect_for_a_while(estate: Estate) -> set[Named]:
    key, article = redirect(estate, 3)
    estate.change("UPDATE redirect SET status = 302 WHERE legacy_key = ?", key)
    named: set[Named] = {(check, key, "status", "changed") for check in ("F2", "I1", "U1")}
    return named | {("U1", article, "redirect", "changed")}


def what_was_taken_down_is_found_again(estate: Estate) -> set[Named]:
    key = estate.one("SELECT legacy_key FROM redirect WHERE status = 410 AND reason = 'retracted' ORDER BY id")
    estate.change(
        "UPDATE redirect SET status = 301, reason = NULL, article_id = (SELECT min(id) FROM article) WHERE legacy_key = ?",
        key,
    )
    named: set[Named] = {
        ("F2", key, "status", "changed"),
        ("I1", key, "status", "changed"),
        ("F2", key, "reason", "missing"),
    }
    named |= {(check, key, "article", "extra") for check in ("F2", "R1")}
    return named | {("U1", f"web:article:{key.split('|')[1]}", "redirect", "changed")}


def redirect(estate: Estate, place: int) -> tuple[str, str]:
    """The keys of a redirect of the web's, and of the public article it leads to."""
    key, article = estate.one(
        f"SELECT r.legacy_key, a.legacy_key FROM redirect r JOIN article a ON a.id = r.article_id WHERE {PUBLIC} "
        "AND r.legacy_key LIKE 'web:redirect:article|%' AND a.legacy_key LIKE 'web:%' "
        "AND (SELECT count(*) FROM redirect o WHERE o.article_id = a.id) = 2 ORDER BY r.id LIMIT 1 OFFSET ?", place * 3,
    )  # fmt: skip
    return str(key), str(article)


# --- files ------------------------------------------------------------------------------------------------------------
def a_file_that_is_lost(estate: Estate) -> set[Named]:
    key, sha256 = picture(estate, 0)
    estate.stored(sha256).unlink()
    return {("M1", key, "sha256", "missing")}


def a_file_with_a_bit_turned(estate: Estate) -> set[Named]:
    key, sha256 = picture(estate, 1)
    file = estate.stored(sha256)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.chmod(0o600)
    file.write_bytes(data)
    return {("M1", key, "sha256", "changed")}


def a_file_nobody_speaks_of(estate: Estate) -> set[Named]:
    data = b"\xff\xd8\xff\xe0 nobody's"
    sha256 = hashlib.sha256(data).hexdigest()
    estate.stored(sha256).parent.mkdir(exist_ok=True)
    estate.stored(sha256).write_bytes(data)
    return {("M1", f"target:asset:{sha256}", "", "extra")}


def a_file_that_is_called_missing(estate: Estate) -> set[Named]:
    key, sha256 = picture(estate, 2)
    estate.change(
        "UPDATE asset SET file_state = 'missing', sha256 = NULL, size_bytes = NULL, mime_type = NULL WHERE legacy_key = ?",
        key,
    )
    fields = {"file_state": "changed", "sha256": "missing", "size_bytes": "missing", "mime_type": "missing"}
    named: set[Named] = {("F2", key, field, kind) for field, kind in fields.items()}
    return named | {("M1", key, "file_state", "missing"), ("M1", f"target:asset:{sha256}", "", "extra")}


def a_picture_the_source_has_changed(estate: Estate) -> set[Named]:
    key, _ = picture(estate, 3)
    path = estate.folder / "legacy" / "print-files" / key.split(":", 2)[2]
    path.write_bytes(path.read_bytes() + b"\0")
    return {("M1", key, "sha256", "changed")}


def picture(estate: Estate, place: int) -> tuple[str, str]:
    """Key and digest of a picture of the print desk that no other record shares its bytes with."""
    key, sha256 = estate.one(
        "SELECT legacy_key, sha256 FROM asset WHERE file_state = 'stored' AND legacy_key LIKE 'print:%' "
        "AND mime_type = 'image/jpeg' AND (SELECT count(*) FROM asset o WHERE o.sha256 = asset.sha256) = 1 "
        "ORDER BY id LIMIT 1 OFFSET ?", place,
    )  # fmt: skip
    return str(key), str(sha256)


# --- text -------------------------------------------------------------------------------------------------------------
def a_paragraph_less(estate: Estate) -> set[Named]:
    key, html, plain = estate.one(
        "SELECT legacy_key, body_html, body_text FROM article WHERE legacy_key LIKE 'print:%' AND status = 'published' "
        "ORDER BY id"
    )
    rewrite(estate, key, html[: html.rindex("<p>")].rstrip(), plain[: plain.rindex("\n")])
    named: set[Named] = {(check, key, "body_html", "truncated") for check in ("F2", "T1")}
    return named | {("F2", key, "body_text", "truncated"), ("T1", key, "body_html", "missing")}


def a_body_left_in_an_old_font(estate: Estate) -> set[Named]:
    """As if nobody had read the font: the letters of the source as they stand there, without the font's name."""
    with opened(estate.folder / "legacy" / "legacy.sqlite") as source:
        number, html = source.execute(
            "SELECT id, bodyhtml FROM nv4_vi_news_detail WHERE bodyhtml LIKE '<p><font face=\".VnTime\">%' ORDER BY id"
        ).fetchone()
    key = f"web:article:{number}"
    html = re.sub(r"</?(?:font|span)[^>]*>", "", html)
    rewrite(estate, key, html, re.sub(r"<[^>]*>", "", html.replace("<li>", "\n")))
    return {
        ("F2", key, "body_html", "changed"),
        ("F2", key, "body_text", "changed"),
        ("T1", key, "body_html", "mojibake"),
    }


def a_body_that_is_decomposed(estate: Estate) -> set[Named]:
    key, html, plain = estate.one(
        "SELECT legacy_key, body_html, body_text FROM article WHERE legacy_key LIKE 'print:%' AND status = 'published' "
        "ORDER BY id LIMIT 1 OFFSET 1"
    )
    rewrite(estate, key, unicodedata.normalize("NFD", html), plain)
    return {(check, key, "body_html", "unicode-form-only") for check in ("F2", "T1")}


def another_article_s_body(estate: Estate) -> set[Named]:
    (key, _, _), (_, html, plain) = (
        estate.one(
            "SELECT legacy_key, body_html, body_text FROM article WHERE legacy_key LIKE 'print:%' AND status = 'published' "
            "ORDER BY id LIMIT 1 OFFSET ?", place,
        )
        for place in (2, 3)
    )  # fmt: skip
    rewrite(estate, key, html, plain)
    named: set[Named] = {(check, key, "body_html", "changed") for check in ("F2", "T1")}
    return named | {("F2", key, "body_text", "changed"), ("T1", key, "body_html", "extra")}  # more paragraphs


def rewrite(estate: Estate, key: str, html: str, plain: str) -> None:
    estate.change("UPDATE article SET body_html = ?, body_text = ? WHERE legacy_key = ?", html, plain, key)


# --- the vault --------------------------------------------------------------------------------------------------------
def a_withheld_row_that_is_lost(estate: Estate) -> set[Named]:
    key, _ = withheld(estate, "transition", 0)
    keep(estate, "DELETE FROM withheld WHERE key = ?", key)
    return {("V1", key, "", "missing")}


def a_withheld_row_that_is_rewritten(estate: Estate) -> set[Named]:
    key, record = withheld(estate, "version", 0)
    keep(estate, "UPDATE withheld SET record = ? WHERE key = ?", said({**record, "note": "?"}), key)
    return {("V1", key, "", "changed"), ("V1", key, "note", "changed" if record["note"] else "extra")}


def a_withheld_row_that_is_forged(estate: Estate) -> set[Named]:
    """With the digest it needs: only the source can tell."""
    key, record = withheld(estate, "article", 0)
    forged = said({**record, "headline": record["headline"] + "?"})
    digest = hashlib.sha256(forged.encode()).hexdigest()
    keep(estate, "UPDATE withheld SET record = ?, content_sha256 = ? WHERE key = ?", forged, digest, key)
    return {("V1", key, "headline", "changed")}


def a_row_nobody_withheld(estate: Estate) -> set[Named]:
    key = estate.one("SELECT min(legacy_key) FROM article WHERE status = 'published'")
    keep(
        estate, "INSERT INTO withheld SELECT ?, entity, record, content_sha256, reason, rule, withheld_at FROM withheld "
        "WHERE entity = 'article' LIMIT 1", key,
    )  # fmt: skip
    return {("V1", key, "", "extra")}


def what_was_withheld_is_published(estate: Estate) -> set[Named]:
    key, _ = withheld(estate, "article", 1)
    names = [
        name for _, name, *_ in estate.target.execute("PRAGMA table_info(article)") if name not in {"id", "legacy_key"}
    ]
    columns = ", ".join(names)
    estate.change(
        f"INSERT INTO article (legacy_key, {columns}) SELECT ?, {columns} FROM article ORDER BY id DESC LIMIT 1", key
    )
    return {("V1", key, "", "extra"), ("V1", key, "headline", "changed"), ("C4", key, "", "extra")}


def withheld(estate: Estate, entity: str, place: int) -> tuple[str, dict[str, Any]]:
    """A row of the vault: its key and what lies there."""
    key, record = estate.vault.execute(
        "SELECT key, record FROM withheld WHERE entity = ? ORDER BY key LIMIT 1 OFFSET ?", (entity, place)
    ).fetchone()
    return str(key), orjson.loads(record)


def said(record: dict[str, Any]) -> str:
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS).decode()


def keep(estate: Estate, statement: str, *values: Any) -> None:
    """Change exactly one row of the vault."""
    assert estate.vault.execute(statement, values).rowcount == 1


CHANGES: tuple[Tampering, ...] = (
    one_dong_more, a_royalty_of_another_month, a_counter_that_is_set_back,
    a_redirect_that_is_gone, a_redirect_that_leads_elsewhere, a_redirect_to_nothing, a_redirect_for_a_while,
    what_was_taken_down_is_found_again,
    a_file_that_is_lost, a_file_with_a_bit_turned, a_file_nobody_speaks_of, a_file_that_is_called_missing,
    a_picture_the_source_has_changed,
    a_paragraph_less, a_body_left_in_an_old_font, a_body_that_is_decomposed, another_article_s_body,
    a_withheld_row_that_is_lost, a_withheld_row_that_is_rewritten, a_withheld_row_that_is_forged, a_row_nobody_withheld,
    what_was_withheld_is_published,
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What one examination found after every change, and what had to be named for each."""

    code: int
    differences: frozenset[Named]
    wanted: dict[str, set[Named]]


def named(project: Path) -> frozenset[Named]:
    """Every open difference of the project's verification."""
    lines = (project / "verification" / DIFFERENCES_FILE).read_bytes().splitlines()
    found = [each for each in map(orjson.loads, lines) if each["state"] == "open"]
    return frozenset((each["check"], each["key"], each["field"], each["kind"]) for each in found)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """A demo that was sound, changed in every way at once and examined again."""
    project = tmp_path_factory.mktemp("estate") / "demo"
    code, told = command("demo", project, "--articles", str(ARTICLES))
    assert code == 0, told
    assert named(project) == frozenset()
    with opened(project / "target.sqlite") as target, opened(project / "vault.sqlite") as vault:
        estate = Estate(project, target, vault)
        wanted = {change.__name__: change(estate) for change in CHANGES}
    code, _ = command("verify", "--project", project, "--json")
    return Found(code, named(project), wanted)


@pytest.mark.parametrize("change", [change.__name__ for change in CHANGES])
def test_a_change_is_found_and_named(change: str, found: Found) -> None:
    keys = {key for _, key, _, _ in found.wanted[change]}
    assert {each for each in found.differences if each[1] in keys} >= found.wanted[change]


def test_nothing_else_is_named(found: Found) -> None:
    assert found.differences - set().union(*found.wanted.values()) == set()


def test_none_of_it_is_accepted(found: Found) -> None:
    assert found.code == 4
