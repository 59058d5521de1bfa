import codecs
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from migrator.cli.text import command
from migrator.text.encodings import WINDOWS_1252, encode


def told(*arguments: str, data: bytes = b"") -> str:
    done = CliRunner().invoke(command, list(arguments), input=data)
    assert done.exit_code == 0, done.output
    return done.output


def answer(data: bytes, *arguments: str) -> dict[str, object]:
    found = json.loads(told("-", "--json", *arguments, data=data))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (encode("Báo Hải Phòng ra ngày thứ hai", "VNI"), "VNI", "Báo Hải Phòng ra ngày thứ hai"),
        ("B¸o H¶i Phßng".encode(), "TCVN3", "Báo Hải Phòng"),
        ("Tòa soạn".encode(), "UTF-8", "Tòa soạn"),
        ("TÃ²a soáº¡n".encode(), "UTF-8", "Tòa soạn"),
        ("L’été à la forêt".encode("cp1252"), "CP1252", "L’été à la forêt"),
    ],
)
def test_the_answer_for_machines(data: bytes, encoding: str, text: str) -> None:
    found = answer(data)
    assert list(found) == ["encoding", "confidence", "alternatives", "text", "changes"]
    assert (found["encoding"], found["text"], found["alternatives"]) == (encoding, text, [])


def test_ambiguous_text() -> None:
    found = answer(encode("cửa hàng", "VISCII"))
    assert found["encoding"] is None
    assert isinstance(found["alternatives"], list)
    assert "cửa hàng" in [reading["text"] for reading in found["alternatives"]]
    assert "Ambiguous" in told("-", "--lang", "en", data=encode("cửa hàng", "VISCII"))


def test_a_declared_encoding_for_bytes_and_for_text_stored_as_utf8() -> None:
    assert answer(encode("cửa hàng", "VISCII"), "--as", "viscii")["text"] == "cửa hàng"
    assert answer("Baùo".encode(), "--as", "VNI")["text"] == "Báo"


def test_the_answer_for_people(tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_bytes("TÃ²a soáº¡n".encode())
    shown = told(str(file), "--lang", "en")
    assert "Mojibake: UTF-8 read as Windows-1252 or Latin-1, once" in shown
    assert shown.endswith("Tòa soạn\n")
    file.write_bytes("Tòa soạn".encode())
    assert "Không có gì phải sửa." in told(str(file), "--lang", "vi")
    assert unicodedata.is_normalized("NFC", told(str(file), "--lang", "vi"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, [str(tmp_path / "none")])
    assert done.exit_code == 2


GOOD = "Báo Hải Phòng ra số đầu tiên, tòa soạn ở phố Đinh Tiên Hoàng."
LEGACY = "Chiều nay, quận tổ chức buổi gặp mặt các hộ kinh doanh ở chợ Sắt."


def lookalike(text: str, encoding: str) -> str:
    return encode(text, encoding).decode("latin-1").translate(WINDOWS_1252)


@pytest.mark.parametrize(
    ("mark", "codec", "name"),
    [
        (codecs.BOM_UTF8, "utf-8", "UTF-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
        (b"", "utf-16-le", "UTF-16"),
        (b"", "utf-16-be", "UTF-16"),
    ],
)
def test_a_byte_order_mark_is_no_text_and_hides_nothing(mark: bytes, codec: str, name: str) -> None:
    good = answer(mark + GOOD.encode(codec))
    assert (good["encoding"], good["text"], good["changes"]) == (name, GOOD, [])
    legacy = answer(mark + lookalike(LEGACY, "VNI").encode(codec))
    assert (legacy["encoding"], legacy["text"]) == ("VNI", LEGACY)


def test_what_is_read_as_it_was_said_is_told() -> None:
    changes: Any = answer("Baùo".encode(), "--as", "VNI")["changes"]
    assert [(change["before"], change["after"]) for change in changes] == [("Baùo", "Báo")]
    assert answer(b"Bao", "--as", "VNI")["changes"] == []


@pytest.mark.parametrize("is_stored_as_utf8", [True, False])
def test_markup_is_read_by_its_fonts(is_stored_as_utf8: bool) -> None:
    pieces = [("<p><font face='.VnTimeH'>", "báo hải phòng", "TCVN3"), ("</font> <font face=VNI-Times>", LEGACY, "VNI")]
    data = b"".join(tag.encode() + encode(text, encoding) for tag, text, encoding in pieces) + b"</font></p>"
    found = answer(data.decode("latin-1").translate(WINDOWS_1252).encode() if is_stored_as_utf8 else data)
    assert found["text"] == f'<p><font face=".VnTimeH">BÁO HẢI PHÒNG</font> <font face="VNI-Times">{LEGACY}</font></p>'
    assert found["changes"]


def test_fonts_of_good_text_change_nothing() -> None:
    text = f"<p><font face='.VnTime'>{GOOD}</font></p>"
    assert answer(text.encode())["text"] == text


@pytest.mark.parametrize("encoding", ["TCVN3", "VNI", "VPS", "VISCII"])
def test_a_legacy_line_among_lines_in_utf8(encoding: str) -> None:
    found = answer(GOOD.encode() + b"\n" + encode(LEGACY, encoding) + b"\n" + GOOD.encode())
    assert found["text"] == f"{GOOD}\n{LEGACY}\n{GOOD}"


def test_a_broken_character_is_no_legacy_line() -> None:
    found = answer(GOOD.encode() + b"\xff\n" + GOOD.encode())
    assert str(found["text"]).count(GOOD) == 2
