"""audit.yaml: what it may say, and how its mistakes are told."""

import textwrap
from pathlib import Path

import pytest

from migrator.errors import ConfigurationError
from migrator.model.audit import Copies, Identity, LinkPattern, OutOfScope, Place, Pointer, SiteWitness
from migrator.model.source import Partition, Test
from migrator.verify.declaration import read_audit

WHOLE = """\
section:
  table: "{prefix}_cat"
  key: catid
  identity: {name: title, position: {column: weight, read: integer}}
article:
  table: "{prefix}_rows"
  key: [lang, id]
  where: {status: {lt: 20}, kind: [1, null], title: {empty: false}, lang: vi}
  identity:
    headline: {column: title, read: [html-entities, nfc]}
    status: {column: status, crosswalk: status}
    published_at: {column: publtime, read: [zero-is-null, unix]}
    lead_image: {column: img, prefix: "uploads/", default: thumb}
    byline: {table: log, on: {sid: id, lang: lang}, column: who, where: {who: {empty: false}}, order: [-set_time]}
  pointers:
    section: {column: catid, to: section, none: [0]}
    sections: {column: listcatid, split: ","}
    authors: {table: authorlist, on: {id: id}, column: aid, order: pos, ordered: true}
    topic: none
    lead_asset: {sql: "SELECT 1 AS id", on: {id: id}, column: path, parts: "/", optional: true}
  merged: [headline, published_at]
  body: {table: "bodyhtml_{n}", on: {id: id}, column: bodyhtml, partition: {column: id, size: 2000}}
  links:
    - {pattern: '-(?P<id>[0-9]{1,9})\\.html$', to: article}
  copies: {tables: "{prefix}_[0-9]+", columns: [title, status]}
  cell: {section: catid, status: status, year: {column: publtime, read: [unix, year]}}
consumed: {"{prefix}_detail": bodies}
out_of_scope:
  - {table: nv4_users, reason: accounts}
  - {table: "{prefix}_rows", reason: trash, where: {status: {ge: 20}}}
hosts: [WWW.Paper.example]
site:
  sitemaps: [/sitemap.xml, /old.xml]
  patterns: ['-(?P<id>\\d+)\\.html$']
  public: {status: [published, archived], cell.status: [1]}
"""


def write(folder: Path, text: str, crosswalk: str = "legacy,target\n1,published\n4,draft\n9,\n") -> Path:
    (folder / "crosswalks").mkdir(exist_ok=True)
    (folder / "crosswalks" / "status.csv").write_text(crosswalk, encoding="utf-8-sig")
    path = folder / "audit.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def test_a_whole_statement(tmp_path: Path) -> None:
    audit = read_audit(write(tmp_path, WHOLE), "web", {"prefix": "nv4_vi_news"}, [tmp_path])
    article = audit.entities["article"]
    assert (article.merged, article.bare) == ({"": ("headline", "published_at")}, ("topic",))
    assert audit.entities["section"].identities == (
        Identity("name", Place("title")), Identity("position", Place("weight"), ("integer",)),
    )  # fmt: skip
    assert (article.table, article.key) == ("nv4_vi_news_rows", ("lang", "id"))
    assert article.where == (
        Test("status", "lt", 20), Test("kind", "in", (1, None)), Test("title", "empty", False), Test("lang", "in", ("vi",)),
    )  # fmt: skip
    log = Place(
        "who", "log", None, (("sid", "id"), ("lang", "lang")), (Test("who", "empty", False),), ("-set_time",)
    )  # fmt: skip
    assert article.identities == (
        Identity("headline", Place("title"), ("html-entities", "nfc")),
        Identity("status", Place("status"), (), "status"),
        Identity("published_at", Place("publtime"), ("zero-is-null", "unix")),
        Identity("lead_image", Place("img", default="thumb"), (), None, "uploads/"),
        Identity("byline", log),
    )
    assert article.pointers == (
        Pointer("section", "section", Place("catid"), none=("0",)),
        Pointer("sections", "section", Place("listcatid"), split=","),
        Pointer(
            "authors", "person", Place("aid", "authorlist", on=(("id", "id"),), order=("pos",), many=True), ordered=True
        ),
        Pointer(
            "lead_asset", "asset", Place("path", sql="SELECT 1 AS id", on=(("id", "id"),), many=True), parts="/",
            optional=True,
        ),
    )  # fmt: skip
    assert article.link_body == Place("bodyhtml", "bodyhtml_{n}", on=(("id", "id"),), partition=Partition("id", 2000))
    assert article.links == (LinkPattern(r"-(?P<id>[0-9]{1,9})\.html$", "article"),)
    assert article.copies == Copies("nv4_vi_news_[0-9]+", ("title", "status"))
    assert article.cell["year"] == Identity("year", Place("publtime"), ("unix", "year"))
    assert audit.consumed == {"nv4_vi_news_detail": "bodies"}
    assert audit.out_of_scope == (
        OutOfScope("nv4_users", "accounts"), OutOfScope("nv4_vi_news_rows", "trash", (Test("status", "ge", 20),)),
    )  # fmt: skip
    assert audit.hosts == {"www.paper.example"}
    assert audit.site == SiteWitness(
        (r"-(?P<id>\d+)\.html$",), ("/sitemap.xml", "/old.xml"), "article",
        {"status": ("published", "archived"), "cell.status": ("1",)}, "published_at",
    )  # fmt: skip
    assert audit.crosswalks == {"status": {"1": "published", "4": "draft", "9": ""}}


def test_hosts_follow_the_domain(tmp_path: Path) -> None:
    path = write(tmp_path, "tag: {table: t, key: id, identity: {name: title}}")
    audit = read_audit(path, "web", {"domain": "www.paper.example"}, [])
    assert audit.hosts == {"paper.example", "www.paper.example"}


def test_the_first_folder_with_a_crosswalk_wins(tmp_path: Path) -> None:
    own, preset = tmp_path / "own", tmp_path / "preset"
    for folder in (own, preset):
        folder.mkdir()
    path = write(preset, "article: {table: t, key: id, identity: {status: {column: s, crosswalk: status}}}")
    (own / "status.csv").write_text("cũ;mới\n1;archived\n", encoding="utf-8")
    assert read_audit(path, "web", {}, [own, preset]).crosswalks == {"status": {"1": "archived"}}
    assert read_audit(path, "web", {}, [preset, own]).crosswalks["status"]["1"] == "published"


FAULTS = [
    ("artikle: {table: t, key: id}", 1, "there is no entity 'artikle'"),
    ("article: {key: id}", 1, "needs either 'table' or 'sql'"),
    ("article: {table: t, sql: s, key: id}", 1, "needs either 'table' or 'sql'"),
    ("article: {table: t}", 1, "lacks 'key'"),
    ("article: {table: t, key: id, keys: x}", 1, "'keys' is not known"),
    ("article:\n  table: t\n  key: id\n  identity:\n    headlin: title", 5, "has no field 'headlin'"),
    ("article:\n  table: t\n  key: id\n  identity:\n    section: catid", 5, "'section' is a reference"),
    ("article:\n  table: t\n  key: id\n  identity:\n    headline: {column: a, read: [nfx]}", 5, "no reading 'nfx'"),
    (
        "article:\n  table: t\n  key: id\n  identity:\n    headline: {column: a, read: [at-most]}",
        5,
        "no reading 'at-most'",
    ),
    ("article:\n  table: t\n  key: id\n  identity:\n    published_at: publtime", 5, "is an instant"),
    (
        "article:\n  table: t\n  key: id\n  identity:\n    status: {column: a, crosswalk: nix}",
        5,
        "no crosswalk nix.csv",
    ),
    ("article:\n  table: t\n  key: id\n  identity:\n    status: {read: nfc}", 5, "lacks 'column'"),
    ("article:\n  table: t\n  key: id\n  pointers:\n    headline: {column: a}", 5, "has no reference 'headline'"),
    (
        "article:\n  table: t\n  key: id\n  pointers:\n    tags: {column: a, to: topic}",
        5,
        "points to tag, not to topic",
    ),
    ("article:\n  table: t\n  key: id\n  pointers:\n    tags: {column: a, table: x}", 5, "lacks 'on'"),
    ("article:\n  table: t\n  key: id\n  pointers:\n    tags: {column: a, on: {id: id}}", 5, "lacks 'table'"),
    ("article:\n  table: t\n  key: id\n  where: {a: {lower: 3}}", 4, "no such operator: lower"),
    ("article:\n  table: t\n  key: id\n  where: {a: [[1]]}", 4, "compares with single values"),
    ("article:\n  table: t\n  key: id\n  links: [{pattern: 'x', to: article}]", 4, "has no group"),
    ("article:\n  table: t\n  key: id\n  links: [{pattern: '(', to: article}]", 4, "is no regular expression"),
    ("article:\n  table: t\n  key: id\n  body: b\n  links: [{pattern: '(?P<id>1)', to: nix}]", 5, "no entity 'nix'"),
    ("article: {table: t, key: id, body: {table: 'b_{n}', on: {id: id}, column: c}}", 1, "go together"),
    ("article: {table: t, key: id, cell: {month: a}}", 1, "a cell has no 'month'"),
    ("article: {table: t, key: id, copies: {tables: x}}", 1, "copies lack 'columns'"),
    ("article: {table: '{prefx}_rows', key: id}", 1, "there is no variable {prefx}"),
    ("article: {table: t, key: id}\nsite: {patterns: ['(?P<id>1)'], public: [a]}", 2, "no identity or cell"),
    ("article: {table: t, key: id}\nsite: {patterns: ['(?P<id>1)']}", 2, "lacks 'public'"),
    ("article: {table: t, key: id}\narticle: {table: t, key: id}", 2, "'article' stands twice"),
    (
        "article:\n  table: t\n  key: id\n  identity: {slug: a}\n  merged: [headline]",
        5,
        "'headline', which is no identity",
    ),
    ("article:\n  table: t\n  key: id\n  pointers: {topc: none}", 4, "no reference 'topc'"),
    ("article: &a {table: t, key: id}\nsection: *a", 2, "aliases are not used"),
    ("article: !!python/object:os.system x", 1, "is not used here"),
    ("article: {table: t, key: id", 1, "is not valid YAML"),
    ("- article", 1, "holds no mapping"),
    ("consumed: {a: b}", 0, "no entity is audited"),
    ("article: {table: t, key: id}\nout_of_scope: [{table: x}]", 2, "lacks 'reason'"),
]


@pytest.mark.parametrize(("text", "line", "message"), FAULTS)
def test_a_fault_names_its_line(text: str, line: int, message: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        read_audit(path, "web", {"prefix": "nv4"}, [tmp_path])
    assert any(fault.line == line and message in fault.message for fault in caught.value.faults), [
        str(fault) for fault in caught.value.faults
    ]
    assert all(fault.file == str(path) for fault in caught.value.faults)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = "article:\n  table: t\n  identity:\n    headlin: a\n    status: {column: b, read: [x, y]}\nnix: 1\n"
    with pytest.raises(ConfigurationError) as caught:
        read_audit(write(tmp_path, text), "web", {}, [tmp_path])
    assert sorted(fault.line for fault in caught.value.faults) == [2, 4, 5, 5, 6]


@pytest.mark.parametrize(
    ("crosswalk", "message"),
    [("", "it is empty"), ("a,b\n1\n", "no second column"), ("a,b\n1,x\n1,y\n", "stands twice")],
)
def test_a_crosswalk_that_cannot_be_used(crosswalk: str, message: str, tmp_path: Path) -> None:
    text = "article: {table: t, key: id, identity: {status: {column: s, crosswalk: status}}}"
    with pytest.raises(ConfigurationError) as caught:
        read_audit(write(tmp_path, text, crosswalk), "web", {}, [tmp_path])
    assert message in caught.value.faults[0].message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_audit(tmp_path / "audit.yaml", "web", {}, [])
    assert "cannot be read" in caught.value.faults[0].message
