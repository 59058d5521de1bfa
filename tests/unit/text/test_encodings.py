"""The table: complete, and what other programs say it is."""

import re
import shutil
import subprocess
import unicodedata

import pytest

from migrator.text.encodings import ENCODINGS, decode_bytes, decode_lookalike, encode
from migrator.text.letters import LETTERS, MARKED, base_and_tone

CARRIED_BY_TCVN3 = MARKED + "ĂÂÊÔƠƯĐ"


def letters_of(encoding: str) -> str:
    return CARRIED_BY_TCVN3 if encoding == "TCVN3" else LETTERS


def as_windows(data: bytes) -> str:
    """Bytes as a database that believes in Windows-1252 shows them; where that has no sign, as Latin-1 does."""
    return "".join(chr(b) if b in b"\x81\x8d\x8f\x90\x9d" else bytes([b]).decode("cp1252") for b in data)


def test_there_are_134_letters() -> None:
    assert len(set(LETTERS)) == 134
    assert all(unicodedata.is_normalized("NFC", letter) for letter in LETTERS)
    assert {unicodedata.normalize("NFC", "".join(base_and_tone(letter))) for letter in LETTERS} == set(LETTERS)
    assert len(CARRIED_BY_TCVN3) == 74


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_letter_round_trips(encoding: str) -> None:
    for letter in letters_of(encoding):
        data = encode(letter, encoding)
        assert decode_bytes(data, encoding) == letter
        assert decode_lookalike(data.decode("latin-1"), encoding) == letter
        assert decode_lookalike(as_windows(data), encoding) == letter


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_ascii_and_what_is_no_letter_stay(encoding: str) -> None:
    ascii_text = "".join(map(chr, (9, 10, 13, *range(32, 127))))
    assert decode_bytes(ascii_text.encode(), encoding) == ascii_text
    assert decode_lookalike(ascii_text, encoding) == ascii_text
    assert decode_lookalike("海 ế → 𝄞", encoding) == "海 ế → 𝄞"


def test_signs_of_windows_are_read_where_they_are_no_letters() -> None:
    assert decode_bytes(b"\x93B\xb8o\x94 \x96 \x85", "TCVN3") == "“Báo” – …"
    assert decode_lookalike("\x93B¸o\x94", "TCVN3") == "“Báo”"
    assert decode_bytes(b"10 \xfe", "CP1258") == "10 ₫"


@pytest.mark.parametrize(
    ("encoding", "shown", "meant"),
    [
        ("TCVN3", "B¸o H¶i Phßng", "Báo Hải Phòng"),
        ("TCVN3", "n\u00ad\u00edc ta, −u ti\u00aan", "nước ta, ưu tiên"),
        ("VNI", "Baùo Haûi Phoøng, Ñöôøng", "Báo Hải Phòng, Đường"),
        ("VNI", "kyï, kî, CHÆ, kó, iø iù", "kỵ, kỵ, CHỈ, kĩ, ì í"),
        ("VNI", "AÉ AÈ aé aè", "Ắ Ằ ắ ằ"),
        ("CP1258", "Tiêìng Viêòt ðýõÌng", "Tiếng Việt đường"),
        ("TCVN5712-1", "a\u00b3 e\u00b4", "á ẹ"),
    ],
)
def test_known_texts(encoding: str, shown: str, meant: str) -> None:
    assert decode_lookalike(shown, encoding) == meant


def test_capitals_live_in_the_font() -> None:
    assert decode_lookalike("Hµ Néi", "TCVN3", capitals=True) == "HÀ NỘI"
    assert decode_lookalike("Hµ&nbsp;Néi &#8211; &amp;", "TCVN3", capitals=True) == "HÀ&nbsp;NỘI &#8211; &amp;"


def test_what_an_encoding_does_not_have_is_an_error() -> None:
    with pytest.raises(UnicodeEncodeError, match="not in this encoding"):
        encode("Ấ", "TCVN3")
    with pytest.raises(UnicodeEncodeError):
        encode("海", "VNI")
    with pytest.raises(UnicodeEncodeError):
        encode("¸", "TCVN3")
    for call in (lambda: decode_bytes(b"", "TCVN4"), lambda: decode_lookalike("", "x"), lambda: encode("", "x")):
        with pytest.raises(ValueError, match="no such encoding"):
            call()


def converted(command: list[str], data: bytes) -> list[str]:
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    return unicodedata.normalize("NFC", done.stdout.decode("utf-8")).splitlines()


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("TCVN3", "TCVN5712-1"), ("TCVN5712-1", "TCVN5712-1"), ("VISCII", "VISCII"), ("CP1258", "CP1258")],
)
def test_iconv_agrees(encoding: str, name: str) -> None:
    iconv = shutil.which("iconv")
    if iconv is None:
        pytest.skip("iconv is not installed")
    known = subprocess.run([iconv, "-l"], capture_output=True, text=True, check=True).stdout
    if not re.search(rf"\b{name}\b", known):
        pytest.skip(f"this iconv does not know {name}")
    letters = list(letters_of(encoding))
    data = b"\n".join(encode(letter, encoding) for letter in letters)
    assert converted([iconv, "-f", name, "-t", "UTF-8"], data) == letters


@pytest.mark.parametrize(
    ("encoding", "name", "mistaken"),
    [
        ("TCVN3", "TCVN", ""),
        ("TCVN5712-1", "TCVN", ""),
        ("VISCII", "VISCII", ""),
        ("VNI", "VNI", "ẮẰ"),
        ("VPS", "VPS", "Ỗ"),
    ],
)
def test_recode_agrees(encoding: str, name: str, mistaken: str) -> None:
    """Except for what GNU recode 3.6 has wrong: it swaps Ắ and Ằ of VNI, and lacks Ỗ of VPS."""
    recode = shutil.which("recode")
    if recode is None:
        pytest.skip("recode is not installed (Debian package recode)")
    letters = [letter for letter in letters_of(encoding) if letter not in mistaken]
    data = b"\n".join(encode(letter, encoding) for letter in letters) + b"\n"
    assert converted([recode, f"{name}..UTF-8"], data) == letters


def test_python_agrees_on_cp1258() -> None:
    for letter in LETTERS:
        assert unicodedata.normalize("NFC", encode(letter, "CP1258").decode("cp1258")) == letter
