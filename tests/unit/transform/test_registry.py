"""Plugins: steps of other packages, found by their entry points."""

import sys
from pathlib import Path

import pytest

from migrator.errors import ConfigurationError
from migrator.transform.registry import verbs

SHOUT = """'''Make it loud.'''
ARGUMENTS = ()
EXAMPLES = ()
GIVES = "text"
def make():
    return str.upper
"""


def install(folder: Path, entry_point: str, module: str) -> None:
    """A package as pip would leave it."""
    (folder / "shouting.py").write_text(module)
    information = folder / "shouting-1.2.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: shouting\nVersion: 1.2\n")
    (information / "entry_points.txt").write_text(f"[migrator.steps]\n{entry_point}\n")


@pytest.fixture(autouse=True)
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "shouting", raising=False)


def test_a_plugin_is_a_step_that_knows_where_it_comes_from(tmp_path: Path) -> None:
    install(tmp_path, "shout = shouting", SHOUT)
    found = verbs.__wrapped__()
    assert found["shout"].origin == "shouting 1.2"
    assert found["shout"].make()("a") == "A"  # type: ignore[call-arg]
    assert found["nfc"].origin == ""


@pytest.mark.parametrize(
    ("entry_point", "module", "message"),
    [
        ("nfc = shouting", SHOUT, "the plugin shouting redefines the step 'nfc'"),
        ("shout = shouting", "import nowhere_at_all", "the step 'shout' of shouting 1.2 cannot be used: No module"),
        ("shout = shouting", "x = 1", "the step 'shout' of shouting 1.2 cannot be used: module 'shouting' has no"),
    ],
)
def test_a_plugin_that_cannot_be_used_stops_everything(
    tmp_path: Path, entry_point: str, module: str, message: str
) -> None:
    install(tmp_path, entry_point, module)
    with pytest.raises(ConfigurationError, match=message):
        verbs.__wrapped__()
