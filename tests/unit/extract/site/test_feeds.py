"""Sitemaps and feeds, sound and broken."""

import gzip

import pytest

from migrator.extract.site.feeds import MOST_ENTRIES, Entry, NotReadable, kind_of, read_listing, unpacked

SPACE = b'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def test_a_sitemap_with_pictures() -> None:
    xml = (
        b'<?xml version="1.0"?><!-- made --><urlset ' + SPACE + b' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
        b"<url><loc> https://p.example/a </loc><lastmod>2024-01-02</lastmod>"
        b"<image:image><image:loc>https://p.example/a.jpg</image:loc></image:image></url>"
        b"<url><lastmod>2024</lastmod></url></urlset>"
    )  # fmt: skip
    listing = read_listing(xml)
    assert listing.kind == "sitemap"
    assert listing.entries == (
        Entry("https://p.example/a"),
        Entry("https://p.example/a.jpg", is_file=True),
    )


def test_an_index_with_a_prefix() -> None:
    xml = b'<s:sitemapindex xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:sitemap><s:loc>/b.xml</s:loc></s:sitemap></s:sitemapindex>'
    assert read_listing(xml).kind == "index"
    assert [entry.url for entry in read_listing(xml).entries] == ["/b.xml"]


ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><link href="/home"/>%b</feed>'
RDF = b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">%b</r:RDF>'
RSS = b"<rss version='2.0'><channel><link>/home</link>%b</channel></rss>"


@pytest.mark.parametrize(
    ("xml", "urls"),
    [
        (RSS % b"<item><link>/a</link><guid>x_1</guid></item>", ["/a"]),
        (RSS % b"<item><guid>https://p.example/g</guid></item><item><guid>n_2</guid></item>", ["https://p.example/g"]),
        (RSS % b"<item><guid isPermaLink='false'>https://p.example/g</guid></item>", []),
        (RSS % b"<item><link><![CDATA[/a?x=1&y=2]]></link></item>", ["/a?x=1&y=2"]),
        (ATOM % b'<entry><link rel="edit" href="/no"/><link href="/a"/></entry>', ["/a"]),
        (RDF % b"<item><link>/a</link></item>", ["/a"]),
    ],
)
def test_feeds(xml: bytes, urls: list[str]) -> None:
    listing = read_listing(xml)
    assert listing.kind == "feed"
    assert [entry.url for entry in listing.entries] == urls


def test_old_vietnamese_encodings_are_read() -> None:
    xml = "<?xml version='1.0' encoding='windows-1258'?><rss><item><link>/tin-đê</link></item></rss>".encode("cp1258")
    assert [entry.url for entry in read_listing(xml).entries] == ["/tin-đê"]


def test_bare_ampersands_are_mended_and_counted() -> None:
    xml = b"<rss><channel><title>A & B&nbsp;C &amp; D</title><item><link>/a?x=1&y=2</link></item></channel></rss>"
    listing = read_listing(xml)
    assert [entry.url for entry in listing.entries] == ["/a?x=1&y=2"]
    assert listing.repaired == 3


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><urlset>&a;</urlset>', "document type"),
        (b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><rss>&b;</rss>', "document type"),
        (b"<urlset><url><loc>/a</loc>", "well-formed"),
        (b"<urlset>" + b"<url>" * 200, "nested"),
        (b"<html><body></body></html>", "neither"),
        (b"", "neither"),
        (b'<?xml version="1.0" encoding="no-such"?><urlset/>', "encoding"),
        (b'<?xml version="1.0" encoding="shift_jis"?><urlset/>', "encoding"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(data: bytes, message: str) -> None:
    with pytest.raises(NotReadable, match=message):
        read_listing(data)


def test_a_hostile_beginning_costs_no_time() -> None:
    assert kind_of(b"<!-- a -->" * 5000 + b"<rss") == "feed"
    assert kind_of(b"<!-- a -->" * 5000 + b"nothing") is None
    assert kind_of(b"<?a?> " * 5000 + b"<!DOCTYPE x [" + b"] " * 5000) is None


def test_too_many_entries_are_not_taken() -> None:
    xml = b"<urlset>" + b"<url><loc>/a</loc></url>" * (MOST_ENTRIES + 1) + b"</urlset>"
    with pytest.raises(NotReadable, match="entries"):
        read_listing(xml)


def test_gzip_is_unpacked_within_bounds() -> None:
    assert unpacked(b"plain") == b"plain"
    assert unpacked(gzip.compress(b"<urlset/>")) == b"<urlset/>"
    with pytest.raises(NotReadable, match="too large or cut off"):
        unpacked(gzip.compress(b"\0" * 61_000_000))
    with pytest.raises(NotReadable, match="too large or cut off"):
        unpacked(gzip.compress(b"x" * 1000)[:-9])
    with pytest.raises(NotReadable, match="damaged"):
        unpacked(b"\x1f\x8b" + b"\xff" * 50)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xef\xbb\xbf<urlset>", "sitemap"),
        (b"<!DOCTYPE html><html>", None),
        (b"<html><rss></rss></html>", None),
        (b"<!doctype html><rss></rss>", None),
        (b"<feedback/>", None),
    ],
)
def test_the_root_says_what_it_is(data: bytes, kind: str | None) -> None:
    assert kind_of(data) == kind
