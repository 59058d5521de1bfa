"""How well is an unknown page read? Our reader beside the standard libraries, on pages whose article is known.

    python benchmarks/page/f1.py --pages DIR [--corpus NAME ...] [--reader NAME ...] [--worst N]

DIR (or the environment variable MIGRATOR_PAGES) holds one folder a corpus: ``ground-truth.json``, an object of page id
to ``{"articleBody": …, "url": …}``, and the pages as ``ID.html`` or ``html/ID.html.gz`` – the layout of the public article
extraction benchmark (github.com/scrapinghub/article-extraction-benchmark). ``articleBody`` "" says: no article here.
The pages are other people's and do not come with this project; corpora.py beside this file says where to get some.

Every reader sees every page in this one run, in one process, without network; a reader that fails on a page gives nothing.
CPU is process time, the mean over the pages of all corpora, the first page of each reader left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import os
import socket
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

from readers import Reader, readers
from scores import Score, mean, score


@dataclass(frozen=True, slots=True)
class KnownPage:
    corpus: str
    name: str
    html: str
    url: str | None
    body: str


def load(folder: Path) -> list[KnownPage]:
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    pages = []
    for name, known in sorted(truth.items()):
        plain, packed = folder / f"{name}.html", folder / "html" / f"{name}.html.gz"
        html = plain.read_text("utf-8") if plain.exists() else gzip.decompress(packed.read_bytes()).decode("utf-8")
        pages.append(KnownPage(folder.name, name, html, known.get("url"), known.get("articleBody") or ""))
    return pages


def run(reader: Reader, pages: list[KnownPage]) -> tuple[list[str], list[float]]:
    """The text found on each page, and the CPU seconds each took."""
    texts, seconds = [], []
    for page in pages:
        began = time.process_time()
        try:
            text = reader(page.html, page.url)
        except Exception as error:
            print(f"{page.corpus}/{page.name}: {type(error).__name__}: {str(error)[:80]}", file=sys.stderr)
            text = ""
        seconds.append(time.process_time() - began)
        texts.append(text)
    return texts, seconds


def table(found: dict[str, tuple[list[str], list[float]]], pages: list[KnownPage]) -> None:
    corpora = list(dict.fromkeys(page.corpus for page in pages))
    sizes = {c: sum(1 for page in pages if page.corpus == c and page.body) for c in corpora}
    bare = sum(1 for page in pages if not page.body)
    print("| reader | " + " | ".join(f"{c} ({sizes[c]})" for c in corpora), end=" | ")
    print(f"all: precision | recall | F1 | words F1 | silent on {bare} pages without article | CPU ms: mean | p95 |")
    print("|---" * (len(corpora) + 8) + "|")
    for name, (texts, seconds) in found.items():
        four = [score(page.body, text, 4) for page, text in zip(pages, texts, strict=True)]
        one = [score(page.body, text, 1) for page, text in zip(pages, texts, strict=True)]
        cells = [f"{mean(_of(four, pages, corpus))[2]:.4f}" for corpus in corpora]
        precision, recall, f1 = mean(_of(four, pages))
        silent = sum(1 for page, text in zip(pages, texts, strict=True) if not page.body and not text.strip())
        times = sorted(seconds[1:] or seconds)
        cells += [f"{precision:.4f}", f"{recall:.4f}", f"**{f1:.4f}**", f"{mean(_of(one, pages))[2]:.4f}", str(silent)]
        cells += [f"{1000 * sum(times) / len(times):.1f}", f"{1000 * times[int(len(times) * 0.95)]:.1f}"]
        print(f"| {name} | " + " | ".join(cells) + " |")


def _of(scores: list[Score], pages: list[KnownPage], corpus: str = "") -> list[Score]:
    """Of pages that have an article."""
    return [one for one, page in zip(scores, pages, strict=True) if page.body and corpus in ("", page.corpus)]


def worst(texts: list[str], pages: list[KnownPage], count: int) -> None:
    scored = sorted((score(p.body, t, 4).f1, i) for i, (p, t) in enumerate(zip(pages, texts, strict=True)) if p.body)
    for f1, i in scored[:count]:
        one = score(pages[i].body, texts[i], 4)
        print(f"{f1:.3f} p={one.precision or 0:.3f} r={one.recall or 0:.3f} {pages[i].corpus}/{pages[i].name}")


def _no_network(*_arguments: object, **_options: object) -> list[tuple[object, ...]]:
    raise OSError("readers see the page and nothing else")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pages", type=Path, default=os.environ.get("MIGRATOR_PAGES"), metavar="DIR")
    arguments.add_argument("--corpus", action="append", default=[], help="only these folders")
    arguments.add_argument("--reader", action="append", default=[], help="only these readers")
    arguments.add_argument(
        "--worst", type=int, default=0, metavar="N", help="also list the N worst pages of the first reader"
    )
    asked = arguments.parse_args()
    if not asked.pages:
        arguments.error("name the folder of the corpora with --pages or MIGRATOR_PAGES")
    folders = sorted(path.parent for path in Path(asked.pages).glob("*/ground-truth.json"))
    folders = [folder for folder in folders if not asked.corpus or folder.name in asked.corpus]
    if not folders:
        arguments.error(f"no corpus in {asked.pages}")
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    socket.getaddrinfo = _no_network  # type: ignore[assignment]
    pages = [page for folder in folders for page in load(folder)]
    found = {name: run(reader, pages) for name, reader in readers(asked.reader).items()}
    table(found, pages)
    if asked.worst:
        worst(next(iter(found.values()))[0], pages, asked.worst)


if __name__ == "__main__":
    main()
