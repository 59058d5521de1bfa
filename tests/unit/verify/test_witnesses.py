"""The public site, the tables, the copies and the dates as witnesses."""

import dataclasses
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from migrator.errors import AccessError
from migrator.model.audit import AuditedEntity, OutOfScope, SiteWitness
from migrator.model.source import Test
from migrator.verify.lists import Lists
from migrator.verify.tables import TableCheck
from tests.unit.verify.world import NOW, FakeSite, World, audit, key, sound


def with_site(world: World, lastmod: str | None = "published_at") -> list[tuple[str, str]]:
    """Give the world a site that lists every article rightly; the entries, to be broken."""
    witness = SiteWitness((r"-(?P<id>\d+)\.html$",), public={"status": ("published",)}, lastmod=lastmod)
    world.statement = dataclasses.replace(audit(), site=witness)
    return [
        (f"/tin/bai-{number}.html", datetime.fromtimestamp(row["publtime"], UTC).isoformat())
        for number, row in world.source["article"].items()
    ]


def test_a_site_that_agrees(tmp_path: Path) -> None:
    world = sound()
    entries = with_site(world)
    world.site = FakeSite([*entries, ("/gioi-thieu/", ""), ("/", "")])
    examination = world.examine(tmp_path)
    assert examination.verdict == "accepted"
    site = next(check for check in examination.checks if check.id == "C1b")
    assert (site.holds, site.compared) == (True, 40)
    assert "2 pages are of another kind" in site.statement


def test_pages_and_rows_without_a_counterpart(tmp_path: Path) -> None:
    world = sound()
    entries = with_site(world)
    world.source["article"][9]["status"] = 4
    world.send("article", 9, status="draft")
    world.site = FakeSite([each for each in entries if "-7." not in each[0]] + [("/tin/bai-999.html", "")])
    world.examine(tmp_path)
    assert world.findings() == {
        ("only-in-database", key("article", 7)),
        ("only-on-site", key("article", 999)),
        ("only-on-site", key("article", 9)),
    }


@pytest.mark.parametrize(
    ("shift", "kind"),
    [
        (timedelta(hours=-7), "time-shift-7h"),
        (timedelta(hours=7), "time-shift-7h"),
        (timedelta(minutes=5), "time-differs"),
        (timedelta(days=3), "time-differs"),
    ],
)
def test_dates_of_the_site(shift: timedelta, kind: str, tmp_path: Path) -> None:
    world = sound()
    entries = with_site(world)
    path, date = entries[6]
    entries[6] = path, (datetime.fromisoformat(date) + shift).isoformat()
    world.site = FakeSite(entries)
    world.examine(tmp_path)
    assert world.findings() == {(kind, key("article", 7))}


def test_dates_without_time_or_zone(tmp_path: Path) -> None:
    world = sound()
    entries = with_site(world)
    local = [(path, (datetime.fromisoformat(date) + timedelta(hours=7)).isoformat()[:19]) for path, date in entries]
    local[6] = local[6][0], local[6][1][:10]
    local[7] = local[7][0], "2001-01-01"
    world.site = FakeSite(local)
    world.examine(tmp_path)
    assert world.findings() == {("time-differs", key("article", 8))}


def test_a_site_whose_dates_mean_something_else(tmp_path: Path) -> None:
    world = sound()
    entries = with_site(world, lastmod=None)
    world.site = FakeSite([(path, "2024-01-01") for path, _ in entries])
    assert world.examine(tmp_path).verdict == "accepted"


class Gone(FakeSite):
    """A site that breaks off."""

    def entries(self) -> Iterable[tuple[str, str]]:
        yield from self._entries
        raise AccessError("it answers 500")


def test_a_site_that_cannot_be_read_is_not_compared(tmp_path: Path) -> None:
    for site, why in (
        (Gone([("/tin/bai-1.html", "")]), "it answers 500"),
        (FakeSite([]), "no page"),
        (FakeSite([("/gioi-thieu/", "")]), "no page"),
    ):
        world = sound()
        with_site(world)
        world.site = site
        examination = world.examine(tmp_path)
        check = next(check for check in examination.checks if check.id == "C1b")
        assert (check.holds, check.not_compared) == (None, 1)
        assert why in check.statement
        assert world.findings() == set()
        assert examination.verdict == "not_verified"


def test_a_site_nobody_asked_is_told_but_no_fault(tmp_path: Path) -> None:
    world = sound()
    with_site(world)
    examination = world.examine(tmp_path)
    assert examination.verdict == "accepted"
    assert "C1b article: not compared: the site was not asked" in examination.not_checked


def test_copies_that_drifted_are_findings(tmp_path: Path) -> None:
    world = sound()
    world.extra_tables = {"copy_2": 13}
    world.drift = [(key("article", 7), "copy_2", "title", "A", "B"), (key("article", 99), "copy_2", "", "", "")]
    examination = world.examine(tmp_path)
    assert world.findings() == {("copy-drift", key("article", 7)), ("copy-drift", key("article", 99))}
    copies = next(check for check in examination.checks if check.id == "K1")
    assert (copies.holds, copies.compared, copies.differences) == (False, 13, 2)


def test_dates_that_cannot_be(tmp_path: Path) -> None:
    world = sound()
    for number, moment in ((7, NOW + timedelta(days=1)), (8, datetime(1970, 1, 1, tzinfo=UTC))):
        world.source["article"][number]["publtime"] = int(moment.timestamp())
        world.send("article", number, published_at=moment)
    world.source["article"][9] |= {"publtime": 0, "status": 4}
    world.send("article", 9, published_at=datetime(1970, 1, 1, tzinfo=UTC), status="draft")
    world.examine(tmp_path)
    assert world.findings() == {("future-date", key("article", 7)), ("zero-date", key("article", 8))}


def test_hours_between_source_and_target(tmp_path: Path) -> None:
    world = sound()
    for number in range(1, 31):
        moment = world.record("article", number).fields["published_at"]
        assert isinstance(moment, datetime)
        world.tamper(
            "article", number, published_at=moment + timedelta(hours=7 if number < 30 else 0, minutes=number // 30)
        )
    assert world.examine(tmp_path).date_offsets_h == {"7": 29, "0": 10, "other": 1}


class Counting:
    """Tables as lists of rows with one column."""

    def __init__(self, **tables: list[int]) -> None:
        self._tables = tables

    def tables(self) -> list[str]:
        return list(self._tables)

    def count(self, table: str, where: tuple[Test, ...] = ()) -> int:
        return sum(all(row in test.operand for test in where) for row in self._tables[table])  # type: ignore[operator]

    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)


def only(*values: int) -> tuple[Test, ...]:
    return (Test("kind", "in", values),)


@pytest.mark.parametrize(
    ("articles", "tags", "left_out", "disposition", "detail"),
    [
        (only(1), only(2), only(3), "mapped", "article: 2 + tag: 1 + out of scope: old: 1"),
        (only(1), only(2), only(4), "unaccounted", "1 rows are in no part"),
        (only(1, 2), only(2, 4), (), "unaccounted", "1 rows both in article and tag"),
        ((), only(2), (), "unaccounted", "1 rows both in article and tag"),
    ],
)
def test_a_table_of_several_entities(
    articles: tuple[Test, ...], tags: tuple[Test, ...], left_out: tuple[Test, ...], disposition: str, detail: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    entities = {
        "article": AuditedEntity("article", "posts", None, ("id",), where=articles),
        "tag": AuditedEntity("tag", "posts", None, ("id",), where=tags),
    }
    out = (OutOfScope("posts", "old", left_out),) if left_out else ()
    statement = dataclasses.replace(audit(), entities=entities, out_of_scope=out)
    lists = Lists(tmp_path)
    check = TableCheck(statement, Counting(posts=[1, 1, 2, 3]), ["article", "tag"], lists)  # type: ignore[arg-type]
    result = check.examine()
    lists.discard()
    assert (check.accounts[0].disposition, check.accounts[0].rows) == (disposition, 4)
    assert detail in check.accounts[0].detail
    assert result.holds is (disposition == "mapped")
