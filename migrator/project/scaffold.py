"""A new project folder from a preset."""

from __future__ import annotations

from pathlib import Path

from migrator.errors import AccessError, ConfigurationError
from migrator.project.settings import FILE
from migrator.project.share import presets_folder
from migrator.transform.shape import nearest

_TEMPLATE = """\
# A migration project. Check it with: migrator mapping check
name: {name}
sources:
  web:
    url: env:LEGACY_URL        # such as mysql://reader@host/database; a reading account is enough
    preset: {preset}
    # a file of the same name in this folder changes the preset, for instance article.yaml: extends: {preset}/article
    variables: {{}}            # see preset.yaml of the preset: table prefix, language, addresses
    # site: {{url: "https://www.example.vn"}}     the public site, as a second witness
target: {{url: "sqlite:///target.sqlite"}}
ledger: {{url: "sqlite:///ledger.sqlite"}}
# What a person has decided to accept; more than the limit, and none of it is accepted.
waivers: []
#  - {{kind: missing-headline, entity: article, limit: 3, why: "…", who: "…", expires: 2027-01-31}}
"""


def make_project(folder: Path, preset: str) -> None:
    """Write ``migration.yaml`` into a new or empty folder."""
    known = [path.parent.name for path in presets_folder().glob("*/preset.yaml")]
    if preset not in known:
        raise ConfigurationError(f"There is no preset {preset!r}.", nearest(preset, known))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigurationError(f"{folder} is not empty.", "Name a new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE).write_text(_TEMPLATE.format(name=folder.resolve().name, preset=preset), encoding="utf-8")
    except OSError as error:
        raise AccessError(f"{folder} cannot be written: {error.strerror}.", "Name another folder.") from error
