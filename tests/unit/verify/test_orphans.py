"""K2: rows that belong to nothing are findings, whatever became of them; fields declared empty are empty."""

import dataclasses
from pathlib import Path

import pytest

from migrator.model.audit import Belonging
from migrator.model.finding import Check
from tests.unit.verify.world import World, audit, key, sound


def belonging(world: World) -> World:
    article = dataclasses.replace(audit().entities["article"], belongs_to=(Belonging("sections", (("catid", "id"),)),))
    world.statement = dataclasses.replace(
        audit(), entities={**audit().entities, "article": article}, consumed={"detail*": "bodies"},
        belongings={"detail*": (Belonging("rows", (("id", "id"),)),), "nobody": (Belonging("rows", (("id", "id"),)),)},
    )  # fmt: skip
    world.extra_tables = {"authorlist": 80, "detail": 41, "users": 3}
    world.statement = dataclasses.replace(world.statement, consumed={"*": "read"})
    return world


def check(world: World, folder: Path) -> Check:
    return next(each for each in world.examine(folder).checks if each.id == "K2")


def test_everything_belongs_to_something(tmp_path: Path) -> None:
    world = belonging(sound())
    result = check(world, tmp_path)
    assert (result.entity, result.holds, result.compared) == ("article", True, 81)  # 40 articles, 41 bodies
    assert "rows → sections, detail → rows" in result.statement


def test_orphans_are_named_and_counted(tmp_path: Path) -> None:
    world = belonging(sound())
    world.lost_rows = [((99,), 2)]
    examination = world.examine(tmp_path)
    assert ("orphan-row", key("article", 99)) in world.findings()
    assert {account.table: account.orphans for account in examination.tables if account.orphans is not None} == {
        "rows": 2, "detail": 2,
    }  # fmt: skip
    assert {each.holds for each in examination.checks if each.id == "K2"} == {False}
    assert examination.verdict == "rejected"


def test_fields_declared_empty_must_be_empty(tmp_path: Path) -> None:
    world = sound()
    article = dataclasses.replace(audit().entities["article"], empty=("byline", "expires_at"))
    world.statement = dataclasses.replace(audit(), entities={**audit().entities, "article": article})
    assert world.examine(tmp_path).verdict == "accepted"
    world.send("article", 7, byline="Ai?", expires_at=world.record("article", 7).fields["published_at"])
    world.examine(tmp_path)
    assert world.named() == {
        ("I1", key("article", 7), "byline", "extra"),
        ("D1", key("article", 7), "expires_at", "extra"),
    }


@pytest.mark.parametrize("with_empty", [True, False])
def test_an_entity_whose_instants_are_all_empty_was_compared(with_empty: bool, tmp_path: Path) -> None:
    world = sound()
    article = audit().entities["article"]
    plain = tuple(each for each in article.identities if each.field != "published_at")
    article = dataclasses.replace(article, identities=plain, empty=("expires_at",) if with_empty else ())
    world.statement = dataclasses.replace(audit(), entities={**audit().entities, "article": article})
    result = next(c for c in world.examine(tmp_path).checks if (c.id, c.entity) == ("D1", "article"))
    assert (result.compared, result.not_compared) == ((40, 0) if with_empty else (0, 40))
