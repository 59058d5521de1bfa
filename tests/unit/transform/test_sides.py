"""Sides of pairs, sides of other sources, sides that hang on sides."""

from collections.abc import Callable
from typing import Any

import pytest

from migrator.model.record import SourceRow
from migrator.model.source import Side, Test
from migrator.ports import Transformed

BASE = "headline: {from: title}\nstatus: {constant: draft}\n"
META = "sides: {meta: {table: wp_postmeta, on: {post_id: ID}, pivot: {key: meta_key, value: meta_value}, order: [meta_id]}}"


def pairs(**named: str) -> list[dict[str, Any]]:
    return [{"meta_key": key, "meta_value": value} for key, value in named.items()]


def test_a_pair_is_read_by_its_name(compiled: Callable[..., Any]) -> None:
    mapping = compiled(
        BASE + 'byline: {from: meta._byline}\nsource_credit: {from: "meta[].credit", steps: [first]}\n'
        'external_url: {from: meta.gone}\ntags: {from: "meta[].tag", to: tag}',
        META,
    )
    rows = [*pairs(_byline="An", credit="TTXVN"), *pairs(tag="1"), *pairs(tag="2"), *pairs(_byline="Bình")]
    found = mapping.transform(SourceRow("bao:article:1", (1,), {"title": "Tin"}, {"meta": rows}))
    assert isinstance(found, Transformed)
    read = {name: found.record.fields[name] for name in ("byline", "source_credit", "external_url", "tags")}
    assert read == {
        "byline": "An",
        "source_credit": "TTXVN",
        "external_url": None,
        "tags": ("bao:tag:1", "bao:tag:2"),
    }


def test_only_the_pairs_a_mapping_names_are_read(compiled: Callable[..., Any]) -> None:
    mapping = compiled(
        BASE + "byline: {choose: [{when: {meta.kind: {empty: false}}, from: meta.a}, {first: [meta.b, meta.a]}]}",
        META + "\nrules:\n  - {name: r, when: {meta.hidden: 1}, then: drop}",
    )
    (side,) = mapping.selection.sides
    assert side.many
    assert side.where == (Test("meta_key", "in", ("a", "b", "hidden", "kind")),)


def test_a_condition_sees_pairs(compiled: Callable[..., Any]) -> None:
    mapping = compiled(BASE, META + "\nrules:\n  - {name: r, when: {meta.hidden: 1}, then: drop}")
    hidden, shown = ({"meta": pairs(hidden=value)} for value in ("1", "0"))
    assert not isinstance(mapping.transform(SourceRow("k", (1,), {"title": "Tin"}, hidden)), Transformed)
    assert isinstance(mapping.transform(SourceRow("k", (1,), {"title": "Tin"}, shown)), Transformed)


def test_a_side_of_another_source_that_hangs_on_a_side(compiled: Callable[..., Any]) -> None:
    sides = (
        "sides:\n"
        "  twin: {source: evidence, table: twin, on: {web_id: id}}\n"
        "  print: {source: print, table: bai_viet, on: {ma_bai: twin.print_id, lang: lang}}\n"
        "  own: {source: bao, table: t, on: {id: id}}\n"
    )
    twin, print_, own = compiled(BASE, sides).selection.sides
    assert twin == Side("twin", (("web_id", "id"),), table="twin", source="evidence")
    assert (print_.source, print_.on) == ("print", (("ma_bai", "twin.print_id"), ("lang", "lang")))
    assert (twin.follows, print_.follows) == ((), ("twin",))
    assert own.source is None, "the mapping's own source needs no other connection"


ARTICLE = """entity: article
table: nv4_rows
key: id
sides:
  tags: {table: nv4_tags_id, on: {id: id}, many: true}
  meta: {table: nv4_tags, on: {tid: id}, pivot: {key: keywords, value: tid}}
  twin: {source: evidence, table: twin, on: {web_id: id}}
  print: {source: print, table: bai_viet, on: {ma_bai: twin.print_id}}
fields:
  headline: {first: [title, print.tieu_de, meta.anything]}
  status: {constant: draft}
  standfirst: {object: {tag: tags.tid}, of: tags}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("source: evidence", "source: evidense", ["7: there is no source 'evidense' – did you mean 'evidence'?"]),
        ("table: twin,", "table: twins,", ["7: there is no table 'twins' – did you mean 'twin'?"]),
        ("web_id: id", "web: id", ["7: table 'twin' has no column 'web' – did you mean 'web_id'?"]),
        ("twin.print_id", "twin.print", ["8: table 'twin' has no column 'print' – did you mean 'print_id'?"]),
        ("twin.print_id", "twn.print_id", ["8: there is no side 'twn' – did you mean 'twin'?"]),
        ("twin.print_id", "tags.tid", ["8: side 'print' hangs on 'tags', which has many rows – hang it on a side with one row"]),
        ("twin.print_id", "meta.x", ["8: side 'print' hangs on 'meta', which has many rows – hang it on a side with one row"]),
        ("{web_id: id}", "{web_id: print.ma_bai}", [
            "7: side 'twin' hangs on 'print', which stands behind it – move 'print' up"]),
        ("print.tieu_de", "print.tieude", ["10: table 'bai_viet' has no column 'tieude' – did you mean 'tieu_de'?"]),
        ("key: keywords", "key: keyword", ["6: table 'nv4_tags' has no column 'keyword' – did you mean 'keywords'?"]),
        ("value: tid", "value: tidd", ["6: table 'nv4_tags' has no column 'tidd' – did you mean 'tid'?"]),
        ("pivot: {key: keywords, value: tid}", "pivot: {key: keywords}", [
            "6: pivot has no 'value' – write {key: meta_key, value: meta_value}",
            "10: table 'nv4_tags' has no column 'anything' – known: keywords, tid"]),
        ("pivot:", "many: true, pivot:", ["6: side 'meta': a pivot always has many rows – remove `many:`"]),
        ("of: tags", "of: tag", ["12: there is no side 'tag' – did you mean 'tags'?"]),
        ("of: tags", "of: twin", ["12: side 'twin' does not give a list of rows – write `many: true` at the side, "
                                  "or leave `of:` out"]),
        ("table: twin,", "table: 'twin_{n}', partition: {column: id, size: 5},", [
            "7: side 'twin': a table of another source cannot be partitioned – use `sql:`",
            "7: there is no table like 'twin_{n}' – did you mean 'twin'?"]),
    ],
)  # fmt: skip
def test_a_mistake_in_a_side_is_found_at_its_line(project: Any, right: str, wrong: str, expected: list[str]) -> None:
    assert right in ARTICLE
    project.write({"article.yaml": ARTICLE})
    assert project.faults() == []
    project.write({"article.yaml": ARTICLE.replace(right, wrong, 1)})
    assert [fault.removeprefix("article.yaml:") for fault in project.faults()] == expected
