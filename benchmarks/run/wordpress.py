"""How fast articles go into a real WordPress, beside a bare loop of the same calls. Run: python benchmarks/run/wordpress.py

A legacy newsroom is made and carried over up to its articles; the WordPress is kept as it then is. Then, in turn and more
than once, the articles go in by `migrator run article` – look-ups, ledger and all – and by a bare loop that sends the very
same bodies in the very same batch calls and does nothing else: one call after another, and with as many calls under way as
migrator has. Wall-clock articles a second, the best of the rounds; the ratio is the figure.

On a machine that is busy with other work turns cannot be compared. With --at-once both go at the same time, to two
WordPresses, and what counts is how many articles each has there when the first of them is done.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import orjson
import requests
from sqlalchemy import make_url, text

from tests import faulty_proxy, wordpress_paper
from tests.conftest import MARIADB
from tests.wordpress_paper import PASSWORD
from tests.wordpress_site import WordPress, running

PROGRAM = (sys.executable, "-c", "from migrator.cli import main; main()")
CALLS = 3


def carry(project: Path, wordpress: WordPress, *entities: str) -> float:
    """Seconds of `migrator run`."""
    began = time.monotonic()
    done = subprocess.run(
        [*PROGRAM, "run", *entities, "--project", str(project)],
        check=False, capture_output=True, text=True, env={**os.environ, PASSWORD: wordpress.password},
    )  # fmt: skip
    if done.returncode not in {0, 3}:
        raise SystemExit(done.stdout + done.stderr)
    return time.monotonic() - began


def listened(project: Path, wordpress: WordPress) -> list[bytes]:
    """The bodies of the batch calls migrator makes for the articles."""
    bodies: list[bytes] = []

    def listen(_method: str, path: str, body: bytes) -> None:
        if path.endswith("batch/v1") and b"/wp/v2/posts" in body:
            bodies.append(body)

    with faulty_proxy.before(wordpress.url) as proxy:
        proxy.fault = listen
        carry(wordpress_paper.aim(project, project, proxy.url), wordpress, "article")
    wordpress_paper.aim(project, project, wordpress.url)
    return bodies


def bare(wordpress: WordPress, bodies: Sequence[bytes], calls: int) -> float:
    """Seconds of sending the calls and nothing else."""
    session = requests.Session()
    session.auth = (wordpress.user, wordpress.password)

    def send(body: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        answer = session.post(f"{wordpress.url}/wp-json/batch/v1", data=body, headers=headers, timeout=120)
        statuses = {each["status"] for each in answer.json()["responses"]}
        if statuses != {201}:
            raise SystemExit(f"the bare loop was answered {statuses}")

    began = time.monotonic()
    if calls == 1:
        for body in bodies:
            send(body)
    else:
        with ThreadPoolExecutor(calls) as pool:
            list(pool.map(send, bodies))
    return time.monotonic() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-once", action="store_true", help="both at the same time, to two WordPresses")
    asked = parser.parse_args()
    server = make_url(os.environ.get("MIGRATOR_TEST_MARIADB") or MARIADB)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "wordpress").mkdir()
        project = wordpress_paper.prepare(place / "paper", asked.articles, files=False)
        with running(server, place / "wordpress") as wordpress:
            wordpress_paper.aim(project, project, wordpress.url)
            carry(project, wordpress, "section", "topic", "tag", "account", "person", "asset")
            for name in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
                (project / name).unlink(missing_ok=True)
            ledger = (project / "ledger.sqlite").read_bytes()
            wordpress.remember("ready")
            bodies = listened(project, wordpress)
            articles = sum(len(orjson.loads(body)["requests"]) for body in bodies)
            if asked.at_once:
                (place / "other").mkdir()
                with running(server, place / "other") as other:
                    copy(wordpress, other)
                    at_once(project, wordpress, other, bodies, ledger, asked.rounds)
                return
            least: dict[str, float] = {}
            for number in range(asked.rounds):
                for name, measure in _runs(project, wordpress, bodies, ledger):
                    wordpress.reset("ready")
                    seconds = measure()
                    least[name] = min(seconds, least.get(name, seconds))
                    print(f"round {number + 1}: {name}: {articles / seconds:.1f} articles/s", flush=True)
    print(f"{articles} articles in {len(bodies)} calls; best of {asked.rounds}:")
    for name, seconds in least.items():
        print(f"  {name}: {articles / seconds:.1f} articles/s; migrator: {seconds / least['migrator']:.0%} of it")


def restore(project: Path, ledger: bytes) -> None:
    """The ledger as it was before the articles."""
    for path in project.glob("ledger.sqlite*"):
        path.unlink()
    (project / "ledger.sqlite").write_bytes(ledger)


def copy(one: WordPress, other: WordPress) -> None:
    """What was kept of one WordPress as ``ready`` is what the other has, but for its own settings and users."""
    tables = ("posts", "postmeta", "terms", "termmeta", "term_taxonomy", "term_relationships", "users")
    with other.engine.begin() as connection:
        for table in tables:
            kept = f"{one.engine.url.database}.ready_wp_{table}"
            connection.execute(text(f"TRUNCATE wp_{table}"))
            connection.execute(text(f"INSERT INTO wp_{table} SELECT * FROM {kept}"))
        kept = f"{one.engine.url.database}.ready_wp_usermeta"
        connection.execute(
            text(f"INSERT INTO wp_usermeta (user_id, meta_key, meta_value) SELECT user_id, meta_key, meta_value FROM {kept}"
                 " WHERE user_id > 1")
        )  # fmt: skip
    other.remember("ready")


def at_once(
    project: Path, wordpress: WordPress, other: WordPress, bodies: Sequence[bytes], ledger: bytes, rounds: int
) -> None:
    """Both in the same time, under the same disturbance; which WordPress migrator has changes from round to round."""
    counts = "SELECT count(*) FROM wp_posts WHERE post_type = 'post'"
    shares = []
    for number in range(rounds):
        mine, its = (wordpress, other) if number % 2 == 0 else (other, wordpress)
        for site in (mine, its):
            site.reset("ready")
        restore(project, ledger)
        wordpress_paper.aim(project, project, mine.url)
        before = [int(site.rows(counts)[0][0]) for site in (mine, its)]
        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(carry, project, mine, "article"), pool.submit(bare, its, bodies, CALLS)]
            wait(both, return_when=FIRST_COMPLETED)
            after = [int(site.rows(counts)[0][0]) for site in (mine, its)]
            seconds = [each.result() for each in both]
        done = [there - was for there, was in zip(after, before, strict=True)]
        shares.append(done[0] / done[1])
        print(f"round {number + 1}: migrator {done[0]}, bare loop {done[1]} articles: {shares[-1]:.0%}; "
              f"to their ends {seconds[0]:.0f} s and {seconds[1]:.0f} s", flush=True)  # fmt: skip
    print(f"{rounds} rounds: migrator has {sum(shares) / rounds:.0%} of the bare loop's articles in the same time")


def _runs(project: Path, wordpress: WordPress, bodies: Sequence[bytes], ledger: bytes) -> Sequence[tuple[str, Any]]:
    def migrator() -> float:
        restore(project, ledger)
        return carry(project, wordpress, "article")

    return (
        ("migrator", migrator),
        (f"bare loop, {CALLS} calls at once", lambda: bare(wordpress, bodies, CALLS)),
        ("bare loop, one call after another", lambda: bare(wordpress, bodies, 1)),
    )


if __name__ == "__main__":
    main()
