"""Rows merged into a record of another source: what is compared, and what the survivor may have taken from them."""

import dataclasses
from pathlib import Path

import pytest

from migrator.model.audit import Audit, AuditedEntity, Identity, Place, Pointer
from migrator.model.finding import Check, Waiver
from migrator.model.outcome import Bucket
from migrator.model.record import record_key
from tests.unit.verify.world import World, audit, identity, key, load, sound

SEVENTH, TWIN = key("article", 7), record_key("print", "article", 700)


def twins(*, merged: dict[str, tuple[str, ...]] | None = None, twin: bool = True) -> World:
    """The seventh article was printed as well; the print side's row was merged into it by a rule."""
    world = sound()
    article = audit().entities["article"]
    shared = {"standfirst", "published_at"} if twin else set()
    identities = tuple(dataclasses.replace(each, twin=each.field in shared) for each in article.identities)
    world.statement = dataclasses.replace(
        audit(), entities={**audit().entities, "article": dataclasses.replace(article, identities=identities)}
    )
    printed = AuditedEntity(
        "article", "bai_viet", None, ("id",), merged={"twin": ()} if merged is None else merged,
        identities=(
            identity("headline", "tieu_de"),
            identity("standfirst", "sapo", "html-entities"),
            Identity("published_at", Place("ngay"), ("unix",)),
        ),
    )  # fmt: skip
    row = {"id": 700, "tieu_de": "Tiêu đề báo in", "sapo": "Sapo d&agrave;i hơn của báo in"}
    row["ngay"] = world.source["article"][7]["publtime"]
    world.more["print"] = (Audit("print", {"article": printed}), {"article": {700: row}})
    world.outcome(TWIN, Bucket.MERGED, "twin", SEVENTH)
    world.alias[TWIN] = SEVENTH
    world.waivers = [Waiver("twin", "article", 1, False, "printed as well", "editor")]
    return world


def check(world: World, folder: Path, name: str) -> Check:
    return next(each for each in world.examine(folder).checks if (each.id, each.entity) == (name, "article"))


def declared(world: World) -> list[tuple[str, str, str, str]]:
    taken = [each for each in world.differences("declared") if each["kind"] == "taken-from-twin"]
    return [(each["check"], each["key"], each["field"], each["kind"]) for each in taken]


def test_of_a_twin_only_the_alias_is_compared(tmp_path: Path) -> None:
    world = twins()
    assert world.examine(tmp_path).verdict == "accepted_with_waivers"
    result = check(world, tmp_path, "I1")
    assert (result.compared, result.not_compared, result.holds) == (40, 0, True)
    assert "of 1 merged rows only the alias is compared" in result.statement
    world.alias[TWIN] = key("article", 8)
    world.examine(tmp_path)
    assert world.named() == {("C5", TWIN, "", "changed")}
    del world.alias[TWIN]
    world.examine(tmp_path)
    assert world.named() == {("C5", TWIN, "", "missing")}


def test_a_duplicate_of_another_source_must_still_say_the_same(tmp_path: Path) -> None:
    world = twins(merged={"duplicate": ("headline",), "twin": ("headline",)})
    world.examine(tmp_path)
    assert world.named() == {("I1", TWIN, "headline", "changed")}
    other = twins(merged={"duplicate": ()})  # says nothing of twins: the first identity counts
    other.examine(tmp_path)
    assert other.named() == {("I1", TWIN, "headline", "changed")}


def test_a_value_taken_from_the_twin_is_declared(tmp_path: Path) -> None:
    world = twins()
    world.send("article", 7, standfirst="Sapo dài hơn của báo in")
    assert world.examine(tmp_path).verdict == "accepted_with_waivers"
    assert declared(world) == [("I1", SEVENTH, "standfirst", "taken-from-twin")]
    assert world.differences("declared")[0]["detail"] == f"taken from {TWIN}, which was merged into it"
    assert check(world, tmp_path, "I1").holds is True


def test_an_instant_taken_from_the_twin_is_declared(tmp_path: Path) -> None:
    world = twins()
    world.more["print"][1]["article"][700]["ngay"] += 86400
    published = world.record("article", 8).fields["published_at"]  # a day later
    world.send("article", 7, published_at=published)
    world.examine(tmp_path)
    assert declared(world) == [("D1", SEVENTH, "published_at", "taken-from-twin")]


@pytest.mark.parametrize("value", ["Sapo dài hơn của báo", "sapo dài hơn của báo in", None])
def test_a_value_neither_side_has_is_a_difference(value: str | None, tmp_path: Path) -> None:
    world = twins()
    world.send("article", 7, standfirst=value)
    assert world.examine(tmp_path).verdict == "rejected"
    assert {name[:3] for name in world.named()} == {("I1", SEVENTH, "standfirst")}


def test_a_twin_s_value_is_no_excuse_where_nobody_declared_it(tmp_path: Path) -> None:
    world = twins(twin=False)
    world.send("article", 7, standfirst="Sapo dài hơn của báo in")
    world.examine(tmp_path)
    assert world.named() == {("I1", SEVENTH, "standfirst", "changed")}
    undeclared = twins()
    undeclared.send("article", 7, headline="Tiêu đề báo in")
    undeclared.examine(tmp_path)
    assert undeclared.named() == {("I1", SEVENTH, "headline", "changed")}


def test_another_record_s_twin_is_no_excuse(tmp_path: Path) -> None:
    world = twins()
    world.send("article", 8, standfirst="Sapo dài hơn của báo in")
    world.examine(tmp_path)
    assert world.named() == {("I1", key("article", 8), "standfirst", "changed")}


def test_a_reference_to_a_twin_leads_to_the_survivor_of_the_other_source(tmp_path: Path) -> None:
    world = twins()
    statement, rows = world.more["print"]
    related = Pointer("related", "article", Place("lien_quan"))
    printed = dataclasses.replace(statement.entities["article"], pointers=(related,))
    world.more["print"] = (dataclasses.replace(statement, entities={"article": printed}), rows)
    rows["article"][700]["lien_quan"] = None
    rows["article"][701] = {**rows["article"][700], "id": 701, "lien_quan": 700}
    name = record_key("print", "article", 701)
    load(world, "article", 701, {
        "headline": "Tiêu đề báo in", "standfirst": "Sapo dài hơn của báo in", "related": (SEVENTH,),
        "published_at": world.record("article", 7).fields["published_at"],
    }, source="print")  # fmt: skip
    world.journal_entry([name])
    assert world.examine(tmp_path).verdict == "accepted_with_waivers"
    old = next(each for each in world.target["article"] if each.key == name)
    world.replace(old, dataclasses.replace(old, fields={**old.fields, "related": (TWIN,)}))
    world.examine(tmp_path)
    assert ("R1", name, "related", "changed") in world.named()
