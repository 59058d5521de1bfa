"""Profiles of target platforms, read from ``mappings/platforms/<name>.yaml``. All mistakes are found at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, get_args

from migrator.errors import ConfigurationError, Fault
from migrator.model.content import ENTITIES
from migrator.model.platform import Alike, Form, Place, Platform, PlatformEntity
from migrator.project.share import presets_folder
from migrator.transform.document import Node, read_document
from migrator.transform.shape import Shapes, nearest

FOLDER = "platforms"


def platform_names() -> list[str]:
    """Every profile that is shipped."""
    return sorted(path.stem for path in (presets_folder() / FOLDER).glob("*.yaml"))


def read_platform(name: str) -> Platform:
    """A shipped profile. ConfigurationError where there is none of that name, or it has mistakes."""
    path = presets_folder() / FOLDER / f"{name}.yaml"
    if not path.is_file():
        raise ConfigurationError(f"There is no platform {name!r}.", nearest(name, platform_names()))
    return read_platform_file(path)


def read_platform_file(path: Path) -> Platform:
    """A profile. ConfigurationError with all its mistakes."""
    faults: list[Fault] = []
    tree = read_document(path, f"{FOLDER}/{path.name}", faults)
    reader = _Reader()
    platform = reader.platform(tree) if tree is not None else None
    faults += reader.shapes.faults
    if faults or platform is None:
        raise ConfigurationError(f"The platform's profile has {len(faults)} mistake(s).", "Correct them.", faults)
    return platform


def _keys(*names: str) -> Mapping[str, None]:
    return dict.fromkeys(names)


class _Reader:
    def __init__(self) -> None:
        self.shapes = Shapes()

    def platform(self, tree: Node) -> Platform | None:
        shapes = self.shapes
        top = self._all(tree, "the profile", "platform", "api", "plugin", "needs", "entities", "cannot_hold")
        if shapes.faults:
            return None
        api = self._all(top["api"], "api", "root", "plain_root", "batch", "rows", "page", "calls", "timeout_s")
        plugin = self._all(top["plugin"], "plugin", "version", "file")
        batch = self._all(api["batch"], "batch", "path", "items", "bytes") if "batch" in api else {}
        if shapes.faults:
            return None
        entities = {
            name: self._entity(name, node)
            for name, node in shapes.mapping(top["entities"], "entities").items()
            if self._known(name, node, ENTITIES, "entity")
        }
        cannot = {
            name: shapes.text(node, f"cannot_hold.{name}")
            for name, node in shapes.mapping(top["cannot_hold"], "cannot_hold").items()
            if self._known(name, node, ENTITIES, "entity")
        }
        for name in ENTITIES.keys() - entities.keys() - cannot.keys():
            shapes.fault(top["cannot_hold"], f"nothing is said of {name}", "say how it is held, or why it cannot be")
        return Platform(
            name=shapes.text(top["platform"], "platform"),
            root=shapes.text(api["root"], "root"),
            plain_root=shapes.text(api["plain_root"], "plain_root"),
            batch_path=shapes.text(batch["path"], "path"),
            batch_items=self._count(batch["items"], "items"),
            batch_bytes=self._count(batch["bytes"], "bytes"),
            rows=self._count(api["rows"], "rows"),
            page=self._count(api["page"], "page"),
            calls=self._count(api["calls"], "calls"),
            timeout_s=float(self._count(api["timeout_s"], "timeout_s")),
            plugin_version=self._count(plugin["version"], "version"),
            plugin_file=shapes.text(plugin["file"], "file"),
            needs=shapes.texts(top["needs"], "needs"),
            entities=entities,
            cannot_hold=cannot,
        )

    def _all(self, node: Node, what: str, *names: str) -> dict[str, Node]:
        members = self.shapes.members(node, what, _keys(*names))
        for name in names:
            self.shapes.require(node, members, name, f"{what} does not say `{name}`", f"write `{name}:`")
        return members

    def _known(self, name: str, node: Node, known: Collection[str], what: str) -> bool:
        if name not in known:
            self.shapes.fault(node, f"there is no {what} {name!r}", nearest(name, known))
        return name in known

    def _count(self, node: Node, what: str) -> int:
        number = self.shapes.integer(node, what)
        if number < 1:
            self.shapes.fault(node, f"{what} must be 1 or more")
        return number

    def _entity(self, name: str, node: Node) -> PlatformEntity:
        shapes = self.shapes
        members = shapes.members(
            node, name, _keys("path", "batch", "file", "login", "constants", "listed", "restored", "places", "pools")
        )
        shapes.require(node, members, "path", f"{name} has no path", "name its collection, such as wp/v2/posts")
        fields = ENTITIES[name].by_name
        places = {
            field: self._place(f"{name}.{field}", child)
            for field, child in (shapes.mapping(members["places"], "places") if "places" in members else {}).items()
            if self._known(field, child, fields, f"field of {name}")
        }
        pools = {
            place: tuple(field for field in shapes.texts(child, place) if self._known(field, child, fields, "field"))
            for place, child in (shapes.mapping(members["pools"], "pools") if "pools" in members else {}).items()
        }
        listed = shapes.mapping(members["listed"], "listed") if "listed" in members else {}
        constants: Any = members["constants"].plain() if "constants" in members else {}
        flags = {key: shapes.boolean(members[key], key) for key in ("batch", "file", "login") if key in members}
        return PlatformEntity(
            name=name,
            path=shapes.text(members["path"], "path") if "path" in members else "",
            places=places,
            pools=pools,
            constants=constants if isinstance(constants, dict) else {},
            listed={key: shapes.text(child, key) for key, child in listed.items()},
            in_batches=flags.get("batch", False),
            has_file=flags.get("file", False),
            has_login=flags.get("login", False),
            restored=shapes.texts(members["restored"], "restored") if "restored" in members else (),
        )

    def _place(self, what: str, node: Node) -> Place:
        shapes = self.shapes
        members = shapes.members(node, what, _keys("place", "form", "alike", "values", "also", "invented"))
        shapes.require(node, members, "place", f"{what} has no place", "name the property, such as `place: title`")
        form: Any = shapes.choice(members["form"], "form", get_args(Form)) if "form" in members else "text"
        alike: Any = shapes.choice(members["alike"], "alike", get_args(Alike)) if "alike" in members else "exact"
        if (alike == "values") != ("values" in members):
            shapes.fault(node, f"{what}: `alike: values` and `values:` belong together")
        name = shapes.text(members["place"], "place") if "place" in members else ""
        return Place(
            name=name.removeprefix("meta."),
            form=form or "text",
            alike=alike or "exact",
            values=self._values(what, members["values"]) if "values" in members else None,
            also=shapes.texts(members["also"], "also") if "also" in members else (),
            is_invented=shapes.boolean(members["invented"], "invented") if "invented" in members else False,
            is_own=name.startswith("meta."),
        )

    def _values(self, what: str, node: Node) -> Mapping[str, str]:
        """A word of the platform for every word the content model allows."""
        entity, _, field = what.partition(".")
        values = {ours: self.shapes.text(child, ours) for ours, child in self.shapes.mapping(node, what).items()}
        for ours in ENTITIES[entity].by_name[field].choices - values.keys():
            self.shapes.fault(node, f"{what} has no word for {ours!r}")
        return values
