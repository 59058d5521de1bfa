"""What profiles say about addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.errors import ConfigurationError
from migrator.extract.site import Addresses, Rules, read_rules
from migrator.extract.site.rules import HREF, Judge
from tests.unit.extract.site.bench import PROFILES, PUBLIC

SITE = Addresses(PUBLIC)
PACKAGED = sorted(path.stem for path in PROFILES.glob("*.yaml") if "\nharvest:" in path.read_text(encoding="utf-8"))


def packaged(*names: str) -> Rules:
    return read_rules([PROFILES / f"{name}.yaml" for name in names], PROFILES)


def test_packaged_profiles_have_rules_that_can_be_read() -> None:
    assert {"nukeviet", "channel", "onecms", "vccorp", "epi", "mastercms", "vietnamnet", "wordpress"} <= set(PACKAGED)
    for name in PACKAGED:
        assert packaged(name).articles


@pytest.mark.parametrize(
    ("profile", "path", "kind", "legacy_id"),
    [
        ("nukeviet", "/news/thoi-su/mua-lon-123.html", "article", "123"),
        ("nukeviet", "/vi/news/Kinh-te/Gia-xang-9.html", "article", "9"),
        ("nukeviet", "/news/thoi-su/", "listing", ""),
        ("nukeviet", "/news/thoi-su/page-12/", "listing", ""),
        ("nukeviet", "/gioi-thieu.html", "other", ""),
        ("channel", "/channel/3/201905/mua-lon-77/", "article", "77"),
        ("channel", "/kinh-te/201905/mua-lon-12ab34f/", "article", "12ab34f"),
        ("channel", "/channel/3/", "listing", ""),
        ("onecms", "/mua-lon-541045.html", "article", "541045"),
        ("vccorp", "/mua-lon-185251230111427263.htm", "article", "185251230111427263"),
        ("vccorp", "/mua-lon-12.htm", "listing", ""),
        ("epi", "/mua-lon-post1234.html", "article", "1234"),
        ("vietnamnet", "/mua-lon-2345678.html", "article", "2345678"),
        ("wordpress", "/2019/05/mua-lon/", "article", ""),
        ("wordpress", "/?p=12", "article", "12"),
        ("wordpress", "/category/thoi-su/page/2/", "listing", ""),
    ],
)
def test_addresses_of_known_families(profile: str, path: str, kind: str, legacy_id: str) -> None:
    rules = packaged(profile)
    assert (rules.kind_of(path), rules.legacy_id(path)) == (kind, legacy_id)


def test_two_generations_are_one_set_of_rules() -> None:
    rules = packaged("nukeviet", "channel")
    assert rules.kind_of("/news/x/a-1.html") == rules.kind_of("/channel/3/201905/b-2/") == "article"
    assert rules.start == ("/rss/", "/channel/sitemap.xml")


def test_a_profile_adds_to_the_one_it_extends(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text("profile: mine\nextends: nukeviet\nharvest: {skip: ['^/news/cu/'], start: /moi}\n", encoding="utf-8")
    rules = read_rules([own], PROFILES)
    assert rules.legacy_id("/news/x/a-1.html") == "1"
    assert rules.start == ("/moi", "/rss/")
    judge = Judge(SITE, rules)
    assert judge.state(f"{PUBLIC}/news/cu/a-1.html", "page", "sitemap") == "ignored"


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(
        "profile: bad\nharvest:\n  articles: ['(']\n  article: ['x']\n  links: ['a::before']\n  next: 3\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigurationError) as raised:
        read_rules([path], PROFILES)
    assert sorted(fault.line for fault in raised.value.faults) == [3, 4, 5, 6]
    assert any("did you mean 'articles'?" in fault.hint for fault in raised.value.faults)


def test_without_articles_nothing_can_be_harvested(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("profile: empty\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="1 mistake") as raised:
        read_rules([path], PROFILES)
    assert "which addresses are articles" in raised.value.faults[0].message


@pytest.mark.parametrize(
    ("url", "kind", "found_by", "state"),
    [
        (f"{PUBLIC}/news/x/a-1.html", "page", HREF, "waiting"),
        (f"{PUBLIC}/news/x/", "page", HREF, "waiting"),
        (f"{PUBLIC}/gioi-thieu.html", "page", HREF, "ignored"),
        (f"{PUBLIC}/gioi-thieu.html", "page", "sitemap", "waiting"),
        (f"{PUBLIC}/news/print/x/a-1.html", "page", "sitemap", "ignored"),
        (f"{PUBLIC}/rss/thoi-su.rss", "page", HREF, "waiting"),
        (f"{PUBLIC}/feed", "page", HREF, "waiting"),
        (f"{PUBLIC}/s.xml", "index", "sitemap", "waiting"),
        ("https://other.example/news/x/a-1.html", "page", "sitemap", "foreign"),
        ("https://other.example/a.jpg", "file", "image", "foreign"),
        (f"{PUBLIC}/a.jpg", "file", "image", "waiting"),
    ],
)
def test_what_is_asked(url: str, kind: str, found_by: str, state: str) -> None:
    assert Judge(SITE, packaged("nukeviet")).state(url, kind, found_by) == state


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/a.JPG", "file"), ("/a.jpg?w=3", "file"), ("/a.html", "page"), ("/a", "page"), ("/v1.2/a", "page")],
)
def test_files_are_known_by_their_extension(path: str, kind: str) -> None:
    assert Judge(SITE, Rules()).kind(PUBLIC + path) == kind
