"""``migration.yaml`` as values. All mistakes are found at once, each with its line.

```yaml
name: Báo Cửa Biển
sources:
  web:                       # name of the source; part of every legacy key
    url: env:LEGACY_URL      # database URL, or env:NAME, or file:PATH
    preset: nukeviet
    mapping: .               # folder with this source's own mapping files; what is missing there comes from the preset
    variables: {prefix: nv4}
    site: {url: "https://www.example.vn"}    # or {serve: folder}: the public site, as a second witness
target: {url: "sqlite:///target.sqlite"}
ledger: {url: "sqlite:///ledger.sqlite"}
waivers:                                     # see waivers.py
  - {kind: copy-drift, entity: article, limit: 1%, why: "…", who: "…", expires: 2026-12-31}
```
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from migrator.db import parse_url
from migrator.errors import ConfigurationError, Fault
from migrator.model.finding import Waiver
from migrator.project.presets import preset_folders, preset_variables
from migrator.project.secrets import resolve
from migrator.project.share import presets_folder
from migrator.project.waivers import read_waiver
from migrator.transform.document import Node, read_document
from migrator.transform.shape import Shapes, nearest

FILE = "migration.yaml"
_TOP = dict.fromkeys(("name", "sources", "target", "ledger", "waivers"))
_SOURCE = dict.fromkeys(("url", "preset", "mapping", "variables", "site"))
_SITE = dict.fromkeys(("url", "serve"))


@dataclass(frozen=True, slots=True)
class Site:
    """The public legacy site: an address, or a folder of static pages to serve on this machine while the tool works."""

    url: str | None
    serve: Path | None


@dataclass(frozen=True, slots=True)
class Source:
    """One legacy source. ``folders`` are searched in order for mappings, crosswalks and ``audit.yaml``."""

    name: str
    url: str
    folders: tuple[Path, ...]
    variables: Mapping[str, str]
    site: Site | None


@dataclass(frozen=True, slots=True)
class Settings:
    """A project's settings. URLs are complete: references resolved, files relative to the project folder."""

    folder: Path
    name: str
    sources: Mapping[str, Source]
    target_url: str
    ledger_url: str
    waivers: tuple[Waiver, ...]


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
        settings = Settings(
            folder=self._folder,
            name=self.shapes.text(top["name"], "name") if "name" in top else self._folder.resolve().name,
            sources={name: self._source(name, node) for name, node in sources.items()},
            target_url=self._url(top.get("target"), "target", "sqlite:///target.sqlite"),
            ledger_url=self._ledger(top.get("ledger")),
            waivers=tuple(read_waiver(node, self.shapes) for node in self._list(top.get("waivers"))),
        )
        if settings.target_url in {source.url for source in settings.sources.values()}:
            self.shapes.fault(
                top.get("target", tree), "the target is a source", "name another database: nothing writes to a source"
            )
        return settings

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
        if "url" not in members:
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
        url = self._checked(members["url"], f"{name}.url") if "url" in members else ""
        return Source(name, url, tuple(folders), variables, self._site(members.get("site")))

    def _preset(self, node: Node, name: str) -> tuple[list[Path], dict[str, str]]:
        """The folders of a preset and of those it extends, and its variables."""
        folder = presets_folder() / name
        if not (folder / "preset.yaml").is_file():
            known = [path.parent.name for path in presets_folder().glob("*/preset.yaml")]
            self.shapes.fault(node, f"there is no preset {name!r}", nearest(name, known))
            return [], {}
        return preset_folders(name), preset_variables(name, self.shapes.faults)

    def _site(self, node: Node | None) -> Site | None:
        if node is None:
            return None
        members = self.shapes.members(node, "site", _SITE)
        if len(members) != 1:
            self.shapes.fault(node, "site needs either url or serve", 'write `site: {url: "https://…"}`')
            return None
        if "serve" in members:
            return Site(None, self._folder / self.shapes.text(members["serve"], "serve"))
        return Site(self.shapes.text(members["url"], "url").rstrip("/"), None)
