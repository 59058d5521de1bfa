"""Rules that lead a row to another record."""

from collections.abc import Callable
from typing import Any

import pytest

from migrator.model.outcome import Bucket, Note
from migrator.model.record import SourceRow, record_key
from migrator.ports import Decided, Led, Transformed

FIELDS = "headline: {from: title}\nstatus: {constant: draft}"
SIDES = "sides: {twin: {source: evidence, table: twin, on: {print_id: id}}}\n"
RULE = (
    "rules:\n  - {name: twin-of-web, when: {twin.decision: same}, then: merge, "
    "into: {from: twin.web_id, to: article, source: web}, reason: the web says the same}"
)


def judged(mapping: Any, twin: dict[str, Any] | None, **values: Any) -> Any:
    sides = {"twin": [twin]} if twin else {}
    return mapping.transform(SourceRow("print:article:7", (7,), {"title": "Tin", "id": 7, **values}, sides))


def test_a_row_is_led_to_the_record_it_is_one_with(compiled: Callable[..., Any]) -> None:
    mapping = compiled(FIELDS, SIDES + RULE)
    led = judged(mapping, {"decision": "same", "web_id": 12})
    assert led == Led("web:article:12", "twin-of-web", "article.yaml:6", "the web says the same")
    assert isinstance(judged(mapping, {"decision": "other", "web_id": 12}), Transformed)
    assert isinstance(judged(mapping, None), Transformed)


@pytest.mark.parametrize(
    ("into", "web_id", "reason", "detail"),
    [
        ("{from: twin.web_id, to: article, source: web}", None, "no-survivor", "does not say which record"),
        ("{from: twin.web_id, to: article, source: web, none: [0]}", "0", "no-survivor", "does not say which record"),
        ("{from: twin.web_id, to: article, source: print}", 7, "no-survivor", "rule twin-of-web: leads to itself"),
        ("{from: twin.web_id, steps: [integer], to: article, source: web}", "x", "bad-number", "is not a whole number"),
        ("{from: twin.gone, to: article, source: web}", 1, "step-failed", "KeyError"),
    ],
)
def test_a_row_that_leads_nowhere_is_rejected(
    compiled: Callable[..., Any], into: str, web_id: Any, reason: str, detail: str
) -> None:
    rule = RULE.replace("{from: twin.web_id, to: article, source: web}", into)
    found = judged(compiled(FIELDS, SIDES + rule), {"decision": "same", "web_id": web_id})
    assert isinstance(found, Decided)
    assert (found.bucket, found.reason, found.rule) == (Bucket.REJECTED, reason, "article.yaml:6")
    assert detail in found.detail


def test_where_a_row_leads_may_be_made_of_several_columns_and_steps(compiled: Callable[..., Any]) -> None:
    rule = RULE.replace(
        "{from: twin.web_id, to: article, source: web}",
        "{from: [twin.lang, twin.web_id], to: article, compound: true}",
    )
    led = judged(compiled(FIELDS, SIDES + rule), {"decision": "same", "web_id": "a|b", "lang": "vi"})
    assert led.into == record_key("bao", "article", ["vi", "a|b"])
    rule = RULE.replace("from: twin.web_id", "first: [twin.web_id, twin.old_id], steps: [unescape]")
    led = judged(compiled(FIELDS, SIDES + rule), {"decision": "same", "web_id": "", "old_id": "a&amp;b"})
    assert led.into == "web:article:a&b"
    assert led.notes == (Note("entities", "rule twin-of-web", "4 characters less"),)


GOOD = (
    f"entity: article\ntable: nv4_rows\nkey: id\n{SIDES}{RULE}\n"
    "fields:\n  headline: {from: title}\n  status: {constant: draft}\n"
)


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("into: {from: twin.web_id, to: article, source: web}, ", "", [
            "6: rule 'twin-of-web' does not say into which record – add `into: {from: column, to: entity}`"]),
        ("then: merge", "then: drop", ["6: rule 'twin-of-web': 'into' is for `then: merge` – remove it, or write `then: merge`"]),
        ("to: article, source", "source", [
            "6: into of rule 'twin-of-web' does not say to which entity – add `to:`",
            "6: into of rule 'twin-of-web': 'source' is for references – add `to: <entity>`"]),
        ("to: article", "to: section", ["6: a row of article cannot be one with a section – write `to: article`"]),
        ("to: article", "to: artcle", ["6: to cannot be 'artcle' – did you mean 'article'?"]),
        ("source: web", "source: wob", ["6: there is no source 'wob' – did you mean 'web'?"]),
        ("source: web", "source: evidence", ["6: nothing is mapped to article in source 'evidence'"]),
        ("from: twin.web_id", "from: twin.web", ["6: table 'twin' has no column 'web' – did you mean 'web_id'?"]),
        ("from: twin.web_id", "same: headline", ["6: into of rule 'twin-of-web' does not say where its value comes from – add "
                                              "`from:`, `constant:` or `same:`",
                                              "6: unknown key 'same' in into of rule 'twin-of-web'"]),
        ("from: twin.web_id", "first: [{same: headline}]", [
            "6: a rule is asked before any field is made – use `from:` instead of `same:`"]),
        ("from: twin.web_id", "from: twin.web_id, steps: [{split: ','}]", [
            "6: a row can be one with a single record – add the step first or nth"]),
        ("from: twin.web_id", "from: twin.web_id, steps: [frist]", ["6: unknown step 'frist' – did you mean 'first'?"]),
    ],
)  # fmt: skip
def test_a_mistake_in_where_a_rule_leads(project: Any, right: str, wrong: str, expected: list[str]) -> None:
    assert right in GOOD
    project.write({"article.yaml": GOOD})
    assert project.faults() == []
    project.write({"article.yaml": GOOD.replace(right, wrong, 1)})
    assert [fault.removeprefix("article.yaml:") for fault in project.faults()] == expected
