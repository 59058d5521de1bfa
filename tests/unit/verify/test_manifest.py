"""The outcome of a run against the manifest of its troubles: both directions."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from migrator.model.finding import Waiver
from migrator.model.outcome import Bucket, Note
from migrator.verify.manifest import MOST_PROBLEMS, compare_with_manifest
from tests.unit.verify.world import FakeLedger, World, key, sound

MANIFEST: dict[str, Any] = {
    "troubles": {
        "long": {"keys": ["7", "8"]},
        "escaped": {"keys": [9]},
        "ghost": {"keys": ["web:article:99"]},
        "drift": {"keys": ["10"]},
        "synonym": {"keys": ["3"], "entity": "tag"},
    }
}
EXPECTED: dict[str, dict[str, Any]] = {
    "long": {"bucket": "rejected", "reason": "too-long"},
    "escaped": {"bucket": ["created", "updated"], "difference": "entity/escape", "note": "entities"},
    "ghost": {"bucket": "absent"},
    "drift": {"bucket": "loaded", "finding": "copy-drift"},
    "synonym": {"bucket": "created"},
}


def troubled() -> World:
    world = sound()
    for number in (7, 8):
        world.set_aside(number, Bucket.REJECTED, "too-long")
    for number in (6, 7, 8):
        world.source["article"][number]["bodyhtml"] = "<p></p>"
    world.send("article", 6, body_html="<p></p>")
    world.source["article"][9]["title"] = "Th&agrave;nh phố Cảng ngày 9"
    world.notes = [(key("article", 9), Note("entities", "headline", ""))]
    world.drift = [(key("article", 10), "copy_1", "title", "a", "b")]
    return world


def compare(world: World, out: Path, manifest: Any = None, expected: Any = None) -> list[str]:
    world.examine(out)
    return compare_with_manifest(manifest or MANIFEST, expected or EXPECTED, FakeLedger(world), out)


def test_the_outcome_is_the_manifests(tmp_path: Path) -> None:
    assert compare(troubled(), tmp_path) == []


def _loaded_after_all(world: World) -> str:
    world.outcome(key("article", 7), Bucket.CREATED)
    return "long: web:article:7 must be rejected for too-long, but is created"


def _another_reason(world: World) -> str:
    world.outcome(key("article", 7), Bucket.REJECTED, "too-short")
    return "long: web:article:7 must be rejected for too-long, but is rejected for too-short"


def _one_too_many(world: World) -> str:
    world.set_aside(20, Bucket.DROPPED, "blank")
    return "web:article:20 is dropped for blank, which no trouble of the manifest explains"


def _wrong_row_merged(world: World) -> str:
    world.set_aside(10, Bucket.MERGED, "", into=key("article", 11))
    return "web:article:10 is merged into web:article:11, which no trouble of the manifest explains"


def _a_ghost_loaded(world: World) -> str:
    world.outcome(key("article", 99), Bucket.DROPPED, "x")
    return "ghost: web:article:99 must be absent, but is dropped for x"


def _finding_lacks(world: World) -> str:
    world.drift = []
    return "drift: no finding copy-drift at web:article:10"


def _finding_too_many(world: World) -> str:
    world.drift.append((key("article", 11), "copy_1", "title", "a", "b"))
    return "finding copy-drift at web:article:11, which no trouble explains"


def _difference_lacks(world: World) -> str:
    world.source["article"][9]["title"] = "Thành phố Cảng ngày 9"
    return "escaped: no difference entity/escape at web:article:9"


def _open_difference(world: World) -> str:
    world.tamper("article", 9, headline="Khác")
    return "open difference changed at F2 web:article:9 headline"


def _waived_difference(world: World) -> str:
    world.tamper("article", 9, headline="Khác")
    world.waivers = [Waiver("changed", "", 9, False, "", "")]
    return "waived difference changed at web:article:9, which no trouble explains"


def _note_lacks(world: World) -> str:
    world.notes = []
    return "escaped: no note entities at web:article:9"


@pytest.mark.parametrize(
    "spoil",
    [
        _loaded_after_all, _another_reason, _one_too_many, _wrong_row_merged, _a_ghost_loaded, _finding_lacks,
        _finding_too_many, _difference_lacks, _open_difference, _waived_difference, _note_lacks,
    ],
)  # fmt: skip
def test_what_is_not_as_the_manifest_says_is_told(spoil: Callable[[World], str], tmp_path: Path) -> None:
    world = troubled()
    sentence = spoil(world)
    assert any(problem.startswith(sentence) for problem in compare(world, tmp_path))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda m, e: e.pop("drift"), "drift: in the manifest, but nothing says what must become of it"),
        (lambda m, e: e.update(new={"bucket": "created"}), "new: expected, but the manifest has no such trouble"),
        (lambda m, e: e["drift"].update(bukket="x"), "drift: 'bukket' is no part of an expectation"),
        (lambda m, e: e.update(synonym={}), "synonym: its expectation says nothing"),
        (lambda m, e: m["troubles"]["synonym"].update(keys=[]), "synonym: the manifest gives no key"),
        (lambda m, e: m.update(troubles={}), "the manifest names no troubles: there is nothing to compare with"),
    ],
)
def test_manifest_and_expectations_cover_each_other(
    change: Callable[[Any, Any], None], sentence: str, tmp_path: Path
) -> None:
    manifest, expected = copy.deepcopy(MANIFEST), copy.deepcopy(EXPECTED)
    change(manifest, expected)
    assert sentence in compare(troubled(), tmp_path, manifest, expected)


TWINS = {"troubles": {**MANIFEST["troubles"], "twin": {"keys": ["20"], "twin": {"20": "12"}}}}
TWIN = {**EXPECTED, "twin": {"bucket": "merged", "reason": "same", "into": "twin"}}


def twins(into: int) -> World:
    world = troubled()
    world.set_aside(20, Bucket.MERGED, "same", into=key("article", into))
    return world


def test_a_merged_row_must_lead_where_the_manifest_says(tmp_path: Path) -> None:
    told = "twin: web:article:20 must be merged for same into web:article:12, but is merged for same into web:article:"
    assert not [problem for problem in compare(twins(12), tmp_path, TWINS, TWIN) if problem.startswith("twin")]
    assert f"{told}13" in compare(twins(13), tmp_path, TWINS, TWIN)


def test_a_key_without_a_survivor_is_told(tmp_path: Path) -> None:
    manifest = {"troubles": {**MANIFEST["troubles"], "twin": {"keys": ["20"], "twin": {}}}}
    told = "twin: the manifest's 'twin' does not say which record web:article:20 is one with"
    assert told in compare(twins(12), tmp_path, manifest, TWIN)


def test_a_trouble_may_have_several_findings(tmp_path: Path) -> None:
    expected = {**EXPECTED, "drift": {"finding": ["copy-drift", "dangling-link"]}}
    assert compare(troubled(), tmp_path, None, expected) == ["drift: no finding dangling-link at web:article:10"]


@pytest.mark.parametrize(("reason", "is_told"), [("blank", False), ("article:blank", False), ("tag:blank", True)])
def test_a_reason_may_be_ordinary_for_one_entity(reason: str, is_told: bool, tmp_path: Path) -> None:
    world = troubled()
    sentence = _one_too_many(world)
    assert (sentence in compare(world, tmp_path, None, {**EXPECTED, "ordinary": [reason]})) is is_told


def test_without_an_examination_nothing_is_proved(tmp_path: Path) -> None:
    problems = compare_with_manifest(MANIFEST, EXPECTED, FakeLedger(troubled()), tmp_path)
    assert "findings.jsonl is missing: nothing was examined" in problems


def test_many_problems_are_counted_not_listed(tmp_path: Path) -> None:
    manifest = {"troubles": {**MANIFEST["troubles"], "ghost": {"keys": list(range(1000, 1300))}}}
    expected = {**EXPECTED, "ghost": {"bucket": "created"}}
    problems = compare(troubled(), tmp_path, manifest, expected)
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1] == "and 100 more"
