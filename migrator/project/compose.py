"""A project folder becomes the objects a run, a verification or a report works with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from migrator import __version__
from migrator.db import parse_url
from migrator.errors import ConfigurationError, Fault
from migrator.extract.sql import SqlExtractor
from migrator.extract.sql.survey import SqlSurvey
from migrator.extract.staged import Catalogue, StagedExtractor, StagedSurvey, read_catalogue
from migrator.ledger import SqlLedger
from migrator.load.media import MediaFolder
from migrator.load.sql import SqlLoader, SqlVault
from migrator.model.audit import Audit
from migrator.model.content import in_load_order
from migrator.model.record import split_key
from migrator.ports import EntityMapping, Extractor, FileSource, Loader, Reader, Survey
from migrator.project.audit_check import audit_faults
from migrator.project.audits import audit_files, read_source_audit, unaccounted_tables
from migrator.project.legacy_site import served
from migrator.project.personal import is_denied, permitted, personal_faults, without_personal
from migrator.project.secrets import resolve
from migrator.project.service import carried, unheld_faults, without_left_out
from migrator.project.settings import FILE, Settings, Source, read_settings
from migrator.project.settings_site import evidence_path
from migrator.project.share import presets_folder
from migrator.read.sql.source import SqlWitness
from migrator.read.sql.staged import StagedWitness, looked_up
from migrator.read.sql.target import SqlReader
from migrator.run.parts import ChangePolicy, Parts
from migrator.transform.check import check
from migrator.transform.compile import compile_mapping
from migrator.transform.estate import SourceFacts
from migrator.transform.outside import Outside
from migrator.transform.shape import nearest
from migrator.transform.syntax import EntityDeclaration, read_mappings

if TYPE_CHECKING:
    from migrator.read.site import SitemapIndex


class Project:
    """A project folder. Everything is opened when it is first asked for, and closed with the project.

    ``allow_python``: somebody has read the project's ``python:`` steps and lets them run.
    """

    def __init__(self, folder: Path, *, allow_python: bool = False) -> None:
        self.folder = folder
        self.allows_python = allow_python
        self.settings: Settings = read_settings(folder)
        self._open = ExitStack()

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close whatever was opened."""
        self._open.close()

    # --- the source side ---
    @cached_property
    def extractors(self) -> Mapping[str, Extractor]:
        """An extractor a source, and one an evidence database. Each knows the others: sides may be in another one."""
        urls = {name: source.url for name, source in self.settings.sources.items() if not _is_staged(source, "read")}
        for name, source in self.settings.sources.items():
            if source.evidence is not None:
                _demand_evidence(name, Path(str(parse_url(source.url).database)))
        for name, path in self.settings.evidence.items():
            _demand_evidence(name, path)
            urls[name] = f"sqlite:///{path}"
        extractors: dict[str, SqlExtractor | StagedExtractor] = {
            name: self._extractor(name, url) for name, url in urls.items()
        }
        for name, source in self.settings.sources.items():
            if _is_staged(source, "read"):
                extractors[name] = self._staged_extractor(name)
        for extractor in extractors.values():
            extractor.link(extractors)
        return extractors

    def _extractor(self, name: str, url: str) -> SqlExtractor:
        extractor = SqlExtractor(url, name)
        self._open.callback(extractor.close)
        return extractor

    def _staged_extractor(self, name: str) -> StagedExtractor:
        extractor = StagedExtractor(staging_folder(self.folder, name), self._catalogue(name))
        self._open.callback(extractor.close)
        return extractor

    def _catalogue(self, name: str) -> Catalogue:
        """The staged copy of a source. ConfigurationError where there is none."""
        catalogue = read_catalogue(staging_folder(self.folder, name))
        if catalogue is None:
            raise ConfigurationError(
                f"'{name}' is to be read from its staged copy, but none is whole.",
                f"Make it: 'migrator stage {name}'; or read the live source: staging: {{read: live}}.",
            )
        return catalogue

    def survey(self, name: str) -> Survey:
        """Counts what stands in a source, or in its staged copy where that is read. Whoever asks for it closes it."""
        if _is_staged(self.settings.sources[name], "read"):
            return StagedSurvey(staging_folder(self.folder, name), self._catalogue(name))
        return SqlSurvey(self.settings.sources[name].url)

    @cached_property
    def _read(self) -> tuple[Mapping[str, dict[str, EntityDeclaration]], list[Fault]]:
        declarations, faults = {}, []
        for name, source in self.settings.sources.items():
            outside = Outside(source.folders[0] if self.allows_python else None, partial(resolve, folder=self.folder))
            read, found = read_mappings(source.folders, presets_folder(), name, source.variables, None, outside)
            allowed = self.settings.personal_data
            declarations[name] = carried(self.settings.service, permitted(read, allowed))
            faults += [fault for fault in found if not is_denied(fault, allowed)]
            faults += personal_faults(declarations[name], allowed)
        return declarations, faults

    @property
    def declarations(self) -> Mapping[str, dict[str, EntityDeclaration]]:
        """Mapping declarations by source and entity, as far as they could be read."""
        return self._read[0]

    def faults(self) -> Sequence[Fault]:
        """Every mistake of the mappings and the audit statement, checked against the sources."""
        return self._faults

    @cached_property
    def _faults(self) -> Sequence[Fault]:
        declarations, faults = self._read
        found = list(faults)
        if self.settings.service is not None:
            found += unheld_faults(self.settings.service, declarations, str(self.folder / FILE))
        estate = {
            name: SourceFacts(extractor.tables(), extractor.columns, declarations.get(name, {}).keys())
            for name, extractor in self.extractors.items()
        }
        for name, source in self.settings.sources.items():
            tables = self.extractors[name].tables()
            found += check(declarations[name], tables, self.extractors[name].columns, estate)
            try:
                audit = self._audit(source)
            except ConfigurationError as error:
                found += error.faults
            else:
                found += unaccounted_tables(source, declarations[name], audit, tables)
                found += audit_faults(audit, audit_files(source), tables, self.extractors[name].columns)
        return found

    def mappings(self) -> Mapping[tuple[str, str], EntityMapping]:
        """Compiled mappings by source and entity. ConfigurationError with all faults where there are any."""
        if faults := self.faults():
            raise ConfigurationError(f"The mappings have {len(faults)} mistake(s).", "Correct them.", faults)
        return self._compiled

    @cached_property
    def _compiled(self) -> Mapping[tuple[str, str], EntityMapping]:
        return {
            (source, entity): compile_mapping(declaration)
            for source, declarations in self.declarations.items()
            for entity, declaration in declarations.items()
        }

    @property
    def entities(self) -> tuple[str, ...]:
        """Entities that have a mapping, in load order."""
        return in_load_order(entity for declarations in self.declarations.values() for entity in declarations)

    def demand(self, entities: Sequence[str], keys: Sequence[str] = ()) -> None:
        """ConfigurationError for an entity that has no mapping, and for a key the source does not have."""
        mappings = self.mappings()
        for entity in entities:
            if entity not in self.entities:
                raise ConfigurationError(f"There is no mapping of {entity!r}.", nearest(entity, self.entities))
        for key in keys:
            pair = _pair(key)
            mapping = mappings.get(pair)
            if mapping is None or not self.extractors[pair[0]].existing(mapping.selection, [key]):
                raise ConfigurationError(f"There is no row {key}.", "Keys are written source:entity:legacy-id.")

    def mapping_digest(self) -> str:
        """SHA-256 (hex) over the fingerprints of all mappings: changes when any result could."""
        digest = hashlib.sha256(__version__.encode())
        for (source, entity), mapping in sorted(self._compiled.items()):
            digest.update(f"{source}:{entity}:".encode() + mapping.fingerprint)
        return digest.hexdigest()

    # --- the target side ---
    @cached_property
    def ledger(self) -> SqlLedger:
        """The project's memory."""
        ledger = SqlLedger(self.settings.ledger_url)
        self._open.callback(ledger.close)
        return ledger

    @property
    def has_ledger(self) -> bool:
        """Whether a run was ever begun here (only known without opening it for an SQLite ledger)."""
        url = parse_url(self.settings.ledger_url)
        return url.get_backend_name() != "sqlite" or Path(str(url.database)).is_file()

    def parts(self) -> Parts:
        """What a run works with. A ledger or a target that cannot be used is found before the other one is made."""
        self.mappings()
        if self.has_ledger:
            _ = self.ledger
        loader = self.loader()
        loader.prepare()
        return self._parts(loader)

    def worker_parts(self) -> Parts:
        """The same, where another process has checked the mappings and prepared the target."""
        return self._parts(self.loader())

    def _parts(self, loader: Loader) -> Parts:
        vault = self._vault()
        fences = [written.fence for written in (loader, vault) if isinstance(written, (SqlLoader, SqlVault))]
        return Parts(
            self.extractors, self._compiled, loader, self.ledger, vault, self.media(), self.settings.deletions,
            self.reader, self.settings.conflicts, self.changes(), fences,
        )  # fmt: skip

    def loader(self) -> Loader:
        """Writes the target; not asked yet whether it is there."""
        service = self.settings.service
        if service is None:
            loader: Loader = SqlLoader(self.settings.target_url)
        else:
            # Not at the top: with it comes the whole of HTTP, which an SQL target does not need.
            from migrator.load.wordpress import WordPressLoader

            loader = WordPressLoader(service, self._files())
        self._open.callback(loader.close)
        return loader

    def _files(self) -> Sequence[FileSource]:
        """The files that harvests have kept."""
        # Not at the top: with it comes the reading of pages, half a second to import that few commands need.
        from migrator.extract.site.files import FileStore

        kept = {evidence_path(source.name, source.site) for source in self.settings.sources.values()}
        return [FileStore(folder) for folder in dict.fromkeys((self.folder / path).parent for path in sorted(kept))]

    def changes(self) -> Mapping[tuple[str, str], ChangePolicy]:
        """How changes are found, by source and entity. ConfigurationError for a column the entity does not have."""
        found = {}
        for name, source in self.settings.sources.items():
            for entity, policy in source.changes.items():
                if (name, entity) not in self._compiled:
                    raise ConfigurationError(f"{name}.changes: there is no mapping of {entity!r}.", "")
                selection = self._compiled[name, entity].selection
                extractor = self.extractors[name]
                columns = (
                    extractor.tables()[selection.table].columns
                    if selection.table is not None
                    else extractor.columns(str(selection.sql))
                )
                if policy.column is not None and policy.column not in columns:
                    raise ConfigurationError(
                        f"{name}.changes.{entity}: there is no column {policy.column!r}.",
                        nearest(policy.column, columns),
                    )
                found[name, entity] = policy
        return found

    def media(self) -> MediaFolder | None:
        """Brings files from the evidence of every source that was harvested; None where the project brings none."""
        if self.settings.media_folder is None:
            return None
        return MediaFolder(self.settings.media_folder, self._files())

    def _vault(self) -> SqlVault | None:
        if self.settings.vault_url is None:
            return None
        vault = SqlVault(self.settings.vault_url)
        self._open.callback(vault.close)
        return vault

    # --- the auditor's side ---
    def audits(self) -> list[Audit]:
        """The audit statement of each source."""
        return [self._audit(source) for source in self.settings.sources.values()]

    def _audit(self, source: Source) -> Audit:
        audit = without_personal(read_source_audit(source), self.settings.personal_data)
        return without_left_out(self.settings.service, audit)

    @cached_property
    def reader(self) -> Reader:
        """Reads the target back."""
        service = self.settings.service
        if service is None:
            reader: Reader = SqlReader(self.settings.target_url)
        else:
            from migrator.read.wordpress import WordPressReader  # not at the top, as its loader

            reader = WordPressReader(service)
        self._open.callback(reader.close)
        return reader

    @cached_property
    def witnesses(self) -> Mapping[str, SqlWitness]:
        """A witness a source."""
        witnesses = {}
        for name, source in self.settings.sources.items():
            witnesses[name] = (
                self._staged_witness(source) if _is_staged(source, "witness") else SqlWitness(source.url, name)
            )
            self._open.callback(witnesses[name].close)
        return witnesses

    def witnessed_copies(self) -> Mapping[str, tuple[str, str]]:
        """The sources of which the witness reads the staged copy: when it was begun, and the SHA-256 of its catalogue."""
        found = {}
        for name, source in self.settings.sources.items():
            if _is_staged(source, "witness"):
                catalogue = self._catalogue(name)
                found[name] = (catalogue.copy.began_at, catalogue.digest)
        return found

    def _staged_witness(self, source: Source) -> StagedWitness:
        self._catalogue(source.name)
        audit = self._audit(source)
        return StagedWitness(staging_folder(self.folder, source.name), source.name, looked_up(audit))

    @contextmanager
    def site(self, audits: Sequence[Audit]) -> Iterator[SitemapIndex | None]:
        """The public site as its sitemaps list it, open while the block runs; None where the project names none.

        The first source that names a site is asked: one paper has one public site.
        """
        from migrator.read.site import SitemapIndex  # not at the top, as the loader of WordPress

        for audit in audits:
            source = self.settings.sources[audit.source]
            if source.site is None or audit.site is None:
                continue
            domain = source.variables.get("domain", "")
            hosts = frozenset({domain, f"www.{domain}"}) if domain else frozenset[str]()
            with ExitStack() as stack:
                url = stack.enter_context(served(source.site.serve)) if source.site.serve else str(source.site.url)
                yield SitemapIndex.over_http(url, audit.site.sitemaps, hosts)
            return
        yield None


def staging_folder(project: Path, source: str) -> Path:
    """Where the staged copy of a source stands in a project folder."""
    return project / "staging" / source


def _is_staged(source: Source, reader: Literal["read", "witness"]) -> bool:
    """Whether the staged copy of a source stands in for it."""
    return source.staging is not None and getattr(source.staging, reader) == "staged"


def _demand_evidence(name: str, path: Path) -> None:
    """ConfigurationError where evidence was not gathered."""
    if not path.is_file():
        raise ConfigurationError(
            f"The evidence '{name}' has not been gathered: there is no {path}.",
            "Gather it: 'migrator twins' compares two sources, 'migrator harvest' reads the site and the media.",
        )


def _pair(key: str) -> tuple[str, str]:
    """Source and entity of a key; empty where it is none."""
    try:
        source, entity, _ = split_key(key)
    except ValueError:
        return "", ""
    return source, entity
