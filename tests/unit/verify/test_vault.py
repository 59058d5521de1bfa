"""V1: what is withheld lies in the vault, whole, and nothing else does."""

import dataclasses
import hashlib
from pathlib import Path

import orjson
import pytest

from migrator.model.audit import Identity, Place
from migrator.model.finding import Check, Waiver
from migrator.model.outcome import Bucket
from migrator.ports import KeptRecord
from tests.unit.verify.world import World, audit, key, sound

SEVENTH = key("article", 7)


def withheld() -> World:
    """The seventh article was taken down, and lies in the vault."""
    world = sound()
    fields = world.sent[SEVENTH].fields
    said = orjson.dumps(dict(fields), option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z).decode()
    digest = hashlib.sha256(said.encode()).hexdigest()
    world.vault = {SEVENTH: KeptRecord(SEVENTH, "article", said, digest, "retracted", fields)}
    world.set_aside(7, Bucket.WITHHELD, "retracted")
    world.source["article"][6]["bodyhtml"] = "<p>Bài 6</p>"  # it linked to the seventh
    world.send("article", 6, body_html="<p>Bài 6</p>")
    world.waivers = [Waiver("retracted", "article", 1, False, "taken down", "editor")]
    return world


def check(world: World, folder: Path) -> Check:
    return next(each for each in world.examine(folder).checks if each.id == "V1")


def change(world: World, **fields: object) -> None:
    assert world.vault is not None
    world.vault[SEVENTH] = dataclasses.replace(world.vault[SEVENTH], **fields)  # type: ignore[arg-type]


def test_what_was_withheld_lies_there(tmp_path: Path) -> None:
    world = withheld()
    result = check(world, tmp_path)
    assert (result.entity, result.holds, result.compared, result.not_compared) == ("article", True, 1, 0)
    examination = world.examine(tmp_path)
    assert examination.verdict == "accepted_with_waivers"
    (account,) = examination.accounts.vault
    assert (account.withheld, account.kept, account.compared) == (1, 1, 1)


def test_what_does_not_lie_there(tmp_path: Path) -> None:
    world = withheld()
    world.vault = {}
    assert check(world, tmp_path).holds is False
    assert world.named() == {("V1", SEVENTH, "", "missing")}


def test_a_record_that_was_altered_there(tmp_path: Path) -> None:
    world = withheld()
    assert world.vault is not None
    change(world, said=world.vault[SEVENTH].said.replace("Thành phố", "Thị xã"))
    assert check(world, tmp_path).holds is False
    assert world.named() == {("V1", SEVENTH, "", "changed")}


def test_a_record_that_says_something_else_than_the_source(tmp_path: Path) -> None:
    world = withheld()
    change(world, fields={**world.sent[SEVENTH].fields, "headline": "Tiêu đề khác"})
    world.examine(tmp_path)
    assert world.named() == {("V1", SEVENTH, "headline", "changed")}


@pytest.mark.parametrize(("byline", "found"), [("khác", False), ("Hồng Minh", True)])
def test_words_of_the_body_may_lie_there_where_the_statement_says_so(tmp_path: Path, byline: str, found: bool) -> None:
    world = withheld()
    article = audit().entities["article"]
    author = Identity("byline", Place("author"), from_body=True)
    article = dataclasses.replace(article, identities=(*article.identities, author))
    world.statement = dataclasses.replace(audit(), entities={**audit().entities, "article": article})
    for row in world.source["article"].values():
        row["author"] = None
    change(world, fields={**world.sent[SEVENTH].fields, "byline": byline})  # the body says: Bài 7 khác
    world.examine(tmp_path)
    assert (("V1", SEVENTH, "byline", "extra") in world.named()) is found


def test_a_record_that_lies_there_for_no_reason(tmp_path: Path) -> None:
    world = withheld()
    change(world, reason="")
    world.examine(tmp_path)
    assert world.named() == {("V1", SEVENTH, "", "missing")}


@pytest.mark.parametrize(("stray", "why"), [("web:article:8", "says created"), ("web:article:99", "does not know it")])
def test_a_record_nobody_withheld(stray: str, why: str, tmp_path: Path) -> None:
    world = withheld()
    assert world.vault is not None
    world.vault[stray] = dataclasses.replace(world.vault[SEVENTH], key=stray)
    world.examine(tmp_path)
    assert world.named() == {("V1", stray, "", "extra")}
    assert why in world.differences()[0]["detail"]


def test_a_withheld_record_at_the_public_target(tmp_path: Path) -> None:
    world = withheld()
    world.target["article"].append(dataclasses.replace(world.record("article", 8), key=SEVENTH, target_id="7"))
    world.examine(tmp_path)
    assert {("V1", SEVENTH, "", "extra"), ("C4", SEVENTH, "", "duplicate-of")} <= world.named()


def test_a_value_that_cannot_be_read_was_not_compared(tmp_path: Path) -> None:
    world = withheld()
    world.source["article"][7]["status"] = 99
    examination = world.examine(tmp_path)
    assert next(each for each in examination.checks if each.id == "V1").not_compared == 1
    assert examination.verdict == "not_verified"


def test_an_empty_vault_of_a_paper_that_withholds_nothing(tmp_path: Path) -> None:
    world = sound()
    world.vault = {}
    examination = world.examine(tmp_path)
    assert examination.verdict == "accepted"
    assert not [each for each in examination.checks if each.id == "V1"]
