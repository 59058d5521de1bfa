"""Pages of a real NukeViet 4.5 site, as it served them."""

from pathlib import Path
from typing import Any

import pytest

from migrator.extract.page.model import Unreadable
from migrator.extract.page.record import as_record

HOST = "http://127.0.0.1:18490"


@pytest.fixture
def site(shared_dir: Path) -> Path:
    folder = shared_dir / "data" / "real" / "nukeviet45-site"
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing")
    return folder


def record(site: Path, number: int, path: str, read: Any) -> dict[str, Any]:
    return as_record(read((site / f"article-{number}.html").read_bytes(), HOST + path))


def test_an_article_with_everything(site: Path, read: Any) -> None:
    path = "/thoi-su-chinh-tri/thanh-pho-hai-phong-khai-mac-le-hoi-hoa-phuong-do-toa-sang-mien-di-san-16.html"
    found = record(site, 16, path, read)
    assert found["read_by"] == "profile:nukeviet"
    assert found["headline"] == 'Hải Phòng khai mạc Lễ hội Hoa Phượng Đỏ "Tỏa sáng miền di sản"'
    assert found["standfirst"] == 'Lễ hội Hoa Phượng Đỏ có chủ đề "Tỏa sáng miền di sản" & thu hút hàng vạn du khách.'
    assert found["byline"] == "Mai Lê, Mai Lê - Hà Phạm"
    assert found["authors"] == ["Mai Lê", "Hà Phạm"]
    # Not the microdata, which has the time of the last edit.
    assert (found["published_at"], found["published_warnings"]) == ("2025-05-13T21:30:00+07:00", [])
    assert found["updated_at"] == "2026-11-23T11:50:53+07:00"
    assert (found["section"], found["sections"]) == ("Thời sự - Chính trị", ["Thời sự - Chính trị"])
    assert found["tags"] == ["Hải Phòng", "Hoa Phượng Đỏ", "du lịch"]
    assert found["lead_image"]["url"] == HOST + "/uploads/news/2026_11/hoa-phuong.jpg"
    assert found["lead_image"]["caption"] == "Pháo hoa tại lễ khai mạc"
    assert [(image["caption"], image["credit"]) for image in found["images"]] == [
        ("Màn pháo hoa tại lễ khai mạc.", "Mai Lê")
    ]
    assert (found["language"], found["canonical_url"]) == ("vi", HOST + path)
    assert found["body_text"].split("\n") == [
        "Tối 13/5, lễ khai mạc diễn ra tại quảng trường trung tâm thành phố.",
        "Chương trình gồm ba phần, kéo dài 120 phút.",
        "Màn pháo hoa tại lễ khai mạc. Ảnh: Mai Lê",
        "Ban tổ chức cho biết lượng khách ước đạt 50.000 lượt.",
        "“Đây là dịp để giới thiệu mảnh đất và con người thành phố Cảng”.",
        "Mai Lê",  # not the last block: a note of the editors stands behind it
        "(Cập nhật lúc 22h30: sửa số liệu khách tham quan)",
    ]


def test_an_article_from_elsewhere(site: Path, read: Any) -> None:
    found = record(site, 1, "/Tin-tuc/Ra-mat-cong-ty-ma-nguon-mo-dau-tien-tai-Viet-Nam-1.html", read)
    assert (found["byline"], found["source_credit"]) == ("Quỳnh Nhi", "Báo Hà Nội Mới")
    assert found["published_at"] == "2010-05-28T02:39:00+07:00"
    assert found["body_text"].count("\n") == 4
    assert found["tags"] == ["thương mại điện", "nukeviet", "mã nguồn mở", "module", "php-nuke"]


def test_a_subsection_and_two_authors(site: Path, read: Any) -> None:
    found = record(site, 17, "/logistics/san-luong-hang-hoa-qua-cang-10-thang-tang-12-5-17.html", read)
    assert found["sections"] == ["Kinh tế biển & Cảng", "Logistics"]
    assert found["authors"] == ["Mai Lê", "Trần Dũng"]
    assert found["published_at"] == "2025-11-02T08:15:00+07:00"


def test_special_characters(site: Path, read: Any) -> None:
    found = record(site, 22, "/dat-va-nguoi-hai-phong/le-hoi-lang-nghe-am-thuc-22.html", read)
    assert found["headline"] == "Lễ hội làng nghề & ẩm thực"
    assert found["byline"] == "Mai Lê, H.P."
    assert "lò nung >1.000°C" in found["body_text"]
    assert found["images"][0]["url"] == HOST + "/uploads/news/2026_11/Ảnh%20lễ%20hội.jpg"


@pytest.mark.parametrize("name", ["home", "category-kinh-te-bien-cang", "tag-hai-phong"])
def test_lists_are_no_articles(name: str, site: Path, read: Any) -> None:
    found = read.tried((site / f"{name}.html").read_bytes(), HOST + "/")
    assert isinstance(found, Unreadable)
    assert (found.reason, found.family) == ("no-article", "nukeviet")


@pytest.mark.parametrize("name", ["rss.xml", "sitemap-index.xml", "sitemap-vi.news.xml"])
def test_feeds_are_no_pages(name: str, site: Path, read: Any) -> None:
    found = read.tried((site / name).read_bytes())
    assert isinstance(found, Unreadable)
    assert found.reason == "not-a-page"
