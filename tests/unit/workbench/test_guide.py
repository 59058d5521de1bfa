"""The mapping as a document: everything in words, in both languages, and nothing of a source can break it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from migrator import i18n
from migrator.model.audit import Audit, OutOfScope
from migrator.model.source import Test
from migrator.transform.registry import verbs
from migrator.workbench.guide import guide
from migrator.workbench.markup import Block, Code, Grid, Heading, Paragraph, Pieces, as_html, as_markdown
from migrator.workbench.prose import Prose
from tests.unit.workbench.conftest import Paper

ARTICLE = """\
extends: nuke/article
where: {zero: 0}
merge: {on: [headline, byline]}
rules:
  - {name: noted, when: {any: [{note: [a, b]}, {detail: {missing: true}}], status: {ge: 5}}, then: withhold, reason: chờ xử lý}
fields:
  # decided byline 2026-03-01T10:00+07:00 by Lan: hỏi chị Hoa
  byline: {from: [author, note], steps: [coalesce, {replace: {pattern: 'a|b', by: x}}], default: Tòa soạn}
  # decided topic 2026-03-01T10:00+07:00 by Minh: không có
"""


def document(paper: Paper, language: str) -> str:
    paper.write(
        {
            "article.yaml": ARTICLE,
            "crosswalks/status.csv": "legacy,target,who,when,note\n1,published,Lan,2026-03-01T09:00,a|b\n7,,,,\n",
        }
    )
    audit = Audit(
        "bao", {}, out_of_scope=(OutOfScope("nv4_polls", "thăm dò"), OutOfScope("t", "x", (Test("a", "ge", 5),)))
    )
    return as_markdown(guide("Báo", [replace(paper.bench(), audit=audit)], language))


def test_a_field_is_said_in_words(paper: Paper) -> None:
    english, vietnamese = document(paper, "en"), document(paper, "vi")
    assert (
        "| Byline (`byline`) | columns `author`, `note`; the first that is filled; replace what the pattern finds "
        "`{pattern: a\\|b, by: x}`; if there is nothing: `Tòa soạn` | hỏi chị Hoa (Lan, 2026-03-01) |"
    ) in english
    assert "cột `title`; chuẩn hóa chữ (Unicode NFC); gộp khoảng trắng thừa" in vietnamese
    assert (
        "| Headline (`headline`) | column `title`; compose the letters (Unicode NFC); make white space single |"
        in english
    )
    assert "points to Sections; these mean nothing: `0`; the row is set aside where that record is not there" in english
    assert "| Event stream (`topic`) | not filled | không có (Minh, 2026-03-01) |" in english


def test_rules_sides_and_conditions_are_said_in_words(paper: Paper) -> None:
    text = document(paper, "en")
    assert (
        "| `noted` | (`note` is `a, b`) or (the side table `detail` has no row) and `status` ≥ `5` | kept back, not shown "
        "| chờ xử lý |"
    ) in text
    assert "Only rows in which: `zero` is `0`" in text
    assert "| `tags` | `nv4_tags_id` | `id = id` | all matching rows |" in text
    assert "Records equal in all of these are one: Headline, Byline" in text


def test_crosswalks_and_what_is_left_out(paper: Paper) -> None:
    text = document(paper, "en")
    assert "| `1` | `published` | a\\|b | Lan, 2026-03-01 |" in text
    assert "| `7` | not decided |  |  |" in text
    assert "| `nv4_polls` | thăm dò |" in text
    assert "| `t where a ge 5` | x |" in text


def test_without_a_statement_it_says_so(paper: Paper) -> None:
    text = as_markdown(guide("Báo", [paper.bench()], "en"))
    assert "audit statement cannot be read" in text


VALUES: Mapping[str, tuple[Mapping[str, object], str]] = {
    "constant": ({"constant": "a"}, "always `a`"),
    "same": ({"same": "body_html", "part": "text"}, "as field `body_html`; of that the part `text`"),
    "a side": ({"from": "detail.x"}, "column `x` of the side table `detail`"),
    "all of a side": ({"from": "tags[].tid"}, "all `tid` of the side table `tags`"),
    "a choice": ({"first": [{"from": "a"}, {"constant": 1}]}, "the first of these that is filled: (column `a`) / (always `1`)"),
    "by age": ({"newest": [{"from": "a", "at": {"from": "b"}}]}, "the newest of these: (column `a`, dated by (column `b`))"),
    "an object": ({"object": {"n": {"from": "a"}}}, "a record of `n` = (column `a`)"),
    "objects": ({"object": {"n": {"from": "a"}}, "of": "s"}, "for each row of the side table `s` a record of `n` = (column `a`)"),
    "only if": ({"from": "a", "when": {"b": {"not_in": [1]}}}, "column `a`; only if `b` is not `1`"),
}  # fmt: skip


def plain(pieces: Pieces) -> str:
    return "".join(f"`{piece.text}`" if isinstance(piece, Code) else piece for piece in pieces)


@pytest.mark.parametrize("what", VALUES)
def test_every_way_to_make_a_value(what: str) -> None:
    written, expected = VALUES[what]
    assert plain(Prose("en").value(written)) == expected
    assert plain(Prose("vi").value(written)).count("`") == expected.count("`")


CONDITIONS = {
    "a value": ({"a": 1}, "`a` is `1`"),
    "operators": ({"a": {"ge": 1, "lt": 5}}, "`a` ≥ `1` and `a` < `5`"),
    "patterns": ({"a": {"like": "x%"}, "b": {"matches": "^x"}}, "`a` looks like `x%` and `b` matches `^x`"),
    "empty": ({"a": {"empty": False}, "b": {"empty": True}}, "`a` is not empty and `b` is empty"),
    "not": ({"not": {"a": 1}}, "not (`a` is `1`)"),
}


@pytest.mark.parametrize("what", CONDITIONS)
def test_every_kind_of_condition(what: str) -> None:
    written, expected = CONDITIONS[what]
    assert plain(Prose("en").when(written)) == expected


def test_a_verb_the_catalogue_does_not_know_speaks_for_itself() -> None:
    for name, verb in verbs().items():
        for language in i18n.LANGUAGES:
            said = plain(Prose(language).step(name))
            assert said
            if not i18n.has(f"workbench.step.{name}", language):
                assert verb.doc.startswith(said[:10].replace("`", ""))
    assert plain(Prose("vi").step({"no_such_verb": 1})) == "no_such_verb `1`"


def test_the_catalogue_knows_no_verb_that_is_not_there() -> None:
    named = {key.removeprefix("workbench.step.") for key in i18n.catalogue("en") if key.startswith("workbench.step.")}
    assert named <= verbs().keys()
    assert len(named) > 30


HOSTILE = [
    "<script>alert(1)</script>",
    "a|b",
    "`code`",
    "``",
    "*x* _y_ [z](http://e.vn)",
    "&amp;",
    "two\nlines",
    "# head",
    "\\",
]


def blocks(text: str) -> list[Block]:
    return [Heading(1, text), Paragraph((text, Code(text))), Grid((text,), [[(text, Code(text))]])]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_breaks_the_document(text: str) -> None:
    page = as_html(blocks(text), "vi")
    assert page.count("<script") == 0
    assert html.unescape(re.sub(r"<[^>]*>", "\0", page)).count(text) >= 4
    lines = as_markdown(blocks(text)).splitlines()
    table = [line for line in lines if line.startswith("| ")]
    assert len(table) == 2
    assert all(len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 2 for line in table), table
    assert not any("<script" in re.sub(r"`+[^`]*`+", "", line.replace("\\<", "")) for line in lines)
