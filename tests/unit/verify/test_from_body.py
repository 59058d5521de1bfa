"""A field that the source may only say in the body: words that stand there are announced, others are found."""

import dataclasses
from pathlib import Path

import pytest

from migrator.model.audit import Identity, Place, TextRule
from migrator.model.content import Value
from tests.unit.verify.world import World, audit, key, sound

SEVENTH = key("article", 7)
BODY = '<p>Bài 7 <a href="/tin/bai-8.html">khác</a></p><p><b>Hồng</b>&nbsp;Minh</p>'
DECODED = '<p>Bài 7 <a href="/tin/bai-8.html">khác</a></p><p><font face=".VnTime">Hång Minh</font> ¶nh: T. H­¬ng</p>'


def newsroom(author: str | None, byline: Value, body: str = BODY, *, from_body: bool = True) -> World:
    """Every article has its author in a column, but the seventh."""
    world = sound()
    article = audit().entities["article"]
    author_field = Identity("byline", Place("author"), ("spaces",), from_body=from_body)
    article = dataclasses.replace(
        article, identities=(*article.identities, author_field), text=TextRule(read=("legacy-fonts",))
    )
    world.statement = dataclasses.replace(audit(), entities={**audit().entities, "article": article})
    for number, row in world.source["article"].items():
        row["author"] = f"Tác giả {number}"
        world.send("article", number, byline=row["author"])
    world.source["article"][7] |= {"author": author, "bodyhtml": body}
    world.send("article", 7, byline=byline, body_html=body.replace("Hång", "Hồng"))
    return world


@pytest.mark.parametrize("author", [None, ""])
@pytest.mark.parametrize(("byline", "body"), [("Hồng Minh", BODY), ("Hồng Minh", DECODED)])
def test_words_of_the_body_are_announced(tmp_path: Path, author: str | None, byline: str, body: str) -> None:
    world = newsroom(author, byline, body)
    world.examine(tmp_path)
    assert {each for each in world.named() if each[0] == "I1"} == set()
    found = [each for each in world.differences("declared") if each["field"] == "byline"]
    assert [(each["key"], each["kind"], each["found"]) for each in found] == [(SEVENTH, "taken-from-body", "Hồng Minh")]


@pytest.mark.parametrize(
    ("author", "byline", "kind"),
    [
        (None, "Minh Hồng", "extra"),  # not in this order
        (None, "Khánh Linh", "extra"),
        (None, "…", "extra"),
        ("Hồng Minh", "khác", "changed"),  # the source names somebody
        ("Hồng Minh", None, "missing"),
    ],
)
def test_other_words_are_found(tmp_path: Path, author: str | None, byline: Value, kind: str) -> None:
    world = newsroom(author, byline)
    world.examine(tmp_path)
    assert ("I1", SEVENTH, "byline", kind) in world.named()


def test_without_the_announcement_words_of_the_body_are_a_difference(tmp_path: Path) -> None:
    world = newsroom(None, "Hồng Minh", from_body=False)
    world.examine(tmp_path)
    assert ("I1", SEVENTH, "byline", "extra") in world.named()


def test_a_field_that_stays_empty_is_sound(tmp_path: Path) -> None:
    world = newsroom(None, None)
    world.examine(tmp_path)
    assert {each for each in world.named() if each[0] == "I1"} == set()
