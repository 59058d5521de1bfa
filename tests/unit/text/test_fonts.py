import pytest

from migrator.text.fonts import LegacyFont, legacy_font


@pytest.mark.parametrize(
    ("families", "encoding", "capitals"),
    [
        (".VnTime", "TCVN3", False),
        (".VnTimeH", "TCVN3", True),
        (".VNTIMEH", "TCVN3", True),
        (".vnarial", "TCVN3", False),
        (".VnArial NarrowH", "TCVN3", True),
        ("'.VnTime', Times", "TCVN3", False),
        ('font-family:".VnTime","Times New Roman"', "TCVN3", False),
        ("FONT-SIZE: 12pt; FONT-FAMILY: .VnTimeH; color: red", "TCVN3", True),
        ("font-family:&quot;.VnTime&quot;,&quot;serif&quot;;mso-bidi-font-family:Arial", "TCVN3", False),
        ("font-family: Arial; font-family: VNI-Times !important", "VNI", False),
        ("VNI-Helve", "VNI", False),
        ("vni-times", "VNI", False),
    ],
)
def test_fonts_that_carry_an_encoding(families: str, encoding: str, capitals: bool) -> None:
    font = legacy_font(families)
    assert font is not None
    assert (font.encoding, font.capitals) == (encoding, capitals)


@pytest.mark.parametrize(
    "families",
    [
        "",
        "Times New Roman",
        "Times, .VnTime",
        "Vnexpress Sans",
        "color: red",
        "font-family:Arial,.VnTime",
        "mso-font-family:.VnTime",
    ],
)
def test_other_fonts(families: str) -> None:
    assert legacy_font(families) is None


def test_the_name_is_kept_for_the_report() -> None:
    assert legacy_font("font-family:'.VnTimeH'") == LegacyFont(".VnTimeH", "TCVN3", True)
