"""Whatever Vietnamese is written in a legacy encoding can be read back, and is never taken for something else."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.text.detect import detect, detect_bytes
from migrator.text.encodings import ENCODINGS, WINDOWS_1252, decode_bytes, decode_lookalike, encode
from migrator.text.letters import LETTERS, MARKED
from migrator.text.mojibake import unscrambled
from migrator.text.repair import repair
from migrator.text.syllables import is_syllable

PRINTABLE = [character for character in string.printable if character.isprintable()]
CARRIED_BY_TCVN3 = MARKED + "ĂÂÊÔƠƯĐ"
_WORDS = """
báo hải phòng tòa soạn đường về nước người được những của và là không trong một các cho với đến thành phố nhà hội nghị
quyết định phát triển kinh tế xã văn hóa giáo dục thể thao thời tiết bão lũ miền trung nghệ sĩ khuỷu giếng gìn giữ quýt
nghiêng ngả ướt át ưu tiên ỷ lại ẩm ướt yến oanh uyển ăn ấm êm ổn ỡm ờ quẫy quỵ kỵ mỹ ruỗng lẵng nẵng khoẻ thuỷ hoà
"""
WORDS = _WORDS.split()

words = st.sampled_from(WORDS)
sentences = st.lists(words, min_size=1, max_size=30).map(" ".join)


def letters_of(encoding: str) -> str:
    return CARRIED_BY_TCVN3 if encoding == "TCVN3" else LETTERS


def as_windows(data: bytes) -> str:
    return data.decode("latin-1").translate(WINDOWS_1252)


def scrambled(text: str) -> str:
    return as_windows(text.encode("utf-8"))


def cased(sentence: str, encoding: str) -> str:
    """With capitals, where the encoding has them."""
    return sentence if encoding == "TCVN3" else " ".join((sentence.capitalize(), sentence.upper(), sentence.title()))


def test_the_words_are_syllables_in_nfc() -> None:
    assert [word for word in WORDS if not is_syllable(word) or not unicodedata.is_normalized("NFC", word)] == []


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_pair_of_letters_round_trips(encoding: str) -> None:
    signs = [*letters_of(encoding), *PRINTABLE]
    for first in signs:
        text = "\n".join(first + second for second in signs)
        data = encode(text, encoding)
        assert decode_bytes(data, encoding) == text
        assert decode_lookalike(data.decode("latin-1"), encoding) == text
        assert decode_lookalike(as_windows(data), encoding) == text


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(sentence=sentences)
def test_sentences_round_trip(encoding: str, sentence: str) -> None:
    text = cased(sentence, encoding)
    data = encode(text, encoding)
    assert decode_bytes(data, encoding) == text
    assert decode_lookalike(data.decode("latin-1"), encoding) == text
    assert decode_lookalike(as_windows(data), encoding) == text


@given(sentence=sentences)
def test_fonts_of_capitals(sentence: str) -> None:
    shown = as_windows(encode(sentence, "TCVN3"))
    assert decode_lookalike(shown, "TCVN3", capitals=True) == sentence.upper()
    assert repair(shown, fonts=".VnTimeH").text == sentence.upper()
    assert repair(shown, fonts=".VnTime").text == sentence


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(sentence=st.lists(words, min_size=20, max_size=40, unique=True).map(" ".join))
def test_long_sentences_are_recognised(encoding: str, sentence: str) -> None:
    data = encode(sentence, encoding)
    assert detect_bytes(data).text == sentence
    assert detect(as_windows(data)).text == sentence
    assert repair(as_windows(data)).text == sentence


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(sentence=st.lists(words, min_size=1, max_size=3).map(" ".join))
def test_a_short_text_is_never_changed_without_being_sure(encoding: str, sentence: str) -> None:
    shown = as_windows(encode(sentence, encoding))
    verdict = detect(shown)
    assert 0 <= verdict.confidence <= 1
    assert verdict.text == shown or verdict.encoding is not None
    assert not verdict.is_ambiguous or verdict.text == shown


@given(st.lists(st.tuples(words, st.integers(0, 2)), min_size=1, max_size=12))
def test_mojibake_once_twice_and_mixed_by_line(lines: list[tuple[str, int]]) -> None:
    good = [f"Đường đến “{word}”" for word, _ in lines]
    bad = [
        [line, scrambled(line), scrambled(scrambled(line))][times] for line, (_, times) in zip(good, lines, strict=True)
    ]
    assert unscrambled("\n".join(bad))[0] == "\n".join(good)


@given(st.lists(st.tuples(words, st.booleans()), min_size=1, max_size=12))
def test_mojibake_mixed_with_good_text_in_a_line(parts: list[tuple[str, bool]]) -> None:
    good = " ".join(f"được {word}" for word, _ in parts)
    bad = " ".join(scrambled(f"được {word}") if broken else f"được {word}" for word, broken in parts)
    assert repair(bad).text == good


@given(sentence=sentences)
def test_good_vietnamese_is_left_alone(sentence: str) -> None:
    for text in (sentence, sentence.upper(), sentence.title(), f"“{sentence.upper()}”", f"({sentence}…)"):
        assert repair(text).changes == ()


@given(sentence=sentences)
def test_decomposed_text_is_composed_and_nothing_else(sentence: str) -> None:
    done = repair(unicodedata.normalize("NFD", sentence))
    assert done.text == sentence
    assert [change.kind for change in done.changes] in ([], ["unicode-nfc"])


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from([*LETTERS, *WINDOWS_1252.values(), "&amp;", "&#7843;", "\n", "−", "海"]), max_size=40).map(
        "".join
    )
)
def test_anything_can_be_repaired_and_the_changes_are_a_chain(text: str) -> None:
    done = repair(text)
    assert unicodedata.is_normalized("NFC", done.text)
    steps = [text, *(change.after for change in done.changes)]
    assert [change.before for change in done.changes] == steps[:-1]
    assert done.text == steps[-1]
    assert all(change.before != change.after and change.why for change in done.changes)
