"""Whatever is changed, deleted or doubled at the target is found and named, and nothing else is named."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from migrator.model.content import ENTITIES, Kind
from tests.tamper.newsroom import Articles, Examined, Named, copy, examine, opened

Tampering = Callable[[Articles], set[Named]]
"""Does something to the target; the differences that must be named for it – these and no others."""

BOTH, SENT, POINTED, DATED = ("F2", "I1"), ("F2",), ("F2", "R1"), ("F2", "D1")
LINKED = "(SELECT count(*) FROM article_{0} WHERE article_id = article.id) > 1"
TWO_AUTHORS, TWO_TAGS = LINKED.format("authors"), LINKED.format("tags")
PUBLISHED = "strftime('%Y-%m-%d %H:%M:%f000', published_at, '{}')"


def text(field: str, change: Callable[[str], str], kind: str, checks: tuple[str, ...], where: str = "1") -> Tampering:
    """Change the text of a field of one article."""

    def tamper(articles: Articles) -> set[Named]:
        number, key = articles.pick(where)
        (before,) = articles.target.execute(f"SELECT {field} FROM article WHERE id = ?", (number,)).fetchone()
        after = change(str(before))
        assert after != before
        articles.target.execute(f"UPDATE article SET {field} = ? WHERE id = ?", (after, number))
        return {(check, key, field, kind) for check in checks}

    return tamper


def column(name: str, value: str, kind: str, checks: tuple[str, ...], where: str = "1", field: str = "") -> Tampering:
    """Give a column of one article another value, an SQL expression."""
    return statement(f"UPDATE article SET {name} = {value} WHERE id = :id", field or name, kind, checks, where)


def statement(sql: str, field: str, kind: str, checks: tuple[str, ...], where: str = "1") -> Tampering:
    """Carry an SQL statement out for one article, ``:id``."""

    def tamper(articles: Articles) -> set[Named]:
        number, key = articles.pick(where)
        assert articles.target.execute(sql, {"id": number}).rowcount > 0
        return {(check, key, field, kind) for check in checks}

    return tamper


def other_letter(value: str) -> str:
    return value[:9] + ("a" if value[9] != "a" else "b") + value[10:]


def swap_authors(articles: Articles) -> set[Named]:
    number, key = articles.pick(TWO_AUTHORS)
    for now, then in ((0, -1), (1, 0), (-1, 1)):
        articles.target.execute(
            "UPDATE article_authors SET position = ? WHERE article_id = ? AND position = ?", (then, number, now)
        )
    return {("F2", key, "authors", "order-only"), ("R1", key, "authors", "order-only")}


def redirect_link(articles: Articles) -> set[Named]:
    number, key = articles.pick("body_html LIKE '%/r/web/article/1%'")
    articles.target.execute(
        "UPDATE article SET body_html = replace(body_html, '/r/web/article/1', '/r/web/article/2') WHERE id = ?",
        (number,),
    )
    return {("F2", key, "body_html", "markup-only"), *(("R1", key, "body_html", kind) for kind in ("missing", "extra"))}


def delete_alias(articles: Articles) -> set[Named]:
    (key,) = articles.target.execute("SELECT legacy_key FROM legacy_alias").fetchone()
    articles.target.execute("DELETE FROM legacy_alias")
    return {("C5", key, "", "missing")}


def misdirect_alias(articles: Articles) -> set[Named]:
    (key,) = articles.target.execute("SELECT legacy_key FROM legacy_alias").fetchone()
    articles.target.execute("UPDATE legacy_alias SET target_id = ?", articles.pick()[:1])
    return {("C5", key, "", "changed")}


def invent_alias(articles: Articles) -> set[Named]:
    number, _ = articles.pick()
    articles.target.execute("INSERT INTO legacy_alias VALUES ('web:article:99999', 'article', ?)", (number,))
    return {("C5", "web:article:99999", "", "extra")}


def rename_section(articles: Articles) -> set[Named]:
    articles.target.execute("UPDATE section SET name = name || '.' WHERE legacy_key = 'web:section:11'")
    return {(check, "web:section:11", "name", "changed") for check in BOTH}


def add_synonym(articles: Articles) -> set[Named]:
    articles.target.execute("""UPDATE tag SET synonyms = '["?"]' WHERE legacy_key = 'web:tag:1'""")
    return {("F2", "web:tag:1", "synonyms", "extra")}


# the choosiest first: each takes an article of its own
CHANGES: dict[str, Tampering] = {
    "another lead picture": column("lead_asset_id", "lead_asset_id % 15 + 1", "changed", POINTED, "lead_asset_id", "lead_asset"),
    "no lead picture": column("lead_asset_id", "NULL", "missing", POINTED, "lead_asset_id", "lead_asset"),
    "an internal link": redirect_link,
    "the order of authors": swap_authors,
    "another author": statement(
        "UPDATE article_authors SET person_id = person_id % 30 + 1 WHERE article_id = :id AND position = 1",
        "authors", "changed", POINTED, TWO_AUTHORS,
    ),
    "a tag less": statement(
        "DELETE FROM article_tags WHERE article_id = :id AND position = 1", "tags", "missing", POINTED, TWO_TAGS
    ),
    "a tag more": statement("INSERT INTO article_tags VALUES (:id, 99, 150)", "tags", "extra", POINTED, TWO_TAGS),
    "the Unicode form of a headline": text(
        "headline", lambda t: unicodedata.normalize("NFD", t), "unicode-form-only", BOTH, "headline GLOB '*[à-ỹ]*'"
    ),
    "another main section": column("section_id", "1", "changed", POINTED, "section_id > 1", "section"),
    "no main section": column("section_id", "NULL", "missing", POINTED, field="section"),
    "a main section that does not exist": column("section_id", "999", "changed", POINTED, field="section"),
    "a letter of a headline": text("headline", other_letter, "changed", BOTH),
    "a letter of a standfirst": text("standfirst", other_letter, "changed", BOTH),
    "a letter of a body": text("body_html", lambda t: t[:-9] + "?" + t[-8:], "changed", SENT),
    "a letter of a tag in a body": text("body_html", lambda t: t.replace("<p>", "<q>", 1), "markup-only", SENT),
    "the case of a tag in a body": text("body_html", lambda t: t.replace("<p>", "<P>", 1), "case-only", SENT),
    "the case of a headline": text("headline", str.upper, "case-only", BOTH),
    "the end of a standfirst": text("standfirst", lambda t: t[:-3], "truncated", BOTH),
    "an empty standfirst": text("standfirst", lambda t: "", "missing", BOTH),
    "a space behind a headline": text("headline", lambda t: t + " ", "whitespace-only", BOTH),
    "a no-break space in a headline": text("headline", lambda t: t.replace(" ", "\u00a0", 1), "whitespace-only", BOTH),
    "a zero-width space in a headline": text("headline", lambda t: t[:5] + "\u200b" + t[5:], "invisible-characters", BOTH),
    "an entity in a headline": text("headline", lambda t: t.replace(" ", "&#32;", 1), "entity/escape", BOTH),
    "a headline in another encoding": text(
        "headline", lambda t: t.encode().decode("latin-1"), "mojibake", BOTH, "headline GLOB '*[à-ỹ]*'"
    ),
    "a second": column("published_at", PUBLISHED.format("+1 second"), "changed", DATED),
    "seven hours": column("published_at", PUBLISHED.format("+7 hours"), "time-shift", DATED),
    "no date": column("published_at", "NULL", "missing", DATED),
    "a date that is none": column("published_at", "'gestern'", "changed", DATED),
    "the status": column("status", "'draft'", "changed", BOTH),
    "the lock": column("is_locked", "NOT is_locked", "changed", BOTH),
    "a deleted article": statement("DELETE FROM article WHERE id = :id", "", "missing", ("C4",)),
    "a record called a placeholder": statement("UPDATE article SET is_stub = 1 WHERE id = :id", "", "missing", ("C4",)),
    "an alias that leads to another article": misdirect_alias,
    "an alias nobody merged": invent_alias,
    "a section's name": rename_section,
    "a tag's synonym": add_synonym,
}  # fmt: skip


@dataclass(frozen=True)
class Tampered:
    """What was found in a target that was changed in all these ways, and what must have been, change by change."""

    examined: Examined
    expected: dict[str, set[Named]]


@pytest.fixture(scope="module")
def tampered(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Tampered:
    project = copy(migrated, tmp_path_factory.mktemp("tampered") / "demo")
    with opened(project / "target.sqlite") as target:
        articles = Articles(target)
        expected = {what: tamper(articles) for what, tamper in CHANGES.items()}
    return Tampered(examine(project), expected)


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found_and_named(what: str, tampered: Tampered) -> None:
    expected = tampered.expected[what]
    keys = {named[1] for named in expected}
    assert {named for named in tampered.examined.differences if named[1] in keys} == expected


def test_nothing_else_is_named(tampered: Tampered, clean: Examined) -> None:
    expected = set().union(*tampered.expected.values())
    assert tampered.examined.code == 4
    assert tampered.examined.differences == expected
    changed = {named[1] for named in expected}
    assert {key for _, key in tampered.examined.findings - clean.findings} <= changed
    assert {key for _, key in clean.findings - tampered.examined.findings} <= changed


def test_the_project_nobody_touched_is_clean(clean: Examined) -> None:
    assert clean.code == 0
    assert not clean.differences


# --- each alone, because rows come and go -------------------------------------------------------------------------------
ARTICLE = [field for field in ENTITIES["article"].fields if field.kind is not Kind.REFS]
COLUMNS = ", ".join(["is_stub", *(f"{f.name}_id" if f.kind is Kind.REF else f.name for f in ARTICLE)])
LINKS = {"authors": "person", "sections": "section", "tags": "tag", "images": "asset", "related": "to_article"}


def doubled(articles: Articles, new_key: str | None) -> tuple[str, int]:
    """Copy an article's row and links under another legacy key; the key of the original and the id of the copy."""
    number, key = articles.pick(TWO_TAGS)
    added = articles.target.execute(
        f"INSERT INTO article (legacy_key, {COLUMNS}) SELECT ?, {COLUMNS} FROM article WHERE id = ?", (new_key, number)
    )
    for links, to in LINKS.items():
        articles.target.execute(
            f"INSERT INTO article_{links} SELECT ?, position, {to}_id FROM article_{links} WHERE article_id = ?",
            (added.lastrowid, number),
        )
    return key, int(added.lastrowid or 0)


def double_without_key(articles: Articles) -> set[Named]:
    _, number = doubled(articles, None)
    return {("C4", f"target:article:{number}", "", "duplicate-of")}


def double_under_another_key(articles: Articles) -> set[Named]:
    doubled(articles, "web:article:99999")
    return {("C4", "web:article:99999", "", "duplicate-of")}


def double_under_the_same_key(articles: Articles) -> set[Named]:
    """SQLite cannot drop a UNIQUE of a table: the table is made again without it."""
    (made,) = articles.target.execute("SELECT sql FROM sqlite_master WHERE name = 'article'").fetchone()
    articles.target.execute("ALTER TABLE article RENAME TO strict")
    articles.target.execute(str(made).replace("UNIQUE (legacy_key),", ""))
    articles.target.execute("INSERT INTO article SELECT * FROM strict")
    articles.target.execute("DROP TABLE strict")
    key, number = doubled(articles, None)
    articles.target.execute("UPDATE article SET legacy_key = ? WHERE id = ?", (key, number))
    return {("C5", key, "", "duplicate-of")}


def take_the_key_away(articles: Articles) -> set[Named]:
    number, key = articles.pick()
    articles.target.execute("UPDATE article SET legacy_key = NULL WHERE id = ?", (number,))
    return {("C4", key, "", "missing"), ("C4", f"target:article:{number}", "", "duplicate-of")}


def exchange_keys(articles: Articles) -> set[Named]:
    (one, first), (other, second) = articles.pick(), articles.pick()
    for number, key in ((one, "?"), (other, first), (one, second)):
        articles.target.execute("UPDATE article SET legacy_key = ? WHERE id = ?", (key, number))
    return {("C5", first, "", "changed"), ("C5", second, "", "changed")}


def add_a_stranger(articles: Articles) -> set[Named]:
    added = articles.target.execute("INSERT INTO article (headline, status, is_stub) VALUES ('?', 'published', 0)")
    return {("C4", f"target:article:{added.lastrowid}", "", "extra")}


def add_a_placeholder(articles: Articles) -> set[Named]:
    articles.target.execute("INSERT INTO person (legacy_key, name, is_stub) VALUES ('web:person:99', '?', 1)")
    return {("C4", "web:person:99", "", "extra")}


ROWS: dict[str, Tampering] = {
    "a space behind a headline": text("headline", lambda t: t + " ", "whitespace-only", BOTH),
    "a deleted article": statement("DELETE FROM article WHERE id = :id", "", "missing", ("C4",)),
    "a deleted alias": delete_alias,
    "a double without a key": double_without_key,
    "a double under another key": double_under_another_key,
    "a double under the same key": double_under_the_same_key,
    "a key that is taken away": take_the_key_away,
    "two keys exchanged": exchange_keys,
    "a stranger": add_a_stranger,
    "a placeholder nobody filled": add_a_placeholder,
}


@pytest.mark.parametrize("what", ROWS)
def test_it_is_found_alone(what: str, project: Path) -> None:
    with opened(project / "target.sqlite") as target:
        expected = ROWS[what](Articles(target))
    examined = examine(project)
    assert examined.code == 4
    assert examined.differences >= expected
    assert {named[1] for named in examined.differences} == {named[1] for named in expected}


def test_a_double_is_named_with_its_original(project: Path) -> None:
    with opened(project / "target.sqlite") as target:
        key, number = doubled(Articles(target), None)
    details = examine(project).details
    assert (
        details["C4", f"target:article:{number}", "", "duplicate-of"]
        == f"target id {number}: the same content as {key}"
    )
