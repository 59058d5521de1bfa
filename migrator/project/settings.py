r"""``migration.yaml`` as values. All mistakes are found at once, each with its line.

```yaml
name: Báo Cửa Biển
sources:
  web:                       # name of the source; part of every legacy key
    url: env:LEGACY_URL      # database URL, or env:NAME, or file:PATH
    preset: nukeviet
    mapping: .               # folder with this source's own mapping files; what is missing there comes from the preset
    variables: {prefix: nv4}
    site: {url: "https://www.example.vn"}    # or {serve: folder}: the public site, as a second witness
      # and to be harvested: profile, rate, hosts, start, evidence (docs/site.md)
    changes: {article: {mark: edittime, overlap: 1h, scan: 7d}, tag: scan}   # how changes are found; see policies.py
    media: {root: legacy/site}               # or {url: "…"}: where the files of the media inventory lie
    staging: {read: staged, rate: 500}       # a copy of the originals in the project; see settings_staging.py
  site:
    evidence: web                            # what `migrator harvest web` found, as a source; instead of a url
    preset: site
target: {url: "sqlite:///target.sqlite"}     # or {kind: wordpress, url: …}: a platform with an API, see service.py
ledger: {url: "sqlite:///ledger.sqlite"}
vault: {url: "sqlite:///vault.sqlite"}       # where withheld records are kept, away from the target; optional
evidence: {twins: evidence/twins.sqlite}     # databases the tool itself gathered; mappings may join tables of them
twins: {left: web, right: print, links: ['-(?P<id>\d+)\.html$']}    # see policies.py
media: {folder: media}                       # where the bytes of media go, under their SHA-256; optional
deletions: {policy: report, limit: 1%}       # or withdraw: take back what the source no longer has, up to the limit
conflicts: keep                              # or overwrite, merge-fields: where an editor changed a record as well
personal_data:                               # nothing of it is taken over unless it is allowed here
  comment: {purpose: "…", legal_basis: "…"}
waivers:                                     # see waivers.py
  - {kind: copy-drift, entity: article, limit: 1%, why: "…", who: "…", expires: 2026-12-31}
notify: {email: {host: mail.example.vn, from: …, to: […]}}     # and log, metrics: see settings_notify.py
```
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from migrator.db import parse_url
from migrator.errors import ConfigurationError, Fault
from migrator.model.finding import Waiver
from migrator.model.platform import Service
from migrator.project.policies import (
    Permission,
    TwinPolicy,
    read_changes,
    read_conflicts,
    read_deletions,
    read_permissions,
    read_twins,
)
from migrator.project.presets import preset_folders, preset_variables
from migrator.project.secrets import resolve
from migrator.project.service import ServiceReader
from migrator.project.settings_notify import Notify, read_notify
from migrator.project.settings_site import MediaRoot, Site, SiteReader, evidence_path
from migrator.project.settings_staging import StagingPolicy, read_staging
from migrator.project.share import presets_folder
from migrator.project.waivers import read_waiver
from migrator.run.parts import ChangePolicy, ConflictPolicy, DeletionPolicy
from migrator.transform.document import Node, read_document
from migrator.transform.shape import Shapes, nearest

FILE = "migration.yaml"
_TOP = dict.fromkeys(
    (
        "name",
        "sources",
        "target",
        "ledger",
        "vault",
        "evidence",
        "twins",
        "media",
        "deletions",
        "conflicts",
        "personal_data",
        "waivers",
        "notify",
        "log",
        "metrics",
    )
)
_SOURCE = dict.fromkeys(("url", "preset", "mapping", "variables", "site", "media", "evidence", "changes", "staging"))


@dataclass(frozen=True, slots=True)
class Source:
    """One legacy source. ``folders`` are searched in order for mappings, crosswalks and ``audit.yaml``.

    ``evidence`` names the source whose harvest this one reads: its ``url`` is that evidence database. ``url`` is empty where
    it leads nowhere any more and everything is read from the staged copy.
    """

    name: str
    url: str
    folders: tuple[Path, ...]
    variables: Mapping[str, str]
    site: Site | None
    media: MediaRoot | None = None
    evidence: str | None = None
    changes: Mapping[str, ChangePolicy] = field(default_factory=dict)
    staging: StagingPolicy | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """A project's settings. URLs are complete: references resolved, files relative to the project folder.

    ``personal_data`` says by entity what may be taken over, and why. Without ``vault_url`` what is withheld stays in the
    legacy system; without ``media_folder`` no bytes of media are brought over. ``evidence`` are SQLite files by name.
    With ``service`` the target is a platform with an API, and ``target_url`` is empty.
    """

    folder: Path
    name: str
    sources: Mapping[str, Source]
    target_url: str
    service: Service | None
    ledger_url: str
    vault_url: str | None
    evidence: Mapping[str, Path]
    twins: TwinPolicy | None
    media_folder: Path | None
    deletions: DeletionPolicy
    conflicts: ConflictPolicy
    personal_data: Mapping[str, Permission]
    waivers: tuple[Waiver, ...]
    notify: Notify | None = None
    log: Path | None = None
    metrics: Path | None = None


def read_settings(folder: Path) -> Settings:
    """The settings of a project folder. ConfigurationError with all faults."""
    path = folder / FILE
    if not path.is_file():
        raise ConfigurationError(
            f"There is no {FILE} in {folder}.",
            "Go to a project folder, name one with --project DIR, or make one: migrator init DIR --preset nukeviet",
        )
    faults: list[Fault] = []
    tree = read_document(path, FILE, faults)
    reader = _Reader(folder)
    settings = reader.settings(tree) if tree is not None else None
    faults += reader.shapes.faults
    if faults or settings is None:
        raise ConfigurationError(f"{FILE} has {len(faults)} mistake(s).", "Correct them.", faults)
    return settings


class _Reader:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.shapes = Shapes()

    def settings(self, tree: Node) -> Settings:
        top = self.shapes.members(tree, FILE, _TOP)
        sources = self.shapes.mapping(top["sources"], "sources") if "sources" in top else {}
        if not sources:
            self.shapes.fault(tree, "no source is named", "write `sources:` with one entry, such as `web:`")
        service = self._service(top.get("target"))
        settings = Settings(
            folder=self._folder,
            name=self.shapes.text(top["name"], "name") if "name" in top else self._folder.resolve().name,
            sources=self._linked({name: self._source(name, node) for name, node in sources.items()}, sources),
            target_url=""
            if self._is_service(top.get("target"))
            else self._url(top.get("target"), "target", "sqlite:///target.sqlite"),
            service=service,
            ledger_url=self._ledger(top.get("ledger")),
            vault_url=self._url(top["vault"], "vault", "sqlite:///vault.sqlite") if "vault" in top else None,
            evidence=self._evidence(top["evidence"], sources) if "evidence" in top else {},
            twins=read_twins(top["twins"], self.shapes, sources) if "twins" in top else None,
            media_folder=self._media(top.get("media")),
            deletions=read_deletions(top["deletions"], self.shapes) if "deletions" in top else DeletionPolicy(),
            conflicts=read_conflicts(top["conflicts"], self.shapes) if "conflicts" in top else "keep",
            personal_data=read_permissions(top["personal_data"], self.shapes) if "personal_data" in top else {},
            waivers=tuple(read_waiver(node, self.shapes) for node in self._list(top.get("waivers"))),
            notify=read_notify(top["notify"], self.shapes) if "notify" in top else None,
            log=self._folder / self.shapes.text(top["log"], "log") if "log" in top else None,
            metrics=self._folder / self.shapes.text(top["metrics"], "metrics") if "metrics" in top else None,
        )
        if settings.target_url and settings.target_url in {source.url for source in settings.sources.values()}:
            self.shapes.fault(
                top.get("target", tree), "the target is a source", "name another database: nothing writes to a source"
            )
        if service is not None and settings.media_folder is not None:
            self.shapes.fault(
                top["media"], f"files go to {service.platform.name} itself", "leave `media:` out at the top of the file"
            )
        if settings.twins and settings.twins.evidence not in settings.evidence:
            hint = f"write `evidence: {{{settings.twins.evidence}: evidence/twins.sqlite}}`"
            self.shapes.fault(top["twins"], f"there is no evidence named {settings.twins.evidence!r}", hint)
        if settings.vault_url is not None and settings.vault_url == settings.target_url:
            self.shapes.fault(top.get("vault", tree), "the vault is the target", "what is withheld is kept elsewhere")
        return settings

    @staticmethod
    def _is_service(node: Node | None) -> bool:
        return node is not None and isinstance(node.value, dict) and "kind" in node.value

    def _service(self, node: Node | None) -> Service | None:
        if node is None or not self._is_service(node):
            return None
        return ServiceReader(self._folder, self.shapes).service(node)

    def _evidence(self, node: Node, sources: Collection[str]) -> Mapping[str, Path]:
        found = {}
        for name, child in self.shapes.mapping(node, "evidence").items():
            if name in sources:
                self.shapes.fault(child, f"{name!r} is a source already", "give the evidence another name")
            found[name] = self._folder / self.shapes.text(child, f"evidence.{name}")
        return found

    def _media(self, node: Node | None) -> Path | None:
        if node is None:
            return None
        members = self.shapes.members(node, "media", {"folder": None})
        if "folder" not in members:
            self.shapes.fault(node, "media has no folder", "write `media: {folder: media}`")
            return None
        return self._folder / self.shapes.text(members["folder"], "media.folder")

    def _linked(self, sources: Mapping[str, Source], nodes: Mapping[str, Node]) -> Mapping[str, Source]:
        """Sources that read a harvest, with the address of its evidence database."""
        linked = dict(sources)
        for name, source in sources.items():
            if source.evidence is None:
                continue
            harvested = sources.get(source.evidence)
            if harvested is None or (harvested.site is None and harvested.media is None):
                known = [other.name for other in sources.values() if other.site or other.media]
                self.shapes.fault(
                    nodes[name], f"there is no harvest of {source.evidence!r}", nearest(source.evidence, known)
                )
                continue
            linked[name] = replace(
                source, url=self._complete(f"sqlite:///{evidence_path(harvested.name, harvested.site)}")
            )
        return linked

    def _list(self, node: Node | None) -> list[Node]:
        return [] if node is None else self.shapes.sequence(node, "waivers")

    def _url(self, node: Node | None, what: str, default: str) -> str:
        if node is None:
            return self._complete(default)
        members = self.shapes.members(node, what, {"url": None})
        if "url" not in members:
            self.shapes.fault(node, f"{what} has no url", f'write `{what}: {{url: "{default}"}}`')
            return self._complete(default)
        return self._checked(members["url"], f"{what}.url")

    def _ledger(self, node: Node | None) -> str:
        url = self._url(node, "ledger", "sqlite:///ledger.sqlite")
        if node is not None and url and parse_url(url).get_backend_name() not in {"sqlite", "postgresql"}:
            self.shapes.fault(node, "the ledger needs SQLite or PostgreSQL", "write sqlite:///ledger.sqlite")
        return url

    def _checked(self, node: Node, what: str) -> str:
        text = self.shapes.text(node, what)
        try:
            return self._complete(resolve(text, self._folder)) if text else ""
        except ConfigurationError as error:
            self.shapes.fault(node, error.message, error.next_step)
            return ""

    def _complete(self, url: str) -> str:
        """SQLite files are meant relative to the project folder."""
        parsed = parse_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
            parsed = parsed.set(database=str(self._folder / parsed.database))
        return parsed.render_as_string(hide_password=False)

    def _source(self, name: str, node: Node) -> Source:
        members = self.shapes.members(node, f"source {name}", _SOURCE)
        if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
            self.shapes.fault(node, f"{name!r} cannot name a source", "use small letters, digits, - and _")
        if "url" not in members and "evidence" not in members:
            self.shapes.fault(node, f"source {name} has no url", "write `url: env:LEGACY_URL`")
        preset = self.shapes.text(members["preset"], "preset") if "preset" in members else None
        folders = [self._folder / (self.shapes.text(members["mapping"], "mapping") if "mapping" in members else ".")]
        variables: dict[str, str] = {}
        if preset is not None:
            inherited, variables = self._preset(members["preset"], preset)
            folders += inherited
        if "variables" in members:
            own = self.shapes.mapping(members["variables"], "variables")
            for key in own.keys() - variables.keys():
                if close := difflib.get_close_matches(key, variables, n=1, cutoff=0.75):
                    self.shapes.fault(own[key], f"the preset has no variable {key!r}", f"did you mean {close[0]!r}?")
            variables |= {key: str(value.plain()) for key, value in own.items()}
        staging = read_staging(members["staging"], self.shapes) if "staging" in members else None
        url = self._source_url(members["url"], name, staging) if "url" in members else ""
        sites = SiteReader(self._folder, self.shapes)
        site, media = sites.site(members.get("site")), sites.media(members.get("media"))
        evidence = sites.evidence(members.get("evidence"), has_url="url" in members)
        changes = read_changes(members["changes"], self.shapes) if "changes" in members else {}
        return Source(name, url, tuple(folders), variables, site, media, evidence, changes, staging)

    def _source_url(self, node: Node, name: str, staging: StagingPolicy | None) -> str:
        """The URL; empty where its reference leads nowhere and only the staged copy is read."""
        if staging is None or staging.needs_live or not isinstance(node.value, str):
            return self._checked(node, f"{name}.url")
        try:
            return self._complete(resolve(node.value, self._folder))
        except ConfigurationError:
            return ""

    def _preset(self, node: Node, name: str) -> tuple[list[Path], dict[str, str]]:
        """The folders of a preset and of those it extends, and its variables."""
        folder = presets_folder() / name
        if not (folder / "preset.yaml").is_file():
            known = [path.parent.name for path in presets_folder().glob("*/preset.yaml")]
            self.shapes.fault(node, f"there is no preset {name!r}", nearest(name, known))
            return [], {}
        return preset_folders(name), preset_variables(name, self.shapes.faults)
