import pytest

from migrator.text.syllables import is_syllable

SYLLABLES = """
gì gìn giếng giết giữa gia quy quý quốc quyết quýt quynh quái nghiêng kỳ ghế khuỷu khuya thuở yêu yến oanh ướt uống hoà hòa
    khoẻ khỏe thuỷ thủy người nghĩa được đường xoong boóc Hải HẢI ỷ à ừ rượu ngoằn nguệch
"""


@pytest.mark.parametrize("word", SYLLABLES.split())
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("hàá", "two tones"),
        ("càt", "a stopped syllable has the acute or the dot"),
        ("cat", "a stopped syllable has a tone"),
        ("ngế", "ngh before e, ê, i"),
        ("ghà", "gh only before e, ê, i"),
        ("kà", "k only before e, ê, i, y"),
        ("été", "two syllables"),
        ("Müll", "no letter of Vietnamese"),
        ("tiéng", "the tone stands on ê"),
        ("tóan", "the tone stands on the last vowel of a closed syllable"),
        ("hẢi", "capitals inside"),
        ("tx", "no rhyme"),
        ("", "nothing"),
    ],
)
def test_no_syllables(word: str, why: str) -> None:
    assert not is_syllable(word), why
