"""What WordPress may make of a value, and what is a difference."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from migrator.model.platform import Place
from migrator.read.wordpress.alike import is_alike, slug

STATUS = Place("status", alike="values", values={"published": "publish", "draft": "draft"}, also=("publish", "future"))
MOMENT = datetime(2020, 1, 2, 3, 4, 5, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("place", "kept", "stands", "wanted"),
    [
        (Place("name", alike="plain"), "A & B", "A &amp; B", True),
        (Place("name", alike="plain"), "A  <b>B</b>", "A B", True),
        (Place("name", alike="plain"), "A & B", "A", False),
        (Place("name", alike="plain"), "A", "a", False),
        (Place("name", alike="plain"), None, "", True),
        (Place("name", alike="plain"), None, "web:x", False),
        (Place("name", alike="plain"), "5 < 7", "5 &lt; 7", True),
        (Place("name", alike="plain"), "A & B", "A &amp;amp; B", False),
        (Place("title", alike="trimmed"), " A ", "A", True),
        (Place("title", alike="trimmed"), "A  B", "A B", False),
        (Place("title", alike="trimmed"), "A", "<b>A</b>", False),
        (Place("slug", alike="slug"), "Hải-Phòng", "hai-phong", True),
        (Place("slug", alike="slug"), "hai-phong", "hai-phong-2", False),
        (Place("slug", alike="slug", is_invented=True), None, "anything", True),
        (Place("slug", alike="slug"), None, "anything", False),
        (Place("date", alike="seconds"), MOMENT, "2020-01-02T03:04:05", True),
        (Place("date", alike="seconds"), MOMENT, "2020-01-02T03:04:06", False),
        (Place("date", alike="seconds"), MOMENT, "no time", False),
        (Place("date", alike="seconds"), MOMENT, None, False),
        (STATUS, "published", "publish", True),
        (STATUS, "published", "future", True),
        (STATUS, "published", "draft", False),
        (STATUS, "draft", "publish", False),
        (STATUS, "unheard-of", None, False),
        (Place("x", is_invented=True), "a", "b", False),
    ],
)  # fmt: skip
def test_only_what_is_declared_is_alike(place: Place, kept: str, stands: object, wanted: bool) -> None:
    assert is_alike(place, kept, stands) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Đô-Thị Loại_Một", "do-thi-loai_mot"),
        ("a.b/c  d", "a-b-c-d"),
        ("--a--b--", "a-b"),
        ("中文-x", "%e4%b8%ad%e6%96%87-x"),
        ("100%", "100"),
        ("x" * 300, "x" * 200),
    ],
)
def test_addresses_as_wordpress_writes_them(text: str, wanted: str) -> None:
    assert slug(text) == wanted
