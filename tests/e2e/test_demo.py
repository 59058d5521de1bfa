"""The demo ends as the maker's manifest says – checked here from the report's own lists, not by the demo's own comparison."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from migrator.cli import demo
from migrator.cli.app import migrator as commands
from migrator.project.demo import prepare_demo
from tests.e2e.outcome import migrator


@dataclass(frozen=True)
class Shown:
    """What a demo's report shows: key -> {(bucket, reason)}, and (key -> kinds) of findings, declared differences, notes."""

    manifest: dict[str, Any]
    not_loaded: Mapping[str, tuple[str, str]]
    findings: Mapping[str, set[str]]
    declared: Mapping[str, set[str]]
    notes: Mapping[str, set[str]]
    report: dict[str, Any]

    def keys(self, trouble: str) -> list[str]:
        facts = self.manifest["troubles"][trouble]
        return [f"web:{facts.get('entity', 'article')}:{key}" for key in facts["keys"]]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    done = migrator("demo", folder, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lists = folder / "report" / "lists"
    findings, declared, notes = (defaultdict[str, set[str]](set) for _ in range(3))
    for row in rows(lists / "findings.csv"):
        findings[row["key"]].add(row["kind"])
    for row in rows(lists / "differences.csv"):
        assert row["state"] == "declared"
        declared[row["key"]].add(row["kind"])
    for row in rows(lists / "notes.csv"):
        notes[row["key"]].add(row["code"])
    return Shown(
        json.loads((folder / "legacy" / "manifest.json").read_text(encoding="utf-8")),
        {row["key"]: (row["bucket"], row["reason"]) for row in rows(lists / "exceptions.csv")},
        findings, declared, notes,
        json.loads((folder / "report" / "report.json").read_text(encoding="utf-8")),
    )  # fmt: skip


LOADED = None
BUCKETS: dict[str, tuple[str, str] | None] = {
    "dangling-category": ("rejected", "dangling-section"),
    "headline-too-long": ("rejected", "too-long"),
    "zero-date": ("rejected", "zero-date"),
    "missing-body": ("rejected", "missing-body"),
    "duplicate": ("merged", "duplicate"),
    "blank-draft": ("dropped", "blank-draft"),
    "retracted": ("withheld", "retracted"),
    "site-only": LOADED, "database-only": LOADED, "date-off-7h": LOADED, "copy-drift": LOADED, "link-dangling": LOADED,
    "several-categories": LOADED, "scheduled": LOADED, "expired": LOADED, "draft": LOADED, "locked": LOADED,
    "inactive": LOADED, "headline-formula": LOADED, "nfd": LOADED, "entities": LOADED, "entities-twice": LOADED,
    "word-paste": LOADED, "misnested": LOADED, "script-in-body": LOADED, "links-nukeviet": LOADED, "links-channel": LOADED,
    "tag-synonyms": LOADED,
}  # fmt: skip
FINDINGS = {
    "site-only": "only-on-site", "database-only": "only-in-database", "date-off-7h": "time-shift-7h",
    "copy-drift": "copy-drift", "link-dangling": "dangling-link",
}  # fmt: skip
DECLARED = {"nfd": "unicode-form-only", "entities": "entity/escape", "entities-twice": "entity/escape"}
NOTES = {
    "nfd": "unicode-nfc", "word-paste": "word-debris", "script-in-body": "script-removed",
    "links-nukeviet": "link-rewritten", "links-channel": "link-rewritten", "entities": "entities",
}  # fmt: skip


def test_every_trouble_is_known_here(shown: Shown) -> None:
    assert shown.manifest["troubles"].keys() == BUCKETS.keys()
    assert all(facts["keys"] for facts in shown.manifest["troubles"].values())


@pytest.mark.parametrize("trouble", BUCKETS)
def test_a_trouble_ends_in_its_bucket(trouble: str, shown: Shown) -> None:
    assert {shown.not_loaded.get(key) for key in shown.keys(trouble)} == {BUCKETS[trouble]}


@pytest.mark.parametrize("trouble", FINDINGS)
def test_a_trouble_is_in_the_list_of_findings(trouble: str, shown: Shown) -> None:
    assert all(shown.findings[key] == {FINDINGS[trouble]} for key in shown.keys(trouble))


@pytest.mark.parametrize("trouble", DECLARED)
def test_a_trouble_is_a_declared_difference_of_its_kind(trouble: str, shown: Shown) -> None:
    assert all(DECLARED[trouble] in shown.declared[key] for key in shown.keys(trouble))


@pytest.mark.parametrize("trouble", NOTES)
def test_what_was_done_about_a_trouble_is_noted(trouble: str, shown: Shown) -> None:
    assert all(NOTES[trouble] in shown.notes[key] for key in shown.keys(trouble))


def test_nothing_else_is_kept_out_or_found(shown: Shown) -> None:
    planted = {key for trouble, bucket in BUCKETS.items() if bucket for key in shown.keys(trouble)}
    assert shown.not_loaded.keys() == planted
    assert shown.findings.keys() == {key for trouble in FINDINGS for key in shown.keys(trouble)}


def test_the_report_adds_up(shown: Shown) -> None:
    article = shown.report["entities"]["article"]
    assert article["source"] == shown.manifest["entities"]["article"]["rows"] == sum(article["buckets"].values())
    assert shown.report["verdict"] == "accepted_with_waivers"
    assert shown.report["differences"]["total"] == 0


DECISIONS = {
    "a rule that is missing": ("article.yaml", "name: retracted", "name: taken-down"),
    "a trouble that should end elsewhere": (
        "expected.yaml",
        "zero-date: {bucket: rejected",
        "zero-date: {bucket: created",
    ),
    "a finding nobody expects": (
        "expected.yaml",
        "copy-drift: {bucket: created, finding: copy-drift}",
        "copy-drift: {bucket: created}",
    ),
}


@pytest.mark.parametrize("what", DECISIONS)
def test_the_demo_fails_where_the_outcome_is_another(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    name, old, new = DECISIONS[what]

    def prepared(folder: Path, articles: int) -> None:
        prepare_demo(folder, articles)
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    monkeypatch.setattr(demo, "prepare_demo", prepared)
    result = CliRunner().invoke(commands, ["demo", str(tmp_path / "demo"), "--articles", "80", "--json"])
    assert result.exit_code == 4, result.output
    assert json.loads(result.stdout)["problems"]
