"""The made-up newspaper's site, harvested over HTTP: whole, killed, stumbling – and then migrated from the evidence."""

from __future__ import annotations

import hashlib
import http.server
import json
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

import legacy_newsroom
from migrator.extract.site import states
from migrator.extract.site.tables import metadata
from tests.e2e.outcome import PROGRAM

ARTICLES = 300
DOCS = Path(__file__).resolve().parents[2] / "docs" / "site.md"
FEWEST_KILLS = 12

SETTINGS = """\
name: Báo Cửa Biển
sources:
  web:
    url: sqlite:///legacy/legacy.sqlite
    preset: nukeviet
    variables: {{domain: baocuabien.example, article_url: "/news/{{0}}/{{1}}-{{2}}.html"}}
    site: {{url: "{url}", profile: [nukeviet, channel], rate: 100000, names: ["203.0.113.48:9000"]}}
  site:
    evidence: web
    preset: site
    variables: {{domain: baocuabien.example}}
"""

TIMES = {
    "harvest": {"started_at", "ended_at", "sessions"},
    "page": {"fetched_at"},
    "file": {"checked_at"},
}
"""Columns that may differ between two harvests of the same site."""

ORDER = {"link": {"id", "found_in", "found_by", "depth", "hops", "attempts", "reason"}, "page": {"found_in"}}
"""Columns that may differ besides where a server stumbled: addresses then come in another order."""


class Pages(http.server.SimpleHTTPRequestHandler):
    """The site's pages. With a ``chance`` every third answer is a trouble of some kind."""

    chance: random.Random | None = None
    troubles = 0

    def do_GET(self) -> None:
        if self.chance is None or self.path == "/robots.txt" or self.chance.random() > 0.3:
            super().do_GET()
            return
        type(self).troubles += 1
        trouble = self.chance.choice(["500", "429", "503", "drop", "cut"])
        if trouble == "drop":
            self.connection.close()
        elif trouble == "cut":
            self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999\r\n\r\n<html><body>")
        else:
            self.send_response(int(trouble))
            self.send_header("Retry-After", "0")
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


class QuietServer(http.server.ThreadingHTTPServer):
    """Says nothing of clients that were killed."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A killed client is what is tested."""


@pytest.fixture(scope="module")
def legacy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The legacy newsroom: database, site, manifest."""
    folder = tmp_path_factory.mktemp("legacy")
    legacy_newsroom.make(folder, articles=ARTICLES, estate="full")
    return folder


@pytest.fixture(scope="module")
def site(legacy: Path) -> Iterator[str]:
    """The site on loopback, at one address for all tests."""
    server = QuietServer(("127.0.0.1", 0), partial(Pages, directory=str(legacy / "site")))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def project(folder: Path, legacy: Path, url: str, **site: Any) -> Path:
    """A project folder; ``site`` overrides settings of the site."""
    folder.mkdir()
    (folder / "legacy").symlink_to(legacy)
    settings = yaml.safe_load(SETTINGS.format(url=url))
    settings["sources"]["web"]["site"].update(site)
    (folder / "migration.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return folder


def migrator(*arguments: object, code: int = 0, given: str | None = None) -> str:
    """Run the program; its standard output."""
    done = subprocess.run(
        [*PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, input=given, timeout=300
    )
    assert done.returncode == code, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    return done.stdout


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


def content(database: Path, but: dict[str, set[str]]) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of the evidence, sorted, without the columns named."""
    found = {}
    with closing(sqlite3.connect(database)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            kept = ", ".join(name for name in names if name not in but.get(table, set()))
            found[table] = sorted(connection.execute(f"SELECT {kept} FROM {table}").fetchall(), key=repr)
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def manifest(legacy: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((legacy / "manifest.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def undisturbed(legacy: Path, site: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose site was harvested without trouble."""
    folder = project(tmp_path_factory.mktemp("undisturbed") / "paper", legacy, site)
    migrator("harvest", "web", "--project", folder)
    return folder


def evidence(folder: Path) -> Path:
    return folder / "evidence" / "web.sqlite"


def test_the_whole_site_is_harvested(undisturbed: Path, legacy: Path, manifest: dict[str, Any]) -> None:
    database = evidence(undisturbed)
    published = manifest["site"]["published"]
    assert rows(database, "SELECT count(*) FROM page WHERE kind = 'article'") == [(published,)]
    assert rows(database, "SELECT count(*) FROM page WHERE kind = 'article' AND headline IS NULL") == [(0,)]
    # every page of the site that anything leads to is known by its address, and kept as it is
    aliases = {path for paths in manifest["troubles"]["alias-url"]["urls"].values() for path in paths[1:]}
    for file in (legacy / "site").rglob("*.html"):
        path = "/" + str(file.relative_to(legacy / "site")).removesuffix("index.html")
        found = rows(database, f"SELECT sha256 FROM page WHERE path = '{path}'")
        assert found or path in aliases, path
        assert not found or found == [(hashlib.sha256(file.read_bytes()).hexdigest(),)]
    assert (
        database.read_bytes()[18:20] == b"\x01\x01"
    )  # one file, no write-ahead log (sqlite.org/fileformat.html, 1.3.3)
    # conservation: every address in one state, every result with its address
    assert rows(database, "SELECT count(*) FROM link WHERE state = 'waiting'") == [(0,)]
    assert rows(database, "SELECT count(*) FROM link WHERE kind = 'page' AND state = 'done'") == rows(
        database, "SELECT count(*) FROM page"
    )
    assert rows(database, "SELECT count(*) FROM link WHERE kind = 'file'") == rows(
        database, "SELECT count(*) FROM file"
    )


TROUBLES = {
    "media-missing": "missing",
    "media-empty": "empty",
    "media-html": "not-media",
    "media-wrong-extension": "wrong-extension",
}


def test_every_file_is_kept_as_it_is_and_damaged_ones_are_told(
    undisturbed: Path, legacy: Path, manifest: dict[str, Any]
) -> None:
    damaged = {path: state for name, state in TROUBLES.items() for path in manifest["troubles"][name]["keys"]}
    found = rows(evidence(undisturbed), "SELECT path, stored_as, state FROM file")
    assert len(found) > 60
    assert {state for _, _, state in found} >= {"missing", "not-media", "wrong-extension", "stored"}
    for path, stored_as, state in found:
        assert state == damaged.get(path, "missing" if path.startswith("player.swf") else "stored"), path
        if stored_as:
            assert (undisturbed / "evidence" / stored_as).read_bytes() == (legacy / "site" / path).read_bytes()
    # what is said to be on a bare IP address, in a lazy image, or in an old player is found on the site
    paths = {path for path, _, _ in found}
    for name in ("bare-ip-image", "lazy-image", "gallery", "caption-table"):
        images = manifest["troubles"][name]["images"]
        assert {image["path"] for of_article in images.values() for image in of_article} <= paths, name
    embeds = [embed for of_article in manifest["troubles"]["embed"]["embeds"].values() for embed in (of_article,)]
    own = {embed["address"][1:] for embed in embeds if embed["address"].startswith("/")}
    assert own
    assert own <= paths


def test_what_only_the_site_has_is_found(undisturbed: Path, manifest: dict[str, Any]) -> None:
    wanted = rows(evidence(undisturbed), "SELECT legacy_id, path FROM page WHERE wanted = 1 ORDER BY legacy_id")
    assert [legacy_id for legacy_id, _ in wanted] == manifest["troubles"]["site-only"]["keys"]
    others = rows(evidence(undisturbed), "SELECT DISTINCT also_in FROM page WHERE kind = 'article' AND wanted = 0")
    assert others == [("web",)]


def test_killed_at_random_moments_and_resumed(undisturbed: Path, legacy: Path, site: str, tmp_path: Path) -> None:
    """Kill -9, again and again; in the end every table and every file is as if nothing had happened."""
    chance, kills, rounds = random.Random(74), 0, 0
    expected, expected_files = content(evidence(undisturbed), TIMES), files(undisturbed / "evidence" / "files")
    while kills < FEWEST_KILLS:
        rounds += 1
        folder = project(tmp_path / f"round-{rounds}", legacy, site)
        while True:
            run = subprocess.Popen(
                [*PROGRAM, "harvest", "web", "--project", str(folder)],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            try:
                assert run.wait(timeout=chance.uniform(0.8, 4.0)) == 0
                break
            except subprocess.TimeoutExpired:
                run.kill()
                run.wait()
                kills += _is_at_work(evidence(folder))
            if _has_ended(evidence(folder)):  # killed behind its end: the next one would be another harvest
                break
        assert content(evidence(folder), TIMES) == expected
        assert files(folder / "evidence" / "files") == expected_files
        left = {path.name for path in (folder / "evidence").iterdir()}
        assert left == {"files", "web.lock", "web.sqlite"} or run.returncode
        shutil.rmtree(folder)


def test_a_harvest_stops_at_ctrl_c_and_goes_on(undisturbed: Path, legacy: Path, site: str, tmp_path: Path) -> None:
    folder = project(tmp_path / "paper", legacy, site)
    run = subprocess.Popen(
        [*PROGRAM, "harvest", "--project", str(folder), "--lang", "en"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )  # fmt: skip
    until = time.monotonic() + 60
    while not _is_at_work(evidence(folder)) and time.monotonic() < until:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    said, complained = run.communicate(timeout=60)
    assert run.returncode == 130, complained
    assert "was stopped" in said
    assert "Traceback" not in complained
    migrator("harvest", "--project", folder)
    assert content(evidence(folder), TIMES) == content(evidence(undisturbed), TIMES)


def test_a_disk_that_takes_no_more_is_said_and_the_harvest_goes_on(
    undisturbed: Path, legacy: Path, site: str, tmp_path: Path
) -> None:
    """A limit on the size of files stands for a full disk: the system refuses to write on."""
    folder = project(tmp_path / "paper", legacy, site)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    done = subprocess.run(
        [*PROGRAM, "harvest", "--project", str(folder), "--lang", "en"],
        capture_output=True, text=True, check=False, timeout=120, preexec_fn=limited,
    )  # fmt: skip
    assert done.returncode == 1
    assert "migrator harvest' again" in done.stderr
    assert "Traceback" not in done.stderr
    migrator("harvest", "--project", folder)
    assert content(evidence(folder), TIMES) == content(evidence(undisturbed), TIMES)


def _has_ended(database: Path) -> bool:
    if not database.is_file():
        return False
    with closing(sqlite3.connect(database)) as connection:
        if not connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'harvest'").fetchone()[0]:
            return False
        return bool(connection.execute("SELECT count(*) FROM harvest WHERE result = 'done'").fetchone()[0])


def _is_at_work(database: Path) -> bool:
    """Whether the killed harvest had fetched something, and not all."""
    if not database.is_file():
        return False
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'link'").fetchone()[0]
        if not tables:
            return False
        done, waiting = connection.execute(
            "SELECT sum(state = 'done'), sum(state = 'waiting') FROM link"
        ).fetchone()  # fmt: skip
    return bool(done and waiting)


def test_a_server_that_stumbles_gives_the_same_content(
    undisturbed: Path, legacy: Path, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from migrator.cli.progress import Silence
    from migrator.extract.site import Patience
    from migrator.project.compose import Project
    from migrator.project.harvest import Wishes, harvest_project

    monkeypatch.setattr(Pages, "chance", random.Random(5))
    monkeypatch.setattr(Pages, "troubles", 0)
    folder = project(tmp_path / "paper", legacy, site)
    wishes = Wishes(patience=Patience(attempts=30, first_s=0.001, longest_s=0.002, in_a_row=50))
    with Project(folder) as opened:
        assert harvest_project(opened, "web", wishes, Silence()).ended == "done"
    assert Pages.troubles > 100
    but = {table: TIMES.get(table, set()) | ORDER.get(table, set()) for table in (*TIMES, *ORDER)}
    assert content(evidence(folder), but) == content(evidence(undisturbed), but)
    assert files(folder / "evidence" / "files") == files(undisturbed / "evidence" / "files")


def plain(html: str) -> str:
    """The first paragraph of a body, in one line."""
    return " ".join(re.sub("<[^>]*>", " ", html.partition("</p>")[0]).split())


def test_an_article_only_the_site_has_is_recovered_with_its_pictures(
    undisturbed: Path, tmp_path: Path, manifest: dict[str, Any]
) -> None:
    """An ordinary run reads the evidence as a source beside the database."""
    folder = tmp_path / "paper"
    shutil.copytree(undisturbed, folder, symlinks=True)
    migrator("mapping", "check", "--project", folder)
    migrator("run", "--project", folder, code=3)
    target = folder / "target.sqlite"
    (legacy_id,) = manifest["troubles"]["site-only"]["keys"]
    lost = manifest["troubles"]["site-only"]["recover"][legacy_id]
    found = rows(
        target,
        "SELECT headline, standfirst, body_text, published_at, byline, lead_image, lead_asset_id, id FROM article"
        f" WHERE legacy_key = 'site:article:{legacy_id}'",
    )
    assert len(found) == 1
    headline, standfirst, body_text, published_at, byline, lead_image, lead_asset, target_id = found[0]
    assert (headline, standfirst, byline) == (lost["title"], lost["lead"], lost["byline"])
    shown_at = datetime.fromisoformat(lost["published"])
    assert datetime.fromisoformat(published_at).replace(tzinfo=UTC) == shown_at.replace(
        second=0
    )  # the page has no seconds
    assert plain(lost["body"]) in " ".join(body_text.split())
    # its pictures: the lead picture by reference, those of the body in their order, with captions
    assert lead_image == lost["lead_picture"]["path"]
    assert rows(target, f"SELECT path FROM asset WHERE id = {lead_asset}") == [(lead_image,)]
    images = rows(
        target,
        "SELECT a.path, a.caption, a.sha256 FROM article_images i JOIN asset a ON a.id = i.asset_id"
        f" WHERE i.article_id = {target_id} ORDER BY i.position",
    )
    assert [path for path, _, _ in images] == [image["path"] for image in lost["images"]]
    for (path, caption, sha256), image in zip(images, lost["images"], strict=True):
        assert caption == image["caption"].partition(" Ảnh: ")[0]
        assert sha256 == hashlib.sha256((folder / "legacy" / "site" / path).read_bytes()).hexdigest()
    # the other articles are the database's, and not there twice
    assert rows(target, "SELECT count(*) FROM article WHERE legacy_key LIKE 'site:%'") == [(1,)]


def test_the_command_speaks_to_people_and_machines(undisturbed: Path, legacy: Path, site: str, tmp_path: Path) -> None:
    folder = project(tmp_path / "paper", legacy, site)
    said = json.loads(migrator("harvest", "--project", folder, "--limit", "20", "--json"))
    assert said["ended"] == "limited"
    assert said["addresses"] == sum(number for counts in said["links"].values() for number in counts.values())
    assert said["links"]["page"]["waiting"] > 100
    assert "migrator harvest" in migrator("harvest", "--project", folder, "--limit", "5", "--lang", "en")
    whole = migrator("harvest", "--project", folder, "--lang", "vi")
    assert "Đã thu thập xong web" in whole
    assert "Bài viết chỉ còn trên trang web: 1" in whole
    before = content(evidence(folder), TIMES | {"harvest": {"counts", "started_at", "ended_at", "sessions"}})
    reread = migrator("harvest", "--project", folder, "--reread", "--lang", "en")
    assert "read again" in reread
    after = content(evidence(folder), TIMES | {"harvest": {"counts", "started_at", "ended_at", "sessions"}})
    assert after == before
    assert json.loads(migrator("harvest", "--project", folder, "--check", "--json")) == {"damaged": []}
    path, stored_as = rows(evidence(folder), "SELECT path, stored_as FROM file ORDER BY path LIMIT 1")[0]
    (folder / "evidence" / stored_as).write_bytes(b"broken")
    damaged = migrator("harvest", "--project", folder, "--check", code=5, given=None)
    assert path in damaged
    # asked for once more, the damaged file is replaced: what is known of it spares nothing
    migrator("harvest", "--project", folder, "--refresh")
    migrator("harvest", "--project", folder, "--check")


def test_paths_of_a_list_and_of_the_inventory_are_taken_from_the_media_folder(
    legacy: Path, site: str, manifest: dict[str, Any], tmp_path: Path
) -> None:
    folder = project(tmp_path / "paper", legacy, site)
    settings = yaml.safe_load((folder / "migration.yaml").read_text(encoding="utf-8"))
    settings["sources"]["web"].pop("site")
    settings["sources"]["web"]["media"] = {"root": "legacy/site"}
    (folder / "migration.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    wanted = "rss/index.xml\nnowhere/lũ.jpg\n\n../../etc/passwd\n"
    said = json.loads(migrator("harvest", "--project", folder, "--paths", "-", "--json", given=wanted))
    inventory = rows(legacy / "legacy.sqlite", "SELECT count(*) FROM nv4_upload_file")[0][0]
    assert sum(said["files"].values()) == inventory + 3
    assert said["files"]["missing"] == 2 + len(manifest["troubles"]["media-missing"]["keys"])
    assert rows(evidence(folder), "SELECT state FROM file WHERE path = 'nowhere/lũ.jpg'") == [("missing",)]
    assert rows(evidence(folder), "SELECT count(*) FROM file WHERE also_in = 'web'") == [(inventory,)]
    assert said["links"].keys() == {"file"}


def test_the_commands_of_the_documentation(legacy: Path, site: str, tmp_path: Path) -> None:
    """docs/site.md: its settings, with the address of the test's site, and its commands as they stand there."""
    text = DOCS.read_text(encoding="utf-8")
    block = re.search(r"<!-- run by tests/e2e/test_harvest.py -->\n```sh\n(.*?)```", text, re.DOTALL)
    settings = next(
        yaml.safe_load(found) for found in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "sources:" in found
    )
    assert block
    folder = project(tmp_path / "my-paper", legacy, site)
    settings["sources"]["web"]["url"] = "sqlite:///legacy/legacy.sqlite"
    settings["sources"]["web"]["site"] |= {"url": site, "rate": 100_000}
    (folder / "migration.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    codes = []
    for line in block[1].splitlines():
        words = line.split("  #")[0].split()
        assert words[0] == "migrator"
        done = subprocess.run(
            [*PROGRAM, *words[1:]], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        codes.append(done.returncode)
    assert codes == [0, 0, 0, 0, 0, 3]  # 3: the newsroom's troubles are set aside
    assert rows(folder / "target.sqlite", "SELECT count(*) FROM article WHERE legacy_key LIKE 'site:%'") == [(1,)]


def test_the_documentation_names_every_state_and_table() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for state in (*states.LINK_STATES, *states.FILE_STATES):
        assert f"`{state}`" in text
    for meaning in (*states.LINK_STATES.values(), states.FILE_STATES[states.NOT_MEDIA]):
        assert meaning in text
    for table in metadata.tables:
        assert table == "meta" or f"`{table}`" in text


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        ({"profile": "nukevit"}, (), "nukevit"),
        ({"profile": []}, (), "profile"),
        ({}, ("nosuch",), "nosuch"),
        ({}, ("--check", "--reread"), "--check"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(
    legacy: Path, tmp_path: Path, change: dict[str, Any], arguments: tuple[str, ...], message: str
) -> None:
    folder = project(tmp_path / "paper", legacy, "http://127.0.0.1:1", **change)
    done = subprocess.run(
        [*PROGRAM, "harvest", "--project", str(folder), "--lang", "en", *arguments],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
