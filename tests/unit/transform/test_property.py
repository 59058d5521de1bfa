"""Whatever a row holds, transform answers, and what it lets through fits the target."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unicodedata import is_normalized

from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.errors import Fault
from migrator.model.content import ARTICLE, PLURAL, Kind
from migrator.model.outcome import Bucket
from migrator.model.record import SourceRow, content_fingerprint
from migrator.ports import Decided, Led
from migrator.transform.check import check
from migrator.transform.compile import CompiledMapping, compile_mapping
from migrator.transform.syntax import read_mappings

ARTICLE_YAML = r"""entity: article
table: rows
key: id
sides:
  detail: {table: d, on: {id: id}}
  tags: {table: t, on: {id: id}, many: true}
  meta: {table: m, on: {id: detail.c}, pivot: {key: k, value: c}}
rules:
  - {name: a, when: {c1: {lt: 5}, c2: {matches: '^x'}}, then: drop}
  - {name: m, when: {meta.twin: {empty: false}, not: {c5: 2}}, then: merge, into: {from: meta.twin, to: article}}
  - {name: b, when: {any: [{c3: [1, a]}, {c4: {like: "%a_"}}, {detail.c: {gt: "b"}}]}, then: withhold}
merge: {on: [headline, published_at, tags]}
fields:
  headline: {from: c1, steps: [unescape, nfc, squeeze]}
  status: {from: c2, steps: [{crosswalk: {name: status, default: draft}}]}
  standfirst: {from: c3}
  body_html: {from: detail.c, steps: [clean_html], part: html}
  body_text: {same: body_html, part: text}
  word_count: {same: body_html, part: words}
  slug: {from: c4, steps: [slugify]}
  genre: {from: c5, steps: [{map: {values: {"1": article}, default: page}}]}
  is_locked: {from: c1, steps: [boolean]}
  language: {from: c2, steps: [url_decode]}
  published_at: {from: c3, steps: [unix_time]}
  created_at: {from: c4, steps: [local_time]}
  modified_at: {from: c5, steps: [utc_time]}
  expires_at: {from: c1}
  byline: {from: [c1, c2], steps: [coalesce]}
  source_credit: {from: c3, steps: [{json_get: a.b}]}
  external_url: {from: [c1, c2, c3], steps: [{format: "/{0}/{2}"}]}
  section: {from: c4, to: section, none: [0]}
  sections: {from: c5, steps: [{split: ","}], to: section}
  topic: {from: [c1, c2], to: topic, compound: true}
  tags: {from: "tags[].c", to: tag}
  legacy_body_sha256: {from: detail.c, steps: [sha256]}
  lead_image: {choose: [{when: {c1: 1}, from: c2, steps: [{extract: '(.)$'}]}, {first: [c3, meta.b], default: x}]}
  lead_image_alt: {longest: [c1, {from: c2, steps: [repair_text, redact]}, {same: byline}], steps: [{shorten: 9}]}
  legacy_url:
    newest: [{from: c1, at: {from: c2, steps: [date]}}, {from: c3, steps: [{decode: vni}], at: {from: c4, steps: [number]}}]
  contributions: {object: {a: tags.c, b: {from: c1, steps: [php_get]}}, of: tags}
  voices: {from: "meta[].a", steps: [{unique: true}, {join: "; "}, byline], part: names}
"""


def build() -> CompiledMapping:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "crosswalks").mkdir()
        (folder / "crosswalks" / "status.csv").write_text("a,b\n1,published\n")
        (folder / "article.yaml").write_text(ARTICLE_YAML)
        declarations, faults = read_mappings([folder], folder, "bao", {}, None)
    assert faults == []
    return compile_mapping(declarations["article"])


def read(text: str) -> list[Fault]:
    """The faults of a mapping with this text."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "article.yaml").write_text(text, encoding="utf-8")
        declarations, faults = read_mappings([Path(name)], Path(name), "bao", {}, ["article"])
        return [*faults, *check(declarations, {}, lambda sql: ())]


MAPPING = build()
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(st.characters(codec=None, categories=["L", "M", "N", "P", "Z", "C"])),
    st.binary(),
    st.datetimes(),
    st.dates(),
    st.sampled_from(["0", "1", "1700000000", "2020-01-01 10:00:00", "a,b", '{"a": {"b": "x"}}', "<p>a</p>", "%E1"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)
ROWS = st.fixed_dictionaries({f"c{number}": VALUES for number in range(1, 6)})
SIDE_ROWS = st.lists(st.fixed_dictionaries({"c": VALUES}), max_size=3)
PAIRS = st.lists(st.fixed_dictionaries({"k": st.sampled_from(["twin", "a", "b"]), "c": VALUES}), max_size=3)
TYPES: dict[Kind, type] = {Kind.INTEGER: int, Kind.BOOLEAN: bool, Kind.INSTANT: datetime}


@settings(max_examples=300, deadline=None)
@given(ROWS, SIDE_ROWS, SIDE_ROWS, PAIRS)
def test_transform_answers_whatever_a_row_holds(values: Any, detail: Any, tags: Any, meta: Any) -> None:
    sides = {"detail": detail, "tags": tags, "meta": meta}
    result = MAPPING.transform(SourceRow("bao:article:1", (1,), values, sides))
    if isinstance(result, Decided):
        assert result.bucket in (Bucket.DROPPED, Bucket.WITHHELD, Bucket.REJECTED)
        assert result.reason
        assert result.rule
        return
    if isinstance(result, Led):
        assert result.into.startswith("bao:article:")
        return
    for field in ARTICLE.fields:
        _assert_fits(result.record.fields[field.name], field.kind)
    content_fingerprint(ARTICLE, result.record.fields)


def _assert_fits(value: Any, kind: Kind) -> None:
    if kind in PLURAL:
        assert isinstance(value, tuple)
    for each in value if kind in PLURAL else (value,):
        if each is None:
            continue
        assert type(each) is TYPES.get(kind, str)
        if isinstance(each, str):
            assert "\0" not in each
            assert is_normalized("NFC", each)
            each.encode()
        if isinstance(each, datetime):
            assert each.tzinfo is UTC


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(ARTICLE_YAML)),
            st.integers(0, 12),
            st.sampled_from(
                ["", "{", "}", "[", "]", ":", "- ", "\n", "\t", "'", '"', "~", "null", "9" * 5000, "&a ", "*a", "!x "]
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_mapping_mangled_by_hand_gives_faults_never_an_error(edits: list[tuple[int, int, str]]) -> None:
    text = ARTICLE_YAML
    for at, cut, put in edits:
        text = text[:at] + put + text[at + cut :]
    for fault in read(text):
        assert fault.message
        assert 0 <= fault.line <= text.count("\n") + 1
