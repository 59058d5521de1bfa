"""Which family a page belongs to."""

from typing import Any

import pytest

from migrator.extract.page.detect import families
from migrator.extract.page.metadata import read_metadata
from migrator.html.dom import parse
from pages import page

PARAGRAPH = "<p>" + "Đây là một đoạn văn đủ dài để là thân bài của một bài báo. " * 4 + "</p>"


def ranked(html: str, url: str | None, read: Any) -> list[str]:
    tree = parse(html)
    return [family.profile.name for family in families(tree, url, read_metadata(tree), read.profiles)]


def test_a_url_alone_proves_nothing(read: Any) -> None:
    assert ranked("<h1>x</h1>" + PARAGRAPH, "https://bao.example/tin/bai-viet-2209456.html", read) == []


def test_the_generator_comes_before_marks(read: Any) -> None:
    html = (
        '<meta name="generator" content="NukeViet v4.5"><div class="__MASTERCMS_CONTENT">x</div><div class="cms-body">'
    )
    assert ranked(html, None, read)[0] == "nukeviet"


def test_more_marks_come_before_fewer(read: Any) -> None:
    html = '<div class="c-news-detail"></div><div class="onecms__tags"></div><div class="col-content"></div>'
    assert ranked(html, None, read) == ["onecms", "channel"]


def test_the_url_decides_between_equal_marks(read: Any) -> None:
    html = '<div class="col-content"></div><div class="content-fck"></div>'
    assert ranked(html, "http://b.example/channel/10/201511/ten-bai-244/", read)[0] == "channel"


def test_pictures_are_a_mark(read: Any) -> None:
    html = '<img src="/1.gif" data-src="https://hnm.1cdn.vn/2024/05/06/a.jpg">'
    assert ranked(html, "https://hnm.example/ten-bai-12.html", read) == ["onecms"]


def test_the_profile_of_a_family_whose_body_is_not_there_gives_way(read: Any) -> None:
    html = page("channel", 1).data.decode().replace("<head>", '<head><meta name="generator" content="NukeViet v4.5">')
    found = read(html, page("channel", 1).url)
    assert found.read_by == "profile:channel"
    assert ("profile-unfit", "nukeviet: no body where the profile says") in found.notes


@pytest.mark.parametrize("name", ["epi", "vccorp"])
def test_a_named_profile_is_used_whatever_the_page_looks_like(name: str, read: Any) -> None:
    profile = next(each for each in read.profiles if each.name == name)
    mine = page(name, 1)
    found = read(mine.data, mine.url, profile=profile)
    assert (found.read_by, found.headline) == (f"profile:{name}", mine.expected["headline"])


def test_a_body_of_text_comes_before_one_of_pictures(read: Any) -> None:
    pictures = '<div class="detail-content afcbc-body VCSortableInPreviewMode"><img src="/a.jpg"></div>'
    found = read(f"<h1>Tiêu đề của bài</h1>{pictures}<div class=col-content><p>Sapo của bài.</p>{PARAGRAPH}</div>")
    assert (found.read_by, found.standfirst) == ("profile:channel", "Sapo của bài.")
    gallery = read(f"<h1>Bộ ảnh của ngày hôm nay</h1>{pictures}")
    assert (gallery.read_by, gallery.body_text, len(gallery.images)) == ("profile:vccorp", "", 1)
