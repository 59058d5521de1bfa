"""Headless Chromium on pages from a loopback server that is also its proxy: nothing is asked for unseen."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
JOB, RESULT = "/job", "/result"
ORIGIN = "http://harness.example"
"""Where the pages of a visit seem to lie; every other host is another site."""

_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--mute-audio",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync",
    "--disable-domain-reliability", "--disable-extensions", "--metrics-recording-only", "--disable-popup-blocking",
    "--disable-features=OptimizationHints,MediaRouter,Translate,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
    "--autoplay-policy=no-user-gesture-required", "--proxy-bypass-list=<-loopback>",
)  # fmt: skip
# What the browser asks for by itself, whatever the page.
_OWN_HOSTS = ("google.com", "googleapis.com", "gstatic.com", "gvt1.com", "googleusercontent.com")


class Browser:
    """A browser that shows one page. A script of the page asks for jobs at :data:`JOB` and posts each :data:`RESULT`.

    ``requests``: what was asked for beside the pages, method and address, in order; other hosts with their address.
    """

    def __init__(self, pages: Mapping[str, str], timeout_s: float = 120) -> None:
        self._program = chromium()
        self.pages = dict(pages)
        self._timeout_s = timeout_s
        self._exits = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._server = self._exits.enter_context(_served(self.pages))
        profile = self._exits.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        proxy = f"--proxy-server=http://127.0.0.1:{self._server.server_address[1]}"
        browser = subprocess.Popen(
            [self._program, *_FLAGS, proxy, f"--user-data-dir={profile}", f"{ORIGIN}/"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._exits.callback(_end, browser)
        return self

    def __exit__(self, *error: object) -> None:
        self._exits.close()

    @property
    def requests(self) -> Sequence[tuple[str, str]]:
        return self._server.requests

    def ask(self, job: object) -> Any:
        """The answer of the page's script to one job."""
        self._server.jobs.put(json.dumps(job).encode())
        try:
            return json.loads(self._server.results.get(timeout=self._timeout_s))
        except queue.Empty:
            pytest.fail(f"{self._program} gave no answer within {self._timeout_s} s; asked for {self.requests[-5:]}")


def chromium() -> str:
    """The path of the browser; without one a visible skip."""
    found = os.environ.get("MIGRATOR_TEST_CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not found:
        pytest.skip("no headless Chromium: install the package chromium, or set MIGRATOR_TEST_CHROMIUM to its path")
    return found


def _end(browser: subprocess.Popen[bytes]) -> None:
    """Ends the browser and the processes it has started, and only those."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(browser.pid, signal.SIGTERM)
    try:
        browser.wait(5)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, pages: Mapping[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = pages
        self.requests: list[tuple[str, str]] = []
        self.jobs: queue.Queue[bytes] = queue.Queue()
        self.results: queue.Queue[bytes] = queue.Queue()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is no fault."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 20

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.removeprefix(ORIGIN)
        if self.command == "POST" and path == RESULT:
            self._send(200, b"")
            self.server.results.put(body)
            return
        if path == JOB:
            self._send(*self._job())
            return
        page = self.server.pages.get(path)
        if page is not None:
            self._send(200, page.encode("utf-8", "surrogatepass"), path)
            return
        host = self.path.removeprefix("http://").partition("/")[0].partition(":")[0]
        if path != "/favicon.ico" and not host.endswith(_OWN_HOSTS):
            self.server.requests.append((self.command, path))
        self._send(404, b"")

    do_GET = do_POST = do_HEAD = do_PUT = do_OPTIONS = do_CONNECT = _answer  # noqa: N815

    def _job(self) -> tuple[int, bytes]:
        try:
            return 200, self.server.jobs.get(timeout=1)
        except queue.Empty:
            return 204, b""

    def _send(self, status: int, body: bytes, path: str = "") -> None:
        self.send_response(status)
        kind = (
            "text/javascript" if path.endswith(".js") else "application/json" if path.endswith(".json") else "text/html"
        )
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@contextlib.contextmanager
def _served(pages: Mapping[str, str]) -> Iterator[_Server]:
    server = _Server(pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
