"""``migrator page``: files, addresses, batches."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from migrator.cli.page import command
from migrator.extract.page import PageOptions, load_profiles
from migrator.extract.page import batch as batches
from migrator.extract.page.batch import read_lines
from pages import page

ARTICLE = page("nukeviet", 1)


def run(*arguments: str, data: bytes = b"") -> Result:
    return CliRunner().invoke(command, list(arguments), input=data)


def answers(done: Result) -> list[dict[str, Any]]:
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "old.html"
    path.write_bytes(ARTICLE.data)
    return path


def test_a_file_for_machines(saved: Path) -> None:
    done = run(str(saved), "--url", ARTICLE.url, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    for name in ("headline", "standfirst", "body_text", "byline", "published_at", "tags", "canonical_url"):
        assert found[name] == ARTICLE.expected[name]
    assert found["read_by"] == "profile:nukeviet"
    assert run(str(saved), "--url", ARTICLE.url, "--json").stdout == done.stdout


def test_standard_input(saved: Path) -> None:
    assert json.loads(run("-", "--json", data=ARTICLE.data).stdout)["headline"] == ARTICLE.expected["headline"]


@pytest.mark.parametrize(("language", "label"), [("vi", "Tiêu đề: "), ("en", "Headline: ")])
def test_a_file_for_people(saved: Path, language: str, label: str) -> None:
    done = run(str(saved), "--lang", language)
    assert done.exit_code == 0
    assert label + ARTICLE.expected["headline"] in done.stdout
    assert ARTICLE.expected["body_text"] in done.stdout


def test_a_page_without_an_article_says_so(tmp_path: Path) -> None:
    path = tmp_path / "empty.html"
    path.write_text("<html><body></body></html>")
    done = run(str(path), "--lang", "en")
    assert (done.exit_code, "No article: none was found on the page" in done.stdout) == (3, True)
    assert json.loads(run(str(path), "--json").stdout)["reason"] == "no-article"


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        ((), 2, "Give a FILE or URL, or --batch"),
        (("none.html",), 2, "none.html is no file"),
        (("-", "--batch"), 2, "Give a FILE or URL, or --batch"),
        (("-", "--profile", "nothing"), 2, "There is no site profile 'nothing'"),
        (("-", "--profile", "none.yaml"), 2, "cannot be read"),
        (("-", "--fetched-at", "yesterday"), 2, "no ISO 8601 time"),
        (("-", "--fetched-at", "2024-06-20T10:00"), 2, "needs a zone"),
    ],
)
def test_what_is_asked_wrongly(arguments: tuple[str, ...], code: int, part: str) -> None:
    done = run(*arguments, data=b"<p>x</p>")
    assert (done.exit_code, part in done.output) == (code, True), done.output


def test_a_profile_of_ones_own_with_a_mistake_names_the_line(tmp_path: Path, saved: Path) -> None:
    profile = tmp_path / "mine.yaml"
    profile.write_text("profile: mine\nextends: nukeviet\nfields:\n  body: 'div['\n")
    done = run(str(saved), "--profile", str(profile))
    assert done.exit_code == 2
    assert f"{profile}:4: 'div[' is no CSS selector" in done.output
    profile.write_text("profile: mine\nextends: nukeviet\n")
    assert json.loads(run(str(saved), "--profile", str(profile), "--json").stdout)["read_by"] == "profile:mine"


def test_known_authors_and_the_fetch_time(tmp_path: Path, saved: Path) -> None:
    authors = tmp_path / "authors.txt"
    authors.write_text("Minh Hảo\nĐàm Thanh\n\n", encoding="utf-8")
    found = json.loads(run(str(saved), "--authors", str(authors), "--json").stdout)
    assert found["byline_confidence"] == 0.95
    early = json.loads(run(str(saved), "--fetched-at", "2020-01-01T00:00:00+07:00", "--json").stdout)
    assert (early["published_at"], "after" in early["published_reason"]) == (None, True)


class Site(BaseHTTPRequestHandler):
    """One article, one page that moved, one in another encoding."""

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(301)
            self.send_header("Location", "/article-16.html")
            self.end_headers()
            return
        known = {
            "/article-16.html": ("text/html; charset=utf-8", ARTICLE.data),
            "/zh": ("text/html; charset=gb2312", CHINESE),
        }
        kind, body = known.get(self.path, ("text/plain", b""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


CHINESE = (
    "<h1>海防新港</h1><div id=news-bodyhtml><p>" + "海防市新港今天迎来第一百艘货轮，港口负责人表示货物增长。" * 3
).encode("gb18030")


@pytest.fixture
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_address_is_fetched(host: str) -> None:
    found = json.loads(run(f"{host}/article-16.html", "--json").stdout)
    assert (found["url"], found["headline"]) == (f"{host}/article-16.html", ARTICLE.expected["headline"])
    assert found["images"][0]["url"].startswith(host)


def test_the_charset_of_the_header_is_heard(host: str) -> None:
    assert json.loads(run(f"{host}/zh", "--json").stdout)["headline"] == "海防新港"


def test_pages_that_moved_or_are_gone(host: str) -> None:
    moved = run(f"{host}/moved", "--lang", "en")
    assert (moved.exit_code, "answers 301" in moved.output, "/article-16.html" in moved.output) == (2, True, True)
    assert "answers 404" in run(f"{host}/none").output


def line(**given: object) -> bytes:
    return orjson.dumps(given) + b"\n"


def test_a_batch_answers_every_line_in_order() -> None:
    good = ARTICLE.data.decode()
    lines = [
        line(id="a", url=ARTICLE.url, html=good),
        b"no json\n",
        b"[1, 2]\n",
        line(id=7, url=None),
        line(id=8, html="<p>", url=5),
        line(id=9, html="<p>x</p>", fetched_at="yesterday"),
        b"\n",
        line(id="empty", html=""),
        line(id="deep", html="<div>" * 100_000),
        line(id={"any": "thing"}, html=good),
        line(html=good).rstrip(b"\n"),
    ]
    found = answers(run("--batch", data=b"".join(lines)))
    assert [each["id"] for each in found] == ["a", None, None, 7, 8, 9, None, "empty", "deep", {"any": "thing"}, None]
    assert [each.get("reason") for each in found] == [
        None, "bad-line", "bad-line", "bad-line", "bad-line", "bad-line", "bad-line", "empty", "too-deep", None, None,
    ]  # fmt: skip
    assert [each["line"] for each in found if each.get("reason") == "bad-line"] == [2, 3, 4, 5, 6, 7]
    assert all(each["detail"] for each in found if "reason" in each)
    assert found[0]["headline"] == ARTICLE.expected["headline"]
    assert list(found[0])[:3] == ["id", "url", "canonical_url"]


def test_a_batch_is_the_same_with_several_processes(sites: Path) -> None:
    options = PageOptions(load_profiles(sites))
    data = b"".join(line(id=number, html=ARTICLE.data.decode()) if number % 3 else b"bad\n" for number in range(40))
    alone = list(read_lines(BytesIO(data), options))
    assert list(read_lines(BytesIO(data), options, jobs=2)) == alone
    assert [orjson.loads(each).get("id") for each in alone] == [number if number % 3 else None for number in range(40)]


def test_a_batch_reads_a_line_only_when_the_one_before_is_answered(sites: Path) -> None:
    class Watched(BytesIO):
        lines = 0

        def readline(self, limit: int | None = -1, /) -> bytes:
            self.lines += 1
            return super().readline(limit)

    stream = Watched(line(id=1, html="<p>x") * 50)
    found = read_lines(stream, PageOptions(load_profiles(sites)))
    for number in range(1, 4):
        next(found)
        assert stream.lines == number


def test_a_line_without_end_is_refused_and_the_next_is_read(sites: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LONGEST_LINE", 1000)
    long = line(id="long", html="x" * 5_000_000)
    found = [orjson.loads(each) for each in read_lines(BytesIO(long + line(id="next", html="")), PageOptions())]
    assert [(each["id"], each["reason"]) for each in found] == [(None, "too-large"), ("next", "empty")]


def test_a_fault_of_ours_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(batches, "read_page", broken)
    found = orjson.loads(batches.answer(3, line(id=1, html="<p>"), PageOptions()))
    assert (found["line"], found["reason"], found["detail"]) == (3, "internal-error", "RuntimeError")


def test_the_help_has_examples() -> None:
    shown = run("--help").output
    assert shown.count("Example:") == 4
    assert "--batch" in shown
