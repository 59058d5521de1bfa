"""C6: what happened to the source after the cut-off is pending, not lost – and nothing else hides there."""

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from migrator.model.audit import Identity, Place
from migrator.model.finding import Check, Waiver
from migrator.model.outcome import Bucket
from migrator.ports import RunInfo
from tests.unit.verify.world import NOW, World, article_row, audit, key, sound

SEVENTH = key("article", 7)
LATER = int((NOW + timedelta(minutes=30)).timestamp())
EARLIER = int((NOW - timedelta(days=9)).timestamp())


def cut_off(*, rows: int = 40, consistent: bool = True, changed: bool = True) -> World:
    """The sound newsroom, whose run has left a marker; every row was changed long before it."""
    world = sound()
    entities = [[name, len(world.source[name]) if name != "article" else rows, "9"] for name in world.entities]
    world.marker = orjson.dumps({"web": {"consistent": consistent, "entities": entities}}).decode()
    article = audit().entities["article"]
    if changed:
        article = dataclasses.replace(article, changed=Identity("changed", Place("edittime"), ("unix",)))
    world.statement = dataclasses.replace(audit(), entities={**audit().entities, "article": article})
    for row in world.source["article"].values():
        row["edittime"] = EARLIER
    return world


def check(world: World, folder: Path, entity: str = "article") -> Check:
    return next(each for each in world.examine(folder).checks if (each.id, each.entity) == ("C6", entity))


def waive(world: World, *kinds: str) -> None:
    world.waivers += [Waiver(kind, "article", 5, False, "the next run takes it in", "editor") for kind in kinds]


def test_nothing_has_happened(tmp_path: Path) -> None:
    world = cut_off()
    assert check(world, tmp_path).holds is True
    assert world.examine(tmp_path).verdict == "accepted"
    account = next(each for each in world.examine(tmp_path).accounts.cut_offs if each.entity == "article")
    assert (account.run, account.rows_then, account.rows_now, account.changed, account.new) == (1, 40, 40, 0, 0)


def test_a_row_changed_since_is_pending_and_compared_with_nothing(tmp_path: Path) -> None:
    world = cut_off()
    world.source["article"][7] |= {"edittime": LATER, "title": "Tiêu đề mới", "catid": 2, "publtime": LATER}
    assert world.examine(tmp_path).verdict == "rejected"
    assert (world.differences(), world.findings()) == ([], {("changed-since-cutoff", SEVENTH)})
    waive(world, "changed-since-cutoff")
    assert world.examine(tmp_path).verdict == "accepted_with_waivers"
    world.source["article"][7]["edittime"] = EARLIER
    world.examine(tmp_path)
    assert {("I1", SEVENTH, "headline", "changed"), ("R1", SEVENTH, "section", "missing")} & world.named()


def test_a_row_that_came_since_is_pending(tmp_path: Path) -> None:
    world = cut_off()
    world.source["article"][41] = {**article_row(41, 40), "edittime": LATER}
    examination = world.examine(tmp_path)
    assert (world.differences(), world.findings()) == ([], {("new-since-cutoff", key("article", 41))})
    assert examination.entities["article"].buckets["pending"] == 1
    assert sum(examination.entities["article"].buckets.values()) == examination.entities["article"].source == 41
    waive(world, "new-since-cutoff")
    assert world.examine(tmp_path).verdict == "accepted_with_waivers"


def test_a_date_in_the_future_is_no_date_of_a_change(tmp_path: Path) -> None:
    world = cut_off()
    world.source["article"][7]["edittime"] = int((NOW + timedelta(days=300)).timestamp())
    assert world.examine(tmp_path).verdict == "accepted"
    world.source["article"][7]["title"] = "Tiêu đề mới"
    world.examine(tmp_path)
    assert world.named() == {("I1", SEVENTH, "headline", "changed")}


def test_a_row_the_run_passed_over_is_not_called_new(tmp_path: Path) -> None:
    world = cut_off(rows=41)
    world.source["article"][41] = {**article_row(41, 40), "edittime": EARLIER}
    world.examine(tmp_path)
    assert ("C1", key("article", 41), "", "missing") in world.named()
    assert world.findings() == set()


def test_a_row_passed_over_cannot_hide_behind_a_late_date(tmp_path: Path) -> None:
    world = cut_off(rows=41)
    world.source["article"][41] = {**article_row(41, 40), "edittime": LATER}
    assert check(world, tmp_path).holds is False
    assert world.named() == {("C6", "", "", "missing")}


def test_a_deleted_row_is_reported_once(tmp_path: Path) -> None:
    world = cut_off()
    del world.source["article"][7]
    world.source["article"][6]["bodyhtml"] = "<p>Bài 6</p>"  # it linked to the seventh
    world.send("article", 6, body_html="<p>Bài 6</p>")
    examination = world.examine(tmp_path)
    assert (world.differences(), world.findings()) == ([], {("gone-since-cutoff", SEVENTH)})
    assert (examination.entities["article"].source, examination.entities["article"].gone) == (39, {"created": 1})
    waive(world, "gone-since-cutoff")
    assert world.examine(tmp_path).verdict == "accepted_with_waivers"


def test_an_outcome_that_was_invented_is_not_called_gone(tmp_path: Path) -> None:
    world = cut_off(rows=39)
    del world.source["article"][7]
    assert check(world, tmp_path).holds is False
    assert ("C6", "", "", "extra") in world.named()


def test_without_a_marker_an_outcome_without_a_row_is_a_difference(tmp_path: Path) -> None:
    world = cut_off()
    world.marker = ""
    del world.source["article"][7]
    examination = world.examine(tmp_path)
    assert ("C1", SEVENTH, "", "extra") in world.named()
    assert "C6 article: no run has left a cut-off" in examination.not_checked


@pytest.mark.parametrize("stands", [True, False])
def test_what_the_run_found_gone_is_a_finding(stands: bool, tmp_path: Path) -> None:
    world = cut_off(rows=39)
    del world.source["article"][7]
    old = world.known[SEVENTH]
    content, target_id = (old.content, old.target_id) if stands else (None, None)
    world.known[SEVENTH] = dataclasses.replace(
        old, bucket=Bucket.GONE, reason="gone-at-source", content=content, target_id=target_id
    )
    world.journal_entry([SEVENTH])
    if not stands:
        world.replace(world.record("article", 7), None)
        world.source["article"][6]["bodyhtml"] = "<p>Bài 6</p>"
        world.send("article", 6, body_html="<p>Bài 6</p>")
    examination = world.examine(tmp_path)
    assert (world.differences(), world.findings()) == ([], {("gone", SEVENTH)})
    assert examination.set_aside == {}
    assert examination.entities["article"].gone == {"gone": 1}
    account = next(each for each in examination.accounts.cut_offs if each.entity == "article")
    assert (account.gone, account.kept, account.gone_since) == (1, int(stands), 0)
    if stands:
        world.tamper("article", 7, headline="Khác")
        world.examine(tmp_path)
        assert world.named() == {("F2", SEVENTH, "headline", "changed")}
    else:
        world.target["article"].append(dataclasses.replace(world.record("article", 8), key=SEVENTH, target_id="7"))
        world.examine(tmp_path)
        assert ("C4", SEVENTH, "", "duplicate-of") in world.named()


def test_what_is_called_gone_but_is_there_is_a_difference(tmp_path: Path) -> None:
    world = cut_off()
    world.set_aside(7, Bucket.GONE, "gone-at-source")
    world.examine(tmp_path)
    assert ("C1", SEVENTH, "", "missing") in world.named()


def with_two_runs(world: World, ended: datetime) -> World:
    """A first run ten days ago; this one took its cut-off after it."""
    first = RunInfo(1, "run", NOW - timedelta(days=10), ended, "0", "", world.marker, "done", "tester", 1)
    world.earlier_runs = [first]
    return world


@pytest.mark.parametrize(
    ("ended", "stale"), [(NOW - timedelta(days=9, hours=1), True), (NOW - timedelta(days=8), False)]
)
def test_a_row_changed_between_two_runs_must_have_been_transformed_by_the_later(
    ended: datetime, stale: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = with_two_runs(cut_off(), ended)
    for name, item in world.known.items():
        world.known[name] = dataclasses.replace(item, transformed_seq=1)
    world.known[SEVENTH] = dataclasses.replace(world.known[SEVENTH], transformed_seq=2)
    second = RunInfo(2, "run", NOW - timedelta(hours=1), NOW, "0", "", world.marker, "done", "tester", 1)
    world.last_run = second
    for number, entry in enumerate(world.entries):
        world.entries[number] = dataclasses.replace(entry, run=1 if not number else 2)
    world.examine(tmp_path)
    found = {name for check, name, _, kind in world.named() if (check, kind) == ("C6", "changed")}
    expected = {key("article", number) for number in range(1, 41) if number != 7} if stale else set()
    assert found == expected
    account = next(each for each in world.examine(tmp_path).accounts.cut_offs if each.entity == "article")
    assert account.loaded_again == 40


def test_rows_changed_since_are_not_looked_for_without_a_column(tmp_path: Path) -> None:
    world = cut_off(changed=False)
    examination = world.examine(tmp_path)
    assert "rows changed since are not looked for" in check(world, tmp_path).statement
    assert "C6 article of web: rows changed after the cut-off" in examination.not_checked


def test_runs_of_some_rows_leave_no_cut_off(tmp_path: Path) -> None:
    world = cut_off()
    only = RunInfo(
        2, "run --only web:article:7", NOW + timedelta(days=9), NOW, "0", "", world.marker, "done", "tester", 1
    )
    world.earlier_runs, world.last_run = world_runs(world), only
    account = next(each for each in world.examine(tmp_path).accounts.cut_offs if each.entity == "article")
    assert (account.run, account.cut_off_at) == (1, NOW.replace(tzinfo=UTC).isoformat(timespec="seconds"))


def world_runs(world: World) -> list[RunInfo]:
    return [RunInfo(1, "run", NOW, NOW, "0", "", world.marker, "done", "tester", 1)]


def test_a_source_without_snapshots_may_grow_while_it_is_read(tmp_path: Path) -> None:
    world = cut_off(rows=39, consistent=False)
    world.source["article"][40]["edittime"] = LATER
    assert check(world, tmp_path).holds is True
    strict = cut_off(rows=39)
    strict.source["article"][40]["edittime"] = LATER
    assert check(strict, tmp_path).holds is False
