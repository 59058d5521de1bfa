"""What mappings use from outside themselves: Python files only where allowed, secrets only by reference."""

from pathlib import Path
from typing import Any

import pytest

from migrator.errors import ConfigurationError
from migrator.model.record import SourceRow
from migrator.ports import Decided, Transformed
from migrator.transform.outside import Outside

CODE = """from migrator.errors import SetAside

LOADED = []


def tidy(value, sign=None):
    return value.strip(sign)


def with_context(value, context):
    context.note("seen", str(context.row.position))
    return value.upper()


def refuse(value):
    raise SetAside("odd-rubric", f"{value} is odd")


def too_many(a, b, c):
    return a


NUMBER = 5
"""
MAPPING = (
    "entity: article\ntable: nv4_rows\nkey: id\n"
    "fields:\n  headline: {from: title, steps: [%s]}\n  status: {constant: draft}\n"
)
SECRET = "the paper's own secret"


def write(project: Any, step: str, code: str | bytes = CODE) -> None:
    project.write({"article.yaml": MAPPING % step})
    (project.folder / "cleanup.py").write_bytes(code if isinstance(code, bytes) else code.encode())


def headline(project: Any, title: Any) -> Any:
    return project.compile().transform(SourceRow("bao:article:1", (1,), {"title": title}))


def test_a_function_of_the_project_makes_the_value(project: Any) -> None:
    project.outside = Outside(project.folder)
    write(project, "{python: cleanup:tidy}, {python: cleanup:with_context}")
    assert project.faults() == []
    found = headline(project, " lũ ")
    assert isinstance(found, Transformed)
    assert found.record.fields["headline"] == "LŨ"
    assert [(note.code, note.field, note.detail) for note in found.notes] == [("seen", "headline", "(1,)")]


def test_a_function_may_reject_a_row_and_its_errors_are_set_aside(project: Any) -> None:
    project.outside = Outside(project.folder)
    write(project, "{python: cleanup:refuse}")
    found = headline(project, "lũ")
    assert isinstance(found, Decided)
    assert (found.reason, found.detail) == ("odd-rubric", "headline: lũ is odd")
    write(project, "{python: cleanup:tidy}")
    found = headline(project, 5)
    assert isinstance(found, Decided)
    assert found.reason == "step-failed"


def test_without_leave_no_file_is_run(project: Any, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    write(project, "{python: cleanup:tidy}", f"open({str(trace)!r}, 'w').close()\ndef tidy(value): return value\n")
    assert project.faults() == [
        "article.yaml:5: Python files of the project are not run unless you allow it – read the file, then add "
        "--allow-python to the command"
    ]
    assert not trace.exists()
    project.outside = Outside(project.folder)
    assert project.faults() == []
    assert trace.exists(), "with leave it is run"
    assert not list(project.folder.glob("__pycache__")), "and nothing is left behind"


@pytest.mark.parametrize(
    ("step", "code", "expected"),
    [
        ("{python: cleanup:tidi}", CODE, "cleanup.py has no function 'tidi' – did you mean 'tidy'?"),
        ("{python: cleanup:NUMBER}", CODE, "cleanup.py has no function 'NUMBER'"),
        ("{python: clenup:tidy}", CODE, "there is no file clenup.py in FOLDER – did you mean 'cleanup'?"),
        ("{python: cleanup}", CODE, "'cleanup' does not name a function – write module:function, for module.py in the project"),
        ("{python: ../cleanup:tidy}", CODE, "'../cleanup:tidy' does not name a function – write module:function, for "
                                         "module.py in the project"),
        ("{python: cleanup:too_many}", CODE, "step 'python': the function must take the value, or the value and the context"),
        ("{python: cleanup:tidy}", "def tidy(value:\n", "cleanup.py cannot be run: SyntaxError in line 1: "),
        ("{python: cleanup:tidy}", "import cleanup_too\n", "cleanup.py cannot be run: ModuleNotFoundError: No module named"),
        ("{python: cleanup:tidy}", b"\xff", "cleanup.py cannot be run: SyntaxError"),
    ],
)  # fmt: skip
def test_a_function_that_cannot_be_had(project: Any, step: str, code: str | bytes, expected: str) -> None:
    project.outside = Outside(project.folder)
    write(project, step, code)
    (fault,) = project.faults()
    assert fault.startswith(f"article.yaml:5: {expected.replace('FOLDER', str(project.folder))}")


def test_a_file_that_leads_out_of_the_project_is_not_run(project: Any, tmp_path: Path) -> None:
    project.outside = Outside(project.folder)
    project.write({"article.yaml": MAPPING % "{python: cleanup:tidy}"})
    (tmp_path / "elsewhere.py").write_text(CODE)
    (project.folder / "cleanup.py").symlink_to(tmp_path / "elsewhere.py")
    (fault,) = project.faults()
    assert "cleanup.py leads out of" in fault


def test_a_changed_file_is_another_mapping(project: Any) -> None:
    project.outside = Outside(project.folder)
    write(project, "{python: cleanup:tidy}")
    first = project.compile().fingerprint
    assert project.compile().fingerprint == first
    write(project, "{python: cleanup:tidy}", CODE.replace("strip", "lstrip"))
    assert project.compile().fingerprint != first
    assert headline(project, " lũ ").record.fields["headline"] == "lũ "


def secrets(value: str) -> Outside:
    def resolve(reference: str) -> str:
        if reference != "env:PERSONAL_KEY":
            raise ConfigurationError("The environment variable OTHER is not set.", "Set it: export OTHER=…")
        return value

    return Outside(secret=resolve)


def test_a_pseudonym_depends_on_the_secret_and_so_does_the_fingerprint(project: Any) -> None:
    write(project, "{pseudonym: {secret: env:PERSONAL_KEY}}")
    made = {}
    for secret in (SECRET, SECRET + "!"):
        project.outside = secrets(secret)
        assert project.faults() == []
        mapping = project.compile()
        made[secret] = (headline(project, "An").record.fields["headline"], mapping.fingerprint)
        assert secret not in repr(project.read()[0]["article"].resolved)
    assert len(set(made.values())) == 2
    assert len({name for name, _ in made.values()}) == len({print_ for _, print_ in made.values()}) == 2


def test_a_secret_comes_through_a_variable(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(project.read.__globals__["VARIABLES"], "personal_key", "env:PERSONAL_KEY")
    project.outside = secrets(SECRET)
    write(project, '{pseudonym: {secret: "{personal_key}", label: CTV, digits: 6}}')
    assert project.faults() == []
    assert headline(project, "An").record.fields["headline"].startswith("CTV ")


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("env:OTHER", SECRET, "The environment variable OTHER is not set. – Set it: export OTHER=…"),
        (
            "my own password",
            SECRET,
            "step 'pseudonym': secret must name a secret, not be one – write env:NAME or file:PATH",
        ),
        ("env:PERSONAL_KEY", "tiny1", "the secret env:PERSONAL_KEY is shorter than 16 characters – make one: "),
        ("env:PERSONAL_KEY", None, "there are no secrets to be had here"),
    ],
)
def test_a_secret_that_cannot_be_used_is_told_without_telling_it(
    project: Any, written: str, value: str | None, expected: str
) -> None:
    project.outside = secrets(value) if value else Outside()
    write(project, f"{{pseudonym: {{secret: {written}}}}}")
    (fault,) = project.faults()
    assert fault.startswith(f"article.yaml:5: {expected}")
    assert "password" not in fault
    assert value is None or value not in fault
