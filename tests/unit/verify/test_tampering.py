"""Things are broken on purpose; each must be found, with its record, its field and its kind."""

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from migrator.model.audit import AuditedEntity
from migrator.model.content import ENTITIES
from migrator.model.outcome import Bucket
from migrator.ports import Baseline, TargetRecord
from tests.unit.verify.world import FakeLedger, World, audit, key, sound

Name = tuple[str, str, str, str]
SEVENTH = key("article", 7)


def test_a_sound_newsroom_is_accepted(tmp_path: Path) -> None:
    world = sound()
    examination = world.examine(tmp_path)
    assert world.differences() == []
    assert world.findings() == set()
    assert examination.verdict == "accepted"
    assert all(check.holds is not False for check in examination.checks)
    compared = {(check.id, check.entity): check.compared for check in examination.checks}
    for check in ("C1", "C4", "C5", "F1", "F2", "I1", "R1", "D1"):
        assert compared[check, "article"] == 40, check
    assert examination.entities["article"].buckets["created"] == examination.entities["article"].source == 40
    assert sum(sum(cell.values()) for cell in examination.entities["article"].cells.values()) == 40
    assert [sum(column) for column in zip(*examination.entities["article"].months.values(), strict=True)] == [40, 40]
    assert examination.date_offsets_h == {"0": 40}


def _letter(world: World) -> set[Name]:
    world.tamper("article", 7, headline="Thành phố Cang ngày 7")
    return {("F2", SEVENTH, "headline", "changed"), ("I1", SEVENTH, "headline", "changed")}


def _cut(world: World) -> set[Name]:
    world.tamper("article", 7, headline="Thành phố C")
    return {("F2", SEVENTH, "headline", "truncated"), ("I1", SEVENTH, "headline", "truncated")}


def _date(world: World) -> set[Name]:
    published = world.record("article", 7).fields["published_at"]
    assert isinstance(published, datetime)
    world.tamper("article", 7, published_at=published + timedelta(hours=7))
    return {("F2", SEVENTH, "published_at", "time-shift"), ("D1", SEVENTH, "published_at", "time-shift")}


def _reference(world: World) -> set[Name]:
    world.tamper("article", 7, section=key("section", 3))
    return {("F2", SEVENTH, "section", "changed"), ("R1", SEVENTH, "section", "changed")}


def _dangling(world: World) -> set[Name]:
    world.tamper("article", 7, section="!:section:99")
    return {("F2", SEVENTH, "section", "changed"), ("R1", SEVENTH, "section", "changed")}


def _authors_swapped(world: World) -> set[Name]:
    authors = world.record("article", 7).fields["authors"]
    world.tamper("article", 7, authors=tuple(reversed(authors)))  # type: ignore[arg-type]
    return {("F2", SEVENTH, "authors", "order-only"), ("R1", SEVENTH, "authors", "order-only")}


def _author_lost(world: World) -> set[Name]:
    authors = world.record("article", 7).fields["authors"]
    world.tamper("article", 7, authors=authors[:1])  # type: ignore[index]
    return {("F2", SEVENTH, "authors", "missing"), ("R1", SEVENTH, "authors", "missing")}


def _standfirst_dropped(world: World) -> set[Name]:
    world.tamper("article", 7, standfirst=None)
    return {("F2", SEVENTH, "standfirst", "missing"), ("I1", SEVENTH, "standfirst", "missing")}


def _link_lost(world: World) -> set[Name]:
    world.tamper("article", 7, body_html="<p>Bài 7 khác</p>")
    return {("F2", SEVENTH, "body_html", "markup-only"), ("R1", SEVENTH, "body_html", "missing")}


def _link_elsewhere(world: World) -> set[Name]:
    world.tamper("article", 7, body_html='<p>Bài 7 <a href="/r/web/article/31">khác</a></p>')
    return {
        ("F2", SEVENTH, "body_html", "markup-only"),
        ("R1", SEVENTH, "body_html", "missing"),
        ("R1", SEVENTH, "body_html", "extra"),
    }


def _row_deleted(world: World) -> set[Name]:
    world.replace(world.record("article", 7), None)
    return {("C4", SEVENTH, "", "missing")}


def _row_doubled(world: World) -> set[Name]:
    world.target["article"].append(dataclasses.replace(world.record("article", 7), target_id="900", key=None))
    return {("C4", "target:article:900", "", "duplicate-of")}


def _key_doubled(world: World) -> set[Name]:
    world.target["article"].append(dataclasses.replace(world.record("article", 7), target_id="900"))
    return {("C5", SEVENTH, "", "duplicate-of")}


def _foreign(world: World) -> set[Name]:
    fields = {**world.record("article", 7).fields, "headline": "Của ai?"}
    world.target["article"].append(TargetRecord(None, "900", False, fields))
    return {("C4", "target:article:900", "", "extra")}


def _only_a_placeholder(world: World) -> set[Name]:
    old = world.record("article", 7)
    world.replace(old, dataclasses.replace(old, is_stub=True))
    return {("C4", SEVENTH, "", "missing")}


def _another_record(world: World) -> set[Name]:
    one, other = world.record("article", 7), world.record("article", 8)
    world.replace(one, dataclasses.replace(one, key=other.key))
    world.replace(other, dataclasses.replace(other, key=one.key))
    return {("C5", SEVENTH, "", "changed"), ("C5", key("article", 8), "", "changed")}


def _no_outcome(world: World) -> set[Name]:
    world.source["article"][41] = {**world.source["article"][7], "id": 41}
    return {("C1", key("article", 41), "", "missing")}


def _invented(world: World) -> set[Name]:
    del world.source["tag"][5]
    for row in world.source["article"].values():
        row["tid"] = [1]
    for number, row in world.source["article"].items():
        world.send("article", number, tags=(key("tag", row["tid"][0]),))
    return {("C1", key("tag", 5), "", "extra")}


def _wrong_mapping(world: World) -> set[Name]:
    """Stored as sent, but sent wrongly: only the auditor's own statement can tell."""
    world.send("article", 7, headline=world.sent[SEVENTH].fields["standfirst"], section=key("section", 3))
    return {("I1", SEVENTH, "headline", "changed"), ("R1", SEVENTH, "section", "changed")}


@pytest.mark.parametrize(
    "tamper",
    [
        _letter, _cut, _date, _reference, _dangling, _authors_swapped, _author_lost, _standfirst_dropped, _link_lost,
        _link_elsewhere, _row_deleted, _row_doubled, _key_doubled, _foreign, _only_a_placeholder, _no_outcome,
        _invented, _wrong_mapping,
    ],
)  # fmt: skip
def test_it_is_found_and_named_and_nothing_else_is(tamper: Callable[[World], set[Name]], tmp_path: Path) -> None:
    world = sound()
    expected = tamper(world)
    examination = world.examine(tmp_path)
    assert world.named() == expected
    assert examination.verdict == "rejected"


def test_a_key_in_another_record_is_named(tmp_path: Path) -> None:
    world = sound()
    expected = _another_record(world)
    assert world.examine(tmp_path).verdict == "rejected"
    assert expected <= world.named()


def test_a_shifted_section_is_named_for_every_article(tmp_path: Path) -> None:
    world = sound()
    for number, row in world.source["article"].items():
        world.tamper("article", number, section=key("section", row["catid"] % 3 + 1))
    world.examine(tmp_path)
    assert world.named() == {
        (check, key("article", n), "section", "changed") for n in range(1, 41) for check in ("F2", "R1")
    }


def test_a_loader_that_writes_nothing(tmp_path: Path) -> None:
    world = sound()
    world.target["article"] = []
    examination = world.examine(tmp_path)
    assert world.named() == {("C4", key("article", number), "", "missing") for number in range(1, 41)}
    fields = next(check for check in examination.checks if (check.id, check.entity) == ("F1", "article"))
    assert (fields.holds, fields.compared, fields.not_compared) == (None, 0, 40)
    assert examination.verdict == "rejected"


def test_a_loader_that_writes_every_row_twice(tmp_path: Path) -> None:
    world = sound()
    world.target["tag"] += [dataclasses.replace(r, target_id=f"9{r.target_id}", key=None) for r in world.target["tag"]]
    world.examine(tmp_path)
    assert world.named() == {("C4", f"target:tag:9{number}", "", "duplicate-of") for number in range(1, 6)}


def test_a_loader_that_writes_another_body(tmp_path: Path) -> None:
    world = sound()
    for number in range(1, 41):
        body = world.record("article", number).fields["body_html"]
        world.tamper("article", number, body_html=f"{body}<p>Quảng cáo</p>")
    world.examine(tmp_path)
    assert {(check, field) for check, _, field, _ in world.named()} == {("F2", "body_html")}
    assert len(world.named()) == 40


def test_records_from_before_the_first_run_are_not_ours(tmp_path: Path) -> None:
    world = sound()
    for entity, records in world.target.items():
        world.target[entity] = [dataclasses.replace(r, target_id=str(int(r.target_id) + 10)) for r in records]
    world.known = {k: dataclasses.replace(i, target_id=str(int(i.target_id or 0) + 10)) for k, i in world.known.items()}
    world.entries, world.said = [], {}
    world.journal_entry(list(world.known))
    old = TargetRecord(None, "3", False, dict.fromkeys(f.name for f in ENTITIES["tag"].fields))
    world.target["tag"].append(old)
    world.stood_before(
        *(Baseline(name, 1 if name == "tag" else 0, "3" if name == "tag" else None) for name in ENTITIES)
    )
    assert world.examine(tmp_path).verdict == "accepted"

    world.target["tag"].remove(old)
    world.examine(tmp_path)
    assert world.named() == {("C4", "", "", "missing")}


def test_nobody_knows_what_was_there_before(tmp_path: Path) -> None:
    world = sound()
    world.stood_before()
    world.target["tag"].append(TargetRecord(None, "900", False, dict.fromkeys(f.name for f in ENTITIES["tag"].fields)))
    examination = world.examine(tmp_path)
    check = next(check for check in examination.checks if (check.id, check.entity) == ("C4", "tag"))
    assert check.not_compared == 1
    assert examination.verdict == "not_verified"


def test_a_merged_article_leads_to_its_survivor(tmp_path: Path) -> None:
    world = sound()
    world.merge("article", 7, 9, "title")
    examination = world.examine(tmp_path)
    assert world.named() == set()
    checks = {check.id: check for check in examination.checks if check.entity == "article"}
    assert (checks["I1"].compared, checks["I1"].not_compared) == (40, 0)

    world.alias[SEVENTH] = key("article", 10)
    world.examine(tmp_path)
    assert world.named() == {("C5", SEVENTH, "", "changed")}


def test_a_merged_article_says_what_its_survivor_says(tmp_path: Path) -> None:
    world = sound()
    world.merge("article", 7, 9, "title", "publtime")
    article = dataclasses.replace(audit().entities["article"], merged={"": ("headline", "published_at")})
    world.statement = dataclasses.replace(audit(), entities={**audit().entities, "article": article})
    assert world.examine(tmp_path).verdict == "accepted_with_waivers"
    assert world.named() == set()

    world.source["article"][7]["publtime"] += 25200
    world.source["article"][7]["title"] += " (cập nhật)"
    assert world.examine(tmp_path).verdict == "rejected"
    assert world.named() == {
        ("I1", SEVENTH, "headline", "truncated"), ("I1", SEVENTH, "published_at", "time-shift"),
    }  # fmt: skip
    assert all(each["detail"].startswith("merged into web:article:9") for each in world.differences())


def test_a_merged_article_without_a_survivor_was_not_compared(tmp_path: Path) -> None:
    world = sound()
    world.merge("article", 7, 9, "title")
    world.replace(world.record("article", 9), None)
    examination = world.examine(tmp_path)
    checks = {check.id: check for check in examination.checks if check.entity == "article"}
    assert (checks["I1"].compared, checks["I1"].not_compared) == (38, 1)
    assert examination.verdict == "rejected"


@pytest.mark.parametrize(("stray", "why"), [(SEVENTH, "says created"), ("web:article:77", "does not know this key")])
def test_an_alias_nobody_merged_is_found(stray: str, why: str, tmp_path: Path) -> None:
    world = sound()
    world.alias[stray] = key("article", 9)
    assert world.examine(tmp_path).verdict == "rejected"
    assert world.named() == {("C5", stray, "", "extra")}
    assert world.differences()[0]["detail"].endswith(why)


def test_more_records_from_before_than_there_were(tmp_path: Path) -> None:
    world = sound()
    foreign = [
        TargetRecord(None, f"{n}", False, dict.fromkeys(f.name for f in ENTITIES["topic"].fields)) for n in "123"
    ]
    world.target["topic"] = list(foreign)
    world.entities = (*world.entities, "topic")
    world.statement = dataclasses.replace(
        audit(), entities={**audit().entities, "topic": AuditedEntity("topic", "topics", None, ("id",))}
    )
    world.source["topic"] = {}
    world.stood_before(
        *(Baseline(name, 1 if name == "topic" else 0, "3" if name == "topic" else None) for name in ENTITIES)
    )
    world.examine(tmp_path)
    assert world.named() == {("C4", "", "", "extra")}
    assert world.differences()[0]["detail"].startswith("2 more records")


def test_a_ledger_that_counts_other_outcomes_than_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = sound()
    monkeypatch.setattr(FakeLedger, "counts", lambda _: {"tag": {"created": 6}, "section": {"created": 3}})
    examination = world.examine(tmp_path)
    checks = {check.id: check for check in examination.checks if check.entity == "tag"}
    assert (checks["C3"].holds, checks["C3"].differences) == (False, 1)
    assert {("C2", "", "", "changed"), ("C3", "", "", "changed")} <= world.named()
    assert [d["detail"] for d in world.differences() if (d["check"], d["entity"]) == ("C3", "tag")] == [
        "created: the ledger counts 6, its items are 5"
    ]


def test_a_record_that_should_have_stayed_out(tmp_path: Path) -> None:
    world = sound()
    world.outcome(SEVENTH, Bucket.DROPPED, "by rule")
    world.examine(tmp_path)
    assert ("C4", SEVENTH, "", "extra") in world.named()
