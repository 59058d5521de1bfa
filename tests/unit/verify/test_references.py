"""References and links whose object was not loaded, was merged, or never existed."""

import dataclasses
from pathlib import Path

import pytest

from migrator.model.outcome import Bucket
from migrator.verify.links import hrefs, own_path
from tests.unit.verify.world import audit, key, sound

SEVENTH = key("article", 7)


def test_a_link_to_a_merged_article_leads_to_its_survivor(tmp_path: Path) -> None:
    world = sound()
    world.merge("article", 7, 9, "title")
    world.tamper("article", 6, body_html='<a href="/r/web/article/9">x</a>')
    world.send("article", 6, body_html='<a href="/r/web/article/9">x</a>')
    assert world.examine(tmp_path).verdict == "accepted_with_waivers"


def test_links_to_what_was_not_loaded_or_never_was_are_findings(tmp_path: Path) -> None:
    world = sound()
    world.set_aside(7, Bucket.DROPPED, "blank")
    world.source["article"][10]["bodyhtml"] = '<A HREF="https://paper.example/x/y-999.html">x</A>'
    world.send("article", 10, body_html="<p>x</p>")
    world.examine(tmp_path)
    assert world.named() == set()
    assert world.findings() == {("link-to-unloaded", key("article", 6)), ("dangling-link", key("article", 10))}


def test_a_reference_to_what_was_not_loaded_is_declared(tmp_path: Path) -> None:
    world = sound()
    name = key("tag", 3)
    world.replace(world.record("tag", 3), None)
    world.outcome(name, Bucket.REJECTED, "too-long")
    tagged = [number for number, row in world.source["article"].items() if row["tid"] == [3]]
    for number in tagged:
        world.send("article", number, tags=())
    world.examine(tmp_path)
    declared = world.differences("declared")
    assert {(each["key"], each["field"], each["kind"]) for each in declared} == {
        (key("article", number), "tags", "missing") for number in tagged
    }
    assert all("web:tag:3 was not loaded: rejected too-long" in each["detail"] for each in declared)
    assert world.named() == set()


def test_two_tags_merged_into_one_are_one_reference(tmp_path: Path) -> None:
    world = sound()
    world.merge("tag", 3, 2, "title")
    for number, row in world.source["article"].items():
        if row["tid"] == [3]:
            row["tid"] = [3, 2]
            world.send("article", number, tags=(key("tag", 2),))
    assert world.examine(tmp_path).verdict == "accepted_with_waivers"


def test_an_entity_whose_references_nobody_declared_is_not_verified(tmp_path: Path) -> None:
    world = sound()
    section = dataclasses.replace(audit().entities["section"], bare=())
    world.statement = dataclasses.replace(audit(), entities={**audit().entities, "section": section})
    examination = world.examine(tmp_path)
    check = next(check for check in examination.checks if (check.id, check.entity) == ("R1", "section"))
    assert (check.holds, check.compared, check.not_compared) == (None, 0, 3)
    assert any(said.startswith("R1 section: 3 could not be compared") for said in examination.not_checked)
    assert examination.verdict == "not_verified"


def test_links_are_compared_though_the_pointers_are_undeclared(tmp_path: Path) -> None:
    world = sound()
    article = dataclasses.replace(audit().entities["article"], pointers=())
    world.statement = dataclasses.replace(audit(), entities={**audit().entities, "article": article})
    world.send("article", 6, body_html="<p>không còn liên kết</p>")
    examination = world.examine(tmp_path)
    check = next(check for check in examination.checks if (check.id, check.entity) == ("R1", "article"))
    assert (check.holds, check.not_compared, check.differences) == (False, 40, 1)
    assert world.named() == {("R1", key("article", 6), "body_html", "missing")}


def test_a_field_declared_to_have_no_source_must_be_empty(tmp_path: Path) -> None:
    world = sound()
    world.send("section", 2, parent=key("section", 1))
    examination = world.examine(tmp_path)
    assert world.named() == {("R1", key("section", 2), "parent", "extra")}
    assert examination.verdict == "rejected"


@pytest.mark.parametrize("optional", [False, True])
def test_a_reference_to_nothing_is_a_finding_unless_it_is_optional(optional: bool, tmp_path: Path) -> None:
    world = sound()
    article = audit().entities["article"]
    pointers = tuple(dataclasses.replace(each, optional=optional) for each in article.pointers)
    entities = {**audit().entities, "article": dataclasses.replace(article, pointers=pointers)}
    world.statement = dataclasses.replace(audit(), entities=entities)
    world.source["article"][7]["tid"] = [99]
    world.send("article", 7, tags=())
    world.examine(tmp_path)
    assert world.findings() == (set() if optional else {("dangling-reference", SEVENTH)})
    assert world.named() == set()


def test_no_reference_is_no_reference(tmp_path: Path) -> None:
    world = sound()
    world.source["article"][7] |= {"catid": 0, "listcatid": " ", "tid": [None, ""]}
    world.send("article", 7, section=None, sections=(), tags=())
    assert world.examine(tmp_path).verdict == "accepted"


def test_sections_may_stand_in_another_order_but_authors_may_not(tmp_path: Path) -> None:
    world = sound()
    sections, authors = (world.sent[SEVENTH].fields[name] for name in ("sections", "authors"))
    assert isinstance(sections, tuple)
    assert isinstance(authors, tuple)
    world.send("article", 7, sections=sections[::-1], authors=authors[::-1])
    world.examine(tmp_path)
    assert world.named() == {("R1", SEVENTH, "authors", "order-only")}


def test_a_reference_into_the_unread_is_not_compared(tmp_path: Path) -> None:
    world = sound()
    world.complete = False
    world.replace(world.record("tag", 3), None)
    del world.known[key("tag", 3)]
    world.entries, world.said = [], {}
    world.journal_entry(list(world.known))
    examination = world.examine(tmp_path)
    references = next(check for check in examination.checks if (check.id, check.entity) == ("R1", "article"))
    assert references.not_compared == 8
    assert world.named() == set()


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("/a/b-1.html", "/a/b-1.html"),
        ("b-1.html?x=1#y", "b-1.html?x=1"),
        ("http://paper.example/a", "/a"),
        ("//paper.example:8080/a", "/a"),
        ("https://other.example/a", ""),
        ("mailto:a@paper.example", ""),
        ("javascript:void(0)", ""),
        ("http://[", ""),
        ("#top", ""),
    ],
)
def test_links_that_stay_on_the_site(href: str, path: str) -> None:
    assert own_path(href, frozenset({"paper.example"})) == path


def test_hrefs_are_decoded_once_and_comments_hold_none() -> None:
    body = "<!-- <a href='/no'> --><a href=/a?b=1&amp;c=2>x</a><a name=x><area href=' /b '><link href='/no'>"
    assert hrefs(body) == ["/a?b=1&c=2", "/b"]
    assert hrefs("href, but no link") == []
