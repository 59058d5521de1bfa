"""What a target platform can hold and how it is talked to: a profile, read from ``mappings/platforms/<name>.yaml``.

A field of the content model has a *place* of the platform's own, or none. What has none, and what the platform does not
keep exactly, is *kept* beside it as the migration sent it, so that the platform's own place can be held against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Form = Literal["text", "instant", "ref", "first"]
"""How a value goes into its place: as text, as an instant in UTC, as the target id of a record, of the first of a list."""

Alike = Literal["exact", "trimmed", "plain", "slug", "seconds", "values"]
"""What the platform changes when it stores: nothing, blanks at both ends, markup and blanks, letters of an address,
fractions of a second, or a word of ours for a word of its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field goes. ``values`` has the platform's word for each of ours; ``also`` words it may put in its stead.

    ``is_invented``: where nothing is sent the platform makes something up. ``is_own``: an own value of the migration's,
    which the platform shows under ``meta``.
    """

    name: str
    form: Form = "text"
    alike: Alike = "exact"
    values: Mapping[str, str] | None = None
    also: tuple[str, ...] = ()
    is_invented: bool = False
    is_own: bool = False

    @property
    def keeps(self) -> bool:
        """Whether the exact value is kept beside the place."""
        return self.alike != "exact" or self.form == "first" or self.is_invented


@dataclass(frozen=True, slots=True)
class PlatformEntity:
    """How an entity is held. ``path`` is its collection; entities may share one.

    ``pools``: places that hold a set of records, each fed by some reference fields. ``constants`` are sent when a record
    is created. ``in_batches``: the collection takes part in batch calls. ``has_file``: a record is a file; one without
    bytes cannot be held. ``listed`` are the parameters without which the collection does not show all there is.
    ``restored`` are properties that are no field's place, and come back with a record that was deleted.
    """

    name: str
    path: str
    places: Mapping[str, Place]
    pools: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, object]
    listed: Mapping[str, str]
    in_batches: bool = False
    has_file: bool = False
    has_login: bool = False
    restored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform's profile. ``cannot_hold`` has, for each other entity of the content model, why not.

    The API is below ``root``, or, where a site has no pretty addresses, ``plain_root``, both seen from the site's address.
    ``batch_items`` requests go into one call, ``rows`` records into one batch of the run, ``page`` records into one
    answer; at most ``calls`` calls are under way at once.
    """

    name: str
    root: str
    plain_root: str
    batch_path: str
    batch_items: int
    batch_bytes: int
    rows: int
    page: int
    calls: int
    timeout_s: float
    plugin_version: int
    plugin_file: str
    needs: tuple[str, ...]
    entities: Mapping[str, PlatformEntity]
    cannot_hold: Mapping[str, str]

    def owner(self, path: str) -> str:
        """The entity that records of a collection belong to which the migration did not bring: the first one."""
        return next(entity.name for entity in self.entities.values() if entity.path == path)


@dataclass(frozen=True, slots=True)
class Service:
    """A platform that runs somewhere. ``newest_first``: of each entity the newest rows go before the older ones.

    ``left_out`` has, by entity, why it is not carried over. ``password`` is never shown.
    """

    platform: Platform
    url: str
    user: str
    password: str
    left_out: Mapping[str, str]
    newest_first: bool = False
    calls: int | None = None
    timeout_s: float | None = None

    def address(self, path: str, *, is_plain: bool) -> str:
        """Where a path of the API is, with or without pretty addresses; it may bring a query."""
        if not is_plain:
            return f"{self.url}/{self.platform.root}{path}"
        route, _, query = path.partition("?")
        return f"{self.url}/{self.platform.plain_root}{route}" + (f"&{query}" if query else "")

    def __repr__(self) -> str:
        """Without the password."""
        return f"Service({self.platform.name!r}, {self.url!r}, {self.user!r})"
