"""The small paper on its way to WordPress: with its files, without what WordPress cannot hold."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from migrator.cli.progress import Silence
from migrator.ledger import SqlLedger
from migrator.model.content import ENTITIES
from migrator.model.record import content_fingerprint
from migrator.project.compose import Project
from migrator.project.harvest import Wishes, harvest_project
from migrator.project.share import presets_folder
from tests import small_paper
from tests.e2e.outcome import PROGRAM
from tests.wordpress_site import WordPress

PASSWORD = "WORDPRESS_PASSWORD"
ARTICLES = 60
HELD = ("section", "topic", "tag", "account", "person", "asset", "article")
LEFT_OUT = {
    "version": "bản lưu cũ ở lại hệ thống cũ",
    "transition": "nhật ký duyệt bài ở lại hệ thống cũ",
    "counter": "lượt xem không chuyển",
    "comment": "bình luận không chuyển",
    "redirect": "máy chủ web giữ bảng chuyển hướng",
}
WAIVED = (
    ("target-cannot-hold", "asset", "tệp đã mất ở hệ thống cũ"),
    ("target-refused", "tag", "hai thẻ chỉ khác cách bỏ dấu; WordPress coi là một"),
    ("file-wrong-extension", "asset", "ảnh đúng, chỉ sai phần mở rộng"),
)


def prepare(folder: Path, articles: int, *, files: bool = True) -> Path:
    """A project that has not run yet, its files harvested. It still lacks a target: see :func:`aim`."""
    project = small_paper.prepare(folder, articles, site=files)
    if not files:
        settings = _settings(project)
        del settings["sources"]["web"]["site"]
        _write(project, settings)
        return project
    shutil.copy(presets_folder() / "demo" / "asset.yaml", project / "asset.yaml")
    settings = _settings(project)
    settings["sources"]["web"]["media"] = {"root": "legacy/site"}
    settings["evidence"] = {"site": "evidence/web.sqlite"}
    settings["waivers"] += [
        {"kind": kind, "entity": entity, "limit": "50%", "why": why, "who": "Ban biên tập"}
        for kind, entity, why in WAIVED
    ]
    _write(project, settings)
    with Project(project) as opened:
        harvest_project(opened, "web", Wishes(), Silence())
    return project


def aim(prepared: Path, project: Path, url: str, **target: object) -> Path:
    """A copy of a prepared project that is to go to this WordPress; its password is in the environment."""
    if prepared != project:
        shutil.copytree(prepared, project)
    settings = _settings(project)
    settings["target"] = {
        "kind": "wordpress", "url": url, "user": "admin", "password": f"env:{PASSWORD}", "leave_out": LEFT_OUT, **target,
    }  # fmt: skip
    _write(project, settings)
    return project


def migrator(password: str, *arguments: str | Path, timeout: int = 300) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end; 0, 3 and 4 are results, anything else is none."""
    environment = {**os.environ, PASSWORD: password}
    done = subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=timeout, env=environment,
    )  # fmt: skip
    if done.returncode not in {0, 3, 4}:
        raise AssertionError(f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def left_by(project: Path, wordpress: WordPress) -> dict[str, Any]:
    """Ledger and target in a form two runs can be compared by: keys, buckets, fingerprints; no target ids, no times."""
    ledger = SqlLedger(f"sqlite:///{project}/ledger.sqlite")
    items = {i.key: (i.bucket.value, i.reason, i.content, i.merged_into) for i in ledger.all_items()}
    intents = ledger.open_intent_count()
    ledger.close()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(PASSWORD, wordpress.password)
        with Project(project) as opened:
            records = {}
            for name in HELD:
                ids = [target_id for target_id, _, _ in opened.reader.enumerate(name)]
                found = opened.reader.fetch(name, ids)
                records[name] = sorted(
                    (r.key or "", content_fingerprint(ENTITIES[name], r.fields) if r.key else b"", r.is_stub)
                    for r in found
                )
            aliases = dict(opened.reader.all_aliases())
    return {"items": items, "records": records, "aliases": aliases, "intents": intents}


def _settings(project: Path) -> Any:
    return yaml.safe_load((project / "migration.yaml").read_text(encoding="utf-8"))


def _write(project: Path, settings: object) -> None:
    text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
    (project / "migration.yaml").write_text(text, encoding="utf-8")
