"""None of the personal data that was planted in the legacy newsroom is anywhere in what a demo leaves behind or says."""

from __future__ import annotations

import html
import json
import random
import shutil
import sqlite3
import unicodedata
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.demo_made import Demo
from tests.e2e.outcome import migrator
from tests.e2e.personal_scan import NUMBERS, PersonalScan

LEGACY = "legacy"
"""What the maker made: the only folder of a demo that may hold it."""

KINDS = {"phone", "email", "ip", "password_hash", "security_answer", "two_factor_secret", "address", *NUMBERS}


@pytest.fixture(scope="module")
def scan(demo: Demo) -> PersonalScan:
    return PersonalScan(demo.manifest["personal"])


def test_the_legacy_newsroom_is_full_of_it(demo: Demo, scan: PersonalScan) -> None:
    assert demo.manifest["personal"].keys() == KINDS
    assert len(scan.values) > 500
    legacy = demo.folder / LEGACY
    there = scan.in_file(legacy / "legacy.sqlite") | scan.in_file(legacy / "print.sqlite")
    assert there == scan.values


def test_the_public_site_never_showed_it(demo: Demo, scan: PersonalScan) -> None:
    """So that the pages kept as evidence have no excuse."""
    assert scan.in_folder(demo.folder / LEGACY / "site") == {}


def test_nothing_a_demo_leaves_behind_holds_it(demo: Demo, scan: PersonalScan) -> None:
    kept = {
        "target.sqlite", "vault.sqlite", "ledger.sqlite", "report/index.html", "report/index.en.html", "report/report.json",
        "report/lists/notes.csv", "report/lists/exceptions.csv", "report/lists/differences.csv",
        "verification/examination.json", "verification/differences.jsonl", "evidence/web.sqlite", "evidence/twins.sqlite",
        "evidence/print.sqlite",
    }  # fmt: skip
    assert [name for name in kept if not (demo.folder / name).is_file()] == []
    assert scan.in_folder(demo.folder, without=[LEGACY]) == {}


def test_nothing_a_demo_says_holds_it(demo: Demo, scan: PersonalScan) -> None:
    assert scan.in_text(demo.said) == set()


def test_no_log_no_metrics_and_nothing_a_later_run_says_hold_it(demo: Demo, scan: PersonalScan, tmp_path: Path) -> None:
    project = shutil.copytree(demo.folder, tmp_path / "demo")
    said = [
        migrator(*words, "--project", project, check=False)
        for words in (
            (
                "run",
                "comment",
                "account",
                "--full",
                "--log",
                project / "night.log",
                "--metrics",
                project / "night.prom",
            ),
            ("run", "comment", "account", "--full", "--dry-run", "--json"),
            ("messages",),
            ("status", "--json"),
        )
    ]
    assert [done.returncode for done in said] == [3, 3, 0, 0]  # 3: done, with rows set aside, rehearsed or not
    assert (project / "night.log").stat().st_size > 0
    assert (project / "night.prom").stat().st_size > 0
    assert scan.in_folder(project, without=[LEGACY]) == {}
    assert [scan.in_text(done.stdout + done.stderr) for done in said] == [set()] * 4


def test_readers_keep_their_words_and_lose_their_numbers(demo: Demo) -> None:
    """Where a comment told them, a mark stands instead; who wrote it has a pseudonym."""
    marks = ("[số điện thoại]", "[thư điện tử]", "[địa chỉ IP]")
    for key in demo.keys("comment-personal"):
        if demo.stands(key):
            comment = demo.record(key)
            assert any(mark in comment["text"] for mark in marks)
            assert comment["author_name"].startswith("bạn đọc ")
    names = demo.rows("web", "SELECT DISTINCT post_name FROM nv4_vi_comment")
    authors = {row[0] for row in demo.rows("target", "SELECT author_name FROM comment")}
    assert not authors & {row[0] for row in names}


# --- the scan finds what it looks for ---------------------------------------------------------------------------------
def dotted(value: str) -> str:
    return ".".join([value[:4], value[4:7], value[7:]])


SPELLINGS: dict[str, tuple[str, Callable[[str], str]]] = {
    "as it is": ("email", str),
    "in capitals": ("email", str.upper),
    "escaped for HTML": ("email", lambda value: value.replace("@", "&#64;").replace(".", "&#x2E;")),
    "escaped for an address": ("email", lambda value: value.replace("@", "%40")),
    "escaped for JSON": ("address", json.dumps),
    "with spaces": ("phone", lambda value: f"{value[:4]} {value[4:7]} {value[7:]}"),
    "with points": ("phone", dotted),
    "with brackets and hyphens": ("phone", lambda value: f"({value[:4]}) {value[4:7]}-{value[7:]}"),
    "from abroad": ("phone", lambda value: f"+84 {value[1:4]} {value[4:]}"),
    "in groups": ("bank_account", lambda value: " ".join(value[at : at + 4] for at in range(0, len(value), 4))),
    "a citizen's number in text": ("cccd", lambda value: f"CCCD số {value}."),
    "a tax code": ("tax_code", str),
    "an address of the net": ("ip", lambda value: f"[{value}]:443"),
    "a password": ("password_hash", str),
    "a second factor": ("two_factor_secret", str.lower),
    "a security answer": ("security_answer", lambda value: html.escape(value).upper()),
    "a home address in decomposed Unicode": (
        "address",
        lambda value: unicodedata.normalize("NFD", value),
    ),
}


@pytest.mark.parametrize("how", SPELLINGS)
def test_every_spelling_is_found(how: str, demo: Demo, scan: PersonalScan) -> None:
    kind, spell = SPELLINGS[how]
    for value in demo.manifest["personal"][kind]:
        found = scan.in_text(f"Trước đó{spell(_digits(value))} sau đó.")
        assert _digits(value) in {_digits(each) for each in found}


def test_good_text_holds_nothing(scan: PersonalScan) -> None:
    text = "Giá 1.234.567.890 đồng; 0912 345 678; lan@baocuabien.example; 198.18.255.255; Số 1 phố Cửa Sông, Hải Phòng"
    assert scan.in_text(text) == set()


def test_a_value_planted_in_a_copy_is_found(demo: Demo, scan: PersonalScan, tmp_path: Path) -> None:
    values = {kind: random.Random(74).choice(sorted(found)) for kind, found in demo.manifest["personal"].items()}
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("target.sqlite", "ledger.sqlite", "report/report.json"):
        shutil.copy(demo.folder / name, copy / Path(name).name)
    target = sqlite3.connect(copy / "target.sqlite")
    with target:
        target.execute("UPDATE comment SET text = text || ? WHERE id = 1", [f" Gọi {dotted(values['phone'])} nhé"])
    target.close()
    ledger = sqlite3.connect(copy / "ledger.sqlite")
    with ledger:
        ledger.execute("CREATE TABLE planted (packed BLOB)")
        ledger.execute("INSERT INTO planted VALUES (?)", [zlib.compress(values["email"].upper().encode())])
    ledger.close()
    with (copy / "report.json").open("a", encoding="utf-8") as file:
        file.write(f"<td>{html.escape(values['address'])}</td>")
    found = scan.in_folder(copy)
    assert {name: {_digits(value) for value in planted} for name, planted in found.items()} == {
        "target.sqlite": {_digits(values["phone"])},
        "ledger.sqlite": {values["email"]},
        "report.json": {values["address"]},
    }


def _digits(value: str) -> str:
    return value.replace(" ", "") if value.replace(" ", "").isdigit() else value
