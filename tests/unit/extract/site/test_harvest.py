"""Whole harvests of a small server that behaves, and misbehaves, as told."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import legacy_newsroom
from migrator.errors import AccessError, StopRun
from migrator.extract.site import Patience, Rules
from tests.unit.extract.site.bench import BODY, PUBLIC, Bench, article, channel, listing, sitemap
from tests.unit.extract.site.server import Handler, Reply, Server, running

PICTURE = (Path(legacy_newsroom.__file__).parent / "pictures" / "boats.jpg").read_bytes()
JPG = Reply(PICTURE, content_type="image/jpeg")
XML = "application/xml"
LINKS = f'<p>{BODY} <a href="/news/thoi-su/f-6.html">x</a> <a href="/x.pdf">y</a></p>'


@pytest.fixture
def bench(server: Server, tmp_path: Path) -> Bench:
    server.pages["/"] = listing("/news/thoi-su/")
    server.pages["/sitemap.xml"] = sitemap()
    return Bench(tmp_path, server)


def test_everything_there_is(bench: Bench, server: Server) -> None:
    """From the home page to listings, their further pages, articles and pictures; from robots.txt to sitemaps and feeds."""
    server.pages |= {
        "/robots.txt": f"User-agent: *\nDisallow: /admin/\nSitemap: {PUBLIC}/index.xml\n".encode(),
        "/index.xml": b"<sitemapindex><sitemap><loc>/one.xml</loc></sitemap></sitemapindex>",
        "/one.xml": sitemap(f"{PUBLIC}/news/thoi-su/a-1.html", "http://paper.example/channel/3/201905/b-2/"),
        "/news/thoi-su/": listing("/news/thoi-su/c-3.html", "/admin/x-9.html", older="/news/thoi-su/page-2/"),
        "/news/thoi-su/page-2/": listing("/news/thoi-su/d-4.html", "https://other.example/x.html", "/gioi-thieu"),
        "/rss/": b"<rss><channel><item><link>/news/kinh-te/e-5.html</link></item></channel></rss>",
        "/news/thoi-su/a-1.html": article("Bài một", '<p>Chữ chữ chữ.</p><img src="/uploads/news/a.jpg">'),
        "/channel/3/201905/b-2/": channel("Bài hai"),
        "/news/thoi-su/c-3.html": article("Bài ba", LINKS),
        "/news/thoi-su/d-4.html": article("Bài bốn"),
        "/news/kinh-te/e-5.html": article("Bài năm"),
        "/news/thoi-su/f-6.html": article("Bài sáu"),
        "/uploads/news/a.jpg": JPG,
        "/x.pdf": Reply(b"%PDF-1.4 x", content_type="application/pdf"),
    }  # fmt: skip
    assert bench.harvest() == "done"
    assert bench.states("index") == {"/index.xml": "done", "/one.xml": "done", "/sitemap.xml": "done", "/rss/": "done"}
    states = bench.states()
    assert {path for path, state in states.items() if state == "done"} == {
        "/", "/news/thoi-su/", "/news/thoi-su/page-2/", "/news/thoi-su/a-1.html", "/channel/3/201905/b-2/",
        "/news/thoi-su/c-3.html", "/news/thoi-su/d-4.html", "/news/kinh-te/e-5.html", "/news/thoi-su/f-6.html",
    }  # fmt: skip
    assert {path: state for path, state in states.items() if state != "done"} == {
        "/admin/x-9.html": "forbidden",
        "/gioi-thieu": "ignored",
        "/channel/sitemap.xml": "gone",
        "https://other.example/x.html": "foreign",
    }
    assert bench.files() == {"uploads/news/a.jpg": "stored", "x.pdf": "stored"}
    rows = bench.rows("SELECT legacy_id, headline FROM page WHERE kind = 'article' ORDER BY legacy_id")
    assert [tuple(row) for row in rows] == [
        ("1", "Bài một"), ("2", "Bài hai"), ("3", "Bài ba"), ("4", "Bài bốn"), ("5", "Bài năm"), ("6", "Bài sáu"),
    ]  # fmt: skip
    assert not [path for path in server.asked if path.startswith("/admin")]
    assert len(server.asked) == len(set(server.asked))
    conserved(bench)


def conserved(bench: Bench) -> None:
    """Every address is in one state; what is done has its row, what has a row is done."""
    assert bench.rows("SELECT count(*) FROM link WHERE state = 'waiting'") == [(0,)]
    done = bench.rows("SELECT url FROM link WHERE kind = 'page' AND state = 'done' ORDER BY url")
    assert done == bench.rows("SELECT url FROM page WHERE status = 200 ORDER BY url")
    assert bench.rows("SELECT url FROM raw ORDER BY url") == bench.rows("SELECT url FROM page ORDER BY url")
    assert bench.rows("SELECT url FROM link WHERE kind = 'file' ORDER BY url") == bench.rows(
        "SELECT url FROM file ORDER BY url"
    )


def test_what_a_page_says_goes_into_the_tables(bench: Bench, server: Server) -> None:
    body = (
        '<p>Đoạn một.</p><figure><img src="/uploads/news/a%20b.jpg" alt="Mưa">'
        "<figcaption>Phố ngập. Ảnh: Hữu Hải</figcaption></figure>"
    )
    head = f'<link rel="canonical" href="{PUBLIC}/news/x/a-1.html"><meta property="og:image" content="/uploads/news/lead.jpg">'
    server.pages |= {
        "/sitemap.xml": sitemap("/news/x/a-1.html"),
        "/news/x/a-1.html": article("Mưa &amp; lũ", body, head),
        "/uploads/news/a%20b.jpg": JPG,
        "/uploads/news/lead.jpg": Reply(b"", content_type="image/jpeg"),
    }
    bench.harvest()
    columns = (
        "headline, standfirst, published_at, legacy_id, record_id, canonical_url, family, wanted, status, found_in"
    )
    assert bench.rows(f"SELECT {columns} FROM page WHERE kind = 'article'") == [
        ("Mưa & lũ", "Sapo.", "2024-03-25T03:15:00+00:00", "1", "1", f"{PUBLIC}/news/x/a-1.html", "nukeviet", 1, 200,
         f"{PUBLIC}/sitemap.xml"),
    ]  # fmt: skip
    (html,) = bench.rows("SELECT body_html FROM page WHERE kind = 'article'")[0]
    assert "Đoạn một." in html
    assert "/uploads/news/a%20b.jpg" in html
    assert bench.rows("SELECT position, path, caption, credit, alt FROM page_image ORDER BY position") == [
        (0, "uploads/news/lead.jpg", "", "", ""),
        (1, "uploads/news/a b.jpg", "Phố ngập.", "Hữu Hải", "Mưa"),
    ]
    assert bench.rows("SELECT path, state, mime_type, width, height, size_bytes FROM file ORDER BY path") == [
        ("uploads/news/a b.jpg", "stored", "image/jpeg", 320, 213, len(PICTURE)),
        ("uploads/news/lead.jpg", "empty", None, None, None, 0),
    ]


@pytest.mark.parametrize(
    ("status", "state"),
    [(404, "gone"), (410, "gone"), (401, "refused"), (403, "refused"), (451, "refused"), (500, "failed"), (503, "failed")],
)  # fmt: skip
def test_every_answer_has_its_state(bench: Bench, server: Server, status: int, state: str) -> None:
    server.pages |= {
        "/sitemap.xml": sitemap("/news/x/a-1.html", "/uploads/a.jpg", "/news/x/b-2.html"),
        "/news/x/a-1.html": Reply(b"no", status),
        "/uploads/a.jpg": Reply(b"no", status),
        "/news/x/b-2.html": article("Hai"),
    }
    assert bench.harvest() == "done"
    assert bench.states()["/news/x/a-1.html"] == bench.states("file")["/uploads/a.jpg"] == state
    assert bench.files()["uploads/a.jpg"] == ("missing" if state == "gone" else state)
    assert str(status) in bench.reason("/news/x/a-1.html")
    assert bench.states()["/news/x/b-2.html"] == "done"
    assert server.asked.count("/news/x/a-1.html") == (3 if state == "failed" else 1)
    conserved(bench)


def cut_off(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<html>")


def test_a_server_that_stumbles_is_asked_again(bench: Bench, server: Server) -> None:
    server.pages |= {
        "/sitemap.xml": sitemap("/news/x/a-1.html", "/news/x/b-2.html", "/uploads/a.jpg"),
        "/news/x/a-1.html": [Reply(instead=cut_off), Reply(b"", 500), Reply(article("Một"))],
        "/news/x/b-2.html": [Reply(b"", 429, {"Retry-After": "0"}), Reply(article("Hai"))],
        "/uploads/a.jpg": [Reply(instead=cut_off), JPG],
    }
    assert bench.harvest() == "done"
    assert bench.states()["/news/x/a-1.html"] == bench.states()["/news/x/b-2.html"] == "done"
    assert bench.files() == {"uploads/a.jpg": "stored"}
    conserved(bench)


def test_retry_after_is_obeyed(bench: Bench, server: Server) -> None:
    server.pages |= {
        "/sitemap.xml": sitemap("/news/x/a-1.html"),
        "/news/x/a-1.html": [Reply(b"", 503, {"Retry-After": "1"}), Reply(article("Một"))],
    }
    began = time.monotonic()
    assert bench.harvest() == "done"
    assert time.monotonic() - began >= 1
    assert bench.states()["/news/x/a-1.html"] == "done"


def test_a_site_that_wants_hours_of_peace_is_left(bench: Bench, server: Server) -> None:
    server.pages["/"] = Reply(b"", 429, {"Retry-After": "86400"})
    with pytest.raises(StopRun, match=r"24\.0 hours"):
        bench.harvest()


def test_the_rate_is_kept(bench: Bench, server: Server) -> None:
    bench.rate = 20
    server.pages["/sitemap.xml"] = sitemap(*(f"/news/x/a-{n}.html" for n in range(10)))
    began = time.monotonic()
    bench.harvest()
    assert len(server.asked) >= 13
    assert time.monotonic() - began >= (len(server.asked) - 1) / 20


def test_redirects_on_the_site_are_followed_and_each_address_is_accounted_for(bench: Bench, server: Server) -> None:
    server.pages |= {
        "/sitemap.xml": sitemap("/old-1.html", "/uploads/old.jpg"),
        "/old-1.html": Reply(status=301, headers={"Location": "http://paper.example/news/x/a-1.html"}),
        "/news/x/a-1.html": article("Một"),
        "/uploads/old.jpg": Reply(status=302, headers={"Location": "/uploads/new.jpg"}),
        "/uploads/new.jpg": JPG,
    }
    bench.harvest()
    assert bench.states()["/old-1.html"] == "redirected"
    assert bench.reason("/old-1.html") == f"{PUBLIC}/news/x/a-1.html"
    assert bench.states()["/news/x/a-1.html"] == "done"
    assert bench.rows("SELECT path, state, reason FROM file") == [
        ("uploads/old.jpg", "stored", f"at {PUBLIC}/uploads/new.jpg")
    ]
    conserved(bench)


def test_a_page_that_only_sends_its_readers_on_is_a_redirect(bench: Bench, server: Server) -> None:
    refresh = '<html><head><meta http-equiv="Refresh" content="{}"></head><body>x</body></html>'
    server.pages |= {
        "/sitemap.xml": sitemap("/news/y/a-1.html", "/news/x/self-2.html", "/news/x/later-3.html"),
        "/news/y/a-1.html": refresh.format("0; URL='/news/x/a-1.html'").encode(),
        "/news/x/a-1.html": article("Một"),
        "/news/x/self-2.html": refresh.format("1;url=/news/x/self-2.html").encode(),
        "/news/x/later-3.html": article("Ba", head='<meta http-equiv="refresh" content="600;url=/">'),
    }
    bench.harvest()
    assert bench.states()["/news/y/a-1.html"] == "redirected"
    assert bench.rows("SELECT path, headline FROM page WHERE kind = 'article' ORDER BY path") == [
        ("/news/x/a-1.html", "Một"), ("/news/x/later-3.html", "Ba"), ("/news/x/self-2.html", None)
    ]  # fmt: skip
    conserved(bench)


def test_other_media_of_a_body_are_taken_too(bench: Bench, server: Server) -> None:
    body = (
        f'<p>{BODY}</p><object data="/player.swf?file=/v/e.mp4" type="application/x-shockwave-flash"></object>'
        '<p>Phim:</p><video src="/v/a.mp4" poster="/v/a.jpg"></video><p>Nghe:</p><audio><source src="/v/b.mp3"></audio>'
        '<p><a href="/v/c.pdf">tệp</a> <a href="https://other.example/d.pdf">tệp</a> <a href="/trang">trang</a></p>'
    )
    server.pages |= {"/sitemap.xml": sitemap("/news/x/a-1.html"), "/news/x/a-1.html": article("Một", body)}
    bench.harvest()
    assert bench.files().keys() >= {
        "v/a.mp4", "v/a.jpg", "v/b.mp3", "v/c.pdf", "v/e.mp4", "https://other.example/d.pdf"
    }  # fmt: skip


def test_circles_and_chains_of_redirects_end(bench: Bench, server: Server) -> None:
    server.pages["/sitemap.xml"] = sitemap(
        "/a-1.html", "/self-2.html", "/chain-0.html", "/uploads/a.jpg", "/nowhere-3.html"
    )
    for path, to in (("/a-1.html", "/b-1.html"), ("/b-1.html", "/a-1.html"), ("/self-2.html", "/self-2.html"),
                     ("/uploads/a.jpg", "/uploads/a.jpg"), ("/nowhere-3.html", "mailto:x@y"),
                     *((f"/chain-{n}.html", f"/chain-{n + 1}.html") for n in range(50))):  # fmt: skip
        server.pages[path] = Reply(status=301, headers={"Location": to})
    assert bench.harvest() == "done"
    states = bench.states()
    assert states["/a-1.html"] == states["/b-1.html"] == "redirected"
    assert states["/self-2.html"] == states["/nowhere-3.html"] == "failed"
    assert states["/chain-5.html"] == "failed"
    assert "/chain-7.html" not in states
    assert bench.files() == {"uploads/a.jpg": "failed"}


def test_another_host_is_never_asked(bench: Bench, server: Server) -> None:
    with running() as other:
        other.pages["/x.jpg"] = JPG
        other.pages["/a-1.html"] = article("Lạ")
        body = f'<p>Chữ.</p><img src="{other.url}/x.jpg"><a href="{other.url}/a-1.html">x</a>'
        server.pages |= {
            "/sitemap.xml": sitemap("/news/x/a-1.html", f"{other.url}/a-1.html", "/gone-2.html", "/uploads/r.jpg"),
            "/news/x/a-1.html": article("Một", body),
            "/gone-2.html": Reply(status=302, headers={"Location": f"{other.url}/a-1.html"}),
            "/uploads/r.jpg": Reply(status=302, headers={"Location": f"{other.url}/x.jpg"}),
        }
        assert bench.harvest() == "done"
        assert other.asked == []
        assert bench.states()[f"{other.url}/a-1.html"] == "foreign"
        assert bench.files() == {f"{other.url}/x.jpg": "foreign", "uploads/r.jpg": "foreign"}
        conserved(bench)
        # once the host is named, files are taken from there – pages never
        bench.named = (other.host,)
        assert bench.harvest(refresh=True) == "done"
        assert [path for path in other.asked if path != "/robots.txt"] == ["/x.jpg", "/x.jpg"]
        assert bench.files() == {f"{other.url}/x.jpg": "stored", "uploads/r.jpg": "stored"}
        conserved(bench)


def test_robots_of_a_named_host_is_its_own(bench: Bench, server: Server) -> None:
    with running() as other:
        other.pages |= {"/robots.txt": b"User-agent: *\nDisallow: /private/", "/private/x.jpg": JPG, "/y.jpg": JPG}
        bench.named = (other.host,)
        body = f'<p>Chữ.</p><img src="{other.url}/private/x.jpg"><img src="{other.url}/y.jpg">'
        server.pages |= {"/sitemap.xml": sitemap("/news/x/a-1.html"), "/news/x/a-1.html": article("Một", body)}
        bench.harvest()
        assert bench.files() == {f"{other.url}/private/x.jpg": "forbidden", f"{other.url}/y.jpg": "stored"}


@pytest.mark.parametrize("status", [500, 503, 429])
def test_without_robots_txt_nothing_is_asked(bench: Bench, server: Server, status: int) -> None:
    server.pages["/robots.txt"] = Reply(b"", status)
    with pytest.raises(StopRun, match="RFC 9309"):
        bench.harvest()
    assert set(server.asked) == {"/robots.txt"}
    server.pages["/robots.txt"] = b""
    assert bench.harvest() == "done"


def test_robots_txt_may_be_elsewhere_on_the_site(bench: Bench, server: Server) -> None:
    server.pages["/robots.txt"] = Reply(status=301, headers={"Location": "/files/robots.txt"})
    server.pages["/files/robots.txt"] = b"User-agent: *\nDisallow: /"
    assert bench.harvest() == "done"
    assert set(bench.states().values()) == {"forbidden"}
    assert set(server.asked) == {"/robots.txt", "/files/robots.txt"}


def test_a_site_that_sends_everybody_elsewhere_says_where(bench: Bench, server: Server) -> None:
    server.pages["/"] = Reply(status=301, headers={"Location": "https://paper.example/"})
    with pytest.raises(AccessError, match=r"https://paper\.example/") as raised:
        bench.harvest()
    assert "url" in raised.value.next_step


def test_a_site_that_died_stops_the_harvest_and_it_goes_on_later(bench: Bench, server: Server) -> None:
    bench.patience = Patience(attempts=2, first_s=0.0, longest_s=0.0, in_a_row=5)  # two are given up before
    paths = [f"/news/x/a-{n}.html" for n in range(20)]
    server.pages["/sitemap.xml"] = sitemap(*paths)
    server.pages |= {path: Reply(instead=cut_off) for path in paths}
    with pytest.raises(StopRun, match="5 times in a row"):
        bench.harvest()
    server.pages |= {path: article(f"Bài {path}") for path in paths}
    assert bench.harvest() == "done"
    assert [bench.states()[path] for path in paths] == ["done"] * 20
    assert bench.rows("SELECT count(*), max(sessions) FROM harvest") == [(1, 2)]


def test_a_picture_that_is_a_page_and_other_lies(bench: Bench, server: Server) -> None:
    body = "<p>Chữ.</p>" + "".join(
        f'<img src="/uploads/{name}">' for name in ("page.jpg", "png.jpg", "junk.jpg", "text.gif", "big.jpg", "ok.jpg")
    )
    png = (Path(legacy_newsroom.__file__).parent / "pictures" / "map.png").read_bytes()
    server.pages |= {
        "/sitemap.xml": sitemap("/news/x/a-1.html"),
        "/news/x/a-1.html": article("Một", body),
        "/uploads/page.jpg": Reply(b"<!DOCTYPE html><h1>404</h1>", content_type="image/jpeg"),
        "/uploads/png.jpg": Reply(png, content_type="image/jpeg"),
        "/uploads/junk.jpg": Reply(b"\x00\x01\x02", content_type="image/jpeg"),
        "/uploads/text.gif": Reply(b"File not found.", content_type="image/gif"),
        "/uploads/big.jpg": Reply(PICTURE * 2000, content_type="image/jpeg"),
        "/uploads/ok.jpg": Reply(PICTURE, content_type="text/html"),
    }
    bench.harvest()
    assert bench.files() == {
        "uploads/page.jpg": "not-media", "uploads/png.jpg": "wrong-extension", "uploads/junk.jpg": "wrong-extension",
        "uploads/text.gif": "not-media", "uploads/big.jpg": "too-large", "uploads/ok.jpg": "stored",
    }  # fmt: skip
    kept = bench.rows("SELECT path FROM file WHERE stored_as != '' ORDER BY path")
    assert kept == [("uploads/junk.jpg",), ("uploads/ok.jpg",), ("uploads/png.jpg",)]
    assert len([path for path in (bench.folder / "files").rglob("*") if path.is_file()]) == 3
    assert bench.rows("SELECT reason FROM file WHERE path = 'uploads/png.jpg'") == [("is image/png, not .jpg",)]
    conserved(bench)


def test_pages_nobody_can_read_are_on_record(bench: Bench, server: Server) -> None:
    server.pages |= {
        "/sitemap.xml": sitemap(
            "/news/x/empty-1.html", "/news/x/huge-2.html", "/news/x/deep-3.html", "/news/x/pic-4.html"
        ),
        "/news/x/empty-1.html": b"",
        "/news/x/huge-2.html": b"<html><body>" + b"<p>x</p>" * 1_200_000,
        "/news/x/deep-3.html": b"<html><body>" + b"<div>" * 100_000,
        "/news/x/pic-4.html": JPG,
    }
    assert bench.harvest() == "done"
    assert bench.states()["/news/x/huge-2.html"] == "too-large"
    reasons = dict(bench.rows("SELECT legacy_id, reason FROM page WHERE kind = 'article'"))
    assert reasons["1"].startswith("empty:")
    assert reasons["3"].startswith("too-deep:")
    assert bench.files() == {"news/x/pic-4.html": "wrong-extension"}
    conserved(bench)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><urlset>&a;</urlset>', "document type"),
        (b"<urlset><url><loc>/news/x/a-1.html</loc>", "well-formed"),
        (b"\x1f\x8b" + b"junk" * 10, "gzip"),
    ],
)
def test_a_broken_sitemap_is_said_and_asked_again_next_time(
    bench: Bench, server: Server, document: bytes, said: str
) -> None:
    server.pages["/sitemap.xml"] = Reply(document, content_type=XML)
    assert bench.harvest() == "done"
    assert said in bench.reason("/sitemap.xml")
    server.pages |= {"/sitemap.xml": sitemap("/news/x/a-1.html"), "/news/x/a-1.html": article("Một")}
    assert bench.harvest() == "done"
    assert bench.states()["/news/x/a-1.html"] == "done"


def test_sitemaps_that_never_end(bench: Bench, server: Server) -> None:
    for n in range(20):
        server.pages[f"/s{n}.xml"] = (
            f"<sitemapindex><sitemap><loc>/s{n + 1}.xml</loc></sitemap></sitemapindex>".encode()
        )
    server.pages["/robots.txt"] = b"Sitemap: /s0.xml"
    assert bench.harvest() == "done"
    assert "/s19.xml" not in server.asked
    assert "nested too deeply" in bench.reason("/s5.xml")


def test_a_slow_server_costs_bounded_time(bench: Bench, server: Server) -> None:
    def dripping(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(200):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    bench.longest_s, bench.patience = 0.3, Patience(attempts=2, first_s=0.01)
    server.pages |= {"/sitemap.xml": sitemap("/news/x/a-1.html"), "/news/x/a-1.html": Reply(instead=dripping)}
    began = time.monotonic()
    assert bench.harvest() == "done"
    assert time.monotonic() - began < 8  # a single whole answer would take ten
    assert bench.states()["/news/x/a-1.html"] == "failed"


# --- the same article twice -------------------------------------------------------------------------------------------
def test_one_article_under_two_addresses_is_one(bench: Bench, server: Server) -> None:
    canonical = f'<link rel="canonical" href="{PUBLIC}/news/moi/a-1.html">'
    server.pages |= {
        "/sitemap.xml": sitemap("/news/cu/a-1.html", "/news/moi/a-1.html", "/news/x/b-2.html", "/channel/3/201905/khac-2/",
                                "/news/amp/c-33.html", "/news/x/c-3.html"),
        "/news/cu/a-1.html": article("Bài một", head=canonical),
        "/news/moi/a-1.html": article("Bài  Một", head=canonical),
        "/news/x/b-2.html": article("Bài hai"),
        "/channel/3/201905/khac-2/": article("Bài khác hẳn"),
        "/news/x/c-3.html": article("Bài ba"),
        "/news/amp/c-33.html": article("Bài ba", head=f'<link rel="canonical" href="{PUBLIC}/news/x/c-3.html">'),
    }  # fmt: skip
    bench.harvest()
    rows = bench.rows("SELECT path, same_as, record_id, wanted FROM page WHERE kind = 'article' ORDER BY path")
    assert rows == [
        ("/channel/3/201905/khac-2/", "", "/channel/3/201905/khac-2/", 1),  # the id of another article: by its path
        ("/news/amp/c-33.html", f"{PUBLIC}/news/x/c-3.html", "", 0),
        ("/news/cu/a-1.html", f"{PUBLIC}/news/moi/a-1.html", "", 0),
        ("/news/moi/a-1.html", "", "1", 1),
        ("/news/x/b-2.html", "", "/news/x/b-2.html", 1),
        ("/news/x/c-3.html", "", "3", 1),
    ]


# --- again, and further -----------------------------------------------------------------------------------------------
def test_a_limit_ends_the_harvest_and_the_next_goes_on(bench: Bench, server: Server) -> None:
    paths = [f"/news/x/a-{n}.html" for n in range(1, 9)]
    server.pages["/sitemap.xml"] = sitemap(*paths)
    server.pages |= {path: article(path, f'<p>Chữ.</p><img src="/uploads{path}.jpg">') for path in paths}
    server.pages |= {f"/uploads{path}.jpg": JPG for path in paths}
    assert bench.harvest(limit=6) == "limited"
    assert (
        len([path for path in server.asked if path in paths]) == 2
    )  # the home page and where else it begins count as well
    assert set(bench.files().values()) == {"stored"}
    assert len(bench.files()) == 2
    assert bench.harvest() == "done"
    assert len(bench.files()) == 8
    assert sorted(path for path in server.asked if path in paths) == paths
    assert bench.rows("SELECT count(*), max(sessions) FROM harvest") == [(1, 2)]
    conserved(bench)


def test_a_second_harvest_looks_for_new_articles_only(bench: Bench, server: Server) -> None:
    server.pages |= {"/sitemap.xml": sitemap("/news/x/a-1.html"), "/news/x/a-1.html": article("Một")}
    bench.harvest()
    server.pages |= {
        "/sitemap.xml": sitemap("/news/x/a-1.html", "/news/x/b-2.html"),
        "/news/x/b-2.html": article("Hai"),
    }
    server.asked.clear()
    assert bench.harvest() == "done"
    assert "/news/x/a-1.html" not in server.asked
    assert bench.states()["/news/x/b-2.html"] == "done"
    assert bench.rows("SELECT count(*) FROM harvest") == [(2,)]


def test_a_sitemap_on_another_host_is_not_asked_next_time_either(bench: Bench, server: Server) -> None:
    server.pages["/robots.txt"] = b"Sitemap: https://other.example/sitemap.xml\nUser-agent: *\nDisallow: /rss/"
    for refresh in (False, False, True):
        assert bench.harvest(refresh=refresh) == "done"
        assert bench.states("index")["https://other.example/sitemap.xml"] == "foreign"
        assert bench.states()["/rss/"] == "forbidden"


def test_refresh_asks_for_everything_but_takes_only_what_changed(bench: Bench, server: Server) -> None:
    server.pages |= {
        "/sitemap.xml": sitemap("/news/x/a-1.html", "/news/x/b-2.html", "/news/x/c-3.html", "/uploads/a.jpg"),
        "/news/x/a-1.html": Reply(article("Một"), headers={"ETag": '"a"'}),
        "/news/x/b-2.html": Reply(article("Hai"), headers={"Last-Modified": "Mon, 25 Mar 2024 03:15:00 GMT"}),
        "/news/x/c-3.html": article("Ba"),
        "/uploads/a.jpg": Reply(PICTURE, headers={"ETag": '"p"'}, content_type="image/jpeg"),
    }
    bench.harvest()
    before = bench.rows("SELECT url, fetched_at, headline FROM page ORDER BY url")
    server.pages |= {
        "/news/x/a-1.html": Reply(status=304),
        "/news/x/b-2.html": Reply(article("Hai, đã sửa")),
        "/news/x/c-3.html": Reply(status=410),
        "/uploads/a.jpg": Reply(status=304),
    }
    server.asked.clear()
    server.headers.clear()
    assert bench.harvest(refresh=True) == "done"
    sent = dict(zip(server.asked, server.headers, strict=True))
    assert sent["/news/x/a-1.html"]["If-None-Match"] == '"a"'
    assert sent["/news/x/b-2.html"]["If-Modified-Since"] == "Mon, 25 Mar 2024 03:15:00 GMT"
    assert sent["/uploads/a.jpg"]["If-None-Match"] == '"p"'
    rows = bench.rows("SELECT legacy_id, headline, status FROM page WHERE kind = 'article' ORDER BY legacy_id")
    assert rows == [("1", "Một", 200), ("2", "Hai, đã sửa", 200), ("3", "Ba", 410)]
    assert [row[0] for row in before] == [row[0] for row in bench.rows("SELECT url FROM page ORDER BY url")]
    assert bench.states()["/news/x/c-3.html"] == "gone"
    assert bench.files() == {"uploads/a.jpg": "stored"}
    conserved(bench)


def test_a_harvest_that_is_asked_to_stop_goes_on_later(bench: Bench, server: Server) -> None:
    paths = [f"/news/x/a-{n}.html" for n in range(10)]
    server.pages["/sitemap.xml"] = sitemap(*paths)
    server.pages |= {path: article(path) for path in paths}
    bench.stopping = lambda: len(server.asked) >= 6
    assert bench.harvest() == "stopped"
    bench.stopping = lambda: False
    assert bench.harvest() == "done"
    assert sorted(path for path in server.asked if path in paths) == paths
    conserved(bench)


def test_stopping_is_heard_while_waiting(bench: Bench, server: Server) -> None:
    bench.rate, bench.stopping = 0.01, lambda: bool(server.asked)
    began = time.monotonic()
    assert bench.harvest() == "stopped"
    assert time.monotonic() - began < 5


# --- media by a list of paths -----------------------------------------------------------------------------------------
@pytest.fixture
def media(tmp_path: Path) -> Path:
    root = tmp_path / "legacy"
    (root / "uploads").mkdir(parents=True)
    (root / "uploads" / "a.jpg").write_bytes(PICTURE)
    (root / "uploads" / "lũ lụt.jpg").write_bytes(PICTURE)
    (root / "uploads" / "html.jpg").write_bytes(b"<html></html>")
    (root / "uploads" / "empty.jpg").write_bytes(b"")
    return root


def test_an_inventory_of_a_folder(tmp_path: Path, server: Server, media: Path) -> None:
    bench = Bench(tmp_path / "evidence", server, media_root=media, with_site=False)
    bench.folder.mkdir()
    paths = [
        "uploads/a.jpg",
        "uploads/lũ lụt.jpg",
        "uploads/html.jpg",
        "uploads/empty.jpg",
        "uploads/none.jpg",
        "../../x",
        "",
    ]
    assert bench.harvest(paths=paths) == "done"
    assert bench.files() == {
        "uploads/a.jpg": "stored", "uploads/lũ lụt.jpg": "stored", "uploads/html.jpg": "not-media",
        "uploads/empty.jpg": "empty", "uploads/none.jpg": "missing", "x": "missing", "": "missing",
    }  # fmt: skip
    assert server.asked == []
    # again: what has not changed is not read, what has is, and what was lost from the evidence comes back
    hidden, changed = media / "uploads" / "a.jpg", media / "uploads" / "html.jpg"
    times = hidden.stat()
    hidden.write_bytes(PICTURE[::-1])
    os.utime(hidden, ns=(times.st_atime_ns, times.st_mtime_ns))
    changed.write_bytes(PICTURE[:-1])
    assert bench.harvest(paths=paths) == "done"
    assert bench.files()["uploads/a.jpg"] == bench.files()["uploads/html.jpg"] == "stored"
    kept = dict(bench.rows("SELECT path, stored_as FROM file"))
    lost = bench.folder / kept["uploads/html.jpg"]
    lost.unlink()
    assert bench.harvest(paths=paths) == "done"
    assert lost.read_bytes() == PICTURE[:-1]


def test_what_the_folder_lacks_comes_from_the_site(bench: Bench, server: Server, media: Path) -> None:
    bench.media_root = media
    server.pages["/uploads/only-online.jpg"] = JPG
    bench.harvest(paths=["uploads/a.jpg", "uploads/only-online.jpg", "uploads/nowhere.jpg"])
    assert bench.files() == {
        "uploads/a.jpg": "stored", "uploads/only-online.jpg": "stored", "uploads/nowhere.jpg": "missing"
    }  # fmt: skip
    assert "/uploads/a.jpg" not in server.asked


def test_rules_decide_what_is_followed(bench: Bench, server: Server) -> None:
    import re

    bench.rules = Rules(
        articles=(re.compile(r"^/tin/(?P<id>\d+)$"),), links=("a.muc",), next=("a.sau",),
        start=("/bat-dau",), skip=(re.compile("^/tin/13$"),),
    )  # fmt: skip
    server.pages |= {
        "/": b'<a class="muc" href="/muc/1">m</a><a href="/muc/2">m</a><a href="/tin/13">x</a><a href="/tin/7">x</a>',
        "/muc/1": b'<a class="sau" href="/muc/1?trang=2">s</a>',
        "/muc/1?trang=2": b'<a href="/tin/8">x</a>',
        "/bat-dau": b"<html></html>",
    }
    bench.harvest()
    asked = {path for path in server.asked if not path.endswith((".txt", ".xml"))}
    assert asked == {"/", "/muc/1", "/muc/1?trang=2", "/bat-dau", "/tin/7", "/tin/8"}
    assert {path for path, state in bench.states().items() if state == "ignored"} == {"/muc/2", "/tin/13"}
