"""What is good stays: 10,000 sentences in each of four languages go through repair, detection and cleaning untouched.

The sentences are the message catalogues of the packages on this machine: other people's text, of many hands and subjects.
"""

from __future__ import annotations

import gettext
import random
from functools import cache
from html import escape
from pathlib import Path
from unicodedata import normalize

import pytest

from migrator.html import CleanBody, CleanOptions, clean, plain_text
from migrator.text.detect import UTF8, detect, detect_bytes
from migrator.text.entities import resolved
from migrator.text.repair import Repaired, repair

LOCALES = Path("/usr/share/locale")
LANGUAGES = {"vi": "Vietnamese", "en": "English", "fr": "French", "zh_CN": "Chinese"}
SENTENCES = 10_000
FEWEST_LETTERS = 20
MOST_DOUBTED = 2_000  # one sentence in so many
SEED = 20_240_620
PLAIN = CleanOptions()
_OF_ENGLISH = ("vi", "fr", "en_GB")  # catalogues whose originals are English; those of en itself are few


def _messages(file: Path) -> dict[object, object]:
    with file.open("rb") as stream:
        try:
            return dict(gettext.GNUTranslations(stream)._catalog)  # type: ignore[attr-defined]
        except (OSError, UnicodeDecodeError):
            return {}


def _shown(original: object, translated: object, language: str) -> str:
    """What a user of the program reads: context and plural forms taken off, NFC."""
    if language == "en":
        translated = original[0] if isinstance(original, tuple) else original
    text = translated.rpartition("\x04")[2] if isinstance(translated, str) and original else ""
    return normalize("NFC", text)


@cache
def sentences(language: str) -> list[str]:
    """The same :data:`SENTENCES` each time; a skip if there are fewer.

    Left out are those with character references (to resolve them is what repair is for) and with carriage returns, which
    no HTML parser keeps.
    """
    found: set[str] = set()
    for folder in _OF_ENGLISH if language == "en" else (language,):
        for file in sorted((LOCALES / folder / "LC_MESSAGES").glob("*.mo")):
            found.update(_shown(original, translated, language) for original, translated in _messages(file).items())
    good = sorted(text for text in found if text.strip() and "\r" not in text and resolved(text) == text)
    if len(good) < SENTENCES:
        pytest.skip(
            f"{len(good)} messages in {LANGUAGES[language]} under {LOCALES}, not {SENTENCES}: install packages with "
            "message catalogues"
        )
    return random.Random(SEED).sample(good, SENTENCES)


pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def test_repair_changes_nothing(language: str) -> None:
    repaired = {text: repair(text) for text in sentences(language)}
    assert {text: found for text, found in repaired.items() if found.text != text or found.changes} == {}


def test_detection_takes_none_for_a_legacy_encoding(language: str) -> None:
    taken = [text for text in sentences(language) if detect(text).encoding is not None or detect(text).text != text]
    assert taken == []


def test_bytes_are_utf8(language: str) -> None:
    """Of sentences: two letters of a foreign name alone do not tell."""
    long = [text for text in sentences(language) if len(text) > FEWEST_LETTERS]
    assert len(long) > SENTENCES / 4
    found = {text: detect_bytes(text.encode()) for text in long}
    assert {text: verdict for text, verdict in found.items() if verdict.encoding != UTF8 or verdict.text != text} == {}


def told(body: CleanBody) -> list[tuple[str, str]]:
    """What is noted; "[pid par défaut = 1]" has the form of a shortcode, is said to be one, and is left alone.

    So is "Taï tham", which may be French and may be VNI: to say so changes nothing.
    """
    return [note for note in body.notes if note[0] not in ("shortcode-left", "encoding-doubt")]


def test_a_paragraph_comes_out_as_it_was(language: str) -> None:
    changed = []
    doubted = 0
    for text in sentences(language):
        body = clean(f"<p>{escape(text, quote=False)}</p>", PLAIN)
        if body.html != f"<p>{escape(text, quote=False)}</p>" or body.text != " ".join(text.split()) or told(body):
            changed.append((text, body))
        doubted += any(code == "encoding-doubt" for code, _ in body.notes)
    assert changed == []
    assert doubted <= SENTENCES // MOST_DOUBTED


def test_a_body_of_them_has_a_line_for_each(language: str) -> None:
    """Together they are long enough for every guess about the whole of a text."""
    body = "".join([f"<p>{escape(text, quote=False)}</p>" for text in sentences(language)[:2_000]])
    lines = [" ".join(text.split()) for text in sentences(language)[:2_000]]
    assert plain_text(body).split("\n") == [line for line in lines if line]


def test_one_long_text_is_left_alone(language: str) -> None:
    text = "\n".join(sentences(language)[:2_000])
    assert repair(text) == Repaired(text)
