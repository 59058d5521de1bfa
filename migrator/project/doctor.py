"""The doctor's round through a project: everything is asked, whatever was found before; nothing is changed."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from migrator import __version__, mail
from migrator.db import parse_url
from migrator.doctor import clocks, encodings, engines, folders, ledger, limits, rights, sites, space, versions
from migrator.doctor.diagnosis import Diagnosis, Level
from migrator.doctor.secrets import Reference, secrets
from migrator.errors import ConfigurationError, Fault, MigratorError
from migrator.ledger.health import ledger_facts
from migrator.load.sql.trial import try_writing
from migrator.load.wordpress import WordPressLoader
from migrator.model.content import ENTITIES
from migrator.model.server import ServerFacts
from migrator.project.compose import Project
from migrator.project.doctor_site import SUBJECT as SITE
from migrator.project.doctor_site import site_diagnoses
from migrator.project.examination import FOLDER as VERIFICATION
from migrator.project.notify import mail_server
from migrator.project.settings import FILE, Source
from migrator.project.volume import evidence_databases, volume_of
from migrator.read.sql.server import server_facts
from migrator.transform.document import Node, read_document

_REFERENCE = re.compile(r"(env|file):(?!//)(\S+)")
_OPEN_PASSWORD = re.compile(r"[a-z][a-z0-9+]*://[^/@\s:]*:[^/@\s]+@")
FAULTS_NAMED = 200
T = TypeVar("T")


def diagnose(folder: Path, *, allow_python: bool = False) -> list[Diagnosis]:
    """Every check of the project in a folder. ConfigurationError where there is no project at all."""
    found = versions.own_version(__version__, sys.version_info[:3]) + clocks.own_zone(datetime.now().astimezone())
    found += secrets(_references(folder), folder, os.environ)
    try:
        project = Project(folder, allow_python=allow_python)
    except ConfigurationError as error:
        if not (folder / FILE).is_file():
            raise
        return found + _mistakes("settings", error)
    with project:
        return found + _Round(project).all()


class _Round:
    """One project. A check that cannot be made says so and leaves the others alone."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._settings = project.settings
        self._is_busy = False
        self._room_at_site: int | None = None

    def all(self) -> list[Diagnosis]:
        """Sources, mappings, target, vault, ledger, folders, space."""
        known = self._ledger()
        self._is_busy = any(diagnosis.code == "ledger_held" for diagnosis in known)
        found = self._evidence()
        unreachable = [name for source in self._settings.sources.values() for name in self._unreachable(source, found)]
        keys: dict[str, dict[str, Sequence[str]]] = {}
        mapped = not unreachable and not any(d.level is Level.FAULT and d.check == "evidence" for d in found)
        if mapped:
            mapped = self._mappings(found)
            keys = self._tables() if mapped else {}
        else:
            found.append(Diagnosis("mapping", "", Level.UNCHECKED, "mapping_unchecked"))
        for source in self._settings.sources.values():
            if source.name not in unreachable and source.evidence is None:
                found += self._source(source, keys.get(source.name, {}))
        if self._settings.service is not None:
            found += self._site()
        for place, url in self._written().items():
            found += self._target(place, url)
        found += known
        found += self._folders()
        found += self._notify()
        found += self._space() if mapped else [Diagnosis(space.CHECK, "", Level.UNCHECKED, "space_unchecked")]
        return found

    # --- sources ---
    def _evidence(self) -> list[Diagnosis]:
        """Databases the tool gathers: those a source reads or mappings join must be there."""
        read = {source.evidence for source in self._settings.sources.values()}
        found = []
        for name, path in evidence_databases(self._project).items():
            found += folders.evidence(f"harvest {name}", path, is_needed=name in read)
        for name, path in self._settings.evidence.items():
            found += folders.evidence(f"evidence {name}", path, is_needed=True)
        return found

    def _unreachable(self, source: Source, found: list[Diagnosis]) -> Iterator[str]:
        """The source's name where it does not answer. A source read from a harvest that is not there was told already."""
        if source.evidence is not None:
            if not Path(str(parse_url(source.url).database)).is_file():
                yield source.name
            return
        if _is_copy(source):
            copy = _tried("access", f"source {source.name}", lambda: self._project.extractors[source.name].tables())
            if isinstance(copy, Diagnosis):
                found.append(copy)
                yield source.name
            else:
                found.append(Diagnosis("access", f"source {source.name}", Level.OK, "staged"))
            return
        answer = _tried("access", f"source {source.name}", lambda: server_facts(source.url, ("",)))
        if isinstance(answer, Diagnosis):
            found.append(answer)
            yield source.name
        else:
            found.append(Diagnosis("access", f"source {source.name}", Level.OK, "reached"))

    def _mappings(self, found: list[Diagnosis]) -> bool:
        """Whether the mappings hold, with their mistakes put on record."""
        try:
            mappings = self._project.mappings()
        except MigratorError as error:
            found += _mistakes("mapping", error)
            return False
        found.append(Diagnosis("mapping", "", Level.OK, "mapping_good", {"entities": len(mappings)}))
        return True

    def _tables(self) -> dict[str, dict[str, Sequence[str]]]:
        """By source the tables that are read, each with the columns that make its keys."""
        found: dict[str, dict[str, Sequence[str]]] = {}
        for (name, _), mapping in self._project.mappings().items():
            selection = mapping.selection
            tables = found.setdefault(name, {})
            if selection.table:
                tables[selection.table] = selection.key
            for side in selection.sides:
                if side.table and side.source is None:
                    tables.setdefault(side.table, ())
        return found

    def _source(self, source: Source, keys: Mapping[str, Sequence[str]]) -> list[Diagnosis]:
        if _is_copy(source):
            return []
        subject = f"source {source.name}"
        facts = _tried("access", subject, lambda: server_facts(source.url, tuple(keys)))
        if isinstance(facts, Diagnosis):
            return [facts]
        return [
            *rights.source_rights(subject, facts),
            *_both(subject, facts, is_target=False),
            *encodings.mislabelled(subject, facts),
            *encodings.folded_keys(subject, facts, keys),
        ]

    # --- what is written ---
    def _written(self) -> dict[str, str]:
        vault = {"vault": self._settings.vault_url} if self._settings.vault_url else {}
        target = {"target": self._settings.target_url} if self._settings.service is None else {}
        return {**target, **vault}

    def _site(self) -> list[Diagnosis]:
        loader = self._project.loader()
        assert isinstance(loader, WordPressLoader)
        found, self._room_at_site = site_diagnoses(loader, self._project.reader, is_busy=self._is_busy)
        return found

    def _target(self, subject: str, url: str) -> list[Diagnosis]:
        # a run that is going on holds an SQLite target: the trial would wait for it, and tell nothing new
        tried = not self._is_busy and _tried("access", subject, lambda: try_writing(url))
        if isinstance(tried, Diagnosis):
            return [tried]
        if (file := _file_of(url)) is not None and not file.is_file():
            return [Diagnosis("access", subject, Level.OK, "will_be_made", {"path": str(file)})]
        facts = _tried("access", subject, lambda: server_facts(url, _newsroom_tables(url)))
        if isinstance(facts, Diagnosis):
            return [facts]
        reached = Diagnosis("access", subject, Level.OK, "written_and_taken_back" if tried else "reached")
        return [reached, *rights.target_rights(subject, facts), *_both(subject, facts, is_target=True)]

    def _ledger(self) -> list[Diagnosis]:
        url = self._settings.ledger_url
        facts = _tried("access", "ledger", lambda: ledger_facts(url))
        if isinstance(facts, Diagnosis):
            return [facts]
        found = ledger.ledger(facts)
        if not facts.alive:  # SQLite would wait for the run that is writing
            tried = _tried("access", "ledger", lambda: try_writing(url))
            found.append(tried if isinstance(tried, Diagnosis) else Diagnosis("access", "ledger", Level.OK, "reached"))
        return found

    # --- this machine ---
    def _folders(self) -> list[Diagnosis]:
        found = []
        if self._settings.media_folder is not None:
            found += folders.to_write("media", self._settings.media_folder)
        for source in self._settings.sources.values():
            if source.media is not None and source.media.root is not None:
                found += folders.to_read(f"media of {source.name}", source.media.root)
            if source.site is not None and source.site.serve is not None:
                found += folders.to_read(f"site of {source.name}", source.site.serve)
        for what, file in (("log", self._settings.log), ("metrics", self._settings.metrics)):
            if file is not None:
                # neither is made with its folder
                found += (
                    folders.to_read(what, file.parent)
                    if not file.parent.is_dir()
                    else folders.to_write(what, file.parent)
                )
        return found + folders.to_write("report", self._project.folder / VERIFICATION)

    def _notify(self) -> list[Diagnosis]:
        """The mail server is greeted; a webhook cannot be asked without telling it something."""
        settings, found = self._settings.notify, []
        if settings is not None and settings.email is not None:
            email = settings.email
            tried = _tried("notify", "email", lambda: mail.reach(mail_server(email, self._project.folder)))
            if isinstance(tried, Diagnosis):  # it would not stop the run
                tried = Diagnosis(tried.check, tried.subject, Level.WARNING, tried.code, tried.facts)
            found.append(tried or Diagnosis("notify", "email", Level.OK, "mail_reached"))
        if settings is not None and settings.webhook is not None:
            found.append(Diagnosis("notify", "webhook", Level.UNCHECKED, "webhook_untried"))
        return found

    def _space(self) -> list[Diagnosis]:
        volume = _tried(space.CHECK, "", lambda: volume_of(self._project))
        if isinstance(volume, Diagnosis):
            return [volume]
        found = []
        if self._settings.media_folder is not None and not volume.files:
            found.append(Diagnosis(space.CHECK, "media", Level.UNCHECKED, "media_unknown"))
        needs = [
            space.Need("report", self._project.folder, volume.rows * space.REPORT_BYTES_A_ROW, files=2_000),
            *_database("ledger", self._settings.ledger_url, volume.rows * space.LEDGER_BYTES_A_ROW),
        ]
        if self._settings.service is not None:
            found.append(sites.room(SITE, self._room_at_site, volume.file_bytes))
        else:
            needs += _database("target", self._settings.target_url, space.target_bytes(volume))
        if self._settings.media_folder is not None:
            there_files, there_bytes = _contents(self._settings.media_folder)
            needs.append(
                space.Need("media", self._settings.media_folder, max(volume.file_bytes - there_bytes, 0),
                           max(volume.files - there_files, 0))
            )  # fmt: skip
        known = [need for need in needs if need.path != Path()]
        for need in needs:
            if need.path == Path():
                said = {"wanted_gb": round(need.size_bytes / 1e9, 2)}
                found.append(Diagnosis(space.CHECK, need.what, Level.UNCHECKED, "space_elsewhere", said))
        return found + space.space(known)


def _both(subject: str, facts: ServerFacts, *, is_target: bool) -> list[Diagnosis]:
    return [
        *versions.server_version(subject, facts, is_target=is_target),
        *clocks.clock(subject, facts),
        *encodings.encoding(subject, facts, is_target=is_target),
        *engines.engines(subject, facts, is_target=is_target),
        *limits.limits(subject, facts, is_target=is_target),
    ]


def _database(what: str, url: str, size_bytes: int) -> list[space.Need]:
    """What a database will grow by. Where its files cannot be seen from here, the path is empty."""
    if (file := _file_of(url)) is not None:
        there = file.stat().st_size if file.is_file() else 0
        return [space.Need(what, file.parent, max(size_bytes - there, 0))]
    try:
        facts = server_facts(url, ("",))
    except MigratorError:
        return []  # told already
    folder = Path(facts.data_folder) if facts.is_here and facts.data_folder else None
    return [space.Need(what, folder if folder is not None and folder.exists() else Path(), size_bytes)]


def _file_of(url: str) -> Path | None:
    """The file of an SQLite database."""
    parsed = parse_url(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None


def _newsroom_tables(url: str) -> list[str]:
    """Tables of the newsroom schema that stand there: an entity's own, and those that begin with its name."""
    facts = server_facts(url, ())
    own = [t.name for t in facts.tables if any(t.name == e or t.name.startswith(f"{e}_") for e in ENTITIES)]
    return own or [""]


def _contents(folder: Path) -> tuple[int, int]:
    """Files below a folder, and their bytes."""
    files = size = 0
    for path, _, names in os.walk(folder):
        files += len(names)
        for name in names:
            with suppress(OSError):  # gone since it was listed
                size += os.path.getsize(os.path.join(path, name))
    return files, size


def _is_copy(source: Source) -> bool:
    """Whether nothing but the staged copy of a source is read."""
    return source.staging is not None and not source.staging.needs_live


def _tried(check: str, subject: str, ask: Callable[[], T]) -> T | Diagnosis:
    """The answer, or the error as a diagnosis."""
    try:
        return ask()
    except MigratorError as error:
        said = {"message": error.message, "next_step": error.next_step}
        return Diagnosis(check, subject, Level.FAULT, "refused", said)


def _mistakes(check: str, error: MigratorError) -> list[Diagnosis]:
    """Each fault of a configuration on a line of its own."""
    faults: Sequence[Fault] = error.faults if isinstance(error, ConfigurationError) else ()
    if not faults:
        return [Diagnosis(check, "", Level.FAULT, "refused", {"message": error.message, "next_step": error.next_step})]
    return [
        Diagnosis(
            check, f"{Path(f.file).name}:{f.line}", Level.FAULT, "mistake", {"message": f.message, "hint": f.hint}
        )
        for f in faults[:FAULTS_NAMED]
    ]


def _references(folder: Path) -> list[Reference]:
    """Every reference to a secret in the project's own YAML files, each once."""
    found: dict[tuple[str, str], Reference] = {}
    for path in sorted(folder.glob("*.yaml")):
        tree = read_document(path, path.name, [])
        for text, place in _texts(tree) if tree is not None else ():
            if (read := _REFERENCE.fullmatch(text)) is not None:
                found.setdefault((read[1], read[2]), Reference(read[1], read[2], place))
            elif path.name == FILE and _OPEN_PASSWORD.match(text):
                found[place, ""] = Reference("plain", "", place)
    return list(found.values())


def _texts(node: Node) -> Iterator[tuple[str, str]]:
    """Every text of a tree with its place."""
    if isinstance(node.value, dict):
        for member in node.value.values():
            yield from _texts(member)
    elif isinstance(node.value, list):
        for member in node.value:
            yield from _texts(member)
    elif isinstance(node.value, str):
        yield node.value, str(node.place)
