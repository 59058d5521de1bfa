"""Sitemaps over HTTP, from a real server that misbehaves on demand."""

import gzip
import http.server
import threading
from collections.abc import Iterator

import pytest

from migrator.errors import AccessError
from migrator.read.site import SitemapIndex

PAPER = "www.paper.example"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*entries: tuple[str, str], prefix: str = "") -> bytes:
    p = prefix
    urls = "".join(
        f"<{p}url><{p}loc>{loc}</{p}loc>" + (f"<{p}lastmod>{date}</{p}lastmod>" if date else "") + f"</{p}url>"
        for loc, date in entries
    )
    space = SPACE.replace("xmlns", f"xmlns:{p[:-1]}") if p else SPACE
    return f'<?xml version="1.0"?><{p}urlset {space}>{urls}</{p}urlset>'.encode()


def index(*locations: str) -> bytes:
    entries = "".join(f"<sitemap><loc>{loc}</loc><lastmod>2020-01-01</lastmod></sitemap>" for loc in locations)
    return f"<sitemapindex {SPACE}>{entries}</sitemapindex>".encode()


class Site:
    """Pages by path, served at ``url``; ``asked`` remembers the paths."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.asked: list[str] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                body = site.pages.get(self.path)
                self.send_response(200 if body is not None else 404)
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, format: str, *args: object) -> None:
                """Silence."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def entries(self, *sitemaps: str) -> list[tuple[str, str]]:
        sitemap_index = SitemapIndex.over_http(self.url, sitemaps or ("/sitemap.xml",), frozenset({PAPER}), timeout_s=5)
        return list(sitemap_index.entries())


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


def test_an_index_with_the_papers_own_names(site: Site) -> None:
    site.pages = {
        "/sitemap.xml": index(f"https://{PAPER}/a.xml", f"http://{PAPER}/b.xml.gz", "/c.xml"),
        "/a.xml": urlset(
            (f"http://{PAPER}/x-1.html", "2020-01-01T07:00:00+07:00"), ("http://elsewhere.example/y?a=1", "")
        ),
        "/b.xml.gz": gzip.compress(urlset((" /z-2.html ", ""), prefix="s:")),
        "/c.xml": urlset(),
    }
    assert site.entries() == [("/x-1.html", "2020-01-01T07:00:00+07:00"), ("/y?a=1", ""), ("/z-2.html", "")]


def test_robots_names_further_sitemaps_and_each_is_read_once(site: Site) -> None:
    site.pages = {
        "/robots.txt": f"User-agent: *\nsitemap: http://{PAPER}/sitemap.xml\nSitemap: {site.url}/old.xml\n".encode(),
        "/sitemap.xml": index("/a.xml", "/a.xml", "/old.xml"),
        "/a.xml": urlset(("/1", "")),
        "/old.xml": urlset(("/2", "")),
    }
    assert sorted(site.entries()) == [("/1", ""), ("/2", "")]
    assert sorted(site.asked) == ["/a.xml", "/old.xml", "/robots.txt", "/sitemap.xml"]


def test_pictures_in_a_sitemap_are_no_pages(site: Site) -> None:
    picture = "<i:image xmlns:i='http://www.google.com/schemas/sitemap-image/1.1'><i:loc>/a.jpg</i:loc></i:image>"
    site.pages["/sitemap.xml"] = f"<urlset {SPACE}><url>{picture}<loc>/1</loc></url><url></url></urlset>".encode()
    assert site.entries() == [("/1", "")]


ENTITY = b'<!DOCTYPE u [<!ENTITY a "aaaa">]><urlset><url><loc>&a;</loc></url></urlset>'


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (None, "404"),
        (b"", "no well-formed XML"),
        (b"<urlset><url>", "no well-formed XML"),
        (b"<urlset><url><loc>/a?b=1&c=2</loc></url></urlset>", "no well-formed XML"),
        (ENTITY, "has a document type"),
        (b'<!DOCTYPE html SYSTEM "http://127.0.0.1/x"><html></html>', "has a document type"),
        (b"<html></html>", "is no sitemap, but <html>"),
        (gzip.compress(urlset(("/1", "")))[:-12], "too large or cut off"),
        (b"\x1f\x8bnothing", "is damaged"),
        (index("https://elsewhere.example/a.xml"), "on another host"),
        (index("/sitemap.xml?deeper"), "404"),
    ],
)
def test_what_cannot_be_read_is_never_an_empty_answer(site: Site, page: bytes | None, message: str) -> None:
    if page is not None:
        site.pages["/sitemap.xml"] = page
    with pytest.raises(AccessError, match=message):
        site.entries()


def test_sitemaps_do_not_nest_without_end(site: Site) -> None:
    for number in range(9):
        site.pages["/sitemap.xml" if not number else f"/{number}.xml"] = index(f"/{number + 1}.xml")
    with pytest.raises(AccessError, match="nested too deeply"):
        site.entries()


def test_a_bomb_is_not_unpacked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrator.read.site.LARGEST_BYTES", 10_000)
    site.pages["/sitemap.xml"] = gzip.compress(b" " * 1_000_000)
    with pytest.raises(AccessError, match="too large"):
        site.entries()


def test_an_index_that_names_itself_is_read_once(site: Site) -> None:
    site.pages = {"/sitemap.xml": index("/sitemap.xml", "/a.xml"), "/a.xml": urlset(("/1", ""))}
    assert site.entries() == [("/1", "")]
