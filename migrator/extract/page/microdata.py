"""schema.org markup in the elements of a page."""

from __future__ import annotations

from collections.abc import Mapping

from migrator.extract.page.model import PageLink
from migrator.extract.page.stated import Stated, plain, split_keywords
from migrator.html.dom import Document, Node, attribute, line_of, select

_MOST_VALUES = 5_000


def read_microdata(page: Document) -> Stated:
    """What the schema.org markup of the first article on the page says."""
    scopes = select(page, '[itemscope][itemtype*="schema.org/" i][itemtype$="Article" i]')
    if not scopes:
        return Stated()
    scope = scopes[0]
    found: dict[str, list[str]] = {}
    for node in scope.css("[itemprop]")[:_MOST_VALUES]:
        owner = _owner(node)
        if owner is not None and owner.mem_id == scope.mem_id:
            for name in attribute(node, "itemprop").split():
                found.setdefault(name, []).append(_value(node, name))
    return Stated(
        headline=_one(found, "headline", "name"),
        description=_one(found, "description"),
        authors=tuple(dict.fromkeys(filter(None, found.get("author", [])))),
        published=_one(found, "datePublished"),
        updated=_one(found, "dateModified"),
        sections=tuple(dict.fromkeys(filter(None, found.get("articleSection", [])))),
        tags=tuple(word for text in found.get("keywords", []) for word in split_keywords(text)),
        images=tuple(dict.fromkeys(filter(None, found.get("image", [])))),
        url=_one(found, "mainEntityOfPage", "url"),
        language=_one(found, "inLanguage"),
        publisher=_one(found, "publisher"),
    )


def _one(found: Mapping[str, list[str]], *names: str) -> str:
    return next((value for name in names for value in found.get(name, []) if value), "")


def _owner(node: Node) -> Node | None:
    """The element whose property this is."""
    above = node.parent
    while above is not None and not (above.is_element_node and "itemscope" in above.attrs):
        above = above.parent
    return above


def _value(node: Node, name: str) -> str:
    """The value of a property; of an object its name, or of a picture its address."""
    if "itemscope" not in node.attrs:
        return _plain_value(node, name)
    wanted = "url" if name == "image" else "name"
    inner = [each for each in select(node, f'[itemprop="{wanted}"]') if each.mem_id != node.mem_id]
    return _plain_value(inner[0], wanted) if inner else ""


def _plain_value(node: Node, name: str) -> str:
    for each in ("content", "datetime", "href", "src"):
        value = attribute(node, each)
        if value and not (each == "href" and name not in ("mainEntityOfPage", "url") and line_of(node)):
            return plain(value)
    return line_of(node)


def read_crumbs(page: Document) -> tuple[PageLink, ...]:
    """The way to the article that the markup of a breadcrumb trail states, outermost first."""
    crumbs = []
    for item in page.css('[itemtype$="BreadcrumbList" i] [itemprop="itemListElement"]')[:50]:
        link = item if item.tag == "a" else item.css_first("a[href]")
        shown = item.css_first('[itemprop="name"]') or link
        text = line_of(shown) or attribute(shown, "content") if shown is not None else ""
        if text:
            crumbs.append(PageLink(text, attribute(link, "href") if link is not None else ""))
    return tuple(crumbs)
