"""The canonical content of a newsroom: which entities there are and which fields each has.

One declaration serves everybody: the mapping is checked against it, the SQL platform makes its tables from it, the
auditor reads records back by it. Loader and Reader therefore share no code, only this vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrator.model.content.desk import ARTICLE, SECTION, STATUSES, TAG, TOPIC, TRANSITION, VERSION
from migrator.model.content.kinds import PLURAL, REFERENCES, EntityType, Field, Kind, Value
from migrator.model.content.media import ASSET, FILE_STATES, GALLERY
from migrator.model.content.people import ACCOUNT, PERSON
from migrator.model.content.print import PRINT_ISSUE, PRINT_PAGE, ROYALTY
from migrator.model.content.public import COMMENT, COUNTER, REDIRECT

__all__ = [
    "ARTICLE",
    "ENTITIES",
    "FILE_STATES",
    "PLURAL",
    "REFERENCES",
    "SECTION",
    "STATUSES",
    "EntityType",
    "Field",
    "Kind",
    "Value",
    "in_load_order",
]

ENTITIES: Mapping[str, EntityType] = {
    entity.name: entity
    for entity in (
        SECTION,
        TOPIC,
        TAG,
        ACCOUNT,
        PERSON,
        ASSET,
        ARTICLE,
        VERSION,
        TRANSITION,
        GALLERY,
        PRINT_ISSUE,
        PRINT_PAGE,
        ROYALTY,
        COMMENT,
        COUNTER,
        REDIRECT,
    )
}


def in_load_order(names: Iterable[str]) -> tuple[str, ...]:
    """The given entities so that what is pointed to comes first. References of an entity to itself do not count."""
    wanted = set(names)
    return tuple(name for name in ENTITIES if name in wanted)
