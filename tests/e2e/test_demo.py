"""The demo ends as the maker's manifest says – checked here from the report's own lists, not by the demo's own comparison."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from html import unescape
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from migrator.cli import demo as command
from migrator.cli.app import migrator as commands
from migrator.i18n import has, text
from migrator.project.compose import Project
from migrator.project.demo import compare_with_manifest
from tests.e2e.demo_made import ARTICLES, Demo

LOADED = None
Ended = tuple[str, str] | None
"""Bucket and reason of a row that is not loaded; None for one that is."""

MERGED, OR_MERGED = ("merged", "twin-of-web"), [LOADED, ("merged", "twin-of-web")]
ENDS: Mapping[str, Ended | Sequence[Ended]] = {
    # the web's articles
    "dangling-category": ("rejected", "dangling-section"),
    "headline-too-long": ("rejected", "too-long"),
    "zero-date": ("rejected", "zero-date"),
    "missing-body": ("rejected", "missing-body"),
    "duplicate": ("merged", "duplicate"),
    "blank-draft": ("dropped", "blank-draft"),
    "retracted": ("withheld", "retracted"),
    "several-categories": LOADED, "copy-drift": LOADED, "scheduled": LOADED, "expired": LOADED, "draft": LOADED,
    "locked": LOADED, "inactive": LOADED, "headline-formula": LOADED, "date-off-7h": LOADED, "nfd": LOADED,
    "entities": LOADED, "entities-twice": LOADED, "word-paste": LOADED, "misnested": LOADED, "script-in-body": LOADED,
    "links-nukeviet": LOADED, "links-channel": LOADED, "link-dangling": LOADED, "site-only": LOADED,
    "database-only": LOADED, "tcvn3-font": LOADED, "vni-font": LOADED, "tcvn3-bare": LOADED, "mojibake-once": LOADED,
    "mojibake-twice": LOADED, "mojibake-mixed": LOADED, "mojibake-entities": LOADED, "caption-table": LOADED,
    "layout-table": LOADED, "bare-ip-image": LOADED, "lazy-image": LOADED, "caption-shortcode": LOADED, "gallery": LOADED,
    "embed": LOADED, "voice": LOADED, "related-box": LOADED, "byline-in-body": LOADED, "account-not-author": LOADED,
    "alias-url": LOADED, "correction": LOADED,
    # the web's other things
    "tag-synonyms": LOADED, "media-missing": LOADED, "media-empty": LOADED, "media-html": LOADED,
    "media-wrong-extension": LOADED, "orphan-body": LOADED, "orphan-tag": LOADED, "orphan-author": LOADED,
    "orphan-comment": ("rejected", "dangling-article"), "orphan-copy": LOADED, "pen-name-shared": LOADED,
    "pen-name-without-account": LOADED, "comment-personal": [LOADED, ("dropped", "with-article")],
    # the print desk
    "twin-by-id": MERGED, "twin-by-similarity": MERGED, "twin-undecided": LOADED, "twin-conflicting": LOADED,
    "print-only": LOADED, "print-correction": LOADED, "translation": LOADED, "print-byline": OR_MERGED,
    "print-retracted": ("withheld", "retracted"), "print-unknown-state": ("rejected", "unmapped-value"),
    "royalty-over-maximum": LOADED, "royalty-amount": LOADED, "royalty-sum-mismatch": LOADED, "orphan-royalty": LOADED,
    "scanned-issue": LOADED, "print-media-missing": LOADED, "print-media-empty": LOADED, "print-media-html": LOADED,
    "print-media-wrong-extension": LOADED, "print-pen-name-without-account": LOADED,
    "print-pen-name-shared": [LOADED, ("merged", "pen-name-of-web")],
}  # fmt: skip
"""Where each planted trouble's rows end. What has no row of its own (orphans, sums, site-only) counts as not kept out."""

FINDINGS: Mapping[str, Sequence[str]] = {
    "site-only": ["only-on-site"], "database-only": ["only-in-database"], "date-off-7h": ["time-shift-7h"],
    "copy-drift": ["copy-drift"], "link-dangling": ["dangling-link"], "orphan-copy": ["copy-drift"],
    "orphan-body": ["orphan-row"], "orphan-tag": ["orphan-row"], "orphan-author": ["orphan-row"],
    "orphan-comment": ["orphan-row"], "orphan-royalty": ["dangling-reference", "orphan-row"],
    "media-missing": ["file-missing"], "media-empty": ["file-empty"], "media-html": ["file-not-media"],
    "media-wrong-extension": ["file-wrong-extension"], "print-media-missing": ["file-missing"],
    "print-media-empty": ["file-empty"], "print-media-html": ["file-not-media"],
    "print-media-wrong-extension": ["file-wrong-extension"], "pen-name-without-account": ["dangling-reference"],
    "print-pen-name-without-account": ["dangling-reference"], "royalty-sum-mismatch": ["sum-mismatch"],
}  # fmt: skip
DECLARED = {
    "nfd": "unicode-form-only", "entities": "entity/escape", "entities-twice": "entity/escape", "tcvn3-font": "mojibake",
    "vni-font": "mojibake", "tcvn3-bare": "mojibake", "mojibake-once": "mojibake", "mojibake-twice": "mojibake",
    "mojibake-mixed": "mojibake", "mojibake-entities": "mojibake",
}  # fmt: skip
NOTES = {
    "nfd": "unicode-nfc", "entities": "entities", "entities-twice": "entities", "word-paste": "word-debris",
    "script-in-body": "script-removed", "links-nukeviet": "link-rewritten", "links-channel": "link-rewritten",
    "tcvn3-font": "legacy-encoding", "vni-font": "legacy-encoding", "tcvn3-bare": "legacy-encoding",
    "mojibake-once": "mojibake", "mojibake-twice": "mojibake", "mojibake-mixed": "mojibake",
    "mojibake-entities": "mojibake", "caption-table": "figure-made", "caption-shortcode": "figure-made",
    "gallery": "figure-made", "related-box": "related-found", "royalty-over-maximum": "royalty-over-maximum",
    "royalty-amount": "royalty-amount", "orphan-royalty": "reference-dropped",
    "pen-name-without-account": "reference-dropped", "print-pen-name-without-account": "reference-dropped",
}  # fmt: skip
ORDINARY = {
    "reader-account", "with-article", "same-address", "account-of-web", "pen-name-of-web", "section-of-web",
}  # fmt: skip
"""Decisions that are no trouble: readers' accounts stay behind, side rows go with their article, what both have is one."""


def test_the_demo_succeeds(demo: Demo) -> None:
    assert demo.exit_code == 0, demo.said
    assert json.loads((demo.folder / "report" / "report.json").read_text("utf-8"))["verdict"] == "accepted_with_waivers"


def test_every_trouble_is_known_here(demo: Demo) -> None:
    assert demo.manifest["troubles"].keys() == ENDS.keys()
    assert all(facts["keys"] for facts in demo.manifest["troubles"].values())


@cache
def not_loaded(demo: Demo) -> Mapping[str, tuple[str, str]]:
    """Key -> bucket and reason, as the report lists them."""
    return {row["key"]: (row["bucket"], row["reason"]) for row in demo.listed("exceptions")}


@cache
def told(demo: Demo, name: str, column: str) -> Mapping[str, set[str]]:
    """Key -> what a list of the report says in a column."""
    found = defaultdict[str, set[str]](set)
    for row in demo.listed(name):
        found[row["key"]].add(row[column])
    return found


@pytest.mark.parametrize("trouble", ENDS)
def test_a_trouble_ends_where_it_should(trouble: str, demo: Demo) -> None:
    wanted = ENDS[trouble]
    allowed = wanted if isinstance(wanted, list) else [wanted]
    assert {not_loaded(demo).get(key) for key in demo.keys(trouble)} <= set(allowed)


@pytest.mark.parametrize("trouble", FINDINGS)
def test_a_trouble_is_in_the_list_of_findings(trouble: str, demo: Demo) -> None:
    findings = told(demo, "findings", "kind")
    assert [findings[key] for key in demo.keys(trouble)] == [set(FINDINGS[trouble])] * len(demo.keys(trouble))


@pytest.mark.parametrize("trouble", DECLARED)
def test_a_trouble_is_a_declared_difference_of_its_kind(trouble: str, demo: Demo) -> None:
    kinds = told(demo, "differences", "kind")
    assert [key for key in demo.keys(trouble) if DECLARED[trouble] not in kinds[key]] == []


@pytest.mark.parametrize("trouble", NOTES)
def test_what_was_done_about_a_trouble_is_noted(trouble: str, demo: Demo) -> None:
    notes = told(demo, "notes", "code")
    assert [key for key in demo.keys(trouble) if NOTES[trouble] not in notes[key]] == []


def test_nothing_else_is_kept_out_or_found(demo: Demo) -> None:
    planted = {key for trouble, ended in ENDS.items() if ended is not LOADED for key in demo.keys(trouble)}
    left = {key for key, (_, reason) in not_loaded(demo).items() if reason not in ORDINARY} - planted
    # the step into the state that has no name is as unknown as the state
    unknown = demo.keys("print-unknown-state")
    steps = demo.rows("print", "SELECT ma_lc, ma_bai FROM luan_chuyen WHERE den_trang_thai = 99")
    assert {f"print:article:{step['ma_bai']}" for step in steps} == set(unknown)
    assert left == {f"print:transition:{step['ma_lc']}" for step in steps}
    found = {key for key, kinds in told(demo, "findings", "kind").items() if kinds}
    assert found == {key for trouble in FINDINGS for key in demo.keys(trouble)}


def test_no_difference_is_open(demo: Demo) -> None:
    states = {row["state"] for row in demo.listed("differences")}
    assert states == {"declared"}


def test_the_report_adds_up(demo: Demo) -> None:
    report = json.loads((demo.folder / "report" / "report.json").read_text(encoding="utf-8"))
    article, made = report["entities"]["article"], demo.manifest
    of_print = made["print"]["database"]["tables"]["bai_viet"]
    recovered = len(made["troubles"]["site-only"]["keys"])
    assert article["source"] == made["entities"]["article"]["rows"] + of_print + recovered
    assert article["source"] == sum(article["buckets"].values())
    assert report["differences"]["total"] == 0


@pytest.mark.parametrize(("language", "page"), [("vi", "index.html"), ("en", "index.en.html")])
def test_the_report_names_every_trouble_in_both_languages(language: str, page: str, demo: Demo) -> None:
    shown = unescape((demo.folder / "report" / page).read_text(encoding="utf-8"))
    codes = {f"reason.{row['reason']}" for row in demo.listed("exceptions")}
    # the hours stand in the report's own words for a shift
    codes |= {f"finding.{row['kind']}" for row in demo.listed("findings")} - {"finding.time-shift-7h"}
    assert sorted(code for code in codes if not has(code, language)) == []
    assert sorted(code for code in codes if text(code, language) not in shown) == []


# --- the demo notices when something ends elsewhere -------------------------------------------------------------------
EXPECTATIONS = {
    "a trouble that should end elsewhere": ("zero-date", {"bucket": "created"}, "zero-date: web:article:"),
    "a finding nobody expects": ("copy-drift", {"bucket": "created"}, "finding copy-drift at web:article:"),
    "a record nobody named": (
        "duplicate", {"bucket": "merged", "into": "nothing"}, "duplicate: the manifest's 'nothing' does not say",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", EXPECTATIONS)
def test_an_outcome_nobody_expected_is_told(what: str, demo: Demo, tmp_path: Path) -> None:
    name, wanted, sentence = EXPECTATIONS[what]
    folder = tmp_path / "demo"
    shutil.copytree(
        demo.folder, folder, ignore=shutil.ignore_patterns("site", "files", "media", "print-files", "lists")
    )
    expected = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    expected[name] = wanted
    (folder / "expected.yaml").write_text(yaml.safe_dump(expected), encoding="utf-8")
    with Project(folder) as project:
        problems = compare_with_manifest(project)
    assert any(problem.startswith(sentence) for problem in problems), problems


def test_the_command_fails_where_the_outcome_is_another(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepared(folder: Path, articles: int) -> None:
        """The demo as it was made, with a rule that calls itself otherwise; nothing was run in it yet."""
        left = ("target.sqlite*", "vault.sqlite*", "ledger.sqlite*", "media", "report", "verification")
        shutil.copytree(demo.folder, folder, ignore=shutil.ignore_patterns(*left))
        mapping = (folder / "article.yaml").read_text(encoding="utf-8")
        assert "name: retracted" in mapping
        (folder / "article.yaml").write_text(mapping.replace("name: retracted", "name: taken-down"), encoding="utf-8")

    monkeypatch.setattr(command, "prepare_demo", prepared)
    monkeypatch.setattr(command, "gather_evidence", lambda *_: None)
    result = CliRunner().invoke(commands, ["demo", str(tmp_path / "demo"), "--articles", str(ARTICLES), "--json"])
    assert result.exit_code == 4, result.output
    problems = json.loads(result.stdout)["problems"]
    assert any("must be withheld for retracted, but is withheld for taken-down" in problem for problem in problems)
