"""Politely: no address that robots.txt forbids, no faster than allowed, and later where the server asks for it."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from migrator.errors import StopRun
from migrator.extract.site import robots
from migrator.extract.site.addresses import Addresses
from migrator.extract.site.fetch import OK, Fetch, Fetched, Known
from migrator.extract.site.robots import Robots
from migrator.net import NoAnswer, Sink, TooLarge

MOST_HOPS = 5
LONGEST_PAUSE_S = 3600.0
_SLICE_S = 0.2
_ROBOTS_LAST_S = 24 * 3600
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530})


class Stopped(Exception):
    """Somebody asked the harvest to stop while it waited."""


class Forbidden(Exception):
    """robots.txt forbids the address."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often an address is tried, and how long is waited: twice as long each time, with a random part."""

    attempts: int = 5
    first_s: float = 2.0
    longest_s: float = 300.0
    in_a_row: int = 20

    def delay_s(self, attempts: int) -> float:
        """The pause behind the n-th failure in vain (from 1)."""
        return float(min(self.first_s * 2.0 ** (attempts - 1), self.longest_s) * random.uniform(0.5, 1.5))


def is_redirect(status: int) -> bool:
    """Whether the answer only names another address."""
    return status in _REDIRECTS


def is_passing(status: int) -> bool:
    """Whether the same question may be answered better later."""
    return status in _LATER


class Visitor:
    """Asks for addresses one after the other, each host at its own pace."""

    def __init__(
        self, addresses: Addresses, fetch: Fetch, rate: float, patience: Patience, stopping: Callable[[], bool]
    ) -> None:
        self._addresses, self._fetch = addresses, fetch
        self._interval_s = 1.0 / rate if rate > 0 else 0.0
        self._patience, self._stopping = patience, stopping
        self._free_at: dict[str, float] = {}
        self._robots: dict[str, tuple[Robots, float]] = {}

    def visit(self, url: str, sink: Sink, known: Known, largest_bytes: int) -> Fetched:
        """Ask for a canonical address when its host's turn has come. Forbidden, Stopped, NoAnswer, TooLarge."""
        rules = self.robots(url)
        if not rules.allows(self._addresses.to_ask(url)):
            raise Forbidden(url)
        return self._ask(url, sink, known, largest_bytes, rules.delay_s)

    def follow(self, url: str, sink: Sink, known: Known, largest_bytes: int) -> tuple[str, Fetched]:
        """The same through redirects, a few of them, each on a host that may be asked; and where it ended."""
        for _ in range(MOST_HOPS):
            answer = self.visit(url, sink, known, largest_bytes)
            further = self._addresses.canonical(answer.location, url) if is_redirect(answer.status) else None
            if further is None or not self._addresses.may_ask(further) or further == url:
                return url, answer
            url, known = further, Known()
        return url, answer

    def robots(self, url: str) -> Robots:
        """What the address's host allows: asked once a day. StopRun where it cannot be known."""
        host = urlsplit(url).netloc
        known = self._robots.get(host)
        if known is None or time.monotonic() - known[1] > _ROBOTS_LAST_S:
            known = self._robots[host] = (self._read_robots(url), time.monotonic())
        return known[0]

    def _read_robots(self, url: str) -> Robots:
        """RFC 9309, 2.3.1: a file that is there is obeyed; one that is not allows all; without an answer nothing is asked."""
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc}/robots.txt"
        for attempt in range(1, self._patience.attempts + 1):
            found = self._try_robots(place)
            if found is not None:
                return found
            self.wait(self._patience.delay_s(attempt))
        raise StopRun(
            f"{place} cannot be read, and without it nothing on {parts.netloc} may be asked (RFC 9309).",
            "Check that the site runs, then start 'migrator harvest' again: it goes on.",
        )

    def _try_robots(self, place: str) -> Robots | None:
        sink = io.BytesIO()
        try:
            for _ in range(MOST_HOPS):
                answer = self._ask(place, sink, Known(), robots.LARGEST_BYTES, 0.0)
                if not is_redirect(answer.status):
                    break
                further = self._addresses.canonical(answer.location, place)
                if further is None or not self._addresses.may_ask(further) or further == place:
                    return Robots()
                place = further
        except NoAnswer:
            return None
        except TooLarge:
            return robots.parse(sink.getvalue())
        if answer.status == OK:
            return robots.parse(sink.getvalue())
        return None if answer.status >= 500 or answer.status == 429 else Robots()

    def _ask(self, url: str, sink: Sink, known: Known, largest_bytes: int, delay_s: float) -> Fetched:
        """Ask when the host's turn has come, and let it rest as long as it wants."""
        host = urlsplit(url).netloc
        self.wait(self._free_at.get(host, 0.0) - time.monotonic())
        self._free_at[host] = time.monotonic() + max(self._interval_s, delay_s)
        answer = self._fetch.fetch(url, sink, known, largest_bytes)
        if answer.retry_after_s and is_passing(answer.status):
            if answer.retry_after_s > LONGEST_PAUSE_S:
                raise StopRun(
                    f"{host} asks to be left alone for {answer.retry_after_s / 3600:.1f} hours.",
                    "Start 'migrator harvest' again then: it goes on.",
                )
            self._free_at[host] = time.monotonic() + answer.retry_after_s
        return answer

    def wait(self, seconds: float) -> None:
        """Sleep, but hear it when somebody asks to stop."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._stopping():
                raise Stopped
            time.sleep(min(left, _SLICE_S))
