"""Every example in every step's declaration holds, and every step is written as its entry demands."""

import inspect
import json
from typing import Any, cast

import pytest

from migrator.errors import SetAside
from migrator.transform.arguments import SOURCE, TYPES, bind, make_step
from migrator.transform.declaration import StepUse
from migrator.transform.reference import render_steps
from migrator.transform.registry import verbs
from migrator.transform.verb import Refused, Verb
from tests.unit.transform.trial import DECLARATION, PLACE, node, run

EXAMPLES = [
    pytest.param(verb, *example, id=f"{verb.name}-{number}")
    for verb in verbs().values()
    for number, example in enumerate(verb.examples)
]


@pytest.mark.parametrize(("verb", "arguments", "before", "after"), EXAMPLES)
def test_an_example_of_a_step_holds(verb: Verb, arguments: Any, before: Any, after: Any) -> None:
    if isinstance(after, Refused):
        with pytest.raises(SetAside) as refused:
            run(verb.name, arguments, before)
        assert refused.value.code == after.reason
        return
    result, _ = run(verb.name, arguments, before)
    if isinstance(after, dict) and not isinstance(result, dict):
        assert {name: getattr(result, name) for name in after} == after
    else:
        assert (result, type(result)) == (after, type(after))


@pytest.mark.parametrize("verb", verbs().values(), ids=lambda verb: verb.name)
def test_a_step_is_declared_like_a_dictionary_entry(verb: Verb) -> None:
    assert verb.doc.split("\n")[0].endswith(".")
    assert any(before is None and after is None for _, before, after in verb.examples), "no example with null"
    assert list(inspect.signature(verb.make).parameters) == [argument.name for argument in verb.arguments]
    assert {argument.type for argument in verb.arguments} <= TYPES.keys() | {SOURCE}


@pytest.mark.parametrize("verb", verbs().values(), ids=lambda verb: verb.name)
def test_the_reference_shows_every_step_with_its_arguments(verb: Verb) -> None:
    section = render_steps().split(f"\n## {verb.name}\n")[1].split("\n## ")[0]
    assert verb.doc.split("\n")[0].replace("``", "`") in section
    assert all(f"| `{argument.name}` |" in section for argument in verb.arguments if argument.type != SOURCE)
    assert section.count("\n| ") == len(verb.examples) + 1 + _table_lines(verb)


def _table_lines(verb: Verb) -> int:
    shown = [argument for argument in verb.arguments if argument.type != SOURCE]
    return len(shown) + 1 if shown else 0


def test_a_list_goes_through_a_step_entry_by_entry() -> None:
    assert run("trim", None, [" a", None, "b "])[0] == ["a", None, "b"]
    assert run("nfc", None, ["e\u0301", None])[0] == ["é", None]


@pytest.mark.parametrize(
    ("verb", "arguments", "value", "code"),
    [
        ("unescape", None, "A &amp; B", "entities"),
        ("nfc", None, "e\u0301", "unicode-nfc"),
        ("crosswalk", {"name": "status", "default": "draft"}, "99", "crosswalk-default"),
    ],
)
def test_what_a_step_changes_is_noted(verb: str, arguments: Any, value: str, code: str) -> None:
    notes = run(verb, arguments, value)[1].notes
    assert [note.code for note in notes] == [code]


def test_what_the_cleaner_changes_is_noted() -> None:
    body, context = run("clean_html", None, "<p>a</p><script>x()</script>")
    assert [(note.code, note.detail) for note in context.notes] == list(body.notes)
    assert context.notes


@pytest.mark.parametrize("verb", ["unescape", "nfc"])
def test_text_that_was_right_is_not_noted(verb: str) -> None:
    assert run(verb, None, "Tiếng Việt & A")[1].notes == []


def test_a_target_value_left_empty_in_a_crosswalk_is_not_decided() -> None:
    with pytest.raises(SetAside, match="unmapped-value"):
        run("crosswalk", "status", 7)


def test_old_links_lead_to_stable_addresses_of_the_source() -> None:
    arguments = {"links": {"article": [r"-(?P<id>\d+)\.html$"]}, "hosts": ["bao.vn"]}
    body, _ = run("clean_html", arguments, '<p><a href="http://bao.vn/x/lu-lut-17.html">lũ</a></p>')
    assert 'href="/r/bao/article/17"' in body.html


def test_bytes_of_a_driver_are_utf8_text_or_set_aside() -> None:
    assert run("trim", None, " lũ ".encode())[0] == "lũ"
    with pytest.raises(SetAside, match="bad-text"):
        run("trim", None, b"\xff")


def test_parsed_json_of_a_driver_is_taken_as_it_is() -> None:
    assert run("json_get", "a.0", {"a": ["x"]})[0] == "x"
    assert run("json_get", "a.0", json.dumps({"a": ["x"]}))[0] == "x"


@pytest.mark.parametrize(
    ("verb", "arguments", "message"),
    [
        ("unescpe", None, "article.yaml:1: unknown step 'unescpe' – did you mean 'unescape'?"),
        ("nfc", "x", "article.yaml:1: step 'nfc' takes no argument – write just nfc"),
        ("crosswalk", None, "article.yaml:1: step 'crosswalk' needs 'name' – name: name of the table"),
        ("crosswalk", "statu", "article.yaml:1: there is no crosswalk 'statu' – write crosswalks/statu.csv"),
        ("split", {"seperator": ";"}, "unknown key 'seperator' in step 'split' – did you mean 'separator'?"),
        ("split", 3, "step 'split': separator must be a text, not the number 3 – put it between quotes: \"3\""),
        ("split", "", "article.yaml:1: step 'split': the separator is empty"),
        ("at_least", "21", "number must be a whole number, not the text '21' – remove the quotes"),
        ("unescape", "yes", "twice must be true or false, not the text 'yes' – write true"),
        ("format", "/{Name}", "step 'format': '/{Name}' has a brace that is neither like {0} nor doubled"),
        ("replace", {"pattern": "("}, "the pattern '(' does not compile: missing ), unterminated subpattern"),
        ("replace", {"pattern": "a", "by": r"\1"}, "step 'replace': invalid group reference 1"),
        ("nth", 0, "step 'nth': entries are counted from 1"),
        ("part", "__class__", "step 'part': '__class__' is not the name of a part"),
        ("local_time", "Asia/Saigonn", "there is no time zone 'Asia/Saigonn' – write a name like Asia/Ho_Chi_Minh"),
        ("map", "x", "values must be a mapping, not the text 'x' – write {legacy value: new value}"),
        ("clean_html", {"links": {"article": "x"}}, r"the pattern 'x' has no group `id` – write (?P<id>\d+)"),
        ("clean_html", {"links": {"artcle": "(?P<id>x)"}}, "there is no entity 'artcle' – did you mean 'article'?"),
    ],
)
def test_wrong_arguments_are_faults_that_say_what_is_right(verb: str, arguments: Any, message: str) -> None:
    written = None if arguments is None else node(arguments)
    step, faults = make_step(StepUse(verb, written, PLACE), DECLARATION)
    assert step is None
    assert len(faults) == 1
    assert message in str(faults[0])


def test_the_source_is_filled_in_and_cannot_be_written() -> None:
    bound, _ = bind(StepUse("clean_html", None, PLACE), DECLARATION)
    assert cast("dict[str, Any]", bound)["source"] == "bao"
    assert "unknown key 'source'" in str(bind(StepUse("clean_html", node({"source": "x"}), PLACE), DECLARATION)[1][0])
