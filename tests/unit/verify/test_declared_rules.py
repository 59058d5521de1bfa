"""The parts of an audit statement about text, sums, addresses, change times, twins and belongings."""

from pathlib import Path

import pytest

from migrator.errors import ConfigurationError
from migrator.model.audit import (
    AddressRule,
    Against,
    Belonging,
    Grouped,
    Identity,
    KnownAddresses,
    NewAddress,
    NumberTotal,
    Place,
    Pointer,
    Summed,
    TextRule,
)
from migrator.model.source import Test
from migrator.verify.declaration import read_audit
from tests.unit.verify.test_declaration import write

WHOLE = """\
article:
  table: rows
  key: id
  identity:
    standfirst: {column: hometext, twin: true}
    byline: none
    expires_at: none
  pointers: {topic: none}
  changed: {column: edittime, read: [zero-is-null, unix]}
  body: {table: detail, on: {id: id}, column: bodyhtml, read: [legacy-fonts, nfc]}
  text:
    recall: 1
    precision: 0.95
    limit: 500
    left_out: [form, ".cms-relate", hidden, shortcodes]
    moved_to: [byline]
    counts: [images, links]
  merged: {duplicate: [standfirst], twin: []}
  addresses:
    - {path: "/tin/{0}-{1}.html", from: [alias, {table: cat, on: {catid: catid}, column: alias}]}
    - {column: old_url}
  belongs_to: {table: cat, on: {catid: catid}, none: [0]}
royalty:
  table: nhuan_but
  key: ma_nb
  belongs_to: [{table: bai_viet, on: {ma_bai: ma_bai}}, {table: nhan_su, on: {ma_ns: ma_ns}}]
  totals:
    - sum: {amount_vnd: so_tien, coefficient_thousandths: {column: he_so, times: 1000}}
      by: {account: {column: ma_ns, none: [0]}, period: {column: ky, read: [trim]}}
      against:
        table: tong_hop
        name: royalty_total
        on: {ma_ns: ma_ns, ky: ky}
        sum: {tong_tien: so_tien}
        count: so_bai
        where: {ky: {lt: "2024-03"}}
        partial: true
        until: {ky: "2024-02"}
    - by: {is_paid: da_chi}
consumed:
  detail: {why: bodies, belongs_to: {table: rows, on: {id: id}}}
  tags: tags of articles
addresses:
  - {table: page, column: path, where: {kind: article}, to: article, id: legacy_id, source: web}
  - {table: link, column: url}
new_addresses: {article: {path: "/{0}-{1}.html", from: [slug, target_id]}}
"""


def test_a_whole_statement(tmp_path: Path) -> None:
    audit = read_audit(write(tmp_path, WHOLE), "print", {}, [tmp_path])
    article, royalty = audit.entities["article"], audit.entities["royalty"]
    assert article.identities == (Identity("standfirst", Place("hometext"), twin=True),)
    assert (article.empty, article.bare) == (("byline", "expires_at"), ("topic",))
    assert article.changed == Identity("changed", Place("edittime"), ("zero-is-null", "unix"))
    assert article.text == TextRule(
        1.0, 0.95, 500, ("legacy-fonts", "nfc"), ("form", ".cms-relate", "hidden", "shortcodes"), ("byline",),
        ("images", "links"),
    )  # fmt: skip
    assert article.merged == {"duplicate": ("standfirst",), "twin": ()}
    assert article.addresses == (
        AddressRule(
            "/tin/{0}-{1}.html", (Place("alias"), Place("alias", table="cat", on=(("catid", "catid"),), many=True))
        ),
        AddressRule("{0}", (Place("old_url"),)),
    )
    assert article.belongs_to == (Belonging("cat", (("catid", "catid"),), ("0",)),)
    assert [each.table for each in royalty.belongs_to] == ["bai_viet", "nhan_su"]
    assert royalty.totals == (
        NumberTotal(
            (
                Grouped("account", pointer=Pointer("account", "account", Place("ma_ns"), none=("0",))),
                Grouped("period", identity=Identity("period", Place("ky"), ("trim",))),
            ),
            (Summed("amount_vnd", "so_tien"), Summed("coefficient_thousandths", "he_so", 1000)),
            Against(
                "royalty_total", "tong_hop", (("ma_ns", "ma_ns"), ("ky", "ky")), (("tong_tien", "so_tien"),), "so_bai",
                (Test("ky", "lt", "2024-03"),), True, (("ky", "2024-02"),),
            ),
        ),
        NumberTotal((Grouped("is_paid", identity=Identity("is_paid", Place("da_chi"))),)),
    )  # fmt: skip
    assert audit.consumed == {"detail": "bodies", "tags": "tags of articles"}
    assert audit.belongings == {"detail": (Belonging("rows", (("id", "id"),)),)}
    assert audit.known_addresses == (
        KnownAddresses("page", "path", (Test("kind", "in", ("article",)),), "article", "legacy_id", "web"),
        KnownAddresses("link", "url", of="print"),
    )
    assert audit.new_addresses == {"article": NewAddress("/{0}-{1}.html", ("slug", "target_id"))}


def test_text_is_compared_wherever_there_are_bodies(tmp_path: Path) -> None:
    text = "article: {table: t, key: id, body: b}\nversion: {table: v, key: id, body: b, text: none}\ntag: {table: x, key: id}"
    entities = read_audit(write(tmp_path, text), "web", {}, []).entities
    assert entities["article"].text == TextRule()
    assert entities["version"].link_body == Place("b")
    assert (entities["version"].text, entities["tag"].text) == (None, None)


ARTICLE = "article:\n  table: t\n  key: id\n"
ROYALTY = "royalty:\n  table: t\n  key: id\n  totals:\n"
FAULTS = [
    (ARTICLE + "  text: {recall: 1}", 4, "'text' needs 'body'"),
    ("tag:\n  table: t\n  key: id\n  body: b", 4, "tag has no body"),
    (ARTICLE + "  body: {column: b, read: [trim]}", 4, "no reading 'trim' of a body's text"),
    (ARTICLE + "  body: b\n  text: {recall: 1.5}", 5, "'recall' must be a number from 0 to 1"),
    (ARTICLE + "  body: b\n  text: {limit: 0}", 5, "'limit' must be a whole number above 0"),
    (ARTICLE + "  body: b\n  text: {left_out: ['p > b']}", 5, "names no elements"),
    (ARTICLE + "  body: b\n  text: {moved_to: [bylin]}", 5, "has no field 'bylin'"),
    (ARTICLE + "  body: b\n  text: {counts: [words]}", 5, "nobody counts words"),
    (ARTICLE + "  body: b\n  text: {thresold: 1}", 5, "'thresold' is not known"),
    (ARTICLE + "  changed: edittime", 4, "'changed' is an instant"),
    (ARTICLE + "  addresses: [{path: '/{0}-{1}', from: [a]}]", 4, "do not fit: 1 places, [0, 1]"),
    (ARTICLE + "  addresses: [{path: '/x', from: [a]}]", 4, "do not fit"),
    (ARTICLE + "  addresses: [{table: t, on: {a: b}}]", 4, "lacks 'column'"),
    (ARTICLE + "  belongs_to: {table: x}", 4, "lacks 'on'"),
    (ARTICLE + "  merged: {twin: [headline]}", 4, "'headline', which is no identity"),
    (ROYALTY + "    - {sum: {amount_vnd: a}}", 5, "totals lack 'by'"),
    (ROYALTY + "    - {by: {genr: a}}", 5, "cannot be grouped by 'genr'"),
    (ROYALTY + "    - {by: {paid_at: a}}", 5, "cannot be grouped by 'paid_at'"),
    (ROYALTY + "    - {by: {period: a}, sum: {genre: b}}", 5, "cannot be summed by 'genre'"),
    (
        ROYALTY + "    - {by: {period: a}, sum: {amount_vnd: {column: b, times: x}}}",
        5,
        "'times' must be a whole number",
    ),
    (ROYALTY + "    - {by: {period: {column: a, table: x, on: {a: a}}}}", 5, "columns of the entity's own table"),
    (ROYALTY + "    - {by: {account: {column: a, to: person}}}", 5, "points to account, not to person"),
    (
        ROYALTY + "    - {by: {period: a}, against: {table: s, on: {b: x}, count: n}}",
        5,
        "must name every column of 'by'",
    ),
    (
        ROYALTY + "    - {by: {period: a}, against: {table: s, on: {b: a}, sum: {t: x}}}",
        5,
        "a column that is not summed",
    ),
    (ROYALTY + "    - {by: {period: a}, against: {table: s, on: {b: a}}}", 5, "lacks 'sum' or 'count'"),
    (
        ROYALTY + "    - {by: {period: a}, against: {table: s, on: {b: a}, count: n, until: {a: '2024-02'}}}",
        5,
        "a column that 'on' does not",
    ),
    (ARTICLE + "consumed: {d: {belongs_to: {table: x, on: {a: a}}}}", 4, "lacks 'why'"),
    (ARTICLE + "addresses: [{table: p, column: c, to: artikle, id: i}]", 4, "no entity 'artikle'"),
    (ARTICLE + "addresses: [{table: p, column: c, to: article}]", 4, "'to' and 'id' go together"),
    (ARTICLE + "new_addresses: {article: {path: '/{0}', from: [slg]}}", 4, "article has no field 'slg'"),
    (ARTICLE + "new_addresses: {article: {path: '/x', from: [slug]}}", 4, "do not fit"),
    (ARTICLE + "new_addresses: {artikle: {path: '/{0}', from: [slug]}}", 4, "no entity 'artikle'"),
]


@pytest.mark.parametrize(("text", "line", "message"), FAULTS)
def test_a_fault_names_its_line(text: str, line: int, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_audit(write(tmp_path, text), "web", {}, [tmp_path])
    assert [(fault.line, message in fault.message) for fault in caught.value.faults] == [(line, True)], [
        str(fault) for fault in caught.value.faults
    ]
