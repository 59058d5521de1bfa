"""One question, one answer, whatever the server does."""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Iterator

import pytest

from migrator.errors import AccessError
from migrator.net import NoAnswer, Session, TooLarge
from tests.unit.extract.site.server import Handler, Reply, Server


@pytest.fixture
def session(server: Server) -> Iterator[Session]:
    session = Session({server.host}, timeout_s=1, longest_s=1.5)
    yield session
    session.close()


def test_a_body_goes_to_the_sink_and_headers_are_told(server: Server, session: Session) -> None:
    server.pages["/a"] = Reply(b"x" * 200_000, headers={"ETag": '"1"'})
    sink = io.BytesIO()
    answer = session.ask(server.url + "/a", sink, {"If-None-Match": '"0"'})
    assert (answer.status, answer.size_bytes, answer.headers["etag"]) == (200, 200_000, '"1"')
    assert sink.getvalue() == b"x" * 200_000
    assert server.headers[0]["If-None-Match"] == '"0"'


@pytest.mark.parametrize("status", [204, 301, 304, 404, 429, 500, 503])
def test_any_other_status_is_an_answer_without_a_body(server: Server, session: Session, status: int) -> None:
    server.pages["/a"] = Reply(b"" if status in {204, 304} else b"sorry", status, {"Location": "http://evil.example/"})
    sink = io.BytesIO()
    answer = session.ask(server.url + "/a", sink)
    assert (answer.status, answer.size_bytes, sink.getvalue()) == (status, 0, b"")
    assert server.asked == ["/a"]


def test_another_host_is_never_asked(server: Server, session: Session) -> None:
    for url in ("http://evil.example/", f"http://{server.host}@evil.example/", "http://127.0.0.1/"):
        with pytest.raises(AccessError, match="not one of the hosts"):
            session.ask(url, io.BytesIO())


def test_compressed_bodies_are_unpacked_and_counted_unpacked(server: Server, session: Session) -> None:
    server.pages["/good"] = Reply(gzip.compress(b"tin" * 1000), headers={"Content-Encoding": "gzip"})
    server.pages["/bomb"] = Reply(gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"})
    sink = io.BytesIO()
    assert session.ask(server.url + "/good", sink).size_bytes == 3000
    assert sink.getvalue() == b"tin" * 1000
    sink = io.BytesIO()
    with pytest.raises(TooLarge):
        session.ask(server.url + "/bomb", sink, largest_bytes=1_000_000)
    assert sink.tell() <= 1_000_000


def test_too_many_bytes_are_not_taken(server: Server, session: Session) -> None:
    server.pages["/told"] = Reply(b"x" * 5000)
    server.pages["/untold"] = Reply(instead=endless)
    for path in ("/told", "/untold"):
        sink = io.BytesIO()
        with pytest.raises(TooLarge):
            session.ask(server.url + path, sink, largest_bytes=4000)
        assert sink.tell() <= 4000


def endless(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        handler.wfile.write(b"x" * 1000)


def chunked(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n3\r\nfgh\r\n0\r\n\r\n")


def cut_chunks(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n9\r\nfgh")


def cut_off(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")


def silent(handler: Handler) -> None:
    time.sleep(1.3)


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"\x00\x01 garbage\r\n\r\n")


def dripping_body(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)


def dripping_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)


def many_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 10_000 + b"\r\n")


def test_chunks_are_put_together(server: Server, session: Session) -> None:
    server.pages["/a"] = Reply(instead=chunked)
    sink = io.BytesIO()
    assert session.ask(server.url + "/a", sink).size_bytes == 8
    assert sink.getvalue() == b"abcdefgh"


@pytest.mark.parametrize(
    "misbehave", [cut_off, cut_chunks, silent, no_http, dripping_body, dripping_headers, many_headers]
)
def test_an_answer_that_is_none_ends_in_time(server: Server, session: Session, misbehave: object) -> None:
    server.pages["/a"] = Reply(instead=misbehave)  # type: ignore[arg-type]
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        session.ask(server.url + "/a", io.BytesIO())
    assert time.monotonic() - began < 5  # it would be 10 s or more, were it not bounded
    assert server.asked == ["/a"]


def test_nobody_there(session: Session, server: Server) -> None:
    closed = Session({"127.0.0.1:1"})
    with pytest.raises(NoAnswer, match="ConnectionRefused"):
        closed.ask("http://127.0.0.1:1/", io.BytesIO())
    closed.close()
