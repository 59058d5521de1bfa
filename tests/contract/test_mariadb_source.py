"""What MariaDB gives that other servers do not: its types, its zero dates, its zones, its loose comparison of texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from migrator.db import parse_url
from migrator.extract.sql import SqlExtractor
from migrator.ledger import SqlLedger
from migrator.model.audit import AuditedEntity, Identity, Place
from migrator.model.record import source_fingerprint
from migrator.model.source import Selection, Side
from migrator.read.sql import SqlWitness
from migrator.text.repair import repair
from migrator.transform.values import as_instant


def execute(url: str, *statements: str) -> None:
    engine = sa.create_engine(parse_url(url))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))
    engine.dispose()


@pytest.fixture
def extractor(mariadb_url: str) -> Iterator[SqlExtractor]:
    extractor = SqlExtractor(mariadb_url, "old")
    yield extractor
    extractor.close()


def rows_of(extractor: SqlExtractor, table: str, *key: str, batch: int = 100) -> list[dict[str, object]]:
    """All rows, page by page."""
    chosen = Selection("old", "article", key, table=table)
    found: list[dict[str, object]] = []
    position = None
    while True:
        rows = extractor.read(chosen, position, batch)
        found += [dict(row.values) for row in rows]
        if len(rows) < batch:
            return found
        position = rows[-1].position


def test_its_own_types_come_as_values(mariadb_url: str, extractor: SqlExtractor) -> None:
    execute(
        mariadb_url,
        """CREATE TABLE t (id BIGINT UNSIGNED PRIMARY KEY, yes TINYINT(1), flag BIT(1), flags BIT(10),
           kind ENUM('tin', 'ảnh'), marks SET('a', 'b'), fee DECIMAL(20, 2), more JSON, raw BLOB)""",
        """INSERT INTO t VALUES (18446744073709551615, 1, b'1', b'1000000001', 'ảnh', 'a,b', 123456789012345678.90,
           '{"x": "ế"}', x'00ff')""",
    )
    (row,) = rows_of(extractor, "t", "id")
    assert row == {
        "id": 2**64 - 1, "yes": 1, "flag": 1, "flags": 513, "kind": "ảnh", "marks": "a,b",
        "fee": Decimal("123456789012345678.90"), "more": '{"x": "ế"}', "raw": b"\x00\xff",
    }  # fmt: skip
    (found,) = extractor.fetch(Selection("old", "article", ("id",), table="t"), [f"old:article:{2**64 - 1}"])
    assert len(source_fingerprint(found)) == 32


def test_zero_dates_are_no_dates(mariadb_url: str, extractor: SqlExtractor) -> None:
    execute(
        mariadb_url,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, day DATE, at DATETIME)",
        "SET sql_mode = ''",
        "INSERT INTO t VALUES (1, '0000-00-00', '0000-00-00 00:00:00'), (2, '2009-02-00', '2009-02-03 04:05:06')",
    )
    nothing, partly = rows_of(extractor, "t", "id")
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    assert (nothing["day"], nothing["at"]) == ("0000-00-00", "0000-00-00 00:00:00")
    assert as_instant(nothing["at"], zone, None) is as_instant(nothing["day"], zone, None) is None
    assert (partly["day"], partly["at"]) == ("2009-02-00", datetime(2009, 2, 3, 4, 5, 6))


def test_a_timestamp_is_utc_whatever_zone_the_server_is_set_to(mariadb_url: str) -> None:
    execute(
        mariadb_url,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, at TIMESTAMP NULL, local DATETIME)",
        "SET time_zone = '+07:00'",
        "INSERT INTO t VALUES (1, '2009-02-03 04:05:06', '2009-02-03 04:05:06')",
    )
    elsewhere = parse_url(mariadb_url).update_query_dict({"init_command": "SET time_zone = '-05:00'"})
    extractor = SqlExtractor(elsewhere.render_as_string(hide_password=False), "old")
    (row,) = rows_of(extractor, "t", "id")
    extractor.close()
    assert (row["at"], row["local"]) == (datetime(2009, 2, 2, 21, 5, 6), datetime(2009, 2, 3, 4, 5, 6))


def test_utf8_in_a_latin1_table_can_be_repaired_without_loss(mariadb_url: str, extractor: SqlExtractor) -> None:
    title = "Điện Biên Phủ: “Á, ố, ữ, Ặ” – Ðà Nẵng"
    execute(
        mariadb_url,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, title VARCHAR(200)) CHARACTER SET latin1",
        "SET NAMES latin1",  # as the old site's own connection did: the server takes the bytes for latin1
        f"INSERT INTO t VALUES (1, CONVERT(x'{title.encode().hex()}' USING latin1))",
    )
    (row,) = rows_of(extractor, "t", "id")
    assert row["title"] != title
    assert repair(str(row["title"])).text == title


def test_characters_outside_the_basic_plane_arrive(mariadb_url: str, extractor: SqlExtractor) -> None:
    execute(mariadb_url, "CREATE TABLE t (id INTEGER PRIMARY KEY, title TEXT) CHARACTER SET utf8mb4",
            "INSERT INTO t VALUES (1, '🎉 𠮷 chữ Nôm 𡨸')")  # fmt: skip
    assert rows_of(extractor, "t", "id")[0]["title"] == "🎉 𠮷 chữ Nôm 𡨸"


# --- texts that are the same to the database ---
WORDS = ("ThoiSu", "THOISU", "thoisu ", "hoà", "hòa", "HOA")
"""To utf8mb4_unicode_ci two values; none of them is another one."""


def test_no_row_is_passed_over_between_two_pages(mariadb_url: str, extractor: SqlExtractor) -> None:
    values = ", ".join(f"('{word}', {number})" for number, word in enumerate(WORDS))
    execute(mariadb_url, "CREATE TABLE t (slug VARCHAR(50), n INTEGER)", f"INSERT INTO t VALUES {values}")
    for batch in (1, 2, 4):
        assert sorted(str(row["slug"]) for row in rows_of(extractor, "t", "slug", batch=batch)) == sorted(WORDS)


def test_a_key_means_itself_alone(mariadb_url: str, extractor: SqlExtractor) -> None:
    execute(mariadb_url, "CREATE TABLE t (slug VARCHAR(50))", "INSERT INTO t VALUES ('THOISU'), ('hoà')")
    chosen = Selection("old", "section", ("slug",), table="t")
    keys = ["old:section:ThoiSu", "old:section:THOISU", "old:section:hòa"]
    assert extractor.existing(chosen, keys) == {"old:section:THOISU"}
    assert [row.key for row in extractor.fetch(chosen, keys)] == ["old:section:THOISU"]


def test_a_side_is_found_as_the_database_finds_it(mariadb_url: str, extractor: SqlExtractor) -> None:
    execute(
        mariadb_url,
        "CREATE TABLE story (id INTEGER PRIMARY KEY, place VARCHAR(50), number INTEGER, lang VARCHAR(5))",
        "INSERT INTO story VALUES (1, 'ThoiSu', 5, 'vi'), (2, 'hoà', 6, 'VI'), (3, 'hòa', 7, 'en'), (4, 'xa', 8, 'vi')",
        "CREATE TABLE place (code VARCHAR(50) PRIMARY KEY, name VARCHAR(50))",
        "INSERT INTO place VALUES ('THOISU', 'Thời sự'), ('HÒA', 'Hòa bình')",
        "CREATE TABLE extra (number VARCHAR(10), lang VARCHAR(5), note VARCHAR(50))",
        "INSERT INTO extra VALUES ('05', 'vi', 'năm'), ('6', 'vi', 'sáu'), ('6', 'en', 'six'), ('7', 'vi', 'bảy')",
    )
    sides = (
        Side("place", (("code", "place"),), table="place"),
        Side("extra", (("number", "number"), ("lang", "lang")), table="extra", many=True, order=("note",)),
    )
    rows = extractor.read(Selection("old", "article", ("id",), table="story", sides=sides), None, 10)
    assert [[side["name"] for side in row.sides["place"]] for row in rows] == [
        ["Thời sự"],
        ["Hòa bình"],
        ["Hòa bình"],
        [],
    ]
    assert [[side["note"] for side in row.sides["extra"]] for row in rows] == [["năm"], ["sáu"], [], []]

    witness = SqlWitness(mariadb_url, "old")
    name = Place(column="name", table="place", on=(("code", "place"),))
    note = Place(column="note", table="extra", on=(("number", "number"), ("lang", "lang")))
    identities = (Identity("headline", name, ()), Identity("slug", note, ()))
    audited = AuditedEntity("article", "story", None, ("id",), identities=identities)
    (seen,) = witness.rows(audited, 10)
    witness.close()
    assert [row.values["headline"] for row in seen] == ["Thời sự", "Hòa bình", "Hòa bình", None]
    assert [row.values["slug"] for row in seen] == ["năm", "sáu", None, None]


def test_two_words_that_are_one_to_the_database_have_both_its_rows(mariadb_url: str, extractor: SqlExtractor) -> None:
    execute(
        mariadb_url,
        "CREATE TABLE story (id INTEGER PRIMARY KEY, word VARCHAR(50))",
        "INSERT INTO story VALUES (1, 'a'), (2, 'A')",
        "CREATE TABLE tag (word VARCHAR(50), n INTEGER)",
        "INSERT INTO tag VALUES ('a', 1), ('A', 2)",
    )
    side = Side("tag", (("word", "word"),), table="tag", many=True, order=("n",))
    rows = extractor.read(Selection("old", "article", ("id",), table="story", sides=(side,)), None, 10)
    assert [[tag["n"] for tag in row.sides["tag"]] for row in rows] == [[1, 2], [1, 2]]


# --- keys ---
def test_binary_keys_are_hex(mariadb_url: str, extractor: SqlExtractor, tmp_path: Path) -> None:
    values = ", ".join(f"(x'{number * 37 % 256:02x}00ff', {number})" for number in range(1, 8))
    execute(mariadb_url, "CREATE TABLE t (id BINARY(3) PRIMARY KEY, n INTEGER)", f"INSERT INTO t VALUES {values}")
    chosen = Selection("old", "article", ("id",), table="t")
    first = extractor.read(chosen, None, 3)
    rest = extractor.read(chosen, first[-1].position, 100)
    keys = [row.key for row in [*first, *rest]]
    assert keys == sorted(f"old:article:{number * 37 % 256:02x}00ff" for number in range(1, 8))
    assert [row.key for row in extractor.fetch(chosen, keys)] == keys
    assert extractor.existing(chosen, [*keys, "old:article:none"]) == set(keys)
    ledger = SqlLedger(f"sqlite:///{tmp_path}/ledger.sqlite")
    ledger.begin("run", "digest", "{}")
    ledger.confirm("old", "article", (), first[-1].position, done=False)
    assert ledger.position("old", "article")[0] == first[-1].position
    ledger.close()
    witness = SqlWitness(mariadb_url, "old")
    audited = AuditedEntity("article", "t", None, ("id",))
    assert witness.existing(audited, keys) == set(keys)
    witness.close()


def test_days_are_keys(mariadb_url: str, extractor: SqlExtractor) -> None:
    execute(mariadb_url, "CREATE TABLE t (day DATE PRIMARY KEY)", "INSERT INTO t VALUES ('2009-02-03'), ('2009-02-04')")
    chosen = Selection("old", "print_issue", ("day",), table="t")
    assert [row.position for row in extractor.read(chosen, (date(2009, 2, 3),), 5)] == [(date(2009, 2, 4),)]
    assert [row.key for row in extractor.fetch(chosen, ["old:print_issue:2009-02-03"])] == [
        "old:print_issue:2009-02-03"
    ]
