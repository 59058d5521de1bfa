"""Bodies and pages made to exhaust: an answer or a clear reason, never a traceback, never silence, in bounded memory and time."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.cases import CASES, page
from tests.hostile.confined import WALL_S, Answering, confined, environment

pytestmark = pytest.mark.slow

PROGRAM = ("-c", "from migrator.cli import main; main()", "page")
BYTES = {
    "a hundred megabytes": b"<p>x</p>" * 12_500_000,
    "no UTF-8": b"\xff\xfe\xfa" * 100_000,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4_000,
    "an archive": b"PK\x03\x04" + bytes(100_000),
    "half a letter": "<p>Tiếng Việ".encode()[:-1],
    "UTF-16 by its mark": "<p>Tiếng Việt</p>".encode("utf-16") * 1_000,
    "an encoding that does not exist": b"<meta charset=no-such-thing><p>" + b"\xe1\xbb\x87" * 10_000,
    "a bomb of gzip": b"\x1f\x8b\x08\x00" + bytes(1_000_000),
    "JSON": b'[{"a": 1}]' * 100_000,
    "only white space": b" \n\t" * 1_000_000,
}
BODIES = ("nothing", "a billion entities", "NUL", "100,000 nested elements", "five megabytes of article")


@pytest.fixture(scope="module")
def cleaner() -> Iterator[Answering]:
    program = Answering(("-m", "tests.hostile.cleaner"))
    yield program
    program.end()


@pytest.fixture(scope="module")
def batch() -> Iterator[Answering]:
    program = Answering((*PROGRAM, "--batch"))
    yield program
    program.end()


def told(answer: bytes, silence: str) -> dict[str, Any]:
    assert answer, silence
    found: dict[str, Any] = json.loads(answer)
    return found


@pytest.mark.parametrize("name", CASES)
def test_clean(cleaner: Answering, name: str) -> None:
    found = told(*cleaner.ask(name.encode()))
    assert "fault" not in found, found
    assert found.get("body") or (found["reason"] == "body-too-large" and found["detail"])


@pytest.mark.parametrize("name", CASES)
def test_a_line_of_a_batch(batch: Answering, name: str) -> None:
    line = json.dumps({"id": name, "url": "http://bao.example/tin-1.html", "html": page(CASES[name]())}).encode()
    found = told(*batch.ask(line))
    if found["id"] is None:
        assert found["reason"] in ("too-large", "bad-line"), found
    else:
        assert found["id"] == name
    assert found.get("reason") != "internal-error", found
    assert found.get("detail") if "reason" in found else found["body_html"]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"html": 1}',
        b"\xff\xfe",
        b'{"id": 1, "html": "\\ud800"}',
        b"[" * 100_000,
        b'{"html": ""}',
    ],
)
def test_a_bad_line_of_a_batch(batch: Answering, line: bytes) -> None:
    found = told(*batch.ask(line))
    assert found["reason"]
    assert found["detail"]
    assert found["reason"] != "internal-error"


@pytest.mark.parametrize("name", [*BYTES, *BODIES])
def test_a_page(tmp_path: Path, name: str) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(BYTES[name] if name in BYTES else page(CASES[name]()).encode())
    done = subprocess.run(
        confined([*PROGRAM, str(file)]), capture_output=True, check=False, timeout=WALL_S, env=environment()
    )
    output, errors = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in output + errors, errors
    assert output.strip() or errors.strip(), "silence"
    assert done.returncode in (0, 1, 2, 3, 4), (done.returncode, errors)
    if done.returncode:
        assert "No article" in output or "Error: " in errors, output + errors
