"""One soup, three parsers, one way of writing a tree down: a line a node, children further in, attributes sorted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from migrator.html.dom import Document, parse
from tests.property.soups.browser import Browser

HERE = Path(__file__).parent
_SPACES = {
    "http://www.w3.org/1999/xhtml": "",
    "http://www.w3.org/2000/svg": "svg ",
    "http://www.w3.org/1998/Math/MathML": "math ",
}
_PREFIXES = {
    "http://www.w3.org/1999/xlink": "xlink ",
    "http://www.w3.org/XML/1998/namespace": "xml ",
    "http://www.w3.org/2000/xmlns/": "xmlns ",
}
_DOCTYPE, _COMMENT, _TEXT, _ELEMENT = 10, 8, 3, 1
TREES = {
    "/": "<!doctype html><meta charset=utf-8><script src=/trees.js></script>",
    "/trees.js": (HERE / "trees.js").read_text(),
}


def ours(soup: str, *, whole: bool) -> str:
    """The tree that migrator sees: of a whole page as ``dom.parse`` gives it, else of a body as ``tokenise`` parses it."""
    tree = parse(soup) if whole else Document(soup.encode(), is_fragment=True)
    return _even(tree.html_pretty(html5test=True, full_doctype=True) or "")


def of_html5lib(soup: str, *, whole: bool) -> str:
    """The tree of html5lib 1.1."""
    import html5lib

    # Its etree builder loses what is moved out of a table in a fragment; the one with minidom is right.
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("dom"), namespaceHTMLElements=True)
    tree = parser.parse(soup) if whole else parser.parseFragment(soup, container="div")
    return _even("\n".join(_lines(tree, "")))


def of_chromium(browser: Browser, soups: list[str]) -> list[tuple[str, str]]:
    """The trees of Chromium: of each soup as a body, and as a whole page."""
    return [(_even(body), _even(page)) for body, page in browser.ask(soups)]


def _even(lines: str) -> str:
    """With the line ends that the preprocessing of the input makes; migrator makes them after parsing."""
    return lines.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def _lines(parent: Any, pad: str) -> list[str]:
    lines: list[str] = []
    was_text = False
    for node in parent.childNodes:
        if node.nodeType == _TEXT and was_text:
            lines[-1] = f'{lines[-1][:-1]}{node.data}"'
        elif node.nodeType == _TEXT:
            lines.append(f'{pad}"{node.data}"')
        elif node.nodeType == _COMMENT:
            lines.append(f"{pad}<!-- {node.data} -->")
        elif node.nodeType == _DOCTYPE:
            ids = f' "{node.publicId or ""}" "{node.systemId or ""}"' if node.publicId or node.systemId else ""
            lines.append(f"{pad}<!DOCTYPE {node.name}{ids}>")
        elif node.nodeType == _ELEMENT:
            lines.append(f"{pad}<{_SPACES[node.namespaceURI]}{node.nodeName}>")
            attributes = sorted((_name(each), each.value) for each in node.attributes.values())
            lines += [f'{pad}  {name}="{value}"' for name, value in attributes]
            lines += _lines(node, f"{pad}  ")
        was_text = node.nodeType == _TEXT
    return lines


def _name(attribute: Any) -> str:
    prefix = _PREFIXES.get(attribute.namespaceURI)
    return prefix + attribute.localName if prefix else str(attribute.name)
