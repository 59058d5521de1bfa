"""The one place where verbs are looked up: those that come with the tool, and those of installed plugins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules

from migrator.errors import ConfigurationError
from migrator.transform import steps
from migrator.transform.verb import Verb, verb_of

GROUP = "migrator.steps"


class _Verbs(Mapping[str, Verb]):
    """Verbs by name, in the order of their names. One that comes with the tool is imported when it is first asked for."""

    def __init__(self, own: Iterable[str], plugins: Mapping[str, Verb]) -> None:
        self._names = dict.fromkeys(sorted([*own, *plugins]))
        self._loaded = dict(plugins)

    def __getitem__(self, name: str) -> Verb:
        if name not in self._loaded:
            if name not in self._names:
                raise KeyError(name)
            self._loaded[name] = verb_of(name, import_module(f"{steps.__name__}.{name}"))
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@cache
def verbs() -> Mapping[str, Verb]:
    """Every verb by name. ConfigurationError for a plugin that cannot be loaded or takes a name that is taken."""
    own = {info.name for info in iter_modules(steps.__path__)}
    plugins: dict[str, Verb] = {}
    for point in entry_points(group=GROUP):
        if point.name in own or point.name in plugins:
            raise ConfigurationError(f"the plugin {point.value} redefines the step {point.name!r}", "Uninstall one.")
        plugins[point.name] = _load(point)
    return _Verbs(own, plugins)


def _load(point: EntryPoint) -> Verb:
    origin = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
    try:
        return verb_of(point.name, point.load(), origin)
    except (ImportError, AttributeError) as error:
        message = f"the step {point.name!r} of {origin} cannot be used: {error}"
        raise ConfigurationError(message, "Repair or uninstall the plugin.") from error
