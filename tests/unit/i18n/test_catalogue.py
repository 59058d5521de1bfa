"""Both languages have the same texts, and write numbers and times as their readers do."""

import string
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from migrator import i18n
from migrator.model.content import ENTITIES
from migrator.model.finding import DifferenceKind, State
from migrator.model.outcome import Bucket

CHECKS = [
    "C1",
    "C1b",
    "C2",
    "C3",
    "C4",
    "C5",
    "C6",
    "F1",
    "F2",
    "I1",
    "R1",
    "D1",
    "T1",
    "N1",
    "U1",
    "M1",
    "V1",
    "K1",
    "K2",
    "S1",
    "J1",
]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    vietnamese, english = i18n.catalogue("vi"), i18n.catalogue("en")
    assert set(vietnamese) == set(english)
    assert {key for key in english if placeholders(english[key]) != placeholders(vietnamese[key])} == set()
    assert [key for key in english if not english[key].strip() or not vietnamese[key].strip()] == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_everything_the_model_can_say_has_a_name(language: str) -> None:
    wanted = [f"bucket.{bucket}" for bucket in Bucket] + [f"bucket_doc.{bucket}" for bucket in Bucket]
    wanted += [f"difference.{kind}" for kind in DifferenceKind] + [f"state.{state}" for state in State]
    wanted += [f"entity.{name}" for name in ENTITIES]
    wanted += [f"field.{field.name}" for entity in ENTITIES.values() for field in entity.fields]
    wanted += [f"{group}.{check}" for check in CHECKS for group in ("check", "check_doc")]
    assert [key for key in wanted if not i18n.has(key, language)] == []


def test_vietnamese_is_composed_unicode() -> None:
    assert all(unicodedata.is_normalized("NFC", text) for text in i18n.catalogue("vi").values())


def test_values_are_written_as_the_language_writes_them() -> None:
    assert i18n.text("report.rows_shown", "vi", shown=500, total=12345) == (
        "Đang hiện 500 trong tổng số 12.345 dòng; đủ cả trong tệp danh sách."
    )
    assert "12,345" in i18n.text("report.rows_shown", "en", shown=500, total=12345)


def test_a_missing_text_is_a_mistake_and_a_missing_term_is_its_code() -> None:
    with pytest.raises(KeyError):
        i18n.text("report.no such text", "vi")
    with pytest.raises(KeyError):
        i18n.text("report.rows_shown", "vi", shown=1)
    assert i18n.term("reason", "zzz-new", "vi") == "zzz-new"
    with pytest.raises(ValueError, match="no such language"):
        i18n.text("report.title", "fr")


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (1234.5, None, "1.234,5", "1,234.5"),
        (1234567, None, "1.234.567", "1,234,567"),
        (-7, None, "-7", "-7"),
        (0, None, "0", "0"),
        (2 / 3, 2, "0,67", "0.67"),
        (Decimal("1000.10"), None, "1.000,10", "1,000.10"),
    ],
)
def test_numbers(value: float | Decimal, decimals: int | None, vi: str, en: str) -> None:
    assert i18n.number(value, "vi", decimals) == vi
    assert i18n.number(value, "en", decimals) == en


def test_instants_are_told_in_vietnam() -> None:
    moment = datetime(2025, 12, 31, 18, 30, tzinfo=UTC)
    assert i18n.instant(moment, "vi") == "01/01/2026 01:30 (giờ Việt Nam)"
    assert i18n.instant(moment, "en") == "01/01/2026 01:30 (Vietnam time)"
    assert i18n.day(moment, "en") == "01/01/2026"
    with pytest.raises(ValueError, match="zone"):
        i18n.instant(datetime(2025, 1, 1), "vi")


@pytest.mark.parametrize(
    ("env", "language"),
    [
        ({}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "vi_VN.UTF-8"}, "en"),
        ({"MIGRATOR_LANG": "vi", "LC_ALL": "C"}, "vi"),
        ({"MIGRATOR_LANG": "", "LANG": "VI"}, "vi"),
    ],
)
def test_the_environment_decides_the_language(env: dict[str, str], language: str) -> None:
    assert i18n.language_of_environment(env) == language
