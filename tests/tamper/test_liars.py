"""A loader or a transformation that lies is found: each lie concerns one record, and that record is named with its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from migrator.load.sql.loader import SqlLoader
from migrator.model.content import Value
from migrator.model.record import Record, SourceRow
from migrator.ports import Baseline, Decided, Led, Transformed, Write, WriteResult
from migrator.transform.compile import CompiledMapping
from tests.tamper.newsroom import Articles, Examined, copy, examine, opened, run

Fields = Mapping[str, Value]
TWO_AUTHORS = "(SELECT count(*) FROM article_authors WHERE article_id = article.id) > 1"
TAGGED = "(SELECT count(*) FROM article_tags WHERE article_id = article.id) > 0"


NOT_BY_THE_FIRST = "NOT EXISTS (SELECT 1 FROM article_authors WHERE article_id = article.id AND person_id = 1)"


@dataclass(frozen=True)
class Lie:
    """``tell`` makes other fields of the true ones; ``named`` has every (check, field, kind); ``where`` picks the article."""

    tell: Callable[[Fields], dict[str, Value]]
    named: set[tuple[str, str, str]]
    where: str = "1"


def later(fields: Fields) -> dict[str, Value]:
    moment: Any = fields["published_at"]
    return {"published_at": moment + timedelta(hours=7)}


def references(fields: Fields, name: str) -> tuple[str, ...]:
    value = fields[name]
    assert isinstance(value, tuple)
    return value


def swapped(fields: Fields) -> dict[str, Value]:
    first, second, *others = references(fields, "authors")
    return {"authors": (second, first, *others)}


def found_by(checks: tuple[str, ...], field: str, kind: str) -> set[tuple[str, str, str]]:
    return {(check, field, kind) for check in checks}


# --- loaders that say they wrote what they did not ----------------------------------------------------------------------
WRITTEN: dict[str, Lie] = {
    "no tags": Lie(lambda _: {"tags": ()}, found_by(("F2", "R1"), "tags", "missing"), TAGGED),
    "authors in another order": Lie(swapped, found_by(("F2", "R1"), "authors", "order-only"), TWO_AUTHORS),
    "another body": Lie(lambda _: {"body_html": "<p>?</p>"}, found_by(("F2",), "body_html", "changed")),
    "an empty body": Lie(lambda _: {"body_html": ""}, found_by(("F2",), "body_html", "missing")),
    "half a body": Lie(lambda f: {"body_html": str(f["body_html"])[:100]}, found_by(("F2",), "body_html", "truncated")),
    "a local time": Lie(later, found_by(("F2", "D1"), "published_at", "time-shift")),
}


@dataclass(frozen=True)
class Told:
    """The lies of one run: what was found, and the key each lie was told of."""

    examined: Examined
    keys: Mapping[str, str]

    def of(self, lie: str) -> set[tuple[str, str, str]]:
        """Check, field and kind of the differences of a lie's record."""
        return {(check, field, kind) for check, key, field, kind in self.examined.differences if key == self.keys[lie]}


def victims(migrated: Path, conditions: Mapping[str, str]) -> dict[str, str]:
    """An article's key for each lie, taken from the outcome of an honest run."""
    with opened(migrated / "target.sqlite") as target:
        articles = Articles(target)
        return {name: articles.pick(condition)[1] for name, condition in conditions.items()}


@pytest.fixture(scope="module")
def written(prepared: Path, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """One run by a loader that tells every lie, each of another article."""
    keys = victims(
        migrated, {name: lie.where for name, lie in WRITTEN.items()} | dict.fromkeys(("nothing", "twice", "id"), "1")
    )
    lies = {keys[name]: lie for name, lie in WRITTEN.items()}
    honest = SqlLoader.write

    def put(write: Write) -> Write:
        if write.record is None or write.key not in lies:
            return write
        return replace(write, record=with_fields(write.record, lies[write.key].tell(write.record.fields)))

    def lying(self: SqlLoader, writes: Sequence[Write]) -> list[WriteResult]:
        wanted = [put(write) for write in writes if write.key != keys["nothing"]]
        wanted += [under_another_key(write) for write in writes if write.key == keys["twice"]]
        answers = {answer.key: answer for answer in honest(self, wanted)}
        answers[keys["nothing"]] = WriteResult(keys["nothing"], "77")
        answers[keys["id"]] = WriteResult(keys["id"], "78")
        return [answers[write.key] for write in writes]

    project = copy(prepared, tmp_path_factory.mktemp("written") / "demo")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SqlLoader, "write", lying)
        run(project)
    return Told(examine(project), keys | {"double": "web:article:99999"})


def with_fields(record: Record, fields: Mapping[str, Value]) -> Record:
    return replace(record, fields={**record.fields, **fields})


def under_another_key(write: Write) -> Write:
    assert write.record is not None
    return replace(write, key="web:article:99999", record=replace(write.record, key="web:article:99999"))


@pytest.mark.parametrize("lie", WRITTEN)
def test_a_loader_that_writes_something_else_is_found(lie: str, written: Told) -> None:
    assert written.of(lie) == WRITTEN[lie].named


def test_a_loader_that_writes_nothing_is_found(written: Told) -> None:
    assert written.of("nothing") == {("C4", "", "missing")}


def test_a_loader_that_writes_twice_is_found(written: Told) -> None:
    assert written.of("double") == {("C4", "", "duplicate-of")}
    assert written.keys["twice"] in written.examined.details["C4", written.keys["double"], "", "duplicate-of"]


def test_a_loader_that_gives_a_wrong_id_is_found(written: Told) -> None:
    assert written.of("id") == {("C5", "", "changed")}


def test_only_records_that_were_lied_about_are_named(written: Told) -> None:
    assert written.examined.code == 4
    assert {named[1] for named in written.examined.differences} == set(written.keys.values()) - {written.keys["twice"]}


def test_a_loader_that_invents_records_from_before_is_found(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqlLoader, "baseline", lambda self, entities: [Baseline(e, 5, None) for e in entities])
    run(copy(prepared, tmp_path / "demo"))
    examined = examine(tmp_path / "demo")
    assert examined.code == 4
    assert ("C4", "", "", "missing") in examined.differences


# --- transformations that lie: ledger and target agree, the source does not ---------------------------------------------
MADE: dict[str, Lie] = {
    "another first author": Lie(
        lambda f: {"authors": ("web:person:1", *references(f, "authors")[1:])},
        found_by(("R1",), "authors", "changed"), f"{TWO_AUTHORS} AND {NOT_BY_THE_FIRST}",
    ),
    "a tag is left out": Lie(lambda f: {"tags": references(f, "tags")[1:]}, found_by(("R1",), "tags", "missing"), TAGGED),
    "another section": Lie(lambda _: {"section": "web:section:1"}, found_by(("R1",), "section", "changed"), "section_id > 1"),
    "no standfirst": Lie(lambda _: {"standfirst": None}, found_by(("I1",), "standfirst", "missing")),
    "another headline": Lie(lambda f: {"headline": f"{f['headline']}?"}, found_by(("I1",), "headline", "changed")),
    "another status": Lie(lambda _: {"status": "draft"}, found_by(("I1",), "status", "changed")),
    "a local time": Lie(later, found_by(("D1",), "published_at", "time-shift")),
}  # fmt: skip


def told_by_a_mapping(prepared: Path, migrated: Path, lies: Mapping[str, Lie], folder: Path) -> Told:
    """Run and examine with a transformation that lies all the time, to the auditor too."""
    keys = victims(migrated, {name: lie.where for name, lie in lies.items()})
    by_key = {keys[name]: lie for name, lie in lies.items()}
    honest = CompiledMapping.transform

    def lying(self: CompiledMapping, row: SourceRow) -> Transformed | Decided | Led:
        made = honest(self, row)
        if not isinstance(made, Transformed) or row.key not in by_key:
            return made
        return replace(made, record=with_fields(made.record, by_key[row.key].tell(made.record.fields)))

    project = copy(prepared, folder / "demo")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(CompiledMapping, "transform", lying)
        run(project)
        return Told(examine(project), keys)


@pytest.fixture(scope="module")
def made(prepared: Path, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_by_a_mapping(prepared, migrated, MADE, tmp_path_factory.mktemp("made"))


@pytest.mark.parametrize("lie", MADE)
def test_a_transformation_that_lies_is_found_by_the_source_alone(lie: str, made: Told) -> None:
    assert made.of(lie) == MADE[lie].named


def test_only_records_the_transformation_lied_about_are_named(made: Told) -> None:
    assert made.examined.code == 4
    assert {named[1] for named in made.examined.differences} == set(made.keys.values())


def test_a_transformation_that_swaps_two_authors_is_found(prepared: Path, migrated: Path, tmp_path: Path) -> None:
    lies = {"swapped": Lie(swapped, found_by(("R1",), "authors", "order-only"), TWO_AUTHORS)}
    told = told_by_a_mapping(prepared, migrated, lies, tmp_path)
    assert told.of("swapped") == lies["swapped"].named


def test_a_mapping_that_takes_the_standfirst_from_the_wrong_column_is_found(prepared: Path, tmp_path: Path) -> None:
    project = copy(prepared, tmp_path / "demo")
    with (project / "article.yaml").open("a", encoding="utf-8") as mapping:
        mapping.write(
            "  standfirst: {from: detail.sourcetext, steps: [strip_tags, nfc]}\n"
        )  # its last part is `fields:`
    run(project)
    with opened(project / "target.sqlite") as target:
        keys = "SELECT legacy_key FROM article UNION SELECT legacy_key FROM legacy_alias"  # a duplicate says it too
        carried = {key for (key,) in target.execute(keys)}
    examined = examine(project)
    assert examined.code == 4
    assert {(check, field) for check, _, field, _ in examined.differences} == {("I1", "standfirst")}
    assert {key for _, key, _, _ in examined.differences} == carried
