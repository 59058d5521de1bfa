"""A harvest of the test's own server, with the packaged profiles and no patience."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from migrator.cli.progress import Silence
from migrator.extract.page.model import Page, Unreadable
from migrator.extract.page.profile import Profile
from migrator.extract.page.profile_reading import load_profile
from migrator.extract.page.reading import PageOptions, read_page
from migrator.extract.site import (
    Addresses,
    EvidenceStore,
    FileStore,
    FolderFetch,
    Harvest,
    HttpFetch,
    Media,
    Options,
    Pages,
    Patience,
    Rules,
    Site,
    Visitor,
    read_rules,
)
from migrator.extract.site.reckoning import reckon
from tests.unit.extract.site.server import Server

PUBLIC = "https://www.paper.example"
PROFILES = Path(__file__).resolve().parents[4] / "mappings" / "sites"
BODY = "Mưa lớn kéo dài từ sáng sớm khiến nhiều tuyến phố trong thành phố ngập sâu, giao thông rối loạn."


def article(headline: str, body: str = f"<p>{BODY}</p>", head: str = "", after: str = "") -> bytes:
    """A page of the NukeViet generation."""
    return (
        f'<!DOCTYPE html><html lang="vi"><head><title>{headline}</title><meta name="generator" content="NukeViet v4.5">'
        f'{head}</head><body><div class="news_column"><h1 class="title" itemprop="headline">{headline}</h1>'
        '<span class="h5">Thứ hai - 25/03/2024 10:15</span><div class="hometext" itemprop="description">Sapo.</div>'
        f'<div id="news-bodyhtml">{body}</div></div>{after}</body></html>'
    ).encode()


def channel(headline: str) -> bytes:
    """A page of the older generation."""
    return (
        f'<html><head><title>{headline}</title></head><body><h1 class="title-detail">{headline}</h1>'
        '<div class="date-detail">01/05/2019 10:00</div>'
        f'<div class="col-content"><p class="sapo"><strong>Sapo.</strong></p><p>{BODY}</p></div></body></html>'
    ).encode()


def listing(*paths: str, older: str = "") -> bytes:
    """A page of a section."""
    links = "".join(f'<h3><a href="{path}">Tin</a></h3>' for path in paths)
    pager = f'<ul class="pagination"><li><a href="{older}">Trang sau</a></li></ul>' if older else ""
    return f"<html><body>{links}{pager}</body></html>".encode()


def sitemap(*urls: str) -> bytes:
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()


@cache
def profiles() -> tuple[Profile, ...]:
    return tuple(load_profile(PROFILES / f"{name}.yaml", PROFILES) for name in ("nukeviet", "channel"))


def read(data: bytes, content_type: str, url: str, fetched_at: datetime) -> Page | Unreadable:
    return read_page(data, url, PageOptions(profiles(), content_type=content_type, fetched_at=fetched_at))


@dataclass
class Bench:
    """One evidence folder, harvested as often as asked."""

    folder: Path
    server: Server
    named: tuple[str, ...] = ()
    media_root: Path | None = None
    with_site: bool = True
    patience: Patience = field(default_factory=lambda: Patience(attempts=3, first_s=0.01, longest_s=0.02, in_a_row=20))
    rate: float = 0.0
    timeout_s: float = 2.0
    longest_s: float = 2.0
    largest_file: int = 1_000_000
    stopping: Callable[[], bool] = lambda: False
    rules: Rules | None = None

    @property
    def database(self) -> Path:
        return self.folder / "web.sqlite"

    def harvest(self, *, limit: int | None = None, refresh: bool = False, paths: Iterable[str] = ()) -> str:
        """How it ended. Whatever happened, the tables are reckoned only at the end of a whole harvest."""
        with ExitStack() as stack:
            store = EvidenceStore(self.database)
            stack.callback(store.close)
            files = FileStore(self.folder, self.folder / ".tmp")
            files.prepare()
            stack.callback(files.close)
            addresses = Addresses(PUBLIC, self.server.url, ("paper.example", "www.paper.example"), self.named)
            fetch = HttpFetch(addresses, self.timeout_s, self.longest_s)
            stack.callback(fetch.close)
            visitor = Visitor(addresses, fetch, self.rate, self.patience, self.stopping) if self.with_site else None
            folder = FolderFetch(addresses, self.media_root) if self.media_root else None
            rules = self.rules or read_rules([PROFILES / "nukeviet.yaml", PROFILES / "channel.yaml"], PROFILES)
            site = Site(
                addresses,
                rules,
                Media(addresses, files, folder, visitor, self.largest_file),
                Pages(addresses, rules, read) if self.with_site else None,
                visitor,
            )
            options = Options("harvest", limit, refresh, ("nukeviet",), self.patience, self.stopping)
            ended = Harvest(store, site, options, Silence()).run(paths)
            if ended != "stopped":
                reckon(store)
            if ended == "done":
                store.end({})
            return ended

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(sql).fetchall()

    def states(self, kind: str = "page") -> dict[str, str]:
        """Path -> state of every address of a kind."""
        rows = self.rows(f"SELECT url, state FROM link WHERE kind = '{kind}'")
        return {url.removeprefix(PUBLIC): state for url, state in rows}

    def reason(self, path: str) -> str:
        return str(self.rows(f"SELECT reason FROM link WHERE url = '{PUBLIC}{path}'")[0][0])

    def files(self) -> dict[str, str]:
        return dict(self.rows("SELECT path, state FROM file"))
