"""What decides the result of a mapping, as one digest."""

from __future__ import annotations

from migrator.model.record import digest
from migrator.transform.arguments import outside_used
from migrator.transform.declaration import EntityDeclaration
from migrator.transform.registry import verbs

TRANSFORM_VERSION = 1
"""Raised with every change of code that makes another record of the same row and the same mapping."""


def fingerprint_of(declaration: EntityDeclaration) -> bytes:
    """Digest (32 bytes) of the version, the mapping as resolved, crosswalks, plugins, and what it uses from outside.

    Comments and lines do not count. A secret counts by a one-way digest, a Python file by its bytes.
    """
    crosswalks = {name: crosswalk.values for name, crosswalk in declaration.crosswalks.items()}
    used = {use.verb for made in declaration.made for use in made.steps}
    plugins = {name: verb.origin for name in sorted(used & verbs().keys()) if (verb := verbs()[name]).origin}
    parts = [TRANSFORM_VERSION, declaration.source, declaration.resolved, crosswalks, plugins]
    outside = outside_used(declaration)
    return digest((*parts, outside) if outside else parts)
