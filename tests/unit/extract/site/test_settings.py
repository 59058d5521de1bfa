"""The keys of migration.yaml that concern the site and its media."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.errors import ConfigurationError
from migrator.project.compose import Project
from migrator.project.harvest import harvestable
from migrator.project.settings import Settings, read_settings
from migrator.project.settings_site import MediaRoot, Site, evidence_path


def settings(folder: Path, sources: str) -> Settings:
    (folder / "migration.yaml").write_text(f"sources:\n{sources}", encoding="utf-8")
    return read_settings(folder)


def faults(folder: Path, sources: str) -> list[tuple[int, str]]:
    with pytest.raises(ConfigurationError) as raised:
        settings(folder, sources)
    return [(fault.line, fault.message) for fault in raised.value.faults]


def test_a_site_with_everything(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        """\
  web:
    url: sqlite:///legacy.sqlite
    site:
      url: "https://www.paper.example/"
      profile: [nukeviet, channel]
      rate: 0.5
      names: "203.0.113.48:9000"
      hosts: static.paper.example
      start: [/rss/]
      evidence: elsewhere/web.sqlite
    media: {root: legacy/site}
  site: {evidence: web}
""",
    )
    web, site = found.sources["web"], found.sources["site"]
    assert web.site == Site(
        "https://www.paper.example", None, ("nukeviet", "channel"), 0.5, ("203.0.113.48:9000",),
        ("static.paper.example",), ("/rss/",), "elsewhere/web.sqlite",
    )  # fmt: skip
    assert web.media == MediaRoot(tmp_path / "legacy/site", None)
    assert site.url == f"sqlite:///{tmp_path}/elsewhere/web.sqlite"
    assert site.evidence == "web"


def test_what_is_left_out(tmp_path: Path) -> None:
    web = settings(tmp_path, '  web: {url: "sqlite:///a.sqlite", site: {url: "http://a.example"}}').sources["web"]
    assert web.site == Site("http://a.example", None, (), 1.0)
    assert evidence_path("web", web.site) == "evidence/web.sqlite"
    served = settings(tmp_path, '  web: {url: "sqlite:///a.sqlite", site: {serve: pages}}').sources["web"].site
    assert served == Site(None, tmp_path / "pages", (), 0.0)


def test_a_paper_without_a_database_reads_its_own_harvest(tmp_path: Path) -> None:
    own = settings(tmp_path, '  old: {evidence: old, site: {url: "http://a.example"}}').sources["old"]
    assert own.url == f"sqlite:///{tmp_path}/evidence/old.sqlite"


def test_all_mistakes_at_once_with_their_lines(tmp_path: Path) -> None:
    said = faults(
        tmp_path,
        """\
  web:
    url: sqlite:///legacy.sqlite
    site:
      url: www.paper.example
      rate: fast
      profil: nukeviet
    media: {root: a, url: "http://b.example"}
  other:
    evidence: wbe
  both:
    url: sqlite:///x.sqlite
    evidence: web
""",
    )
    assert (5, "'www.paper.example' is no address of a site") in said
    assert (6, "rate must be a number above 0") in said
    assert (7, "unknown key 'profil' in site") in said
    assert (8, "media needs either root or url") in said
    assert (9, "there is no harvest of 'wbe'") in said
    assert (13, "a source has either url or evidence") in said


@pytest.mark.parametrize("rate", ["0", "-1", "true", '"2"', "null"])
def test_a_rate_is_a_number_above_zero(tmp_path: Path, rate: str) -> None:
    source = f'  web: {{url: "sqlite:///a.sqlite", site: {{url: "http://a.example", rate: {rate}}}}}'
    assert [message for _, message in faults(tmp_path, source)] == ["rate must be a number above 0"]


def test_a_site_needs_an_address_or_a_folder(tmp_path: Path) -> None:
    said = faults(tmp_path, '  web: {url: "sqlite:///a.sqlite", site: {profile: nukeviet}}')
    assert said == [(2, "site needs url or serve")]


@pytest.mark.parametrize(
    ("sources", "name", "said"),
    [
        ('  web: {url: "sqlite:///a.sqlite"}', None, "No source has a site or media"),
        (
            "  web: {evidence: web, media: {root: a}}\n  print: {evidence: print, media: {root: b}}",
            None,
            "Several sources",
        ),
        ("  web: {evidence: web, media: {root: a}}", "wbe", "no site or media of 'wbe'"),
    ],
)
def test_which_source_is_meant(tmp_path: Path, sources: str, name: str | None, said: str) -> None:
    settings(tmp_path, sources)
    with Project(tmp_path) as project, pytest.raises(ConfigurationError, match=said):
        harvestable(project, name)


def test_the_only_source_with_a_site_is_meant(tmp_path: Path) -> None:
    settings(tmp_path, '  web: {url: "sqlite:///a.sqlite", media: {root: a}}\n  print: {url: "sqlite:///b.sqlite"}')
    with Project(tmp_path) as project:
        assert harvestable(project, None).name == "web"
