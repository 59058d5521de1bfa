import pytest

from migrator.text.detect import SURE, UTF8, WINDOWS, Detection, detect, detect_bytes
from migrator.text.encodings import ENCODINGS, encode
from tests.unit.text.sentences import CHINESE, ENGLISH, FRENCH, GOOD, VIETNAMESE

TEXT = "báo hải phòng đưa tin: hội nghị quyết định phát triển kinh tế thành phố, đời sống người dân được nâng lên"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_encoding_is_recognised(encoding: str) -> None:
    data = encode(TEXT, encoding)
    # TCVN3 is a part of TCVN5712-1: small letters are the same text in both.
    expected = "TCVN3" if encoding == "TCVN5712-1" else encoding
    for verdict in (detect_bytes(data), detect(data.decode("latin-1"))):
        assert (verdict.encoding, verdict.text) == (expected, TEXT)
        assert verdict.confidence > SURE
        assert verdict.alternatives == ()
        assert not verdict.is_ambiguous


def test_square_and_cubic_metres_are_no_tones() -> None:
    """TCVN5712-1 has a combining tone at the place of ³; TCVN3 leaves it a sign."""
    verdict = detect("Nhµ m¸y n\xadíc x· Hßa NghÜa cã c«ng suÊt 9.800 m³ mçi ngµy, cÊp n\xadíc cho 3.400 hé.")
    assert verdict.text == "Nhà máy nước xã Hòa Nghĩa có công suất 9.800 m³ mỗi ngày, cấp nước cho 3.400 hộ."
    assert detect("Khu nhà rộng 250 m² và bể nước 30 m³").encoding is None


def test_capitals_of_tcvn5712() -> None:
    verdict = detect_bytes(encode("HỘI NGHỊ QUYẾT ĐỊNH PHÁT TRIỂN KINH TẾ", "TCVN5712-1"))
    assert (verdict.encoding, verdict.text) == ("TCVN5712-1", "HỘI NGHỊ QUYẾT ĐỊNH PHÁT TRIỂN KINH TẾ")


def test_a_font_of_capitals_is_guessed_from_plain_capitals() -> None:
    assert detect("TæNG C¤NG TY §IÖN LùC").text == "TỔNG CÔNG TY ĐIỆN LỰC"
    assert detect("Theo TæNG C¤NG TY §iÖn lùc ViÖt Nam").text == "Theo TỔNG CÔNG TY Điện lực Việt Nam"


@pytest.mark.parametrize("text", GOOD)
def test_good_text_is_in_no_legacy_encoding(text: str) -> None:
    verdict = detect(text)
    assert (verdict.encoding, verdict.text, verdict.is_ambiguous) == (None, text, False)
    assert detect_bytes(text.encode()) == Detection(UTF8, 1.0, text)


@pytest.mark.parametrize("text", [line for line in FRENCH + ENGLISH if not line.isascii()])
def test_western_bytes_are_windows_1252(text: str) -> None:
    verdict = detect_bytes(text.encode("cp1252"))
    assert (verdict.encoding, verdict.text) == (WINDOWS, text)


def test_what_fits_several_encodings_is_ambiguous() -> None:
    verdict = detect_bytes(encode("cửa hàng", "VISCII"))
    assert verdict.is_ambiguous
    assert verdict.encoding is None
    assert "cửa hàng" in [reading.text for reading in verdict.alternatives]
    assert verdict.text == encode("cửa hàng", "VISCII").decode("cp1252")
    shares = [reading.confidence for reading in verdict.alternatives]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1


def test_mojibake_is_no_legacy_encoding() -> None:
    once = "được thao".encode().decode("cp1252", "replace").replace("\ufffd", "\x90")
    assert detect(once).encoding is None


@pytest.mark.parametrize("data", [b"", b"plain", b"\x00\x01", "海".encode(), b"\xff\xfe"])
def test_any_bytes_have_a_verdict(data: bytes) -> None:
    verdict = detect_bytes(data)
    assert isinstance(verdict.text, str)
    assert 0 <= verdict.confidence <= 1


def test_utf8_that_is_exotic_may_be_something_else() -> None:
    assert detect_bytes("Привет".encode()).encoding == UTF8
    assert detect_bytes("Đọc".encode()).encoding == UTF8
    assert [detect_bytes(line.encode()).encoding for line in VIETNAMESE + CHINESE] == [UTF8] * len(VIETNAMESE + CHINESE)
