"""Marking what differs."""

import time

import pytest

from migrator.report.words import Piece, alone, compared


def joined(pieces: tuple[Piece, ...], kind: str) -> list[str]:
    return [piece.text for piece in pieces if piece.kind == kind]


@pytest.mark.parametrize(
    ("left", "right", "gone", "come"),
    [
        ("tăng 12% so với", "tang 12% so với", ["tăng"], ["tang"]),
        ("một hai ba", "một ba", ["hai "], []),
        ("", "có", [], ["có"]),
        ("<p>a</p>", "<p>b</p>", ["a"], ["b"]),
    ],
)
def test_only_what_differs_is_marked(left: str, right: str, gone: list[str], come: list[str]) -> None:
    before, after = compared(left, right)
    assert (joined(before, "changed"), joined(after, "changed")) == (gone, come)
    assert "".join(piece.text for piece in before) == left
    assert "".join(piece.text for piece in after) == right


@pytest.mark.parametrize(
    ("left", "right", "names"),
    [
        ("a b", "a\u00a0b", ["NBSP"]),
        ("Hải", "Ha\u0309i", ["U+0309"]),
        ("ab", "a\u200bb", ["ZWSP"]),
        ("a b", "a\nb", ["↵"]),
        ("ab", "a\u202eb", ["U+202E"]),
    ],
)
def test_unseen_characters_are_named(left: str, right: str, names: list[str]) -> None:
    assert joined(compared(left, right)[1], "unseen") == names


def test_a_plain_space_is_drawn_where_spaces_are_all_that_differs() -> None:
    assert joined(compared("a b", "a  b")[1], "unseen") == ["␣", "␣"]


def test_a_long_text_is_shown_around_the_place_where_it_differs() -> None:
    left = "đầu " * 5000 + "CŨ " + "cuối " * 5000
    before, after = compared(left, left.replace("CŨ", "MỚI"))
    assert joined(before, "changed") == ["CŨ"]
    assert joined(after, "changed") == ["MỚI"]
    assert sum(len(piece.text) for piece in before) < 400
    assert [before[0].kind, before[-1].kind] == ["cut", "cut"]


def test_texts_that_share_nothing_stay_bounded() -> None:
    started = time.monotonic()
    before, after = compared("x" * 500_000 + " a" * 50_000, "y z " * 90_000)
    assert sum(len(piece.text) for piece in (*before, *after)) < 30_000
    assert time.monotonic() - started < 20  # a guard against quadratic work, not a measurement


def test_equal_texts_are_shortened() -> None:
    before, after = compared("a" * 1000, "a" * 1000)
    assert before == after
    assert before[-1] == Piece("…", "cut")
    assert alone("ngắn") == (Piece("ngắn", "same"),)
