"""N1: numbers that do not add up are found, by their group and on whichever side they are lost."""

import dataclasses
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest

from migrator.model.accounts import SumAccount
from migrator.model.audit import (
    Against,
    AuditedEntity,
    Grouped,
    Identity,
    NumberTotal,
    Place,
    Pointer,
    Summed,
)
from migrator.model.content import ENTITIES
from migrator.model.finding import Check, Waiver
from migrator.model.outcome import Bucket
from migrator.ports import Baseline, GroupSums
from tests.unit.verify.world import FakeReader, World, audit, key, load, sound

AGAINST = Against(
    "royalty_total", "kept", (("who", "ma_ns"), ("month", "ky")), (("total", "so_tien"),), "so_bai"
)  # fmt: skip


def paid(against: Against | None = AGAINST) -> World:
    """Four people, three months, 24 royalties; sums as the source's own accountants keep them."""
    total = NumberTotal(
        by=(
            Grouped("account", pointer=Pointer("account", "account", Place("ma_ns"), none=("0",))),
            Grouped("period", identity=Identity("period", Place("ky"))),
        ),
        sums=(Summed("amount_vnd", "so_tien"), Summed("coefficient_thousandths", "he_so", 1000)),
        against=against,
    )
    royalty = AuditedEntity(
        "royalty", "nhuan_but", None, ("id",), identities=(Identity("period", Place("ky")),), empty=("paid_at",),
        pointers=(Pointer("account", "account", Place("ma_ns"), none=("0",)),), totals=(total,),
    )  # fmt: skip
    account = AuditedEntity(
        "account", "users", None, ("id",), identities=(Identity("username", Place("name")),), bare=("sections",)
    )
    world = sound()
    world.statement = dataclasses.replace(
        audit(), entities={**audit().entities, "account": account, "royalty": royalty}
    )
    world.entities = ("section", "tag", "account", "person", "article", "royalty")
    world.source["account"], world.source["royalty"] = {}, {}
    for number in range(1, 5):
        world.source["account"][number] = {"id": number, "name": f"user{number}"}
        load(world, "account", number, {"username": f"user{number}"})
    for number in range(1, 25):
        row = {
            "id": number,
            "ma_ns": number % 4 + 1,
            "ky": f"2024-0{number % 3 + 1}",
            "so_tien": 1000 * number,
            "he_so": 0.25 * number,
        }
        world.source["royalty"][number] = row
        load(world, "royalty", number, fields(row))
    world.before = [Baseline(name, 0, None) for name in ENTITIES]
    world.entries, world.said = [], {}
    world.journal_entry(list(world.known))
    for who in range(1, 5):
        for month in ("2024-01", "2024-02", "2024-03"):
            mine = [row for row in world.source["royalty"].values() if (row["ma_ns"], row["ky"]) == (who, month)]
            world.kept_sums.append(GroupSums((who, month), len(mine), (Decimal(sum(row["so_tien"] for row in mine)),)))
    return world


def fields(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "account": key("account", row["ma_ns"]), "period": row["ky"], "amount_vnd": row["so_tien"],
        "coefficient_thousandths": int(1000 * row["he_so"]),
    }  # fmt: skip


def check(world: World, folder: Path) -> Check:
    return next(each for each in world.examine(folder).checks if each.id == "N1")


def sums(world: World, folder: Path, of: str = "amount_vnd") -> SumAccount:
    return next(each for each in world.examine(folder).accounts.sums if each.of == of)


def named(world: World) -> set[tuple[str, str]]:
    """(group, kind) of every open difference in đồng."""
    return {(d["key"], d["kind"]) for d in world.differences() if (d["check"], d["field"]) == ("N1", "amount_vnd")}


GROUP = "web:royalty:∑ account=web:account:{}, period=2024-0{}".format
SEVENTH = GROUP(4, 2)  # 7 % 4 + 1, 7 % 3 + 1


def test_sound_numbers_add_up(tmp_path: Path) -> None:
    world = paid()
    examination = world.examine(tmp_path)
    assert world.differences() == []
    assert world.findings() == set()
    assert (examination.verdict, check(world, tmp_path).compared) == ("accepted", 12)
    account = sums(world, tmp_path)
    assert (account.groups, account.source_sum, account.target_sum, account.lines) == (12, "300000", "300000", {})
    assert sums(world, tmp_path, "coefficient_thousandths").source_sum == "75000"
    assert sums(world, tmp_path, "").source_sum == "24"
    lines = [orjson.loads(line) for line in (tmp_path / "sums.jsonl").read_bytes().splitlines()]
    assert len(lines) == 36
    assert all(line["agrees"] for line in lines)


def test_one_dong_is_found_with_its_group(tmp_path: Path) -> None:
    world = paid()
    world.send("royalty", 7, amount_vnd=6999)
    assert check(world, tmp_path).holds is False
    assert named(world) == {(SEVENTH, "missing")}
    assert "26000 at the source leave 26000, not 25999" in world.differences()[0]["detail"]


def test_money_credited_to_somebody_else_is_found_on_both_sides(tmp_path: Path) -> None:
    world = paid()
    world.send("royalty", 7, account=key("account", 1))
    world.examine(tmp_path)
    assert named(world) == {(SEVENTH, "missing"), (GROUP(1, 2), "extra")}


def test_a_row_that_vanished_is_found(tmp_path: Path) -> None:
    world = paid()
    world.replace(world.record("royalty", 7), None)
    world.examine(tmp_path)
    assert (SEVENTH, "missing") in named(world)


@pytest.mark.parametrize("bucket", [Bucket.REJECTED, Bucket.FAILED, Bucket.DROPPED, Bucket.WITHHELD])
def test_what_is_not_loaded_is_a_line_of_its_own(bucket: Bucket, tmp_path: Path) -> None:
    world = paid()
    world.waivers = [Waiver("because", "royalty", 1, False, "why", "who")]
    world.replace(world.record("royalty", 7), None)
    world.outcome(key("royalty", 7), bucket, "because")
    account = sums(world, tmp_path)
    assert named(world) == set()
    assert (account.source_sum, account.target_sum, account.lines) == ("300000", "293000", {bucket.value: "7000"})


def test_a_value_nobody_can_translate_belongs_to_what_was_not_loaded(tmp_path: Path) -> None:
    world = paid(against=None)
    royalty = world.statement.entities["royalty"]
    by = (Grouped("period", identity=Identity("period", Place("ky"), crosswalk="months")),)
    royalty = dataclasses.replace(royalty, totals=(NumberTotal(by, (Summed("amount_vnd", "so_tien"),)),))
    months = {"2024-01": "2024-01", "2024-02": "2024-02"}
    world.statement = dataclasses.replace(
        world.statement,
        entities={**world.statement.entities, "royalty": royalty},
        crosswalks={**audit().crosswalks, "months": months},
    )
    for number in [number for number, row in world.source["royalty"].items() if row["ky"] == "2024-03"]:
        world.replace(world.record("royalty", number), None)
        world.outcome(key("royalty", number), Bucket.REJECTED, "unmapped-value")
    assert check(world, tmp_path).holds is True
    assert named(world) == set()
    world.outcome(key("royalty", 2), Bucket.DROPPED, "by-rule")  # said to be dropped, but it stands there
    world.examine(tmp_path)
    assert "rejected" in sums(world, tmp_path).lines


def test_an_account_that_was_merged_is_its_survivor(tmp_path: Path) -> None:
    world = paid()
    world.merge("account", 4, 1, "name")
    for number, row in world.source["royalty"].items():
        if row["ma_ns"] == 4:
            world.send("royalty", number, account=key("account", 1))
    assert check(world, tmp_path).holds is True
    assert sums(world, tmp_path).groups == 9


def test_the_source_s_own_sums_are_held_against_its_rows(tmp_path: Path) -> None:
    world = paid()
    for place, (total, count) in enumerate([(1, 0), (0, 1)]):
        line = world.kept_sums[place]
        world.kept_sums[place] = GroupSums(line.group, (line.rows or 0) + count, (line.sums[0] + total,))
    world.kept_sums.pop()
    world.kept_sums.append(GroupSums((9, "2024-01"), 2, (Decimal(500),)))
    examination = world.examine(tmp_path)
    assert world.findings() == {
        ("sum-mismatch", f"web:royalty_total:{group}") for group in ("1|2024-01", "1|2024-02", "4|2024-03", "9|2024-01")
    }
    assert sums(world, tmp_path, "").kept_differing == 4
    assert examination.verdict == "rejected"
    assert check(world, tmp_path).holds is True  # the migration is not at fault


def test_a_table_that_need_not_hold_every_group(tmp_path: Path) -> None:
    world = paid(dataclasses.replace(AGAINST, is_partial=True))
    world.kept_sums = world.kept_sums[:5]
    world.examine(tmp_path)
    assert world.findings() == set()


def test_a_table_that_is_summed_up_to_a_month(tmp_path: Path) -> None:
    """Later groups may be lacking; what is there is compared all the same."""
    world = paid(dataclasses.replace(AGAINST, until=(("month", "2024-02"),)))
    kept = {line.group: line for line in world.kept_sums}
    last, lacking = (1, "2024-03"), (2, "2024-03")
    assert {last, lacking, (1, "2024-02")} <= kept.keys()
    world.kept_sums = [line for group, line in kept.items() if group not in {lacking, (1, "2024-02")}]
    place = world.kept_sums.index(kept[last])
    world.kept_sums[place] = GroupSums(last, kept[last].rows, (kept[last].sums[0] + 5,))
    world.examine(tmp_path)
    assert world.findings() == {("sum-mismatch", f"web:royalty_total:{group}") for group in ("1|2024-03", "1|2024-02")}


def test_a_reader_that_adds_up_nothing_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeReader, "sums", lambda *_: iter(()))
    world = paid()
    assert check(world, tmp_path).differences == 36
