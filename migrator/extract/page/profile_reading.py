"""From YAML files to profiles, with every mistake at once, each with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import yaml

from migrator.errors import ConfigurationError, Fault
from migrator.extract.page.profile import FIELDS, PICKS, ImageRules, Marks, Profile, Rule
from migrator.extract.page.profile_tree import Tree, compose
from migrator.html.dom import is_selector

_TOP = (
    "profile", "title", "extends", "detect", "fields", "remove", "remove_text", "related", "images",
    "standfirst_prefix", "date_formats", "machine_dates_are_local",
    "harvest",  # which addresses are asked: read by migrator.extract.site.rules
)  # fmt: skip
_DETECT = ("generator", "marks", "url", "media")
_RULE = ("css", "attribute", "pick", "pattern", "in_body", "join", "without")
_IMAGES = ("block", "caption", "credit", "source", "placeholder")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_NEXT_STEP = "Correct the profile; docs/pages.md describes every key."

T = TypeVar("T")


def load_profiles(folder: Path) -> tuple[Profile, ...]:
    """All profiles of a folder, by name. ConfigurationError with all faults of all files."""
    return _load(sorted(folder.glob("*.yaml")), folder)


def load_profile(path: Path, folder: Path) -> Profile:
    """One profile from anywhere; what it extends is looked up beside it, then in ``folder``. ConfigurationError."""
    (profile,) = _load([path], folder)
    return profile


def _load(paths: Sequence[Path], folder: Path) -> tuple[Profile, ...]:
    faults: list[Fault] = []
    profiles = [profile for path in paths if (profile := _Reader(folder, faults).read(path))]
    if faults:
        ordered = sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line, fault.message))
        many = "1 mistake" if len(ordered) == 1 else f"{len(ordered)} mistakes"
        raise ConfigurationError(f"{many} in site profiles.", _NEXT_STEP, ordered)
    return tuple(sorted(profiles, key=lambda profile: profile.name))


class _Reader:
    """Reads one profile and those it extends."""

    def __init__(self, folder: Path, faults: list[Fault]) -> None:
        self._folder, self._faults = folder, faults

    def read(self, path: Path, below: tuple[Path, ...] = ()) -> Profile | None:
        top = compose(path, self._faults)
        if top is None:
            return None
        tree = Tree(path, self._faults)
        before = len(self._faults)
        members = tree.members(top, _TOP, "a profile")
        parent = self._parent(tree, members.get("extends"), path, below)
        profile = _Parts(tree).profile(members, parent or Profile(""))
        if not profile.name:
            tree.fault(top, "the profile has no name", "write `profile: name` at the top")
        elif "profile" in members and path.stem != profile.name and path.parent == self._folder:
            tree.fault(members["profile"], f"is named {profile.name!r}", f"name it as its file: {path.stem}")
        marks = profile.marks
        if len(self._faults) == before and not (marks.generator or marks.css or marks.media):
            tree.fault(
                top, "the profile has no mark", "add `detect: {marks: ['css selector']}`; a URL alone proves nothing"
            )
        return profile

    def _parent(self, tree: Tree, node: yaml.Node | None, path: Path, below: tuple[Path, ...]) -> Profile | None:
        if node is None:
            return None
        name = tree.text(node, "extends")
        places = [folder / f"{name}.yaml" for folder in (path.parent, self._folder)]
        found = next((place for place in places if place.is_file() and place.resolve() != path.resolve()), None)
        if not name or found is None:
            tree.fault(node, f"there is no profile {name!r}", f"the packaged ones are in {self._folder}")
            return None
        if found.resolve() in below:
            tree.fault(node, "the profiles extend each other in a circle")
            return None
        return self.read(found, (*below, path.resolve()))


class _Parts:
    """The parts of one file."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def profile(self, members: Mapping[str, yaml.Node], parent: Profile) -> Profile:
        """The profile of a file over the one it extends: fields replace, lists add."""
        tree = self._tree
        name = tree.text(members["profile"], "profile") if "profile" in members else ""
        if name and not _NAME.fullmatch(name):
            tree.fault(members["profile"], f"{name!r} is no name", "small letters, digits, - and _")
        return replace(
            parent,
            name=name,
            title=tree.text(members["title"], "title") if "title" in members else parent.title,
            marks=self._marks(members["detect"]) if "detect" in members else parent.marks,
            rules={**parent.rules, **self._rules(members.get("fields"))},
            remove=(*parent.remove, *self._all(members.get("remove"), self._css)),
            remove_text=(*parent.remove_text, *self._all(members.get("remove_text"), self._pattern)),
            related=(*parent.related, *self._all(members.get("related"), self._css)),
            images=self._images(members["images"]) if "images" in members else parent.images,
            standfirst_prefix=(
                *parent.standfirst_prefix, *self._all(members.get("standfirst_prefix"), self._pattern)
            ),
            date_formats=(*self._all(members.get("date_formats"), self._format), *parent.date_formats),
            machine_dates_are_local=(
                tree.flag(members["machine_dates_are_local"], "machine_dates_are_local")
                if "machine_dates_are_local" in members
                else parent.machine_dates_are_local
            ),
        )  # fmt: skip

    def _marks(self, node: yaml.Node) -> Marks:
        found = self._tree.members(node, _DETECT, "detect")
        return Marks(
            self._one(found.get("generator"), self._pattern),
            self._all(found.get("marks"), self._css),
            self._one(found.get("url"), self._pattern),
            self._one(found.get("media"), self._pattern),
        )

    def _rules(self, node: yaml.Node | None) -> dict[str, tuple[Rule, ...]]:
        found = self._tree.members(node, FIELDS, "fields")
        return {name: self._all(value, self._rule) for name, value in found.items()}

    def _rule(self, node: yaml.Node) -> Rule | None:
        if not isinstance(node, yaml.MappingNode):
            css = self._css(node)
            return Rule(css) if css else None
        found = self._tree.members(node, _RULE, "a rule")
        if "css" not in found:
            self._tree.fault(node, "a rule has no selector", "add `css:`")
            return None
        pick = self._tree.text(found["pick"], "pick") if "pick" in found else "first"
        known = next((each for each in PICKS if each == pick), None)
        if known is None:
            self._tree.fault(found["pick"], f"pick cannot be {pick!r}", f"one of {', '.join(PICKS)}")
        css = self._css(found["css"])
        return Rule(
            css or "",
            self._tree.text(found["attribute"], "attribute").lower() if "attribute" in found else "",
            known or "first",
            self._one(found.get("pattern"), self._pattern),
            self._tree.flag(found.get("in_body"), "in_body"),
            self._tree.flag(found.get("join"), "join"),
            self._one(found.get("without"), self._css) or "",
        )

    def _images(self, node: yaml.Node) -> ImageRules:
        found = self._tree.members(node, _IMAGES, "images")
        return ImageRules(
            self._all(found.get("block"), self._css),
            self._all(found.get("caption"), self._css),
            self._all(found.get("credit"), self._css),
            self._all(found.get("source"), lambda item: self._tree.text(item, "source").lower() or None),
            self._one(found.get("placeholder"), self._pattern),
        )

    def _all(self, node: yaml.Node | None, read: Callable[[yaml.Node], T | None]) -> tuple[T, ...]:
        return tuple(value for item in self._tree.items(node) if (value := read(item)) is not None)

    @staticmethod
    def _one(node: yaml.Node | None, read: Callable[[yaml.Node], T | None]) -> T | None:
        return read(node) if node is not None else None

    def _css(self, node: yaml.Node) -> str | None:
        css = self._tree.text(node, "a selector")
        if css and not _is_selector(css):
            self._tree.fault(node, f"{css!r} is no CSS selector", "pseudo-elements and :contains() are not understood")
            return None
        return css or None

    def _pattern(self, node: yaml.Node) -> re.Pattern[str] | None:
        text = self._tree.text(node, "a pattern")
        try:
            return re.compile(text, re.IGNORECASE) if text else None
        except (re.error, OverflowError) as error:
            self._tree.fault(node, f"{text!r} is no regular expression: {error}", "put it between single quotes")
            return None

    def _format(self, node: yaml.Node) -> str | None:
        text = self._tree.text(node, "a date format")
        moment = datetime(2001, 2, 13, 14, 25, 36)
        try:
            if text and datetime.strptime(moment.strftime(text), text).date() == moment.date():
                return text
        except ValueError:
            pass
        self._tree.fault(node, f"{text!r} names no day", "for example '%m/%d/%Y %I:%M %p'")
        return None


_is_selector = lru_cache(maxsize=4096)(is_selector)
