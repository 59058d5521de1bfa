"""report.json: its shape, its sums, and which verdict it may state."""

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from migrator.errors import EvidenceError
from migrator.model.examination import COUNTED, DIFFERENCES_FILE, EXAMINATION_FILE, SUMS_FILE, TEXTS_FILE
from migrator.model.outcome import Bucket
from migrator.ports import JournalEntry
from migrator.report import report_schema
from migrator.report.verdict import is_fresh
from tests.unit.report.conftest import Build, remake
from tests.unit.report.newsroom import FakeLedger, Sample


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def append_entry(ledger: FakeLedger) -> None:
    last = ledger.entries[-1]
    ledger.entries.append(
        JournalEntry(last.seq + 1, 3, "2026-03-14T01:00:00+00:00", 1, bytes(32), last.hash, b"\1" * 32)
    )


@pytest.mark.parametrize("verified", [True, False])
def test_the_content_follows_the_published_schema(build: Build, verified: bool) -> None:
    built = build(verified=verified)
    schema = report_schema()
    Draft202012Validator.check_schema(schema)
    written = json.loads((built.out / "report.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(written)
    assert written == built.content


def test_the_published_schema_is_the_one_in_the_code() -> None:
    published = Path(__file__).parents[3] / "docs" / "reference" / "report.schema.json"
    assert json.loads(published.read_text(encoding="utf-8")) == report_schema()


def test_all_buckets_are_there_and_sum_to_what_the_witness_counted(build: Build) -> None:
    built = build()
    assert set(built.content["entities"]) == {"article", "asset", "person", "tag", "topic", "section"}
    for totals in built.content["entities"].values():
        assert list(totals["buckets"]) == [str(bucket) for bucket in COUNTED]
        assert sum(totals["buckets"].values()) == totals["source"]
        assert totals["balanced"] is True
    assert built.content["entities"]["article"]["buckets"]["dropped"] == 78
    assert built.content["entities"]["article"]["gone"] == 4
    assert len(rows(built.out / "lists" / "records-article-gone.csv")) == 4


def test_every_figure_has_as_many_rows_behind_it_as_it_says(build: Build) -> None:
    built = build()
    content, lists = built.content, built.out / "lists"
    for entity, totals in content["entities"].items():
        for bucket, count in totals["buckets"].items():
            file = lists / f"records-{entity}-{bucket}.csv"
            assert (len(rows(file)) if file.exists() else 0) == count
    exceptions = Counter((r["entity"], r["bucket"], r["reason"]) for r in rows(lists / "exceptions.csv"))
    assert exceptions == {(e["entity"], e["bucket"], e["reason"]): e["count"] for e in content["exceptions"]}
    states = Counter(r["state"] for r in rows(lists / "differences.csv"))
    assert states["open"] == content["differences"]["total"] == sum(content["differences"]["by_kind"].values()) == 12
    assert states["declared"] == sum(content["differences"]["declared"].values()) == 60
    assert len(rows(lists / "notes.csv")) == content["notes"]["total"]
    for check in content["checks"]:
        listed = rows(built.out / check["list"])
        assert len(listed) == check["differences"], check
        assert all(r["check"] == check["id"] and r["entity"] == check["entity"] for r in listed)


def test_text_and_sums_stand_in_lists_of_their_own(build: Build) -> None:
    lists = build().out / "lists"
    assert rows(lists / "texts.csv")[4] == {
        "key": "nv:article:5", "recall": "1.0", "precision": "0.998", "words_source": "500", "words_target": "501"
    }  # fmt: skip
    assert rows(lists / "sums.csv")[0] == {
        "entity": "royalty", "source": "toasoan", "of": "amount_vnd",
        "group": "account: toasoan:account:7; period: 2018-04",
        "expected": "765000", "missed": "rejected: 50000", "found": "700000", "agrees": "false",
    }  # fmt: skip


def test_the_verdict_is_the_verification_s_while_the_ledger_stands_still(build: Build) -> None:
    content = build(Sample(verdict="accepted_with_waivers", open_differences=False)).content
    assert (content["verdict"], content["verdict_reason"]) == ("accepted_with_waivers", "")
    assert content["contradictions"] == []


def test_a_ledger_that_changed_after_the_verification_is_not_verified(build: Build) -> None:
    built = build(Sample(verdict="accepted_with_waivers", open_differences=False), change=append_entry)
    assert (built.content["verdict"], built.content["verdict_reason"]) == ("not_verified", "ledger_changed")
    assert "CHƯA ĐỐI SOÁT" in built.page()
    assert "Sổ nhật ký đã thay đổi sau lần đối soát" in built.page()
    assert "The ledger changed after the verification" in built.page("index.en.html")


def test_without_a_verification_nothing_is_claimed(build: Build) -> None:
    built = build(verified=False)
    assert (built.content["verdict"], built.content["verdict_reason"]) == ("not_verified", "no_verification")
    assert built.content["differences"]["total"] is None
    assert built.content["entities"]["article"]["source"] is None
    assert built.content["entities"]["article"]["balanced"] is None
    assert "Không có sai lệch nào" not in built.page()


def test_an_empty_journal_is_told_by_its_beginning(tmp_path: Path) -> None:
    sample = Sample(verdict="not_verified", open_differences=False)
    ledger = sample.ledger()
    examination = sample.examination(ledger)
    sample.write(tmp_path / "verification", ledger)
    beginning = ledger.entries[0].previous.hex()
    ledger.entries.clear()
    for head, reason in ((beginning, "incomplete"), ("00" * 32, "ledger_changed"), ("", "ledger_changed")):
        told = replace(examination, journal_head=head).to_json()
        (tmp_path / "verification" / EXAMINATION_FILE).write_text(json.dumps(told), encoding="utf-8")
        content = remake(tmp_path, sample, ledger).content
        assert (content["verdict"], content["verdict_reason"]) == ("not_verified", reason)


def test_a_head_that_differs_only_in_zeros_is_another_head() -> None:
    sample = Sample()
    examination = replace(sample.examination(sample.ledger()), journal_head="1" + "0" * 63)
    assert is_fresh(examination, "1" + "0" * 63)
    assert not is_fresh(examination, "0" * 63 + "1")


def test_buckets_that_do_not_sum_are_said_loudly_and_never_adjusted(build: Build) -> None:
    built = build(Sample(verdict="accepted_with_waivers", open_differences=False, source_off_by=3))
    article = built.content["entities"]["article"]
    assert (article["source"], article["sum"], article["balanced"]) == (2003, 2000, False)
    assert (built.content["verdict"], built.content["verdict_reason"]) == ("not_verified", "contradiction")
    assert {"code": "sum", "entity": "article", "subject": "", "expected": 2003, "found": 2000} in built.content[
        "contradictions"
    ]
    page = built.page()
    assert 'class="alarm" role="alert"' in page
    assert "tổng các kết cục là 2.000, trong khi nguồn có 2.003 bản ghi" in page


def test_a_verdict_is_never_improved(build: Build) -> None:
    content = build(Sample(verdict="rejected", source_off_by=1)).content
    assert content["verdict"] == "rejected"
    assert content["contradictions"]


def test_accepted_with_open_differences_is_a_contradiction(build: Build) -> None:
    content = build(Sample(verdict="accepted")).content
    assert (content["verdict"], content["verdict_reason"]) == ("not_verified", "contradiction")
    assert [c["found"] for c in content["contradictions"] if c["code"] == "open"] == [12]


def test_a_ledger_that_counts_otherwise_is_a_contradiction(build: Build) -> None:
    def lose_one(ledger: FakeLedger) -> None:
        ledger.rows.remove(next(item for item in ledger.rows if item.bucket is Bucket.CREATED and item.entity == "tag"))

    content = build(Sample(verdict="accepted_with_waivers", open_differences=False), change=lose_one).content
    assert content["verdict"] == "not_verified"
    assert [(c["entity"], c["expected"], c["found"]) for c in content["contradictions"]] == [("tag", 412, 411)]


def test_an_entity_the_verification_left_out_is_not_covered_by_its_verdict(build: Build) -> None:
    def add_one(ledger: FakeLedger) -> None:
        ledger.rows.append(replace(ledger.rows[0], key="nv:poll:1", entity="poll"))

    built = build(Sample(verdict="accepted_with_waivers", open_differences=False), change=add_one)
    assert built.content["verdict"] == "not_verified"
    assert [(c["code"], c["entity"], c["found"]) for c in built.content["contradictions"]] == [
        ("unverified", "poll", 1)
    ]
    assert built.content["entities"]["poll"]["source"] is None
    assert "poll: sổ nhật ký có 1 bản ghi" in built.page()


def test_a_shortened_list_of_differences_is_a_contradiction(tmp_path: Path) -> None:
    sample = Sample(verdict="accepted_with_waivers", open_differences=False)
    ledger = sample.ledger()
    sample.write(tmp_path / "verification", ledger)
    file = tmp_path / "verification" / DIFFERENCES_FILE
    file.write_text("".join(file.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")
    content = remake(tmp_path, sample, ledger).content
    assert (content["verdict"], content["verdict_reason"]) == ("not_verified", "contradiction")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (EXAMINATION_FILE, "{}"),
        (DIFFERENCES_FILE, '{"check": "C1"}\n'),
        (TEXTS_FILE, '{"key": "nv:article:1"}\n'),
        (SUMS_FILE, '{"entity": "royalty"}\n'),
    ],
)
def test_a_verification_that_cannot_be_read_stops_the_report(tmp_path: Path, name: str, text: str) -> None:
    sample = Sample()
    ledger = sample.ledger()
    sample.write(tmp_path / "verification", ledger)
    (tmp_path / "verification" / name).write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError, match=name):
        remake(tmp_path, sample, ledger)
    assert [entry.name for entry in tmp_path.iterdir()] == ["verification"]
