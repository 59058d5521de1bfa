import unicodedata

import pytest

from migrator.text.encodings import encode
from migrator.text.repair import Repaired, repair
from tests.unit.text.sentences import VIETNAMESE


def kinds(done: Repaired) -> list[str]:
    return [change.kind for change in done.changes]


@pytest.mark.parametrize(
    ("text", "fonts", "meant", "changes"),
    [
        ("B¸o H¶i Phßng", None, "Báo Hải Phòng", ["legacy-encoding"]),
        ("Baùo Haûi Phoøng", None, "Báo Hải Phòng", ["legacy-encoding"]),
        ("Hµ Néi", ".VnTimeH", "HÀ NỘI", ["legacy-encoding"]),
        ("Ban tin", ".VnTimeH", "BAN TIN", ["legacy-encoding"]),
        ("n\u00ad\u00edc", "font-family:'.VnTime'", "nước", ["legacy-encoding"]),
        ("n&shy;&iacute;c", ".VnTime", "nước", ["entities", "legacy-encoding"]),
        ("B&cedil;o H&para;i Ph&szlig;ng", None, "Báo Hải Phòng", ["entities", "legacy-encoding"]),
        ("BÂ¸o HÂ¶i PhÃŸng", None, "Báo Hải Phòng", ["mojibake", "legacy-encoding"]),
        ("BÂ¸o", ".VnTime", "Báo", ["mojibake", "legacy-encoding"]),
        ("TÃ²a soáº¡n", None, "Tòa soạn", ["mojibake"]),
        ("T&Atilde;&sup2;a so&aacute;&ordm;&iexcl;n", None, "Tòa soạn", ["entities", "mojibake"]),
        ("TÃ²a soáº¡n &amp; B&aacute;o", None, "Tòa soạn & Báo", ["entities", "mojibake"]),
        ("L&ecirc; L&#7907;i", None, "Lê Lợi", ["entities"]),
        ("&amp;#7843; &amp;quot;", None, 'ả "', ["entities", "entities"]),
        ("To\u0300a soa\u0323n", None, "Tòa soạn", ["unicode-nfc"]),
        (
            "Cộng hòa\nB¸o H¶i Phßng ra ngµy\nĐộc lập",
            None,
            "Cộng hòa\nBáo Hải Phòng ra ngày\nĐộc lập",
            ["legacy-encoding"],
        ),
    ],
)
def test_repairs(text: str, fonts: str | None, meant: str, changes: list[str]) -> None:
    done = repair(text, fonts=fonts)
    assert done.text == meant
    assert kinds(done) == changes
    assert done.changes[0].before == text
    assert done.changes[-1].after == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "?a=1&copy=2&para",
        "AT&T; &unknown; &#0; &#xD800; &#x99999999;",
        "hoà hòa, thuỷ thủy",
        "a\u00adb",
        "“Tòa soạn”",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    done = repair(text)
    assert done == Repaired(text)
    assert done.text is text


def test_escaped_vietnamese_is_judged_as_a_whole() -> None:
    """Its Latin-1 letters alone could be VNI: hồn tồn."""
    text = "gi&aacute; tr&#7883; &#273;&#432;&#7907;c ch&#7885;n (0 l&agrave; ho&agrave;n to&agrave;n, l&agrave; kh&ocirc;ng)"
    assert repair(text).text == "giá trị được chọn (0 là hoàn toàn, là không)"


def test_entities_are_resolved_twice_and_no_more() -> None:
    assert repair("&amp;amp;amp;").text == "&amp;"
    assert repair("&amp;amp;eacute;").text == "&eacute;"


@pytest.mark.parametrize("text", [line for line in VIETNAMESE if not line.isascii()])
def test_a_font_does_not_spoil_good_text(text: str) -> None:
    """Systems that converted the text but left the font tags in place."""
    for fonts in (".VnTime", ".VnTimeH", "VNI-Times"):
        done = repair(text, fonts=fonts)
        assert done.text == text
        assert [doubt.kind for doubt in done.doubts] in ([], ["legacy-encoding"])


def test_what_was_not_done_is_told() -> None:
    done = repair("Báo cáo", fonts=".VnTime")
    assert (done.text, done.changes) == ("Báo cáo", ())
    (doubt,) = done.doubts
    assert (doubt.kind, doubt.before, doubt.after) == ("legacy-encoding", "Báo cáo", "Bỏo cỏo")
    assert "better as it is" in doubt.why


def test_ambiguous_text_is_left_with_its_readings_as_doubts() -> None:
    text = encode("cửa hàng", "VISCII").decode("cp1252")
    done = repair(text)
    assert (done.text, done.changes) == (text, ())
    assert "cửa hàng" in [doubt.after for doubt in done.doubts]
    assert all(doubt.why.startswith("ambiguous: ") for doubt in done.doubts)


@pytest.mark.parametrize("text", ["Taï-le", "laïc", "Caïn", "Thaï (Pattachote)"])
def test_a_lone_word_of_french_is_not_doubted(text: str) -> None:
    """Read as VNI each would be a syllable, and nothing else speaks for that."""
    assert repair(text) == Repaired(text)


def test_a_word_among_syllables_is_doubted() -> None:
    assert [doubt.after for doubt in repair("Caïn tin").doubts] == ["Cạn tin"]


def test_the_result_is_composed() -> None:
    for line in VIETNAMESE:
        done = repair(unicodedata.normalize("NFD", line))
        assert done.text == line
