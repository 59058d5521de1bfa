"""A small paper on disk: a preset, the paper's own folder over it, and a legacy database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from migrator.errors import Fault
from migrator.extract.sql import SqlExtractor
from migrator.extract.sql.survey import SqlSurvey
from migrator.transform.check import check
from migrator.transform.compile import CompiledMapping, compile_mapping
from migrator.transform.syntax import read_mappings
from migrator.workbench.bench import Bench

VARIABLES = {"prefix": "nv4", "lang": "vi"}

PRESET = {
    "nuke/article.yaml": """\
entity: article
table: "{prefix}_rows"
key: id
sides:
  detail: {table: "{prefix}_detail", on: {id: id}}
  tags: {table: "{prefix}_tags_id", on: {id: id}, many: true, order: [tid]}
rules:
  - {name: blank, when: {title: {empty: true}, status: 4}, then: drop, reason: an empty form}
fields:
  headline: {from: title, steps: [nfc, squeeze]}
  standfirst: {from: hometext}
  body_html: {from: detail.bodyhtml}
  status: {from: status, steps: [{crosswalk: status}]}
  language: {constant: "{lang}"}
  published_at: {from: publtime, steps: [unix_time]}
  byline: {from: author, steps: [nfc]}
  section: {from: catid, to: section, none: [0]}
""",
    "nuke/section.yaml": """\
entity: section
table: "{prefix}_cat"
key: catid
fields:
  name: {from: title}
  slug: {from: alias}
""",
    "nuke/crosswalks/status.csv": "legacy,target,label\n1,published,Xuất bản\n4,draft,Nháp\n",
}

TABLES = """\
CREATE TABLE nv4_rows (id INTEGER PRIMARY KEY, title TEXT, hometext TEXT, status, publtime INTEGER, author TEXT, catid INTEGER,
  note TEXT, email TEXT, zero INTEGER DEFAULT 0);
CREATE TABLE nv4_detail (id INTEGER PRIMARY KEY, bodyhtml TEXT);
CREATE TABLE nv4_tags_id (id INTEGER, tid INTEGER);
CREATE TABLE nv4_cat (catid INTEGER PRIMARY KEY, title TEXT, alias TEXT);
CREATE TABLE nv4_polls (pid INTEGER PRIMARY KEY, question TEXT);
INSERT INTO nv4_cat VALUES (1, 'Thời sự', 'thoi-su');
INSERT INTO nv4_polls VALUES (1, 'Bạn thích gì?'), (2, 'Ai?');
INSERT INTO nv4_rows (id, title, hometext, status, publtime, author, catid, note, email) VALUES
  (1, 'Tin  một', 'Sapo', 1, 1200000000, 'An', 1, 'a', 'an@example.vn'),
  (2, 'Tin hai', '', '7', 1200000000, 'Bình', 1, 'b', 'binh@example.vn'),
  (3, 'Tin ba', NULL, 7, 1200000000, '', 1, NULL, ''),
  (4, '', '', 4, 0, '', 0, 'b', NULL),
  (5, 'Tin năm', 'x', '007', 1200000000, 'An', 1, NULL, NULL);
INSERT INTO nv4_detail VALUES (1, '<p>Một</p>'), (2, '<p>Hai</p>');
INSERT INTO nv4_tags_id VALUES (1, 5), (1, 6), (2, 5);
"""


@dataclass
class Paper:
    """The folders, and what is open."""

    folder: Path
    presets: Path
    url: str
    opened: ExitStack
    preset: str = "nuke"
    variables: Mapping[str, str] = field(default_factory=lambda: dict(VARIABLES))

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())

    @property
    def folders(self) -> tuple[Path, ...]:
        return (self.folder, self.presets / self.preset)

    def bench(self) -> Bench:
        extractor, survey = SqlExtractor(self.url, "bao"), SqlSurvey(self.url)
        self.opened.callback(extractor.close)
        self.opened.callback(survey.close)

        def faults_with(folder: Path | None) -> Sequence[Fault]:
            folders = self.folders if folder is None else (folder, *self.folders)
            declarations, faults = read_mappings(folders, self.presets, "bao", self.variables, None)
            return [*faults, *check(declarations, extractor.tables(), extractor.columns)]

        declarations, _ = read_mappings(self.folders, self.presets, "bao", self.variables, None)
        return Bench(
            "bao", self.folders, self.presets, self.variables, declarations, None, extractor, survey, faults_with
        )

    def mapping(self, entity: str = "article") -> CompiledMapping:
        declarations, faults = read_mappings(self.folders, self.presets, "bao", self.variables, None)
        assert faults == []
        return compile_mapping(declarations[entity])


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    for name, text in PRESET.items():
        path = tmp_path / "presets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    folder = tmp_path / "paper"
    folder.mkdir()
    connection = sqlite3.connect(tmp_path / "legacy.sqlite")
    connection.executescript(TABLES)
    connection.close()
    with ExitStack() as opened:
        yield Paper(folder, tmp_path / "presets", f"sqlite:///{tmp_path}/legacy.sqlite", opened)
