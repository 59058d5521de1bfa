"""Nothing an auditor can type is undocumented, and the example in the guide is one that works."""

from pathlib import Path

from migrator.model.finding import DifferenceKind
from migrator.verify.declaration import read_audit
from migrator.verify.form import OPERATORS
from migrator.verify.readings import NAMES

GUIDE = (Path(__file__).parents[3] / "docs" / "audit.md").read_text(encoding="utf-8")


def test_readings_operators_and_kinds_are_documented() -> None:
    assert [name for name in NAMES if f"`{name}" not in GUIDE] == []
    assert [name for name in OPERATORS if f"`{name}`" not in GUIDE] == []
    assert [kind for kind in DifferenceKind if f"`{kind}`" not in GUIDE] == []


def test_the_example_is_a_statement(tmp_path: Path) -> None:
    (tmp_path / "status.csv").write_text("legacy,target\n1,published\n", encoding="utf-8")
    path = tmp_path / "audit.yaml"
    path.write_text(GUIDE.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    audit = read_audit(path, "web", {"prefix": "nv4_vi_news"}, [tmp_path])
    assert len(audit.entities["article"].pointers) == 4
    assert audit.site is not None
