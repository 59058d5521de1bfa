"""The pictures of a body with their captions and credits.

Captions of all shapes are found by :mod:`migrator.html`. What only a profile knows – which element holds a picture, its
caption, its credit – is rewritten as ``figure`` before, so that the cleaned body has it in that form too.
"""

from __future__ import annotations

from html import escape

from migrator.extract.page.addresses import Addresses, picture_address
from migrator.extract.page.model import PageImage
from migrator.extract.page.profile import ImageRules
from migrator.html import CleanBody, CleanOptions, clean
from migrator.html.dom import Document, Node, attribute, line_of, parse, replace, select
from migrator.text.bylines import read_credit

_MOST_IMAGES = 1_000
_HIGHEST = 6  # elements around a lead picture that are asked for its caption

Stated = dict[str, tuple[str, str]]
"""Address of a picture → caption and credit, where a profile tells them apart."""


def normalise(page: Document, body: Node, rules: ImageRules) -> Stated:
    """Rewrites the picture blocks the profile names as ``figure`` with ``figcaption``; what their captions and credits are."""
    stated: Stated = {}
    for css in rules.block:
        for block in select(body, css):
            pictures = {picture_address(image, rules.source): image for image in select(block, "img")[:_MOST_IMAGES]}
            pictures.pop("", None)
            if not pictures or block.mem_id == body.mem_id or block.parent is None:
                continue
            caption, credit = _told(block, rules)
            if credit:
                stated |= dict.fromkeys(pictures, (caption, credit))
            inner = "".join(_img(address, image) for address, image in pictures.items())
            lines = [escape(text, quote=False) for text in (caption, credit) if text]
            inner += f"<figcaption>{'<br>'.join(lines)}</figcaption>" if lines else ""
            replace(page, block, "figure", inner)
    return stated


def images_of(body: CleanBody, stated: Stated, addresses: Addresses) -> tuple[PageImage, ...]:
    """The pictures of a cleaned body in order, each address once; not those written out in the page."""
    found: dict[str, PageImage] = {}
    nodes = select(parse(body.html), "img") if body.images else []
    for image, node in zip(body.images, nodes, strict=True):
        url = addresses.absolute(image.src)
        if not picture_address(node) or url in found or len(found) == _MOST_IMAGES:
            continue
        raw = _caption_around(node)
        caption, credit = image.caption, image.credit
        if image.src in stated:
            caption, named = stated[image.src]
            credit = read_credit(named).credit or named
        found[url] = PageImage(url, caption, credit, image.alt, raw, read_credit(raw).is_illustration)
    return tuple(found.values())


def lead_image(image: Node, rules: ImageRules, addresses: Addresses) -> PageImage | None:
    """A picture outside of the body, with the caption in the figure or table around it; null for a placeholder."""
    address = picture_address(image, rules.source)
    if not address:
        return None
    holder: Node | None = image
    for _ in range(_HIGHEST):
        if holder is None or holder.tag in ("figure", "table", "body"):
            break
        holder = holder.parent
    if holder is None or holder.tag not in ("figure", "table"):
        return PageImage(addresses.absolute(address), alt=attribute(image, "alt"))
    caption, credit = _told(holder, rules)
    inner = "<br>".join(escape(text, quote=False) for text in (caption, credit) if text)
    figure = clean(f"<figure>{_img(address, image)}<figcaption>{inner}</figcaption></figure>", CleanOptions())
    found = images_of(figure, {address: (caption, credit)} if credit else {}, addresses)
    return found[0] if found else None


def _img(address: str, image: Node) -> str:
    """The picture as plain markup, its true address in ``src``."""
    kept = {name: attribute(image, name) for name in ("alt", "title", "width", "height")}
    attributes = {"src": address, **{name: value for name, value in kept.items() if value}}
    return "<img" + "".join(f' {name}="{escape(value)}"' for name, value in attributes.items()) + ">"


def _told(block: Node, rules: ImageRules) -> tuple[str, str]:
    """Caption and credit where the profile says they stand in a block; else all text of the block is the caption."""
    captions = [node for css in (*rules.caption, "figcaption") for node in select(block, css)]
    credits = [node for css in rules.credit for node in select(block, css)]
    credit = next((text for node in credits if (text := line_of(node))), "")
    caption = next((text for node in captions if (text := line_of(node))), "") if captions else line_of(block)
    if credit and caption.endswith(credit):
        caption = caption[: -len(credit)].rstrip()
    if rules.placeholder and rules.placeholder.search(caption):
        caption = ""
    return caption, credit


def _caption_around(image: Node) -> str:
    """The caption of the figure around a picture of a clean body, as it stands there."""
    above = image.parent
    while above is not None:
        if above.tag == "figure":
            caption = next((node for node in select(above, "figcaption") if line_of(node)), None)
            if caption is not None:
                return line_of(caption)
        above = above.parent
    return ""
