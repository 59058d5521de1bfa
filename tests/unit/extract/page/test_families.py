"""Every field of every family's pages is exactly what the page says."""

from typing import Any

import pytest

from migrator.extract.page import load_profiles
from migrator.extract.page.model import Page
from migrator.extract.page.record import as_record
from migrator.html import CleanOptions, clean
from pages import FAMILIES, FixturePage, all_pages

PAGES = list(all_pages())
PICTURE = ("url", "caption", "credit")


def told(page: Page) -> dict[str, Any]:
    """What was read, in the form of a fixture's expectations."""
    record = as_record(page)
    lead = record["lead_image"]
    return {
        **record,
        "lead_image": {name: lead[name] for name in PICTURE} if lead else None,
        "images": [{name: image[name] for name in PICTURE} for image in record["images"]],
        "related": [link["text"] for link in record["related"]],
    }


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_field_is_exact(page: FixturePage, read: Any) -> None:
    found = read(page.data, page.url)
    got = told(found)
    assert {name: got[name] for name in page.expected} == page.expected
    assert found.read_by == f"profile:{page.family}"


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_the_body_is_clean_and_holds_its_pictures(page: FixturePage, read: Any) -> None:
    found = read(page.data, page.url)
    again = clean(found.body_html, CleanOptions())
    assert (again.html, again.text) == (found.body_html, found.body_text)
    assert "<script" not in found.body_html
    assert "grey.gif" not in found.body_html
    assert "data:image" not in found.body_html
    for image in page.expected["images"]:
        assert image["url"].rpartition("/")[2] in found.body_html


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_nothing_from_around_the_article_is_in_it(page: FixturePage, read: Any) -> None:
    found = read(page.data, page.url)
    for strange in ("uảng cáo", "cookies", "Chia sẻ", "Bài viết rất hay", "Xe buýt đường thủy", "Giấy phép", "Cỡ chữ"):
        assert strange not in found.body_text
        assert strange not in (found.standfirst or "")


def test_every_packaged_profile_has_pages(sites: Any) -> None:
    assert {profile.name for profile in load_profiles(sites)} == set(FAMILIES)


def test_what_is_missing_has_a_reason(read: Any) -> None:
    for page in PAGES:
        record = as_record(read(page.data, page.url))
        for name in ("headline", "standfirst", "byline", "section", "lead_image", "canonical_url", "language"):
            assert (record[name] is None) == (name in record["reasons"]), (page.name, name)
        assert (record["published_at"] is None) == bool(record["published_reason"])
        assert (record["updated_at"] is None) == bool(record["updated_reason"])
        if not record["tags"]:
            assert "tags" in record["reasons"]
