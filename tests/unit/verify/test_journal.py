"""The ledger is altered; J1 says where."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from migrator.model.finding import Waiver
from migrator.model.outcome import Bucket
from tests.unit.verify.world import World, key, said, sound

Name = tuple[str, str]
SEVENTH = key("article", 7)


def _item_changed(world: World) -> set[Name]:
    world.known[SEVENTH] = dataclasses.replace(world.known[SEVENTH], reason="nothing to see here")
    return {(SEVENTH, "changed")}


def _item_removed(world: World) -> set[Name]:
    del world.known[SEVENTH]
    return {(SEVENTH, "missing")}


def _item_slipped_in(world: World) -> set[Name]:
    forged = dataclasses.replace(world.known[SEVENTH], key=key("article", 99), bucket=Bucket.DROPPED, reason="x")
    world.known[forged.key] = forged
    return {(forged.key, "extra")}


def _leaf_changed(world: World) -> set[Name]:
    """Item and leaf fit each other, but no longer the entry's root."""
    item = world.known[SEVENTH] = dataclasses.replace(world.known[SEVENTH], detail="other")
    world.said[item.seq][item.pos] = (SEVENTH, said(item))
    return {(f"journal:{item.seq}", "changed")}


def _leaf_removed(world: World) -> set[Name]:
    item = world.known[SEVENTH]
    del world.said[item.seq][item.pos]
    return {(f"journal:{item.seq}", "missing"), (f"journal:{item.seq}", "changed"), (SEVENTH, "extra")}


def _entry_changed(world: World) -> set[Name]:
    world.entries[1] = dataclasses.replace(world.entries[1], at="2024-01-01T00:00:00+00:00")
    return {("journal:2", "changed")}


def _entry_rehashed(world: World) -> set[Name]:
    world.entries[1] = dataclasses.replace(world.entries[1], hash=b"h" * 32)
    return {("journal:2", "changed"), ("journal:3", "changed")}


def _entry_removed(world: World) -> set[Name]:
    gone = {(name, "extra") for name, _ in world.said[2]}
    del world.entries[1]
    return {("journal:3", "missing"), ("journal:3", "changed")} | gone


def _beginning_removed(world: World) -> set[Name]:
    gone = {(name, "extra") for name, _ in world.said[1]}
    del world.entries[0]
    return {("journal:2", "missing"), ("journal:2", "changed")} | gone


def _intent_open(world: World) -> set[Name]:
    world.intents = 2
    return {("", "extra")}


@pytest.mark.parametrize(
    "tamper",
    [
        _item_changed, _item_removed, _item_slipped_in, _leaf_changed, _leaf_removed, _entry_changed, _entry_rehashed,
        _entry_removed, _beginning_removed, _intent_open,
    ],
)  # fmt: skip
def test_it_is_found_and_cannot_be_waived(tamper: Callable[[World], set[Name]], tmp_path: Path) -> None:
    world = sound()
    expected = tamper(world)
    world.waivers = [Waiver(kind, "", 10_000, False, "?", "?") for kind in ("changed", "missing", "extra")]
    examination = world.examine(tmp_path)
    found = {(each["key"], each["kind"]) for each in world.differences("waived") if each["check"] == "J1"}
    assert found == expected
    assert examination.verdict == "rejected"


def test_the_head_of_the_chain_is_told(tmp_path: Path) -> None:
    world = sound()
    assert world.examine(tmp_path).journal_head == world.entries[-1].hash.hex()


def test_the_latest_outcome_of_a_key_is_the_one_that_counts(tmp_path: Path) -> None:
    world = sound()
    world.outcome(SEVENTH, Bucket.CREATED)
    examination = world.examine(tmp_path)
    assert examination.verdict == "accepted"
    journal = next(check for check in examination.checks if check.id == "J1")
    assert journal.compared == len(world.entries) + len(world.known)


def test_an_empty_journal_has_a_head(tmp_path: Path) -> None:
    world = World(source={name: {} for name in ("section", "tag", "person", "article")})
    assert world.examine(tmp_path).journal_head == "00" * 32
