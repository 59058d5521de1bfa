"""Pages made to hurt: bounded time and memory, and a clear reason."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from migrator.extract.page.limits import too_costly
from migrator.extract.page.model import REASONS, Unreadable

PROSE = "Đây là một đoạn văn của bài báo, đủ dài để được nhận là thân bài. "
ARTICLE = f"<html><body><h1>Tiêu đề bài báo</h1><div id='news-bodyhtml'><p>{PROSE * 3}</p>%s</div></body></html>"

pytestmark = pytest.mark.timeout(120)  # each takes a few seconds; without limits some would take hours

HOSTILE = {
    "nested": ("<div>" * 100_000, "too-deep"),
    "nested tables": ("<table><tr><td>" * 50_000, "too-deep"),
    "nested and empty": ("<div><p>" * 100_000, "too-deep"),
    "formatting never closed": ("".join(f"<font size={n}><p>" for n in range(20_000)), "too-deep"),
    "formatting in cells": ("<table>" + "".join(f"<td><font size={n}><p>" for n in range(30_000)), "too-deep"),
    "attributes": ("<p " + " ".join(f'a{n}=">"' for n in range(50_000)) + ">", "too-many-attributes"),
    "attributes behind a comment": (
        "<!-- ' -->" + "<p " + " ".join(f"a{n}" for n in range(50_000)) + ">",
        "too-many-attributes",
    ),
    "10 MB attribute": ('<img alt="' + "A" * 10_000_000 + '">', "too-large"),
    "depth hidden from a naive count": ("<!-- <a b=' -->" + "<div>" * 100_000 + "'", "too-deep"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_would_cost_too_much_is_refused(name: str, read: Any) -> None:
    hostile, reason = HOSTILE[name]
    found = read.tried(ARTICLE % hostile)
    assert isinstance(found, Unreadable)
    assert found.reason == reason
    assert found.reason in REASONS
    assert found.detail


BEARABLE = {
    "one long text": PROSE * 10_000,
    "entities": "&amp;&#7843;&lt;" * 100_000,
    "entities of a document type": '<!DOCTYPE lolz [<!ENTITY a "&b;&b;"><!ENTITY b "lol">]>' + "&a;" * 100_000,
    "open brackets": "<" * 200_000,
    "comments never closed": "<!--" * 200_000,
    "scripts never closed": "<script>" * 100_000,
    "NUL bytes": "Một\0 dòng\0 chữ " * 1_000,
    "an attribute of 3 MB": '<img alt="' + "A" * 3_000_000 + '">',
    "links": "<a href=/x>Tin</a> " * 5_000,
}


@pytest.mark.parametrize("name", BEARABLE)
def test_what_is_only_large_is_read_or_refused_with_a_reason(name: str, read: Any) -> None:
    found = read.tried(ARTICLE % BEARABLE[name])
    if isinstance(found, Unreadable):
        assert found.reason in REASONS
        assert found.detail
    else:
        assert PROSE.strip() in found.body_text


MEASURE = r"""
import re, sys
from pathlib import Path
from migrator.extract.page import PageOptions, load_profiles, read_page
options = PageOptions(load_profiles(Path(sys.argv[1])))
page = sys.stdin.buffer.read()
print(type(read_page(page, None, options)).__name__)
# Not ru_maxrss: that of a new process begins with what the process had that started it.
print(int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read where Linux tells it")
def test_memory_of_a_5_mb_page(sites: Path) -> None:
    paragraph = f"<p>{PROSE * 5}</p>".encode()
    page = (ARTICLE % "@").encode().replace(b"@", paragraph * (4_500_000 // len(paragraph)))
    page += "<ul class='menu'><li>Chuyên mục</li></ul>".encode() * 12_000
    assert len(page) > 5_000_000
    done = subprocess.run([sys.executable, "-c", MEASURE, str(sites)], input=page, capture_output=True, check=True)
    kind, megabytes = done.stdout.split()
    assert (kind, int(megabytes) < 600) == (b"Page", True)  # 200 MB were measured


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        (b"", "empty"),
        (b"%PDF-1.4 ...", "not-text"),
        (b"\xff\xd8\xff\xe0abc", "not-text"),
        (b"\x89PNG\r\n", "not-text"),
        (b"\0" * 500, "not-text"),
        ("a\0\0\0\0b", "not-text"),
        ('{"@type": "NewsArticle", "headline": "<b>x</b>"}', "not-a-page"),
        ('[{"id": 1}]', "not-a-page"),
        ('<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>', "not-a-page"),
        ("<rss><channel></channel></rss>", "not-a-page"),
        ("<html><body></body></html>", "no-article"),
        ("<p>", "no-article"),
    ],
)
def test_what_is_no_page_has_its_reason(page: str | bytes, reason: str, read: Any) -> None:
    found = read.tried(page)
    assert isinstance(found, Unreadable), found
    assert found.reason == reason


def test_ordinary_pages_cost_little() -> None:
    old = "<table>" + "<tr><td><font size=2 color=red><b>Tin" * 400 + "</table>"  # nothing closed, as old pages are
    assert too_costly(old) is None
    assert too_costly("<p>" * 100_000) is None
    assert too_costly(("<div>" * 50 + "x" + "</div>" * 50) * 500) is None


def test_an_xhtml_page_with_a_prologue_is_a_page(read: Any) -> None:
    page = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "x" "y"><html>' + (ARTICLE % "")[6:]
    assert read(page).headline == "Tiêu đề bài báo"
