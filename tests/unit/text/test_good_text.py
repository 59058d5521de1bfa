"""What is good stays: the sentences of these tests, and message catalogues of the machine's packages."""

import gettext
import random
import unicodedata
from functools import cache
from pathlib import Path

import pytest

from migrator.text.entities import resolved
from migrator.text.repair import Repaired, repair
from tests.unit.text.sentences import GOOD

LOCALES = Path("/usr/share/locale")
SENTENCES = 2_500


def messages(file: Path) -> dict[object, object]:
    with file.open("rb") as stream:
        try:
            return dict(gettext.GNUTranslations(stream)._catalog)  # type: ignore[attr-defined]
        except (OSError, UnicodeDecodeError):
            return {}


@cache
def sentences(language: str) -> tuple[str, ...]:
    """Different messages of a language, without those that hold entities; English ones are what was translated."""
    folder = LOCALES / {"en": "vi"}.get(language, language) / "LC_MESSAGES"
    found = set()
    for file in sorted(folder.glob("*.mo")):
        for original, translated in messages(file).items():
            shown = original if language == "en" else translated
            if original and isinstance(shown, str):
                found.add(unicodedata.normalize("NFC", shown))
    return tuple(sorted(shown for shown in found if shown.strip() and resolved(shown) == shown))


@pytest.mark.parametrize("sentence", GOOD)
def test_our_sentences(sentence: str) -> None:
    assert repair(sentence) == Repaired(sentence)


def test_our_sentences_in_one_text() -> None:
    text = "\n".join(GOOD)
    assert repair(text) == Repaired(text)


@pytest.mark.parametrize("language", ["vi", "en", "fr", "zh_CN"])
def test_message_catalogues(language: str) -> None:
    found = sentences(language)
    if len(found) < SENTENCES:
        pytest.skip(
            f"only {len(found)} messages in {language} under {LOCALES}: install packages with message catalogues"
        )
    chosen = random.Random(4).sample(found, SENTENCES)
    assert [sentence for sentence in chosen if repair(sentence).changes] == []
