"""Whatever is changed in the ledger is found and named; where its evidence no longer holds, the exit code is 5."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tamper.newsroom import Examined, Named, command, examine, opened


@dataclass(frozen=True)
class Place:
    """A journal entry with articles in it, neither the first nor the last; one loaded article of it; one that was rejected."""

    seq: int
    last: int
    loaded: str
    rejected: str

    @classmethod
    def of(cls, ledger: sqlite3.Connection) -> Place:
        (last,) = ledger.execute("SELECT max(seq) FROM journal").fetchone()
        loaded, seq = ledger.execute(
            "SELECT key, seq FROM item WHERE entity = 'article' AND bucket = 'created' AND seq < ? AND key NOT IN "
            "(SELECT coalesce(merged_into, '') FROM item) ORDER BY seq DESC, key",
            (last,),
        ).fetchone()
        (rejected,) = ledger.execute(
            "SELECT key FROM item WHERE entity = 'article' AND reason = 'zero-date'"
        ).fetchone()
        return cls(seq, last, loaded, rejected)

    def names(self) -> dict[str, object]:
        return {"seq": self.seq, "last": self.last, "key": self.loaded, "rejected": self.rejected}


Expectation = Callable[[Place], set[tuple[str, str, str]]]
"""(Check, key, kind) of what must be named."""


def flipped(column: str) -> str:
    """SQL for a value with its first byte changed."""
    other = f"CASE WHEN substr({column}, 1, 1) = x'00' THEN x'01' ELSE x'00' END"
    return f"CAST({other} || substr({column}, 2) AS BLOB)"


def entry(*, follower: bool = False) -> Expectation:
    def expected(place: Place) -> set[tuple[str, str, str]]:
        named = {("J1", f"journal:{place.seq}", "changed")}
        return named | ({("J1", f"journal:{place.seq + 1}", "changed")} if follower else set())

    return expected


def item(*more: tuple[str, str], rejected: bool = False) -> Expectation:
    """The item differs from the journal, and whatever else follows from that, as (check, kind)."""
    return lambda place: {
        (check, place.rejected if rejected else place.loaded, kind) for check, kind in (("J1", "changed"), *more)
    }


JOURNAL = "UPDATE journal SET {0} = {1} WHERE seq = :seq"
OUTCOME = "(seq, pos) = (SELECT seq, pos FROM item WHERE key = :key)"
ITEM = "UPDATE item SET {0} = {1} WHERE key = :key"

EVIDENCE: dict[str, tuple[str, Expectation]] = {
    "journal.hash": (JOURNAL.format("hash", flipped("hash")), entry(follower=True)),
    "journal.root": (JOURNAL.format("root", flipped("root")), entry()),
    "journal.previous": (JOURNAL.format("previous", flipped("previous")), entry()),
    "journal.at": (JOURNAL.format("at", "'1' || substr(at, 2)"), entry()),
    "journal.run": (JOURNAL.format("run", "run + 1"), entry()),
    "journal.count": (
        JOURNAL.format("count", "count + 1"),
        lambda p: {("J1", f"journal:{p.seq}", "changed"), ("J1", f"journal:{p.seq}", "missing")},
    ),
    "what the journal says": (
        f"UPDATE outcome SET said = replace(said, '\"reason\":\"\"', '\"reason\":\"?\"') WHERE {OUTCOME}",
        lambda p: {("J1", f"journal:{p.seq}", "changed"), ("J1", p.loaded, "changed")},
    ),
    "an outcome is gone": (
        f"DELETE FROM outcome WHERE {OUTCOME}",
        lambda p: {("J1", f"journal:{p.seq}", "changed"), ("J1", f"journal:{p.seq}", "missing"), ("J1", p.loaded, "extra")},
    ),
    "an outcome is invented": (
        "INSERT INTO outcome SELECT seq, 999, replace(said, :key, 'web:article:99999') "
        f"FROM outcome WHERE {OUTCOME}",
        lambda p: {
            ("J1", f"journal:{p.seq}", "changed"), ("J1", f"journal:{p.seq}", "extra"), ("J1", "web:article:99999", "missing"),
        },
    ),
    "item.content": (ITEM.format("content", flipped("content")), item(("F2", "changed"))),
    "item.source_fingerprint": (ITEM.format("source_fingerprint", flipped("source_fingerprint")), item()),
    "item.mapping_fingerprint": (ITEM.format("mapping_fingerprint", flipped("mapping_fingerprint")), item()),
    "item.bucket": (ITEM.format("bucket", "'updated'"), item()),
    "item.target_id": (ITEM.format("target_id", "'9' || target_id"), item(("C5", "changed"))),
    "item.detail": (ITEM.format("detail", "'?'"), item()),
    "item.rule": (ITEM.format("rule", "'?'"), item()),
    "item.seq": (ITEM.format("seq", "seq - 1"), item()),
    "item.reason": ("UPDATE item SET reason = '?' WHERE key = :rejected", item(rejected=True)),
    "rejected becomes created": (
        "UPDATE item SET bucket = 'created' WHERE key = :rejected",
        item(("C2", "missing"), ("C4", "missing"), rejected=True),
    ),
    "loaded becomes dropped": (
        "UPDATE item SET bucket = 'dropped', reason = '?' WHERE key = :key", item(("C4", "duplicate-of"))
    ),
    "an item is gone": (
        "DELETE FROM item WHERE key = :key",
        lambda p: {("C1", p.loaded, "missing"), ("J1", p.loaded, "missing"), ("C4", p.loaded, "extra")},
    ),
    "an item is invented": (
        "INSERT INTO item (key, entity, bucket, source_fingerprint, mapping_fingerprint, reason, rule, detail, run, seq, pos, "
        "attempts, lead_seq) SELECT 'web:article:99999', entity, 'dropped', source_fingerprint, mapping_fingerprint, '?', "
        "rule, detail, run, seq, 999, attempts, lead_seq FROM item WHERE key = :key",
        lambda p: {("J1", "web:article:99999", "extra"), ("C6", "", "extra")},  # as if deleted at the source: too many were there
    ),
    "an intent nobody confirmed": (
        "INSERT INTO intent VALUES ('web:article:101', 'article', 'create', NULL, NULL, 1, '2026-01-01')",
        lambda p: {("J1", "", "extra")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", EVIDENCE)
def test_a_change_breaks_the_evidence(what: str, project: Path, clean: Examined) -> None:
    sql, expected = EVIDENCE[what]
    with opened(project / "ledger.sqlite") as ledger:
        place = Place.of(ledger)
        used = {name: value for name, value in place.names().items() if f":{name}" in sql}
        assert ledger.execute(sql, used).rowcount == 1
    examined = examine(project)
    assert examined.code == 5
    assert coarse(examined.differences) == expected(place)
    invented = {("gone-since-cutoff", "web:article:99999")} if what == "an item is invented" else set()
    assert examined.findings == clean.findings | invented


def coarse(differences: frozenset[Named]) -> set[tuple[str, str, str]]:
    return {(check, key, kind) for check, key, _, kind in differences}


def test_an_entry_that_is_gone_is_missed(project: Path) -> None:
    with opened(project / "ledger.sqlite") as ledger:
        seq = Place.of(ledger).seq
        keys = outcomes(ledger, seq)
        ledger.execute("DELETE FROM journal WHERE seq = ?", (seq,))
    examined = examine(project)
    follower = {("J1", f"journal:{seq + 1}", kind) for kind in ("missing", "changed")}
    assert examined.code == 5
    assert coarse(examined.everything) == {("J1", key, "extra") for key in keys} | follower


def test_the_last_entry_of_the_journal_is_missed(project: Path) -> None:
    with opened(project / "ledger.sqlite") as ledger:
        last = Place.of(ledger).last
        keys = outcomes(ledger, last)
        ledger.execute("DELETE FROM journal WHERE seq = ?", (last,))
    examined = examine(project)
    assert examined.code == 5
    assert coarse(examined.everything) == {("J1", key, "extra") for key in keys}


def outcomes(ledger: sqlite3.Connection, seq: int) -> set[str]:
    """Keys of the outcomes of a journal entry."""
    return {key for (key,) in ledger.execute("SELECT json_extract(said, '$.key') FROM outcome WHERE seq = ?", (seq,))}


def test_an_end_that_was_cut_off_without_a_trace_is_missed_at_the_source_and_at_the_target(project: Path) -> None:
    """No chain can tell that its end is gone; the rows and records it spoke of are still there."""
    with opened(project / "ledger.sqlite") as ledger:
        last = Place.of(ledger).last
        keys = outcomes(ledger, last)
        for table in ("journal", "outcome", "item"):
            ledger.execute(f"DELETE FROM {table} WHERE seq = ?", (last,))
    examined = examine(project)
    assert examined.code == 4
    assert {key for check, key, kind in coarse(examined.everything) if (check, kind) == ("C1", "missing")} == keys


def test_a_run_that_is_said_not_to_have_ended_is_not_accepted(project: Path) -> None:
    with opened(project / "ledger.sqlite") as ledger:
        ledger.execute("UPDATE run SET result = '', ended_at = NULL")
    assert examine(project).code == 4


BROKEN = {
    "UPDATE meta SET value = '99' WHERE name = 'schema_version'": "newer migrator",
    "UPDATE meta SET value = '?' WHERE name = 'schema_version'": "schema_version",
    "UPDATE item SET bucket = 'lost' WHERE key = 'web:article:101'": "web:article:101",
    "UPDATE item SET digests = '{' WHERE key = 'web:article:101'": "web:article:101",
    "UPDATE run SET started_at = '?'": "run 1",
}


@pytest.mark.parametrize("sql", BROKEN)
def test_a_ledger_that_cannot_be_read_is_named_as_such(sql: str, project: Path) -> None:
    with opened(project / "ledger.sqlite") as ledger:
        ledger.execute(sql)
    code, said = command("verify", "--project", project)
    assert code == 5
    assert BROKEN[sql] in said
    assert not (project / "verification" / "examination.json").exists()


def test_a_note_that_is_taken_out_is_missed(project: Path) -> None:
    """What was done to a record on its way stands in the journal too."""
    with opened(project / "ledger.sqlite") as ledger:
        seq, pos = ledger.execute("SELECT seq, pos FROM outcome WHERE said LIKE '%word-debris%'").fetchone()
        where = "WHERE seq = ? AND pos = ?"
        ledger.execute(f"UPDATE outcome SET said = json_replace(said, '$.notes', json('[]')) {where}", (seq, pos))
    examined = examine(project)
    assert examined.code == 5
    assert {named[:2] for named in examined.differences} == {("J1", f"journal:{seq}")}
