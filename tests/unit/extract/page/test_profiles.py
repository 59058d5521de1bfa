"""Site profiles: what a consultant may write, and how mistakes are told."""

from pathlib import Path
from typing import Any

import pytest

from migrator.errors import ConfigurationError
from migrator.extract.page import load_profile, load_profiles

GOOD = """\
profile: my-paper
detect: {marks: ['div.mine']}
fields:
  headline: h1
  body: ['div.mine', '.other']
  published: {css: 'p.when', pattern: 'on (.+)$'}
remove: .box
date_formats: ['%m/%d/%Y %H:%M']
"""


def write(folder: Path, text: str, name: str = "my-paper.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str, sites: Path) -> list[tuple[int, str]]:
    with pytest.raises(ConfigurationError) as refused:
        load_profile(write(folder, text), sites)
    assert refused.value.next_step
    return [(fault.line, str(fault)) for fault in refused.value.faults]


def test_a_profile_of_ones_own(tmp_path: Path, sites: Path, read: Any) -> None:
    profile = load_profile(write(tmp_path, GOOD), sites)
    body = "Thân bài dài vừa đủ để được nhận là thân bài của một bài báo."
    page = f"<h1>Tiêu đề</h1><p class=when>Posted on 06/20/2024 15:39</p><div class=mine><p>{body}</p><p class=box>Hộp</p></div>"
    found = read(page, profile=profile)
    assert (found.read_by, found.headline, found.body_text) == ("profile:my-paper", "Tiêu đề", body)
    assert found.published.instant is not None
    assert found.published.instant.isoformat() == "2024-06-20T08:39:00+00:00"
    assert found.published.raw == "06/20/2024 15:39"


def test_all_mistakes_at_once_with_their_lines(tmp_path: Path, sites: Path) -> None:
    found = faults(
        tmp_path,
        "profile: My Paper\n"
        "detect: {mark: '.x'}\n"
        "fields:\n"
        "  headlin: h1\n"
        "  body: 'div['\n"
        "  byline: {attribute: content}\n"
        "  published: {css: p, pick: second, pattern: '('}\n"
        "  tags: {css: 'p::before'}\n"
        "remove: [[a]]\n"
        "date_formats: '%H:%M'\n"
        "machine_dates_are_local: maybe\n"
        "images: [a]\n",
        sites,
    )
    assert [line for line, _ in found] == [1, 2, 4, 5, 6, 7, 7, 8, 9, 10, 11, 12]
    texts = " | ".join(text for _, text in found)
    for part in (
        "'My Paper' is no name", "did you mean 'marks'?", "did you mean 'headline'?", "'div[' is no CSS selector",
        "a rule has no selector", "pick cannot be 'second'", "'(' is no regular expression", "'%H:%M' names no day",
        "must be true or false", "images must be a mapping", str(tmp_path / "my-paper.yaml") + ":5",
    ):  # fmt: skip
        assert part in texts, part


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("- a\n", 0, "no mapping"),
        ("", 0, "no mapping"),
        ("profile: [a\n", 2, "not readable as YAML"),
        ("profile: a\nprofile: b\ndetect: {marks: p}\n", 2, "stands twice"),
        ("detect: {marks: p}\n", 1, "no name"),
        ("profile: my-paper\nfields: {body: p}\n", 1, "has no mark"),
        ("profile: my-paper\nextends: nothing\n", 2, "there is no profile 'nothing'"),
        ("profile: my-paper\nextends: my-paper\n", 2, "there is no profile 'my-paper'"),
        ("profile: my-paper\ndetect: {url: '-\\d+', marks: }\n", 1, "has no mark"),
    ],
)
def test_single_mistakes(text: str, line: int, part: str, tmp_path: Path, sites: Path) -> None:
    (found,) = faults(tmp_path, text, sites)
    assert (found[0], part in found[1]) == (line, True), found


def test_files_that_are_no_text(tmp_path: Path, sites: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"profile: a\nx: \xff\n")
    with pytest.raises(ConfigurationError) as refused:
        load_profile(path, sites)
    assert refused.value.faults[0].line == 2
    with pytest.raises(ConfigurationError):
        load_profile(tmp_path / "none.yaml", sites)


def test_profiles_that_extend_each_other_in_a_circle(tmp_path: Path, sites: Path) -> None:
    write(tmp_path, "profile: a\nextends: b\n", "a.yaml")
    write(tmp_path, "profile: b\nextends: a\n", "b.yaml")
    with pytest.raises(ConfigurationError, match="site profiles") as refused:
        load_profile(tmp_path / "a.yaml", sites)
    assert any("circle" in fault.message for fault in refused.value.faults)


def test_extending_replaces_fields_and_adds_lists(tmp_path: Path, sites: Path) -> None:
    path = write(tmp_path, "profile: hp\nextends: onecms\nfields: {headline: h1.mine}\nremove: [.extra]\n", "hp.yaml")
    (parent,) = [each for each in load_profiles(sites) if each.name == "onecms"]
    profile = load_profile(path, sites)
    assert [rule.css for rule in profile.rules["headline"]] == ["h1.mine"]
    assert profile.rules["body"] == parent.rules["body"]
    assert profile.remove == (*parent.remove, ".extra")
    assert (profile.marks, profile.images) == (parent.marks, parent.images)


def test_a_packaged_profile_is_named_as_its_file(tmp_path: Path) -> None:
    write(tmp_path, "profile: other\ndetect: {marks: p}\n", "mine.yaml")
    with pytest.raises(ConfigurationError) as refused:
        load_profiles(tmp_path)
    assert "name it as its file: mine" in str(refused.value.faults[0])


def test_a_rule_can_leave_out_and_join(tmp_path: Path, sites: Path, read: Any) -> None:
    rules = "{css: '.who b', join: true}"
    text = GOOD.replace("  headline: h1\n", f"  headline: {{css: h1, without: i}}\n  byline: {rules}\n")
    profile = load_profile(write(tmp_path, text), sites)
    body = "Thân bài dài vừa đủ để được nhận là thân bài của một bài báo."
    page = f"<h1><i>Độc quyền</i>Tiêu đề</h1><p class=who><b>An Bình</b><b>Lê Dung</b></p><div class=mine><p>{body}</p></div>"
    found = read(page, profile=profile)
    assert found.headline == "Tiêu đề"
    assert found.byline is not None
    assert found.byline.raw == "An Bình - Lê Dung"
