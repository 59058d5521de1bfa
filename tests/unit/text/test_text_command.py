import json
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from migrator.cli.text import command
from migrator.text.encodings import encode


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
