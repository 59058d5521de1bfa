"""How the auditor reads damaged source text – held against the transformation's own encoder, which is other code."""

import unicodedata
from pathlib import Path

import pytest

from migrator.text.encodings import ENCODINGS, encode
from migrator.verify.body_words import source_words, words_of
from migrator.verify.letters import decoded, encodings, plausibility, unscrambled
from migrator.verify.prose import read_body
from tests.unit.verify.test_fidelity import BODY, SENTENCES, SEVENTH, declared, examined, plain, with_bodies

TEXT = ". ".join(SENTENCES)
FRENCH = "Le congrès célèbre à Genève : une forêt brûlée, des élèves français très étonnés, où êtes-vous né"
ALL = ("legacy-fonts", "legacy-letters", "repair-mojibake", "entities-twice", "nfc")


def as_windows(text: str, encoding: str) -> str:
    """What a database shows that took the bytes for Windows-1252."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in encode(text, encoding))


def scrambled(text: str, times: int = 1) -> str:
    for _ in range(times):
        text = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())
    return text


def read(html: str, *readings: str) -> tuple[list[str], tuple[str, ...]]:
    found = source_words(read_body(html), readings)
    return found.words, found.announced


def test_every_encoding_of_the_table_is_read() -> None:
    assert set(encodings()) == set(ENCODINGS)


@pytest.mark.parametrize("encoding", [name for name in ENCODINGS if name != "CP1258"])
@pytest.mark.parametrize("text", [*SENTENCES, "Đường về Ắ Ằ ẳ Ỗ ỵ", "ASCII only"])
def test_letters_come_back(encoding: str, text: str) -> None:
    text = text.lower() if encoding == "TCVN3" else text  # its capitals live in the font
    assert decoded(as_windows(text, encoding), encoding) == text


def test_plausibility() -> None:
    assert plausibility(TEXT) == 1
    assert plausibility("ASCII") is None
    assert (plausibility(as_windows(TEXT.lower(), "TCVN3")) or 0) < 0.3
    assert (plausibility(as_windows(TEXT, "VNI")) or 0) < 0.5
    assert (plausibility(scrambled(TEXT)) or 0) < 0.3
    assert (plausibility(FRENCH) or 0) < 0.9


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<p><font face='.VnTime'>{as_windows(SENTENCES[0].lower(), 'TCVN3')}</font></p>", SENTENCES[0].lower()),
        (f"<p><font face='.VnTimeH'>{as_windows(SENTENCES[0].lower(), 'TCVN3')}</font></p>", SENTENCES[0].upper()),
        (f"<p style='font-family:VNI-Times'>{as_windows(SENTENCES[0], 'VNI')}</p>", SENTENCES[0]),
        (
            f"<p>Tin: <span style='font: 12pt .VnArial'>{as_windows('đường bộ', 'TCVN3')}</span> mới</p>",
            "Tin đường bộ mới",
        ),
        (
            "<p><font face=.VnTime>®­&shy;êng</p><p>b&reg;</font> &reg;</p>",
            "đưường bđ",
        ),  # a font goes on; &shy; is a letter
        (  # the first letter alone in a font of capitals; by itself it could be good Unicode
            "<p><font face='.VnTime'>Kh¸ch tõ </font><font face='.VnTimeH'>Ê</font><font face='.VnTime'>n §é</font></p>",
            "Khách từ Ấn Độ",
        ),
        (f"<font face='.VnTime'>{SENTENCES[0]}</font>", SENTENCES[0]),  # good Unicode in an old font
        (f"<font face='Arial, .VnTime'>{SENTENCES[0]}</font>", SENTENCES[0]),
    ],
)
def test_a_font_run_is_read_by_its_font(html: str, expected: str) -> None:
    words, announced = read(html, *ALL)
    assert words == words_of(expected)
    assert announced == (() if SENTENCES[0] in html else ("legacy-fonts",))


@pytest.mark.parametrize(
    ("damaged", "reading"),
    [
        (as_windows(TEXT.lower(), "TCVN3"), "legacy-letters"),
        (as_windows(TEXT, "VNI"), "legacy-letters"),
        (scrambled(TEXT), "repair-mojibake"),
        (scrambled(TEXT, 2), "repair-mojibake"),
        (f"{SENTENCES[0]}: {scrambled(SENTENCES[1])}", "repair-mojibake"),
        (unicodedata.normalize("NFD", TEXT), "nfc"),
        (TEXT.replace("ố", "&amp;#7889;"), "entities-twice"),
    ],
)
def test_damage_that_nothing_declares_is_seen_in_the_text(damaged: str, reading: str) -> None:
    words, announced = read(f"<p>{damaged}</p>", *ALL)
    text = TEXT.lower() if "lower" in reading or damaged == as_windows(TEXT.lower(), "TCVN3") else TEXT
    assert words == (words_of(text) if damaged.count(".") else words_of(f"{SENTENCES[0]} {SENTENCES[1]}"))
    assert announced == (reading,)
    assert read(f"<p>{damaged}</p>", *(set(ALL) - {reading}))[1] == ()


@pytest.mark.parametrize("good", [TEXT, FRENCH, "THỊ XÃ ”mới“ – ÂU CƠ", "Ngày 3·5°C ± 2", "“Đà Nẵng” «Huế» © 2024 ®"])
def test_good_text_stays(good: str) -> None:
    assert read(f"<p>{good}</p>", *ALL) == (words_of(good), ())


def test_what_is_no_utf_8_stays() -> None:
    assert unscrambled("Ã không phải mojibake Ä") == "Ã không phải mojibake Ä"


# --- in the check -----------------------------------------------------------------------------------------------------
DAMAGED = BODY.replace(SENTENCES[1], f"<font face=.VnTime>{as_windows(SENTENCES[1].lower(), 'TCVN3')}</font>")
REPAIRED = BODY.replace(SENTENCES[1], SENTENCES[1].lower())


def test_repaired_text_is_whole_and_announced(tmp_path: Path) -> None:
    world = with_bodies(DAMAGED, REPAIRED, read=("legacy-fonts",))
    assert examined(world, tmp_path)[1] == set()
    assert declared(world) == {("mojibake", "as announced: legacy-fonts")}
    assert world.examine(tmp_path).accounts.text[0].read == {"legacy-fonts": 1}


def test_text_that_was_not_repaired_is_found(tmp_path: Path) -> None:
    unrepaired = BODY.replace(SENTENCES[1], as_windows(SENTENCES[1].lower(), "TCVN3"))
    world = with_bodies(DAMAGED, unrepaired, text=plain(unrepaired), read=("legacy-fonts",))
    assert examined(world, tmp_path)[1] == {(SEVENTH, "body_html", "mojibake")}
    assert "stands as it is at the source" in world.differences()[0]["detail"]


def test_a_repair_nobody_announced_is_found(tmp_path: Path) -> None:
    assert (SEVENTH, "body_html", "changed") in examined(with_bodies(DAMAGED, REPAIRED), tmp_path)[1]


def test_good_text_that_was_repaired_is_found(tmp_path: Path) -> None:
    source = BODY.replace(SENTENCES[1], FRENCH)
    spoilt = BODY.replace(SENTENCES[1], decoded(FRENCH, "TCVN3"))
    world = with_bodies(source, spoilt, text=plain(spoilt), read=ALL)
    assert (SEVENTH, "body_html", "changed") in examined(world, tmp_path)[1]
