"""The one place where verbs are looked up: those that come with the tool, and those of installed plugins."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from types import MappingProxyType

from migrator.errors import ConfigurationError
from migrator.transform import steps
from migrator.transform.verb import Verb, verb_of

GROUP = "migrator.steps"


@cache
def verbs() -> Mapping[str, Verb]:
    """Every verb by name. ConfigurationError for a plugin that cannot be loaded or takes a name that is taken."""
    found = {
        info.name: verb_of(info.name, import_module(f"{steps.__name__}.{info.name}"))
        for info in iter_modules(steps.__path__)
    }
    for point in entry_points(group=GROUP):
        if point.name in found:
            raise ConfigurationError(f"the plugin {point.value} redefines the step {point.name!r}", "Uninstall one.")
        found[point.name] = _load(point)
    return MappingProxyType(dict(sorted(found.items())))


def _load(point: EntryPoint) -> Verb:
    origin = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
    try:
        return verb_of(point.name, point.load(), origin)
    except (ImportError, AttributeError) as error:
        message = f"the step {point.name!r} of {origin} cannot be used: {error}"
        raise ConfigurationError(message, "Repair or uninstall the plugin.") from error
