"""A staged copy answers as the database did it was taken from: SQLite, MariaDB, PostgreSQL; extractor and witness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from migrator.cli.progress import Silence
from migrator.db import parse_url
from migrator.errors import AccessError
from migrator.extract.sql import SqlExtractor
from migrator.extract.sql.survey import SqlSurvey
from migrator.extract.staged import Plan, StagedExtractor, StagedSurvey, Staging, read_catalogue
from migrator.model.audit import Audit, AuditedEntity, Belonging, Grouped, Identity, NumberTotal, Place, Summed
from migrator.model.record import source_fingerprint
from migrator.model.source import Partition, Selection, Side, Test
from migrator.read.sql import SqlWitness
from migrator.read.sql.staged import StagedWitness, looked_up

TYPES = {
    "sqlite": ("INTEGER", "TEXT", "NUMERIC", "BLOB", "TEXT", "REAL"),
    "mariadb": ("BIGINT", "VARCHAR(80)", "DECIMAL(20, 2)", "BLOB", "DATETIME(6)", "DOUBLE"),
    "postgres": ("BIGINT", "VARCHAR(80)", "NUMERIC(20, 2)", "BYTEA", "TIMESTAMP WITH TIME ZONE", "FLOAT8"),
}
WORDS = (
    "ThoiSu",
    "THOISU",
    "thoisu ",
    "hoà",
    "hòa",
    "HOA",
    "Đời",
    "dời",
    "",
    None,
    "a_b",
    "a%b",
    "a\\b",
    "'; --",
    "05",
    "5",
)
STORY, WORD = "story", "word"
QUERY = "SELECT id AS number, concat(id, ': x') AS said, fee FROM story WHERE id > 3"


@dataclass
class Both:
    """The same source twice."""

    live: SqlExtractor
    staged: StagedExtractor
    witness: SqlWitness
    staged_witness: StagedWitness
    folder: Path


def fill(url: str, kind: str) -> None:
    """Stories with hostile values; words they lead to, each in several spellings; bodies in numbered tables."""
    number, text, fee, raw, at, share = TYPES[kind]
    engine = sa.create_engine(parse_url(url))
    blob = {"sqlite": "x'00ff'", "mariadb": "x'00ff'", "postgres": r"'\x00ff'"}[kind]
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run(
            f"CREATE TABLE story (id {number} PRIMARY KEY, place {text}, fee {fee}, raw {raw}, at {at}, share {share}, "
            f"no_one {text})"
        )
        run(f"CREATE TABLE word (code {text}, n {number}, note {text})")
        for number_of in (1, 2):
            run(f"CREATE TABLE body_{number_of} (id {number} PRIMARY KEY, html TEXT)")
        story = sa.table("story", *map(sa.column, ("id", "place", "fee", "share", "at")))
        for place, word in enumerate(WORDS):
            key = (1 << 40) + place if place == 7 else place + 1
            moment, price = sa.text(f"'2009-02-{place + 1:02} 04:05:06'"), sa.text(f"{place}.50")
            values = {"id": key, "place": word, "share": place / 3, "at": moment, "fee": price}
            connection.execute(sa.insert(story).values(values))
            connection.execute(
                sa.insert(sa.table("word", *map(sa.column, ("code", "n", "note")))).values(
                    code=word, n=-place, note=f"note {place}"
                )
            )
            part = sa.table(f"body_{1 + place // 10}", sa.column("id"), sa.column("html"))
            connection.execute(sa.insert(part).values(id=place + 1, html=f"<p>{place}</p>" * 3))
        run(f"UPDATE story SET raw = {blob}, fee = NULL WHERE id = 2")
        if kind == "sqlite":
            run("UPDATE story SET no_one = CAST(x'ff61' AS TEXT) WHERE id = 14")
            run("UPDATE story SET share = 9e999 WHERE id = 3")
        if kind == "mariadb":
            run("SET sql_mode = ''")
            run("UPDATE story SET at = '0000-00-00 00:00:00' WHERE id = 4")
        if kind == "postgres":
            run("UPDATE story SET share = 'NaN', fee = 'NaN' WHERE id = 3")
    engine.dispose()


@pytest.fixture(params=TYPES)
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Both]:
    kind = request.param
    url: str = f"sqlite:///{tmp_path}/legacy.sqlite" if kind == "sqlite" else request.getfixturevalue(f"{kind}_url")
    fill(url, kind)
    live = SqlExtractor(url, "old")
    plan = Plan(("body_1", "body_2", "story", "word"), {QUERY: ("number",)})
    catalogue = Staging("old", live, tmp_path / "copy", plan).carry_out(Silence()).catalogue
    assert catalogue is not None
    staged = StagedExtractor(tmp_path / "copy", catalogue)
    witness, staged_witness = SqlWitness(url, "old"), StagedWitness(tmp_path / "copy", "old", {"word": ["code"]})
    yield Both(live, staged, witness, staged_witness, tmp_path / "copy")
    for each in (live, staged, witness, staged_witness):
        each.close()


ALL = Selection("old", "article", ("id",), table=STORY)
WORDED = Side("word", (("code", "place"),), table=WORD, many=True, order=("n",))
NUMBERED = Side("body", (("id", "id"),), table="body_{n}", partition=Partition("id", 10))
SELECTIONS = {
    "all": ALL,
    "by words": replace(ALL, sides=(WORDED, NUMBERED)),
    "a text for a number": replace(ALL, sides=(WORDED, Side("same", (("id", "word.code"),), table=STORY))),
    "first of many": replace(ALL, sides=(replace(WORDED, many=False, where=(Test("n", "lt", -2),)),)),
    "query": Selection("old", "redirect", ("number",), sql=QUERY),
    "by text": Selection("old", "tag", ("code",), table=WORD, where=(Test("code", "not_in", (None,)),)),
    "by another column": Selection("old", "tag", ("n",), table=WORD),
    "two columns": Selection("old", "tag", ("note", "n"), table=WORD),
    **{
        f"{operator} {operand!r}": replace(ALL, where=(Test(column, operator, operand),))  # type: ignore[arg-type]
        for column, operator, operand in (
            ("place", "in", ("thoisu",)), ("place", "in", ("HÒA", None)), ("place", "not_in", ("thoisu", "5")),
            ("place", "like", "tho%u"), ("place", "like", "a\\_b"), ("place", "not_like", "%o_"), ("place", "like", "a_b"),
            ("place", "empty", True), ("place", "empty", False), ("raw", "empty", True), ("fee", "in", (3.5,)),
            ("fee", "gt", 7), ("fee", "le", 7.5), ("id", "in", ("5", "6")), ("id", "lt", 5), ("id", "ge", 1 << 40),
            ("at", "lt", "2009-02-05 04:05:06"), ("at", "ge", "2009-02-05 04:05:06"), ("no_one", "empty", True),
        )
    },
}  # fmt: skip


def all_of(extractor: SqlExtractor | StagedExtractor, selection: Selection, size: int) -> list[tuple[str, bytes]]:
    """Keys and fingerprints, page by page."""
    found: list[tuple[str, bytes]] = []
    position = None
    while True:
        rows = extractor.read(selection, position, size)
        found += [(row.key, source_fingerprint(row)) for row in rows]
        if len(rows) < size:
            return found
        position = rows[-1].position


def test_rows_and_their_fingerprints_are_those_of_the_database(both: Both) -> None:
    differ = {}
    engine = both.live._engine.dialect.name
    for name, selection in SELECTIONS.items():
        if name == "a text for a number" and engine == "postgresql":
            continue  # it refuses to compare them
        if name == "like 'a\\\\_b'" and engine == "sqlite":
            continue  # SQLite's LIKE has no escape character by itself
        if found := differences(
            both, selection, in_order=name != "by text"
        ):  # of the same word, any spelling may be first
            differ[name] = found
    assert differ == {}


def differences(both: Both, selection: Selection, *, in_order: bool) -> list[str]:
    """What the copy answers otherwise than the database."""
    live, staged = both.live, both.staged
    wanted = all_of(live, selection, 100)
    keys = [key for key, _ in wanted]
    asked = [*keys[::2], "old:article:nothing", f"{selection.source}:{selection.entity}:999999"]

    def fetched(extractor: SqlExtractor | StagedExtractor) -> list[tuple[str, bytes]]:
        return sorted((row.key, source_fingerprint(row)) for row in extractor.fetch(selection, asked))

    def listed(extractor: SqlExtractor | StagedExtractor) -> list[str]:
        return sorted(key for key, _ in extractor.keys(selection, None, 100))

    asked_for = {
        "pages": (sorted(all_of(staged, selection, 4)), sorted(wanted)),
        "order": (all_of(staged, selection, 100) if in_order else wanted, wanted),
        "fetch": (fetched(staged), fetched(live)),
        "existing": (staged.existing(selection, asked), live.existing(selection, asked)),
        "keys": (listed(staged), listed(live)),
        "marker": (staged.marker([selection]).entities[0][1], live.marker([selection]).entities[0][1]),
    }
    return [f"{what}: {ours} {theirs}" for what, (ours, theirs) in asked_for.items() if ours != theirs]


def test_ranges_ends_and_the_way_back_are_those_of_the_database(both: Both) -> None:
    backwards = replace(ALL, is_descending=True)
    assert all_of(both.staged, backwards, 3) == all_of(both.live, backwards, 3)
    assert both.staged.partitions(ALL, 5) == both.live.partitions(ALL, 5)
    for upto in ((4,), (9,), (500,)):
        ours, theirs = (extractor.read(ALL, (2,), 100, upto) for extractor in (both.staged, both.live))
        assert [row.key for row in ours] == [row.key for row in theirs]
    assert both.staged.marker([ALL]).entities == both.live.marker([ALL]).entities
    for column, most in (("id", None), ("id", 11), ("at", None), ("place", None)):
        if column != "place":
            assert both.staged.largest(ALL, column, most) == both.live.largest(ALL, column, most)
    # a row that is there no more: what stands behind its place comes next
    assert [row.key for row in both.staged.read(ALL, (8,), 2)] == [row.key for row in both.live.read(ALL, (8,), 2)]


def test_what_was_not_staged_is_never_an_empty_table(both: Both) -> None:
    with pytest.raises(AccessError, match="nowhere"):
        both.staged.read(replace(ALL, table="nowhere"), None, 1)
    with pytest.raises(AccessError, match="SELECT 1"):
        both.staged.columns("SELECT 1 AS one")
    with pytest.raises(AccessError, match="nowhere"):
        both.staged_witness.count("nowhere", (Test("id", "gt", 1),))
    assert both.staged.columns(QUERY) == both.live.columns(QUERY)
    assert both.staged.tables() == both.live.tables()


def test_the_witness_counts_and_reads_as_at_the_database(both: Both) -> None:
    live, staged = both.witness, both.staged_witness
    assert staged.tables() == live.tables()
    for table in live.tables():
        assert staged.count(table) == live.count(table)
    where = (Test("place", "in", ("thoisu", "HOÀ")),)
    assert staged.count(STORY, where) == live.count(STORY, where)
    on = (("code", "place"),)
    audited = AuditedEntity(
        "article", STORY, None, ("id",),
        identities=(Identity("headline", Place("place")), Identity("slug", Place("note", WORD, on=on, order=("n",)))),
        totals=(NumberTotal((Grouped("id", Identity("id", Place("id"))),), (Summed("share", "fee"),)),),
    )  # fmt: skip
    ours, theirs = ([row for page in witness.rows(audited, 5) for row in page] for witness in (staged, live))
    assert [(row.key, comparable(row.values)) for row in ours] == [(row.key, comparable(row.values)) for row in theirs]
    query = replace(audited, table=None, sql=QUERY, key=("number",), identities=(), totals=())
    assert staged.count_entity(query) == live.count_entity(query) == len(WORDS) - 3
    keys = [row.key for row in theirs]
    assert staged.existing(audited, [*keys, "old:article:0"]) == frozenset(keys)
    lost = Belonging(WORD, (("place", "code"),))
    assert sorted(staged.orphans(STORY, lost, ("id",))) == sorted(live.orphans(STORY, lost, ("id",)))
    assert looked_up(Audit("old", {"article": audited})) == {STORY: {"id"}, WORD: {"code"}}


def test_the_survey_counts_as_the_database(both: Both) -> None:
    catalogue = read_catalogue(both.folder)
    assert catalogue is not None
    live, staged = SqlSurvey(both.live._url), StagedSurvey(both.folder, catalogue)
    chosen = replace(ALL, where=(Test("id", "gt", 1),))
    words = Selection("old", "", (), table=WORD)
    query = Selection("old", "redirect", ("number",), sql=QUERY)
    for selection in (chosen, words, query):
        assert staged.rows(selection) == live.rows(selection)
    columns = ("code", "n", "note")
    assert staged.filled(words, columns) == live.filled(words, columns)
    assert sorted(staged.tally(words, ("note", "n"), 100)) == sorted(live.tally(words, ("note", "n"), 100))
    assert len(staged.tally(words, ("note",), 3)) == 3
    assert sorted(staged.samples(words, "note", 100)) == sorted(live.samples(words, "note", 100))
    live.close()
    staged.close()


def comparable(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is no number is equal to nothing, not even to itself."""
    return {name: "NaN" if str(value) == "NaN" else value for name, value in values.items()}
