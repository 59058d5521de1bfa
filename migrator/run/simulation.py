"""A model of carrying N articles onto a platform over HTTP. A model: it knows only what it is told.

Each stage is a queue of requests simulated one by one: a request starts when a connection is free, the rate limit lets
it, the client has made it and the line is free; it takes its latency; it may fail and comes back later. The same figures
always give the same answer. At most ``REQUESTS_AT_MOST`` requests of a stage are simulated; a longer stage goes on at
the pace it had, which says so in ``share``.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

REQUESTS_AT_MOST = 200_000
LONGEST_WAIT_S = 60.0

Resource = Literal["limit", "connections", "client", "line"]


@dataclass(frozen=True, slots=True)
class Platform:
    """What is assumed. A rate of 0 means no limit (for the harvest: no harvest).

    ``latency_ms`` is for a request, half to one and a half of it at random; ``article_ms`` what each article adds.
    ``error_share`` of the requests fail and are sent again, ``attempts`` times in all, after ``retry_wait_s``, doubled
    each time. ``cpu_ms`` is what the client works for an article, on ``workers`` processes.
    """

    requests_per_s: float = 10.0
    latency_ms: float = 120.0
    article_ms: float = 10.0
    batch: float = 1.0
    concurrency: float = 4.0
    error_share: float = 0.01
    retry_wait_s: float = 1.0
    attempts: float = 5.0
    files: float = 1.0
    file_kb: float = 250.0
    line_mbit: float = 100.0
    cpu_ms: float = 0.9
    workers: float = 1.0
    read_batch: float = 100.0
    harvest_per_s: float = 0.0
    report_per_s: float = 2_000.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the model. ``seconds`` is the whole of it; ``use`` how busy each resource was, 0 to 1.

    ``share`` of its requests was simulated, the rest extrapolated. ``given_up`` are requests that failed every time.
    """

    name: str
    seconds: float
    requests: int
    retries: int
    given_up: int
    use: dict[Resource, float]
    share: float

    @property
    def bottleneck(self) -> Resource | None:
        """The busiest resource; None for a stage that has nothing to do or nothing to wait for."""
        if not self.seconds:
            return None
        return max(self.use.items(), key=lambda busy: busy[1])[0]


@dataclass(frozen=True, slots=True)
class _Load:
    """Requests that are alike: how many, and what one takes of each resource, in seconds."""

    name: str
    requests: int
    latency_s: float
    client_s: float
    line_s: float


def simulate(articles: int, platform: Platform, seed: int = 1) -> list[Stage]:
    """Harvest, articles, media, verification and report, one after the other."""
    latency_s = platform.latency_ms / 1000
    work_s = platform.cpu_ms / 1000 / platform.workers
    batches = math.ceil(articles / platform.batch)
    file_s = platform.file_kb * 8 / 1000 / platform.line_mbit
    loads = (
        _Load("articles", batches, latency_s + platform.batch * platform.article_ms / 1000, platform.batch * work_s, 0.0),
        _Load("media", round(articles * platform.files), latency_s, 0.0, file_s),
        _Load("verify", math.ceil(articles / platform.read_batch), latency_s, platform.read_batch * work_s, 0.0),
    )  # fmt: skip
    stages = [_paced("harvest", articles, platform.harvest_per_s)]
    stages += [_carried(load, platform, Random(f"{seed}:{load.name}")) for load in loads]
    return [*stages, _paced("report", articles, platform.report_per_s)]


def _paced(name: str, rows: int, per_s: float) -> Stage:
    """A stage with one pace: nothing is simulated about it."""
    seconds = rows / per_s if per_s else 0.0
    resource: Resource = "limit" if name == "harvest" else "client"
    return Stage(name, seconds, rows if per_s else 0, 0, 0, {resource: 1.0} if seconds else {}, 1.0)


def _carried(load: _Load, platform: Platform, random: Random) -> Stage:
    simulated = min(load.requests, REQUESTS_AT_MOST)
    connections = [0.0] * int(platform.concurrency)
    again: list[tuple[float, int]] = []  # when, and the attempt it will be
    gap_s = 1 / platform.requests_per_s if platform.requests_per_s else 0.0
    allowed = client = line = end = busy_s = 0.0
    sent = retries = given_up = fresh = 0
    while fresh < simulated or again:
        free = connections[0]
        if again and (fresh >= simulated or again[0][0] <= max(free, allowed)):
            ready, attempt = heapq.heappop(again)
        else:
            fresh, attempt = fresh + 1, 1
            client += load.client_s
            ready = client
        start = max(free, ready, allowed, line)
        allowed, line = start + gap_s, start + load.line_s
        done = start + load.latency_s * (0.5 + random.random()) + load.line_s
        heapq.heapreplace(connections, done)
        sent, busy_s, end = sent + 1, busy_s + done - start, max(end, done)
        if random.random() < platform.error_share:
            if attempt >= platform.attempts:
                given_up += 1
            else:
                retries += 1
                wait_s = min(platform.retry_wait_s * 2 ** (attempt - 1), LONGEST_WAIT_S)
                heapq.heappush(again, (done + wait_s, attempt + 1))
    return _stage(load, simulated, sent, retries, given_up, end, _use(load, platform, simulated, sent, busy_s, end))


def _use(
    load: _Load, platform: Platform, simulated: int, sent: int, busy_s: float, end: float
) -> dict[Resource, float]:
    if not end:
        return {}
    use: dict[Resource, float] = {"connections": busy_s / (int(platform.concurrency) * end)}
    if platform.requests_per_s:
        use["limit"] = sent / (platform.requests_per_s * end)
    if load.client_s:
        use["client"] = simulated * load.client_s / end
    if load.line_s:
        use["line"] = sent * load.line_s / end
    return {resource: min(share, 1.0) for resource, share in use.items()}


def _stage(
    load: _Load, simulated: int, sent: int, retries: int, given_up: int, end: float, use: dict[Resource, float]
) -> Stage:
    """The simulated part, stretched to the whole."""
    stretch = load.requests / simulated if simulated else 0.0
    return Stage(
        load.name, end * stretch, round(sent * stretch), round(retries * stretch), round(given_up * stretch), use,
        1 / stretch if stretch else 1.0,
    )  # fmt: skip


def slowest(stages: Sequence[Stage]) -> Stage:
    """The stage that takes longest."""
    return max(stages, key=lambda stage: stage.seconds)
