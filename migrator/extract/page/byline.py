"""Whose article it is: from the places a profile knows, else from the last block of the body, else from what the page
states for machines and also shows to readers.

The paper itself is no author, a caption is no byline, and the string stays as it is written.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from migrator.extract.page.blocks import Block
from migrator.extract.page.fields import Fields, Value
from migrator.extract.page.metadata import Metadata
from migrator.extract.page.stated import Stated
from migrator.text.bylines import Byline, last_block_byline, read_byline
from migrator.text.match_keys import match_key

_ACCOUNTS = frozenset(
    ("admin", "administrator", "quantri", "quản trị", "quản trị viên", "super user", "root", "webmaster")
)
"""Accounts of systems, which templates print as authors."""

_LAST_BLOCK = "last block"
_NEAR = 3  # blocks of the body at either end

LONGEST = 300
"""Characters; what is longer is no byline."""


@dataclass(frozen=True, slots=True)
class FoundByline:
    """A byline with the place it was found at, and the blocks of the body that are not part of the article.

    ``blocks`` hold the byline, ``boilerplate`` is what stands behind it; ``also`` is a second byline, verbatim.
    """

    byline: Byline | None = None
    source: str = ""
    blocks: tuple[Block, ...] = ()
    boilerplate: tuple[Block, ...] = ()
    also: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """What stands beside the headline: its texts, and the names among them.

    ``is_blank``: the page shows nothing at all before its scripts run, so that nobody can see whether a name is shown.
    """

    texts: tuple[str, ...] = ()
    byline: Byline | None = None
    is_blank: bool = False


def find_byline(
    fields: Fields, usual: Byline | None, metadata: Metadata, stated: Stated, blocks: Sequence[Block], after: Sequence[str],
    near: Near, register: Container[str] | None,
) -> FoundByline:  # fmt: skip
    """The byline of a page.

    ``usual`` is what a page whose profile knows no place calls its author; ``blocks`` are those of the body, in order;
    ``after`` the texts that follow it on the page, ``near`` what stands beside the headline.
    """
    own = [block for block in blocks if not block.in_caption]
    at_end = _at_end(own, after, register)
    for value in fields.values("byline"):
        known = _known(value, metadata, register)
        if known is not None:
            same = [block for block in own if value.inside and block.text == value.raw]
            return _both(FoundByline(known, value.source, tuple(same[-1:])), at_end)
    if usual is not None:
        named = FoundByline(read_byline(usual.raw, register), "an element called so")
        both = _both(named, at_end)
        return at_end if both is named and at_end.source == _LAST_BLOCK else both
    if at_end.byline is not None:
        return at_end
    for source, stated_names in (("json-ld author", stated.authors), ("microdata author", metadata.microdata.authors)):
        others = [name for name in stated_names if match_key(name) not in metadata.paper | _ACCOUNTS]
        names = [name for name in others if near.is_blank or _is_shown(name, own, (*near.texts, *after))]
        if names:
            return FoundByline(read_byline(" - ".join(names), register), source)
    return FoundByline(read_byline(near.byline.raw, register), "beside the headline") if near.byline else FoundByline()


def _is_shown(name: str, blocks: Sequence[Block], after: Sequence[str]) -> bool:
    """Whether readers see the name at the beginning or at the end of the body, or behind it."""
    wanted = match_key(name)
    texts = [block.text for block in (*blocks[:_NEAR], *blocks[-_NEAR:])]
    return any(wanted in match_key(text[-LONGEST:]) for text in (*texts, *after))


def _at_end(own: Sequence[Block], after: Sequence[str], register: Container[str] | None) -> FoundByline:
    """The byline in the last blocks of the body, or in what follows right behind it."""
    texts = [block.text for block in own]
    for more in range(len(after) + 1):
        tail = last_block_byline([*texts, *after[:more]], register)
        if tail is not None and not (more and _is_one_word(tail.byline)):
            blocks = tuple(own[index] for index in tail.indices if index < len(own))
            boilerplate = tuple(own[index] for index in tail.boilerplate if index < len(own))
            return FoundByline(tail.byline, "behind the body" if more else _LAST_BLOCK, blocks, boilerplate)
    return FoundByline()


def _is_one_word(byline: Byline) -> bool:
    """Whether it names only a word, as buttons do ("Thích")."""
    return all(each.kind == "person" and " " not in each.name for each in byline.contributions)


def _known(value: Value, metadata: Metadata, register: Container[str] | None) -> Byline | None:
    """The byline at a known place. In the body it must be wholly made of names: other things are set right there too."""
    if len(value.text) > LONGEST or match_key(value.text) in metadata.paper | _ACCOUNTS:
        return None
    byline = read_byline(value.text, register)
    if value.inside and (byline.unread or not byline.contributions):
        return None
    return byline


def _both(known: FoundByline, at_end: FoundByline) -> FoundByline:
    """Two bylines become one where they name the same people: the one that says more, with the other beside it."""
    if known.byline is None or at_end.byline is None:
        return known
    names = {match_key(each.name) for each in known.byline.contributions}
    if not any(match_key(each.name) in names for each in at_end.byline.contributions):
        return known
    blocks = tuple({id(block): block for block in (*known.blocks, *at_end.blocks)}.values())
    is_same = known.byline.raw == at_end.byline.raw
    if len(at_end.byline.contributions) > len(known.byline.contributions):
        return replace(at_end, blocks=blocks, also="" if is_same else known.byline.raw)
    return replace(known, blocks=blocks, boilerplate=at_end.boilerplate, also="" if is_same else at_end.byline.raw)
