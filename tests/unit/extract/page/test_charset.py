"""Bytes to text: mark, header, meta, then the content itself."""

import codecs

import pytest

from migrator.extract.page.charset import decode_page
from migrator.text.encodings import encode

PROSE = "Sáng nay, ban quản lý cảng họp với các chủ tàu để bàn việc nạo vét luồng lạch trước mùa mưa bão. " * 3


def meta(charset: str) -> bytes:
    return f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head><p>'.encode()


@pytest.mark.parametrize("encoding", ["TCVN3", "VNI", "VPS", "VISCII", "CP1258"])
@pytest.mark.parametrize("declared", ["iso-8859-1", "utf-8", "x-user-defined"])
def test_vietnamese_encodings_whatever_is_declared(encoding: str, declared: str) -> None:
    decoded = decode_page(meta(declared) + encode(PROSE, encoding))
    assert PROSE in decoded.text
    assert decoded.encoding == encoding
    assert decoded.notes == (("charset-corrected", f"declared {declared}, read as {encoding}"),)


def test_windows_1258_that_says_so() -> None:
    decoded = decode_page(meta("windows-1258") + encode(PROSE, "CP1258"))
    assert (PROSE in decoded.text, decoded.encoding, decoded.notes) == (True, "CP1258", ())


@pytest.mark.parametrize(
    ("data", "header", "encoding"),
    [
        (codecs.BOM_UTF8 + PROSE.encode(), "text/html; charset=gb2312", "utf-8"),
        (codecs.BOM_UTF16_LE + PROSE.encode("utf-16-le"), None, "utf-16-le"),
        (codecs.BOM_UTF16_BE + PROSE.encode("utf-16-be"), None, "utf-16-be"),
        (("<html><body><p>" + PROSE).encode("utf-16-le"), "text/html; charset=UTF-16", "utf-16-le"),
        (("<html><body><p>" + PROSE).encode("utf-16-be"), None, "utf-16-be"),
        (meta("iso-8859-1") + PROSE.encode(), None, "utf-8"),
        (PROSE.encode(), "text/html; charset=UTF-8", "utf-8"),
    ],
)
def test_marks_headers_and_content(data: bytes, header: str | None, encoding: str) -> None:
    decoded = decode_page(data, header)
    assert (PROSE in decoded.text, decoded.encoding) == (True, encoding)
    assert not decoded.text.startswith("\ufeff")


def test_the_header_comes_before_the_meta() -> None:
    chinese = "海防日报电子版今天发表文章"
    assert chinese in decode_page(meta("utf-8") + chinese.encode("gb18030"), "text/html; charset=gb2312").text


def test_a_declaration_that_the_bytes_contradict_is_noted() -> None:
    assert decode_page(meta("windows-1252") + PROSE.encode()).notes == (
        ("charset-corrected", "declared windows-1252, is utf-8"),
    )


def test_western_pages_stay_western() -> None:
    decoded = decode_page(meta("iso-8859-1") + "L’été à la forêt, déjà".encode("cp1252"))
    assert "L’été à la forêt, déjà" in decoded.text


def test_a_cut_character_is_lost_alone() -> None:
    decoded = decode_page(meta("utf-8") + (PROSE + "ế").encode()[:-1])
    assert PROSE in decoded.text
    assert decoded.notes == (("characters-lost", "1 not decodable as utf-8"),)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\xff\xfe\x00", b"\x80" * 1000, b"<meta charset=\xff", b"<meta charset=nonsense>\xe1"]
)
def test_nothing_makes_it_fail(data: bytes) -> None:
    assert isinstance(decode_page(data).text, str)


@pytest.mark.parametrize("encoding", ["TCVN3", "VNI", "VPS", "VISCII"])
def test_a_legacy_paragraph_in_a_page_of_utf8(encoding: str) -> None:
    legacy = "Chiều nay, quận tổ chức buổi gặp mặt các hộ kinh doanh ở chợ Sắt."
    page = meta("utf-8") + f"<p>{PROSE}</p><p>".encode() + encode(legacy, encoding) + f"</p><p>{PROSE}</p>".encode()
    decoded = decode_page(page)
    assert decoded.text.endswith(f"<p>{PROSE}</p><p>{legacy}</p><p>{PROSE}</p>")
    assert [code for code, _ in decoded.notes] == ["charset-mixed"]
