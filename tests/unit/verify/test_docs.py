"""Nothing an auditor can type is undocumented, and the example in the guide is one that works."""

import re
from pathlib import Path

from migrator.model.finding import DifferenceKind
from migrator.verify.body_words import TEXT_READINGS
from migrator.verify.declaration import read_audit
from migrator.verify.form import OPERATORS
from migrator.verify.readings import NAMES

GUIDE = (Path(__file__).parents[3] / "docs" / "audit.md").read_text(encoding="utf-8")


def test_readings_operators_and_kinds_are_documented() -> None:
    assert [name for name in NAMES if f"`{name}" not in GUIDE] == []
    assert [name for name in TEXT_READINGS if f"`{name}`" not in GUIDE.partition("| reading of a body |")[2]] == []
    assert [name for name in OPERATORS if f"`{name}`" not in GUIDE] == []
    assert [kind for kind in DifferenceKind if f"`{kind}`" not in GUIDE] == []


def test_the_example_is_a_statement(tmp_path: Path) -> None:
    (tmp_path / "status.csv").write_text("legacy,target\n1,published\n", encoding="utf-8")
    path = tmp_path / "audit.yaml"
    path.write_text(GUIDE.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    audit = read_audit(path, "web", {"prefix": "nv4_vi_news"}, [tmp_path])
    assert len(audit.entities["article"].pointers) == 4
    assert audit.site is not None
    article, royalty = audit.entities["article"], audit.entities["royalty"]
    assert article.text is not None
    assert article.text.read == ("legacy-fonts", "nfc")
    assert [len(each) for each in (article.addresses, article.totals, article.merged)] == [2, 1, 2]
    assert royalty.totals[0].against is not None
    assert [len(each) for each in (royalty.belongs_to, audit.belongings, audit.known_addresses)] == [1, 1, 1]
    assert audit.new_addresses.keys() == {"article"}


def test_every_check_and_finding_that_is_made_is_explained() -> None:
    folder = Path(__file__).parents[3] / "migrator" / "verify"
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    checks = set(re.findall(r'Check\(\s*"([A-Z]\d[a-z]?)"', code))
    assert {"C1", "C6", "T1", "N1", "U1", "M1", "V1", "K2"} <= checks
    assert [check for check in checks if not re.search(rf"^\| [^|]*\b{check}\b", GUIDE, re.MULTILINE)] == []
    findings = set(re.findall(r'finding\(\s*"([a-z-]+)"', code))
    assert {"orphan-row", "sum-mismatch", "gone", "new-since-cutoff"} <= findings
    assert [kind for kind in findings if f"`{kind}`" not in GUIDE] == []
