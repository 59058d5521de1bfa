"""robots.txt as RFC 9309 says."""

import pytest

from migrator.extract.site.robots import LARGEST_BYTES, Robots, parse

HOST = "https://www.paper.example"


def allowed(text: str, *paths: str) -> list[bool]:
    robots = parse(text.encode())
    return [robots.allows(HOST + path) for path in paths]


def test_no_rules_allow_everything() -> None:
    assert allowed("", "/", "/a") == [True, True]
    assert allowed("User-agent: *\nDisallow:", "/a") == [True]


def test_the_longest_match_decides_and_allow_wins_a_tie() -> None:
    text = "User-agent: *\nDisallow: /a\nAllow: /a/public\nDisallow: /a/public/x\nAllow: /b\nDisallow: /b"
    assert allowed(text, "/a", "/a/public", "/a/public/x", "/b", "/c") == [False, True, False, True, True]


def test_wildcards_and_the_end() -> None:
    text = "User-agent: *\nDisallow: /*.pdf$\nDisallow: /print*page\nDisallow: /exact$"
    paths = ("/a/b.pdf", "/a.pdf?x=1", "/print/of/a/page/2", "/print", "/exact", "/exactly")
    assert allowed(text, *paths) == [False, True, False, True, False, True]


def test_our_own_group_replaces_the_one_for_everybody() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: Migrator/2.0\nDisallow: /admin"
    assert allowed(text, "/a", "/admin/x") == [True, False]
    assert allowed("User-agent: migratorbot\nDisallow: /\n", "/a") == [True]


def test_groups_of_the_same_name_are_one() -> None:
    text = "User-agent: migrator\nDisallow: /a\nUser-agent: *\nDisallow: /c\nUser-agent: migrator\nDisallow: /b"
    assert allowed(text, "/a", "/b", "/c") == [False, False, True]


@pytest.mark.parametrize("pattern", ["/tin-t%e1%bb%a9c", "/tin-t%E1%BB%A9c", "/tin-tức", "/%74in-tức"])
def test_escapes_are_the_same_however_they_are_written(pattern: str) -> None:
    assert allowed(f"User-agent: *\nDisallow: {pattern}", "/tin-tức/1", "/tin-t%E1%BB%A9c", "/tin") == [
        False,
        False,
        True,
    ]


def test_comments_case_bom_and_windows_lines() -> None:
    text = "\ufeffUSER-AGENT: * # all\r\nDISALLOW : /a # not this\r\nnonsense\r\n\r\nDisallow: /b\r\n"
    assert allowed(text, "/a", "/b", "/c") == [False, False, True]


def test_robots_txt_itself_may_be_asked() -> None:
    assert allowed("User-agent: *\nDisallow: /", "/robots.txt", "/") == [True, False]


def test_delay_and_sitemaps() -> None:
    robots = parse(b"Sitemap: https://www.paper.example/s.xml\nUser-agent: *\nCrawl-delay: 2.5\nSitemap: /t.xml")
    assert robots == Robots((), 2.5, ("https://www.paper.example/s.xml", "/t.xml"))
    assert parse(b"User-agent: *\nCrawl-delay: 99999").delay_s == 60
    assert parse(b"User-agent: *\nCrawl-delay: soon").delay_s == 0
    assert parse(b"User-agent: *\nCrawl-delay: 9\nUser-agent: migrator\nAllow: /").delay_s == 0


def test_a_hostile_file_costs_no_time() -> None:
    robots = parse(b"User-agent: *\nDisallow: /" + b"*a" * 2000 + b"$\n")
    assert robots.allows(HOST + "/" + "a" * 1500 + "b")
    assert parse(b"User-agent: *\n" + b"#" * LARGEST_BYTES + b"\nDisallow: /").allows(HOST + "/")
