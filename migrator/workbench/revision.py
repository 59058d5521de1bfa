"""An older state of a mapping: a revision git keeps, a folder, or a ZIP file. Only mapping files are taken out of it."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from migrator.errors import ConfigurationError

MAX_BYTES = 5_000_000
MAX_FILES = 2_000

_LINK = "120000"


@contextmanager
def older_mapping(
    project: Path, revision: str | None, against: Path | None, *, with_python: bool = False
) -> Iterator[Path]:
    """A folder with the mapping files of a git revision of the project, or of another folder or ZIP file.

    ``with_python``: Python files beside the mapping, too; somebody lets the project's code run.
    """
    if (revision is None) == (against is None):
        raise ConfigurationError("Compare with what?", "Name a git revision such as HEAD, or --against FOLDER.")
    if against is not None and against.is_dir():
        yield against
        return
    with TemporaryDirectory(prefix="migrator-") as name:
        folder = Path(name)
        if against is not None:
            _unpack(against, folder, with_python=with_python)
        else:
            _check_out(project, str(revision), folder, with_python=with_python)
        if not any(folder.iterdir()):
            raise ConfigurationError(f"{revision or against} has no mapping files.", "Name another one.")
        yield folder


def _is_mapping(name: str, *, with_python: bool) -> bool:
    """Whether a path is that of a mapping file, a statement, the settings or a crosswalk."""
    path = PurePosixPath(name)
    is_crosswalk = path.suffix == ".csv" and path.parent.name == "crosswalks"
    return path.suffix == ".yaml" or is_crosswalk or (with_python and path.suffix == ".py")


def _unpack(path: Path, folder: Path, *, with_python: bool) -> None:
    """The mapping files of a ZIP file; those beside its ``migration.yaml``, wherever that is."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if _is_mapping(entry.filename, with_python=with_python)]
            roots = [PurePosixPath(e.filename).parent for e in entries if e.filename.endswith("migration.yaml")]
            root = min(roots, key=lambda each: len(each.parts), default=PurePosixPath())
            _check_number(len(entries), path)
            for entry in entries:
                inside = PurePosixPath(entry.filename)
                if inside.is_relative_to(root):
                    _check_length(entry.file_size, entry.filename)
                    _put(folder, inside.relative_to(root), archive.read(entry))
    except (OSError, zipfile.BadZipFile, RuntimeError) as error:
        raise ConfigurationError(f"{path} is neither a folder nor a ZIP file.", "Check the path.") from error


def _check_out(project: Path, revision: str, folder: Path, *, with_python: bool) -> None:
    """The mapping files as they stood in a revision."""
    if revision.startswith("-"):
        raise ConfigurationError(f"{revision!r} is no revision.", "Name one such as HEAD or v1.2.")
    if shutil.which("git") is None:
        raise ConfigurationError("git is not installed.", "Install it, or name an older copy: --against FOLDER.")
    commit = _git(project, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", meaning=(
        f"{project} has no git revision {revision!r}.", "See 'git log', or name an older copy: --against FOLDER."
    )).decode().strip()  # fmt: skip
    listing = _git(project, "ls-tree", "-r", "-l", "-z", commit, meaning=(
        f"{project} is not in {revision}.", "Commit the project folder first, or use --against FOLDER."
    )).decode("utf-8", "surrogateescape")  # fmt: skip
    lines = (entry.partition("\t") for entry in listing.split("\0"))
    entries = [(facts, name) for facts, _, name in lines if _is_mapping(name, with_python=with_python)]
    _check_number(len(entries), project)
    for facts, name in entries:
        mode, kind, blob, size = facts.split()
        if kind == "blob" and mode != _LINK:
            _check_length(int(size), name)
            _put(folder, PurePosixPath(name), _git(project, "cat-file", "blob", blob, meaning=(
                f"{name} cannot be read from git.", "Run 'git fsck'."
            )))  # fmt: skip


def _git(project: Path, *arguments: str, meaning: tuple[str, str]) -> bytes:
    """What git answers in the project folder. No shell, no pager, no prompt; paths are those below the folder."""
    done = subprocess.run(
        ["git", "--no-pager", *arguments], cwd=project, capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ConfigurationError(" ".join([meaning[0], *said[:1]]), meaning[1])
    return done.stdout


def _put(folder: Path, inside: PurePosixPath, data: bytes) -> None:
    """Write a file below the folder, and nowhere else."""
    if inside.is_absolute() or ".." in inside.parts:
        raise ConfigurationError(f"{inside} leads out of the folder.", "Make the ZIP file anew.")
    path = folder.joinpath(*inside.parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _check_length(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise ConfigurationError(f"{name} is larger than {MAX_BYTES // 1_000_000} MB.", "It is no mapping file.")


def _check_number(files: int, where: Path) -> None:
    if files > MAX_FILES:
        raise ConfigurationError(f"{where} holds more than {MAX_FILES} mapping files.", "Name the project folder.")
