"""What a harvest came to, counted from the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from migrator.extract.site import states, tables
from migrator.extract.site.reckoning import UNKNOWN
from migrator.extract.site.store import EvidenceStore


@dataclass(frozen=True, slots=True)
class Summary:
    """``links``: kind -> state -> addresses; every address ever seen is in it once. ``files``: state -> files.

    ``articles`` counts articles, each once however many addresses it has; ``unreadable`` are pages of articles by the
    reason nothing could be read; ``only_on_site`` are articles no database has, null while none was asked.
    """

    links: Mapping[str, Mapping[str, int]]
    files: Mapping[str, int]
    bytes_kept: int
    pages: Mapping[str, int]
    articles: int
    copies: int
    unreadable: Mapping[str, int]
    only_on_site: int | None

    @property
    def addresses(self) -> int:
        """All addresses ever seen."""
        return sum(number for counts in self.links.values() for number in counts.values())

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {**asdict(self), "addresses": self.addresses}


def summary_of(store: EvidenceStore) -> Summary:
    """Count."""
    page, file, link = tables.page.c, tables.file.c, tables.link.c
    links: dict[str, dict[str, int]] = {}
    for (kind, state), number in store.count(link.kind, link.state).items():
        links.setdefault(kind, {})[state] = number
    is_article = page.kind == states.ARTICLE
    with store.reading() as connection:

        def number_of(*where: sa.ColumnElement[bool]) -> int:
            statement = sa.select(sa.func.count()).select_from(tables.page).where(*where)
            return int(connection.execute(statement).scalar_one())

        kept = sa.select(file.sha256, sa.func.max(file.size_bytes).label("size")).where(file.state.in_(states.KEPT))
        kept_once = kept.group_by(file.sha256).subquery()
        size = connection.execute(sa.select(sa.func.coalesce(sa.func.sum(kept_once.c.size), 0))).scalar_one()
        unknown = number_of(is_article, page.also_in == UNKNOWN)
        return Summary(
            links=links,
            files={state: number for (state,), number in store.count(file.state).items()},
            bytes_kept=int(size),
            pages={kind: number for (kind,), number in store.count(page.kind).items()},
            articles=number_of(is_article, page.same_as == ""),
            copies=number_of(is_article, page.same_as != ""),
            unreadable=_by_reason(connection),
            only_on_site=None if unknown else number_of(page.wanted == 1),
        )


def _by_reason(connection: sa.Connection) -> dict[str, int]:
    page = tables.page.c
    found: dict[str, int] = {}
    where = (page.kind == states.ARTICLE) & (page.reason != "")
    for reason, number in connection.execute(
        sa.select(page.reason, sa.func.count()).where(where).group_by(page.reason)
    ):
        code = reason.partition(":")[0]
        found[code] = found.get(code, 0) + number
    return dict(sorted(found.items()))
