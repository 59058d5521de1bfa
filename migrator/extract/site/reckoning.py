"""What follows from all pages together: which address of an article counts, what a database has already, what is wanted.

Done at the end of every harvest, from the tables alone; doing it twice gives the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from unicodedata import normalize

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from migrator.extract.site import states, tables
from migrator.extract.site.store import EvidenceStore, batched

UNKNOWN = "?"
"""``also_in`` before any database was asked."""

_CHUNK = 500
Has = Callable[[Collection[str]], Collection[str]]
"""Those of some legacy ids that a database has."""


def reckon(store: EvidenceStore) -> None:
    """Recognise articles that stand under several addresses, and name each record."""
    page = tables.page
    is_article = page.c.kind == states.ARTICLE
    with store.writing() as connection:
        _account_for_foreign_files(connection)
        connection.execute(sa.update(page).values(same_as="", record_id=""))
        shared = sa.select(page.c.legacy_id).where(is_article, page.c.legacy_id != "")
        shared = shared.group_by(page.c.legacy_id).having(sa.func.count() > 1)
        for legacy_id in connection.execute(shared).scalars().all():
            _join(connection, is_article & (page.c.legacy_id == legacy_id))
        _follow_canonical(connection)
        twice = sa.select(page.c.legacy_id).where(is_article, page.c.same_as == "")
        twice = twice.group_by(page.c.legacy_id).having(sa.func.count() > 1)
        has_id = (page.c.legacy_id != "") & page.c.legacy_id.not_in(twice.scalar_subquery())
        name = sa.case((has_id, page.c.legacy_id), else_=page.c.path)
        connection.execute(sa.update(page).where(is_article, page.c.same_as == "").values(record_id=name))
    want(store)


def _account_for_foreign_files(connection: sa.Connection) -> None:
    """A file on a host that is not named was never asked; it has its row all the same."""
    link, file = tables.link, tables.file
    never = sa.select(link.c.url, link.c.url, link.c.state, sa.literal("")).where(
        link.c.kind == states.FILE, link.c.state == states.FOREIGN, ~sa.exists().where(file.c.url == link.c.url)
    )
    connection.execute(sa.insert(file).from_select(["path", "url", "state", "checked_at"], never))


def _join(connection: sa.Connection, where: sa.ColumnElement[bool]) -> None:
    """Among pages of one legacy id those of one headline are one article; the one that calls itself canonical counts."""
    page = tables.page
    rows = connection.execute(sa.select(page.c.url, page.c.canonical_url, page.c.headline).where(where)).all()
    groups: dict[str, list[tuple[bool, str]]] = {}
    for row in rows:
        groups.setdefault(_folded(row.headline), []).append((row.canonical_url != row.url, row.url))
    for headline, members in groups.items():
        _, first = min(members)
        others = [url for _, url in members if url != first]
        if headline and others:
            connection.execute(sa.update(page).where(page.c.url.in_(others)).values(same_as=first))


def _follow_canonical(connection: sa.Connection) -> None:
    """A page that names another article of the same headline as its canonical address is the same article."""
    one, other = tables.page.alias("one"), tables.page.alias("other")
    pairs = connection.execute(
        sa.select(one.c.url, one.c.headline, other.c.url.label("to"), other.c.headline.label("its"))
        .join(other, other.c.url == one.c.canonical_url)
        .where(one.c.kind == states.ARTICLE, other.c.kind == states.ARTICLE, one.c.url != other.c.url,
               one.c.same_as == "", other.c.same_as == "",
               sa.or_(other.c.canonical_url.is_(None), other.c.canonical_url == other.c.url))
        .order_by(one.c.url)
    ).all()  # fmt: skip
    for pair in pairs:
        if pair.headline and _folded(pair.headline) == _folded(pair.its):
            connection.execute(sa.update(tables.page).where(tables.page.c.url == pair.url).values(same_as=pair.to))


def _folded(headline: str | None) -> str:
    return " ".join(normalize("NFC", headline or "").casefold().split())


def compare(store: EvidenceStore, source: str, has_articles: Has | None) -> None:
    """Ask which articles and files the database of a source has; without one, nothing else has them.

    Files are looked up in the table ``inventory``, which the caller has filled.
    """
    page, file, inventory = tables.page, tables.file, tables.inventory
    after = ""
    while ids := _next_ids(store, after):
        after = ids[-1]
        known = set(has_articles(ids)) if has_articles is not None else set()
        with store.writing() as connection:
            for group, name in ((known, source), (set(ids) - known, "")):
                if group:
                    connection.execute(sa.update(page).where(page.c.legacy_id.in_(group)).values(also_in=name))
    same = inventory.c.path == file.c.path
    named, known_as = (
        sa.select(column).where(same).scalar_subquery() for column in (inventory.c.source, inventory.c.legacy_id)
    )
    with store.writing() as connection:
        connection.execute(sa.update(page).where(page.c.legacy_id == "").values(also_in=""))  # nothing to look up by
        connection.execute(
            sa.update(file).values(also_in=sa.func.coalesce(named, ""), also_id=sa.func.coalesce(known_as, ""))
        )
    want(store)


def _next_ids(store: EvidenceStore, after: str) -> Sequence[str]:
    legacy_id = tables.page.c.legacy_id
    with store.reading() as connection:
        found = sa.select(legacy_id).distinct().where(legacy_id > after).order_by(legacy_id).limit(_CHUNK)
        return connection.execute(found).scalars().all()


def take_inventory(store: EvidenceStore, source: str, paths: Iterable[tuple[str, str]]) -> None:
    """Remember the paths (and ids) a database's media inventory names; all of them, or the former ones stay."""
    with store.writing() as connection:
        connection.execute(sa.delete(tables.inventory).where(tables.inventory.c.source == source))
        statement = insert(tables.inventory).on_conflict_do_nothing()
        for batch in batched(paths, _CHUNK):
            connection.execute(
                statement, [{"path": path, "source": source, "legacy_id": its_id} for path, its_id in batch]
            )


def inventory_paths(store: EvidenceStore) -> Iterator[str]:
    """Every path of the inventory, in order, streamed."""
    path, after = tables.inventory.c.path, ""
    while True:
        with store.reading() as connection:
            found = connection.execute(sa.select(path).where(path > after).order_by(path).limit(_CHUNK)).scalars().all()
        yield from found
        if len(found) < _CHUNK:
            return
        after = found[-1]


def want(store: EvidenceStore) -> None:
    """Mark the articles nothing else brings, and the files that they show or that no database has."""
    page, image, file = tables.page, tables.page_image, tables.file
    alone = page.c.also_in.in_(("", UNKNOWN))
    is_wanted = (page.c.kind == states.ARTICLE) & (page.c.same_as == "") & alone
    shown = sa.exists().where(image.c.path == file.c.path, image.c.wanted == 1)
    of_page = sa.select(page.c.wanted).where(page.c.url == image.c.url).scalar_subquery()
    with store.writing() as connection:
        connection.execute(sa.update(page).values(wanted=sa.case((is_wanted, 1), else_=0)))
        connection.execute(sa.update(image).values(wanted=sa.func.coalesce(of_page, 0)))
        wanted = shown | file.c.also_in.in_(("", UNKNOWN))
        connection.execute(sa.update(file).values(wanted=sa.case((wanted, 1), else_=0)))
