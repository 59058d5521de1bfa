"""One address, one form."""

import pytest

from migrator.extract.site import Addresses

SITE = Addresses("https://www.paper.example", "http://127.0.0.1:8000", ("paper.example",), ("203.0.113.48:9000",))


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("/a/b", "https://www.paper.example/a/b"),
        ("http://paper.example/a", "https://www.paper.example/a"),
        ("http://PAPER.example:80/a", "https://www.paper.example/a"),
        ("https://www.paper.example:443", "https://www.paper.example/"),
        ("http://127.0.0.1:8000/a", "https://www.paper.example/a"),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8001/a"),
        ("//cdn.example/x.jpg", "https://cdn.example/x.jpg"),
        ("/a/../b/./c", "https://www.paper.example/b/c"),
        ("/../../etc/passwd", "https://www.paper.example/etc/passwd"),
        ("/a/%2e%2E/b", "https://www.paper.example/b"),
        ("/tin tức/lũ.html", "https://www.paper.example/tin%20t%E1%BB%A9c/l%C5%A9.html"),
        ("/l%c5%a9", "https://www.paper.example/l%C5%A9"),
        ("/%7Eban%2Fx", "https://www.paper.example/~ban%2Fx"),
        ("/100%", "https://www.paper.example/100%25"),
        ("/a\\b", "https://www.paper.example/a/b"),
        ("/a\n b#top", "https://www.paper.example/a%20b"),
        ("/a?utm_source=fb&id=3&fbclid=x", "https://www.paper.example/a?id=3"),
        ("/a?id=3&id=4", "https://www.paper.example/a?id=3&id=4"),
        ("/a?", "https://www.paper.example/a"),
        ("http://user:secret@paper.example/a", "https://www.paper.example/a"),
        ("http://báo.example/", "http://xn--bo-mia.example/"),
        ("mailto:a@b.example", None),
        ("javascript:alert(1)", None),
        ("data:image/png;base64,xx", None),
        ("ftp://paper.example/a", None),
        ("http://", None),
        ("http://[::1", None),
        ("http://a:b/", None),
        ("/" + "x" * 3000, None),
        ("", None),
    ],
)
def test_canonical(written: str, canonical: str | None) -> None:
    assert SITE.canonical(written) == canonical


@pytest.mark.parametrize(
    "written", ["/a%2Fb?x=%41&y=ă", "/tin tức/%%", "//cdn.example/ă b", "/a/%2e%2e/%252e", "/?&&a"]
)
def test_a_canonical_address_is_its_own_canonical_form(written: str) -> None:
    once = SITE.canonical(written)
    assert once is not None
    assert SITE.canonical(once) == once


def test_relative_addresses_are_meant_from_their_page() -> None:
    assert SITE.canonical("../c.html", "https://www.paper.example/a/b/") == "https://www.paper.example/a/c.html"


def test_who_may_be_asked() -> None:
    own, named, foreign = (
        SITE.canonical(u) for u in ("/a", "http://203.0.113.48:9000/x.jpg", "http://203.0.113.48/x.jpg")
    )
    assert own is not None
    assert named is not None
    assert foreign is not None
    assert [SITE.may_ask(url) for url in (own, named, foreign)] == [True, True, False]
    assert SITE.hosts == {"127.0.0.1:8000", "203.0.113.48:9000"}
    assert SITE.to_ask(own) == "http://127.0.0.1:8000/a"
    assert SITE.to_ask(named) == named
    assert not SITE.may_ask("https://www.paper.example.evil.example/a")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://www.paper.example/uploads/l%C5%A9%20l%E1%BB%A5t.jpg", "uploads/lũ lụt.jpg"),
        ("https://www.paper.example/a%2Fb.jpg", "a%2Fb.jpg"),
        ("https://www.paper.example/a.jpg?width=600", "a.jpg?width=600"),
        ("https://www.paper.example/%E1%BB.jpg", "%E1%BB.jpg"),
        ("http://203.0.113.48:9000/a.jpg", "http://203.0.113.48:9000/a.jpg"),
    ],
)
def test_a_file_has_one_path_and_a_path_one_file(url: str, path: str) -> None:
    assert SITE.file_path(url) == path


def test_a_path_of_an_inventory_becomes_an_address() -> None:
    assert SITE.of_file("uploads/100% lũ?.jpg") == "https://www.paper.example/uploads/100%25%20l%C5%A9%3F.jpg"
    assert SITE.file_path(SITE.of_file("uploads/100% lũ?.jpg")) == "uploads/100% lũ?.jpg"
    assert SITE.of_file("/uploads/a.jpg") == SITE.of_file("uploads/a.jpg")
    assert SITE.of_file("http://paper.example/uploads/a.jpg") == SITE.of_file("uploads/a.jpg")
    with pytest.raises(ValueError, match="no address"):
        SITE.of_file("x" * 5000)
