"""Waivers, incomplete runs, things nobody could compare, and what stays in the folder."""

import dataclasses
import json
from pathlib import Path

import pytest

from migrator.errors import AccessError
from migrator.model.audit import AuditedEntity
from migrator.model.examination import EXAMINATION_FILE, Examination
from migrator.model.finding import Check, Waiver
from migrator.model.outcome import Bucket
from migrator.verify.unchecked import NO_REDIRECTS, NO_VAULT
from tests.unit.verify.world import SOURCE, FakeWitness, World, audit, identity, key, sound


def waiver(kind: str, limit: float, *, share: bool = False, entity: str = "article", expires: str = "") -> Waiver:
    return Waiver(kind, entity, limit, share, "why", "editor", expires)


def check(examination: Examination, name: str, entity: str = "article") -> Check:
    return next(each for each in examination.checks if (each.id, each.entity) == (name, entity))


def with_three_rejected() -> World:
    world = sound()
    for number in (7, 8, 9):
        world.set_aside(number, Bucket.REJECTED, "too-long")
    for number in (6, 7, 8):  # they linked to those
        world.source["article"][number]["bodyhtml"] = "<p></p>"
    world.send("article", 6, body_html="<p></p>")
    return world


def test_rows_set_aside_are_rejected_unless_waived(tmp_path: Path) -> None:
    world = with_three_rejected()
    examination = world.examine(tmp_path)
    assert examination.verdict == "rejected"
    assert examination.set_aside["too-long"].open == 3
    assert examination.entities["article"].buckets["rejected"] == 3
    assert sum(examination.entities["article"].buckets.values()) == 40

    world.waivers = [waiver("too-long", 3)]
    examination = world.examine(tmp_path)
    assert examination.verdict == "accepted_with_waivers"
    assert (examination.set_aside["too-long"].open, examination.set_aside["too-long"].waived) == (0, 3)


@pytest.mark.parametrize(
    "given",
    [
        waiver("too-long", 2),
        waiver("too-long", 0.05, share=True),
        waiver("too-long", 3, expires="2024-03-24"),
        waiver("too-long", 3, expires="soon"),
    ],
)
def test_a_waiver_that_does_not_hold_waives_nothing_and_is_named(given: Waiver, tmp_path: Path) -> None:
    world = with_three_rejected()
    world.waivers = [given]
    examination = world.examine(tmp_path)
    assert examination.verdict == "rejected"
    assert examination.set_aside["too-long"].open == 3
    assert len(examination.broken_waivers) == 1
    assert examination.broken_waivers[0].startswith("too-long (article), by editor")


@pytest.mark.parametrize(
    "given",
    [
        waiver("too-long", 0.075, share=True),
        waiver("too-long", 3, expires="2024-03-25"),
        waiver("too-long", 3, entity=""),
        waiver("too-long", 3, entity="*"),
    ],
)
def test_a_waiver_that_holds(given: Waiver, tmp_path: Path) -> None:
    world = with_three_rejected()
    world.waivers = [given]
    examination = world.examine(tmp_path)
    assert examination.verdict == "accepted_with_waivers"
    assert examination.broken_waivers == []


@pytest.mark.parametrize("bucket", [Bucket.DROPPED, Bucket.WITHHELD])
def test_rows_a_rule_keeps_out_need_a_person_too(bucket: Bucket, tmp_path: Path) -> None:
    world = with_three_rejected()
    for number in (7, 8, 9):
        world.outcome(key("article", number), bucket, "trash")
    examination = world.examine(tmp_path)
    assert (examination.verdict, examination.set_aside["trash"].open) == ("rejected", 3)

    world.waivers = [waiver("trash", 3)]
    examination = world.examine(tmp_path)
    assert (examination.verdict, examination.set_aside["trash"].waived) == ("accepted_with_waivers", 3)

    world.waivers = [waiver("trash", 2)]
    examination = world.examine(tmp_path)
    assert (examination.verdict, len(examination.broken_waivers)) == ("rejected", 1)


def test_merged_rows_need_a_person_too(tmp_path: Path) -> None:
    world = sound()
    world.merge("article", 7, 9, "title")
    assert world.examine(tmp_path).verdict == "accepted_with_waivers"
    world.waivers = []
    examination = world.examine(tmp_path)
    assert (examination.verdict, examination.set_aside["duplicate"].open) == ("rejected", 1)


@pytest.mark.parametrize(
    ("check", "field", "verdict"),
    [("F2", "", "rejected"), ("", "headline", "accepted_with_waivers"), ("I1", "headline", "rejected"),
     ("", "standfirst", "rejected")],
)  # fmt: skip
def test_a_waiver_may_be_for_one_check_or_field(check: str, field: str, verdict: str, tmp_path: Path) -> None:
    world = sound()
    world.tamper("article", 7, headline="Khác hẳn")
    world.waivers = [dataclasses.replace(waiver("changed", 1), check=check, field=field)]
    examination = world.examine(tmp_path)
    assert examination.verdict == verdict
    assert len(examination.unused_waivers) == (field == "standfirst")


def test_a_waiver_for_a_check_does_not_cover_rows_or_findings(tmp_path: Path) -> None:
    world = with_three_rejected()
    world.waivers = [dataclasses.replace(waiver("too-long", 3), check="C1")]
    examination = world.examine(tmp_path)
    assert examination.verdict == "rejected"
    assert examination.unused_waivers == ["too-long C1 (article), by editor: nothing needed it"]
    assert examination.broken_waivers == []


def test_a_waiver_for_another_kind_or_entity_covers_nothing(tmp_path: Path) -> None:
    world = with_three_rejected()
    world.waivers = [waiver("too-short", 9), waiver("too-long", 9, entity="tag")]
    examination = world.examine(tmp_path)
    assert examination.verdict == "rejected"
    assert examination.broken_waivers == []
    assert [said.partition(",")[0] for said in examination.unused_waivers] == ["too-short (article)", "too-long (tag)"]


def test_a_record_counts_once_against_a_waiver(tmp_path: Path) -> None:
    world = sound()
    world.tamper("article", 7, headline="Khác hẳn", standfirst="Cũng khác")
    world.waivers = [waiver("changed", 1)]
    examination = world.examine(tmp_path)
    assert examination.verdict == "accepted_with_waivers"
    assert examination.differences["changed"].waived == len(world.differences("waived")) == 4
    assert check(examination, "F1").holds is False

    world.tamper("article", 8, headline="Khác hẳn")
    examination = world.examine(tmp_path)
    assert examination.verdict == "rejected"
    assert examination.differences["changed"].open == 6


def test_an_incomplete_run_is_not_verified(tmp_path: Path) -> None:
    world = sound()
    world.complete = False
    world.replace(world.record("article", 40), None)
    del world.known[key("article", 40)]
    world.entries, world.said = [], {}
    world.journal_entry(list(world.known))
    examination = world.examine(tmp_path)
    assert examination.verdict == "not_verified"
    assert examination.entities["article"].buckets["pending"] == 1
    assert sum(examination.entities["article"].buckets.values()) == examination.entities["article"].source == 40
    assert check(examination, "C1").not_compared == 1
    assert world.differences() == []


@pytest.mark.parametrize("ended", [False, True])
def test_a_run_that_did_not_end_is_not_verified(ended: bool, tmp_path: Path) -> None:
    world = sound()
    world.ended = ended
    assert world.examine(tmp_path).verdict == ("accepted" if ended else "not_verified")


def test_an_entity_nobody_audited_is_not_verified(tmp_path: Path) -> None:
    world = sound()
    entities = {name: each for name, each in audit().entities.items() if name != "tag"}
    world.statement = dataclasses.replace(audit(), entities=entities)
    examination = world.examine(tmp_path)
    assert examination.verdict == "not_verified"
    assert check(examination, "C1", "tag").holds is None
    assert check(examination, "C1", "tag").not_compared == 5
    assert check(examination, "F1", "tag").compared == 5
    assert any(sentence.startswith("C1 tag: 5 could not be compared") for sentence in examination.not_checked)


def test_an_entity_without_identities_is_not_verified(tmp_path: Path) -> None:
    world = sound()
    tag = AuditedEntity("tag", "tags", None, ("id",))
    world.statement = dataclasses.replace(audit(), entities={**audit().entities, "tag": tag})
    examination = world.examine(tmp_path)
    assert (check(examination, "I1", "tag").holds, check(examination, "I1", "tag").not_compared) == (None, 5)
    assert examination.verdict == "not_verified"


def test_a_value_that_cannot_be_read_is_not_compared(tmp_path: Path) -> None:
    world = sound()
    world.source["article"][7]["status"] = 99
    examination = world.examine(tmp_path)
    assert check(examination, "I1").not_compared == 1
    assert "the crosswalk has no translation of 99" in check(examination, "I1").statement
    assert examination.verdict == "not_verified"


def test_what_was_not_checked_is_listed(tmp_path: Path) -> None:
    examination = sound().examine(tmp_path)
    sentences = " ".join(examination.not_checked)
    for part in (
        "legacy_url", "R1 article of web: only stored = sent (F1) is proved of lead_asset", "T1 article of web", "S1",
        "C6 tag: no run has left a cut-off", "C6 article of web: rows changed after the cut-off", NO_REDIRECTS,
    ):  # fmt: skip
        assert part in sentences
    assert NO_VAULT not in sentences
    world = sound()
    world.set_aside(7, Bucket.WITHHELD, "retracted")
    assert NO_VAULT in world.examine(tmp_path).not_checked


def test_tables(tmp_path: Path) -> None:
    world = sound()
    world.extra_tables = {"copy_1": 5, "authorlist": 80, "users": 3, "stray": 1}
    world.statement = dataclasses.replace(audit(), consumed={"us*": "accounts"})
    examination = world.examine(tmp_path)
    accounts = {account.table: account.disposition for account in examination.tables}
    assert accounts == {
        "rows": "mapped", "sections": "mapped", "tags": "mapped", "persons": "mapped", "copy_1": "copy",
        "authorlist": "consumed", "users": "consumed", "stray": "unaccounted",
    }  # fmt: skip
    assert world.findings() == {("unaccounted-table", f"{SOURCE}:stray")}
    assert examination.verdict == "rejected"


def test_announced_differences_are_declared(tmp_path: Path) -> None:
    world = sound()
    world.source["article"][7]["title"] = "Th&agrave;nh ph\u006f\u0302\u0301  Cảng ng&agrave;y 7"
    examination = world.examine(tmp_path)
    assert examination.verdict == "accepted"
    declared = {(each["key"], each["field"], each["kind"]) for each in world.differences("declared")}
    assert declared == {
        (key("article", 7), "headline", kind) for kind in ("entity/escape", "unicode-form-only", "whitespace-only")
    }


def test_optional_readings(tmp_path: Path) -> None:
    world = sound()
    article = audit().entities["article"]
    twice = identity("headline", "title", "html-entities", "html-entities?")
    identities = (twice, *article.identities[1:])
    entities = {**audit().entities, "article": dataclasses.replace(article, identities=identities)}
    world.statement = dataclasses.replace(audit(), entities=entities)
    world.source["article"][7]["title"] = "Th&amp;agrave;nh phố Cảng ng&agrave;y 7"
    world.source["article"][8]["title"] = "&amp;lt;"
    world.send("article", 8, headline="&lt;")
    examination = world.examine(tmp_path)
    assert examination.verdict == "accepted"
    assert {each["key"] for each in world.differences("declared")} == {key("article", 7), key("article", 8)}


def test_the_folder_holds_a_whole_examination_or_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = sound()
    examination = world.examine(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(before) == {EXAMINATION_FILE, "differences.jsonl", "findings.jsonl", "texts.jsonl", "sums.jsonl"}
    assert Examination.from_json(json.loads(before[EXAMINATION_FILE])) == examination

    def broken(*_: object) -> object:
        raise AccessError("the source is gone")

    world.tamper("article", 7, headline="Khác")
    monkeypatch.setattr(FakeWitness, "tables", broken)
    with pytest.raises(AccessError):
        world.examine(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
